"""In virtual time nothing is waited for but work."""

import asyncio
import time
from contextlib import closing
from datetime import timedelta

import pytest

from tests.bench.virtual_time import BEGIN, Loop, Shares


@pytest.fixture
def loop():
    with closing(Loop()) as made:
        yield made


def test_hours_pass_when_nothing_is_to_be_done_and_each_wait_has_its_length(loop):
    async def wait():
        await asyncio.gather(asyncio.sleep(3600), asyncio.sleep(1800))
        return loop.time(), loop.now()

    seconds, now = loop.run_until_complete(wait())
    assert seconds == pytest.approx(3600)
    assert now - BEGIN == pytest.approx(timedelta(hours=1), abs=timedelta(milliseconds=1))


def test_time_stands_still_while_a_thread_is_at_work(loop):
    async def work():
        asleep = asyncio.create_task(asyncio.sleep(10))
        await asyncio.to_thread(time.sleep, 0.02)
        done = loop.time()
        await asleep
        return done

    assert loop.run_until_complete(work()) == pytest.approx(0, abs=0.1)


def test_what_is_used_within_a_part_is_not_counted_to_that_around_it():
    shares = Shares()
    with shares.of("outer"), shares.of("inner"):
        until = time.thread_time() + 0.02
        while time.thread_time() < until:
            pass
    assert shares.used["inner"] >= 0.02
    assert shares.used["outer"] < 0.01
