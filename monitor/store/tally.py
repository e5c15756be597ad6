"""What was added to the history since somebody looked last, for figures that only ever grow.

The history itself is the record of all that happens, so nothing has to be counted where it happens, and what a killed
service did not store is not counted. A look costs what was added, however much was there before.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta  # noqa: TC003  part of the public values
from typing import TYPE_CHECKING

from monitor.core.delivery.deliveries import DeliveryState
from monitor.store.columns import read_time
from monitor.store.database import rows, snapshot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.store.database import Database

_AT_ONCE = 20_000  # rows of a table in one look; what is more follows in the next ones
_TABLES = ("looks", "gaps", "articles", "matches", "alerts", "attempts")
_COUNTED = (DeliveryState.EXPIRED, DeliveryState.SUPPRESSED)
_UNTOLD = ("repeat", "same_text", "no_channel")
_CUT_OFF = ("unknown", "cut_off")


@dataclass(slots=True)
class Added:
    """What was added.

    Attributes:
        looks: by source and outcome.
        look_seconds: how long each took.
        gaps: possible ones, by source.
        articles: how many.
        matches: by pack and severity.
        alerts: by pack and severity.
        untold: articles on topic that were told to nobody, by the reason.
        silenced: deliveries that a silence covers.
        expired: deliveries that became too old.
        sent: messages that were taken, by channel.
        failed: attempts at messages that failed, by channel and reason.
        dead: deliveries that were given up, by channel.
        unknown: attempts at messages that ended without an answer, by channel.
        latencies: from being stored to being sent, of what nothing held.
        detections: from the find of an article to the sending of its alert, likewise.
    """

    looks: Counter[tuple[str, str]] = field(default_factory=Counter)
    look_seconds: list[float] = field(default_factory=list)
    gaps: Counter[str] = field(default_factory=Counter)
    articles: int = 0
    matches: Counter[tuple[str, str]] = field(default_factory=Counter)
    alerts: Counter[tuple[str, str]] = field(default_factory=Counter)
    untold: Counter[str] = field(default_factory=Counter)
    silenced: int = 0
    expired: int = 0
    sent: Counter[str] = field(default_factory=Counter)
    failed: Counter[tuple[str, str]] = field(default_factory=Counter)
    dead: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    latencies: list[timedelta] = field(default_factory=list)
    detections: list[timedelta] = field(default_factory=list)

    def summed(self, name: str) -> Added:
        """The same with all sources counted as one of this name."""
        looks: Counter[tuple[str, str]] = Counter()
        for (_, outcome), many in self.looks.items():
            looks[name, outcome] += many
        return replace(self, looks=looks, gaps=Counter({name: self.gaps.total()}))


class Tally:
    """Begins with the history as it is: what is there already is not counted.

    Every method may raise DatabaseBusy, DatabaseDamaged or StorageError; then nothing was counted.
    """

    def __init__(self, db: Database) -> None:
        with snapshot(db):
            self._seen = {table: _last(db, table) for table in _TABLES}
            self._counts = _counts(db)

    def added(self, db: Database) -> Added:
        """What was added since the last call, as far as a reader of the history sees it."""
        found = Added()
        with snapshot(db):
            spans = {table: _span(db, table, seen) for table, seen in self._seen.items()}
            _looks(db, spans["looks"], found)
            _articles(db, spans, found)
            _attempts(db, spans["attempts"], found)
            counts = _counts(db)
        found.expired = _grown(self._counts, counts, DeliveryState.EXPIRED)
        found.silenced = _grown(self._counts, counts, DeliveryState.SUPPRESSED)
        self._counts = counts
        self._seen = {table: upto for table, (_, upto) in spans.items()}
        return found


_Span = tuple[int, int]  # keys of rows: those after the first, up to the second


def _last(db: Database, table: str) -> int:
    return int(rows(db, f"SELECT ifnull(max(id), 0) AS last FROM {table}")[0]["last"])  # noqa: S608  own names


def _span(db: Database, table: str, seen: int) -> _Span:
    """The rows to be counted now. Keys may begin anew once the last row was pruned."""
    sql = f"SELECT max(id) AS last FROM (SELECT id FROM {table} WHERE id > ? ORDER BY id LIMIT {_AT_ONCE:d})"  # noqa: S608  own names
    (found,) = rows(db, sql, (seen,))
    upto = found["last"]
    return (seen, int(upto)) if upto is not None else (seen, min(seen, _last(db, table)))


def _counts(db: Database) -> Mapping[DeliveryState, int]:
    sql = "SELECT count(*) AS many FROM deliveries WHERE state = ?"
    return {state: int(rows(db, sql, (state,))[0]["many"]) for state in _COUNTED}


def _grown(
    before: Mapping[DeliveryState, int], now: Mapping[DeliveryState, int], state: DeliveryState
) -> int:
    """By how much; what was pruned, or wanted after all, makes it no smaller."""
    return max(0, now[state] - before[state])


def _looks(db: Database, span: _Span, found: Added) -> None:
    for row in rows(db, "SELECT source, outcome, seconds FROM looks WHERE id > ? AND id <= ?", span):
        found.looks[row["source"], row["outcome"]] += 1
        found.look_seconds.append(row["seconds"])


def _articles(db: Database, spans: Mapping[str, _Span], found: Added) -> None:
    for row in rows(
        db,
        "SELECT source, count(*) AS many FROM gaps WHERE id > ? AND id <= ? GROUP BY source",
        spans["gaps"],
    ):
        found.gaps[row["source"]] += row["many"]
    for row in rows(
        db,
        "SELECT reason, count(*) AS many FROM articles WHERE id > ? AND id <= ? GROUP BY reason",
        spans["articles"],
    ):
        found.articles += row["many"]
        if row["reason"] in _UNTOLD:
            found.untold[row["reason"]] += row["many"]
    for table, into in (("matches", found.matches), ("alerts", found.alerts)):
        sql = f"""SELECT pack, severity, count(*) AS many FROM {table} WHERE id > ? AND id <= ?
            GROUP BY pack, severity"""  # noqa: S608  own names
        for row in rows(db, sql, spans[table]):
            into[row["pack"], row["severity"]] += row["many"]


def _attempts(db: Database, span: _Span, found: Added) -> None:
    messages: set[tuple[str, str, str]] = (
        set()
    )  # what left together has one key, and ends in one way at one time
    for row in rows(db, _ATTEMPTS, span):
        channel, outcome = row["channel"], row["outcome"]
        found.dead[channel] += row["is_dead"]
        if outcome == "sent" and not row["held"]:
            ended = read_time(row["ended_at"])
            found.latencies.append(ended - read_time(row["created_at"]))
            if row["found_at"]:
                found.detections.append(ended - read_time(row["found_at"]))
        if (message := (row["bundle"], row["ended_at"], outcome)) in messages:
            continue
        messages.add(message)
        if outcome == "sent":
            found.sent[channel] += 1
            continue
        found.failed[channel, outcome] += 1
        found.unknown[channel] += outcome in _CUT_OFF


_ATTEMPTS = """
    SELECT attempts.outcome, attempts.bundle, attempts.ended_at, deliveries.channel, deliveries.held,
        deliveries.created_at, entries.found_at,
        deliveries.state = 'dead' AND NOT EXISTS (
            SELECT 1 FROM attempts AS later WHERE later.delivery = deliveries.id AND later.id > attempts.id
        ) AS is_dead
    FROM attempts JOIN deliveries ON deliveries.id = attempts.delivery
    LEFT JOIN alerts ON alerts.id = deliveries.alert LEFT JOIN entries ON entries.id = alerts.entry
    WHERE attempts.id > ? AND attempts.id <= ?
    ORDER BY attempts.id
"""
