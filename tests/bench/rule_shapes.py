"""Many rules of the shapes that people write, over words of given texts, and how a naive program would match them."""

from __future__ import annotations

import random
import re
from collections import Counter

from monitor.core import query as q
from monitor.core.grammar import parse
from monitor.core.text import fold_text, is_unspaced
from monitor.core.topic import Pack, Rule

RARE = 0.85  # the share of terms that hardly any text holds
NAMES = 6  # a thing has as many names at most: its languages and its synonyms
_SHAPES = (
    # (share, condition over a, b, c)
    (40, "{a} AND {b}"),
    (20, "{a} AND {b} AND {c}"),
    (15, "{a} NEAR/8 {b}"),
    (15, "SENTENCE({a}, {b})"),
    (10, "{a} AND {b} AND NOT {c}"),
)
_WORD = re.compile(r"[^\W\d_]{4,}")


def vocabulary(texts):
    """Words of the texts by how many of them hold each: the common and the rare."""
    held = Counter(
        word
        for text in texts
        for word in sorted(set(_WORD.findall(fold_text(text))))
        if not is_unspaced(word)
    )
    common = [word for word, count in held.most_common(600)][100:]  # the first hundred say nothing
    rare = sorted(word for word, count in held.items() if count <= 2)
    return common, rare


def rules_of(number, texts, seed=1):
    """A pack of so many rules. Terms are words in quotes; the seed makes it the same each time."""
    chance = random.Random(seed)
    common, rare = vocabulary(texts)

    def rare_word():
        found = chance.choice(rare)
        # half of them occur in a text or two, half in none at all
        return found if chance.random() < 0.5 else found + chance.choice(rare)[-4:]

    def names():
        """One thing with its names, which are rare or common together."""
        word = rare_word if chance.random() < RARE else lambda: chance.choice(common)
        return "(" + " OR ".join(f'"{word()}"' for _ in range(chance.randint(1, NAMES))) + ")"

    shapes = chance.choices([shape for _, shape in _SHAPES], [share for share, _ in _SHAPES], k=number)
    rules = []
    for count, shape in enumerate(shapes):
        text = shape.format(a=names(), b=names(), c=names())
        rules.append(Rule(f"r{count}", {"en": f"r{count}"}, parse(text, (), {}, str), text))
    return Pack(f"rules-{number}", {"en": "bench"}, "0", {}, tuple(rules))


class Naive:
    """One regular expression for each term, tried rule by rule: what a first version usually does."""

    def __init__(self, pack):
        self._terms = {
            name: [re.compile(_naive(term.text), re.IGNORECASE) for term in concept.terms]
            for name, concept in pack.concepts.items()
        }
        self._words = {}
        self._rules = [rule.query for rule in pack.rules]
        for query in self._rules:
            for term in q.words(query):
                self._words.setdefault(term.text, re.compile(_naive(term.text), re.IGNORECASE))

    def matches(self, text):
        """How many rules hold, distances and sentences left out (which only makes it faster)."""
        return sum(self._holds(query, text) for query in self._rules)

    def _holds(self, query, text):
        match query:
            case q.Named(name):
                return any(pattern.search(text) for pattern in self._terms[name])
            case q.Word(term):
                return self._words[term.text].search(text) is not None
            case q.AnyOf(parts):
                return any(self._holds(part, text) for part in parts)
            case q.Not(part):
                return not self._holds(part, text)
            case q.Language() | q.Source():
                return True
            case _:
                return all(self._holds(part, text) for part in q.parts_of(query))


def _naive(term):
    """The term as a person would write it as a regular expression."""
    shape = re.escape(term.removeprefix("=").strip())
    for sign, pattern in ((r"\{", "(?:"), (r"\}", ")"), (r"\|", "|"), (r"\*", r"\w*"), (r"\ ", r"[\s\-]+")):
        shape = shape.replace(sign, pattern)
    return shape if is_unspaced(term) else rf"\b{shape}\b"
