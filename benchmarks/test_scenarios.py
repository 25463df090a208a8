"""A suite looks at as many scenarios as it can afford."""

import pytest

from benchmarks.ways import PEERS, bare, counting, elementwise, gaugeblock, group


@pytest.mark.parametrize("way", ["gaugeblock", *PEERS, "bare"])
@pytest.mark.parametrize("equation", elementwise())
def test_scenarios_a_second(benchmark, equation, way):
    cases = group(equation)
    run = counting(cases[0], way) if way in PEERS else {"gaugeblock": gaugeblock, "bare": bare}[way](cases)
    run()  # what is built once is built here
    benchmark.group = equation
    benchmark.extra_info |= {"way": way, "scenarios": run(), "rate": cases[0].entry.chapter == "schedules"}
    benchmark.pedantic(run, rounds=3)
