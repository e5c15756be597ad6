"""An embedded inbox: a mail server and a chat room's webhook on loopback that keep what arrives."""

from __future__ import annotations

import json
import logging
import re
import socket
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import StrEnum
from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote

from aiosmtpd.controller import Controller

from monitor.demo.loopback import HOST, Answer, Loopback, Question

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from aiosmtpd.smtp import SMTP, Envelope, Session

_DOMAIN = "tumen.example"
_CHAT_PATH = "/chat"


class Via(StrEnum):
    """By which way a message came."""

    MAIL = "mail"
    CHAT = "chat"


@dataclass(frozen=True, slots=True)
class Received:
    """One message as it arrived.

    Attributes:
        via: mail or chat.
        to: the address or room it was sent to.
        subject: its subject or title.
        text: its plain text, empty if it has none.
        html: its HTML, empty if it has none.
        received: when it arrived, in UTC.
        message_id: of a mail, with its angle brackets; empty for chat.
        headers: of a mail, or of the HTTP request.
        raw: exactly what was sent.
    """

    via: Via
    to: str
    subject: str
    text: str
    html: str
    received: datetime
    message_id: str
    headers: tuple[tuple[str, str], ...]
    raw: bytes

    def save(self, folder: Path, name: str) -> tuple[Path, ...]:
        """Write it to `name.eml` (a chat post: `name.json`) and `name.html`, and say where. Raises OSError."""
        raw = folder / f"{name}.{'eml' if self.via is Via.MAIL else 'json'}"
        page = folder / f"{name}.html"
        raw.write_bytes(self.raw)
        page.write_text(self.html or _as_html(self.subject, self.text), encoding="utf-8")
        return raw, page


class Inbox:
    """Takes mail and chat posts on loopback from entering the context to leaving it.

    `on_message` is called for each one, in a thread of the inbox, before its sender gets the answer; what it raises
    is the sender's failure. `clock` says when it arrived.
    """

    def __init__(
        self,
        on_message: Callable[[Received], None] = lambda _: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._on_message = on_message
        self._clock = clock
        self._kept: list[Received] = []
        self._lock = threading.Lock()
        self._mail = _MailServer(self._take_mail)
        self._chat = Loopback([self._take_post])

    def __enter__(self) -> Self:
        self._mail.start()
        self._chat.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._chat.__exit__()
        self._mail.stop()

    @property
    def messages(self) -> tuple[Received, ...]:
        """Everything received so far, in order of arrival."""
        with self._lock:
            return tuple(self._kept)

    @property
    def mail_port(self) -> int:
        """The port of the mail server on 127.0.0.1."""
        return int(self._mail.port)

    def mail_url(self, user: str) -> str:
        """The Apprise URL that sends mail to this user of the inbox."""
        sender, receiver = quote(f"alerts@{_DOMAIN}"), quote(f"{user}@{_DOMAIN}")
        return f"mailto://{HOST}:{self.mail_port}/?from={sender}&to={receiver}&name=Tumen&mode=insecure"

    def chat_url(self) -> str:
        """The Apprise URL that posts to the inbox's chat room."""
        return f"json://{HOST}:{self._chat.ports[0]}{_CHAT_PATH}"

    def _keep(self, message: Received) -> None:
        with self._lock:
            self._kept.append(message)
        self._on_message(message)

    def _take_mail(self, to: str, raw: bytes) -> None:
        self._keep(_parsed_mail(to, raw, self._clock()))

    def _take_post(self, question: Question) -> Answer:
        if question.method != "POST" or question.path != _CHAT_PATH:
            return Answer(HTTPStatus.NOT_FOUND)
        try:
            post = json.loads(question.body)
        except ValueError:
            post = None
        if not isinstance(post, dict):
            return Answer(
                HTTPStatus.BAD_REQUEST, {"Content-Type": "text/plain"}, b"a JSON object is expected\n"
            )
        self._keep(_parsed_post(question, post, self._clock()))
        return Answer(HTTPStatus.OK, {"Content-Type": "application/json"}, b'{"ok": true}')


class _MailServer(Controller):
    """aiosmtpd in a thread of its own, on a port that the system chooses.

    The stock controller cannot do that: it looks for itself on the port it was given, 0.
    """

    def __init__(self, take: Callable[[str, bytes], None]) -> None:
        logging.getLogger("mail.log").setLevel(logging.WARNING)  # else it writes down every command
        self._take = take
        self._socket = socket.create_server((HOST, 0))
        super().__init__(self, hostname=HOST, port=self._socket.getsockname()[1])

    def _create_server(self) -> Awaitable[asyncio.Server]:
        server: Awaitable[asyncio.Server] = self.loop.create_server(self._factory_invoker, sock=self._socket)
        return server

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802, ARG002
        """Take one mail, once for each of its receivers; called by aiosmtpd."""
        for receiver in envelope.rcpt_tos:
            self._take(receiver, bytes(envelope.original_content or b""))
        return "250 OK"


def _parsed_mail(to: str, raw: bytes, at: datetime) -> Received:
    mail = message_from_bytes(raw, EmailMessage, policy=policy.default)
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    return Received(
        via=Via.MAIL,
        to=to,
        subject=str(mail["Subject"] or ""),
        text=str(plain.get_content()) if plain else "",
        html=str(html.get_content()) if html else "",
        received=at,
        message_id=str(mail["Message-ID"] or ""),
        headers=tuple((name, str(value)) for name, value in mail.items()),
        raw=raw,
    )


def _parsed_post(question: Question, post: dict[str, Any], at: datetime) -> Received:
    body = str(post.get("message") or "")
    is_html = re.match(r"\s*<", body) is not None  # Apprise does not say in which format it posts
    return Received(
        via=Via.CHAT,
        to=question.path.strip("/"),
        subject=str(post.get("title") or ""),
        text="" if is_html else body,
        html=body if is_html else "",
        received=at,
        message_id="",
        headers=tuple(question.headers.items()),
        raw=question.body,
    )


def _as_html(subject: str, text: str) -> str:
    return (
        f'<!DOCTYPE html>\n<meta charset="utf-8">\n<title>{escape(subject)}</title>\n'
        f"<h1>{escape(subject)}</h1>\n<pre>{escape(text)}</pre>\n"
    )
