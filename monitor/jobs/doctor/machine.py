"""The machine and what is installed on it."""

from __future__ import annotations

import re
import resource
import sys
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from monitor.core.checkup import ok, problem, warning
from monitor.core.checkup.faults import judge_versions
from monitor.core.checkup.machine import judge_memory, judge_open_files, judge_python
from monitor.store.soundness import SQLITE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from monitor.core.checkup import Finding

_UNLIMITED = 2**62  # bytes: what control groups without a limit say is near 2**63


def python() -> Iterator[Finding]:
    """The interpreter."""
    yield judge_python(sys.version_info[:3], datetime.now(UTC).date())


def versions() -> tuple[Finding, ...]:
    """What Tumen builds on: is it there, and has it faults that matter here?"""
    installed = {canonicalize_name(one.name): one.version for one in metadata.distributions() if one.name}
    return judge_versions(installed | {"sqlite": SQLITE}, wanted())


def wanted() -> dict[str, str]:
    """Which versions of which packages Tumen asks for, by name; without those of its extras."""
    try:
        asked = map(Requirement, metadata.requires("tumen") or ())
    except metadata.PackageNotFoundError:  # a checkout that was never installed
        return {}
    return {
        canonicalize_name(one.name): str(one.specifier)
        for one in asked
        if one.marker is None or one.marker.evaluate({"extra": ""})
    }


def memory() -> Iterator[Finding]:
    """How much there is for Tumen, by the machine and by the limit of its control group."""
    found = [size for size in (_free_memory(), _memory_left()) if size is not None]
    if found:
        yield judge_memory(min(found))
    else:
        yield ok("memory", "this system does not say how much there is")


def open_files() -> Iterator[Finding]:
    """How many a process may have."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield judge_open_files(soft if soft != resource.RLIM_INFINITY else sys.maxsize)
    most, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    if most != resource.RLIM_INFINITY:
        says = f"no file may become larger than {most:,} bytes"
        yield warning("open files", says, remedy="lift it: ulimit -f unlimited")


def time_zones(names: Iterable[str]) -> Iterator[Finding]:
    """Whether the machine knows these."""
    missing = []
    for name in sorted({"Europe/Berlin", "UTC", *names}):
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            missing.append(name)
    if missing:
        says = f"this machine does not know {', '.join(missing)}"
        yield problem("time zones", says, remedy="install tzdata: apt install tzdata, or pip install tzdata")
    else:
        yield ok("time zones", "this machine knows them")


def _free_memory() -> int | None:
    try:
        text = Path("/proc/meminfo").read_text(encoding="ascii")
    except OSError:
        return None
    found = re.search(r"^MemAvailable:\s+(\d+) kB$", text, re.MULTILINE)
    return int(found[1]) * 1024 if found else None


def _memory_left() -> int | None:
    """What the limit of a control group, a container's most of all, leaves; None without one."""
    for most, used in (
        ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
        ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
    ):
        try:
            limit, taken = (int(Path(file).read_text(encoding="ascii")) for file in (most, used))
        except (OSError, ValueError):  # `max` is no limit
            continue
        if limit < _UNLIMITED:
            return max(0, limit - taken)
    return None
