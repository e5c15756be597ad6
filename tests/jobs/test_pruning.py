"""A run slice by slice, the service that prunes between its other work, and that nothing returns afterwards."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.delivery.deliveries import Recipient
from monitor.core.delivery.notices import Listener, Wish
from monitor.core.errors import DatabaseBusy
from monitor.core.models import Reason
from monitor.core.retention import PruneReason, Retention, RetentionClass
from monitor.jobs import pruning
from monitor.jobs.keeper import Keeper
from monitor.jobs.pruning import Pruner, Run
from monitor.store.archive import Archive
from monitor.store.database import check, open_reader, rows
from monitor.store.notices import Notices
from monitor.store.pruning import Pruning, Space

DAY = timedelta(days=1)
EVERYTHING = Retention(**{each.value: 30 * DAY for each in RetentionClass})
TEXT = "It rains in Hull. " * 100


class Stopwatch:
    """Says that each slice took as long as it is told."""

    def __init__(self, seconds=0.0):
        self.seconds, self.now = seconds, 0.0

    def __call__(self):
        self.now += self.seconds
        return self.now


@pytest.fixture
def weather(make_ingestor, take):
    """Take in so many articles off topic."""
    ingestor = make_ingestor()

    def run(many):
        for number in range(many):
            take(ingestor, f"Weather {number}", TEXT)

    return run


@pytest.fixture
def keeper(db, clock):
    listener = Listener("desk", (Recipient("desk", "anna"),), Wish.TROUBLE)
    return Keeper(Notices(db), (listener,), clock=clock)


@pytest.fixture
def make_pruner(db, clock, keeper):
    def make(retention=EVERYTHING, **changes):
        usual = {"clock": clock, "is_busy": lambda: False, "on_more": lambda: None}
        return Pruner(Pruning(db), Space(db), retention, keeper, **(usual | changes))

    return make


def count(db, table="articles"):
    return rows(db, f"SELECT count(*) AS many FROM {table}")[0]["many"]


def finish(run, now):
    slices = 0
    while run.slice(now):
        slices += 1
        assert slices < 10_000
    return slices


def tick_through(pruner, clock, **by):
    """Let so much time pass, a tick every ten seconds, and as many more as the pruner wants."""
    end = clock.now + timedelta(**by)
    while clock.now < end:
        clock.forward(seconds=10)
        pruner.tick()


# A run


def test_a_run_removes_what_is_old_and_gives_its_space_back(db, clock, weather):
    weather(200)
    clock.forward(days=100)
    weather(10)
    space, before = Space(db), Space(db).usage()
    run = Run(Pruning(db), space, Retention(entries=None), clock.now)
    finish(run, clock.now)
    assert count(db) == 10
    (one,) = run.pruned
    assert (one.what, one.why, one.removed) == (RetentionClass.UNMATCHED, PruneReason.AGE, 200)
    assert space.usage().free == 0
    assert space.usage().size < before.size * 0.6
    assert check(db) == ()


def test_slices_that_take_long_become_smaller(db, clock, weather):
    weather(120)
    clock.forward(days=100)

    def slices(seconds):
        run = Run(Pruning(db), Space(db), Retention(), clock.now, stopwatch=Stopwatch(seconds))
        sizes = []
        while count(db) > 20:
            before = count(db)
            run.slice(clock.now)
            sizes.append(before - count(db))
        return sizes

    slow = slices(0.5)
    assert slow[:3] == [20, 10, 5]
    assert set(slow[3:]) == {5}
    weather(100)
    clock.forward(days=100)
    assert slices(0.0)[:3] == [20, 25, 31]


def test_a_file_that_is_too_large_loses_the_oldest_articles_until_it_fits(db, clock, weather):
    weather(150)
    clock.forward(days=10)
    weather(150)
    clock.forward(days=10)
    used = Space(db).usage().used
    kept = Retention(size=int(used * 0.8))
    run = Run(Pruning(db), Space(db), kept, clock.now)
    finish(run, clock.now)
    assert 0 < count(db) < 300
    assert Space(db).usage().used <= kept.size * 0.95
    (one,) = run.pruned
    assert one.why is PruneReason.SIZE
    keys = [row["id"] for row in rows(db, "SELECT id FROM articles ORDER BY id")]
    assert keys == list(range(301 - len(keys), 301)), "the oldest go first"


def test_what_is_young_or_was_told_stays_however_large_the_file_is(db, clock, make_ingestor, take, weather):
    take(make_ingestor(), "North Korea sends 3,000 soldiers to Russia")
    clock.forward(days=100)
    weather(20)
    run = Run(Pruning(db), Space(db), Retention(size=1), clock.now)
    finish(run, clock.now)
    assert (count(db), count(db, "alerts")) == (21, 1)


def test_of_a_file_that_cannot_shrink_the_free_pages_stay_for_what_comes_next(db, clock, weather):
    db.execute("PRAGMA auto_vacuum = NONE")
    db.execute("PRAGMA journal_mode = DELETE")
    db.execute("VACUUM")
    weather(100)
    clock.forward(days=100)
    run = Run(Pruning(db), Space(db), Retention(), clock.now)
    finish(run, clock.now)
    assert count(db) == 0
    assert Space(db).usage().free > 0
    assert not Space(db).usage().shrinks


# The service


def test_the_service_prunes_once_a_day(db, clock, weather, make_pruner):
    weather(50)
    clock.forward(days=100)
    pruner = make_pruner()
    tick_through(pruner, clock, minutes=15)
    assert count(db) == 0
    weather(5)
    db.execute("UPDATE articles SET read_at = '2026-01-01', changed_at = '2026-01-01'")
    tick_through(pruner, clock, hours=23)
    assert count(db) == 5
    tick_through(pruner, clock, hours=2)
    assert count(db) == 0


def test_a_clock_that_was_just_set_removes_nothing(db, clock, weather, make_pruner):
    """What went by a wrong clock would be gone for good."""
    weather(50)
    pruner = make_pruner()
    tick_through(pruner, clock, hours=1)
    clock.forward(days=500)
    tick_through(pruner, clock, minutes=5)
    clock.forward(days=-500)
    tick_through(pruner, clock, days=1)
    assert count(db) == 50


def test_while_there_is_other_work_slices_are_rare(db, clock, weather, make_pruner):
    weather(60)
    clock.forward(days=100)
    asked = []
    pruner = make_pruner(is_busy=lambda: True, on_more=lambda: asked.append(clock.now))
    tick_through(pruner, clock, minutes=11)
    for _ in range(50):  # whoever wakes it in between does not get more out of it
        pruner.tick()
    assert 0 < count(db) < 60
    tick_through(pruner, clock, minutes=5)
    assert count(db) == 0


def test_pruning_waits_while_a_reader_keeps_the_log_from_being_emptied(
    db, path, clock, weather, make_pruner, monkeypatch
):
    monkeypatch.setattr(pruning, "_LONGEST_LOG", 4096 * 50)
    weather(400)
    clock.forward(days=100)
    reader = open_reader(path)
    reader.execute("BEGIN")
    count(reader)
    pruner = make_pruner()
    tick_through(pruner, clock, hours=2)
    left = count(db)
    assert left > 0
    assert Space(db).checkpoint() < 4096 * 300
    reader.close()
    tick_through(pruner, clock, hours=2)
    assert count(db) == 0


def test_the_keeper_hears_once_of_a_file_that_cannot_be_made_small_enough(db, clock, weather, make_pruner):
    weather(30)
    pruner = make_pruner(Retention(size=100_000))
    tick_through(pruner, clock, hours=30)
    kinds = "SELECT kind FROM notices ORDER BY id"
    assert [row["kind"] for row in rows(db, kinds)] == ["history_too_large"]
    roomy = make_pruner(Retention(size=10**9))
    tick_through(roomy, clock, hours=1)
    assert [row["kind"] for row in rows(db, kinds)] == ["history_too_large", "history_fits"]


def test_a_file_that_grows_too_large_is_pruned_within_the_hour(db, clock, weather, make_pruner):
    weather(100)
    clock.forward(days=10)
    kept = Retention(size=Space(db).usage().used + 50_000)
    pruner = make_pruner(kept)
    tick_through(pruner, clock, hours=1)
    assert count(db) == 100
    weather(100)
    tick_through(pruner, clock, hours=2)
    assert 0 < count(db) < 200
    assert Space(db).usage().used <= kept.size


def test_whoever_asks_gets_a_run_now_and_what_it_came_to(db, clock, weather, make_pruner):
    weather(50)
    clock.forward(days=100)

    async def ask():
        pruner = make_pruner(is_busy=lambda: True)
        asked = [asyncio.create_task(pruner.prune({})) for _ in range(2)]
        for _ in range(200):
            await asyncio.sleep(0)
            pruner.tick()
        return [await each for each in asked]

    first, second = asyncio.run(ask())
    assert first == second
    assert {one["class"]: one["removed"] for one in first["pruned"]}["unmatched"] == 50
    assert (first["free"], first["too_large"], first["shrinks"]) == (0, False, True)
    assert count(db) == 0


def test_whoever_asks_hears_that_it_failed_and_the_run_goes_on(db, clock, weather, make_pruner, monkeypatch):
    weather(50)
    clock.forward(days=100)
    prune = Pruning.prune

    def busy(*_, **__):
        raise DatabaseBusy("held")

    async def ask():
        pruner = make_pruner()
        asked = asyncio.create_task(pruner.prune({}))
        await asyncio.sleep(0)
        monkeypatch.setattr(Pruning, "prune", busy)
        with pytest.raises(DatabaseBusy):
            pruner.tick()
        with pytest.raises(DatabaseBusy):
            await asked
        monkeypatch.setattr(Pruning, "prune", prune)
        for _ in range(100):
            pruner.tick()

    asyncio.run(ask())
    assert count(db) == 0


# Nothing returns


async def settle(watch, clock):
    for _ in range(10):
        clock.forward(seconds=61)
        watch.tick()
        while not watch.idle:
            await asyncio.sleep(0)


def test_what_was_pruned_is_neither_fetched_nor_told_again(
    db, clock, sources, source, crawler, looked, page, make_ingestor, make_watch
):
    """Everything is pruned; then the same feed is looked at again, and one that lists the same by other addresses."""
    sources.sync([source(), source("b")], clock.now)
    texts = {
        "https://a.example/told": "North Korea sends 3,000 soldiers to Russia",
        "https://a.example/rain": "It rains in Hull",
    }
    crawler.answers["https://a.example/rss"] = looked(*texts)
    crawler.answers["https://b.example/rss"] = looked("https://b.example/own", published=None)
    crawler.answers["https://b.example/own"] = page("https://b.example/own", "Nothing")
    for url, title in texts.items():
        crawler.answers[url] = page(url, title)
    asyncio.run(settle(make_watch(make_ingestor()), clock))
    assert (count(db), count(db, "alerts")) == (3, 1)
    db.execute("UPDATE deliveries SET state = 'sent'")

    clock.forward(days=400)
    finish(Run(Pruning(db), Space(db), EVERYTHING, clock.now), clock.now)
    assert count(db) == count(db, "alerts") == count(db, "stories") == 0
    assert check(db) == ()

    crawler.jobs.clear()
    aliases = {f"https://b.example/go?to={number}": url for number, url in enumerate(texts)}
    crawler.answers["https://b.example/rss"] = looked(*aliases, published=clock.now)
    for alias, url in aliases.items():
        crawler.answers[alias] = page(url, texts[url], published=clock.now)
    asyncio.run(settle(make_watch(make_ingestor()), clock))
    assert not set(crawler.asked) & set(texts), "a pruned page was fetched again"
    assert set(aliases) <= set(crawler.asked)
    assert count(db) == count(db, "alerts") == count(db, "deliveries") == 0
    for alias in aliases:
        assert Archive(db).entry(alias).reason == Reason.PRUNED


def test_a_page_whose_alert_was_pruned_is_not_told_again(
    db, clock, sources, source, crawler, looked, page, make_ingestor, make_watch
):
    sources.sync([source()], clock.now)
    url, title = "https://a.example/told", "North Korea sends 3,000 soldiers to Russia"
    crawler.answers["https://a.example/rss"] = looked(url)
    crawler.answers[url] = page(url, title)
    asyncio.run(settle(make_watch(make_ingestor()), clock))
    db.execute("UPDATE deliveries SET state = 'sent'")
    clock.forward(days=400)
    kept = replace(EVERYTHING, matched=None)
    finish(Run(Pruning(db), Space(db), kept, clock.now), clock.now)
    assert (count(db), count(db, "alerts")) == (1, 0)

    alias = "https://a.example/go?to=1"
    crawler.answers["https://a.example/rss"] = looked(alias, published=clock.now)
    crawler.answers[alias] = page(url, title.replace("3,000", "4,000"), published=clock.now)
    asyncio.run(settle(make_watch(make_ingestor()), clock))
    assert alias in crawler.asked
    assert (count(db), count(db, "alerts")) == (1, 0)


@pytest.mark.parametrize("kept", [Retention(), EVERYTHING])
def test_pruning_a_history_of_today_changes_nothing(db, clock, make_ingestor, take, weather, kept):
    take(make_ingestor(), "North Korea sends 3,000 soldiers to Russia")
    weather(3)
    before = db.conn.total_changes
    clock.forward(days=6)
    finish(Run(Pruning(db), Space(db), kept, clock.now), clock.now)
    assert db.conn.total_changes == before


def test_what_is_to_be_kept_for_longer_survives_a_run_that_is_under_way(db, clock, weather, make_pruner):
    weather(300)
    clock.forward(days=100)
    pruner = make_pruner(EVERYTHING)

    async def ask():
        asked = asyncio.create_task(pruner.prune({}))
        await asyncio.sleep(0)
        while (left := count(db)) == 300:
            pruner.tick()
        pruner.keep(Retention(unmatched=timedelta(days=200)))
        while not asked.done():
            pruner.tick()
            await asyncio.sleep(0)
        return left

    left = asyncio.run(ask())
    assert 0 < left < 300
    assert count(db) == left
