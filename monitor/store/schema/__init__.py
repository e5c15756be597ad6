"""The tables of the history, as append-only migrations.

The comments stand inside the statements, so that they are stored with the schema and whoever opens the file (in
Datasette, or with `sqlite3 FILE .schema`) reads them too. Times are text in ISO 8601, UTC, of fixed width
(`2026-11-25T06:30:00.000000Z`): they sort as they read. Yes-or-no columns hold 1 or 0. Numbers that people and
messages name (AUTOINCREMENT) are never given twice, also when what bore them was pruned. A released migration is
never changed: write a new one and raise VERSION.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from sqlite_utils import Migrations

from monitor.store.schema.keeping import PRUNINGS
from monitor.store.schema.reading import ARTICLES, CAPTURES, ENTRIES, ROBOTS, SOURCES
from monitor.store.schema.searching import SEARCH
from monitor.store.schema.telling import ALERTS, DELIVERIES, FEEDBACK, VIEWS

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION_ID = 0x54756D6E  # "Tumn": tells our files from those of other programs
VERSION = 1  # the number of migrations
MIGRATIONS = Migrations("tumen")
TABLES = frozenset(
    {"sources", "looks", "robots", "entries", "entry_sources", "gaps"}
    | {"articles", "revisions", "stories", "story_edits", "matches", "evidence", "facts"}
    | {"placements", "visits", "captures"}
    | {"search", "search_words", "search_state"}
    | {"alerts", "novelties", "deliveries", "attempts", "feedback"}
    | {"notices", "conditions", "silences", "recipients"}
    | {"prunings", "tombstones"}
)


@MIGRATIONS(name="0001_the_whole_road")
def the_whole_road(db: Database) -> None:
    """Everything between a source and a reader."""
    tables = (
        SOURCES,
        ROBOTS,
        PRUNINGS,
        ARTICLES,
        CAPTURES,
        ENTRIES,
        ALERTS,
        DELIVERIES,
        FEEDBACK,
        VIEWS,
        SEARCH,
    )
    for statement in chain.from_iterable(tables):
        db.execute(statement)
