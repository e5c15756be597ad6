"""Where people listen: a channel's URLs become recipients, and a message reaches one of them through Apprise."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from hashlib import sha256
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from apprise import Apprise, AppriseAsset, NotifyType
from apprise.common import OverflowMode
from apprise.plugins.custom_form import NotifyForm
from apprise.plugins.custom_json import NotifyJSON
from apprise.plugins.custom_xml import NotifyXML

from monitor.core.delivery.bundling import MOST
from monitor.core.delivery.deliveries import Recipient
from monitor.core.errors import ConfigError, DeliveryError, Fault
from monitor.notify import failures, services
from monitor.notify.attempt import Attempt, current, in_thread, silence_addresses, watch_requests
from monitor.notify.forms import MAIL_SERVICES, form, room
from monitor.notify.mail import Mail
from monitor.notify.webhook import Webhook, sound, webhook_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from apprise.plugins.base import NotifyBase

    from monitor.notify.message import Message

# Services of our own.
_OURS: Mapping[str, type[Mail | Webhook]] = {
    "mailto": Mail,
    "mailtos": Mail,
    "webhook": Webhook,
    "webhooks": Webhook,
}
# These carry headers, so that a receiver can tell a repeated message from a new one.
_HTTP = (NotifyJSON, NotifyXML, NotifyForm)
_PER_ALERT = 240  # characters of a chat that an alert among several needs, its link included
_CONNECT = 5.0  # seconds to reach a web service


@dataclass(frozen=True, slots=True)
class Channel:
    """A place where people listen, as the configuration names it.

    Attributes:
        name: the key in configuration and history.
        urls: Apprise URLs, one recipient each. They hold passwords and tokens: never shown.
        language: of its readers, e.g. `de`.
        zone: in which times are shown.
    """

    name: str
    urls: tuple[str, ...] = field(repr=False)
    language: str = "en"
    zone: ZoneInfo = ZoneInfo("UTC")

    @property
    def recipients(self) -> tuple[Recipient, ...]:
        """One per URL, in their order."""
        return tuple(Recipient(self.name, _key(url)) for url in self.urls)


class Channels:
    """All channels, and the way to them."""

    def __init__(self, channels: Iterable[Channel], *, timeout: float = 10.0) -> None:
        """Nothing is loaded or connected yet.

        Args:
            channels: those of the configuration.
            timeout: seconds after which a call counts as unanswered.
        """
        self._timeout = timeout
        self._channels = tuple(channels)
        self._urls: Mapping[Recipient, str] = {
            recipient: url
            for channel in self._channels
            for recipient, url in zip(channel.recipients, channel.urls, strict=True)
        }
        self._turns: dict[Recipient, asyncio.Lock] = {}
        self._free_at: dict[Recipient, float] = {}

    def load(self) -> None:
        """Load the services behind the addresses before an alert has to wait for it."""
        _silence()
        for url in self._urls.values():
            with suppress(TypeError):  # whoever sends by an address that cannot be used is told so
                _instantiate(url, self._asset)

    def validate(self) -> tuple[ConfigError, ...]:
        """Everything that is wrong with the addresses, without sending anything. No message repeats a secret."""
        found: list[ConfigError] = []
        for channel in self._channels:
            if not channel.urls:
                found.append(
                    ConfigError(
                        "has no address", where=f"channel {channel.name}", remedy="give it at least one URL"
                    )
                )
            for number, url in enumerate(channel.urls, start=1):
                where = f"channel {channel.name}, address {number} ({_schema(url)})"
                if url in channel.urls[: number - 1]:
                    found.append(ConfigError("is listed twice", where=where, remedy="remove one of the two"))
                    continue
                try:
                    self._service(url, where)
                except ConfigError as error:
                    found.append(error)
        return tuple(found)

    def describe(self, recipient: Recipient) -> str:
        """Who that is, for people: a mail address, or the service and its host. Never a password, token or path."""
        url = self._urls.get(recipient)
        if url is None:
            return f"{recipient.channel} ({recipient.key}, no longer configured)"
        try:
            return _named(self._service(url, recipient.channel), recipient)
        except ConfigError:
            return f"{recipient.channel} ({_schema(url)}, unusable address)"

    def service(self, recipient: Recipient) -> NotifyBase:
        """The service behind a recipient, to be looked at. Raises ConfigError if there is none."""
        return self._service(self._urls.get(recipient, ""), f"channel {recipient.channel}")

    def room(self, recipient: Recipient) -> int:
        """How many alerts one message to this recipient can hold, each with its link; 1 if only one can be told."""
        url = self._urls.get(recipient)
        if url is None or _schema(url) in _OURS:
            return MOST
        try:
            service = self._service(url, recipient.channel)
        except ConfigError:
            return 1
        if service.schema in MAIL_SERVICES:
            return MOST
        return max(1, min(MOST, room(service) // _PER_ALERT - 1))  # one share is for the title

    async def send(self, recipient: Recipient, message: Message, *, key: str) -> None:
        """Send a message and return when the receiver has taken it.

        Messages to one recipient go one after another, spaced as its service asks; that waiting is not part of the
        timeout. `key` names the delivery: the same key gives the same Message-ID.

        Raises:
            DeliveryError: it was not taken, or (reason `unknown`) nobody can say. `monitor.notify.failures` lists
                the reasons.
        """
        url = self._urls.get(recipient)
        if url is None:
            raise DeliveryError(
                "is not configured any more",
                where=f"channel {recipient.channel}",
                reason="no_channel",
                fault=Fault.RECIPIENT,
            )
        where = f"channel {recipient.channel} ({_schema(url)})"
        try:
            service = self._service(url, where)
        except ConfigError as error:
            raise DeliveryError(
                error.message, where=where, remedy=error.remedy, reason="address", fault=Fault.CHANNEL
            ) from None
        where = f"channel {recipient.channel}, {_named(service, recipient)}"
        async with self._turns.setdefault(recipient, asyncio.Lock()):
            clock = asyncio.get_running_loop().time
            await asyncio.sleep(self._free_at.get(recipient, 0.0) - clock())
            try:
                await self._call(service, message, key, where)
            finally:
                self._free_at[recipient] = clock() + service.request_rate_per_sec

    async def _call(self, service: NotifyBase, message: Message, key: str, where: str) -> None:
        attempt = Attempt()
        if isinstance(service, Mail):
            service.message, service.key, service.where, service.attempt = message, key, where, attempt
        if isinstance(service, Webhook):
            service.message, service.key = message, key
        elif isinstance(service, _HTTP):
            service.headers = {**service.headers, "Webhook-Id": webhook_id(key)}
        watch_requests()
        title, body, body_format = form(service, message)
        farewell = services.take_farewell(service)
        apprise = Apprise(asset=self._asset)
        apprise.add(service)
        call = partial(
            apprise.notify,
            body=body,
            title=title,
            body_format=body_format,
            notify_type=NotifyType.WARNING if message.urgent else NotifyType.INFO,
        )
        token = current.set(attempt)
        taken: object = None
        try:
            taken = await in_thread(call, self._timeout, farewell)
        except TimeoutError:
            pass
        finally:
            current.reset(token)
            attempt.give_up()
        if taken or attempt.taken:
            return
        if taken is not None or attempt.refused:  # some services sleep over a refusal
            raise failures.judge(where, attempt)
        if isinstance(service, Mail) and not attempt.begun:
            raise failures.unreachable(where, f"nothing could be handed over within {self._timeout:g} s")
        raise failures.unknown(where, self._timeout)

    def _service(self, url: str, where: str) -> NotifyBase:
        """The service behind a URL, set up our way whatever the URL says. Raises ConfigError if it is none."""
        _silence()
        try:
            service = _instantiate(url, self._asset)
        except TypeError:  # Apprise's own error for an address it cannot use; its text may hold the secret
            service = None
        if service is None:
            raise ConfigError(
                "cannot be used: unknown service, or a part of the address is missing",
                where=where,
                remedy="compare it with https://appriseit.com/services/",
            )
        service.retry = 0  # our ledger retries, later and in order; Apprise also counts retries as recipients
        service.optional = False  # an optional service reports success when it fails
        service.redirects = False  # a POST that is redirected arrives as an empty GET, and reports success
        service.overflow_mode = OverflowMode.SPLIT  # the net; we shorten first
        connect = self._timeout * 2 / 3 if isinstance(service, Mail) else min(_CONNECT, self._timeout)
        service.socket_connect_timeout = connect
        service.socket_read_timeout = self._timeout * 2 / 3
        _sound(service, where)
        _only_one(service, where)
        return service

    @cached_property
    def _asset(self) -> AppriseAsset:
        return AppriseAsset(
            app_id="Tumen",
            app_desc="News monitor",
            app_url="",
            image_url_mask="",  # nobody's chat loads a picture from elsewhere for us
            image_url_logo="",
            http_redirects=False,
            service_timeout=0,
        )


def _named(service: NotifyBase, recipient: Recipient) -> str:
    if isinstance(service, Mail):
        return service.receiver
    # Only some services have their host where the URL has one; elsewhere a token stands in its place.
    templates = " ".join(map(str, service.templates))
    if "//{host}" in templates or "@{host}" in templates:
        return f"{service.service_name} at {service.host}" + (f":{service.port}" if service.port else "")
    return f"{service.service_name} ({recipient.key[:6]})"


def _instantiate(url: str, asset: AppriseAsset) -> NotifyBase | None:
    """The service of a URL; None, or a TypeError, if the URL is unusable."""
    ours = _OURS.get(_schema(url))
    if ours is None:
        return services.instantiate(url, asset)
    parts = ours.parse_url(url)
    return ours(**parts, asset=asset) if parts else None


def _sound(service: NotifyBase, where: str) -> None:
    """What Apprise accepts and we cannot use."""
    if isinstance(service, Webhook) and service.keys is None:
        raise ConfigError(
            "has a secret= that is none",
            where=where,
            remedy="write whsec_ and the base64 of 24 to 64 random bytes",
        )
    if isinstance(service, _HTTP) and not sound(service.headers):
        raise ConfigError("has a header that no request can carry", where=where, remedy="look for line ends")
    if isinstance(service, Mail) and service.targets and not service.sound:
        raise ConfigError(
            "has a name, an address or a header that no mail can carry",
            where=where,
            remedy="look for line ends in it",
        )
    if isinstance(service, Mail) and service.pgp_mode != "no":
        raise ConfigError("asks for PGP, which Tumen does not do", where=where, remedy="remove pgp= and wkd=")


def _only_one(service: NotifyBase, where: str) -> None:
    """One URL is one recipient: of several, one that fails would repeat the message to those that have it."""
    if isinstance(service, Mail) and (service.cc or service.bcc):
        raise ConfigError("has cc= or bcc=", where=where, remedy="give each reader a URL of their own")
    if len(service) > 1:
        raise ConfigError(
            f"names {len(service)} recipients", where=where, remedy="list them separately, one URL for each"
        )
    if isinstance(service, Mail) and not service.targets:
        raise ConfigError("names no valid mail address", where=where, remedy="add ?to=name@example.org")


def _key(url: str) -> str:
    return sha256(url.encode()).hexdigest()[:12]


def _schema(url: str) -> str:
    head, colon, _ = url.partition("://")
    return head.lower() if colon and head.isalnum() else "no URL"


def _silence() -> None:
    """Apprise writes addresses with their secrets into logs, too; what matters of it is in our errors."""
    logging.getLogger("apprise").disabled = True
    silence_addresses()
