"""RMSprop: the gradient over the root of the mean of its recent squares."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import between, decay, lane, nonnegative, positive, proper, real
from reference.optimizers.averages import average, ratio

HINTON = Paper("Hinton, Srivastava & Swersky 2012, Neural Networks for Machine Learning", "lecture 6e, slide 29", "https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf")
GRAVES = Paper("Graves 2013, Generating Sequences With Recurrent Neural Networks", "equations 38 to 41", "https://arxiv.org/abs/1308.0850")
TORCH = Paper("PyTorch, torch.optim.RMSprop", "the algorithm", "https://pytorch.org/docs/stable/generated/torch.optim.RMSprop.html")
TENSORFLOW = Paper("TensorFlow, tf.raw_ops.ApplyRMSProp", "the update", "https://www.tensorflow.org/api_docs/python/tf/raw_ops/ApplyRMSProp")
NOTE = Note("001_468a25992c418006.md", label="math 6-5")


@equation(
    latex=r"""
        v_t = \rho v_{t-1} + (1 - \rho) g_t^2 \\
        w_t = w_{t-1} - \eta \, \frac{g_t}{\sqrt{v_t} + \epsilon}
    """,
    sources=[HINTON, NOTE, Note("003_ad5d26ecc7ac182d.md", line=87), TORCH],
    domain=dict(w=lane(real), g=lane(real), v=lane(nonnegative), lr=positive, rho=decay, eps=positive),
    outputs=("w", "v"),
    differentiable=(),
)
def rmsprop(w, g, v, *, lr, rho, eps):
    """Unlike Adagrad's sum of squares, a mean that forgets lets the rate recover."""
    v = average(rho, v, g**2)
    return w - ratio(lr, g, np.sqrt(v) + eps), v


@rmsprop.dialect(
    "eps-inside",
    latex=r"""
        v_t = \rho v_{t-1} + (1 - \rho) g_t^2 \\
        w_t = w_{t-1} - \frac{\eta}{\sqrt{v_t + \epsilon}} \, g_t
    """,
    sources=[NOTE, TENSORFLOW],
    differs="ε is added under the root",
    telling=dict(w=np.array([0.0]), g=np.array([2.0]), v=np.array([0.0]), lr=1.0, rho=0.75, eps=1.0),
)
def _(w, g, v, *, lr, rho, eps):
    v = average(rho, v, g**2)
    return w - ratio(lr, g, np.sqrt(v + eps)), v


@rmsprop.closed_form(
    "the t-th step under a constant gradient is η·sign(g)/√(1 - ρᵗ)",
    when="ε = 0, v starts at 0 and g is not 0",
    outside=dict(w=0.0, g=1.0, v=0.0, t=1, lr=1.0, rho=0.0, eps=1.0),
)
def _(f, w, g, v, t, *, lr, rho, eps):
    """It tends to η·sign(g); the first steps are longer, since nothing corrects the start at 0."""
    for _ in range(t):
        before, (w, v) = w, f(w, g, v, lr=lr, rho=rho, eps=eps)
    return (before - w) * np.sqrt(g**2 * (1 - rho**t)), lr * g


rmsprop.limit("a weight without gradients stays",
              given=dict(w=1.0, g=0.0, v=0.0, lr=1.0, rho=0.5, eps=1e-8), gives=(1.0, 0.0))  # fmt: skip


@equation(
    latex=r"""
        v_t = \rho v_{t-1} + (1 - \rho) g_t^2 \\
        m_t = \rho m_{t-1} + (1 - \rho) g_t \\
        w_t = w_{t-1} - \eta \, \frac{g_t}{\sqrt{v_t - m_t^2} + \epsilon}
    """,
    sources=[GRAVES, NOTE, TORCH],
    domain=dict(w=lane(real), g=lane(real), v=lane(between(1, 4)), m=lane(between(-1, 1)), lr=positive, rho=decay, eps=positive),
    outputs=("w", "v", "m"),
    differentiable=(),
)
def rmsprop_centered(w, g, v, m, *, lr, rho, eps):
    """A gradient is measured by its deviation from its own recent mean.

    v - m² is a variance and stays at least 0 if it is so at the start, as it is for v >= 1 >= |m|; with rounding it may
    still come out below.
    """
    v = average(rho, v, g**2)
    m = average(rho, m, g)
    return w - ratio(lr, g, np.sqrt(v - m**2) + eps), v, m


@rmsprop_centered.dialect(
    "eps-inside",
    latex=r"""
        v_t = \rho v_{t-1} + (1 - \rho) g_t^2 \\
        m_t = \rho m_{t-1} + (1 - \rho) g_t \\
        w_t = w_{t-1} - \eta \, \frac{g_t}{\sqrt{v_t - m_t^2 + \epsilon}}
    """,
    sources=[GRAVES],
    differs="ε is added under the root",
    telling=dict(w=np.array([0.0]), g=np.array([2.0]), v=np.array([0.0]), m=np.array([0.0]), lr=1.0, rho=0.5, eps=1.0),
)
def _(w, g, v, m, *, lr, rho, eps):
    v = average(rho, v, g**2)
    m = average(rho, m, g)
    return w - ratio(lr, g, np.sqrt(v - m**2 + eps)), v, m


@rmsprop_centered.closed_form("a gradient that never changed has the step η·g/ε", when="m = g and v = g²",
                              outside=dict(w=0.0, g=1.0, v=2.0, m=1.0, lr=1.0, rho=0.5, eps=1.0))  # fmt: skip
def _(f, w, g, v, m, *, lr, rho, eps):
    after, _, _ = f(w, g, v, m, lr=lr, rho=rho, eps=eps)
    return w - after, lr * g / eps


@rmsprop_centered.law("the new variance is ρ(v - m²) + ρ(1 - ρ)(g - m)², not negative if the old one was not")
def _(f, w, g, v, m, *, lr, rho, eps):
    _, after, mean = f(w, g, v, m, lr=lr, rho=rho, eps=eps)
    return after - mean**2, rho * (v - m**2) + rho * (1 - rho) * (g - m) ** 2


@equation(
    latex=r"""
        v_t = \rho v_{t-1} + (1 - \rho) g_t^2 \\
        a_t = \mu a_{t-1} + \frac{g_t}{\sqrt{v_t} + \epsilon} \\
        w_t = w_{t-1} - \eta \, a_t
    """,
    sources=[TORCH, NOTE],
    domain=dict(w=lane(real), g=lane(real), v=lane(nonnegative), a=lane(real),
                lr=positive, rho=decay, momentum=proper, eps=positive),
    outputs=("w", "v", "a"),
    differentiable=(),
)  # fmt: skip
def rmsprop_momentum(w, g, v, a, *, lr, rho, momentum, eps):
    """Momentum over gradients that are already normalised: one large gradient cannot fill the buffer."""
    v = average(rho, v, g**2)
    a = momentum * a + g / (np.sqrt(v) + eps)
    return w - lr * a, v, a


MOMENTUM_TELLING = dict(w=np.array([0.0]), g=np.array([1.0]), v=np.array([0.0]), a=np.array([1.0]),
                        lr=0.5, rho=0.0, momentum=0.5, eps=1.0)  # fmt: skip


@rmsprop_momentum.dialect(
    "rate-in-buffer",
    latex=r"""
        v_t = \rho v_{t-1} + (1 - \rho) g_t^2 \\
        a_t = \mu a_{t-1} + \eta \frac{g_t}{\sqrt{v_t + \epsilon}} \\
        w_t = w_{t-1} - a_t
    """,
    sources=[TENSORFLOW, GRAVES],
    differs="the rate enters the buffer with the gradient, and ε is under the root",
    telling=MOMENTUM_TELLING,
)
def _(w, g, v, a, *, lr, rho, momentum, eps):
    v = average(rho, v, g**2)
    a = momentum * a + ratio(lr, g, np.sqrt(v + eps))
    return w - a, v, a


@rmsprop_momentum.dialect(
    "momentum-before",
    latex=r"""
        v_t = \rho v_{t-1} + (1 - \rho) g_t^2 \\
        a_t = \mu a_{t-1} + g_t \\
        w_t = w_{t-1} - \eta \, \frac{a_t}{\sqrt{v_t} + \epsilon}
    """,
    sources=[Paper("Kingma & Ba 2015, Adam: A Method for Stochastic Optimization", "section 5, on RMSProp", "https://arxiv.org/abs/1412.6980")],
    differs="the raw gradients are accumulated, and their sum is normalised",
    telling=MOMENTUM_TELLING,
)
def _(w, g, v, a, *, lr, rho, momentum, eps):
    v = average(rho, v, g**2)
    a = momentum * a + g
    return w - ratio(lr, a, np.sqrt(v) + eps), v, a


@rmsprop_momentum.law("without momentum it is RMSprop", when="μ = 0",
                      outside=dict(w=0.0, g=1.0, v=0.0, a=1.0, lr=1.0, rho=0.0, momentum=0.5, eps=1.0))  # fmt: skip
def _(f, w, g, v, a, *, lr, rho, momentum, eps):
    after, square, _ = f(w, g, v, a, lr=lr, rho=rho, momentum=momentum, eps=eps)
    return (after, square), rmsprop(w, g, v, lr=lr, rho=rho, eps=eps)


rmsprop.wording(
    r"v_t = \rho v_{t-1} + (1 - \rho) g_t^2 \\ "
    r"\Delta w_t = -\frac{\eta}{\sqrt{v_t + \epsilon}} g_t \\ "
    r"w_t = w_{t-1} + \Delta w_t", dialect="eps-inside",
)  # fmt: skip
