"""Which checks there are, for an installation as far as its configuration can be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.config import worker_options
from monitor.core.checkup.machine import judge_clock
from monitor.jobs.doctor import cluster, history, machine, network, place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from monitor.config import Settings
    from monitor.core.checkup import Finding
    from monitor.jobs.backups import Plan
    from monitor.jobs.doctor import Check
    from monitor.notify.channels import Channel
    from spiders.items import Source


@dataclass(frozen=True, slots=True)
class Installation:
    """What is looked at: the configuration, or what stands for one that cannot be read, and what it names."""

    settings: Settings
    sources: tuple[Source, ...] = ()
    channels: tuple[Channel, ...] = ()
    secrets: tuple[Path, ...] = ()
    backups: Plan | None = None


def checks(
    one: Installation, clock: Callable[[], datetime], *, offline: bool, full: bool
) -> dict[str, Check]:
    """The checks by name, in the order in which a person reads them.

    Args:
        one: what is looked at.
        clock: the time.
        offline: whether nothing is asked of other machines.
        full: whether all of the history is read, however long it takes.
    """
    path = one.settings.history_path
    zones = [channel.timezone for channel in one.settings.channels.values()]
    found: dict[str, Check] = {
        "python": machine.python,
        "versions": machine.versions,
        "memory": machine.memory,
        "open files": machine.open_files,
        "time zones": lambda: machine.time_zones(zones),
        "clock": lambda: _clock(one, clock, offline=offline),
        "file system": lambda: place.file_system(path.parent),
        "space": lambda: place.space(path),
        "permissions": lambda: place.permissions(
            path, path.with_name(f"{path.name}.sock"), one.settings.captures_path, one.secrets
        ),
        "integrity": lambda: history.integrity(path, full=full),
        "service": lambda: history.service(path, clock()),
    }
    if (plan := one.backups) is not None:
        found["backup"] = lambda: history.backup(plan, clock())
    if full:
        found["evidence"] = lambda: history.evidence(path, one.settings.captures_path)
    return found if offline else found | _far(one, clock)


def _far(one: Installation, clock: Callable[[], datetime]) -> dict[str, Check]:
    """What asks other machines."""
    from monitor.notify.channels import Channels  # noqa: PLC0415  loads Apprise, which takes its time

    doorkeeper = Channels(one.channels)
    recipients = [who for channel in one.channels for who in channel.recipients]
    servers = _servers(one.settings)
    found: dict[str, Check] = {
        "names": lambda: network.names(one.sources, one.settings.crawl.allow_private),
        "certificates": lambda: network.certificates(one.sources, clock()),
        "channels": lambda: network.channels(doorkeeper, recipients, clock()),
    }
    if one.settings.crawl.cluster is not None:
        found["cluster"] = lambda: cluster.cluster(one.settings, clock())
    if servers:
        found["servers"] = lambda: network.others(servers, clock())
    return found


def _clock(one: Installation, clock: Callable[[], datetime], *, offline: bool) -> Iterator[Finding]:
    agent = worker_options(one.settings).user_agent
    ahead = None if offline else network.offset(one.sources, agent)
    yield judge_clock(clock(), history.newest(one.settings.history_path), ahead)


def _servers(settings: Settings) -> list[tuple[str, str]]:
    found = []
    if settings.heartbeat is not None:
        found.append(("heartbeat", settings.heartbeat.url.get_secret_value()))
    if settings.translation is not None:
        found.append(("translation", settings.translation.url))
    return found
