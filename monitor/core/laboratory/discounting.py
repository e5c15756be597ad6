"""Names that stand in a text and yet do not count: inside a longer word, in another case, in another language."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitor.core import query as q
from monitor.core.terms import TermFinder
from monitor.core.witnesses import key_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.core.query import Term
    from monitor.core.reading import Hit, Reading
    from monitor.core.statements import Evidence, Field
    from monitor.core.topic import Pack


@dataclass(frozen=True, slots=True)
class Discounted:
    """A name that stands in an article without counting.

    Attributes:
        key: the concept, or the word in quotes.
        term: the name, as the pack has it.
        evidence: where it stands.
        why: a clause such as `stands inside 북한산`.
    """

    key: str
    term: Term
    evidence: Evidence
    why: str


def discounted(pack: Pack, reading: Reading) -> tuple[Discounted, ...]:
    """Every name of the pack that stands in the article and does not count, in order of place.

    It reads the text anew, without what restricts the names: for one article that somebody asks about.
    """
    return Restricted(pack).discounted(reading)


class Restricted:
    """The names of a pack that do not count everywhere, ready to be looked for in one article after another."""

    def __init__(self, pack: Pack) -> None:
        words = dict.fromkeys(word for rule in pack.rules for word in q.words(rule.query))
        named = [(concept.name, term) for concept in pack.concepts.values() for term in concept.terms]
        named.extend((key_of(q.Word(word)), word) for word in words)
        self._named = [one for one in named if _is_restricted(one[1])]
        self._finder = TermFinder(
            (number, _any_case(replace(term, not_inside=(), only=())))
            for number, (_, term) in enumerate(self._named)
        )

    def discounted(self, reading: Reading) -> tuple[Discounted, ...]:
        """Those that stand in the article and do not count, in order of place."""
        found = [
            (hit.place, Discounted(hit.key, term, reading.evidence(hit), why))
            for term, hit, why in self._passed_over(reading)
        ]
        return tuple(one for _, one in sorted(found, key=lambda pair: pair[0]))

    def _passed_over(self, reading: Reading) -> Iterator[tuple[Term, Hit, str]]:
        counted = {(hit.key, hit.field, hit.start, hit.end) for hit in reading.hits}
        for field, text in reading.folded.items():
            for number, spans in self._finder.find(text).items():
                key, term = self._named[number]
                for span in dict.fromkeys(spans):
                    if (key, field, *span) not in counted:
                        yield term, reading.hit(key, field, *span), _why(term, reading, field, span)


def _is_restricted(term: Term) -> bool:
    return bool(term.only or term.not_inside or term.text.startswith("="))


def _why(term: Term, reading: Reading, field: Field, place: tuple[int, int]) -> str:
    language = reading.article.language
    if term.only and language is not None and language not in term.only:
        return f"counts in {', '.join(term.only)} only, the article is {language}"

    def stands(term: Term) -> bool:
        return place in TermFinder([(0, term)]).find(reading.folded[field]).get(0, ())

    if not stands(replace(term, not_inside=())):
        return f"counts only as it is written in {term.text}"
    longer = [one for one in term.not_inside if not stands(replace(_any_case(term), not_inside=(one,)))]
    return f"stands inside {longer[0]}" if longer else "does not count here"


def _any_case(term: Term) -> Term:
    return replace(term, text=term.text.removeprefix("="))
