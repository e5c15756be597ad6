"""What identifies an article among developments, in any language, and how alike two articles are.

An article is a vector of what it states: the pack's concepts in its title and the begin of its text, and its figures,
weighed by how rare they are among the topic's articles of late. Alike is the cosine of two vectors. Copies of a text
are told by sampled character shingles (A. Broder, "On the resemblance and containment of documents", 1997).
"""

from __future__ import annotations

import math
import re
import zlib
from array import array
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.core.roundups import is_roundup
from monitor.core.statements import FactKind, Field
from monitor.core.text import is_unspaced
from monitor.core.topic import ConceptKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from monitor.core.reading import Reading
    from monitor.core.statements import Fact
    from monitor.core.topic import Pack

# Chosen on the demonstration's articles and on labelled news of twelve languages; the result is flat around them.
_TITLE = 1.5  # a concept in the title counts so much more than at the begin of the text
_FADING = 100  # characters of the text after which a concept counts 1/e: what led to it is told later
_LEAST = 0.02  # what counts less is left out
_KINDS = {
    ConceptKind.ACTOR: 1.3,  # who it is about tells developments apart best
    ConceptKind.SUBJECT: 0.8,
    ConceptKind.DEED: 0.6,  # what is done is said in common words: visited, sent, met
}
_REPEATED = 0.2  # how much a concept gains by being named again, times the logarithm of the count
_FIGURE = 0.8  # a figure, beside a concept of weight 1
_SMALLEST_FIGURE = 50  # smaller numbers are shared by too many developments

_YOUNG = 10  # articles by which the memory of a topic is taken to be older, so that rarity does not jump
_EXAMPLES = 50  # articles that the pack's own examples stand for
_COMMONEST = 0.05  # the rarity of what all articles share

# Characters of a shingle. They begin where words begin, and one in so many is kept, chosen by its first character, so
# that the others need not be hashed; a text without spaces says the same in fewer signs.
_SHINGLE, _SAMPLE = 9, 2
_SHINGLE_UNSPACED, _SAMPLE_UNSPACED = 4, 4
_FEWEST = 12  # kept shingles below which a text is too short to be called a copy
_PACKED = "I"  # unsigned
SHINGLE_BYTES = array(_PACKED).itemsize
"""The length of one packed shingle."""
_SPACE = re.compile(" ")


@dataclass(frozen=True, slots=True)
class Signature:
    """What identifies an article.

    Attributes:
        features: its concepts and figures with their weights, a vector of length 1 (or 0, if it states nothing).
        shingles: a sample of its text, packed.
        is_roundup: whether it speaks of several developments: it may join a story, and nothing joins it.
    """

    features: Mapping[str, float]
    shingles: bytes
    is_roundup: bool = False


class Rarity:
    """How rare a feature is among the articles of a topic: the inverse document frequency.

    Args:
        common: how common concepts are before any article came in, from 0 to 1.
    """

    def __init__(self, common: Mapping[str, float]) -> None:
        self._common = common
        self._before = _YOUNG + (_EXAMPLES if common else 0)
        self._articles = 0
        self._with: Counter[str] = Counter()

    def __call__(self, feature: str) -> float:
        """The rarity of a feature; at least a little, so that nothing vanishes."""
        having = self._with[feature] + _EXAMPLES * self._common.get(feature, 0.0) + 1
        return max(_COMMONEST, math.log((self._articles + self._before) / having))

    def add(self, features: Iterable[str]) -> None:
        """An article with these features came in."""
        self._articles += 1
        self._with.update(features)

    def remove(self, features: Iterable[str]) -> None:
        """It is too old to count."""
        self._articles -= 1
        self._with.subtract(features)


def sign(reading: Reading, facts: Sequence[Fact], pack: Pack, rarity: Callable[[str], float]) -> Signature:
    """The signature of an article.

    The root of a feature's rarity goes into its weight once and for all: the product of two articles' weights holds
    it whole, and what comes later does not change what is stored.
    """
    weights = {
        feature: weight * math.sqrt(rarity(feature))
        for feature, weight in _stated(reading, facts, pack).items()
    }
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    features = {feature: weight / length for feature, weight in weights.items()}
    return Signature(
        features,
        _shingles(reading.folded[Field.BODY].text or reading.folded[Field.TITLE].text),
        is_roundup(reading),
    )


def alike(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """The cosine of two signatures' features, from 0 to 1."""
    total = 0.0
    for feature in one.keys() & other.keys():
        total += one[feature] * other[feature]
    return total


def contained(shingles: bytes, known: Iterable[bytes]) -> Iterator[float]:
    """For each of the known texts, the share of the smaller of the two that stands in the other.

    It is 0 if the smaller one is too short to tell.
    """
    ours = set(array(_PACKED, shingles))
    for packed in known:
        theirs = array(_PACKED, packed)
        smaller = min(len(ours), len(theirs))
        yield len(ours.intersection(theirs)) / smaller if smaller >= _FEWEST else 0.0


def _stated(reading: Reading, facts: Sequence[Fact], pack: Pack) -> dict[str, float]:
    """The concepts and figures of an article, and how much each stands out."""
    found: dict[str, float] = {}
    counts: Counter[str] = Counter()
    for hit in reading.hits:
        concept = pack.concepts.get(hit.key)
        if concept is None or concept.kind is ConceptKind.STANCE:
            continue
        stands_out = _prominence(hit.field, hit.start)
        if stands_out >= _LEAST:
            weight = concept.weight * _KINDS.get(concept.kind, 1.0)
            found[hit.key] = max(found.get(hit.key, 0.0), weight * stands_out)
            counts[hit.key] += 1
    for key, count in counts.items():
        found[key] *= 1 + _REPEATED * math.log(count)
    for fact in facts:
        if fact.kind is FactKind.FIGURE and fact.value and fact.value >= _SMALLEST_FIGURE:
            feature = f"={fact.value:.2g}"  # two digits: whoever rounds means the same
            # Figures stand a little later than what they count.
            stands_out = min(1.0, _prominence(fact.evidence.field, fact.evidence.start // 2))
            if stands_out >= _LEAST:
                found[feature] = max(found.get(feature, 0.0), _FIGURE * stands_out)
    return {feature: weight for feature, weight in found.items() if weight}


def _prominence(field: Field, start: int) -> float:
    return _TITLE if field is Field.TITLE else math.exp(-start / _FADING)


def _shingles(text: str) -> bytes:
    folded = " ".join(text.split())
    begins: Iterable[int]
    if is_unspaced(folded[:200]):
        size, sample = _SHINGLE_UNSPACED, _SAMPLE_UNSPACED
        begins = range(max(1, len(folded) - size + 1))
    else:
        size, sample = _SHINGLE, _SAMPLE
        begins = (0, *(found.end() for found in _SPACE.finditer(folded)))
    hashes = {
        zlib.crc32(folded[begin : begin + size].encode())
        for begin in begins
        if ord(folded[begin : begin + 1] or " ") % sample == 0
    }
    return array(_PACKED, sorted(hashes)).tobytes()
