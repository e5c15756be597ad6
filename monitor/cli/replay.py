"""`tumen replay`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor import app
from monitor.cli.options import as_json
from monitor.cli.output import print_json, print_table
from monitor.jobs.replay import read_texts
from monitor.jobs.replay import replay as decide

if TYPE_CHECKING:
    from typing import TextIO


@click.command()
@click.argument("file", type=click.File(encoding="utf-8"), metavar="FILE.jsonl")
@click.option(
    "--pack", "packs", multiple=True, default=["dprk-russia"], show_default=True, help="Topic pack."
)
@click.option("--db", type=click.Path(path_type=Path, dir_okay=False), help="Keep the history in this file.")
@as_json
def replay(file: TextIO, packs: tuple[str, ...], db: Path | None, *, as_json: bool) -> None:
    r"""Decide about texts as the running service would, in the order in which they were published.

    Each input line is {"id", "title", "text"} with "lang", "url" and "published" if known. It uses no network and,
    without --db, keeps nothing. `-` reads standard input.

    \b
    Example
      tumen replay articles.jsonl --json
    """
    texts = list(read_texts(file, getattr(file, "name", "-")))
    now = app.utc_now()
    with app.replaying(packs, db, now) as ingestor:
        answers = decide(texts, ingestor, now)
    if as_json:
        for answer in answers:
            print_json(answer)
        return
    titles = {str(text.id): text.article.title for text in texts}
    print_table(
        ("id", "alert", "reason", "story", "rules", "title"),
        (
            (row["id"], row["alert"] or "", row["reason"], row["story"] or "", ", ".join(row["rules"]), title)
            for row in answers
            for title in [titles[str(row["id"])]]
        ),
    )
