"""Taking up packs that were edited, while the service runs."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.core.delivery.notices import Notice, NoticeKind
from monitor.core.errors import MonitorError
from monitor.core.matching import Matcher
from monitor.packs import load_pack, pack_files, pack_version

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from importlib.resources.abc import Traversable

    from monitor.core.topic import Pack
    from monitor.jobs.keeper import Keeper

_log = logging.getLogger("tumen.packs")
_SUBJECT = "pack "  # how the subjects of our notices begin

Stamp = tuple[tuple[str, int, int, int], ...]
"""Name, size and times of each file: where they differ, something was perhaps edited."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A version of a pack that cannot be taken up, and why. `version` is empty if its files cannot be read."""

    version: str
    error: MonitorError


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder with a pack that the configuration names.

    Attributes:
        folder: where its files lie.
        pack: the version in use.
        stamp: of its files when they were last read; None if they are to be read.
        refusal: why the version in the folder is not in use, if it is not.
    """

    folder: Traversable
    pack: Pack
    stamp: Stamp | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What came of a look at the folders: each shelf before and after."""

    shelves: tuple[tuple[Shelf, Shelf], ...]

    @property
    def refused(self) -> tuple[tuple[Pack, Refusal], ...]:
        """The packs that stay in use although their folders hold another version."""
        return tuple((new.pack, new.refusal) for _, new in self.shelves if new.refusal)

    def described(self) -> dict[str, Any]:
        """The same as JSON has it, for whoever asked."""
        return {
            "packs": [
                {
                    "name": new.pack.name,
                    "version": new.pack.version,
                    "was": old.pack.version,
                    "rules": len(new.pack.rules),
                }
                for old, new in self.shelves
            ],
            "refused": [
                {
                    "pack": pack.name,
                    "version": refusal.version,
                    "message": refusal.error.message,
                    "where": refusal.error.where,
                    "remedy": refusal.error.remedy,
                }
                for pack, refusal in self.refused
            ],
        }


class Packs:
    """The packs in use. Sees when their files are edited, and takes up what is sound.

    Whoever replaces them in another way holds `turn` meanwhile, so that no look is under way.

    Args:
        shelves: the folders, with the packs in use.
        check: raises MonitorError if packs do not fit together, or lack what a channel asks for.
        take_up: has the service judge by other packs from the end of the call on.
        keeper: whom it tells.
    """

    def __init__(
        self,
        shelves: Sequence[Shelf],
        *,
        check: Callable[[Sequence[Pack]], None],
        take_up: Callable[[Matcher], Awaitable[None]],
        keeper: Keeper,
    ) -> None:
        self._shelves = tuple(shelves)
        self._check = check
        self._take_up = take_up
        self._keeper = keeper
        self.turn = asyncio.Lock()
        self._looks: set[asyncio.Task[None]] = set()
        self._ending = False

    @property
    def in_use(self) -> tuple[Pack, ...]:
        """The packs by which articles are judged."""
        return tuple(shelf.pack for shelf in self._shelves)

    @property
    def is_sound(self) -> bool:
        """Whether the folders hold what is in use, as far as they were looked at."""
        return not any(shelf.refusal for shelf in self._shelves)

    def replace(self, shelves: Sequence[Shelf], check: Callable[[Sequence[Pack]], None]) -> None:
        """Look after other packs, which are in use already."""
        self._shelves = tuple(shelves)
        self._check = check

    def begin(self) -> None:
        """End what was said about packs before a restart: the service starts with sound ones only."""
        for subject in self._keeper.standing():
            if subject.startswith(_SUBJECT):
                self._well_again(subject)

    def tick(self) -> None:
        """Look in the background whether files were edited, unless a look is under way."""
        if not self._looks and not self._ending:
            look = asyncio.create_task(self._run(), name="look at the packs")
            self._looks.add(look)
            look.add_done_callback(self._looks.discard)

    async def stop(self) -> None:
        """Drop what is under way and begin nothing more; the packs in use stay."""
        self._ending = True
        for look in self._looks:
            look.cancel()
        await asyncio.gather(*self._looks, return_exceptions=True)

    async def look(self, *, asked: bool = False) -> Look:
        """Take up what was edited and is sound; say once what is not.

        Files are read, and packs compiled, in another thread. Looks wait for each other.

        Args:
            asked: somebody waits for the answer, so every file is read, and what was said before is said again.

        Raises:
            StorageError: the open stories cannot be read; the packs in use stay.
        """
        async with self.turn:
            before = self._shelves
            found = await asyncio.to_thread(lambda: [_read(shelf, again=asked) for shelf in before])
            after = adopt(found, self._check)
            if [shelf.pack for shelf in before] != [shelf.pack for shelf in after]:
                matcher = await asyncio.to_thread(Matcher, [shelf.pack for shelf in after])
                await self._take_up(matcher)
                # What did not fit may fit now.
                after = tuple(replace(shelf, stamp=None) if shelf.refusal else shelf for shelf in after)
            look = Look(tuple(zip(before, after, strict=True)))
            self._tell(look, asked=asked)
            self._shelves = after  # last: what could not be told is looked at again
            return look

    async def _run(self) -> None:
        try:
            await self.look()
        except MonitorError as error:
            _log.error("the packs in use stay: %s", error)
        except Exception:  # noqa: BLE001  a look must not end unheard; the packs in use stay
            _log.exception("a bug in a look at the packs")

    def _tell(self, look: Look, *, asked: bool) -> None:
        for old, new in look.shelves:
            subject = _SUBJECT + old.pack.name
            if new.refusal is not None:
                text = _refused(old.pack, new.refusal)
                notice = Notice(NoticeKind.PACK_REFUSED, old.pack.name, text)
                if not self._keeper.begin(subject, notice) and asked:
                    _log.error("%s", text)
                continue
            if old.pack.version != new.pack.version:
                versions = f"{new.pack.version} replaces {old.pack.version}"
                _log.info("pack %s: %s: %d rules", new.pack.name, versions, len(new.pack.rules))
            elif asked:
                _log.info("pack %s: %s is in use already", new.pack.name, new.pack.version)
            if old.refusal is not None:
                self._well_again(subject)

    def _well_again(self, subject: str) -> None:
        text = f"{subject}: what its folder holds is in use again"
        self._keeper.end(subject, Notice(NoticeKind.PACK_TAKEN_UP, subject.removeprefix(_SUBJECT), text))


def adopt(
    found: Sequence[tuple[Shelf, Pack | None]], check: Callable[[Sequence[Pack]], None]
) -> tuple[Shelf, ...]:
    """The shelves with what was read for them, as far as it fits together with the rest.

    Args:
        found: each shelf with another version of its pack, if there is one.
        check: raises MonitorError if packs do not fit together.
    """
    shelves = [shelf for shelf, _ in found]
    waiting: Mapping[int, Pack] = {number: pack for number, (_, pack) in enumerate(found) if pack is not None}
    while waiting:
        refused: dict[int, Refusal] = {}
        for number, pack in waiting.items():
            packs = [shelf.pack for shelf in shelves]
            packs[number] = pack
            try:
                check(packs)
            except MonitorError as error:
                refused[number] = Refusal(pack.version, error)
            else:
                shelves[number] = replace(shelves[number], pack=pack, refusal=None)
        if len(refused) == len(waiting):
            for number, refusal in refused.items():
                shelves[number] = replace(shelves[number], refusal=refusal)
            break
        waiting = {number: waiting[number] for number in refused}  # a rule may have moved between two packs
    return tuple(shelves)


def _read(shelf: Shelf, *, again: bool) -> tuple[Shelf, Pack | None]:
    """The shelf as its files are now, with the other version that they hold, if it is sound.

    The stamp is taken before the files are read, so that what changes meanwhile is seen at the next look.
    """
    stamp = _stamp(shelf.folder)
    if stamp is not None and stamp == shelf.stamp and not again:
        return shelf, None
    version = ""
    try:
        version = pack_version(shelf.folder)
        if version == shelf.pack.version:
            return replace(shelf, stamp=stamp, refusal=None), None
        return replace(shelf, stamp=stamp), load_pack(shelf.folder)
    except MonitorError as error:
        return replace(shelf, stamp=stamp, refusal=Refusal(version, error)), None


def _stamp(folder: Traversable) -> Stamp | None:
    """Cheaper than reading; None where it cannot be had."""
    try:
        stats = [(file.name, file.stat()) for file in pack_files(folder) if isinstance(file, Path)]
    except OSError:
        return None
    return tuple((name, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns) for name, stat in stats) or None


def _refused(pack: Pack, refusal: Refusal) -> str:
    """One line: which version is refused, where it is wrong and what to do."""
    cause = " ".join(str(refusal.error).split())
    version = f"version {refusal.version}" if refusal.version else "its folder"
    return f"pack {pack.name}: {version} is refused, {pack.version} stays in use: {cause}"
