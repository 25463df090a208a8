"""The first weights: random values, of a spread that neither drowns nor drives up the signal."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, count, lane, nonnegative, positive, proper, real

STUDY_NOTE = Note("004_11d13f61f87581fb.md", line=34)
LECUN = Paper("LeCun, Bottou, Orr & Müller 1998, Efficient BackProp", "section 4.6", "https://doi.org/10.1007/3-540-49430-8_2")
GLOROT = Paper("Glorot & Bengio 2010, Understanding the difficulty of training deep feedforward neural networks", "equations 12 and 16", "https://proceedings.mlr.press/v9/glorot10a.html")
HE = Paper("He et al. 2015, Delving Deep into Rectifiers", "equation 10", "https://arxiv.org/abs/1502.01852")
SAXE = Paper("Saxe, McClelland & Ganguli 2014, Exact solutions to the nonlinear dynamics of learning in deep linear neural networks", "section 3", "https://arxiv.org/abs/1312.6120")


@equation(
    latex=r"\mathrm{Var}\, y = \mathrm{Var}\, w \sum_{i} x_i^2 = n_{in} \cdot \mathrm{Var}\, w \cdot \overline{x^2}",
    symbols={r"\mathrm{Var}\, w": "variance", r"\overline{x^2}": lambda x: np.mean(x**2), "n_{in}": "I"},
    sources=[STUDY_NOTE, HE],
    domain=dict(x=Array(real, "I"), variance=nonnegative),
    outputs=("v",),
    differentiable=(),
    certified_by="proof",
)
def signal_variance(x, *, variance):
    """A sum of n independent weights of mean zero, each times its input, spreads √n times as far as one.

    The signal keeps its size from layer to layer if and only if Var w = 1/n_in.
    """
    return variance * np.sum(x**2)


def _mean_over_signs(statistic, I):
    """The mean of a statistic over all 2^I equally likely patterns of signs."""
    patterns = [np.array([1 - 2 * (k >> i & 1) for i in range(I)]) for k in range(2**I)]
    return sum(statistic(signs) for signs in patterns) / len(patterns)


@signal_variance.law(
    "it is E[y²] for independent weights of σ or -σ, y being the weighted sum",
    when="the weights have mean zero",
    by="enumeration",
    outside=dict(x=np.array([1.0]), deviation=1.0, mean=1.0),
)
def _(f, x, *, deviation, mean=0):
    def square(signs):
        return np.sum((mean + deviation * signs) * x) ** 2

    return f(x, variance=deviation**2), _mean_over_signs(square, x.size)


@signal_variance.law(
    "with Var w = 1/n_in the mean square of the signal is kept",
    when="the weights are divided by the inputs, not by the mean of inputs and outputs, or these are equally many",
    outside=dict(x=np.array([1.0]), outputs=3),
)
def _(f, x, *, outputs=None):
    n = x.size if outputs is None else (x.size + outputs) / 2
    return f(x, variance=1 / n), np.mean(x**2)


@signal_variance.law("half of it is left after a rectifier, which He's doubled variance makes up for", by="enumeration")
def _(f, x, *, deviation):
    # y and -y are equally likely, and just one of them passes.
    def passed(signs):
        return np.maximum(np.sum(deviation * signs * x), 0) ** 2

    return f(x, variance=deviation**2) / 2, _mean_over_signs(passed, x.size)


@equation(
    latex=r"w = l + (h - l) \, u",
    sources=[STUDY_NOTE],
    domain=dict(u=lane(proper), low=real, high=real),
    where=("low < high",),
    outputs=("w",),
    certified_by="proof",
)
def uniform_weights(u, *, low, high):
    """A uniform number stretched over an interval of width d has the variance d²/12. u is drawn from 0 to 1."""
    return low + (high - low) * u


@uniform_weights.law("their variance is (h - l)²/12")
def _(f, *, low, high):
    import sympy as sp

    u = sp.Symbol("u")
    mean = sp.integrate(f(u, low=low, high=high), (u, 0, 1))
    return sp.integrate((f(u, low=low, high=high) - mean) ** 2, (u, 0, 1)), (high - low) ** 2 / 12


@equation(
    latex=r"w = \mu + \sigma z",
    sources=[STUDY_NOTE],
    domain=dict(z=lane(real), mean=real, deviation=positive),
    outputs=("w",),
    certified_by="proof",
)
def normal_weights(z, *, mean, deviation):
    """Every normal number is the standard one, stretched and moved. z is drawn with mean 0 and variance 1."""
    return mean + deviation * z


@normal_weights.law("their variance is σ²")
def _(f, *, mean, deviation):
    import sympy as sp

    z = sp.Symbol("z", real=True)
    density = sp.exp(-(z**2) / 2) / sp.sqrt(2 * sp.pi)
    square = sp.expand((f(z, mean=mean, deviation=deviation) - mean) ** 2)
    return sp.integrate(square * density, (z, -sp.oo, sp.oo)), deviation**2


@equation(
    latex=r"w = \sqrt{\frac{6}{n_{in} + n_{out}}} \, (2 u - 1)",
    sources=[STUDY_NOTE, GLOROT],
    domain=dict(u=lane(proper), inputs=count, outputs=count),
    outputs=("w",),
    certified_by="proof",
)
def xavier_uniform(u, *, inputs, outputs):
    """Forwards a layer asks for Var w = 1/n_in and backwards for 1/n_out; Glorot's 2/(n_in + n_out) is between the two."""
    return np.sqrt(6 * np.ones_like(u) / (inputs + outputs)) * (2 * u - 1)


@xavier_uniform.closed_form("at the ends of the interval the square is three times the variance 2/(n_in + n_out)")
def _(f, one, *, inputs, outputs):
    return f(one, inputs=inputs, outputs=outputs) ** 2, 3 * one * 2 / (inputs + outputs)


@equation(
    latex=r"w = \sqrt{\frac{2}{n_{in} + n_{out}}} \, z",
    sources=[STUDY_NOTE, GLOROT],
    domain=dict(z=lane(real), inputs=count, outputs=count),
    outputs=("w",),
    certified_by="proof",
)
def xavier_normal(z, *, inputs, outputs):
    """The same variance 2/(n_in + n_out) as the uniform form, from a normal number, which has no ends."""
    return np.sqrt(2 * np.ones_like(z) / (inputs + outputs)) * z


@xavier_normal.law("with as many outputs as inputs it is LeCun's variance 1/n_in, which keeps the signal")
def _(f, x, *, inputs):
    spread = f(np.ones_like(x), inputs=inputs, outputs=inputs)[0] ** 2
    return spread, np.ones_like(spread) / inputs


@equation(
    latex=r"w = \sqrt{\frac{2}{n_{in}}} \, z",
    sources=[STUDY_NOTE, HE],
    domain=dict(z=lane(real), inputs=count),
    outputs=("w",),
    certified_by="proof",
)
def he_normal(z, *, inputs):
    """A rectifier passes half of the signal's square, so that twice the variance keeps it."""
    return np.sqrt(2 * np.ones_like(z) / inputs) * z


@he_normal.dialect(
    "LeCun",
    latex=r"w = \sqrt{\frac{1}{n_{in}}} \, z",
    sources=[LECUN],
    differs="no rectifier is reckoned with: variance 1/n_in",
    telling=dict(z=np.array([1.0]), inputs=1),
)
def _(z, *, inputs):
    return np.sqrt(np.ones_like(z) / inputs) * z


@he_normal.closed_form("their mean square is 2/n_in times that of z")
def _(f, z, *, inputs):
    return np.mean(f(z, inputs=inputs) ** 2), 2 * np.mean(z**2) / inputs


@equation(
    latex=r"""
        q_1 = \frac{a_1}{\|a_1\|} \\
        r = a_2 - (q_1 \cdot a_2) \, q_1 \\
        q_2 = \frac{r}{\|r\|}
    """,
    symbols={"a": lambda A: lambda i: A[:, i - 1], "q_1": lambda Q_after: Q_after[:, 0], "q_2": lambda Q_after: Q_after[:, 1]},
    sources=[STUDY_NOTE, SAXE],
    domain=dict(A=Array(real, "O 2")),
    sizes=dict(O=(2, 5)),
    outputs=("Q",),
    differentiable=(),
    certified_by="proof",
)
def orthogonal_weights(A):
    """An orthogonal matrix turns and mirrors and does nothing else, so that no signal dies in any number of layers.

    For two columns, by Gram and Schmidt. Frameworks decompose as QR, which gives the same columns up to their signs.
    """
    first = A[:, 0] / np.sqrt(np.sum(A[:, 0] ** 2))
    rest = A[:, 1] - np.sum(first * A[:, 1]) * first
    return np.stack([first, rest / np.sqrt(np.sum(rest**2))], axis=1)


@orthogonal_weights.law(
    "it keeps the length of every vector",
    when="its columns are orthonormal, as they cannot be where they outnumber the rows",
    outside=dict(A=np.array([[1.0, 0.0], [0.0, 1.0]]), x=np.array([0.0, 1.0]), rows=1),
)
def _(f, A, x, rows=None):
    return np.sum((f(A)[:rows] @ x) ** 2), np.sum(x**2)
