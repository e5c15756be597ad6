import asyncio
import json
import os
import socket
import stat
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from monitor import control
from monitor.control import NotRunning, call, listening, serve
from monitor.core.errors import AlreadyRunning, InputError, MonitorError, StorageError


async def echo(arguments):
    return {"heard": arguments}


async def refuse(_arguments):
    raise InputError("there is no alert 99", where="alert 99", remedy="`tumen alerts list` shows them")


async def stumble(_arguments):
    raise KeyError("a bug")


async def sleep(_arguments):
    await asyncio.sleep(60)


async def no_json(_arguments):
    return {"answer": {1, 2}}


HANDLERS = {"echo": echo, "refuse": refuse, "stumble": stumble, "sleep": sleep, "no_json": no_json}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "tumen.db"


@pytest.fixture
def long_path(tmp_path, monkeypatch):
    deep = tmp_path / ("긴" * 40)
    deep.mkdir()
    with tempfile.TemporaryDirectory() as short:  # the folders of parallel tests are too long themselves
        monkeypatch.setenv("TMPDIR", short)
        control.tempfile.tempdir = None  # it is found once and kept
        yield deep / "tumen.db"
    control.tempfile.tempdir = None


@contextmanager
def running(path):
    """A service that answers in a thread of its own."""
    begun, loop = threading.Event(), asyncio.new_event_loop()
    stop = asyncio.Event()

    async def main():
        async with listening(path, HANDLERS):
            begun.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(main()))
    thread.start()
    try:
        assert begun.wait(5)
        yield
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


def say(path, *lines):
    """Write these bytes to the socket and read what comes back until it is closed or silent."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(5)
        connection.connect(str(path) + ".sock")
        for line in lines:
            connection.sendall(line)
        connection.shutdown(socket.SHUT_WR)
        with connection.makefile("rb") as answers:
            return [json.loads(line) for line in answers]


def test_a_command_reaches_the_service_and_its_answer_comes_back(path):
    with running(path):
        arguments = {"alert": 3, "word": "북한 مرحبا 👩‍👩‍👧", "list": [1, None]}
        assert call(path, "echo", **arguments) == {"heard": arguments}
        assert call(path, "echo") == {"heard": {}}


def test_without_a_service_the_caller_is_told(path):
    with pytest.raises(NotRunning, match="not running") as caught:
        call(path, "echo")
    assert "tumen run" in caught.value.remedy


def test_after_the_service_ended_nothing_is_left_of_its_socket(path):
    with running(path):
        assert path.with_name("tumen.db.sock").exists()
    assert not path.with_name("tumen.db.sock").exists()
    with pytest.raises(NotRunning):
        call(path, "echo")


def test_only_its_owner_may_use_the_socket(path):
    os.umask(0)
    try:
        with running(path):
            found = path.with_name("tumen.db.sock").stat()
    finally:
        os.umask(0o022)
    assert stat.S_ISSOCK(found.st_mode)
    assert stat.S_IMODE(found.st_mode) == 0o600


def test_the_socket_of_a_dead_process_is_replaced(path):
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path) + ".sock")
    with pytest.raises(NotRunning):
        call(path, "echo")
    with running(path):
        assert call(path, "echo") == {"heard": {}}


def test_a_second_service_finds_the_first(path):
    with running(path):
        with pytest.raises(AlreadyRunning, match="another Tumen answers"):
            asyncio.run(serve(path, HANDLERS))
        assert call(path, "echo") == {"heard": {}}


def test_what_is_no_socket_is_not_removed(path):
    path.with_name("tumen.db.sock").write_text("mine")
    with pytest.raises(StorageError, match="in the way"):
        asyncio.run(serve(path, HANDLERS))
    assert path.with_name("tumen.db.sock").read_text() == "mine"


def test_a_directory_that_is_missing_is_named(path):
    with pytest.raises(StorageError, match="cannot be made") as caught:
        asyncio.run(serve(path.parent / "nowhere" / "tumen.db", HANDLERS))
    assert "nowhere" in caught.value.where


def test_a_long_path_works_through_a_private_directory(long_path):
    beside = long_path.with_name("tumen.db.sock")
    with running(long_path):
        assert beside.is_symlink()
        assert len(os.fsencode(beside.readlink())) <= 100
        assert stat.S_IMODE(beside.readlink().parent.stat().st_mode) == 0o700
        assert call(long_path, "echo") == {"heard": {}}
        with pytest.raises(AlreadyRunning):
            asyncio.run(serve(long_path, HANDLERS))
        assert call(long_path, "echo") == {"heard": {}}
    assert not beside.is_symlink()
    with pytest.raises(NotRunning):
        call(long_path, "echo")


def test_a_directory_open_to_others_is_not_used(long_path):
    open_to_all = Path(os.environ["TMPDIR"]) / f"tumen-{os.getuid()}"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    with pytest.raises(StorageError, match="not private"):
        asyncio.run(serve(long_path, HANDLERS))


def test_the_readers_mistake_comes_back_with_its_remedy(path):
    with running(path), pytest.raises(MonitorError) as caught:
        call(path, "refuse")
    error = caught.value
    assert (error.message, error.where) == ("there is no alert 99", "alert 99")
    assert error.remedy == "`tumen alerts list` shows them"


@pytest.mark.parametrize("command", ["stumble", "no_json"])
def test_a_bug_in_a_command_ends_neither_the_service_nor_the_caller(path, command, caplog):
    with running(path):
        with pytest.raises(MonitorError, match="failed at this command"):
            call(path, command)
        assert call(path, "echo") == {"heard": {}}
    assert "Traceback" in caplog.text


def test_an_unknown_command_names_the_known_ones(path):
    with running(path), pytest.raises(MonitorError, match="unknown command 'dance'") as caught:
        call(path, "dance")
    assert "echo" in caught.value.remedy


def test_a_caller_does_not_wait_for_ever(path):
    with running(path):
        with pytest.raises(MonitorError, match=r"did not answer within 0\.1 s"):
            call(path, "sleep", timeout=0.1)
        assert call(path, "echo") == {"heard": {}}


def test_a_service_that_ends_meanwhile_is_reported(path, monkeypatch):
    outcome, heard = [], threading.Event()

    async def think(_arguments):
        heard.set()
        await asyncio.sleep(60)

    def ask():
        try:
            call(path, "think", timeout=30)
        except MonitorError as error:
            outcome.append(error.message)

    monkeypatch.setitem(HANDLERS, "think", think)
    with running(path):
        caller = threading.Thread(target=ask)
        caller.start()
        assert heard.wait(5)
    caller.join(5)
    assert outcome == ["the service ended before it answered"]


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"hello\n",
        b"\xff\xfe\x00\n",
        b"[]\n",
        b"null\n",
        b'"echo"\n',
        b"{}\n",
        b'{"command": 1}\n',
        b'{"command": ["echo"]}\n',
        b'{"command": "echo", "arguments": []}\n',
        b'{"command": "echo", "arguments": {}, "more": 1}\n',
        b"[" * 60_000 + b"\n",
        b'{"command": "' + b"x" * 60_000 + b'"}\n',
        b'{"command": "echo", "arguments": {"n": ' + b"9" * 5000 + b"}}\n",
        b"x" * 70_000 + b"\n",
        b"x" * 1_000_000,
    ],
    ids=lambda line: repr(line[:20]),
)
def test_a_hostile_line_is_answered_with_an_error(path, line, caplog):
    with running(path):
        try:
            answers = say(path, line)
        except (BrokenPipeError, ConnectionResetError):  # it hung up on a line without end
            assert len(line) > 64 * 1024
        else:
            assert "error" in answers[0]
            assert len(answers) == 1
        assert call(path, "echo") == {"heard": {}}
    assert caplog.text == ""


def test_half_a_line_is_no_request(path):
    with running(path):
        assert say(path, b'{"command": "echo"}') == []


def test_one_connection_may_ask_again(path):
    with running(path):
        answers = say(
            path, b'{"command": "echo"}\nnonsense\n', b'{"command": "echo", "arguments": {"a": 1}}\n'
        )
    assert [list(answer) for answer in answers] == [["result"], ["error"], ["result"]]


def test_many_callers_at_once_are_bounded_and_the_service_stays(path):
    with running(path):
        crowd = [socket.socket(socket.AF_UNIX) for _ in range(60)]
        for one in crowd:
            one.connect(str(path) + ".sock")
        with pytest.raises(MonitorError, match=r"ended before it answered|cannot be reached"):
            call(path, "echo", timeout=5)
        for one in crowd:
            one.close()
        for _ in range(100):
            try:
                assert call(path, "echo") == {"heard": {}}
                break
            except MonitorError:
                continue
        else:
            pytest.fail("the service did not recover")
