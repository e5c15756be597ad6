"""What packs say about one article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.core.laboratory.nearing import near_misses

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.core.laboratory.nearing import NearMiss
    from monitor.core.matching import Matcher
    from monitor.core.models import Match
    from monitor.core.reading import Origin, Reading
    from monitor.core.statements import Evidence
    from monitor.core.topic import Pack
    from spiders.items import Article


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one pack says: the rules that fire, most telling first."""

    pack: Pack
    reading: Reading
    matches: tuple[Match, ...]

    def misses(self, most: int = 3) -> tuple[NearMiss, ...]:
        """The rules that came nearest without firing."""
        return near_misses(self.pack, self.reading, most)


def opinions(matcher: Matcher, article: Article, origin: Origin) -> list[Opinion]:
    """What each of the matcher's packs says."""
    readings = matcher.read(article, origin)
    matches = matcher.matches(readings)
    return [
        Opinion(pack, reading, tuple(match for match in matches if match.pack == pack.name))
        for pack, reading in zip(matcher.packs, readings, strict=True)
    ]


def relied_on(then: Sequence[Match], now: Sequence[Opinion]) -> list[Evidence]:
    """The words to mark: those of earlier matches, else of matches now, else of the nearest rules."""
    matches = [*then] or [match for one in now for match in one.matches]
    holders: Iterable[Match | NearMiss] = matches or [miss for one in now for miss in one.misses()]
    return [piece for holder in holders for piece in holder.evidence]
