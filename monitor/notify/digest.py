"""What a message about several alerts says: its letters by story, under one subject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.core.bundling import arrange
from monitor.notify.excerpt import ELLIPSIS, defuse, fit, one_line
from monitor.notify.letter import Letter, compose

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.core.models import Alert
    from monitor.notify.translation import Translation
    from monitor.notify.voice import Voice

_GAP = "\n\n"  # between the entries of a chat


@dataclass(frozen=True, slots=True)
class Digest:
    """A message about several alerts before it is laid out.

    Attributes:
        subject: one line: how many alerts, and the headline of the first.
        urgent: whether one of them is.
        heading: how many alerts.
        packs: the topics they belong to, for a reader.
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
    """Everything a reader of `voice` needs to know about several alerts, at least one. Pure."""
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


def entry(letter: Letter, voice: Voice) -> str:
    """An alert in the list that a chat gets: a line on it, and its link."""
    late = f" ({voice.say('late')})" if letter.late else ""
    said = f"• {letter.headline} — {letter.outlet}{late}"
    # The address keeps its every character: a joiner in it would break it, and no chat finds a mention in a link.
    return "\n".join(filter(None, (defuse(one_line(said)), letter.url)))


def list_within(entries: Sequence[str], limit: int) -> str:
    """All entries within `limit` characters: if they are too long, each is shortened to an equal share."""
    whole = _GAP.join(entries)
    if len(whole) <= limit:
        return whole
    lines: list[str] = []
    left = limit + len(_GAP)
    for number, said in enumerate(entries):
        share = left // (len(entries) - number) - len(_GAP)  # what a short one leaves is shared by the next
        lines.append(fit(said, share))
        left -= len(lines[-1]) + len(_GAP)
    return _GAP.join(filter(None, lines))
