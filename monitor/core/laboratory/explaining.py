"""Why a rule fired, or what it missed and by how much, in words.

The words of an account quote the article: print them as any text of the web.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from monitor.core import query as q
from monitor.core.conditions import satisfy
from monitor.core.laboratory.background import Background
from monitor.core.laboratory.distances import apart, called, gap, listed
from monitor.core.matching import few
from monitor.core.statements import Field

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.core.laboratory.discounting import Discounted
    from monitor.core.reading import Hit, Reading, View
    from monitor.core.statements import Evidence
    from monitor.core.topic import Pack, Rule

_NAMED = 5  # things that a clause lists
_TEXT = "the text"
_ELSEWHERE = 0.5  # what a part counts that stands in the text, but not where it is asked for
_LEAST_WEIGHT = 0.5  # of a concept that every text of the topic names: lacking it matters all the same


@dataclass(frozen=True, slots=True)
class Account:
    """What became of one condition on one article.

    Attributes:
        query: the condition.
        holds: whether it holds.
        evidence: by what it holds, at most three pieces for each concept; empty if it does not hold.
        clauses: what is missing and by how much; none if it holds.
        parts: the same for its parts; none where all there is to say is that no name of several stands, and in shared
            conditions inside shared conditions.
        have: how many of the concepts and words it needs stand there, weighted.
        need: how many it needs.
        weight: what it counts in the sum of which it is a part.
    """

    query: q.Query
    holds: bool
    evidence: tuple[Evidence, ...]
    clauses: tuple[str, ...]
    parts: tuple[Account, ...]
    have: float
    need: float
    weight: float | None = None

    @property
    def condition(self) -> str:
        """The condition as it is written."""
        return q.written(self.query)

    @property
    def name(self) -> str:
        """Under which name the pack shares the condition, or nothing."""
        return self.query.name if isinstance(self.query, q.Macro) else ""

    @property
    def lacks(self) -> str:
        """What is missing and by how much, in one line; nothing if it holds."""
        return "; ".join(self.clauses)

    @property
    def share(self) -> float:
        """How near the condition is to holding, from 0 to 1."""
        if self.holds:
            return 1.0
        return self.have / self.need if self.need else 0.0

    @property
    def nearest(self) -> Account:
        """Of alternatives none of which holds, the one that lacks least."""
        return max(self.parts, key=_nearness)


def explain(rule: Rule, pack: Pack, reading: Reading) -> Account:
    """The rule's condition and its parts, each with what it holds by or what it lacks.

    Shared conditions are opened one level: those inside them stay closed.
    """
    return _closed(Explainer(pack, reading).account(rule.query), inside=False)


def _closed(account: Account, *, inside: bool) -> Account:
    shared = isinstance(account.query, q.Macro)
    if shared and inside:
        return replace(account, parts=())
    return replace(account, parts=tuple(_closed(part, inside=inside or shared) for part in account.parts))


class Explainer:
    """Follows conditions over one reading. Whoever explains many hands over the `background` of the pack."""

    def __init__(self, pack: Pack, reading: Reading, background: Background | None = None) -> None:
        self._pack = pack
        self._background = background or Background(pack)
        self._reading = reading
        self._shared: dict[tuple[str, int, str], Account] = {}

    def account(self, query: q.Query) -> Account:
        """The whole account, shared conditions opened to the end."""
        return self._account(query, self._reading.view, _TEXT)

    def _account(self, query: q.Query, view: View, place: str) -> Account:
        if not isinstance(query, q.Macro):
            return self._worked_out(query, view, place)
        known = (
            query.name,
            id(view),
            place,
        )  # the reading keeps its views, so that no other one gets the number
        if known not in self._shared:
            self._shared[known] = self._worked_out(query, view, place)
        return self._shared[known]

    def _worked_out(self, query: q.Query, view: View, place: str) -> Account:
        hits = self._background.satisfy(query, view)
        if hits is None and (names := _alternatives(query)):
            have, need, clause = self._absent(query, names, place)
            return Account(query, False, (), (clause,), (), have, need)  # noqa: FBT003  the fields' order
        parts = self._parts(query, view, place)
        if hits is not None:
            need = self._need(query)
            return Account(query, True, self._evidence(hits), (), parts, need, need)  # noqa: FBT003  the fields' order
        have, need, clauses = self._missing(query, view, parts)
        return Account(query, False, (), tuple(dict.fromkeys(clauses)), parts, have, need)  # noqa: FBT003  the same

    def _parts(self, query: q.Query, view: View, place: str) -> tuple[Account, ...]:
        match query:
            case q.In(scope, part):
                inside = f"the {scope}" if place == _TEXT else f"the {scope} within {place}"
                return (self._account(part, view.within(scope), inside),)
            case q.Sentence(parts):
                holding = next(
                    (one for one in view.sentences if self._background.satisfy(query, one) is not None), None
                )
                if holding is not None:
                    view, place = holding, "the sentence"
                return tuple(self._account(part, view, place) for part in parts)
            case q.AtLeast(_, weighted):
                return tuple(
                    replace(self._account(one.part, view, place), weight=one.weight) for one in weighted
                )
        return tuple(self._account(part, view, place) for part in q.parts_of(query))

    def _missing(  # noqa: PLR0911  one for each kind of condition
        self, query: q.Query, view: View, parts: Sequence[Account]
    ) -> tuple[float, float, tuple[str, ...]]:
        """How many parts stand, how many are needed, and what is missing, of a condition that does not hold."""
        have, need = sum(part.have for part in parts), sum(part.need for part in parts)
        match query:
            case q.AnyOf():
                nearest = max(parts, key=_nearness)
                return nearest.have, nearest.need, nearest.clauses
            case q.Near() | q.Sentence():
                lacking = [part for part in parts if not part.holds and not q.is_silent(part.query)]
                if lacking:
                    return have, need, tuple(clause for part in lacking for clause in part.clauses)
                return max(0.0, have - _ELSEWHERE), need, (_scattered(query, view),)
            case q.AtLeast(least):
                total = q.total(part.weight or 0 for part in parts if part.holds)
                counted = (f"{called(part.query)} {part.weight if part.holds else 0:g}" for part in parts)
                return max(0.0, total / least), 1.0, (f"{total:g} of {least:g}: {', '.join(counted)}",)
            case q.Not(part):
                return 0.0, 1.0, (self._ruled_out(part, parts[0]),)
            case q.Language() | q.Source():
                return 0.0, 1.0, (self._from_elsewhere(query),)
        return have, need, tuple(clause for part in parts for clause in part.clauses)

    def _need(self, query: q.Query) -> float:
        match query:
            case q.Named(name):
                concept = self._pack.concepts.get(name)
                return max(concept.weight, _LEAST_WEIGHT) if concept else 1.0
            case q.AnyOf(parts):
                return min(map(self._need, parts))
            case q.Not() | q.Language() | q.Source():
                return 0.0
            case q.Word() | q.AtLeast():
                return 1.0
        return sum(map(self._need, q.parts_of(query)))

    def _absent(self, query: q.Query, names: Sequence[str], place: str) -> tuple[float, float, str]:
        need = self._need(query)
        keys = self._background.keys_of(query)
        lacking = f"{'no name' if isinstance(query, q.Named) else 'nothing'} of {listed(names, 'or', _NAMED)}"
        if isinstance(query, q.Word):
            lacking = f"no {names[0]}"
        outside = next((hit for hit in self._reading.hits if hit.key in keys), None)
        if outside is None:
            return 0.0, need, f"{lacking} stands in {place}{self._aside(keys)}"
        seen = self._reading.evidence(outside)
        where = "in the title" if seen.field is Field.TITLE else f"in the body, at character {seen.start}"
        if place == f"the {q.Scope.LEAD}":
            where += f"; the lead ends at {q.LEAD}"
        return need * _ELSEWHERE, need, f"{lacking} stands in {place}, only {_quoted(seen)} {where}"

    def _aside(self, keys: frozenset[str]) -> str:
        """In parentheses, what may be the cause that names are missing."""
        for one in self._discounted:
            if one.key in keys:
                return f" ({_quoted(one.evidence)} {one.why})"
        concepts = [self._pack.concepts[key] for key in keys if key in self._pack.concepts]
        language = self._reading.article.language
        known = {term.language for concept in concepts for term in concept.terms}
        if len(concepts) < len(keys) or language is None or not known.isdisjoint({language, "any"}):
            return ""
        return f" (the pack has none in {language})"

    @cached_property
    def _discounted(self) -> tuple[Discounted, ...]:
        return self._background.restricted.discounted(self._reading)

    def _ruled_out(self, part: q.Query, account: Account) -> str:
        match part:
            case q.Language(code):
                return f"the article is {code}"
            case q.Source(name):
                return f"the article is from {name}"
            case q.Not():
                return "; ".join(account.parts[0].clauses)
        by = f"{part.name}: " if isinstance(part, q.Macro) else ""
        first = {one.concept: one for one in reversed(account.evidence)}
        seen = [f"{_quoted(one)} in the {one.field}" for one in reversed(first.values())]
        return (
            f"ruled out by {by}{listed(seen, 'and', _NAMED)}" if seen else f"ruled out: {called(part)} holds"
        )

    def _from_elsewhere(self, query: q.Language | q.Source) -> str:
        article, origin = self._reading.article, self._reading.origin
        if isinstance(query, q.Source):
            return f"the article is from {origin.source or 'no known source'}, not from {query.name}"
        language = f"is {article.language}" if article.language else "has no known language"
        return f"the article {language}, not {query.code}"

    def _evidence(self, hits: Iterable[Hit]) -> tuple[Evidence, ...]:
        return shown(self._reading.evidence(hit) for hit in hits)


def _nearness(account: Account) -> tuple[float, float]:
    return (account.share, account.have)


def _alternatives(query: q.Query) -> tuple[str, ...]:
    """What a condition calls the things of which one must stand; nothing if it asks for more than that."""
    match query:
        case q.Named() | q.Word():
            return (called(query),)
        case q.Macro(name, part):
            return (name,) if _alternatives(part) else ()
        case q.AnyOf(parts):
            each = [_alternatives(part) for part in parts]
            return tuple(name for names in each for name in names) if all(each) else ()
    return ()


def _scattered(query: q.Near | q.Sentence, view: View) -> str:
    """How far apart the parts stand that should be together."""
    if isinstance(query, q.Sentence):
        return apart(query.parts, view)
    both = listed([called(query.left), called(query.right)])
    distance = gap(satisfy(query.left, view) or (), satisfy(query.right, view) or ())
    if distance is None:
        return f"{both} stand one in the title, one in the body, or in the same words"
    return f"{both} stand {distance} words apart at the nearest, {query.words} are allowed"


def shown(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """The first pieces for each concept, each once."""
    return few(dict.fromkeys(evidence), lambda piece: piece.concept)


def _quoted(evidence: Evidence) -> str:
    return f"'{' '.join(evidence.text.split())}'"
