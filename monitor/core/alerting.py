"""Who hears of an article, and why (or why not)?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.core.models import AlertKind, AlertPlan, Reason
from monitor.core.novelty import as_told, novelties
from monitor.core.revising import changes
from monitor.core.topic import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from monitor.core.delivery.deliveries import Recipient
    from monitor.core.models import Match
    from monitor.core.novelty import Told
    from monitor.core.sources.revisiting import Page
    from monitor.core.statements import Fact, Novelty
    from monitor.core.stories import Placement
    from monitor.core.topic import Pack
    from spiders.items import Article


@dataclass(frozen=True, slots=True)
class Route:
    """What a channel wants to hear: one match for which all of this holds. Empty sets want everything.

    Attributes:
        channel: its name.
        recipients: who receives what is sent to it.
        packs: names of packs.
        rules: names of rules.
        tags: words of which a rule must carry one.
        at_least: the lowest severity it wants.
        languages: of the article.
        source_tags: words of which the article's source must carry one.
        stories: keys of the stories that it follows.
    """

    channel: str
    recipients: tuple[Recipient, ...]
    packs: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    at_least: Severity = Severity.LOW
    languages: frozenset[str] = frozenset()
    source_tags: frozenset[str] = frozenset()
    stories: frozenset[int] = frozenset()

    def wants(self, candidate: Candidate) -> bool:
        """Whether an article, and one of the rules that fired, concern the channel."""
        story = candidate.placement.story if candidate.placement else None
        if self.stories and story not in self.stories:
            return False
        if self.languages and candidate.article.language not in self.languages:
            return False
        if self.source_tags and self.source_tags.isdisjoint(candidate.source_tags):
            return False
        return any(
            match.severity.rank >= self.at_least.rank
            and (not self.packs or match.pack in self.packs)
            and (not self.rules or match.rule in self.rules)
            and (not self.tags or not self.tags.isdisjoint(match.tags))
            for match in candidate.matches
        )


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old news may be.

    Attributes:
        first_look: what a source already held at its first look alerts only if it was published within this time.
        late_after: found longer than this after publication, an alert is labelled late.
        expires: a message is worth sending for this long.
    """

    first_look: timedelta = timedelta(hours=24)
    late_after: timedelta = timedelta(hours=3)
    expires: timedelta = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article on its way to a decision.

    Attributes:
        article: title, text and time.
        matches: the rules that fired.
        facts: what it states.
        pack: the one that placed it, None for articles that no rule matched.
        placement: where it belongs, None for articles that no rule matched.
        found_at: when its entry was first seen.
        first_look: whether it was already there when its source was first looked at.
        page: what was known of this very page, None if it is read for the first time.
        source_tags: of the source that led to it.
    """

    article: Article
    matches: tuple[Match, ...]
    facts: tuple[Fact, ...]
    pack: Pack | None
    placement: Placement | None
    found_at: datetime
    first_look: bool
    page: Page | None = None
    source_tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What to tell, or nothing, and the reason."""

    reason: Reason
    alerts: tuple[AlertPlan, ...] = ()


def decide(
    candidate: Candidate,
    routes: Sequence[Route],
    told: Callable[[int | None, str], tuple[Told, ...] | None],
    freshness: Freshness,
) -> Decision:
    """Decide who is told about an article.

    Args:
        candidate: the article, and what was found in it.
        routes: the channels.
        told: what a channel knows about a story, None if it has never heard of it.
        freshness: how old news may be.
    """
    placement, published = candidate.placement, candidate.article.published
    if placement is None:
        return Decision(Reason.NO_RULE_MATCHED)
    if candidate.first_look and not is_recent(published, candidate.found_at, freshness.first_look):
        return Decision(Reason.BASELINE)
    wanting = [route for route in routes if route.wants(candidate)]
    if not wanting:
        return Decision(Reason.NO_CHANNEL)
    late = published is not None and not is_recent(published, candidate.found_at, freshness.late_after)
    alike: dict[tuple[AlertKind, Reason, tuple[Novelty, ...]], list[Recipient]] = {}
    for route in wanting:
        known = told(placement.story, route.channel)
        if (what := _tell(candidate, placement, route.channel, known)) is not None:
            alike.setdefault(what, []).extend(route.recipients)
    if not alike:
        return Decision(Reason.SAME_TEXT if placement.is_copy else Reason.REPEAT)
    alerts = tuple(
        AlertPlan(kind, reason, new, tuple(recipients), late)
        for (kind, reason, new), recipients in alike.items()
    )
    return Decision(alerts[0].reason, alerts)


def _tell(
    candidate: Candidate, placement: Placement, channel: str, known: tuple[Told, ...] | None
) -> tuple[AlertKind, Reason, tuple[Novelty, ...]] | None:
    """What the channel hears of the article, None if nothing."""
    page = candidate.page
    if page is not None and channel in page.told:
        known = (
            *(known or ()),
            *as_told(page.facts),
        )  # its story may be closed, the page is known all the same
    if known is None:
        return AlertKind.NEW, Reason.NEW_STORY, ()
    if candidate.pack is None:
        return None
    new = novelties(
        candidate.facts,
        known,
        candidate.pack,
        placement.own,
        quotes=placement.is_copy or placement.quotes,
        day_only=candidate.article.day_only,
    )
    if page is not None and channel in page.told:
        new = (*changes(candidate.article, page), *new)
        return (AlertKind.UPDATE, Reason.CHANGED, new) if new else None
    return (AlertKind.UPDATE, Reason.NEW_FACTS, new) if new else None


def is_recent(published: datetime | None, now: datetime, within: timedelta) -> bool:
    """Whether it was published within the time; what has no date is not known to be recent."""
    return published is not None and now - published <= within
