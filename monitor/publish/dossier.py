"""What is known of an article, as a folder to hand over: its pages as they were fetched, texts, reasons, proof."""

from __future__ import annotations

import difflib
import hashlib
import json
import shutil
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from monitor.core.errors import InputError, StorageError
from monitor.jobs.inquiry import inquire
from monitor.jobs.integrity import of_file, of_revision
from monitor.publish.proof import README
from monitor.store.archive import Archive
from monitor.store.captures import Captures
from monitor.store.database import open_reader, snapshot
from monitor.store.history import History
from monitor.store.sealing import seals

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from monitor.core.delivery.deliveries import Recipient
    from monitor.core.models import Match
    from monitor.jobs.integrity import Fault
    from monitor.store.archive import Record
    from monitor.store.capture_files import CaptureFiles
    from monitor.store.captures import CaptureLine
    from monitor.store.history import AlertLine
    from monitor.store.outcomes import AttemptLine
    from monitor.store.sealing import SealedRevision

_CAPTURES = "captures"
_SUMS = "SHA256SUMS"


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything that the history holds of an article.

    Attributes:
        record: what was recorded.
        revisions: all versions, with their seals; `matches` are the rules that fired on each.
        captures: its pages as they were fetched.
        attempts: how each alert was sent, by recipient.
    """

    record: Record
    revisions: tuple[SealedRevision, ...]
    matches: tuple[tuple[Match, ...], ...]
    captures: tuple[CaptureLine, ...]
    attempts: Mapping[int, Mapping[Recipient, tuple[AttemptLine, ...]]]


@dataclass(frozen=True, slots=True)
class Handed:
    """What was written: how many files, of these captures, and what did not hold by then."""

    files: int
    captures: int
    faults: tuple[Fault, ...]


def collect(path: Path, what: str) -> Dossier:
    """All about an article that is named by number, address or `alert:NUMBER`.

    Raises:
        InputError: the history does not know it.
        StorageError: the history cannot be read.
    """
    found = inquire(path, what)
    if found.record is None:
        remedy = "write its number, its address, or alert:NUMBER; `tumen why` says what became of an address"
        raise InputError("is no article that was read", where=what or "ARTICLE", remedy=remedy)
    article = found.record.text.id
    with closing(open_reader(path)) as db, snapshot(db):
        record, archive, history = Archive(db).record(article), Archive(db), History(db)
        revisions = tuple(seals(db, article))
        return Dossier(
            record,
            revisions,
            tuple(archive.matches(one.revision) for one in revisions),
            Captures(db).of_article(article),
            {alert.id: history.attempts(alert.id) for alert in record.alerts},
        )


def write(dossier: Dossier, files: CaptureFiles, folder: Path, now: datetime) -> Handed:
    """Write a dossier into a folder that this makes.

    Nothing that a page says names a file. What does not hold any more is written down as it is, and named.

    Raises:
        StorageError: there is such a folder already, or it cannot be written; then nothing of it is left.
    """
    try:
        folder.mkdir()
    except FileExistsError:
        remedy = "name another with --to, or remove it"
        raise StorageError("there is something already", where=str(folder), remedy=remedy) from None
    except OSError as error:
        raise _unwritable(folder, error) from None
    try:
        return _fill(dossier, files, folder, now)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise _unwritable(folder, error) from None
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _fill(dossier: Dossier, files: CaptureFiles, folder: Path, now: datetime) -> Handed:
    faults = [fault for one in dossier.revisions if (fault := of_revision(one)) is not None]
    copied = 0
    for line in dossier.captures:
        if line.file:
            copied += _copy(line, files, folder)
            if (fault := of_file(files, line)) is not None:
                faults.append(fault)
    texts = {f"version-{one.number}.txt": f"{one.title}\n\n{one.text}\n" for one in dossier.revisions}
    texts["changes.txt"] = "".join(_changes(dossier.revisions))
    about = metadata(dossier, faults, now)
    texts["metadata.json"] = json.dumps(about, ensure_ascii=False, indent=2) + "\n"
    texts["README.txt"] = README
    for name, text in texts.items():
        # As in the history: halves of surrogate pairs are no text.
        (folder / name).write_bytes(text.encode("utf-8", "replace"))
    _sum(folder)
    return Handed(len(texts) + copied + 1, copied, tuple(faults))


def _copy(line: CaptureLine, files: CaptureFiles, folder: Path) -> int:
    """Copy the file of a capture, if it can be read; how many that were."""
    path = files.find(line.file)  # only what is named like a capture
    try:
        content = path.read_bytes() if path else b""
    except OSError:
        content = b""  # that it does not hold is said
    if not content:
        return 0
    (folder / _CAPTURES).mkdir(exist_ok=True)
    (folder / _CAPTURES / line.file).write_bytes(content)
    return 1


def _sum(folder: Path) -> None:
    """Write the SHA-256 of all files, as `sha256sum` does."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = (
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in paths
    )
    (folder / _SUMS).write_text("".join(lines), encoding="utf-8")


def _changes(revisions: Sequence[SealedRevision]) -> Iterator[str]:
    """What each version says differently from the one before, line by line."""
    for before, after in pairwise(revisions):
        old, new = ([one.title, "", *one.text.splitlines()] for one in (before, after))
        names = (f"version-{before.number}.txt", f"version-{after.number}.txt")
        for line in difflib.unified_diff(old, new, *names, before.read_at, after.read_at, lineterm=""):
            yield f"{line}\n"


def metadata(dossier: Dossier, faults: Sequence[Fault], now: datetime) -> dict[str, Any]:
    """What is known of the article, for programs."""
    text, record = dossier.record.text, dossier.record
    article, story = text.article, record.story
    return {
        "exported_at": now.isoformat(),
        "article": text.id,
        "url": article.url,
        "title": article.title,
        "language": article.language,
        "published": _iso(article.published),
        "author": article.author,
        "source": text.source,
        "listed": None if record.entry is None else _listed(record),
        "gone_at": _iso(record.gone_at),
        "reason": text.reason.value,
        "story": None if story is None else {"id": story.id, "title": story.title},
        "versions": [
            _version(one, matches) for one, matches in zip(dossier.revisions, dossier.matches, strict=True)
        ],
        "captures": list(map(_capture, dossier.captures)),
        "alerts": [_alert(alert, dossier.attempts.get(alert.id, {})) for alert in record.alerts],
        "feedback": [
            {"verdict": one.verdict.value, "rule": one.rule, "note": one.note, "at": _iso(one.at)}
            for one in record.feedback
        ],
        "faults": [fault_row(fault) for fault in faults],
    }


def fault_row(fault: Fault) -> dict[str, Any]:
    """Something that does not hold, for programs."""
    return {
        "fault": fault.kind.value,
        "where": fault.where,
        "article": fault.article,
        "says": fault.says,
        "remedy": fault.remedy,
    }


def _listed(record: Record) -> dict[str, Any]:
    entry = record.entry
    return {"url": entry.url, "title": entry.title, "found_at": _iso(entry.found_at)} if entry else {}


def _version(one: SealedRevision, matches: Sequence[Match]) -> dict[str, Any]:
    return {
        "number": one.number,
        "read_at": one.read_at,
        "title": one.title,
        "text": f"version-{one.number}.txt",
        "content_hash": one.content_hash,
        "chain": one.chain,
        "rules": [
            {
                "pack": match.pack,
                "version": match.version,
                "rule": match.rule,
                "severity": match.severity.value,
                "evidence": [
                    {"field": words.field.value, "start": words.start, "end": words.end}
                    | {"text": words.text, "concept": words.concept}
                    for words in match.evidence
                ],
            }
            for match in matches
        ],
    }


def _capture(line: CaptureLine) -> dict[str, Any]:
    return {
        "version": line.number,
        "url": line.url,
        "fetched_at": _iso(line.fetched_at),
        "file": f"{_CAPTURES}/{line.file}" if line.file else None,
        "size": line.size,
        "sha256": line.sha256,
        "payload_sha256": line.payload,
        "fault": line.fault.value if line.fault else None,
        "detail": line.detail,
    }


def _alert(alert: AlertLine, attempts: Mapping[Recipient, Sequence[AttemptLine]]) -> dict[str, Any]:
    return {
        "id": alert.id,
        "kind": alert.kind.value,
        "reason": alert.reason.value,
        "created_at": _iso(alert.created_at),
        "deliveries": [
            {
                "channel": line.channel,
                "recipient": line.recipient.key,
                "state": line.state.value,
                "sent_at": _iso(line.sent_at),
                "attempts": [
                    {"begun_at": _iso(one.begun_at), "ended_at": _iso(one.ended_at), "outcome": one.outcome}
                    for one in attempts.get(line.recipient, ())
                ],
            }
            for line in alert.deliveries
        ],
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _unwritable(folder: Path, error: OSError) -> StorageError:
    remedy = "make room, or name another folder with --to"
    return StorageError(f"cannot be written: {error.strerror or error}", where=str(folder), remedy=remedy)
