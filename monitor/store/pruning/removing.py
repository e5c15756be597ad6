"""The rows that go with an article, an alert or a notice: part of the transaction of a slice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from monitor.store.captures import forget
from monitor.store.database import change, rows
from monitor.store.indexing import take_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.store.database import Database

_LISTED = "IN (SELECT value FROM json_each(?))"
_OF_REVISIONS = f"IN (SELECT id FROM revisions WHERE article {_LISTED})"  # noqa: S608  own words
_OF_MATCHES = f"IN (SELECT id FROM matches WHERE revision {_OF_REVISIONS})"  # noqa: S608  own words
# In this order nothing ever names a row that is not there.
_ARTICLES = (
    f'DELETE FROM evidence WHERE "match" {_OF_MATCHES}',  # noqa: S608  own words
    f"DELETE FROM matches WHERE revision {_OF_REVISIONS}",  # noqa: S608  own words
    f"DELETE FROM placements WHERE revision {_OF_REVISIONS}",  # noqa: S608  own words
    f"DELETE FROM facts WHERE revision {_OF_REVISIONS}",  # noqa: S608  own words
    f"DELETE FROM captures WHERE article {_LISTED}",  # noqa: S608  own words
    f"DELETE FROM visits WHERE article {_LISTED}",  # noqa: S608  own words
    f"DELETE FROM revisions WHERE article {_LISTED}",  # noqa: S608  own words
    f"DELETE FROM articles WHERE id {_LISTED}",  # noqa: S608  own words
)


def remove_articles(db: Database, keys: str, pruning: int) -> None:
    """Remove articles with all that hangs on them; `keys` is a JSON list. Their addresses stay as tombstones."""
    # An entry that leads to the very address says enough.
    change(db, f"UPDATE entries SET article = NULL, pruning = ? WHERE article {_LISTED}", (pruning, keys))  # noqa: S608
    change(
        db,
        f"""INSERT OR IGNORE INTO tombstones (url, pruning) SELECT url, ? FROM articles WHERE id {_LISTED}
        AND NOT EXISTS (SELECT 1 FROM entries WHERE entries.url = articles.url AND pruning IS NOT NULL)""",  # noqa: S608
        (pruning, keys),
    )
    for article in json.loads(keys):
        take_out(db, article)
    for statement in _ARTICLES:
        change(db, statement, (keys,))


def remove_alerts(db: Database, keys: str, pruning: int) -> None:
    """Remove alerts with their deliveries; `keys` is a JSON list.

    What their articles say is kept as a text on topic, but not taken in again: nobody would know that it was told.
    """
    change(
        db,
        f"""INSERT OR IGNORE INTO tombstones (url, pruning) SELECT url, ? FROM articles
        WHERE id IN (SELECT article FROM alerts WHERE id {_LISTED})""",  # noqa: S608  own words
        (pruning, keys),
    )
    change(db, f"UPDATE feedback SET alert = NULL WHERE alert {_LISTED}", (keys,))  # noqa: S608  own words
    change(db, f"DELETE FROM novelties WHERE alert {_LISTED}", (keys,))  # noqa: S608  own words
    _remove_deliveries(db, "alert", keys)
    change(db, f"DELETE FROM alerts WHERE id {_LISTED}", (keys,))  # noqa: S608  own words


def articles_of_captures(db: Database, keys: Sequence[int]) -> tuple[int, ...]:
    """The articles of captures."""
    found = rows(
        db,
        f"SELECT DISTINCT article FROM captures WHERE id {_LISTED} ORDER BY article",  # noqa: S608  own words
        (json.dumps(keys),),
    )
    return tuple(row["article"] for row in found)


def remove_captures(db: Database, keys: str, _pruning: int) -> None:
    """Remove what is noted of the captures of articles that these belong to; `keys` is a JSON list."""
    forget(db, articles_of_captures(db, json.loads(keys)))


def remove_notices(db: Database, keys: str, _pruning: int) -> None:
    """Remove notices with their deliveries; `keys` is a JSON list."""
    _remove_deliveries(db, "notice", keys)
    change(db, f"DELETE FROM notices WHERE id {_LISTED}", (keys,))  # noqa: S608  own words


def _remove_deliveries(db: Database, of: str, keys: str) -> None:
    which = f"IN (SELECT id FROM deliveries WHERE {of} {_LISTED})"  # noqa: S608  own words
    change(db, f"DELETE FROM attempts WHERE delivery {which}", (keys,))  # noqa: S608  own words
    change(db, f"DELETE FROM deliveries WHERE {of} {_LISTED}", (keys,))  # noqa: S608  own words
