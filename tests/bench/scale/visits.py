"""What servers noted of the requests that came, and what it says about whoever sent them."""

from __future__ import annotations

from collections import Counter
from dataclasses import astuple, dataclass
from itertools import pairwise
from statistics import linear_regression
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(slots=True)
class Visit:
    """A request.

    Attributes:
        place: the number of the host.
        path: what was asked for.
        begun, ended: seconds of the machine's monotonic clock; `ended` None while it waits for its answer.
        torn: whether its client was gone before it was answered.
        known: whether it was asked only if the page had changed.
    """

    place: int
    path: str
    begun: float
    ended: float | None = None
    torn: bool = False
    known: bool = False

    def as_list(self) -> list[object]:
        """As JSON carries it."""
        return list(astuple(self))


def most_at_once(visits: Iterable[Visit]) -> int:
    """The most requests that one host had in hand at a time, of clients that were still there."""
    return max((_most(visits) for visits in _by_place(visits).values()), default=0)


def shortest_rest(visits: Iterable[Visit], *, torn: bool) -> float | None:
    """The shortest time in seconds between two requests to one host, from the end of one to the next.

    Args:
        visits: all of them.
        torn: after requests whose client was gone, or after those that were answered.
    """
    rests = (
        later.begun - earlier.ended
        for there in _by_place(visits).values()
        for earlier, later in pairwise(there)
        if earlier.ended is not None and earlier.torn is torn
    )
    return min(rests, default=None)


def read_again(visits: Iterable[Visit]) -> int:
    """How often a page was asked for that had been asked for before, whether it had changed or not."""
    pages = Counter(visit.path for visit in visits if visit.path.endswith(".html") and not visit.known)
    return sum(times - 1 for times in pages.values())


def asked_again(visits: Iterable[Visit]) -> list[float]:
    """How many seconds after its client was gone the next request came to each host to which one came."""
    return [
        later.begun - earlier.ended
        for there in _by_place(visits).values()
        for earlier, later in pairwise(there)
        if earlier.torn and earlier.ended is not None
    ]


def answered(visits: Iterable[Visit], since: float, until: float) -> list[float]:
    """When looks were answered between two moments, in their order."""
    moments = (
        visit.ended
        for visit in visits
        if visit.ended is not None and not visit.torn and visit.path == "/feed.xml"
    )
    return sorted(moment for moment in moments if since <= moment < until)


def a_second(moments: Sequence[float]) -> float:
    """How many there are in a second: the slope of a line through them, since whole orders end at once."""
    return linear_regression(moments, range(len(moments))).slope


def tore(visits: Iterable[Visit], since: float, until: float) -> bool:
    """Whether a client was gone between two moments before it was answered."""
    return any(visit.torn and visit.ended is not None and since <= visit.ended < until for visit in visits)


def longest_lull(visits: Iterable[Visit], since: float, until: float) -> float:
    """The longest time in seconds in which no request came."""
    moments = sorted(visit.begun for visit in visits if since < visit.begun < until)
    return max(later - earlier for earlier, later in pairwise([since, *moments, until]))


def _by_place(visits: Iterable[Visit]) -> dict[int, list[Visit]]:
    found: dict[int, list[Visit]] = {}
    for visit in sorted(visits, key=lambda one: one.begun):
        found.setdefault(visit.place, []).append(visit)
    return found


def _most(visits: Sequence[Visit]) -> int:
    """Requests at a time, of one host's; one that ends as another begins is not beside it."""
    changes = [(visit.begun, 1) for visit in visits]
    changes += [(visit.ended, -1) for visit in visits if visit.ended is not None]
    most = now = 0
    for _, change in sorted(changes):
        now += change
        most = max(most, now)
    return most
