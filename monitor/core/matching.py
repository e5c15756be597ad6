"""Does an article match, and by which words?"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from monitor.core import query as q
from monitor.core.models import Evidence, Field, Match
from monitor.core.terms import TermFinder
from monitor.core.text import Folded, fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from monitor.core.topic import Pack, Rule, Term
    from spiders.items import Article

_PER_CONCEPT = (
    3  # pieces of evidence kept for each concept of a rule: enough to see why, short enough to read
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A concept or word of a pack in an article; offsets count folded characters.

    `sentence` and `word` number the sentence and word in which it starts, within its field.
    """

    key: str
    field: Field
    start: int
    end: int
    sentence: int
    word: int


@dataclass(frozen=True)
class Reading:
    """What one pack found in one article: every hit, in order of place."""

    article: Article
    folded: Mapping[Field, Folded]
    hits: tuple[Hit, ...]

    @cached_property
    def view(self) -> View:
        """All hits, as conditions look at them."""
        return View(self.hits)

    def evidence(self, hit: Hit) -> Evidence:
        """The hit as words of the stored text."""
        folded = self.folded[hit.field]
        start, end = folded.span(hit.start, hit.end)
        return Evidence(hit.field, start, end, folded.original[start:end], hit.key)


class Matcher:
    """Reads articles for any number of packs: one pass over the text for all their terms."""

    def __init__(self, packs: Sequence[Pack]) -> None:
        self.packs = tuple(packs)
        owned = [(number, key, term) for number, pack in enumerate(packs) for key, term in _terms(pack)]
        self._owners = [(number, key) for number, key, _ in owned]
        self._finder = TermFinder([term for _, _, term in owned])

    def read(self, article: Article) -> tuple[Reading, ...]:
        """What each pack finds in the article, in the packs' order."""
        folded = {Field.TITLE: fold(article.title), Field.BODY: fold(article.text)}
        hits: list[list[Hit]] = [[] for _ in self.packs]
        for field, text in folded.items():
            for term, span in self._finder.find(text):
                pack, key = self._owners[term]
                place = (text.sentence_at(span.start), text.word_at(span.start))
                hits[pack].append(Hit(key, field, span.start, span.end, *place))
        return tuple(Reading(article, folded, tuple(sorted(set(found), key=_place))) for found in hits)

    def matches(self, readings: Sequence[Reading]) -> tuple[Match, ...]:
        """The rules that fire, pack by pack, in the order of their rules."""
        return tuple(
            match
            for pack, reading in zip(self.packs, readings, strict=True)
            for rule in pack.rules
            if (match := apply(rule, pack, reading)) is not None
        )


def apply(rule: Rule, pack: Pack, reading: Reading) -> Match | None:
    """The rule's match on what was read, or None."""
    found = satisfy(rule.query, reading.view)
    if found is None:
        return None
    chosen = _choose(found)
    return Match(
        pack=pack.name,
        version=pack.version,
        rule=rule.name,
        severity=rule.severity,
        score=_score(chosen),
        evidence=tuple(map(reading.evidence, chosen)),
    )


class View:
    """Some hits of a reading, as a condition looks at them. What is worked out once is kept."""

    def __init__(self, hits: Sequence[Hit]) -> None:
        self.hits = hits
        self._scopes: dict[q.Scope, View] = {}
        # The rules of a pack share most of their parts. They are known by identity, and kept, so that no identity
        # is given anew; comparing whole conditions would cost more than it saves.
        self.satisfied: dict[int, tuple[q.Query, tuple[Hit, ...] | None]] = {}
        self.possible: dict[int, tuple[q.Query, bool]] = {}

    @cached_property
    def by_key(self) -> Mapping[str, tuple[Hit, ...]]:
        """The hits of each concept or word."""
        found: dict[str, list[Hit]] = {}
        for hit in self.hits:
            found.setdefault(hit.key, []).append(hit)
        return {key: tuple(hits) for key, hits in found.items()}

    @cached_property
    def sentences(self) -> tuple[View, ...]:
        """The hits of each sentence that has any."""
        found: dict[tuple[Field, int], list[Hit]] = {}
        for hit in self.hits:
            found.setdefault((hit.field, hit.sentence), []).append(hit)
        return tuple(map(View, found.values()))

    def within(self, scope: q.Scope) -> View:
        """The hits in the scope."""
        if scope not in self._scopes:
            self._scopes[scope] = View([hit for hit in self.hits if _SCOPES[scope](hit)])
        return self._scopes[scope]


def satisfy(query: q.Query, view: View) -> tuple[Hit, ...] | None:
    """The hits by which the query holds (none for a bare NOT), or None if it does not hold."""
    if isinstance(query, q.Named):
        return view.by_key.get(query.concept)
    if isinstance(query, q.Word):
        return view.by_key.get(_word_key(query.term))
    known = view.satisfied
    if id(query) not in known:
        known[id(query)] = query, _satisfy(query, view) if possible(query, view) else None
    return known[id(query)][1]


def _satisfy(query: q.Query, view: View) -> tuple[Hit, ...] | None:  # noqa: PLR0911  one for each node
    match query:
        case q.AllOf(parts):
            return _all(parts, view)
        case q.AnyOf(parts):
            found = [held for part in parts if (held := satisfy(part, view)) is not None]
            return _merge(found) if found else None
        case q.Not(part):
            return () if satisfy(part, view) is None else None
        case q.In(scope, part):
            return satisfy(part, view.within(scope))
        case q.Sentence(parts):
            # Most sentences lack a part, and asking whether they could hold is cheaper than looking.
            inside = [one for one in view.sentences if all(possible(part, one) for part in parts)]
            found = [held for one in inside if (held := _all(parts, one)) is not None]
            return _merge(found) if found else None
        case q.Near(left, right, words):
            return _near(satisfy(left, view), satisfy(right, view), words)
    return None


def possible(query: q.Query, view: View) -> bool:
    """Whether the query could hold with these hits, wherever they stand: false is final, true is not."""
    if isinstance(query, q.Named):
        return query.concept in view.by_key
    if isinstance(query, q.Word):
        return _word_key(query.term) in view.by_key
    known = view.possible
    if id(query) not in known:
        known[id(query)] = query, _possible(query, view)
    return known[id(query)][1]


def _possible(query: q.Query, view: View) -> bool:
    match query:
        case q.AllOf(parts) | q.Sentence(parts):
            return all(possible(part, view) for part in parts)
        case q.AnyOf(parts):
            return any(possible(part, view) for part in parts)
        case q.Near(left, right, _):
            return possible(left, view) and possible(right, view)
        case q.In(_, part):
            return possible(part, view)
    return True


_SCOPES: Mapping[q.Scope, Callable[[Hit], bool]] = {
    q.Scope.TITLE: lambda hit: hit.field is Field.TITLE,
    q.Scope.LEAD: lambda hit: hit.field is Field.TITLE or hit.start < q.LEAD,
    q.Scope.BODY: lambda hit: hit.field is Field.BODY,
}


def _all(parts: Sequence[q.Query], view: View) -> tuple[Hit, ...] | None:
    found = []
    for part in parts:
        held = satisfy(part, view)
        if held is None:
            return None
        found.append(held)
    return _merge(found)


def _near(left: Sequence[Hit] | None, right: Sequence[Hit] | None, words: int) -> tuple[Hit, ...] | None:
    if not left or not right:
        return None
    found: list[Sequence[Hit]] = []
    for field in Field:
        others = sorted((hit for hit in right if hit.field is field), key=_word_of)
        for hit in left:
            if hit.field is field:
                first = bisect_left(others, hit.word - words, key=_word_of)
                last = bisect_left(others, hit.word + words + 1, key=_word_of)
                # a hit is not near itself
                close = [
                    other for other in others[first:last] if other.end <= hit.start or hit.end <= other.start
                ]
                if close:
                    found.append((hit, *close))
    return _merge(found) or None


def _word_of(hit: Hit) -> int:
    return hit.word


def _merge(groups: Iterable[Sequence[Hit]]) -> tuple[Hit, ...]:
    merged = {hit for group in groups for hit in group}
    if len(merged) < 2:  # noqa: PLR2004  nothing to order
        return tuple(merged)
    return tuple(sorted(merged, key=_place))


def _place(hit: Hit) -> tuple[bool, int, int, str]:
    return (hit.field is Field.BODY, hit.start, hit.end, hit.key)


def _choose(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The first few hits of each concept."""
    counts: dict[str, int] = {}
    chosen = []
    for hit in hits:
        counts[hit.key] = counts.get(hit.key, 0) + 1
        if counts[hit.key] <= _PER_CONCEPT:
            chosen.append(hit)
    return tuple(chosen)


def _score(hits: Sequence[Hit]) -> float:
    """One for each concept in the title, a half for each that stands in the body only."""
    keys = {hit.key for hit in hits}
    in_title = {hit.key for hit in hits if hit.field is Field.TITLE}
    return (len(keys) + len(in_title)) / 2


def _terms(pack: Pack) -> Iterable[tuple[str, Term]]:
    for concept in pack.concepts.values():
        for term in concept.terms:
            yield concept.name, term
    for term in dict.fromkeys(term for rule in pack.rules for term in q.words(rule.query)):
        yield _word_key(term), term


def _word_key(term: Term) -> str:
    return f'"{term.text}"'
