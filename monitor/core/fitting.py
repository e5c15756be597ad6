"""Do the words of a spelling stand in a row at a place of a text?

By hand rather than by a regular expression for each spelling: nearly every hit asks for another one of thousands, and
to compile one takes as long as to look for all of them in several articles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.core.text import ENDING, is_letter, is_unspaced

if TYPE_CHECKING:
    from collections.abc import Sequence

_BETWEEN = 3  # spaces and hyphens that may stand between two words
_LONGEST_ENDING = 40  # letters that a star may stand for where a text is searched


class Words:
    """Words in a row, each of its own letters; a star at the end of a word stands for any ending.

    Args:
        words: the words.
        begins: whether the first must begin a word of the text.
        is_bounded: whether a star stands for some forty letters at most.
    """

    def __init__(self, words: Sequence[str], *, begins: bool = True, is_bounded: bool = False) -> None:
        kinds = [is_unspaced(word) for word in words]
        self._begins = begins and not kinds[0]
        self._bounded = is_bounded
        self._words = tuple(
            (stem(word), not kind, word.endswith("*"), kind and before)
            for word, kind, before in zip(words, kinds, (False, *kinds), strict=False)
        )
        self.reach = sum(len(word) + _BETWEEN + _LONGEST_ENDING * word.endswith("*") for word in words)
        """How many characters they may take, with what stands between them and behind the last."""

    def end(self, text: str, start: int) -> int | None:
        """Where the words end that begin there, None if they do not stand there."""
        if self._begins and start and is_letter(text[start - 1]):
            return None
        at, size, is_first = start, len(text), True
        for letters, is_spaced, is_open, touches in self._words:
            if not is_first and (at := _next(text, at, letters, touches=touches)) < 0:
                return None
            if is_first and not text.startswith(letters, at):
                return None
            is_first = False
            at += len(letters)
            if is_spaced and at < size and is_letter(text[at]):
                if not is_open:
                    return None
                at = self._ending(text, at)
        return at

    def before(self, text: str, end: int, *, touches: bool) -> int | None:
        """Where the words begin that stand right before another one at `end`: the first such place.

        `touches` says that nothing need stand between them.
        """
        letters = self._words[0][0]
        start = text.find(letters, max(0, end - self.reach), end)
        while start >= 0:
            last = self.end(text, start)
            if last is not None and last <= end and _parts(text[last:end], touches=touches):
                return start
            start = text.find(letters, start + 1, end)
        return None

    def _ending(self, text: str, at: int) -> int:
        most = at + _LONGEST_ENDING if self._bounded else len(text)
        return ENDING.match(text, at, most).end()  # type: ignore[union-attr]  # it always matches


def stem(word: str) -> str:
    """The word without its star."""
    return word.removesuffix("*")


def _next(text: str, at: int, letters: str, *, touches: bool) -> int:
    """Where the letters stand behind what may part two words there, or -1."""
    if touches and text.startswith(letters, at):
        return at
    most = at + (1 if touches else _BETWEEN)
    for sign in text[at:most]:
        at += 1
        if not (sign.isspace() or (sign == "-" and not touches)):
            return -1
        if text.startswith(letters, at):
            return at
    return -1


def _parts(between: str, *, touches: bool) -> bool:
    """Whether this may stand between two words."""
    if touches:
        return not between or (len(between) == 1 and between.isspace())
    return 0 < len(between) <= _BETWEEN and all(map(_is_gap, between))


def _is_gap(sign: str) -> bool:
    return sign == "-" or sign.isspace()  # hyphens are folded to one kind
