"""Cases that share their expected results go to one worker, which makes them once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling  # type: ignore[import-untyped]


class ByGroup(LoadScopeScheduling):  # type: ignore[misc]
    """A group is an equation in one dtype; other tests are scheduled by their file, as xdist does.

    A case that kills its worker is not tried again, and the rest of its group goes to another one.
    """

    def __init__(self, config: pytest.Config, log: Any, groups: Mapping[str, str]) -> None:
        super().__init__(config, log)
        self.groups = groups

    def _split_scope(self, nodeid: str) -> str:
        case = nodeid.partition("[")[2].rstrip("]")
        return self.groups.get(case) or str(super()._split_scope(nodeid))

    def _reschedule(self, node: Any) -> None:
        """A worker that has just taken a crashed one's place has collected nothing yet; its turn comes when it has."""
        if node in self.registered_collections:
            super()._reschedule(node)

    def remove_node(self, node: Any) -> str | None:
        """What a dead worker was at is the first case of its groups that has no result."""
        left = self.assigned_work.get(node, {})
        crashed = next((case for group in left.values() for case, done in group.items() if not done), None)
        if crashed is None:
            self.assigned_work.pop(node, None)
            return None
        for name, group in self.assigned_work.pop(node).items():
            group.pop(crashed, None)
            if not all(group.values()):
                self.workqueue[name] = group
        for other in self.assigned_work:
            self._reschedule(other)
        return str(crashed)
