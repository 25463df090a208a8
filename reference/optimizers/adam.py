"""Adam: steps of nearly constant length, whatever the scale of the gradient."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import count, decay, lane, nonnegative, positive, real
from reference.optimizers.averages import average, corrected_root, ratio

PAPER = Paper("Kingma & Ba 2015, Adam: A Method for Stochastic Optimization", "Algorithm 1", "https://arxiv.org/abs/1412.6980")
STUDY_NOTE = Note("001_468a25992c418006.md", label="math 6-6")
NAMED = Note("003_ad5d26ecc7ac182d.md", line=89)

TELLING = dict(w=np.array([0.0]), g=np.array([1.0]), m=np.array([0.0]), v=np.array([0.0]), t=1,
               lr=1.0, beta1=0.5, beta2=0.75, eps=1.0)  # fmt: skip


@equation(
    latex=r"""
        m_t = \beta_1 m_{t-1} + (1 - \beta_1) g_t \\
        v_t = \beta_2 v_{t-1} + (1 - \beta_2) g_t^2 \\
        w_t = w_{t-1} - \eta \, \frac{m_t / (1 - \beta_1^t)}{\sqrt{v_t / (1 - \beta_2^t)} + \epsilon}
    """,
    sources=[PAPER, STUDY_NOTE, NAMED],
    domain=dict(w=lane(real), g=lane(real), m=lane(real), v=lane(nonnegative), t=count,
                lr=positive, beta1=decay, beta2=decay, eps=positive),
    outputs=("w", "m", "v"),
    differentiable=(),
)  # fmt: skip
def adam(w, g, m, v, t, *, lr, beta1, beta2, eps):
    """As ε tends to 0, multiplying all gradients, past ones too, by one positive number leaves the step as it is."""
    m = average(beta1, m, g)
    v = average(beta2, v, g**2)
    m_hat = m / (1 - beta1**t)
    return w - ratio(lr, m_hat, corrected_root(v, 1 - beta2**t) + eps), m, v


@adam.dialect(
    "eps-hat",
    latex=r"""
        m_t = \beta_1 m_{t-1} + (1 - \beta_1) g_t \\
        v_t = \beta_2 v_{t-1} + (1 - \beta_2) g_t^2 \\
        w_t = w_{t-1} - \eta \, \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t} \frac{m_t}{\sqrt{v_t} + \hat{\epsilon}}
    """,
    sources=[
        Paper("Kingma & Ba 2015, Adam: A Method for Stochastic Optimization", "section 2, last paragraph before 2.1", "https://arxiv.org/abs/1412.6980"),
        Paper("TensorFlow, tf.keras.optimizers.Adam", "the note on epsilon hat", "https://www.tensorflow.org/api_docs/python/tf/keras/optimizers/Adam"),
    ],
    differs="the corrections are moved into the rate, so that ε is added to the root of v before v is corrected",
    telling=TELLING,
)
def _(w, g, m, v, t, *, lr, beta1, beta2, eps):
    m = average(beta1, m, g)
    v = average(beta2, v, g**2)
    return w - ratio(lr * np.sqrt(1 - beta2**t) / (1 - beta1**t), m, np.sqrt(v) + eps), m, v


@adam.dialect(
    "uncorrected",
    latex=r"""
        m_t = \beta_1 m_{t-1} + (1 - \beta_1) g_t \\
        v_t = \beta_2 v_{t-1} + (1 - \beta_2) g_t^2 \\
        w_t = w_{t-1} - \eta \, \frac{m_t}{\sqrt{v_t} + \epsilon}
    """,
    sources=[Paper("Reddi, Kale & Kumar 2018, On the Convergence of Adam and Beyond", "section 2, the remark on debiasing", "https://openreview.net/forum?id=ryQu7f-RZ")],
    differs="nothing corrects the start of the two means at 0",
    telling=TELLING,
)
def _(w, g, m, v, t, *, lr, beta1, beta2, eps):
    m = average(beta1, m, g)
    v = average(beta2, v, g**2)
    return w - ratio(lr, m, np.sqrt(v) + eps), m, v


@adam.dialect(
    "eps-inside-raw",
    latex=r"""
        m_t = \beta_1 m_{t-1} + (1 - \beta_1) g_t \\
        v_t = \beta_2 v_{t-1} + (1 - \beta_2) g_t^2 \\
        w_t = w_{t-1} - \frac{\eta}{\sqrt{v_t + \epsilon}} \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t} m_t
    """,
    sources=[STUDY_NOTE],
    differs="ε is added under the root, to v before its bias correction",
    telling=TELLING,
)
def _(w, g, m, v, t, *, lr, beta1, beta2, eps):
    m = average(beta1, m, g)
    v = average(beta2, v, g**2)
    return w - ratio(lr * np.sqrt(1 - beta2**t) / (1 - beta1**t), m, np.sqrt(v + eps)), m, v


@adam.dialect(
    "eps-inside",
    latex=r"""
        m_t = \beta_1 m_{t-1} + (1 - \beta_1) g_t \\
        v_t = \beta_2 v_{t-1} + (1 - \beta_2) g_t^2 \\
        w_t = w_{t-1} - \eta \, \frac{m_t / (1 - \beta_1^t)}{\sqrt{v_t / (1 - \beta_2^t) + \epsilon}}
    """,
    sources=[Paper("Optax documentation", "optax.adam, eps_root with eps = 0", "https://optax.readthedocs.io/en/latest/api/optimizers.html#optax.adam")],
    differs="ε is added under the root, to v after its bias correction",
    telling=TELLING,
)
def _(w, g, m, v, t, *, lr, beta1, beta2, eps):
    m = average(beta1, m, g)
    v = average(beta2, v, g**2)
    return w - ratio(lr, m / (1 - beta1**t), np.sqrt(v / (1 - beta2**t) + eps)), m, v


@adam.misprint(
    "minus in v",
    latex=r"v_t = \beta_2 v_{t-1} - (1 - \beta_2) g_t^2",
    sources=[STUDY_NOTE],
    differs="the new square is subtracted, so that v is negative from the first step on and has no root",
    telling=TELLING,
)
def _(w, g, m, v, t, *, lr, beta1, beta2, eps):
    m = average(beta1, m, g)
    v = beta2 * v - (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    return w - ratio(lr, m_hat, corrected_root(v, 1 - beta2**t) + eps), m, v


@adam.law("negating the gradient and its average mirrors the step")
def _(f, w, g, m, v, t, **hyper):
    up, _, _ = f(w, g, m, v, t, **hyper)
    down, _, _ = f(w, -g, -m, v, t, **hyper)
    return up - w, w - down


@adam.closed_form(
    "the first step from zero moments is η·g/(|g| + ε)",
    when="m = 0, v = 0, t = 1",
    outside=dict(w=0.0, g=1.0, m=0.0, v=0.0, t=2, lr=1.0, beta1=0.5, beta2=0.75, eps=1.0),
)
def _(f, w, g, m, v, t, *, lr, beta1, beta2, eps):
    after, _, _ = f(w, g, m, v, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps)
    return w - after, lr * g / (np.abs(g) + eps)


@adam.closed_form(
    "without ε the first step is η·sign(g), whatever the size of the gradient",
    when="ε = 0, m = 0, v = 0, t = 1 and g is not 0",
    outside=dict(w=0.0, g=1.0, m=0.0, v=0.0, t=1, lr=1.0, beta1=0.5, beta2=0.75, eps=1.0),
)
def _(f, w, g, m, v, t, *, lr, beta1, beta2, eps):
    after, _, _ = f(w, g, m, v, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps)
    return w - after, lr * np.sign(g)


@adam.law(
    "multiplying the loss, past gradients too, by a positive number leaves the step as it is",
    when="ε = 0 and v is not 0 after the step",
    outside=dict(w=0.0, g=1.0, m=0.0, v=0.0, t=1, factor=2.0, lr=1.0, beta1=0.5, beta2=0.75, eps=1.0),
)
def _(f, w, g, m, v, t, factor, **hyper):
    plain, _, _ = f(w, g, m, v, t, **hyper)
    scaled, _, _ = f(w, factor * g, factor * m, factor**2 * v, t, **hyper)
    return scaled, plain


@adam.closed_form(
    "under a constant gradient the corrected moments are g and g² from the first step on",
    when="both moments start at 0 and t counts from 1",
    outside=dict(w=0.0, g=1.0, m=1.0, v=0.0, steps=1, lr=1.0, beta1=0.5, beta2=0.75, eps=1.0),
)
def _(f, w, g, m, v, steps, *, lr, beta1, beta2, eps):
    for t in range(1, steps + 1):
        w, m, v = f(w, g, m, v, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps)
    return (m / (1 - beta1**steps), v / (1 - beta2**steps)), (g, g**2)


@adam.closed_form("the first moment is the sum of (1 - β₁)·β₁ᵗ⁻ᵏ·gₖ, and of β₁ᵗ times its start; v likewise of squares")
def _(f, w, gradients, m, v, *, lr, beta1, beta2, eps):
    steps = len(gradients)
    first = beta1**steps * m + sum((1 - beta1) * beta1 ** (steps - 1 - k) * g for k, g in enumerate(gradients))
    second = beta2**steps * v + sum((1 - beta2) * beta2 ** (steps - 1 - k) * g**2 for k, g in enumerate(gradients))
    for t, g in enumerate(gradients, start=1):
        w, m, v = f(w, g, m, v, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps)
    return (m, v), (first, second)


adam.limit(
    "a parameter that never had a gradient stays",
    given=dict(w=1.0, g=0.0, m=0.0, v=0.0, t=1, lr=0.1, beta1=0.9, beta2=0.999, eps=1e-8),
    gives=(1.0, 0.0, 0.0),
)
adam.limit(
    "a NaN in the gradient reaches the parameter and both moments",
    given=dict(w=1.0, g=np.nan, m=0.0, v=0.0, t=1, lr=0.1, beta1=0.9, beta2=0.999, eps=1e-8),
    gives=(np.nan, np.nan, np.nan),
)


adam.wording(
    r"m_t = \beta_1 m_{t-1} + (1 - \beta_1) g_t \\ "
    r"v_t = \beta_2 v_{t-1} + (1 - \beta_2) g_t^2 \\ "
    r"\hat{m}_t = \frac{m_t}{1 - \beta_1^t} \\ "
    r"\hat{v}_t = \frac{v_t}{1 - \beta_2^t} \\ "
    r"w_t = w_{t-1} - \eta \, \frac{\hat{m}_t}{\sqrt{\hat{v}_t} + \epsilon}",
)  # fmt: skip
adam.wording(
    r"\eta_t = \eta \, \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t} \\ "
    r"w_t = w_{t-1} - \eta_t \, \frac{m_t}{\sqrt{v_t} + \hat{\epsilon}}", dialect="eps-hat",
)  # fmt: skip
adam.wording(
    r"\hat{m}_t = \frac{m_t}{1 - \beta_1^t} \\ "
    r"\hat{v}_t = \frac{v_t}{1 - \beta_2^t} \\ "
    r"w_t = w_{t-1} - \frac{\eta}{\sqrt{\hat{v}_t + \epsilon}} \, \hat{m}_t", dialect="eps-inside",
)  # fmt: skip
