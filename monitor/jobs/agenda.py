"""What there is to do on the web: looks, archives to be searched, pages to be read and to be visited again."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

from monitor.core.sources.validating import conditions
from spiders.items import Look, Read

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from monitor.core.models import Pending
    from monitor.core.sources.catchup import Gap
    from monitor.core.sources.revisiting import Visit
    from monitor.core.sources.state import SourceState
    from monitor.jobs.terms import Terms
    from monitor.jobs.visiting import Visiting
    from monitor.store.sources import Sources
    from spiders.items import Task

# What a task is about: a look's source, a gap whose archive is searched, a page to be read or to be visited again.
Subject: TypeAlias = "SourceState | Gap | Pending | Visit"

_PER_HOST = (
    10  # pages of one host considered in one round, so that a large sitemap does not crowd out the others
)


class Agenda:
    """What is due.

    Where more is due than can be done, looks and pages take turns at being first: looks alone would list news that
    nobody reads, pages alone would leave the next news unseen. Visits wait.
    """

    def __init__(self, sources: Sources, visiting: Visiting) -> None:
        self._sources = sources
        self._visiting = visiting
        self._pages_first = True  # last time

    def due(
        self,
        now: datetime,
        terms: Terms,
        room: int,
        *,
        looking: Collection[str],
        taken: Collection[str],
    ) -> Iterator[tuple[Task, Subject]]:
        """What is due for at most `room` jobs.

        Args:
            now: the time.
            terms: how much at a time.
            room: jobs.
            looking: sources that are being looked at.
            taken: hosts to which nobody is sent now.
        """
        most = terms.batch * room
        looks = self._looks(now, terms, most, looking)
        pages = self._pages(now, terms, most, taken)
        self._pages_first = not self._pages_first
        yield from chain(pages, looks) if self._pages_first else chain(looks, pages)
        yield from self._visiting.due(now, most, tuple(taken), terms.seconds)

    def _looks(
        self, now: datetime, terms: Terms, most: int, looking: Collection[str]
    ) -> Iterator[tuple[Task, Subject]]:
        for state in self._sources.due(now, most, without=looking):
            source = state.source
            name, asked = f"look {source.name}", conditions(state, now)
            yield (
                Look(name, source.url, source.kind, source.links, asked, terms.seconds, source.name),
                state,
            )
        for gap in self._sources.gaps.to_search(terms.batch):
            name = f"search {gap.source}"
            yield (
                Look(name, gap.page or "", gap.kind, gap.links, deadline=terms.seconds, source=gap.source),
                gap,
            )

    def _pages(
        self, now: datetime, terms: Terms, most: int, taken: Collection[str]
    ) -> Iterator[tuple[Task, Subject]]:
        for pending in self._sources.to_read(now, most, exclude_hosts=taken, per_host=_PER_HOST):
            url = pending.entry.url
            yield Read(f"read {url}", url, pending.language, terms.seconds, pending.source), pending
