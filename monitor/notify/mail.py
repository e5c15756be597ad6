"""Mail: Apprise reads the URL, we write and send the letter.

Apprise's own mail service makes a random Message-ID, derives the plain text from the HTML, hides the server's codes,
and cannot say whether a message was on its way when the connection broke. Here a delivery has the same Message-ID at
every attempt, so that a repeated mail is recognised as one, and each failure says what it means.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from base64 import b64encode
from contextlib import suppress
from datetime import UTC, datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from functools import partial
from hashlib import sha256
from secrets import token_hex
from socket import SHUT_RDWR
from typing import Any

from apprise.plugins.email.base import NotifyEmail

from monitor.core.errors import DeliveryError, Fault
from monitor.notify import failures
from monitor.notify.attempt import Abandoned, Attempt
from monitor.notify.markup import Post
from monitor.notify.message import Message


class _Folding(EmailPolicy):
    """Folds subjects so that they keep their spaces: the default folding loses one that stands where a line ends."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() != "subject" or value.isascii():
            return super().fold_binary(name, value)
        folded = Header(str(value), "utf-8", maxlinelen=76, header_name=name).encode(linesep=self.linesep)
        return f"{name}: {folded}{self.linesep}".encode("ascii")


# 7bit: no server can mistake the bytes, whatever it supports.
_POLICY = _Folding(linesep="\r\n", cte_type="7bit")
_OURS = ("content-", "mime-version", "references", "in-reply-to")  # and what a letter has already
_HEADER = re.compile(r"[!-9;-~]+")  # the name of one: RFC 5322, 3.6.8
_REFUSALS = range(400, 600)
_LINE_THAT_BEGINS_WITH_A_DOT = re.compile(rb"^\.", re.MULTILINE)  # gets a second one: RFC 5321, 4.5.2
_LOGGED_IN = 235  # RFC 4954
_PARTING = 2.0  # seconds for the goodbye after a message was taken


class _Dialogue(smtplib.SMTP):
    """A dialogue that its caller can end from the moment in which it begins, the greeting included."""

    def __init__(self, attempt: Attempt, *where: Any, **how: Any) -> None:
        self._attempt = attempt
        attempt.hang_up = partial(_cut, self)
        super().__init__(*where, **how)

    def getreply(self) -> tuple[int, bytes]:
        """What the server answers. Nothing is waited for if the caller went while there was no connection to cut."""
        if self._attempt.over:
            raise smtplib.SMTPServerDisconnected("nobody waits for it any more")
        return super().getreply()


class _SecureDialogue(_Dialogue, smtplib.SMTP_SSL):
    """The same, encrypted from its first byte."""


class Mail(NotifyEmail):  # type: ignore[no-untyped-call]  # Apprise types only some of its functions
    """A mailbox. Set `message`, `key`, `where` and `attempt` before a call."""

    request_rate_per_sec = 0  # a mail server that wants mails spaced says so, with a 4yz code

    message: Message
    key: str
    where: str
    attempt: Attempt
    _step = Fault.CHANNEL  # whose fault a refusal is now

    @property
    def receiver(self) -> str:
        """The one address."""
        return str(self.targets[0][1])

    @property
    def sender(self) -> tuple[str, str]:
        """Name and address in the From line."""
        name, address = self.from_addr
        return str(name or self.app_id), str(address)

    @property
    def sound(self) -> bool:
        """Whether a letter can carry the names, addresses and headers of the URL."""
        try:
            write(self, Message(subject="", text="", html="", post=Post("")), "")
        except (ValueError, MessageError):
            return False
        return all(_HEADER.fullmatch(name) for name in self.headers)

    def send(self, body: str, title: str = "", *_args: Any, **_kwargs: Any) -> bool:  # noqa: ARG002  its copies
        """Send the letter; Apprise calls this in a thread of its own. Why it failed is left in the attempt."""
        self.attempt.refusal = self._deliver(write(self, self.message, self.key))
        return self.attempt.refusal is None

    def _deliver(self, letter: EmailMessage) -> DeliveryError | None:
        smtp: smtplib.SMTP | None = None
        try:
            smtp = self._connect()
            self._hand_over(smtp, letter)
        except smtplib.SMTPResponseException as error:
            if error.smtp_code in _REFUSALS:
                return failures.by_smtp(self.where, error.smtp_code, self._harmless(error), self._step)
            return self._broken(smtp, OSError(f"answered {error.smtp_code}, which means nothing here"))
        except smtplib.SMTPNotSupportedError as error:
            return failures.untrusted(self.where, str(error))
        except (OSError, smtplib.SMTPException, Abandoned) as error:
            return self._broken(smtp, error if isinstance(error, OSError) else OSError(str(error)))
        finally:
            if smtp is not None:
                _part(smtp)
        return None

    def _broken(self, smtp: smtplib.SMTP | None, error: OSError) -> DeliveryError:
        """A dialogue that ended without an answer. There is nobody left to say goodbye to."""
        if smtp is not None:
            smtp.close()
        return (
            failures.unknown(self.where) if self.attempt.begun else failures.by_connection(self.where, error)
        )

    def call(self) -> smtplib.SMTP:
        """Reach the server, and encrypt if the URL asks for it; nobody logs in. Raises OSError, SMTPException."""
        kind = _SecureDialogue if self.secure_mode == "ssl" else _Dialogue
        options = {"context": self._trust()} if kind is _SecureDialogue else {}
        smtp = kind(
            self.attempt, self.smtp_host, self.port or 0, timeout=self.socket_connect_timeout, **options
        )
        try:
            if self.secure_mode == "starttls":
                smtp.starttls(context=self._trust())
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _connect(self) -> smtplib.SMTP:
        smtp = self.call()
        try:
            if self.user and self.password:
                self._login(smtp)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _login(self, smtp: smtplib.SMTP) -> None:
        user, password = str(self.user), str(self.password)
        if user.isascii() and password.isascii():
            smtp.login(user, password)
            return
        smtp.ehlo_or_helo_if_needed()  # smtplib logs in with ASCII only; RFC 4616 says UTF-8
        code, answer = smtp.docmd("AUTH", f"PLAIN {_plain(user, password)}")
        if code != _LOGGED_IN:
            raise smtplib.SMTPAuthenticationError(code, answer)

    def _harmless(self, error: smtplib.SMTPResponseException) -> str:
        """What the server answered, unless it repeats the login: answers are kept and shown."""
        answer, password = error.smtp_error, str(self.password or "")
        said = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
        forms = (password, _base64(password), _plain(str(self.user), password))
        return "" if password and any(form in said for form in forms) else said

    def _trust(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if not self.verify_certificate:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context

    def _hand_over(self, smtp: smtplib.SMTP, letter: EmailMessage) -> None:
        """The dialogue of one mail, step by step, because what a broken connection means depends on the step."""
        smtp.ehlo_or_helo_if_needed()
        _expect(smtp.mail(self.sender[1]))
        self._step = Fault.RECIPIENT
        _expect(smtp.rcpt(self.receiver))
        self._step = Fault.MESSAGE
        _expect(smtp.docmd("DATA"), "354")
        self.attempt.begin()  # up to here nothing was handed over; from here on it may arrive
        smtp.send(_LINE_THAT_BEGINS_WITH_A_DOT.sub(b"..", letter.as_bytes()) + b".\r\n")
        _expect(smtp.getreply())
        self.attempt.taken = True


def _base64(text: str) -> str:
    return b64encode(text.encode()).decode()


def _plain(user: str, password: str) -> str:
    return _base64(f"\0{user}\0{password}")


def write(mailbox: Mail, message: Message, key: str) -> EmailMessage:
    """The letter as it goes out: one recipient, text and page if there is one, the same Message-ID for a key."""
    name, sender = mailbox.sender
    domain = sender.rpartition("@")[2]
    letter = EmailMessage(policy=_POLICY)
    letter["Subject"] = message.subject
    letter["From"] = Address(display_name=name, addr_spec=sender)
    letter["To"] = Address(display_name=str(mailbox.targets[0][0] or ""), addr_spec=mailbox.receiver)
    letter["Date"] = datetime.now(UTC)
    letter["Message-ID"] = f"<{sha256(key.encode()).hexdigest()[:32]}@{domain}>"
    if message.thread:
        # Nobody sent this first message; mail programs group by a reference they have never seen just as well.
        letter["In-Reply-To"] = letter["References"] = f"<{message.thread}@{domain}>"
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies, please
    if message.urgent:
        letter["Importance"], letter["X-Priority"] = "high", "1"
    if mailbox.reply_to:
        letter["Reply-To"] = ", ".join(sorted(mailbox.reply_to))
    for header, value in mailbox.headers.items():
        if header not in letter and not header.lower().startswith(_OURS):
            letter[header] = value
    letter.set_content(message.text)
    if message.html:
        letter.add_alternative(message.html, subtype="html")
    for file in message.attachments:
        kind, _, subtype = file.media_type.partition("/")
        if kind == "text":  # as text, so that the letter says how its letters are written
            letter.add_attachment(file.content.decode(), subtype, filename=file.name)
        else:
            letter.add_attachment(file.content, kind, subtype, filename=file.name)
    _divide(letter)
    return letter


def _divide(letter: EmailMessage) -> None:
    """Give its parts boundaries that nobody can guess. For its own, the library compiles a pattern each time."""
    for part in letter.walk():
        if part.is_multipart():
            part.set_boundary(token_hex(16))


def _expect(reply: tuple[int, bytes], kind: str = "2") -> None:
    code, answer = reply
    if not f"{code}".startswith(kind):
        raise smtplib.SMTPResponseException(code, answer.decode("utf-8", "replace"))


def _part(smtp: smtplib.SMTP) -> None:
    """Say goodbye, unless the connection is closed. The message's fate is decided, so nothing here matters."""
    with suppress(OSError, smtplib.SMTPException):
        if smtp.sock is not None:
            smtp.sock.settimeout(_PARTING)
            smtp.quit()
    smtp.close()


def _cut(smtp: smtplib.SMTP) -> None:
    """End a dialogue from outside, so that a server that trickles keeps no thread for ever."""
    sock = smtp.sock  # once: the thread that sends may close it at any moment
    with suppress(OSError):
        if sock is not None:
            sock.shutdown(SHUT_RDWR)
