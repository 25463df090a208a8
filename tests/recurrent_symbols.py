"""What holds for symbols holds for all inputs, states and weights of a cell."""

from reference.number_systems.symbols import Symbols

X, H, C = Symbols.named("x", 1, 1), Symbols.named("h", 1, 2), Symbols.named("c", 1, 2)
TEXT = Symbols.named("x", 3, 1, 1)
STATE, CELL = Symbols.named("h", 1, 1), Symbols.named("c", 1, 1)


def parameters(blocks, prefix="", inputs=1, hidden=2):
    """Both matrices and both biases, as symbols."""
    rows = blocks * hidden
    shapes = dict(w=(rows, inputs), u=(rows, hidden), a=(rows,), b=(rows,))
    return [Symbols.named(prefix + name, *shape) for name, shape in shapes.items()]


def narrow(blocks, prefix=""):
    return parameters(blocks, prefix, inputs=1, hidden=1)
