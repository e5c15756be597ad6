"""What a pack's terms found in an article, as conditions look at it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from operator import attrgetter
from typing import TYPE_CHECKING, TypeVar

from monitor.core.query import LEAD, Scope
from monitor.core.statements import Evidence, Field

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


_Result = TypeVar("_Result")

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
        find = partial(_hits, self.found, self.folded)
        return View(self.keys, find, self.article.language, {self.origin.source, *self.origin.tags})

    def evidence(self, hit: Hit) -> Evidence:
        """The hit as words of the stored text."""
        start, end = hit.text.span(hit.start, hit.end)
        return Evidence(hit.field, start, end, hit.text.original[start:end], hit.key)

    def hit(self, key: str, field: Field, start: int, end: int) -> Hit:
        """A hit of the key there."""
        return _hit(key, field, start, end, self.folded[field])


def _hit(key: str, field: Field, start: int, end: int, text: Folded) -> Hit:
    return Hit(key, (field is Field.BODY, start, end, key), field, start, end, text)


def _hits(
    found: Mapping[str, list[tuple[Field, list[Span]]]], folded: Mapping[Field, Folded], key: str
) -> Hits:
    """The hits of a key, in order of place."""
    spans = {(field, *span) for field, spans in found.get(key, ()) for span in spans}
    return tuple(sorted((_hit(key, *span, folded[span[0]]) for span in spans), key=place))


class View:
    """Some hits of a reading, as a condition looks at them. Nothing is worked out that is not asked for, nor twice.

    A view never refers to the one that it is a part of, so that no circle of objects waits for the garbage collector:
    with some hundred hits for each article, that would cost more than the matching.

    Attributes:
        of: the hits of a concept or word, in order of place.
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
        self.of = _once(find)
        self.language = language
        self.origins = origins
        self.held: dict[str, Hits | None] = {}
        self._keys = keys
        self._partial = partial  # whether only some of the keys stand here
        self._by_sentence = _once(_divided(self.of))
        self._scopes: dict[Scope, View] = {}
        self._sentences: dict[_Sentence, View] = {}

    @cached_property
    def hits(self) -> Hits:
        """Every hit, in order of place."""
        return tuple(sorted((hit for key in self._keys for hit in self.of(key)), key=place))

    @property
    def sentences(self) -> tuple[View, ...]:
        """The hits of each sentence that has any, in order."""
        return self.sentences_with(self._keys)

    def present(self, keys: frozenset[str]) -> Iterable[str]:
        """Those of the keys that have hits here, and perhaps some that have none."""
        return self._keys & keys

    def has_any(self, keys: frozenset[str]) -> bool:
        """Whether a hit of one of the keys is among these."""
        if not self._partial:
            return not self._keys.isdisjoint(keys)
        return any(map(self.of, self._keys & keys))

    def sentences_with(self, keys: Iterable[str]) -> tuple[View, ...]:
        """The hits of each sentence that holds one of the keys, in order."""
        found = {one for key in keys for one in self._by_sentence(key)}
        return tuple(self._sentence(one) for one in sorted(found))

    def within(self, scope: Scope) -> View:
        """The hits in the scope."""
        if scope not in self._scopes:
            of, inside = self.of, _SCOPES[scope]
            self._scopes[scope] = self._part(lambda key: tuple(filter(inside, of(key))))
        return self._scopes[scope]

    def _sentence(self, where: _Sentence) -> View:
        if where not in self._sentences:
            by_sentence = self._by_sentence
            self._sentences[where] = self._part(lambda key: by_sentence(key).get(where, ()))
        return self._sentences[where]

    def _part(self, find: Callable[[str], Hits]) -> View:
        return View(self._keys, find, self.language, self.origins, partial=True)


def _once(work: Callable[[str], _Result]) -> Callable[[str], _Result]:
    """The function, which works each key out once. `functools.cache` costs more to make, for each part of a text."""
    known: dict[str, _Result] = {}

    def of(key: str) -> _Result:
        if key not in known:
            known[key] = work(key)
        return known[key]

    return of


def _divided(of: Callable[[str], Hits]) -> Callable[[str], Mapping[_Sentence, Hits]]:
    """The hits of a key by sentence."""

    def divide(key: str) -> Mapping[_Sentence, Hits]:
        found: dict[_Sentence, list[Hit]] = {}
        for hit in of(key):  # into lists: one endless sentence may hold all hits of a long text
            found.setdefault((hit.field is Field.BODY, hit.sentence), []).append(hit)
        return {where: tuple(hits) for where, hits in found.items()}

    return divide


_SCOPES: Mapping[Scope, Callable[[Hit], bool]] = {
    Scope.TITLE: lambda hit: hit.field is Field.TITLE,
    Scope.LEAD: lambda hit: hit.field is Field.TITLE or hit.start < LEAD,
    Scope.BODY: lambda hit: hit.field is Field.BODY,
}
