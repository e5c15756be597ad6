import asyncio
import logging
from datetime import timedelta

import pytest

from monitor import scheduler
from monitor.core.errors import StorageError
from monitor.scheduler import Timer

OFTEN, RARELY = timedelta(seconds=0.02), timedelta(hours=1)


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, 20))


async def until(holds):
    while not holds():
        await asyncio.sleep(0.005)


@pytest.fixture
def calls():
    return []


def test_ticks_come_at_once_and_again(calls):
    async def scenario():
        timer = Timer()
        timer.every(OFTEN, lambda: calls.append("often"), "often")
        timer.every(RARELY, lambda: calls.append("rarely"), "rarely")
        timer.start()
        await until(lambda: calls.count("often") >= 3)
        timer.stop()

    run(scenario())
    assert calls.count("rarely") == 1


def test_a_tick_can_be_hurried(calls):
    async def scenario():
        timer = Timer()
        timer.every(RARELY, lambda: calls.append(1), "rarely")
        timer.hurry("rarely")  # before the start there is nothing to hurry
        timer.start()
        await until(lambda: len(calls) == 1)
        timer.hurry("rarely")
        await until(lambda: len(calls) == 2)
        timer.stop()

    run(scenario())


def test_a_stopped_timer_calls_nothing(calls):
    async def scenario():
        timer = Timer()
        timer.every(OFTEN, lambda: calls.append(1), "often")
        timer.start()
        await until(lambda: calls)
        timer.stop()
        await asyncio.sleep(0.01)
        before = len(calls)
        await asyncio.sleep(0.1)
        assert len(calls) == before
        timer.hurry("often")
        timer.stop()

    run(scenario())


def test_a_tick_is_silent_since_it_last_ended_without_an_error(calls):
    def fail():
        calls.append(timer.silent())
        raise StorageError("disk full")

    async def scenario():
        timer.every(OFTEN, fail, "failing")
        timer.every(OFTEN, lambda: None, "well")
        timer.start()
        await until(lambda: len(calls) >= 5)
        timer.stop()

    timer = Timer()
    run(scenario())
    failing = [silent["failing"] for silent in calls]
    assert failing == sorted(failing), "it grows"
    assert failing[-1] >= 3 * OFTEN
    assert calls[-1]["well"] < failing[-1]


class Heard:
    """What the timer measured."""

    def __init__(self):
        self.runs, self.jumps = [], []

    def ran(self, tick, seconds, late):
        self.runs.append((tick, seconds, late))

    def jumped(self, seconds):
        self.jumps.append(seconds)


def test_how_long_a_tick_takes_and_how_late_it_begins_is_measured(calls):
    import time  # noqa: PLC0415  the loop stands still, as it does while a history is locked

    def slow():
        calls.append(timer.turned())
        if len(calls) == 1:
            time.sleep(0.2)
        raise StorageError("disk full")

    async def scenario():
        timer.every(OFTEN, slow, "slow")
        timer.start()
        await until(lambda: len(heard.runs) >= 2)
        timer.stop()

    heard = Heard()
    timer = Timer(heard)
    run(scenario())
    (name, seconds, _), (_, _, late) = heard.runs[:2]
    assert name == "slow"
    assert seconds >= 0.2
    assert late >= 0.2 - OFTEN.total_seconds(), "it was due while the first still ran"
    assert calls[1] < timedelta(seconds=0.2), "a tick that fails has turned the loop, too"


@pytest.mark.parametrize(
    ("error", "stands"), [(StorageError("disk full"), False), (ZeroDivisionError(), True)]
)
def test_a_tick_that_fails_by_a_bug_stands_still_and_one_that_says_why_does_not(calls, error, stands):
    def fail():
        calls.append(timer.stalled(5 * OFTEN))
        raise error

    async def scenario():
        timer.every(OFTEN, fail, "failing")
        timer.start()
        await until(lambda: len(calls) >= 20)
        timer.stop()

    timer = Timer()
    run(scenario())
    assert calls[0] == ()
    assert all(standing == ("failing",) for standing in calls[10:]) is stands


@pytest.mark.parametrize(
    ("error", "says"), [(StorageError("disk full"), "disk full"), (ZeroDivisionError(), "a bug in failing")]
)
def test_a_tick_that_fails_is_reported_and_comes_again(calls, caplog, error, says):
    def fail():
        calls.append(1)
        raise error

    async def scenario():
        timer = Timer()
        timer.every(OFTEN, fail, "failing")
        timer.start()
        await until(lambda: len(calls) >= 2)
        timer.stop()

    with caplog.at_level(logging.ERROR, "tumen.scheduler"):
        run(scenario())
    assert says in caplog.records[0].message
    assert bool(caplog.records[0].exc_info) is isinstance(error, ZeroDivisionError)


def test_a_tick_is_never_run_twice_at_a_time_though_it_is_late(calls):
    running = []

    def slow():
        running.append(1)
        assert len(running) == 1
        calls.append(1)
        running.pop()

    async def scenario():
        timer = Timer()
        timer.every(OFTEN, slow, "slow")
        timer.start()
        await until(lambda: calls)
        import time  # noqa: PLC0415  the loop stands still, as it does while a history is locked

        time.sleep(0.2)  # noqa: ASYNC251
        before = len(calls)
        await asyncio.sleep(0.01)
        assert len(calls) <= before + 2
        timer.stop()

    run(scenario())


def test_a_clock_that_was_set_moves_every_tick_to_now(calls, monkeypatch, caplog):
    import time  # noqa: PLC0415  set back below

    monkeypatch.setattr(scheduler, "_HEARTBEAT", 0.01)
    wall = time.time
    offset = [0.0]
    monkeypatch.setattr(time, "time", lambda: wall() + offset[0])

    async def scenario():
        timer = Timer(heard)
        timer.every(RARELY, lambda: calls.append(1), "rarely")
        timer.start()
        await until(lambda: len(calls) == 1)
        await asyncio.sleep(0.05)
        offset[0] = -3600.0
        await until(lambda: len(calls) == 2)
        timer.stop()

    heard = Heard()
    with caplog.at_level(logging.WARNING, "tumen.scheduler"):
        run(scenario())
    assert "the clock was set by -3600 s" in caplog.text
    assert list(map(round, heard.jumps)) == [-3600]
