"""Invented outlets, and how looking at them went: sources, looks, gaps, visits and what the keeper was told."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from monitor.core.sources.state import Condition
from monitor.store.columns import time_text
from monitor.store.database import add, add_all, change, rows, transaction
from monitor.store.sources import Sources
from spiders.items import Kind, Source
from tests.bench.generated_words import SHARES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from monitor.store.database import Database
    from tests.bench.generated_words import Vocabulary

_LOOKS_LAST = timedelta(days=60)  # older ones are not kept
_COUNTRIES = {"en": "GB", "ko": "KR", "ja": "JP", "zh": "CN", "uk": "UA", "ar": "EG"}
_TROUBLE = (
    (Condition.FAILING, "http_503", "cannot be read: the server answers 503"),
    (Condition.SILENT, "", "has had nothing new for 9 days"),
    (Condition.SHAPE_CHANGED, "", "lists entries without titles"),
    (Condition.POSSIBLE_GAP, "", "may have had more between two looks than it listed"),
)


def outlets(vocabularies: Mapping[str, Vocabulary], articles: int) -> dict[str, list[Source]]:
    """The sources of each language, the busiest first: more of them, the more articles there are."""
    each = max(2, min(40, articles // 25_000))
    chance = random.Random(21)
    return {
        language: [_outlet(vocabularies[language], number, chance) for number in range(each)]
        for language in SHARES
    }


def _outlet(words: Vocabulary, number: int, chance: random.Random) -> Source:
    name = f"{words.language}-{number + 1:02}"
    first, second = chance.sample(words.words[300:3_000], 2)
    tags = ("wire",) if number == 0 else chance.choice((("official",), ("specialist",), ()))
    return Source(
        name=name,
        title=f"{first.capitalize()} {second.capitalize()}",
        url=f"https://{name}.example/feed",
        kind=chance.choice((Kind.FEED, Kind.FEED, Kind.SITEMAP, Kind.SECTION)),
        language=words.language,
        country=_COUNTRIES.get(words.language, words.language.upper()),
        tags=tags,
        weight=chance.randint(1, 5),
        links="a.article" if number % 4 == 3 else None,
    )


def declare(db: Database, sources: Mapping[str, list[Source]], begin: datetime) -> None:
    """Store them as they are when they are first declared."""
    Sources(db).sync([source for some in sources.values() for source in some], begin)


def watched(db: Database, articles: int, until: datetime) -> None:
    """Store the looks of the last weeks, and how the sources are at the end."""
    names = [row["name"] for row in rows(db, "SELECT name FROM sources ORDER BY name")]
    every = _LOOKS_LAST * len(names) / max(1, round(articles * 0.6))
    chance = random.Random(22)
    with transaction(db):
        add_all(db, "looks", _looks(names, every, until, chance))
        for number, name in enumerate(names):
            _settle(db, name, number, until, chance)
        add_all(db, "gaps", _gaps(names, until, chance))
        _notices(db, names, until)


def _looks(
    names: list[str], every: timedelta, until: datetime, chance: random.Random
) -> Iterator[dict[str, Any]]:
    """In order of time."""
    at = until - _LOOKS_LAST
    while at < until:
        for name in names:
            at += every / len(names)
            outcome = chance.choices(("ok", "unchanged", "failed"), (60, 36, 4))[0]
            listed = chance.randint(10, 50) if outcome == "ok" else 0
            yield {
                "source": name,
                "looked_at": time_text(at),
                "outcome": outcome,
                "reason": chance.choice(("http_503", "timeout", "dns")) if outcome == "failed" else "",
                "detail": "the server did not answer in time" if outcome == "failed" else "",
                "status": {"ok": 200, "unchanged": 304}.get(outcome),
                "seconds": round(chance.expovariate(2.5), 3),
                "size": listed * 900,
                "entries": listed,
                "new": min(listed, int(chance.expovariate(0.5))),
                "titled": listed,
                "dated": listed,
                "teased": listed,
                "ahead": 0,
                "moments": listed,
            }


def _settle(db: Database, name: str, number: int, until: datetime, chance: random.Random) -> None:
    """How a source is at the end: most are well."""
    condition, reason, text = chance.choice(_TROUBLE) if number % 9 == 4 else (Condition.OK, "", "")
    failing = condition is Condition.FAILING
    looked = until - timedelta(minutes=chance.randint(0, 14))
    settled = {
        "looked_at": looked,
        "last_ok": looked - timedelta(hours=30 * failing),
        "next_due": looked + timedelta(minutes=15),
        "baseline_at": until - timedelta(days=700),
        "failures": 40 * failing,
        "failing_since": until - timedelta(hours=30) if failing else None,
        "last_reason": reason,
        "last_detail": text,
        "condition": condition,
        "condition_text": text,
        "condition_since": until - timedelta(hours=chance.randint(1, 200)),
        "judged": 1,
        "whole_at": looked - timedelta(hours=1),
    }
    names = ", ".join(f"{one} = ?" for one in settled)
    change(db, f"UPDATE sources SET {names} WHERE name = ?", (*settled.values(), name))
    change(
        db,
        "UPDATE sources SET entries_seen = (SELECT count(*) FROM entries WHERE source = name) WHERE name = ?",
        (name,),
    )


def _gaps(names: list[str], until: datetime, chance: random.Random) -> Iterator[dict[str, Any]]:
    for name in chance.sample(names, max(1, len(names) // 5)):
        at = until - timedelta(days=chance.uniform(0, 60))
        closed = chance.random() < 0.7
        yield {
            "source": name,
            "since": time_text(at - timedelta(hours=chance.randint(1, 9))),
            "at": time_text(at),
            "pages": chance.randint(1, 5),
            "found": chance.randint(0, 30),
            "closed": int(closed),
        }


def _notices(db: Database, names: list[str], until: datetime) -> None:
    """What the keeper was told, a day each."""
    for day in range(60):
        at = until - timedelta(days=day, hours=3)
        name = names[day % len(names)]
        notice = {
            "key": f"source_failing {name} {day}",
            "kind": "source_failing",
            "subject": name,
            "text": f"{name} cannot be read: the server answers 503",
            "details": json.dumps(["the last look that ended well was a day ago"]),
            "severity": "high",
            "created_at": at,
        }
        add(db, "notices", notice)
