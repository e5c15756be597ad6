"""Silences: what somebody does not want to hear for a while, and how to hear it after all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.core.delivery.deliveries import Hold
from monitor.core.delivery.silencing import Silence
from monitor.core.errors import InputError
from monitor.store.columns import read_time
from monitor.store.database import add, change, rows, snapshot, transaction

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from monitor.store.database import Database


class Silences:
    """The silences of a history.

    Every method may raise DatabaseBusy, DatabaseDamaged or StorageError; then nothing was changed.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, silence: Silence, now: datetime) -> int:
        """Keep a silence; its key. Raises InputError if it names a story that does not exist."""
        row = {
            "owner": silence.owner,
            "reason": silence.reason,
            "begins": silence.begins,
            "ends": silence.ends,
            "channel": silence.channel,
            "pack": silence.pack,
            "rule": silence.rule,
            "story": silence.story,
            "source": silence.source,
            "language": silence.language,
            "created_at": now,
        }
        with transaction(self._db):
            if silence.story is not None and not rows(
                self._db, "SELECT 1 FROM stories WHERE id = ?", (silence.story,)
            ):
                raise InputError(
                    f"there is no story {silence.story}", remedy="`tumen stories list` shows them"
                )
            return add(self._db, "silences", row)

    def end(self, silence_id: int, now: datetime) -> None:
        """Let it end now. What it has suppressed stays so. Raises InputError if there is none with this number."""
        with transaction(self._db):
            self._get(silence_id)
            change(self._db, "UPDATE silences SET ends = min(ends, ?) WHERE id = ?", (now, silence_id))

    def replay(self, silence_id: int, now: datetime, *, lasts: timedelta) -> int:
        """Have what a silence suppressed told after all, as one message for each recipient; how many deliveries.

        They are worth sending for `lasts`, and no silence keeps them back again. Raises InputError if there is no
        such silence.
        """
        with transaction(self._db):
            self._get(silence_id)
            return change(
                self._db,
                """UPDATE deliveries SET state = 'pending', held = ?, not_before = ?, expires = ?
                WHERE state = 'suppressed' AND silence = ?""",
                (Hold.REPLAYED, now, now + lasts, silence_id),
            )

    def list(self) -> tuple[tuple[Silence, int], ...]:
        """All of them, the latest first, each with how many deliveries it keeps back."""
        with snapshot(self._db):
            found = rows(
                self._db,
                """SELECT silences.*, (
                    SELECT count(*) FROM deliveries WHERE silence = silences.id AND state = 'suppressed'
                ) AS many FROM silences ORDER BY id DESC""",
            )
        return tuple((_silence(row), row["many"]) for row in found)

    def _get(self, silence_id: int) -> Silence:
        found = rows(self._db, "SELECT * FROM silences WHERE id = ?", (silence_id,))
        if not found:
            raise InputError(f"there is no silence {silence_id}", remedy="`tumen silences list` shows them")
        return _silence(found[0])


def active_silences(db: Database, now: datetime) -> tuple[Silence, ...]:
    """Those that hold at a time."""
    return tuple(map(_silence, rows(db, "SELECT * FROM silences WHERE begins <= ? AND ends > ?", (now, now))))


def _silence(row: Mapping[str, Any]) -> Silence:
    return Silence(
        id=row["id"],
        owner=row["owner"],
        reason=row["reason"],
        begins=read_time(row["begins"]),
        ends=read_time(row["ends"]),
        channel=row["channel"],
        pack=row["pack"],
        rule=row["rule"],
        story=row["story"],
        source=row["source"],
        language=row["language"],
    )
