"""Rows as the values that they hold."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from monitor.core.statements import Bound, Evidence, Fact, FactKind, Field, Period
from monitor.store.columns import read_optional_time
from spiders.items import Article

if TYPE_CHECKING:
    from collections.abc import Mapping


def read_article(row: Mapping[str, Any]) -> Article:
    """The article in a row that joins `articles` with the title and text of a revision."""
    return Article(
        url=row["url"],
        title=row["title"],
        text=row["text"],
        language=row["language"],
        published=read_optional_time(row["published"]),
        author=row["author"],
        day_only=bool(row["day_only"]),
    )


def read_evidence(row: Mapping[str, Any]) -> Evidence:
    """The words in a row of `evidence`."""
    return Evidence(Field(row["field"]), row["start"], row["end"], row["text"], row["concept"])


def read_fact(row: Mapping[str, Any]) -> Fact:
    """The statement in a row of `facts`."""
    words = read_evidence({**row, "concept": row["words_concept"]})
    period = None
    if row["first_day"]:
        period = Period(date.fromisoformat(row["first_day"]), date.fromisoformat(row["last_day"]))
    return Fact(
        FactKind(row["kind"]),
        row["concept"],
        row["value"],
        words,
        by=row["stated_by"],
        bound=Bound(row["bound"]),
        most=row["most"],
        period=period,
    )
