"""`tumen sources test`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import click

from monitor.catalogue import shipped_sources
from monitor.cli.laboratory.sheet import match_row
from monitor.cli.options import as_json, config_file, ending, packs_of, settings_of, sources_of
from monitor.cli.output import counted, plain, print_json
from monitor.cli.sourcing.looking import looking, say_advice, say_when
from monitor.config import worker_options
from monitor.core.errors import InputError
from monitor.core.laboratory.opinion import opinions
from monitor.core.matching import Matcher
from monitor.core.reading import Origin
from monitor.documents import suggestion
from monitor.jobs import overview
from monitor.jobs.sources import listed_before, poll
from spiders.items import Outcome, Validators

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.config import Settings
    from monitor.core.laboratory.opinion import Opinion
    from monitor.core.sources.state import SourceState
    from monitor.jobs.sources import Poll
    from spiders.items import CrawlReport, Source

_SHOWN = 10  # entries by title


@click.command(
    "test",
    epilog=ending(
        "0 it can be read",
        "1 it cannot be read, lists nothing, or none of its first articles can be read",
        "2 there is no such source, or the configuration is wrong",
        examples=["tumen sources test yonhap-en"],
    ),
)
@click.argument("name")
@config_file
@click.option(
    "--articles", type=click.IntRange(0, 20), default=3, show_default=True, help="How many articles are read."
)
@as_json
def test(name: str, config: Path, articles: int, *, as_json: bool) -> None:
    """Look at one source step by step: what is asked and answered, what is new, and what the rules say of it.

    It is asked as the running service would ask, with the validators of its last look; if nothing has changed since,
    once more without them. Nothing is stored, and the service takes no notice. A source that ships with Tumen can be
    tested whether or not it is watched. With --json, one object.
    """
    settings = settings_of(config)
    source, is_watched = _source(name, settings)
    state = overview.source_states(settings.history_path).get(name)
    known = state if state is not None and state.source.url == source.url else None
    validators = known.validators if known else Validators()
    done = asyncio.run(_poll(settings, source, validators, articles))
    before = listed_before(settings.history_path, done.report.entries)
    judged = _judged(done, source, settings) if any(one.article for one in done.articles) else {}
    if as_json:
        print_json(_row(source, validators, done, before, judged))
    else:
        _say_source(source, known, is_watched=is_watched)
        _say_request(settings, validators, done, source)
        _say_entries(done, before)
        for report in done.articles:
            _say_article(report, judged.get(report.task, ()))
    unreadable = done.articles and not any(one.article for one in done.articles)
    raise click.exceptions.Exit(1 if unreadable or not done.report.entries else 0)


def _source(name: str, settings: Settings) -> tuple[Source, bool]:
    """The source of a name, and whether it is watched."""
    watched = {source.name: source for source in sources_of(settings)}
    there = {source.name: source for source in shipped_sources()} | watched
    if name not in there:
        meant = suggestion(name, there)
        remedy = f"{meant} `tumen sources list` shows those that are watched".strip()
        raise InputError("there is no such source", where=plain(name), remedy=remedy)
    return there[name], name in watched


async def _poll(settings: Settings, source: Source, validators: Validators, most: int) -> Poll:
    async with looking(settings) as (crawler, told):
        return await poll(crawler, source, validators, most, told)


def _judged(done: Poll, source: Source, settings: Settings) -> dict[str, list[Opinion]]:
    """What the packs say of each article, by its task."""
    matcher = Matcher(packs_of((), settings))
    origin = Origin(source.name, source.tags)
    return {
        one.task: opinions(matcher, one.article, origin) for one in done.articles if one.article is not None
    }


def _say(mark: str, step: str, *words: str) -> None:
    click.echo(f"{mark} {step:<9} {' · '.join(filter(None, map(plain, words)))}")


def _say_source(source: Source, state: SourceState | None, *, is_watched: bool) -> None:
    about = (source.title, source.kind.value, source.language or "", f"weight {source.weight}")
    _say("✓", "source", source.name, *about, "" if is_watched else "not watched")
    if state is None or state.looked_at is None:
        _say("✓", "history", "it was never looked at")
        return
    failing = f"{counted(state.failures, 'failure')} since it was last well" if state.failures else ""
    looked = f"last look {say_when(state.looked_at)}, next {say_when(state.next_due)} UTC"
    _say("✓", "history", looked, state.health.diagnosis.condition.value, failing, state.last_detail)


def _say_request(settings: Settings, validators: Validators, done: Poll, source: Source) -> None:
    if done.first.reason == "robots":
        _say("✗", "robots", done.first.detail)
    else:
        if not settings.crawl.obey_robots:
            _say("✓", "robots", "not asked: `crawl: obey_robots` is false")
        elif done.first.status is not None:
            _say("✓", "robots", "nothing against it")
        agent = f"as {worker_options(settings).user_agent}"
        _say("✓", "request", f"GET {source.url}", agent, *_headers(validators))
        _say_answer(done.first)
    if done.first is not done.report:
        _say("✓", "request", "once more, without conditions")
        _say_answer(done.report)
    say_advice(done.report, source.kind, contact=bool(settings.crawl.contact))
    if done.report.kind is not None:
        differs = "" if done.report.kind is source.kind else f"declared as {source.kind.value}"
        _say("!" if differs else "✓", "kind", done.report.kind.value, differs)


def _headers(validators: Validators) -> tuple[str, ...]:
    return tuple(
        f"{name}: {value}"
        for name, value in (("If-None-Match", validators.etag), ("If-Modified-Since", validators.modified))
        if value
    ) or ("no conditions",)


def _say_answer(report: CrawlReport) -> None:
    mark = "✗" if report.outcome is Outcome.FAILED else "✓"
    status = f"status {report.status}" if report.status is not None else ""
    wait = f"asks to wait {report.retry_after:g} s" if report.retry_after is not None else ""
    how = f"{report.reason}: {report.detail}" if report.reason else report.detail or report.outcome.value
    given = [f"{report.size:,} bytes" if status else "", f"{report.seconds:.1f} s", wait]
    _say(mark, "answer", status, how, *given, f"from {report.url}" if status else "")


def _say_entries(done: Poll, before: frozenset[str]) -> None:
    entries = done.report.entries
    if not entries:
        return
    newest = max((entry.published for entry in entries if entry.published), default=None)
    fresh = sum(1 for entry in entries if entry.url not in before)
    when = f"the newest of {say_when(newest)} UTC" if newest else "without times"
    _say("✓", "entries", f"{len(entries):,}", f"{fresh:,} not in the history", when)
    for entry in entries[:_SHOWN]:
        mark = " " if entry.url in before else "+"
        click.echo(f"  {mark} {say_when(entry.published):<16} {plain(entry.title or entry.url)}")
    if len(entries) > _SHOWN:
        click.echo(f"    and {len(entries) - _SHOWN:,} more")


def _say_article(report: CrawlReport, said: list[Opinion] | tuple[()]) -> None:
    article = report.article
    if article is None:
        _say("✗", "article", report.url, f"{report.reason}: {report.detail}")
        return
    length = counted(len(article.text), "character")
    _say("✓", "article", article.title, say_when(article.published), article.language or "", length)
    fired = [match for one in said for match in one.matches]
    for match in fired:
        words = ", ".join(dict.fromkeys(piece.text for piece in match.evidence))
        click.echo(f"    fires: {match.rule} ({match.severity.value}, {match.pack}) by {plain(words)}")
    if not fired:
        click.echo("    no rule fires")


def _row(
    source: Source,
    validators: Validators,
    done: Poll,
    before: frozenset[str],
    judged: dict[str, list[Opinion]],
) -> dict[str, Any]:
    report = done.report
    return {
        "source": source.name,
        "url": source.url,
        "validators": {"etag": validators.etag, "modified": validators.modified},
        "first": _answer(done.first),
        "answer": _answer(report),
        "kind": report.kind.value if report.kind else None,
        "entries": [
            {
                "url": entry.url,
                "title": entry.title,
                "published": entry.published.isoformat() if entry.published else None,
                "new": entry.url not in before,
            }
            for entry in report.entries
        ],
        "articles": [
            {
                "url": one.article.url if one.article else one.url,
                "reason": one.reason,
                "title": one.article.title if one.article else "",
                "language": one.article.language if one.article else None,
                "characters": len(one.article.text) if one.article else 0,
                "matches": [match_row(match) for said in judged.get(one.task, ()) for match in said.matches],
            }
            for one in done.articles
        ],
    }


def _answer(report: CrawlReport) -> dict[str, Any]:
    return {
        "outcome": report.outcome.value,
        "reason": report.reason,
        "detail": report.detail,
        "url": report.url,
        "status": report.status,
        "bytes": report.size,
        "seconds": report.seconds,
    }
