"""Certificates with as many cells as a whole run has, and with all that may stand in one."""

from functools import cache
from pathlib import Path

from conformance.certificate import read
from reference.catalogue import CATALOGUE
from tests.certificates import cell, certificate

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)> \" ' & 🙂 " + "long" * 100
PROPERTIES = ("bad_input", "climb", "determinism", "dtypes", "exact", "gradient", "limits", "smoke", "value")
HISTOGRAM = {"0": 900, "-12": 3, "-3": 40, "-1": 300, "0 ": 0, "-24": 7}


@cache
def published():
    """The certificate of torch on the CPU that is in reports/, the newest where there are several."""
    found = map(read, Path(__file__).parents[1].joinpath("reports").glob("torch-*-cpu.json"))
    return max(found, key=lambda data: data["run"]["started"])


def full_size():
    """As many cells as a whole run of torch has, with some of everything."""
    rows = []
    for i, name in enumerate(CATALOGUE):
        for dtype in ("float64", "float32", "bfloat16", "float16"):
            rows += [_row(i, name, dtype, of) for of in PROPERTIES]
    return certificate(*rows)


def _row(i, name, dtype, of):
    where = dict(dtype=dtype, seconds=0.01, framework_seconds=0.001, scenarios=100)
    if of == "value":
        where |= dict(letter="A", strain=0.7, histogram={k: v for k, v in HISTOGRAM.items() if k.strip() == k})
        where |= dict(curve={str(e): 0.1 for e in range(-9, 9)}, regions={"ordinary": 100}, judged=100)
        dialects = list(CATALOGUE[name].dialects)
        if dialects and i % 7 == 0:
            where |= dict(dialect={"spoken": dialects[0], "nearest": dialects[0], "told apart": {"the equation": 12}})
        if i % 11 == 0:
            return cell(name, of, "waived", **where, waiver={"reason": f"known {i % 5}", "url": "https://example.org/1"})
        if i % 37 == 0:
            says = f"y is NaN, want 1 {HOSTILE}"
            example = {"values": {"x": 1.0}, "layout": "contiguous", "says": says, "elements": 1}
            example |= {"snippet": f"# {HOSTILE}\nprint(1)"}
            where |= dict(letter="D", strain="Infinity", counterexample=example, message=HOSTILE)
            return cell(name, of, "failed", **where)
    return cell(name, of, **where)


FULL = full_size()
SMALL = certificate(
    cell("adam", "value", letter="A", strain=0.5), cell("adam", "climb", "undecided"),
    cell("relu", "value", "failed", letter="C", strain=3.0, message="relu-mine is off\nby much"),
    cell("mse", "value", "not offered"), cell("gone_from_the_catalogue", "value", "crashed", message=HOSTILE),
)  # fmt: skip
