"""Text as people read it: no markup, no characters that only deceive, one form of Unicode."""

from __future__ import annotations

import html
import re
import unicodedata

import regex

# Controls, soft hyphens, zero-width spaces, bidirectional overrides and isolates, lone surrogates, noncharacters.
# Zero-width joiners stay: Persian and emoji need them.
_DECEIVING = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    r"\ufffe\uffff\ud800-\udfff]"
)
# As many marks on one letter as the Stream-Safe Text Format allows (Unicode, Annex 15); no language needs more.
# Composing a text takes a time that grows with the square of a pile.
_PILED = regex.compile(r"(\p{M}{30})\p{M}+")
_LANGUAGE = re.compile(r"\s*([a-z]{2,3})(?:[-_]|\s*$)", re.IGNORECASE | re.ASCII)
_UNREAD = re.compile(
    r"<!--|<(script|style)\b", re.IGNORECASE
)  # where something begins that is not for readers
_END = {
    None: re.compile("-->"),
    "script": re.compile("</script[^<>]*>", re.IGNORECASE),
    "style": re.compile("</style[^<>]*>", re.IGNORECASE),
}
_TAG = re.compile(r"</?[a-z!?][^<>]*>", re.IGNORECASE)
_MARKUP_LIMIT = 40_000  # characters of markup that are looked at for one title or summary


def language_code(tag: str) -> str | None:
    """The code of ISO 639 with which a language tag begins (`uk-UA`, `pt_BR`), or None if it is no such tag."""
    found = _LANGUAGE.match(tag)
    return found[1].lower() if found else None


def line(text: str, limit: int) -> str:
    """The text on one line of at most `limit` characters: NFC, whitespace folded, nothing invisible."""
    folded = " ".join(_DECEIVING.sub("", text).split())
    return _shorten(unicodedata.normalize("NFC", unpiled(folded)), limit)


def unpiled(text: str) -> str:
    """The text with at most thirty marks on a letter."""
    return str(_PILED.sub(r"\1", text))


def plain(markup: str, limit: int) -> str:
    """The words of an HTML snippet on one line of at most `limit` characters."""
    text = markup[:_MARKUP_LIMIT]
    for _ in range(2):  # feeds often escape twice
        if "<" in text:
            text = _TAG.sub(" ", _read_part(text))
        if "&" in text:
            text = html.unescape(text)
    return line(text, limit)


def _read_part(markup: str) -> str:
    """The markup without comments, scripts and styles."""
    parts = []
    at = 0  # one pass: a lazy pattern would look to the end of the text from each `<!--`
    while begin := _UNREAD.search(markup, at):
        parts.append(markup[at : begin.start()])
        end = _END[begin[1] and begin[1].lower()].search(markup, begin.end())
        if end is None:
            return " ".join(parts)
        at = end.end()
    return " ".join((*parts, markup[at:]))


def paragraphs(text: str, limit: int) -> str:
    """The text with one paragraph per line, each as by `line`; empty lines are dropped."""
    lines = (line(row, limit) for row in text.splitlines())
    return _shorten("\n".join(row for row in lines if row), limit)


def letters(text: str) -> str:
    """The letters and digits of a text, case folded: what two writings of the same words have in common."""
    return "".join(filter(str.isalnum, text.casefold()))


def _shorten(text: str, limit: int) -> str:
    """At most `limit` characters, ending in … at the last word's end when something was cut."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > limit // 2 else cut).rstrip() + "…"
