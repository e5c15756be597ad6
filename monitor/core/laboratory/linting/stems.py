"""Wildcards: do they catch what they are meant to, and nothing else? Are names words of other languages?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from monitor.core.laboratory.linting.findings import Finding, Level
from monitor.core.laboratory.linting.lexicon import stems, words_of
from monitor.core.text import fold_text, is_unspaced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from monitor.core.laboratory.linting.lexicon import Catch, Lexicon
    from monitor.core.query import Term
    from monitor.core.topic import Concept, Pack

    Lemma = Callable[[str, str], str]

_SHORT = 5  # letters from which a stem is not short
_SURE = 6  # letters from which other words with the same beginning are mostly kin
_MANY = 10  # strangers that are too many for any stem
_SOME = 3  # … and for a short one
_SHARE = 0.3  # … if they are this part of all that a short stem catches
_HEARD = 1e-6  # frequency from which a word is met in the news
_LIKELY = 1e-5  # frequency of words that somebody may have meant
_COMMON = 5e-5  # frequency of words that stand in every second article
_STRANGER = 10  # times more frequent in another language than in its own
_TRIED = 40  # of the most frequent catches: the rarer ones change nothing
_SHOWN = 6


@dataclass(frozen=True, slots=True)
class _Strangers:
    """Words that a stem catches beside the one that it is meant for.

    Attributes:
        chief: the word that it catches most.
        others: words that are no forms of it and not made of it, the most frequent first.
        share: their part of all that the stem catches, from 0 to 1.
    """

    chief: str
    others: tuple[str, ...]
    share: float


def wide(pack: Pack, lexicon: Lexicon, lemma: Lemma) -> Iterator[Finding]:
    """Wildcards that catch words of other origins, in the language they are listed under."""
    # One language after another: dictionaries are large, and whoever gives `lemma` need hold only one.
    for concept, term in sorted(_starred(pack), key=lambda starred: starred[1].language):
        if len(words := words_of(term)) > 1 or len(words[0]) > 1:
            continue  # its neighbours tell what is meant
        for stem in stems(term):
            if len(stem) >= _SURE or not lexicon.starting(stem, term.language):
                continue
            found = _strangers(stem, lexicon.starting(stem, term.language), term.language, lemma)
            count, few = len(found.others), f"{', '.join(found.others[:_SHOWN])}"
            message = (
                f"{term.text} ({concept.name}) also catches {count} words other than {found.chief}: {few}"
            )
            message += ", …" if count > _SHOWN else ""
            if count > _MANY:
                yield Finding("wide-stem", Level.WARNING, term.where, message, _LONGER)
            elif count >= _SOME + len(stem) - _SHORT + 1 and found.share >= _SHARE * (
                1 if len(stem) < _SHORT else 2
            ):
                yield Finding("short-stem", Level.NOTE, term.where, message, _LONGER)


_LONGER = "write a longer stem, or the word's forms like {a|b}"


def _strangers(stem: str, catches: Sequence[Catch], language: str, lemma: Lemma) -> _Strangers:
    mass: Counter[str] = Counter()
    for catch in sorted(catches, key=lambda one: (-one.frequency, one.word))[:_TRIED]:
        mass[lemma(catch.word, language).lower()] += catch.frequency  # type: ignore[assignment]  # a Counter counts floats as well
    chief = max(mass, key=lambda word: (mass[word], word))
    every = sum(mass.values())
    alone = sum(catch.frequency for catch in catches if fold_text(catch.word) == stem)
    root = (
        stem if alone * _MANY > every else fold_text(chief)
    )  # the stem itself is the word, or its beginning
    others = [
        (word, weight)
        for word, weight in mass.most_common()
        if weight >= _HEARD and not _is_kin(fold_text(word), stem, fold_text(chief), root)
    ]
    share = sum(weight for _, weight in others) / every if every else 0.0
    return _Strangers(chief, tuple(word for word, _ in others), share)


def _is_kin(word: str, stem: str, chief: str, root: str) -> bool:
    if word in {chief, stem} or (len(root) >= _SHORT and word.startswith(root)):
        return True
    return _shared(word, chief) >= max(len(stem) + 1, _SHORT)


def empty(pack: Pack, lexicon: Lexicon) -> Iterator[Finding]:
    """Wildcards that catch no word of their language, where a known word is one letter away."""
    histories = [language for language in lexicon.languages if language not in lexicon.listed]
    for concept, term in _starred(pack):
        if term.language not in lexicon.listed or term.text[:1].isupper():
            continue  # lists hold few proper names
        for stem in stems(term):
            if not any(lexicon.starting(stem, language) for language in (term.language, *histories)):
                meant = _meant(stem, lexicon, term.language)
                if meant:
                    yield Finding(
                        "catches-nothing",
                        Level.NOTE,
                        term.where,
                        f"no known word of {term.language} begins with {stem}, in {term.text} ({concept.name})",
                        f"did you mean {meant}*?",
                    )


def _meant(stem: str, lexicon: Lexicon, language: str) -> str:
    """A beginning of known words that differs from the stem in one letter, or in two that changed places."""
    if len(stem) < _SURE or not stem.isalpha():
        return ""
    weights: Counter[str] = Counter()
    for catch in lexicon.starting(stem[:2], language):
        word = fold_text(catch.word)
        for length in (len(stem) - 1, len(stem), len(stem) + 1):
            begun = word[:length]
            if begun[-1] == stem[-1] and _is_slip(stem, begun):
                weights[begun] += catch.frequency  # type: ignore[assignment]  # a Counter counts floats as well
    likely = [word for word, weight in weights.most_common(1) if weight >= _LIKELY]
    return likely[0] if likely else ""


def _is_slip(stem: str, other: str) -> bool:
    """Whether one letter inside is wrong, missing or too much, or two changed places.

    The last letter does not count, as sounds change at the end of stems: дислоц-, дислок-.
    """
    start = _shared(stem, other)
    rest, others = stem[start:], other[start:]
    end = _shared(rest[::-1], others[::-1])
    rest, others = rest[: len(rest) - end], others[: len(others) - end]
    return end > 0 and (max(len(rest), len(others)) == 1 or (len(rest) == 2 and rest == others[::-1]))  # noqa: PLR2004  a pair


def false_friends(pack: Pack, lexicon: Lexicon, languages: Sequence[str]) -> Iterator[Finding]:
    """Single words that are frequent in another language of the pack, where they mean something else."""
    for concept in pack.concepts.values():
        meant = {language: _single_words(concept, language) for language in languages}
        for term in concept.terms:
            spelled = words_of(term)
            if term.only or term.text.startswith("=") or term.language not in lexicon.listed:
                continue
            if len(spelled) > 1 or len(spelled[0]) > 1 or is_unspaced(spelled[0][0]):
                continue
            own = _frequency(spelled[0][0], lexicon, term.language)
            there = {
                language: frequency
                for language in languages
                if language != term.language
                and (frequency := _frequency(spelled[0][0], lexicon, language, meant[language]))
                >= max(_COMMON, _STRANGER * own)
            }
            if there:
                often = ", ".join(
                    f"{language} ({many * 1e6:.0f} in a million)" for language, many in there.items()
                )
                yield Finding(
                    "false-friend",
                    Level.WARNING,
                    term.where,
                    f"{term.text} ({concept.name}, {term.language}: {own * 1e6:.0f} in a million) "
                    f"is a frequent word in {often}",
                    f'write "={term.text}"'
                    if term.text.isupper()
                    else f"write {{term: {term.text}, only: [{term.language}]}}",
                )


def _frequency(word: str, lexicon: Lexicon, language: str, meant: Sequence[str] = ()) -> float:
    """How frequent what a word or stem catches is in a language, without what the concept means there anyway."""
    if language not in lexicon.listed:
        return 0.0
    found = lexicon.starting(word[:-1], language) if word.endswith("*") else lexicon.find(word, language)
    return sum(
        catch.frequency for catch in found if not any(_catches(one, fold_text(catch.word)) for one in meant)
    )


def _single_words(concept: Concept, language: str) -> Sequence[str]:
    """The words and stems of the concept's names in a language, phrases left out."""
    names = (words for term in concept.terms if term.language == language for words in words_of(term))
    return [words[0] for words in names if len(words) == 1]


def _catches(name: str, word: str) -> bool:
    return word.startswith(name[:-1]) if name.endswith("*") else word == name


def _shared(one: str, other: str) -> int:
    """How many letters both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _starred(pack: Pack) -> Sequence[tuple[Concept, Term]]:
    """The names with a star, by language: a lemmatiser keeps the dictionaries of a few languages only."""
    starred = [
        (concept, term) for concept in pack.concepts.values() for term in concept.terms if "*" in term.text
    ]
    return sorted(starred, key=lambda one: one[1].language)
