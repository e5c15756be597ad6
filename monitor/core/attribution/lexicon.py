"""The words of `words` by language, made ready for looking up in folded text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING

from monitor.core.attribution import words
from monitor.core.text import fold_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

TOKEN = re.compile(r"\w+")

Token = tuple[str, int, int]


class Cue(Enum):
    """What a word or phrase does for the actor beside it."""

    SAID = "said"  # its subject says so
    BEFORE = "before"  # whoever follows says so
    BEHIND = "behind"  # whoever precedes says so
    BY = "by"  # whoever follows did it
    NOT = "not"  # what follows is not so
    NOT_BEHIND = "not_behind"  # what precedes is not so


_TABLES: Sequence[tuple[Cue, Mapping[str, str]]] = (
    (Cue.SAID, words.SAID),
    (Cue.BEFORE, words.ACCORDING),
    (Cue.BEHIND, words.AFTER),
    (Cue.BY, words.BY),
    (Cue.NOT, words.NOT),
    (Cue.NOT_BEHIND, words.NOT_BEHIND),
)
_LANGUAGES = tuple(words.SAID)
# Words that another language uses for something else, left out where the language is unknown.
_UNSURE = frozenset({"dit", "dice", "sa", "per", "ne", "n", "be", "da"})


@dataclass(slots=True)
class _Words:
    phrases: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    stems: set[str] = field(default_factory=set)
    lengths: tuple[int, ...] = ()
    beginnings: frozenset[str] = frozenset()  # of the stems: few other words begin so

    def places(self, tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
        """Every phrase: its first token, and the one behind its last."""
        shortest = self.lengths[0] if self.lengths else 0
        for index, (token, _, _) in enumerate(tokens):
            for phrase in self.phrases.get(token, ()):
                behind = index + len(phrase)
                if len(phrase) == 1 or tuple([one for one, _, _ in tokens[index:behind]]) == phrase:
                    yield index, behind
                    break
            else:
                if token[:shortest] in self.beginnings and self._is_stem(token):
                    yield index, index + 1

    def _is_stem(self, token: str) -> bool:
        return not self.stems.isdisjoint([token[:length] for length in self.lengths])


class Lexicon:
    """Who says what, in one language; in all of them for a text whose language is unknown."""

    def __init__(self, language: str | None) -> None:
        self._words = {cue: _words(table, language) for cue, table in _TABLES}

    def cues(self, cue: Cue, tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
        """Every place of such words: the first token, and the one behind the last."""
        return self._words[cue].places(tokens)


ONLY = frozenset(fold_text(words.ONLY).split("; "))
THAT = frozenset(fold_text(words.THAT).split("; "))
ABOUT = frozenset(fold_text(words.ABOUT).split("; "))


def lexicon(language: str | None) -> Lexicon:
    """The lexicon of a language; one that the tables do not know reads as if it were unknown."""
    return _lexicon(language if language in words.SAID else None)


@cache
def _lexicon(language: str | None) -> Lexicon:
    return Lexicon(language)


def _words(table: Mapping[str, str], language: str | None) -> _Words:
    found = _Words()
    for code in (language,) if language else _LANGUAGES:
        for entry in filter(None, table.get(code, "").split("; ")):
            phrase = tuple(TOKEN.findall(fold_text(entry)))
            if language is None and len(phrase) == 1 and phrase[0] in _UNSURE:
                continue
            if entry.endswith("*"):
                found.stems.add(phrase[0])
            else:
                found.phrases.setdefault(phrase[0], []).append(phrase)
    for phrases in found.phrases.values():
        phrases.sort(key=len, reverse=True)
    found.lengths = tuple(sorted({len(stem) for stem in found.stems}))
    found.beginnings = frozenset(stem[: found.lengths[0]] for stem in found.stems)
    return found
