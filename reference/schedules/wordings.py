"""Schedules are written with words for the rate and the epoch, and one letter for the epoch before."""

import numpy as np

from reference.schedules.cycles import cosine_restarts, cyclic_rate, restart
from reference.schedules.decays import exponential_decay, inverse_time_decay, polynomial_decay
from reference.schedules.plateau import reduce_on_plateau
from reference.schedules.warmups import constant_warmup, linear_warmup

exponential_decay.wording(
    r"lr_t = \gamma \cdot lr_{t-1}", symbols={"lr_{t-1}": lambda lr, epoch, gamma: lr * gamma ** (epoch - 1.0)}
)
exponential_decay.wording(r"\alpha = \alpha_0 e^{-k t}", symbols={r"\alpha_0": "lr", "k": lambda gamma: -np.log(gamma)})
exponential_decay.wording(
    r"\eta_t = \eta_0 \, \gamma^{t / S}", symbols={r"\gamma": lambda gamma: gamma**3, "S": lambda: 3}
)
inverse_time_decay.wording(r"\alpha = \frac{\alpha_0}{1 + k t}", symbols={r"\alpha_0": "lr", "k": "decay"})
polynomial_decay.wording(
    r"\eta_t = (\eta_0 - \eta_T) \left( 1 - \frac{t}{T} \right)^p + \eta_T", symbols={r"\eta_T": lambda: 0.0},
    lacks="the minimum is missing: it is right only until t = T",
)  # fmt: skip
constant_warmup.wording(r"lr_t = \begin{cases} factor \cdot lr_0 & t < T \\ lr_0 & t \ge T \end{cases}", symbols={"lr_0": "lr"})
linear_warmup.wording(
    r"\eta_t = \begin{cases} \frac{t}{T} \eta_{\max} & t \le T \\ \eta_{\max} & t > T \end{cases}", symbols={r"\eta_{\max}": "lr"}
)
linear_warmup.wording(
    r"\eta_t = \begin{cases} \eta_{\max} \frac{t}{T_w} & t \le T_w \\ \eta_{\max} & \text{otherwise} \end{cases}", symbols={r"\eta_{\max}": "lr", "T_w": "total"}
)
SAME = {"s": ("up", "down"), "lr_{base}": "lr", "lr_{max}": "top"}
cyclic_rate.wording(
    r"c = \left\lfloor 1 + \frac{t}{2 s} \right\rfloor \\ "
    r"x = \left| \frac{t}{s} - 2 c + 1 \right| \\ "
    r"lr_t = lr_{base} + (lr_{max} - lr_{base}) \max(0, 1 - x)",
    symbols=SAME,
)
cyclic_rate.wording(  # the iterations as "it"
    r"c = \left\lfloor 1 + \frac{it}{2 s} \right\rfloor \\ "
    r"x = \left| \frac{it}{s} - 2 c + 1 \right| \\ "
    r"lr = lr_{base} + (lr_{max} - lr_{base}) \max(0, 1 - x)",
    symbols=SAME | {"it": "epoch"},
)
NOW = {
    "T_{cur}": lambda epoch, first, factor: restart(epoch, first, factor)[0],
    "T_i": lambda epoch, first, factor: restart(epoch, first, factor)[1],
}
cosine_restarts.wording(
    r"\eta_t = \eta_{min}^i + \frac{1}{2} (\eta_{max}^i - \eta_{min}^i) \left( 1 + \cos \frac{\pi T_{cur}}{T_i} \right)",
    symbols=NOW | {r"\eta_{max}^i": "lr", r"\eta_{min}^i": "low"},
)
cosine_restarts.wording(
    r"\eta_t = \eta_{min} + \frac{1}{2} (\eta_{max} - \eta_{min}) \left( 1 + \cos \frac{\pi T_{cur}}{T_i} \right) \\ "
    r"T_{i+1} = T_{mult} T_i",
    symbols=NOW | {r"\eta_{max}": "lr", "T_{mult}": "factor"},
)
reduce_on_plateau.wording(
    r"lr_{t+1} = \begin{cases} \max(\text{factor} \cdot lr_t, lr_{min}) & n > P \\ lr_t & \text{otherwise} \end{cases}",
    symbols={"lr_{min}": lambda: 0.0, "n": lambda best, waited, loss, threshold: np.where(loss < best * (1 - threshold), 0, waited + 1)},
)
linear_warmup.wording(
    r"\eta_t = \eta \left( f_0 + (f_1 - f_0) \frac{\min(t, T)}{T} \right)", symbols={r"\eta": "lr", "f_0": "start", "f_1": "end"}
)
