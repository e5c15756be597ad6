"""What a person asks a history, and the writes they ask for, whether or not the service runs."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from monitor import control
from monitor.core.errors import InputError
from monitor.notify.message import Message, render
from monitor.store.database import open_history, open_reader
from monitor.store.feedback import Feedback
from monitor.store.history import History
from monitor.store.ledger import Ledger
from monitor.store.lock import WriterLock
from monitor.store.sources import Sources
from monitor.store.wellness import Harvest, Wellness

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from monitor.core.delivery.deliveries import Recipient
    from monitor.core.models import Verdict
    from monitor.core.sources.state import SourceState
    from monitor.notify.voice import Voice
    from monitor.store.history import AlertLine
    from monitor.store.outcomes import AttemptLine

_RELOAD = 120.0  # seconds: a pack is read and compiled, and two weeks of texts are read anew


def source_states(path: Path) -> dict[str, SourceState]:
    """What the history knows about the sources; nothing if there is none yet."""
    if not path.exists():
        return {}
    with closing(open_reader(path)) as db:
        return {state.source.name: state for state in Sources(db).states()}


def harvests(path: Path, now: datetime) -> Mapping[str, Harvest]:
    """What each source brings, by name; nothing if there is no history yet."""
    if not path.exists():
        return {}
    with closing(open_reader(path)) as db:
        return Wellness(db).harvests(now)


def alert_lines(path: Path, *, limit: int, undelivered: bool) -> tuple[AlertLine, ...]:
    """The latest alerts; none if there is no history yet."""
    if not path.exists():
        return ()
    with closing(open_reader(path)) as db:
        return History(db).alerts(limit=limit, undelivered=undelivered)


def alert_line(path: Path, alert: int) -> tuple[AlertLine, Mapping[Recipient, tuple[AttemptLine, ...]]]:
    """An alert with its deliveries, and every attempt by recipient. Raises InputError if there is none."""
    with closing(open_reader(path)) as db:
        history = History(db)
        found = history.alerts(limit=1, alert=alert)
        if not found:
            raise InputError(f"there is no alert {alert}", remedy="`tumen alerts list` shows them")
        return found[0], history.attempts(alert)


def message(path: Path, alert: int, voice: Voice) -> Message:
    """What a reader of `voice` is told by an alert, as far as the history stands now."""
    with closing(open_reader(path)) as db:
        return render(Ledger(db).alert(alert), voice)


def version_in_use(path: Path, pack: str) -> str | None:
    """The version of a pack that the running service judges by; None if none runs, or not with this pack."""
    try:
        return dict(control.call(path, "status").get("packs", {})).get(pack)
    except control.NotRunning:
        return None


def retry(path: Path, alert: int | None, now: datetime) -> int:
    """Have undelivered messages sent again: by the running service, or noted for its next start."""
    try:
        return int(control.call(path, "retry", alert=alert)["retried"])
    except control.NotRunning:
        if not path.exists():
            return 0
        with WriterLock(path), closing(open_history(path)) as db:
            return Ledger(db).retry(alert, now)


def reload(path: Path) -> dict[str, Any]:
    """Have the running service take up its configuration as it is written now; what changed.

    Raises:
        NotRunning: there is none.
        InputError: something is wrong with the configuration, so the one in use stays.
    """
    return control.call(path, "reload", timeout=_RELOAD)


def reload_packs(path: Path) -> dict[str, Any]:
    """Have the running service take up its packs as they are now; what came of it. Raises NotRunning."""
    return control.call(path, "reload_packs", timeout=_RELOAD)


def add_feedback(  # noqa: PLR0913  each is a part of what a reader says
    path: Path,
    verdict: Verdict,
    now: datetime,
    *,
    article: int | str | None = None,
    alert: int | None = None,
    pack: str | None = None,
    rule: str | None = None,
    note: str = "",
) -> int:
    """Keep what a reader says about a decision, see `Feedback.add`: through the running service, or directly.

    Raises:
        InputError: it is about nothing that the history knows.
        StorageError: there is no history yet, or it cannot be written.
    """
    about: dict[str, Any] = {"article": article, "alert": alert, "pack": pack, "rule": rule, "note": note}
    try:
        return int(control.call(path, "feedback", verdict=verdict.value, **about)["id"])
    except control.NotRunning:
        open_reader(path).close()  # says so if there is none: feedback makes no history
        with WriterLock(path), closing(open_history(path)) as db:
            return Feedback(db).add(verdict, now=now, **about)
