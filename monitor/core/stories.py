"""Which development does an article report?

A development is recognised by what its articles state, in any language: concepts of the pack and figures, weighed by
how rare they are among the open stories (cosine of idf-weighted signatures), and by near-copies of its texts
(containment of sampled character shingles; A. Broder, "On the resemblance and containment of documents", 1997).
"""

from __future__ import annotations

import math
import zlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.core.models import FactKind, Field
from monitor.core.text import fold_text, is_unspaced

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from monitor.core.matching import Reading
    from monitor.core.models import Fact
    from monitor.core.topic import Pack

WINDOW = timedelta(days=14)
"""How long a story stays open after its last article."""

_SIMILAR = 0.4  # cosine from which two signatures report the same development
_COPY = 0.5  # share of a text's shingles from which it is a copy
_SHINGLE, _SHINGLE_UNSPACED = 9, 4  # characters
_SAMPLE = 8  # one shingle in so many is kept
_TITLE_WEIGHT = 2.0  # a title says what the article is about
_SMALLEST_FIGURE = 50  # smaller numbers are shared by too many developments


@dataclass(frozen=True, slots=True)
class Signature:
    """What identifies an article among developments: weighted features, and a sample of its shingles."""

    features: Mapping[str, float]
    shingles: frozenset[int]


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an article belongs: `story` None opens a new one. `is_copy` says that its text is known."""

    story: int | None
    similarity: float
    is_copy: bool


@dataclass(slots=True)
class Story:
    """An open story: the sum of its articles, kept in memory."""

    id: int
    pack: str
    last: datetime
    articles: int = 0
    features: Counter[str] = field(default_factory=Counter)
    shingles: list[frozenset[int]] = field(default_factory=list)
    told: dict[str, list[Fact]] = field(default_factory=dict)


def sign(reading: Reading, facts: Sequence[Fact], pack: Pack) -> Signature:
    """The signature of an article."""
    features: dict[str, float] = {}
    for hit in reading.hits:
        concept = pack.concepts.get(hit.key)
        if concept is not None:
            weight = concept.weight * (_TITLE_WEIGHT if hit.field is Field.TITLE else 1.0)
            features[hit.key] = max(features.get(hit.key, 0.0), weight)
    for fact in facts:
        if fact.kind is FactKind.FIGURE and fact.value and fact.value >= _SMALLEST_FIGURE:
            features[f"{fact.concept}={fact.value:.2g}"] = 1.0
    return Signature(features, _shingles(reading.article.text or reading.article.title))


class StoryBook:
    """The open stories. It is a fold over the relevant articles in the order in which they were taken in."""

    def __init__(self) -> None:
        self._stories: dict[int, Story] = {}
        self._seen_in: Counter[str] = Counter()

    def place(self, pack: str, signature: Signature, at: datetime) -> Placement:
        """The open story that the article belongs to."""
        best = Placement(None, 0.0, is_copy=False)
        for story in self._stories.values():
            if story.pack != pack or abs(at - story.last) > WINDOW:
                continue
            copied = max((_contained(signature.shingles, known) for known in story.shingles), default=0.0)
            alike = max(self._cosine(signature, story), copied if copied >= _COPY else 0.0)
            if alike >= _SIMILAR and alike > best.similarity:
                best = Placement(story.id, alike, is_copy=copied >= _COPY)
        return best

    def add(
        self,
        story: int,
        pack: str,
        signature: Signature,
        facts: Sequence[Fact],
        at: datetime,
        told: Iterable[str] = (),
    ) -> None:
        """Take in an article of the story, about which the named channels were told."""
        known = self._stories.setdefault(story, Story(story, pack, at))
        known.last = max(known.last, at)
        known.articles += 1
        self._seen_in.update(key for key in signature.features if key not in known.features)
        known.features.update(signature.features)
        known.shingles.append(signature.shingles)
        for channel in told:
            known.told.setdefault(channel, []).extend(facts)

    def told(self, story: int | None, channel: str) -> tuple[Fact, ...] | None:
        """What the channel knows about the story; None if it has never heard of it."""
        known = self._stories.get(story) if story is not None else None
        facts = known.told.get(channel) if known else None
        return None if facts is None else tuple(facts)

    def forget(self, before: datetime) -> None:
        """Close the stories whose last article is older."""
        for story in [story for story in self._stories.values() if story.last < before]:
            self._seen_in.subtract(story.features.keys())
            del self._stories[story.id]

    def _cosine(self, signature: Signature, story: Story) -> float:
        mean = {key: value / story.articles for key, value in story.features.items()}
        shared = sum(
            self._rarity(key) ** 2 * value * mean[key]
            for key, value in signature.features.items()
            if key in mean
        )
        norms = self._norm(signature.features) * self._norm(mean)
        return shared / norms if norms else 0.0

    def _norm(self, features: Mapping[str, float]) -> float:
        return math.sqrt(sum((self._rarity(key) * value) ** 2 for key, value in features.items()))

    def _rarity(self, key: str) -> float:
        """Inverse document frequency over stories, smoothed so that a young book does not jump."""
        return math.log(1 + (len(self._stories) + 20) / (self._seen_in[key] + 1))


def _shingles(text: str) -> frozenset[int]:
    folded = " ".join(fold_text(text).split())
    size = _SHINGLE_UNSPACED if is_unspaced(folded[:200]) else _SHINGLE
    hashes = (zlib.crc32(folded[i : i + size].encode()) for i in range(max(1, len(folded) - size + 1)))
    return frozenset(value for value in hashes if value % _SAMPLE == 0)


def _contained(shingles: frozenset[int], known: frozenset[int]) -> float:
    """The share of the smaller text that stands in the other."""
    smaller = min(len(shingles), len(known))
    return len(shingles & known) / smaller if smaller else 0.0
