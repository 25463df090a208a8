"""How many slips in right equations a checker finds and repairs, and what it says of equations that are right.

python -m tests.notes.measure [--singles N] [--doubles N] [--seed S] [--only PATTERN] [--jobs J]
python -m tests.notes.measure --right | --foreign | --others | --strangers | --people
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from fnmatch import fnmatch
from functools import partial
from itertools import chain
from pathlib import Path
from statistics import median

from tests.notes import trial
from tests.notes.equivalent import counts
from tests.notes.mutator import Mutant, doubles, drawn, singles
from tests.notes.statements import Statement, by_hand, corpus
from tests.notes.trial import Said

MISSES = Path(__file__).resolve().parent.parent.parent / "build" / "notes-misses.txt"
Predicate = Callable[[str, Statement], bool]


def wanted(statements: Iterable[Statement], pattern: str) -> list[Statement]:
    """Those whose name or equation the pattern fits."""
    return [s for s in statements if any(fnmatch(name, pattern) for name in (s.name, s.equation))]


def slips(arguments: argparse.Namespace, dialect: Predicate | None) -> tuple[list[Mutant], int]:
    """The mutants that count, and how many were drawn that do not."""
    right = wanted(corpus("right"), arguments.only)
    every = [m for s in right for m in singles(s)]
    one = drawn(every, arguments.singles, arguments.seed) if arguments.singles is not None else every
    each = -(-2 * (arguments.doubles or 0) // max(1, len(right)))
    two = drawn([m for s in right for m in doubles(s, each, arguments.seed)], arguments.doubles or 0, arguments.seed)
    kept = [m for m in chain(one, two) if counts(m, dialect)]
    return kept, len(one) + len(two) - len(kept)


def share(part: int, whole: int) -> str:
    """A share in per cent beside its counts."""
    return f"{100 * part / whole:5.1f} % ({part} of {whole})" if whole else "none"


def table(results: list[tuple[Mutant, Said]], key: Callable[[Mutant], str]) -> Iterator[str]:
    """Lines of what was flagged and repaired, by some name of a mutant."""
    groups: dict[str, list[Said]] = defaultdict(list)
    for mutant, said in results:
        groups[key(mutant)].append(said)
    for name, group in sorted(groups.items(), key=lambda g: sum(s.repaired for s in g[1]) / len(g[1])):
        flagged, repaired = sum(s.flagged for s in group), sum(s.repaired for s in group)
        yield f"  {name:34} flagged {share(flagged, len(group)):24} repaired {share(repaired, len(group))}"


def times(said: Iterable[Said]) -> str:
    """The median and the worst."""
    every = [s.seconds for s in said]
    return f"{1000 * median(every):.0f} ms a statement, at worst {1000 * max(every):.0f} ms" if every else "no time"


def tried(run: Callable[..., Said], pairs: list[tuple[Statement, str]], jobs: int) -> list[Said]:
    """What is said of each statement with a text in its place."""
    start, found = time.monotonic(), []
    with ProcessPoolExecutor(jobs) as pool:
        chunk = max(1, min(16, len(pairs) // (8 * jobs)))
        for number, said in enumerate(pool.map(run, *zip(*pairs, strict=True), chunksize=chunk), 1):
            found.append(said)
            if number % 200 == 0:
                print(f"... {number} of {len(pairs)} after {time.monotonic() - start:.0f} s", flush=True)
    return found


def of_slips(run: Callable[..., Said], arguments: argparse.Namespace) -> int:
    """The report on mutants."""
    mutants, left = slips(arguments, trial.named(arguments.dialect) if arguments.dialect else None)
    if not mutants:
        print("no slip to try")
        return 2
    names = {m.statement.name: m.statement for m in mutants}
    sound = dict(zip(names, tried(run, [(s, s.latex) for s in names.values()], arguments.jobs), strict=True))
    said = tried(run, [(m.statement, m.text) for m in mutants], arguments.jobs)
    results = list(zip(mutants, said, strict=True))
    print(f"{len(mutants)} slips; {left} more change nothing, or make a dialect, and do not count")
    for title, chosen in (("single", 1), ("double", 2)):
        group = [(m, s) for m, s in results if len(m.kinds) == chosen]
        if not group:
            continue
        known = [(m, s) for m, s in group if sound[m.statement.name].verdict in ("right", "dialect")]
        print(f"\n{title} slips: what was made of them: {dict(Counter(s.verdict for _, s in group))}")
        for name, part in (("all", group), ("in equations that it knows to be right", known)):
            flagged, repaired = sum(s.flagged for _, s in part), sum(s.repaired for _, s in part)
            print(f"  {name}: flagged {share(flagged, len(part))}, repaired {share(repaired, len(part))}")
        other = sum(s.other for _, s in part)
        print(f"  patched to another right form: {other} more")
        if chosen == 1:
            print("by kind", *table(group, lambda m: m.kinds[0]), sep="\n")
        print("by equation", *table(group, lambda m: m.statement.equation), sep="\n")
    misses = [(m, s) for m, s in results if not s.repaired]
    MISSES.parent.mkdir(exist_ok=True)
    MISSES.write_text("\n".join(miss(m, s) for m, s in misses), encoding="utf-8")
    print(f"\n{times(said)}\n{len(misses)} misses in {MISSES}")
    return 0


def miss(mutant: Mutant, said: Said) -> str:
    """One entry of the list of misses."""
    line = " ".join
    repairs = [f"   repair: {line(repair.split())}" for repair in said.repairs] or ["   no repair"]
    texts = [f" original: {line(mutant.statement.latex.split())}", f"   mutant: {line(mutant.text.split())}"]
    head = f"{mutant.name} ({mutant.statement.equation}): {said.verdict} {said.reason}"
    return "\n".join([head, *texts, *repairs, ""])


def of_the_unchanged(run: Callable[..., Said], kind: str, arguments: argparse.Namespace) -> int:
    """The report on right equations: each one called wrong is a false alarm."""
    statements = wanted(corpus(kind), arguments.only)
    results = list(zip(statements, tried(run, [(s, s.latex) for s in statements], arguments.jobs), strict=True))
    print(f"{len(statements)} right equations: {dict(Counter(said.verdict for _, said in results))}; ", end="")
    print(times(said for _, said in results))
    alarms = [(s, said) for s, said in results if said.flagged or said.verdict.startswith("stopped")]
    listed = alarms + [r for r in results if kind == "right" and r[1].verdict == "no opinion"]
    listed += [r for r in results if kind in ("foreign", "strangers") and r[1].verdict in ("right", "dialect")]
    for statement, said in listed:
        print(f"\n{statement.name} {statement.equation}: {said.verdict} {said.equation} {said.dialect}: {said.reason}")
        texts = [statement.latex, *(f"repair: {r}" for r in said.repairs)]
        print(*("  " + " ".join(text.split()) for text in texts), sep="\n")
    print(f"\n{len(alarms)} false alarms")
    return 1 if alarms else 0


def of_people(run: Callable[..., Said], arguments: argparse.Namespace) -> int:
    """The report on slips that a person put in by hand, and on the same equations without them."""
    every = [way for way in by_hand() if wanted([way[0]], arguments.only)]
    sound = tried(run, [(s, s.latex) for s, _, _ in every], arguments.jobs)
    said = tried(run, [(s, text) for s, text, _ in every], arguments.jobs)
    for number, title in ((1, "one slip"), (2, "two slips")):
        part = [(a, b) for (_, _, slips), a, b in zip(every, sound, said, strict=True) if slips == number]
        known = [b for a, b in part if a.verdict in ("right", "dialect")]
        flagged, repaired = sum(b.flagged for _, b in part), sum(b.repaired for _, b in part)
        print(f"{title}: flagged {share(flagged, len(part))}, repaired {share(repaired, len(part))}")
        flagged, repaired = sum(b.flagged for b in known), sum(b.repaired for b in known)
        print(f"  known without: flagged {share(flagged, len(known))}, repaired {share(repaired, len(known))}")
        print(f"  called wrong without: {sum(a.flagged for a, _ in part)}")
    return 0


def main() -> int:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--singles", type=int, help="how many single slips; all of them where it is not said")
    parser.add_argument("--doubles", type=int, help="how many double slips; none where it is not said")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="*", help="equations or statements, such as adam or losses-1*")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--right", action="store_true", help="the right equations of the catalogue, unchanged")
    parser.add_argument("--foreign", action="store_true", help="right equations of other subjects")
    parser.add_argument("--others", action="store_true", help="right equations in the manner of other authors")
    parser.add_argument("--strangers", action="store_true", help="other subjects, by other authors")
    parser.add_argument("--people", action="store_true", help="slips that a person put in by hand")
    parser.add_argument("--judge", default="conformance.notes.check:judged", help="judged(text, pieces): findings")
    parser.add_argument("--pieces", default="conformance.notes.extract:pieces", help="pieces(text)")
    dialect = "tests.notes.dialects:catalogued"
    parser.add_argument("--dialect", default=dialect, help="module:predicate(latex, statement): does not count")
    arguments = parser.parse_args()
    run = partial(trial.said, judge=arguments.judge, pieces=arguments.pieces)
    if kinds := [k for k in ("right", "foreign", "others", "strangers") if getattr(arguments, k)]:
        return max(of_the_unchanged(run, kind, arguments) for kind in kinds)
    return of_people(run, arguments) if arguments.people else of_slips(run, arguments)


if __name__ == "__main__":
    raise SystemExit(main())
