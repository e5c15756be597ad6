"""How long an alert takes from the history to a mail server: `python tests/bench/bench_delivery.py [--seconds 60]`.

The whole service runs; ten articles a second are handed to its ingestor, as if the crawler had just read them, each a
story of its own, and after each one the timer is hurried, as the watcher does it. The time runs from when the article
is stored until the mail server, a process of its own, has the whole mail. Once ten channels hear of one article a
second each, and once a single channel of all ten.

Beside it, in the same run, bare smtplib sends mails of the same size to the same server, one at a time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import re
import smtplib
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing, contextmanager
from email import message_from_string, policy
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from table import Line, show

from monitor import app, planning
from monitor.config import load_settings
from monitor.core.models import Pending
from monitor.store.database import open_reader, rows
from spiders.items import Article, Entry

SINK = Path(__file__).with_name("mail_sink.py")
RATE, CHANNELS = 10, 10  # articles a second; channels that share them
TARGET = 1.0  # seconds within which 95 of 100 alerts arrive
BARE = 200  # mails that are sent without Tumen
SUBJECTS = ("strike", "fire", "flood", "theft", "sale", "march", "duel", "crash", "siege", "quake")
SYLLABLES = ("bar", "den", "fol", "gim", "hus", "kep", "lon", "mir", "nat", "ros", "sul", "tev", "vak", "wim")


def place(number: int) -> str:
    """A name that no other number has."""
    found = ""
    for _ in range(4):
        number, rest = divmod(number, len(SYLLABLES))
        found += SYLLABLES[rest]
    return found.capitalize()


def configure(folder: Path, port: int, many: int, *, shared: bool) -> Path:
    """A pack in which each article is a story of its own; ten channels that want a rule each, or one for all."""
    pack = folder / "pack"
    for name in ("concepts", "rules"):
        (pack / name).mkdir(parents=True)
    subjects = {
        word: {"kind": "subject", "label": {"en": word}, "names": {"en": [word]}} for word in SUBJECTS
    }
    places = {
        f"p{number}": {"kind": "place", "label": {"en": place(number)}, "names": {"en": [place(number)]}}
        for number in range(many)
    }
    rules = {f"about-{word}": {"label": {"en": word}, "when": word} for word in SUBJECTS}
    for name, content in (
        ("pack.yaml", {"name": "bench", "label": {"en": "Bench"}}),
        ("concepts/all.yaml", subjects | places),
        ("rules/all.yaml", rules),
    ):
        (pack / name).write_text(yaml.safe_dump(content), encoding="utf-8")
    url = f"mailto://127.0.0.1:{port}/?from=tumen@tumen.example&to=desk@tumen.example&mode=insecure"
    wants = [list(rules)] if shared else [[rule] for rule in rules]
    channels = {f"c{number}": {"url": url, "rules": rule} for number, rule in enumerate(wants)}
    config = folder / "tumen.yaml"
    settings = {"packs": [str(pack)], "channels": channels, "pace": {"fastest": "1d", "slowest": "2d"}}
    still = {
        "name": "still",
        "title": "Still",
        "url": "http://127.0.0.1:9/feed",
        "kind": "feed",
        "language": "en",
    }
    config.write_text(
        yaml.safe_dump({**settings, "sources": {"shipped": False, "own": [still]}}), encoding="utf-8"
    )
    return config


@contextmanager
def sink():
    """A mail server; yields its port and a list that is filled with its mails once the context is left."""
    process = subprocess.Popen([sys.executable, str(SINK)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    mails = []
    try:
        yield int(process.stdout.readline()), mails
    finally:
        out, _ = process.communicate()
        mails += map(json.loads, out.decode().splitlines())


async def feed(config: Path, many: int) -> dict[str, float]:
    """Let a service tell of this many articles, ten a second; when each was stored, by its address."""
    service, stop = app.Service(planning.plan(load_settings(config))), asyncio.Event()
    running = asyncio.create_task(service.run(stop))
    await asyncio.sleep(3)  # it has started, and its crawler has found the only source closed
    stored, begin = {}, time.monotonic()
    for number in range(many):
        await asyncio.sleep(max(0.0, begin + number / RATE - time.monotonic()))
        word, url = SUBJECTS[number % len(SUBJECTS)], f"https://bench.example/{number}"
        now = app.utc_now()
        text = f"A {word} began in {place(number)} this morning, and nobody in {place(number)} knows why."
        article = Article(url, f"Great {word} in {place(number)}", text, "en", now)
        taken = service._watching.ingestor.take(
            Pending(Entry(url), "still", "en", now, first_look=False), article, now
        )
        stored[url] = time.monotonic()
        assert taken.ingest.alerts, "it is no story of its own"
        service._timer.hurry("deliver")
    while any(row["state"] != "sent" for row in deliveries(config)):
        await asyncio.sleep(0.2)
    stop.set()
    await running
    return stored


def deliveries(config: Path):
    with closing(open_reader(config.with_name("tumen.db"))) as db:
        return rows(db, "SELECT state, occasion, bundle FROM deliveries")


def links(mail) -> set[str]:
    text = message_from_string(mail["raw"], policy=policy.default).get_body(("plain",)).get_content()
    return set(re.findall(r"https://bench\.example/\d+", text))


def spread(seconds) -> str:
    found = sorted(seconds)
    at = {share: found[min(len(found) - 1, int(len(found) * share))] * 1000 for share in (0.5, 0.95, 0.99)}
    return f"p50 {at[0.5]:.0f}  p95 {at[0.95]:.0f}  p99 {at[0.99]:.0f}  max {found[-1] * 1000:.0f} ms"


def bare(port: int, mail: str) -> list[float]:
    """When smtplib began with each of its mails."""
    begun = []
    for _ in range(BARE):
        begun.append(time.monotonic())
        with smtplib.SMTP("127.0.0.1", port) as server:
            server.sendmail("tumen@tumen.example", ["desk@tumen.example"], mail.encode("latin-1"))
    return begun


def measure(seconds: int, *, shared: bool) -> tuple[list[Line], str]:
    """Two lines of the table, and one of the mails as it was sent."""
    with TemporaryDirectory() as name:
        with sink() as (port, mails):
            config = configure(Path(name), port, seconds * RATE, shared=shared)
            stored = asyncio.run(feed(config, seconds * RATE))
        rows_ = deliveries(config)
    arrived = {url: mail["at"] for mail in reversed(mails) for url in links(mail)}
    assert arrived.keys() == stored.keys(), "an alert is missing"
    took = sorted(arrived[url] - at for url, at in stored.items())
    late = took[int(len(took) * 0.95)]
    occasions = Counter(row["occasion"] for row in rows_)
    how = ", ".join(f"{count} {occasion}" for occasion, count in occasions.most_common())
    what = "one channel hears of all" if shared else f"{CHANNELS} channels share them"
    return [
        Line(f"stored to accepted, {what}", spread(took), f"p95 <= {TARGET * 1000:.0f} ms", late <= TARGET),
        Line(
            "  mails, and why alerts left so",
            f"{len({row['bundle'] for row in rows_})} for {len(took)}; {how}",
        ),
    ], mails[0]["raw"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=60, help="for which ten articles a second come")
    given = parser.parse_args()
    logging.disable(logging.INFO)
    lines = []
    for shared in (False, True):
        found, mail = measure(given.seconds, shared=shared)
        lines += found
    with sink() as (port, mails):
        begun = bare(port, mail)
    took = [mail["at"] - at for mail, at in zip(mails, begun, strict=True)]
    lines.append(Line(f"bare smtplib, {BARE} mails of {len(mail)} bytes", spread(took)))
    return show(lines)


if __name__ == "__main__":
    sys.exit(main())
