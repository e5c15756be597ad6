"""Holes: languages of the pack in which a rule cannot fire, because something it needs has no name there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.core import query as q
from monitor.core.laboratory.linting.findings import Finding, Level
from monitor.core.laboratory.linting.lexicon import words_of
from monitor.core.text import is_unspaced
from monitor.core.witnesses import needs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.core.laboratory.linting.lexicon import Lexicon
    from monitor.core.query import Term
    from monitor.core.topic import Concept, Pack

_MOST = 2 / 3  # of the concepts that rules use, or of the languages, that have names
_SHOWN = 6


def languages_of(pack: Pack) -> tuple[str, ...]:
    """The languages that the pack means to read: those in which most of the concepts of its rules have names."""
    used = _used(pack)
    listed = {language for concept in used for language in _listed(concept)} - {"any"}
    counts = {
        language: sum(not _listed(concept).isdisjoint({language, "any"}) for concept in used)
        for language in listed
    }
    return tuple(sorted(language for language, count in counts.items() if count >= _MOST * len(used)))


def holes(pack: Pack, lexicon: Lexicon | None) -> Iterator[Finding]:
    """Rules that cannot fire in a language of the pack, and concepts that hardly another language lacks names for."""
    languages, used = languages_of(pack), _used(pack)
    needed = [(rule, needs(rule.query)) for rule in pack.rules]
    for language in languages:
        named = {concept.name: _is_named(concept, language, lexicon) for concept in used}
        blamed: set[str] = set()
        for rule, groups in needed:
            for group in groups:
                if not any(
                    named.get(key, True) for key in group
                ):  # words of the rule itself may be of any language
                    blamed |= group
                    lacking = " or ".join(sorted(group)[:_SHOWN])
                    yield Finding(
                        "hole",
                        Level.WARNING,
                        rule.where,
                        f"{rule.name} cannot fire in {language}: no {language} name of {lacking}",
                        f"add names under {language}",
                    )
        missing = [
            concept
            for concept in used
            if not named[concept.name]
            and concept.name not in blamed
            and _is_known_in_most(concept, languages)
        ]
        if missing:
            yield Finding(
                "missing-names",
                Level.NOTE,
                missing[0].terms[0].where,
                f"other languages have names of these, {language} has none: {', '.join(one.name for one in missing)}",
                f"add names under {language} if they are written differently there",
            )


def _used(pack: Pack) -> Sequence[Concept]:
    """The concepts that rules name."""
    names = dict.fromkeys(name for rule in pack.rules for name in q.concepts(rule.query))
    return [pack.concepts[name] for name in names]


def _listed(concept: Concept) -> set[str]:
    return {term.language for term in concept.terms}


def _is_named(concept: Concept, language: str, lexicon: Lexicon | None) -> bool:
    if {language, "any"} & _listed(concept):
        return True
    return lexicon is not None and any(_is_word(term, language, lexicon) for term in concept.terms)


def _is_word(term: Term, language: str, lexicon: Lexicon) -> bool:
    """Whether a name listed elsewhere is a word of the language as well, as Kursk is in many."""
    if (term.only and language not in term.only) or language not in lexicon.listed:
        return False
    for words in words_of(term):
        if len(words) == 1 and not is_unspaced(words[0]):
            stem = words[0].removesuffix("*")
            if lexicon.starting(stem, language) if words[0] != stem else lexicon.find(stem, language):
                return True
    return False


def _is_known_in_most(concept: Concept, languages: Sequence[str]) -> bool:
    return len(_listed(concept) & set(languages)) >= _MOST * len(languages)
