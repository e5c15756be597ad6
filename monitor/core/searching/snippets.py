"""Pieces of a text around the words that were found."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.core.statements import Field
from monitor.core.text import is_unspaced

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from monitor.core.reading import Hit

    Spans = Sequence[tuple[int, int]]

_LENGTH = 220  # characters of a snippet; a sign of a script without spaces counts two
_BEFORE = 60  # of these, what stands before the first word that was found
_TO_A_SPACE = 25  # how far a cut is moved to fall between words
_ELLIPSIS = "…"
_BREAK = re.compile("[\n\r\t\v\f\u2028\u2029\x85]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a title or text as it was written, with spaces for line breaks; `is_hit` if it was asked for."""

    text: str
    is_hit: bool = False


def title_pieces(title: str, hits: Iterable[Hit]) -> tuple[Piece, ...]:
    """The title, divided into what was found and the rest."""
    return tuple(_pieces(title, _spans(hits, Field.TITLE), 0, len(title)))


def snippet(text: str, hits: Iterable[Hit]) -> tuple[Piece, ...]:
    """The part of the text with the most different words that were found; its beginning if none stands there."""
    found = [hit for hit in hits if hit.field is Field.BODY]
    length = _LENGTH // 2 if is_unspaced(text[: _LENGTH // 2]) else _LENGTH
    start = _best(found, length)
    start, end = _cut(text, max(0, start - _BEFORE * length // _LENGTH), length)
    pieces = list(_pieces(text, _spans(found, Field.BODY), start, end))
    if start > 0:
        pieces.insert(0, Piece(_ELLIPSIS))
    if end < len(text.rstrip()):
        pieces.append(Piece(_ELLIPSIS))
    return tuple(pieces)


def _best(hits: Sequence[Hit], length: int) -> int:
    """Where the first hit of the best part stands in the original text."""
    places = [(hit.text.span(hit.start, hit.end)[0], hit.key) for hit in hits]
    best, most, last = 0, 0, 0
    inside: dict[str, int] = {}
    for start, key in places:
        while last < len(places) and places[last][0] < start + length - _BEFORE:
            inside[places[last][1]] = inside.get(places[last][1], 0) + 1
            last += 1
        if len(inside) > most:
            best, most = start, len(inside)
        inside[key] -= 1
        if not inside[key]:
            del inside[key]
    return best


def _cut(text: str, start: int, length: int) -> tuple[int, int]:
    """The part moved so that it neither begins nor ends within a word or letter."""
    end = min(len(text), start + length)
    if start > 0:
        space = text.find(" ", start, start + _TO_A_SPACE)
        start = space + 1 if space >= 0 else _whole(text, start)
    if end < len(text):
        space = text.rfind(" ", end - _TO_A_SPACE, end)
        end = space if space > start else _whole(text, end)
    return start, end


def _whole(text: str, at: int) -> int:
    """The place, moved behind what belongs to the letter before it."""
    while 0 < at < len(text) and (_joins(text[at]) or text[at - 1] == "\u200d"):
        at += 1
    return at


def _joins(char: str) -> bool:
    return unicodedata.category(char) in {"Mn", "Mc", "Me", "Cf", "Sk"}


def _spans(hits: Iterable[Hit], field: Field) -> Spans:
    """Where the hits stand in the original, those that overlap as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(hit.text.span(hit.start, hit.end) for hit in hits if hit.field is field):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _pieces(text: str, spans: Spans, start: int, end: int) -> Iterator[Piece]:
    at = start
    for first, last in spans:
        first, last = max(first, at), min(last, end)  # noqa: PLW2901  what is cut off is not shown
        if first < last:
            if at < first:
                yield Piece(_flat(text[at:first]))
            yield Piece(_flat(text[first:last]), is_hit=True)
            at = last
    if at < end:
        yield Piece(_flat(text[at:end]))


def _flat(text: str) -> str:
    return _BREAK.sub(" ", text)
