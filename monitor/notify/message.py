"""Alert and voice to message: subject, plain text, HTML, and the few lines a chat shows. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from monitor.notify.chat import post, post_of_notice, post_of_several
from monitor.notify.digest import compose_digest
from monitor.notify.document import document
from monitor.notify.excerpt import defuse, isolated, one_line, shorten
from monitor.notify.letter import compose
from monitor.notify.markup import PLAIN, Post, write
from monitor.notify.postscript import Postscript, compose_postscript
from monitor.notify.voice import Voice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.core.delivery.bundling import Coverage, Lost
    from monitor.core.models import Alert
    from monitor.notify.translation import Translation

__all__ = ["Attachment", "Message", "Voice", "render", "render_bundle", "render_notice"]

_PLAIN = 4000  # characters of a message in short plain text
_PAGE = 100_000  # bytes of a digest; beyond, it says less of each alert: some mail programs cut at 102 kB
_NOTHING = Postscript()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail: its name, its media type (`text/html`) and its bytes."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent, ready for any channel.

    Attributes:
        subject: one line.
        text: the plain text of a mail.
        html: the same as a page; nothing in it is loaded from elsewhere. Empty if only plain text may be sent.
        post: what a chat is told.
        thread: the same for all messages on one development, so that mail programs keep them together; empty if it
            is about none or several.
        urgent: mail programs and phones may show it as important.
        document: what it tells, as data for a program.
        attachments: files that go with it where the way can carry them, which is by mail.
    """

    subject: str
    text: str
    html: str
    post: Post
    thread: str = ""
    urgent: bool = False
    document: Mapping[str, object] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()

    @property
    def chat_title(self) -> str:
        """The subject for a chat: mentions and masked links of the original are made harmless."""
        return defuse(self.subject)

    @property
    def short(self) -> str:
        """A few lines of plain text, without the subject; the last line is the link if there is one."""
        return self.brief(sum(map(len, (self.text, self.html))) + _PLAIN)

    def brief(self, limit: int) -> str:
        """What a chat without markup shows below the title, within `limit` characters; links stay whole."""
        return write(self.post, PLAIN, limit, headed=False) or shorten(self.chat_title, limit)


def render(
    alert: Alert, voice: Voice, translation: Translation | None = None, *, end: Postscript = _NOTHING
) -> Message:
    """The message about an alert, for a reader of `voice`; `end` stands below it."""
    letter = compose(alert, voice, translation)
    return Message(
        subject=letter.subject,
        text=_lay_out("alert.txt", letter=letter, end=end, voice=voice),
        html=_lay_out("alert.html", letter=letter, end=end, voice=voice),
        post=post(letter, end, voice),
        thread=_thread(alert),
        urgent=letter.urgent,
        document=document("alert", [alert], voice),
    )


def render_bundle(
    alerts: Sequence[Alert],
    voice: Voice,
    translations: Mapping[int, Translation] = MappingProxyType({}),
    *,
    lost: Sequence[Lost] = (),
    coverage: Coverage | None = None,
    plain: bool = False,
) -> Message:
    """The message about the alerts that leave together: an alert's own, a digest of several, or that there is none.

    Args:
        alerts: what to tell; without any, the message says that nothing is new.
        voice: of the reader.
        translations: the translated reports by the alert's id, as far as there are any.
        lost: what did not reach this reader.
        coverage: what was looked at, in a digest that comes at its time.
        plain: in short plain text only, for a receiver that refused the message in its full form.
    """
    end = compose_postscript(lost, coverage, voice)
    if len(alerts) == 1:
        message = render(alerts[0], voice, translations.get(alerts[0].id), end=end)
    else:
        message = _digest(alerts, voice, translations, end)
    if lost:
        kind = "alert" if len(alerts) == 1 else "digest"
        message = replace(message, document=document(kind, alerts, voice, lost))
    return _plain(message) if plain else message


def render_notice(
    title: str,
    sentences: Sequence[str],
    voice: Voice,
    *,
    urgent: bool = False,
    lost: Sequence[Lost] = (),
    coverage: Coverage | None = None,
    plain: bool = False,
) -> Message:
    """An operator's notice: a source that fails, a network that is down, a start, a test.

    The sentences are the caller's and are shown as they are, one paragraph each; what they quote from the web is
    made safe here. The other arguments are those of `render_bundle`.
    """
    title = shorten(one_line(title), 200) or "Tumen"
    paragraphs = list(filter(None, map(one_line, sentences)))
    end = compose_postscript(lost, coverage, voice)
    values = {"title": title, "paragraphs": paragraphs, "urgent": urgent, "end": end, "voice": voice}
    subject = f"{voice.say('urgent')}: {isolated(title)}" if urgent else isolated(title)
    message = Message(
        subject=subject,
        text=_lay_out("notice.txt", **values),
        html=_lay_out("notice.html", **values),
        post=post_of_notice(subject, paragraphs, end),
        urgent=urgent,
        document=document("notice", (), voice, lost),
    )
    return _plain(message) if plain else message


def _digest(
    alerts: Sequence[Alert], voice: Voice, translations: Mapping[int, Translation], end: Postscript
) -> Message:
    digest = compose_digest(alerts, voice, translations)
    threads = {_thread(alert) for alert in alerts}
    page = _lay_out("digest.html", digest=digest, end=end, voice=voice, tight=False)
    if len(page.encode()) > _PAGE:
        page = _lay_out("digest.html", digest=digest, end=end, voice=voice, tight=True)
    return Message(
        subject=digest.subject,
        text=_lay_out("digest.txt", digest=digest, end=end, voice=voice),
        html=page,
        post=post_of_several(digest, end, voice),
        thread=threads.pop() if len(threads) == 1 else "",
        urgent=digest.urgent,
        document=document("digest", alerts, voice),
    )


def _plain(message: Message) -> Message:
    """The same in few words and without a page."""
    text = f"{message.subject}\n\n{message.brief(_PLAIN)}\n\n-- \nTumen\n"
    return replace(message, text=text, html="")


def _thread(alert: Alert) -> str:
    # The number alone would join the stories of two histories that one mailbox has seen.
    story = sha256(alert.story_title.encode("utf-8", "replace")).hexdigest()[:8]
    return f"story-{alert.story}-{story}"


def _lay_out(template: str, **values: object) -> str:
    return _templates().get_template(template).render(**values)


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("monitor.notify"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
