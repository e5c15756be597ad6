"""What a chat is told: a few lines about an alert, or a line on each of several. `markup` writes them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.notify.excerpt import Span, one_line, shorten
from monitor.notify.markup import Entry, Line, Post, line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.notify.digest import Digest
    from monitor.notify.letter import Letter
    from monitor.notify.news import News
    from monitor.notify.postscript import Postscript
    from monitor.notify.voice import Voice

_LEAD = 280  # characters of the lead
_NEWS = 4  # new statements


def post(letter: Letter, end: Postscript, voice: Voice) -> Post:
    """An alert: what it is about, what is new, how it begins, and who reports it when."""
    about = " · ".join(filter(None, (letter.outlet, letter.language_note, letter.time)))
    late = voice.say("late_note") if letter.late else ""
    lines = (
        line(" · ".join(letter.gist)),
        *(_point(item, voice) for item in letter.news[:_NEWS]),
        *_said(letter, voice),
        *(line(text, quiet=True) for text in (about, letter.spread, late)),
    )
    return Post(letter.subject, letter.url, _there(lines), foot=_foot(end))


def post_of_several(digest: Digest, end: Postscript, voice: Voice) -> Post:
    """A line on each alert, with its link; without alerts, that nothing is new."""
    entries = tuple(_entry(letter, voice) for letter in digest.letters)
    lines = () if entries else (line(digest.heading),)
    return Post(digest.subject, lines=lines, entries=entries, foot=_foot(end))


def post_of_notice(title: str, paragraphs: Iterable[str], end: Postscript) -> Post:
    """A notice: its sentences, one on a line."""
    return Post(title, lines=_there(map(line, paragraphs)) or (line(title),), foot=_foot(end))


def _entry(letter: Letter, voice: Voice) -> Entry:
    late = f" ({voice.say('late')})" if letter.late else ""
    return Entry(one_line(f"{letter.headline} — {letter.outlet}{late}"), letter.url)


def _said(letter: Letter, voice: Voice) -> tuple[Line, ...]:
    """What the report says: its lead, or where there is one the translation; its own title stands above anyway."""
    if letter.translation is None:
        spans: list[Span] = []
        for paragraph in letter.lead:
            spans += [Span(" "), *paragraph] if spans else paragraph
        return (Line(tuple(spans)).cut(_LEAD),)
    note = voice.say("machine", host=letter.translation.host)
    return (
        line(letter.translation.title),
        line(shorten(letter.translation.lead, _LEAD)),
        line(note, quiet=True),
    )


def _point(item: News, voice: Voice) -> Line:
    """A new statement on a line: `• soldiers: 10,000 → 12,000 · NIS`, with what it says now marked."""
    if not item.value:
        return line(" · ".join(filter(None, (f"• {item.label}", item.by))))
    old = f"{item.old} {voice.arrow} " if item.old else ""
    by = f" · {item.by}" if item.by else ""
    return Line((Span(f"• {item.label}: {old}"), Span(item.value, marked=True), Span(by)))


def _foot(end: Postscript) -> tuple[Line, ...]:
    return _there(line(text, quiet=True) for text in (end.brief, *end.coverage))


def _there(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(one for one in lines if one.text.strip())
