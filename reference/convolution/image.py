"""Convolution of an image with a kernel, as mathematics means it."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, real
from reference.functions import windows

STUDY_NOTE = Note("001_468a25992c418006.md", label="math 8")
BOOK = Paper("Goodfellow, Bengio & Courville 2016, Deep Learning", "equations 9.4 and 9.5", "https://www.deeplearningbook.org/contents/convnets.html")
SCIPY = Paper("SciPy reference", "scipy.signal.convolve2d, argument mode", "https://docs.scipy.org/doc/scipy/reference/generated/scipy.signal.convolve2d.html")
TELLING = dict(image=np.array([[1.0, 2.0]]), kernel=np.array([[1.0, 1.0]]))


@equation(
    latex=r"(I * K)(i, j) = \sum_m \sum_n I(m, n) \, K(i - m, j - n)",
    sources=[STUDY_NOTE, BOOK],
    domain=dict(image=Array(real, "H W"), kernel=Array(real, "R S")),
    outputs=("y",),
)
def image_convolution(image, kernel):
    """Blurring twice is blurring once with the convolved kernel.

    Every place is kept where kernel and image meet, (H + R - 1) x (W + S - 1) of them.
    """
    R, S = kernel.shape
    padded = np.pad(image, ((R - 1, R - 1), (S - 1, S - 1)))
    return np.einsum("ijrs,rs->ij", windows(padded, kernel.shape), np.flip(kernel))


@image_convolution.dialect(
    "same",
    latex=r"(I * K)(i, j) = \sum_m \sum_n I(m, n) \, K(i + \lfloor (R - 1) / 2 \rfloor - m, j + \lfloor (S - 1) / 2 \rfloor - n), \quad 0 \le i < H, 0 \le j < W",
    sources=[SCIPY],
    differs="only the middle is kept, as large as the image",
    telling=TELLING,
)
def _(image, kernel):
    (H, W), (R, S) = image.shape, kernel.shape
    top, left = (R - 1) // 2, (S - 1) // 2
    return image_convolution(image, kernel)[top : top + H, left : left + W]


@image_convolution.dialect(
    "valid",
    latex=r"(I * K)(i, j) = \sum_m \sum_n I(m, n) \, K(i + R - 1 - m, j + S - 1 - n), \quad 0 \le i \le H - R, 0 \le j \le W - S",
    sources=[SCIPY],
    differs="only the places are kept where the kernel lies wholly inside the image",
    telling=TELLING,
)
def _(image, kernel):
    (H, W), (R, S) = image.shape, kernel.shape
    return image_convolution(image, kernel)[R - 1 : H, S - 1 : W]


@image_convolution.misprint(
    "i twice",
    latex=r"(I * K)(i, j) = \sum_m \sum_n I(i - m, i - n) \, K(m, n)",
    sources=[STUDY_NOTE],
    differs="the second form has i - n where j - n belongs, so that j plays no part and every row is constant",
    telling=TELLING,
)
def _(image, kernel):
    y = _on_the_plane(image, kernel)
    (H, W), (R, S) = image.shape, kernel.shape
    return np.stack([np.stack([y[i][i]] * (W + S - 1)) for i in range(H + R - 1)])


def _on_the_plane(image, kernel):
    """The convolution at all (i, j) with i, j < H + R + W + S, zeros where nothing meets."""
    y = image_convolution(image, kernel)
    side = image.shape[0] + kernel.shape[0] + image.shape[1] + kernel.shape[1]
    return np.pad(y, ((0, side - y.shape[0]), (0, side - y.shape[1])))


@image_convolution.law("both printed forms are equal, with j - n in the second")
def _(f, image, kernel):
    (H, W), (R, S) = image.shape, kernel.shape

    def second(i, j):
        terms = [image[i - m, j - n] * kernel[m, n] for m in range(R) for n in range(S) if 0 <= i - m < H and 0 <= j - n < W]
        return sum(terms)

    return f(image, kernel), np.stack([np.stack([second(i, j) for j in range(W + S - 1)]) for i in range(H + R - 1)])


@image_convolution.law("image and kernel may change places")
def _(f, image, kernel):
    return f(image, kernel), f(kernel, image)


@image_convolution.law(
    "a kernel is applied as a column and then a row, in R + S products instead of R S",
    when="the kernel is the product of its first column and its first row, over its corner",
    outside=dict(image=np.array([[1.0]]), kernel=np.array([[1.0, 0.0], [0.0, 1.0]])),
)
def _(f, image, kernel):
    column, row = kernel[:, :1], kernel[:1, :] / kernel[0, 0]
    return f(image, kernel), f(f(image, column), row)


image_convolution.limit(
    "one pixel under a kernel gives the kernel, scaled",
    given=dict(image=np.array([[2.0]]), kernel=np.array([[1.0, 3.0]])),
    gives=np.array([[2.0, 6.0]]),
)


image_convolution.wording(
    r"(I * K)(i, j) = \sum_m \sum_n I(m, n) \, K(i - m, j - n) = \sum_m \sum_n I(i - m, j - n) \, K(m, n)",
)  # fmt: skip
image_convolution.wording(r"S(i, j) = (I * K)(i, j) = \sum_m \sum_n I(m, n) \, K(i - m, j - n)")
image_convolution.wording(r"S(i, j) = (K * I)(i, j) = \sum_m \sum_n I(i - m, j - n) \, K(m, n)")
