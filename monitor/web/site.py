"""What all pages have in common: the history that they show, and the reader they speak to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from monitor.core.laboratory.background import Background
from monitor.core.matching import Matcher
from monitor.core.searching.names import Names
from monitor.notify.voice import Voice
from monitor.web.access import Access

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from monitor.core.topic import Pack


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Site:
    """The pages of one history.

    Attributes:
        history: the SQLite file; it need not exist yet.
        packs: the topic packs, which give concepts and rules their names.
        access: who may see the pages.
        language: of numbers, dates and the names of things; the frame words are English.
        zone: in which times are shown.
        clock: the time.
        channels: the names of those who are told, for forms.
        folder: of the configuration, where the inboxes of packs lie; None without one.
        names: by which the packs know things, for searches.
    """

    history: Path
    packs: Mapping[str, Pack] = field(default_factory=dict)
    access: Access = Access()
    language: str = "en"
    zone: ZoneInfo = ZoneInfo("UTC")
    clock: Callable[[], datetime] = utc_now
    channels: tuple[str, ...] = ()
    folder: Path | None = None
    names: Names = Names()

    @property
    def voice(self) -> Voice:
        """How the reader is spoken to."""
        return Voice(self.language, self.zone, self.packs)

    @cached_property
    def matcher(self) -> Matcher:
        """What the packs say of any text, to show why one was not told; it is made when it is first asked for."""
        return Matcher(tuple(self.packs.values()))

    @cached_property
    def backgrounds(self) -> Mapping[str, Background]:
        """What explaining the rules of each pack needs, whatever the text."""
        return {name: Background(pack) for name, pack in self.packs.items()}
