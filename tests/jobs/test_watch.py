import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.errors import CrawlError, StorageError
from monitor.core.matching import Matcher
from monitor.core.models import Reason
from monitor.core.sources.pacing import Pace
from monitor.core.sources.validating import CHECK_LOOKS
from monitor.jobs.steps import Step
from monitor.jobs.terms import Terms
from monitor.store.history import History
from spiders.items import CrawlReport, Entry, Look, Outcome, Validators, host

TERMS = Terms(Pace(), timedelta(hours=24), batch=10, deadline=timedelta(seconds=60))
ON_TOPIC = "North Korea sends soldiers to Russia"


@pytest.fixture
def desk(make_ingestor, make_watch):
    """A watch with its surroundings, and what it said to the rest of the service."""

    class Desk:
        said: Counter = Counter()  # noqa: RUF012  one desk for each test
        ingestor = make_ingestor()
        watch = make_watch(
            ingestor,
            on_alert=lambda: Desk.said.update(["alert"]),
            on_more=lambda: Desk.said.update(["more"]),
            observe=lambda step, _: Desk.said.update([step]),
        )

        async def until_idle(self):
            """Tick once, and wait until nothing is in flight."""
            self.watch.tick()
            while not self.watch.idle:
                await asyncio.sleep(0)

        async def settle(self, times=3):
            for _ in range(times):
                await self.until_idle()

    return Desk()


def state_of(sources, name="a"):
    return next(state for state in sources.states() if state.source.name == name)


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, 20))


def test_a_look_finds_entries_their_pages_are_read_and_told(
    desk, sources, crawler, clock, source, looked, page, db
):
    sources.sync([source()], clock.now)
    url = "https://b.example/1"
    crawler.answers = {source().url: looked(url), url: page(url, ON_TOPIC)}
    run(desk.settle())
    assert crawler.asked == [source().url, url]
    assert desk.said["alert"] == 1
    (alert,) = History(db).alerts(limit=9)
    assert alert.title == ON_TOPIC
    assert sources.to_read(clock.now, 9) == ()
    assert state_of(sources).next_due > clock.now


def test_what_is_not_due_is_left_alone(desk, sources, crawler, clock, source):
    sources.sync([source()], clock.now + timedelta(hours=1))
    run(desk.settle())
    assert crawler.jobs == []


def test_no_two_jobs_share_a_host_and_nothing_is_asked_twice(desk, sources, crawler, clock, source):
    many = [source(f"s{n}", url=f"https://h{n % 7}.example/{n}") for n in range(40)]
    sources.sync(many, clock.now)
    flying = []

    async def scenario():
        crawler.gate.clear()
        for _ in range(5):
            desk.watch.tick()
            await asyncio.sleep(0)
        flying.extend(crawler.jobs)
        crawler.gate.set()
        await desk.settle(9)

    run(scenario())
    hosts = [host(url) for job in flying for url in {host(task.url): task.url for task in job.tasks}.values()]
    assert len(hosts) == len(set(hosts))
    assert sorted(crawler.asked) == sorted(item.url for item in many)


def test_a_host_that_wants_long_rests_is_in_no_job_while_it_rests_and_then_with_one_task(
    desk, sources, crawler, clock, source, looked, page
):
    sources.sync([source()], clock.now)
    urls = [f"https://slow.example/{n}" for n in range(3)]
    crawler.answers = {source().url: looked(*urls)} | {
        url: replace(page(url, ON_TOPIC), rest=60.0) for url in urls
    }
    crawler.answers[source().url] = replace(crawler.answers[source().url], rest=1.0)
    run(desk.settle())
    assert len(crawler.asked) == 4  # nobody knew
    more = [f"https://slow.example/more/{n}" for n in range(2)]
    crawler.answers |= {source().url: looked(*more)} | {
        url: replace(page(url, ON_TOPIC), rest=60.0) for url in more
    }
    sources.look_now("a", clock.now)
    run(desk.settle())
    assert crawler.asked[4:] == [source().url]
    clock.now += timedelta(seconds=61)
    run(desk.settle())
    assert crawler.asked[5:] == more[:1]
    clock.now -= timedelta(days=1)  # a clock that is set back makes no rest longer
    run(desk.settle(1))
    assert crawler.asked[6:] == more[1:]


def test_a_host_is_free_again_once_its_tasks_have_reported(desk, sources, crawler, clock, source):
    sources.sync([source("quick"), source("slow")], clock.now)

    async def scenario():
        slow = asyncio.Event()
        crawler.answers = {source("slow").url: slow, source("quick").url: CrawlReport("", Outcome.UNCHANGED)}
        desk.watch.tick()
        while not desk.said[Step.ENTRIES_STORED]:
            await asyncio.sleep(0)
        assert not desk.watch.idle
        sources.look_now("quick", clock.now)
        sources.look_now("slow", clock.now)
        desk.watch.tick()
        await asyncio.sleep(0)
        assert Counter(crawler.asked) == {source("quick").url: 2, source("slow").url: 1}
        slow.set()
        while not desk.watch.idle:
            await asyncio.sleep(0)

    run(scenario())


@pytest.mark.parametrize("fault", ["crawler", "history"])
def test_a_fault_pauses_the_work_and_loses_nothing(
    desk, sources, crawler, clock, source, looked, page, path, fault, monkeypatch
):
    sources.sync([source()], clock.now)
    crawler.answers = {
        source().url: looked("https://b.example/1"),
        "https://b.example/1": page("https://b.example/1", ON_TOPIC),
    }

    def refuse(*_, **__):
        raise StorageError("disk full")

    with monkeypatch.context() as patch:
        if fault == "crawler":
            crawler.broken = CrawlError("no worker")
        else:
            patch.setattr(sources, "save_looks", refuse)
        run(desk.settle())
    crawler.broken = None
    assert len(crawler.jobs) == 1
    clock.forward(seconds=29)
    run(desk.settle())
    assert len(crawler.jobs) == 1
    clock.forward(seconds=2)
    run(desk.settle())
    assert desk.said["alert"] == 1


def test_a_history_that_cannot_be_read_pauses_as_well(
    desk, sources, clock, source, crawler, monkeypatch, caplog
):
    sources.sync([source()], clock.now)

    def refuse(*_, **__):
        raise StorageError("locked")

    with monkeypatch.context() as patch:
        patch.setattr(sources, "due", refuse)
        run(desk.settle(5))
    assert [record.message for record in caplog.records if "locked" in record.message] == [
        "nothing is read for 30 s: locked"
    ]
    clock.forward(seconds=31)
    run(desk.settle())
    assert crawler.asked


def test_after_a_fault_of_the_history_the_rest_of_a_job_keeps_its_hosts_until_it_reported(
    desk, sources, crawler, clock, source, monkeypatch
):
    sources.sync([source("a"), source("b")], clock.now)

    def refuse(*_, **__):
        raise StorageError("disk full")

    async def scenario():
        late = asyncio.Event()
        crawler.answers = {source("b").url: late}
        with monkeypatch.context() as patch:
            patch.setattr(sources, "save_looks", refuse)
            desk.watch.tick()
            while not desk.said[Step.LOOKED]:
                await asyncio.sleep(0)
            await asyncio.sleep(0)
            clock.forward(seconds=31)
            desk.watch.tick()
            await asyncio.sleep(0)
        assert Counter(crawler.asked) == {source("a").url: 2, source("b").url: 1}
        late.set()
        while not desk.watch.idle:
            await asyncio.sleep(0)

    run(scenario())


def test_a_page_behind_a_wall_is_taken_from_title_and_teaser(
    desk, sources, crawler, clock, source, looked, db
):
    sources.sync([source()], clock.now)
    url = "https://b.example/1"
    entry = Entry(url, ON_TOPIC, "They arrived in Kursk", clock.now)
    crawler.answers = {
        source().url: replace(looked(), entries=(entry,)),
        url: CrawlReport("", Outcome.FAILED, "robots", "x"),
    }
    run(desk.settle())
    (alert,) = History(db).alerts(limit=9)
    assert (alert.title, alert.language) == (ON_TOPIC, "en")


def test_a_page_without_text_or_title_is_given_up_with_its_reason(
    desk, sources, crawler, clock, source, looked, db
):
    sources.sync([source()], clock.now)
    url = "https://b.example/1"
    crawler.answers = {
        source().url: replace(looked(), entries=(Entry(url),)),
        url: CrawlReport("", Outcome.FAILED, "no_text", "x"),
    }
    run(desk.settle())
    assert sources.to_read(clock.now + timedelta(days=9), 9) == ()
    (row,) = db.query("SELECT state, reason FROM entries")
    assert row == {"state": "failed", "reason": "no_text"}


def test_a_page_that_fails_for_now_is_tried_again_later_and_then_taken_from_its_teaser(
    desk, sources, crawler, clock, source, looked
):
    sources.sync([source()], clock.now)
    url = "https://b.example/1"
    entry = Entry(url, ON_TOPIC, "", clock.now)
    crawler.answers = {
        source().url: replace(looked(), entries=(entry,)),
        url: CrawlReport("", Outcome.FAILED, "timeout", "x"),
    }
    run(desk.settle())
    assert crawler.asked.count(url) == 1
    for _ in range(6):
        clock.forward(hours=7)
        run(desk.settle(1))
    assert crawler.asked.count(url) == 5
    assert desk.said["alert"] == 1


def test_a_failed_look_keeps_the_validators_and_never_gives_up(desk, sources, crawler, clock, source, looked):
    sources.sync([source()], clock.now)
    crawler.answers = {source().url: looked(etag='"7"')}
    run(desk.settle())
    crawler.answers = {
        source().url: CrawlReport("", Outcome.FAILED, "http_500", "x", validators=Validators('"bad"'))
    }
    for failures in range(1, 40):
        clock.now = state_of(sources).next_due
        run(desk.settle(1))
        assert crawler.looks[-1].validators == Validators('"7"')
        state = state_of(sources)
        assert state.failures == failures
        assert clock.now < state.next_due <= clock.now + timedelta(hours=7)
    crawler.answers = {source().url: looked(etag='"8"')}
    clock.now = state_of(sources).next_due
    run(desk.settle(1))
    assert (state_of(sources).failures, state_of(sources).validators.etag) == (0, '"8"')


def test_the_first_look_reads_what_is_recent_only(desk, sources, crawler, clock, source, looked, page, db):
    sources.sync([source()], clock.now)
    old, fresh, undated = (f"https://b.example/{name}" for name in ("old", "fresh", "undated"))
    entries = (
        Entry(old, "x", "", clock.now - timedelta(days=3)),
        Entry(fresh, "x", "", clock.now - timedelta(hours=1)),
        Entry(undated, "x"),
    )
    crawler.answers = {
        source().url: replace(looked(), entries=entries),
        fresh: page(fresh, ON_TOPIC, published=clock.now - timedelta(hours=1)),
        undated: page(undated, "North Korea, Russia sign treaty", published=clock.now - timedelta(days=30)),
    }
    run(desk.settle())
    assert set(crawler.asked) == {source().url, fresh, undated}
    assert desk.said["alert"] == 1
    reasons = {row["url"]: row["reason"] for row in db.query("SELECT url, reason FROM entries")}
    assert reasons[old] == Reason.BASELINE
    assert reasons[undated] == Reason.BASELINE


def test_an_unchanged_look_reads_nothing(desk, sources, crawler, clock, source):
    sources.sync([source()], clock.now)
    crawler.answers = {source().url: CrawlReport("", Outcome.UNCHANGED)}
    run(desk.settle())
    assert crawler.asked == [source().url]
    assert state_of(sources).last_ok == clock.now


def test_one_article_that_trips_over_a_bug_stops_no_other_and_is_not_hammered(
    desk, sources, crawler, clock, source, looked, page, monkeypatch, db, caplog
):
    sources.sync([source()], clock.now)
    bad, good = "https://b.example/bad", "https://b.example/good"
    crawler.answers = {source().url: looked(bad, good), bad: page(bad, "x"), good: page(good, ON_TOPIC)}
    take = desk.ingestor.take

    def trip(pending, article, *rest):
        if article.url == bad:
            raise ZeroDivisionError
        return take(pending, article, *rest)

    monkeypatch.setattr(desk.ingestor, "take", trip)
    run(desk.settle(6))
    assert desk.said["alert"] == 1
    assert crawler.asked.count(bad) == 1
    assert [row["reason"] for row in db.query("SELECT reason FROM entries WHERE url = ?", [bad])] == ["bug"]
    assert any("a bug while" in record.message for record in caplog.records)
    for _ in range(9):
        clock.forward(hours=7)
        run(desk.settle(1))
    assert crawler.asked.count(bad) == 5


def test_a_stop_leaves_what_is_in_flight_due(desk, sources, crawler, clock, source):
    sources.sync([source()], clock.now)

    async def scenario():
        crawler.gate.clear()
        desk.watch.tick()
        await asyncio.sleep(0)
        await desk.watch.stop()
        assert desk.watch.idle

    run(scenario())
    assert [state.source.name for state in sources.due(clock.now, 9)] == ["a"]


def test_a_job_asks_as_the_history_says(desk, sources, crawler, clock, source):
    sources.sync([source(links="a.news", weight=1)], clock.now)
    run(desk.settle())
    (look,) = crawler.looks
    assert look == Look("look a", source().url, source().kind, "a.news", Validators(), 60.0, "a")


def test_a_source_whose_unchanged_is_wrong_is_found_out_and_believed_no_more(
    desk, sources, crawler, clock, source, looked
):
    sources.sync([source()], clock.now)
    crawler.answers = {source().url: looked("https://b.example/1")}
    run(desk.settle(1))
    crawler.answers = {source().url: CrawlReport("", Outcome.UNCHANGED)}
    for _ in range(CHECK_LOOKS):
        clock.now = state_of(sources).next_due
        run(desk.settle(1))
        assert crawler.looks[-1].validators == Validators('"1"')
    crawler.answers = {source().url: looked("https://b.example/1", "https://b.example/2")}
    for _ in range(3):
        clock.now = state_of(sources).next_due
        run(desk.settle(1))
        assert crawler.looks[-1].validators == Validators()
        assert state_of(sources).distrusted_at is not None
    assert len({entry.url for entry in crawler.answers[source().url].entries} & set(crawler.asked)) == 2
    sources.sync([source(url="https://a.example/new")], clock.now)
    assert state_of(sources).distrusted_at is None


def test_a_source_that_is_truly_unchanged_stays_believed(desk, sources, crawler, clock, source, looked):
    sources.sync([source()], clock.now)
    crawler.answers = {source().url: looked("https://b.example/1")}
    run(desk.settle(1))
    for _ in range(2 * CHECK_LOOKS):
        whole = state_of(sources).unchanged >= CHECK_LOOKS
        answer = looked("https://b.example/1") if whole else CrawlReport("", Outcome.UNCHANGED)
        crawler.answers = {source().url: answer}
        sources.hasten("a", clock.forward(minutes=5))
        run(desk.settle(1))
    assert state_of(sources).distrusted_at is None
    assert sum(look.validators == Validators() for look in crawler.looks) == 2


def test_what_is_off_topic_by_its_teaser_is_not_fetched_if_the_pack_says_so(
    desk, sources, crawler, clock, source, looked, page, pack, db
):
    sources.sync([source()], clock.now)
    beside, near = "https://b.example/beside", "https://b.example/near"
    teaser = "It rained in the night, and the roads of the county were closed until the morning."
    entries = (Entry(beside, "Rain", teaser), Entry(near, "Rain", f"{teaser} Shells were found."))
    crawler.answers = {source().url: replace(looked(), entries=entries), near: page(near, ON_TOPIC)}
    asyncio.run(desk.ingestor.take_up(Matcher([replace(pack, skim=True)]), lambda _: [], clock.now))
    run(desk.settle())
    assert crawler.asked == [source().url, near]
    (row,) = db.query("SELECT state, reason FROM entries WHERE url = ?", [beside])
    assert row == {"state": "skipped", "reason": "skimmed"}


def test_as_a_story_breaks_who_told_it_and_its_language_are_looked_at_sooner(
    desk, sources, crawler, clock, source, looked, page
):
    told, alike = source("told", weight=1), source("alike", weight=1)
    foreign = source("foreign", weight=1, language="ru")
    sources.sync([told, alike, foreign], clock.now)
    url = "https://b.example/1"
    crawler.answers = {one.url: CrawlReport("", Outcome.UNCHANGED) for one in (alike, foreign)}
    crawler.answers |= {told.url: looked(url), url: page(url, "Weather", "It rains.")}
    run(desk.settle())
    calm = {state.source.name: state.next_due for state in sources.states()}
    clock.forward(minutes=30)
    sources.look_now("told", clock.now)
    other = "https://b.example/2"
    crawler.answers |= {told.url: looked(other), other: page(other, ON_TOPIC)}
    run(desk.settle())
    hurried = {state.source.name: state.next_due for state in sources.states()}
    assert hurried["told"] - clock.now < timedelta(minutes=15)
    assert hurried["alike"] < calm["alike"]
    assert hurried["foreign"] == calm["foreign"]


def test_a_source_is_looked_at_the_more_often_the_more_it_brings(
    desk, sources, crawler, clock, source, looked
):
    sources.sync([source("busy"), source("idle")], clock.now)
    begin = clock.now
    crawler.answers = {source("idle").url: looked("https://idle.example/0", published=clock.now)}
    for number in range(2000):
        address = f"https://busy.example/{number}"
        crawler.answers[source("busy").url] = looked(address, published=clock.now)
        run(desk.settle(1))
        clock.now = max(clock.now + timedelta(minutes=1), sources.next_due())
        if clock.now > begin + timedelta(days=2):
            break
    asked = Counter(look.url for look in crawler.looks)
    assert asked[source("busy").url] > 3 * asked[source("idle").url]


def test_other_terms_count_from_the_next_tick_on(desk, sources, crawler, clock, source):
    many = [source(f"s{number}") for number in range(10)]
    sources.sync(many, clock.now)
    desk.watch.take_up(Terms(Pace(), timedelta(hours=1), 2, timedelta(seconds=7)), many)
    run(desk.until_idle())
    assert {len(job.tasks) for job in crawler.jobs} == {2}
    assert {task.deadline for task in crawler.looks} == {7.0}


@pytest.mark.parametrize("declared", [[], [("a", {"url": "https://new.example/rss"})]], ids=["gone", "moved"])
def test_a_look_at_a_former_address_is_not_taken_in(desk, sources, crawler, clock, source, looked, declared):
    """Its entries, its baseline and its validators would be taken for those of the new one."""
    sources.sync([source()], clock.now)
    crawler.answers = {source().url: looked("https://a.example/1")}
    now = [source(name, **changes) for name, changes in declared]

    async def scenario():
        crawler.gate.clear()
        desk.watch.tick()
        await asyncio.sleep(0)
        sources.sync(now, clock.now)
        desk.watch.take_up(TERMS, now)
        crawler.gate.set()
        while not desk.watch.idle:
            await asyncio.sleep(0)

    run(scenario())
    assert crawler.asked == [source().url]
    assert sources.to_read(clock.now, 9) == ()
    assert sources.state("a").validators == Validators()
    assert sources.state("a").looked_at is None
    crawler.answers = {one.url: looked("https://new.example/1") for one in now}
    run(desk.until_idle())
    assert crawler.asked[1:] == [one.url for one in now]


def test_a_look_at_a_source_that_stays_is_taken_in(desk, sources, crawler, clock, source, looked):
    sources.sync([source()], clock.now)
    crawler.answers = {source().url: looked("https://b.example/1")}

    async def scenario():
        crawler.gate.clear()
        desk.watch.tick()
        await asyncio.sleep(0)
        desk.watch.take_up(TERMS, [source(weight=1)])
        crawler.gate.set()
        while not desk.watch.idle:
            await asyncio.sleep(0)

    run(scenario())
    assert len(sources.to_read(clock.now, 9)) == 1


@pytest.fixture
def five(sources, clock, source, crawler):
    """Five sources that are due and answer at once."""
    many = [source(name) for name in "abcde"]
    sources.sync(many, clock.now)
    crawler.answers = {one.url: CrawlReport("", Outcome.UNCHANGED) for one in many}
    return many


@pytest.fixture
def stored(sources, monkeypatch):
    """Which looks were stored together, by the names of their sources."""
    found, save = [], sources.save_looks

    def noted(looks, **named):
        found.append([look.source for look in looks])
        return save(looks, **named)

    monkeypatch.setattr(sources, "save_looks", noted)
    return found


@pytest.mark.usefixtures("five")
def test_looks_that_arrive_together_are_stored_together(desk, stored):
    run(desk.until_idle())
    assert stored == [["a", "b", "c", "d", "e"]]


def test_while_storing_takes_long_looks_are_gathered(desk, sources, crawler, clock, source, five, stored):
    async def scenario():
        gates = [asyncio.Event() for _ in five]
        crawler.answers = {one.url: gate for one, gate in zip(five, gates, strict=True)}
        crawler.room = 8
        desk.watch.take_up(replace(TERMS, batch=1), five)
        desk.watch.tick()
        desk.watch._free_at = asyncio.get_running_loop().time() + 0.05
        for gate in gates:
            gate.set()
            await asyncio.sleep(0)
        while not desk.watch.idle:
            await asyncio.sleep(0)

    run(scenario())
    assert [sorted(names) for names in stored] == [["a", "b", "c", "d", "e"]]


@pytest.mark.usefixtures("five")
def test_a_look_that_trips_over_a_bug_spoils_none_of_those_stored_with_it(
    desk, sources, clock, monkeypatch, caplog
):
    unlisted = sources.unlisted

    def trip(name, report):
        if name == "c" and report.outcome is not Outcome.FAILED:
            raise ZeroDivisionError
        return unlisted(name, report)

    monkeypatch.setattr(sources, "unlisted", trip)
    run(desk.until_idle())
    assert {name: state_of(sources, name).last_reason for name in "abcde"} == {
        "a": "",
        "b": "",
        "c": "bug",
        "d": "",
        "e": "",
    }
    assert all(state_of(sources, name).next_due > clock.now for name in "abcde")
    assert any("a bug while" in record.message for record in caplog.records)


@pytest.mark.usefixtures("five")
def test_looks_that_have_arrived_and_are_not_stored_are_due_after_a_stop(desk, sources, clock, crawler):
    async def scenario():
        desk.watch.tick()
        await asyncio.sleep(0)
        assert len(desk.watch._arrived) == 5
        await desk.watch.stop()
        assert desk.watch.idle
        await asyncio.sleep(0.01)

    run(scenario())
    assert [state.source.name for state in sources.due(clock.now, 9)] == [*"abcde"]


@pytest.mark.usefixtures("five")
def test_what_a_fault_keeps_from_being_stored_is_all_due_again(desk, sources, clock, monkeypatch, caplog):
    def refuse(*_, **__):
        raise StorageError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(sources, "save_looks", refuse)
        run(desk.settle())
    assert [state.source.name for state in sources.due(clock.now, 9)] == [*"abcde"]
    assert [record.message for record in caplog.records if "disk full" in record.message] == [
        "nothing is read for 30 s: disk full"
    ]
    clock.forward(seconds=31)
    run(desk.settle(1))
    assert sources.due(clock.now, 9) == ()
