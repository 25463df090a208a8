"""More pictures from the same ones: mirrored, without colour, or partly covered."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, Mask, real
from reference.functions import windows

NOTE = Note("001_468a25992c418006.md", line=329)
GOODFELLOW = Paper("Goodfellow, Bengio & Courville 2016, Deep Learning", "section 7.4", "https://www.deeplearningbook.org/contents/regularization.html")
BT601 = Paper("Recommendation ITU-R BT.601", "section 2.5.1, luminance", "https://www.itu.int/rec/R-REC-BT.601/")
BT709 = Paper("Recommendation ITU-R BT.709", "item 3.2, luminance", "https://www.itu.int/rec/R-REC-BT.709/")
COLOURS = np.array([[[[1.0]], [[0.0]], [[0.0]]]])


@equation(
    latex=r"y_{n,c,h,w} = x_{n,c,h,W+1-w}",
    sources=[NOTE, GOODFELLOW],
    domain=dict(x=Array(real, "N C H W")),
    outputs=("y",),
)
def horizontal_flip(x):
    """A mirrored picture of most things is a picture of the same thing; of a letter it often is not."""
    return np.flip(x, axis=-1)


@horizontal_flip.dialect(
    "vertical",
    latex=r"y_{n,c,h,w} = x_{n,c,H+1-h,w}",
    sources=[NOTE],
    differs="top and bottom change places",
    telling=dict(x=np.array([[[[0.0, 1.0]]]])),
)
def _(x):
    return np.flip(x, axis=-2)


horizontal_flip.limit("left becomes right",
                      given=dict(x=np.array([[[[0.0, 1.0], [2.0, 3.0]]]])), gives=np.array([[[[1.0, 0.0], [3.0, 2.0]]]]))  # fmt: skip


@horizontal_flip.law("flipping twice gives the picture back")
def _(f, x):
    return f(f(x)), x


@horizontal_flip.law(
    "it commutes with a convolution whose kernel is flipped too",
    when="the padding is the same on both sides and S divides I + 2P - K",
    outside=dict(x=np.array([[[[0.0, 1.0]]]]), kernel=np.array([[[[1.0]]]]), before=0, after=0, stride=2),
)
def _(f, x, kernel, *, before, after, stride):
    """Smallest counterexample: every second one of two pixels is the left one, in the mirrored picture too."""

    def convolution(x, kernel):
        padded = np.pad(x, ((0, 0), (0, 0), (0, 0), (before, after)))
        return np.einsum("nchwij,ocij->nohw", windows(padded, kernel.shape[-2:], stride=(1, stride)), kernel)

    return convolution(f(x), f(kernel)), f(convolution(x, kernel))


@equation(
    latex=r"y_{n,h,w} = 0.299 \, x_{n,1,h,w} + 0.587 \, x_{n,2,h,w} + 0.114 \, x_{n,3,h,w}",
    sources=[NOTE, BT601],
    domain=dict(x=Array(real, "N 3 H W")),
    outputs=("y",),
)
def grayscale(x):
    """The eye sees green brightest and blue darkest, and so does the gray value of a colour."""
    return 0.299 * x[:, 0] + 0.587 * x[:, 1] + 0.114 * x[:, 2]


@grayscale.dialect(
    "mean",
    latex=r"y_{n,h,w} = \frac{1}{3} (x_{n,1,h,w} + x_{n,2,h,w} + x_{n,3,h,w})",
    sources=[NOTE],
    differs="all three colours count alike",
    telling=dict(x=COLOURS),
)
def _(x):
    return np.mean(x, axis=1)


@grayscale.dialect(
    "bt709",
    latex=r"y_{n,h,w} = 0.2126 \, x_{n,1,h,w} + 0.7152 \, x_{n,2,h,w} + 0.0722 \, x_{n,3,h,w}",
    sources=[BT709],
    differs="the weights belong to the primaries of high-definition television",
    telling=dict(x=COLOURS),
)
def _(x):
    return 0.2126 * x[:, 0] + 0.7152 * x[:, 1] + 0.0722 * x[:, 2]


grayscale.limit("red alone is darker than green", given=dict(x=COLOURS), gives=np.array([[[0.299]]]))


@grayscale.law("adding a colour adds its gray")
def _(f, x, other):
    return f(x + other), f(x) + f(other)


@equation(
    latex=r"y_{n,c,h,w} = \begin{cases} v_c & M_{h,w} = 1 \\ x_{n,c,h,w} & \text{otherwise} \end{cases}",
    sources=[NOTE, Paper("DeVries & Taylor 2017, Improved Regularization of Convolutional Neural Networks with Cutout", "section 3", "https://arxiv.org/abs/1708.04552")],
    domain=dict(x=Array(real, "N C H W"), mask=Mask("H W"), value=Array(real, "C")),
    outputs=("y",),
)  # fmt: skip
def occlusion(x, mask, value):
    """What is covered has no gradient: a network that is to see the thing has to use the rest of it."""
    return np.where(mask, value[:, None, None], x)


@occlusion.law("covering twice is covering once")
def _(f, x, mask, value):
    return f(f(x, mask, value), mask, value), f(x, mask, value)


grayscale.wording(r"Y = 0.299 R + 0.587 G + 0.114 B",
                  symbols={"R": lambda x: x[:, 0], "G": lambda x: x[:, 1], "B": lambda x: x[:, 2]})  # fmt: skip
