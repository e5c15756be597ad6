"""What words there are, in whole languages and in the history, and which of them a stem catches."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.core.spelling import spellings
from monitor.core.text import fold_text, is_unspaced

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.core.query import Term

_APART = "\n"  # what no word holds and no fold changes


@dataclass(frozen=True, slots=True)
class Catch:
    """A word that a stem catches.

    Attributes:
        word: as the list has it.
        language: of the list, ISO 639-1; empty if the history does not know it.
        frequency: its share of all words of the language, from 0 to 1; 0 if only the history has it.
        seen: how often it stands in the history.
    """

    word: str
    language: str
    frequency: float
    seen: int


class Lexicon:
    """Words of many languages, folded and sorted.

    Args:
        words: frequencies (shares of all words) by language and word.
        history: how often words stand in the stored articles, by language and word.
    """

    def __init__(
        self,
        words: Mapping[str, Mapping[str, float]],
        history: Mapping[str, Mapping[str, int]] | None = None,
    ) -> None:
        self._words = words
        self._history = history or {}
        self._sorted: dict[str, _Sorted] = {}  # a language is folded and sorted when it is first asked for
        self.listed = frozenset(language for language, known in words.items() if known)
        self.languages = tuple(sorted({*words, *self._history}))

    def starting(self, stem: str, language: str) -> Sequence[Catch]:
        """The words of the language that begin with the folded stem."""
        return self._of(language).starting(stem)

    def find(self, word: str, language: str) -> Sequence[Catch]:
        """The folded word in all its spellings: with and without accents, in any case."""
        return self._of(language).equal(word)

    def _of(self, language: str) -> _Sorted:
        if language not in self._sorted:
            self._sorted[language] = _Sorted(
                language, self._words.get(language, {}), self._history.get(language, {})
            )
        return self._sorted[language]


def catches(term: Term, lexicon: Lexicon, most: int = 10) -> tuple[Catch, ...]:
    """The most frequent words that the term's stars catch, `most` for each language; the most frequent first.

    Of a phrase each starred word counts by itself. A term without a star catches only itself, so nothing is given.
    """
    found: list[Catch] = []
    for language in lexicon.languages:
        if not term.only or not language or language in term.only:
            caught = {catch for stem in stems(term) for catch in lexicon.starting(stem, language)}
            found.extend(sorted(caught, key=_frequent)[:most])
    return tuple(sorted(found, key=_frequent))


def stems(term: Term) -> tuple[str, ...]:
    """The folded stems before the stars of a term, of all its spellings."""
    starred = (word for words in words_of(term) for word in words if word.endswith("*"))
    found = dict.fromkeys(word.removesuffix("*") for word in starred)
    return tuple(stem for stem in found if not is_unspaced(stem))


def words_of(term: Term) -> list[tuple[str, ...]]:
    """The folded words of each spelling."""
    return [spelling.words for spelling in spellings(term)]


def _frequent(catch: Catch) -> tuple[float, int, str, str]:
    return (-catch.frequency, -catch.seen, catch.word, catch.language)


class _Sorted:
    """Words of one language in order."""

    def __init__(self, language: str, words: Mapping[str, float], history: Mapping[str, int]) -> None:
        every = [word for word in {**words, **dict.fromkeys(history, 0)} if word and _APART not in word]
        folded = fold_text(_APART.join(every)).split(_APART) if every else []
        order = sorted(range(len(every)), key=folded.__getitem__)
        self._keys = [folded[number] for number in order]
        self._written = [every[number] for number in order]
        self._language, self._words, self._history = language, words, history

    def starting(self, stem: str) -> Sequence[Catch]:
        """The words whose folded form begins so."""
        first = bisect_left(self._keys, stem)
        return self._catches(
            first, bisect_right(self._keys, stem, lo=first, key=lambda key: key[: len(stem)])
        )

    def equal(self, word: str) -> Sequence[Catch]:
        """The words whose folded form is this."""
        return self._catches(bisect_left(self._keys, word), bisect_right(self._keys, word))

    def _catches(self, first: int, last: int) -> Sequence[Catch]:
        return [
            Catch(word, self._language, self._words.get(word, 0.0), self._history.get(word, 0))
            for word in self._written[first:last]
        ]
