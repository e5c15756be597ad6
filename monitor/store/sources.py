"""Sources, looks at them, and the entries that looks found: step 1 of the road.

Whoever asks for work gets values; what a look changes is stored in one transaction.
"""

from __future__ import annotations

import json
from datetime import datetime  # noqa: TC003  part of the public values
from typing import TYPE_CHECKING, Any

from monitor.core.models import EntryState, Pending
from monitor.core.sources.pacing import Stirs
from monitor.store.columns import read_optional_time, read_time, storable
from monitor.store.database import change, rows, transaction
from monitor.store.declaring import declare, update
from monitor.store.gaps import Gaps
from monitor.store.habits import read_state
from monitor.store.looked import Looked, store_looked
from monitor.store.looks import known_before
from spiders.items import Entry, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from monitor.core.models import Reason
    from monitor.core.sources.rhythm import Habits
    from monitor.core.sources.state import SourceState
    from monitor.store.database import Database
    from spiders.items import CrawlReport, Source, Validators

# A published date in the future must not push an entry to the end. Whole rows are fetched for those that are chosen
# only, and of the many that may wait after many first looks only the oldest are considered, if these are enough.
_TO_READ = """
    SELECT entries.*, sources.language AS source_language
    FROM (
        SELECT id, since, row_number() OVER (PARTITION BY host ORDER BY since, id) AS nth
        FROM (
            SELECT id, host, not_before, min(ifnull(published, found_at), found_at) AS since
            FROM entries INDEXED BY entries_to_read
            WHERE state = 'to_read' ORDER BY min(ifnull(published, found_at), found_at), id LIMIT ?5
        )
        WHERE ifnull(not_before, '') <= ?1 AND host NOT IN (SELECT value FROM json_each(?2))
    ) AS waiting
    JOIN entries USING (id) JOIN sources ON sources.name = entries.source
    WHERE nth <= ?3 ORDER BY since, entries.id LIMIT ?4
"""
_OLDEST = 5_000  # entries that are considered, besides ten for each that is wanted
_MORE = "SELECT 1 FROM entries WHERE state = 'to_read' LIMIT 1 OFFSET ?"
_STIRRED = """
    SELECT * FROM sources
    WHERE name > ?1 AND next_due > ?2 AND weight IN (SELECT value FROM json_each(?3))
        AND (name IN (SELECT value FROM json_each(?4)) {or_language})
        AND retired_at IS NULL AND dropped_at IS NULL AND failures = 0 AND looked_at IS NOT NULL
    ORDER BY name LIMIT ?6
"""


class Sources:
    """The sources of a history, their entries, and (`gaps`) what may be missing among these.

    Every method may raise DatabaseBusy, DatabaseDamaged or StorageError; then nothing was changed.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self.gaps = Gaps(db)

    def sync(self, sources: Sequence[Source], now: datetime) -> None:
        """Take the declared sources over from the configuration.

        New ones are due now. Those that are no longer declared keep their history and retire. A changed address
        makes a source a new one: its validators, failures and baseline are forgotten, and it is due now. So is one
        that was dropped and is not unverified any more.
        """
        with transaction(self._db):
            declare(self._db, sources, now)

    def states(self) -> tuple[SourceState, ...]:
        """All declared sources, by name."""
        found = rows(self._db, "SELECT * FROM sources WHERE retired_at IS NULL ORDER BY name")
        return tuple(map(read_state, found))

    def state(self, name: str) -> SourceState | None:
        """One source, declared or retired; None if there never was one of this name."""
        found = rows(self._db, "SELECT * FROM sources WHERE name = ?", (name,))
        return read_state(found[0]) if found else None

    def due(self, now: datetime, limit: int, *, without: Iterable[str] = ()) -> tuple[SourceState, ...]:
        """At most `limit` sources that are to be looked at, the longest overdue first; none of these names."""
        found = rows(
            self._db,
            """SELECT * FROM sources WHERE retired_at IS NULL AND dropped_at IS NULL AND next_due <= ?
                AND name NOT IN (SELECT value FROM json_each(?))
            ORDER BY next_due, name LIMIT ?""",
            (now, json.dumps(list(without)), limit),
        )
        return tuple(map(read_state, found))

    def next_due(self) -> datetime | None:
        """When the next source is due, None if there is none."""
        (row,) = rows(
            self._db,
            "SELECT min(next_due) AS due FROM sources WHERE retired_at IS NULL AND dropped_at IS NULL",
        )
        return read_optional_time(row["due"])

    def save_look(
        self,
        source: str,
        report: CrawlReport,
        *,
        next_due: datetime,
        now: datetime,
        baseline_before: datetime | None,
        asked: Validators | None = None,
        habits: Habits | None = None,
    ) -> tuple[Pending, ...]:
        """As `save_looks`, for one."""
        look = Looked(source, report, next_due, asked, habits)
        (found,) = self.save_looks((look,), now=now, baseline_before=baseline_before)
        return found

    def save_looks(
        self, looks: Iterable[Looked], *, now: datetime, baseline_before: datetime | None
    ) -> tuple[tuple[Pending, ...], ...]:
        """Store how looks ended, and what they found, in one transaction.

        Entries with unknown addresses are stored to be read. At the first good look of a source they are its
        baseline: those known to be published before `baseline_before` are skipped, the others are marked
        `first_look`. Validators are only taken from a look that ended ok. Returned are, for each look, the new
        entries that are to be read, in the source's order.
        """
        with transaction(self._db):
            return tuple(store_looked(self._db, look, now, baseline_before) for look in looks)

    def to_read(
        self,
        now: datetime,
        limit: int,
        *,
        exclude_hosts: Iterable[str] = (),
        per_host: int | None = None,
    ) -> tuple[Pending, ...]:
        """At most `limit` entries whose articles are to be read now, oldest first.

        Hosts are compared as `spiders.items.host` gives them. `per_host` bounds the entries of one host, so that
        a source that brings hundreds at once does not keep the others waiting.
        """
        asked = (now, json.dumps(list(exclude_hosts)), limit if per_host is None else per_host, limit)
        oldest = _OLDEST + 10 * limit
        found = rows(self._db, _TO_READ, (*asked, oldest))
        # All of these may be of a few hosts, or wait for another attempt.
        if len(found) < limit and rows(self._db, _MORE, (oldest,)):
            found = rows(self._db, _TO_READ, (*asked, -1))
        return tuple(map(_pending, found))

    def reading_failed(
        self,
        entry_url: str,
        *,
        reason: str,
        detail: str,
        now: datetime,
        retry_at: datetime | None,
    ) -> None:
        """Note that reading an entry's article failed. Without `retry_at` it is given up.

        An entry that is not (or no longer) to be read stays as it is.
        """
        state = EntryState.FAILED if retry_at is None else EntryState.TO_READ
        with transaction(self._db):
            change(
                self._db,
                """UPDATE entries SET attempts = attempts + 1, state = ?, reason = ?, detail = ?, not_before = ?,
                    ended_at = ? WHERE url = ? AND state = 'to_read'""",
                (state, reason, detail, retry_at, now if retry_at is None else None, entry_url),
            )

    def skip(self, urls: Iterable[str], reason: Reason, now: datetime) -> None:
        """Read these entries never. Those that are not to be read stay as they are."""
        with transaction(self._db):
            for url in urls:
                change(
                    self._db,
                    """UPDATE entries SET state = 'skipped', reason = ?, ended_at = ?
                    WHERE url = ? AND state = 'to_read'""",
                    (reason, now, url),
                )

    def unlisted(self, source: str, report: CrawlReport) -> tuple[Entry, ...]:
        """What a look found that this source has not listed before."""
        listed = {entry.url: entry for entry in report.entries if report.outcome is Outcome.OK}
        known = known_before(self._db, source, listed)
        return tuple(entry for url, entry in listed.items() if storable(url) not in known)

    def stirs(self, since: datetime) -> Stirs:
        """What the stories with alerts since then have to do with sources."""
        found = rows(
            self._db,
            """SELECT DISTINCT source, language FROM articles
            WHERE story IN (SELECT story FROM alerts WHERE created_at >= ?)""",
            (since,),
        )
        return Stirs(
            frozenset(row["source"] for row in found),
            frozenset(row["language"] for row in found if row["language"]),
        )

    def stirred(
        self, stirs: Stirs, weights: Iterable[int], now: datetime, limit: int, *, after: str = ""
    ) -> tuple[SourceState, ...]:
        """At most `limit` sources of these weights that stories concern, by name; none that is due, or fails."""
        asked = [json.dumps(list(names)) for names in (weights, stirs.sources, stirs.languages)]
        if asked[0] == "[]":
            return ()  # so all of them need not be looked through
        by_language = "OR language IN (SELECT value FROM json_each(?5))" if stirs.languages else ""
        found = rows(self._db, _STIRRED.format(or_language=by_language), (after, now, *asked, limit))
        return tuple(map(read_state, found))

    def hasten(self, source: str, due: datetime) -> None:
        """Have a source looked at then, if it is due later."""
        self.hasten_all({source: due})

    def hasten_all(self, due: Mapping[str, datetime]) -> None:
        """Have sources looked at then, by their names, if they are due later."""
        if not due:
            return
        with transaction(self._db):
            for source, at in due.items():
                change(
                    self._db, "UPDATE sources SET next_due = min(next_due, ?) WHERE name = ?", (at, source)
                )

    def look_now(self, name: str, now: datetime) -> int:
        """Make a declared source due now; how many were, 0 if there is none of this name.

        The time for which it has failed begins anew, and one that was dropped gets another chance.
        """
        with transaction(self._db):
            return change(
                self._db,
                """UPDATE sources SET next_due = ?, failing_since = NULL, dropped_at = NULL
                WHERE name = ? AND retired_at IS NULL""",
                (now, name),
            )

    def look_at_unreached(self, reasons: Iterable[str], now: datetime) -> int:
        """Make due now what failed in its last look for one of these reasons, as with `look_now`; how many were."""
        with transaction(self._db):
            return change(
                self._db,
                """UPDATE sources SET next_due = ?, failing_since = NULL
                WHERE retired_at IS NULL AND dropped_at IS NULL AND failures > 0
                    AND last_reason IN (SELECT value FROM json_each(?))""",
                (now, json.dumps(sorted(reasons))),
            )

    def drop(self, source: str, now: datetime) -> None:
        """Look at a source no more, until it is wanted by name."""
        with transaction(self._db):
            update(self._db, source, {"dropped_at": now})


def _pending(row: Mapping[str, Any]) -> Pending:
    entry = Entry(
        url=row["url"],
        title=row["title"],
        summary=row["summary"],
        published=read_optional_time(row["published"]),
        language=row["language"],
    )
    return Pending(
        entry=entry,
        source=row["source"],
        language=row["language"] or row["source_language"],
        found_at=read_time(row["found_at"]),
        attempts=row["attempts"],
        first_look=bool(row["first_look"]),
    )
