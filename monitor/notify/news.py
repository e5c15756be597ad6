"""What is new in an article, in the reader's words: one statement each, by the way in which it is new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.core.statements import FactKind, Newness
from monitor.notify.excerpt import isolated, one_line, shorten

if TYPE_CHECKING:
    from monitor.core.statements import Fact, Novelty
    from monitor.notify.voice import Voice

_WORD = 60  # characters of the article's own words
_TITLE = 160  # of a headline, old or new


@dataclass(frozen=True, slots=True)
class News:
    """One new statement.

    Attributes:
        label: what it is about, as the reader says it.
        value: what is stated, as the reader says it.
        words: the same as the article says it.
        brief: label and value for a subject, where there is room for a few words only.
        by: who says so, empty if nobody is named.
        old: what a page said before it was changed; `value` is what it says now.
    """

    label: str
    value: str
    words: str
    brief: str
    by: str = ""
    old: str = ""


def tell(item: Novelty, pack: str, voice: Voice) -> News:
    """A new statement of an article that the pack found, for a reader of `voice`. Pure."""
    if item.kind is Newness.CHANGED:
        return _changed(item, pack, voice)
    fact = item.fact
    by = voice.concept(pack, fact.by) if fact.by else ""
    name = _name(fact, pack, voice)
    words = _words(fact, name)
    if item.kind is Newness.OFFICIAL:
        label, who = voice.say("official"), by or name
        figure = f"{name} {voice.figure(fact)}" if fact.kind is FactKind.FIGURE else ""
        return News(label, who, words, brief=": ".join(filter(None, (who, figure))))
    if fact.kind is FactKind.FIGURE:
        value = _figure(item, voice)
        brief = f"{name} {value}".strip()
        return News(name, value, words, brief=f"{brief} ({by})" if by else brief, by=by)
    if fact.kind is FactKind.STANCE and by:
        return News(name, by, words, brief=f"{name}: {by}")
    return News(voice.say(fact.kind.value), name, words, brief=name)


def _changed(item: Novelty, pack: str, voice: Voice) -> News:
    fact = item.fact
    rtl = voice.direction == "rtl"
    old = isolated(shorten(one_line(item.instead), _TITLE), always=rtl)
    if fact.kind is FactKind.TITLE:
        label = voice.say("retitled")
        now = isolated(shorten(one_line(fact.evidence.text), _TITLE), always=rtl)
        return News(label, now, "", brief=label, old=old)
    name = _name(fact, pack, voice)
    words = _words(fact, name)
    if fact.kind is FactKind.FIGURE:
        value = _figure(item, voice)
        old = "" if item.before is not None else old
        told = f"{old} {voice.arrow} {value}" if old else value
        return News(f"{voice.say('altered')} ({name})", value, words, brief=f"{name} {told}", old=old)
    return News(voice.say("altered"), name, words, brief=name, old=old)


def _figure(item: Novelty, voice: Voice) -> str:
    """`10,000 → about 12,000`, or what it is now alone."""
    value = voice.figure(item.fact)
    return (
        f"{voice.number(item.before)} {voice.arrow} {value}" if value and item.before is not None else value
    )


def _words(fact: Fact, name: str) -> str:
    """How the article says it, unless that is how the reader does."""
    words = shorten(one_line(fact.evidence.text), _WORD)
    return "" if words.casefold() == name.casefold() else words


def _name(fact: Fact, pack: str, voice: Voice) -> str:
    """What the reader calls the thing; without a concept, a date in the reader's way or the words as found."""
    if fact.concept:
        return voice.concept(pack, fact.concept)
    return voice.period(fact.period) if fact.period else shorten(one_line(fact.evidence.text), _WORD)
