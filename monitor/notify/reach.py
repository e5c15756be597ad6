"""Can a channel be reached? Only the door is tried: nobody logs in, and nothing is handed over."""

from __future__ import annotations

import smtplib
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from monitor.core.errors import DeliveryError
from monitor.notify import failures
from monitor.notify.attempt import Attempt
from monitor.notify.mail import Mail

if TYPE_CHECKING:
    from apprise.plugins.base import NotifyBase

    from monitor.core.delivery.deliveries import Recipient
    from monitor.notify.channels import Channels

# Where the services of Apprise keep the address of the one server that all their users share.
_SHARED = ("notify_url", "webhook_url", "api_url", "cloud_notify_url")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Reached:
    """What was found behind a door.

    Attributes:
        where: the server, `mail.example.org:587`; empty if it is not known which one that is.
        says: what was done there.
        until: until when its certificate holds, in UTC; None without one, or if it is not verified.
        open: whether what is sent there can be read on the way.
    """

    where: str
    says: str
    until: datetime | None = None
    open: bool = False


def reach(channels: Channels, recipient: Recipient, *, seconds: float) -> Reached:
    """Go to the door of a recipient.

    Raises:
        DeliveryError: nobody opens, or the one who does cannot be trusted.
        ConfigError: the address is none.
    """
    service = channels.service(recipient)
    if isinstance(service, Mail):
        return _mail(service, recipient.channel, seconds)
    address = _address(service)
    if address is None:
        return Reached("", "only a message shows whether it can be reached: `tumen check --send`")
    host, port, tls = address
    return knock(host, port, tls=tls, where=f"channel {recipient.channel}", seconds=seconds)


def knock(host: str, port: int, *, tls: bool, where: str, seconds: float) -> Reached:
    """Connect, and shake hands if the server is to speak TLS. Raises DeliveryError with `where`."""
    name = f"{host}:{port}"
    try:
        with socket.create_connection((host, port), timeout=seconds) as plain:
            if not tls:
                return Reached(name, "it takes calls", open=True)
            context = ssl.create_default_context()
            with context.wrap_socket(plain, server_hostname=host) as shaken:
                return Reached(name, f"it takes calls, by {shaken.version()}", _until(shaken))
    except (OSError, ValueError) as error:  # a name that is none is a ValueError
        raise _closed(where, name, error) from None


def _mail(service: Mail, channel: str, seconds: float) -> Reached:
    name = f"{service.smtp_host}:{service.port}"
    where = f"channel {channel}"
    service.attempt, service.socket_connect_timeout = Attempt(), seconds
    try:
        smtp = service.call()
    except smtplib.SMTPResponseException as error:
        raise DeliveryError(f"{name} answered {error.smtp_code}", where=where) from None
    except (OSError, smtplib.SMTPException) as error:
        raise _closed(where, name, error) from None
    with smtp:  # which says goodbye
        try:
            smtp.ehlo_or_helo_if_needed()
            code, _ = smtp.noop()
        except (OSError, smtplib.SMTPException) as error:
            raise _closed(where, name, error) from None
        says = f"the mail server answered {code}"
        if isinstance(smtp.sock, ssl.SSLSocket):
            return Reached(name, f"{says}, by {smtp.sock.version()}", _until(smtp.sock))
        return Reached(name, says, open=True)


def _closed(where: str, name: str, error: Exception) -> DeliveryError:
    found = failures.by_connection(where, error if isinstance(error, OSError) else OSError(str(error)))
    return DeliveryError(f"{name}: {found.message}", where=where, remedy=found.remedy, reason=found.reason)


def _until(shaken: ssl.SSLSocket) -> datetime | None:
    found: dict[str, Any] = shaken.getpeercert() or {}
    end = found.get("notAfter")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(end), UTC) if isinstance(end, str) else None


def _address(service: NotifyBase) -> tuple[str, int, bool] | None:
    """Host, port, and whether TLS is spoken; None if the service does not say where it sends to."""
    host = str(service.host or "")
    if "." in host or ":" in host or host == "localhost":
        tls = bool(service.secure)
        return host, int(service.port or (443 if tls else 80)), tls
    for name in _SHARED:
        url = getattr(type(service), name, None)
        if isinstance(url, str) and (parts := urlsplit(url)).scheme in _PORTS and parts.hostname:
            return parts.hostname, parts.port or _PORTS[parts.scheme], parts.scheme == "https"
    return None
