"""Replaying texts through the same decisions as the running service, without a network."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from monitor.core.errors import InputError
from monitor.core.models import Pending
from monitor.jobs.answers import answer
from spiders.items import Article, Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from monitor.jobs.ingest import Ingestor

SOURCE = "replay"
"""The name under which replayed texts stand in a history."""


@dataclass(frozen=True, slots=True)
class Text:
    """One input line: a text with what is known of it.

    `relevant` is what its `label` says (`relevant` or `not_relevant`; None for anything else); `source` names the
    source that led to it, if the line has one.
    """

    id: str | int
    article: Article
    relevant: bool | None = None
    source: str = ""


def read_texts(lines: Iterable[str], where: str) -> Iterator[Text]:
    """Read JSON lines `{id, title, text, lang?, url?, published?, label?, source?}`.

    Raises:
        InputError: with the line, if one cannot be read.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _text(line, f"{where}:{number}", number)


def replay(texts: Sequence[Text], ingestor: Ingestor, now: datetime) -> list[dict[str, Any]]:
    """Decide about each text in the order of publication; the answers are in the order of the texts."""
    answers: dict[int, dict[str, Any]] = {}
    for moment, number, text in in_order(texts, now):
        pending = Pending(Entry(text.article.url), SOURCE, text.article.language, found_at=moment)
        answers[number] = answer(text.id, ingestor.take(pending, text.article, moment))
    for row in answers.values():  # stories may have turned out to be one since
        row["story"] = ingestor.story_now(row["story"])
    return [answers[number] for number in range(len(texts))]


def in_order(texts: Iterable[Text], now: datetime) -> list[tuple[datetime, int, Text]]:
    """The texts in the order of publication, each with the time at which it is taken in and its place in the input.

    A text without a time stands where it does in the input, at the time of the text before it.
    """
    order: list[tuple[datetime, int, Text]] = []
    before = _EPOCH
    for number, text in enumerate(texts):
        before = text.article.published or before
        order.append((min(max(before, _EPOCH), now), number, text))
    return sorted(order, key=lambda one: one[:2])


_LABELS = {"relevant": True, "not_relevant": False, "not-relevant": False}
_EPOCH = datetime(1990, 1, 2, tzinfo=UTC)


def _text(line: str, where: str, number: int) -> Text:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as problem:
        raise InputError(f"is no JSON: {problem}", where=where, remedy="one object on each line") from None
    if not isinstance(row, dict) or not isinstance(row.get("id"), str | int):
        raise InputError("is no object with an id", where=where, remedy="write {id, title, text, …}")
    for key in ("title", "text", "lang", "url", "label", "source"):
        if not isinstance(row.get(key), str | None):
            raise InputError(f"{key} is not text", where=where, remedy="put it in quotes, or leave it out")
    url = row.get("url") or f"replay:{row['id']}"
    return Text(
        row["id"],
        Article(
            # Lines may share an address, as revisions do; each is a text of its own here.
            url=f"{url}#{number}",
            title=row.get("title") or "",
            text=row.get("text") or "",
            language=row.get("lang"),
            published=_time(row.get("published")),
        ),
        relevant=_LABELS.get(row.get("label") or ""),
        source=row.get("source") or "",
    )


def _time(value: object) -> datetime | None:
    """An instant, a day (its midnight) or a month, in UTC where no zone is given; None if it cannot be read."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    if len(text) == len("2024-10"):
        text = f"{text}-01"
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):  # the first and last day of the calendar lie outside it elsewhere
        return None
