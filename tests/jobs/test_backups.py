"""The service backs its history up between its other work, and says once that it cannot."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest

from monitor.core.delivery.deliveries import Recipient
from monitor.core.delivery.notices import Listener, Wish
from monitor.core.errors import InputError, StorageError
from monitor.core.rotation import Rotation
from monitor.jobs import backups as jobs
from monitor.jobs.backups import Backups, Plan
from monitor.jobs.keeper import Keeper
from monitor.store.backups import copying
from monitor.store.backups import folder as folders
from monitor.store.backups.copying import Stopped
from monitor.store.database import rows
from monitor.store.notices import Notices

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def plan(path):
    return Plan(path, path.with_name("backups"), path.with_name("captures"), DAY, Rotation(2, 0))


@pytest.fixture
def keeper(db, clock):
    return Keeper(Notices(db), (Listener("desk", (Recipient("desk", "anna"),), Wish.TROUBLE),), clock=clock)


@pytest.fixture
def make(db, plan, keeper, clock):
    return lambda given=plan: Backups(db, given, keeper, clock=clock)


def files(plan):
    return sorted(file.name for file in plan.folder.glob("*.db*"))


def said(db):
    return [row["text"] for row in rows(db, "SELECT text FROM notices ORDER BY id")]


async def ticks(backups, clock, lasts, every=MINUTE):
    """Let time pass, with a tick now and then, each of which has all the time that it needs."""
    ends = clock.now + lasts
    while clock.now < ends:
        backups.tick()
        if backups._work is not None:
            await asyncio.wait([backups._work])
            await asyncio.sleep(0)
        clock.forward(seconds=every.total_seconds())


def test_one_is_made_each_day_and_old_ones_go(make, plan, clock):
    asyncio.run(ticks(make(), clock, timedelta(days=3, hours=1), 5 * MINUTE))
    assert files(plan) == ["tumen-20261127T064000Z.db", "tumen-20261128T064000Z.db"]


def test_after_a_restart_it_goes_on_from_the_last_one(make, plan, clock):
    asyncio.run(ticks(make(), clock, HOUR))
    (first,) = files(plan)
    again = make()
    assert f"tumen-{again.last:%Y%m%dT%H%M%SZ}.db" == first
    asyncio.run(ticks(again, clock, 22 * HOUR, 5 * MINUTE))
    assert files(plan) == [first]
    asyncio.run(ticks(again, clock, 2 * HOUR, 5 * MINUTE))
    assert len(files(plan)) == 2


def test_a_clock_that_was_just_set_is_not_believed(make, plan, clock):
    backups = make()
    asyncio.run(ticks(backups, clock, 9 * MINUTE))
    clock.forward(days=400)
    asyncio.run(ticks(backups, clock, 9 * MINUTE))
    assert files(plan) == []
    asyncio.run(ticks(backups, clock, 9 * MINUTE))
    assert len(files(plan)) == 1


def test_a_clock_that_was_ahead_neither_stops_backups_nor_makes_one_each_minute(make, plan, clock):
    backups = make()
    clock.forward(days=30)
    asyncio.run(ticks(backups, clock, HOUR))
    clock.forward(days=-30)
    asyncio.run(ticks(make(), clock, 3 * HOUR, 5 * MINUTE))
    assert [name[6:14] for name in files(plan)] == ["20261125", "20261225"]


def test_who_wants_none_by_itself_gets_none(make, plan, clock):
    asyncio.run(ticks(make(Plan(plan.history, plan.folder, plan.captures, None)), clock, 2 * DAY, HOUR))
    assert not plan.folder.exists()


def test_that_it_cannot_be_done_is_said_once_and_that_it_can_again(make, plan, clock, db, monkeypatch):
    backups = make()
    monkeypatch.setattr(folders.shutil, "disk_usage", lambda _: SimpleNamespace(free=9))
    asyncio.run(ticks(backups, clock, 5 * HOUR))
    assert said(db) == ["the history cannot be backed up"]
    assert backups.last is None
    monkeypatch.undo()
    asyncio.run(ticks(backups, clock, 2 * HOUR))
    assert said(db) == ["the history cannot be backed up", "the history is backed up again"]
    assert len(files(plan)) == 1


def test_one_that_failed_is_tried_again_every_hour(make, clock, db, monkeypatch):
    tried = []

    def full(*_, **__):
        tried.append(clock.now)
        raise StorageError("no room")

    monkeypatch.setattr(jobs, "make", full)
    asyncio.run(ticks(make(), clock, 5 * HOUR))
    assert len(tried) == 5


def test_a_damaged_history_is_said_to_be_and_the_good_backup_stays(make, plan, clock, db):
    """F11."""
    asyncio.run(ticks(make(), clock, HOUR))
    good = files(plan)
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("INSERT INTO gaps (source, since, at) VALUES ('nobody', 'x', 'x')")
    db.conn.commit()
    clock.forward(days=1)
    asyncio.run(ticks(make(), clock, 3 * HOUR))
    assert said(db) == ["the history is damaged, and not backed up"]
    assert files(plan) == good


def test_a_bug_is_no_end_of_the_service(make, clock, monkeypatch, caplog):
    def broken(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(jobs, "make", broken)
    asyncio.run(ticks(make(), clock, HOUR))
    assert "a bug in backup" in caplog.text


def test_whoever_asks_gets_one_at_once_and_not_two(make, plan):
    async def ask(backups):
        first = asyncio.create_task(backups.back_up({}))
        await asyncio.sleep(0)
        with pytest.raises(InputError, match="is being made"):
            await backups.back_up({})
        return await first

    backups = make()
    made = asyncio.run(ask(backups))
    assert made["findings"] == []
    assert files(plan) == [f"tumen-{backups.last:%Y%m%dT%H%M%SZ}.db"]


def test_another_folder_is_not_rotated_and_does_not_count(make, plan, tmp_path, clock):
    backups = make()
    for _ in range(4):
        asyncio.run(backups.back_up({"folder": str(tmp_path / "stick")}))
        clock.forward(seconds=1)
    assert len(list((tmp_path / "stick").glob("*.db"))) == 4
    assert backups.last is None


def test_the_service_ends_without_waiting_for_it(make, plan, monkeypatch):
    """It is asked to end between the first page and the second."""
    asked_to_end = threading.Event()

    async def run():
        backups, began, loop = make(), asyncio.Event(), asyncio.get_running_loop()

        def between(_seconds):
            loop.call_soon_threadsafe(began.set)
            asked_to_end.wait()

        monkeypatch.setattr(copying, "_PAGES", 1)
        monkeypatch.setattr(copying.time, "sleep", between)
        asked = asyncio.create_task(backups.back_up({}))
        await began.wait()
        ending = asyncio.create_task(backups.stop())
        await asyncio.sleep(0)
        asked_to_end.set()
        await ending
        with pytest.raises(Stopped):
            await asked

    asyncio.run(run())
    assert files(plan) == []


def test_a_disk_that_hangs_does_not_hold_up_the_end(make, monkeypatch):
    hangs = threading.Event()

    def hang(*_, **__):
        hangs.wait()
        raise StorageError("at last")

    async def run():
        backups = make()
        asked = asyncio.create_task(backups.back_up({}))
        await asyncio.sleep(0)
        await backups.stop()
        assert not asked.done()

    monkeypatch.setattr(jobs, "make", hang)
    monkeypatch.setattr(jobs, "_LAST", 0.01)
    released = threading.Timer(10, hangs.set)
    released.start()
    asyncio.run(run())
    assert not hangs.is_set(), "the event loop has waited for the thread"
    released.cancel()
    hangs.set()


def test_a_disk_that_hangs_does_not_keep_the_service_from_starting(make, monkeypatch, caplog):
    hangs = threading.Event()
    released = threading.Timer(10, hangs.set)
    released.start()
    monkeypatch.setattr(folders.BackupFolder, "last", lambda *_: hangs.wait() and None)
    monkeypatch.setattr(jobs, "_GLANCE", 0.01)
    assert make().last is None
    assert not hangs.is_set()
    assert "does not answer" in caplog.text
    released.cancel()
    hangs.set()


def test_whoever_asked_and_is_dropped_at_the_end_leaves_no_thread_at_the_history(make, monkeypatch):
    """The socket is closed before the service's parts are, and the history after them."""
    begun, ended, released = threading.Event(), threading.Event(), threading.Event()

    def until_halted(*_, halt, **__):
        begun.set()
        try:
            while not released.is_set():
                halt.check()
        finally:
            ended.set()

    async def run():
        backups = make()
        asked = asyncio.create_task(backups.back_up({}))
        await asyncio.to_thread(begun.wait)
        asked.cancel()
        await asyncio.wait([asked])
        await backups.stop()
        has_ended = ended.is_set()
        released.set()
        assert has_ended

    monkeypatch.setattr(jobs, "make", until_halted)
    asyncio.run(run())


def test_another_folder_is_tried_at_once_after_one_that_failed(make, plan, clock, tmp_path):
    (tmp_path / "no folder").write_text("in the way")
    backups = make(Plan(plan.history, tmp_path / "no folder", plan.captures, DAY))
    asyncio.run(ticks(backups, clock, 12 * MINUTE))
    backups.keep(plan)
    asyncio.run(ticks(backups, clock, 2 * MINUTE))
    assert len(files(plan)) == 1


def test_another_plan_is_taken_up_while_it_runs(make, plan, clock, tmp_path):
    backups = make()
    backups.keep(Plan(plan.history, tmp_path / "elsewhere", plan.captures, HOUR))
    asyncio.run(ticks(backups, clock, 3 * HOUR))
    assert len(list((tmp_path / "elsewhere").glob("*.db"))) == 3
