"""`tumen search`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from monitor.app import utc_now
from monitor.cli.laboratory.material import Moment
from monitor.cli.options import as_json, config_file, ending, pack_names, packs_of, settings_if_any
from monitor.cli.output import console, counted, plain, print_json
from monitor.cli.progress import progress
from monitor.config import Settings
from monitor.core.searching.names import Names
from monitor.jobs import searching

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from monitor.core.searching.snippets import Piece
    from monitor.store.search import Answer, SearchHit

_SHOWN_NAMES = 8


@click.command(
    epilog=ending(
        "0 shown, even if nothing was found",
        "2 the question cannot be read",
        "3 there is no history",
        examples=[
            "tumen search Shoigu",
            "tumen search 'north korea NEAR/5 shells lang:en after:7d'",
            "tumen search --best '\"arms deal\" OR title:sanctions'",
            "tumen search 북한 러시아 --json",
        ],
    )
)
@click.argument("question", nargs=-1)
@click.option("--best", is_flag=True, help="The best first, of the newest 300, instead of the newest.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many.")
@click.option("--since", type=Moment(), metavar="30d|DATE", help="Only articles read since this time.")
@click.option("--until", type=Moment(), metavar="30d|DATE", help="Only articles read before this time.")
@click.option(
    "--older-than", type=click.IntRange(1, 2**63 - 1), metavar="ARTICLE", help="Go on behind this article."
)
@click.option(
    "--db",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A history.  [default: that of the configuration]",
)
@click.option("--rebuild", is_flag=True, help="Make the index of words anew instead of searching.")
@pack_names
@config_file
@as_json
def search(
    question: Sequence[str],
    db: Path | None,
    packs: Sequence[str],
    config: Path,
    *,
    rebuild: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Find articles by what they say: the newest first.

    QUESTION is written like the condition of a rule, and more simply: words need no quotes, and all of them must be
    there. Words are found in their forms, names in every language that the packs know; "in quotes" they are found as
    they stand. lang:, source:, after:, before: and story: narrow it down.
    """
    settings = settings_if_any(config) or Settings()
    path = db or settings.history_path
    if rebuild:
        _rebuild(path)
        return
    names = Names(packs_of(packs, settings_if_any(config)))
    asked = " ".join((*question, *_limits(after=options.pop("since"), before=options.pop("until"))))
    answer = searching.find(path, names, asked, utc_now(), **options)
    if as_json:
        for hit in answer.hits:
            print_json(_row(hit))
    else:
        for hit in answer.hits:
            _show(hit)
    _say(answer)


def _limits(**times: datetime | None) -> list[str]:
    return [f"{name}:{at:%Y-%m-%dT%H:%M:%S}" for name, at in times.items() if at]


def _rebuild(path: Path) -> None:
    done = 0
    for done in progress(searching.rebuild(path), None, "making the index anew"):  # noqa: B007  the last counts
        pass
    click.echo(f"the index holds {counted(done, 'article')}" if done else "the service makes the index anew")


def _show(hit: SearchHit) -> None:
    """Title, outlet and time, and the part of the text that says why it was found."""
    screen = console()
    at = hit.published or hit.read_at
    shown = f"{at:%Y-%m-%d}" if hit.published and hit.day_only else f"{at:%Y-%m-%d %H:%M}"
    about = [f"article {hit.article}", hit.outlet, hit.language, shown]
    if hit.story is not None:
        about.append(f"story {hit.story}")
    screen.print(_text(hit.title, "bold"))
    screen.print(Text("  " + plain(" · ".join(filter(None, about))), "dim"))
    screen.print(Text("  ") + _text(hit.snippet))
    screen.print(Text("  " + plain(hit.url), "dim"))
    screen.print()


def _text(pieces: Iterable[Piece], style: str = "") -> Text:
    """The pieces, with what was found set off on a terminal."""
    text = Text(style=style)
    for piece in pieces:
        text.append(plain(piece.text), "yellow" if piece.is_hit else "")
    return text


def _say(answer: Answer) -> None:
    """What else was looked for, and whether there is more: on standard error, so that the output is the articles."""
    for also in answer.also:
        names = ", ".join(also.names[:_SHOWN_NAMES])
        if names:
            click.echo(f"also: {plain(names)}  ({plain(also.typed)} is {also.concept})", err=True)
    if not answer.hits:
        click.echo("nothing was found", err=True)
    if answer.is_cut and answer.older is None:
        click.echo(f"the best of the newest {counted(answer.texts, 'text')} that were read", err=True)
    elif answer.is_cut:
        click.echo(f"{counted(answer.texts, 'text')} were read without finding more", err=True)
    if answer.older is not None:
        click.echo(f"older ones: --older-than {answer.older}", err=True)


def _row(hit: SearchHit) -> dict[str, Any]:
    return {
        "article": hit.article,
        "url": hit.url,
        "title": "".join(piece.text for piece in hit.title),
        "outlet": hit.outlet,
        "source": hit.source,
        "language": hit.language,
        "published": hit.published.isoformat() if hit.published else None,
        "day_only": hit.day_only,
        "read_at": hit.read_at.isoformat(),
        "story": hit.story,
        "score": round(hit.score, 3),
        "snippet": [{"text": piece.text, "is_hit": piece.is_hit} for piece in hit.snippet],
    }
