"""Random expressions, in genuine narrow arithmetic and over bounds: no computed number may lie outside its bound.

    python -m tests.fuzz                          100,000 ordinary and 100,000 extreme expressions
    python -m tests.fuzz --expressions 2000 --seed 7 --format float16
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from reference.functions import either, erf, settled
from reference.number_systems.balls import Balls
from reference.number_systems.rounded import Format, Rounded
from reference.number_systems.rounded.format import FORMATS
from tests.machine import Habits, Machine

LANES = 6
average = either(lambda b, m, x: b * m + (1 - b) * x, lambda b, m, x: m + (1 - b) * (x - m))
shrink = either(lambda p, c: p - c * p, lambda p, c: p * (1 - c))
normal = either(lambda x, m, s, w: (x - m) / s * w, lambda x, m, s, w: (x - m) * (w / s), lambda x, m, s, w: x * (w / s) - m * (w / s))

# name: (how many operands, function of them and of a few host numbers)
OPERATIONS: dict[str, tuple[int, Callable[..., Any]]] = {
    "add": (2, lambda x, y, c: x + y), "subtract": (2, lambda x, y, c: x - y),
    "add three": (3, lambda x, y, z, c: (x + y) + z), "subtract a sum": (3, lambda x, y, z, c: x - (y + z)),
    "multiply": (2, lambda x, y, c: x * y), "divide": (2, lambda x, y, c: x / y),
    "multiply and add": (3, lambda x, y, z, c: x * y + z), "two products": (3, lambda x, y, z, c: x * y - z * x),
    "scale": (1, lambda x, c: c * x), "add a number": (1, lambda x, c: x + c), "from a number": (1, lambda x, c: c - x),
    "divide by a number": (1, lambda x, c: x / c), "settle": (2, lambda x, y, c: settled(x - y) + x),
    "negate": (1, lambda x, c: -x), "absolute": (1, lambda x, c: np.abs(x)), "square": (1, lambda x, c: np.square(x)),
    "power 2": (1, lambda x, c: x**2), "power 3": (1, lambda x, c: x**3), "power 8": (1, lambda x, c: x**8),
    "power -1": (1, lambda x, c: x**-1), "power -2": (1, lambda x, c: x**-2), "power c": (1, lambda x, c: np.abs(x) ** c),
    "sqrt": (1, lambda x, c: np.sqrt(np.abs(x))), "sqrt of squares": (2, lambda x, y, c: np.sqrt(x**2 + y**2)),
    "exp": (1, lambda x, c: np.exp(x)), "exp of minus": (1, lambda x, c: np.exp(-np.abs(x))), "expm1": (1, lambda x, c: np.expm1(x)),
    "log": (1, lambda x, c: np.log(np.abs(x))), "log1p": (1, lambda x, c: np.log1p(np.abs(x))), "tanh": (1, lambda x, c: np.tanh(x)),
    "sin": (1, lambda x, c: np.sin(x)), "cos": (1, lambda x, c: np.cos(x)), "erf": (1, lambda x, c: erf(x)),
    "logistic": (1, lambda x, c: 1 / (1 + np.exp(-x))), "maximum": (2, lambda x, y, c: np.maximum(x, y)),
    "minimum": (2, lambda x, y, c: np.minimum(x, y)), "clip": (1, lambda x, c: np.clip(x, -abs(c), abs(c))),
    "where": (3, lambda x, y, z, c: np.where(x > y, x, z)), "where a product": (3, lambda x, y, z, c: np.where(x * y <= z, x, 1)),
    "step": (2, lambda x, y, c: np.where((x >= y) & (x != 0) | (y < 0), np.ones_like(x), 0)), "sign": (2, lambda x, y, c: np.sign(x) * y),
    "sum": (1, lambda x, c: x - np.sum(x)), "mean": (1, lambda x, c: x - np.mean(x)), "max": (1, lambda x, c: x - np.max(x)),
    "min": (1, lambda x, c: x * np.min(x)), "dot": (2, lambda x, y, c: np.einsum("i,i->", x, y) + x),
    "matrix": (2, lambda x, y, c: (x.reshape(2, 3) @ y.reshape(3, 2)).reshape(4)[np.array([0, 1, 2, 3, 0, 3])]),
    "outer": (2, lambda x, y, c: np.einsum("i,j->ij", x, y)[1]), "row sums": (1, lambda x, c: np.sum(x.reshape(2, 3), axis=1, keepdims=True) + x.reshape(2, 3)),
    "softmax": (1, lambda x, c: np.exp(x - np.max(x)) / np.sum(np.exp(x - np.max(x)))),
    "variance": (1, lambda x, c: np.mean((x - np.mean(x)) ** 2) * x), "move": (1, lambda x, c: np.roll(np.flip(x), 2)),
    "join": (2, lambda x, y, c: np.concatenate([x.reshape(6)[:2], y.reshape(6)[1:5]])),
    "average": (2, lambda x, y, c: average(abs(c) / (1 + abs(c)), x, y)), "shrink": (2, lambda x, y, c: shrink(x, y)),
    "normalise": (3, lambda x, y, z, c: normal(x, y, z, c)), "average of averages": (3, lambda x, y, z, c: average(0.9, average(0.5, x, y), z * y)),
    "host": (1, lambda x, c: x * (1 - abs(c) ** 3) / (1 - 0.999**7)),
}  # fmt: skip


@dataclass
class Expression:
    """A random tree: the names of the operations in order, over operands that are leaves or earlier results."""

    steps: list[tuple[str, tuple[int, ...], float]]
    leaves: int

    @classmethod
    def drawn(cls, generator: np.random.Generator) -> Expression:
        leaves = int(generator.integers(1, 4))
        names = list(OPERATIONS)
        steps = []
        for k in range(int(generator.integers(1, 6))):
            name = names[generator.integers(len(names))]
            arity, _ = OPERATIONS[name]
            recent = leaves + k - 1 if k else int(generator.integers(leaves))
            others = generator.integers(leaves + k, size=arity - 1)
            number = float(generator.choice([0.1, 0.5, 2.0, 3.0, -1.5, 1e-3, 0.999, 7.25]))
            steps.append((name, (recent, *map(int, others)), number))
        return cls(steps, leaves)

    def __call__(self, inputs: list[Any], number: Callable[[float], Any]) -> Any:
        known = list(inputs)
        for name, operands, c in self.steps:
            _, function = OPERATIONS[name]
            known.append(function(*(known[i] for i in operands), number(c)).reshape(LANES))
        return known[-1]

    def __str__(self) -> str:
        return "; ".join(f"r{self.leaves + k} = {n}({', '.join(f'r{i}' for i in o)}; {c})" for k, (n, o, c) in enumerate(self.steps))


def inputs_of(generator: np.random.Generator, fmt: Format, leaves: int, extreme: bool) -> list[np.ndarray]:
    """Numbers of the format: ordinary ones from a quarter to four, extreme ones over its whole range."""
    drawn = []
    for _ in range(leaves):
        if extreme:
            size = np.exp2(generator.uniform(fmt.lowest - fmt.bits, fmt.highest, LANES))
        else:
            size = np.exp2(generator.uniform(-2, 2, LANES))
        x = size * generator.choice([-1.0, 1.0], LANES)
        if generator.random() < 0.2:
            x = np.where(generator.random(LANES) < 0.3, generator.choice([0.0, 1.0, -1.0, 2.0, 0.5, 3.0], LANES), x)
        if generator.random() < 0.1:
            x = np.round(x)
        x = fmt.quantize(x)
        drawn.append(np.where(np.isfinite(x), x, fmt.largest))
    return drawn


@dataclass
class Tally:
    """What a batch of expressions showed."""

    expressions: int = 0
    decided: int = 0
    lanes: int = 0
    strains: list[float] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.expressions += other.expressions
        self.decided += other.decided
        self.lanes += other.lanes
        self.strains += other.strains
        self.outside += other.outside


def judged(seed: int, fmt: Format, extreme: bool, expression: Expression | None = None) -> Tally:
    """One expression on one machine, against its bound; the seed draws what is not given."""
    generator = np.random.default_rng(seed)
    flushes = bool(seed % 2)
    habits = Habits(fmt, generator, fused=bool(generator.integers(2)), flush_results=flushes, flush_operands=flushes)
    if not flushes:
        habits.flush_results = bool(generator.integers(2))
    if generator.random() < 0.1:  # a framework that keeps its hyperparameters in single precision
        fmt = replace(fmt, host="float32")
    elif generator.random() < 0.1 and not fmt.wide:  # or rounds them to the dtype
        fmt = replace(fmt, scalar=fmt.name)
    habits.fmt = stated = replace(fmt, flushes="both") if flushes else fmt
    expression = expression or Expression.drawn(generator)
    inputs = inputs_of(generator, fmt, expression.leaves, extreme)

    def hosted(c: float) -> float:
        return float(habits.hosted(np.asarray(c)))

    with np.errstate(all="ignore"):
        bounded = expression([Rounded.of(x, stated) for x in inputs], lambda c: Rounded.scalar(hosted(c), stated))
        truth = expression([Balls(x) for x in inputs], lambda c: Balls(hosted(c)))
        computed = expression([Machine(x, habits) for x in inputs], lambda c: Machine(hosted(c), habits, host=True)).value
    tally = Tally(expressions=1, lanes=LANES, decided=int(bounded.decided.sum()))
    bound = bounded.bound
    error = np.abs((truth - computed).midpoints()) if np.isfinite(computed).all() else np.array(
        [abs(float((t - c).mid())) if np.isfinite(c) else np.inf for t, c in zip(truth.value, computed, strict=True)]
    )
    blurred = truth.radii()
    known = np.isfinite(blurred)  # else nobody knows the exact number
    error = np.where(known, np.maximum(error - np.where(known, blurred, 0.0), 0.0), 0.0)
    outside = ~(error <= bound) & np.isfinite(bound)
    for lane in np.flatnonzero(outside):
        tally.outside.append(
            f"seed {seed}, {fmt.name}, {'extreme' if extreme else 'ordinary'}, flushing={flushes}, lane {lane}: "
            f"{expression} on {[float(x[lane]) for x in inputs]}: computed {computed[lane]!r}, exact {truth.value[lane]}, "
            f"bound {bound[lane]!r}, strain {error[lane] / bound[lane] if bound[lane] else np.inf:.4g}"
        )
    shown = np.isfinite(bound) & (bound > 0) & bounded.decided
    if shown.any():
        tally.strains.append(float(np.max(error[shown] / bound[shown])))
    return tally


def batch(first: int, number: int, fmt: Format, extreme: bool) -> Tally:
    """Consecutive seeds."""
    total = Tally()
    for seed in range(first, first + number):
        total.add(judged(seed, fmt, extreme))
    return total


def _batches(number: int, seed: int, size: int) -> Iterator[tuple[int, int]]:
    for start in range(seed, seed + number, size):
        yield start, min(size, seed + number - start)


def main() -> int:
    """Judge many expressions and print what they showed; 1 if one lay outside its bound."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--expressions", type=int, default=100_000, help="of each kind, ordinary and extreme")
    parser.add_argument("--seed", type=int, default=0, help="the first seed; every expression has its own")
    parser.add_argument("--format", choices=sorted(FORMATS), help="one format (default: the three narrow ones in turn)")
    parser.add_argument("--processes", type=int, default=None)
    options = parser.parse_args()
    formats = [options.format] if options.format else ["float32", "bfloat16", "float16"]
    failed = False
    for extreme in (False, True):
        total, started = Tally(), time.monotonic()
        with ProcessPoolExecutor(options.processes) as pool:
            jobs = [
                pool.submit(batch, start, n, FORMATS[formats[k % len(formats)]], extreme)
                for k, (start, n) in enumerate(_batches(options.expressions, options.seed, 250))
            ]
            for k, job in enumerate(jobs):
                total.add(job.result())
                if sys.stderr.isatty():
                    print(f"\r{k + 1}/{len(jobs)} batches, {len(total.outside)} outside", end="", file=sys.stderr)
        kind = "extreme" if extreme else "ordinary"
        print(
            f"{kind:9} {total.expressions} expressions, {len(total.outside)} numbers outside their bounds, "
            f"{total.decided / total.lanes:.1%} decided, median strain {np.median(total.strains):.3f}, "
            f"largest {max(total.strains):.4f}, {total.expressions / (time.monotonic() - started):.0f} a second"
        )
        for line in total.outside[:10]:
            print("  " + line)
        failed |= bool(total.outside)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
