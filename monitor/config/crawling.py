"""From settings to the manners of the crawl worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor import __version__
from monitor.config.cluster import at_address
from spiders.captures import CaptureOptions
from spiders.items import WorkerOptions

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.config.declared import Settings


def clustered(settings: Settings, address: str | None) -> Settings:
    """The settings with a cluster at another address; as they are without one. Raises InputError."""
    if address is None:
        return settings
    cluster = at_address(settings.crawl.cluster, address, "--cluster")
    return settings.model_copy(update={"crawl": settings.crawl.model_copy(update={"cluster": cluster})})


def worker_options(settings: Settings, spool: Path | None = None) -> WorkerOptions:
    """How the crawl worker behaves on the web; with a spool, it leaves there what it captures."""
    crawl = settings.crawl
    contact = f"; {crawl.contact}" if crawl.contact else ""
    return WorkerOptions(
        user_agent=f"Tumen/{__version__} (news monitor{contact})",
        delay=crawl.delay.total_seconds(),
        timeout=crawl.timeout.total_seconds(),
        allow_private=tuple(crawl.allow_private),
        obey_robots=crawl.obey_robots,
        access=settings.sources.access,
        captures=CaptureOptions(str(spool), settings.captures.level) if spool else None,
    )
