"""ResNet: four stages of residual blocks, each at half the size and twice the width of the one before."""

import numpy as np

from reference.architecture.layers import convolution, dense, size
from reference.catalogue import Note, Paper, equation
from reference.domain import choice, count, integer

STUDY_NOTE = Note("002_ba28ceac52ab63bb.md", line=213)
HE = "He, Zhang, Ren & Sun 2016, Deep Residual Learning for Image Recognition"
URL = "https://arxiv.org/abs/1512.03385"

BASIC = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3)}
BOTTLENECK = {50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}
STAGES = BASIC | BOTTLENECK
WIDTHS = (64, 128, 256, 512)
TOTALS = {18: 11_689_512, 34: 21_797_672, 50: 25_557_032, 101: 44_549_160, 152: 60_192_808}


def normalised(channels, kernels, K):
    """The parameters of a convolution without a bias and of the normalisation after it."""
    return convolution(channels, kernels, K, bias=0) + 2 * kernels


def block(channels, width, out):
    """The parameters of a block: narrow, look, widen; or look twice."""
    if out == width:
        return normalised(channels, width, 3) + normalised(width, width, 3)
    return normalised(channels, width, 1) + normalised(width, width, 3) + normalised(width, out, 1)


def stages(depth, projection):
    """The parameters of each of the four stages; `projection` says what a shortcut that changes shape costs."""
    counts, channels = [], 64
    for width, blocks in zip(WIDTHS, STAGES[depth], strict=True):
        out = width * (4 if depth in BOTTLENECK else 1)
        way_around = projection(channels, out) if channels != out else 0
        counts.append(block(channels, width, out) + way_around + (blocks - 1) * block(out, width, out))
        channels = out
    return [normalised(3, 64, 7), *counts], channels


STAGE = {
    "w": lambda: lambda s: WIDTHS[s - 1],
    "c": lambda depth: lambda s: 64 if s == 0 else WIDTHS[s - 1] * (4 if depth in BOTTLENECK else 1),
    "m": lambda depth: lambda s: STAGES[depth][s - 1],
}


@equation(
    latex=r"""
        p_0 = 64 (3 \cdot 7^2 + 2) \\
        f_s = \begin{cases} 9 w_s c_{s-1} + 9 w_s^2 + 4 w_s & c_s = w_s \\ w_s c_{s-1} + 9 w_s^2 + w_s c_s + 4 w_s + 2 c_s & c_s = 4 w_s \end{cases} \\
        b_s = \begin{cases} 18 w_s^2 + 4 w_s & c_s = w_s \\ 9 w_s^2 + 2 w_s c_s + 4 w_s + 2 c_s & c_s = 4 w_s \end{cases} \\
        p_s = f_s + [c_s \ne c_{s-1}] (c_{s-1} + 2) c_s + (m_s - 1) b_s \\
        p_5 = n (c_4 + 1)
    """,
    symbols=STAGE,
    sources=[STUDY_NOTE, Paper(HE, "table 1; shortcuts by option B, equation 2", URL)],
    domain=dict(depth=choice(*STAGES), classes=count),
    outputs=("parameters",),
    dtype="exact",
)
def resnet_parameters(*, depth, classes):
    """ResNet-152 is eight times as deep as VGG-19 and has less than half its parameters.

    The stem, the four stages and the dense layer. Convolutions have no bias, since the normalisation after them has
    one; a shortcut that changes the shape is a convolution of single pixels. Of m_s blocks in a stage the first has f_s
    and each other b_s: a basic block gives as many channels as it is wide, c_s = w_s, and a bottleneck c_s = 4 w_s.
    """
    counts, channels = stages(depth, lambda before, after: normalised(before, after, 1))
    return np.array([*counts, *dense(channels, classes)])


@resnet_parameters.dialect(
    "shortcuts without parameters",
    latex=r"""
        p_0 = 64 (3 \cdot 7^2 + 2) \\
        f_s = \begin{cases} 9 w_s c_{s-1} + 9 w_s^2 + 4 w_s & c_s = w_s \\ w_s c_{s-1} + 9 w_s^2 + w_s c_s + 4 w_s + 2 c_s & c_s = 4 w_s \end{cases} \\
        b_s = \begin{cases} 18 w_s^2 + 4 w_s & c_s = w_s \\ 9 w_s^2 + 2 w_s c_s + 4 w_s + 2 c_s & c_s = 4 w_s \end{cases} \\
        p_s = f_s + (m_s - 1) b_s \\
        p_5 = n (c_4 + 1)
    """,
    sources=[Paper(HE, "section 3.3, option A", URL)],
    differs="where the width grows, the shortcut is padded with channels of zeros",
    telling=dict(depth=18, classes=1),
)
def _(*, depth, classes):
    counts, channels = stages(depth, lambda _before, _after: 0)
    return np.array([*counts, *dense(channels, classes)])


@resnet_parameters.closed_form(
    "they are 11,689,512; 21,797,672; 25,557,032; 44,549,160 and 60,192,808",
    when="there are 1000 classes",
    by="enumeration",
    outside=dict(depth=18, classes=10),
)
def _(f, *, depth, classes=1000):
    return int(np.sum(f(depth=depth, classes=classes))), TOTALS[depth]


@equation(
    latex=r"""
        s_0 = I \\
        s_1 = \lfloor (s_0 - 1) / 2 \rfloor + 1 \\
        s_2 = \lfloor (s_1 - 1) / 2 \rfloor + 1 \\
        s_3 = s_2 \\
        s_{k+1} = \lfloor (s_k - 1) / 2 \rfloor + 1
    """,
    sources=[STUDY_NOTE, Paper(HE, "table 1, output size", URL)],
    domain=dict(side=integer(16, 64)),
    outputs=("sides",),
    dtype="exact",
)
def resnet_sides(*, side):
    """Five times the image is halved, once by the stem, once by pooling and by three of the four stages: 224 to 7.

    The sides of the image, of the stem, of its pooling and of the four stages.
    """
    sides = [side, size(side, 7, 2, 3)]
    sides.append(size(sides[-1], 3, 2, 1))
    sides.append(sides[-1])
    for _ in range(3):
        sides.append(size(sides[-1], 3, 2, 1))
    return np.array(sides)


@resnet_sides.closed_form("each halving rounds up", by="enumeration")
def _(f, *, side):
    halved = [-(-side // 2**k) for k in (0, 1, 2, 2, 3, 4, 5)]
    return f(side=side), np.array(halved)
