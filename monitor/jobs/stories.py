"""What people ask about stories, and what they correct, whether or not the service runs."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from monitor import control
from monitor.core.errors import InputError
from monitor.core.models import AlertKind, Reason
from monitor.core.query import LEAD
from monitor.core.statements import FactKind, Field
from monitor.store.database import open_history, open_reader
from monitor.store.lock import WriterLock
from monitor.store.regrouping import EditKind, Regrouping, StoryEdit
from monitor.store.stories import Stories

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from monitor.core.statements import Fact
    from monitor.jobs.ingest import Ingestor
    from monitor.store.stories import Report, StoryLine, Timeline

_PATIENCE = 60.0  # seconds: the service reads the open stories anew
_REPEATS = frozenset({Reason.REPEAT, Reason.SAME_TEXT})


def lines(path: Path, *, limit: int, since: datetime | None) -> tuple[StoryLine, ...]:
    """The latest stories; none if there is no history yet."""
    if not path.exists():
        return ()
    with closing(open_reader(path)) as db:
        return Stories(db).lines(limit=limit, since=since)


def timeline(path: Path, story: int) -> Timeline:
    """A story with everything in it. Raises InputError if there is none with this number."""
    if not path.exists():
        raise InputError("there is no history here yet", where=str(path), remedy="start `tumen run` first")
    with closing(open_reader(path)) as db:
        return Stories(db).timeline(story)


def merge(path: Path, story: int, into: int, now: datetime, *, note: str = "") -> StoryEdit:
    """Have two stories be one, see `Regrouping.merge`: through the running service, or directly.

    Raises:
        InputError: they cannot be merged.
        StorageError: there is no history yet, or it cannot be written.
    """
    try:
        return _edit(control.call(path, "merge", timeout=_PATIENCE, story=story, into=into, note=note))
    except control.NotRunning:
        open_reader(path).close()  # says so if there is none: a correction makes no history
        with WriterLock(path), closing(open_history(path)) as db:
            return Regrouping(db).merge(story, into, now=now, note=note)


def split(path: Path, story: int, articles: Sequence[str], now: datetime, *, note: str = "") -> StoryEdit:
    """Have some articles be a story of their own, see `Regrouping.split`; otherwise as `merge`."""
    try:
        return _edit(
            control.call(path, "split", timeout=_PATIENCE, story=story, articles=articles, note=note)
        )
    except control.NotRunning:
        open_reader(path).close()
        with WriterLock(path), closing(open_history(path)) as db:
            return Regrouping(db).split(story, articles, now=now, note=note)


class Corrections:
    """Carries out for the running service what people ask for over its socket.

    Args:
        regrouping: where it is stored.
        ingestor: takes in what comes next, so it has to follow.
        clock: the time.
    """

    def __init__(self, regrouping: Regrouping, ingestor: Ingestor, clock: Callable[[], datetime]) -> None:
        self._regrouping = regrouping
        self._ingestor = ingestor
        self._clock = clock

    def handlers(self) -> dict[str, control.Handler]:
        """The commands of the socket."""
        return {"merge": self.merge, "split": self.split}

    async def merge(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Merge `story` into `into`, with a `note`."""
        return self._follow(self._regrouping.merge(**arguments, now=self._clock()))

    async def split(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Split `articles` off `story`, with a `note`."""
        return self._follow(self._regrouping.split(**arguments, now=self._clock()))

    def _follow(self, edit: StoryEdit) -> dict[str, Any]:
        # No other task runs between the transaction and this: what is decided next is decided by both.
        if not edit.again:
            self._ingestor.follow(edit, self._clock())
        return {
            "kind": edit.kind.value,
            "at": edit.at.isoformat(),
            "story": edit.story,
            "into": edit.into,
            "articles": list(edit.articles),
            "note": edit.note,
            "again": edit.again,
        }


def _edit(row: dict[str, Any]) -> StoryEdit:
    return StoryEdit(
        kind=EditKind(row["kind"]),
        at=datetime.fromisoformat(row["at"]),
        story=row["story"],
        into=row["into"],
        articles=tuple(row["articles"]),
        note=row["note"],
        again=row["again"],
    )


@dataclass(frozen=True, slots=True)
class Course:
    """How the figure of one unit went: each value with the article that brought it. The last is where it stands."""

    concept: str
    steps: tuple[tuple[Fact, Report], ...]


def courses(reports: Iterable[Report]) -> tuple[Course, ...]:
    """How the figures of a story went, by unit, from what was new in each report; repeats change nothing.

    A report that opens with several figures of one unit is taken at its first.
    """
    found: dict[str, list[tuple[Fact, Report]]] = {}
    for report in reports:
        named: dict[str, Fact] = {}
        for fact in _new_figures(report):
            named.setdefault(fact.concept, fact)
        for concept, fact in named.items():
            steps = found.setdefault(concept, [])
            if not steps or _said(steps[-1][0]) != _said(fact):
                steps.append((fact, report))
    return tuple(Course(concept, tuple(steps)) for concept, steps in found.items())


def _new_figures(report: Report) -> Iterator[Fact]:
    if not report.tellings and not is_repeat(report):
        yield from opening(report)  # nobody was told, but it did say something
    for telling in report.tellings:
        if telling.kind is AlertKind.NEW:
            yield from opening(report)
        else:
            yield from (new.fact for new in telling.new if new.fact.kind is FactKind.FIGURE)


def opening(report: Report) -> tuple[Fact, ...]:
    """The figures that a story begins with: those in the title and the lead, each once.

    Further down stands the background; and 300 killed who are also called 300 soldiers are no two figures.
    """
    once: dict[object, Fact] = {}
    for fact in report.figures:
        if fact.evidence.field is Field.TITLE or fact.evidence.start < LEAD:
            once.setdefault(fact.value, fact)
    return tuple(once.values())


def _said(fact: Fact) -> tuple[object, ...]:
    return fact.value, fact.most, fact.bound


def is_repeat(report: Report) -> bool:
    """Whether nothing was told of an article, because nothing in it was new."""
    return not report.tellings and report.reason in _REPEATS


def folded(reports: Iterable[Report]) -> tuple[Report | tuple[Report, ...], ...]:
    """The reports in their order, with repeats that follow each other as one group."""
    groups: list[Report | tuple[Report, ...]] = []
    repeats: list[Report] = []
    for report in reports:
        if is_repeat(report):
            repeats.append(report)
            continue
        if repeats:
            groups.append(tuple(repeats))
            repeats = []
        groups.append(report)
    return (*groups, tuple(repeats)) if repeats else tuple(groups)
