"""Taking in an article: the pure rooms decide, one transaction stores."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from monitor.core.alerting import Candidate, Decision, Freshness, Route, decide
from monitor.core.facts import facts
from monitor.core.models import Ingest, Reason
from monitor.core.stories import WINDOW, Placement, Signature, StoryBook, sign
from monitor.jobs.steps import Observer, Step, ignore

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.core.matching import Matcher
    from monitor.core.reading import Reading
    from monitor.core.models import Fact, Match, Pending, Stored
    from monitor.core.topic import Pack
    from monitor.store.history import History
    from spiders.items import Article, Entry

_log = logging.getLogger("tumen.ingest")
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # dates before the web are mistakes
_TEXT_LIMIT = 100_000  # characters that are matched and kept of one article


@dataclass(frozen=True, slots=True)
class Taken:
    """An article with everything that was decided about it."""

    ingest: Ingest
    stored: Stored


@dataclass(frozen=True, slots=True)
class _Finding:
    """What the pure rooms found in an article that a rule matched."""

    pack: Pack
    facts: tuple[Fact, ...]
    signature: Signature
    placement: Placement


class Ingestor:
    """Takes in articles one after another; keeps the open stories in memory."""

    def __init__(
        self,
        history: History,
        matcher: Matcher,
        routes: Sequence[Route],
        freshness: Freshness,
        observe: Observer = ignore,
    ) -> None:
        self._history = history
        self._matcher = matcher
        self._routes = tuple(routes)
        self._freshness = freshness
        self._observe = observe
        self._book = StoryBook()

    def remember(self, now: datetime) -> None:
        """Rebuild the open stories from the history, as the packs see them now."""
        self._book = StoryBook()
        packs = {pack.name: number for number, pack in enumerate(self._matcher.packs)}
        for known in self._history.remembered(now - WINDOW):
            if (number := packs.get(known.pack)) is None:
                continue
            pack, reading = self._matcher.packs[number], self._matcher.read(known.article)[number]
            stated = facts(reading, pack)
            at = known.article.published or known.read_at
            self._book.add(known.story, known.pack, sign(reading, stated, pack), stated, at, known.told)

    def forget(self, now: datetime) -> None:
        """Close the stories that nothing was added to for long."""
        self._book.forget(now - WINDOW)

    def take(self, pending: Pending, article: Article, now: datetime) -> Taken:
        """Decide about an article that was read, and store it with all that follows from it.

        Raises:
            StorageError: if it could not be stored; then nothing of it is.
        """
        article = tidy(article, pending.entry, now)
        readings = self._matcher.read(article)
        matches = self._matcher.matches(readings)
        finding = self._find(readings, matches, article, now)
        decision = self._decide(finding, matches, pending, article)
        self._observe(Step.DECIDED, article.url)
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
        )
        stored = self._history.ingest(ingest)
        self._observe(Step.ARTICLE_STORED, article.url)
        if finding and stored.story is not None:
            told = {recipient.channel for alert in decision.alerts for recipient in alert.recipients}
            at = article.published or now
            self._book.add(stored.story, finding.pack.name, finding.signature, finding.facts, at, told)
        _report(ingest, stored)
        return Taken(ingest, stored)

    def _find(
        self, readings: Sequence[Reading], matches: Sequence[Match], article: Article, now: datetime
    ) -> _Finding | None:
        """What the article states and where it belongs, as seen by the pack of its most severe match."""
        if not matches:
            return None
        chief = max(matches, key=lambda match: (match.severity.rank, match.score))
        number = next(n for n, pack in enumerate(self._matcher.packs) if pack.name == chief.pack)
        pack, reading = self._matcher.packs[number], readings[number]
        stated = facts(reading, pack)
        signature = sign(reading, stated, pack)
        return _Finding(
            pack, stated, signature, self._book.place(pack.name, signature, article.published or now)
        )

    def _decide(
        self, finding: _Finding | None, matches: tuple[Match, ...], pending: Pending, article: Article
    ) -> Decision:
        candidate = Candidate(
            matches=matches,
            facts=finding.facts if finding else (),
            placement=finding.placement if finding else None,
            published=article.published,
            found_at=pending.found_at,
            first_look=pending.first_look,
            news=finding.pack.news if finding else frozenset(),
        )
        return decide(candidate, self._routes, self._book.told, self._freshness)


def tidy(article: Article, entry: Entry, now: datetime) -> Article:
    """The article with what the entry knows better, within bounds.

    The page's own time counts, unless it gives only the day and the source gave the time. A time in the future is
    taken as now, and one before 1990 as unknown.
    """
    published = article.published
    if entry.published is not None and (published is None or article.day_only):
        published = entry.published
    if published is not None:
        published = min(published, now) if published > _EARLIEST else None
    return replace(
        article,
        title=article.title or entry.title,
        text=article.text[:_TEXT_LIMIT],
        language=article.language or entry.language,
        published=published,
    )


def _report(ingest: Ingest, stored: Stored) -> None:
    level = logging.INFO if ingest.reason is not Reason.NO_RULE_MATCHED else logging.DEBUG
    story = f", story {stored.story}" if stored.story is not None else ""
    _log.log(level, "%s: %r (%s%s)", ingest.reason, ingest.article.title[:120], ingest.source, story)
