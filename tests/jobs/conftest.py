"""The real store and the real pure rooms, a clock that is set by hand, and a crawler that answers from a script."""

from __future__ import annotations

import asyncio
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.alerting import Freshness, Route
from monitor.core.delivery.deliveries import Recipient
from monitor.core.grammar import parse
from monitor.core.matching import Matcher
from monitor.core.models import Pending
from monitor.core.query import Term
from monitor.core.sources.pacing import Pace
from monitor.core.topic import Concept, ConceptKind, Pack, Rule, Severity
from monitor.jobs.ingest import Ingestor
from monitor.jobs.terms import Terms
from monitor.jobs.visiting import Visiting
from monitor.jobs.watch import Watch
from monitor.store.database import open_history
from monitor.store.history import History
from monitor.store.sources import Sources
from monitor.store.visits import Visits
from spiders.items import Article, CrawlReport, Entry, Kind, Look, Outcome, Source, Validators

START = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
TERMS = Terms(Pace(), timedelta(hours=24), batch=10, deadline=timedelta(seconds=60))


def _pack():
    names = {
        "dprk": (ConceptKind.ACTOR, "north korea*", "북한"),
        "russia": (ConceptKind.ACTOR, "russia*", "러시아"),
        "kursk": (ConceptKind.PLACE, "kursk"),
        "shells": (ConceptKind.UNIT, "shell*"),
        "soldiers": (ConceptKind.UNIT, "soldier*", "troops", "명"),
    }
    concepts = {
        name: Concept(name, kind, {"en": name}, tuple(map(Term, terms)))
        for name, (kind, *terms) in names.items()
    }
    text = "dprk AND russia"
    rule = Rule("ties", {"en": "Ties"}, parse(text, concepts, {}, lambda _: "test"), text, Severity.HIGH)
    return Pack("borders", {"en": "Borders"}, "0123456789ab", concepts, (rule,))


PACK = _pack()


class Clock:
    """Shows the time it was set to."""

    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now

    def forward(self, **by):
        self.now += timedelta(**by)
        return self.now


class ScriptedCrawler:
    """Answers each task from `answers` by its address, held back while `gate` is closed."""

    room = 4

    def __init__(self):
        self.answers = {}
        self.jobs = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.broken = None
        self.ended = 0

    async def run(self, job):
        self.jobs.append(job)
        if self.broken:
            raise self.broken
        for task in job.tasks:
            await self.gate.wait()
            answer = self.answers.get(task.url, CrawlReport("", Outcome.FAILED, "http_500", "made up"))
            if isinstance(answer, asyncio.Event):
                await answer.wait()
                answer = CrawlReport("", Outcome.UNCHANGED)
            yield replace(answer, task=task.id)
        self.ended += 1

    async def close(self):
        pass

    @property
    def asked(self):
        """The addresses of all tasks so far."""
        return [task.url for job in self.jobs for task in job.tasks]

    @property
    def looks(self):
        return [task for job in self.jobs for task in job.tasks if isinstance(task, Look)]


def _looked(*urls, published=START - timedelta(minutes=10), etag='"1"', **changes):
    entries = tuple(Entry(url, f"Title of {url}", "A teaser", published) for url in urls)
    return replace(CrawlReport("", Outcome.OK, entries=entries, validators=Validators(etag)), **changes)


def _page(url, title, text="", published=START - timedelta(minutes=10), language="en"):
    return CrawlReport("", Outcome.OK, article=Article(url, title, text, language, published))


def _source(name="a", **changes):
    return replace(
        Source(name, name.title(), f"https://{name}.example/rss", Kind.FEED, "en", weight=5), **changes
    )


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "tumen.db"


@pytest.fixture
def db(path):
    opened = open_history(path, busy=0.0)
    yield opened
    opened.close()


@pytest.fixture
def sources(db):
    return Sources(db)


@pytest.fixture
def make_ingestor(db):
    def make(*channels, **options):
        routes = tuple(Route(name, (Recipient(name, "anna"),)) for name in channels or ("mail",))
        return Ingestor(History(db), Matcher([PACK]), routes, Freshness(), **options)

    return make


@pytest.fixture
def make_watch(db, sources, crawler, clock, monkeypatch):
    """A watch over the sources, which tells nobody unless it is said who listens, and gathers no looks for long."""
    monkeypatch.setattr("monitor.jobs.watch._GATHERING", 0)

    def make(ingestor, **changes):
        usual = {"on_alert": lambda: None, "on_more": lambda: None}
        named = {field.name: changes.pop(field.name) for field in fields(Terms) if field.name in changes}
        visiting = Visiting(Visits(db), ingestor)
        return Watch(
            sources, ingestor, crawler, visiting, replace(TERMS, **named), clock=clock, **(usual | changes)
        )

    return make


@pytest.fixture
def take(sources, clock):
    """Take in an article as if a page had just been read."""

    def run(ingestor, title, text="", *, number=[0], **changes):  # noqa: B006  counts on
        number[0] += 1
        url = changes.pop("url", f"https://a.example/{number[0]}")
        pending = Pending(Entry(url), "a", "en", clock.now, first_look=changes.pop("first_look", False))
        article = Article(url, title, text, **{"language": "en", "published": clock.now, **changes})
        return ingestor.take(pending, article, clock.now)

    sources.sync([_source()], clock.now)
    return run


@pytest.fixture
def crawler():
    return ScriptedCrawler()


@pytest.fixture
def looked():
    """The report of a look that found these addresses."""
    return _looked


@pytest.fixture
def page():
    """The report of a page that was read."""
    return _page


@pytest.fixture
def source():
    return _source


@pytest.fixture
def pack():
    return PACK
