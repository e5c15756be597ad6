"""Everything that a configuration says, read and checked before anything is opened or started."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from monitor.config import channel_urls, watched_sources
from monitor.core.alerting import Freshness, Route
from monitor.core.delivery.notices import Listener
from monitor.core.errors import ConfigError, RuleError
from monitor.core.reading import Origin
from monitor.documents import suggestion
from monitor.notify.channels import Channel, Channels
from monitor.notify.heartbeat import Pinger
from monitor.notify.translation import Translator
from monitor.notify.voice import Voice
from monitor.packs import find_pack, load_pack, pack_version, wanted_sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from monitor.config import Settings
    from monitor.core.delivery.deliveries import Recipient
    from monitor.core.delivery.policy import Policy
    from monitor.core.topic import Pack
    from spiders.items import Source


OPEN_CLUSTER = (
    "logins and other secrets of your sources can be read on the way to it; give it an address with tls://"
)
NO_CONTACT = "webmasters cannot turn to you before they block Tumen; give crawl: contact an address or page"


@dataclass(frozen=True, slots=True)
class Plan:
    """A configuration with all that it names. `packs` stand in the order of `settings.packs`."""

    settings: Settings
    packs: tuple[Pack, ...]
    sources: tuple[Source, ...]
    channels: tuple[Channel, ...]

    @property
    def freshness(self) -> Freshness:
        """How old news may be."""
        return Freshness(**self.settings.freshness.model_dump())

    @property
    def routes(self) -> tuple[Route, ...]:
        """What each channel wants to hear."""
        given = self.settings.channels
        return tuple(
            Route(
                channel=channel.name,
                recipients=channel.recipients,
                packs=frozenset(given[channel.name].packs),
                rules=frozenset(given[channel.name].rules),
                tags=frozenset(given[channel.name].tags),
                at_least=given[channel.name].at_least,
                languages=frozenset(given[channel.name].languages),
                source_tags=frozenset(given[channel.name].source_tags),
                stories=frozenset(given[channel.name].stories),
            )
            for channel in self.channels
        )

    @property
    def policies(self) -> dict[str, Policy]:
        """When each channel is told."""
        return {name: channel.policy for name, channel in self.settings.channels.items()}

    @property
    def listeners(self) -> tuple[Listener, ...]:
        """Which notices each channel wants."""
        given = self.settings.channels
        return tuple(
            Listener(
                channel=channel.name,
                recipients=channel.recipients,
                wish=given[channel.name].notices,
                canary=given[channel.name].canary,
                report=given[channel.name].report,
                zone=channel.zone,
            )
            for channel in self.channels
        )

    @property
    def recipients(self) -> tuple[Recipient, ...]:
        """Everybody who is told."""
        return tuple(who for channel in self.channels for who in channel.recipients)

    @property
    def origins(self) -> dict[str, Origin]:
        """Where articles come from, by the name of their source."""
        return {source.name: Origin(source.name, source.tags) for source in self.sources}

    def voices(self, packs: Iterable[Pack]) -> dict[str, Voice]:
        """How each channel is spoken to, with the words of these packs."""
        named = {pack.name: pack for pack in packs}
        return {channel.name: Voice(channel.language, channel.zone, named) for channel in self.channels}


def plan(settings: Settings, known: Iterable[Pack] = ()) -> Plan:
    """Read and check what the configuration names. Packs that are `known` as they are now are not read again.

    Raises:
        ConfigError, RuleError: the first thing that is wrong, with its place and a remedy.
    """
    packs = load_packs(settings.packs, settings.folder, known)
    channels = tuple(
        Channel(name, channel_urls(name, given, settings.folder), given.language, given.zone)
        for name, given in settings.channels.items()
    )
    check_packs(settings, packs)
    check_cluster(settings)
    for error in Channels(channels).validate():
        raise error
    sources = watched_sources(settings.sources, wanted_sources(settings.packs, settings.folder))
    return Plan(settings, packs, sources, channels)


def translator(settings: Settings) -> Translator | None:
    """Who translates reports, if anybody does."""
    given = settings.translation
    if given is None:
        return None
    key = given.key.get_secret_value()
    return Translator(given.url, key=key, timeout=given.timeout.total_seconds())


def pinger(settings: Settings) -> Pinger | None:
    """Who is told that the service is alive, if anybody is."""
    given = settings.heartbeat
    return Pinger(given.url.get_secret_value()) if given else None


def describe_channels(plan: Plan) -> dict[str, list[str]]:
    """Who listens on each channel, without secrets."""
    doors = Channels(plan.channels)
    return {channel.name: [doors.describe(who) for who in channel.recipients] for channel in plan.channels}


def load_packs(names: Sequence[str], beside: Path, known: Iterable[Pack] = ()) -> tuple[Pack, ...]:
    """The packs of these names or folders, in their order. Raises RuleError."""
    there = {(pack.where, pack.version): pack for pack in known}
    folders = [find_pack(name, beside) for name in dict.fromkeys(names)]
    packs = tuple(there.get((str(folder), pack_version(folder))) or load_pack(folder) for folder in folders)
    _check_names(packs)
    return packs


def check_cluster(settings: Settings) -> None:
    """Whether what a cluster needs on this machine is there. Raises ConfigError."""
    given = settings.crawl.cluster
    if given is None:
        return
    if find_spec("distributed") is None:
        raise ConfigError(
            "a cluster needs Dask, which is not installed",
            where="crawl: cluster",
            remedy="install Tumen with the extra `scale`; docs/scaling.md",
        )
    for path in given.files(settings.folder) or ():
        if not os.access(path, os.R_OK):
            raise ConfigError(
                "this file of the cluster cannot be read",
                where=str(path),
                remedy="docs/scaling.md says how it is made; the user that runs Tumen reads it",
            )


def open_cluster(settings: Settings) -> str:
    """A warning if secrets of sources would cross a network as they are, else nothing."""
    given = settings.crawl.cluster
    asked = settings.sources.access.values()
    secret = any(access.headers or access.proxy_authorization for access in asked)
    return OPEN_CLUSTER if given is not None and given.is_open and secret else ""


def check_packs(settings: Settings, packs: Sequence[Pack]) -> None:
    """Whether the packs can be used together, and have every pack, rule and tag that a channel names.

    Raises:
        ConfigError, RuleError: the first thing that is wrong.
    """
    _check_names(packs)
    there: Mapping[str, set[str]] = {
        "pack": {pack.name for pack in packs},
        "rule": {rule.name for pack in packs for rule in pack.rules},
        "tag": {tag for pack in packs for rule in pack.rules for tag in rule.tags},
    }
    for name, channel in settings.channels.items():
        for kind, wanted in (("pack", channel.packs), ("rule", channel.rules), ("tag", channel.tags)):
            for one in wanted:
                if one not in there[kind]:
                    known = f"known: {', '.join(sorted(there[kind])) or 'none'}"
                    meant = suggestion(one, there[kind])
                    raise ConfigError(
                        f"there is no {kind} {one}",
                        where=f"channel {name}",
                        remedy=f"{meant} {known}" if meant else known,
                    )


def _check_names(packs: Sequence[Pack]) -> None:
    """Each pack has a name of its own: the history tells them apart by it."""
    found: dict[str, Pack] = {}
    for pack in packs:
        if pack.name in found:
            raise RuleError(
                f"a pack named {pack.name} is loaded already, from {found[pack.name].where}",
                where=pack.where,
                remedy="give one of them another name in its pack.yaml, or leave it out",
            )
        found[pack.name] = pack
