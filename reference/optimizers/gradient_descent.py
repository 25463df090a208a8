"""Gradient descent, and the gradient of a sample, a minibatch or all the data that it goes down."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, Labels, lane, positive, real

NOTE = "001_468a25992c418006.md"


@equation(
    latex=r"w_{t+1} = w_t - \eta \, g_t",
    sources=[
        Note(NOTE, label="math 6"),
        Note(NOTE, label="math 2-1"),
        Paper("Goodfellow, Bengio & Courville 2016, Deep Learning", "section 4.3, equation 4.5", "https://www.deeplearningbook.org/contents/numerical.html"),
    ],
    domain=dict(w=lane(real), g=lane(real), lr=positive),
    outputs=("w",),
    differentiable=(),
)  # fmt: skip
def gradient_descent(w, g, *, lr):
    """Of all short steps of one length, the one against the gradient lowers a smooth loss the most."""
    return w - lr * g


@gradient_descent.closed_form("on the loss λw²/2 the t-th weight is (1 - ηλ)ᵗ times the first")
def _(f, w, curvature, t, *, lr):
    last = w
    for _ in range(t):
        last = f(last, curvature * last, lr=lr)
    return last, (1 - lr * curvature) ** t * w


@gradient_descent.law(
    "each step on the loss λw²/2 comes closer to its minimum",
    when="0 < ηλ < 2 and w is not 0",
    outside=dict(w=1.0, curvature=1.0, lr=2.0),
)
def _(f, w, curvature, *, lr):
    return np.abs(f(w, curvature * w, lr=lr)) < np.abs(w), True


@gradient_descent.law(
    "on the loss (w² - 1)²/4 the descent stays on the side of the hill where it started",
    when="0 < |w| <= 1 and 0 < η <= 1/2",
    outside=dict(w=0.5, steps=2, lr=4.0),
)
def _(f, w, steps, *, lr):
    """Two starts, two ends: which of the minima -1 and 1 is found depends on the start."""
    last = w
    for _ in range(steps):
        last = f(last, last**3 - last, lr=lr)
    return np.sign(last), np.sign(w)


gradient_descent.limit("no gradient, no step", given=dict(w=1.0, g=0.0, lr=0.5), gives=1.0)
gradient_descent.limit("a gradient of minus zero keeps the sign of a zero weight", given=dict(w=-0.0, g=0.0, lr=0.5), gives=-0.0)
gradient_descent.limit("an infinite gradient throws the weight to the other end", given=dict(w=1.0, g=np.inf, lr=0.5), gives=-np.inf)


@equation(
    latex=r"g = \frac{1}{B} \sum_{b=1}^{B} g_{i_b}",
    sources=[
        Note(NOTE, line=184),
        Note(NOTE, line=181),
        Note(NOTE, line=188),
        Note("003_ad5d26ecc7ac182d.md", line=85),
        Paper("Goodfellow, Bengio & Courville 2016, Deep Learning", "section 8.1.3", "https://www.deeplearningbook.org/contents/optimization.html"),
    ],
    domain=dict(gradients=Array(real, "N P"), chosen=Labels("B", below="N")),
    outputs=("g",),
)  # fmt: skip
def minibatch_gradient(gradients, chosen):
    """The gradient of a minibatch is an unbiased estimate of the gradient of all the data.

    `gradients` has a row for each sample; `chosen` names the samples of the batch. One sample is stochastic gradient
    descent in the narrow sense, all samples once is batch gradient descent.
    """
    return np.mean(np.take(gradients, chosen, axis=0), axis=0)


@minibatch_gradient.dialect(
    "sum",
    latex=r"g = \sum_{b=1}^{B} g_{i_b}",
    sources=[Paper("Goyal et al. 2017, Accurate, Large Minibatch SGD", "section 3, gradient aggregation", "https://arxiv.org/abs/1706.02677")],
    differs="the losses of the batch are added, so that the gradient grows with the batch",
    telling=dict(gradients=np.array([[1.0], [3.0]]), chosen=np.array([0, 1])),
)
def _(gradients, chosen):
    return np.sum(np.take(gradients, chosen, axis=0), axis=0)


@minibatch_gradient.law(
    "over all batches its mean is the gradient of all the data",
    when="the batches have one size and meet every sample equally often",
    outside=dict(gradients=np.array([[0.0], [0.0], [1.0]]), batches=((0, 1), (2,))),
)
def _(f, gradients, batches):
    """The last, smaller batch of an epoch breaks it: its samples weigh more than the others."""
    each = [f(gradients, np.array(batch)) for batch in batches]
    return np.mean(np.stack(each), axis=0), np.mean(gradients, axis=0)


gradient_descent.wording(r"\theta_j = \theta_j - \eta \, \frac{\partial}{\partial \theta_j} J(\theta)")
CHOSEN = {r"\nabla \ell_i(w)": lambda gradients, chosen: gradients[chosen]}
minibatch_gradient.wording(r"g = \frac{1}{B} \sum_{i=1}^{B} \nabla \ell_i(w)", symbols=CHOSEN)
minibatch_gradient.wording(r"g = \frac{1}{|B|} \sum_{i \in B} \nabla \ell_i(w)", symbols=CHOSEN | {"|B|": "B"})
gradient_descent.wording(r"x_{t+1} = x_t - \alpha_t \nabla f(x_t)", symbols={"x": "w", r"\alpha": "lr"})
gradient_descent.wording(r"w = w - \alpha \, dw", symbols={"dw": "g", r"\alpha": "lr"})
FORMS = (r"\nabla_\theta L(f(x^{(i)}; \theta), y^{(i)})", r"\nabla_\theta L(f_\theta(x_i), y_i)", r"\nabla_\theta \ell(x_i, y_i; \theta)")
for of_one in FORMS:
    SAMPLED = {of_one: lambda gradients, chosen: gradients[chosen]}
    minibatch_gradient.wording(
        rf"g = \frac{{1}}{{m}} \sum_{{i=1}}^{{m}} {of_one}", symbols=SAMPLED | {"m": "B"}
    )
    minibatch_gradient.wording(
        rf"g = \frac{{1}}{{|B|}} \sum_{{i \in B}} {of_one}", symbols=SAMPLED | {"|B|": "B"}
    )
