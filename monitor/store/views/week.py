"""What a report about a time says: developments, who was first, how the sources are, what did not arrive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  part of the public values
from typing import TYPE_CHECKING, Any

from monitor.core.models import AlertKind
from monitor.core.statements import Fact, FactKind, Novelty
from monitor.core.topic import Severity
from monitor.store.alerts import read_novelty
from monitor.store.columns import read_optional_time, read_time
from monitor.store.database import rows, snapshot
from monitor.store.values import read_fact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.store.database import Database

_TELLINGS = 12  # of a development
_POINTS = 200  # figures of a development
_LISTED = 20  # of sources and what did not arrive
_FIRST_OUTLETS = 8


@dataclass(frozen=True, slots=True)
class Totals:
    """How much happened: articles read, those on topic, developments that began, alerts stored."""

    articles: int
    relevant: int
    stories: int
    alerts: int


@dataclass(frozen=True, slots=True)
class Spread:
    """How far a development spread within the time. `severity` is the highest of its alerts, None without any."""

    story: int
    pack: str
    articles: int
    outlets: int
    languages: tuple[str, ...]
    alerts: int
    severity: Severity | None


@dataclass(frozen=True, slots=True)
class Reported:
    """An article, as far as a report names it. `facts`: what its text states, in the order of place."""

    article: int
    title: str
    url: str
    outlet: str
    language: str | None
    at: datetime
    day_only: bool
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """An alert and the article that it told of; `new` is empty for a first report."""

    alert: int
    kind: AlertKind
    created_at: datetime
    report: Reported
    new: tuple[Novelty, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """A figure of an article's newest text: when that was published, and by whom."""

    at: datetime
    outlet: str
    fact: Fact


@dataclass(frozen=True, slots=True)
class Development:
    """A story as a report tells it: its first report of all, what was told within the time, and its figures.

    `tellings` are the latest dozen, oldest first; `figures` are in the order of publication.
    """

    spread: Spread
    title: str
    opened_at: datetime
    first: Reported
    tellings: tuple[Told, ...]
    figures: tuple[Stated, ...]


@dataclass(frozen=True, slots=True)
class Unwell:
    """A source that is not well: what it is, why, and since when that is known."""

    title: str
    condition: str
    why: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Missed:
    """An alert that did not reach somebody for good."""

    alert: int
    title: str
    channel: str
    state: str
    error: str


@dataclass(frozen=True, slots=True)
class Round:
    """All that a report says besides its developments.

    Attributes:
        firsts: outlets with the number of developments of the time that they had before all others, at most eight.
        watched: how many sources are watched.
        unwell: those of them that are not well, the weightiest first, at most twenty; `sick` is how many there are.
        missed: what did not arrive, the newest first, at most twenty; `lost` is how many deliveries these are.
    """

    totals: Totals
    before: Totals
    firsts: tuple[tuple[str, int], ...]
    watched: int
    unwell: tuple[Unwell, ...]
    sick: int
    missed: tuple[Missed, ...]
    lost: int


def totals(db: Database, begin: datetime, end: datetime, pack: str = "") -> Totals:
    """How much happened from `begin` until before `end`; articles that were read count for all packs."""
    (row,) = rows(db, _TOTALS, (begin, end, pack))
    return Totals(**row)


def spreads(db: Database, begin: datetime, end: datetime, pack: str = "") -> tuple[Spread, ...]:
    """Every development of which something was read within the time, in no order."""
    with snapshot(db):
        told = {row["story"]: row for row in rows(db, _ALERTED, (begin, end))}
        return tuple(_spread(row, told.get(row["story"])) for row in rows(db, _SPREADS, (begin, end, pack)))


def development(db: Database, spread: Spread, begin: datetime, end: datetime) -> Development:
    """The development that spread so, told from `begin` until before `end`."""
    with snapshot(db):
        (story,) = rows(db, "SELECT title, opened_at FROM stories WHERE id = ?", (spread.story,))
        (first,) = rows(db, _FIRST, (spread.story,))
        tellings = rows(db, _TELLINGS_OF, (spread.story, begin, end, _TELLINGS))
        figures = rows(db, _FIGURES, (FactKind.FIGURE, spread.story, end, _POINTS))
        return Development(
            spread=spread,
            title=story["title"],
            opened_at=read_time(story["opened_at"]),
            first=_reported(db, first),
            tellings=tuple(_told(db, row) for row in reversed(tellings)),
            figures=tuple(Stated(read_time(row["at"]), row["outlet"], read_fact(row)) for row in figures),
        )


def round_of(db: Database, begin: datetime, end: datetime, pack: str = "") -> Round:
    """What a report about the time from `begin` until before `end` says besides the developments.

    Sources and what did not arrive are those of all packs.
    """
    with snapshot(db):
        (sources,) = rows(db, _WATCHED)
        missed = rows(db, _MISSED, (begin, end, _LISTED))
        return Round(
            totals=totals(db, begin, end, pack),
            before=totals(db, begin - (end - begin), begin, pack),
            firsts=tuple(
                (row["outlet"], row["first"]) for row in rows(db, _FIRSTS, (begin, end, pack, _FIRST_OUTLETS))
            ),
            watched=sources["watched"],
            unwell=tuple(map(_unwell, rows(db, _UNWELL, (_LISTED,)))),
            sick=sources["sick"],
            missed=tuple(map(_missed, missed)),
            lost=missed[0]["lost"] if missed else 0,
        )


def _spread(row: Mapping[str, Any], told: Mapping[str, Any] | None) -> Spread:
    words = map(Severity, told["severities"].split(",")) if told else ()
    return Spread(
        story=row["story"],
        pack=row["pack"],
        articles=row["articles"],
        outlets=row["outlets"],
        languages=tuple(sorted(filter(None, (row["languages"] or "").split(",")))),
        alerts=told["alerts"] if told else 0,
        severity=max(words, key=lambda word: word.rank, default=None),
    )


def _reported(db: Database, row: Mapping[str, Any]) -> Reported:
    return Reported(
        article=row["article"],
        title=row["title"],
        url=row["url"],
        outlet=row["outlet"],
        language=row["language"],
        at=read_time(row["at"]),
        day_only=bool(row["day_only"] and row["published"]),
        facts=tuple(map(read_fact, rows(db, _FACTS, (row["revision"],)))),
    )


def _told(db: Database, row: Mapping[str, Any]) -> Told:
    return Told(
        alert=row["alert"],
        kind=AlertKind(row["kind"]),
        created_at=read_time(row["created_at"]),
        report=_reported(db, row),
        new=tuple(map(read_novelty, rows(db, _NOVELTIES, (row["alert"],)))),
    )


def _unwell(row: Mapping[str, Any]) -> Unwell:
    return Unwell(
        row["title"], row["condition"], row["condition_text"], read_optional_time(row["condition_since"])
    )


def _missed(row: Mapping[str, Any]) -> Missed:
    return Missed(row["alert"], row["title"], row["channel"], row["state"], row["last_error"])


_TOTALS = """
    SELECT (SELECT count(*) FROM articles WHERE read_at >= ?1 AND read_at < ?2) AS articles,
        (SELECT count(*) FROM articles WHERE story IS NOT NULL AND read_at >= ?1 AND read_at < ?2
            AND (?3 = '' OR EXISTS (SELECT 1 FROM stories WHERE id = story AND pack = ?3))) AS relevant,
        (SELECT count(*) FROM stories WHERE opened_at >= ?1 AND opened_at < ?2 AND last_at >= ?1
            AND merged_into IS NULL AND (?3 = '' OR pack = ?3)) AS stories,
        (SELECT count(*) FROM alerts WHERE created_at >= ?1 AND created_at < ?2 AND (?3 = '' OR pack = ?3)) AS alerts
"""
_ALERTED = """
    SELECT story, count(*) AS alerts, group_concat(DISTINCT severity) AS severities FROM alerts
    WHERE created_at >= ? AND created_at < ? GROUP BY story
"""
_SPREADS = """
    SELECT stories.id AS story, stories.pack, count(*) AS articles, count(DISTINCT sources.title) AS outlets,
        group_concat(DISTINCT articles.language) AS languages
    FROM articles CROSS JOIN stories ON stories.id = articles.story
    JOIN sources ON sources.name = articles.source
    WHERE articles.story IS NOT NULL AND articles.read_at >= ?1 AND articles.read_at < ?2
        AND (?3 = '' OR stories.pack = ?3)
    GROUP BY stories.id
"""
_REPORTS = """
    SELECT {told}articles.id AS article, articles.url, articles.language, articles.published, articles.day_only,
        sources.title AS outlet, min(ifnull(articles.published, articles.read_at), articles.read_at) AS at
    FROM articles JOIN sources ON sources.name = articles.source {which}
"""
_FIRST = _REPORTS.format(
    told="""articles.title,
        (SELECT max(id) FROM revisions WHERE revisions.article = articles.id) AS revision, """,
    which="WHERE articles.story = ? ORDER BY at, articles.id LIMIT 1",
)
_TELLINGS_OF = _REPORTS.format(
    told="alerts.id AS alert, alerts.kind, alerts.created_at, alerts.revision, revisions.title, ",
    which="""JOIN alerts ON alerts.article = articles.id JOIN revisions ON revisions.id = alerts.revision
        WHERE alerts.story = ? AND alerts.created_at >= ? AND alerts.created_at < ?
        ORDER BY alerts.id DESC LIMIT ?""",
)
_FACTS = "SELECT * FROM facts WHERE revision = ? ORDER BY field DESC, start, id"  # title before body
_NOVELTIES = """
    SELECT facts.*, novelties.before, novelties.kind AS newness, novelties.instead
    FROM novelties JOIN facts ON facts.id = novelties.fact WHERE novelties.alert = ? ORDER BY novelties.id
"""
# The first figures of each unit that an article states, those of the title before those of the text.
_FIGURES = """
    SELECT facts.*, sources.title AS outlet,
        min(ifnull(articles.published, articles.read_at), articles.read_at) AS at
    FROM articles JOIN sources ON sources.name = articles.source
    JOIN revisions ON revisions.id = (SELECT max(id) FROM revisions WHERE revisions.article = articles.id)
    JOIN facts ON facts.revision = revisions.id AND facts.kind = ?1
    WHERE articles.story = ?2 AND articles.read_at < ?3 AND facts.value IS NOT NULL
    ORDER BY at, articles.id, facts.field DESC, facts.start, facts.id LIMIT ?4
"""
_FIRSTS = """
    WITH reports AS (
        SELECT stories.id AS story, sources.title AS outlet,
            row_number() OVER (PARTITION BY stories.id
                ORDER BY min(ifnull(articles.published, articles.read_at), articles.read_at), articles.id) AS place
        FROM stories JOIN articles ON articles.story = stories.id
        JOIN sources ON sources.name = articles.source
        WHERE stories.last_at >= ?1 AND stories.opened_at >= ?1 AND stories.opened_at < ?2
            AND stories.merged_into IS NULL AND (?3 = '' OR stories.pack = ?3)
    ), followed AS (SELECT story FROM reports GROUP BY story HAVING count(DISTINCT outlet) > 1)
    SELECT outlet, count(*) AS first FROM reports JOIN followed USING (story) WHERE place = 1
    GROUP BY outlet ORDER BY first DESC, outlet LIMIT ?4
"""
_WATCHED = """
    SELECT count(*) AS watched, count(*) FILTER (WHERE condition NOT IN ('ok', 'new')) AS sick
    FROM sources WHERE retired_at IS NULL AND dropped_at IS NULL
"""
_UNWELL = """
    SELECT title, condition, condition_text, condition_since FROM sources
    WHERE retired_at IS NULL AND dropped_at IS NULL AND condition NOT IN ('ok', 'new')
    ORDER BY weight DESC, condition_since, name LIMIT ?
"""
_MISSED = """
    SELECT alerts.id AS alert, revisions.title, deliveries.channel, deliveries.state, deliveries.last_error,
        count(*) OVER () AS lost
    FROM deliveries JOIN alerts ON alerts.id = deliveries.alert
    JOIN revisions ON revisions.id = alerts.revision
    WHERE deliveries.state IN ('dead', 'expired') AND alerts.created_at >= ? AND alerts.created_at < ?
    ORDER BY deliveries.id DESC LIMIT ?
"""
