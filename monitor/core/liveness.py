"""Does the service do what it is there for, or does it only seem to run?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_OVERDUE = timedelta(minutes=15)  # a look that is due, or a delivery that may leave, has begun by then
_SILENT = timedelta(minutes=2)  # every tick runs some times a minute
_STILL = timedelta(seconds=30)  # some tick ends every second


class SymptomKind(StrEnum):
    """What a symptom is about; these words reach the keeper."""

    HISTORY = "history_unwritable"
    LOOKS = "looks_overdue"
    DELIVERIES = "deliveries_overdue"
    TICKS = "ticks_missing"
    CANARY = "canary_missing"
    CHANNEL = "channel_parked"
    LOOP = "loop_stands_still"
    STARTING = "starting"
    ENDING = "ending"


class Stage(StrEnum):
    """Where the service is in its life."""

    STARTING = "starting"
    RUNNING = "running"
    ENDING = "ending"


@dataclass(frozen=True, slots=True)
class Symptom:
    """One sign that the service does not do its work. The text holds no secret: it leaves the house."""

    kind: SymptomKind
    text: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"


@dataclass(frozen=True, slots=True)
class Due:
    """What is due at last: its name, and since when."""

    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Vitals:
    """How the service is at a moment.

    Attributes:
        now: the moment.
        awake: since when it could work: it was started, the machine woke up or its clock was set.
        fault: why the history cannot be written, empty if it can.
        look: the source that waits longest of those that are due, None if none is.
        delivery: since when the delivery waits that may leave and waits longest, None if none does.
        silent: how long ago each tick last ended well, by its name.
    """

    now: datetime
    awake: datetime
    fault: str = ""
    look: Due | None = None
    delivery: datetime | None = None
    silent: Mapping[str, timedelta] = field(default_factory=dict)

    def done(self, began: datetime) -> bool:
        """Whether all that was due at this time is done, and can be kept."""
        dues = (self.look.since if self.look else None, self.delivery)
        return not self.fault and all(due is None or due > began for due in dues)


def judge(vitals: Vitals, more: Iterable[Symptom] = ()) -> tuple[Symptom, ...]:
    """What is wrong with the service, nothing if it is well. `more` is what others found."""
    found = []
    if vitals.fault:
        found.append(Symptom(SymptomKind.HISTORY, vitals.fault))
    if vitals.look and _overdue(vitals, vitals.look.since):
        text = f"{vitals.look.name} is to be looked at since {vitals.look.since:%Y-%m-%d %H:%M} UTC"
        found.append(Symptom(SymptomKind.LOOKS, text))
    if vitals.delivery and _overdue(vitals, vitals.delivery):
        text = f"a delivery could leave since {vitals.delivery:%Y-%m-%d %H:%M} UTC and was not tried"
        found.append(Symptom(SymptomKind.DELIVERIES, text))
    for name, silent in vitals.silent.items():
        if silent > _SILENT:
            text = f"{name} has not run for {silent.total_seconds():.0f} s"
            found.append(Symptom(SymptomKind.TICKS, text))
    return (*found, *more)


def alive(stage: Stage, turned: timedelta) -> tuple[Symptom, ...]:
    """What says that the service makes no progress, nothing if it does.

    Args:
        stage: where it is. Before and after its ticks run there is nothing by which its progress is seen.
        turned: how long ago any tick ended, well or not.
    """
    if stage is not Stage.RUNNING or turned <= _STILL:
        return ()
    return (Symptom(SymptomKind.LOOP, f"nothing has run for {turned.total_seconds():.0f} s"),)


def ready(stage: Stage, turned: timedelta, vitals: Vitals) -> tuple[Symptom, ...]:
    """Why the service does not do its work now, nothing if it does; arguments as for `alive`."""
    if stage is Stage.STARTING:
        return (Symptom(SymptomKind.STARTING, "the service has not begun to watch yet"),)
    if stage is Stage.ENDING:
        return (Symptom(SymptomKind.ENDING, "the service was told to end"),)
    return (*alive(stage, turned), *judge(vitals))


def _overdue(vitals: Vitals, since: datetime) -> bool:
    return vitals.now - max(since, vitals.awake) > _OVERDUE


def stalled(
    silent: Mapping[str, timedelta], every: Mapping[str, timedelta], patience: timedelta
) -> tuple[str, ...]:
    """The ticks that stand still: they have not ended for longer than `patience`.

    Args:
        silent: how long ago each tick last ended, by its name.
        every: at which interval each is called; one that is rarely called is given two of its turns.
        patience: for all others.
    """
    return tuple(name for name, since in silent.items() if since > max(patience, 2 * every[name]))


@dataclass(frozen=True, slots=True)
class Motion:
    """How far some work was when it was last seen to move.

    Attributes:
        done: how much of it was done, None if nothing was in hand.
        since: when that was, in seconds of a clock that only ever grows.
    """

    done: int | None
    since: float

    def seen(self, done: int | None, now: float) -> Motion:
        """The same, looked at once more: work that is not in hand does not stand still."""
        return self if done is not None and done == self.done else Motion(done, now)


def stuck(motions: Mapping[str, Motion], patience: Mapping[str, timedelta], now: float) -> tuple[str, ...]:
    """The work in hand that has not moved for longer than its `patience`, by name."""
    return tuple(
        name for name, motion in motions.items() if now - motion.since > patience[name].total_seconds()
    )
