"""AMSGrad: Adam whose divisor never shrinks."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import count, decay, lane, nonnegative, positive, real
from reference.optimizers.adam import adam
from reference.optimizers.averages import average, corrected_root, ratio

REDDI = Paper("Reddi, Kale & Kumar 2018, On the Convergence of Adam and Beyond", "Algorithm 2", "https://openreview.net/forum?id=ryQu7f-RZ")
TORCH = Paper("PyTorch, torch.optim.Adam", "the algorithm, amsgrad", "https://pytorch.org/docs/stable/generated/torch.optim.Adam.html")
OPTAX = Paper("Optax, scale_by_amsgrad", "the transformation", "https://optax.readthedocs.io/en/latest/api/transformations.html")
TELLING = dict(w=np.array([0.0]), g=np.array([1.0]), m=np.array([0.0]), v=np.array([0.0]), top=np.array([0.5]), t=1,
               lr=1.0, beta1=0.5, beta2=0.75, eps=1.0)  # fmt: skip


@equation(
    latex=r"""
        m_t = \beta_1 m_{t-1} + (1 - \beta_1) g_t \\
        v_t = \beta_2 v_{t-1} + (1 - \beta_2) g_t^2 \\
        u_t = \max(u_{t-1}, v_t) \\
        w_t = w_{t-1} - \eta \, \frac{m_t / (1 - \beta_1^t)}{\sqrt{u_t / (1 - \beta_2^t)} + \epsilon}
    """,
    sources=[REDDI, TORCH, Note("001_468a25992c418006.md", label="math 6-6")],
    domain=dict(w=lane(real), g=lane(real), m=lane(real), v=lane(nonnegative), top=lane(nonnegative), t=count,
                lr=positive, beta1=decay, beta2=decay, eps=positive),
    outputs=("w", "m", "v", "top"),
    differentiable=(),
)  # fmt: skip
def amsgrad(w, g, m, v, top, t, *, lr, beta1, beta2, eps):
    """The largest mean of squares so far takes the place of the latest, so that a rare large gradient is not forgotten."""
    m = average(beta1, m, g)
    v = average(beta2, v, g**2)
    top = np.maximum(top, v)
    m_hat = m / (1 - beta1**t)
    return w - ratio(lr, m_hat, corrected_root(top, 1 - beta2**t) + eps), m, v, top


@amsgrad.dialect(
    "corrected-maximum",
    latex=r"""
        m_t = \beta_1 m_{t-1} + (1 - \beta_1) g_t \\
        v_t = \beta_2 v_{t-1} + (1 - \beta_2) g_t^2 \\
        u_t = \max(u_{t-1}, v_t / (1 - \beta_2^t)) \\
        w_t = w_{t-1} - \eta \, \frac{m_t / (1 - \beta_1^t)}{\sqrt{u_t} + \epsilon}
    """,
    sources=[OPTAX],
    differs="the maximum is taken of the corrected means, whose first ones may be the largest for ever",
    telling=TELLING,
)
def _(w, g, m, v, top, t, *, lr, beta1, beta2, eps):
    m = average(beta1, m, g)
    v = average(beta2, v, g**2)
    top = np.maximum(top, v / (1 - beta2**t))
    return w - ratio(lr / (1 - beta1**t), m, np.sqrt(top) + eps), m, v, top


@amsgrad.dialect(
    "uncorrected",
    latex=r"""
        m_t = \beta_1 m_{t-1} + (1 - \beta_1) g_t \\
        v_t = \beta_2 v_{t-1} + (1 - \beta_2) g_t^2 \\
        u_t = \max(u_{t-1}, v_t) \\
        w_t = w_{t-1} - \eta \, \frac{m_t}{\sqrt{u_t} + \epsilon}
    """,
    sources=[REDDI],
    differs="as in the paper, neither mean is corrected for its start at 0 (the paper has no ε either)",
    telling=TELLING,
)
def _(w, g, m, v, top, t, *, lr, beta1, beta2, eps):
    m = average(beta1, m, g)
    v = average(beta2, v, g**2)
    top = np.maximum(top, v)
    return w - ratio(lr, m, np.sqrt(top) + eps), m, v, top


@amsgrad.law("the divisor never shrinks")
def _(f, w, g, m, v, top, t, **hyper):
    *_, after = f(w, g, m, v, top, t, **hyper)
    return np.maximum(after, top), after


@amsgrad.law(
    "it is Adam",
    when="no earlier v was larger than this one",
    outside=dict(w=0.0, g=1.0, m=0.0, v=0.0, top=1.0, t=1, lr=1.0, beta1=0.5, beta2=0.75, eps=1.0),
)
def _(f, w, g, m, v, top, t, **hyper):
    *made, _ = f(w, g, m, v, top, t, **hyper)
    return tuple(made), adam(w, g, m, v, t, **hyper)


amsgrad.limit("a gradient of 0 after a large one is divided by the large one's root",
              given=dict(w=1.0, g=0.0, m=1.0, v=0.0, top=4.0, t=1, lr=1.0, beta1=0.5, beta2=0.0, eps=1.0),
              gives=(1 - 1 / 3, 0.5, 0.0, 4.0))  # fmt: skip


amsgrad.wording(
    r"m_t = \beta_1 m_{t-1} + (1 - \beta_1) g_t \\ "
    r"v_t = \beta_2 v_{t-1} + (1 - \beta_2) g_t^2 \\ "
    r"\hat{v}_t = \max(\hat{v}_{t-1}, v_t) \\ "
    r"w_t = w_{t-1} - \eta \, \frac{m_t}{\sqrt{\hat{v}_t} + \epsilon}", dialect="uncorrected",
)  # fmt: skip
