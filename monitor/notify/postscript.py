"""What stands at the end of a message: what did not reach the reader, and what was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.notify.excerpt import isolated, one_line, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.core.delivery.bundling import Coverage, Lost, Silent
    from monitor.notify.voice import Voice

_LISTED = 20  # alerts that did not arrive; the ledger has all
_TITLE = 120  # characters of the title of one
_NAMED = 2  # of them named in a chat, with
_SHORT = 60  # characters of each
_SILENT = 5  # sources named that gave nothing


@dataclass(frozen=True, slots=True)
class Missed:
    """An alert that did not arrive: when it was stored, why it is not tried again, and how to see it."""

    title: str
    time: str
    why: str
    command: str


@dataclass(frozen=True, slots=True)
class Postscript:
    """The end of a message before it is laid out.

    Attributes:
        missed: what did not arrive; `more` says how many are not listed.
        brief: the same in one line, for a chat.
        coverage: sentences on what was looked at.
    """

    missed: tuple[Missed, ...] = ()
    more: str = ""
    brief: str = ""
    coverage: tuple[str, ...] = ()


def compose_postscript(lost: Sequence[Lost], coverage: Coverage | None, voice: Voice) -> Postscript:
    """The end of a message for a reader of `voice`. Pure."""
    return Postscript(
        missed=tuple(_missed(one, voice) for one in lost[:_LISTED]),
        more=voice.and_more(len(lost) - _LISTED),
        brief=_brief(lost, voice) if lost else "",
        coverage=_coverage(coverage, voice) if coverage else (),
    )


def _missed(one: Lost, voice: Voice) -> Missed:
    return Missed(
        title=_apart(shorten(one_line(one.title), _TITLE), voice),
        time=_apart(voice.moment(one.created_at), voice),
        why=voice.say(f"lost_{one.state.value}"),
        command=f"tumen alerts show {one.alert}",
    )


def _brief(lost: Sequence[Lost], voice: Voice) -> str:
    """`Not delivered to you: 3 alerts — first title; second title, and 1 more`."""
    titles = [_apart(shorten(one_line(one.title), _SHORT), voice) for one in lost[:_NAMED]]
    more = voice.and_more(len(lost) - _NAMED)
    named = " ".join(filter(None, ("; ".join(titles), more)))
    return f"{voice.say('lost')}: {voice.count('alerts', len(lost))} — {named}"


def _coverage(coverage: Coverage, voice: Voice) -> tuple[str, ...]:
    """How many sources were seen, which gave nothing, and how many articles were read."""
    seen = voice.say(
        "seen",
        seen=voice.number(coverage.seen),
        watched=voice.number(coverage.watched),
        time=_apart(voice.moment(coverage.since), voice),
    )
    read = voice.say(
        "articles", articles=voice.number(coverage.articles), relevant=voice.number(coverage.relevant)
    )
    if not coverage.silent:
        return seen, read
    names = voice.listing([_silent(one, voice) for one in coverage.silent[:_SILENT]])
    more = voice.and_more(len(coverage.silent) - _SILENT)
    return seen, voice.say("silent", sources=" ".join(filter(None, (names, more)))), read


def _silent(source: Silent, voice: Voice) -> str:
    since = voice.say("never")
    if source.since:
        since = voice.say("since", time=_apart(voice.moment(source.since), voice))
    return f"{_apart(shorten(one_line(source.title), _SHORT), voice)} ({since})"


def _apart(text: str, voice: Voice) -> str:
    """A piece of a sentence that neither turns what stands around it nor is turned by it."""
    return isolated(text, always=voice.direction == "rtl")
