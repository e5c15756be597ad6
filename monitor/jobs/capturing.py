"""Keeping pages on topic as they were fetched, step by step beside what the history stores about them."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.core.delivery.notices import Notice, NoticeKind
from monitor.core.errors import StorageError
from monitor.jobs.steps import Observer, Step, ignore
from spiders.captures import CaptureFault

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.core.models import Fetched, Stored
    from monitor.jobs.keeper import Keeper
    from monitor.store.capture_files import CaptureFiles
    from monitor.store.database import Database
    from spiders.captures import Capture
    from spiders.items import CrawlReport

_log = logging.getLogger("tumen.captures")
_FORGOTTEN = timedelta(hours=1)  # a file that waits longer in the spool was left by a worker that died

_SUBJECT = "captures"  # of the condition that they fail
_LASTING = frozenset({CaptureFault.DISK_FULL, CaptureFault.UNWRITABLE})  # a person must see to it


class Capturing:
    """Makes files of captures last whose articles do, and has the others removed.

    Args:
        files: where they lie; None if no pages are captured.
        observe: is told each step of the road.
        keeper: is told once that pages cannot be kept, and once that they are again.
    """

    def __init__(
        self, files: CaptureFiles | None = None, observe: Observer = ignore, keeper: Keeper | None = None
    ) -> None:
        self._files = files
        self._observe = observe
        self._keeper = keeper
        self._failing = False

    def hold(self, fetched: Fetched | None, *, wanted: bool) -> Fetched | None:
        """What is to be stored of how a page was fetched: with its capture, made durable, if that is wanted."""
        if fetched is None or fetched.capture is None:
            return fetched
        if not wanted or self._files is None:
            return replace(fetched, capture=None)
        return replace(fetched, capture=self._files.hold(fetched.capture))

    def settle(self, fetched: Fetched | None, stored: Stored) -> None:
        """Put a capture that was held into its place if the history relies on it now, else have it removed."""
        capture = fetched.capture if fetched else None
        if fetched is None or capture is None or self._files is None:
            return
        self._tell(capture)
        if capture.fault is not None:
            _log.warning(
                "%s is not kept as it was fetched: %s: %s", fetched.url, capture.fault, capture.detail
            )
        elif stored.captured:
            self._files.place(capture.name)
            self._observe(Step.CAPTURED, fetched.url)
        else:
            self._files.release(capture.name)

    def _tell(self, capture: Capture) -> None:
        if self._keeper is None:
            return
        with suppress(StorageError):  # the article is stored: the next one says it again
            if capture.fault in _LASTING:
                text = f"pages on topic cannot be kept as they were fetched: {capture.fault}"
                details = (capture.detail, "make room, or let Tumen write in the folder of captures")
                self._keeper.begin(_SUBJECT, Notice(NoticeKind.CAPTURES_FAILING, "", text, details))
                self._failing = True
            elif capture.fault is None and self._failing:
                text = "pages on topic are kept again as they were fetched"
                self._keeper.end(_SUBJECT, Notice(NoticeKind.CAPTURES_KEPT, "", text))
                self._failing = False

    def drop(self, report: CrawlReport) -> None:
        """Remove the capture of a report that was dealt with, unless it was held."""
        if self._files is not None and report.capture is not None:
            self._files.drop(report.capture.name)

    def prepare(self, db: Database) -> None:
        """Make ready, and finish what the last run left. Raises StorageError if the history cannot be read."""
        if self._files is not None:
            self._files.prepare(db)
        if self._keeper is not None:
            self._failing = _SUBJECT in self._keeper.standing()

    def begin(self, files: CaptureFiles) -> None:
        """Keep pages from now on, if none were kept. Whoever keeps none any more still needs those that are there."""
        if self._files is None:
            self._files = files

    def tidy(self, db: Database, now: datetime) -> None:
        """Finish what was left since. Raises StorageError if the history cannot be read."""
        if self._files is not None:
            self._files.tidy(db, (now - _FORGOTTEN).timestamp())
