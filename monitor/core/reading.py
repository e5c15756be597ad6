"""What a pack's terms found in an article, as conditions look at it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING

from monitor.core.models import Evidence, Field
from monitor.core.query import LEAD, Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, KeysView, Mapping

    from monitor.core.terms import Span
    from monitor.core.text import Folded
    from spiders.items import Article

    Hits = tuple["Hit", ...]
    _Sentence = tuple[bool, int]  # whether it stands in the body, and its number


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an article came from: the source's name and tags."""

    source: str = ""
    tags: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class Hit:
    """A concept or word of a pack in an article. A reading holds one object for each, known by its identity.

    Attributes:
        key: the name of the concept, or the word in quotes.
        place: orders hits as they are read: the title stands before the body.
        field: where it stands.
        start: its first folded character.
        end: the one behind its last.
        text: the field, made comparable.
    """

    key: str
    place: tuple[bool, int, int, str]
    field: Field
    start: int
    end: int
    text: Folded

    @property
    def sentence(self) -> int:
        """The number of the sentence in which it starts, within its field."""
        return self.text.sentence_at(self.start)

    @property
    def word(self) -> int:
        """The number of the word at which it starts, within its field."""
        return self.text.word_at(self.start)


place = attrgetter("place")
"""Orders hits as they are read."""


@dataclass(frozen=True)
class Reading:
    """What one pack found in one article.

    Attributes:
        article: the article.
        folded: its fields, made comparable.
        found: for each concept or word that was found, where in each field, in no order and perhaps more than once.
        origin: where the article came from.
    """

    article: Article
    folded: Mapping[Field, Folded]
    found: dict[str, list[tuple[Field, list[Span]]]]
    origin: Origin = Origin()

    @property
    def keys(self) -> KeysView[str]:
        """The concepts and words that stand anywhere: enough to say that most rules cannot hold."""
        return self.found.keys()

    @property
    def hits(self) -> Hits:
        """Every hit, in order of place."""
        return self.view.hits

    @cached_property
    def view(self) -> View:
        """All hits, as conditions look at them."""
        return View(
            self.found.keys(), self._of, self.article.language, {self.origin.source, *self.origin.tags}
        )

    def evidence(self, hit: Hit) -> Evidence:
        """The hit as words of the stored text."""
        folded = self.folded[hit.field]
        start, end = folded.span(hit.start, hit.end)
        return Evidence(hit.field, start, end, folded.original[start:end], hit.key)

    def hit(self, key: str, field: Field, start: int, end: int) -> Hit:
        """A hit of the key there."""
        return Hit(key, (field is Field.BODY, start, end, key), field, start, end, self.folded[field])

    def _of(self, key: str) -> Hits:
        found = self.found.get(key)
        if found is None:
            return ()
        spans = [(field, *span) for field, spans in found for span in dict.fromkeys(spans)]
        if len(spans) == 1:
            return (self.hit(key, *spans[0]),)
        return tuple(sorted((self.hit(key, *span) for span in dict.fromkeys(spans)), key=place))


class View:
    """Some hits of a reading, as a condition looks at them. Nothing is worked out that is not asked for, nor twice.

    Attributes:
        language: of the article, None if unknown.
        origins: the name and tags of the article's source.
        held: how the pack's shared conditions ended, by name.
    """

    def __init__(
        self,
        keys: KeysView[str],
        find: Callable[[str], Hits],
        language: str | None,
        origins: Collection[str],
        *,
        partial: bool = False,
    ) -> None:
        self.language = language
        self.origins = origins
        self.held: dict[str, Hits | None] = {}
        self._keys = keys
        self._find = find
        self._partial = partial  # whether only some of the keys stand here
        self._known: dict[str, Hits] = {}
        self._scopes: dict[Scope, View] = {}
        self._divided: dict[str, dict[_Sentence, Hits]] = {}
        self._sentences: dict[_Sentence, View] = {}

    def of(self, key: str) -> Hits:
        """The hits of a concept or word, in order of place."""
        if key not in self._known:
            self._known[key] = self._find(key)
        return self._known[key]

    def present(self, keys: frozenset[str]) -> Iterable[str]:
        """Those of the keys that have hits here, and perhaps some that have none."""
        return self._keys & keys

    def has_any(self, keys: frozenset[str]) -> bool:
        """Whether a hit of one of the keys is among these."""
        if not self._partial:
            return not self._keys.isdisjoint(keys)
        return any(map(self.of, self._keys & keys))

    @cached_property
    def hits(self) -> Hits:
        """Every hit, in order of place."""
        return tuple(sorted((hit for key in self._keys for hit in self.of(key)), key=place))

    @property
    def sentences(self) -> tuple[View, ...]:
        """The hits of each sentence that has any, in order."""
        return self.sentences_with(self._keys)

    def sentences_with(self, keys: Iterable[str]) -> tuple[View, ...]:
        """The hits of each sentence that holds one of the keys, in order."""
        found = {one for key in keys for one in self._by_sentence(key)}
        return tuple(self._sentence(one) for one in sorted(found))

    def within(self, scope: Scope) -> View:
        """The hits in the scope."""
        if scope not in self._scopes:
            inside = _SCOPES[scope]
            self._scopes[scope] = self._part(lambda key: tuple(filter(inside, self.of(key))))
        return self._scopes[scope]

    def _by_sentence(self, key: str) -> dict[_Sentence, Hits]:
        if key not in self._divided:
            divided: dict[_Sentence, Hits] = {}
            for hit in self.of(key):
                where = (hit.field is Field.BODY, hit.sentence)
                divided[where] = (*divided.get(where, ()), hit)
            self._divided[key] = divided
        return self._divided[key]

    def _sentence(self, where: _Sentence) -> View:
        if where not in self._sentences:
            self._sentences[where] = self._part(lambda key: self._by_sentence(key).get(where, ()))
        return self._sentences[where]

    def _part(self, find: Callable[[str], Hits]) -> View:
        return View(self._keys, find, self.language, self.origins, partial=True)


_SCOPES: Mapping[Scope, Callable[[Hit], bool]] = {
    Scope.TITLE: lambda hit: hit.field is Field.TITLE,
    Scope.LEAD: lambda hit: hit.field is Field.TITLE or hit.start < LEAD,
    Scope.BODY: lambda hit: hit.field is Field.BODY,
}
