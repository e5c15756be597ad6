"""What packs say about one article, and about one that they read before."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from monitor.core.laboratory.nearing import near_misses

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from monitor.core.laboratory.background import Background
    from monitor.core.laboratory.nearing import NearMiss
    from monitor.core.matching import Matcher
    from monitor.core.models import Match
    from monitor.core.reading import Origin, Reading
    from monitor.core.statements import Evidence
    from monitor.core.topic import Pack
    from spiders.items import Article


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one pack says: the rules that fire, most telling first. `background` is the pack's, if it is kept."""

    pack: Pack
    reading: Reading
    matches: tuple[Match, ...]
    background: Background | None = None

    def misses(self, most: int = 3) -> tuple[NearMiss, ...]:
        """The rules that came nearest without firing."""
        return near_misses(self.pack, self.reading, most, background=self.background)


def opinions(
    matcher: Matcher,
    article: Article,
    origin: Origin,
    backgrounds: Mapping[str, Background] = MappingProxyType({}),
) -> list[Opinion]:
    """What each of the matcher's packs says; `backgrounds` are those of packs, by name, if they are kept."""
    readings = matcher.read(article, origin)
    matches = matcher.matches(readings)
    return [
        Opinion(
            pack,
            reading,
            tuple(match for match in matches if match.pack == pack.name),
            backgrounds.get(pack.name),
        )
        for pack, reading in zip(matcher.packs, readings, strict=True)
    ]


def relied_on(then: Sequence[Match], now: Sequence[Opinion]) -> list[Evidence]:
    """The words to mark: those of earlier matches, else of matches now, else of the nearest rules."""
    matches = [*then] or [match for one in now for match in one.matches]
    holders: Iterable[Match | NearMiss] = matches or [miss for one in now for miss in one.misses()]
    return [piece for holder in holders for piece in holder.evidence]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a pack says now about a text that was read before.

    Attributes:
        opinion: what it says.
        was: the rules that fired then; `fires` those that do now.
        added: the matches of rules that did not fire then.
        misses: the rules that fired then and do not now, or, where none did either time, those that came nearest.
    """

    opinion: Opinion
    was: frozenset[str]
    fires: frozenset[str]
    added: tuple[Match, ...]
    misses: tuple[NearMiss, ...]

    @property
    def difference(self) -> str:
        """The rules that fire in addition, and those that do not any more: `+arms, −troops`; else empty."""
        added = [f"+{name}" for name in sorted(self.fires - self.was)]
        return ", ".join([*added, *(f"−{name}" for name in sorted(self.was - self.fires))])


def standings(then: Sequence[Match], now: Sequence[Opinion]) -> tuple[Standing, ...]:
    """What the packs say now, where they changed since or where nothing fired."""
    found = []
    for one in now:
        before = [match for match in then if match.pack == one.pack.name]
        if before and all(match.version == one.pack.version for match in before):
            continue
        was, fires = ({match.rule for match in matches} for matches in (before, one.matches))
        if was:
            misses = tuple(miss for miss in one.misses(len(one.pack.rules)) if miss.rule.name in was - fires)
        else:
            misses = () if fires else one.misses()
        added = tuple(match for match in one.matches if match.rule not in was)
        found.append(Standing(one, frozenset(was), frozenset(fires), added, misses))
    return tuple(found)
