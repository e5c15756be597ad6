"""What stands beside a number in its sentence: the units, and what parts it from them or leads to it."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from monitor.core.leading import NAME, Lead, Role, is_number_before, leads, role_of
from monitor.core.linking import ends_clause, leads_away
from monitor.core.reading import place
from monitor.core.text import is_unspaced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from monitor.core.reading import Hit
    from monitor.core.text import Folded

_REACH = 160  # characters ahead in which five words stand
_REACH_BACK = 40
_REACH_LED = 160  # the same for "the number of dead in … rose to"
_MOST_LEADING = 6


class Row:
    """Hits of one field, to be found by their place."""

    def __init__(self, hits: Iterable[Hit]) -> None:
        self.hits = sorted(hits, key=place)
        self._starts = [hit.start for hit in self.hits]

    def between(self, start: int, end: int) -> Sequence[Hit]:
        """Those that begin there."""
        return self.hits[bisect_left(self._starts, start) : bisect_left(self._starts, end)]


class Sentence(NamedTuple):
    """A sentence with the hits of its field: the units, and what else may stand between."""

    text: Folded
    start: int
    end: int
    units: Row
    others: Callable[[], tuple[Row, Row]]

    def ahead(self, at: int) -> Sequence[Hit]:
        """The units that begin within reach behind a place."""
        return self.units.between(at, min(self.end, at + _REACH))

    def back(self, at: int) -> Sequence[Hit]:
        """The units that end before a place, within reach, in a script without spaces."""
        near = self.units.between(max(self.start, at - _REACH_BACK), at)
        return [hit for hit in near if hit.end <= at and is_unspaced(self.text.text[hit.start : hit.end])]

    def is_parted(self, start: int, end: int) -> bool:
        """Whether something between two places says that what stands there does not belong together."""
        if ends_clause(self.text.text[start:end]):
            return True
        _, parting = self.others()
        return any(hit.end <= end for hit in parting.between(start, end)) or leads_away(self.bare(start, end))

    def leaders(self, at: int) -> Sequence[Hit]:
        """The units that end before a place, within reach, in a script with spaces; the nearest ones first."""
        near = self.units.between(max(self.start, at - _REACH_LED), at)
        spaced = [
            hit for hit in near if hit.end <= at and not is_unspaced(self.text.text[hit.start : hit.end])
        ]
        return sorted(spaced, key=lambda hit: (-hit.end, hit.start))[:_MOST_LEADING]

    def led(self, at: int) -> tuple[Hit, Lead] | None:
        """The unit that leads to a number there, and how: the nearest one that is a sum, else the nearest one."""
        text, units = self.text.text, self.leaders(at)
        for unit in units:
            before = self.named(max(self.start, unit.start - _REACH_LED), unit.start, units=True)
            role = role_of(text[unit.start : unit.end], before)
            if role is not Role.PLAIN:
                lead = leads(role, self.named(unit.end, at), nearest=unit is units[0])
                return (unit, lead) if lead else None
        for unit in units[:1]:
            before = self.named(max(self.start, unit.start - _REACH_LED), unit.start)
            lead = (
                None
                if is_number_before(before)
                else leads(Role.PLAIN, self.named(unit.end, at), nearest=True)
            )
            return (unit, lead) if lead else None
        return None

    def bare(self, start: int, end: int) -> str:
        """The text without the names in it, so that no part of a name is taken for a word."""
        return self.named(start, end).replace(NAME, "")

    def named(self, start: int, end: int, *, units: bool = False) -> str:
        """The text with a sign for each letter of a name in it, and of a unit."""
        within, _ = self.others()
        text = self.text.text[start:end]
        for hit in (*within.between(start, end), *(self.units.between(start, end) if units else ())):
            if hit.end <= end:
                text = text[: hit.start - start] + NAME * (hit.end - hit.start) + text[hit.end - start :]
        return text
