"""Normalisations are also written over any set of places, and running means for one batch after the other."""

import numpy as np

from reference.normalization.layer import group_norm
from reference.normalization.running import batch_norm_cumulative

batch_norm_cumulative.wording(
    r"\hat{\mu}_t = \hat{\mu}_{t-1} + \frac{1}{t} (\mu_t - \hat{\mu}_{t-1})",
    symbols={r"\hat{\mu}": "running_mean", r"\mu_t": lambda x: np.mean(x, axis=(0, 2))},
)
group_norm.wording(
    r"\mu_i = \frac{1}{m} \sum_{k \in S_i} x_k \\ "
    r"\sigma_i = \sqrt{\frac{1}{m} \sum_{k \in S_i} (x_k - \mu_i)^2 + \epsilon} \\ "
    r"\hat{x}_i = \frac{1}{\sigma_i} (x_i - \mu_i) \\ "
    r"y_i = \gamma \hat{x}_i + \beta",
    symbols={"m": lambda x: x.size},
)
