"""Which pages are kept as they were fetched. Their files are the matter of `monitor.store.capture_files`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  part of the public values
from typing import TYPE_CHECKING, Any

from monitor.store.columns import read_time
from monitor.store.database import add, change, rows
from spiders.captures import CaptureFault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from monitor.core.models import Fetched
    from monitor.store.database import Database


@dataclass(frozen=True, slots=True)
class CaptureLine:
    """One page as it was fetched, or why it could not be kept.

    Attributes:
        id: its key in the history; `article`, `revision` and `number` say what was read of it.
        url: the address that answered, after all redirects.
        fetched_at: when it was asked for.
        file: name of its file, empty if there is none; see `CaptureFiles.find`.
        size: bytes of the file.
        sha256: of the file, hexadecimal.
        payload: SHA-256 of the page's body as it was received, hexadecimal.
        fault: why there is no file; `detail` says it to a person.
    """

    id: int
    article: int
    revision: int
    number: int
    url: str
    fetched_at: datetime
    file: str
    size: int
    sha256: str
    payload: str
    fault: CaptureFault | None
    detail: str


@dataclass(frozen=True, slots=True)
class CaptureTotals:
    """How many captures there are, the bytes of their files, and how many could not be kept."""

    kept: int
    size: int
    failed: int


class Captures:
    """Questions about captures. Every method may raise DatabaseBusy, DatabaseDamaged or StorageError."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of_article(self, article: int) -> tuple[CaptureLine, ...]:
        """Those of an article, in the order of its revisions."""
        found = rows(self._db, f"{_LINES} WHERE captures.article = ? ORDER BY captures.id", (article,))
        return tuple(map(_line, found))

    def all(self) -> Iterator[CaptureLine]:
        """All captures in the order in which they were stored. They are read in pages, so that no read is long."""
        after = 0
        while True:
            found = rows(
                self._db, f"{_LINES} WHERE captures.id > ? ORDER BY captures.id LIMIT ?", (after, _PAGE)
            )
            yield from map(_line, found)
            if len(found) < _PAGE:
                return
            after = found[-1]["id"]

    def totals(self) -> CaptureTotals:
        """Count them."""
        (row,) = rows(
            self._db, "SELECT count(file) AS kept, total(size) AS size, count(*) AS many FROM captures"
        )
        return CaptureTotals(row["kept"], int(row["size"]), row["many"] - row["kept"])

    def names(self, files: Iterable[str]) -> frozenset[str]:
        """Those of the names of files that the history relies on."""
        known = (name for name in files if rows(self._db, _KNOWN, (name,)))
        return frozenset(known)

    def files_of(self, articles: Iterable[int]) -> tuple[str, ...]:
        """The names of all files of these articles."""
        sql = "SELECT file FROM captures WHERE article = ? AND file IS NOT NULL ORDER BY id"
        return tuple(row["file"] for article in articles for row in rows(self._db, sql, (article,)))


def keep(db: Database, fetched: Fetched | None, article: int, revision: int) -> bool:
    """Note the capture of a revision, or why there is none; whether the history now relies on its file.

    Pages that are on topic are kept, and that were: what they took back is evidence too. The first good capture of a
    revision stays. Part of the transaction that stores the revision.
    """
    capture = fetched.capture if fetched else None
    if fetched is None or capture is None or not rows(db, _ON_TOPIC, (article,)):
        return False
    known = rows(db, "SELECT file FROM captures WHERE revision = ?", (revision,))
    if known and (known[0]["file"] is not None or capture.fault is not None):
        return False
    change(db, "DELETE FROM captures WHERE revision = ?", (revision,))
    row = {
        "article": article,
        "revision": revision,
        "url": fetched.url,
        "fetched_at": capture.at,
        "file": None if capture.fault else capture.name,
        "size": capture.size,
        "sha256": capture.sha256,
        "payload": capture.payload,
        "fault": capture.fault or "",
        "detail": capture.detail,
    }
    add(db, "captures", row)
    return capture.fault is None


def forget(db: Database, articles: Iterable[int]) -> None:
    """Delete what is noted about captures of articles: part of a transaction within `CaptureFiles.removing`."""
    for article in articles:
        change(db, "DELETE FROM captures WHERE article = ?", (article,))


_PAGE = 500  # captures that are read at a time
_ON_TOPIC = "SELECT 1 FROM articles WHERE id = ? AND story IS NOT NULL"
_KNOWN = "SELECT 1 FROM captures WHERE file = ?"
_LINES = (
    "SELECT captures.*, revisions.number FROM captures JOIN revisions ON revisions.id = captures.revision"
)


def _line(row: Mapping[str, Any]) -> CaptureLine:
    return CaptureLine(
        id=row["id"],
        article=row["article"],
        revision=row["revision"],
        number=row["number"],
        url=row["url"],
        fetched_at=read_time(row["fetched_at"]),
        file=row["file"] or "",
        size=row["size"],
        sha256=row["sha256"],
        payload=row["payload"],
        fault=CaptureFault(row["fault"]) if row["fault"] else None,
        detail=row["detail"],
    )
