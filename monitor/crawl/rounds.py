"""What becomes of a job's tasks when a worker is lost. Pure: no process, no clock.

A round is one try of some tasks in one worker. Whoever was at work when the worker died is a suspect. Suspects are
tried again together, in a worker of their own; if that one dies too, each is tried alone, and whoever dies alone is
the culprit. Everybody else succeeds in the end.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from spiders.items import CrawlReport, Outcome, Parse, Task

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


class Try(Enum):
    """How a round is run."""

    SHARED = auto()  # in a worker that other jobs use as well
    TOGETHER = auto()  # suspects, in a worker of their own
    ALONE = auto()  # one suspect, in a worker of its own


@dataclass(frozen=True, slots=True)
class Round:
    """Tasks to be tried in one worker."""

    how: Try
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Loss:
    """How a round was cut off.

    Attributes:
        overdue: ids of tasks over their deadline, for which the worker was killed; empty if it died by itself.
        suspects: ids of tasks that may have killed it.
        ours: whether this job had to do with it, and not another one in the same worker.
        why: one sentence for a person.
    """

    overdue: frozenset[str] = frozenset()
    suspects: frozenset[str] = frozenset()
    ours: bool = True
    why: str = ""


class Rounds:
    """The rounds of one job. `most_losses` bounds how many workers it may cost."""

    def __init__(self, tasks: Iterable[Task], *, most_losses: int = 10) -> None:
        self._rounds = deque([Round(Try.SHARED, tuple(tasks))])
        self._losses_left = most_losses

    def next(self) -> Round | None:
        """The next round, or None when every task has its report."""
        while self._rounds:
            following = self._rounds.popleft()
            if following.tasks:
                return following
        return None

    def lost(self, lost: Round, unfinished: Collection[str], loss: Loss) -> tuple[CrawlReport, ...]:
        """Reports on tasks that are given up; the others go into further rounds."""
        left = [task for task in lost.tasks if task.id in unfinished]
        reports = [_overdue(task) for task in left if task.id in loss.overdue]
        left = [task for task in left if task.id not in loss.overdue]
        self._losses_left -= loss.ours
        if loss.ours and not loss.overdue and lost.how is Try.ALONE:
            reports += [_culprit(task, loss.why) for task in left]
            left = []
        if self._losses_left < 0:
            given_up = [*left, *(task for waiting in self._rounds for task in waiting.tasks)]
            self._rounds.clear()
            return (*reports, *(_given_up(task, loss.why) for task in given_up))
        suspects = tuple(task for task in left if task.id in loss.suspects)
        others = tuple(task for task in left if task.id not in loss.suspects)
        # The innocent first: they must not wait for a long search.
        self._rounds.appendleft(Round(Try.SHARED if lost.how is Try.SHARED else Try.TOGETHER, others))
        if lost.how is Try.SHARED and len(suspects) > 1:
            self._rounds.append(Round(Try.TOGETHER, suspects))
        else:
            self._rounds.extend(Round(Try.ALONE, (task,)) for task in suspects)
        return tuple(reports)


def _overdue(task: Task) -> CrawlReport:
    return _failed(task, "deadline", f"not done after {task.deadline:g} seconds; its worker was ended")


def _culprit(task: Task, why: str) -> CrawlReport:
    return _failed(task, "worker_lost", f"the worker died of it, again when it was alone: {why}")


def _given_up(task: Task, why: str) -> CrawlReport:
    return _failed(task, "worker_lost", f"given up for now, too many workers died on this job: {why}")


def _failed(task: Task, reason: str, detail: str) -> CrawlReport:
    url = (task.url or "") if isinstance(task, Parse) else task.url
    return CrawlReport(task.id, Outcome.FAILED, reason=reason, detail=detail, url=url)
