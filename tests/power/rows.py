"""What every approach says about one implementation is found in a process of its own, so that there may be several."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from signal import SIG_IGN, SIGINT, signal
from typing import Any
from warnings import simplefilter

from reference.catalogue import CATALOGUE
from tests import planted
from tests.power import ours

LEAST = 2.0  # seconds that a baseline has for a bug, however soon the suite is done with it


@dataclass(frozen=True)
class Wishes:
    """How a table is made."""

    seed: int = 0
    seeds: int = 1
    baselines: bool = True


def rows(jobs: Sequence[tuple[str, str]], wishes: Wishes, processes: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The rows of a table as they are ready: of which shelf, of which implementation, and what was found."""
    with ProcessPoolExecutor(processes, get_context("spawn"), prepare) as pool:
        waiting = {pool.submit(row, shelf, name, wishes): (shelf, name) for shelf, name in jobs}
        try:
            for done in as_completed(waiting):
                yield *waiting[done], done.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def prepare() -> None:
    """A process with everything in it that was planted; it is for the one that began it to be interrupted."""
    signal(SIGINT, SIG_IGN)
    os.environ.setdefault("PYTORCH_TEST_WITH_SLOW", "0")
    simplefilter("ignore")  # what an implementation warns of is its own affair
    import torch

    torch.set_num_threads(1)
    planted.load()


def row(shelf: str, name: str, wishes: Wishes) -> dict[str, Any]:
    """What every approach says about one implementation, the seeds after the first by this suite alone."""
    entry: Any = {"planted": planted.PLANTED, "right": planted.HONEST}[shelf][name]
    made: dict[str, Any] = {"equation": entry.equation, "over": entry.over}
    made["chapter"] = CATALOGUE[entry.equation].chapter
    if shelf == "planted":
        made |= {"planted for": entry.caught_by, "region": entry.region, "imitates": entry.imitates}
    first = ours.tried(entry, seed=wishes.seed)
    made["ours"] = first.to_data()
    if wishes.seeds > 1:
        others = {wishes.seed + k: ours.tried(entry, seed=wishes.seed + k) for k in range(1, wishes.seeds)}
        made["caught on"] = [s for s, one in {wishes.seed: first, **others}.items() if one.caught]
        made["messages"] = {str(s): f"{one.by}: {one.message}" for s, one in others.items() if one.caught}
    if wishes.baselines:
        from tests.power import hypothesis_peer, opinfo_peer

        seconds = max(LEAST, first.seconds)
        made["hypothesis"] = hypothesis_peer.tried(entry, seed=wishes.seed, seconds=seconds).to_data()
        made["opinfo"] = opinfo_peer.tried(entry, seed=wishes.seed).to_data()
    return made
