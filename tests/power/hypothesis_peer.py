"""An engineer with a formula compares with it to customary tolerances, on inputs on which a right form passes."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time
from typing import Any

import hypothesis
import numpy as np
import torch
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from torch.testing._comparison import default_tolerances

from conformance.calling.computing import parts
from conformance.calling.stepping import is_step, state_names
from conformance.scenarios.draw import is_elementwise
from reference.catalogue import CATALOGUE, Equation
from reference.domain import Kind
from tests.harness import adapter
from tests.power.drawing import ALONE, GENTLE, PROFILES, arguments, gradients
from tests.power.found import Found, Tally, call, largest, tensor, told

OWN = {"float64": np.longdouble, "float32": np.float32, "float16": np.float16}  # in what a right form is computed
MARGIN = 0.2  # of the tolerance; a right form that is off by more is no test of another one
PATIENCE = 3.0  # seconds of shrinking
QUIET = dict(database=None, deadline=None, suppress_health_check=list(HealthCheck), report_multiple_bugs=False)


class OutOfTime(KeyboardInterrupt):
    """The time of a test is over; Hypothesis lets it pass."""


class Watch:
    """The time of a test, of the processor and not the clock, and the failing examples that it saw."""

    def __init__(self, seconds: float) -> None:
        self.until = process_time() + seconds
        self.failing: list[tuple[int, int, str]] = []  # steps, elements, message
        self.tried = 0

    def runs(self, check: Callable[[], None], elements: int, steps: int = 1, kind: str = "") -> None:
        """One example, of a kind of input."""
        if process_time() > self.until:
            raise OutOfTime
        self.tried += 1
        try:
            check()
        except hypothesis.errors.UnsatisfiedAssumption:
            raise
        except Exception as error:
            if not self.failing:
                self.until = process_time() + PATIENCE
            self.failing.append((steps, elements, f"{kind}: {told(error)}"))
            raise

    def test(self, seed: int, strategy: Any, body: Callable[[Any], None]) -> bool:
        """Whether the body passes for all that is drawn until the time is over."""
        held = settings(max_examples=10**9, phases=[Phase.generate, Phase.shrink], **QUIET)
        run = hypothesis.seed(seed)(held(given(strategy)(body)))
        try:
            run()
        except (OutOfTime, hypothesis.errors.Unsatisfiable):
            pass
        except Exception:
            if not self.failing:
                raise
        return not self.failing


def oracle(entry: Equation, values: dict[str, Any]) -> tuple[Any, ...]:
    """The formula over plain float64 arrays; an input for which it makes no sense is none."""
    try:
        with np.errstate(all="ignore"):
            return parts(entry.function(**values))
    except (ValueError, IndexError, ArithmeticError):
        assume(False)
        raise


def close(got: Any, want: Any, dtype: str) -> None:
    """torch.testing.assert_close with its default tolerances, NaN equal to NaN, the dtype as the input's."""
    one = got.detach() if isinstance(got, torch.Tensor) else torch.as_tensor(np.array(got, order="C"))
    two = torch.as_tensor(np.array(want, order="C"))
    if two.is_floating_point() and dtype != "exact":
        two = two.to(getattr(torch, dtype))
    typed = one.is_floating_point() and two.is_floating_point() and not isinstance(got, float | int)
    torch.testing.assert_close(one, two, equal_nan=True, check_dtype=typed and dtype != "exact")


def walked(entry: Equation, values: dict[str, Any], more: list[np.ndarray], made: Callable[..., Any]) -> list[Any]:
    """The outputs of every step, with the state carried on."""
    found = []
    for k in range(len(more) + 1):
        outputs = made(values)
        found.append(outputs)
        if k < len(more):
            values = values | {n: o for n, o in zip(entry.outputs, outputs, strict=True) if n in values}
            values |= {"g": more[k]} | ({"t": values["t"] + 1} if "t" in values else {})
    return found


@st.composite
def examples(draw: Any, name: str, kinds: dict[str, list[Any]], layouts: Any = ("contiguous",), modes: Any = ("",)):
    """A dtype, a kind of input for which a right form passes, the input, and for an optimizer its next gradients."""
    entry = CATALOGUE[name]
    dtype = draw(st.sampled_from(sorted(kinds)))
    profile, style, fresh = kind = draw(st.sampled_from(kinds[dtype]))
    values = draw(arguments(entry, profile, style, dtype))
    more = []
    if is_step(entry):
        state = {n: np.zeros_like(values[n]) for n in state_names(entry)} if fresh else {}
        values |= state | ({"t": 1} if fresh and "t" in values else {})
        one = profile if profile != "each" else "normal"
        more = [draw(gradients(values["w"], one, dtype)) for _ in range(draw(st.integers(0, 5)))]
    return kind, dtype, values, more, draw(st.sampled_from(list(layouts))), draw(st.sampled_from(list(modes)))


def _kinds(entry: Equation, dtype: str) -> list[tuple[str, str, bool]]:
    """Everything that may be asked for: a profile of the reals, a style of the numbers, a fresh memory or any."""
    numbers = [a for a in entry.domain.values() if isinstance(a, Kind)]
    endless = any(a.integer and a.high == np.inf for a in numbers)
    styles = ["typical", *["counts"] * endless, *["edges"] * any(not a.integer for a in numbers)]
    profiles = [*PROFILES, "each"] if entry.domain.real_arrays() else ["normal"]
    if not is_elementwise(entry.domain):
        profiles = [p for p in profiles if p not in ALONE]
    if dtype in ("bfloat16", "float16"):
        profiles = [p for p in profiles if p in GENTLE]
    starts = (True, False) if is_step(entry) else (False,)
    return [(p, s, f) for p in profiles for s in styles for f in starts]


def sound(entry: Equation, dtype: str, want: list[Any], walk: Callable[[Any], list[Any]]) -> None:
    """Only inputs on which right forms agree: the formula in the dtype, or of more digits, is well within the
    tolerance, and so is the formula for the same numbers an ulp away, zeros and ones excepted.

    Without this an engineer's test fails for right implementations too, and is narrowed by hand until it does not.
    """
    if dtype == "exact":
        return
    own, held = OWN.get(dtype), getattr(torch, dtype)
    rtol, atol = default_tolerances(torch.empty(0, dtype=held))
    g, ulp = np.random.default_rng(0), torch.finfo(held).eps

    def narrow(values: dict[str, Any]) -> Any:
        return oracle(entry, {n: v.astype(own) if _float(v) else v for n, v in values.items()})

    def away(values: dict[str, Any]) -> Any:
        return oracle(entry, {n: _moved(v, g, ulp) for n, v in values.items()})

    for form, margin in ((narrow, MARGIN), (away, 0.5)):
        if form is narrow and own is None:
            continue
        for one, two in zip(walk(form), want, strict=True):
            for a, b in zip(one, two, strict=True):
                x, y = (torch.as_tensor(np.array(v).astype(float)).to(held).double() for v in (a, b))
                assume(bool(torch.isclose(x, y, margin * rtol, margin * atol, equal_nan=True).all()))


def _moved(value: Any, g: np.random.Generator, ulp: float) -> Any:
    """Some of the numbers half an ulp nearer to zero."""
    if not (_float(value) or isinstance(value, float)):
        return value
    less = value * (1 - ulp / 2 * g.integers(0, 2, np.shape(value)))
    less = np.where((value == 0) | (np.abs(value) == 1), value, less)
    return less if _float(value) else float(less)


def _float(value: Any) -> bool:
    return hasattr(value, "dtype") and value.dtype.kind == "f"


def tried(entry: Any, *, seed: int, seconds: float) -> Found:
    """Tests of one implementation, as long as they may take."""
    from tests.power import hypothesis_others as others

    torch.manual_seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - an implementation may draw from it
    equation, made, tally = CATALOGUE[entry.equation], adapter(entry), Tally()
    dtypes = ("exact",) if equation.dtype == "exact" else made.dtypes
    kinds = {dtype: _kinds(equation, dtype) for dtype in dtypes}
    tests: dict[str, Callable[[Watch], bool]] = {}
    counted, start = tally.of(entry), process_time()
    if entry.random:
        tests["random"] = lambda watch: others.random(watch, counted, made, seed)
    elif isinstance(entry.function, type):
        tests["refusal"] = lambda watch: others.refusals(watch, counted, made)
        tests["object"] = lambda watch: others.objects(watch, counted, made, kinds, seed)
    else:
        tests["value"] = lambda watch: values(watch, counted, made, kinds, seed)
    if others.has_gradient(entry):
        tests["gradient"] = lambda watch: others.gradient(watch, counted, made, seed)
    found = Found()
    for left, (name, test) in zip(range(len(tests), 0, -1), tests.items(), strict=True):
        watch = Watch(max(0.3, seconds - (process_time() - start)) / left)
        passed = test(watch)
        found.tried += watch.tried
        if not passed:
            found.caught, found.by = True, name
            found.steps, found.elements, found.message = min(watch.failing)
            found.steps = found.steps if is_step(equation) else None
            break
    found.calls, found.seconds = tally.calls, process_time() - start
    found.whole = found.seconds
    return found


def values(watch: Watch, entry: Any, made: Any, kinds: Any, seed: int) -> bool:
    """Outputs against the formula at every step; a second call gives the same, and no argument is changed."""
    equation = CATALOGUE[entry.equation]

    def body(example: Any) -> None:
        kind, dtype, given_, more, layout, mode = example
        held = "float64" if dtype == "exact" else dtype

        def turned(values: dict[str, Any]) -> dict[str, Any]:
            return {n: tensor(made, v, held, layout) for n, v in values.items()}

        def check() -> None:
            want = walked(equation, given_, more, lambda v: oracle(equation, v))
            sound(equation, dtype, want, lambda form: walked(equation, given_, more, form))
            arrays = turned(given_)
            got = walked(equation, arrays, [turned({"g": g})["g"] for g in more], lambda v: call(entry, v, mode))
            for one, two in zip(got, want, strict=True):
                for a, b in zip(one, two, strict=True):
                    close(a, b, dtype)
            for name, value in given_.items():
                if isinstance(value, np.ndarray):
                    close(arrays[name], value, dtype)
            for one, two in zip(call(entry, arrays, mode), got[0], strict=True):
                torch.testing.assert_close(made.array(one), made.array(two), rtol=0, atol=0, equal_nan=True)

        watch.runs(check, largest(given_), len(more) + 1, ", ".join((dtype, *kind[:2], layout)))

    layouts = [layout for layout in made.layouts if layout in ("contiguous", "transposed", "sliced")]
    return watch.test(seed, examples(entry.equation, kinds, layouts, entry.modes or ("",)), body)
