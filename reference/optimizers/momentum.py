"""Momentum: the step goes along an accumulation of all gradients so far."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import between, count, decay, lane, positive, real
from reference.optimizers.averages import average
from reference.optimizers.gradient_descent import gradient_descent
from reference.optimizers.quadratics import shrinks, trace_and_determinant

POLYAK = Paper("Polyak 1964, Some methods of speeding up the convergence of iteration methods", "equation 9", "https://doi.org/10.1016/0041-5553(64)90137-5")
SUTSKEVER = Paper("Sutskever et al. 2013, On the importance of initialization and momentum in deep learning", "equations 1 and 2", "https://proceedings.mlr.press/v28/sutskever13.html")
TORCH = Paper("PyTorch, torch.optim.SGD", "the algorithm and the note on momentum", "https://pytorch.org/docs/stable/generated/torch.optim.SGD.html")
TELLING = dict(w=np.array([0.0]), a=np.array([0.0]), g=np.array([1.0]), lr=0.5, momentum=0.5)


@equation(
    latex=r"""
        a_{t+1} = \beta a_t + g_t \\
        w_{t+1} = w_t - \eta \, a_{t+1}
    """,
    sources=[Note("001_468a25992c418006.md", label="math 6-1"), POLYAK, TORCH],
    domain=dict(w=lane(real), a=lane(real), g=lane(real), lr=positive, momentum=decay),
    outputs=("w", "a"),
    differentiable=(),
)
def momentum(w, a, g, *, lr, momentum):
    """Under a constant gradient the step grows to 1/(1 - β) times that of gradient descent."""
    a = momentum * a + g
    return w - lr * a, a


@momentum.dialect(
    "average",
    latex=r"""
        a_{t+1} = \beta a_t + (1 - \beta) g_t \\
        w_{t+1} = w_t - \eta \, a_{t+1}
    """,
    sources=[Paper("Kingma & Ba 2015, Adam: A Method for Stochastic Optimization", "Algorithm 1, the first moment", "https://arxiv.org/abs/1412.6980")],
    differs="the buffer is a weighted mean of the gradients instead of a sum, and steps are 1 - β times as long",
    telling=TELLING,
)
def _(w, a, g, *, lr, momentum):
    a = average(momentum, a, g)
    return w - lr * a, a


@momentum.dialect(
    "rate-in-buffer",
    latex=r"""
        a_{t+1} = \beta a_t + \eta \, g_t \\
        w_{t+1} = w_t - a_{t+1}
    """,
    sources=[POLYAK, SUTSKEVER],
    differs="the rate multiplies the gradient before it is accumulated, so that a new rate acts on new gradients only",
    telling=TELLING,
)
def rate_in_buffer(w, a, g, *, lr, momentum):
    a = momentum * a + lr * g
    return w - a, a


@momentum.dialect(
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


heavy_ball = momentum  # by its other name, where a parameter has this one


@momentum.law(
    "it is gradient descent",
    when="β = 0",
    outside=dict(w=0.0, a=1.0, g=0.0, lr=1.0, momentum=0.5),
)
def _(f, w, a, g, *, lr, momentum):
    after, _ = f(w, a, g, lr=lr, momentum=momentum)
    return after, gradient_descent(w, g, lr=lr)


@momentum.closed_form("after t equal gradients the buffer is g(1 - βᵗ)/(1 - β)", when="the buffer starts at 0",
                      outside=dict(w=0.0, a=1.0, g=1.0, t=1, lr=1.0, momentum=0.5))  # fmt: skip
def _(f, w, a, g, t, *, lr, momentum):
    for _ in range(t):
        w, a = f(w, a, g, lr=lr, momentum=momentum)
    return a * (1 - momentum), g * (1 - momentum**t)


@momentum.law("with the rate in the buffer the weights are the same", when="the rate does not change",
              outside=dict(w=0.0, a=0.0, gradients=(1.0, 0.0), rates=(1.0, 2.0), momentum=0.5))  # fmt: skip
def _(f, w, a, gradients, rates, *, momentum):
    other, velocity = w, rates[0] * a
    for g, lr in zip(gradients, rates, strict=True):
        w, a = f(w, a, g, lr=lr, momentum=momentum)
        other, velocity = rate_in_buffer(other, velocity, g, lr=lr, momentum=momentum)
    return w, other


@momentum.law("on the loss λw²/2 its roots are those of z² - (1 + β - ηλ)z + β")
def _(f, curvature, *, lr, momentum):
    made = trace_and_determinant(lambda w, a: f(w, a, curvature * w, lr=lr, momentum=momentum))
    return made, (1 + momentum - lr * curvature, momentum)


@momentum.law(
    "it converges on the loss λw²/2",
    when="0 < ηλ < 2(1 + β)",
    outside=dict(curvature=1.0, lr=3.0, momentum=0.5),
)
def _(f, curvature, *, lr, momentum):
    step = trace_and_determinant(lambda w, a: f(w, a, curvature * w, lr=lr, momentum=momentum))
    return shrinks(*step), True


momentum.limit("a buffer moves the weight without a gradient",
               given=dict(w=1.0, a=2.0, g=0.0, lr=0.5, momentum=0.5), gives=(0.5, 1.0))  # fmt: skip
momentum.limit("a NaN in the gradient stays in the buffer",
               given=dict(w=1.0, a=0.0, g=np.nan, lr=0.5, momentum=0.5), gives=(np.nan, np.nan))  # fmt: skip


@equation(
    latex=r"""
        a_t = \beta a_{t-1} + (1 - d) g_t \\
        w_t = w_{t-1} - \eta \, a_t
    """,
    sources=[Note("001_468a25992c418006.md", label="math 6-1"), TORCH],
    domain=dict(w=lane(real), a=lane(real), g=lane(real), t=count, lr=positive, momentum=decay, dampening=between(0, 1)),
    outputs=("w", "a"),
    differentiable=(),
)
def dampened_momentum(w, a, g, t, *, lr, momentum, dampening):
    """A dampening of β makes the sum of gradients a weighted mean of them."""
    a = momentum * a + (1 - dampening) * g
    return w - lr * a, a


@dampened_momentum.dialect(
    "first-undamped",
    latex=r"""
        a_t = \begin{cases} g_t & t = 1 \lor \beta = 0 \\ \beta a_{t-1} + (1 - d) g_t & \text{otherwise} \end{cases} \\
        w_t = w_{t-1} - \eta \, a_t
    """,
    sources=[TORCH],
    differs="the first gradient, and every gradient without momentum, enters the buffer whole",
    telling=dict(w=np.array([0.0]), a=np.array([0.0]), g=np.array([1.0]), t=1, lr=1.0, momentum=0.5, dampening=0.5),
)
def _(w, a, g, t, *, lr, momentum, dampening):
    a = g if t == 1 or momentum == 0 else momentum * a + (1 - dampening) * g
    return w - lr * a, a


@dampened_momentum.law("without dampening it is momentum", when="d = 0",
                       outside=dict(w=0.0, a=0.0, g=1.0, t=2, lr=1.0, momentum=0.5, dampening=0.5))  # fmt: skip
def _(f, w, a, g, t, *, lr, momentum, dampening):
    return f(w, a, g, t, lr=lr, momentum=momentum, dampening=dampening), heavy_ball(w, a, g, lr=lr, momentum=momentum)


@dampened_momentum.law(
    "it converges on the loss λw²/2",
    when="0 < ηλ(1 - d) < 2(1 + β)",
    outside=dict(curvature=1.0, lr=6.0, momentum=0.5, dampening=0.5),
)
def _(f, curvature, *, lr, momentum, dampening):
    def step(w, a):
        return f(w, a, curvature * w, 2, lr=lr, momentum=momentum, dampening=dampening)

    return shrinks(*trace_and_determinant(step)), True


@dampened_momentum.law("it is gradient descent", when="β = 0 and d = 0",
                       outside=dict(w=0.0, a=0.0, g=1.0, t=2, lr=1.0, momentum=0.0, dampening=0.5))  # fmt: skip
def _(f, w, a, g, t, *, lr, momentum, dampening):
    after, _ = f(w, a, g, t, lr=lr, momentum=momentum, dampening=dampening)
    return after, gradient_descent(w, g, lr=lr)


momentum.wording(  # the velocity is the last step
    r"w_{t+1} = w_t - \eta g_t + \beta (w_t - w_{t-1})", dialect="velocity", symbols={"w_{t-1}": lambda w, a: w - a}
)  # fmt: skip
momentum.wording(r"v_t = \beta v_{t-1} + \nabla L(w_{t-1}) \\ w_t = w_{t-1} - \eta v_t")
momentum.wording(r"v_{t+1} = \mu v_t - \eta \nabla L(w_t) \\ w_{t+1} = w_t + v_{t+1}", dialect="velocity")
momentum.wording(
    r"v = \alpha v - \epsilon \nabla_\theta \left( \frac{1}{m} \sum_{i=1}^m L(f(x^{(i)}; \theta), y^{(i)}) \right) \\ \theta = \theta + v",
    dialect="velocity",
    symbols={r"\nabla_\theta \left( \frac{1}{m} \sum_{i=1}^m L(f(x^{(i)}; \theta), y^{(i)}) \right)": "g", r"\alpha": "momentum", r"\epsilon": "lr"},
)
momentum.wording(
    r"\Delta w_t = -\eta \nabla E(w_t) + \mu \Delta w_{t-1}", dialect="velocity",
    symbols={r"\Delta w": "a"},
)  # fmt: skip
momentum.wording(r"v = \mu v - \alpha \nabla f(x) \\ x = x + v", dialect="velocity", symbols={"x": "w", r"\alpha": "lr"})
