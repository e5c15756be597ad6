"""What the service says to its manager, over real sockets."""

from __future__ import annotations

import os
import socket
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from monitor import supervision
from monitor.supervision import Manager


@pytest.fixture(params=["path", "name"])
def address(request):
    """Where a manager listens: a file, or a name that only the kernel knows."""
    if request.param == "name":
        yield f"@tumen-{uuid4().hex}"
    else:
        with (
            tempfile.TemporaryDirectory() as short
        ):  # the folders of parallel tests are too long for a socket
            yield str(Path(short) / "notify")


@pytest.fixture
def hears(address):
    """Listens there; each call gives the lines of the next message."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(f"\0{address[1:]}" if address.startswith("@") else address)
        ear.settimeout(5)
        yield lambda: ear.recv(4096).decode().split("\n")


def test_the_service_says_how_it_is(address, hears):
    manager = Manager.taken({"NOTIFY_SOCKET": address})
    manager.ready("watching 3 sources")
    assert hears() == ["READY=1", "STATUS=watching 3 sources"]
    manager.status("watching 3 sources")
    manager.status("watching 2 sources;\nnothing waits")
    assert hears() == ["STATUS=watching 2 sources; nothing waits"], "in one line, and only what is new"
    manager.feed()
    assert hears() == ["WATCHDOG=1"]
    manager.stopping()
    assert hears() == ["STOPPING=1", "STATUS=ending"]


def test_a_large_history_is_given_time_to_be_opened_until_it_is_open(address, hears, monkeypatch):
    monkeypatch.setattr(supervision, "_AGAIN", timedelta(milliseconds=2))
    manager = Manager(address)
    with manager.opening():
        assert [hears() for _ in range(3)] == [["EXTEND_TIMEOUT_USEC=6000"]] * 3
    manager.ready("watching")
    while (said := hears())[0] != "READY=1":
        assert said == ["EXTEND_TIMEOUT_USEC=6000"]
    assert [thread.name for thread in threading.enumerate()].count("supervision") == 0


def test_a_start_that_hangs_is_not_given_time_for_ever(address, hears, monkeypatch):
    monkeypatch.setattr(supervision, "_AGAIN", timedelta(milliseconds=1))
    monkeypatch.setattr(supervision, "_LONGEST", timedelta(milliseconds=3))
    manager = Manager(address)
    with manager.opening():
        for thread in threading.enumerate():
            if thread.name == "supervision":
                thread.join()
        manager.status("still opening")
    assert [hears()[0] for _ in range(4)][-1] == "STATUS=still opening"


def test_a_reload_has_a_begin_with_its_time_and_an_end(address, hears):
    manager = Manager(address)
    before = time.monotonic_ns() // 1000
    manager.reloading(True)
    begun, at = hears()
    assert begun == "RELOADING=1"
    assert before <= int(at.removeprefix("MONOTONIC_USEC=")) <= time.monotonic_ns() // 1000
    manager.reloading(False)
    assert hears() == ["READY=1"]


def test_the_environment_keeps_nothing_that_a_child_could_speak_with(address):
    environment = {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "1", "HOME": "/"}
    Manager.taken(environment)
    assert environment == {"HOME": "/"}


@pytest.mark.parametrize(
    ("given", "period"),
    [
        ({"WATCHDOG_USEC": "120000000", "WATCHDOG_PID": str(os.getpid())}, timedelta(minutes=2)),
        ({"WATCHDOG_USEC": "1500000"}, timedelta(seconds=1.5)),
        ({"WATCHDOG_USEC": "120000000", "WATCHDOG_PID": str(os.getppid())}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({}, None),
    ],
)
def test_the_watchdog_is_fed_only_if_it_waits_for_this_process(given, period):
    assert Manager.taken({"NOTIFY_SOCKET": "@nobody", **given}).watchdog == period
    assert Manager.taken(dict(given)).watchdog is None, "without a socket nobody can be fed"


@pytest.mark.parametrize("address", ["", "vsock:2:1234", "relative"])
def test_without_a_manager_nothing_is_said(address):
    manager = Manager.taken({"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "1000000"})
    manager.ready("watching")
    manager.feed()
    assert manager.watchdog is None


def test_a_manager_that_is_gone_is_told_of_once_and_harms_nothing(caplog):
    manager = Manager(f"@gone-{uuid4().hex}")
    manager.ready("watching")
    manager.feed()
    manager.stopping()
    assert [record.message for record in caplog.records if record.levelname == "WARNING"] == [
        "the service manager does not hear READY=1: Connection refused"
    ]
