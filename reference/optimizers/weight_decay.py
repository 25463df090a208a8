"""Keeping weights small: a penalty on their squares, or a share that they lose at each step."""

import numpy as np

from reference.catalogue import Note, Paper, equation
from reference.domain import Array, count, decay, lane, nonnegative, positive, real
from reference.functions import either
from reference.optimizers.adam import adam
from reference.optimizers.averages import shrunk
from reference.optimizers.gradient_descent import gradient_descent
from reference.optimizers.momentum import momentum

PENALTY = Note("001_468a25992c418006.md", label="math 7")
DECAY = Note("003_ad5d26ecc7ac182d.md", line=96)
GOODFELLOW = Paper("Goodfellow, Bengio & Courville 2016, Deep Learning", "section 7.1.1, equation 7.2", "https://www.deeplearningbook.org/contents/regularization.html")
LOSHCHILOV = Paper("Loshchilov & Hutter 2019, Decoupled Weight Decay Regularization", "Algorithms 1 and 2", "https://arxiv.org/abs/1711.05101")
TORCH = Paper("PyTorch, torch.optim.AdamW", "the algorithm", "https://pytorch.org/docs/stable/generated/torch.optim.AdamW.html")


@equation(
    latex=r"J = L + \frac{\alpha}{2} \sum_{i=1}^{N} w_i^2",
    sources=[PENALTY, GOODFELLOW],
    domain=dict(loss=Array(real, ""), w=Array(real, "N"), alpha=nonnegative),
    outputs=("cost",),
)
def l2_penalized_cost(loss, w, *, alpha):
    """A penalty on squares is the logarithm of a Gaussian prior on the weights, up to a constant."""
    return loss + alpha / 2 * np.sum(w**2)


@l2_penalized_cost.dialect(
    "without-half",
    latex=r"J = L + \alpha \sum_{i=1}^{N} w_i^2",
    sources=[Paper("Keras, regularizers.L2", "the formula", "https://keras.io/api/layers/regularizers/")],
    differs="α stands without the ½, so that the same number decays twice as fast",
    telling=dict(loss=np.array(0.0), w=np.array([1.0]), alpha=1.0),
)
def _(loss, w, *, alpha):
    return loss + alpha * np.sum(w**2)


@l2_penalized_cost.gradient_form("w")
def _(dcost, loss, w, *, alpha):
    return dcost * (alpha * w)


@l2_penalized_cost.law("only weights of 0 cost nothing")
def _(f, loss, w, *, alpha):
    return f(loss, w, alpha=alpha) - loss, alpha / 2 * np.einsum("i,i->", w, w)


l2_penalized_cost.limit("no weights cost nothing",
                        given=dict(loss=1.5, w=np.zeros(0), alpha=2.0), gives=1.5)  # fmt: skip


@equation(
    latex=r"g' = g + \alpha w",
    sources=[PENALTY, DECAY, LOSHCHILOV],
    domain=dict(w=lane(real), g=lane(real), decay=nonnegative),
    outputs=("g",),
    differentiable=(),
)
def coupled_decay(w, g, *, decay):
    """The gradient of a penalty goes the way of all gradients: an adaptive optimizer divides it as it divides the rest."""
    return g + decay * w


@coupled_decay.dialect(
    "without-half",
    latex=r"g' = g + 2 \alpha w",
    sources=[Paper("Keras, regularizers.L2", "the formula", "https://keras.io/api/layers/regularizers/")],
    differs="the penalty is α times the squares instead of half of it",
    telling=dict(w=np.array([1.0]), g=np.array([0.0]), decay=1.0),
)
def _(w, g, *, decay):
    return g + 2 * decay * w


@equation(
    latex=r"w' = w - \eta \lambda w",
    sources=[DECAY, LOSHCHILOV, TORCH],
    domain=dict(w=lane(real), lr=positive, decay=nonnegative),
    outputs=("w",),
    differentiable=(),
)
def decoupled_decay(w, *, lr, decay):
    """Every weight loses the same share at each step, however large its gradients are."""
    return shrunk(w, lr, decay)


@decoupled_decay.dialect(
    "without-rate",
    latex=r"w' = w - \lambda w",
    sources=[LOSHCHILOV],
    differs="the share does not follow the rate, only the schedule's multiplier",
    telling=dict(w=np.array([1.0]), lr=0.5, decay=0.5),
)
def _(w, *, lr, decay):
    return w * (1 - decay)


@decoupled_decay.law(
    "before a step of momentum it does what the coupled decay does",
    when="β = 0 or it is the first step from an empty buffer",
    outside=dict(w=1.0, gradients=(0.0, 0.0), lr=0.5, decay=0.5, beta=0.5),
)
def _(f, w, gradients, *, lr, decay, beta):
    """The buffer remembers the coupled penalty; from the second step on the two part."""
    one, one_buffer, two, two_buffer = w, 0 * w, w, 0 * w
    for g in gradients:
        one, one_buffer = _decoupled(f, one, one_buffer, g, lr, decay, beta)
        two, two_buffer = momentum(two, two_buffer, coupled_decay(two, g, decay=decay), lr=lr, momentum=beta)
    return one, two


def _decoupled(f, w, a, g, lr, decay, beta):
    after, a = momentum(f(w, lr=lr, decay=decay), a, g, lr=lr, momentum=beta)
    return after, a


@decoupled_decay.law("before gradient descent it is the descent of the loss with the penalty")
def _(f, w, g, *, lr, decay):
    return (
        gradient_descent(f(w, lr=lr, decay=decay), g, lr=lr),
        gradient_descent(w, coupled_decay(w, g, decay=decay), lr=lr),
    )


@decoupled_decay.closed_form("without gradients t steps leave the share (1 - ηλ)ᵗ")
def _(f, w, t, *, lr, decay):
    last = w
    for _ in range(t):
        last = f(last, lr=lr, decay=decay)
    return last, w * (1 - lr * decay) ** t


# A weight that shrinks and moves: its share is taken off before it moves, afterwards, or in one update of both.
stepped = either(
    lambda w, move, rate, decay: shrunk(w, rate, decay) + move,
    lambda w, move, rate, decay: w + move - rate * decay * w,
    lambda w, move, rate, decay: w + rate * (move / rate - decay * w),
)


@equation(
    latex=r"""
        m_t = \beta_1 m_{t-1} + (1 - \beta_1) g_t \\
        v_t = \beta_2 v_{t-1} + (1 - \beta_2) g_t^2 \\
        w_t = (1 - \eta \lambda) w_{t-1} - \eta \, \frac{m_t / (1 - \beta_1^t)}{\sqrt{v_t / (1 - \beta_2^t)} + \epsilon}
    """,
    sources=[LOSHCHILOV, TORCH, DECAY],
    domain=dict(w=lane(real), g=lane(real), m=lane(real), v=lane(nonnegative), t=count,
                lr=positive, beta1=decay, beta2=decay, eps=positive, weight_decay=nonnegative),
    outputs=("w", "m", "v"),
    differentiable=(),
)  # fmt: skip
def adamw(w, g, m, v, t, *, lr, beta1, beta2, eps, weight_decay):
    """Adam with a decay that its division does not touch."""
    w = decoupled_decay(w, lr=lr, decay=weight_decay)
    return adam(w, g, m, v, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps)


@adamw.by_itself
def _(w, g, m, v, t, *, lr, beta1, beta2, eps, weight_decay):
    moved, m, v = adam(np.zeros_like(w), g, m, v, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps)
    return stepped(w, moved, lr, weight_decay), m, v


TELLING = dict(w=np.array([1.0]), g=np.array([1.0]), m=np.array([0.0]), v=np.array([0.0]), t=1,
               lr=0.5, beta1=0.5, beta2=0.75, eps=1.0, weight_decay=0.5)  # fmt: skip


@adamw.dialect(
    "coupled",
    latex=r"""
        h_t = g_t + \lambda w_{t-1} \\
        m_t = \beta_1 m_{t-1} + (1 - \beta_1) h_t \\
        v_t = \beta_2 v_{t-1} + (1 - \beta_2) h_t^2 \\
        w_t = w_{t-1} - \eta \, \frac{m_t / (1 - \beta_1^t)}{\sqrt{v_t / (1 - \beta_2^t)} + \epsilon}
    """,
    sources=[LOSHCHILOV, PENALTY],
    differs="the decay is the gradient of a penalty, and Adam divides it by the root of v: Adam with L2",
    telling=TELLING,
)
def adam_with_penalty(w, g, m, v, t, *, lr, beta1, beta2, eps, weight_decay):
    return adam(w, coupled_decay(w, g, decay=weight_decay), m, v, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps)


@adamw.dialect(
    "without-rate",
    latex=r"""
        m_t = \beta_1 m_{t-1} + (1 - \beta_1) g_t \\
        v_t = \beta_2 v_{t-1} + (1 - \beta_2) g_t^2 \\
        w_t = (1 - \lambda) w_{t-1} - \eta \, \frac{m_t / (1 - \beta_1^t)}{\sqrt{v_t / (1 - \beta_2^t)} + \epsilon}
    """,
    sources=[LOSHCHILOV],
    differs="the decay is not multiplied by the rate",
    telling=TELLING,
)
def _(w, g, m, v, t, *, lr, beta1, beta2, eps, weight_decay):
    after, m, v = adam(w, g, m, v, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps)
    return after - weight_decay * w, m, v


@adamw.law(
    "it is Adam with the penalty",
    when="there is no decay",
    outside=dict(w=1.0, g=0.0, m=0.0, v=0.0, t=1, lr=0.5, beta1=0.5, beta2=0.75, eps=1.0, weight_decay=1.0),
)
def _(f, w, g, m, v, t, **hyper):
    """Even without a gradient the two differ: the penalty's step is a full step of Adam, not a share of the weight."""
    return f(w, g, m, v, t, **hyper), adam_with_penalty(w, g, m, v, t, **hyper)


adamw.wording(
    r"m_t = \beta_1 m_{t-1} + (1 - \beta_1) g_t \\ "
    r"v_t = \beta_2 v_{t-1} + (1 - \beta_2) g_t^2 \\ "
    r"\hat{m}_t = \frac{m_t}{1 - \beta_1^t} \\ "
    r"\hat{v}_t = \frac{v_t}{1 - \beta_2^t} \\ "
    r"w_t = w_{t-1} - \eta \left( \frac{\hat{m}_t}{\sqrt{\hat{v}_t} + \epsilon} + \lambda w_{t-1} \right)",
)  # fmt: skip
adamw.wording(r"w_t = (1 - \eta \lambda) w_{t-1} - \eta \, \frac{\hat{m}_t}{\sqrt{\hat{v}_t} + \epsilon}",
              symbols={r"\hat{m}": lambda m_after, beta1, t: m_after / (1 - beta1**t),
                       r"\hat{v}": lambda v_after, beta2, t: v_after / (1 - beta2**t)})  # fmt: skip
l2_penalized_cost.wording(r"J = L + \frac{\alpha}{2} \|w\|_2^2")
l2_penalized_cost.wording(r"J = L + \alpha \|w\|_2^2", dialect="without-half")
coupled_decay.wording(  # the step of gradient descent that follows
    r"w_{t+1} = w_t - \eta \left( g_t + \alpha w_t \right)",
    symbols={"w_t": "w", "g_t": "g", r"\eta": lambda: 0.5, "w": lambda w, g_after: w - 0.5 * g_after},
)
decoupled_decay.wording(  # in one row with the step of gradient descent
    r"w_{t+1} = (1 - \lambda) w_t - \eta g_t", dialect="without-rate",
    symbols={"g_t": lambda: 0.0, r"\eta": lambda: 0.5},
)  # fmt: skip
