"""A message in the form that a service shows: a mail's page, a chat's own markup, or plain lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from apprise import NotifyFormat

from monitor.notify.excerpt import shorten
from monitor.notify.markup import (
    DISCORD,
    HTML,
    MARKDOWN,
    MATRIX,
    PLAIN,
    ROCKET,
    SLACK,
    TEAMS,
    ZULIP,
    Markup,
    write,
)

if TYPE_CHECKING:
    from apprise.plugins.base import NotifyBase

    from monitor.notify.message import Message

# Services that turn HTML into a mail; every other service is a chat or a phone and gets the short form.
MAIL_SERVICES = frozenset(
    {"acs", "azure", "brevo", "groundmail", "mailersend", "mailgun", "o365", "postmark", "resend", "sendgrid"}
    | {"sendpulse", "ses", "smtp2go", "sparkpost"}
)
# By Apprise's class: one service has many schemas, and web addresses of its own. Elsewhere lines are plain.
_MARKUPS = {
    "NotifyDiscord": DISCORD,
    "NotifyMatrix": MATRIX,
    "NotifyMattermost": MARKDOWN,
    "NotifyRocketChat": ROCKET,
    "NotifySlack": SLACK,
    "NotifyTelegram": HTML,
    "NotifyWorkflows": TEAMS,
    "NotifyZulip": ZULIP,
}
_BLOCK = 3000  # characters of a text in a block of Slack: https://docs.slack.dev/reference/block-kit/blocks
# ntfy shows 4,096 bytes and makes a file of what is longer; Apprise does so of 8,000 bytes of JSON. A character of
# Korean takes three of them, and six.
_ROOM = {"NotifyNtfy": 1000}
_PLAIN = 1000  # characters of a message that was refused in its full form


def room(service: NotifyBase) -> int:
    """How many characters a message to this service can have."""
    limit = min(int(service.body_maxlen), _ROOM.get(type(service).__name__, service.body_maxlen))
    return min(limit, _BLOCK) if getattr(service, "use_blocks", False) else limit


def form(service: NotifyBase, message: Message) -> tuple[str, str, NotifyFormat]:
    """Title, body and format for a service, within its limits; the service is set up for that format."""
    if service.schema in MAIL_SERVICES:
        if message.html:
            return message.subject, message.html, NotifyFormat.HTML
        return message.subject, message.text, NotifyFormat.TEXT
    _mention_nobody(service)
    markup = _markup(service) if message.html else None
    if markup is None:
        return _plain(service, message)
    target = NotifyFormat.HTML if markup in (HTML, MATRIX) else NotifyFormat.MARKDOWN
    # What is declared in the format that the service speaks is not converted, only put into its dialect.
    service.notify_format = target
    # Zulip files messages under their title; elsewhere the linked title in the body is enough.
    title = shorten(message.chat_title, service.title_maxlen) if markup is ZULIP else ""
    return title, write(message.post, markup, room(service)), target


def _markup(service: NotifyBase) -> Markup | None:
    if getattr(service, "mode", "") == "slack":  # a bridge of Matrix that shows no markup
        return None
    return _MARKUPS.get(type(service).__name__)


def _plain(service: NotifyBase, message: Message) -> tuple[str, str, NotifyFormat]:
    limit = room(service) if message.html else min(room(service), max(_PLAIN, _each(message)))
    if service.title_maxlen > 0:
        title = shorten(message.chat_title, service.title_maxlen)
        return title, message.brief(limit), NotifyFormat.TEXT
    # A service without titles gets the title as the first line of the body.
    return "", write(message.post, PLAIN, limit), NotifyFormat.TEXT


def _each(message: Message) -> int:
    """Characters that the links of several alerts need, with some words each."""
    return sum(len(entry.url) + 80 for entry in message.post.entries)


def _mention_nobody(service: Any) -> None:
    """Discord notifies nobody, whatever a text holds, unless the address asks for a `ping`.

    Apprise offers no such setting, so that it is added where the message leaves.
    """
    if type(service).__name__ != "NotifyDiscord" or service.ping:
        return
    send = service._send  # noqa: SLF001  see above

    def send_quietly(payload: dict[str, Any], *rest: Any, **options: Any) -> Any:
        return send({**payload, "allowed_mentions": {"parse": []}}, *rest, **options)

    service._send = send_quietly  # noqa: SLF001
