"""The world outside: newspapers, a mail server and a webhook, in a process of their own that nobody kills.

What a receiver takes is written down before it answers, so that the file is true whatever happens to the sender.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import random
import re
from collections import Counter
from dataclasses import asdict, dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import Enum
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from aiosmtpd.smtp import SMTP

if TYPE_CHECKING:
    from collections.abc import Iterable
    from multiprocessing.connection import Connection
    from pathlib import Path

    from aiosmtpd.smtp import Envelope, Session

HOST = "127.0.0.1"
PAPERS = 3  # ports on which newspapers are read: hosts, as far as politeness goes
_LINK = re.compile(r"https?://[\w.:/-]+\.html")
_SLOW = (0.05, 0.3)  # seconds


class Fault(Enum):
    """What a receiver does instead of simply taking a message."""

    LATER = "later"  # it asks to be tried again
    NEVER = "never"  # it refuses the message for good
    CUT = "cut"  # it takes the message, and the connection breaks before it has said so
    SLOW = "slow"  # it takes the message, after a while


_CODES = {Fault.LATER: (451, 503), Fault.NEVER: (554, 400)}  # by mail and by HTTP
_TAKEN = (250, 200)
# How often receivers fail; the name of a channel is how it is reached, and its mood.
MOODS = {
    "steady": {},
    "moody": {Fault.LATER: 0.2, Fault.CUT: 0.12, Fault.SLOW: 0.1},
    "strict": {Fault.NEVER: 0.15, Fault.LATER: 0.1},
}


# Channels that are not told at once: with what waits for its time, a kill meets more states of the ledger.
HELD = {
    "mail-strict": {"group": {"wait": "30s", "interval": "5m"}},
    "hook-strict": {"per_hour": 6, "notices": "all"},
}


@dataclass(frozen=True)
class Receipt:
    """A message that was taken.

    Attributes:
        channel: its name.
        id: of the message: the same if it was sent again.
        urls: the articles it tells of, none if it is about the service itself.
        cut: whether the sender never heard that it was taken, by the receiver's fault.
    """

    channel: str
    id: str
    urls: tuple[str, ...]
    cut: bool


@dataclass(frozen=True)
class Ports:
    """Where the world is reached on 127.0.0.1."""

    mail: int
    web: int
    papers: tuple[int, ...]

    def channels(self, history: str, moods: Iterable[str], webhook: str) -> dict[str, dict[str, Any]]:
        """The channels of a history as its configuration declares them, two for each mood of receivers.

        `webhook` is the scheme by which is posted.
        """

        sender = quote("alerts@tumen.example")
        urls = {}
        for mood in moods:
            to = quote(f"mail-{mood}.{history}@tumen.example")
            urls[f"mail-{mood}"] = f"mailto://{HOST}:{self.mail}/?from={sender}&to={to}&mode=insecure"
            urls[f"hook-{mood}"] = f"{webhook}://{HOST}:{self.web}/{history}/hook-{mood}"
        return {name: {"url": url, **HELD.get(name, {})} for name, url in urls.items()}


def receipts(folder: Path) -> list[Receipt]:
    """What the receivers of a history have taken, in order."""
    file = folder / "received.jsonl"
    if not file.exists():
        return []
    lines = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return [Receipt(**line | {"urls": tuple(line["urls"])}) for line in lines]


def serve(folder: Path, said: Connection) -> None:
    """Be the world for the histories in the folders below `folder`; say where, and never end."""
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # senders that vanish are what this is about
    asyncio.run(_World(folder).run(said))


class _World:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._asked: Counter[tuple[str, str]] = Counter()

    async def run(self, said: Connection) -> None:
        loop = asyncio.get_running_loop()
        # A sender that was killed takes its connections with it; that is no news.
        loop.set_exception_handler(
            lambda loop, told: (
                None if isinstance(told.get("exception"), OSError) else loop.default_exception_handler(told)
            )
        )
        mail = await loop.create_server(lambda: SMTP(self, loop=loop), HOST, 0, backlog=500)
        web = [await asyncio.start_server(self._answer, HOST, 0, backlog=500) for _ in range(1 + PAPERS)]
        port, *papers = (server.sockets[0].getsockname()[1] for server in web)
        said.send(Ports(mail.sockets[0].getsockname()[1], port, tuple(papers)))
        await asyncio.Event().wait()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        letter = message_from_bytes(envelope.original_content or b"", EmailMessage, policy=policy.default)
        channel, _, history = envelope.rcpt_tos[0].partition("@")[0].partition(".")
        ident = str(letter["Message-ID"]).strip("<>").partition("@")[0]
        fault = await self._take(history, channel, ident, letter.get_body(("plain",)).get_content())
        if fault is Fault.CUT:
            server.transport.abort()
        return f"{_CODES.get(fault, _TAKEN)[0]} so it is"

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            request, _, fields = head.partition(b"\r\n")
            method, path, _ = request.decode().split(" ", 2)
            headers = message_from_bytes(fields)
            if method == "POST":
                body = await reader.readexactly(int(headers["Content-Length"]))
                writer.write(await self._post(path, headers["Webhook-Id"], json.loads(body), writer))
            else:
                writer.write(self._page(path, headers["If-None-Match"]))
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _post(self, path: str, ident: str, post: object, writer: asyncio.StreamWriter) -> bytes:
        history, channel = path.strip("/").split("/")
        fault = await self._take(history, channel, ident, json.dumps(post))
        if fault is Fault.CUT:
            writer.transport.abort()
        return _reply(_CODES.get(fault, _TAKEN)[1])

    async def _take(self, history: str, channel: str, ident: str, text: str) -> Fault | None:
        """Take a message, or not; what is to be done about it. A message that is refused for good always is."""
        self._asked[channel, ident] += 1
        fault = _fault(channel, ident) or _fault(channel, f"{ident} {self._asked[channel, ident]}")
        if fault is Fault.SLOW:
            await asyncio.sleep(random.uniform(*_SLOW))
        if fault not in (Fault.LATER, Fault.NEVER):
            urls = tuple(dict.fromkeys(_LINK.findall(text)))
            receipt = Receipt(channel, ident, urls, fault is Fault.CUT)
            line = json.dumps(asdict(receipt)).encode() + b"\n"
            file = os.open(self._folder / history / "received.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            os.write(file, line)
            os.close(file)
        return fault

    def _page(self, path: str, known: str | None) -> bytes:
        """A file below `web` of a history's folder. Who has seen it is told that it has not changed."""
        history, _, name = path.strip("/").partition("/")
        file = self._folder / history / "web" / name
        if not name or not file.is_file():
            return _reply(404)
        body = file.read_bytes()
        tag = f'"{sha256(body).hexdigest()[:16]}"'
        kind = "application/rss+xml" if file.suffix == ".xml" else "text/html; charset=utf-8"
        fresh = tag != known
        return _reply(200 if fresh else 304, body if fresh else b"", f"Content-Type: {kind}", f"ETag: {tag}")


def _fault(channel: str, seed: str) -> Fault | None:
    """What happens to a message, by chance, but always the same chance for the same seed."""
    chance = random.Random(f"{channel} {seed}").random()
    permanent = " " not in seed
    for fault, share in MOODS[channel.partition("-")[2]].items():
        if (fault is Fault.NEVER) is permanent:
            chance -= share
            if chance < 0:
                return fault
    return None


def _reply(status: int, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} .", *headers, "Connection: close"]
    if status != 304:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body
