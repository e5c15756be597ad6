"""Reading what somebody asks the history: the language of rules, and more than that.

Words need no quotes, words side by side must all be there, and `after:`, `before:` and `story:` limit the whole.
A word without quotes is found in its forms; where it is a name that a topic pack knows, the other names are found as
well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from monitor.core import query as q
from monitor.core.grammar import OPERATORS, Parser, Token
from monitor.core.searching.forms import possible_forms
from monitor.core.searching.limits import LIMITS, Limits, within
from monitor.core.text import LETTER, fold_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from monitor.core.searching.names import Names
    from monitor.core.topic import Concept

    Standing = Callable[[Collection[str]], Collection[str]]
    """Those of some folded words that stand in the history."""

_TOKEN = re.compile(
    r"""\s+ | (?P<open>\() | (?P<close>\)) | ["“”„](?P<term>[^"“”„\n]*)["“”] | «(?P<inner>[^»\n]*)»
      | (?P<near>NEAR/\w*) | (?P<scope>(?:title|lead|body)): | (?P<filter>(?:lang|source):[\w-]*)
      | (?P<limit>(?:after|before|story):[^\s()"“”„«»,]*) | (?P<least>>=)
      | (?P<number>-?\d+(?:\.\d+)?(?=[\s()]|,(?!\d{3})|\Z)) | (?P<minus>(?<![^\s(])-(?=[^\W_]|["“„«=(]))
      | (?P<word>(?:[^\s()"“”„«»,]|(?<=\d),(?=\d{3}))+) | (?P<comma>,) | (?P<bad>.)""",
    re.VERBOSE | re.DOTALL,
)
_FIELDS = ("title", "lead", "body", "lang", "source", *LIMITS)
_FIELD = re.compile(r"([a-z]{3,}):", re.ASCII)
_LAST_RUN = re.compile(f"{LETTER}+\\Z")
_SMALL = frozenset({"and", "or", "not"})
_LONGEST_NAME = 6  # words
_MOST_FORMS = 150


@dataclass(frozen=True, slots=True)
class Also:
    """What is found beside the words that were typed, as they are a name of a concept.

    Attributes:
        typed: the words.
        concept: the key of the concept.
        names: some of its other names, as packs write them, of as many languages as possible.
    """

    typed: str
    concept: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody wants to find.

    Attributes:
        query: the condition; None if only limits are given.
        limits: which articles are asked.
        concepts: those that the condition names, by key.
        also: what is found beside the words that were typed.
    """

    query: q.Query | None
    limits: Limits = Limits()
    concepts: Mapping[str, Concept] = field(default_factory=dict)
    also: tuple[Also, ...] = ()


def read_question(text: str, names: Names, standing: Standing, now: datetime) -> Question:
    """Read what somebody typed.

    Args:
        text: what was typed.
        names: the names that topic packs know.
        standing: says which of some words stand in the history.
        now: what `30d` counts from.

    Raises:
        RuleError: it cannot be read; the place names the column.
    """
    parser = _Parser(text, list(_tokens(text)), names, standing, now)
    query = parser.parse_all()
    used = dict.fromkeys(q.concepts(query)) if query else ()
    return Question(query, parser.limits, {key: names.concepts[key] for key in used}, tuple(parser.also))


class _Parser(Parser):
    def __init__(
        self, text: str, tokens: Sequence[Token], names: Names, standing: Standing, now: datetime
    ) -> None:
        super().__init__(text, tokens, names.concepts, names.macros, lambda at: f"column {at + 1}")
        self._names = names
        self._standing = standing
        self._now = now
        self.limits = Limits()
        self.also: list[Also] = []

    def parse_all(self) -> q.Query | None:
        self._tokens = list(self._without_limits())
        return self.parse() if self._tokens else None

    def _without_limits(self) -> Iterator[Token]:
        """The other tokens. A limit holds for the whole: it stands in no parentheses and beside no OR or NOT."""
        tokens, depth = self._tokens, 0
        for number, token in enumerate(tokens):
            depth += (token.kind == "open") - (token.kind == "close")
            around = {one.text for one in tokens[max(0, number - 1) : number + 2] if one.kind == "word"}
            if token.kind != "limit":
                beside = {one.kind for one in tokens[max(0, number - 1) : number + 2]}
                if token.text != "AND" or "limit" not in beside:
                    yield token
                continue
            if depth or around & {"OR", "NOT"}:
                raise self._error(
                    f"{token.text} limits the whole search", token, "put it behind everything else"
                )
            self._limit(token)

    def _limit(self, token: Token) -> None:
        name, _, value = token.text.partition(":")
        limits = within(self.limits, name, value, self._now)
        if limits is None:
            example = "story:12" if name == "story" else f"{name}:2026-11-01 or {name}:30d"
            what = "the number of a story" if name == "story" else "a day, or a number of days before now"
            raise self._error(f"{name}: takes {what}", token, f"write it like {example}")
        self.limits = limits

    def _all(self) -> q.Query:
        parts = [self._one()]
        while self._take("word", "AND") or self._goes_on():
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else q.AllOf(tuple(parts))

    def _goes_on(self) -> bool:
        """Whether another condition stands right beside the last one."""
        token = self._peek()
        if token is None or token.kind in {"close", "comma", "least", "bad"}:
            return False
        return (token.kind, token.text) != ("word", "OR")

    def _atom(self) -> q.Query:
        token = self._peek()
        if token is not None and token.kind == "number":
            self._next += 1
            return self._named(token)
        return super()._atom()

    def _named(self, token: Token) -> q.Query:
        if token.text in _SMALL:
            raise self._error(
                f"{token.text} between words is no operator",
                token,
                f'write {token.text.upper()} in capitals, or "{token.text}" to find the word',
            )
        if (known := _FIELD.match(token.text)) and known.group(1) not in _FIELDS:
            self._check_field(known.group(1), token)
        following = self._following()
        for count in range(min(len(following), _LONGEST_NAME - 1), -1, -1):
            if not count and token.text in self._macros:
                return super()._named(token)
            if not count and token.text in self._concepts:
                return self._with_names(token.text, (token.text,), token)
            typed = " ".join([token.text, *following[:count]])
            if keys := self._names.named(typed):
                self._next += count
                return self._with_names(typed, keys, token)
        return self._forms(token)

    def _check_field(self, name: str, token: Token) -> None:
        if near := get_close_matches(name, _FIELDS, n=1, cutoff=0.75):
            raise self._error(f"nothing is asked by {name}:", token, f"did you mean {near[0]}:?")

    def _following(self) -> list[str]:
        """The words without quotes that stand behind the one that was taken."""
        found = []
        for token in self._tokens[self._next : self._next + _LONGEST_NAME]:
            if token.kind not in {"word", "number"} or token.text in OPERATORS:
                break
            found.append(token.text)
        return found

    def _with_names(self, typed: str, keys: Sequence[str], token: Token) -> q.Query:
        """The concepts that the words name, and the words themselves."""
        itself = self._forms(replace(token, text=typed))
        self.also += [Also(typed, key, _other_names(self._names.concepts[key], typed)) for key in keys]
        return q.AnyOf((*map(q.Named, keys), itself))

    def _forms(self, token: Token) -> q.Query:
        """The word in all of its forms that stand in the history. What begins by `=` or ends in `*` means itself."""
        text = token.text
        run = _LAST_RUN.search(fold_text(text))
        if text.startswith("=") or text.endswith("*") or not run:
            return self._word(token)
        whole = fold_text(text)
        forms = sorted(set(self._standing(possible_forms(run.group()))) - {run.group()}, key=len)[
            :_MOST_FORMS
        ]
        if not forms:
            return self._word(token)
        endings = "|".join((run.group(), *forms))
        return self._word(replace(token, text=f"{whole[: run.start()]}{{{endings}}}"))


def _other_names(concept: Concept, typed: str) -> tuple[str, ...]:
    """A name in each language, other than the one that was typed."""
    said = fold_text(typed)
    found: dict[str, str] = {}
    for term in concept.terms:
        name = term.text.removeprefix("=")
        if term.language not in found and fold_text(name.replace("*", "")) not in said:
            found[term.language] = name
    return tuple(dict.fromkeys(found.values()))


def _tokens(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "minus":
            yield Token("word", "NOT", match.start())
        elif kind is not None:
            yield Token("term" if kind == "inner" else kind, match.group(kind), match.start())
