"""Two versions of a text side by side: which paragraphs stayed, and which words of the others did.

What is compared is bounded, so that no page makes it slow: where two passages are too large or too repetitive to be
compared word by word, one is shown as gone and the other as new, which is true as well.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

import regex

from monitor.core.text import UNSPACED, fold_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    # Whether it stayed, and from where to where it stands in either version.
    _Passage = tuple[bool, tuple[int, int], tuple[int, int]]

_MOST = 60_000  # characters of each text that are compared
_WORK = 10_000_000  # steps of all comparisons together at most: some tenths of a second
_PAIRED = 30  # paragraphs of a passage that was rewritten, of which each looks for its counterpart
_LIKE = 0.3  # share of the words that two versions of a paragraph have in common
_MOST_LINES = 2_000
# A number with its separators, a word of a script that writes spaces, or one grapheme, each with the space before it.
_TOKEN = regex.compile(rf"\s*(?:\d+(?:[.,]\d+)*|(?:[^\W\d_{UNSPACED}]\p{{M}}*)+|\X)")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a paragraph; `changed` if the other version does not have them there."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph in both versions; empty in the one that does not have it."""

    before: tuple[Piece, ...]
    after: tuple[Piece, ...]

    @property
    def is_same(self) -> bool:
        """Whether both versions have it word by word."""
        return not any(piece.changed for piece in (*self.before, *self.after))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both versions, paragraph by paragraph. `whole` unless a text was so long that its end was left out."""

    rows: tuple[Row, ...]
    whole: bool

    @property
    def is_same(self) -> bool:
        """Whether nothing changed but space."""
        return all(row.is_same for row in self.rows)


def compare(before: str, after: str) -> Comparison:
    """What the second text says differently, by words. Space between words and empty lines do not count."""
    old, new = _lines(before), _lines(after)
    whole = max(len(before), len(after)) <= _MOST and max(len(old), len(new)) <= _MOST_LINES
    return Comparison(tuple(_Comparing().texts(old[:_MOST_LINES], new[:_MOST_LINES])), whole)


def _lines(text: str) -> list[str]:
    return [line for line in map(str.strip, text[:_MOST].splitlines()) if line]


class _Comparing:
    """One comparison, with the work that is left to it."""

    def __init__(self) -> None:
        self._left = _WORK

    def texts(self, old: Sequence[str], new: Sequence[str]) -> Iterator[Row]:
        for same, (a, b), (c, d) in self._passages(
            *([" ".join(x.split()) for x in side] for side in (old, new))
        ):
            if same:
                yield from (Row(_plain(x), _plain(y)) for x, y in zip(old[a:b], new[c:d], strict=True))
            else:
                for left, right in _paired(old[a:b], new[c:d]):
                    yield self._row(left, right)

    def _row(self, before: str, after: str) -> Row:
        old, new = _tokens(before), _tokens(after)
        left: list[Piece] = []
        right: list[Piece] = []
        for same, (a, b), (c, d) in _smoothed(list(self._passages(_keys(old), _keys(new)))):
            left += _pieces(old[a:b], changed=not same)
            right += _pieces(new[c:d], changed=not same)
        return Row(tuple(left), tuple(right))

    def _passages(self, old: Sequence[str], new: Sequence[str]) -> Iterator[_Passage]:
        """Whether a passage stayed, and where it stands in either; together they are the whole of both."""
        start = _common(old, new)
        end = _common(old[start:][::-1], new[start:][::-1])
        if start:
            yield True, (0, start), (0, start)
        middle = old[start : len(old) - end], new[start : len(new) - end]
        for same, a, b, c, d in self._codes(*middle):
            yield same, (start + a, start + b), (start + c, start + d)
        if end:
            yield True, (len(old) - end, len(old)), (len(new) - end, len(new))

    def _codes(self, old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, int, int, int, int]]:
        if not old and not new:
            return
        counts, others = Counter(old), Counter(new)
        # What difflib looks at: the pairs of equal parts, again for each passage that it finds.
        work = sum(many * others[part] for part, many in counts.items()) * min(len(old), len(new))
        if work > self._left:
            yield False, 0, len(old), 0, len(new)
            return
        self._left -= work
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        for tag, a, b, c, d in matcher.get_opcodes():
            yield tag == "equal", a, b, c, d


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """With how many equal parts both begin."""
    return next(
        (number for number, (one, other) in enumerate(zip(old, new, strict=False)) if one != other),
        min(len(old), len(new)),
    )


def _smoothed(passages: Sequence[_Passage]) -> Iterator[_Passage]:
    """Passages, of which those that changed are one if nothing but one word stayed between them."""
    held: _Passage | None = None
    for number, (same, old, new) in enumerate(passages):
        between = same and held and old[1] - old[0] == 1 and number + 1 < len(passages)
        if same and not between:
            if held:
                yield held
            held = None
            yield same, old, new
        else:
            held = (False, (held[1][0], old[1]), (held[2][0], new[1])) if held else (False, old, new)
    if held:
        yield held


def _tokens(text: str) -> list[str]:
    return list(_TOKEN.findall(text))


def _keys(tokens: Sequence[str]) -> list[str]:
    """Tokens as they are compared: without the space before them."""
    return [token.strip() for token in tokens]


def _plain(text: str) -> tuple[Piece, ...]:
    return (Piece(text, changed=False),)


def _pieces(tokens: Sequence[str], *, changed: bool) -> Iterator[Piece]:
    """The tokens as one piece; the space before what changed did not."""
    text = "".join(tokens)
    bare = text.lstrip() if changed else text
    if len(bare) < len(text):
        yield Piece(text[: len(text) - len(bare)], changed=False)
    if bare:
        yield Piece(bare, changed)


def _paired(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Paragraphs of a passage that was rewritten, in order, each beside what it became; beside nothing if it is gone.

    Of all ways to pair them in order, that with the most words in common.
    """
    if max(len(old), len(new)) > _PAIRED:
        yield from _one_by_one(old, new)
        return
    here, there = ([Counter(_keys(_tokens(fold_text(text)))) for text in side] for side in (old, new))
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            best[i][j] = max(
                best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + _likeness(here[i], there[j])
            )
    i = j = 0
    while i < len(old) and j < len(new):
        like = _likeness(here[i], there[j])
        if like and best[i][j] == best[i + 1][j + 1] + like:
            yield old[i], new[j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            yield old[i], ""
            i += 1
        else:
            yield "", new[j]
            j += 1
    yield from ((text, "") for text in old[i:])
    yield from (("", text) for text in new[j:])


def _one_by_one(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield from ((text, "") for text in old)
    yield from (("", text) for text in new)


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """The share of words in common, 0 if it is too small for one to be a version of the other."""
    share = 2.0 * (one & other).total() / max(one.total() + other.total(), 1)
    return share if share >= _LIKE else 0.0
