"""Nesterov's accelerated gradient: first the old velocity, then the gradient at the place it leads to."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import decay, lane, positive, real
from reference.optimizers.quadratics import shrinks, trace_and_determinant

NESTEROV = Paper("Nesterov 1983, A method of solving a convex programming problem with convergence rate O(1/k²)", "the whole paper", "https://www.mathnet.ru/eng/dan46009")
SUTSKEVER = Paper("Sutskever et al. 2013, On the importance of initialization and momentum in deep learning", "equations 3 and 4", "https://proceedings.mlr.press/v28/sutskever13.html")
RUDER = Paper("Ruder 2016, An overview of gradient descent optimization algorithms", "section 4.2", "https://arxiv.org/abs/1609.04747")
TORCH = Paper("PyTorch, torch.optim.SGD", "the algorithm, nesterov", "https://pytorch.org/docs/stable/generated/torch.optim.SGD.html")
TELLING = dict(w=np.array([0.0]), a=np.array([0.0]), g=np.array([1.0]), lr=0.5, momentum=0.5)


@equation(
    latex=r"""
        a_{t+1} = \beta a_t + g_t \\
        w_{t+1} = w_t - \eta \, a_{t+1}
    """,
    sources=[Note("001_468a25992c418006.md", label="math 6-2"), NESTEROV],
    domain=dict(w=lane(real), a=lane(real), g=lane(real), lr=positive, momentum=decay),
    outputs=("w", "a"),
    differentiable=(),
)
def nesterov(w, a, g, *, lr, momentum):
    """Looking ahead before taking the gradient corrects the velocity one step earlier than momentum does.

    Here g is the gradient at w - ηβa, the place to which the old velocity alone would lead. The arithmetic is that of
    momentum; what differs is the place. In the dialects g is taken elsewhere: "at-the-weight" (torch) takes it at its
    own weight, which is that place; "velocity" (Sutskever) takes it at w + βa, where a is what is added to the weight.
    """
    a = momentum * a + g
    return w - lr * a, a


@nesterov.dialect(
    "at-the-weight",
    latex=r"""
        a_{t+1} = \beta a_t + g_t \\
        w_{t+1} = w_t - \eta \, (g_t + \beta a_{t+1})
    """,
    sources=[TORCH],
    differs="the weight that is kept is the place of the gradient, so that no gradient is needed anywhere else",
    telling=TELLING,
)
def at_the_weight(w, a, g, *, lr, momentum):
    a = momentum * a + g
    return w - lr * (g + momentum * a), a


@nesterov.dialect(
    "velocity",
    latex=r"""
        a_{t+1} = \beta a_t - \eta \, g_t \\
        w_{t+1} = w_t + a_{t+1}
    """,
    sources=[SUTSKEVER],
    differs="the buffer is the velocity: it holds the rate, and the sign of the way that the weight goes",
    telling=TELLING,
)
def velocity(w, a, g, *, lr, momentum):
    a = momentum * a - lr * g
    return w + a, a


@nesterov.dialect(
    "rate-in-buffer",
    latex=r"""
        a_{t+1} = \beta a_t + \eta \, g_t \\
        w_{t+1} = w_t - a_{t+1}
    """,
    sources=[RUDER],
    differs="the rate multiplies the gradient before it is accumulated, so that a new rate acts on new gradients only",
    telling=TELLING,
)
def rate_in_buffer(w, a, g, *, lr, momentum):
    a = momentum * a + lr * g
    return w - a, a


@nesterov.law(
    "torch's weight is the place to which the old velocity leads, w - ηβa",
    when="the rate does not change",
    outside=dict(w=1.0, a=0.0, gradient=lambda w: w, rates=(1.0, 0.5), momentum=0.5),
)
def _(f, w, a, gradient, rates, *, momentum):
    """For any gradient: both forms start at the same place, and go on for as many steps as there are rates."""
    other, buffer = w - rates[0] * momentum * a, a
    for lr in rates:
        w, a = f(w, a, gradient(w - lr * momentum * a), lr=lr, momentum=momentum)
        other, buffer = at_the_weight(other, buffer, gradient(other), lr=lr, momentum=momentum)
    return (other, buffer), (w - rates[-1] * momentum * a, a)


@nesterov.law(
    "Sutskever's weights are the same and his velocity is -ηa",
    when="the rate does not change",
    outside=dict(w=1.0, a=0.0, gradient=lambda w: w, rates=(1.0, 0.5), momentum=0.5),
)
def _(f, w, a, gradient, rates, *, momentum):
    other, v = w, -rates[0] * a
    for lr in rates:
        w, a = f(w, a, gradient(w - lr * momentum * a), lr=lr, momentum=momentum)
        other, v = velocity(other, v, gradient(other + momentum * v), lr=lr, momentum=momentum)
    return (other, v), (w, -rates[-1] * a)


@nesterov.law("on the loss λw²/2 its roots are those of z² - (1 + β)(1 - ηλ)z + β(1 - ηλ)")
def _(f, curvature, *, lr, momentum):
    made = trace_and_determinant(
        lambda w, a: f(w, a, curvature * (w - lr * momentum * a), lr=lr, momentum=momentum)
    )
    return made, ((1 + momentum) * (1 - lr * curvature), momentum * (1 - lr * curvature))


@nesterov.law(
    "it converges on the loss λw²/2",
    when="0 < ηλ < 2(1 + β)/(1 + 2β)",
    outside=dict(curvature=1.0, lr=1.5, momentum=0.5),
)
def _(f, curvature, *, lr, momentum):
    step = trace_and_determinant(
        lambda w, a: f(w, a, curvature * (w - lr * momentum * a), lr=lr, momentum=momentum)
    )
    return shrinks(*step), True


nesterov.limit("without momentum it is gradient descent",
               given=dict(w=1.0, a=8.0, g=1.0, lr=0.5, momentum=0.0), gives=(0.5, 1.0))  # fmt: skip


nesterov.wording(r"a_{t+1} = \beta a_t + \nabla L(w_t - \eta \beta a_t) \\ w_{t+1} = w_t - \eta \, a_{t+1}")
nesterov.wording(r"v_{t+1} = \beta v_t - \eta \nabla L(w_t + \beta v_t) \\ w_{t+1} = w_t + v_{t+1}", dialect="velocity")


nesterov.wording(r"v_t = \gamma v_{t-1} + \eta \nabla J(w_{t-1} - \gamma v_{t-1}) \\ w_t = w_{t-1} - v_t", dialect="rate-in-buffer")
nesterov.wording(r"v_t = \gamma v_{t-1} + \eta \nabla J(w - \gamma v_{t-1}) \\ w = w - v_t", dialect="rate-in-buffer")
nesterov.wording(
    r"v = \alpha v - \epsilon \nabla_\theta \left( \frac{1}{m} \sum_{i=1}^m L(f(x^{(i)}; \theta + \alpha v), y^{(i)}) \right) \\ \theta = \theta + v",
    dialect="velocity",
    symbols={r"\nabla_\theta \left( \frac{1}{m} \sum_{i=1}^m L(f(x^{(i)}; \theta + \alpha v), y^{(i)}) \right)": "g", r"\alpha": "momentum", r"\epsilon": "lr"},
)
