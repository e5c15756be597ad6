"""`tumen demo`."""

from __future__ import annotations

import asyncio
import logging
import shutil
import statistics
import sys
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import click
from rich.text import Text

from monitor import app, planning
from monitor.cli.logs import TextLines
from monitor.cli.options import ending
from monitor.cli.output import console, plain
from monitor.config import load_settings
from monitor.demo import stage
from monitor.demo.inbox import Inbox, Received, Via
from monitor.demo.newsroom import Newsroom
from monitor.demo.script import Expect, load
from monitor.demo.verdict import Verdict, judge

if TYPE_CHECKING:
    from datetime import datetime

    from rich.console import Console

    from monitor.demo.script import DemoArticle

_LAST = max(article.after for article in load())  # seconds after the start at which the script ends
_SETTLE = 6.0  # seconds after its end in which nothing more may come
_LONGEST = 80.0


class _Curtain:
    """Lets the script begin when the service first asks: a slow machine takes its time to start it."""

    newsroom: Newsroom

    def __init__(self) -> None:
        self.start = app.utc_now()
        self._is_open = False
        self._lock = Lock()

    def clock(self) -> datetime:
        """The time; each of the newsroom's threads wants it before it answers."""
        with self._lock:
            if not self._is_open:
                self._is_open = True
                self.start = app.utc_now().replace(microsecond=0)  # the newsroom counts whole seconds
                self.newsroom.begin(self.start)
        return app.utc_now()


@dataclass
class _Audience:
    """Shows each message as it arrives, and remembers which articles it told of."""

    newsroom: Newsroom
    curtain: _Curtain
    screen: Console
    folder: Path
    heard: list[DemoArticle] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)

    def take(self, message: Received) -> None:
        """Called by the inbox, in a thread of its own, for each message."""
        articles = self.newsroom.articles_in(message.text or message.html)
        number = len(list((self.folder / stage.MAILS).glob("*.html"))) + 1
        message.save(self.folder / stage.MAILS, f"{number:03d}-{message.via.value}")
        delays = [self._delay(article, message.received) for article in articles]
        if message.via is Via.MAIL:
            self.heard += articles
            self.delays += delays
        at = (message.received - self.curtain.start).total_seconds()
        line = Text(f"{at:5.1f} s  {message.via.value:4}  ", style="dim")
        line.append(plain(message.subject), style="bold" if message.via is Via.MAIL else "")
        if articles:
            languages = ", ".join(dict.fromkeys(article.language for article in articles))
            line.append(f"  ({languages}, {max(delays):.1f} s after publication)", style="dim")
        self.screen.print(line)

    def _delay(self, article: DemoArticle, received: datetime) -> float:
        """Seconds from its publication; what was there before the start counts from the start."""
        start = self.curtain.start
        return (received - max(start, start + timedelta(seconds=article.after))).total_seconds()


@click.command(epilog=ending(examples=["tumen demo", "tumen demo --folder ~/tumen-demo"]))
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo"),
    show_default=True,
    help="Where history, configuration and messages are left.",
)
def demo(folder: Path) -> None:
    """Show the whole road in about a minute, without a network.

    Runs the real service against a small newsroom on this machine: invented outlets publish in twelve languages,
    the service crawls them, and its alerts arrive by mail and chat in an inbox of its own. Ends with 0 if every
    development was told, nothing else was, and nothing twice.
    """
    stage.clear(folder)
    verdict = asyncio.run(_show(folder))
    raise click.exceptions.Exit(0 if verdict.is_good else 1)


async def _show(folder: Path) -> Verdict:
    screen = console()
    with ExitStack() as stack:
        curtain = _Curtain()
        newsroom = curtain.newsroom = stack.enter_context(Newsroom(app.utc_now(), curtain.clock))
        audience = _Audience(newsroom, curtain, screen, folder)
        inbox = stack.enter_context(Inbox(on_message=audience.take))
        file = folder / stage.CONFIGURATION
        file.write_text(stage.configuration(folder, newsroom, inbox), encoding="utf-8")
        _log_to(folder / stage.LOG)
        service = app.Service(planning.plan(load_settings(file)))
        screen.print(
            f"{len(newsroom.sources())} outlets publish {len(load())} articles; mail goes to a German reader, "
            "chat to an English one.\n"
        )
        await _run(service, audience)
        verdict = judge(audience.heard)
        _sum_up(screen, folder, audience, verdict, len(inbox.messages))
    return verdict


async def _run(service: app.Service, audience: _Audience) -> None:
    """Run the service until the script is told, or for the longest time if something is missing."""
    stop = asyncio.Event()
    running = asyncio.create_task(service.run(stop))
    told_at = 0.0
    with suppress(asyncio.CancelledError):
        while not running.done():
            await asyncio.sleep(0.2)
            at = (app.utc_now() - audience.curtain.start).total_seconds()
            verdict = judge(audience.heard)
            if at < _LAST or verdict.missed or verdict.updates_missed:
                told_at = at
            if at - told_at >= _SETTLE or at >= _LONGEST:
                break
    stop.set()
    await running


def _sum_up(screen: Console, folder: Path, audience: _Audience, verdict: Verdict, messages: int) -> None:
    developments = len(verdict.told) + len(verdict.missed)
    updates = len(verdict.updates) + len(verdict.updates_missed)
    silent = sum(article.expect in {Expect.REPEAT, Expect.NONE, Expect.BASELINE} for article in load())
    wrong = len(verdict.repeats) + len(verdict.false_alarms)
    rows = [
        ("developments told", f"{len(verdict.told)} of {developments}", not verdict.missed),
        ("updates told", f"{len(verdict.updates)} of {updates}", not verdict.updates_missed),
        ("kept quiet about", f"{silent - wrong} of {silent} copies, near misses and old news", not wrong),
        ("told twice", str(len(verdict.twice)), not verdict.twice),
        ("messages", f"{messages} by mail and chat", True),
    ]
    if audience.delays:
        middle, worst = statistics.median(audience.delays), max(audience.delays)
        rows.append(("publication to inbox", f"median {middle:.1f} s, at most {worst:.1f} s", True))
    screen.print()
    for name, value, good in rows:
        screen.print(Text.assemble(("✓ " if good else "✗ ", "green" if good else "red"), f"{name:22}{value}"))
    for article in (*verdict.false_alarms, *verdict.repeats, *verdict.twice):
        screen.print(Text(f"  should not have been told: {plain(article.title)}", style="red"))
    tumen = "tumen" if shutil.which("tumen") else sys.argv[0]  # `make demo` leaves it in .venv/bin
    screen.print(
        f"\nLook at it:\n"
        f"  {tumen} web -c {folder}/{stage.CONFIGURATION}           the history, in a browser\n"
        f"  {tumen} alerts list -c {folder}/{stage.CONFIGURATION}\n"
        f"  {tumen} sources list -c {folder}/{stage.CONFIGURATION}\n"
        f"  {folder}/{stage.MAILS}/001-mail.html       the messages, in a browser\n"
        f"  {folder}/{stage.HISTORY}                    the history: SQLite, readable by any tool\n",
        soft_wrap=True,
    )


def _log_to(file: Path) -> None:
    """The service's own log goes to a file, so that the screen shows what a reader would see."""
    handler = logging.FileHandler(file, encoding="utf-8")
    handler.setFormatter(TextLines("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    root = logging.getLogger("tumen")
    root.handlers, root.propagate = [handler], False
    root.setLevel(logging.INFO)
