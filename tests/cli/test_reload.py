"""`tumen reload` and `tumen packs reload` against a service's socket."""

from __future__ import annotations

import asyncio
import json
import threading
from contextlib import contextmanager

import pytest
from click.testing import CliRunner

from monitor import control
from monitor.cli.reload import reload, reload_packs
from monitor.core.errors import ConfigError, InputError, MonitorError

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
        if isinstance(answer, Exception):
            raise answer
        return answer

    loop, up, stop = asyncio.new_event_loop(), threading.Event(), asyncio.Event()

    async def serve():
        async with control.listening(path, {"reload": handler, "reload_packs": handler}):
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

    def call(answer=None, *options, command=reload_packs):
        if answer is None:
            return CliRunner().invoke(command, options)
        with answering(folder / "tumen.db", answer):
            return CliRunner().invoke(command, options)

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


CHANGED = {"changed": ["crawl.delay"], "needs_restart": [], "said": ["taken up: crawl.delay\x1b[31m"]}


def test_what_another_configuration_changed_is_said(run):
    done = run(CHANGED, command=reload)
    assert (done.exit_code, done.stdout) == (0, "taken up: crawl.delay[31m\n")


def test_programs_hear_of_it_as_json(run):
    done = run(CHANGED, "--json", command=reload)
    assert json.loads(done.stdout) == {"changed": ["crawl.delay"], "needs_restart": []}


def test_a_refusal_comes_from_the_service(run):
    done = run(InputError("unknown key sorces", where="tumen.yaml:2:1"), command=reload)
    assert isinstance(done.exception, InputError)
    assert str(done.exception) == "tumen.yaml:2:1: unknown key sorces"


def test_the_service_is_asked_although_only_it_can_read_the_whole_configuration(run, folder):
    text = "channels: {me: {url: '${ONLY_THE_SERVICE_HAS_IT}'}}\nhistory: other.db\n"
    (folder / "tumen.yaml").write_text(text, encoding="utf-8")
    with answering(folder / "other.db", CHANGED):
        assert run(command=reload).exit_code == 0


@pytest.mark.parametrize(
    ("text", "kind"),
    [("", control.NotRunning), ("sorces: {}", ConfigError), ("sources: {files: [broken.yaml]}", ConfigError)],
)
def test_without_a_service_what_is_wrong_is_said_first(run, folder, text, kind):
    (folder / "tumen.yaml").write_text(text, encoding="utf-8")
    (folder / "broken.yaml").write_text("- {", encoding="utf-8")
    assert type(run(command=reload).exception) is kind
