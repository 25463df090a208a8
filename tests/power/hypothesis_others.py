"""What is no plain function of its inputs has tests of its own: objects with a memory, random layers, gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st

from conformance.adapters.contract import EAGER
from conformance.calling.computing import by_position
from conformance.calling.stepping import hyperparameters, is_step, state_names
from conformance.scenarios.numbers import DEFAULTS
from reference.catalogue import CATALOGUE
from tests.power.drawing import PROFILES, SEEDS, arguments, rounded
from tests.power.found import call, largest, tensor
from tests.power.hypothesis_peer import Watch, close, oracle, sound, walked

SIDE = 200  # of the square that a random layer is given
SIGMAS = 6.0  # how far a share may be from what it should be


def has_gradient(entry: Any) -> bool:
    """Whether there is a gradient to compare: autograd's, or one that is given beside the function."""
    smooth = CATALOGUE[entry.equation].differentiable
    return bool(smooth) and not entry.random and (entry.over == "torch" or entry.gradient is not None)


def random(watch: Watch, entry: Any, made: Any, seed: int) -> bool:
    """What is kept is scaled as the formula says, about as much is kept as p says, and the gradient follows it."""
    equation = CATALOGUE[entry.equation]

    def body(drawn: Any) -> None:
        p, dtype, number = drawn
        x = rounded(np.random.default_rng(number).uniform(1, 2, (SIDE, SIDE)), dtype)

        def check() -> None:
            leaf = tensor(made, x, dtype).requires_grad_()
            y = call(entry, {"x": leaf, "p": p}, EAGER)[0]
            kept = y.detach() != 0
            (whole,) = oracle(equation, {"x": x, "mask": np.ones(x.shape), "p": p})
            close(y, np.where(kept.numpy(), whole, 0.0), dtype)
            share = float(kept.double().mean())
            assert abs(share - (1 - p)) <= SIGMAS * (p * (1 - p) / x.size) ** 0.5, f"{share} are kept with p = {p}"
            (slope,) = torch.autograd.grad(y.sum(), leaf)
            close(slope, np.where(kept.numpy(), 1 / (1 - p), 0.0), dtype)
            again = call(entry, {"x": leaf, "p": p}, EAGER)[0] != 0
            assert p == 0 or not torch.equal(kept, again), "the second draw is the first"

        watch.runs(check, x.size)

    shares = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 0.9])
    return watch.test(seed, st.tuples(shares, st.sampled_from(["float32", "float64"]), SEEDS), body)


def gradient(watch: Watch, entry: Any, made: Any, seed: int) -> bool:
    """torch.autograd.gradcheck with its defaults; for a hook central differences with the tolerances of gradcheck."""
    equation = CATALOGUE[entry.equation]

    def body(values: Any) -> None:
        smooth = [n for n in equation.differentiable if values[n].size]

        def by_autograd() -> None:
            turned = {n: tensor(made, v, "float64") for n, v in values.items()}
            leaves = [turned[n].requires_grad_() for n in smooth]
            torch.autograd.gradcheck(lambda *x: call(entry, turned | dict(zip(smooth, x, strict=True)), EAGER), leaves)

        def by_differences() -> None:
            turned = {n: tensor(made, v, "float64") for n, v in values.items()}
            weights = [np.random.default_rng(0).standard_normal(np.shape(o)) for o in oracle(equation, values)]
            positional, named = by_position(equation, turned)
            cotangents = [tensor(made, w, "float64") for w in weights]
            got = made.gradient(entry.function, positional, named, smooth, cotangents)
            for name, slope in zip(smooth, got, strict=True):
                want = _differences(lambda v: oracle(equation, v), values, name, weights)
                torch.testing.assert_close(made.array(slope), want, rtol=1e-3, atol=1e-5)

        if smooth and sum(np.size(v) for v in values.values()) <= 60:
            watch.runs(by_autograd if entry.gradient is None else by_differences, largest(values), kind="slope")

    return watch.test(seed, arguments(equation, "normal", "typical", "float64"), body)


def _differences(function: Any, values: dict[str, Any], name: str, weights: list[np.ndarray]) -> np.ndarray:
    """Central differences of the sum of weight times output."""

    def total(x: np.ndarray) -> float:
        return sum(float(np.sum(w * o)) for w, o in zip(weights, function(values | {name: x}), strict=True))

    slope, step = np.zeros_like(values[name]), 1e-6
    for place in np.ndindex(slope.shape):
        moved = [values[name].copy(), values[name].copy()]
        moved[0][place] += step
        moved[1][place] -= step
        slope[place] = (total(moved[0]) - total(moved[1])) / (2 * step)
    return slope


@st.composite
def journeys(draw: Any, name: str, kinds: Any, modes: Any) -> Any:
    """Two groups of weights, gradients of which some are missing, a step after which all is saved, and a late group."""
    entry = CATALOGUE[name]
    dtype = draw(st.sampled_from(sorted(kinds)))
    chosen = [(p, s) for p, s, fresh in kinds[dtype] if fresh and p in PROFILES]
    profile, style = draw(st.sampled_from(chosen or [("normal", "typical")]))
    hypers = [hyperparameters(entry, draw(arguments(entry, "normal", style, dtype))) for _ in range(2)]
    shapes = draw(st.lists(st.sampled_from([(1,), (3,), (3,), (17,), (2, 3)]), min_size=1, max_size=3))
    groups = [draw(st.integers(0, 1)) for _ in shapes]
    number = draw(st.integers(1, 6))
    g = np.random.default_rng(draw(SEEDS))
    weights = [rounded(g.standard_normal(shape), dtype) for shape in shapes]
    missing = draw(st.lists(st.tuples(st.integers(0, number - 1), st.integers(0, 2)), max_size=2))
    steps = [[rounded(PROFILES[profile](draw, s, g), dtype) for s in shapes] for _ in range(number)]
    steps = [[None if (k, i) in missing else x for i, x in enumerate(row)] for k, row in enumerate(steps)]
    saved, late = draw(st.integers(0, number)), draw(st.sampled_from([0, 0, 1, 2]))
    return dtype, weights, groups, hypers, steps, saved, late, draw(st.sampled_from(list(modes)))


def objects(watch: Watch, entry: Any, made: Any, kinds: Any, seed: int) -> bool:
    """Every weight and its memory after each step, against the formula with a memory of its own for each weight."""

    def body(journey: Any) -> None:
        weights, steps = journey[1], journey[4]
        watch.runs(lambda: _walk(entry, made, journey), max(w.size for w in weights), len(steps), journey[0])

    return watch.test(seed, journeys(entry.equation, kinds, entry.modes or (EAGER,)), body)


class _Formula:
    """Weights that the formula moves, each with a memory and hyperparameters of its own."""

    def __init__(self, equation: Any) -> None:
        self.equation = equation
        self.weights: list[np.ndarray] = []
        self.memory: list[dict[str, Any]] = []
        self.hyper: list[Any] = []

    def add(self, weight: np.ndarray, hyper: Any) -> None:
        self.weights.append(weight)
        self.memory.append(_start(self.equation, weight))
        self.hyper.append(hyper)

    def step(self, gradients: list[Any]) -> None:
        for i, x in enumerate(gradients):
            if x is not None:
                self.weights[i] = _moved(self.equation, self.weights[i], x, self.memory[i], self.hyper[i])

    def agrees(self, read: list[Any], dtype: str) -> None:
        for state, weight, memory in zip(read, self.weights, self.memory, strict=True):
            close(state["w"], weight, dtype)
            for name in state_names(self.equation):
                close(state[name], memory[name], dtype)


def _walk(entry: Any, made: Any, journey: Any) -> None:
    """One object along a path, beside the formula."""
    dtype, weights, groups, hypers, steps, saved, late, mode = journey
    equation, formula = CATALOGUE[entry.equation], _Formula(CATALOGUE[entry.equation])
    order = sorted(range(len(weights)), key=lambda i: groups[i])
    for i, weight in enumerate(weights):
        _sound(equation, dtype, weight, [row[i] for row in steps if row[i] is not None], hypers[groups[i]])

    def turned(arrays: list[Any]) -> list[Any]:
        return [None if x is None else tensor(made, x, dtype) for x in arrays]

    def fresh(now: list[np.ndarray]) -> Any:
        parts = [(turned([now[i] for i in order if groups[i] == k]), hyper) for k, hyper in enumerate(hypers)]
        return entry.function([part for part in parts if part[0]], mode)

    stepping = fresh(weights)
    for i in order:
        formula.add(weights[i], hypers[groups[i]])
    for k, row in enumerate(steps):
        given = [row[i] for i in order]
        if late and k == late:
            stepping.add(turned(weights[:1]), hypers[1])
            formula.add(weights[0], hypers[1])
        given += [row[0]] * (len(formula.weights) - len(given))
        buffers = turned(given)
        stepping.step(buffers)
        for buffer in (x for x in buffers if x is not None):
            buffer[...] = 0  # as training loops do
        formula.step(given)
        read = stepping.read()
        formula.agrees(read, dtype)
        if k + 1 == saved and not late:
            kept = stepping.save()
            stepping.step(turned(given))
            there = dict(zip(order, (made.array(state["w"]) for state in read), strict=True))
            stepping = fresh([there[i] for i in range(len(weights))])
            stepping.load(kept)


def _start(equation: Any, weight: np.ndarray) -> dict[str, Any]:
    return {n: np.zeros(weight.shape) for n in state_names(equation)} | ({"t": 1} if "t" in equation.domain else {})


def _sound(equation: Any, dtype: str, weight: np.ndarray, path: list[np.ndarray], hyper: Any) -> None:
    """Only paths on which a right form stays well within the tolerance."""
    if not path:
        return
    known = {"w": weight, "g": path[0]} | _start(equation, weight) | hyper
    values = {n: known[n] for n in equation.domain}
    want = walked(equation, values, path[1:], lambda v: oracle(equation, v))
    sound(equation, dtype, want, lambda form: walked(equation, values, path[1:], form))


def _moved(equation: Any, w: np.ndarray, g: np.ndarray, memory: dict[str, Any], hyper: Any) -> np.ndarray:
    known = {"w": w, "g": g} | memory | hyper
    moved, *state = oracle(equation, {n: known[n] for n in equation.domain})
    memory |= dict(zip(state_names(equation), state, strict=True))
    if "t" in memory:
        memory["t"] += 1
    return moved


def refusals(watch: Watch, entry: Any, made: Any) -> bool:
    """A negative rate is refused in every mode, and so is a gradient of another shape than its weight."""
    if not is_step(CATALOGUE[entry.equation]):
        return True
    equation = CATALOGUE[entry.equation]
    hyper = {n: DEFAULTS.get(n, 0.5) for n in by_position(equation, dict.fromkeys(equation.domain))[1]}

    def refused(numbers: dict[str, Any], size: int, mode: str) -> bool:
        try:
            entry.function([([tensor(made, np.ones(3), "float32")], numbers)], mode).step(
                [tensor(made, np.ones(size), "float32")]
            )
        except Exception:  # noqa: BLE001 - any refusal will do
            return True
        return False

    bad = ((hyper | {"lr": -1.0}, 3, "lr = -1 is taken"), (hyper, 2, "a gradient of 2 for a weight of 3 is taken"))
    for mode in entry.modes or (EAGER,):
        for numbers, size, says in bad:
            watch.tried += 1
            if not refused(numbers, size, mode):
                watch.failing.append((1, size, says))
                return False
    return True
