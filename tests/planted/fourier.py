"""A convolution is a product of spectra, accurate in norm: right where that is said, and wrong where it is not."""

import numpy as np

from tests.planted import honest, planted


def spectrum(x, sizes, axes):
    return np.fft.rfftn(x, [2 ** int(np.ceil(np.log2(n))) for n in sizes], axes)


def sheet(x, w, b, stride, padding, dilation, groups):
    """A convolution layer by Fourier transforms of powers of two."""
    d = w.ndim - 2
    axes = tuple(range(2, 2 + d))
    x = np.pad(x, [(0, 0), (0, 0), *((p, p) for p in padding)])
    wide = np.zeros((*w.shape[:2], *(e * (k - 1) + 1 for e, k in zip(dilation, w.shape[2:], strict=True))), w.dtype)
    wide[(..., *(slice(None, None, e) for e in dilation))] = w
    sizes = [n + k - 1 for n, k in zip(x.shape[2:], wide.shape[2:], strict=True)]
    seen, taps = spectrum(x, sizes, axes), np.conj(spectrum(wide, sizes, axes))
    N, C, O = len(x), x.shape[1], len(w)
    seen = seen.reshape(N, groups, C // groups, *seen.shape[2:])
    taps = taps.reshape(groups, O // groups, C // groups, *taps.shape[2:])
    made = np.einsum("ngi...,goi...->ngo...", seen, taps).reshape(N, O, *seen.shape[3:])
    full = np.fft.irfftn(made, [2 ** int(np.ceil(np.log2(n))) for n in sizes], axes)
    kept = [slice(0, n - k + 1, s) for n, k, s in zip(x.shape[2:], wide.shape[2:], stride, strict=True)]
    return (full[(..., *kept)] + b.reshape(-1, *[1] * d)).astype(x.dtype)


@honest("discrete_convolution", "by Fourier transforms", algorithm="fourier")
def _(x, h):
    n = x.size + h.size - 1
    m = 2 ** int(np.ceil(np.log2(n)))
    return np.fft.irfft(np.fft.rfft(x, m) * np.fft.rfft(h, m), m)[:n].astype(x.dtype)


@honest("convolution_1d", "by Fourier transforms", algorithm="fourier")
def _(x, w, b, *, stride, padding, dilation, groups):
    return sheet(x, w, b, [stride], [padding], [dilation], groups)


@honest("convolution_2d", "by Fourier transforms", algorithm="fourier")
def _(x, w, b, *, stride_y, stride_x, padding_y, padding_x, dilation_y, dilation_x, groups):
    return sheet(x, w, b, (stride_y, stride_x), (padding_y, padding_x), (dilation_y, dilation_x), groups)


@honest("convolution_3d", "by Fourier transforms", algorithm="fourier")
def _(x, w, b, *, stride, padding, dilation, groups):
    return sheet(x, w, b, [stride] * 3, [padding] * 3, [dilation] * 3, groups)


@planted("convolution_1d", "Fourier transforms that nobody named", region="small outputs beside large ones")
def _(x, w, b, *, stride, padding, dilation, groups):
    return sheet(x, w, b, [stride], [padding], [dilation], groups)


@planted("convolution_2d", "Fourier transforms with a ten-thousandth too much", region="everywhere, and in norm too",
         algorithm="fourier")  # fmt: skip
def _(x, w, b, *, stride_y, stride_x, padding_y, padding_x, dilation_y, dilation_x, groups):
    made = sheet(x, w, b, (stride_y, stride_x), (padding_y, padding_x), (dilation_y, dilation_x), groups)
    return made * x.dtype.type(1 + 1e-4)


@planted("discrete_convolution", "the Fourier transforms are one too short, and the end wraps round to the beginning",
         region="where a power of two is just not enough", algorithm="fourier")  # fmt: skip
def _(x, h):
    n = x.size + h.size - 1
    m = 2 ** int(np.ceil(np.log2(max(n - 1, 1))))
    made = np.fft.irfft(np.fft.rfft(x, max(m, 2)) * np.fft.rfft(h, max(m, 2)), max(m, 2))
    return np.resize(made, n).astype(x.dtype)
