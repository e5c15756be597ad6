"""What a pack's terms found in an article, as conditions look at it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from monitor.core.models import Evidence, Field
from monitor.core.query import LEAD, Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from monitor.core.text import Folded
    from spiders.items import Article


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an article came from: the source's name and tags."""

    source: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A concept or word in one field; offsets count folded characters."""

    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hit:
    """The same, with the sentence and word in which it starts, numbered within its field."""

    key: str
    field: Field
    start: int
    end: int
    sentence: int
    word: int

    @property
    def place(self) -> tuple[bool, int, int, str]:
        """Orders hits as they are read: the title before the body."""
        return (self.field is Field.BODY, self.start, self.end, self.key)


@dataclass(frozen=True)
class Reading:
    """What one pack found in one article.

    Attributes:
        article: the article.
        folded: its fields, made comparable.
        found: what was found in each field, in no order.
        origin: where the article came from.
    """

    article: Article
    folded: Mapping[Field, Folded]
    found: Mapping[Field, frozenset[Found]]
    origin: Origin = Origin()

    @cached_property
    def keys(self) -> frozenset[str]:
        """The concepts and words that stand anywhere: enough to say that most rules cannot hold."""
        return frozenset(one.key for found in self.found.values() for one in found)

    @cached_property
    def hits(self) -> tuple[Hit, ...]:
        """Every hit, in order of place."""
        hits = [
            Hit(one.key, field, one.start, one.end, text.sentence_at(one.start), text.word_at(one.start))
            for field, text in self.folded.items()
            for one in self.found[field]
        ]
        return tuple(sorted(hits, key=lambda hit: hit.place))

    @cached_property
    def view(self) -> View:
        """All hits, as conditions look at them."""
        return View(self.hits, self.article.language, frozenset({self.origin.source, *self.origin.tags}))

    def evidence(self, hit: Hit) -> Evidence:
        """The hit as words of the stored text."""
        folded = self.folded[hit.field]
        start, end = folded.span(hit.start, hit.end)
        return Evidence(hit.field, start, end, folded.original[start:end], hit.key)


class View:
    """Some hits of a reading, as a condition looks at them. What is worked out once is kept.

    Attributes:
        hits: in order of place.
        language: of the article, None if unknown.
        origins: the name and tags of the article's source.
        held: how the pack's shared conditions ended, by name.
    """

    def __init__(
        self, hits: Sequence[Hit], language: str | None = None, origins: frozenset[str] = frozenset()
    ) -> None:
        self.hits = hits
        self.language = language
        self.origins = origins
        self.held: dict[str, tuple[Hit, ...] | None] = {}
        self._scopes: dict[Scope, View] = {}

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
        return tuple(self._part(hits) for hits in found.values())

    def within(self, scope: Scope) -> View:
        """The hits in the scope."""
        if scope not in self._scopes:
            self._scopes[scope] = self._part([hit for hit in self.hits if _SCOPES[scope](hit)])
        return self._scopes[scope]

    def _part(self, hits: Sequence[Hit]) -> View:
        return View(hits, self.language, self.origins)


_SCOPES: Mapping[Scope, Callable[[Hit], bool]] = {
    Scope.TITLE: lambda hit: hit.field is Field.TITLE,
    Scope.LEAD: lambda hit: hit.field is Field.TITLE or hit.start < LEAD,
    Scope.BODY: lambda hit: hit.field is Field.BODY,
}
