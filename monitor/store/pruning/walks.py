"""How the rows of each class are gone through: which come next, which of them may go, and how they are removed.

A walk goes through a table in the order of time. It never looks at more rows than it is asked for, so that a slice
is short however little of what it sees may go.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.core.retention import RetentionClass
from monitor.core.sources.wellness import FAILURES
from monitor.store.database import change, rows
from monitor.store.pruning.removing import remove_alerts, remove_articles, remove_captures, remove_notices

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from monitor.core.retention import Cut
    from monitor.store.database import Database

_FEWEST = 200  # rows that are looked at in one go: to look is cheap
_SEEN = 4  # times as many rows are looked at as may go


@dataclass(frozen=True, slots=True)
class Place:
    """How far the walks of a cut have come: the number of the walk, time and key of the last row that was seen."""

    walk: int = 0
    at: str = ""
    id: int = -1


BEGIN = Place()


@dataclass(frozen=True, slots=True)
class Walk:
    """One table of a class.

    Attributes:
        page: the query of the next rows after a time and key: `at`, `id`, and whether each `goes`. Its parameters are
            that time (?1) and key (?2), the times before which rows (?3) and stories (?4) are old, and how many (?5).
        weigh: how many bytes are in the rows with these keys, about.
        remove: removes the rows with these keys, and notes the number of the pruning.
        by_key: its rows come by their keys, because no index has their time: it ends where no row is old any more.
    """

    page: str
    weigh: str
    remove: Callable[[Database, str, int], None]
    by_key: bool = False

    def next(self, db: Database, cut: Cut, place: Place, most: int) -> tuple[tuple[int, ...], Place | None]:
        """The keys of at most so many rows that may go, and the place behind them; None behind the last."""
        seen = max(_FEWEST, _SEEN * most)
        found = rows(db, self.page, (place.at, place.id, cut.before, cut.at_rest, seen))
        going: list[int] = []
        for row in found:
            if row["goes"]:
                going.append(row["id"])
            if len(going) == most:
                return tuple(going), Place(place.walk, row["at"], row["id"])
        ended = len(found) < seen or (self.by_key and not any(row["old"] for row in found))
        last = None if ended else Place(place.walk, found[-1]["at"], found[-1]["id"])
        return tuple(going), last

    def weight(self, db: Database, keys: Sequence[int]) -> int:
        """How many bytes are in these rows, about."""
        (row,) = rows(db, self.weigh, (json.dumps(keys),))
        return int(row["bytes"] or 0)


def _delete(table: str) -> Callable[[Database, str, int], None]:
    def remove(db: Database, keys: str, _pruning: int) -> None:
        change(db, f"DELETE FROM {table} WHERE rowid IN (SELECT value FROM json_each(?))", (keys,))  # noqa: S608

    return remove


def _empty_entries(db: Database, keys: str, _pruning: int) -> None:
    """Their addresses stay, so that none is read again."""
    change(
        db,
        """UPDATE entries SET title = '', summary = '', detail = ''
        WHERE id IN (SELECT value FROM json_each(?))""",
        (keys,),
    )


_LISTED = "(SELECT value FROM json_each(?))"
# An article stays as long as anything of it is kept for longer.
_ARTICLES = """
    SELECT read_at AS at, id, changed_at < ?3 AND {which}
        AND NOT EXISTS (SELECT 1 FROM alerts WHERE alerts.article = page.id)
        AND NOT EXISTS (SELECT 1 FROM feedback WHERE feedback.article = page.id)
        AND NOT EXISTS (SELECT 1 FROM captures WHERE captures.article = page.id AND file IS NOT NULL) AS goes
    FROM articles AS page
    WHERE (read_at, id) > (?1, ?2) AND read_at < ?3 ORDER BY read_at, id LIMIT ?5
"""
_ARTICLE_BYTES = f"""
    SELECT sum(length(CAST(title AS BLOB)) + length(CAST(text AS BLOB))) AS bytes FROM revisions
    WHERE article IN {_LISTED}
"""  # noqa: S608  own words
_OVER = "(SELECT last_at FROM stories WHERE stories.id = page.story) < ?4"
_OFF_TOPIC = Walk(_ARTICLES.format(which="story IS NULL"), _ARTICLE_BYTES, remove_articles)
_ON_TOPIC = Walk(_ARTICLES.format(which=f"story IS NOT NULL AND {_OVER}"), _ARTICLE_BYTES, remove_articles)
# Of a story that nothing is left of, nobody can see what it was; what people said about it keeps it.
_STORIES = Walk(
    """SELECT last_at AS at, id, last_at < ?3 AND last_at < ?4
        AND NOT EXISTS (SELECT 1 FROM articles WHERE story = page.id)
        AND NOT EXISTS (SELECT 1 FROM alerts WHERE story = page.id)
        AND NOT EXISTS (SELECT 1 FROM silences WHERE story = page.id)
        AND NOT EXISTS (SELECT 1 FROM story_edits WHERE story = page.id)
        AND NOT EXISTS (SELECT 1 FROM story_edits WHERE into_story = page.id)
        AND NOT EXISTS (SELECT 1 FROM stories AS other WHERE other.merged_into = page.id) AS goes,
        last_at < ?3 AS old
    FROM stories AS page WHERE id > ?2 ORDER BY id LIMIT ?5""",
    f"SELECT sum(length(CAST(title AS BLOB))) AS bytes FROM stories WHERE id IN {_LISTED}",  # noqa: S608  own words
    _delete("stories"),
    by_key=True,
)
_ALERTS = Walk(
    f"""SELECT created_at AS at, id, {_OVER}
        AND NOT EXISTS (SELECT 1 FROM deliveries WHERE alert = page.id AND state IN ('pending', 'claimed')) AS goes
    FROM alerts AS page
    WHERE (created_at, id) > (?1, ?2) AND created_at < ?3 ORDER BY created_at, id LIMIT ?5""",  # noqa: S608
    f"SELECT 200 * count(*) AS bytes FROM deliveries WHERE alert IN {_LISTED}",  # noqa: S608  own words
    remove_alerts,
)
# Those of an article go together, for only together they show how it changed.
_CAPTURES = Walk(
    """SELECT fetched_at AS at, id, NOT EXISTS (
            SELECT 1 FROM captures AS other WHERE other.article = page.article AND fetched_at >= ?3
        ) AS goes, fetched_at < ?3 AS old
    FROM captures AS page WHERE id > ?2 ORDER BY id LIMIT ?5""",
    f"SELECT sum(300 + size) AS bytes FROM captures WHERE id IN {_LISTED}",  # noqa: S608  own words
    remove_captures,
    by_key=True,
)
# A source is judged by its last looks, however old they are.
_LOOKS = Walk(
    f"""SELECT looked_at AS at, id, looked_at < (SELECT looked_at FROM looks WHERE source = page.source
            ORDER BY looked_at DESC LIMIT 1 OFFSET {FAILURES - 1})
        AND (outcome != 'ok' OR looked_at < (SELECT looked_at FROM looks WHERE source = page.source
            AND outcome = 'ok' ORDER BY looked_at DESC LIMIT 1 OFFSET 1)) AS goes
    FROM looks AS page
    WHERE (looked_at, id) > (?1, ?2) AND looked_at < ?3 ORDER BY looked_at, id LIMIT ?5""",  # noqa: S608  own words
    f"SELECT sum(120 + length(source) + length(detail)) AS bytes FROM looks WHERE id IN {_LISTED}",  # noqa: S608
    _delete("looks"),
)
_VISITS = Walk(
    """SELECT visited_at AS at, id, visited_at < ?3 AS goes, visited_at < ?3 AS old
    FROM visits WHERE id > ?2 ORDER BY id LIMIT ?5""",
    f"SELECT sum(80 + length(host)) AS bytes FROM visits WHERE id IN {_LISTED}",  # noqa: S608  own words
    _delete("visits"),
    by_key=True,
)
_GAPS = Walk(
    """SELECT at, id, at < ?3 AND page IS NULL AS goes, at < ?3 AS old
    FROM gaps WHERE id > ?2 ORDER BY id LIMIT ?5""",
    f"SELECT sum(80 + length(source)) AS bytes FROM gaps WHERE id IN {_LISTED}",  # noqa: S608  own words
    _delete("gaps"),
    by_key=True,
)
_NOTICES = Walk(
    """SELECT created_at AS at, id, created_at < ?3
        AND NOT EXISTS (SELECT 1 FROM deliveries WHERE notice = page.id AND state IN ('pending', 'claimed')) AS goes,
        created_at < ?3 AS old
    FROM notices AS page WHERE id > ?2 ORDER BY id LIMIT ?5""",
    f"SELECT sum(100 + length(text) + length(details)) AS bytes FROM notices WHERE id IN {_LISTED}",  # noqa: S608
    remove_notices,
    by_key=True,
)
_ROBOTS = Walk(
    """SELECT read_at AS at, rowid AS id, read_at < ?3 AS goes, read_at < ?3 AS old
    FROM robots WHERE rowid > ?2 ORDER BY rowid LIMIT ?5""",
    f"SELECT sum(length(CAST(text AS BLOB))) AS bytes FROM robots WHERE rowid IN {_LISTED}",  # noqa: S608  own words
    _delete("robots"),
    by_key=True,
)
_ENTRIES = Walk(
    """SELECT found_at AS at, id, ended_at < ?3 AND (title, summary, detail) <> ('', '', '') AS goes,
        found_at < ?3 AS old
    FROM entries WHERE id > ?2 ORDER BY id LIMIT ?5""",
    f"""SELECT sum(length(CAST(title AS BLOB)) + length(CAST(summary AS BLOB)) + length(detail)) AS bytes
    FROM entries WHERE id IN {_LISTED}""",  # noqa: S608  own words
    _empty_entries,
    by_key=True,
)

WALKS: Mapping[RetentionClass, tuple[Walk, ...]] = {
    RetentionClass.UNMATCHED: (_OFF_TOPIC,),
    RetentionClass.MATCHED: (_ON_TOPIC, _STORIES),
    RetentionClass.ALERTS: (_ALERTS,),
    RetentionClass.CAPTURES: (_CAPTURES,),
    RetentionClass.LOOKS: (_LOOKS, _VISITS, _GAPS, _NOTICES, _ROBOTS),
    RetentionClass.ENTRIES: (_ENTRIES,),
}
