"""A service is asked over HTTP while its event loop stands still."""

from __future__ import annotations

import asyncio
import json
import threading
import urllib.request
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.error import HTTPError

import pytest

from monitor.app.exposing import Exposed
from monitor.config.health import HealthSettings
from monitor.core import liveness
from monitor.jobs.health import Body
from monitor.scheduler import Timer
from monitor.store.database import open_history, probe

PATIENCE = 30  # seconds; a busy machine takes its time
OFTEN = timedelta(seconds=0.02)


@pytest.fixture
def db(tmp_path):
    opened = open_history(tmp_path / "tumen.db")
    yield opened
    opened.close()


def ask(port, path):
    """Status and kinds of reasons."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE) as answer:
            status, body = answer.status, answer.read()
    except HTTPError as refused:
        status, body = refused.code, refused.read()
    return status, [reason["kind"] for reason in json.loads(body)["reasons"]]


def until(holds):
    for _ in range(3000):
        if holds():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it did not become so")


def test_a_loop_that_hangs_is_told_by_who_does_not_hang(db, monkeypatch):
    monkeypatch.setattr(liveness, "_STILL", timedelta(seconds=0.5))
    exposed = Exposed(HealthSettings(listen="127.0.0.1:0"), db.path, lambda: datetime.now(UTC))
    hangs, goes_on = threading.Event(), threading.Event()
    heard = []

    def ask_while_it_hangs(port):
        assert hangs.wait(PATIENCE)
        until(lambda: ask(port, "/healthz") == (503, ["loop_stands_still"]))
        heard.append(ask(port, "/readyz"))
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=PATIENCE) as answer:
            heard.append(b'\ntumen_symptoms{kind="loop_stands_still"} 1.0\n' in answer.read())
        goes_on.set()

    def hang_once():
        if not hangs.is_set():
            hangs.set()
            assert goes_on.wait(PATIENCE)

    async def scenario():
        with exposed.listening() as port:
            heard.append(ask(port, "/readyz"))
            timer = Timer(exposed.metrics)
            timer.every(OFTEN, hang_once, "watch")
            exposed.begin(
                db,
                Body(partial(probe, db), timer.silent, timer.turned, tuple),
                channels=tuple,
                reloaded=lambda: True,
            )
            asker = asyncio.create_task(asyncio.to_thread(ask_while_it_hangs, port))
            await asyncio.sleep(0)
            timer.start()
            await asker
            heard.append(await asyncio.to_thread(ask, port, "/healthz"))
            timer.stop()
            exposed.end()

    asyncio.run(asyncio.wait_for(scenario(), 2 * PATIENCE))
    assert heard == [(503, ["starting"]), (503, ["loop_stands_still"]), True, (200, [])]
