"""Which words must stand in a text if a condition holds?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.core import query as q

if TYPE_CHECKING:
    from collections.abc import Sequence

    Group = frozenset[str]


def key_of(point: q.Named | q.Word) -> str:
    """Under which key the hits of a concept or word are found."""
    return point.concept if isinstance(point, q.Named) else f'"{point.term.text}"'


def needs(query: q.Query) -> tuple[Group, ...]:
    """Groups of keys: wherever the query holds, one key of each group stands. None at all if nothing need stand."""
    match query:
        case q.Named() | q.Word():
            return (frozenset((key_of(query),)),)
        case q.Macro(_, part) | q.In(_, part):
            return needs(part)
        case q.AnyOf(parts):
            return _either(parts)
        case q.AtLeast(least, weighted):
            helping = [one for one in weighted if one.weight > 0]
            most = q.total(one.weight for one in helping)
            # without this part the others do not suffice
            vital = [
                group for one in helping if q.total((most, -one.weight)) < least for group in needs(one.part)
            ]
            return tuple(dict.fromkeys((*vital, *_either([one.part for one in helping]))))
        case q.AllOf() | q.Sentence() | q.Near():
            return tuple(dict.fromkeys(group for part in q.parts_of(query) for group in needs(part)))
    return ()


def _either(parts: Sequence[q.Query]) -> tuple[Group, ...]:
    """What must stand if one of the parts holds: at least one key of each part's smallest group."""
    smallest = [min(groups, key=len, default=None) for groups in map(needs, parts)]
    known = [group for group in smallest if group is not None]
    return (frozenset().union(*known),) if len(known) == len(parts) else ()
