"""How long a worker may be silent about what it was given. Pure: the caller says what time it is, in seconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spiders.items import Task


@dataclass(slots=True)
class Patience:
    """The deadlines of everything one worker has in hand, whatever job it belongs to.

    A task's deadline runs from the moment it was begun, except while the parser of another task keeps the worker
    busy, or while it waits for its host's turn. When nothing is begun or waits so, the worker must begin something
    within `lull` seconds.

    Attributes:
        lull: seconds in which a worker with tasks in hand must begin one.
    """

    lull: float
    waiting: set[str] = field(default_factory=set)
    due: dict[str, float] = field(default_factory=dict)  # when each begun task must have reported
    parsing: str | None = None  # the task whose parser keeps the worker busy
    _asked: dict[str, float] = field(default_factory=dict)  # since when tasks wait for their host's turn
    _deadlines: dict[str, float] = field(default_factory=dict)
    _since: float = 0.0  # when the parser began
    _quiet_since: float = 0.0

    def given(self, task: Task, now: float) -> None:
        """The worker was given a task."""
        self.waiting.add(task.id)
        self._deadlines[task.id] = task.deadline
        self._quiet_since = now

    def holds(self, task: str) -> bool:
        """Whether the worker was given this task and has not reported on it."""
        return task in self._deadlines

    def begun(self, task: str, now: float, *, parsing: bool) -> None:
        """The worker has begun a task, or its parser."""
        self._end_parsing(now)
        if task in self.waiting:
            self.waiting.remove(task)
            self.due[task] = now + self._deadlines[task]
        if parsing:
            self.parsing, self._since = task, now
        self._quiet_since = now

    def asked(self, task: str, now: float) -> None:
        """A task waits for its host's turn."""
        if self.holds(task):
            self._asked[task] = now

    def went(self, task: str, now: float) -> None:
        """A task waits no longer."""
        since = self._asked.pop(task, now)
        if task in self.due:
            self.due[task] += now - since
        self._quiet_since = now

    def ended(self, task: str, now: float) -> None:
        """The worker has reported on a task."""
        self._end_parsing(now)
        self._asked.pop(task, None)
        self.waiting.discard(task)
        self.due.pop(task, None)
        self._deadlines.pop(task, None)
        self._quiet_since = now

    def overdue(self, now: float) -> frozenset[str]:
        """The tasks that have had their time; all waiting ones if the worker does not begin any."""
        if self.parsing is not None:
            return frozenset({self.parsing} if now >= self.due[self.parsing] else ())
        if self.due:
            late = (task for task, due in self.due.items() if now >= due)
            return frozenset(task for task in late if task not in self._asked)
        if self._asked:
            return frozenset()
        return frozenset(self.waiting if now >= self._quiet_since + self.lull else ())

    def suspects(self) -> frozenset[str]:
        """Who may have killed the worker that has just died by itself."""
        return frozenset({self.parsing} if self.parsing is not None else self.due)

    def _end_parsing(self, now: float) -> None:
        if self.parsing is None:
            return
        busy = now - self._since
        for task in self.due:
            if task != self.parsing:
                self.due[task] += busy
        self.parsing = None
