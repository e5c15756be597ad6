"""What a pack found in the stored articles, counted."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from monitor.core.matching import Matcher
from monitor.core.terms import TermFinder

if TYPE_CHECKING:
    from monitor.core.query import Term
    from monitor.core.reading import Reading
    from monitor.core.topic import Pack

_WORD = re.compile(r"[^\W\d_]{2,40}")


class Tally:
    """Counts, article by article, what a pack does on a history.

    Attributes:
        articles: how many were counted.
        languages: how many are in each language; an empty code where it is not known.
        words: how often each word stands, by language.
        terms: in how many articles each name counted, by concept and name.
        rules: the articles on which each rule fired, by the numbers given.
    """

    def __init__(self, pack: Pack) -> None:
        self.articles = 0
        self.languages: Counter[str] = Counter()
        self.words: dict[str, Counter[str]] = defaultdict(Counter)
        self.terms: Counter[tuple[str, Term]] = Counter()
        self.rules: dict[str, set[int]] = {rule.name: set() for rule in pack.rules}
        self._matcher = Matcher([pack])
        self._owned = [(concept.name, term) for concept in pack.concepts.values() for term in concept.terms]
        self._finder = TermFinder((number, term) for number, (_, term) in enumerate(self._owned))

    def add(self, number: int, reading: Reading) -> None:
        """Count what the pack read in an article; each article has a number of its own."""
        article = reading.article
        self.articles += 1
        self.languages[article.language or ""] += 1
        self.words[article.language or ""].update(_WORD.findall(f"{article.title}\n{article.text}".lower()))
        stood = {number for text in reading.folded.values() for number in self._finder.find(text)}
        for name, term in (self._owned[one] for one in stood):
            if not term.only or article.language is None or article.language in term.only:
                self.terms[name, term] += 1
        for match in self._matcher.matches([reading]):
            self.rules[match.rule].add(number)
