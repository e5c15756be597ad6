"""What was measured of a cluster, as tables and a drawing."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from tests.bench.figures import Plot, Sheet, row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.bench.figures import Row
    from tests.bench.scale import ordeals, throughput
    from tests.bench.scale.empty_orders import Overhead
    from tests.bench.scale.ledger import Balance
    from tests.bench.scale.ordeals import Outcome
    from tests.bench.scale.throughput import Rate

EFFICIENCY = 0.9  # of each worker beside that of one alone, wanted


def efficiency(rates: Sequence[Rate]) -> list[float]:
    """What each worker does, as a share of what one alone does."""
    alone = rates[0].a_second / rates[0].workers
    return [rate.a_second / rate.workers / alone for rate in rates]


def rates_sheet(rates: Sequence[Rate], size: throughput.Size) -> Sheet:
    """How much so many workers read, and what it cost."""
    shares = efficiency(rates)
    return Sheet(
        f"{size.sources:,} sources whose servers answer after {size.latency:g} s",
        tuple(_workers(rate.workers) for rate in rates),
        (
            row("looks a second", *(rate.a_second for rate in rates)),
            row("each worker's share of what one alone does", *shares),
            row(
                "the least of these", *(None for _ in rates[1:]), min(shares), limit=EFFICIENCY, better="more"
            ),
            row("cores busy, the newsroom's included", *(rate.cores for rate in rates)),
            *(
                row(
                    name,
                    *(cost / rate.looks for rate, cost in zip(rates, costs, strict=True)),
                    unit="ms per look",
                )
                for name, costs in (
                    ("CPU of the coordinator", [rate.costs.service for rate in rates]),
                    ("of the scheduler", [rate.costs.scheduler for rate in rates]),
                    ("of the Dask workers", [rate.costs.stations for rate in rates]),
                    ("of their crawl workers", [rate.costs.crawling for rate in rates]),
                )
            ),
            row(
                "memory of a Dask worker, its crawl workers apart",
                *(rate.station for rate in rates),
                unit="MB",
            ),
        ),
        note=f"Each in a window of {size.window:g} s in which more is due than can be done.",
    )


def rates_plot(rates: Sequence[Rate]) -> Plot:
    """Looks a second, beside as many times those of one worker."""
    alone = rates[0].a_second / rates[0].workers
    return Plot(
        "Looks a second",
        tuple(rate.workers for rate in rates),
        {
            "measured": tuple(rate.a_second for rate in rates),
            "as one worker, times their number": tuple(alone * rate.workers for rate in rates),
        },
        shape="lines",
        below="workers",
    )


def overhead_sheet(found: Overhead, orders: int) -> Sheet:
    """What the cluster itself costs."""
    return Sheet(
        f"{orders:,} orders that do nothing, each as large as one of fifty looks",
        ("each",),
        (
            row("until it is done, several at a time", found.passed, unit="ms"),
            row("CPU of whoever sends it", found.sender, unit="ms"),
            row("CPU of the scheduler", found.scheduler, unit="ms"),
            row("CPU of the worker", found.worker, unit="ms"),
        ),
    )


def outcome_sheet(title: str, found: Outcome, size: ordeals.Size) -> Sheet:
    """What became of a run."""
    return Sheet(
        f"{title}: {found.sources:,} sources, {found.balance.wanted:,} developments",
        ("",),
        (
            *_faults(found),
            row("developments lost", found.balance.lost, limit=0),
            row("stored or told twice", found.balance.doubled, limit=0),
            row("most requests in flight at a host", found.at_once, limit=1),
            *_told(found.balance, most=_coordinators(found)),
            *_resting(found, size),
            row("from the first publication until all was told", found.seconds, unit="s"),
        ),
    )


def _faults(found: Outcome) -> tuple[Row, ...]:
    kinds = dict.fromkeys(fault.what for fault in found.faults)
    each = {
        kind: [lull for fault, lull in zip(found.faults, found.lulls, strict=True) if fault.what == kind]
        for kind in kinds
    }
    rows = (
        (
            row(f"{kind}, times", len(lulls)),
            row("  in the minute after, longest time without a request", max(lulls), unit="s"),
        )
        for kind, lulls in each.items()
    )
    left = sum(fault.left for fault in found.faults)
    return (
        *chain.from_iterable(rows),
        row("crawl workers that outlived what had started them", left, limit=0),
    )


def _told(balance: Balance, most: int) -> tuple[Row, ...]:
    """A message that is on its way when the coordinator is killed is repeated, under its id."""
    return (
        row("messages repeated under their id", balance.repeated, limit=most),
        row("pages on topic that are not kept", balance.uncaptured, limit=0),
        row("looks that failed", ", ".join(f"{many} {what}" for what, many in balance.failed.items()) or 0),
        row("notices to the keeper", ", ".join(f"{many} {what}" for what, many in balance.notices.items())),
    )


def _resting(found: Outcome, size: ordeals.Size) -> tuple[Row, ...]:
    middle, longest = found.again or (None, None)
    return (
        row("shortest rest of a host after an answer", found.rest, unit="s", limit=size.delay, better="more"),
        row("requests whose client was killed", found.torn),
        row("of all faults, those that killed any", found.tearing),
        row("until their hosts were asked again, the middle", middle, unit="s"),
        row("until their hosts were asked again, the longest", longest, unit="s"),
        row("pages fetched again", found.reread),
    )


def _coordinators(found: Outcome) -> int:
    return sum(fault.what == "coordinator killed" for fault in found.faults)


def _workers(many: int) -> str:
    return f"{many} worker{'' if many == 1 else 's'}"
