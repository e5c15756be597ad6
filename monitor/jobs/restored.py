"""After a restore: what is kept back, because it may have been told since the backup, is said once, and once more."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.core.delivery.notices import Notice, NoticeKind
from monitor.store.restored import kept_back, last_restore

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from monitor.core.delivery.restoring import Restore
    from monitor.jobs.canary import Canary
    from monitor.jobs.keeper import Keeper
    from monitor.jobs.weekly import Weekly
    from monitor.store.database import Database

_CAUGHT_UP = timedelta(hours=24)  # after a restore: by then what was published before it has been found again
_KNOWN = timedelta(days=7)  # then it is no news any more; notices are kept for longer
_NAMED = 20  # titles in a notice


class Aftermath:
    """Says that the history was restored and what of it is kept back, and a day later what was found since.

    Signs of life and reports that were due before the restore are not sent again.
    """

    def __init__(
        self, db: Database, keeper: Keeper, canary: Canary, weekly: Weekly, clock: Callable[[], datetime]
    ) -> None:
        self._db = db
        self._keeper = keeper
        self._canary = canary
        self._weekly = weekly
        self._clock = clock
        self._over = False

    def tick(self) -> None:
        """Say what is to be said now."""
        if self._over:
            return
        restore = last_restore(self._db)
        if restore is None or self._clock() - restore.at > _KNOWN:
            self._over = True
            return
        has_caught_up = self._clock() - restore.at >= _CAUGHT_UP
        if not has_caught_up:
            self._canary.pass_over(restore.at)
            self._weekly.pass_over(restore.at)
        self._keeper.tell(self._first(restore), key=f"restored {restore.id}")
        if has_caught_up:
            self._over = True
            if restore.kept_back:
                self._keeper.tell(self._second(restore), key=f"restored {restore.id}, a day later")

    def _first(self, restore: Restore) -> Notice:
        text = f"Tumen goes on from a backup: {restore.reason}"
        later = (
            f"What was published before {_at(restore)} and is found again may have been told already, so "
            "it is stored and not told. What is published since is told as always."
        )
        if not restore.kept_back:
            return Notice(NoticeKind.RESTORED, "", text, (later,))
        first = f"{_messages(restore)} kept back. {_sends(restore)}"
        return Notice(NoticeKind.RESTORED, "", text, (first, *self._titles(restore), later))

    def _second(self, restore: Restore) -> Notice:
        text = f"Since the restore of {_at(restore)}, {_messages(restore)} kept back"
        return Notice(NoticeKind.RESTORED, "", text, (_sends(restore), *self._titles(restore)))

    def _titles(self, restore: Restore) -> tuple[str, ...]:
        titles = kept_back(self._db, restore, _NAMED + 1)
        return (*titles[:_NAMED], *(["and others"] if len(titles) > _NAMED else ()))


def _messages(restore: Restore) -> str:
    return "1 message is" if restore.kept_back == 1 else f"{restore.kept_back} messages are"


def _sends(restore: Restore) -> str:
    return f"`tumen silences replay {restore.id}` sends all that is kept back."


def _at(restore: Restore) -> str:
    return f"{restore.at:%Y-%m-%d %H:%M} UTC"
