"""Somebody who has never seen Tumen: from a wheel and an empty folder to the first alert in their mailbox."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from tests.mailbox import open_inbox
from tests.system.processes import wait_until
from tests.system.town import Piece, ago
from tests.system.wheels import ROOT, build_wheel, install

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE = 90.0  # seconds; a busy machine takes its time
NEWS = Piece(
    "troops",
    "North Korea sends 3,000 soldiers to Russia",
    "Pyongyang has deployed 3,000 soldiers to the Kursk region, officials in Seoul say.",
    ago(minutes=5),
)


class Newcomer:
    """A person with an empty home, and nothing on the path but Tumen."""

    def __init__(self, commands: Path, home: Path) -> None:
        self.home = home
        self.tumen = str(commands / "tumen")
        self.environment = {"PATH": str(commands), "HOME": str(home), "LANG": "C.UTF-8"}
        # What keeps the tests on this machine, and lets processes share what is compiled.
        self.environment["PYTHONPATH"] = str(ROOT / "tests" / "loopback")
        for name in ("PYTHONESCAPES", "PYTHONPYCACHEPREFIX"):
            self.environment[name] = os.environ[name]

    def does(self, *arguments: str, typed: str = "") -> str:
        """Call Tumen; what it says."""
        done = subprocess.run(
            [self.tumen, *arguments],
            cwd=self.home,
            env=self.environment,
            input=typed,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def starts(self, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.home / "log.txt").open("wb") as log:
            return subprocess.Popen(
                [self.tumen, *arguments], cwd=self.home, env=self.environment, stdout=log, stderr=log
            )


@pytest.mark.timeout(400)
def test_from_the_wheel_to_the_first_alert(tmp_path, town):
    began = time.monotonic()
    commands = install(build_wheel(tmp_path / "build"), tmp_path / "tumen")
    home = tmp_path / "home"
    home.mkdir()
    newcomer = Newcomer(commands, home)
    assert str(ROOT) not in newcomer.does("packs", "list")

    with open_inbox() as inbox:
        address = f"mailto://127.0.0.1:{inbox.port}?from=tumen@example.org&to=me@example.org&mode=insecure"
        newcomer.does("init", "news", "--channel", "-", "--contact", "me@example.org", typed=address)
        config = home / "news" / "tumen.yaml"
        assert "✓ sent" in newcomer.does("check", "--send", "-c", "news/tumen.yaml")
        assert [letter.mail["Subject"] for letter in inbox.letters] == ["Test message"]

        paper = town.paper("gazette", NEWS)
        host = paper.site.url("/").split("/")[2]
        text = config.read_text(encoding="utf-8").replace("shipped: true", "shipped: false")
        config.write_text(f'{text}  allow_private: ["{host}"]\n', encoding="utf-8")
        feed = paper.site.url("/feed")
        newcomer.does("sources", "add", feed, "--language", "en", "--yes", "-c", "news/tumen.yaml")

        service = newcomer.starts("run", "-c", "news/tumen.yaml")
        try:
            wait_until(lambda: len(inbox.letters) > 1 or service.poll() is not None, PATIENCE, "the alert")
            took = time.monotonic() - began
            assert service.poll() is None, (home / "log.txt").read_text(encoding="utf-8")
            service.send_signal(signal.SIGTERM)
            assert service.wait(PATIENCE) in (0, 128 + signal.SIGTERM)
        finally:
            service.kill()
            service.wait()

        alert = inbox.letters[1].mail
    assert "North Korea sends 3,000 soldiers to Russia" in alert.get_body(("plain",)).get_content()
    assert paper.url(NEWS) in alert.get_body(("plain",)).get_content()
    assert "1" in newcomer.does("alerts", "list", "-c", "news/tumen.yaml")
    print(f"\nfrom the wheel to the first alert: {took:.0f} s")
