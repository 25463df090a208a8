"""A claim says that something in a framework computes an equation; an adapter is a module full of claims.

A module may also give the names below; each has a default that suits NumPy, so that a first adapter has none of them.

    VERSION                      what is certified, as text; default: that of the installed package, else "unknown"
    DTYPES                       of "float64", "float32", "bfloat16", "float16"; default: the first two
    LAYOUTS                      how tensors may lie in memory; default: "contiguous" alone
    MODES                        name -> what turns a claimed function into what runs; default: "eager", as it is
    SLOW                         modes that are slow to build: one equation a chapter unless the effort is exhaustive
    devices()                    the names of the devices that exist; default: "cpu"
    has(equation, device, dtype, mode)        False where that is not offered
    tensor(x, dtype, device, layout)          float64 numbers into a tensor; later arguments may be left out
    array(tensor)                             a tensor into float64 numbers
    dtype_of(tensor)                          the name of its dtype; without it nothing is said about dtypes
    gradient(f, inputs, options, wrt, cotangents)      a gradient for each name in `wrt`; without it none are judged
    facts(device, dtype, mode)                what differs from the defaults of a format: ulps, flushes, ...; and
                                              "algorithms", those by which equations are computed that are accurate
                                              in norm only: {"convolution_2d": "fourier"}
    processor()                               what computes, as text for the conditions of waivers; default: its family
    build()                                   a dict of text for the certificate: build, processor features, driver
    synchronize(device)                       waits for what has been started
    zeroed(device)                            a context in which memory that is given out holds zeros: who reads what
                                              nobody filled, reads those
    literal(x, dtype, device, layout)         code that makes such a tensor, for the program that shows a deviation
    absent(error)                             whether an error means that the framework does not have what was asked for
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Function = Callable[..., Any]

EAGER = "eager"
DTYPES = ("float64", "float32", "bfloat16", "float16")
LAYOUTS = ("contiguous", "transposed", "sliced", "reversed", "expanded", "channels_last", "channels_slice")


class Steps(Protocol):
    """An optimizer: groups of weights, each with its hyperparameters, and a state for every weight.

    `groups` holds pairs of a list of weights and their hyperparameters, which carry the equation's names. States and
    gradients are lists with one entry for each weight, over all groups in their order; a state is a dict with the names
    of the equation's outputs other than the weight, and "t", the number of the step to come, where the equation has it.
    A gradient may be None: that weight had none.
    """

    def __init__(self, groups: Sequence[tuple[list[Any], Mapping[str, Any]]], mode: str) -> None: ...
    def set(self, states: Sequence[Mapping[str, Any]]) -> None: ...
    def step(self, gradients: Sequence[Any]) -> None: ...
    def read(self) -> list[dict[str, Any]]: ...
    def add(self, weights: list[Any], hyperparameters: Mapping[str, Any]) -> None: ...
    def save(self) -> Any: ...
    def load(self, saved: Any) -> None: ...


@dataclass(frozen=True)
class Claim:
    """One equation that a framework says it has: a function, or the class of an optimizer."""

    equation: str
    function: Any
    modes: tuple[str, ...]
    random: bool = False
    lanes: int = 0

    @property
    def steps(self) -> bool:
        """Whether it is an optimizer with a state of its own, not a function."""
        return isinstance(self.function, type)


def implements(
    equation: str, *, modes: Sequence[str] = (), random: bool = False, lanes: int = 0
) -> Callable[[Any], Claim]:
    """Claim that the decorated function, or optimizer, computes the equation of this name.

    A function takes the framework's own tensors in the reference's argument order, numbers by keyword as the reference
    does, and gives a tensor, or a tuple of them in the order of the equation's outputs. A class follows `Steps`.
    `modes` are the paths of execution of an optimizer, handed to its constructor; a function runs in each of the
    adapter's MODES. A `random` function draws its own mask: it takes everything but the argument `mask`.
    `lanes` is how many scenarios a call may hold where each costs the framework much; 0 means as many as there are.
    """

    def claim(function: Any) -> Claim:
        return Claim(equation, function, tuple(modes), random, lanes)

    return claim
