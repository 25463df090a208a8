"""The decay of weights is written with the penalty first or last, with a schedule, or beside a loss of its own."""

import numpy as np

from reference.optimizers.weight_decay import adamw, coupled_decay, decoupled_decay, l2_penalized_cost

l2_penalized_cost.wording(
    r"\tilde{J}(w; X, y) = J(w; X, y) + \frac{\alpha}{2} w^\top w", symbols={"J(w; X, y)": "loss"}
)
l2_penalized_cost.wording(r"\tilde{J}(w) = J(w) + \alpha w^\top w", symbols={"J(w)": "loss"}, dialect="without-half")


def of_two(loss):
    """Two losses of samples, whose mean is the loss."""
    return np.stack([loss - 0.5, loss + 0.5])


l2_penalized_cost.wording(
    r"J(W) = \frac{1}{m} \sum_{i=1}^m L(\hat{y}_i, y_i) + \frac{\lambda}{2 m} \|W\|_F^2",
    symbols={r"L(\hat{y}_i, y_i)": of_two, "m": lambda: 2, "F": lambda: 2, "W": "w", r"\lambda": lambda alpha: 2 * alpha},
)


def squared(loss, w, *, alpha):
    """Inputs with a loss that is half a sum of squares."""
    return dict(loss=np.abs(loss), w=w, alpha=alpha)


l2_penalized_cost.wording(
    r"J(\beta) = \sum_{i=1}^N (y_i - f_\beta(x_i))^2 + \lambda \sum_{j=1}^p \beta_j^2", dialect="without-half",
    symbols={r"\beta": "w", r"f_\beta(x_i)": lambda loss: np.array([1.0, 1 - np.sqrt(loss)]), "y": lambda: np.ones(2), "N": lambda: 2, r"\lambda": "alpha", "p": "N"},
    given=squared,
)  # fmt: skip
coupled_decay.wording(r"g' = \nabla f(w) + \lambda w")
coupled_decay.wording(
    r"g_t = \nabla_\theta L(\theta_{t-1}) + \lambda \theta_{t-1}",
    symbols={r"\nabla_\theta L(\theta_{t-1})": "g", r"\theta_{t-1}": "w", r"\lambda": "decay"},
)
decoupled_decay.wording(r"w_t = (1 - \eta \lambda) w_{t-1}")
decoupled_decay.wording(
    r"w_{t+1} = (1 - \eta \lambda) w_t - \eta g_t", symbols={"g_t": lambda w: 0 * w}
)

# With a schedule's multiplier η_t beside the rate α: 1/2 here, so that it counts.
SCHEDULED = {
    r"\eta": lambda: 0.5, r"\alpha": lambda lr: 2 * lr, r"\lambda": lambda weight_decay: 2 * weight_decay,
    r"\hat{m}": lambda m_after, beta1, t: m_after / (1 - beta1**t),
    r"\hat{v}": lambda v_after, beta2, t: v_after / (1 - beta2**t),
}  # fmt: skip
adamw.wording(
    r"w_t = w_{t-1} - \eta_t \left( \alpha \, \frac{\hat{m}_t}{\sqrt{\hat{v}_t} + \epsilon} + \lambda w_{t-1} \right)",
    dialect="without-rate", symbols=SCHEDULED,
)  # fmt: skip
adamw.wording(
    r"w_t = (1 - \eta \lambda) w_{t-1} - \eta u_t",
    symbols={
        r"\eta": "lr", r"\lambda": "weight_decay",
        "u": lambda m_after, v_after, beta1, beta2, eps, t: m_after / (1 - beta1**t) / (np.sqrt(v_after / (1 - beta2**t)) + eps),
    },
)  # fmt: skip
