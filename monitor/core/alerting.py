"""Who hears of an article, and why (or why not)?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.core.models import AlertKind, AlertPlan, Novelty, Reason, Recipient
from monitor.core.novelty import novelties
from monitor.core.topic import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from monitor.core.models import Fact, Match
    from monitor.core.stories import Placement


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
    """

    channel: str
    recipients: tuple[Recipient, ...]
    packs: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    at_least: Severity = Severity.LOW

    def wants(self, matches: Sequence[Match]) -> bool:
        """Whether any of the matches concerns the channel."""
        return any(
            match.severity.rank >= self.at_least.rank
            and (not self.packs or match.pack in self.packs)
            and (not self.rules or match.rule in self.rules)
            and (not self.tags or not self.tags.isdisjoint(match.tags))
            for match in matches
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

    `placement` is None for articles that no rule matched; `found_at` is when its entry was first seen;
    `news` names the concepts of its pack whose statement is worth an update by itself.
    """

    matches: tuple[Match, ...]
    facts: tuple[Fact, ...]
    placement: Placement | None
    published: datetime | None
    found_at: datetime
    first_look: bool
    news: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Decision:
    """What to tell, or nothing, and the reason."""

    reason: Reason
    alerts: tuple[AlertPlan, ...] = ()


def decide(
    candidate: Candidate,
    routes: Sequence[Route],
    told: Callable[[int | None, str], tuple[Fact, ...] | None],
    freshness: Freshness,
) -> Decision:
    """Decide who is told about an article.

    Args:
        candidate: the article, and what was found in it.
        routes: the channels.
        told: what a channel knows about a story, None if it has never heard of it.
        freshness: how old news may be.
    """
    placement = candidate.placement
    if placement is None:
        return Decision(Reason.NO_RULE_MATCHED)
    if candidate.first_look and not is_recent(candidate.published, candidate.found_at, freshness.first_look):
        return Decision(Reason.BASELINE)
    wanting = [route for route in routes if route.wants(candidate.matches)]
    if not wanting:
        return Decision(Reason.NO_CHANNEL)
    late = candidate.published is not None and not is_recent(
        candidate.published, candidate.found_at, freshness.late_after
    )
    alike: dict[tuple[AlertKind, tuple[Novelty, ...]], list[Recipient]] = {}
    for route in wanting:
        known = told(placement.story, route.channel)
        if known is None:
            alike.setdefault((AlertKind.NEW, ()), []).extend(route.recipients)
        elif new := novelties(candidate.facts, known, candidate.news):
            alike.setdefault((AlertKind.UPDATE, new), []).extend(route.recipients)
    if not alike:
        return Decision(Reason.SAME_TEXT if placement.is_copy else Reason.REPEAT)
    alerts = tuple(
        AlertPlan(kind, _REASONS[kind], new, tuple(recipients), late)
        for (kind, new), recipients in alike.items()
    )
    return Decision(alerts[0].reason, alerts)


_REASONS = {AlertKind.NEW: Reason.NEW_STORY, AlertKind.UPDATE: Reason.NEW_FACTS}


def is_recent(published: datetime | None, now: datetime, within: timedelta) -> bool:
    """Whether it was published within the time; what has no date is not known to be recent."""
    return published is not None and now - published <= within
