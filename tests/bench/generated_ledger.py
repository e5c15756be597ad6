"""What became of the alerts of a generated history: deliveries, attempts, silences, feedback, visits."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from monitor.core.alerting import Route
from monitor.core.delivery.deliveries import Recipient
from monitor.core.delivery.silencing import Silence
from monitor.core.topic import Severity
from monitor.store.columns import read_time
from monitor.store.database import add, add_all, change, rows, transaction
from monitor.store.silences import Silences

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from monitor.store.database import Database

ROUTES = (
    Route("me", (Recipient("me", "a1b2c3d4"),)),
    Route("desk", (Recipient("desk", "0f0e0d0c"), Recipient("desk", "99aabbcc")), at_least=Severity.HIGH),
    Route("night", (Recipient("night", "77665544"),), languages=frozenset({"en", "ko", "ru"})),
)
_FATES = {"sent": 940, "dead": 20, "expired": 10, "suppressed": 30}
_STILL_OPEN = 5  # of the latest deliveries
_FEEDBACK = 60  # every so many alerts somebody says that one was irrelevant
_VISITS = 3  # of a page on topic


def told(db: Database, until: datetime) -> None:
    """Store what became of every alert by the end."""
    chance = random.Random(31)
    silence = Silences(db).add(
        Silence(0, "anna", "we are writing about it", until - timedelta(days=700), until, channel="desk"),
        until,
    )
    with transaction(db):
        waiting = rows(db, "SELECT id, alert, channel, recipient, created_at FROM deliveries ORDER BY id")
        for row in waiting[: -_STILL_OPEN or None]:
            _end(db, row, silence, chance)
        for channel, recipient in {(row["channel"], row["recipient"]) for row in waiting}:
            found = {"channel": channel, "recipient": recipient, "last_sent_at": until}
            add(db, "recipients", found)
        add_all(db, "feedback", _said(db, chance))
        add_all(db, "visits", _visited(db, chance))


def _end(db: Database, row: dict[str, Any], silence: int, chance: random.Random) -> None:
    """The end of one delivery, with its attempts."""
    (state,) = chance.choices([*_FATES], [*_FATES.values()])
    begun = read_time(row["created_at"]) + timedelta(seconds=chance.uniform(0.2, 40))
    ended = begun + timedelta(seconds=chance.uniform(0.05, 3))
    attempts = {"sent": 1 + (chance.random() < 0.05), "dead": 3, "expired": 6, "suppressed": 0}[state]
    key = f"{row['id']:016x}" if attempts else ""
    error = "the server answered 503" if state in {"dead", "expired"} else ""
    for number in range(attempts):
        is_last = number == attempts - 1
        at = begun - timedelta(minutes=5 * (attempts - 1 - number))
        outcome = (
            "sent" if is_last and state == "sent" else chance.choice(("http_503", "smtp_451", "unknown"))
        )
        tried = {"delivery": row["id"], "bundle": key, "begun_at": at, "ended_at": at + (ended - begun)}
        add(db, "attempts", {**tried, "outcome": outcome, "error": error if outcome != "sent" else ""})
    changed = {
        "state": state,
        "attempts": attempts,
        "claimed_at": begun if attempts else None,
        "sent_at": ended if state == "sent" else None,
        "bundle": key,
        "occasion": "few" if attempts else "",
        "last_error": error,
        "silence": silence if state == "suppressed" else None,
    }
    names = ", ".join(f"{one} = ?" for one in changed)
    change(db, f"UPDATE deliveries SET {names} WHERE id = ?", (*changed.values(), row["id"]))


def _said(db: Database, chance: random.Random) -> Iterator[dict[str, Any]]:
    """Feedback on some alerts."""
    found = rows(
        db,
        """SELECT id AS alert, article, revision, pack, created_at,
            (SELECT rule FROM matches WHERE matches.revision = alerts.revision LIMIT 1) AS rule
        FROM alerts WHERE id % ? = 0 GROUP BY revision""",
        (_FEEDBACK,),
    )
    for row in found:
        at = read_time(row.pop("created_at")) + timedelta(hours=chance.uniform(0.1, 9))
        yield {
            **row,
            "at": at,
            "verdict": "irrelevant",
            "note": chance.choice(("", "only a mention", "ein Zitat")),
        }


def _visited(db: Database, chance: random.Random) -> Iterator[dict[str, Any]]:
    """Later looks at the pages on topic."""
    found = rows(db, "SELECT id, host, read_at FROM articles WHERE fetched IS NOT NULL ORDER BY id")
    for row in found:
        at = read_time(row["read_at"])
        for number in range(_VISITS):
            at += timedelta(minutes=15) * 4**number
            outcome = chance.choices(("unchanged", "ok", "failed"), (70, 27, 3))[0]
            yield {
                "article": row["id"],
                "host": row["host"],
                "visited_at": at,
                "outcome": outcome,
                "revised": 0,
                "reason": "timeout" if outcome == "failed" else "",
                "status": {"ok": 200, "unchanged": 304}.get(outcome),
                "size": 40_000 if outcome == "ok" else 0,
            }
