"""What words there are: word lists of whole languages, and the words of the history. Which of them does a stem catch?"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.core.terms import spellings
from monitor.core.text import fold_text, is_unspaced

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from monitor.core.query import Term

_APART = "\n"  # what no word holds and no fold changes
_LAST = "\U0010ffff"


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
        history = history or {}
        self.listed = frozenset(language for language, known in words.items() if known)
        self._words = {
            language: _sorted(language, words.get(language, {}), history.get(language, {}))
            for language in sorted({*words, *history})
        }

    @property
    def languages(self) -> Sequence[str]:
        """The languages of which words are known, in order of their codes."""
        return list(self._words)

    def starting(self, stem: str, language: str) -> Sequence[Catch]:
        """The words of the language that begin with the stem; of a script without spaces, the stem itself."""
        if language not in self._words:
            return ()
        return [catch for _, catch in self._words[language].between(stem, stem + _LAST)]

    def find(self, word: str, language: str) -> Sequence[Catch]:
        """The word in all its spellings: with and without accents, in any case."""
        if language not in self._words:
            return ()
        return [catch for folded, catch in self._words[language].between(word, word + "\0") if folded == word]


def catches(term: Term, lexicon: Lexicon, most: int = 10) -> tuple[Catch, ...]:
    """The most frequent words that the term's stars catch, `most` for each language; the most frequent first.

    Of a phrase each starred word counts by itself. A term without a star catches nothing but itself: nothing is given.
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


def words_of(term: Term) -> Iterator[tuple[str, ...]]:
    """The folded words of each spelling."""
    for spelling in spellings(term):
        yield tuple(map(fold_text, spelling.split()))


def _frequent(catch: Catch) -> tuple[float, int, str, str]:
    return (-catch.frequency, -catch.seen, catch.word, catch.language)


class _Sorted:
    """Words of one language in order."""

    def __init__(self, words: Iterable[tuple[str, Catch]]) -> None:
        pairs = sorted(words, key=lambda pair: pair[0])
        self._keys = [folded for folded, _ in pairs]
        self._pairs = pairs

    def between(self, first: str, last: str) -> Sequence[tuple[str, Catch]]:
        return self._pairs[bisect_left(self._keys, first) : bisect_left(self._keys, last)]


def _sorted(language: str, words: Mapping[str, float], history: Mapping[str, int]) -> _Sorted:
    every = [word for word in {**words, **dict.fromkeys(history, 0.0)} if _APART not in word]
    folded = fold_text(_APART.join(every)).split(_APART) if every else []
    return _Sorted(
        (key, Catch(word, language, words.get(word, 0.0), history.get(word, 0)))
        for key, word in zip(folded, every, strict=True)
        if key
    )
