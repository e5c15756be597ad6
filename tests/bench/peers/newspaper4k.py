"""newspaper4k's crawl of whole sources, by a program of ours in its environment (`newspaper_driver.py`)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.peers.ours import from_lines
from tests.bench.peers.running import apart, installed

if TYPE_CHECKING:
    from tests.bench.peers.newsroom import Newsroom
    from tests.bench.peers.running import Read


class Newspaper:
    """Sources are built, fetched and parsed as its documentation has it."""

    name = "newspaper4k"
    manners = "no pause, one thread for each outlet, robots.txt"

    def command(self, room: Newsroom, folder: Path) -> list[str | Path]:
        """All outlets."""
        sites = folder / "sites.json"
        sites.write_text(json.dumps([f"{base}/" for base in room.outlets]), encoding="utf-8")
        driver = Path(__file__).with_name("newspaper_driver.py")
        python = installed(self.name) / "bin" / "python"
        return [*apart(folder), python, driver, sites, folder / "articles.jsonl"]

    def is_done(self, _folder: Path, _outlets: int) -> bool:
        """It ends by itself."""
        return False

    def finished(self, folder: Path) -> float:
        """When the file was written."""
        return (folder / "articles.jsonl").stat().st_mtime

    def articles(self, folder: Path) -> dict[str, Read]:
        """What is in the file."""
        return from_lines(folder / "articles.jsonl")
