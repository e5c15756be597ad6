"""The language of rules: parsing a condition into a tree.

    condition := any
    any       := all ("OR" all)*
    all       := one ("AND" one)*
    one       := "NOT" one | near
    near      := atom ("NEAR/" number atom)*        number 1-99
    atom      := "(" any ")" | "SENTENCE(" any ("," any)* ")" | scope ":" atom | name | '"' term '"'
    scope     := "title" | "lead" | "body"

A name is a concept of the pack or one of its macros.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import TYPE_CHECKING

from monitor.core.errors import RuleError
from monitor.core.topic import Term

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping


class Scope(StrEnum):
    """Where a condition looks. The lead is the title and the first `LEAD` characters of the body."""

    TITLE = "title"
    LEAD = "lead"
    BODY = "body"


LEAD = 400


@dataclass(frozen=True, slots=True)
class Named:
    """Some name of the concept stands in the text."""

    concept: str


@dataclass(frozen=True, slots=True)
class Word:
    """The term itself stands in the text."""

    term: Term


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Query


@dataclass(frozen=True, slots=True)
class Near:
    """Hits of both parts stand at most `words` words apart, in the same field."""

    left: Query
    right: Query
    words: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """Every part holds within one sentence."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class In:
    """The part holds within the scope."""

    scope: Scope
    part: Query


Query = Named | Word | AllOf | AnyOf | Not | Near | Sentence | In

_TOKEN = re.compile(
    r"""\s+ | (?P<open>\() | (?P<close>\)) | (?P<comma>,) | "(?P<term>[^"\n]*)" | (?P<near>NEAR/\d*)
      | (?P<scope>(?:title|lead|body)): | (?P<word>[^\W\d][\w-]*) | (?P<bad>.)""",
    re.VERBOSE | re.DOTALL,
)
_MAX_DEPTH = 40  # deeper nesting is a mistake, and would exhaust the stack
_MAX_PARTS = 10_000  # macros over macros could multiply to any size
_DISTANCE = re.compile(r"[1-9][0-9]?", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int


class _Parser:
    """One pass over the tokens; each method reads one line of the grammar."""

    def __init__(self, text: str, concepts: Collection[str], macros: Mapping[str, Query], where: str) -> None:
        self._text = text
        self._concepts = concepts
        self._macros = macros
        self._where = where
        self._tokens = list(_tokens(text))
        self._next = 0
        self._depth = 0

    def parse(self) -> Query:
        query = self._any()
        if (token := self._peek()) is not None:
            raise self._error(f"did not expect {token.text!r} here", token)
        self._check_size(query)
        return query

    def _check_size(self, query: Query) -> None:
        """Refuse a condition that would take for ever, or exhaust the stack, once its macros are written out."""
        parts, level = 0, [query]
        for _ in range(2 * _MAX_DEPTH):
            level = [inner for outer in level for inner in _parts(outer)]
            parts += len(level)
            if not level:
                return
            if parts > _MAX_PARTS:
                break
        raise self._error(
            f"with its macros the condition has more than {_MAX_PARTS} parts or {2 * _MAX_DEPTH} levels", None
        )

    def _any(self) -> Query:
        return self._joined("OR", self._all, AnyOf)

    def _all(self) -> Query:
        return self._joined("AND", self._one, AllOf)

    def _joined(self, word: str, part: object, node: type[AllOf | AnyOf]) -> Query:
        parts = [part()]  # type: ignore[operator]  # a bound method of this class
        while self._take("word", word):
            parts.append(part())  # type: ignore[operator]
        return parts[0] if len(parts) == 1 else node(tuple(parts))

    def _one(self) -> Query:
        if self._take("word", "NOT"):
            return self._deeper(lambda: Not(self._one()))
        query = self._atom()
        while (token := self._take("near")) is not None:
            distance = token.text.removeprefix("NEAR/")
            if not _DISTANCE.fullmatch(distance):
                raise self._error("NEAR/ takes a number of words from 1 to 99, like NEAR/5", token)
            query = Near(query, self._atom(), int(distance))
            if not _is_point(query.left) or not _is_point(query.right):
                raise self._error("NEAR takes concepts and words, or an OR of them, on both sides", token)
        return query

    def _atom(self) -> Query:
        token = self._peek()
        if token is None:
            raise self._error("the condition ends where a concept or word is expected", None)
        self._next += 1
        match token.kind:
            case "open":
                query = self._deeper(self._any)
                self._expect_close(token)
                return query
            case "scope":
                return self._deeper(lambda: In(Scope(token.text), self._atom()))
            case "term":
                return self._word(token)
            case "word" if token.text == "SENTENCE":
                return self._sentence(token)
            case "word" if token.text not in {"AND", "OR", "NOT"}:
                return self._named(token)
        raise self._error(f"expected a concept, a word in quotes or a parenthesis, not {token.text!r}", token)

    def _sentence(self, token: _Token) -> Query:
        if self._take("open") is None:
            raise self._error("SENTENCE is followed by its parts in parentheses", token)
        parts = [self._deeper(self._any)]
        while self._take("comma"):
            parts.append(self._deeper(self._any))
        self._expect_close(token)
        return Sentence(tuple(parts))

    def _word(self, token: _Token) -> Query:
        if not token.text.strip(" =*"):
            raise self._error("an empty word matches nothing", token)
        return Word(Term(token.text, where=self._where))

    def _named(self, token: _Token) -> Query:
        if token.text in self._macros:
            return self._macros[token.text]
        if token.text in self._concepts:
            return Named(token.text)
        near = get_close_matches(token.text, [*self._concepts, *self._macros], n=1)
        remedy = (
            f"did you mean {near[0]}?"
            if near
            else 'define it under concepts, or put it in "quotes" as a word'
        )
        raise self._error(f"there is no concept or macro named {token.text}", token, remedy)

    def _peek(self) -> _Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _take(self, kind: str, text: str | None = None) -> _Token | None:
        token = self._peek()
        if token is None or token.kind != kind or text not in {None, token.text}:
            return None
        self._next += 1
        return token

    def _expect_close(self, opened: _Token) -> None:
        if self._take("close") is None:
            token = self._peek()
            if token is None:
                raise self._error(f"the parenthesis opened at column {opened.column} is never closed", opened)
            raise self._error(f"expected AND, OR or ')' before {token.text!r}", token)

    def _deeper(self, part: object) -> Query:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise self._error(f"nested more than {_MAX_DEPTH} levels deep", self._peek())
        query: Query = part()  # type: ignore[operator]
        self._depth -= 1
        return query

    def _error(self, message: str, token: _Token | None, remedy: str = "") -> RuleError:
        column = token.column if token else len(self._text.rstrip()) + 1
        return RuleError(f"{message} (column {column} of the condition)", where=self._where, remedy=remedy)


def parse(text: str, concepts: Collection[str], macros: Mapping[str, Query], where: str) -> Query:
    """Read a condition. Raises RuleError with the column, and a suggestion for a name that is almost right."""
    return _Parser(text, concepts, macros, where).parse()


def words(query: Query) -> Iterator[Term]:
    """Every term that the query names itself, rather than through a concept."""
    if isinstance(query, Word):
        yield query.term
    for part in _parts(query):
        yield from words(part)


def _parts(query: Query) -> tuple[Query, ...]:
    match query:
        case Named() | Word():
            return ()
        case Not(part) | In(_, part):
            return (part,)
        case Near(left, right, _):
            return (left, right)
        case AllOf(parts) | AnyOf(parts) | Sentence(parts):
            return parts


def _is_point(query: Query) -> bool:
    """Whether the query's hits are single places in a text, so that a distance between them has a meaning."""
    match query:
        case Named() | Word():
            return True
        case AnyOf(parts):
            return all(map(_is_point, parts))
        case Near():
            return True
        case _:
            return False


def _tokens(text: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(text):
        if match.lastgroup is not None:
            yield _Token(match.lastgroup, match.group(match.lastgroup), match.start() + 1)
