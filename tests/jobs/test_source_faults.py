"""What sources do wrong, and what the service makes of it: F15 and F25 to F29 of the matrix of faults.

Time is virtual; history, watch and upkeep are the real ones. Sources answer from a script, or from a server.
"""

import asyncio
import random
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.delivery.deliveries import Recipient
from monitor.core.delivery.notices import Listener, NoticeKind, Wish
from monitor.core.sources.pacing import Pace
from monitor.core.sources.state import Condition
from monitor.crawl import LocalCrawler
from monitor.jobs.keeper import Keeper
from monitor.jobs.upkeep import Upkeep
from monitor.store.database import rows
from monitor.store.ledger import Ledger
from monitor.store.notices import Notices
from monitor.store.wellness import Wellness
from spiders.items import CrawlReport, Entry, Kind, Outcome, WorkerOptions
from tests.crawl.site import Reply, site

KEEPER = Listener("mail", (Recipient("mail", "keeper"),), Wish.TROUBLE)
PACE = Pace(fastest=timedelta(minutes=20), slowest=timedelta(hours=2), failing=timedelta(hours=6))


def failure(reason):
    return CrawlReport("", Outcome.FAILED, reason, f"it said {reason}")


class Days:
    """A watched newspaper, day after day.

    `paper` answers a look at the source: it is called with the time, and returns what the look brings.
    """

    def __init__(self, sources, db, crawler, clock, ingestor, make_watch):
        self.sources, self.db, self.crawler, self.clock = sources, db, crawler, clock
        self.wellness = Wellness(db)
        keeper = Keeper(Notices(db), (KEEPER,), clock=clock)
        self.upkeep = Upkeep(sources, self.wellness, keeper, ingestor, clock)
        self.watch = make_watch(ingestor, pace=PACE, deadline=timedelta(seconds=20))
        self.said = []
        self.papers = {}

    async def tick(self):
        for url, paper in self.papers.items():
            self.crawler.answers[url] = paper(self.clock.now) if callable(paper) else paper
        self.watch.tick()
        while not self.watch.idle:
            await asyncio.sleep(0)
        self.said += self.upkeep.tick()

    def go(self, step=10, **by):
        """Let time pass, in steps of so many minutes."""

        async def pass_by():
            end = self.clock.now + timedelta(**by)
            while self.clock.now < end:
                await self.tick()
                self.clock.forward(minutes=step)

        asyncio.run(pass_by())

    def looks(self, name="a", times=1, **papers):
        """Let so many looks at a source end."""

        async def look():
            for _ in range(times):
                self.sources.look_now(name, self.clock.now)
                await self.tick()
                self.clock.forward(minutes=10)

        asyncio.run(look())

    def told(self):
        """What was said since it was last asked: kinds and subjects."""
        said, self.said = self.said, []
        return [(notice.kind.value, notice.subject) for notice in said]

    def condition(self, name="a"):
        (state,) = (each for each in self.sources.states() if each.source.name == name)
        return state.health.diagnosis.condition


@pytest.fixture
def make_days(sources, db, crawler, clock, make_ingestor, make_watch):
    return lambda: Days(sources, db, crawler, clock, make_ingestor(), make_watch)


@pytest.fixture
def days(make_days, sources, db, clock, source):
    db.execute("PRAGMA synchronous = OFF")  # weeks pass here, and no power fails
    random.seed(7)  # looks are spread by chance: the same weeks pass each time
    sources.sync([source("a"), source("b")], clock.now)
    made = make_days()
    made.papers = {source(name).url: hourly(name) for name in ("a", "b")}
    return made


def hourly(name, size=10, hours=None, **without):
    """A list of the last articles of a paper that has one each hour (of these, in UTC)."""

    def paper(now):
        found, at = [], now.replace(minute=0, second=0, microsecond=0)
        while len(found) < size:
            if hours is None or at.hour in hours:
                url = f"https://articles-{name}.example/{at:%Y-%m-%d-%H}"
                found.append(replace(Entry(url, f"News of {at:%H}", "A teaser", at), **without))
            at -= timedelta(hours=1)
        return CrawlReport("", Outcome.OK, entries=tuple(found))

    return paper


def stopped(paper, at):
    """The paper as it was then, for ever."""
    last = paper(at)
    return lambda _now: last


def test_f15_a_day_without_a_network_parks_no_source_and_is_told_once(days, source):
    days.go(hours=3)
    well = dict(days.papers)
    days.papers = dict.fromkeys(well, failure("dns"))
    days.go(hours=24)
    assert days.told() == [("network_down", "")]
    assert {days.condition("a"), days.condition("b")} == {Condition.OK}, "no source is blamed"
    days.papers = well
    days.go(minutes=20)
    assert days.said, "its return is found out within minutes"
    days.go(minutes=40)
    back, *gaps = days.told()
    assert back == ("network_back", "")
    assert sorted(gaps) == [("source_possible_gap", "a"), ("source_possible_gap", "b")], "a day went unseen"
    due = {state.source.name: state.next_due - days.clock.now for state in days.sources.states()}
    assert max(due.values()) < PACE.slowest


def test_f25_a_selector_that_finds_nothing_is_told_after_three_looks_and_its_mending_once(days, source):
    section = source("a", kind=Kind.SECTION, links="h2.headline a")
    days.sources.sync([section, source("b")], days.clock.now)
    days.go(hours=1)
    days.papers[section.url] = failure("no_entries")
    days.looks(times=2)
    assert (days.told(), days.condition()) == ([], Condition.OK)
    days.looks()
    assert (days.told(), days.condition()) == ([("source_empty", "a")], Condition.EMPTY)
    days.looks(times=9)
    assert days.told() == []
    days.papers[section.url] = hourly("a")
    days.looks(times=3)
    assert (days.told(), days.condition()) == ([("source_back", "a")], Condition.OK)


@pytest.mark.parametrize(
    ("lost", "is_"),
    [
        ({"summary": ""}, "shape_changed"),
        ({"title": ""}, "shape_changed"),
        ({"published": None}, "dates_wrong"),
    ],
    ids=str,
)
def test_f26_fields_that_are_gone_against_the_habit_of_the_source_are_told_once(days, source, lost, is_):
    days.go(60, days=4)
    days.told()
    days.papers[source("a").url] = hourly("a", **lost)
    days.looks()
    assert days.told() == [], "once is no news"
    days.looks(times=5)
    assert (days.told(), days.condition()) == ([(f"source_{is_}", "a")], Condition(is_))
    days.papers[source("a").url] = hourly("a")
    days.looks(times=2)
    assert (days.told(), days.condition()) == ([("source_back", "a")], Condition.OK)


def test_f26_what_stays_changed_becomes_the_habit_of_the_source(days, source):
    days.go(60, days=4)
    days.papers[source("a").url] = hourly("a", summary="")
    days.go(60, days=1)
    assert ("source_shape_changed", "a") in days.told()
    days.go(60, days=9)
    assert days.told() == [("source_back", "a")]


def test_f27_a_silent_feed_is_told_after_a_day_or_six_times_its_usual_pause(days, source):
    days.papers[source("a").url] = hourly("a", hours=(0, 10, 20))
    days.go(hours=50)
    days.told()
    last = days.clock.now
    days.papers = {url: stopped(paper, last) for url, paper in days.papers.items()}
    days.go(hours=23)
    assert days.told() == []
    days.go(hours=4)
    assert days.told() == [("source_silent", "b")], "it brought something each hour"
    days.go(hours=24)
    assert days.told() == []
    days.go(hours=9)
    assert days.told() == [("source_silent", "a")], "it brought something each ten hours"
    days.papers = {source(name).url: hourly(name) for name in "ab"}
    days.go(hours=3)
    told = days.told()
    assert {("source_back", "a"), ("source_back", "b")} <= set(told) | {
        ("source_back", name) for kind, name in told if kind == "source_possible_gap"
    }


def test_f27_a_feed_that_rests_on_weekends_is_not_silent_then(days, source):
    """The first day is a Wednesday."""

    def weekdays(now):
        report = hourly("a", size=40)(now)
        entries = tuple(entry for entry in report.entries if entry.published.weekday() < 5)
        return replace(report, entries=entries[:10]) if entries else CrawlReport("", Outcome.UNCHANGED)

    days.papers = {source("a").url: weekdays, source("b").url: hourly("b")}
    days.go(120, days=21)
    days.said = []
    days.go(120, days=7)
    assert ("source_silent", "a") not in days.told()


def test_f28_no_overlap_is_a_possible_gap_that_its_archive_closes(days, source, db):
    days.go(hours=2)
    missed_from = days.clock.now
    days.clock.forward(hours=15)  # the service did not run: more came than the list holds
    now = days.clock.now
    archive = replace(hourly("a", size=20)(now), entries=hourly("a", size=20)(now).entries[10:])
    days.papers = {source("a").url: hourly("a"), source("a").url + "?paged=2": archive}
    days.papers[source("b").url] = hourly("b", size=40)
    days.go(minutes=30)
    (told,) = days.said
    assert (told.kind, told.subject) == (NoticeKind.SOURCE_GAP_CLOSED, "a")
    assert "which are read now" in told.text
    assert days.condition() is Condition.OK
    found = {row["url"] for row in rows(db, "SELECT url FROM entries")}
    hours = [missed_from + timedelta(hours=n) for n in range(15)]
    assert {f"https://articles-a.example/{at:%Y-%m-%d-%H}" for at in hours} <= found, "nothing is missing"


def test_f28_a_gap_that_no_archive_closes_is_told_once_and_forgotten_after_a_day(days, source):
    days.go(hours=2)
    days.clock.forward(hours=15)
    days.papers[source("b").url] = hourly("b", size=40)
    days.go(minutes=30)
    (told,) = days.said
    assert (told.kind, told.subject) == (NoticeKind.SOURCE_POSSIBLE_GAP, "a")
    assert "more may be missing" in told.text
    asked = [url for url in days.crawler.asked if url.startswith(f"{source('a').url}?")]
    assert asked == [f"{source('a').url}?paged=2", f"{source('a').url}?page=2"], "each way once"
    days.told()
    days.go(hours=23)
    assert days.told() == []
    days.go(hours=4)
    assert days.told() == [("source_back", "a")]


def test_f28_a_restart_goes_on_with_the_search(days, make_days, source):
    days.go(hours=2)
    days.clock.forward(hours=35)
    now = days.clock.now
    days.papers[source("b").url] = hourly("b", size=60)
    for number in (2, 3, 4):
        entries = hourly("a", size=10 * number)(now).entries[10 * number - 10 :]
        url = f"{source('a').url}?paged={number}"
        days.papers[url] = CrawlReport("", Outcome.OK, entries=entries)
    asyncio.run(days.tick())
    (gap,) = days.sources.gaps.to_search(9)
    assert gap.pages == 0
    again = make_days()
    again.papers = days.papers
    again.go(minutes=50)
    assert [notice.kind for notice in again.said] == [NoticeKind.SOURCE_GAP_CLOSED]
    assert days.sources.gaps.to_search(9) == ()


def test_f29_robots_that_forbid_a_source_stop_it_and_are_told_once(days, source):
    with site() as one:
        one.pages["/robots.txt"] = Reply(
            b"User-agent: *\nDisallow: /feed\n", headers={"Content-Type": "text/plain"}
        )
        crawler = LocalCrawler(WorkerOptions(allow_private=(one.host,), delay=0.01))
        there = source("a", url=f"http://{one.host}/feed")
        days.sources.sync([there], days.clock.now)
        days.watch._crawler = crawler

        async def look():
            try:
                for _ in range(6):
                    days.sources.look_now("a", days.clock.now)
                    await days.tick()
                    days.clock.forward(hours=6)
            finally:
                await crawler.close()

        asyncio.run(look())
        assert (days.told(), days.condition()) == ([("source_disallowed", "a")], Condition.DISALLOWED)
        assert set(one.counts) == {"/robots.txt"}, "nothing else is asked for"


def test_a_source_that_leads_to_another_site_is_told_once(days, source):
    days.go(hours=1)
    moved = hourly("a")
    days.papers[source("a").url] = lambda now: replace(moved(now), url="https://parking.example/lander")
    days.looks(times=4)
    (told,) = days.said
    assert told.kind is NoticeKind.SOURCE_REDIRECTED_ELSEWHERE
    assert told.text == "a leads to parking.example"


def test_what_was_told_of_a_source_ends_when_it_is_no_longer_declared(days, source, db):
    days.go(hours=1)
    days.papers[source("a").url] = failure("http_404")
    days.looks(times=3)
    assert days.told() == [("source_failing", "a")]
    days.sources.sync([source("b")], days.clock.now)
    days.go(minutes=10)
    assert days.told() == [("source_back", "a")]
    assert Notices(db).standing() == {}


def test_many_sources_that_change_at_once_are_one_message(make_days, sources, clock, source, db):
    names = [f"paper-{number}" for number in range(30)]
    sources.sync([source(name) for name in [*names, "b"]], clock.now)
    days = make_days()
    days.papers = {source(name).url: failure("http_403") for name in names} | {source("b").url: hourly("b")}
    days.go(hours=8)
    assert sorted(days.told()) == sorted(("source_failing", name) for name in names)
    (bundle,) = Ledger(db).claim(clock.now, lease=timedelta(minutes=5), limit=10)
    assert len(bundle.notices) == 30


def test_a_killed_service_says_nothing_twice(days, source, db, monkeypatch):
    days.go(hours=1)
    days.papers[source("a").url] = failure("http_404")
    days.looks(times=2)
    monkeypatch.setattr(days.wellness, "keep_all", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        days.looks()
    monkeypatch.undo()
    days.clock.forward(minutes=3)
    days.go(minutes=10)
    assert days.told() == []
    assert days.condition() is Condition.FAILING
    assert len(rows(db, "SELECT 1 FROM notices")) == 1


def test_an_archive_is_looked_at_as_its_source_is(days, source):
    days.go(hours=2)
    days.clock.forward(hours=15)
    days.go(minutes=30)
    (search, *_) = [task for task in days.crawler.looks if task.id == "search a"]
    assert (search.kind, search.validators.etag) == (Kind.FEED, None)
    assert search.source == "a", "by its headers, login and proxy"
