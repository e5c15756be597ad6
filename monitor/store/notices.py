"""What the operator was told once: a failing source, a network that is down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.store.columns import read_time
from monitor.store.database import add_all, change, rows, transaction

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from monitor.store.database import Database


class Notices:
    """Things that are said once while they last.

    Every method may raise DatabaseBusy, DatabaseDamaged or StorageError; then nothing was changed.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    def say(self, subject: str, text: str, now: datetime) -> bool:
        """Keep that something is so. True if it was not known yet and is therefore to be said."""
        with transaction(self._db):
            known = rows(self._db, "SELECT 1 FROM notices WHERE subject = ?", (subject,))
            add_all(self._db, "notices", [{"subject": subject, "text": text, "said_at": now}], ignore=True)
        return not known

    def change(self, subject: str, text: str, now: datetime) -> bool:
        """As `say`, but a text that differs takes the place of the former, and is to be said too."""
        with transaction(self._db):
            return (
                change(
                    self._db,
                    """INSERT INTO notices (subject, text, said_at) VALUES (?, ?, ?)
                    ON CONFLICT (subject) DO UPDATE SET text = excluded.text, said_at = excluded.said_at
                    WHERE notices.text != excluded.text""",
                    (subject, text, now),
                )
                > 0
            )

    def settle(self, subject: str) -> bool:
        """Keep that it is so no longer. True if it was said before, so that its end can be said too."""
        with transaction(self._db):
            return change(self._db, "DELETE FROM notices WHERE subject = ?", (subject,)) > 0

    def standing(self) -> Mapping[str, tuple[str, datetime]]:
        """What was said and is still so: text and time by subject, oldest first."""
        found = rows(self._db, "SELECT * FROM notices ORDER BY said_at, subject")
        return {row["subject"]: (row["text"], read_time(row["said_at"])) for row in found}
