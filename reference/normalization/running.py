"""The mean and the variance of all batches so far are kept for evaluation."""

import numpy as np

from reference.catalogue import Paper, equation
from reference.domain import between, count
from reference.functions import either
from reference.normalization.batch import (
    ARXIV,
    BATCH,
    ENOUGH,
    EVALUATION_STATE,
    IOFFE,
    KERAS,
    MOMENTS,
    STUDY_NOTE,
    TOGETHER,
    TORCH,
    X,
)
from reference.normalization.statistics import moments

running = either(
    lambda momentum, old, new: (1 - momentum) * old + momentum * new,
    lambda momentum, old, new: old + momentum * (new - old),
)
unbiased = either(
    lambda variance, n: variance * n / (n - 1),
    lambda variance, n: variance * (np.ones_like(variance) * n / (n - 1)),
)


def collected(x, running_mean, running_variance, momentum, bessel):
    """Both running statistics after a batch."""
    mean, variance = (m[0, :, 0] for m in moments(x, BATCH))
    if bessel:
        variance = unbiased(variance, x.shape[0] * x.shape[2])
    return running(momentum, running_mean, mean), running(momentum, running_variance, variance)


RUNNING = r"\mu' = (1 - \alpha) \mu + \alpha \mu_B \\ v' = (1 - \alpha) v + \alpha \frac{m}{m - 1} \sigma_B^2"
TELLING = dict(x=np.array([[[1.0]], [[3.0]]]), running_mean=np.array([0.0]), running_variance=np.array([0.0]), momentum=0.25)


@equation(
    latex=MOMENTS + RUNNING,
    symbols=TOGETHER,
    sources=[Paper(IOFFE, "Algorithm 2", ARXIV), TORCH, STUDY_NOTE],
    domain=dict(x=X, **EVALUATION_STATE, momentum=between(0, 1)),
    where=ENOUGH,
    outputs=("running_mean", "running_variance"),
    differentiable=(),
)
def batch_norm_running(x, running_mean, running_variance, *, momentum):
    """Training divides by the biased variance of the batch, but it is the unbiased one that is remembered."""
    return collected(x, running_mean, running_variance, momentum, bessel=True)


@batch_norm_running.dialect(
    "biased", latex=MOMENTS + r"\mu' = (1 - \alpha) \mu + \alpha \mu_B \\ v' = (1 - \alpha) v + \alpha \sigma_B^2", sources=[KERAS],
    differs="the variance is remembered as it was used, without Bessel's m/(m - 1)", telling=TELLING,
)  # fmt: skip
def _(x, running_mean, running_variance, *, momentum):
    return collected(x, running_mean, running_variance, momentum, bessel=False)


@batch_norm_running.dialect(
    "momentum is what stays", latex=MOMENTS + r"\mu' = \alpha \mu + (1 - \alpha) \mu_B \\ v' = \alpha v + (1 - \alpha) \frac{m}{m - 1} \sigma_B^2",
    sources=[Paper("ONNX operators", "BatchNormalization, attribute momentum", "https://onnx.ai/onnx/operators/onnx__BatchNormalization.html")],
    differs="momentum is the share of the old statistics, so that 0.9 here is 0.1 there", telling=TELLING,
)  # fmt: skip
def _(x, running_mean, running_variance, *, momentum):
    return collected(x, running_mean, running_variance, 1 - momentum, bessel=True)


@batch_norm_running.dialect(
    "biased, and momentum is what stays", latex=MOMENTS + r"\mu' = \alpha \mu + (1 - \alpha) \mu_B \\ v' = \alpha v + (1 - \alpha) \sigma_B^2",
    sources=[KERAS], differs="both: the share of the old statistics, and the variance as it was used", telling=TELLING,
)  # fmt: skip
def _(x, running_mean, running_variance, *, momentum):
    return collected(x, running_mean, running_variance, 1 - momentum, bessel=False)


@batch_norm_running.closed_form("a momentum of 1 forgets everything before the batch")
def _(f, x, running_mean, running_variance):
    mean, variance = moments(x, BATCH)
    n = x.shape[0] * x.shape[2]
    made = np.stack(f(x, running_mean, running_variance, momentum=1))
    return made * (n - 1), np.stack([mean[0, :, 0] * (n - 1), variance[0, :, 0] * n])


@batch_norm_running.law("statistics that never change are approached by the factor 1 - α a batch")
def _(f, x, running_mean, running_variance, *, momentum):
    goal = np.stack(f(x, running_mean, running_variance, momentum=1))
    once = np.stack(f(x, running_mean, running_variance, momentum=momentum))
    return once - goal, (1 - momentum) * (np.stack([running_mean, running_variance]) - goal)


@equation(
    symbols=TOGETHER,
    latex=MOMENTS + r"\mu' = \mu + \frac{\mu_B - \mu}{t} \\ v' = v + \frac{1}{t} \left( \frac{m}{m - 1} \sigma_B^2 - v \right)",
    sources=[TORCH, STUDY_NOTE],
    domain=dict(x=X, **EVALUATION_STATE, t=count),
    where=ENOUGH,
    outputs=("running_mean", "running_variance"),
    differentiable=(),
)
def batch_norm_cumulative(x, running_mean, running_variance, t):
    """After t batches each of them counts alike, the first as much as the last."""
    return collected(x, running_mean, running_variance, 1 / (t * np.ones_like(running_mean)), bessel=True)


@batch_norm_cumulative.law("after two batches it is the average of both")
def _(f, x1, x2, start):
    both = f(x2, *f(x1, start, start, 1), 2)
    alone = [f(x, start, start, 1) for x in (x1, x2)]
    return 2 * np.stack(both), np.stack(alone[0]) + np.stack(alone[1])


HATTED = {r"\hat{\mu}": "running_mean", r"\hat{\sigma}": "√running_variance"}
for dialect, old, new in (("biased", r"(1 - \alpha)", r"\alpha"), ("biased, and momentum is what stays", r"\alpha", r"(1 - \alpha)")):
    batch_norm_running.wording(
        MOMENTS + rf"\hat{{\mu}}' = {old} \hat{{\mu}} + {new} \mu_B \\ \hat{{\sigma}}'^2 = {old} \hat{{\sigma}}^2 + {new} \sigma_B^2",
        dialect=dialect, symbols=HATTED,
    )  # fmt: skip
batch_norm_cumulative.wording(
    MOMENTS + r"\hat{\mu}' = \hat{\mu} + \frac{1}{t} (\mu_B - \hat{\mu}) \\ "
    r"\hat{\sigma}'^2 = \hat{\sigma}^2 + \frac{1}{t} \left( \frac{m}{m - 1} \sigma_B^2 - \hat{\sigma}^2 \right)",
    symbols=HATTED,
)  # fmt: skip
