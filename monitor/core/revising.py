"""What does a page say differently from the version that was told?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.core.statements import Evidence, Fact, FactKind, Field, Newness, Novelty
from monitor.core.text import fold_text

if TYPE_CHECKING:
    from monitor.core.sources.revisiting import Page
    from spiders.items import Article

_SAME_TITLE = 0.5  # share of the words that two versions of a headline have in common if they say the same
_HEADLINE = "headline"  # the concept of a statement that is a headline: no pack names it


def changes(article: Article, page: Page) -> tuple[Novelty, ...]:
    """The headline, if it says something else now, and was not told before.

    Its figures are compared like those of any other article that follows (see `novelty`); a headline of which most
    words stayed was only polished. Some outlets try several headlines in turn: each is told once.
    """
    if not article.title:
        return ()
    pieces = _pieces(article.title)
    if any(_alike(pieces, _pieces(title)) for title in (page.title, *page.headlines)):
        return ()
    evidence = Evidence(Field.TITLE, 0, len(article.title), article.title, _HEADLINE)
    fact = Fact(FactKind.TITLE, _HEADLINE, None, evidence, at=article.published)
    return (Novelty(fact, kind=Newness.CHANGED, instead=page.title),)


def _alike(one: set[str], two: set[str]) -> bool:
    """Whether half of the pieces of two titles stayed."""
    return len(one & two) >= _SAME_TITLE * len(one | two)


def _pieces(title: str) -> set[str]:
    folded = "".join(char if char.isalnum() else " " for char in fold_text(title))
    return {word[i : i + 3] for word in folded.split() for i in range(max(1, len(word) - 2))}
