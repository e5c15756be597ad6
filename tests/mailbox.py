"""A mail inbox on loopback that keeps what it gets, or answers as told."""

from __future__ import annotations

import email
import email.policy
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiosmtpd.controller import Controller

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage


@dataclass
class Letter:
    sender: str
    recipients: list[str]
    mail: EmailMessage


@dataclass
class Inbox:
    """An SMTP server that keeps what it gets, or answers as told."""

    letters: list[Letter] = field(default_factory=list)
    attempts: int = 0
    mail: str = ""  # instead of taking the sender
    rcpt: str = ""  # instead of taking the recipient
    data: str = ""  # instead of taking the message
    pause: float = 0.0  # before the answer to the message
    drop: bool = False  # hang up instead of answering the message
    port: int = 0

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if self.mail:
            return self.mail
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  aiosmtpd's name
        self.attempts += 1
        if self.rcpt:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.pause:
            time.sleep(self.pause)  # noqa: ASYNC251  the server has a thread and a loop of its own
        if self.drop:
            server.transport.abort()
            return ""
        if self.data:
            return self.data
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.letters.append(Letter(envelope.mail_from, envelope.rcpt_tos, mail))
        return "250 taken"


class AnyPort(Controller):
    """A mail server on a free port; aiosmtpd's own start-up check connects to the port it was asked for, 0."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def open_inbox() -> Iterator[Inbox]:
    """An inbox that is served while the block runs."""
    box = Inbox()
    controller = AnyPort(box, hostname="127.0.0.1", port=0)
    controller.start()
    box.port = controller.port
    try:
        yield box
    finally:
        controller.stop()
