"""Which development does an article report?

A development is recognised by what its articles state, in any language: concepts of the pack and figures, weighed by
how rare they are among the open stories (cosine of idf-weighted signatures), and by near-copies of its texts
(containment of sampled character shingles; A. Broder, "On the resemblance and containment of documents", 1997).
"""

from __future__ import annotations

import math
import zlib
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from monitor.core.models import FactKind, Field
from monitor.core.text import fold_text, is_unspaced
from monitor.core.topic import ConceptKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from monitor.core.models import Fact
    from monitor.core.reading import Reading
    from monitor.core.topic import Pack

WINDOW = timedelta(days=14)
"""How long a story stays open after its last article."""

# Chosen on the demonstration's articles and on labelled news of twelve languages; the result is flat around them.
_SIMILAR = 0.25  # similarity from which two articles report the same development
_FADING = timedelta(days=6)  # after this time a similarity counts 1/e
_LEAD = 130  # characters of the body that count: what an article reports, rather than what led to it
_FIGURE_LEAD = 300  # the same for figures, which stand a little later
_TITLE_WEIGHT = 1.1
_FIGURE_WEIGHT = 0.5
_REPEATED = 0.5  # how much a concept gains by being named again (times the logarithm of the count)
_SMALLEST_FIGURE = 50  # smaller numbers are shared by too many developments
_YOUNG = 10  # articles by which a young book is taken to be older, so that rarity does not jump
_MEMBERS = 12  # the latest articles of a story that a new one is compared with

_COPY = 0.5  # share of a text's shingles from which it is a copy
_SHINGLE, _SHINGLE_UNSPACED = 9, 4  # characters
_SAMPLE = 8  # one shingle in so many is kept
_FEWEST = 12  # kept shingles below which a text is too short to be called a copy


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


@dataclass(frozen=True, slots=True)
class _Member:
    """An article of an open story."""

    signature: Signature
    at: datetime


@dataclass(slots=True)
class _Story:
    """An open story, kept in memory."""

    id: int
    pack: str
    last: datetime
    members: deque[_Member] = field(default_factory=lambda: deque(maxlen=_MEMBERS))
    told: dict[str, list[Fact]] = field(default_factory=dict)


def sign(reading: Reading, facts: Sequence[Fact], pack: Pack) -> Signature:
    """The signature of an article."""
    features: dict[str, float] = {}
    counts: Counter[str] = Counter()
    for hit in reading.hits:
        concept = pack.concepts.get(hit.key)
        in_title = hit.field is Field.TITLE
        if concept is None or concept.kind is ConceptKind.STANCE or not (in_title or hit.start < _LEAD):
            continue
        counts[hit.key] += 1
        features[hit.key] = max(
            features.get(hit.key, 0.0), concept.weight * (_TITLE_WEIGHT if in_title else 1.0)
        )
    features = {key: weight * (1 + _REPEATED * math.log(counts[key])) for key, weight in features.items()}
    for fact in facts:
        leads = fact.evidence.field is Field.TITLE or fact.evidence.start < _FIGURE_LEAD
        if fact.kind is FactKind.FIGURE and fact.value and fact.value >= _SMALLEST_FIGURE and leads:
            features[f"{fact.concept}={fact.value:.2g}"] = _FIGURE_WEIGHT
    return Signature(features, _shingles(reading.article.text or reading.article.title))


class StoryBook:
    """The open stories. It is a fold over the relevant articles in the order in which they were taken in."""

    def __init__(self) -> None:
        self._stories: dict[int, _Story] = {}
        self._articles = 0
        self._articles_with: Counter[str] = Counter()

    def place(self, pack: str, signature: Signature, at: datetime) -> Placement:
        """The open story that the article belongs to."""
        compare = _Comparison(signature, self._rarity)
        best = Placement(None, 0.0, is_copy=False)
        for story in self._stories.values():
            if story.pack != pack or abs(at - story.last) > WINDOW:
                continue
            alike, copied = compare.with_story(story, at)
            if alike >= _SIMILAR and alike > best.similarity:
                best = Placement(story.id, alike, is_copy=copied)
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
        known = self._stories.setdefault(story, _Story(story, pack, at))
        known.last = max(known.last, at)
        known.members.append(_Member(signature, at))
        self._articles += 1
        self._articles_with.update(signature.features.keys())
        for channel in told:
            known.told.setdefault(channel, []).extend(facts)

    def told(self, story: int | None, channel: str) -> tuple[Fact, ...] | None:
        """What the channel knows about the story; None if it has never heard of it."""
        known = self._stories.get(story) if story is not None else None
        facts = known.told.get(channel) if known else None
        return None if facts is None else tuple(facts)

    def forget(self, before: datetime) -> None:
        """Close the stories whose last article is older. How common concepts are stays known."""
        self._stories = {story.id: story for story in self._stories.values() if story.last >= before}

    def _rarity(self, key: str) -> float:
        """Inverse document frequency among the articles taken in."""
        return max(0.05, math.log((self._articles + _YOUNG) / (self._articles_with[key] + 1)))


class _Comparison:
    """One article held against the open stories; what concerns the article alone is worked out once."""

    def __init__(self, signature: Signature, rarity: Callable[[str], float]) -> None:
        self._signature = signature
        self._rarity = cache(rarity)
        self._weights = {key: self._rarity(key) ** 2 * value for key, value in signature.features.items()}
        self._norm = self._norm_of(signature.features)

    def with_story(self, story: _Story, at: datetime) -> tuple[float, bool]:
        """How alike they are, and whether the article is a copy of one of the story's.

        The two nearest articles of the story count: a single one could be a stray.
        """
        alike, nearest = [], 0.0
        for member in story.members:
            fading = math.exp(-(abs(at - member.at) / _FADING))
            alike.append(self._cosine(member.signature.features) * fading)
            nearest = max(nearest, _contained(self._signature.shingles, member.signature.shingles))
        two = sorted(alike)[-2:]
        mean = sum(two) / len(two)
        return max(mean, nearest) if nearest >= _COPY else mean, nearest >= _COPY

    def _cosine(self, other: Mapping[str, float]) -> float:
        shared = sum(weight * other[key] for key, weight in self._weights.items() if key in other)
        return shared / (self._norm * self._norm_of(other)) if shared else 0.0

    def _norm_of(self, features: Mapping[str, float]) -> float:
        return math.sqrt(sum((self._rarity(key) * value) ** 2 for key, value in features.items()))


def _shingles(text: str) -> frozenset[int]:
    folded = " ".join(fold_text(text).split())
    size = _SHINGLE_UNSPACED if is_unspaced(folded[:200]) else _SHINGLE
    hashes = (zlib.crc32(folded[i : i + size].encode()) for i in range(max(1, len(folded) - size + 1)))
    return frozenset(value for value in hashes if value % _SAMPLE == 0)


def _contained(shingles: frozenset[int], known: frozenset[int]) -> float:
    """The share of the smaller text that stands in the other."""
    smaller = min(len(shingles), len(known))
    return len(shingles & known) / smaller if smaller >= _FEWEST else 0.0
