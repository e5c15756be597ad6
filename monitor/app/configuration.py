"""The configuration in use, and taking up another while the service runs: all of it, or nothing."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monitor.config import differences, settled
from monitor.core.delivery.notices import Notice, NoticeKind
from monitor.core.errors import ConfigError, InputError, MonitorError, RuleError
from monitor.planning import plan

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from monitor.config import Settings
    from monitor.control import Handler
    from monitor.core.topic import Pack
    from monitor.jobs.keeper import Keeper
    from monitor.jobs.packs import Packs
    from monitor.planning import Plan
    from spiders.items import Source

_log = logging.getLogger("tumen.configuration")
_SUBJECT = "configuration"  # of the condition that it is refused
_LATER = "needs a restart"


@dataclass(frozen=True, slots=True)
class Change:
    """What another configuration changed.

    Attributes:
        keys: that have another value now; of a channel its name only.
        stays: keys that have another value in the file, which counts after a restart.
        added, removed, altered: names of sources.
        packs: each pack in use with the one that it replaces, None if there was none of this name.
        gone: names of packs that are in use no more.
        watched: how many sources there are now.
    """

    keys: tuple[str, ...]
    stays: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    altered: tuple[str, ...]
    packs: tuple[tuple[Pack, Pack | None], ...]
    gone: tuple[str, ...]
    watched: int

    def described(self) -> dict[str, Any]:
        """The same as JSON has it, for whoever asked; `said` are the lines for people."""
        return {
            "changed": list(self.keys),
            "needs_restart": list(self.stays),
            "sources": {
                "added": list(self.added),
                "removed": list(self.removed),
                "changed": list(self.altered),
                "watched": self.watched,
            },
            "packs": [
                {
                    "name": new.name,
                    "version": new.version,
                    "was": old.version if old else None,
                    "rules": len(new.rules),
                }
                for new, old in self.packs
            ],
            "packs_removed": list(self.gone),
            "said": list(lines(self)),
        }

    @property
    def is_one(self) -> bool:
        """Whether anything is other than it was."""
        packs = any(old is None or old.version != new.version for new, old in self.packs)
        return bool(self.keys or self.added or self.removed or self.altered or self.gone or packs)


class Configuration:
    """The plan in use, and taking up another one.

    `successful`, `refused` and `at` may be read from any thread.

    Args:
        in_use: the plan.
        reread: the settings as they are written now; raises ConfigError.
        change: gives every part of the service its part of a plan; raises MonitorError if nothing was changed.
        packs: the packs in use, which may be newer than those of the plan.
        keeper: is told of a configuration that is refused, and that it is mended.
        clock: the time.
        announce: is called with True when a reload begins, and with False when it has ended.
        changed: is called when something is other than it was.
    """

    def __init__(  # noqa: PLR0913  these are its collaborators
        self,
        in_use: Plan,
        *,
        reread: Callable[[], Settings],
        change: Callable[[Plan], Awaitable[None]],
        packs: Packs,
        keeper: Keeper,
        clock: Callable[[], datetime],
        announce: Callable[[bool], object] = lambda _: None,
        changed: Callable[[], object] = lambda: None,
    ) -> None:
        self.plan = in_use
        self.at = clock()  # when it was taken up
        self.refused = ""  # why the last reload changed nothing
        self._reread = reread
        self._change = change
        self._packs = packs
        self._keeper = keeper
        self._clock = clock
        self._announce = announce
        self._changed = changed
        self._reloads: set[asyncio.Task[None]] = set()
        self._ending = False

    @property
    def successful(self) -> bool:
        """Whether the last reload was taken up."""
        return not self.refused

    def begin(self) -> None:
        """End what was said before a restart: the service starts with a sound configuration only."""
        text = "the configuration is in use as it is written"
        self._keeper.end(_SUBJECT, Notice(NoticeKind.CONFIGURATION_TAKEN_UP, "", text))

    def reload(self) -> None:
        """Take up the configuration as it is written now, in the background; the log says what came of it."""
        if not self._ending:
            reload = asyncio.create_task(self._run(), name="reload the configuration")
            self._reloads.add(reload)
            reload.add_done_callback(self._reloads.discard)

    async def stop(self) -> None:
        """Drop what is under way and begin nothing more; the configuration in use stays."""
        self._ending = True
        for reload in self._reloads:
            reload.cancel()
        await asyncio.gather(*self._reloads, return_exceptions=True)

    async def take_up(self) -> Change:
        """Take up the configuration as it is written now. Files are read, and packs compiled, in another thread.

        Raises:
            ConfigError, RuleError: something is wrong with it; the one in use stays as it is.
            StorageError: the history cannot be written; likewise.
        """
        async with self._packs.turn:
            self._announce(True)  # noqa: FBT003  what is announced is whether one is under way
            try:
                change = await self._take_up()
            except MonitorError as error:
                self.refused = str(error)
                _log.error("the configuration in use stays: %s", error)
                raise
            except Exception:
                self.refused = "Tumen failed at it; see the log"
                raise
            finally:
                self._announce(False)  # noqa: FBT003
            self.refused, self.at = "", self._clock()
            for line in lines(change):
                _log.log(logging.WARNING if line.startswith(_LATER) else logging.INFO, "%s", line)
            if change.is_one:
                self._changed()
            self._tell(None)
            return change

    def handlers(self) -> Mapping[str, Handler]:
        """The commands of the socket."""
        return {"reload": self._asked}

    async def _asked(self, _: dict[str, Any]) -> dict[str, Any]:
        try:
            return (await self.take_up()).described()
        except (ConfigError, RuleError) as error:
            raise InputError(error.message, where=error.where, remedy=error.remedy) from error

    async def _take_up(self) -> Change:
        before, packs = self.plan, self._packs.in_use
        after, stays = await asyncio.to_thread(self._read, before, packs)
        await self._change(after)
        self.plan = after
        old = {pack.name: pack for pack in packs}
        return Change(
            keys=tuple(differences(before.settings, after.settings)),
            stays=stays,
            packs=tuple((pack, old.get(pack.name)) for pack in after.packs),
            gone=tuple(name for name in old if name not in {pack.name for pack in after.packs}),
            watched=len(after.sources),
            **_sources(before.sources, after.sources),
        )

    def _read(self, before: Plan, packs: Iterable[Pack]) -> tuple[Plan, tuple[str, ...]]:
        settings, stays = settled(before.settings, self._reread())
        return plan(settings, packs), stays

    async def _run(self) -> None:
        try:
            await self.take_up()
        except MonitorError as error:
            cause = " ".join(str(error).split())
            text = f"the configuration is refused, the one in use stays: {cause}"
            self._tell(Notice(NoticeKind.CONFIGURATION_REFUSED, "", text))
        except Exception:  # noqa: BLE001  it must not end unheard; the configuration in use stays
            _log.exception("a bug in a reload of the configuration")

    def _tell(self, refusal: Notice | None) -> None:
        """Tell the keeper of a refusal, or that there is none any more, if that can be stored."""
        try:
            if refusal is None:
                self.begin()
            else:
                self._keeper.begin(_SUBJECT, refusal)
        except MonitorError as error:
            _log.error("that cannot be told: %s", error)


def _sources(before: Sequence[Source], after: Sequence[Source]) -> dict[str, tuple[str, ...]]:
    """The names of the sources that differ."""
    old, new = ({source.name: source for source in sources} for sources in (before, after))
    return {
        "added": tuple(name for name in new if name not in old),
        "removed": tuple(name for name in old if name not in new),
        "altered": tuple(name for name in new if name in old and new[name] != old[name]),
    }


def lines(change: Change) -> Iterator[str]:
    """What changed, for people."""
    for new, old in change.packs:
        if old is None:
            yield f"pack {new.name}: {new.version} is in use now: {len(new.rules)} rules"
        elif old.version != new.version:
            yield f"pack {new.name}: {new.version} replaces {old.version}: {len(new.rules)} rules"
    yield from (f"pack {name} is not in use any more" for name in change.gone)
    counts = ((change.added, "added"), (change.removed, "removed"), (change.altered, "changed"))
    if said := [f"{len(names)} {what}" for names, what in counts if names]:
        yield f"sources: {', '.join(said)}; {change.watched} are watched"
    if change.keys:
        yield f"taken up: {', '.join(change.keys)}"
    if not change.is_one:
        yield "nothing has changed, the configuration is in use already"
    if change.stays:
        yield f"{_LATER}, and stays as it was: {', '.join(change.stays)}"
