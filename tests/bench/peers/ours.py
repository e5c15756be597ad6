"""Tumen as it is shipped, and bare Scrapy with the same extraction (`tests/bench/bare_scrapy.py`)."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.peers.running import DELAY, Read
from tests.bench.processes import ROOT
from tests.bench.watched import asked, is_done

if TYPE_CHECKING:
    from spiders.items import Source
    from tests.bench.peers.newsroom import Newsroom

TUMEN = Path(sys.executable).with_name("tumen")
_ARTICLES = (
    "SELECT a.url, r.title, r.text FROM articles a JOIN revisions r ON r.article = a.id AND r.number = 1"
)


class Tumen:
    """The service, with a channel that hears of everything: look, read, match, store, decide, tell."""

    name = "Tumen"
    manners = f"{DELAY * 1000:.0f} ms from an answer to the next request, robots.txt"

    def command(self, room: Newsroom, folder: Path) -> list[str | Path]:
        """The service over all outlets."""
        return [TUMEN, "run", "--config", configured(room, folder, freshness={"first_look": "30d"})]

    def is_done(self, folder: Path, outlets: int) -> bool:
        """Whether everything was tried once; what failed waits for minutes, and is missing in the articles."""
        return is_done(folder, outlets)

    def finished(self, folder: Path) -> float:
        """When the last article was stored; alerts may wait for half a minute more, to be told together."""
        ((last,),) = asked(folder, "SELECT max(read_at) FROM articles")
        return datetime.fromisoformat(last).timestamp()

    def articles(self, folder: Path) -> dict[str, Read]:
        """What is in the history."""
        return {url: Read(title, text) for url, title, text in asked(folder, _ARTICLES)}


class Bare:
    """One spider for all outlets, with Tumen's settings and parsers; articles go to a file."""

    name = "bare Scrapy"
    manners = f"{DELAY * 1000:.0f} ms from one request to the next, robots.txt"

    def command(self, room: Newsroom, folder: Path) -> list[str | Path]:
        """The spider over all feeds."""
        task = folder / "task.json"
        sources = [asdict(source) for source in room.sources()]
        task.write_text(
            json.dumps({"sources": sources, "hosts": room.hosts, "delay": DELAY}), encoding="utf-8"
        )
        return [sys.executable, ROOT / "tests/bench/bare_scrapy.py", task, folder / "articles.jsonl"]

    def is_done(self, _folder: Path, _outlets: int) -> bool:
        """It ends by itself."""
        return False

    def finished(self, folder: Path) -> float:
        """When the file was written."""
        return (folder / "articles.jsonl").stat().st_mtime

    def articles(self, folder: Path) -> dict[str, Read]:
        """What is in the file."""
        return from_lines(folder / "articles.jsonl")


def configured(room: Newsroom, folder: Path, **more: Any) -> Path:
    """Write a configuration of Tumen that watches these outlets and tells `ear`, and say where. JSON is YAML, too."""
    file = folder / "tumen.yaml"
    settings = {
        "channels": {"ear": {"url": room.ear.replace("http://", "json://") + "/"}},
        "sources": {"shipped": False, "own": [_declared(source) for source in room.sources()]},
        "crawl": {"delay": f"{DELAY}s", "allow_private": room.hosts},
        **more,
    }
    file.write_text(json.dumps(settings), encoding="utf-8")
    return file


def from_lines(file: Path) -> dict[str, Read]:
    """Articles out of JSON lines with `url`, `title` and `text`."""
    with file.open(encoding="utf-8") as lines:
        found = map(json.loads, lines)
        return {each["url"]: Read(each["title"] or "", each["text"] or "") for each in found}


def _declared(source: Source) -> dict[str, object]:
    given = asdict(source)
    return {key: list(value) if key == "tags" else value for key, value in given.items() if value is not None}
