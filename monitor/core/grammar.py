"""The language of rules: reading a condition into a tree.

    condition := all ("OR" all)*
    all       := one ("AND" one)*
    one       := "NOT" one | near
    near      := atom ("NEAR/" number atom)*                                number 1-99
    atom      := "(" condition ")" | name | '"' term '"' | scope ":" atom
               | "lang:" code | "source:" name
               | "SENTENCE(" condition ("," condition)* ")"
               | "SUM(" weighted ("," weighted)* ")" ">=" number
    weighted  := number? condition
    scope     := "title" | "lead" | "body"

A name is a concept of the pack or one of its macros.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeVar

from monitor.core import query as q
from monitor.core.errors import RuleError
from monitor.core.languages import is_language, likely_language

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

_Part = TypeVar("_Part")

_TOKEN = re.compile(
    r"""\s+ | (?P<open>\() | (?P<close>\)) | (?P<comma>,) | "(?P<term>[^"\n]*)" | (?P<near>NEAR/\w*)
      | (?P<scope>(?:title|lead|body)): | (?P<filter>(?:lang|source):[\w-]*) | (?P<least>>=)
      | (?P<number>-?\d+(?:\.\d+)?) | (?P<word>[^\W\d][\w-]*) | (?P<bad>.)""",
    re.VERBOSE | re.DOTALL,
)
OPERATORS = frozenset({"AND", "OR", "NOT", "SENTENCE", "SUM"})
_CAPITALS = OPERATORS | {"NEAR"}
_MAX_DEPTH = 40  # deeper nesting is a mistake, and would exhaust the stack
_MAX_PARTS = 10_000  # macros over macros could multiply to any size
_DISTANCE = re.compile(r"[1-9][0-9]?", re.ASCII)
_WEIGHT = re.compile(r"-?[0-9]{1,4}(?:\.[0-9]{1,3})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a condition: which part of the pattern it is, its text, and where it begins."""

    kind: str
    text: str
    start: int


def parse(
    text: str, concepts: Collection[str], macros: Mapping[str, q.Query], place: Callable[[int], str]
) -> q.Query:
    """Read a condition.

    Args:
        text: the condition.
        concepts: the names that stand for concepts.
        macros: the conditions that stand behind the other names.
        place: where in the pack a character of the condition stands, for messages.

    Raises:
        RuleError: with the place, and a suggestion for a name that is almost right.
    """
    return Parser(text, list(_tokens(text)), concepts, macros, place).parse()


class Parser:
    """One pass over the tokens; each method reads one line of the grammar."""

    def __init__(
        self,
        text: str,
        tokens: Sequence[Token],
        concepts: Collection[str],
        macros: Mapping[str, q.Query],
        place: Callable[[int], str],
    ) -> None:
        self._end = len(text.rstrip())
        self._tokens = tokens
        self._concepts = concepts
        self._macros = macros
        self._place = place
        self._next = 0
        self._depth = 0

    def parse(self) -> q.Query:
        """The whole condition. Raises RuleError."""
        query = self._any()
        if (token := self._peek()) is not None:
            raise self._unexpected(token)
        self._check_size(query)
        return query

    def _unexpected(self, token: Token) -> RuleError:
        if token.kind == "close":
            return self._error("this parenthesis was never opened", token, "remove it")
        remedy = "join conditions by AND or OR"
        if token.text.upper() in _CAPITALS and token.text not in _CAPITALS:
            remedy = f"write {token.text.upper()} in capitals"
        return self._error(f"did not expect {token.text!r} here", token, remedy)

    def _check_size(self, query: q.Query) -> None:
        """Refuse a condition that would take for ever, or exhaust the stack, once its macros are written out."""
        count, level = 0, [query]
        for _ in range(2 * _MAX_DEPTH):
            level = [inner for outer in level for inner in q.parts_of(outer)]
            count += len(level)
            if not level:
                return
            if count > _MAX_PARTS:
                break
        raise self._error(
            f"with its macros the condition has more than {_MAX_PARTS} parts or {2 * _MAX_DEPTH} levels",
            self._tokens[0],
            "divide it into several rules",
        )

    def _any(self) -> q.Query:
        parts = [self._all()]
        while self._take("word", "OR"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else q.AnyOf(tuple(parts))

    def _all(self) -> q.Query:
        parts = [self._one()]
        while self._take("word", "AND"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else q.AllOf(tuple(parts))

    def _one(self) -> q.Query:
        if self._take("word", "NOT"):
            return self._deeper(lambda: q.Not(self._one()))
        first = self._peek()
        query = self._atom()
        while (token := self._take("near")) is not None:
            distance = token.text.removeprefix("NEAR/")
            if not _DISTANCE.fullmatch(distance):
                raise self._error("NEAR/ takes a number of words from 1 to 99", token, "write it like NEAR/5")
            beside = self._peek()
            query = q.Near(query, self._atom(), int(distance))
            for part, begun in ((query.left, first), (query.right, beside)):
                if not q.is_point(part):
                    raise self._error(
                        "NEAR takes concepts and words, or an OR of them, on both sides",
                        begun,
                        "for whole conditions use SENTENCE(a, b)",
                    )
        return query

    def _atom(self) -> q.Query:  # noqa: PLR0911  one for each kind of atom
        token = self._peek()
        if token is None:
            raise self._error("the condition ends where a concept or word is expected", None, "complete it")
        self._next += 1
        match token.kind:
            case "open":
                query = self._deeper(self._any)
                self._expect_close(token)
                return query
            case "scope":
                return self._deeper(lambda: q.In(q.Scope(token.text), self._atom()))
            case "filter":
                return self._filter(token)
            case "term":
                return self._word(token)
            case "word" if token.text == "SENTENCE":
                return self._sentence(token)
            case "word" if token.text == "SUM":
                return self._sum(token)
            case "word" if token.text not in OPERATORS:
                return self._named(token)
            case "bad" if token.text in "\"“”„«»'’":
                raise self._error(
                    f"the quotation mark {token.text} begins nothing that ends",
                    token,
                    'write words like "arms deal*"',
                )
        raise self._error(
            f"expected a concept, a word in quotes or a parenthesis, not {token.text!r}",
            token,
            "an operator stands between two conditions" if token.text in OPERATORS else "remove it",
        )

    def _filter(self, token: Token) -> q.Query:
        kind, _, name = token.text.partition(":")
        if kind == "source":
            if not name:
                raise self._error("source: names no source", token, "write it like source:yonhap-en")
            return q.Source(name)
        if not is_language(name):
            meant = likely_language(name)
            remedy = f"did you mean lang:{meant}?" if meant else "write it like lang:de"
            raise self._error("lang: takes an ISO 639-1 code in small letters", token, remedy)
        return q.Language(name)

    def _sentence(self, token: Token) -> q.Query:
        return q.Sentence(tuple(self._listed(token, self._any)))

    def _sum(self, token: Token) -> q.Query:
        parts = tuple(self._listed(token, self._weighted))
        if self._take("least") is None or (number := self._take("number")) is None:
            raise self._error(
                "SUM is followed by what it must reach", token, "write it like SUM(2 arms, deal) >= 2"
            )
        least = self._weight(number)
        if least <= 0:
            raise self._error("what a SUM must reach is more than 0", number, "write it like >= 2")
        most = q.total(part.weight for part in parts if part.weight > 0)
        if most < least:
            raise self._error(
                f"this SUM never reaches {least:g}: its parts add up to {most:g}",
                number,
                "lower it, or raise weights",
            )
        return q.AtLeast(least, parts)

    def _weighted(self) -> q.Weighted:
        number = self._take("number")
        weight = 1.0 if number is None else self._weight(number)
        if weight == 0:
            raise self._error("a weight of 0 counts nothing", number, "remove the part")
        return q.Weighted(weight, self._any())

    def _weight(self, token: Token) -> float:
        if not _WEIGHT.fullmatch(token.text):
            raise self._error(
                "a weight has at most four digits before and three after the point", token, "round it"
            )
        return float(token.text)

    def _listed(self, token: Token, part: Callable[[], _Part]) -> list[_Part]:
        """Parts in parentheses, with commas between."""
        opened = self._take("open")
        if opened is None:
            raise self._error(
                f"{token.text} is followed by its parts in parentheses", token, f"write {token.text}(a, b)"
            )
        parts = [self._deeper(part)]
        while self._take("comma"):
            parts.append(self._deeper(part))
        self._expect_close(opened)
        return parts

    def _word(self, token: Token) -> q.Query:
        if not token.text.strip(" =*"):
            raise self._error("an empty word matches nothing", token, "write a word between the quotes")
        return q.Word(q.Term(token.text, where=self._place(token.start)))

    def _named(self, token: Token) -> q.Query:
        if token.text in self._macros:
            return q.Macro(token.text, self._macros[token.text])
        if token.text in self._concepts:
            return q.Named(token.text)
        if token.text.upper() in OPERATORS:
            remedy = f"write {token.text.upper()} in capitals"
        elif near := get_close_matches(token.text, [*self._concepts, *self._macros], n=1):
            remedy = f"did you mean {near[0]}?"
        else:
            remedy = 'define it under concepts, or put it in "quotes" as a word'
        raise self._error(f"there is no concept or macro named {token.text}", token, remedy)

    def _peek(self) -> Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _take(self, kind: str, text: str | None = None) -> Token | None:
        token = self._peek()
        if token is None or token.kind != kind or text not in {None, token.text}:
            return None
        self._next += 1
        return token

    def _expect_close(self, opened: Token) -> None:
        if self._take("close") is None:
            token = self._peek()
            if token is None:
                raise self._error("this parenthesis is never closed", opened, "add the missing )")
            raise self._error(
                f"expected AND, OR or ')' before {token.text!r}", token, "join conditions by AND or OR"
            )

    def _deeper(self, part: Callable[[], _Part]) -> _Part:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise self._error(
                f"nested more than {_MAX_DEPTH} levels deep", self._peek(), "divide it into macros"
            )
        inner = part()
        self._depth -= 1
        return inner

    def _error(self, message: str, token: Token | None, remedy: str) -> RuleError:
        return RuleError(message, where=self._place(token.start if token else self._end), remedy=remedy)


def _tokens(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        if match.lastgroup is not None:
            yield Token(match.lastgroup, match.group(match.lastgroup), match.start())
