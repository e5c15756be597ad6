"""Alerts as channels need them to write their message: read from all that the history holds about one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.core.errors import InputError
from monitor.core.models import Alert, AlertKind, Reason
from monitor.core.statements import FactKind, Newness, Novelty
from monitor.core.timeline import Earlier
from monitor.core.topic import Severity
from monitor.store.columns import read_time
from monitor.store.database import rows
from monitor.store.history import rules_of
from monitor.store.values import read_article, read_evidence, read_fact

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from monitor.store.database import Database


def read_alert(db: Database, alert_id: int) -> Alert:
    """An alert with its article, evidence and novelties. Raises InputError if there is none with this number."""
    found = rows(db, _ALERT, (alert_id,))
    if not found:
        raise InputError(f"there is no alert {alert_id}", remedy="`tumen alerts list` shows them")
    row = found[0]
    rules = rules_of(db, row["revision"], row["pack"])
    outlets, languages, since = _spread(db, row["story"])
    timeline, earlier = _timeline(db, row)
    return Alert(
        id=row["id"],
        kind=AlertKind(row["kind"]),
        reason=Reason(row["reason"]),
        pack=row["pack"],
        rules=tuple(rule for rule, _ in rules),
        severity=Severity(row["severity"]),
        story=row["story"],
        story_title=row["story_title"],
        article=read_article(row),
        source=row["source"],
        evidence=tuple(map(read_evidence, rows(db, _EVIDENCE, (row["revision"], row["pack"])))),
        new=novelties_of(db, row["id"]),
        found_at=read_time(row["found_at"]),
        created_at=read_time(row["created_at"]),
        late=bool(row["late"]),
        outlets=outlets,
        languages=languages,
        facts=tuple(map(read_fact, rows(db, _FACTS, (row["revision"],)))),
        since=since,
        timeline=timeline,
        earlier=earlier,
    )


def _spread(db: Database, story: int) -> tuple[int, tuple[str, ...], datetime | None]:
    """How many outlets have reported a story, its languages in the order in which they joined, and since when."""
    found = rows(
        db,
        """SELECT sources.title, articles.language, min(ifnull(published, read_at), read_at) AS since FROM articles
        JOIN sources ON sources.name = articles.source WHERE story = ? ORDER BY articles.id""",
        (story,),
    )
    languages = dict.fromkeys(row["language"] for row in found if row["language"])
    since = min((read_time(row["since"]) for row in found), default=None)
    return len({row["title"] for row in found}), tuple(languages), since


def _timeline(db: Database, alert: Mapping[str, Any]) -> tuple[tuple[Earlier, ...], int]:
    """What was told of the story before an alert, filled up with what was not; and how many reports there were."""
    which = (alert["story"], alert["article"], alert["created_at"], _EARLIER)
    found = sorted(rows(db, _REPORTS, which), key=lambda row: row["at"], reverse=True)
    reports = []
    for row in found:
        new = novelties_of(db, row["alert"])
        figures = () if new else rows(db, _FIGURES, (row["revision"], FactKind.FIGURE, _COUNTS))
        reports.append(
            Earlier(
                at=read_time(row["at"]),
                day_only=bool(row["day_only"] and row["published"]),
                outlet=row["outlet"],
                language=row["language"],
                title=row["title"],
                url=row["url"],
                new=new,
                figures=tuple(map(read_fact, figures)),
            )
        )
    return tuple(reports), found[0]["reports"] if found else 0


_EARLIER = 8  # reports in a timeline; the history has the others
_COUNTS = 2  # figures of one that was not told for something new
_ALERT = """
    SELECT alerts.*, stories.title AS story_title, revisions.title, revisions.text, articles.url,
        articles.language, articles.published, articles.author, articles.day_only, sources.title AS source,
        entries.found_at
    FROM alerts
    JOIN stories ON stories.id = alerts.story
    JOIN articles ON articles.id = alerts.article
    JOIN revisions ON revisions.id = alerts.revision
    JOIN sources ON sources.name = articles.source
    JOIN entries ON entries.id = alerts.entry
    WHERE alerts.id = ?
"""
_EVIDENCE = """
    SELECT DISTINCT field, start, "end", evidence.text, concept
    FROM evidence JOIN matches ON matches.id = evidence."match"
    WHERE matches.revision = ? AND matches.pack = ?
    ORDER BY field DESC, start, "end", concept  -- title before body
"""
_FACTS = "SELECT * FROM facts WHERE revision = ? ORDER BY field DESC, start, id"
_FIGURES = "SELECT * FROM facts WHERE revision = ? AND kind = ? ORDER BY field DESC, start, id LIMIT ?"
# What was read before the alert was stored; of several alerts on an article the latest before it tells what was new.
_REPORTS = """
    WITH told AS (
        SELECT article, max(id) AS alert FROM alerts WHERE story = ?1 AND created_at < ?3 GROUP BY article
    ), chosen AS (
        SELECT id, ifnull(published, read_at) AS at, alert, count(*) OVER () AS reports
        FROM articles LEFT JOIN told ON told.article = articles.id
        WHERE story = ?1 AND id <> ?2 AND read_at < ?3
        ORDER BY alert IS NULL, at DESC, id DESC LIMIT ?4
    )
    SELECT articles.*, at, alert, reports, sources.title AS outlet,
        (SELECT max(id) FROM revisions WHERE revisions.article = articles.id) AS revision
    FROM chosen JOIN articles ON articles.id = chosen.id JOIN sources ON sources.name = articles.source
"""
_NOVELTIES = """
    SELECT facts.*, novelties.before, novelties.kind AS newness, novelties.instead
    FROM novelties JOIN facts ON facts.id = novelties.fact
    WHERE novelties.alert = ? ORDER BY novelties.id
"""


def novelties_of(db: Database, alert: int | None) -> tuple[Novelty, ...]:
    """What an alert said is new, in its order; nothing if it was the first report."""
    return tuple(map(read_novelty, rows(db, _NOVELTIES, (alert,))))


def read_novelty(row: Mapping[str, Any]) -> Novelty:
    """What is new, in a row of `facts` with the columns of `novelties`; `kind` of the latter as `newness`."""
    return Novelty(read_fact(row), row["before"], Newness(row["newness"]), row["instead"])
