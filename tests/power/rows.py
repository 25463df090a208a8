"""What every approach says about one implementation is found in a process of its own, so that there may be several."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from signal import SIG_IGN, SIGINT, signal
from typing import Any
from warnings import simplefilter

from reference.catalogue import CATALOGUE
from tests import planted
from tests.power import ours
from tests.power.resuming import source

Job = tuple[str, str]  # the shelf, and the name of what stands there
LEAST = 2.0  # seconds that a baseline has for a bug, however soon the suite is done with it


@dataclass(frozen=True)
class Wishes:
    """How a table is made."""

    seed: int = 0
    seeds: int = 1
    baselines: bool = True


def rows(
    jobs: Sequence[Job], wishes: Wishes, processes: int, known: Mapping[Job, dict[str, Any]]
) -> Iterator[tuple[Job, dict[str, Any]]]:
    """The rows of a table as they are ready; once more with the further seeds, if any, when all are in.

    What is known of a row is not found again.
    """
    made: dict[Job, dict[str, Any]] = {}
    with ProcessPoolExecutor(processes, get_context("spawn"), prepare) as pool:
        try:
            waiting = {pool.submit(row, *job, wishes, known.get(job, {})): job for job in jobs}
            for done in as_completed(waiting):
                made[waiting[done]] = done.result()
                yield waiting[done], done.result()
            if wishes.seeds > 1:
                yield from _further(pool, made, wishes)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _further(
    pool: ProcessPoolExecutor, made: Mapping[Job, dict[str, Any]], wishes: Wishes
) -> Iterator[tuple[Job, dict[str, Any]]]:
    """The seeds after the first, an equation and a seed at a time."""
    block: dict[str, list[Job]] = {}
    for job, found in made.items():
        if "caught on" in found:
            continue
        block.setdefault(found["equation"], []).append(job)
        found["caught on"] = [wishes.seed] if found["ours"]["caught"] else []
        found["messages"] = {}
    seeds = range(wishes.seed + 1, wishes.seed + wishes.seeds)
    waiting = {pool.submit(again, jobs, seed): (equation, seed) for equation, jobs in block.items() for seed in seeds}
    left = dict.fromkeys(block, len(seeds))
    for done in as_completed(waiting):
        equation, seed = waiting[done]
        for job, message in done.result().items():
            made[job]["caught on"].append(seed)
            made[job]["messages"][str(seed)] = message
        left[equation] -= 1
        if not left[equation]:
            for job in block[equation]:
                made[job]["caught on"].sort()
                yield job, made[job]


def prepare() -> None:
    """A process with everything in it that was planted; it is for the one that began it to be interrupted."""
    signal(SIGINT, SIG_IGN)
    os.environ.setdefault("PYTORCH_TEST_WITH_SLOW", "0")
    simplefilter("ignore")  # what an implementation warns of is its own affair
    import torch

    torch.set_num_threads(1)
    planted.load()


def again(jobs: Sequence[Job], seed: int) -> dict[Job, str]:
    """Which of an equation's implementations this suite catches on one seed, and what it says."""
    found = ours.also_caught({f"{shelf} {name}": _entry(shelf, name) for shelf, name in jobs}, seed)
    return {(shelf, name): found[f"{shelf} {name}"] for shelf, name in jobs if f"{shelf} {name}" in found}


def _entry(shelf: str, name: str) -> Any:
    return {"planted": planted.PLANTED, "right": planted.HONEST}[shelf][name]


def row(shelf: str, name: str, wishes: Wishes, known: Mapping[str, Any]) -> dict[str, Any]:
    """What every approach says about one implementation on the first seed, beyond what is known of it."""
    entry = _entry(shelf, name)
    made: dict[str, Any] = {"equation": entry.equation, "over": entry.over, "source": source(entry)}
    made["chapter"] = CATALOGUE[entry.equation].chapter
    if shelf == "planted":
        made |= {"planted for": entry.caught_by, "region": entry.region, "imitates": entry.imitates}
    made |= known if known.get("source") == made["source"] else {}
    if "ours" not in made:
        made["ours"] = ours.tried(entry, seed=wishes.seed).to_data()
    if wishes.baselines and "opinfo" not in made:
        from tests.power import hypothesis_peer, opinfo_peer

        seconds = max(LEAST, made["ours"]["seconds"])
        made["hypothesis"] = hypothesis_peer.tried(entry, seed=wishes.seed, seconds=seconds).to_data()
        made["opinfo"] = opinfo_peer.tried(entry, seed=wishes.seed).to_data()
    return made
