"""A real mail server and a real chat server on loopback: OpenSMTPD and ngIRCd, if they are installed."""

from __future__ import annotations

import contextlib
import mailbox
import os
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from email import message_from_binary_file, policy
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.system.processes import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

ADMIN = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
IS_ROOT = os.geteuid() == 0


def needed(program: str) -> str:
    """Where a server's program is; skips the test if it is not installed."""
    found = shutil.which(program, path=ADMIN)
    if found is None:
        pytest.skip(f"{program} is not installed")
    return found


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@contextlib.contextmanager
def running(command: list[str], log: Path, *ports: int) -> Iterator[None]:
    """A server from the moment on when it listens."""

    def listens() -> bool:
        assert server.poll() is None, log.read_text(errors="replace")[-2000:]
        return all(socket.socket().connect_ex(("127.0.0.1", port)) == 0 for port in ports)

    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=output) as server:
        try:
            wait_until(listens, 20, f"{command[0]} listens")
            yield
        finally:
            server.terminate()
            server.wait(20)


@dataclass(frozen=True)
class MailServer:
    """It takes mail for anna@example.net and puts it into a box."""

    port: int
    box: Path

    def url(self, to: str = "anna@example.net") -> str:
        return f"mailto://127.0.0.1:{self.port}/?from=tumen@example.org&to={to}"

    def mails(self, expected: int) -> list[EmailMessage]:
        """What was delivered, as soon as so many are there."""
        wait_until(lambda: len(list(self.box.glob("new/*"))) >= expected, 20, "the mail is in the box")
        read = mailbox.Maildir(self.box, lambda file: message_from_binary_file(file, policy=policy.default))
        return list(read.values())


@contextlib.contextmanager
def mail_server(limit: str = "1M") -> Iterator[MailServer]:
    """OpenSMTPD with a mailbox. It has one place for its spool and socket, so it gets a file system of its own."""
    program = needed("smtpd")
    if not IS_ROOT or subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True).returncode:
        pytest.skip("OpenSMTPD needs root and a mount namespace")
    folder = Path(
        tempfile.mkdtemp(prefix="tumen-mail-")
    )  # its delivery has another user, and pytest's are closed
    folder.chmod(0o777)
    server = MailServer(free_port(), folder / "box")
    conf = folder / "smtpd.conf"
    conf.write_text(
        f"""
table readers {{ "anna@example.net" = "nobody" }}
smtp max-message-size "{limit}"
listen on 127.0.0.1 port {server.port} hostname mx.example.org
action "keep" maildir "{server.box}" virtual <readers>
match from any for domain "example.net" action "keep"
"""
    )
    conf.chmod(0o600)
    private = f"mount -t tmpfs none /var/spool && mount -t tmpfs none /run && exec {program} -d -f {conf}"
    try:
        with running(["unshare", "-m", "sh", "-c", private], folder / "log", server.port):
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def chat_server(folder: Path) -> Iterator[int]:
    """ngIRCd with the rooms #desk, #locked (key sesame) and #closed (by invitation): its port."""
    program, port = needed("ngircd"), free_port()
    user = "ServerUID = irc\nServerGID = irc" if IS_ROOT else ""
    conf = folder / "ngircd.conf"
    conf.write_text(
        f"""
[Global]
Name = irc.example.org
Info = a test
Listen = 127.0.0.1
Ports = {port}
{user}
[Options]
DNS = no
Ident = no
PAM = no
[Channel]
Name = #desk
Topic = news
[Channel]
Name = #locked
Modes = k
Key = sesame
[Channel]
Name = #closed
Modes = i
"""
    )
    with running([program, "-n", "-f", str(conf)], folder / "ngircd.log", port):
        yield port


class Reader:
    """Somebody in a room of the chat server."""

    def __init__(self, port: int, room: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self._lines = self._socket.makefile("r", encoding="utf-8", newline="\r\n")
        self._say("NICK anna")
        self._say("USER anna 0 * :Anna")
        self.until("376", "422")
        self._say(f"JOIN {room}")
        self.until("366")

    def until(self, *commands: str) -> list[str]:
        """What is seen up to a line with one of these commands, which is the last."""
        seen: list[str] = []
        for line in self._lines:
            if line.startswith("PING"):
                self._say(line.replace("PING", "PONG").strip())
                continue
            seen.append(line.rstrip("\r\n"))
            if line.split()[1] in commands:
                break
        return seen

    def _say(self, line: str) -> None:
        self._socket.sendall(f"{line}\r\n".encode())

    def close(self) -> None:
        self._lines.close()
        self._socket.close()
