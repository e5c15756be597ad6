"""`tumen packs reload` against a service's socket."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager

import pytest
from click.testing import CliRunner

from monitor import control
from monitor.cli.reload import reload
from monitor.core.errors import MonitorError

SOUND = {"name": "harbour", "version": "3f2a00000000", "was": "91bc00000000", "rules": 17}
SAME = SOUND | {"version": "91bc00000000"}
REFUSED = {
    "pack": "harbour",
    "version": "3f2a00000000",
    "message": "unknown concept prot\x1b[31m",
    "where": "harbour/rules/a.yaml:4:9",
    "remedy": "did you mean port?",
}


@contextmanager
def answering(path, answer):
    """A service that answers every reload so."""

    async def handler(_):
        return answer

    loop, up, stop = asyncio.new_event_loop(), threading.Event(), asyncio.Event()

    async def serve():
        async with control.listening(path, {"reload": handler}):
            up.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        assert up.wait(30)
        yield
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


@pytest.fixture
def run(folder):
    (folder / "tumen.yaml").write_text("packs: [dprk-russia]\n", encoding="utf-8")

    def call(answer=None, *options):
        if answer is None:
            return CliRunner().invoke(reload, options)
        with answering(folder / "tumen.db", answer):
            return CliRunner().invoke(reload, options)

    return call


def test_what_was_taken_up_is_said(run):
    done = run({"packs": [SOUND, SAME | {"name": "cables"}], "refused": []})
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "pack harbour: 3f2a00000000 replaces 91bc00000000: 17 rules",
        "pack cables: 91bc00000000 stays in use: 17 rules",
    ]


def test_a_refused_pack_is_an_error_with_its_place_and_remedy(run):
    done = run({"packs": [SAME], "refused": [REFUSED]})
    assert done.exit_code == 2
    assert done.stdout == "pack harbour: 91bc00000000 stays in use: 17 rules\n"
    assert "harbour/rules/a.yaml:4:9: unknown concept prot" in done.stderr
    assert "→ did you mean port?" in done.stderr
    assert "\x1b" not in done.stderr


def test_the_answer_can_be_had_as_json(run):
    done = run({"packs": [SAME], "refused": [REFUSED]}, "--json")
    assert done.exit_code == 2
    assert '"version": "91bc00000000"' in done.stdout


def test_without_a_service_there_is_nothing_to_reload(run):
    done = run()
    assert isinstance(done.exception, MonitorError)
    assert "not running" in str(done.exception)
