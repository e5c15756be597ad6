"""`tumen replay`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor import app
from monitor.cli.options import as_json, ending
from monitor.cli.output import counted, print_json, print_table
from monitor.cli.stated import fact_in_words, novelty_in_words
from monitor.core.errors import InputError
from monitor.core.meanings import MEANS
from monitor.core.models import Reason
from monitor.jobs.answers import Summary, summarise
from monitor.jobs.replay import read_texts
from monitor.jobs.replay import replay as decide

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any, BinaryIO

    from monitor.jobs.replay import Text


@click.command(
    epilog=ending(
        examples=["tumen replay articles.jsonl --json", "tumen replay articles.jsonl --summary"],
    )
)
@click.argument("file", type=click.File("rb"), metavar="FILE.jsonl")
@click.option(
    "--pack", "packs", multiple=True, default=["dprk-russia"], show_default=True, help="Topic pack."
)
@click.option("--db", type=click.Path(path_type=Path, dir_okay=False), help="Keep the history in this file.")
@click.option(
    "--summary",
    is_flag=True,
    help="Figures instead of a line for each text: stories, alerts, and what every match would have sent.",
)
@as_json
def replay(file: BinaryIO, packs: tuple[str, ...], db: Path | None, *, summary: bool, as_json: bool) -> None:
    """Decide about texts as the running service would, in the order in which they were published.

    Each input line is {"id", "title", "text"} with "lang", "url" and "published" if known. It uses no network and,
    without --db, keeps nothing. `-` reads standard input.
    """
    where = getattr(file, "name", "-")
    texts = list(read_texts(_lines(file, where), where))
    now = app.utc_now()
    with app.replaying(packs, db, now) as ingestor:
        answers = decide(texts, ingestor, now)
    if summary:
        figures = summarise(answers)
        if as_json:
            print_json(figures.row())
        else:
            _show_summary(figures)
    elif as_json:
        for answer in answers:
            print_json(answer)
    else:
        _show_answers(texts, answers)


def _show_answers(texts: Sequence[Text], answers: Sequence[Mapping[str, Any]]) -> None:
    """A table; below each text on topic stands what is new in it and what it states."""
    print_table(
        ("id", "alert", "reason", "story", "rules", "title"),
        (row for text, answer in zip(texts, answers, strict=True) for row in _rows(text, answer)),
    )


def _rows(text: Text, answer: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    rules = ", ".join(answer["rules"])
    yield answer["id"], answer["alert"], answer["reason"], answer["story"], rules, text.article.title
    for name, said in (
        ("new", map(novelty_in_words, answer["new"])),
        ("states", map(fact_in_words, answer["facts"])),
    ):
        if words := "; ".join(dict.fromkeys(said)):
            yield (*[None] * 5, f"{name}: {words}")


def _show_summary(figures: Summary) -> None:
    """The figures, and last the sentence that they come to."""
    kinds = ", ".join(f"{count:,} {kind.value}" for kind, count in figures.alerts.items() if count)
    news = ", ".join(f"{count:,} {newness.value}" for newness, count in figures.updates.items())
    rows = [
        ("articles", f"{figures.articles:,}", ""),
        ("relevant", f"{figures.relevant:,}", ""),
        ("stories", f"{figures.stories:,}", ""),
        ("alerts", f"{figures.told:,}", kinds),
    ]
    if news:
        rows.append(("new in updates", "", news))
    rows += [(reason, f"{count:,}", MEANS[Reason(reason)]) for reason, count in figures.reasons.items()]
    print_table(("", "", ""), rows)
    stories = "1 story" if figures.stories == 1 else f"{figures.stories:,} stories"
    click.echo(
        f"\n{figures.relevant:,} relevant, {stories}; "
        f"{counted(figures.told, 'alert')} instead of {figures.relevant:,}"
        + (f" ({figures.saved / figures.relevant:.0%} fewer)" if figures.relevant else "")
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
