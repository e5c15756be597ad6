"""How well a reader was served: what was heard, held against what the script expects."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.demo.script import DemoArticle, Expect, load

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one reader heard of the script.

    Attributes:
        told: developments that were heard of, in the order in which they broke.
        missed: developments that were not.
        updates: articles that brought something new to a known development, and were heard.
        updates_missed: those that were not heard.
        repeats: articles that were heard although they say nothing new.
        false_alarms: articles that were heard although they are not on topic, or are old.
        twice: articles that were heard more than once.
    """

    told: tuple[str, ...]
    missed: tuple[str, ...]
    updates: tuple[DemoArticle, ...]
    updates_missed: tuple[DemoArticle, ...]
    repeats: tuple[DemoArticle, ...]
    false_alarms: tuple[DemoArticle, ...]
    twice: tuple[DemoArticle, ...]

    @property
    def is_good(self) -> bool:
        """Every development was heard of, nothing off topic was, and nothing twice."""
        return not (self.missed or self.false_alarms or self.twice)


def judge(heard: Sequence[DemoArticle]) -> Verdict:
    """Judge the articles that messages told one reader about, in order of arrival.

    A copy that was read before the first report opens its development in its stead and is no repeat.
    """
    times = Counter(article.id for article in heard)
    once = tuple({article.id: article for article in heard}.values())
    opened = {article.development: article for article in reversed(once) if article.development}
    expected = [article.development for article in load() if article.expect is Expect.NEW]
    updates = [article for article in load() if article.expect is Expect.UPDATE]
    return Verdict(
        told=tuple(name for name in expected if name and name in opened),
        missed=tuple(name for name in expected if name and name not in opened),
        updates=tuple(article for article in updates if article.id in times),
        updates_missed=tuple(article for article in updates if article.id not in times),
        repeats=tuple(
            article
            for article in once
            if article.expect is Expect.REPEAT and opened.get(article.development or "") is not article
        ),
        false_alarms=tuple(a for a in once if a.expect in {Expect.NONE, Expect.BASELINE}),
        twice=tuple(article for article in once if times[article.id] > 1),
    )
