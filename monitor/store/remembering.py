"""What a restart and a page that is read again need to know of the past."""

from __future__ import annotations

import json
from dataclasses import replace
from math import isfinite
from sys import intern
from typing import TYPE_CHECKING, Any

from monitor.core.models import Remembered
from monitor.core.signature import SHINGLE_BYTES, Signature
from monitor.core.sources.revisiting import Page
from monitor.store.columns import read_optional_time, read_time
from monitor.store.database import rows
from monitor.store.values import read_article, read_fact

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from monitor.core.statements import Fact
    from monitor.store.database import Database


def remembered(db: Database, since: datetime, versions: Mapping[str, str]) -> tuple[Remembered, ...]:
    """See `History.remembered`. The caller's snapshot holds the queries together."""
    found = rows(db, _REMEMBERED, (since, json.dumps(dict(versions))))
    told: dict[int, list[str]] = {}
    for row in rows(db, _TOLD, (since,)):
        told.setdefault(row["revision"], []).append(row["channel"])
    facts: dict[int, list[Fact]] = {}
    signed = {row["id"]: signature for row in found if (signature := _signature(row))}
    for row in rows(db, _STATED, (since,)) if signed else ():
        if row["revision"] in signed:
            stated = replace(read_fact(row), at=read_optional_time(row["published"]))
            facts.setdefault(row["revision"], []).append(stated)

    def is_whole(row: Mapping[str, Any]) -> bool:
        return row["features"] is None or row["id"] in signed

    return tuple(
        Remembered(
            id=row["article"],
            story=row["story"],
            pack=row["pack"],
            source=row["source"],
            article=read_article(row if is_whole(row) else {**row, **_text(db, row["id"])}),
            read_at=read_time(row["read_at"]),
            told=tuple(told.get(row["id"], ())),
            signature=signed.get(row["id"]),
            facts=tuple(facts.get(row["id"], ())),
        )
        for row in found
    )


def page(db: Database, url: str) -> Page | None:
    """See `History.page`."""
    found = rows(db, _PAGE, (url,))
    if not found:
        return None
    told, article = found[0], found[0]["article"]
    channels = rows(db, _PAGE_TOLD, (article,))
    facts = rows(db, "SELECT * FROM facts WHERE revision = ? ORDER BY field DESC, start, id", (told["id"],))
    later = rows(db, _LATER, (article, told["id"]))
    return Page(
        story=told["story"],
        title=told["title"],
        text=told["text"],
        facts=tuple(map(read_fact, facts)),
        told=frozenset(row["channel"] for row in channels),
        headlines=tuple(row["title"] for row in rows(db, _HEADLINES, (article,))),
        pack=told["pack"] or "",
        latest=(later[0]["title"], later[0]["text"]) if later else None,
    )


def _signature(row: Mapping[str, Any]) -> Signature | None:
    """The signature in a row; None without one, or if it is broken: the file is open to everybody's hands."""
    if row["features"] is None or len(row["shingles"]) % SHINGLE_BYTES:
        return None
    try:
        # One object for each name, as while the service runs: it is less to keep, and faster to compare.
        features = {intern(feature): weight for feature, weight in json.loads(row["features"]).items()}
        sound = isfinite(sum(features.values()))
    except (AttributeError, TypeError, ValueError, OverflowError, RecursionError):
        return None
    return Signature(features, row["shingles"], bool(row["is_roundup"])) if sound else None


def _text(db: Database, revision: int) -> Mapping[str, Any]:
    return rows(db, "SELECT title, text FROM revisions WHERE id = ?", (revision,))[0]


# A story may be open for longer than since then; what was told of it is known as long as it is.
_KNOWN = """
    WITH known AS (
        SELECT id FROM revisions WHERE read_at >= ?1
        UNION SELECT revision FROM alerts JOIN stories ON stories.id = alerts.story
        WHERE merged_into IS NULL AND last_at >= ?1
    )
"""
# A pack that has changed since reads the text anew; the others need no text.
_REMEMBERED = f"""{_KNOWN}
    SELECT revisions.id, revisions.article, revisions.read_at, articles.story, articles.source, articles.url,
        articles.language, articles.published, articles.author, articles.day_only, stories.pack,
        placements.features, placements.shingles, placements.is_roundup,
        iif(placements.revision IS NULL, revisions.title, '') AS title,
        iif(placements.revision IS NULL, revisions.text, '') AS text
    FROM revisions
    JOIN articles ON articles.id = revisions.article
    JOIN stories ON stories.id = articles.story
    LEFT JOIN placements ON placements.revision = revisions.id AND placements.pack = stories.pack
        AND placements.version = (SELECT value FROM json_each(?2) WHERE key = stories.pack)
    WHERE revisions.id IN known AND EXISTS (SELECT 1 FROM matches WHERE matches.revision = revisions.id)
    ORDER BY revisions.read_at, revisions.id
"""  # noqa: S608  own words
_TOLD = f"""{_KNOWN}
    SELECT DISTINCT alerts.revision, deliveries.channel
    FROM deliveries JOIN alerts ON alerts.id = deliveries.alert
    WHERE alerts.revision IN known ORDER BY alerts.revision, deliveries.channel
"""  # noqa: S608  own words
_STATED = f"""{_KNOWN}
    SELECT facts.*, articles.published FROM facts
    JOIN revisions ON revisions.id = facts.revision JOIN articles ON articles.id = revisions.article
    WHERE facts.revision IN (SELECT revision FROM alerts WHERE revision IN known)
    ORDER BY facts.revision, field DESC, start, facts.id
"""  # noqa: S608  own words
# The version that was told last, else the latest.
_PAGE = """
    SELECT revisions.id, revisions.article, revisions.title, revisions.text, articles.story, stories.pack
    FROM articles JOIN revisions ON revisions.article = articles.id
    LEFT JOIN stories ON stories.id = articles.story
    WHERE articles.url = ?
    ORDER BY revisions.id IN (SELECT revision FROM alerts) DESC, number DESC LIMIT 1
"""
# A later version that told nothing.
_LATER = "SELECT title, text FROM revisions WHERE article = ? AND id > ? ORDER BY number DESC LIMIT 1"
_HEADLINES = """
    SELECT DISTINCT revisions.title FROM alerts JOIN revisions ON revisions.id = alerts.revision
    WHERE alerts.article = ? ORDER BY revisions.id
"""
_PAGE_TOLD = """
    SELECT DISTINCT channel FROM deliveries JOIN alerts ON alerts.id = deliveries.alert WHERE alerts.article = ?
"""
