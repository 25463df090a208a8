"""Claims of torch about the schedules: a parameter group for each first rate, and as many steps as there are epochs."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import Parameter
from torch.optim import SGD, Adagrad
from torch.optim import lr_scheduler as schedulers
from torch.utils.data import DataLoader

from conformance.adapters.contract import implements

LANES = 32  # each lane is a parameter group, which costs as much as a step of an optimizer


def groups(rates: Tensor) -> SGD:
    """An optimizer with a group for each rate. A schedule is computed in Python's floats, whatever the dtype."""
    return SGD([{"params": [Parameter(torch.zeros(1))], "lr": float(rate)} for rate in rates.reshape(-1)], lr=1.0)


def after(rates: Tensor, epochs: int, make: Callable[[SGD], Any]) -> Tensor:
    """The rates after so many epochs. A schedule counts its own steps, and warns if the optimizer has not made one."""
    optimizer = groups(rates)
    scheduler = make(optimizer)
    optimizer.step()
    for _ in range(epochs):
        scheduler.step()
    made = [float(group["lr"]) for group in optimizer.param_groups]
    return torch.tensor(made, dtype=rates.dtype, device=rates.device).reshape(rates.shape)


@implements("updates_per_epoch")
def updates_per_epoch(*, samples: int, batch: int) -> int:
    return len(DataLoader(range(samples), batch_size=batch))  # type: ignore[arg-type]


@implements("training_iterations")
def training_iterations(*, samples: int, batch: int, epochs: int) -> int:
    return epochs * len(DataLoader(range(samples), batch_size=batch))  # type: ignore[arg-type]


@implements("step_decay", lanes=LANES)
def step_decay(lr: Tensor, *, epoch: int, size: int, gamma: float) -> Tensor:
    return after(lr, epoch, lambda o: schedulers.StepLR(o, size, gamma))


@implements("multistep_decay", lanes=LANES)
def multistep_decay(lr: Tensor, milestones: Tensor, *, epoch: int, gamma: float) -> Tensor:
    return after(lr, epoch, lambda o: schedulers.MultiStepLR(o, milestones.tolist(), gamma))


@implements("exponential_decay", lanes=LANES)
def exponential_decay(lr: Tensor, *, epoch: int, gamma: float) -> Tensor:
    return after(lr, epoch, lambda o: schedulers.ExponentialLR(o, gamma))


@implements("inverse_time_decay", lanes=LANES)
def inverse_time_decay(lr: Tensor, *, epoch: int, decay: float) -> Tensor:
    """No scheduler has it, but Adagrad's own lr_decay: a weight at 0 whose gradient is 1 moves by the rate itself."""
    weights = [Parameter(torch.zeros((), dtype=torch.float64)) for _ in range(lr.numel())]
    start = lr.reshape(-1).tolist()
    each: list[dict[str, Any]] = [{"params": [w], "lr": rate} for w, rate in zip(weights, start, strict=True)]
    optimizer = Adagrad(each or [{"params": []}], lr_decay=decay, eps=0.0, foreach=False)
    for w in weights:
        w.grad = torch.ones_like(w)
        optimizer.state[w]["step"] = torch.tensor(float(epoch))
    optimizer.step()
    made = [-w.item() for w in weights]
    return torch.tensor(made, dtype=lr.dtype, device=lr.device).reshape(lr.shape)


@implements("polynomial_decay", lanes=LANES)
def polynomial_decay(lr: Tensor, *, epoch: int, total: int, power: float) -> Tensor:
    return after(lr, epoch, lambda o: schedulers.PolynomialLR(o, total, power))


@implements("multiplicative_decay", lanes=LANES)
def multiplicative_decay(lr: Tensor, factors: Tensor) -> Tensor:
    table = [1.0, *factors.tolist()]
    return after(lr, len(factors), lambda o: schedulers.MultiplicativeLR(o, table.__getitem__))


@implements("lambda_rate", lanes=LANES)
def lambda_rate(lr: Tensor, factors: Tensor, *, epoch: int) -> Tensor:
    return after(lr, epoch, lambda o: schedulers.LambdaLR(o, factors.tolist().__getitem__))


@implements("sequential_rate", lanes=LANES)
def sequential_rate(lr: Tensor, first: Tensor, second: Tensor, *, epoch: int) -> Tensor:
    def make(optimizer: SGD) -> Any:
        parts = [schedulers.LambdaLR(optimizer, part.tolist().__getitem__) for part in (first, second)]
        return schedulers.SequentialLR(optimizer, parts, [len(first)])  # type: ignore[arg-type]

    return after(lr, epoch, make)


@implements("chained_rate", lanes=LANES)
def chained_rate(lr: Tensor, first: Tensor, second: Tensor) -> Tensor:
    def make(optimizer: SGD) -> Any:
        tables = [[1.0, *part.tolist()] for part in (first, second)]
        return schedulers.ChainedScheduler([schedulers.MultiplicativeLR(optimizer, t.__getitem__) for t in tables])

    return after(lr, len(first), make)


@implements("constant_warmup", lanes=LANES)
def constant_warmup(lr: Tensor, *, epoch: int, total: int, factor: float) -> Tensor:
    return after(lr, epoch, lambda o: schedulers.ConstantLR(o, factor, total))


@implements("linear_warmup", lanes=LANES)
def linear_warmup(lr: Tensor, *, epoch: int, total: int, start: float, end: float) -> Tensor:
    return after(lr, epoch, lambda o: schedulers.LinearLR(o, start, end, total))


@implements("cosine_annealing", lanes=LANES)
def cosine_annealing(lr: Tensor, *, epoch: int, total: int, low: float) -> Tensor:
    return after(lr, epoch, lambda o: schedulers.CosineAnnealingLR(o, total, low))


@implements("cosine_restarts", lanes=LANES)
def cosine_restarts(lr: Tensor, *, epoch: int, first: int, factor: int, low: float) -> Tensor:
    return after(lr, epoch, lambda o: schedulers.CosineAnnealingWarmRestarts(o, first, factor, low))


@implements("cyclic_rate", lanes=LANES)
def cyclic_rate(lr: Tensor, top: Tensor, *, epoch: int, up: int, down: int) -> Tensor:
    ends = lr.reshape(-1).tolist(), top.reshape(-1).tolist()
    return after(lr, epoch, lambda o: schedulers.CyclicLR(o, *ends, up, down, cycle_momentum=False))


@implements("one_cycle", lanes=LANES)
def one_cycle(top: Tensor, *, epoch: int, warm: int, total: int, div: float, final: float) -> Tensor:
    options = dict(total_steps=total, pct_start=(warm + 1) / total, div_factor=div, final_div_factor=final)
    tops = top.reshape(-1).tolist()
    return after(top, epoch, lambda o: schedulers.OneCycleLR(o, tops, cycle_momentum=False, **options))  # type: ignore[arg-type]


@implements("reduce_on_plateau", lanes=LANES)
def reduce_on_plateau(
    lr: Tensor, best: Tensor, waited: Tensor, loss: Tensor, *, patience: int, factor: float, threshold: float
) -> tuple[Tensor, Tensor, Tensor]:
    """One scheduler for each lane: it watches one loss."""
    made = []
    for rate, least, count, value in zip(*(x.reshape(-1).tolist() for x in (lr, best, waited, loss)), strict=True):
        optimizer = SGD([Parameter(torch.zeros(1))], lr=rate)
        scheduler = schedulers.ReduceLROnPlateau(
            optimizer, factor=factor, patience=patience, threshold=threshold, eps=0.0
        )
        scheduler.best, scheduler.num_bad_epochs = least, count
        scheduler.step(value)
        made.append((optimizer.param_groups[0]["lr"], scheduler.best, scheduler.num_bad_epochs))
    rates, bests, counts = zip(*made, strict=True) if made else ((), (), ())
    return (
        torch.tensor(rates, dtype=lr.dtype, device=lr.device).reshape(lr.shape),
        torch.tensor(bests, dtype=lr.dtype, device=lr.device).reshape(lr.shape),
        torch.tensor(counts, device=lr.device).reshape(lr.shape),
    )
