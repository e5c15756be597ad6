"""What templates say in the language and the zone of their reader: times, numbers, and the names of things."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from babel import dates
from markupsafe import Markup, escape

from monitor.core.topic import Severity
from monitor.notify.news import tell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from babel import Locale

    from monitor.core.topic import Pack
    from monitor.notify.voice import Voice
    from monitor.web.asking import Ask

_NAMED = 4  # languages that are called by name


def words(ask: Ask) -> Mapping[str, Any]:
    """What templates may say, by name."""
    reader, voice = _Reader(ask.voice, ask.site.packs, ask.now), ask.voice
    return {
        "voice": voice,
        "moment": reader.moment,
        "lasting": reader.lasting,
        "day_name": lambda day: dates.format_skeleton("yMMMMEEEEd", day, locale=voice.locale),
        "number": voice.number,
        "count": reader.count,
        "language_name": voice.language_name,
        "languages_of": reader.languages_of,
        "concept": voice.concept,
        "rule_name": voice.rule,
        "pack_name": reader.pack_name,
        "packs": [(name, reader.pack_name(name)) for name in ask.site.packs],
        "severities": [(level.value, level.value) for level in Severity],
        "features": reader.features,
        "news_of": lambda novelty, pack: tell(novelty, pack, voice),
    }


@dataclass(frozen=True, slots=True)
class _Reader:
    voice: Voice
    packs: Mapping[str, Pack]
    now: datetime

    def moment(self, when: datetime | None, *, day_only: bool = False) -> Markup:
        if when is None:
            return Markup()
        zone = self.voice.zone
        said = self.voice.moment(when, day_only=day_only, beside=self.now, zone=False)
        here = when if day_only else when.astimezone(zone)
        machine = when.date().isoformat() if day_only else when.isoformat(timespec="seconds")
        whole = f"{here:%Y-%m-%d}" if day_only else f"{here:%Y-%m-%d %H:%M} {zone.key}"
        # Escaped here, as `foreign` does.
        return Markup(f'<time datetime="{machine}" title="{escape(whole)}">{escape(said)}</time>')  # noqa: S704

    def lasting(self, span: timedelta | None) -> str:
        return "" if span is None else _lasting(round(span.total_seconds()), self.voice.locale)

    def count(self, number: float, one: str, many: str = "") -> str:
        return f"{self.voice.number(number)} {one if number == 1 else many or one + 's'}"

    def languages_of(self, codes: Sequence[str]) -> str:
        """By name where there are few."""
        named = self.voice.listing([self.voice.language_name(code) for code in codes])
        return named if len(codes) <= _NAMED else self.count(len(codes), "language")

    def pack_name(self, name: str) -> str:
        return self.packs[name].label(self.voice.language) if name in self.packs else name

    def features(self, pack: str, shared: str) -> str:
        """What two stories share, as the history notes it: `soldiers, =12000`."""
        said = (
            self.voice.number(float(one[1:])) if one.startswith("=") else self.voice.concept(pack, one)
            for one in shared.split(", ")
        )
        return self.voice.listing(list(said))


@lru_cache(maxsize=4096)
def _lasting(seconds: int, locale: Locale) -> str:
    """Kept, since a list of sources says hundreds of them, and each takes a while to word."""
    said = dates.format_timedelta(timedelta(seconds=seconds), threshold=1.9, format="short", locale=locale)
    return str(said)
