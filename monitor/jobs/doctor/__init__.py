"""Looking at the whole installation: many small checks at once, none of which may keep the others waiting."""

from __future__ import annotations

import logging
import queue
import threading
import time
from typing import TYPE_CHECKING, TypeAlias

from monitor.core.checkup import Finding, problem, warning
from monitor.core.errors import MonitorError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

Check: TypeAlias = "Callable[[], Iterable[Finding]]"
PATIENCE = 10.0
"""Seconds a check may take. Whoever waits longer than that for an answer has one."""

_log = logging.getLogger("tumen.doctor")


def examine(
    checks: Mapping[str, Check], *, seconds: float | None = PATIENCE
) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    """What each check found, by its name, as they end.

    A check that does not end within so many seconds is a finding itself; its thread is left behind. So is one that
    raises: what is broken is reported, and the others go on.
    """
    done: queue.SimpleQueue[tuple[str, tuple[Finding, ...]]] = queue.SimpleQueue()
    for name, check in checks.items():
        work = threading.Thread(
            target=lambda n=name, c=check: done.put((n, _run(n, c))), name=name, daemon=True
        )
        work.start()
    waiting = dict.fromkeys(checks)
    end = None if seconds is None else time.monotonic() + seconds
    while waiting:
        try:
            found = done.get(timeout=None if end is None else max(0.0, end - time.monotonic()))
        except queue.Empty:
            break
        del waiting[found[0]]
        yield found
    for name in waiting:
        remedy = "try again; --full waits for as long as it takes"
        yield name, (warning(name, f"there was no answer within {seconds:g} s", remedy=remedy),)


def _run(name: str, check: Check) -> tuple[Finding, ...]:
    found: list[Finding] = []
    try:
        found.extend(check())
    except MonitorError as error:
        found.append(troubled(name, error))
    except OSError as error:
        says = f"it cannot be read: {error.strerror or error}"
        remedy = "create it, or let the user that runs Tumen read and write there"
        found.append(problem(name, says, str(error.filename or ""), remedy=remedy))
    except Exception as error:  # noqa: BLE001  one check that fails must not cost the others
        _log.debug("a bug in the check %s", name, exc_info=error)
        says = f"it could not be looked at: {type(error).__name__}: {error}"
        found.append(warning(name, says, remedy="report this"))
    return tuple(found)


def troubled(check: str, error: MonitorError) -> Finding:
    """An error as a finding."""
    return problem(check, error.message, error.where, remedy=error.remedy)
