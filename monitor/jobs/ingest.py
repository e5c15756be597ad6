"""Taking in an article: the pure rooms decide, one transaction stores."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from monitor.core.alerting import Candidate, Decision, Freshness, Route, decide
from monitor.core.commonness import commonness
from monitor.core.errors import MonitorError
from monitor.core.facts import facts
from monitor.core.models import Ingest, Reason, Remembered
from monitor.core.reading import Origin
from monitor.core.signature import sign
from monitor.core.sources.revisiting import is_same, settled
from monitor.core.sources.teasing import is_beside
from monitor.core.stories import WINDOW, Placement, StoryBook
from monitor.core.tidying import tidy
from monitor.jobs.capturing import Capturing
from monitor.jobs.steps import Observer, Step, ignore
from monitor.jobs.taking import Finding, Taken, is_known, report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from monitor.core.matching import Matcher
    from monitor.core.models import Fetched, Match, Pending
    from monitor.core.reading import Reading
    from monitor.core.sources.revisiting import Page, Visit
    from monitor.store.history import History
    from monitor.store.regrouping import StoryEdit
    from spiders.items import Article, Entry

_log = logging.getLogger("tumen.ingest")
_SLICE = 25  # remembered texts that are read in one go: whoever wants to end waits no longer


class Ingestor:
    """Takes in articles one after another; keeps the open stories in memory.

    Args:
        history: where they are stored.
        matcher: the packs that they are judged by.
        routes: who wants to hear what.
        freshness: how old news may be.
        origins: where articles come from, by the name of their source.
        capturing: keeps pages on topic as they were fetched.
        observe: is told each step of the road.
    """

    def __init__(
        self,
        history: History,
        matcher: Matcher,
        routes: Sequence[Route],
        freshness: Freshness,
        *,
        origins: Mapping[str, Origin] | None = None,
        capturing: Capturing | None = None,
        observe: Observer = ignore,
    ) -> None:
        self._history = history
        self._matcher = matcher
        self._routes = tuple(routes)
        self._freshness = freshness
        self._origins: Mapping[str, Origin] = {} if origins is None else origins
        self.capturing = Capturing() if capturing is None else capturing
        self._observe = observe
        self._common = commonness(matcher)
        self._book = StoryBook(self._common)
        self._taken: list[Remembered] | None = None  # while the stories are read anew: what came in meanwhile
        self._joined: dict[int, int] = {}  # stories that turned out to be part of another
        self._moved: dict[int, int] = {}  # and which articles were put into which story meanwhile

    def remember(self, now: datetime) -> None:
        """Rebuild the open stories from the history, as the packs see them now."""
        self._book = self._new_book(self._common)
        versions = {pack.name: pack.version for pack in self._matcher.packs}
        self._retell(self._history.remembered(now - WINDOW, versions), self._matcher, self._book)

    def tell(self, routes: Sequence[Route], freshness: Freshness, origins: Mapping[str, Origin]) -> None:
        """Decide for these readers from now on."""
        self._routes, self._freshness, self._origins = tuple(routes), freshness, origins

    async def take_up(
        self,
        matcher: Matcher,
        past: Callable[[datetime], Sequence[Remembered]],
        now: datetime,
        settle: Callable[[], None] = lambda: None,
    ) -> None:
        """Judge by other packs from now on, with the open stories as these packs see them.

        Articles are taken in all the while: by the packs in use until the very end of this call, by the new ones from
        then on. When it is cancelled or fails, the packs in use stay.

        Args:
            matcher: the new packs.
            past: the texts on topic since a time, as the history holds them at the moment of this call; it is called
                in another thread.
            now: the time.
            settle: is called right before the new packs are in use, for what is to change with them.
        """
        waiting: list[Remembered] = []
        self._taken, self._moved = waiting, {}
        try:
            waiting[:0] = await asyncio.to_thread(past, now - WINDOW)
            common = await asyncio.to_thread(commonness, matcher)
            book, done, moved = self._new_book(common), 0, dict(self._moved)
            while len(waiting) - done > _SLICE or moved != self._moved:
                if moved != self._moved:  # a person put articles elsewhere: begin again
                    book, done, moved = self._new_book(common), 0, dict(self._moved)
                piece = waiting[done : done + _SLICE]
                await asyncio.to_thread(self._retell, piece, matcher, book, moved)
                done += len(piece)
            self._retell(waiting[done:], matcher, book, moved)
            settle()
            self._matcher, self._book, self._common = matcher, book, common
        finally:
            self._taken = None

    def story_now(self, story: int | None) -> int | None:
        """The story that one has become a part of since it was opened here, or itself."""
        while story in self._joined:
            story = self._joined[story]
        return story

    def follow(self, edit: StoryEdit, now: datetime) -> None:
        """Take articles, and what channels were told by them, to be where a person put them. It is stored already."""
        if self._taken is not None:
            self._moved.update(dict.fromkeys(edit.articles, edit.into))
        self.remember(now)

    def _new_book(self, common: Mapping[str, Mapping[str, float]]) -> StoryBook:
        book = StoryBook(common)
        for story, other in self._history.apart():
            book.keep_apart(story, other)
        return book

    def _retell(
        self,
        known: Iterable[Remembered],
        matcher: Matcher,
        book: StoryBook,
        moved: Mapping[int, int] = MappingProxyType({}),
    ) -> None:
        """Enter articles of the past into a book, as these packs see them, and where people put them."""
        numbers = {pack.name: number for number, pack in enumerate(matcher.packs)}
        for one in known:
            if (number := numbers.get(one.pack)) is None:
                continue
            signature, stated = one.signature, one.facts
            if signature is None:
                pack = matcher.packs[number]
                reading = matcher.read(one.article, self._origin(one.source))[number]
                stated = facts(reading, pack)
                signature = sign(reading, stated, pack, book.rarity(pack.name))
            at = one.article.published or one.read_at
            story = moved.get(one.id, one.story)
            book.add(story, one.pack, signature, stated, at, one.read_at, one.told)

    def _origin(self, source: str) -> Origin:
        return self._origins.get(source) or Origin(source)

    def forget(self, now: datetime) -> None:
        """Close the stories that nothing was added to for long."""
        self._book.forget(now - WINDOW)

    def can_skip(self, entry: Entry) -> bool:
        """Whether what a source says of an entry shows to every pack that it is off topic."""
        return is_beside(entry, self._matcher)

    def revise(
        self, visit: Visit, article: Article, now: datetime, fetched: Fetched | None = None
    ) -> Taken | None:
        """As `take`, for a page that was visited again; None if it says what it said."""
        article = tidy(replace(article, url=visit.address), visit.pending.entry, now)
        if is_same(replace(article, title=visit.title, text=visit.text), article, self._matcher):
            return None
        return self.take(visit.pending, article, now, fetched)

    def take(
        self, pending: Pending, article: Article, now: datetime, fetched: Fetched | None = None
    ) -> Taken:
        """Decide about an article that was read, and store it with all that follows from it.

        A page that says what it said when it was read before is taken as it was then.

        Raises:
            StorageError: if it could not be stored; then nothing of it is.
        """
        article = tidy(article, pending.entry, now)
        if self._history.was_pruned(article.url):
            return self._leave(pending, article, now)
        page = self._history.page(article.url)
        article = settled(article, page, self._matcher)
        readings = self._matcher.read(article, self._origin(pending.source))
        matches = self._matcher.matches(readings)
        finding = self._find(readings, matches, article, page, now)
        decision = self._decide(finding, matches, pending, article, page)
        self._observe(Step.DECIDED, article.url)
        fetched = self.capturing.hold(fetched, wanted=bool(matches or (page and page.story)))
        ingest = Ingest(
            entry=pending.entry.url,
            source=pending.source,
            article=article,
            read_at=now,
            reason=decision.reason,
            matches=matches,
            facts=finding.facts if finding else (),
            story=finding.placement.story if finding else None,
            alerts=decision.alerts,
            expires=now + self._freshness.expires,
            signature=finding.signature if finding else None,
            placement=finding.placement if finding else None,
            fetched=fetched,
        )
        stored = self._history.ingest(ingest)
        self._observe(Step.ARTICLE_STORED, article.url)
        self.capturing.settle(fetched, stored)
        if finding and stored.article and stored.story is not None and (stored.is_new or stored.alerts):
            self._enter(finding, ingest, stored.article, stored.story, page.pack if page else "")
            self._join(stored.story, finding.placement, now)
        report(ingest, stored)
        return Taken(ingest, stored)

    def _leave(self, pending: Pending, article: Article, now: datetime) -> Taken:
        """Store that the entry led to what was pruned."""
        ingest = Ingest(pending.entry.url, pending.source, article, now, Reason.PRUNED)
        return Taken(ingest, self._history.ingest(ingest))

    def _enter(self, finding: Finding, ingest: Ingest, article: int, story: int, pack: str) -> None:
        """Add an article to its story, which may belong to another pack than the one that reads it now."""
        told = tuple(dict.fromkeys(who.channel for alert in ingest.alerts for who in alert.recipients))
        at = ingest.article.published or ingest.read_at
        name, signature = pack or finding.pack.name, finding.signature
        if (
            name != finding.pack.name
        ):  # what it states is said in the words of one pack, and found by the other's
            signature = replace(signature, is_roundup=True)
        self._book.add(story, name, signature, finding.facts, at, ingest.read_at, told)
        if self._taken is not None:
            text, read_at = ingest.article, ingest.read_at
            self._taken.append(Remembered(article, story, name, ingest.source, text, read_at, told))

    def _join(self, story: int, placement: Placement, now: datetime) -> None:
        """Have another story be one with the article's, if it shows that they are the same development."""
        bridge = self._book.bridge(story, placement.near)
        if bridge is None:
            return
        gone, into = max(story, bridge.story), min(story, bridge.story)
        try:
            edit = self._history.join(gone, into, now, bridge.shared)
        except MonitorError as error:  # the article is stored: the next one may show it again
            _log.warning("stories %s and %s are one, which could not be stored: %s", gone, into, error)
            return
        self._book.merge(gone, into)
        self._joined[gone] = into
        if self._taken is not None:
            self._moved.update(dict.fromkeys(edit.articles, into))
        _log.info("story %s is part of story %s: %s", gone, into, ", ".join(bridge.shared))

    def _find(
        self,
        readings: Sequence[Reading],
        matches: Sequence[Match],
        article: Article,
        page: Page | None,
        now: datetime,
    ) -> Finding | None:
        """What the article states and where it belongs, as seen by the pack of its most telling match."""
        if not matches:
            return None
        number = next(n for n, pack in enumerate(self._matcher.packs) if pack.name == matches[0].pack)
        pack, reading = self._matcher.packs[number], readings[number]
        stated = facts(reading, pack)
        signature = sign(reading, stated, pack, self._book.rarity(pack.name))
        if page is not None and page.story is not None:  # a page stays in its story, whatever it says by now
            placement = Placement(page.story, 1.0, is_copy=is_known(article, page))
        else:
            placement = self._book.place(pack.name, signature, article.published or now)
        return Finding(pack, stated, signature, placement)

    def _decide(
        self,
        finding: Finding | None,
        matches: tuple[Match, ...],
        pending: Pending,
        article: Article,
        page: Page | None,
    ) -> Decision:
        candidate = Candidate(
            article=article,
            matches=matches,
            facts=finding.facts if finding else (),
            pack=finding.pack if finding else None,
            placement=finding.placement if finding else None,
            found_at=pending.found_at,
            first_look=pending.first_look,
            page=page,
            source_tags=self._origin(pending.source).tags,
        )
        return decide(candidate, self._routes, self._book.told, self._freshness)
