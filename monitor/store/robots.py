"""What robots.txt of hosts said, so that a restart asks nobody again and a server that fails is still obeyed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.store.columns import read_time
from monitor.store.database import add, change, rows, transaction
from spiders.wire import Rules

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.store.database import Database

_KEPT = timedelta(hours=24)  # no worker believes more


class RobotsTexts:
    """The robots.txt of a history.

    Every method may raise DatabaseBusy, DatabaseDamaged or StorageError; then nothing was changed.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    def known(self, now: datetime) -> tuple[Rules, ...]:
        """What still counts, the oldest first; all else is forgotten."""
        with transaction(self._db):
            change(self._db, "DELETE FROM robots WHERE read_at NOT BETWEEN ? AND ?", (now - _KEPT, now))
            found = rows(self._db, "SELECT * FROM robots ORDER BY read_at")
        return tuple(Rules(row["place"], row["text"], read_time(row["read_at"])) for row in found)

    def keep(self, rules: Rules) -> None:
        """Keep what a host says now instead of what it said before."""
        with transaction(self._db):
            change(self._db, "DELETE FROM robots WHERE place = ?", (rules.place,))
            add(
                self._db,
                "robots",
                {"place": rules.place, "text": rules.text, "read_at": rules.read_at},
            )
