"""Everything from a source to a stored alert."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.app.crawling import build_crawler, capture_files, change_crawler
from monitor.core.matching import Matcher
from monitor.core.sources.pacing import Pace
from monitor.crawl.cluster.crawler import ClusterCrawler
from monitor.crawl.heeded import Heeded
from monitor.jobs.capturing import Capturing
from monitor.jobs.cluster import Clustering
from monitor.jobs.ingest import Ingestor
from monitor.jobs.stories import Corrections
from monitor.jobs.terms import Terms
from monitor.jobs.upkeep import Upkeep
from monitor.jobs.visiting import Visiting
from monitor.jobs.watch import Watch
from monitor.store.capture_files import CaptureFiles
from monitor.store.history import History
from monitor.store.regrouping import Regrouping
from monitor.store.sources import Sources
from monitor.store.visits import Visits
from monitor.store.wellness import Wellness

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from monitor.crawl import LocalCrawler
    from monitor.jobs.keeper import Keeper
    from monitor.jobs.steps import Observer
    from monitor.planning import Plan
    from monitor.store.database import Database
    from spiders.items import CrawlReport, Task


@dataclass(frozen=True, slots=True)
class Watching:
    """Who looks at sources, reads what they list, and decides about it."""

    sources: Sources
    crawler: LocalCrawler | ClusterCrawler
    capturing: Capturing
    ingestor: Ingestor
    corrections: Corrections
    upkeep: Upkeep
    watch: Watch
    clustering: Clustering

    def recover(self, plan: Plan, db: Database, now: datetime) -> None:
        """Go on where the last run ended."""
        self.sources.sync(plan.sources, now)
        self.capturing.prepare(db)
        self.ingestor.remember(now)
        if isinstance(self.crawler, ClusterCrawler):
            self.crawler.begin()

    def take_up(self, plan: Plan) -> None:
        """Watch the sources of another plan, and decide for its readers, from now on. They are declared already."""
        settings = plan.settings
        change_crawler(self.crawler, plan)
        if settings.captures.enabled:
            self.capturing.begin(CaptureFiles(settings.captures_path))
        self.ingestor.tell(plan.routes, plan.freshness, plan.origins)
        self.watch.take_up(_terms(plan), plan.sources)


def build_watching(
    plan: Plan,
    db: Database,
    keeper: Keeper,
    *,
    clock: Callable[[], datetime],
    hurry: Callable[[str], None],
    observe: Observer,
    heed: Callable[[Task, CrawlReport], None] | None = None,
) -> Watching:
    """Build it. `hurry` has a job of the timer called at once, by its name; `heed` hears how tasks ended."""
    sources = Sources(db)
    capturing = Capturing(capture_files(plan), observe, keeper)
    crawler = build_crawler(plan, db, clock())
    ingestor = Ingestor(
        History(db),
        Matcher(plan.packs),
        plan.routes,
        plan.freshness,
        origins=plan.origins,
        capturing=capturing,
        observe=observe,
    )
    watch = Watch(
        sources,
        ingestor,
        Heeded(crawler, heed) if heed else crawler,
        Visiting(Visits(db), ingestor),
        _terms(plan),
        clock=clock,
        on_alert=lambda: hurry("deliver"),
        on_more=lambda: hurry("watch"),
        observe=observe,
    )
    return Watching(
        sources=sources,
        crawler=crawler,
        capturing=capturing,
        ingestor=ingestor,
        corrections=Corrections(Regrouping(db), ingestor, clock),
        upkeep=Upkeep(sources, Wellness(db), keeper, ingestor, clock, on_more=lambda: hurry("upkeep")),
        watch=watch,
        clustering=Clustering(crawler if isinstance(crawler, ClusterCrawler) else None, keeper),
    )


def _terms(plan: Plan) -> Terms:
    settings = plan.settings
    return Terms(
        Pace(**settings.pace.model_dump()),
        settings.freshness.first_look,
        batch=settings.crawl.batch,
        deadline=settings.crawl.deadline,
    )
