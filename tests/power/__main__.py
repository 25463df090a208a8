"""How many planted bugs a suite catches is a number, and so is how often it fails what is right.

python -m tests.power                                  the whole table, with both baselines
python -m tests.power --only 'adam*'                   a part of it
python -m tests.power --seeds 10 --no-baselines        on how many of ten seeds each bug is caught
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
from warnings import simplefilter

from reference.catalogue import CATALOGUE
from tests import planted
from tests.power import ours, table

LEAST = 2.0  # seconds that a baseline has for a bug, however soon the suite is done with it
OFTEN = 20  # bugs after which what is there is written


def main() -> int:
    """Measure and write; what was interrupted is written too."""
    options = _parser().parse_args()
    for number in (SIGINT, SIGTERM):  # what runs in the background ignores the first unless it is told otherwise
        signal(number, default_int_handler)
    simplefilter("ignore")  # what an implementation warns of is its own affair
    planted.load()
    began, notes = perf_counter(), table.NOTES.partition("\n- **Hypothesis")[0] + "\n"
    data: dict[str, Any] = {
        "seed": options.seed, "seeds": options.seeds, "finished": False, "seconds": 0.0, "planted": {}, "right": {},
        "mapped": {},
        "versions": {"Python": sys.version.split()[0]} | {n: version(n) for n in ("numpy", "torch", "hypothesis")},
    }  # fmt: skip
    wanted = {k: e for k, e in planted.PLANTED.items() if fnmatch(k, options.only) or fnmatch(e.equation, options.only)}
    honest = {k: e for k, e in planted.HONEST.items() if fnmatch(k, options.only) or fnmatch(e.equation, options.only)}
    peers = None if options.no_baselines else _peers()
    if peers is not None:
        _, opinfo, drawing = peers
        equations = sorted({e.equation for e in [*wanted.values(), *honest.values()]})
        data["mapped"] = {n: opinfo.mapped(n) for n in equations if opinfo.mapped(n)}
        notes = table.NOTES.format(profiles=len(drawing.PROFILES) + 1, least=f"{LEAST:g}")

    def save() -> None:
        data["seconds"] = round(perf_counter() - began, 1)
        table.write(options.out, data, notes)

    jobs = [("right", k, e) for k, e in sorted(honest.items())] + [("planted", k, e) for k, e in sorted(wanted.items())]
    jobs.sort(key=lambda job: (job[2].equation, job[0], job[1]))  # an equation's inputs are prepared once
    try:
        for i, (shelf, name, entry) in enumerate(jobs, start=1):
            row = _row(entry, options, peers)
            data[shelf][name] = row
            print(f"{i}/{len(jobs)} {shelf}: {name}: {_line(row)}", file=sys.stderr, flush=True)
            if i % OFTEN == 0:
                save()
        data["finished"] = True
    except KeyboardInterrupt:
        print("interrupted; what is there is written", file=sys.stderr)
    save()
    print(_figures(data["summary"]))
    if options.seeds > 1:
        for name, row in data["planted"].items():
            print(f"{row['seeds']:2} of {options.seeds}  {name}")
    print(f"{options.out / 'power.md'}, {options.out / 'power.json'}")
    return 0 if data["finished"] else 130


def _row(entry: Any, options: argparse.Namespace, peers: Any) -> dict[str, Any]:
    """What every approach says about one implementation."""
    row: dict[str, Any] = {"equation": entry.equation, "chapter": CATALOGUE[entry.equation].chapter, "over": entry.over}
    is_planted = isinstance(entry, planted.Planted)
    if is_planted:
        row |= {"planted for": entry.caught_by, "region": entry.region, "imitates": entry.imitates}
    first = ours.tried(entry, seed=options.seed)
    row["ours"] = first.to_data()
    if options.seeds > 1 and is_planted:
        others = [ours.tried(entry, seed=options.seed + k).caught for k in range(1, options.seeds)]
        row["seeds"] = int(first.caught) + sum(others)
    if peers is not None:
        hypothesis_peer, opinfo_peer, _ = peers
        seconds = max(LEAST, first.seconds)
        row["hypothesis"] = hypothesis_peer.tried(entry, seed=options.seed, seconds=seconds).to_data()
        row["opinfo"] = opinfo_peer.tried(entry, seed=options.seed).to_data()
    return row


def _peers() -> Any:
    """The baselines; torch's own tests are asked for what they have on a processor."""
    os.environ.setdefault("PYTORCH_TEST_WITH_SLOW", "0")
    from tests.power import drawing, hypothesis_peer, opinfo_peer

    return hypothesis_peer, opinfo_peer, drawing


def _line(row: Mapping[str, Any]) -> str:
    shown = table.cell if "planted for" in row else table.verdict
    said = [f"{name} {shown(row[name])}" for name in table.APPROACHES if name in row]
    return "; ".join([*said, *([f"{row['seeds']} seeds"] if "seeds" in row else [])])


def _figures(summary: Mapping[str, Any]) -> str:
    lines = [f"{summary['planted']} planted bugs, {summary['right']} right implementations"]
    lines += [
        f"{said}: {f['caught']} caught of {f['tried']} with input, median {f['median seconds']} s, "
        f"{f['median calls']} calls, {f['median elements']} elements; "
        f"{f['false alarms']} false alarms of {f['right tried']}"
        for a, said in table.APPROACHES.items() if (f := summary.get(a))
    ]  # fmt: skip
    return "\n".join(lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.power", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seeds", type=int, default=1, metavar="N", help="so many seeds, from --seed on")
    parser.add_argument("--only", default="*", metavar="PATTERN", help="bugs, or equations, that match")
    parser.add_argument("--no-baselines", action="store_true", help="this suite alone")
    parser.add_argument("--out", type=Path, default=Path("reports"), metavar="DIR", help="default: reports")
    return parser


if __name__ == "__main__":
    sys.exit(main())
