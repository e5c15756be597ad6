"""A YAML file as plain values, with the place of each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Path = tuple[str | int, ...]

_BREAK = "\r\n|[\n\r\x85\u2028\u2029]"
_ESCAPE = r"\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}|\\\r\n|\\."
_PIECES = {  # what stands for one character, by the style of the scalar
    "'": re.compile("''|.", re.DOTALL),
    '"': re.compile(f"{_ESCAPE}|.", re.DOTALL),
}
_CHARACTER = re.compile(".", re.DOTALL)
_HEADER = re.compile(f"[|>].*?(?:{_BREAK})", re.DOTALL)
_BLANKS = frozenset(" \t\n\r\x85\u2028\u2029")  # all that YAML adds, drops or changes when it folds lines
_BLANK_ESCAPES = frozenset(rf"\{sign}" for sign in " \t\n\r\x85\u2028\u2029tnrNLP") | {"\\\r\n"}
_DROP_BLANKS = dict.fromkeys(map(ord, _BLANKS))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands. Lines and columns count from 1, offsets from 0, all of them in characters.

    Attributes:
        entry: line and column of the key or item under which it is found.
        value: line and column of the value itself.
        start: offset at which it begins.
        end: offset at which it ends.
        style: of a scalar: one of `'`, `"`, `|`, `>`, or empty for a plain one.
        scalar: the text of a scalar, None for a list or mapping.
    """

    entry: tuple[int, int]
    value: tuple[int, int]
    start: int
    end: int
    style: str = ""
    scalar: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file as plain values, with the place of each."""

    name: str
    value: Any
    places: Mapping[Path, Place]
    text: str = ""

    def where(self, path: Path = ()) -> str:
        """`file:line:column` of the key or item at the path, or of the nearest one around it that exists."""
        place = self._nearest(path)
        return self._at(place.entry if place else (1, 1))

    def where_value(self, path: Path) -> str:
        """The same, but of the value behind the key if it is a scalar."""
        place = self._nearest(path)
        if place is None or place.scalar is None:
            return self.where(path)
        return self._at(place.value)

    def within(self, path: Path) -> Callable[[int], str]:
        """A function that gives `file:line:column` of the n-th character of the text at the path.

        It is exact for every style of YAML: folding only adds and drops blanks, so the characters between them are
        counted, as the file writes them. Where no text stands, it gives the place of what does.
        """
        place = self.places.get(path)
        if place is None or place.scalar is None:
            where = self.where(path)
            return lambda _: where
        written = _Written(place, self.text[place.start : place.end])
        return lambda offset: self._at(written.place_of(offset))

    def _nearest(self, path: Path) -> Place | None:
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path)

    def _at(self, place: tuple[int, int]) -> str:
        return f"{self.name}:{place[0]}:{place[1]}"


@dataclass(frozen=True)
class _Written:
    """A text as the file writes it."""

    place: Place
    raw: str

    def place_of(self, offset: int) -> tuple[int, int]:
        """Line and column of the text's character at the offset; just behind the one before, if it is a blank."""
        text = self.place.scalar or ""
        before = len(text[:offset].translate(_DROP_BLANKS))
        is_solid = offset < len(text) and text[offset] not in _BLANKS
        if is_solid and before < len(self._solid):
            return self._line_and_column(self._solid[before][0])
        if before and self._solid:
            return self._line_and_column(self._solid[min(before, len(self._solid)) - 1][1])
        return self.place.value

    @cached_property
    def _solid(self) -> list[tuple[int, int]]:
        """Begin and end, in the raw text, of every character that is no blank."""
        first, last = 0, len(self.raw)
        style = self.place.style
        if style in _PIECES:
            first, last = 1, last - 1
        elif style and (header := _HEADER.match(self.raw)):
            first = header.end()
        pieces = _PIECES.get(style, _CHARACTER).finditer(self.raw, first, last)
        return [piece.span() for piece in pieces if not _is_blank(piece.group())]

    def _line_and_column(self, raw_offset: int) -> tuple[int, int]:
        line, column = self.place.value
        breaks = list(re.finditer(_BREAK, self.raw[:raw_offset]))
        if not breaks:
            return line, column + raw_offset
        return line + len(breaks), raw_offset - breaks[-1].end() + 1


def _is_blank(piece: str) -> bool:
    if len(piece) == 1:
        return piece in _BLANKS
    sign, number = piece[1], piece[2:]
    if sign in "xuU" and number:
        return chr(int(number, 16)) in _BLANKS
    return piece in _BLANK_ESCAPES
