"""How many planted bugs a suite catches is a number, and so is how often it fails what is right.

python -m tests.power                                  the whole table, with both baselines
python -m tests.power --only 'adam*'                   a part of it
python -m tests.power --seeds 10 --no-baselines        on which of ten seeds each bug is caught
python -m tests.power --seeds 20 --shelf right --no-baselines        whether what is right passes on twenty
python -m tests.power --seeds 10 --resume              goes on with a table that was interrupted, or lacks the baselines
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from fnmatch import fnmatch
from importlib.metadata import version
from pathlib import Path
from signal import SIGINT, SIGTERM, default_int_handler, signal
from time import perf_counter
from typing import Any

from tests import planted
from tests.power import table
from tests.power.resuming import code, resumed
from tests.power.rows import LEAST, Wishes, rows

OFTEN = 20  # bugs after which what is there is written


def main() -> int:
    """Measure and write; what was interrupted is written too."""
    options = _parser().parse_args()
    for number in (SIGINT, SIGTERM):  # what runs in the background ignores the first unless it is told otherwise
        signal(number, default_int_handler)
    if not (jobs := _wanted(options)):
        print(f"--only={options.only} matches nothing on the shelf {options.shelf}", file=sys.stderr)
        return 2
    began = perf_counter()
    data: dict[str, Any] = {
        "code": code(), "seed": options.seed, "seeds": options.seeds,
        "finished": False, "seconds": 0.0, "processes": options.jobs, "planted": {}, "right": {}, "mapped": {},
        "versions": {"Python": sys.version.split()[0]} | {n: version(n) for n in ("numpy", "torch", "hypothesis")},
    }  # fmt: skip
    notes = table.NOTES.partition("\n- **Hypothesis")[0] + "\n"
    if not options.no_baselines:
        notes, data["mapped"] = _of_the_peers(sorted({equation for equation, _, _ in jobs}))

    try:
        known, before = resumed(options.out / "power.json", data) if options.resume else ({}, 0.0)
    except (OSError, ValueError) as error:
        print(f"nothing to go on with: {error}", file=sys.stderr)
        return 2

    def save() -> None:
        data["seconds"] = round(before + perf_counter() - began, 1)
        table.write(options.out, data, notes)

    order = [(shelf, name) for _, shelf, name in sorted(jobs)]
    for shelf, name in order:  # what an earlier run had; of what is no longer planted nothing is kept
        data[shelf] |= {name: known[shelf, name]} if (shelf, name) in known else {}
    wishes = Wishes(options.seed, options.seeds, baselines=not options.no_baselines)
    steps = len(order) * (1 + (options.seeds > 1))
    try:
        for i, ((shelf, name), row) in enumerate(rows(order, wishes, options.jobs, known), start=1):
            data[shelf][name] = row
            print(f"{i}/{steps} {shelf}: {name}: {_line(row)}", file=sys.stderr, flush=True)
            if i % OFTEN == 0:
                save()
        data["finished"] = True
    except KeyboardInterrupt:
        print("interrupted; what is there is written", file=sys.stderr)
    save()
    print(_figures(data["summary"]))
    print(f"{options.out / 'power.md'}, {options.out / 'power.json'}")
    return 0 if data["finished"] else 130


def _wanted(options: argparse.Namespace) -> list[tuple[str, str, str]]:
    """Equation, shelf and name of what is asked for."""
    planted.load()
    shelves: dict[str, Mapping[str, Any]] = {"right": planted.HONEST, "planted": planted.PLANTED}
    return [
        (e.equation, shelf, name)
        for shelf, entries in shelves.items() if options.shelf in ("both", shelf)
        for name, e in entries.items() if fnmatch(name, options.only) or fnmatch(e.equation, options.only)
    ]  # fmt: skip


def _of_the_peers(equations: list[str]) -> tuple[str, dict[str, Any]]:
    """What the baselines are and what they know; torch's own tests are asked for what they have on a processor."""
    os.environ.setdefault("PYTORCH_TEST_WITH_SLOW", "0")
    from tests.power import drawing, opinfo_peer

    notes = table.NOTES.format(profiles=len(drawing.PROFILES) + 1, least=f"{LEAST:g}")
    return notes, {name: opinfo_peer.mapped(name) for name in equations if opinfo_peer.mapped(name)}


def _line(row: Mapping[str, Any]) -> str:
    shown = table.cell if "planted for" in row else table.verdict
    said = [f"{name} {shown(row[name])}" for name in table.APPROACHES if name in row]
    return "; ".join([*said, *([f"seeds {row['caught on']}"] if "caught on" in row else [])])


def _figures(summary: Mapping[str, Any]) -> str:
    lines = [f"{summary['planted']} planted bugs, {summary['right']} right implementations"]
    lines += [
        f"{said}: {f['caught']} caught of {f['tried']} with input, median {f['median seconds']} s, "
        f"{f['median calls']} calls, {f['median elements']} elements; "
        f"{f['false alarms']} false alarms of {f['right tried']}"
        for a, said in table.APPROACHES.items() if (f := summary.get(a))
    ]  # fmt: skip
    for key in ("not on every seed", "fails on a seed"):
        lines += [f"{key}: {'; '.join(summary[key]) or 'none'}"] if key in summary else []
    return "\n".join(lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.power", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seeds", type=int, default=1, metavar="N", help="so many seeds, from --seed on")
    parser.add_argument("--only", default="*", metavar="PATTERN", help="bugs, or equations, that match")
    parser.add_argument("--shelf", default="both", choices=("planted", "right", "both"), help="default: both")
    parser.add_argument("--no-baselines", action="store_true", help="this suite alone")
    parser.add_argument("--resume", action="store_true", help="keep what the table in DIR already has of this code")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="processes; default: all")
    parser.add_argument("--out", type=Path, default=Path("reports"), metavar="DIR", help="default: reports")
    return parser


if __name__ == "__main__":
    sys.exit(main())
