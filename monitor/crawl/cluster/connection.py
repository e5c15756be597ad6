"""The connection to a cluster: made, watched, lost and made again."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from monitor.core.errors import CrawlError
from monitor.crawl.cluster.orders import Run

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from monitor.crawl.cluster import Cluster, Size

logger = logging.getLogger("tumen.cluster")

_AGAIN = 5.0  # seconds between two attempts to reach a cluster that is away
_LOOKS = 2.0  # seconds between two looks at its size


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with the cluster.

    Attributes:
        size: how large it is, None while it is away.
        why: it is away, empty before the first attempt and while it is there.
    """

    size: Size | None = None
    why: str = ""

    @property
    def is_away(self) -> bool:
        """Whether an attempt to reach it has failed since it was there."""
        return bool(self.why)


class Connection:
    """Keeps a cluster connected.

    Args:
        cluster: the way there.
        coordinator: names this service to the stations.
        changed: is told how it stood before and how it stands now, each time that changes.
    """

    def __init__(
        self, cluster: Cluster, coordinator: str, changed: Callable[[Standing, Standing], None]
    ) -> None:
        self._cluster = cluster
        self._coordinator = coordinator
        self._changed = changed
        self._lost = asyncio.Event()
        self._staying: asyncio.Task[None] | None = None
        self.standing = Standing()
        self.run = Run(coordinator, datetime.now(UTC))

    def begin(self) -> None:
        """Connect, in the background, and whenever the cluster was lost do so again."""
        self._staying = asyncio.create_task(self._stay(), name="cluster")

    def submit(self, order: bytes) -> Future[bytes]:
        """Have an order carried out. Raises CrawlError if the cluster is away."""
        return self._cluster.submit(order)

    def lost(self) -> None:
        """An order was lost with the cluster: it is looked at now."""
        self._lost.set()

    async def close(self) -> None:
        """Disconnect."""
        if self._staying is not None:
            self._staying.cancel()
            await asyncio.gather(self._staying, return_exceptions=True)
        await self._cluster.close()

    async def _stay(self) -> None:
        while True:
            run = Run(self._coordinator, datetime.now(UTC))
            try:
                await self._cluster.open(run)
                self.run = run
                await self._watch()
            except CrawlError as error:
                self._stands(Standing(None, error.message))
            except Exception as error:
                logger.debug("the cluster failed", exc_info=error)
                self._stands(Standing(None, f"the cluster cannot be used: {type(error).__name__}: {error}"))
            await self._cluster.close()
            await asyncio.sleep(_AGAIN)

    async def _watch(self) -> None:
        """Follow the size of the cluster until it is lost. Raises CrawlError then."""
        while True:
            self._lost.clear()
            size = await self._cluster.look()
            self._stands(Standing(size if size.threads else None, size.why))
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOKS):
                    await self._lost.wait()

    def _stands(self, now: Standing) -> None:
        before, self.standing = self.standing, now
        if now.size is not None and before.size is None:
            logger.info("the cluster is there; workers: %d, threads: %d", now.size.workers, now.size.threads)
        if now != before:
            self._changed(before, now)
