"""How a story came to the report that a message tells of: the reports before it, in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.notify.excerpt import isolated, one_line, shorten
from monitor.notify.news import tell

if TYPE_CHECKING:
    from monitor.core.models import Alert
    from monitor.core.statements import Fact
    from monitor.core.timeline import Earlier
    from monitor.notify.voice import Voice

_TITLE = 90  # characters of a title
_OUTLET = 40
_NEWS = 3  # new statements named


@dataclass(frozen=True, slots=True)
class Stage:
    """One of the reports before.

    Attributes:
        said: what it brought, as the reader says it: `soldiers 8,000 → 10,000`; empty if nothing that has a name.
        title: in its own `language`; `language_note` names that, if the reader's is another.
    """

    time: str
    outlet: str
    language: str
    language_note: str
    said: str
    title: str


def timeline(alert: Alert, voice: Voice) -> tuple[Stage, ...]:
    """The reports before an alert, the latest first. Pure."""
    return tuple(_stage(report, alert, voice) for report in alert.timeline)


def _stage(report: Earlier, alert: Alert, voice: Voice) -> Stage:
    foreign = not voice.same_language(report.language)
    said = [tell(item, alert.pack, voice).brief for item in report.new[:_NEWS]]
    said = said or [_count(fact, alert.pack, voice) for fact in report.figures]
    return Stage(
        time=voice.moment(report.at, day_only=report.day_only, beside=alert.created_at, zone=False),
        outlet=shorten(one_line(report.outlet), _OUTLET),
        language=report.language or "",
        language_note=voice.language_name(report.language) if foreign else "",
        said=voice.listing(said),
        title=isolated(shorten(one_line(report.title), _TITLE)),
    )


def _count(fact: Fact, pack: str, voice: Voice) -> str:
    return f"{voice.concept(pack, fact.concept)} {voice.figure(fact)}"
