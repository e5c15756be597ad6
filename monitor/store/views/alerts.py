"""The page of alerts: the ledger with what became of each delivery, what is kept back, and who receives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  part of the public values
from typing import TYPE_CHECKING

from monitor.core.delivery.deliveries import DeliveryState, Recipient
from monitor.store.alerts import novelties_of
from monitor.store.columns import read_optional_time
from monitor.store.database import rows, snapshot
from monitor.store.deliveries import recipient_of
from monitor.store.history import AlertLine, alert_lines
from monitor.store.outcomes import AttemptLine, DeliveryLine, attempt_lines
from monitor.store.silences import Silences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.core.delivery.parking import RecipientState
    from monitor.core.delivery.silencing import Silence
    from monitor.core.statements import Novelty
    from monitor.core.topic import Severity
    from monitor.store.database import Database

PAGE = 50  # alerts on one page
_SILENCES = 50  # the latest


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which alerts are asked for; what is empty asks for nothing.

    Attributes:
        undelivered: somebody has not received it.
        state: one of its deliveries stands so.
        channel: it goes to this channel; with the two above, it is this channel's delivery that they speak of.
        severity, pack: of the alert.
        before: only alerts with a smaller number: the next page.
    """

    undelivered: bool = False
    state: DeliveryState | None = None
    channel: str = ""
    severity: Severity | None = None
    pack: str = ""
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """A delivery, and every attempt to send it that has ended, oldest first."""

    delivery: DeliveryLine
    attempts: tuple[AttemptLine, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """An alert, what it said is new (nothing if it was the first report), and its ways to those who receive it."""

    line: AlertLine
    new: tuple[Novelty, ...]
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Receiver:
    """A receiver of a channel, and how it has taken messages. Its key is a digest of its address."""

    recipient: Recipient
    state: RecipientState


@dataclass(frozen=True, slots=True)
class KeptBack:
    """A silence, and how many deliveries it keeps back."""

    silence: Silence
    deliveries: int


@dataclass(frozen=True, slots=True)
class AlertsPage:
    """Alerts, newest first, and what stands around them.

    Attributes:
        alerts: at most `PAGE`.
        older: the `Wanted.before` of the next page, None if this is the last.
        open: how many deliveries are not sent, by state; without those that are, which are too many to count.
        oldest: when the delivery was stored that waits longest, None if none waits.
        receivers: all that were ever tried, those that are parked first.
        silences: the latest first.
        channels, packs: what there is to choose from.
    """

    alerts: tuple[Told, ...]
    older: int | None
    open: Mapping[DeliveryState, int]
    oldest: datetime | None
    receivers: tuple[Receiver, ...]
    silences: tuple[KeptBack, ...]
    channels: tuple[str, ...]
    packs: tuple[str, ...]


def alerts_page(db: Database, wanted: Wanted) -> AlertsPage:
    """The alerts that are wanted. Raises StorageError or a subclass."""
    conditions, values = _conditions(wanted)
    with snapshot(db):
        found = alert_lines(db, conditions, values, PAGE + 1)
        shown = tuple(told(db, line) for line in found[:PAGE])
        receivers = _receivers(db)
        channels = dict.fromkeys(each.recipient.channel for each in receivers)
        channels |= dict.fromkeys(line.channel for one in shown for line in one.line.deliveries)
        silences = tuple(KeptBack(*one) for one in Silences(db).list()[:_SILENCES])
        return AlertsPage(
            alerts=shown,
            older=shown[-1].line.id if len(found) > PAGE else None,
            open=_open(db),
            oldest=_oldest(db),
            receivers=receivers,
            silences=silences,
            channels=tuple(sorted(channels)),
            packs=tuple(row["pack"] for row in rows(db, _PACKS)),
        )


def alert(db: Database, number: int) -> Told | None:
    """One alert; None if there is none with this number."""
    with snapshot(db):
        found = alert_lines(db, ["alerts.id = ?"], (number,), 1)
        return told(db, found[0]) if found else None


def told(db: Database, line: AlertLine) -> Told:
    """The alert with what it said and every attempt to send it."""
    tried = any(delivery.attempts for delivery in line.deliveries)
    attempts = attempt_lines(db, line.id) if tried else {}
    ways = tuple(Way(each, attempts.get(each.recipient, ())) for each in line.deliveries)
    return Told(line, novelties_of(db, line.id), ways)


def _conditions(wanted: Wanted) -> tuple[list[str], list[object]]:
    """What `alert_lines` is asked for."""
    asked: dict[str, object] = {
        "alerts.severity = ?": wanted.severity,
        "alerts.pack = ?": wanted.pack or None,
        "alerts.id < ?": wanted.before,
    }
    asked = {condition: value for condition, value in asked.items() if value is not None}
    conditions, values = list(asked), list(asked.values())
    delivery: dict[str, object] = {
        "deliveries.state != ?": DeliveryState.SENT if wanted.undelivered else None,
        "deliveries.state = ?": wanted.state,
        "deliveries.channel = ?": wanted.channel or None,
    }
    delivery = {condition: value for condition, value in delivery.items() if value is not None}
    if delivery:
        conditions.append(_HAS_ONE[wanted.state is not None].format(which=" AND ".join(delivery)))
        values += delivery.values()
    return conditions, values


def _open(db: Database) -> dict[DeliveryState, int]:
    states = [state for state in DeliveryState if state is not DeliveryState.SENT]
    marks = ", ".join("?" * len(states))
    found = rows(
        db,
        f"SELECT state, count(*) AS many FROM deliveries WHERE state IN ({marks}) GROUP BY state",  # noqa: S608  only question marks
        states,
    )
    counts = {row["state"]: row["many"] for row in found}
    return {state: counts.get(state, 0) for state in states}


def _oldest(db: Database) -> datetime | None:
    (row,) = rows(
        db, "SELECT min(created_at) AS oldest FROM deliveries WHERE state IN ('pending', 'claimed')"
    )
    return read_optional_time(row["oldest"])


def _receivers(db: Database) -> tuple[Receiver, ...]:
    found = rows(
        db, "SELECT * FROM recipients ORDER BY parked_since IS NULL, failures = 0, channel, recipient"
    )
    return tuple(Receiver(Recipient(row["channel"], row["recipient"]), recipient_of(row)) for row in found)


# Of one state there may be few, so the index of states says which alerts they are; of all others there are many, and
# looking at alerts until the page is full is soon done.
_HAS_ONE = {
    True: "alerts.id IN (SELECT alert FROM deliveries WHERE alert IS NOT NULL AND {which})",
    False: "EXISTS (SELECT 1 FROM deliveries WHERE deliveries.alert = alerts.id AND {which})",
}
# One step through the index for each pack: what stands between is not read.
_PACKS = """
    WITH RECURSIVE each (pack) AS (
        SELECT min(pack) FROM matches
        UNION ALL
        SELECT (SELECT min(pack) FROM matches WHERE matches.pack > each.pack) FROM each WHERE pack IS NOT NULL
    )
    SELECT pack FROM each WHERE pack IS NOT NULL
"""
