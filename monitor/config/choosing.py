"""What settings choose: the addresses of channels, and the sources to watch."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pydantic import SecretStr

from monitor.catalogue import shipped_sources
from monitor.config.secret import read_secret
from monitor.core.errors import ConfigError
from monitor.documents import suggestion

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from monitor.catalogue import SourceChoice
    from monitor.config.channels import ChannelSettings
    from monitor.config.sources import SourceSettings
    from spiders.items import Source

_TWO_HOSTS = re.compile(
    "(?!mailto)[^:]+://[^/?#@]*@[^/?#@]*@", re.IGNORECASE
)  # mail addresses are senders, too


def channel_urls(name: str, channel: ChannelSettings, folder: Path) -> tuple[str, ...]:
    """The secret addresses of a channel. Raises ConfigError if its file, or one of them, cannot be used."""
    if channel.url_file is not None:
        where = f"channel {name}, {folder / channel.url_file}"
        lines = read_secret(folder / channel.url_file, called="url_file", where=where).split("\n")
        urls = [line.strip() for line in lines if line.strip()]
    else:
        given = channel.url if isinstance(channel.url, list) else [channel.url or SecretStr("")]
        urls = [url.get_secret_value().strip() for url in given]
    if not urls or not all(urls):
        raise ConfigError("has no address", where=f"channel {name}", remedy="give url: an Apprise address")
    if any(map(_TWO_HOSTS.match, urls)):  # the end of the password would be shown as the host
        remedy = "write an @ in a user or password as %40"
        raise ConfigError("has an @ too many before its host", where=f"channel {name}", remedy=remedy)
    return tuple(dict.fromkeys(urls))


def watched_sources(
    settings: SourceSettings, topics: Sequence[SourceChoice | None] = ()
) -> tuple[Source, ...]:
    """The sources that the configuration chooses, else those that one of its topics asks for (None: all).

    Whoever names one in the configuration vouches for it: it is not unverified.

    Raises:
        ConfigError: if it names a source that does not exist, twice, or chooses none.
    """
    shipped = {source.name: source for source in shipped_sources()} if settings.shipped else {}
    asked = [topic for topic in topics if topic] if settings.shipped else []
    _refuse_unknown((*settings.names, *settings.also, *settings.without), shipped, "sources")
    _refuse_unknown((name for topic in asked for name in topic.names), shipped, "sources of a pack")
    if settings.chooses or None in topics:
        asked = []
    own = settings.declared
    _refuse_twice(zip(own, settings.places, strict=True), shipped)
    named = {*settings.names, *settings.also}
    chosen = [
        replace(source, unverified=source.unverified and source.name not in named)
        for source in shipped.values()
        if source.name not in settings.without
        and (source.name in named or _is_chosen(source, settings, asked))
    ]
    if not (watched := (*chosen, *own)):
        raise ConfigError("no source is chosen", where="sources", remedy="choose some, or declare your own")
    return watched


def _refuse_unknown(names: Iterable[str], shipped: Collection[str], where: str) -> None:
    for name in names:
        if name not in shipped:
            remedy = suggestion(name, shipped) or "`tumen sources list --all` shows them"
            raise ConfigError(f"there is no shipped source {name}", where=where, remedy=remedy)


def _refuse_twice(placed: Iterable[tuple[Source, str]], shipped: Iterable[str]) -> None:
    first = dict.fromkeys(shipped, "as one that comes with Tumen")
    for source, where in placed:
        if source.name in first:
            raise ConfigError(
                f"the source {source.name} is declared twice, first {first[source.name]}",
                where=where,
                remedy="rename it",
            )
        first[source.name] = f"in {where}"


def _is_chosen(source: Source, settings: SourceSettings, topics: Sequence[SourceChoice]) -> bool:
    """Whether the source is among those that are chosen by what they are."""
    return (
        source.enabled
        and not settings.names
        and source.weight >= settings.at_least
        and (not settings.languages or source.language in settings.languages)
        and (not settings.tags or any(tag in settings.tags for tag in source.tags))
        and (not topics or any(topic.wants(source) for topic in topics))
    )
