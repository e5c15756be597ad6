"""Sources as their rows keep them: what was declared, and what was learned of their habits."""

from __future__ import annotations

import json
import struct
from datetime import UTC, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from monitor.core.sources.rhythm import WEEK, Habits, Rhythm
from monitor.core.sources.state import Condition, Diagnosis, Health, SourceState
from monitor.store.columns import read_optional_time, read_time
from spiders.items import Kind, Source, Validators

if TYPE_CHECKING:
    from collections.abc import Mapping

_LAYOUT = struct.Struct(f"<4d{WEEK}f")  # since and until as seconds of Unix, lately, expected, hours


def learned_columns(habits: Habits) -> dict[str, object]:
    """What was learned, as it is stored."""
    return {
        "rhythm": _packed(habits.rhythm) if habits.rhythm else None,
        "ttl": habits.ttl,
        "wait_until": habits.wait_until,
    }


def read_habits(row: Mapping[str, Any]) -> Habits:
    """What `learned_columns` wrote."""
    return Habits(_rhythm(row["rhythm"]), row["ttl"], read_optional_time(row["wait_until"]))


def declared(source: Source) -> dict[str, object]:
    """The declaration as it is stored."""
    return {
        "name": source.name,
        "title": source.title,
        "url": source.url,
        "kind": source.kind,
        "language": source.language,
        "country": source.country,
        "tags": json.dumps(source.tags, ensure_ascii=False),
        "weight": source.weight,
        "links": source.links,
        "enabled": source.enabled,
        "unverified": source.unverified,
        "note": source.note,
        "times": json.dumps([at.isoformat() for at in source.times]),
        "quiet": json.dumps([at.isoformat() for at in source.quiet or ()]),
        "timezone": source.timezone,
        "retired_at": None,
    }


def read_source(row: Mapping[str, Any]) -> Source:
    """The source that `declared` wrote."""
    quiet = tuple(map(time.fromisoformat, _listed(row["quiet"])))
    return Source(
        name=row["name"],
        title=row["title"],
        url=row["url"],
        kind=Kind(row["kind"]),
        language=row["language"],
        country=row["country"],
        tags=_listed(row["tags"]),
        weight=row["weight"],
        links=row["links"],
        enabled=bool(row["enabled"]),
        unverified=bool(row["unverified"]),
        note=row["note"],
        times=tuple(map(time.fromisoformat, _listed(row["times"]))),
        quiet=(quiet[0], quiet[1]) if quiet else None,
        timezone=row["timezone"],
    )


def read_state(row: Mapping[str, Any]) -> SourceState:
    """A source with all that its row keeps."""
    return SourceState(
        source=read_source(row),
        next_due=read_time(row["next_due"]),
        validators=Validators(row["etag"], row["modified"]),
        failures=row["failures"],
        failing_since=read_optional_time(row["failing_since"]),
        looked_at=read_optional_time(row["looked_at"]),
        last_ok=read_optional_time(row["last_ok"]),
        last_reason=row["last_reason"],
        last_detail=row["last_detail"],
        entries_seen=row["entries_seen"],
        habits=read_habits(row),
        dropped_at=read_optional_time(row["dropped_at"]),
        health=Health(
            Diagnosis(Condition(row["condition"]), row["condition_text"]),
            read_optional_time(row["condition_since"]),
        ),
        unchanged=row["unchanged"],
        whole_at=read_optional_time(row["whole_at"]),
        distrusted_at=read_optional_time(row["distrusted_at"]),
    )


# Hundreds of sources share a few lists, most of them the empty one.
@lru_cache(maxsize=1024)
def _listed(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


def _packed(rhythm: Rhythm) -> bytes:
    times = (rhythm.since.timestamp(), rhythm.until.timestamp())
    return _LAYOUT.pack(*times, rhythm.lately, rhythm.expected, *rhythm.hours)


def _rhythm(packed: bytes | None) -> Rhythm | None:
    if packed is None:
        return None
    since, until, lately, expected, *hours = _LAYOUT.unpack(packed)
    begin, end = (datetime.fromtimestamp(seconds, UTC) for seconds in (since, until))
    return Rhythm(begin, end, tuple(hours), lately, expected)
