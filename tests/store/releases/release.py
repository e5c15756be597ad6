"""The schema of a release, filled, as a file of SQL: `python -m tests.store.releases.release` writes the present one.

It is made once, when a version is released, and never changed again: from then on it shows that what people have on
their disks can still be opened.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from monitor.store import schema
from monitor.store.database import open_history
from tests.store.releases.filling import fill

FOLDER = Path(__file__).parent
_OF_VIRTUAL = "search_%"  # what FTS5 makes by itself: "search_data" and the like


def file_of(version: int) -> Path:
    """Where the schema of a version is kept."""
    return FOLDER / f"{version:04}.sql"


def dump(db: sqlite3.Connection) -> str:
    """Everything that a history holds, as SQL."""
    (identity,), (version,) = (
        db.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version")
    )
    found = db.execute(
        "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid"
    ).fetchall()
    made = {name for (name,) in db.execute("SELECT name FROM pragma_table_list WHERE type = 'shadow'")}
    lines = [
        "PRAGMA auto_vacuum = INCREMENTAL;",
        f"PRAGMA application_id = {identity};",
        f"PRAGMA user_version = {version};",
    ]
    lines += [f"{sql};" for kind, name, sql in found if name not in made and name != "sqlite_sequence"]
    for kind, name, sql in found:
        if kind == "table" and not sql.startswith("CREATE VIRTUAL"):
            lines.append(f'DELETE FROM "{name}";')
            columns = [row[1] for row in db.execute(f'PRAGMA table_info("{name}")')]
            values = " || ', ' || ".join(f'quote("{column}")' for column in columns)
            rows = db.execute(f'SELECT {values} FROM "{name}" ORDER BY 1')
            lines += [f'INSERT INTO "{name}" VALUES ({row});' for (row,) in rows]
    return "\n".join(lines) + "\n"


def load(version: int, path: Path) -> None:
    """Make a history of a release."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.executescript(f"BEGIN;\n{file_of(version).read_text(encoding='utf-8')}\nCOMMIT;")
        db.execute("PRAGMA journal_mode = WAL")


def main() -> None:
    """Write the present schema, once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--again", action="store_true", help="overwrite it: only before it is released")
    given = parser.parse_args()
    place = file_of(schema.VERSION)
    if place.exists() and not given.again:
        sys.exit(f"{place.name} is there: a released schema is never changed; write a new migration")
    with closing(open_history(None)) as db:
        fill(db)
        place.write_text(dump(db.conn), encoding="utf-8")


if __name__ == "__main__":
    main()
