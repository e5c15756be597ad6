"""The pages beside the service: they come back when they die, and go when it goes."""

from __future__ import annotations

import asyncio
import sys

from monitor.web.beside import Beside

NOTING = "import sys; open(sys.argv[1], 'a').write('x'); "


def program(code, file):
    return (sys.executable, "-S", "-c", NOTING + code, str(file))


async def until(condition):
    while not condition():
        await asyncio.sleep(0.01)


def starts(file):
    return len(file.read_text()) if file.exists() else 0


async def _kept(beside, condition):
    task = asyncio.create_task(beside.run())
    await asyncio.wait_for(until(condition), 60)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def test_what_dies_is_started_anew(tmp_path, caplog):
    file = tmp_path / "starts"
    asyncio.run(_kept(Beside(program("sys.exit(3)", file), first=0.001), lambda: starts(file) >= 3))
    assert "they ended with status 3" in caplog.text


def test_it_ends_when_its_input_does(tmp_path):
    file, ended = tmp_path / "starts", tmp_path / "ended"
    code = f"sys.stdin.read(); open({str(ended)!r}, 'w').write('heard')"
    asyncio.run(_kept(Beside(program(code, file)), lambda: starts(file)))
    assert ended.read_text() == "heard"


def test_what_cannot_be_started_hurts_nobody(tmp_path, caplog):
    beside = Beside((str(tmp_path / "nothing"),), first=0.001)
    asyncio.run(_kept(beside, lambda: caplog.text.count("cannot be started") >= 2))


def test_it_is_started_anew_when_its_configuration_is_another(tmp_path):
    file = tmp_path / "starts"
    beside = Beside(program("sys.stdin.read()", file), first=1000)

    def renewed():
        if starts(file) > len(seen):
            seen.append(beside.renew())
        return len(seen) >= 3

    seen = []
    asyncio.run(_kept(beside, renewed))
