"""`tumen replay`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor import app
from monitor.cli.options import as_json, ending
from monitor.cli.output import print_json, print_table
from monitor.core.errors import InputError
from monitor.jobs.replay import read_texts
from monitor.jobs.replay import replay as decide

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO


@click.command(epilog=ending(examples=["tumen replay articles.jsonl --json"]))
@click.argument("file", type=click.File("rb"), metavar="FILE.jsonl")
@click.option(
    "--pack", "packs", multiple=True, default=["dprk-russia"], show_default=True, help="Topic pack."
)
@click.option("--db", type=click.Path(path_type=Path, dir_okay=False), help="Keep the history in this file.")
@as_json
def replay(file: BinaryIO, packs: tuple[str, ...], db: Path | None, *, as_json: bool) -> None:
    """Decide about texts as the running service would, in the order in which they were published.

    Each input line is {"id", "title", "text"} with "lang", "url" and "published" if known. It uses no network and,
    without --db, keeps nothing. `-` reads standard input.
    """
    where = getattr(file, "name", "-")
    texts = list(read_texts(_lines(file, where), where))
    now = app.utc_now()
    with app.replaying(packs, db, now) as ingestor:
        answers = decide(texts, ingestor, now)
    if as_json:
        for answer in answers:
            print_json(answer)
        return
    print_table(
        ("id", "alert", "reason", "story", "rules", "title"),
        (
            (
                row["id"],
                row["alert"],
                row["reason"],
                row["story"],
                ", ".join(row["rules"]),
                text.article.title,
            )
            for text, row in zip(texts, answers, strict=True)
        ),
    )


def _lines(file: BinaryIO, where: str) -> Iterator[str]:
    """The lines of a file, which may begin with a byte order mark. Raises InputError at one that is not UTF-8."""
    for number, line in enumerate(file, start=1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            raise InputError(
                "is not UTF-8 text", where=f"{where}:{number}", remedy="save it as UTF-8"
            ) from None
