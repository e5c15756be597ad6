"""Reports of invented developments over a long time, out of a pack's own names and figures.

Developments are as unequal as real ones. Each has some concepts and a figure that grows while it is reported, in any
language; every fourth report is a copy of the story's agency text with another headline. Some pages say more when
they are read again.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from typing import TYPE_CHECKING

from monitor.core.topic import ConceptKind
from tests.bench.generated_words import SHARES, UNSPACED
from tests.bench.story_stream import COPIES, LIFE, TOPIC, names_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from monitor.core.topic import Pack
    from tests.bench.generated_words import Vocabulary

_REPORTS = 6  # of a development, on average
_LONGEST = 400  # reports of a development
_GROWS = 5  # reports, after which its figure is another one
_REVISED = 0.1  # of the pages say more later
_LATER = timedelta(hours=3)
_BODY = 420  # characters of a report beneath its lead


@dataclass(frozen=True)
class Development:
    """What its reports have in common."""

    number: int
    concepts: tuple[str, ...]
    unit: str
    figure: int


@dataclass(frozen=True, order=True)
class Report:
    """One text about a development, without its words: these are made when they are needed.

    `version` is 2 for a page that is read again and says more.
    """

    at: datetime
    story: int
    number: int
    version: int = 1


class Topic:
    """The same for the same numbers.

    Args:
        pack: gives the names.
        vocabularies: the words around them, by language.
        articles: how many reports there are, later versions of pages not counted.
        begin: when the first development begins.
        lasts: after which there are no more reports.
    """

    def __init__(
        self,
        pack: Pack,
        vocabularies: Mapping[str, Vocabulary],
        articles: int,
        begin: datetime,
        lasts: timedelta,
    ) -> None:
        self._articles, self._begin, self._lasts = articles, begin, lasts
        self._words = vocabularies
        self._names = names_of(pack)
        chance = random.Random(11)
        ranked = [name for name, names in self._names.items() if name not in TOPIC and names]
        units = [name for name in ranked if pack.kind_of(name) is ConceptKind.UNIT]
        chance.shuffle(ranked)
        rarity = list(accumulate(1 / (rank + 3) for rank in range(len(ranked))))
        self._stories = [
            Development(
                number,
                tuple(dict.fromkeys(chance.choices(ranked, cum_weights=rarity, k=chance.randint(3, 8)))),
                chance.choice(units),
                round(10 ** chance.uniform(1.7, 4.3)),
            )
            for number in range(max(1, articles // _REPORTS))
        ]

    def reports(self) -> list[Report]:
        """Every report, in order of time."""
        chance = random.Random(12)
        shares = [min(chance.paretovariate(1.1), 60.0) for _ in self._stories]
        scale = self._articles / sum(shares)
        found: list[Report] = []
        for story, share in zip(self._stories, shares, strict=True):
            begun = self._begin + self._lasts * chance.random()
            times = [begun + LIFE * chance.expovariate(1) for _ in range(min(_LONGEST, round(share * scale)))]
            found += [Report(at, story.number, number) for number, at in enumerate(sorted((begun, *times)))]
            found += [
                Report(one.at + _LATER * (1 + chance.random()), one.story, one.number, 2)
                for one in found[-len(times) - 1 :]
                if chance.random() < _REVISED
            ]
        return sorted(one for one in found if one.at < self._begin + self._lasts)

    def language(self, report: Report) -> str:
        """In which it is written."""
        return self._drawn(self._text_chance(report))

    def write(self, report: Report) -> tuple[str, str]:
        """Its title and text."""
        story, chance, text = self._stories[report.story], self._chance(report), self._text_chance(report)
        language = self._drawn(text)
        title = self._said(story, report, language, chance, 3)
        lead = self._said(story, report, language, text, len(story.concepts))
        body = [lead, *self._filling(language, text)]
        if report.version > 1:
            body.append(self._said(story, report, language, random.Random(f"{report}"), 4))
        return title, ("。" if language in UNSPACED else ". ").join(body)

    def _drawn(self, text: random.Random) -> str:
        """What is drawn first: a copy has the language of its agency text."""
        return text.choices([*SHARES], [*SHARES.values()])[0]

    def _chance(self, report: Report) -> random.Random:
        return random.Random(f"{report.story} {report.number}")

    def _text_chance(self, report: Report) -> random.Random:
        """The same for all copies of the agency text."""
        chance = self._chance(report)
        is_copy = report.number > 0 and chance.random() < COPIES
        return random.Random(f"{report.story} agency") if is_copy else chance

    def _filling(self, language: str, text: random.Random) -> Iterator[str]:
        length = 0
        while length < _BODY:
            sentence = self._words[language].title(text)
            length += len(sentence)
            yield sentence

    def _said(
        self, story: Development, report: Report, language: str, chance: random.Random, most: int
    ) -> str:
        """The topic, some of the story's concepts and its figure, among words that say nothing."""
        named = [*TOPIC, *chance.sample(story.concepts, min(most, len(story.concepts)))]
        figure = int(round(story.figure * (1 + 0.2 * (report.number // _GROWS)), -1))
        said = [*(self._name(one, language, chance) for one in named)]
        said.append(f"{figure} {self._name(story.unit, language, chance)}")
        gap = "" if language in UNSPACED else " "
        return gap.join(piece for one in said for piece in (one, *self._words[language].between(chance)))

    def _name(self, concept: str, language: str, chance: random.Random) -> str:
        names = self._names[concept]
        return chance.choice(names.get(language) or names.get("en") or next(iter(names.values())))
