"""Does an article match, and by which words?"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from monitor.core import query as q
from monitor.core.conditions import Compiler, satisfy
from monitor.core.models import Match
from monitor.core.prefilter import Prefilter
from monitor.core.reading import Origin, Reading
from monitor.core.statements import Field
from monitor.core.terms import TermFinder
from monitor.core.text import fold
from monitor.core.witnesses import key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from monitor.core.conditions import Condition
    from monitor.core.reading import Hit
    from monitor.core.terms import Span
    from monitor.core.topic import Pack, Rule
    from spiders.items import Article

    _Thing = tuple[int, str, tuple[str, ...]]  # the number of the pack, the key, and where alone it counts

_PER_CONCEPT = 3
"""Pieces of evidence kept for each concept of a rule: enough to see why, short enough to read."""

_Piece = TypeVar("_Piece")


class Matcher:
    """Reads articles for any number of packs: one pass over the text for all their terms."""

    def __init__(self, packs: Sequence[Pack]) -> None:
        self.packs = tuple(packs)
        things: dict[_Thing, int] = {}
        self._finder = TermFinder(
            (things.setdefault((number, key, term.only), len(things)), term)
            for number, pack in enumerate(packs)
            for key, term in terms(pack)
        )
        self._things = tuple(things)
        self._rules = [_Rules(pack) for pack in packs]

    def read(self, article: Article, origin: Origin = Origin()) -> tuple[Reading, ...]:  # noqa: B008  it is frozen
        """What each pack finds in the article, in the packs' order."""
        folded = {Field.TITLE: fold(article.title), Field.BODY: fold(article.text)}
        found: list[dict[str, list[tuple[Field, list[Span]]]]] = [{} for _ in self.packs]
        for field, text in folded.items():
            for thing, spans in self._finder.find(text).items():
                pack, key, only = self._things[thing]
                if not only or article.language is None or article.language in only:
                    found[pack].setdefault(key, []).append((field, spans))
        return tuple(Reading(article, folded, one, origin) for one in found)

    def matches(self, readings: Sequence[Reading]) -> tuple[Match, ...]:
        """The rules that fire, the most telling first.

        That is the most severe, among these the specific before the general, then by score, then in the packs' order.
        """
        fired = [
            (rule, match)
            for rules, reading in zip(self._rules, readings, strict=True)
            for rule, match in rules.fired(reading)
        ]
        fired.sort(key=lambda one: (-one[1].severity.rank, one[0].general, -one[1].score))
        return tuple(match for _, match in fired)


class _Rules:
    """The rules of a pack, compiled."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._compiler = Compiler()
        # Compiled when first needed: of many rules most never are.
        self._conditions: dict[int, Condition] = {}
        self._prefilter = Prefilter([rule.query for rule in pack.rules])

    def fired(self, reading: Reading) -> Iterator[tuple[Rule, Match]]:
        for number in self._prefilter.candidates(reading.keys):
            rule = self._pack.rules[number]
            if number not in self._conditions:
                self._conditions[number] = self._compiler.compile(rule.query)
            if (hits := self._conditions[number](reading.view)) is not None:
                yield rule, _match(rule, self._pack, reading, hits)


def apply(rule: Rule, pack: Pack, reading: Reading) -> Match | None:
    """The rule's match on what was read, or None."""
    hits = satisfy(rule.query, reading.view)
    return None if hits is None else _match(rule, pack, reading, hits)


def _match(rule: Rule, pack: Pack, reading: Reading, hits: Sequence[Hit]) -> Match:
    chosen = few(hits, lambda hit: hit.key)
    return Match(
        pack=pack.name,
        version=pack.version,
        rule=rule.name,
        severity=rule.severity,
        score=_score(chosen),
        evidence=tuple(map(reading.evidence, chosen)),
        tags=rule.tags,
    )


def few(pieces: Iterable[_Piece], concept: Callable[[_Piece], str]) -> tuple[_Piece, ...]:
    """The first few pieces of each concept."""
    counts: dict[str, int] = {}
    chosen = []
    for piece in pieces:
        key = concept(piece)
        counts[key] = counts.get(key, 0) + 1
        if counts[key] <= _PER_CONCEPT:
            chosen.append(piece)
    return tuple(chosen)


def _score(hits: Sequence[Hit]) -> float:
    """One for each concept in the title, a half for each that stands in the body only."""
    keys = {hit.key for hit in hits}
    in_title = {hit.key for hit in hits if hit.field is Field.TITLE}
    return (len(keys) + len(in_title)) / 2


def terms(pack: Pack) -> Iterator[tuple[str, q.Term]]:
    """Every term that a pack has looked for, and the key of what it names."""
    for concept in pack.concepts.values():
        for term in concept.terms:
            yield concept.name, term
    for term in dict.fromkeys(term for rule in pack.rules for term in q.words(rule.query)):
        yield key_of(q.Word(term)), term
