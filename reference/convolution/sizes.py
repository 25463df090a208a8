"""How many places a kernel has."""

from reference.catalogue import Note, Paper, equation
from reference.domain import count, integer, natural

STUDY_NOTE = Note("002_ba28ceac52ab63bb.md", line=138)
LENET = Note("002_ba28ceac52ab63bb.md", line=175)
SAME = Note("001_468a25992c418006.md", line=442)
GUIDE = "Dumoulin & Visin 2016, A guide to convolution arithmetic for deep learning"
URL = "https://arxiv.org/abs/1603.07285"
UNEVEN = dict(I=2, P=0, K=1, S=2, D=1)


@equation(
    latex=r"O = \left\lfloor \frac{I + 2 P - D (K - 1) - 1}{S} \right\rfloor + 1",
    sources=[STUDY_NOTE, LENET, SAME, Paper(GUIDE, "relationship 6; section 5.1 with dilation", URL)],
    domain=dict(I=count, P=integer(0, 3), K=integer(1, 5), S=integer(1, 4), D=integer(1, 3)),
    where=("I + 2*P - D*(K-1) - 1 >= 0",),
    outputs=("O",),
    dtype="exact",
)
def output_size(*, I, P, K, S, D):
    """Up to S - 1 pixels at the far border are seen by no kernel: S input sizes share one output size.

    Without dilation (D = 1) the numerator is I + 2P - K.
    """
    return (I + 2 * P - D * (K - 1) - 1) // S + 1


@output_size.dialect(
    "ceil",
    latex=r"O = \left\lceil \frac{I + 2 P - D (K - 1) - 1}{S} \right\rceil + 1",
    sources=[Paper("ONNX operators", "MaxPool, attribute ceil_mode", "https://onnx.ai/onnx/operators/onnx__MaxPool.html")],
    differs="a last kernel that reaches over the border counts too",
    telling=UNEVEN,
)
def _(*, I, P, K, S, D):
    return -(-(I + 2 * P - D * (K - 1) - 1) // S) + 1


@output_size.misprint(
    "without the floor",
    latex=r"O = \frac{I + 2 P - K}{S} + 1",
    sources=[STUDY_NOTE],
    differs="the quotient is not rounded down, so that it is half a pixel where S does not divide I + 2P - K",
    telling=UNEVEN,
)
def _(*, I, P, K, S, D):
    return (I + 2 * P - D * (K - 1) - 1) / S + 1


@output_size.law(
    "the floor changes nothing",
    when="S divides I + 2P - K",
    by="enumeration",
    outside=dict(I=2, P=0, K=1, S=2),
)
def _(f, *, I, P, K, S):
    return S * (f(I=I, P=P, K=K, S=S, D=1) - 1), I + 2 * P - K


@output_size.law(
    "with stride 1 the size stays if and only if 2P = D (K - 1)",
    when="S = 1",
    by="enumeration",
    outside=UNEVEN,
)
def _(f, *, I, P, K, S, D):
    return int(f(I=I, P=P, K=K, S=S, D=D) == I), int(2 * P == D * (K - 1))


@output_size.law(
    "padding keeps the size",
    when="2P = D (K - 1) and S = 1",
    by="enumeration",
    outside=dict(I=1, P=1, K=2, S=1, D=1),
)
def _(f, *, I, P, K, S, D):
    return f(I=I, P=P, K=K, S=S, D=D), I


def _kernels(f, P, S):
    """Every kernel that takes 32 pixels to 28."""
    return [K for K in range(1, 32 + 2 * P + 1) if f(I=32, P=P, K=K, S=S, D=1) == 28]


@output_size.law(
    "LeNet's puzzle, 32 pixels to 28, has the one answer K = 5",
    when="P = 0 and S = 1 are given too",
    by="enumeration",
    outside=dict(P=1, S=1),
)
def _(f, *, P, S):
    return _kernels(f, P, S), [5]


@output_size.law(
    "each padding has its own kernel for LeNet's puzzle, K = 5 + 2P",
    when="S = 1",
    by="enumeration",
    outside=dict(P=14, S=2),
)
def _(f, *, P, S):
    return _kernels(f, P, S), [5 + 2 * P]


@output_size.law(
    "two layers without padding and stride are one with the kernel K + L - 1",
    by="enumeration",
)
def _(f, *, I, K, L):
    inner = f(I=I, P=0, K=K, S=1, D=1)
    return f(I=inner, P=0, K=L, S=1, D=1), f(I=I, P=0, K=K + L - 1, S=1, D=1)


@equation(
    latex=r"O = (I - 1) S - 2 P + D (K - 1) + A + 1",
    sources=[Note("000_301a927e2f22c6c5.md", line=82), Paper(GUIDE, "relationship 14", URL)],
    domain=dict(I=count, P=integer(0, 2), K=integer(1, 5), S=integer(1, 4), D=integer(1, 3), A=natural),
    where=("A < S", "(I-1)*S - 2*P + D*(K-1) + A + 1 >= 1"),
    outputs=("O",),
    dtype="exact",
)
def transposed_output_size(*, I, P, K, S, D, A):
    """S sizes of input share one size of output, and A says which of them the transposed layer goes back to."""
    return (I - 1) * S - 2 * P + D * (K - 1) + A + 1


@transposed_output_size.law(
    "it takes the size of a layer's output back to the size of its input",
    when="A is the remainder of I + 2P - D (K - 1) - 1 by S",
    by="enumeration",
    outside=dict(I=2, P=0, K=1, S=2, D=1, A=0),
)
def _(f, *, I, P, K, S, D, A=None):
    rest = (I + 2 * P - D * (K - 1) - 1) % S if A is None else A
    return f(I=output_size(I=I, P=P, K=K, S=S, D=D), P=P, K=K, S=S, D=D, A=rest), I


output_size.wording(r"O = \left\lfloor \frac{I + 2 P - K}{S} \right\rfloor + 1")
output_size.wording(r"O = \frac{I + 2 P - K}{S} + 1", lacks="the floor is missing: it is right only where S divides I + 2P - K")
transposed_output_size.wording(r"O = (I - 1) S - 2 P + K")
