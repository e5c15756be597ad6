"""What figures of a machine mean for a service that runs for years. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from monitor.core.checkup import Finding, ok, problem, warning
from monitor.core.retention import size_text

if TYPE_CHECKING:
    from collections.abc import Sequence

_MIB = 2**20
_NETWORK = {
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "ceph",
    "afs",
    "glusterfs",
    "lustre",
    "ncpfs",
    "virtiofs",
}
_MEMORY = {"tmpfs", "ramfs"}
_LAYERS = {"overlay", "aufs"}
_FULL, _SCARCE = 100 * _MIB, 1024 * _MIB  # bytes that are free
_LITTLE_MEMORY, _HARDLY_MEMORY = 256 * _MIB, 96 * _MIB  # service and crawl worker take some 200
_FEWEST_NEW = 100  # files
_LAST_DAYS, _SOON = 3, 14  # of a certificate
_OLD = timedelta(days=7)  # of a backup, where none is made by itself
_MUCH = 4  # times as old as that: a problem
_FEW_FILES = 256  # connections, pages of a worker, and the libraries' own
_BUILT = datetime(2026, 1, 1, tzinfo=UTC)  # no clock that is right says less
_APART, _FAR_APART = timedelta(seconds=30), timedelta(minutes=5)
# https://devguide.python.org/versions/
_ENDS = {
    (3, 11): date(2027, 10, 31),
    (3, 12): date(2028, 10, 31),
    (3, 13): date(2029, 10, 31),
    (3, 14): date(2030, 10, 31),
}


def judge_clock(now: datetime, newest: datetime | None, offset: timedelta | None) -> Finding:
    """Whether the clock may be believed.

    Args:
        now: what it says.
        newest: the latest time that the history knows of, None if it knows of none.
        offset: how far it is ahead of a server on the web, None if nobody was asked.
    """
    remedy = "have the clock set by the network: timedatectl set-ntp true"
    if now < _BUILT:
        return problem("clock", f"the clock says {now:%Y-%m-%d %H:%M} UTC, which is long ago", remedy=remedy)
    if newest is not None and newest - now > _FAR_APART:
        behind = _lasting(newest - now)
        return problem(
            "clock", f"the clock is {behind} behind what the history was written at", remedy=remedy
        )
    if offset is None:
        return ok("clock", f"{now:%Y-%m-%d %H:%M:%S} UTC, not before anything in the history")
    way = "ahead of" if offset > timedelta() else "behind"
    says = f"the clock is {_lasting(abs(offset))} {way} that of a server on the web"
    if abs(offset) > _FAR_APART:
        return problem("clock", says, remedy=remedy)
    if abs(offset) > _APART:
        return warning("clock", says, remedy=remedy)
    return ok("clock", f"{now:%Y-%m-%d %H:%M:%S} UTC, as servers on the web say")


def judge_file_system(kind: str, options: Sequence[str], path: str) -> Finding:
    """Whether a history may lie on a file system of this kind, mounted with these options."""
    move = "move the history to a local disk: `history` in tumen.yaml"
    if "ro" in options:
        return problem(
            "file system",
            "it is mounted read-only",
            path,
            remedy="mount it writable: look at the kernel's log why it is not",
        )
    if kind in _NETWORK or kind.startswith("fuse"):
        says = f"{kind} reaches over a network or through a program, where SQLite's locks and log do not hold"
        return problem("file system", says, path, remedy=move)
    if kind in _MEMORY:
        return problem(
            "file system",
            f"{kind} is memory: the history is gone when the machine restarts",
            path,
            remedy=move,
        )
    if kind in _LAYERS:
        remedy = "keep the history on a volume, if this is a container"
        return warning(
            "file system",
            f"{kind} is a container's own layer, which goes with the container",
            path,
            remedy=remedy,
        )
    return ok("file system", kind, path)


def judge_space(free: int, size: int, files: int | None, path: str) -> Finding:
    """Whether there is room. All but `files` in bytes.

    Args:
        free: what Tumen may still write there.
        size: of the history.
        files: how many files may still be made there, None if that is not limited.
        path: where.
    """
    remedy = "free some, or let less be kept: `retention` in tumen.yaml"
    says = f"{size_text(free)} are free"
    if files is not None and files < _FEWEST_NEW:
        return problem("space", f"no more than {files} files can be made", path, remedy=remedy)
    if free < _FULL:
        return problem("space", says, path, remedy=remedy)
    if free < _SCARCE or free < size:
        more = f", and a copy of the history takes {size_text(size)}" if free < size else ""
        return warning("space", says + more, path, remedy=remedy)
    return ok("space", says, path)


def judge_memory(available: int) -> Finding:
    """Whether so many bytes of memory are enough."""
    says = f"{size_text(available)} are available"
    remedy = "give it more, or stop something else; crawl: workers 1 takes the least"
    if available < _HARDLY_MEMORY:
        return problem("memory", says, remedy=remedy)
    return warning("memory", says, remedy=remedy) if available < _LITTLE_MEMORY else ok("memory", says)


def judge_open_files(most: int) -> Finding:
    """Whether a process that may open so many files can do the work."""
    if most < _FEW_FILES:
        remedy = f"raise it: ulimit -n {4 * _FEW_FILES}, or LimitNOFILE in the unit"
        return warning("open files", f"a process may have {most} at a time", remedy=remedy)
    return ok("open files", f"a process may have {most:,} at a time")


def judge_python(version: tuple[int, int, int], today: date) -> Finding:
    """Whether this Python still gets what mends its faults."""
    name = ".".join(map(str, version))
    ends = _ENDS.get(version[:2])
    if ends is not None and today > ends:
        return warning(
            "python",
            f"{name} gets no security fixes since {ends}",
            remedy="install a newer Python, and Tumen in it",
        )
    return ok("python", name)


def judge_certificate(where: str, until: datetime, now: datetime, *, ours: bool) -> Finding:
    """How long a certificate still holds. `ours` says that nobody else will notice when it does not."""
    days = (until - now).days
    says = f"its certificate holds until {until:%Y-%m-%d}, {days} days"
    if days < _LAST_DAYS:
        return problem(
            "certificates", says, where, remedy="have it renewed, or tell whoever runs that server"
        )
    if ours and days < _SOON:
        return warning("certificates", says, where, remedy="see that it is renewed in time")
    return ok("certificates", says, where)


def judge_backup(made: datetime | None, now: datetime, every: timedelta | None, folder: str) -> Finding:
    """Whether there is a young one in its folder; `every` is how often one is made, None for never by itself."""
    remedy = "make one: `tumen backup`; the log of the service says why it made none"
    if made is None:
        return warning("backup", "there is none", folder, remedy=remedy)
    says = f"the last one is of {made:%Y-%m-%d %H:%M} UTC"
    old = _OLD if every is None else 2 * every
    if now - made > _MUCH * old:
        return problem("backup", f"{says}, {_lasting(now - made)} ago", folder, remedy=remedy)
    if now - made > old:
        return warning("backup", f"{says}, {_lasting(now - made)} ago", folder, remedy=remedy)
    return ok("backup", says, folder)


def _lasting(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}s"
    return f"{seconds} seconds"
