"""A source with what the history knows about it, and how it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from monitor.core.sources.rhythm import Habits
from spiders.items import Validators

if TYPE_CHECKING:
    from datetime import datetime

    from spiders.items import Source


class Condition(StrEnum):
    """How a source is, the worst first."""

    FAILING = "failing"  # it cannot be read
    DISALLOWED = "disallowed"  # its robots.txt forbids it
    EMPTY = "empty"  # it answers, and there is nothing in it
    REDIRECTED_ELSEWHERE = "redirected_elsewhere"  # it leads to another site
    SHAPE_CHANGED = "shape_changed"  # it lacks what it usually has
    DATES_WRONG = "dates_wrong"  # in the future, all the same, or gone
    SILENT = "silent"  # nothing new for too long
    POSSIBLE_GAP = "possible_gap"  # something may have been missed between two looks
    NEW = "new"  # no look has ended well yet
    OK = "ok"
    DROPPED = "dropped"  # it was unverified and never well: it is not looked at any more

    @property
    def is_trouble(self) -> bool:
        """Whether somebody should look after it."""
        return self not in (Condition.NEW, Condition.OK, Condition.DROPPED)

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Condition).index(self)

    def remedy(self, name: str) -> str:
        """What to do about a source of this name, empty if nothing."""
        return _REMEDIES.get(self, "").format(name=name)


_REMEDIES = {
    Condition.FAILING: "`tumen sources test {name}` shows what it answers and what may help",
    Condition.DISALLOWED: "nothing else is fetched; watch another address of this outlet, or ask it",
    Condition.EMPTY: "see with `tumen sources test {name}` what its address holds, and mend `links` or the address",
    Condition.REDIRECTED_ELSEWHERE: "declare the new address if it is the same outlet, else leave it out",
    Condition.SHAPE_CHANGED: "see with `tumen sources test {name}` what it lists, and mend `links` or the address",
    Condition.DATES_WRONG: "`tumen sources test {name}` shows what it lists; until then, its news may count as older "
    "or newer than it is",
    Condition.SILENT: "see in a browser whether the outlet still publishes there",
    Condition.POSSIBLE_GAP: "give it more weight so that it is looked at more often, or watch its news sitemap",
}


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """How a source is, and why, in a clause that goes on after its name; empty if there is nothing to say."""

    condition: Condition
    text: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """A diagnosis as the history keeps it; `since` is None for a source that was never judged."""

    diagnosis: Diagnosis = Diagnosis(Condition.NEW)
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source with what the history knows about it.

    Attributes:
        source: its declaration.
        next_due, habits: when it is to be looked at again, and what its looks taught about that.
        validators: what its server gave us at the last good look.
        failures, failing_since: looks that failed in a row; since when, anew with each `Sources.look_now`.
        looked_at, last_ok: its last look, and the last that ended `ok` or `unchanged`; None if there was none.
        last_reason, last_detail: how the last look ended, empty when ok: one word, one sentence.
        entries_seen: how many entries it has ever given.
        dropped_at: when it was given up, None if it is looked at.
        health: how it was judged.
        unchanged: looks in a row that its server answered with "unchanged"; `whole_at` is the last that brought all.
        distrusted_at: when "unchanged" was found to be wrong, None if it is believed.
    """

    source: Source
    next_due: datetime
    validators: Validators = Validators()
    failures: int = 0
    failing_since: datetime | None = None
    looked_at: datetime | None = None
    last_ok: datetime | None = None
    last_reason: str = ""
    last_detail: str = ""
    entries_seen: int = 0
    habits: Habits = Habits()
    dropped_at: datetime | None = None
    health: Health = Health()
    unchanged: int = 0
    whole_at: datetime | None = None
    distrusted_at: datetime | None = None
