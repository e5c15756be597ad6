"""`tumen export`."""

from __future__ import annotations

import sys
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  part of the options
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from monitor.app import utc_now
from monitor.cli.laboratory.material import Moment
from monitor.cli.options import config_file, ending, packs_of, settings_if_any
from monitor.cli.output import counted
from monitor.config import Settings
from monitor.core.errors import InputError
from monitor.core.searching.names import Names
from monitor.notify.voice import Voice
from monitor.publish.exporting import FORMATS, found, found_pieces, pieces
from monitor.publish.feeds import Links, Subject, atom, feed_of, json_feed
from monitor.publish.tables import BOM
from monitor.publish.writing import replacing
from monitor.store.database import open_reader
from monitor.store.views.exports import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import BinaryIO

_NUMBER = click.IntRange(1, 2**63 - 1)


def _place(command: Callable[..., None]) -> Callable[..., None]:
    """Where the history is, and where the document goes."""
    for option in (
        config_file,
        click.option(
            "--db",
            type=click.Path(path_type=Path, dir_okay=False),
            help="A history.  [default: that of the configuration]",
        ),
        click.option(
            "--output",
            "-o",
            type=click.Path(path_type=Path, dir_okay=False),
            help="A file, which is written whole or not at all.  [default: standard output]",
        ),
    ):
        command = option(command)
    return command


def _form(command: Callable[..., None]) -> Callable[..., None]:
    """In what form."""
    for option in (
        click.option(
            "--bom", is_flag=True, help="Begin CSV with a mark that some spreadsheets need to read UTF-8."
        ),
        click.option("--json", "as_json", is_flag=True, help="The same as --format jsonl."),
        click.option(
            "--format",
            "form",
            type=click.Choice(list(FORMATS)),
            default="csv",
            show_default=True,
            help="Its form.",
        ),
    ):
        command = option(command)
    return command


def _listing(command: Callable[..., None]) -> Callable[..., None]:
    """Which rows, and in what form."""
    for option in (
        _place,
        click.option("--pack", default="", help="Only of this topic pack."),
        click.option("--until", type=Moment(), metavar="30d|DATE", help="Only what came before this time."),
        click.option("--since", type=Moment(), metavar="30d|DATE", help="Only what came since this time."),
        _form,
    ):
        command = option(command)
    return command


@click.group()
def export() -> None:
    """Write articles, alerts, stories, facts or what a search finds as CSV or lines of JSON; or a feed."""


@export.command(
    epilog=ending(
        "0 it was written",
        "3 the place cannot be written",
        examples=["tumen export articles --since 30d -o november.csv", "tumen export articles --text --json"],
    )
)
@click.option("--text", is_flag=True, help="With the newest text of each article.")
@_listing
def articles(text: bool, **rest: Any) -> None:
    """Write the articles that were read, by their newest text."""
    _export("texts" if text else "articles", _Wish(**rest))


@export.command(epilog=ending(examples=["tumen export alerts --since 7d --bom -o alerts.csv"]))
@_listing
def alerts(**rest: Any) -> None:
    """Write what was told, and how many have it, wait for it or did not get it."""
    _export("alerts", _Wish(**rest))


@export.command(epilog=ending(examples=["tumen export stories --pack dprk-russia -o stories.csv"]))
@_listing
def stories(**rest: Any) -> None:
    """Write the developments with their spread."""
    _export("stories", _Wish(**rest))


@export.command(epilog=ending(examples=["tumen export facts --since 2026-11-01 --json"]))
@_listing
def facts(**rest: Any) -> None:
    """Write what texts state: figures, places, actors, deeds, stances, subjects and dates."""
    _export("facts", _Wish(**rest))


@export.command(
    epilog=ending(
        "0 it was written",
        "2 the question cannot be read",
        examples=["tumen export search 'Kursk after:30d' -o kursk.csv", 'tumen export search "Шойгу" --json'],
    )
)
@click.argument("query")
@_form
@_place
def search(query: str, form: str, as_json: bool, bom: bool, **rest: Any) -> None:
    """Write everything that answers QUERY, the newest first; docs/search.md says how to ask."""
    names = Names(packs_of((), settings_if_any(rest["config"])))
    form = "jsonl" if as_json else form
    with closing(open_reader(_history(rest["config"], rest["db"]))) as reader:
        rows = found(reader, query, names, utc_now())
        first = list(islice(rows, 1))  # a question that cannot be read writes no file
        with _opened(rest["output"]) as file:
            written = _write(file, found_pieces(chain(first, rows), form), mark=bom and form == "csv")
    _said(rest["output"], counted(written - (form == "csv"), "row"))


@export.command(
    epilog=ending(
        "0 it was written",
        "2 there is no such pack, rule or story",
        examples=["tumen export feed -o tumen.atom", "tumen export feed --story 12 --format jsonfeed"],
    )
)
@click.option("--pack", default="", help="Of this topic.  [default: all topics]")
@click.option("--rule", default="", help="Of this rule of the pack.")
@click.option("--story", type=_NUMBER, help="Of this story.")
@click.option("--search", "query", default="", help="Of what answers this question.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["atom", "jsonfeed"]),
    default="atom",
    show_default=True,
    help="Its form.",
)
@click.option("--language", default="en", show_default=True, help="Of the words around the originals.")
@click.option(
    "--pages", default="", metavar="URL", help="Where `tumen web` is reached, for links to its pages."
)
@_place
def feed(form: str, language: str, pages: str, **rest: Any) -> None:
    """Write the newest articles that brought something new, as a feed."""
    wanted = Subject(rest["pack"], rest["rule"], rest["story"], rest["query"])
    if wanted.rule and not wanted.pack:
        raise InputError("a rule belongs to a pack", where="--rule", remedy="name that by --pack")
    packs = packs_of((), settings_if_any(rest["config"]))
    voice = Voice(language, ZoneInfo("UTC"), {pack.name: pack for pack in packs})
    with closing(open_reader(_history(rest["config"], rest["db"]))) as reader:
        made = feed_of(reader, wanted, voice, links=Links.of(pages), now=utc_now(), names=Names(packs))
    with _opened(rest["output"]) as file:
        file.write(atom(made) if form == "atom" else json_feed(made))
    _said(rest["output"], counted(len(made.entries), "article"))


@dataclass(frozen=True, slots=True)
class _Wish:
    """The options of a list."""

    form: str
    as_json: bool
    bom: bool
    since: datetime | None
    until: datetime | None
    pack: str
    config: Path
    db: Path | None
    output: Path | None


def _export(kind: str, wish: _Wish) -> None:
    if wish.since is not None and wish.until is not None and wish.since >= wish.until:
        raise InputError(
            "no time lies between --since and --until", where="--until", remedy="choose a later one"
        )
    form = "jsonl" if wish.as_json else wish.form
    # What comes in while it is written would keep it from ending.
    span = Span(wish.since, wish.until or utc_now(), wish.pack)
    with closing(open_reader(_history(wish.config, wish.db))) as reader, _opened(wish.output) as file:
        written = _write(file, pieces(reader, kind, span, form), mark=wish.bom and form == "csv")
    _said(wish.output, counted(written - (form == "csv"), "row"))


def _write(file: BinaryIO, lines: Iterable[str], *, mark: bool) -> int:
    """How many lines there were."""
    count = 0
    if mark:
        file.write(BOM.encode())
    for count, line in enumerate(lines, start=1):  # noqa: B007  their number is the answer
        file.write(line.encode())
    return count


def _history(config: Path, db: Path | None) -> Path:
    return db or (settings_if_any(config) or Settings()).history_path


@contextmanager
def _opened(output: Path | None) -> Iterator[BinaryIO]:
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    else:
        with replacing(output) as file:
            yield file


def _said(output: Path | None, what: str) -> None:
    if output is not None:
        click.echo(f"{what} in {output}", err=True)
