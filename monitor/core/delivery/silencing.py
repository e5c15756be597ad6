"""What is not told for a while because somebody wanted so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Silence:
    """Alerts that are not told from `begins` until `ends`; what is empty covers all.

    Attributes:
        id: its key in the history, 0 before it is stored.
        owner: who wants it.
        reason: why.
        begins: from when on.
        ends: until when.
        channel: the channel's name.
        pack: the pack's.
        rule: the rule's.
        story: the story's number.
        source: the source's name.
        language: of the article.
    """

    id: int
    owner: str
    reason: str
    begins: datetime
    ends: datetime
    channel: str = ""
    pack: str = ""
    rule: str = ""
    story: int | None = None
    source: str = ""
    language: str = ""

    def is_active(self, now: datetime) -> bool:
        """Whether it holds at this time."""
        return self.begins <= now < self.ends

    def covers(self, subject: Subject) -> bool:
        """Whether all that it names is true of an alert."""
        return (
            self.channel in ("", subject.channel)
            and self.pack in ("", subject.pack)
            and (not self.rule or self.rule in subject.rules)
            and self.story in (None, subject.story)
            and self.source in ("", subject.source)
            and self.language in ("", subject.language)
        )


@dataclass(frozen=True, slots=True)
class Subject:
    """An alert on its way to a channel, as far as a silence can name it."""

    channel: str
    pack: str
    rules: frozenset[str]
    story: int
    source: str
    language: str


def silenced(subject: Subject, silences: Iterable[Silence], now: datetime) -> Silence | None:
    """The silence that keeps an alert from its channel; of several, the one that lasts longest."""
    found = [silence for silence in silences if silence.is_active(now) and silence.covers(subject)]
    return max(found, key=lambda silence: silence.ends, default=None)
