"""A newsroom under a clock that the test turns."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.demo.newsroom import Newsroom

START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


class Clock:
    """Stands at a number of seconds after the start until it is set to another."""

    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now

    def set_to(self, seconds):
        self.now = START + timedelta(seconds=seconds)


@pytest.fixture
def start():
    return START


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def newsroom(start, clock):
    with Newsroom(start, clock) as newsroom:
        yield newsroom
