"""`tumen init` at a terminal: questions with defaults, answers that are checked at once, and a way out."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from monitor.config import load_settings
from tests.cli.conftest import ROOT
from tests.mailbox import open_inbox

PROGRAM = (
    "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"  # so that Ctrl-C reaches it, and getpass asks it
    "from monitor.cli import main; main()"
)
PATIENCE = 60.0  # seconds for a busy machine


class Terminal:
    """A person at a terminal."""

    def __init__(self, folder, *arguments: str) -> None:
        self._fd, there = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *arguments],
            stdin=there,
            stdout=there,
            stderr=there,
            cwd=folder,
            env=os.environ
            | {"PYTHONPATH": f"{os.environ['PYTHONPATH']}:{ROOT}", "TERM": "dumb", "TZ": "UTC"},
            start_new_session=True,
        )
        os.close(there)
        self.said = ""
        self._read = 0

    def expect(self, words: str) -> None:
        """Read until it says this, behind what was read before."""
        ends = time.monotonic() + PATIENCE
        while words not in self.said[self._read :]:
            assert time.monotonic() < ends, f"never said {words!r}:\n{self.said}"
            data = b""
            with suppress(OSError):  # Linux ends a terminal without a process so
                data = os.read(self._fd, 4096)
            assert data, f"ended before {words!r}:\n{self.said}"
            self.said += data.decode(errors="replace")
        self._read = self.said.index(words, self._read) + len(words)

    def answer(self, question: str, text: str = "") -> None:
        self.expect(question)
        self.type(f"{text}\n")

    def type(self, keys: str) -> None:
        os.write(self._fd, keys.encode())

    def interrupt(self) -> None:
        """Press Ctrl-C until it is noticed: Python misses one that comes just before it begins to wait for keys."""
        while self.process.poll() is None:
            self.type("\x03")
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(10)  # a second one might come as it ends

    def end(self) -> int:
        with suppress(AssertionError):
            self.expect("\0never")
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._fd)


@pytest.fixture
def terminal(folder, monkeypatch):
    monkeypatch.delenv("TUMEN_CHANNEL", raising=False)
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(variable, "C.UTF-8")
    opened = []

    def start(*arguments: str) -> Terminal:
        opened.append(Terminal(folder, "init", "--systemd", "none", *arguments))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


def test_a_few_answers_make_a_configuration_and_the_first_message(terminal, folder):
    with open_inbox() as inbox:
        at = terminal()
        at.expect("baltic-cables")
        at.answer("[dprk-russia]: ", "baltic-cables")
        at.answer("(Enter for all)", "en,fi")
        at.answer("[en]: ", "xx")
        at.expect("no words in xx")
        at.answer("[en]: ", "de")
        at.answer("[UTC]: ", "Europe/Berlin")
        at.answer("[mail]: ")
        at.answer("where messages go", "nobody")
        at.expect("is no mail address")
        at.answer("where messages go", "me@example.org")
        at.answer("[mail.example.org]: ", f"127.0.0.1:{inbox.port}")
        at.answer("[me@example.org]: ", "-")
        at.answer("[me@example.org]: ")
        at.answer("test message to it now? [Y/n]: ")
        at.expect("sent to me@example.org")
        at.answer("Hours without messages", "night")
        at.expect("22:00-07:00")
        at.answer("Hours without messages", "22:00-07:00")
        at.answer("times of the day")
        at.answer("weekly report")
        at.answer("webmasters", "me@example.org")
        at.expect("Next:")
        assert at.end() == 0, at.said
        assert [letter.mail["Subject"] for letter in inbox.letters] == ["Testnachricht"]
    settings = load_settings(folder / "tumen.yaml")
    channel = settings.channels["me"]
    assert (settings.packs, settings.sources.languages) == (["baltic-cables"], ["en", "fi"])
    assert (channel.language, channel.timezone, settings.crawl.contact) == (
        "de",
        "Europe/Berlin",
        "me@example.org",
    )
    assert channel.quiet is not None
    assert not channel.digest


def test_a_message_that_does_not_arrive_leads_to_another_address(terminal, folder):
    at = terminal("--pack", "dprk-russia", "--language", "en", "--time-zone", "UTC", "--contact", "me@a.org")
    at.answer("(Enter for all)")
    at.answer("[mail]: ", "other")
    at.answer("Address", "json://127.0.0.1:1/s3cr3t")
    at.answer("[Y/n]: ")
    at.expect("not sent")
    at.answer("Give another address? [Y/n]: ")
    at.answer("[mail]: ", "none")
    at.expect("Next:")
    assert at.end() == 0
    assert "s3cr3t" not in at.said
    assert load_settings(folder / "tumen.yaml").channels == {}


def test_a_new_name_starts_a_topic_once_that_is_confirmed(terminal, folder):
    at = terminal("--no-channel")
    at.answer("[dprk-russia]: ", "dprk-rusia")
    at.answer("[y/N]: ")
    at.answer("[dprk-russia]: ", "my-topic")
    at.answer("[y/N]: ", "y")
    for question in ("(Enter for all)", "[en]: ", "[UTC]: ", "(Enter for none)"):
        at.answer(question)
    assert at.end() == 0, at.said
    assert load_settings(folder / "tumen.yaml").packs == ["my-topic"]


@pytest.mark.parametrize("after", ["[dprk-russia]: ", "[UTC]: ", "[mail]: "])
def test_ctrl_c_leaves_nothing_behind(terminal, folder, after):
    at = terminal()
    for question in ("[dprk-russia]: ", "(Enter for all)", "[en]: ", "[UTC]: ", "[mail]: "):
        at.expect(question)
        if question == after:
            break
        at.type("\n")
    at.interrupt()
    assert at.end() == 128 + signal.SIGINT
    assert "Traceback" not in at.said
    assert list(folder.iterdir()) == []


def test_what_is_there_already_is_said_before_anything_is_asked(terminal, folder):
    (folder / "tumen.yaml").write_text("packs: [dprk-russia]\n")
    at = terminal()
    assert at.end() == 2
    assert "is there already" in at.said
    assert "?" not in at.said
