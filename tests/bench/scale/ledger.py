"""What the history and the receiver say of a run: what was lost, and what came twice."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monitor.store.database import open_reader, rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_PROGRESS = """SELECT (SELECT count(*) FROM looks) AS looks,
    (SELECT count(*) FROM sources WHERE looked_at IS NOT NULL) AS known,
    (SELECT count(*) FROM articles) AS read,
    (SELECT count(*) FROM entries WHERE state = 'to_read') AS unread,
    (SELECT count(*) FROM deliveries WHERE state IN ('pending', 'claimed')) AS unsent"""


@dataclass(frozen=True)
class Progress:
    """How far a run is: looks and articles so far, sources that were looked at, and what is not read or sent yet."""

    looks: int = 0
    known: int = 0
    read: int = 0
    unread: int = 0
    unsent: int = 0


@dataclass(frozen=True)
class Balance:
    """What must be there, beside what is.

    Attributes:
        wanted: developments that were published.
        unread: of their articles, those that are not in the history.
        untold: developments of which nobody heard.
        stored_twice: articles, alerts and captures that the history holds twice, and stories opened twice.
        told_twice: articles that were told in two messages.
        repeated: messages that came twice under one id.
        uncaptured: articles on topic whose page is not kept.
        failed: looks that failed, by their reason.
        notices: what the keeper was told, by kind.
    """

    wanted: int
    unread: int
    untold: int
    stored_twice: int
    told_twice: int
    repeated: int
    uncaptured: int
    failed: Mapping[str, int]
    notices: Mapping[str, int]

    @property
    def lost(self) -> int:
        """Developments that did not get to the reader."""
        return max(self.unread, self.untold)

    @property
    def doubled(self) -> int:
        """What was stored or told twice."""
        return self.stored_twice + self.told_twice


def progress(history: Path) -> Progress:
    """How far the run is that fills this history."""
    found = _rows(history, _PROGRESS)
    return Progress(**found[0]) if found else Progress()


def balance(history: Path, wanted: Iterable[str], messages: Iterable[Mapping[str, Any]]) -> Balance:
    """Judge a run.

    Args:
        history: the file of the history.
        wanted: the addresses of all articles on topic, each of which is a development of its own.
        messages: what was posted to the receiver.
    """
    wanted, messages = set(wanted), list(messages)
    read = _urls(history, "SELECT url FROM articles")
    alerts = _urls(history, "SELECT url FROM alerts JOIN articles ON articles.id = article")
    kept = _urls(history, "SELECT articles.url FROM captures JOIN articles ON articles.id = article")
    (stories,) = _rows(history, "SELECT count(*) AS many FROM stories")
    ids = Counter(str(message["id"]) for message in messages)
    told = Counter(
        alert["url"]
        for message in {one["id"]: one for one in messages}.values()
        for alert in message["alerts"]
    )
    return Balance(
        wanted=len(wanted),
        unread=len(wanted - set(read)),
        untold=len(wanted - set(told)),
        stored_twice=sum(map(_more_than_once, (read, alerts, kept))) + max(0, stories["many"] - len(wanted)),
        told_twice=_more_than_once(told.elements()) + len(set(told) - wanted),
        repeated=sum(times - 1 for times in ids.values()),
        uncaptured=len(wanted - set(kept)),
        failed=_counted(history, "SELECT reason AS what FROM looks WHERE outcome = 'failed'"),
        notices=_counted(history, "SELECT kind AS what FROM notices"),
    )


def _more_than_once(names: Iterable[str]) -> int:
    return sum(times > 1 for times in Counter(names).values())


def _urls(history: Path, query: str) -> list[str]:
    return [row["url"] for row in _rows(history, query)]


def _counted(history: Path, query: str) -> dict[str, int]:
    return dict(Counter(row["what"] for row in _rows(history, query)))


def _rows(history: Path, query: str) -> list[dict[str, Any]]:
    """What the history says; nothing while there is none."""
    if not history.exists() or not history.stat().st_size:
        return []
    with closing(open_reader(history)) as db:
        return rows(db, query)
