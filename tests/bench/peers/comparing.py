"""Tables of Tumen beside its peers, from what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from tests.bench.figures import Plot, Row, Sheet, row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tests.bench.peers.running import Run
    from tests.bench.peers.watching import Speed, Told

BARE = "bare Scrapy"
OURS = "Tumen"
MOST_OF_BARE = 1.15
_KB = 1000


@dataclass(frozen=True)
class Crawls:
    """Runs of all programs over many outlets, and of some over few: what is the same in both is the cost of starting.

    Attributes:
        articles: how many were published.
        many: runs by the program's name.
        few: runs of Tumen and bare Scrapy alone.
    """

    articles: int
    many: Mapping[str, Sequence[Run]]
    few: Mapping[str, Sequence[Run]]

    def of(self, name: str, figure: Callable[[Run], float]) -> float:
        """The median of a figure of a program's runs over many outlets."""
        return median(map(figure, self.many[name]))

    def apart(self, name: str) -> float:
        """CPU milliseconds of one more article."""
        many, few = self.many[name], self.few[name]
        more = median(run.whole for run in many) - median(run.whole for run in few)
        return (median(run.cpu for run in many) - median(run.cpu for run in few)) / more


def beside(crawls: Crawls, other: str, label: str, manners: str) -> Sheet:
    """Tumen beside another program that reads the same newsroom; `manners` say how that one treats an outlet."""
    is_bare = other == BARE
    limit = MOST_OF_BARE if is_bare else 1.0

    def compared(name: str, figure: Callable[[Run], float], **judged: Any) -> Row:
        ours, theirs = crawls.of(OURS, figure), crawls.of(other, figure)
        return row(name, ours, theirs, ours / theirs, **judged)

    rows = [
        compared("whole articles", lambda run: run.whole, limit=1.0, better="more"),
        compared("articles a second", lambda run: run.whole / run.seconds, **_unless(is_bare, better="more")),
        compared("CPU ms per article", lambda run: run.cpu / run.whole, **_unless(is_bare)),
    ]
    if is_bare:
        ours, theirs = crawls.apart(OURS), crawls.apart(BARE)
        rows.append(
            compared(
                "articles a second from the first request",
                lambda run: run.whole / run.reading,
                limit=1 / limit,
                better="more",
            )
        )
        rows.append(row("CPU ms per article, start apart", ours, theirs, ours / theirs, limit=limit))
    rows += [
        compared("requests per article", lambda run: run.counts.requests / run.whole, limit=limit),
        compared("kB per article", lambda run: run.counts.bytes / _KB / run.whole, limit=limit),
        compared("memory at most, MB", lambda run: run.memory, **_unless(is_bare)),
        compared("requests at a time of one outlet", lambda run: run.counts.most_in_flight),
    ]
    note = f"{label}: {manners}." + (" Memory and starting are shown, not judged." if is_bare else "")
    return Sheet(f"{OURS} beside {label}", (OURS, other, "ratio"), tuple(rows), note)


def watched(speeds: Mapping[str, Sequence[Speed]], told: Mapping[str, Sequence[Told]], label: str) -> Sheet:
    """Tumen beside another program that watches the same feeds."""
    (other,) = speeds.keys() - {OURS}

    def compared(name: str, figure: Callable[[Speed], float], **judged: Any) -> Row:
        ours, theirs = (median(map(figure, speeds[each])) for each in (OURS, other))
        return row(name, ours, theirs, ours / theirs, **judged)

    waits = {name: [wait for one in runs for wait in one.waits] for name, runs in told.items()}
    missing = sum(one.missing for one in told[OURS])
    rows = (
        compared("sources an hour at equal memory, for each 100 MB", _per_memory, limit=1.0, better="more"),
        compared("sources an hour at full speed", lambda speed: speed.hourly),
        compared("memory meanwhile, MB", lambda speed: speed.memory),
        compared("CPU ms per unchanged look", lambda speed: speed.cpu, limit=1.0),
        row(
            "looks answered with 304, %",
            *(100 * median(s.unchanged for s in speeds[n]) for n in (OURS, other)),
        ),
        row(
            "publication to notification, median, s",
            *(median(waits[name]) if waits[name] else None for name in (OURS, other)),
        ),
        row(
            "publication to notification, longest, s",
            *(max(waits[name], default=None) for name in (OURS, other)),
        ),
        row("publications told of", *(len(waits[name]) for name in (OURS, other))),
        row("publications that Tumen did not tell of", missing, limit=0),
    )
    return Sheet(f"{OURS} beside {label}", (OURS, other, "ratio"), rows)


def drawn(crawls: Crawls) -> tuple[Plot, ...]:
    """What an article takes of each program."""
    names = tuple(crawls.many)
    figures: dict[str, Callable[[Run], float]] = {
        "CPU of an article, start included": lambda run: run.cpu / run.whole,
        "Articles a second": lambda run: run.whole / run.seconds,
    }
    units = ("ms", "")
    return tuple(
        Plot(title, names, {title: tuple(crawls.of(name, figure) for name in names)}, unit=unit)
        for (title, figure), unit in zip(figures.items(), units, strict=True)
    )


def _per_memory(speed: Speed) -> float:
    return speed.hourly / speed.memory * 100


def _unless(is_bare: bool, **more: Any) -> dict[str, Any]:
    """The judgement over a peer; bare Scrapy neither keeps a history nor has to load rules."""
    return {} if is_bare else {"limit": 1.0, **more}
