"""The command line as a person meets it: what is printed, and the exit code."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.cli import main
from monitor.core.alerting import Freshness, Route
from monitor.core.delivery.deliveries import Recipient
from monitor.core.matching import Matcher
from monitor.core.models import Pending
from monitor.jobs.ingest import Ingestor
from monitor.packs import load_pack
from monitor.store.database import open_history
from monitor.store.history import History
from monitor.store.sources import Sources
from spiders.items import Article, Entry, Kind, Source

ROOT = Path(__file__).parents[2]

PROGRAM = "from monitor.cli import main; main()"
# Everything that drives a terminal or reorders what stands on it; lines end, and messages are indented.
CONTROLS = {*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)} - {ord("\n")}


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict]:
        """Its output as lines of JSON."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def controls(self) -> set[str]:
        """The control characters in it."""
        return {letter for letter in self.out + self.err if ord(letter) in CONTROLS}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The current folder: empty, with a name of several scripts."""
    here = tmp_path / "뉴스 новости"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.delenv("TUMEN_CONFIG", raising=False)
    return here


@pytest.fixture
def tumen(folder, monkeypatch, capsys):
    """Run a command in this process."""

    def run(*arguments: object, stdin: str = "", encoding: str = "") -> Answer:
        if encoding:
            monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
        monkeypatch.setattr(sys, "argv", ["tumen", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        if encoding:
            sys.stdout.flush()
        out = sys.stdout.buffer.getvalue().decode(encoding, "replace") if encoding else said.out
        return Answer(ended.value.code, out, said.err)

    return run


@pytest.fixture
def process(folder):
    """Run a command in a process of its own, where streams, locale or imports matter."""

    def run(
        *arguments: object,
        stdin: str = "",
        stdout=subprocess.PIPE,
        program: str = PROGRAM,
        **environment: str,
    ) -> Answer:
        done = subprocess.run(
            [sys.executable, "-c", program, *map(str, arguments)],
            input=stdin.encode(),
            stdout=stdout,
            stderr=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
            check=False,
        )
        said = (done.stdout or b"").decode(errors="replace")
        return Answer(done.returncode, said, done.stderr.decode(errors="replace"))

    return run


@pytest.fixture
def write(folder):
    """Write a file into the current folder."""

    def save(name: str, content: str | bytes | list[dict]) -> Path:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, list):
            content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in content)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    return save


@pytest.fixture
def harbour(folder):
    """A small pack beside the current folder: quick to load, and the same whatever happens to the shipped one."""
    shutil.copytree(ROOT / "tests" / "system" / "pack", folder.parent / "harbour")
    return folder.parent / "harbour"


@pytest.fixture
def now():
    return datetime(2026, 11, 25, 6, 30, tzinfo=UTC)


@pytest.fixture
def take_in(folder, harbour, write, now):
    """Take texts in as the service would, one a minute, with a configuration that names the tests' own pack."""
    write("tumen.yaml", "packs: [../harbour]\n")

    def run(*articles: Article, first_look: bool = False, pack: Path = harbour) -> None:
        with closing(open_history(folder / "tumen.db")) as db:
            Sources(db).sync(
                [
                    Source(
                        "herald", "The Herald", "https://herald.example/rss", Kind.FEED, "en", tags=("wire",)
                    )
                ],
                now,
            )
            reader = Route("desk", (Recipient("desk", "anna"),))
            ingestor = Ingestor(History(db), Matcher([load_pack(pack)]), (reader,), Freshness())
            ingestor.remember(now)
            for number, article in enumerate(articles):
                at = now + timedelta(minutes=number)
                entry = Entry(article.url)
                ingestor.take(Pending(entry, "herald", "en", at, first_look=first_look), article, at)

    return run
