"""Simple ways to join reports of one development: what Tumen's way is to be held against.

Each takes the relevant texts alone, in order, and joins a text to the nearest story of the last fourteen days if it
is near enough. They are favoured: they need not find what is relevant, the rarity of concepts is known in advance,
and each gets the threshold that is best on these very texts.
"""

from __future__ import annotations

import math
import zlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from story_corpus import PACK, scorer, texts_of_stories, told_rows

from monitor.core.matching import Matcher
from monitor.core.query import LEAD
from monitor.core.statements import Field
from monitor.core.text import fold_text
from monitor.packs import load_pack, shipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from monitor.jobs.replay import Text

WINDOW = timedelta(days=14)
THRESHOLDS = tuple(step / 20 for step in range(1, 20))
SHINGLE = 5  # characters
SKETCH = 128  # hashes kept of a text


@dataclass(frozen=True)
class Baseline:
    """A way to compare two values that are made of texts; `central` compares with the sum of a story's values."""

    name: str
    values: Sequence[Any]
    alike: Callable[[Any, Any], float]
    central: bool = False


@dataclass
class _Story:
    last: datetime
    values: list[Any] = field(default_factory=list)


def baselines() -> Iterator[tuple[str, float, dict[str, float], dict[str, float]]]:
    """Of each its name, best threshold, BCubed and cross-language pair scores."""
    texts, rows = texts_of_stories(), told_rows()
    for one in (*titles(texts), sketches(texts), concepts(texts)):
        scored = []
        for threshold in THRESHOLDS:
            found = zip(texts, threaded(one, texts, threshold), strict=True)
            got = {text.id: {"story": story} for text, story in found}
            scored.append((scorer().bcubed(rows, got), threshold, got))
        bcubed, threshold, got = max(scored, key=lambda score: score[0]["f1"])
        yield one.name, threshold, bcubed, scorer().cross_pairs(rows, got)


def threaded(how: Baseline, texts: Sequence[Text], threshold: float) -> list[int]:
    """The number of the story that each text is joined to, in one pass."""
    stories: list[_Story] = []
    found = []
    for text, value in zip(texts, how.values, strict=True):
        at = text.article.published
        near = [
            (max(how.alike(value, other) for other in story.values), -number)
            for number, story in enumerate(stories)
            if at - story.last <= WINDOW
        ]
        best, place = max(near, default=(0.0, 0))
        number = -place if best >= threshold else len(stories)
        if number == len(stories):
            stories.append(_Story(at))
        story = stories[number]
        story.last = max(story.last, at)
        story.values = [story.values[0] + value] if how.central and story.values else [*story.values, value]
        found.append(number)
    return found


def titles(texts: Sequence[Text]) -> Iterator[Baseline]:
    """Titles that share words, or three letters in a row."""
    folded = [" ".join(fold_text(text.article.title).split()) for text in texts]
    yield Baseline("words of the title", [frozenset(title.split()) for title in folded], jaccard)
    yield Baseline("trigrams of the title", [shingles(title, 3) for title in folded], jaccard)


def sketches(texts: Sequence[Text]) -> Baseline:
    """MinHash over title and text: the smallest hashes of their shingles stand for them all (Broder, 1997)."""
    folded = [" ".join(fold_text(f"{text.article.title} {text.article.text}").split()) for text in texts]
    hashed = ({zlib.crc32(piece.encode()) for piece in shingles(text, SHINGLE)} for text in folded)
    return Baseline("MinHash", [frozenset(sorted(values)[:SKETCH]) for values in hashed], resemblance)


def concepts(texts: Sequence[Text]) -> Baseline:
    """The pack's concepts in title and lead, weighed by their rarity among these texts."""
    pack = load_pack(shipped(PACK))
    matcher = Matcher([pack])
    held = []
    for text in texts:
        (reading,) = matcher.read(text.article)
        near = (hit for hit in reading.hits if hit.field is Field.TITLE or hit.start < LEAD)
        held.append(Counter(hit.key for hit in near if hit.key in pack.concepts))
    holding = Counter(key for counts in held for key in counts)
    weighed = [
        Counter({key: count * math.log(len(texts) / holding[key]) for key, count in counts.items()})
        for counts in held
    ]
    return Baseline("concepts", weighed, cosine, central=True)


def shingles(text: str, size: int) -> frozenset[str]:
    """Every so many characters in a row."""
    return frozenset(text[start : start + size] for start in range(max(1, len(text) - size + 1)))


def jaccard(one: frozenset, other: frozenset) -> float:
    """The share of what stands in either that stands in both."""
    return len(one & other) / len(one | other) if one or other else 0.0


def resemblance(one: frozenset[int], other: frozenset[int]) -> float:
    """The same, estimated from the smallest hashes of both."""
    smallest = sorted(one | other)[:SKETCH]
    return sum(value in one and value in other for value in smallest) / max(1, len(smallest))


def cosine(one: Counter[str], other: Counter[str]) -> float:
    """How alike the directions are."""
    shared = sum(weight * other[key] for key, weight in one.items() if key in other)
    return shared / (_norm(one) * _norm(other)) if shared else 0.0


def _norm(weights: Counter[str]) -> float:
    return math.sqrt(sum(weight**2 for weight in weights.values()))
