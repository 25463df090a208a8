"""What lies beyond the border: a constant, the mean, the mirror image, the last pixel, or the other side."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.convolution.windowed import windowed_sum
from reference.domain import Array, choice, integer, real

ZERO = Note("001_468a25992c418006.md", line=442)
BORDER = Note("002_ba28ceac52ab63bb.md", line=124)
MEAN = Note("003_ad5d26ecc7ac182d.md", line=114)
TORCH = Paper("PyTorch reference", "torch.nn.functional.pad", "https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pad.html")
NUMPY = Paper("NumPy reference", "numpy.pad, mode mean", "https://numpy.org/doc/stable/reference/generated/numpy.pad.html")
MODES = dict(zeros="constant", reflect="reflect", replicate="edge", circular="wrap")


def frame(top, bottom, left, right):
    """Borders of an "N C H W" array, as np.pad takes them."""
    return ((0, 0), (0, 0), (top, bottom), (left, right))


def bordered(x, edges, value):
    """The array in a border of this value."""
    inside = np.pad(np.ones(x.shape, dtype=bool), edges)
    return np.where(inside, np.pad(x, edges), value)


@equation(
    latex=r"y_{n,c,i,j} = x_{n,c,i-t,j-l} \text{ where that exists, else } a",
    sources=[ZERO, BORDER, MEAN, TORCH],
    domain=dict(x=Array(real, "N C H W", batch="N"), top=integer(0, 2), bottom=integer(0, 2), left=integer(0, 2),
                right=integer(0, 2), value=real),
    outputs=("y",),
)  # fmt: skip
def constant_padding(x, *, top, bottom, left, right, value):
    """A border of zeros adds nothing to a sum, but it moves the mean of what a kernel sees towards zero."""
    return bordered(x, frame(top, bottom, left, right), value)


@constant_padding.law(
    "it is linear",
    when="the constant is 0",
    outside=dict(a=2.0, x=np.ones((1, 1, 1, 1)), edges=dict(top=1, bottom=0, left=0, right=0), value=1.0),
)
def _(f, a, x, *, edges, value):
    return f(a * x, **edges, value=value), a * f(x, **edges, value=value)


@equation(
    latex=r"y_{n,c,i,j} = x_{n,c,i-p,j-p} \text{ where that exists, else } \frac{1}{H W} \sum_{k,l} x_{n,c,k,l}",
    sources=[MEAN],
    domain=dict(x=Array(real, "N C H W", batch="N"), padding=integer(0, 2)),
    outputs=("y",),
)
def mean_padding(x, *, padding):
    """A border of a channel's mean leaves the channel's mean as it is."""
    mean = np.mean(x, axis=(2, 3), keepdims=True)
    return bordered(x, frame(padding, padding, padding, padding), mean)


@mean_padding.dialect(
    "line by line",
    latex=r"""
        z_{n,c,i,j} = x_{n,c,i-p,j} \text{ where that exists, else } \frac{1}{H} \sum_k x_{n,c,k,j} \\
        y_{n,c,i,j} = z_{n,c,i,j-p} \text{ where that exists, else } \frac{1}{W} \sum_l z_{n,c,i,l}
    """,
    sources=[NUMPY],
    differs="each column is lengthened by its own mean, then each row by its own",
    telling=dict(x=np.array([[[[0.0, 1.0]]]]), padding=1),
)
def _(x, *, padding):
    columns = bordered(x, frame(padding, padding, 0, 0), np.mean(x, axis=2, keepdims=True))
    return bordered(columns, frame(0, 0, padding, padding), np.mean(columns, axis=3, keepdims=True))


@mean_padding.law("the mean of each channel stays")
def _(f, x, *, padding):
    return np.mean(f(x, padding=padding), axis=(2, 3)), np.mean(x, axis=(2, 3))


@equation(
    latex=r"y_{n,c,i,j} = x_{n,c,\phi_H(i-t),\phi_W(j-l)}, \quad \phi_m(i) = \left| (i + m - 1) \bmod (2 m - 2) - (m - 1) \right|",
    sources=[MEAN, TORCH],
    domain=dict(x=Array(real, "N C H W", batch="N"), top=integer(0, 2), bottom=integer(0, 2), left=integer(0, 2),
                right=integer(0, 2)),
    sizes=dict(H=(2, 4), W=(2, 4)),
    where=("top < H", "bottom < H", "left < W", "right < W"),
    outputs=("y",),
)  # fmt: skip
def reflection_padding(x, *, top, bottom, left, right):
    """A mirror on the last pixel shows every pixel twice but that one."""
    return np.pad(x, frame(top, bottom, left, right), mode="reflect")


@reflection_padding.dialect(
    "the last pixel twice",
    latex=r"y_{n,c,i,j} = x_{n,c,\phi_H(i-t),\phi_W(j-l)}, \quad \phi_m(i) = \left| (i + m) \bmod (2 m) - m + \tfrac12 \right| - \tfrac12",
    sources=[Paper("NumPy reference", "numpy.pad, mode symmetric", "https://numpy.org/doc/stable/reference/generated/numpy.pad.html")],
    differs="the mirror stands behind the last pixel instead of on it",
    telling=dict(x=np.array([[[[1.0, 2.0], [3.0, 4.0]]]]), top=0, bottom=0, left=0, right=1),
)
def _(x, *, top, bottom, left, right):
    return np.pad(x, frame(top, bottom, left, right), mode="symmetric")


@equation(
    latex=r"y_{n,c,i,j} = x_{n,c,\min(\max(i-t,0),H-1),\min(\max(j-l,0),W-1)}",
    sources=[MEAN, TORCH],
    domain=dict(x=Array(real, "N C H W", batch="N"), top=integer(0, 2), bottom=integer(0, 2), left=integer(0, 2),
                right=integer(0, 2)),
    outputs=("y",),
)  # fmt: skip
def replication_padding(x, *, top, bottom, left, right):
    """An image that repeats its last pixels for ever has no edge at its border, and streaks."""
    return np.pad(x, frame(top, bottom, left, right), mode="edge")


@equation(
    latex=r"y_{n,c,i,j} = x_{n,c,(i-t) \bmod H,(j-l) \bmod W}",
    sources=[MEAN, TORCH],
    domain=dict(x=Array(real, "N C H W", batch="N"), top=integer(0, 2), bottom=integer(0, 2), left=integer(0, 2),
                right=integer(0, 2)),
    sizes=dict(H=(2, 4), W=(2, 4)),
    outputs=("y",),
)  # fmt: skip
def circular_padding(x, *, top, bottom, left, right):
    """On a ring there is no border, and a convolution commutes with every rotation."""
    return np.pad(x, frame(top, bottom, left, right), mode="wrap")


@equation(
    latex=r"O_{n,o,i,j} = b_o + \sum_c \sum_{u=0}^{K-1} \sum_{v=0}^{L-1} P(x)_{n,c,i+u,j+v} \, W_{o,c,u,v}",
    symbols={"P(x)": lambda x, padding_y, padding_x, mode: np.pad(x, frame(padding_y, padding_y, padding_x, padding_x), mode=MODES[mode])},  # type: ignore[call-overload]
    sources=[ZERO, Paper("PyTorch reference", "torch.nn.Conv2d, argument padding_mode", "https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html")],
    domain=dict(x=Array(real, "N A H W", batch="N"), w=Array(real, "B A K L"), b=Array(real, "B"),
                padding_y=integer(0, 2), padding_x=integer(0, 2), mode=choice(*MODES)),
    sizes=dict(H=(3, 5), W=(3, 5), K=(1, 3), L=(1, 3), N=(1, 2)),
    outputs=("O",),
)  # fmt: skip
def bordered_convolution_2d(x, w, b, *, padding_y, padding_x, mode):
    """A network learns where the border is from the zeros around it, and from a ring it cannot."""
    border = frame(padding_y, padding_y, padding_x, padding_x)
    return windowed_sum(np.pad(x, border, mode=MODES[mode]), w, b, 1, 0, 1, 1)


@bordered_convolution_2d.law(
    "rotating the image rotates the result",
    when="the image is closed to a ring, and 2P = K - 1 keeps its size",
    outside=dict(x=np.array([[[[0.0, 1.0]]]]), w=np.array([[[[1.0, 0.0, 0.0]]]]), padding=(0, 1), mode="zeros"),
)
def _(f, x, w, *, padding, mode):
    def layer(image):
        return f(image, w, 0 * w[:, 0, 0, 0], padding_y=padding[0], padding_x=padding[1], mode=mode)

    return layer(np.roll(x, 1, axis=3)), np.roll(layer(x), 1, axis=3)


@equation(
    latex=r"O_{n,o,x} = b_o + \sum_i \sum_{u=0}^{K-1} I_{n,i,x + u D - \lfloor D (K - 1) / 2 \rfloor} \, W_{o,i,u}",
    sources=[ZERO, Paper("PyTorch reference", "torch.nn.Conv1d, padding='same'", "https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv1d.html")],
    domain=dict(x=Array(real, "N A I", batch="N"), w=Array(real, "B A K"), b=Array(real, "B"), dilation=integer(1, 2)),
    sizes=dict(I=(1, 6), N=(1, 2)),
    outputs=("O",),
)  # fmt: skip
def same_convolution_1d(x, w, b, *, dilation):
    """No symmetric border keeps the size under an even kernel: one side must get one more zero."""
    total = dilation * (w.shape[2] - 1)
    return windowed_sum(np.pad(x, ((0, 0), (0, 0), (total // 2, total - total // 2))), w, b, 1, 0, dilation, 1)


@same_convolution_1d.dialect(
    "the odd zero first",
    latex=r"O_{n,o,x} = b_o + \sum_i \sum_{u=0}^{K-1} I_{n,i,x + u D - \lceil D (K - 1) / 2 \rceil} \, W_{o,i,u}",
    sources=[Paper("ONNX operators", "Conv, auto_pad SAME_LOWER", "https://onnx.ai/onnx/operators/onnx__Conv.html")],
    differs="the odd zero is put before the input instead of after it",
    telling=dict(x=np.array([[[1.0]]]), w=np.array([[[1.0, 0.0]]]), b=np.array([0.0]), dilation=1),
)
def _(x, w, b, *, dilation):
    total = dilation * (w.shape[2] - 1)
    return windowed_sum(np.pad(x, ((0, 0), (0, 0), (total - total // 2, total // 2))), w, b, 1, 0, dilation, 1)
