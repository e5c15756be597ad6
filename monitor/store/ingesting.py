"""The rows that one read article brings: part of the transaction that `History.ingest` makes."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.core.delivery.bundling import GATHER
from monitor.core.delivery.deliveries import DeliveryState
from monitor.core.models import EntryState, Reason, Stored
from monitor.core.sources.revisiting import next_visit
from monitor.store.captures import keep
from monitor.store.columns import chain_hash, content_hash, time_text
from monitor.store.database import add, add_all, change, rows
from monitor.store.indexing import enter, take_out
from monitor.store.stating import store_facts
from spiders.items import host

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from monitor.core.models import AlertPlan, Ingest, Match
    from monitor.core.statements import Fact
    from monitor.store.database import Database

KEPT_FOR = timedelta(days=3)  # how long a delivery is worth sending if nobody says


def store(db: Database, item: Ingest) -> Stored:
    """Store everything that one read article changes. The caller's transaction holds it together."""
    _require_source(db, item)
    if item.reason is Reason.PRUNED:
        _end_entry(db, item, None)
        return Stored(article=None, story=None, alerts=(), is_new=False)
    article, revision, is_new = _store_article(db, item)
    story = _store_story(db, item, article)
    _store_page(db, item, article)
    captured = keep(db, item.fetched, article, revision)
    entry = _end_entry(db, item, article)
    _store_matches(db, item.matches, revision)
    _store_placement(db, item, revision)
    facts = store_facts(db, _all_facts(item), revision)
    keys = {"story": story, "article": article, "revision": revision, "entry": entry}
    alerts = tuple(_store_alert(db, plan, item, keys, facts) for plan in item.alerts)
    return Stored(article=article, story=story, alerts=alerts, is_new=is_new, captured=captured)


def _require_source(db: Database, item: Ingest) -> None:
    """A replayed text may come from a source that was never declared."""
    if rows(db, "SELECT 1 FROM sources WHERE name = ?", (item.source,)):
        return
    add_all(
        db,
        "sources",
        [
            {
                "name": item.source,
                "title": item.source,
                "url": "",
                "kind": "section",
                "added_at": item.read_at,
                "next_due": item.read_at,
                "retired_at": item.read_at,  # it was never declared, so nobody looks at it
            }
        ],
        ignore=True,
    )


def _store_article(db: Database, item: Ingest) -> tuple[int, int, bool]:
    """Store the article, and its text if it is new; return their keys, and whether it is."""
    article = item.article
    found = rows(
        db,
        """SELECT articles.id, revisions.id AS revision, number, content_hash, chain
        FROM articles JOIN revisions ON revisions.article = articles.id
        WHERE articles.url = ? ORDER BY number DESC LIMIT 1""",
        (article.url,),
    )
    digest = content_hash(article.title, article.text)
    if found and found[0]["content_hash"] == digest:
        return found[0]["id"], found[0]["revision"], False
    described = {
        "title": article.title,
        "language": article.language,
        "published": article.published,
        "day_only": article.day_only,
        "author": article.author,
        "changed_at": item.read_at,
        "reason": item.reason,
    }
    if found:
        key, number, before = found[0]["id"], found[0]["number"] + 1, found[0]["chain"]
        take_out(db, key)
        settings = ", ".join(f"{name} = ?" for name in described)
        change(db, f"UPDATE articles SET {settings} WHERE id = ?", (*described.values(), key))  # noqa: S608  own names
    else:
        number, before = 1, ""
        row = {"url": article.url, "source": item.source, "read_at": item.read_at, **described}
        key = add(db, "articles", row)
    revision = {
        "article": key,
        "number": number,
        "title": article.title,
        "text": article.text,
        "content_hash": digest,
        "chain": chain_hash(before, article.url, number, time_text(item.read_at), digest),
        "read_at": item.read_at,
        "reason": item.reason,
    }
    stored = add(db, "revisions", revision)
    enter(db, key)
    return key, stored, True


def _store_story(db: Database, item: Ingest, article: int) -> int | None:
    story = item.story
    if story is None and not item.matches:
        return None
    # A page that is read again stays in its story: that is where a person, or its first reading, put it.
    story = rows(db, "SELECT story FROM articles WHERE id = ?", (article,))[0]["story"] or story
    if story is None:
        opened = {
            "title": item.article.title,
            "pack": _leading(item.matches).pack,
            "opened_at": item.read_at,
            "last_at": item.read_at,
        }
        story = add(db, "stories", opened)
    else:
        change(db, "UPDATE stories SET last_at = max(last_at, ?) WHERE id = ?", (item.read_at, story))
    change(db, "UPDATE articles SET story = ? WHERE id = ?", (story, article))
    return story


def _store_page(db: Database, item: Ingest, article: int) -> None:
    """Store where the page of an article on topic was fetched, and when it is visited first. It is there again."""
    if item.fetched is None or not item.matches:
        return
    page, validators = item.fetched.url, item.fetched.validators
    change(
        db,
        """UPDATE articles SET fetched = ?, host = ?, etag = ?, modified = ?, visit_at = ?, missing = 0,
            gone_at = NULL
        WHERE id = ? AND (fetched IS NULL OR gone_at IS NOT NULL)""",
        (
            page,
            host(page),
            validators.etag,
            validators.modified,
            next_visit(item.read_at, item.read_at),
            article,
        ),
    )


def _end_entry(db: Database, item: Ingest, article: int | None) -> int:
    """Mark the entry as read and return its key."""
    found = rows(db, "SELECT id FROM entries WHERE url = ?", (item.entry,))
    ended = {
        "state": EntryState.READ,
        "reason": item.reason,
        "detail": "",
        "not_before": None,
        "ended_at": item.read_at,
        "article": article,
    }
    if found:
        settings = ", ".join(f"{name} = ?" for name in ended)
        change(db, f"UPDATE entries SET {settings} WHERE id = ?", (*ended.values(), found[0]["id"]))  # noqa: S608
        return int(found[0]["id"])
    listed = {
        "url": item.entry,
        "host": host(item.entry),
        "source": item.source,
        "title": item.article.title,
        "found_at": item.read_at,
    }
    return add(db, "entries", {**listed, **ended})


def _store_matches(db: Database, matches: Collection[Match], revision: int) -> None:
    """Store matches with their evidence; a rule that this revision matched before stays as it was found."""
    if not matches:
        return
    sql = "SELECT pack, rule FROM matches WHERE revision = ?"
    known = {(row["pack"], row["rule"]) for row in rows(db, sql, (revision,))}
    for match in matches:
        if (match.pack, match.rule) in known:
            continue
        row = {
            "revision": revision,
            "pack": match.pack,
            "version": match.version,
            "rule": match.rule,
            "severity": match.severity,
            "score": match.score,
        }
        key = add(db, "matches", row)
        add_all(
            db,
            "evidence",
            [
                {
                    "match": key,
                    "field": evidence.field,
                    "start": evidence.start,
                    "end": evidence.end,
                    "text": evidence.text,
                    "concept": evidence.concept,
                }
                for evidence in match.evidence
            ],
        )


def _store_placement(db: Database, item: Ingest, revision: int) -> None:
    """Store what the next restart needs to have the open stories as they are now."""
    if item.signature is None:
        return
    leading, placement = item.matches[0], item.placement
    row = {
        "revision": revision,
        "pack": leading.pack,
        "version": leading.version,
        "likeness": placement.similarity if placement else 0.0,
        "shared": json.dumps(placement.shared if placement else (), ensure_ascii=False),
        "features": json.dumps(item.signature.features, ensure_ascii=False),
        "shingles": item.signature.shingles,
        "is_roundup": item.signature.is_roundup,
    }
    add_all(db, "placements", [row], ignore=True)


def _all_facts(item: Ingest) -> dict[Fact, None]:
    """The facts of the article and of its alerts, in order, each once."""
    return dict.fromkeys((*item.facts, *(novelty.fact for plan in item.alerts for novelty in plan.new)))


def _store_alert(
    db: Database, plan: AlertPlan, item: Ingest, keys: Mapping[str, int | None], facts: Mapping[Fact, int]
) -> int:
    leading = _leading(item.matches)
    row = {
        **keys,
        "kind": plan.kind,
        "reason": plan.reason,
        "pack": leading.pack,
        "severity": leading.severity,
        "late": plan.late,
        "created_at": item.read_at,
    }
    alert = add(db, "alerts", row)
    new = (
        {
            "alert": alert,
            "fact": facts[new.fact],
            "before": new.before,
            "kind": new.kind,
            "instead": new.instead,
        }
        for new in plan.new
    )
    add_all(db, "novelties", new)
    add_all(
        db,
        "deliveries",
        [
            {
                "alert": alert,
                "channel": recipient.channel,
                "recipient": recipient.key,
                "state": DeliveryState.PENDING,
                # Late is late: it waits for what else a catching-up finds, and leaves with it.
                "not_before": item.read_at + GATHER if plan.late else item.read_at,
                "created_at": item.read_at,
                "expires": item.expires or item.read_at + KEPT_FOR,
            }
            for recipient in plan.recipients
        ],
        ignore=True,
    )
    return alert


def _leading(matches: tuple[Match, ...]) -> Match:
    """The most severe match, the first of several. Raises ValueError if there is none: what is told is on topic."""
    return max(matches, key=lambda match: match.severity.rank)
