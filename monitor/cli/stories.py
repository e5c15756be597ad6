"""`tumen stories list|show|merge|split`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from monitor.app import utc_now
from monitor.cli.laboratory.material import Moment
from monitor.cli.laboratory.sheet import Sheet
from monitor.cli.options import as_json, config_file, ending, packs_of, settings_of
from monitor.cli.output import counted, print_json, print_table
from monitor.cli.stories_page import edit_row, line_row, show_timeline, timeline_row
from monitor.jobs import stories as jobs
from monitor.notify.excerpt import one_line
from monitor.notify.voice import Voice
from monitor.store.regrouping import EditKind

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from monitor.store.regrouping import StoryEdit

_NUMBER = click.IntRange(1, 2**63 - 1)  # what SQLite can count to
_NOTE = click.option("--note", default="", help="Why, in your own words.")


@click.group()
def stories() -> None:
    """List stories, show one with its timeline, or say which belong together.

    A story is a development: the articles about it, of any outlet and language. Where Tumen joined what is not one,
    or did not see that two are one, your word wins, for what comes later too.
    """


@stories.command(
    "list", epilog=ending(examples=["tumen stories list --since 7d", "tumen stories list --json"])
)
@click.option(
    "--limit",
    type=click.IntRange(1, 100_000),
    default=30,
    show_default=True,
    help="How many, the latest first.",
)
@click.option(
    "--since", type=Moment(), metavar="30d|DATE", help="Only those with an article read since then."
)
@config_file
@as_json
def list_stories(limit: int, since: datetime | None, config: Path, *, as_json: bool) -> None:
    """List stories with their spread: the one with the latest article first."""
    found = jobs.lines(settings_of(config).history_path, limit=limit, since=since)
    if as_json:
        for line in found:
            print_json(line_row(line))
    elif found:
        print_table(
            ("story", "since (UTC)", "articles", "outlets", "languages", "alerts", "title"),
            (
                (
                    line.id,
                    f"{line.since:%Y-%m-%d %H:%M}",
                    line.articles,
                    line.outlets,
                    ", ".join(line.languages),
                    line.alerts,
                    one_line(line.title),
                )
                for line in found
            ),
        )
    else:
        click.echo("no stories yet" if since is None else "no stories since then")


@stories.command(
    epilog=ending(
        "0 shown",
        "2 there is no such story",
        examples=["tumen stories show 12", "tumen stories show 12 --language de --all"],
    )
)
@click.argument("story", type=_NUMBER)
@click.option(
    "--language",
    default="en",
    show_default=True,
    metavar="CODE",
    help="Of labels, numbers and names of languages.",
)
@click.option("--all", "everything", is_flag=True, help="Show each repeat instead of counting them.")
@config_file
@as_json
def show(story: int, language: str, config: Path, *, everything: bool, as_json: bool) -> None:
    """Show a story: every article in the order of publication, what was new in it, and where the figures stand.

    The number is one of `tumen stories list`, or stands in `tumen alerts list`. For a story that was merged, the one
    that its articles went to is shown.
    """
    settings = settings_of(config)
    found = jobs.timeline(settings.history_path, story)
    if as_json:
        print_json(timeline_row(found) | {"asked": story})
        return
    packs = {pack.name: pack for pack in packs_of((), settings)}
    sheet = Sheet()
    if found.story.id != story:
        sheet.say(f"Story {story} was merged into story {found.story.id}:", style="yellow")
        sheet.gap()
    show_timeline(sheet, found, Voice(language, ZoneInfo("UTC"), packs), everything=everything)


@stories.command(
    epilog=ending(
        "0 they are one story",
        "2 they cannot be merged",
        "3 it cannot be written",
        examples=['tumen stories merge 14 12 --note "the same convoy"'],
    )
)
@click.argument("story", type=_NUMBER)
@click.argument("into", type=_NUMBER)
@_NOTE
@config_file
@as_json
def merge(story: int, into: int, note: str, config: Path, *, as_json: bool) -> None:
    """Have all articles of STORY, and those that come later, belong to INTO.

    What channels were told goes with the articles, and their alerts do too. Nothing is sent. It works whether or not
    the service runs.
    """
    edit = jobs.merge(settings_of(config).history_path, story, into, utc_now(), note=note)
    _say(edit, as_json=as_json)


@stories.command(
    epilog=ending(
        "0 they are a story of their own",
        "2 they cannot be split off",
        "3 it cannot be written",
        examples=["tumen stories split 12 101 104", "tumen stories split 12 https://example.org/news/1"],
    )
)
@click.argument("story", type=_NUMBER)
@click.argument("articles", metavar="ARTICLE...", nargs=-1, required=True)
@_NOTE
@config_file
@as_json
def split(story: int, articles: tuple[str, ...], note: str, config: Path, *, as_json: bool) -> None:
    """Have articles of STORY, named by number or address, be a story of their own.

    What is near them joins them from then on. Articles that a merge brought become the story that they were before.
    """
    edit = jobs.split(settings_of(config).history_path, story, articles, utc_now(), note=note)
    _say(edit, as_json=as_json)


def _say(edit: StoryEdit, *, as_json: bool) -> None:
    """What was done, and how it is undone."""
    if as_json:
        print_json(edit_row(edit))
        return
    moved = counted(len(edit.articles), "article")
    if edit.kind is not EditKind.SPLIT:
        done = f"story {edit.story} is part of story {edit.into}"
        undo = f"split {edit.into} {' '.join(map(str, edit.articles))}"
    else:
        done, undo = f"story {edit.into} was split off story {edit.story}", f"merge {edit.into} {edit.story}"
    click.echo(f"{done} already" if edit.again else f"{done}: {moved}")
    if edit.articles:
        click.echo(f"undo: tumen stories {undo}")
