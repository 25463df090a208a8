"""The same quantity has other letters in other books; which letters stand for what is a matter of custom."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from conformance.notes.vocabulary import LETTERS

CUSTOMS = tuple(
    frozenset(names.split())
    for names in (
        "w W theta Theta x phi p param weight weights omega",  # what is learned
        "eta alpha lr gamma epsilon mu lambda",  # its rate
        "g G nabla ∇ grad dw dW h",  # its gradient
        "L J E C loss cost ell l H R MSE RMSE MAE BCE CE NLL error Loss Cost",  # what it costs
        "beta gamma rho mu alpha momentum lambda",  # how much of an average stays
        "beta_1 beta_2 rho_1 rho_2 gamma_1 gamma_2 beta rho gamma",
        "a v m u V b z M velocity",  # a velocity
        "v s G r S n h V sigma² E[pow(g, 2)] cache q R",  # a mean of squares
        "H u s d r S E[pow(Delta|theta, 2)] E[pow(Delta|w, 2)] E[pow(Delta|x, 2)]",
        "epsilon eps delta",
        "N n m M B K T |B| D d H",  # how many
        "y t target r d",  # what is meant
        "y p q a o f z s",  # what is predicted
        "x z a s u v X h o input",  # what goes in
        "y z a o h output out net s u Y O",  # what comes out
        "mu m mean E",
        "X x I image img", "I i W H n input L",
        "K F k f kernel w kernel_size FH FW kH kW", "D d dilation", "delta decay k decay_rate",
        "t epoch epoch_num step iteration n k T_cur", "T T_i T_max T_0",
        "v sigma² V", "O o output H_out out OH OW", "P p padding", "S s stride",
        "sigma s v var V",
        "f g h x I u",
        "h g K w k f",
        "i j k n c l d m t s u",  # what is numbered
        "alpha lambda beta mu c",
        "c C", "C K M", "h H s S", "i I", "o O", "f F", "g C n",
        "Q q", "K k", "V v", "W U V",  # matrices of weights
        "r RMS rms", "gamma g gain scale", "beta b bias shift",
    )
)  # fmt: skip
LEARNED = frozenset(["w", "W", "theta", "Theta", "b", "beta"])  # weights, which no gradient is of
RATES, SLOPES, COSTS = CUSTOMS[1:4]
NO_COST = LEARNED | (RATES - COSTS)  # nothing is learned along the slope of what is learned, or of its rate
STAYING = [custom for custom in CUSTOMS if "beta" in custom and "rho" in custom]
RUNNING = ("run", "running", "ema", "avg")  # labels of what an average over batches comes to
ACCENTED = ("hat ", "bar ", "tilde ", "cal ", "bb ", "Delta ")


@cache
def has_one_role(name: str) -> bool:
    """Whether people use a letter for one thing only."""
    return sum(name in custom for custom in CUSTOMS) == 1 and not (len(name) == 1 and name.isascii())


@cache
def affinity(name: str, other: str) -> float:
    """How readily one name is taken for another: 1 for itself, near 0 for what nobody would."""
    if name == other:
        return 1.0
    if _rate(name) and _rate(other):
        return _along(name, other)
    if name[:1].isdigit():
        return 0.6 if any(other in custom for custom in STAYING) else 0.05
    if name.endswith("²") and other.endswith("²"):
        return affinity(name[:-1], other[:-1])
    return _accented(name, other)


def _accented(name: str, other: str) -> float:
    """The same for names with what stands above them."""
    accent, bare = _split(name)
    others, kernel = _split(other)
    if accent != others:
        if not accent and others == "hat " and _labelled(bare) in ((kernel, label) for label in RUNNING):
            return 0.6
        if {accent, others} == {"", "cal "}:
            return 0.8 if bare.lower() == kernel.lower() else 0.9 * _bare(bare, kernel)
        if {accent, others} <= {"", "hat ", "bar ", "cal "}:
            return 0.3 * _bare(bare, kernel) + (0.25 if _predicted(name) and _predicted(other) else 0)
        return 0.1 * _bare(bare, kernel)
    return _bare(bare, kernel) * (0.95 if accent else 1.0)


def _along(rate: str, other: str) -> float:
    """How readily one gradient is taken for another: slopes along different quantities are different ones."""
    if not (rate.startswith("∂") and other.startswith("∂")):
        return 0.8
    return 0.8 * _bare(rate.rpartition("/∂")[2], other.rpartition("/∂")[2])


def _bare(name: str, other: str) -> float:
    if name == other:
        return 1.0
    if name.lower() == other.lower():
        return 0.8
    spelled = _initial(name, other) or _initial(other, name) or (_modelled(name) and _predicted(other))
    if spelled or any(name in custom and other in custom for custom in CUSTOMS):
        return 0.6
    root, label = _labelled(name)
    others, tag = _labelled(other)
    own = any(mark and not mark.isdigit() and _customary(n) for n, mark in ((name, label), (other, tag)))
    if label and tag and label == tag and not own:
        return 0.3 + 0.5 * _bare(root, others)
    if (label or tag) and not own:  # T_cur has a meaning of its own, and is no T among others
        return 0.15 + 0.45 * _bare(root, others) if root != name or others != other else 0.1
    return 0.1


@cache
def _customary(name: str) -> bool:
    """Whether some custom has a name as it is."""
    return any(name in custom for custom in CUSTOMS)


def _initial(word: str, letter: str) -> bool:
    """Whether a letter is the first of a word."""
    return is_word(word) and len(letter) == 1 and word[0].lower() == letter.lower()


def is_word(name: str) -> bool:
    """Whether a name is a word, and not that of a letter."""
    return len(name) > 3 and name.isascii() and name.isalpha() and "\\" + name not in LETTERS


def _split(name: str) -> tuple[str, str]:
    for accent in ACCENTED:
        if name.startswith(accent):
            return accent, name[len(accent) :]
    return "", name


def _labelled(name: str) -> tuple[str, str]:
    root, _, label = name.partition("_")
    return root, label


def _rate(name: str) -> bool:
    """Whether a name is that of a gradient."""
    over = name[1:].partition("/")[0] if name.startswith("∂") else ""
    return (name.startswith(("∂", "∇")) and over not in NO_COST) or name in ("g", "grad", "dw", "dW", "nabla")


def exchanged_roles(led: Mapping[str, str], mine: set[str]) -> bool:
    """Whether what is meant is read as what is predicted, and the other way round."""
    here, there = _roles(mine), _roles(set(led.values()))
    return here is not None and there is not None and (led.get(here[0]), led.get(here[1])) == (there[1], there[0])


def _roles(names: set[str]) -> tuple[str, str] | None:
    """What is meant and what is predicted, where names tell one from the other."""
    pairs = [(name[4:], name) for name in names if name.startswith("hat ")]
    pairs += [("y", name) for name in names if _modelled(name)]
    pairs += [("t", "y"), ("t", "hat y"), ("y", "p"), ("y", "q"), ("t", "p")]
    return next((pair for pair in pairs if set(pair) <= names), None)


def _predicted(name: str) -> bool:
    return name in ("hat y", "y", "p", "q", "a", "o", "hat p", "f")


def _modelled(name: str) -> bool:
    """Whether a name is that of a model with its weights, at a place: h_theta(x)."""
    return "(" in name and "_theta" in name
