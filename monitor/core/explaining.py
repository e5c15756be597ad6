"""Why a rule fired, or what it missed and by how much, in words.

The words of an account quote the article: print them as any text of the web.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitor.core import query as q
from monitor.core.conditions import key_of, satisfy
from monitor.core.discounting import discounted_among
from monitor.core.distances import apart, called, gap, listed
from monitor.core.models import Field

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.core.models import Evidence
    from monitor.core.reading import Hit, Reading, View
    from monitor.core.topic import Pack, Rule

_PER_KEY = 3  # pieces of evidence kept for each concept
_NAMED = 4  # alternatives that a sentence lists
_ELSEWHERE = 0.5  # what a part counts that stands in the text, but not where it is asked for
_LEAST_WEIGHT = 0.5  # of a concept that every text of the topic names: lacking it matters all the same


@dataclass(frozen=True, slots=True)
class Account:
    """What became of one condition on one article.

    Attributes:
        query: the condition.
        holds: whether it holds.
        evidence: by what it holds, at most three pieces for each concept; empty if it does not hold.
        lacks: what is missing and by how much, a clause; empty if it holds.
        parts: the same for its parts. Of shared conditions inside shared conditions there are none.
        have: how many of the concepts and words it needs stand there, weighted.
        need: how many it needs.
        weight: what it counts in the sum of which it is a part.
    """

    query: q.Query
    holds: bool
    evidence: tuple[Evidence, ...]
    lacks: str
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
    def share(self) -> float:
        """How near the condition is to holding, from 0 to 1."""
        if self.holds:
            return 1.0
        return self.have / self.need if self.need else 0.0

    @property
    def nearest(self) -> Account:
        """Of alternatives none of which holds, the one that lacks least."""
        return max(self.parts, key=lambda part: (part.share, part.have))


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
    """Follows conditions over one reading."""

    def __init__(self, pack: Pack, reading: Reading) -> None:
        self._pack = pack
        self._reading = reading
        self._passed_over: dict[str, str] = {}

    def account(self, query: q.Query) -> Account:
        """The whole account, shared conditions opened to the end."""
        return self._account(query, self._reading.view, None)

    def _account(self, query: q.Query, view: View, scope: q.Scope | None) -> Account:
        hits = satisfy(query, view)
        parts = self._parts(query, view, scope)
        if hits is not None:
            need = 0.0 if q.is_silent(query) else self._need(query)
            return Account(query, True, self._evidence(hits), "", parts, need, need)  # noqa: FBT003
        have, need, lacks = self._missing(query, view, scope, parts)
        return Account(query, False, (), lacks, parts, have, need)  # noqa: FBT003

    def _parts(self, query: q.Query, view: View, scope: q.Scope | None) -> tuple[Account, ...]:
        match query:
            case q.In(inner, part):
                # what is outside one scope is outside both
                return (self._account(part, view.within(inner), inner),)
            case q.Sentence(parts):
                holding = (one for one in view.sentences if satisfy(query, one) is not None)
                where = next(holding, view)
                return tuple(self._account(part, where, scope) for part in parts)
            case q.AtLeast(_, weighted):
                return tuple(
                    replace(self._account(one.part, view, scope), weight=one.weight) for one in weighted
                )
        return tuple(self._account(part, view, scope) for part in q.parts_of(query))

    def _missing(  # noqa: PLR0911  one for each node
        self, query: q.Query, view: View, scope: q.Scope | None, parts: Sequence[Account]
    ) -> tuple[float, float, str]:
        """How many parts stand, how many are needed, and what is missing, of a condition that does not hold."""
        have, need = sum(part.have for part in parts), sum(part.need for part in parts)
        match query:
            case q.Named() | q.Word():
                return self._absent(query, scope)
            case q.Macro(name):
                return have, need, f"{name}: {parts[0].lacks}"
            case q.AllOf():
                return have, need, "; ".join(part.lacks for part in parts if part.lacks)
            case q.AnyOf(among):
                nearest = max(parts, key=lambda part: (part.share, part.have))
                return nearest.have, nearest.need, self._none_of(among, parts, nearest, scope)
            case q.Not(part):
                return 0.0, 1.0, self._ruled_out(part, view, parts[0])
            case q.Near(left, right, words):
                lacks = "; ".join(part.lacks for part in parts if part.lacks)
                far = lacks or self._far(left, right, words, view)
                return have - (0 if lacks else _ELSEWHERE), need, far
            case q.Sentence(among):
                lacks = "; ".join(part.lacks for part in parts if part.lacks and not q.is_silent(part.query))
                return have - (0 if lacks else _ELSEWHERE), need, lacks or apart(among, view)
            case q.In(_, part):
                whole = (
                    "" if not q.parts_of(part) or satisfy(part, view) is None else " (the whole text has it)"
                )
                return have, need, parts[0].lacks + whole
            case q.AtLeast(least):
                total = sum(part.weight or 0 for part in parts if part.holds)
                reached = ", ".join(
                    f"{part.condition} {(part.weight or 0) if part.holds else 0:g}" for part in parts
                )
                return max(0.0, total / least), 1.0, f"{total:g} of {least:g}: {reached}"
        return 0.0, 1.0, self._elsewhere(query)

    def _need(self, query: q.Query) -> float:
        match query:
            case q.Named(name):
                return self._weight(name)
            case q.AnyOf(parts):
                return min(map(self._need, parts))
            case q.Not() | q.Language() | q.Source():
                return 0.0
            case q.Word() | q.AtLeast():
                return 1.0
        return sum(map(self._need, q.parts_of(query)))

    def _weight(self, name: str) -> float:
        concept = self._pack.concepts.get(name)
        return max(concept.weight, _LEAST_WEIGHT) if concept else 1.0

    def _absent(self, query: q.Named | q.Word, scope: q.Scope | None) -> tuple[float, float, str]:
        key = key_of(query)
        need = self._weight(key)
        lacking = f"no name of {key} stands" if isinstance(query, q.Named) else f"{key} does not stand"
        outside = self._reading.view.by_key.get(key)
        if outside:
            return (
                need * _ELSEWHERE,
                need,
                f"{lacking} in {_place(scope)}, only {self._at(outside[0], scope)}",
            )
        return 0.0, need, f"{lacking} in {_place(scope)}{self._aside(query)}"

    def _at(self, hit: Hit, scope: q.Scope | None) -> str:
        found = self._reading.evidence(hit)
        where = "in the title"
        if hit.field is Field.BODY:
            where = f"in the body, at character {found.start}"
        ends = f"; the lead ends at {q.LEAD}" if scope is q.Scope.LEAD else ""
        return f"{_quoted(found)} {where}{ends}"

    def _aside(self, query: q.Named | q.Word) -> str:
        """In parentheses, what may be the cause that a name is missing."""
        key = key_of(query)
        if key not in self._passed_over:
            concept = self._pack.concepts.get(key) if isinstance(query, q.Named) else None
            terms = concept.terms if concept else (query.term,) if isinstance(query, q.Word) else ()
            language = self._reading.article.language
            aside = ""
            if one := discounted_among([(key, term) for term in terms], self._reading):
                aside = f" ({_quoted(one[0].evidence)} {one[0].why})"
            elif concept and language and not {language, "any"} & {term.language for term in terms}:
                aside = f" (the pack has none in {language})"
            self._passed_over[key] = aside
        return self._passed_over[key]

    def _none_of(
        self, among: Sequence[q.Query], parts: Sequence[Account], nearest: Account, scope: q.Scope | None
    ) -> str:
        if all(isinstance(part, q.Named) for part in among) and not nearest.have:
            asides = "".join(dict.fromkeys(self._aside(part) for part in among if isinstance(part, q.Named)))
            return f"no name of {listed([part.condition for part in parts], 'or')} stands in {_place(scope)}{asides}"
        return f"nearest of {len(parts)} ways: {nearest.lacks}"

    def _ruled_out(self, part: q.Query, view: View, account: Account) -> str:
        match part:
            case q.Language(code):
                return f"the article is {code}"
            case q.Source(name):
                return f"the article is from {name}"
            case q.Not(inner):
                return self._missing(inner, view, None, self._parts(inner, view, None))[2]
        named = f" by {account.name}" if account.name else ""
        if not account.evidence:
            return f"ruled out{named or f': {account.condition}'}"
        seen = {one.concept: one for one in reversed(account.evidence)}
        by = [f"{_quoted(one)} in the {one.field}" for one in list(seen.values())[::-1][:_NAMED]]
        return f"ruled out{named}{':' if named else ' by'} {' and '.join(by)}"

    def _far(self, left: q.Query, right: q.Query, words: int, view: View) -> str:
        distance = gap(satisfy(left, view) or (), satisfy(right, view) or ())
        both = f"{called(left)} and {called(right)}"
        if distance is None:
            return f"{both} stand in different fields, or in the same words only"
        return f"{both} stand {distance} words apart at the nearest, {words} allowed"

    def _elsewhere(self, query: q.Query) -> str:
        article, origin = self._reading.article, self._reading.origin
        match query:
            case q.Language(code):
                language = f"is {article.language}" if article.language else "has no known language"
                return f"the article {language}, not {code}"
            case q.Source(name):
                return f"the article is from {origin.source or 'no known source'}, not from {name}"
        return f"{called(query)} does not hold"

    def _evidence(self, hits: Iterable[Hit]) -> tuple[Evidence, ...]:
        return few(self._reading.evidence(hit) for hit in hits)


def few(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """The first pieces for each concept, each once."""
    counts: Counter[str] = Counter()
    chosen = []
    for one in dict.fromkeys(evidence):
        counts[one.concept] += 1
        if counts[one.concept] <= _PER_KEY:
            chosen.append(one)
    return tuple(chosen)


def _place(scope: q.Scope | None) -> str:
    return f"the {scope}" if scope else "the text"


def _quoted(evidence: Evidence) -> str:
    return f"'{' '.join(evidence.text.split())}'"
