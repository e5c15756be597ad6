"""A reader's desk: a folder with a configuration and a history, and the programs that are started on it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import yaml

from monitor.demo.inbox import Via
from monitor.store.database import open_reader, rows
from tests.system import processes
from tests.system.killable import DIED_AT
from tests.system.processes import wait_until

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.demo.inbox import Inbox, Received
    from tests.system.town import Town

TUMEN = (str(Path(sys.executable).with_name("tumen")),)
KILLABLE = (sys.executable, "-P", str(Path(__file__).with_name("killable.py")))
PACK = Path(__file__).with_name("pack")
PATIENCE = 90.0  # seconds; a busy machine takes its time
_LINK = re.compile(r"http://127\.0\.0\.1:\d+/[\w.-]+\.html")


class Desk:
    """Starts programs in a folder, and reads what they leave there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "tumen.yaml"
        self.history = folder / "tumen.db"
        self.log = folder / "log.txt"
        self.mark = uuid4().hex
        self.environment: dict[str, str] = {}  # what programs get besides ours
        self._since = 0  # where in the log the latest service begins
        self._started: list[subprocess.Popen[bytes]] = []

    def configure(self, sources: Sequence[Mapping[str, object]], mail: str, **more: Any) -> None:
        """Write a configuration that watches these sources at a hasty pace and tells this address."""
        crawl = {"delay": "0.02s", "timeout": "5s", "deadline": "10s"} | more.pop("crawl", {})
        hosts = [str(source["url"]).split("/")[2] for source in sources]
        settings = {
            "packs": [str(PACK)],
            "channels": {"desk": {"url": mail}},
            "sources": {"shipped": False, "own": [dict(source) for source in sources]},
            "pace": {"fastest": "0.5s", "slowest": "1s", "failing": "1s"},
            "crawl": {**crawl, "allow_private": [*hosts, *crawl.get("allow_private", [])]},
            **more,
        }
        self.config.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")

    def amend(self, **sections: dict[str, Any]) -> None:
        """Add to sections of the configuration."""
        settings = yaml.safe_load(self.config.read_text(encoding="utf-8"))
        for name, more in sections.items():
            settings[name] = settings.get(name, {}) | more
        self.config.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")

    def watch(self, town: Town, inbox: Inbox, **more: Any) -> None:
        """Write a configuration that watches the town and tells the inbox."""
        self.configure([paper.source for paper in town.papers], inbox.mail_url("desk"), **more)

    def start(self, *arguments: str, program: Sequence[str] = KILLABLE) -> subprocess.Popen[bytes]:
        """Start the service: by default the one that can be killed at a step."""
        with self.log.open("ab") as log:
            self._since = log.tell()
            process = subprocess.Popen(
                [*program, str(self.config), *arguments],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env=self._environment(),
            )
        self._started.append(process)
        return process

    def serve(self) -> subprocess.Popen[bytes]:
        """Start `tumen run`, as a user does."""
        return self.start(program=(*TUMEN, "run", "--config"))

    def tumen(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [*TUMEN, *arguments],
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=self._environment(),
            timeout=PATIENCE,
            check=False,
        )

    def lines(self, *arguments: str) -> list[dict[str, Any]]:
        """The JSON lines that a command prints about this desk."""
        done = self.tumen(*arguments, "-c", str(self.config), "--json")
        assert done.returncode in (0, 1), done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """What the history says; nothing while there is none."""
        if not self.history.exists() or self.history.stat().st_size == 0:
            return []
        with closing(open_reader(self.history)) as db:
            return rows(db, sql)

    def alerts(self) -> dict[int, str]:
        """The address that each stored alert tells of."""
        found = self.rows("SELECT alerts.id, url FROM alerts JOIN articles ON articles.id = article")
        return {row["id"]: row["url"] for row in found}

    def in_flight(self) -> set[str]:
        """The addresses whose delivery somebody has begun and not finished."""
        found = self.rows("SELECT alert FROM deliveries WHERE state = 'claimed'")
        return {self.alerts()[row["alert"]] for row in found}

    def has_read(self, many: int) -> bool:
        """Whether this many entries are there, and nothing waits to be read or sent."""
        (found,) = self.rows(
            """SELECT (SELECT count(*) FROM entries WHERE state != 'to_read') AS done,
            (SELECT count(*) FROM entries WHERE state = 'to_read')
            + (SELECT count(*) FROM deliveries WHERE state IN ('pending', 'claimed')) AS waiting"""
        ) or ({"done": 0, "waiting": 1},)
        return found["done"] >= many and not found["waiting"]

    def ask(self, path: str) -> tuple[int, bytes]:
        """What the latest service answers at its address for machines: status and body."""
        port = re.search(r"how it is: http://127\.0\.0\.1:(\d+)/", self.said())[1]
        connection = HTTPConnection("127.0.0.1", int(port), timeout=PATIENCE)
        with closing(connection):
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()

    def wait_for(self, condition: Any, service: subprocess.Popen[bytes], what: str = "") -> None:
        """Wait until the service is up and this is so; a service that ends meanwhile is a failure."""

        def is_so() -> bool:
            assert service.poll() is None, f"it ended with {service.poll()}"
            return "watching" in self.said() and bool(condition())

        try:
            wait_until(is_so, PATIENCE, what)
        except AssertionError as late:
            raise AssertionError(f"{late}\n{self.said()}") from None

    def stop(self, service: subprocess.Popen[bytes], number: int = signal.SIGTERM) -> int:
        """Send a signal; the exit code, which must come within five seconds."""
        service.send_signal(number)
        return service.wait(timeout=5)

    def died_at(self) -> str:
        """At which step a killed service died."""
        return (self.folder / DIED_AT).read_text(encoding="utf-8").split()[0]

    def has_struck(self) -> bool:
        """Whether a service died or hangs at the step that it was given."""
        return (self.folder / DIED_AT).exists()

    def said(self) -> str:
        """The log of the latest service."""
        return self.log.read_bytes()[self._since :].decode() if self.log.exists() else ""

    def clear(self) -> dict[int, str]:
        """End what still runs; what was left although its parent had ended."""
        for process in self._started:
            process.kill()
            process.wait()
        gone = processes.are_gone(self.mark)
        left = {} if gone else processes.marked(self.mark)
        processes.end(left)
        return left

    def _environment(self) -> dict[str, str]:
        return {**os.environ, **self.environment, processes.VARIABLE: self.mark}


def told(inbox: Inbox) -> Counter[str]:
    """How often each article was told by mail."""
    return Counter(url for mail in mails(inbox) for url in links(mail))


def links(mail: Received) -> tuple[str, ...]:
    """The articles that a mail tells of, in its order."""
    found = tuple(dict.fromkeys(_LINK.findall(mail.text)))
    assert found, mail.text
    return found


def mails(inbox: Inbox) -> list[Received]:
    """What came by mail, in order of arrival."""
    return [message for message in inbox.messages if message.via is Via.MAIL]


def repeated(inbox: Inbox) -> set[str]:
    """The articles that were told more than once. Whoever gets a mail twice can see that it is the same."""
    for url, times in told(inbox).items():
        ids = {mail.message_id for mail in mails(inbox) if url in links(mail)}
        assert times == 1 or len(ids) == 1, f"{url} was told in different mails: {ids}"
    return {url for url, times in told(inbox).items() if times > 1}
