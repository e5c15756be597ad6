"""The cluster as far as people are concerned: which one it is, how it stands, and that it is away or back."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from monitor.core.delivery.notices import Notice, NoticeKind
from monitor.core.errors import StorageError
from monitor.crawl.cluster.door import Credentials, DaskCluster

if TYPE_CHECKING:
    from typing import Any

    from monitor.config import Settings
    from monitor.crawl.cluster.crawler import ClusterCrawler
    from monitor.jobs.keeper import Keeper

_SUBJECT = "cluster"  # of the condition that it is away


def cluster_of(settings: Settings) -> DaskCluster | None:
    """The cluster that the configuration names, None if there is none."""
    given = settings.crawl.cluster
    if given is None:
        return None
    files = given.files(settings.folder)
    return DaskCluster(given.address, Credentials(*files) if files else None)


class Clustering:
    """Tells the keeper of the service once that the cluster is away, and once that it is not.

    Args:
        crawler: who uses the cluster, None if there is none.
        keeper: who is told.
    """

    def __init__(self, crawler: ClusterCrawler | None, keeper: Keeper) -> None:
        self._crawler = crawler
        self._keeper = keeper
        self._was_away = False
        self._told: bool | None = None  # None: that of an earlier run may stand

    def tick(self) -> None:
        """Say what has changed. Whoever is away for a moment only is not spoken of."""
        away = self._crawler is not None and self._crawler.standing.is_away
        lasts, self._was_away = away and self._was_away, away
        with suppress(StorageError):  # it is said the next time
            if lasts and not self._told:
                self._say_away()
                self._told = True
            elif not away and self._told is not False and self._is_known:
                text = "other machines read the web again" if self._crawler else "no cluster is used any more"
                self._keeper.end(_SUBJECT, Notice(NoticeKind.CLUSTER_BACK, "", text))
                self._told = False

    def described(self) -> dict[str, Any] | None:
        """How it stands with the cluster: its size, orders under way, and why it is away. None without one."""
        if self._crawler is None:
            return None
        size, why = self._crawler.standing.size, self._crawler.standing.why
        return {
            "workers": size.workers if size else 0,
            "threads": size.threads if size else 0,
            "orders": self._crawler.orders,
            "away": why,
        }

    @property
    def _is_known(self) -> bool:
        """Whether it is known by now if the cluster is there."""
        return self._crawler is None or self._crawler.standing.size is not None

    def _say_away(self) -> None:
        assert self._crawler  # noqa: S101  only a cluster is away
        then = (
            "this machine reads until it is back"
            if self._crawler.room
            else "nothing is read until it is back"
        )
        text = f"the cluster that reads the web is away: {then}"
        details = (self._crawler.standing.why, "start its scheduler and workers; docs/scaling.md says how")
        self._keeper.begin(_SUBJECT, Notice(NoticeKind.CLUSTER_AWAY, "", text, details))
