from __future__ import annotations

import contextlib

import pytest

from monitor.demo.inbox import Inbox
from tests.system.desk import Desk
from tests.system.town import Door, Town, small_town


@pytest.fixture
def desk(tmp_path):
    """A folder to run Tumen in. Whatever it starts must be gone when it has ended."""
    one = Desk(tmp_path)
    yield one
    left = one.clear()
    assert not left, f"processes were left behind: {left}"


@pytest.fixture
def town():
    """A town without newspapers."""
    with Town() as one:
        yield one


@pytest.fixture
def small(town):
    """A town with eight articles about four developments."""
    return small_town(town)


@pytest.fixture
def inbox():
    """A mail server that outlives the service."""
    with Inbox() as one:
        yield one


@pytest.fixture
def door():
    """Makes ports that refuse everybody until they are opened."""
    with contextlib.ExitStack() as stack:

        def make(port: int) -> Door:
            one = Door(port)
            stack.callback(one.close)
            return one

        yield make
