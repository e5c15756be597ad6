"""What a message about several alerts says, or about none: its letters by story, under one subject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.core.delivery.bundling import arrange
from monitor.notify.excerpt import ELLIPSIS, isolated
from monitor.notify.letter import Letter, compose

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.core.models import Alert
    from monitor.notify.translation import Translation
    from monitor.notify.voice import Voice


@dataclass(frozen=True, slots=True)
class Digest:
    """A message about several alerts before it is laid out.

    Attributes:
        subject: one line: how many alerts, and the headline of the first.
        urgent: whether one of them is.
        heading: how many alerts, or that nothing is new.
        packs: the topics they belong to, for a reader; without alerts, all that there are.
        stories: their letters, those on one development together.
    """

    subject: str
    urgent: bool
    heading: str
    packs: str
    stories: tuple[tuple[Letter, ...], ...]

    @property
    def letters(self) -> tuple[Letter, ...]:
        """All of them, in the order in which they are read."""
        return tuple(letter for told in self.stories for letter in told)


def compose_digest(alerts: Sequence[Alert], voice: Voice, translations: Mapping[int, Translation]) -> Digest:
    """Everything a reader of `voice` needs to know about several alerts. Pure."""
    if not alerts:
        packs = voice.listing([pack.label(voice.language) for pack in voice.packs.values()])
        heading = voice.say("nothing_new")
        subject = f"{heading} — {isolated(packs)}" if packs else heading
        return Digest(subject=subject, urgent=False, heading=heading, packs=packs, stories=())
    stories = tuple(
        tuple(compose(alert, voice, translations.get(alert.id)) for alert in told) for told in arrange(alerts)
    )
    first = stories[0][0]
    heading = voice.count("alerts", len(alerts))
    urgent = any(letter.urgent for told in stories for letter in told)
    frame = f"{voice.say('urgent')}: " if urgent else ""
    return Digest(
        subject=f"{frame}{heading}: {first.headline} {ELLIPSIS}",
        urgent=urgent,
        heading=heading,
        packs=voice.listing(list(dict.fromkeys(letter.pack for told in stories for letter in told))),
        stories=stories,
    )
