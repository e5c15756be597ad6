"""What a worker has in hand for one round of a job, and which requests it may send for it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.crawl.rounds import Loss
    from spiders.items import CrawlReport

KEPT = 8  # reports that wait for a slow consumer before the worker is not read any more

Admits: TypeAlias = "Callable[[str, str], bool]"
"""Whether a request may leave now, by the id of its task and its host."""


def admit_all(_task: str, _host: str) -> bool:
    """Any request may leave at any time."""
    return True


@dataclass(slots=True)
class Flight:
    """Tasks in the worker's hands. On the wire they have ids of their own, since jobs may use the same ones."""

    names: dict[str, str]  # id on the wire -> id of the caller
    admits: Admits
    inbox: asyncio.Queue[CrawlReport | Loss | None] = field(default_factory=asyncio.Queue)  # None: finished
    room: asyncio.Event = field(default_factory=asyncio.Event)
    abandoned: bool = False  # nobody takes what it brings
    bounded: bool = True

    def keep(self, item: CrawlReport | Loss | None) -> None:
        """Hold what arrived until it is taken; None: that was all."""
        if not self.abandoned:
            self.inbox.put_nowait(item)
        if self.bounded and not self.abandoned and self.inbox.qsize() >= KEPT:
            self.room.clear()
        else:
            self.room.set()
