"""How the log looks: to people, the journal and programs; and that no text from the web can forge a line of it."""

from __future__ import annotations

import json
import logging
import os
import pty
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from monitor.cli.logs import JournalLines, JsonLines, TextLines
from monitor.core.errors import StorageError
from monitor.store.lock import WriterLock
from tests.cli.conftest import ROOT

HOSTILE = "Calm\n2026-11-26 12:00:00 CRITICAL tumen: forged\r\n<0>forged\x1b[2J\u2028forged\u202e\ud83d"
CONFIGURATION = "packs: [../harbour]\nsources: {names: [yonhap-en]}\n"


def record(message, *values, level=logging.WARNING, **fields):
    made = logging.makeLogRecord(
        {"name": "tumen.watch", "levelno": level, "levelname": logging.getLevelName(level), **fields}
    )
    made.msg, made.args, made.created = (
        message,
        values,
        datetime(2026, 11, 26, 9, 30, 5, 250000, UTC).timestamp(),
    )
    return made


def stumble():
    raise ZeroDivisionError(HOSTILE)


def with_traceback():
    try:
        stumble()
    except ZeroDivisionError:
        return record("a bug", exc_info=sys.exc_info())


def test_a_record_for_programs_is_one_object_with_its_fields():
    line = JsonLines().format(record("%s: %d new", "yonhap", 3, source="yonhap", alerts=[1, 2]))
    assert json.loads(line) == {
        "time": "2026-11-26T09:30:05.250Z",
        "level": "warning",
        "part": "watch",
        "message": "yonhap: 3 new",
        "source": "yonhap",
        "alerts": [1, 2],
    }


@pytest.mark.parametrize(
    "made", [record("%s", HOSTILE, title=HOSTILE), with_traceback()], ids=["text", "bug"]
)
def test_nothing_that_is_told_can_look_like_a_record(made):
    in_json = JsonLines().format(made)
    assert in_json.isprintable()
    assert HOSTILE in json.loads(in_json).get("traceback", json.loads(in_json)["message"])

    first, *further = TextLines("%(levelname)s %(name)s: %(message)s").format(made).splitlines()
    assert first.startswith("WARNING tumen.watch: ")
    assert further
    assert all(line.startswith("    ") and line.isprintable() for line in further)

    first, *further = JournalLines(TextLines("%(name)s: %(message)s")).format(made).splitlines()
    assert first.startswith("<4>tumen.watch: ")
    assert all(line.startswith("<4>    ") and line.isprintable() for line in further)


@pytest.mark.parametrize(
    ("level", "priority"),
    [(logging.DEBUG, 7), (logging.INFO, 6), (logging.WARNING, 4), (logging.ERROR, 3), (logging.CRITICAL, 3)],
)
def test_the_journal_is_told_how_grave_it_is(level, priority):
    assert JournalLines(JsonLines()).format(record("so", level=level)).startswith(f'<{priority}>{{"time"')


def test_the_remedy_of_an_error_stands_below_it():
    error = StorageError("the disk is full", where="tumen.db", remedy="make room")
    said = TextLines("%(name)s: %(message)s").format(record("%s", error)).splitlines()
    assert said == ["tumen.watch: tumen.db: the disk is full", "      → make room"]


@pytest.mark.parametrize(
    ("configured", "arguments", "is_json"),
    [("", (), False), ("", ("--log", "json"), True), ("json", (), True), ("json", ("--log", "text"), False)],
)
def test_the_flag_or_else_the_configuration_says_how_it_is_written(
    process, write, harbour, folder, configured, arguments, is_json
):
    write("tumen.yaml", CONFIGURATION + (f"log: {{format: {configured}}}\n" if configured else ""))
    with WriterLock(folder / "tumen.db"):
        answer = process("run", *arguments)
    assert answer.code == 6
    if is_json:
        warning, last = map(json.loads, answer.err.splitlines())
        assert (warning["level"], warning["part"]) == ("warning", "tumen")
        assert (last["level"], last["exit_code"]) == ("critical", 6)
        assert "is writing this history" in last["message"]
        assert "→" in last["message"]
    else:
        assert "WARNING tumen: the user agent" in answer.err
        assert "\nerror: " in answer.err


@pytest.mark.parametrize("command", ["run", "web"])
def test_what_is_wrong_with_the_configuration_is_a_record_too(process, write, command):
    write("tumen.yaml", "chanels: {}\n")
    (line,) = process(command, "--log", "json").err.splitlines()
    said = json.loads(line)
    assert (said["level"], said["exit_code"]) == ("critical", 2)
    assert "tumen.yaml:1" in said["message"]


def test_warnings_of_libraries_are_records_for_programs(process):
    code = (
        "import warnings; from monitor.cli.logs import log_to_stderr; log_to_stderr(form='json');"
        "warnings.warn('a library\\nis old', UserWarning)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default"},
    )
    (line,) = done.stderr.decode().splitlines()
    assert json.loads(line)["part"] == "py.warnings"


def run_into(stream, **environment):
    """A start that fails, with standard error there."""
    program = "from monitor.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "run"],
        stdout=subprocess.DEVNULL,
        stderr=stream,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        check=False,
    )
    os.close(stream)
    return done.returncode


def read(end):
    found = b""
    with suppress(OSError):  # so a terminal says that nobody writes any more
        while data := os.read(end, 65536):
            found += data
    os.close(end)
    return found.decode()


@pytest.mark.parametrize("is_the_journal", [True, False])
def test_only_the_journal_gets_priorities(write, harbour, folder, is_the_journal):
    write("tumen.yaml", CONFIGURATION)
    out, stream = os.pipe()
    is_at = os.fstat(stream)
    with WriterLock(folder / "tumen.db"):
        code = run_into(stream, JOURNAL_STREAM=f"{is_at.st_dev}:{is_at.st_ino + (not is_the_journal)}")
    said = read(out).splitlines()
    assert code == 6
    if is_the_journal:
        assert said[0].startswith("<4>tumen: the user agent names no contact")
        assert [line[:3] for line in said[1:]] == ["<3>", "<3>"]
        assert "is writing this history" in said[1]
    else:
        assert not any(line.startswith("<") for line in said)


@pytest.mark.parametrize(("variables", "coloured"), [({"TERM": "xterm"}, True), ({"NO_COLOR": "1"}, False)])
def test_only_a_terminal_that_wants_it_gets_colour(write, harbour, folder, variables, coloured):
    write("tumen.yaml", CONFIGURATION)
    out, stream = pty.openpty()
    with WriterLock(folder / "tumen.db"):
        code = run_into(stream, **{"TERM": "xterm", **variables})
    said = read(out)
    assert code == 6
    log = said[: said.index("error:")]
    assert "WARNING" in log
    assert ("\x1b[3" in log) is coloured
