"""Why was an article told, or why not? What the history recorded about it, whether or not the service runs."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.core.errors import InputError
from monitor.store.alerts import read_alert
from monitor.store.archive import Archive
from monitor.store.database import open_reader
from monitor.store.feedback import Feedback
from spiders.address import clean_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from monitor.core.models import Alert
    from monitor.store.archive import EntryLine, Record
    from monitor.store.feedback import Judgement
    from monitor.store.pruning import PruningLine

_ALERT = re.compile(r"alert:([0-9]{1,18})", re.ASCII)
_NUMBER = re.compile(r"(?:article:)?([0-9]{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Findings:
    """What the history knows: all about an article; or what became of an address that was not read; or was pruned.

    `alerts` are all that told of the article, newest first.
    """

    record: Record | None = None
    alerts: tuple[Alert, ...] = ()
    entry: EntryLine | None = None
    pruned: PruningLine | None = None


def inquire(path: Path, what: str) -> Findings:
    """Look up an article by its number or address, or by `alert:NUMBER`.

    What nothing is known about gives empty findings.

    Raises:
        InputError: there is no article or alert with this number.
        StorageError: the history cannot be read.
    """
    if not path.exists():
        if _NUMBER.fullmatch(what) or _ALERT.fullmatch(what):
            raise InputError(
                "there is no history here yet", where=str(path), remedy="start `tumen run` first"
            )
        return Findings()
    with closing(open_reader(path)) as db:
        archive = Archive(db)
        if alert := _ALERT.fullmatch(what):
            found = archive.find(read_alert(db, int(alert.group(1))).article.url)
        elif number := _NUMBER.fullmatch(what):
            found = archive.record(int(number.group(1))).text.id
        else:
            known = map(archive.find, _spellings(what))
            found = next((number for number in known if number is not None), None)
        if found is None:
            return _not_read(archive, tuple(_spellings(what)))
        record = archive.record(found)
        return Findings(record, tuple(read_alert(db, line.id) for line in record.alerts))


def _not_read(archive: Archive, spellings: tuple[str, ...]) -> Findings:
    """What became of an address that has no article."""
    entries = (archive.entry(url) for url in spellings)
    entry = next((entry for entry in entries if entry is not None), None)
    stones = (archive.tombstone(url) for url in spellings) if entry is None else ()
    return Findings(entry=entry, pruned=next((stone for stone in stones if stone is not None), None))


def judgements(path: Path) -> tuple[Judgement, ...]:
    """What readers said, oldest first; nothing if there is no history yet."""
    if not path.exists():
        return ()
    with closing(open_reader(path)) as db:
        return Feedback(db).list()


def _spellings(url: str) -> Iterator[str]:
    """The address as given, and as the spiders write it: without what browsers and newsletters hang on it."""
    yield url
    if (cleaned := clean_url(url)) is not None:
        yield cleaned
