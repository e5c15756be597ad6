"""What is sent again, and what is not sent for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.core.delivery.silencing import Silence
from monitor.core.errors import InputError
from monitor.jobs import overview, silences
from monitor.store.browsing import browsing
from monitor.store.views.choices import is_source
from monitor.web.actions.fields import chosen, lasting, needed, number, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.web.asking import Ask

_SECONDS = 5.0
_OWNER = "the web pages"


def retry(ask: Ask, form: Mapping[str, str]) -> str:
    """Have an alert's failed deliveries sent again; without a number, those of all alerts."""
    many = overview.retry(ask.site.history, number(form, "alert"), ask.now)
    return (
        "Nothing had to be sent again."
        if not many
        else f"{_counted(many, 'delivery', 'deliveries')} to send again."
    )


def silence(ask: Ask, form: Mapping[str, str]) -> str:
    """Keep alerts from being sent for a while."""
    packs = ask.site.packs
    rules = [rule.name for pack in packs.values() for rule in pack.rules]
    reason = text(form, "reason")
    if not reason:
        raise InputError("a silence needs a reason", remedy="say why, for whoever finds it later")
    one = Silence(
        id=0,
        owner=text(form, "owner") or _OWNER,
        reason=reason,
        begins=ask.now,
        ends=ask.now + lasting(form, "for"),
        channel=chosen(form, "channel", ask.site.channels),
        pack=chosen(form, "pack", packs),
        rule=chosen(form, "rule", rules),
        story=number(form, "story"),
        source=_source(ask, text(form, "source")),
        language=text(form, "language"),
    )
    key = silences.add(ask.site.history, one, ask.now)
    return f"Silence {key} holds until {ask.voice.moment(one.ends)}."


def end_silence(ask: Ask, form: Mapping[str, str]) -> str:
    """Let a silence end now."""
    key = needed(form, "silence")
    silences.end(ask.site.history, key, ask.now)
    return f"Silence {key} ended. What it kept back stays so until you have it sent."


def replay_silence(ask: Ask, form: Mapping[str, str]) -> str:
    """Send what a silence has kept back."""
    many = silences.replay(ask.site.history, needed(form, "silence"), ask.now)
    return f"{_counted(many, 'delivery', 'deliveries')} to send."


def _source(ask: Ask, name: str) -> str:
    """The name of a source that exists. A silence with a slip in a name would keep nothing back."""
    if name:
        with browsing(ask.site.history, seconds=_SECONDS) as db:
            if not is_source(db, name):
                raise InputError(
                    f"there is no source {name[:80]!r}", remedy="the page of sources has them all"
                )
    return name


def _counted(many: int, one: str, several: str) -> str:
    return f"{many:,} {one if many == 1 else several}"
