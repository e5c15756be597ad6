"""Alert and voice to message: subject, plain text, HTML, and the few lines a chat shows. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from monitor.notify.digest import compose_digest, entry, list_within
from monitor.notify.excerpt import defuse, fit, isolated, one_line, shorten
from monitor.notify.letter import Letter, compose
from monitor.notify.voice import Voice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.core.bundling import Coverage, Lost
    from monitor.core.models import Alert
    from monitor.notify.news import News
    from monitor.notify.translation import Translation

__all__ = ["Message", "Voice", "render", "render_bundle", "render_notice"]

_CHAT_LEAD = 280  # characters of the lead in a chat
_CHAT_LINES = 4  # new statements in a chat


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent, ready for any channel.

    Mentions and masked links of the original are made harmless in what goes to a chat.

    Attributes:
        subject: one line.
        chat_title: the subject for a chat.
        text: the plain text of a mail.
        html: the same as a page; nothing in it is loaded from elsewhere.
        short: a few lines for a chat, without the subject; the last line is the link if there is one.
        entries: the same for each of several alerts; empty if the message is about one.
        thread: the same for all messages on one development, so that mail programs keep them together; empty if it
            is about none or several.
        urgent: mail programs and phones may show it as important.
    """

    subject: str
    text: str
    html: str
    short: str
    chat_title: str
    entries: tuple[str, ...] = ()
    thread: str = ""
    urgent: bool = False

    def brief(self, limit: int) -> str:
        """What a chat shows within `limit` characters: links stay whole as long as there is room."""
        return list_within(self.entries, limit) if self.entries else fit(self.short, limit)


def render(alert: Alert, voice: Voice, translation: Translation | None = None) -> Message:
    """The message about an alert, for a reader of `voice`."""
    letter = compose(alert, voice, translation)
    return Message(
        subject=letter.subject,
        text=_lay_out("alert.txt", letter=letter, voice=voice),
        html=_lay_out("alert.html", letter=letter, voice=voice),
        short=_short(letter, voice),
        chat_title=defuse(letter.subject),
        thread=_thread(alert),
        urgent=letter.urgent,
    )


def render_bundle(
    alerts: Sequence[Alert],
    voice: Voice,
    translations: Mapping[int, Translation] = MappingProxyType({}),
    *,
    lost: Sequence[Lost] = (),  # noqa: ARG001  shown by the next change
    coverage: Coverage | None = None,  # noqa: ARG001  shown by the next change
    plain: bool = False,  # noqa: ARG001  shown by the next change
) -> Message:
    """The message about the alerts that leave together: an alert's own, or a digest of several.

    `translations` has the translated reports by the alert's id, as far as there are any.
    """
    if len(alerts) == 1:
        return render(alerts[0], voice, translations.get(alerts[0].id))
    digest = compose_digest(alerts, voice, translations)
    entries = tuple(entry(letter, voice) for letter in digest.letters)
    threads = {_thread(alert) for alert in alerts}
    return Message(
        subject=digest.subject,
        text=_lay_out("digest.txt", digest=digest, voice=voice),
        html=_lay_out("digest.html", digest=digest, voice=voice),
        short="\n\n".join(entries),
        entries=entries,
        chat_title=defuse(digest.subject),
        thread=threads.pop() if len(threads) == 1 else "",
        urgent=digest.urgent,
    )


def render_notice(
    title: str,
    sentences: Sequence[str],
    voice: Voice,
    *,
    urgent: bool = False,  # noqa: ARG001  shown by the next change
    lost: Sequence[Lost] = (),  # noqa: ARG001  shown by the next change
    coverage: Coverage | None = None,  # noqa: ARG001  shown by the next change
    plain: bool = False,  # noqa: ARG001  shown by the next change
) -> Message:
    """An operator's notice: a source that fails, a network that is down, a start, a test.

    The sentences are the caller's and are shown as they are, one paragraph each; what they quote from the web is
    made safe here.
    """
    title = shorten(one_line(title), 200) or "Tumen"
    paragraphs = [one_line(sentence) for sentence in sentences]
    return Message(
        subject=isolated(title),
        text=_lay_out("notice.txt", title=title, paragraphs=paragraphs, voice=voice),
        html=_lay_out("notice.html", title=title, paragraphs=paragraphs, voice=voice),
        short=defuse("\n".join(paragraphs)) or title,
        chat_title=defuse(title),
    )


def _short(letter: Letter, voice: Voice) -> str:
    news = [_point(item, voice) for item in letter.news]
    about = " · ".join(filter(None, (letter.outlet, letter.language_note, letter.time)))
    late = voice.say("late_note") if letter.late else ""
    lines = (" · ".join(letter.gist), *news[:_CHAT_LINES], *_said(letter, voice), about, letter.spread, late)
    # The address keeps its every character: a joiner in it would break it, and no chat finds a mention in a link.
    return "\n".join(filter(None, (*(defuse(line) for line in lines), letter.url))) or letter.subject


def _said(letter: Letter, voice: Voice) -> tuple[str, ...]:
    """What the report says: its lead, or where there is one the translation; its own title stands above anyway."""
    if letter.translation is None:
        paragraphs = ("".join(span.text for span in paragraph) for paragraph in letter.lead)
        return (shorten(one_line(" ".join(paragraphs)), _CHAT_LEAD),)
    note = voice.say("machine", host=letter.translation.host)
    return letter.translation.title, shorten(letter.translation.lead, _CHAT_LEAD), note


def _point(item: News, voice: Voice) -> str:
    """A new statement on a line: `• soldiers: 10,000 → 12,000 · NIS`."""
    value = f"{item.old} {voice.arrow} {item.value}" if item.old else item.value
    by = f" · {item.by}" if item.by else ""
    return f"• {item.label}: {value}{by}" if value else f"• {item.label}{by}"


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
