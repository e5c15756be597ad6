"""Pages that were read and are looked at again while their stories move."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from monitor.core.models import Pending
from monitor.core.sources.revisiting import MOVING, PER_HOST, Visit
from monitor.store.columns import read_optional_time, read_time
from monitor.store.database import add, change, rows, transaction
from spiders.items import Entry, Outcome, Validators, host

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from monitor.store.database import Database
    from spiders.items import CrawlReport

_DAY = timedelta(days=1)

# What was due longer ago belongs to a story that has come to rest, or was slept through.
_DUE = """
    SELECT articles.*, entries.url AS entry_url, entries.title AS entry_title, entries.summary,
        entries.language AS entry_language, entries.published AS entry_published, entries.source AS entry_source,
        entries.found_at, entries.first_look, revisions.title AS now_title, revisions.text AS now_text
    FROM (
        SELECT articles.*, row_number() OVER (PARTITION BY articles.host ORDER BY visit_at, articles.id)
            + (SELECT count(*) FROM visits WHERE visits.host = articles.host AND visited_at > ?2) AS nth
        FROM articles JOIN stories ON stories.id = articles.story
        WHERE visit_at BETWEEN ?3 AND ?1 AND stories.last_at >= ?3 AND articles.host NOT IN
            (SELECT value FROM json_each(?5))
    ) AS articles
    JOIN entries ON entries.id = (SELECT min(id) FROM entries WHERE entries.article = articles.id)
    JOIN revisions ON revisions.article = articles.id AND revisions.number =
        (SELECT max(number) FROM revisions WHERE revisions.article = articles.id)
    WHERE nth <= ?6 ORDER BY visit_at, articles.id LIMIT ?4
"""


class Visits:
    """The pages of a history that are visited again.

    Every method may raise DatabaseBusy, DatabaseDamaged or StorageError; then nothing was changed.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    def due(self, now: datetime, limit: int, *, exclude_hosts: Iterable[str] = ()) -> tuple[Visit, ...]:
        """At most `limit` pages whose stories move and that are to be visited now, the longest overdue first.

        A host is asked for at most `PER_HOST` pages within a day. Hosts are compared as `spiders.items.host` gives
        them.
        """
        hosts = json.dumps(list(exclude_hosts))
        found = rows(self._db, _DUE, (now, now - _DAY, now - MOVING, limit, hosts, PER_HOST))
        return tuple(map(_visit, found))

    def save(
        self,
        visit: Visit,
        report: CrawlReport,
        *,
        revised: bool,
        missing: int,
        gone: bool,
        next_visit: datetime | None,
        now: datetime,
    ) -> None:
        """Store how a visit ended, in one transaction. Validators are only taken from one that ended ok.

        `missing` counts the visits in a row that did not find the page; with `gone` it is known to be.
        """
        with transaction(self._db):
            row = {
                "article": visit.article,
                "host": host(visit.url),
                "visited_at": now,
                "outcome": report.outcome,
                "revised": revised,
                "reason": report.reason,
                "status": report.status,
                "size": report.size,
            }
            add(self._db, "visits", row)
            change(
                self._db,
                "UPDATE articles SET visit_at = ?, missing = ?, gone_at = ? WHERE id = ?",
                (next_visit, missing, now if gone else None, visit.article),
            )
            if report.outcome is Outcome.OK and not missing:
                validators = report.validators
                change(
                    self._db,
                    "UPDATE articles SET etag = ?, modified = ? WHERE id = ?",
                    (validators.etag, validators.modified, visit.article),
                )


def _visit(row: Mapping[str, Any]) -> Visit:
    entry = Entry(
        url=row["entry_url"],
        title=row["entry_title"],
        summary=row["summary"],
        published=read_optional_time(row["entry_published"]),
        language=row["entry_language"],
    )
    pending = Pending(
        entry=entry,
        source=row["entry_source"],
        language=row["language"],
        found_at=read_time(row["found_at"]),
        first_look=bool(row["first_look"]),
    )
    return Visit(
        article=row["id"],
        address=row["url"],
        url=row["fetched"],
        pending=pending,
        title=row["now_title"],
        text=row["now_text"],
        read_at=read_time(row["read_at"]),
        validators=Validators(row["etag"], row["modified"]),
        missing=row["missing"],
    )
