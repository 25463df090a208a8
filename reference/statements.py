"""What is known about an equation, as data: sources, claims with their preconditions, limits, other forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reference.entry import Equation

Function = Callable[..., Any]


@dataclass(frozen=True)
class Paper:
    """A published statement of an equation, and the place in it."""

    title: str
    where: str
    url: str

    def __str__(self) -> str:
        return f"{self.title}, {self.where}, {self.url}"


@dataclass(frozen=True)
class Note:
    """A place in a study note: its file name and a label such as "math 6-6", or a line number."""

    file: str
    label: str = ""
    line: int = 0

    def __str__(self) -> str:
        return f"note {self.file}, " + (self.label or f"line {self.line}")


Source = Paper | Note


@dataclass
class Claim:
    """A sentence about an equation that is true under `when`, as two sides that must then be equal.

    `by` says how it is proved: "symbols" for all values, "rationals" exactly at rational points, "enumeration" over
    every case of a finite set, "balls" by rigorous enclosure at points. `outside` holds arguments of the two sides
    that break `when` and for which the sides differ; a claim that holds on its equation's whole domain has none.
    """

    sentence: str
    sides: Function
    equation: Equation
    when: str = ""
    by: str = "symbols"
    outside: Mapping[str, Any] | None = None

    def __call__(self, *args: Any, **kwargs: Any) -> tuple[Any, Any]:
        """The two sides for these arguments, computed by the equation itself."""
        left, right = self.sides(self.equation.function, *args, **kwargs)
        return left, right


PROOFS = ("symbols", "rationals", "enumeration", "balls")


@dataclass(frozen=True)
class Limit:
    """One row of an equation's table of IEEE values: what these inputs give."""

    sentence: str
    given: Mapping[str, Any]
    gives: tuple[Any, ...]


@dataclass(frozen=True)
class Slopes:
    """What the gradients of the outputs' sum satisfy exactly at one input, where each by itself may be one of many.

    `sides` gets the gradient of every differentiable argument by name, and gives two sides that are equal.
    """

    sentence: str
    given: Mapping[str, Any]
    sides: Function


@dataclass(frozen=True)
class Kink:
    """What the gradients of the sum of all outputs satisfy together at one input, though each may be one of many.

    `sides` gets the gradient of every differentiable argument by name, and gives two sides that are equal to the bit.
    """

    sentence: str
    given: Mapping[str, Any]
    sides: Function


@dataclass(frozen=True)
class Wording:
    """The same formula in other letters or steps; one that `lacks` something is right only where that holds.

    One that speaks of some inputs alone is `given` them: a function that makes such inputs of any.
    """

    latex: str
    dialect: str = ""  # which of the equation's forms it states; its own if none is named
    lacks: str = ""
    symbols: Mapping[str, Any] = field(default_factory=dict)
    given: Callable[..., Mapping[str, Any]] | None = None


@dataclass(frozen=True)
class GradientForm:
    """Another way of computing the gradient with respect to one argument, equal to the derivative.

    Called with one cotangent for each output, then the equation's own arguments. A form that is right but inaccurate
    somewhere names that as its `facet`.
    """

    wrt: str
    function: Function
    facet: str = ""
    together: Together | None = None  # what this gradient is one part of


@dataclass(frozen=True)
class Together:
    """Gradients with respect to several arguments that are computed in one go, in the order of `wrt`."""

    wrt: tuple[str, ...]
    function: Function

    def part(self, name: str) -> Function:
        """One of the gradients."""
        k = self.wrt.index(name)
        return lambda *args, **options: self.function(*args, **options)[k]


@dataclass
class Variant:
    """The same question answered by a different formula: `differs` says where, `telling` is an input that shows it."""

    name: str
    function: Function
    latex: str
    sources: tuple[Source, ...]
    differs: str
    telling: Mapping[str, Any]
    outputs: tuple[str, ...]
    gradient_forms: list[GradientForm] = field(default_factory=list)
    symbols: Mapping[str, Any] = field(default_factory=dict)  # what letters stand for, beyond those of the equation

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return applied(self, args, kwargs)

    def gradient_form(self, wrt: str, *, facet: str = "") -> Callable[[Function], Function]:
        """Register another way of computing the gradient with respect to one argument."""

        def register(function: Function) -> Function:
            self.gradient_forms.append(GradientForm(wrt, function, facet))
            return function

        return register


def applied(entry: Equation | Variant, args: Sequence[Any], options: Mapping[str, Any]) -> Any:
    """The function's value. Numbers that differentiate have a say through `__equation__(entry, args, options)`."""
    if entry.gradient_forms:
        deciding = [a for a in (*args, *options.values()) if hasattr(a, "__equation__")]
        if deciding:
            return max(deciding, key=lambda a: a.rank).__equation__(entry, args, options)
    return entry.function(*args, **options)
