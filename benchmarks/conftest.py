"""What a benchmark says in the end are ratios: seconds belong to a machine."""

from __future__ import annotations

from statistics import median

SAID = {
    "plain": "Hypothesis draws each number, one scenario an example",
    "each": "arrays are drawn and each element compared by itself, as array-api-tests does",
    "many": "Hypothesis draws a seed, and up to 65,536 lanes are compared with allclose",
    "bare": "the framework alone, nothing compared",
}


def pytest_terminal_summary(terminalreporter, config):
    found = getattr(getattr(config, "_benchmarksession", None), "benchmarks", [])
    made = [one for one in found if not one.has_error]
    _scenarios(terminalreporter, [one for one in made if "scenarios" in one.extra_info])
    _first(terminalreporter, [one for one in made if "first" in one.extra_info])


def _scenarios(reporter, made):
    speeds, rates = {}, {one.group for one in made if one.extra_info["rate"]}
    for one in made:
        speeds.setdefault(one.group, {})[one.extra_info["way"]] = one.extra_info["scenarios"] / one.stats.min
    whole = {equation: ways for equation, ways in speeds.items() if {"gaugeblock", *SAID} <= set(ways)}
    if not whole:
        return
    reporter.section("scenarios judged a second by Gaugeblock, and how many times those of others")
    reporter.write_line(f"{'equation':24}{'a second':>12}" + "".join(f"{way:>10}" for way in SAID))
    for equation, ways in whole.items():
        own = ways["gaugeblock"]
        ratios = "".join(f"{own / ways[way]:10.3g}" for way in SAID)
        reporter.write_line(f"{equation:24}{own:12,.0f}{ratios}")
    for what, some in (("elementwise", set(whole) - rates), ("schedules", set(whole) & rates)):
        for way, said in SAID.items():
            ratios = [whole[name]["gaugeblock"] / whole[name][way] for name in some]
            if ratios:
                shown = f"median {median(ratios):.3g}, {min(ratios):.3g} to {max(ratios):.3g}"
                reporter.write_line(f"{what}, {len(some)} equations, {way}: {said}: {shown}")


def _first(reporter, made):
    rows = {}
    for one in made:
        rows.setdefault(one.group, {})[one.extra_info["way"]] = one.extra_info["first"]
    if not rows:
        return
    ways = ["gaugeblock", "plain", "each", "many"]
    reporter.section("seconds to the first counterexample of what was planted, shrinking included for Gaugeblock")
    reporter.write_line("".join(f"{way:>12}" for way in ways) + "  planted")
    for bug, row in rows.items():
        reporter.write_line("".join(f"{_shown(row.get(way)):>12}" for way in ways) + f"  {bug}")
    for way in ways:
        caught = [row[way] for row in rows.values() if row.get(way) is not None]
        middle = f", median {median(caught):.3g} s" if caught else ""
        reporter.write_line(f"{way}: {len(caught)} of {len(rows)} found{middle}")


def _shown(seconds):
    return "-" if seconds is None else f"{seconds:.3g}"
