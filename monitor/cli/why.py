"""`tumen why`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from monitor.cli.alerts_page import delivery_row
from monitor.cli.laboratory.changes import change_rows, show_changes
from monitor.cli.laboratory.recorded import show_entry, show_new, show_pruned, show_record
from monitor.cli.laboratory.sheet import Sheet, fact_row, match_row, miss_row
from monitor.cli.laboratory.subjects import articles_of
from monitor.cli.options import as_json, config_file, ending, packs_of, settings_if_any
from monitor.cli.output import print_json
from monitor.config import Settings
from monitor.core.errors import InputError
from monitor.core.laboratory.opinion import opinions
from monitor.core.matching import Matcher
from monitor.core.meanings import MEANS
from monitor.core.reading import Origin
from monitor.jobs.inquiry import inquire

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from monitor.core.laboratory.opinion import Opinion
    from monitor.jobs.inquiry import Findings
    from monitor.store.pruning import PruningLine
    from spiders.items import Article


@click.command(
    epilog=ending(
        "0 shown",
        "1 the page cannot be read",
        "2 there is no such article",
        examples=[
            "tumen why https://example.org/news/1",
            "tumen why alert:12",
            "tumen why 12 --changes",
        ],
    )
)
@click.argument("what", metavar="ARTICLE|URL|alert:NUMBER")
@click.option("--changes", is_flag=True, help="Show what each version of the page says differently instead.")
@config_file
@as_json
def why(what: str, config: Path, *, changes: bool, as_json: bool) -> None:
    """Show why an article was told, or exactly why it was not.

    ARTICLE is a number of the history. What was recorded is shown, with the words that each rule relied on, and what
    the packs say now if they have changed since; where nothing fired, which rules came near and what they lacked. An
    address that the history does not know is read from the web now. It works while the service runs.
    """
    settings = settings_if_any(config) or Settings()
    found = inquire(settings.history_path, what)
    if changes:
        _changes(what, found, as_json=as_json)
        return
    matcher = Matcher(packs_of((), settings))
    if found.record is not None:
        text = found.record.text
        now = opinions(matcher, text.article, Origin(text.source, text.tags))
        if as_json:
            print_json(_recorded(found) | _now(now))
        else:
            show_record(Sheet(), found.record, found.alerts, now)
    elif found.entry is not None or found.pruned is not None:
        _address(what, found, as_json=as_json)
    else:
        article = _read(what, settings)
        now = opinions(matcher, article, Origin())
        if as_json:
            print_json({"known": False, "article": _article(article)} | _now(now))
        else:
            show_new(Sheet(), article, now)


def _changes(what: str, found: Findings, *, as_json: bool) -> None:
    if found.record is None:
        raise InputError("was not read, so there are no versions of it", where=what or "ARTICLE")
    if as_json:
        print_json({"article": found.record.text.id, "changes": change_rows(found.record)})
    else:
        show_changes(Sheet(), found.record)


def _address(what: str, found: Findings, *, as_json: bool) -> None:
    """An address that has no article, or none any more."""
    if as_json:
        print_json(_entry(found) or {"known": True, "url": what, "pruned": _pruned(found.pruned)})
    elif found.entry is not None:
        show_entry(Sheet(), found.entry)
    elif found.pruned is not None:
        show_pruned(Sheet(), what, found.pruned)


def _read(what: str, settings: Settings) -> Article:
    if not what.startswith(("http://", "https://")):
        remedy = "write its number, its address, or alert:NUMBER"
        raise InputError("is no article that the history knows", where=what or "ARTICLE", remedy=remedy)
    (article,) = articles_of(what, settings)
    return article


def _recorded(found: Findings) -> dict[str, Any]:
    record = found.record
    if record is None:
        return {}
    text = record.text
    about = {
        "id": text.id,
        "source": text.source,
        "read_at": _iso(text.read_at),
        "texts": len(record.revisions),
        "gone_at": _iso(record.gone_at),
    }
    story = record.story
    return {
        "known": True,
        "article": _article(text.article) | about,
        "reason": text.reason.value,
        "means": MEANS[text.reason],
        "matches": list(map(match_row, record.matches)),
        "facts": list(map(fact_row, record.facts)),
        "story": {"id": story.id, "title": story.title, "articles": story.articles} if story else None,
        "alerts": [
            {
                "id": line.id,
                "kind": line.kind.value,
                "created_at": _iso(line.created_at),
                "new": [fact_row(new.fact) | {"before": new.before} for new in alert.new],
                "deliveries": [delivery_row(delivery) for delivery in line.deliveries],
            }
            for line, alert in zip(record.alerts, found.alerts, strict=True)
        ],
        "feedback": [
            {"verdict": one.verdict.value, "rule": one.rule, "note": one.note, "at": _iso(one.at)}
            for one in record.feedback
        ],
    }


def _now(now: Sequence[Opinion]) -> dict[str, Any]:
    return {
        "now": [
            {
                "pack": one.pack.name,
                "version": one.pack.version,
                "matches": list(map(match_row, one.matches)),
                "near_misses": list(map(miss_row, one.misses())),
            }
            for one in now
        ]
    }


def _entry(found: Findings) -> dict[str, Any]:
    entry = found.entry
    if entry is None:
        return {}
    return {
        "known": True,
        "entry": {
            "url": entry.url,
            "title": entry.title,
            "source": entry.source,
            "state": entry.state.value,
            "reason": entry.reason,
            "detail": entry.detail,
            "attempts": entry.attempts,
            "found_at": _iso(entry.found_at),
            "pruned": _pruned(entry.pruned),
        },
    }


def _pruned(pruned: PruningLine | None) -> dict[str, Any] | None:
    if pruned is None:
        return None
    about = {"class": pruned.what.value, "why": pruned.why.value, "means": pruned.because}
    return {"at": _iso(pruned.ended_at)} | about


def _article(article: Article) -> dict[str, Any]:
    return {
        "url": article.url,
        "title": article.title,
        "language": article.language,
        "published": _iso(article.published),
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
