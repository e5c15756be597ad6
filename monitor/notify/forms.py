"""A message in the form that a service shows: a mail's page, or the few lines of a chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apprise import NotifyFormat

from monitor.notify.excerpt import shorten

if TYPE_CHECKING:
    from apprise.plugins.base import NotifyBase

    from monitor.notify.message import Message

# Services that turn HTML into a mail; every other service is a chat or a phone and gets the short form.
MAIL_SERVICES = frozenset(
    {"acs", "azure", "brevo", "groundmail", "mailersend", "mailgun", "o365", "postmark", "resend", "sendgrid"}
    | {"sendpulse", "ses", "smtp2go", "sparkpost"}
)


def form(service: NotifyBase, message: Message) -> tuple[str, str, NotifyFormat]:
    """Title, body and format for a service, within its limits."""
    if service.schema in MAIL_SERVICES:
        return message.subject, message.html, NotifyFormat.HTML
    if service.title_maxlen > 0:
        title = shorten(message.chat_title, service.title_maxlen)
        return title, message.brief(service.body_maxlen), NotifyFormat.TEXT
    # A service without titles gets the title as the first line of the body.
    title = shorten(message.chat_title, service.body_maxlen // 2)
    return title, message.brief(service.body_maxlen - len(title) - len("\r\n")), NotifyFormat.TEXT
