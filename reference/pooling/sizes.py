"""How many places a pooling window has."""

from reference.catalogue import Note, Paper, equation
from reference.domain import count, flag, integer

SAME_FORMULA = Note("002_ba28ceac52ab63bb.md", line=149)
HALVES = Note("002_ba28ceac52ab63bb.md", line=151)
TORCH = Paper("PyTorch reference", "torch.nn.MaxPool2d, argument ceil_mode", "https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html")
ONNX = Paper("ONNX operators", "MaxPool, attribute ceil_mode", "https://onnx.ai/onnx/operators/onnx__MaxPool.html")


def places(I, kernel, stride, padding, dilation, ceil_mode):
    """How many windows there are along one axis."""
    span = I + 2 * padding - dilation * (kernel - 1) - 1
    if not ceil_mode:
        return span // stride + 1
    O = -(-span // stride) + 1
    return O - 1 if (O - 1) * stride >= I + padding else O


@equation(
    latex=r"""
        O' = \begin{cases} \left\lfloor \frac{I + 2 P - D (K - 1) - 1}{S} \right\rfloor + 1 & c = 0 \\ \left\lceil \frac{I + 2 P - D (K - 1) - 1}{S} \right\rceil + 1 & c = 1 \end{cases} \\
        O = \begin{cases} O' - 1 & (O' - 1) S \ge I + P \\ O' & \text{otherwise} \end{cases}
    """,
    sources=[SAME_FORMULA, HALVES, TORCH],
    domain=dict(I=count, kernel=integer(1, 5), stride=integer(1, 5), padding=integer(0, 2), dilation=integer(1, 2),
                ceil_mode=flag),
    where=("2*padding <= kernel", "I + 2*padding - dilation*(kernel-1) - 1 >= 0"),
    outputs=("O",),
    symbols={"c": "ceil_mode"},
    dtype="exact",
)  # fmt: skip
def pooling_output_size(*, I, kernel, stride, padding, dilation, ceil_mode):
    """With the ceiling no pixel goes unseen; but a window that would begin beyond the image is left out.

    With the floor this is a convolution's formula, as the notes say.
    """
    return places(I, kernel, stride, padding, dilation, ceil_mode)


@pooling_output_size.dialect(
    "windows may begin anywhere",
    latex=r"O = \begin{cases} \left\lfloor \frac{I + 2 P - D (K - 1) - 1}{S} \right\rfloor + 1 & c = 0 \\ \left\lceil \frac{I + 2 P - D (K - 1) - 1}{S} \right\rceil + 1 & c = 1 \end{cases}",
    sources=[ONNX],
    differs="a last window that sees nothing but padding is kept",
    telling=dict(I=2, kernel=2, stride=3, padding=1, dilation=1, ceil_mode=True),
)
def _(*, I, kernel, stride, padding, dilation, ceil_mode):
    span = I + 2 * padding - dilation * (kernel - 1) - 1
    return (-(-span // stride) if ceil_mode else span // stride) + 1


@pooling_output_size.law(
    "windows of 2 at stride 2 halve the size",
    when="the size is even",
    by="enumeration",
    outside=dict(I=3),
)
def _(f, *, I):
    return 2 * f(I=I, kernel=2, stride=2, padding=0, dilation=1, ceil_mode=False), I


@pooling_output_size.law("with the ceiling, windows without gaps see every pixel", by="enumeration")
def _(f, *, I, kernel, stride):
    O = f(I=I, kernel=kernel, stride=stride, padding=0, dilation=1, ceil_mode=True)
    return int((O - 1) * stride + kernel >= I), 1


pooling_output_size.wording(r"O = \left\lfloor \frac{I - K}{S} \right\rfloor + 1")
