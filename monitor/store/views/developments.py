"""What was told lately, as a newspaper has it: by day and development, with what was new in each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime  # noqa: TC003  part of the public values
from typing import TYPE_CHECKING, Any

from monitor.core.models import AlertKind
from monitor.core.query import LEAD
from monitor.core.statements import FactKind, Novelty
from monitor.core.topic import Severity
from monitor.store.alerts import read_novelty
from monitor.store.columns import read_optional_time, read_time
from monitor.store.database import rows
from monitor.store.values import read_fact

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from monitor.store.database import Database


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which alerts are wanted: of one pack, in one language, at least so severe. What is empty wants all."""

    pack: str = ""
    language: str = ""
    at_least: Severity = Severity.LOW


@dataclass(frozen=True, slots=True)
class Told:
    """An alert of a day: which article brought it, and what it said was new.

    Attributes:
        alert: its key; `article` is the key of the article.
        kind: whether it opened the development.
        title: of the text that it told of, in its own language.
        published: of the article; `at` is when it was told.
        new: what was new; for the first report what it begins with.
    """

    alert: int
    article: int
    kind: AlertKind
    severity: Severity
    late: bool
    at: datetime
    title: str
    url: str
    outlet: str
    language: str | None
    published: datetime | None
    day_only: bool
    new: tuple[Novelty, ...] = ()


@dataclass(frozen=True, slots=True)
class Development:
    """A story on a day on which something was told of it.

    Attributes:
        story: its key; `title` is that of its first article, in the `language` of that.
        day: in the zone that was asked for.
        told: the alerts of the day, the latest first.
        since: when its first article was read.
        articles: how many belong to it now; `outlets` how many published them, `languages` in which languages.
    """

    story: int
    title: str
    language: str | None
    pack: str
    day: date
    told: tuple[Told, ...]
    since: datetime
    articles: int
    outlets: int
    languages: tuple[str, ...]

    @property
    def at(self) -> datetime:
        """When something was told last."""
        return self.told[0].at

    @property
    def severity(self) -> Severity:
        """The highest of the day."""
        return max((one.severity for one in self.told), key=lambda severity: severity.rank)

    @property
    def is_new(self) -> bool:
        """Whether it began on this day."""
        return any(one.kind is AlertKind.NEW for one in self.told)


@dataclass(frozen=True, slots=True)
class Developments:
    """The latest developments, the latest first; `earlier` is where to go on, None if there are no more."""

    found: tuple[Development, ...]
    earlier: int | None = None


def developments(
    db: Database, chosen: Chosen, zone: ZoneInfo, *, before: int | None = None, limit: int = 80
) -> Developments:
    """What was told lately.

    Args:
        db: the history.
        chosen: of what.
        zone: whose days are meant.
        before: only alerts with a lower key: `earlier` of the last answer.
        limit: how many alerts are looked at.

    Raises:
        StorageError: or a subclass: the history cannot be read.
    """
    wanted = [severity for severity in Severity if severity.rank >= chosen.at_least.rank]
    conditions = ["alerts.id < ?", f"alerts.severity IN ({', '.join('?' * len(wanted))})"]
    parameters: list[object] = [before or 2**63 - 1, *wanted]
    for column, value in (("alerts.pack", chosen.pack), ("articles.language", chosen.language)):
        if value:
            conditions.append(f"{column} = ?")
            parameters.append(value)
    found = rows(db, _TOLD.format(where=" AND ".join(conditions)), (*parameters, limit + 1))
    shown, more = found[:limit], len(found) > limit
    groups: dict[tuple[date, int], list[Told]] = {}
    for row in shown:
        day = read_time(row["created_at"]).astimezone(zone).date()
        groups.setdefault((day, row["story"]), []).append(_told(db, row))
    spreads = {story: _spread(db, story) for story in {story for _, story in groups}}
    return Developments(
        tuple(_development(day, told, spreads[story]) for (day, story), told in groups.items()),
        shown[-1]["id"] if more else None,
    )


def _told(db: Database, row: Mapping[str, Any]) -> Told:
    kind = AlertKind(row["kind"])
    return Told(
        alert=row["id"],
        article=row["article"],
        kind=kind,
        severity=Severity(row["severity"]),
        late=bool(row["late"]),
        at=read_time(row["created_at"]),
        title=row["title"],
        url=row["url"],
        outlet=row["outlet"],
        language=row["language"],
        published=read_optional_time(row["published"]),
        day_only=bool(row["day_only"]),
        new=_opening(db, row["revision"]) if kind is AlertKind.NEW else _new(db, row["id"]),
    )


def _new(db: Database, alert: int) -> tuple[Novelty, ...]:
    return tuple(map(read_novelty, rows(db, _NOVELTIES, (alert,))))


def _opening(db: Database, revision: int) -> tuple[Novelty, ...]:
    """The figures that a story begins with: those in the title and the lead, each once."""
    once: dict[float | None, Novelty] = {}
    for row in rows(db, _OPENING, (revision, FactKind.FIGURE, LEAD)):
        fact = read_fact(row)
        once.setdefault(fact.value, Novelty(fact))
    return tuple(once.values())


def _spread(db: Database, story: int) -> Mapping[str, Any]:
    (row,) = rows(db, _SPREAD, (story,))
    return row


def _development(day: date, told: list[Told], story: Mapping[str, Any]) -> Development:
    return Development(
        story=story["id"],
        title=story["title"],
        language=story["language"],
        pack=story["pack"],
        day=day,
        told=tuple(told),
        since=read_time(story["opened_at"]),
        articles=story["articles"],
        outlets=story["outlets"],
        languages=tuple(sorted(filter(None, (story["in_languages"] or "").split(",")))),
    )


_TOLD = """
    SELECT alerts.*, revisions.title, articles.url, articles.language, articles.published, articles.day_only,
        sources.title AS outlet
    FROM alerts
    CROSS JOIN articles ON articles.id = alerts.article
    JOIN revisions ON revisions.id = alerts.revision
    JOIN sources ON sources.name = articles.source
    WHERE {where} ORDER BY alerts.id DESC LIMIT ?
"""
_SPREAD = """
    SELECT stories.id, stories.title, stories.pack, stories.opened_at, count(articles.id) AS articles,
        count(DISTINCT sources.title) AS outlets, group_concat(DISTINCT articles.language) AS in_languages,
        (SELECT language FROM articles AS first WHERE first.story = stories.id ORDER BY first.id LIMIT 1) AS language
    FROM stories
    LEFT JOIN articles ON articles.story = stories.id
    LEFT JOIN sources ON sources.name = articles.source
    WHERE stories.id = ? GROUP BY stories.id
"""
_NOVELTIES = """
    SELECT facts.*, novelties.before, novelties.kind AS newness, novelties.instead
    FROM novelties JOIN facts ON facts.id = novelties.fact WHERE novelties.alert = ? ORDER BY novelties.id
"""
_OPENING = """
    SELECT * FROM facts WHERE revision = ? AND kind = ? AND (field = 'title' OR start < ?)
    ORDER BY field DESC, start, id  -- title before body
"""
