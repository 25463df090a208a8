"""A table of what was caught shows its misses as plainly as its catches, and its false alarms beside them."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

APPROACHES = {
    "ours": "Gaugeblock", "hypothesis": "Hypothesis and assert_close", "opinfo": "OpInfo and OptimizerInfo",
}  # fmt: skip
FEW = 2  # elements and steps of a counterexample that nobody could make smaller by much
NOTES = """\
- **Gaugeblock**: every property on every case, effort standard, in the order of a run, up to the first failure;
  calls and seconds, of the processor, are those until then, shrinking included. A bug that is missed has gone
  through everything.
- **Hypothesis and assert_close**: one generic test with `torch.testing.assert_close` at its default tolerances,
  `equal_nan=True`, against the equation over NumPy's float64, cast to the dtype. It draws dtypes (float64 and
  float32; over torch those of 16 bits too), sizes, layouts, modes, hyperparameters (customary, large counts, edges)
  and {profiles} profiles of numbers (normal, ties, constant, offset, large, huge, small, tiny, many scales, NaN,
  for elementwise equations infinities and any float, each array its own). A second call must give the same bits,
  and no argument may change. Optimizers walk up to six steps, from a fresh memory or from any; objects have groups,
  missing gradients, a checkpoint and a late group, and must refuse a rate below zero. Of random layers the scale,
  the share, the gradient and a second draw are looked at; gradients over torch go through `gradcheck` with its
  defaults, in float64. So that it does not fail for right implementations, it takes only inputs on which the
  equation in the dtype itself (of float64 in more digits) is within a fifth of the tolerance, and the equation for
  numbers half an ulp away within half. It has as many seconds as Gaugeblock needed for the same bug, and at least
  {least}; what it finds it may shrink for ten more.
- **OpInfo and OptimizerInfo**: torch's own samples and reference inputs of the operation that the equation
  corresponds to, converted where the options allow, compared with torch's operation at the OpInfo's own tolerances
  (the default ones where it overrides none for `TestCommon`); over torch also non-contiguous, and through
  `gradcheck`. For optimizers the options of `optim_db`, seven steps, weight and memory against torch's optimizer,
  in every mode. "No input": the equation has no such operation, or none of its samples can be converted. What is
  mapped is listed at the end.
- Elements are those of the largest array of the counterexample, after shrinking where the approach shrinks; steps
  are an optimizer's. A false alarm is a failure of an implementation that is right.
"""


def summary(
    rows: Mapping[str, Any], honest: Mapping[str, Any], approaches: Sequence[str], seeds: int = 1
) -> dict[str, Any]:
    """The figures of every approach, from the rows alone."""
    found: dict[str, Any] = {"planted": len(rows), "right": len(honest)}
    found["large"] = sorted(name for name, row in rows.items() if row["ours"]["caught"] and _large(row["ours"]))
    if seeds > 1 and all("caught on" in row for row in (*rows.values(), *honest.values())):  # not before the end
        found["not on every seed"] = [n for n, row in rows.items() if len(row["caught on"]) < seeds]
        found["fails on a seed"] = [n for n, row in honest.items() if row["caught on"]]
    for name in approaches:
        tried = [row[name] for row in rows.values() if name in row and row[name]["applies"]]
        caught = [one for one in tried if one["caught"]]
        alarms = [key for key, row in honest.items() if name in row and row[name]["caught"]]
        doubtful = {honest[key]["equation"] for key in alarms}
        found[name] = {
            "tried": len(tried),
            "caught": len(caught),
            "caught without doubt": sum(
                name in row and row[name]["caught"] and row["equation"] not in doubtful for row in rows.values()
            ),
            "median seconds": _middle(one["seconds"] for one in caught),
            "median calls": _middle(one["calls"] for one in caught),
            "median elements": _middle(one["elements"] for one in caught if one["elements"] is not None),
            "median steps": _middle(one["steps"] for one in caught if one["steps"] is not None),
            "false alarms": len(alarms),
            "right tried": sum(name in row and row[name]["applies"] for row in honest.values()),
            "false alarms of": sorted(alarms),
            "caught by": dict(Counter(one["by"] for one in caught).most_common()) if name != "opinfo" else {},
        }
    return found


def _large(found: Mapping[str, Any]) -> bool:
    """Whether a counterexample has more than two elements in an array, or more than two steps."""
    return (found["elements"] or 0) > FEW or (found["steps"] or 0) > FEW


def _middle(numbers: Any) -> float | None:
    known = list(numbers)
    return round(median(known), 3) if known else None


def write(folder: Path, data: dict[str, Any], notes: str) -> None:
    """power.json and power.md, each in one move."""
    folder.mkdir(parents=True, exist_ok=True)
    for key in ("planted", "right"):
        data[key] = dict(sorted(data[key].items()))
    known = [*data["planted"].values(), *data["right"].values()]
    approaches = [a for a in APPROACHES if any(a in row for row in known)]
    data["summary"] = summary(data["planted"], data["right"], approaches, data["seeds"])
    _replace(folder / "power.json", json.dumps(data, indent=1, ensure_ascii=False) + "\n")
    _replace(folder / "power.md", markdown(data, approaches, notes))


def _replace(path: Path, text: str) -> None:
    beside = path.with_suffix(path.suffix + f".{os.getpid()}")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def markdown(data: dict[str, Any], approaches: list[str], notes: str) -> str:
    """The table as text."""
    rows, honest, figures = data["planted"], data["right"], data["summary"]
    lines = ["# What is caught of what was planted", ""]
    versions = ", ".join(f"{n} {v}" for n, v in data["versions"].items())
    end = "" if data["finished"] else "; **not finished**"
    said = f"{figures['planted']} planted bugs and {figures['right']} right implementations in other forms; "
    took = f"{data['seconds']:.0f} seconds in {data['processes']} processes"
    lines += [f"{said}seed {data['seed']}; {versions}; {took}{end}.", ""]
    head = ["", "caught", "of those it has input for", "of equations without a false alarm", "median seconds", "calls",
            "elements", "steps", "false alarms"]  # fmt: skip
    lines += _table(head, [
        [APPROACHES[a], f"{f['caught']} of {figures['planted']}", f"{f['caught']} of {f['tried']}",
         f["caught without doubt"], f["median seconds"], f["median calls"], f["median elements"], f["median steps"],
         f"{f['false alarms']} of {f['right tried']}"]
        for a in approaches for f in [figures[a]]
    ])  # fmt: skip
    lines += ["", "`python -m tests.power` writes this file.", "", notes]
    lines += _differences(rows, approaches)
    for a in approaches:
        alarms = figures[a]["false alarms of"]
        lines += [f"{APPROACHES[a]} wrongly fails: {'; '.join(alarms) or 'none'}.", ""]
    by = ", ".join(f"{n} {k}" for n, k in figures["ours"]["caught by"].items())
    lines += [f"Gaugeblock catches by: {by}.", ""]
    lines += [_named("Its counterexamples of more than two elements or steps", figures["large"]), ""]
    many = "not on every seed" in figures
    if many:
        lines += [_named(f"Not caught on each of {data['seeds']} seeds", figures["not on every seed"]), ""]
        lines += [_named(f"Right, and fails on one of {data['seeds']} seeds", figures["fails on a seed"]), ""]
    lines += ["## Every planted bug", ""]
    head = ["planted bug", "over", "planted for", *(APPROACHES[a] for a in approaches), *["seeds"] * many]
    lines += _table(head, [
        [name, row["over"], row["planted for"], *(cell(row.get(a)) for a in approaches), *_often(row) * many]
        for name, row in rows.items()
    ])  # fmt: skip
    lines += ["", "## Every right implementation", ""] * bool(honest)
    lines += [] if not honest else _table(["right implementation", "over", *(APPROACHES[a] for a in approaches)], [
        [name, row["over"], *(verdict(row.get(a)) for a in approaches)] for name, row in honest.items()
    ])  # fmt: skip
    if data["mapped"]:
        mapped = ", ".join(f"{equation}: {operation}" for equation, operation in sorted(data["mapped"].items()))
        lines += ["", "## What corresponds to an operation of torch", "", f"{mapped}."]
    return "\n".join(lines) + "\n"


def _named(what: str, names: Sequence[str]) -> str:
    return f"{what} ({len(names)}): {'; '.join(names) or 'none'}."


def _often(row: Mapping[str, Any]) -> list[int]:
    return [len(row.get("caught on", []))]


def _differences(rows: Mapping[str, Any], approaches: list[str]) -> list[str]:
    """What one approach catches and another does not."""
    if len(approaches) < 2:
        missed = [name for name, row in rows.items() if not row["ours"]["caught"]]
        return [f"Missed: {'; '.join(missed) or 'none'}.", ""]

    def those(wanted: Callable[[Mapping[str, bool]], bool]) -> list[str]:
        return [n for n, row in rows.items() if wanted({a: row.get(a, {}).get("caught", False) for a in approaches})]

    said = {
        "Gaugeblock misses": those(lambda c: not c["ours"]),
        "Caught by another, missed by Gaugeblock": those(lambda c: not c["ours"] and any(c.values())),
        "Caught by none": those(lambda c: not any(c.values())),
    }
    lines = [text for what, names in said.items() for text in (f"{what}: {'; '.join(names) or 'none'}.", "")]
    alone = those(lambda c: c["ours"] and sum(c.values()) == 1)
    return [*lines, f"Caught by Gaugeblock alone: {len(alone)}.", ""]


def cell(found: Mapping[str, Any] | None) -> str:
    """One approach and one bug in a few words."""
    if found is None:
        return ""
    if not found["applies"]:
        return "no input"
    if not found["caught"]:
        return f"**missed** in {found['calls']} calls, {found['seconds']:.1f} s"
    size = [f"{found['elements']} elements"] if found["elements"] is not None else []
    size += [f"{found['steps']} steps"] if found["steps"] is not None else []
    told = f": {', '.join(size)}" if size else ""
    return f"{found['by']}, {found['calls']} calls, {found['seconds']:.1f} s{told}"


def verdict(found: Mapping[str, Any] | None) -> str:
    """One approach and one right implementation in a word."""
    if found is None:
        return ""
    if not found["applies"]:
        return "no input"
    return f"**fails**: {found['by']}" if found["caught"] else "passes"


def _table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    text = [["" if c is None else str(c).replace("|", "\\|").replace("\n", " ") for c in row] for row in rows]
    return [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *(f"| {' | '.join(row)} |" for row in text)]
