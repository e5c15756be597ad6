"""Who reads the web: worker processes of this machine, or a cluster."""

from __future__ import annotations

import hashlib
import socket
from typing import TYPE_CHECKING

from monitor.config import worker_options
from monitor.config.cluster import Otherwise
from monitor.crawl import LocalCrawler
from monitor.crawl.cluster.crawler import ClusterCrawler
from monitor.jobs.cluster import cluster_of
from monitor.store.capture_files import CaptureFiles
from monitor.store.robots import RobotsTexts

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.config import Settings
    from monitor.planning import Plan
    from monitor.store.database import Database
    from spiders.items import WorkerOptions


def build_crawler(plan: Plan, db: Database, now: datetime) -> LocalCrawler | ClusterCrawler:
    """Build what the configuration says. A cluster is connected to when it begins."""
    settings, robots = plan.settings, RobotsTexts(db)
    local = LocalCrawler(
        _options(plan), workers=settings.crawl.workers, known=robots.known(now), keep_rules=robots.keep
    )
    given, cluster = settings.crawl.cluster, cluster_of(settings)
    if given is None or cluster is None:
        return local
    return ClusterCrawler(
        cluster,
        local,
        _options(plan),
        coordinator=_coordinator(settings),
        otherwise_local=given.otherwise is Otherwise.LOCAL,
        batch=settings.crawl.batch,
    )


def change_crawler(crawler: LocalCrawler | ClusterCrawler, plan: Plan) -> None:
    """Have the crawler behave as another plan says, from now on."""
    crawl = plan.settings.crawl
    if isinstance(crawler, ClusterCrawler):
        crawler.change(_options(plan), workers=crawl.workers, batch=crawl.batch)
    else:
        crawler.change(_options(plan), workers=crawl.workers)


def capture_files(plan: Plan) -> CaptureFiles | None:
    """Where pages are kept as they were fetched, None if none are."""
    return CaptureFiles(plan.settings.captures_path) if plan.settings.captures.enabled else None


def _options(plan: Plan) -> WorkerOptions:
    files = capture_files(plan)
    return worker_options(plan.settings, files.spool if files else None)


def _coordinator(settings: Settings) -> str:
    """The same word at every start, and another one for every other service on the cluster."""
    place = f"{socket.gethostname()} {settings.history_path}"
    return hashlib.sha256(place.encode()).hexdigest()[:16]
