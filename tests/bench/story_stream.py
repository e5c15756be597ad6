"""An endless press: invented reports of many developments at once, out of a pack's own names and figures.

Developments are as unequal as real ones: few are reported a thousand times, most once or twice; few concepts are in
every text, most are rare. Each has some concepts and a figure, whatever the language of the report; a report has a
headline, a lead and filler, and every fourth is a copy of the story's agency text with another headline.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING

from monitor.core.stories import WINDOW
from monitor.core.topic import ConceptKind
from spiders.items import Article

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.core.topic import Pack

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
LENGTH = 2_400  # characters of a report
LANGUAGES = {
    "en": 8,
    "de": 3,
    "fr": 3,
    "es": 3,
    "it": 2,
    "pl": 2,
    "ru": 4,
    "uk": 3,
    "ko": 4,
    "ja": 3,
    "zh": 3,
}
LIFE = timedelta(days=1.5)  # how long a story is reported on average
COPIES = 0.25  # the share of reports that are copies of an agency text
FRESH = 0.3  # the share of what comes next that opens a development
TOPIC = ("dprk", "russia")  # stand in every report
_UNSPACED = {"ja", "zh", "ko"}


@dataclass(frozen=True)
class Development:
    """What its reports have in common."""

    number: int
    concepts: tuple[str, ...]
    unit: str
    figure: int
    begun: datetime


@dataclass(frozen=True)
class Report:
    """One text about a development, without its words: these are made when they are needed."""

    at: datetime
    story: int
    number: int  # its place among the reports of its story


class Press:
    """The same for the same numbers.

    Args:
        pack: gives the names.
        articles: reports within the window before `NOW`, roughly.
        stories: developments that began within it; a tenth of that began in the window before.
    """

    def __init__(self, pack: Pack, articles: int, stories: int) -> None:
        self._names = names_of(pack)
        chance = random.Random(1)
        self._ranked = [name for name, names in self._names.items() if name not in TOPIC and names]
        self._units = [name for name in self._ranked if pack.kind_of(name) is ConceptKind.UNIT]
        chance.shuffle(self._ranked)
        self._rarity = list(accumulate(1 / (rank + 3) for rank in range(len(self._ranked))))
        self._words = {language: _filler(language, chance) for language in LANGUAGES}
        older = stories // 10
        self.stories = [
            self._development(number, NOW - WINDOW * (chance.random() + (number >= stories)), chance)
            for number in range(stories + older)
        ]
        shares = [chance.paretovariate(1.1) for _ in self.stories]
        scale = (articles * 1.1 - len(shares)) / sum(shares)
        self._sizes = [1 + round(share * scale) for share in shares]

    def reports(self) -> list[Report]:
        """Every report up to now, in order of time."""
        chance = random.Random(2)
        found = []
        for story, size in zip(self.stories, self._sizes, strict=True):
            times = [story.begun, *(story.begun + LIFE * chance.expovariate(1) for _ in range(size - 1))]
            found += [Report(min(at, NOW), story.number, n) for n, at in enumerate(sorted(times))]
        return sorted(found, key=lambda one: (one.at, one.story, one.number))

    def probes(self, number: int, seed: int) -> Iterator[tuple[int | None, Article]]:
        """What is reported next: most of it about what the last day was about, some about something new (None)."""
        chance = random.Random(seed)
        recent = [self.stories[one.story] for one in self.reports() if one.at > NOW - timedelta(days=1)]
        for probe in range(number):
            place = seed * number + probe
            if chance.random() < FRESH:
                yield None, self.article(self._development(len(self.stories) + place, NOW, chance), 0, NOW)
            else:
                story = chance.choice(recent)
                yield story.number, self.article(story, 10_000 + place, NOW)

    def article(self, story: Development, number: int, at: datetime) -> Article:
        """The words of a report."""
        chance = random.Random(f"{story.number} {number}")
        copied = number > 0 and chance.random() < COPIES
        text = random.Random(f"{story.number} agency") if copied else chance
        (language,) = text.choices([*LANGUAGES], [*LANGUAGES.values()])
        title = self._sentence(story, language, chance, 3)
        lead = self._sentence(story, language, text, len(story.concepts))
        mark = " " if language in _UNSPACED else ". "
        body = [lead, self._sentence(story, language, text, 2)]
        length = LENGTH // 2 if language in _UNSPACED else LENGTH
        words = self._words[language]
        gap = "" if language in _UNSPACED else " "
        while sum(map(len, body)) < length:
            body.append(gap.join(text.choices(words, k=18)))
        return Article(f"press:{story.number}/{number}", title, mark.join(body), language, at)

    def _development(self, number: int, begun: datetime, chance: random.Random) -> Development:
        drawn = chance.choices(self._ranked, cum_weights=self._rarity, k=chance.randint(3, 8))
        figure = round(10 ** chance.uniform(1.7, 4.7), -1)
        return Development(
            number, tuple(dict.fromkeys(drawn)), chance.choice(self._units), int(figure), begun
        )

    def _sentence(self, story: Development, language: str, chance: random.Random, most: int) -> str:
        """The topic, some of the story's concepts and its figure, among words that say nothing."""
        named = [*TOPIC, *chance.sample(story.concepts, min(most, len(story.concepts)))]
        said = [self._name(one, language, chance) for one in named]
        said.append(f"{story.figure} {self._name(story.unit, language, chance)}")
        words = self._words[language]
        gap = "" if language in _UNSPACED else " "
        return gap.join(piece for one in said for piece in (one, chance.choice(words), chance.choice(words)))

    def _name(self, concept: str, language: str, chance: random.Random) -> str:
        names = self._names[concept]
        return chance.choice(names.get(language) or names.get("en") or next(iter(names.values())))


def names_of(pack: Pack) -> dict[str, dict[str, list[str]]]:
    """The names of each concept by language, with the pack's marks for other forms taken off."""
    found: dict[str, dict[str, list[str]]] = {}
    for concept in pack.concepts.values():
        by_language = found.setdefault(concept.name, defaultdict(list))
        for term in concept.terms:
            plain = re.sub(r"\{([^|}]*)[^}]*\}", r"\1", term.text)
            by_language[term.language].append(plain.replace("*", "").lstrip("="))
    return found


def _filler(language: str, chance: random.Random) -> list[str]:
    """Words that are in no language."""
    if language in _UNSPACED:
        first, last = {"ko": (0xAC00, 0xD7A3), "ja": (0x3041, 0x3093), "zh": (0x4E00, 0x9FA5)}[language]
        return [
            "".join(chr(chance.randint(first, last)) for _ in range(chance.randint(2, 4)))
            for _ in range(2000)
        ]
    letters = "абвгдежзиклмнопрстуф" if language in {"ru", "uk"} else "abdefghiklmnoprstuvwz"
    return ["".join(chance.choices(letters, k=chance.randint(3, 10))) for _ in range(3000)]
