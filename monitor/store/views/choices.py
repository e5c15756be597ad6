"""What can be chosen on pages that show a part of the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.store.database import rows

if TYPE_CHECKING:
    from monitor.store.database import Database


def known_languages(db: Database) -> tuple[str, ...]:
    """The languages in which sources publish, in the order of their codes. Raises StorageError or a subclass."""
    found = rows(db, "SELECT DISTINCT language FROM sources WHERE language IS NOT NULL ORDER BY language")
    return tuple(row["language"] for row in found)


def is_source(db: Database, name: str) -> bool:
    """Whether a source is called so. Raises StorageError or a subclass."""
    return bool(rows(db, "SELECT 1 FROM sources WHERE name = ?", (name,)))
