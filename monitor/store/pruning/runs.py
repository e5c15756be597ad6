"""Pruning a history, one short transaction after another, each of which leaves it whole."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime  # noqa: TC003  part of the public values
from typing import TYPE_CHECKING, Any

from monitor.core.retention import PruneReason, RetentionClass, because
from monitor.store.columns import read_time
from monitor.store.database import change, rows, snapshot, transaction
from monitor.store.pruning.removing import articles_of_captures
from monitor.store.pruning.space import used_bytes
from monitor.store.pruning.walks import BEGIN, WALKS, Place

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from monitor.core.retention import Cut
    from monitor.store.capture_files import CaptureFiles
    from monitor.store.database import Database

_SURVEYED = 2000  # rows of a page of a survey


@dataclass(frozen=True, slots=True)
class Slice:
    """What one slice removed: how many rows, by how many bytes the file is emptier, and where the next one begins.

    The last one of a cut has no `next`.
    """

    removed: int
    freed: int
    next: Place | None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many would go by a cut, and about how many bytes are in them."""

    many: int
    size: int


@dataclass(frozen=True, slots=True)
class PruningLine:
    """What a run removed of a class: `removed` rows, by which the file is `freed` bytes emptier."""

    id: int
    begun_at: datetime
    ended_at: datetime
    what: RetentionClass
    why: PruneReason
    before: datetime
    removed: int
    freed: int

    @property
    def because(self) -> str:
        """Why, as a clause that can stand alone."""
        return because(self.what, self.why, self.before)


class Pruning:
    """Removes what may go.

    Args:
        db: the history.
        files: those of its captures; without them no capture is removed.

    Every method may raise DatabaseBusy, DatabaseDamaged or StorageError; then nothing was changed.
    """

    def __init__(self, db: Database, files: CaptureFiles | None = None) -> None:
        self._db = db
        self._files = files

    def prune(self, cut: Cut, place: Place, *, most: int, begun: datetime, now: datetime) -> Slice:
        """Remove at most so many rows of a cut that stand behind a place, for the run that has begun then."""
        with self._db.turn:  # so that no other thread writes between the question and the answer
            if cut.what is RetentionClass.CAPTURES and self._files is None:
                return Slice(0, 0, None)
            with snapshot(self._db):
                going, behind = self._next(cut, place, most)
            if not going:
                return Slice(0, 0, behind)
            with self._files_of(cut, going):
                freed = self._remove(cut, place, going, begun, now)
            return Slice(len(going), freed, behind)

    def survey(self, cut: Cut) -> Tally:
        """What would go by a cut if nothing else went before. Removes nothing; every read is short."""
        many = size = 0
        place: Place | None = BEGIN
        while place is not None:
            with snapshot(self._db):
                walk = place.walk
                going, place = self._next(cut, place, _SURVEYED)
                many += len(going)
                size += WALKS[cut.what][walk].weight(self._db, going) if going else 0
        return Tally(many, size)

    def lines(self, *, limit: int) -> tuple[PruningLine, ...]:
        """What was removed, the latest first."""
        found = rows(self._db, "SELECT * FROM prunings ORDER BY id DESC LIMIT ?", (limit,))
        return tuple(map(read_pruning, found))

    def totals(self) -> Mapping[RetentionClass, int]:
        """How many were removed of each class of which any were."""
        found = rows(
            self._db, "SELECT class, sum(removed) AS many FROM prunings GROUP BY class ORDER BY class"
        )
        return {RetentionClass(row["class"]): row["many"] for row in found}

    def _remove(self, cut: Cut, place: Place, going: tuple[int, ...], begun: datetime, now: datetime) -> int:
        """Remove rows, and note it; by how many bytes the file is emptier then."""
        with transaction(self._db):
            used = used_bytes(self._db)
            number = self._number(cut, begun, now)
            WALKS[cut.what][place.walk].remove(self._db, json.dumps(going), number)
            freed = used - used_bytes(self._db)
            change(
                self._db,
                "UPDATE prunings SET removed = removed + ?, bytes = bytes + ?, ended_at = ? WHERE id = ?",
                (len(going), freed, now, number),
            )
            return freed

    def _files_of(self, cut: Cut, going: tuple[int, ...]) -> AbstractContextManager[object]:
        """What takes the files of captures away together with their rows."""
        if self._files is None or cut.what is not RetentionClass.CAPTURES:
            return nullcontext()
        return self._files.removing(self._db, articles_of_captures(self._db, going))

    def _next(self, cut: Cut, place: Place, most: int) -> tuple[tuple[int, ...], Place | None]:
        walks = WALKS[cut.what]
        if not walks:
            return (), None
        going, behind = walks[place.walk].next(self._db, cut, place, most)
        if behind is None and place.walk + 1 < len(walks):
            behind = replace(BEGIN, walk=place.walk + 1)
        return going, behind

    def _number(self, cut: Cut, begun: datetime, now: datetime) -> int:
        """The number of the pruning of a class by a run; a new one for its first slice."""
        change(
            self._db,
            """INSERT INTO prunings (begun_at, ended_at, class, why, before) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (begun_at, class, why) DO NOTHING""",
            (begun, now, cut.what, cut.why, cut.before),
        )
        sql = "SELECT id FROM prunings WHERE (begun_at, class, why) = (?, ?, ?)"
        return int(rows(self._db, sql, (begun, cut.what, cut.why))[0]["id"])


def read_pruning(row: Mapping[str, Any]) -> PruningLine:
    """The pruning in a row."""
    return PruningLine(
        id=row["id"],
        begun_at=read_time(row["begun_at"]),
        ended_at=read_time(row["ended_at"]),
        what=RetentionClass(row["class"]),
        why=PruneReason(row["why"]),
        before=read_time(row["before"]),
        removed=row["removed"],
        freed=row["bytes"],
    )
