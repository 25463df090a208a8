"""A loss has as many formulas as letters for what is predicted, and for what was meant."""

import numpy as np

from reference.activations.softmax import log_softmax
from reference.losses.binary import binary_cross_entropy, binary_cross_entropy_with_logits
from reference.losses.cross_entropy import negative_log_likelihood, sparse_cross_entropy
from reference.losses.gaussian import gaussian_nll
from reference.losses.regression import mae, mse, mse_gradient, rmse
from reference.losses.weighted import smoothed_targets, weighted_cross_entropy

PREDICTED = {"f(x_i)": "prediction"}
LINE = {r"\hat{y}": lambda w, b, x: w * x + b}
COLUMN = {"X": lambda x: x[:, None]}  # a design matrix of one feature


mse.wording(r"L = \frac{1}{N} \sum_{i=1}^N (y_i - (w x_i + b))^2", symbols={r"w x_i + b": "prediction"})
mse.wording(r"L = \frac{1}{N} \|y - \hat{y}\|_2^2")
mse.wording(r"L = \frac{1}{N} \sum_{i=1}^N (f(x_i) - y_i)^2", symbols=PREDICTED)
mse.wording(r"L = \frac{1}{N} \sum_{i=1}^N (y_i - f(x_i; \theta))^2", symbols={r"f(x_i; \theta)": "prediction"})
mse.wording(r"L = \frac{1}{N} \|X w - y\|_2^2", symbols={"X w": "prediction"})
mse.wording(r"L = \operatorname{mean}((y - \hat{y})^2)")
mse.wording(r"L = \frac{1}{2} \sum_{i=1}^N (f(x_i) - y_i)^2", dialect="half of the sum", symbols=PREDICTED)
mse.wording(r"L = \frac{1}{2} \sum_i (y_i - \hat{y}_i)^2", dialect="half of the sum")
mse.wording(
    r"E = \frac{1}{2} \sum_{n=1}^N (y(x_n, w) - t_n)^2", dialect="half of the sum",
    symbols={"y(x_n, w)": "prediction", "t": "target"},
)  # fmt: skip
rmse.wording(r"R = \sqrt{\frac{\sum_{i=1}^N (y_i - \hat{y}_i)^2}{N}}")
rmse.wording(r"R = \sqrt{\frac{1}{N} \sum_{i=1}^N (f(x_i) - y_i)^2}", symbols=PREDICTED)
mae.wording(r"L = \operatorname{mean}(|y - \hat{y}|)")

mse_gradient.wording(
    r"\hat{y}_i = w x_i + b \\ "
    r"\frac{\partial L}{\partial w} = \frac{\partial}{\partial w} \frac{1}{N} \sum_{i=1}^N (y_i - \hat{y}_i)^2"
    r" = \frac{\partial}{\partial w} \frac{1}{N} \sum_{i=1}^N (y_i - w x_i - b)^2"
    r" = \frac{1}{N} \sum_{i=1}^N -2 (y_i - w x_i - b) x_i \\ "
    r"\frac{\partial L}{\partial b} = \frac{\partial}{\partial b} \frac{1}{N} \sum_{i=1}^N (y_i - \hat{y}_i)^2"
    r" = \frac{\partial}{\partial b} \frac{1}{N} \sum_{i=1}^N (y_i - w x_i - b)^2"
    r" = \frac{1}{N} \sum_{i=1}^N -2 (y_i - w x_i - b)",
)
mse_gradient.wording(
    r"\frac{\partial L}{\partial w} = -\frac{2}{N} \sum_{i=1}^N x_i (y_i - \hat{y}_i) \\ "
    r"\frac{\partial L}{\partial b} = -\frac{2}{N} \sum_{i=1}^N (y_i - \hat{y}_i)",
    symbols=LINE,
)
mse_gradient.wording(
    r"\frac{\partial L}{\partial w} = \frac{2}{N} \sum_{i=1}^N (w x_i + b - y_i) x_i, \quad "
    r"\frac{\partial L}{\partial b} = \frac{2}{N} \sum_{i=1}^N (w x_i + b - y_i)",
    symbols=LINE,
)
mse_gradient.wording(
    r"\frac{\partial L}{\partial w} = \frac{1}{N} \sum_{i=1}^N -2 (y_i - w x_i - b) x_i \\ "
    r"\frac{\partial L}{\partial b} = \frac{1}{N} \sum_{i=1}^N -2 (y_i - w x_i - b)",
    symbols=LINE,
)
mse_gradient.wording(r"\nabla_w L = \frac{2}{N} X^T (X w - y)", symbols=COLUMN)
mse_gradient.wording(
    r"\frac{\partial L}{\partial w} = \frac{1}{N} \sum_{i=1}^N (\hat{y}_i - y_i) x_i", dialect="half", symbols=LINE
)
mse_gradient.wording(r"\nabla_w L = \frac{1}{N} X^T (X w - y)", dialect="half", symbols=COLUMN)
mse_gradient.wording(
    r"\frac{\partial L}{\partial \theta_j} = \frac{1}{N} \sum_{i=1}^N (h_\theta(x_i) - y_i) x_{i,j}",
    dialect="half", symbols=COLUMN | {"x": COLUMN["X"], r"h_\theta(x_i)": LINE[r"\hat{y}"]},
)  # fmt: skip

binary_cross_entropy.wording(
    r"E = -\sum_{n=1}^N (t_n \ln y_n + (1 - t_n) \ln(1 - y_n))", dialect="sum", symbols={"t": "y", "y": "p"}
)
binary_cross_entropy.wording(r"-\ell = -\sum_{i=1}^N (y_i \ln p_i + (1 - y_i) \ln(1 - p_i))", dialect="sum")
binary_cross_entropy_with_logits.wording(r"L = \sum_{i=1}^N (\ln(1 + e^{x_i}) - x_i y_i)", dialect="sum")
binary_cross_entropy_with_logits.wording(r"-\ell = \sum_{i=1}^N (\ln(1 + e^{x_i}) - x_i y_i)", dialect="sum")

negative_log_likelihood.wording(
    r"\ell(x, y) = -\frac{1}{N} \sum_{n=1}^N x_{n,y_n}", symbols={"x": "log_p", "y": "labels"}
)
sparse_cross_entropy.wording(
    r"L = -\frac{1}{N} \sum_{n=1}^N \ln \frac{e^{x_{n,y_n}}}{\sum_{c=1}^C e^{x_{n,c}}}", symbols={"y": "labels"}
)
for negative in (r"L", r"-\ell"):
    sparse_cross_entropy.wording(
        negative + r" = \sum_{n=1}^N \left( \ln \sum_{k=1}^C e^{x_{nk}} - x_{n t_n} \right)", dialect="sum"
    )


def plain(x):
    """Neither smoothed nor with a label to ignore."""
    return {"alpha": 0.0, "ignore": -1}


weighted_cross_entropy.wording(
    r"L = -\frac{\sum_{n=1}^N w_{t_n} \ln \operatorname{softmax}(x_n)_{t_n}}{\sum_{n=1}^N w_{t_n}}", given=plain
)
weighted_cross_entropy.wording(
    r"\ell_n = -w_{y_n} \ln \frac{e^{x_{n,y_n}}}{\sum_{c=1}^C e^{x_{n,c}}} \\ "
    r"L = \frac{\sum_{n=1}^N \ell_n}{\sum_{n=1}^N w_{y_n}}",
    given=plain, symbols={"y": "labels"},
)  # fmt: skip
weighted_cross_entropy.wording(
    r"L = -\sum_{c=1}^C w_c y_c \ln p_c", dialect="none", given=plain,
    symbols={"y": lambda labels, C: np.eye(C)[labels[0]], "p": lambda x: np.exp(log_softmax(x))[0]},
)  # fmt: skip
smoothed_targets.wording(r"q_c = (1 - \alpha) y_c + \frac{\alpha}{C}")

gaussian_nll.wording(
    r"L = \frac{1}{2} \left( \ln \sigma^2 + \frac{(y - \mu)^2}{\sigma^2} \right)", dialect="without the constant"
)
gaussian_nll.wording(
    r"-\ln L = \sum_{i=1}^N \left( \frac{1}{2} \ln(2 \pi \sigma_i^2) + \frac{(y_i - \mu_i)^2}{2 \sigma_i^2} \right)",
    dialect="sum",
)
for predicted, meant in (("f(x_n)", "y"), ("y(x_n, w)", "t")):
    gaussian_nll.wording(  # one variance for all
        rf"-\ln p = \frac{{1}}{{2 \sigma^2}} \sum_{{n=1}}^N ({predicted} - {meant}_n)^2"
        r" + \frac{N}{2} \ln \sigma^2 + \frac{N}{2} \ln(2 \pi)",
        dialect="sum", symbols={predicted: "mean", meant: "y", r"\sigma^2": lambda variance: variance[0]},
        given=lambda variance: {"variance": np.full_like(variance, variance[0])},
    )  # fmt: skip
