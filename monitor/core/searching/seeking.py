"""Does an article answer a question, and by which words?"""

from __future__ import annotations

from functools import lru_cache
from math import log2
from typing import TYPE_CHECKING

from monitor.core.conditions import satisfy
from monitor.core.matching import Matcher
from monitor.core.statements import Field
from monitor.core.topic import Concept, ConceptKind, Pack, Rule, Severity

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.core import query as q
    from monitor.core.reading import Hit, Origin
    from monitor.core.searching.asking import Question
    from spiders.items import Article

    Hits = tuple[Hit, ...]

_RECENT = 30.0  # days after which an article counts half as recent


class Seeker:
    """Reads articles for one question, as the rules of a pack read them."""

    def __init__(self, question: Question) -> None:
        self.question = question
        named = tuple((key, concept.terms) for key, concept in question.concepts.items())
        self._matcher = _matcher(question.query, named)

    def hits(self, article: Article, origin: Origin) -> Hits | None:
        """The words by which the article answers, in order of place; None if it does not."""
        if self.question.query is None:
            return ()
        (reading,) = self._matcher.read(article, origin)
        return satisfy(self.question.query, reading.view)


# A concept has hundreds of names, and an answer has pages.
@lru_cache(maxsize=32)
def _matcher(query: q.Query | None, named: tuple[tuple[str, tuple[q.Term, ...]], ...]) -> Matcher:
    concepts = {key: Concept(key, ConceptKind.SUBJECT, {"en": key}, terms) for key, terms in named}
    rules = () if query is None else (Rule("search", {"en": "search"}, query, "", Severity.LOW),)
    return Matcher([Pack("search", {"en": "search"}, "", concepts, rules)])


def score(hits: Hits, article: Article, read_at: datetime, newest: datetime) -> float:
    """How well an article answers: how much of what was asked stands in it and in its title, how often, how lately.

    Args:
        hits: the words by which it answers.
        article: it.
        read_at: when it was read.
        newest: when the newest of the compared articles was read.
    """
    keys = {hit.key for hit in hits}
    titled = {hit.key for hit in hits if hit.field is Field.TITLE}
    often = min(log2(1 + len(hits)), 4) / (1 + len(article.text) / 4000)
    days = max((newest - read_at).total_seconds(), 0) / 86_400
    return len(keys) + 2 * len(titled) + often + 2 / (1 + days / _RECENT)
