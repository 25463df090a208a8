"""Linear and affine maps, and stacks of them."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, real

VECTORS = Note("000_301a927e2f22c6c5.md", line=121)
BASIS = Note("000_301a927e2f22c6c5.md", line=117)
COLUMNS = Note("000_301a927e2f22c6c5.md", line=107)
STACK = Note("001_468a25992c418006.md", line=66)
BOOK = "Goodfellow, Bengio & Courville 2016, Deep Learning"


@equation(
    latex=r"x' = W x = \sum_{i} x_i w_i",
    symbols={"w": lambda W: W.T},
    sources=[VECTORS, BASIS, COLUMNS, Paper(BOOK, "equation 2.27", "https://www.deeplearningbook.org/contents/linear_algebra.html")],
    domain=dict(W=Array(real, "O I"), x=Array(real, "I")),
    outputs=("y",),
)
def linear_map(W, x):
    """A matrix sends each unit vector to one of its columns, and that decides where everything else goes.

    The columns w_i are as many as the inputs, however many outputs there are: a 3 x 2 matrix has two of them, which
    span a plane in space at most. The notes count three and name two, and tell two classes apart with three outputs.
    """
    return np.einsum("oi,i->o", W, x)


@linear_map.misprint(
    "the image mapped again",
    latex=r"W X = W X'",
    sources=[VECTORS],
    differs="the right side applies W to the image once more; what is meant is W X = X'",
    telling=dict(W=np.array([[2.0]]), x=np.array([1.0])),
)
def _(W, x):
    return np.einsum("oi,i->o", W, np.einsum("oi,i->o", W, x))


@linear_map.law("the image is the combination of the columns, scaled by the inputs")
def _(f, W, x):
    return f(W, x), sum(x[i] * W[:, i] for i in range(x.size))


@linear_map.law("it is linear")
def _(f, W, a, x, c, y):
    return f(W, a * x + c * y), a * f(W, x) + c * f(W, y)


@linear_map.law(
    "there are as many basis vectors as outputs",
    when="the matrix is square",
    outside=dict(W=np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])),
)
def _(f, W):
    basis = [f(W, unit) for unit in np.eye(W.shape[1], dtype=int)]
    return len(basis), W.shape[0]


@equation(
    latex=r"y_{n,o} = b_o + \sum_i x_{n,i} \, W_{o,i}",
    sources=[
        Note("001_468a25992c418006.md", line=92),
        Note("002_ba28ceac52ab63bb.md", line=62),
        Paper("PyTorch reference", "torch.nn.Linear", "https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html"),
    ],
    domain=dict(x=Array(real, "N I", batch="N"), W=Array(real, "O I"), b=Array(real, "O")),
    sizes=dict(I=(1, 6)),
    outputs=("y",),
)
def affine(x, W, b):
    """Straight lines stay straight and parallels stay parallel; the origin may move, and moves by the bias.

    The weights are stored with a row for each output. Samples are rows too, so that the formula is x Wᵀ + b.
    """
    return np.einsum("ni,oi->no", x, W) + b


@affine.dialect(
    "a row for each input",
    latex=r"y_{n,o} = b_o + \sum_i x_{n,i} \, W_{i,o}",
    symbols={"O": ("O", "I")},
    sources=[Paper("Keras reference", "Dense layer: output = activation(dot(input, kernel) + bias)", "https://keras.io/api/layers/core_layers/dense/")],
    differs="the weights have a row for each input and a column for each output: x W + b",
    telling=dict(x=np.array([[1.0, 0.0]]), W=np.array([[0.0, 1.0], [0.0, 0.0]]), b=np.array([0.0, 0.0])),
)
def _(x, W, b):
    rows = W.reshape(x.shape[1], -1)  # the same numbers in memory, read by the other convention
    return np.einsum("ni,io->no", x, rows) + b


@affine.law("mixtures stay mixtures")
def _(f, a, x, y, W, b):
    return f(a * x + (1 - a) * y, W, b), a * f(x, W, b) + (1 - a) * f(y, W, b)


@affine.law(
    "it is linear",
    when="there is no bias",
    outside=dict(a=0.0, x=np.array([[1.0]]), W=np.array([[1.0]]), b=np.array([1.0])),
)
def _(f, a, x, W, b):
    return f(a * x, W, b), a * f(x, W, b)


@affine.law("opposite corners of a parallelogram have equal sums: why one unit cannot tell the diagonals apart")
def _(f, x, u, v, W, b):
    return f(x, W, b) + f(x + u + v, W, b), f(x + u, W, b) + f(x + v, W, b)


linear_map.limit(
    "an infinite weight of an input of 0 is NaN",
    given=dict(W=np.array([[np.inf]]), x=np.array([0.0])),
    gives=np.array([np.nan]),
)
affine.limit(
    "an input of zeros gives the bias",
    given=dict(x=np.array([[0.0, 0.0]]), W=np.array([[5.0, -7.0]]), b=np.array([3.0])),
    gives=np.array([[3.0]]),
)
affine.limit(
    "no inputs at all give the bias too",
    given=dict(x=np.zeros((2, 0)), W=np.zeros((1, 0)), b=np.array([3.0])),
    gives=np.array([[3.0], [3.0]]),
)
affine.limit(
    "an infinite input under a weight of 0 is NaN",
    given=dict(x=np.array([[np.inf]]), W=np.array([[0.0]]), b=np.array([1.0])),
    gives=np.array([[np.nan]]),
)
affine.limit(
    "a NaN spoils its own sample and no other",
    given=dict(x=np.array([[np.nan], [2.0]]), W=np.array([[3.0]]), b=np.array([1.0])),
    gives=np.array([[np.nan], [7.0]]),
)


@equation(
    latex=r"y = W_2 (W_1 x + b_1) + b_2",
    sources=[STACK, Paper(BOOK, "section 6.1", "https://www.deeplearningbook.org/contents/mlp.html")],
    domain=dict(x=Array(real, "N I", batch="N"), W1=Array(real, "H I"), b1=Array(real, "H"), W2=Array(real, "O H"),
                b2=Array(real, "O")),
    outputs=("y",),
)  # fmt: skip
def affine_stack(x, W1, b1, W2, b2):
    """Depth alone buys nothing: any number of affine maps in a row is one affine map."""
    return affine(affine(x, W1, b1), W2, b2)


def rectified(x):
    """The positive part."""
    return np.maximum(x, 0)


@affine_stack.law(
    "the stack is the one affine map with weights W2 W1 and bias W2 b1 + b2",
    when="nothing nonlinear stands between",
    outside=dict(x=np.array([[-1.0]]), W1=np.array([[1.0]]), b1=np.array([0.0]), W2=np.array([[1.0]]), b2=np.array([0.0]),
                 between=rectified),
)  # fmt: skip
def _(f, x, W1, b1, W2, b2, between=None):
    made = f(x, W1, b1, W2, b2) if between is None else affine(between(affine(x, W1, b1)), W2, b2)
    return made, affine(x, W2 @ W1, W2 @ b1 + b2)


@affine_stack.law(
    "a stack with rectifiers between is affine too",
    when="they cancel, as in relu(x) - relu(-x) = x",
    outside=dict(x=np.array([[-1.0]]), second=1),
)
def _(f, x, second=-1):
    split, joined, zero = np.array([[1], [-1]]), np.array([[1, second]]), np.zeros(1)
    made = affine(rectified(affine(x, split, np.zeros(2))), joined, zero)
    # The affine map that agrees with it at 0 and at 1 is the identity.
    return made, f(x, np.array([[1]]), zero, np.array([[1]]), zero)


affine.wording(r"y = W x + b")
affine.wording(r"Y = X W + b", dialect="a row for each input")
affine_stack.wording(r"y = W_2 W_1 x + W_2 b_1 + b_2")


linear_map.wording(r"x' = W x")
linear_map.wording(r"y = W x")
linear_map.wording(r"y_i = \sum_{j=1}^{n} W_{ij} x_j")
affine_stack.wording(r"y = W_2 (W_1 x + b_1) + b_2")
affine_stack.wording(r"y = (x W_1 + b_1) W_2 + b_2")
