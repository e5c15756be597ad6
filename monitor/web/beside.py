"""The pages beside the running service: a process of its own, so that nothing they do can hurt the watching.

It is started anew when it dies, ever more rarely while it dies at once, and ends with the service: by a pipe that
breaks when the service is gone, however that ends.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_FIRST, _LONGEST = 1.0, 300.0  # seconds before it is started anew
_STEADY = 60.0  # seconds after which it counts as one that runs
_PATIENCE = 8.0  # seconds that it is given to end

_log = logging.getLogger("tumen")


def command(config: Path, log: str = "text") -> tuple[str, ...]:
    """What serves the pages of a configuration, with a log of this form."""
    begin = (sys.executable, "-P", "-c", "from monitor.cli import main; main()")
    return (*begin, "web", "--config", str(config.absolute()), "--log", log, "--until-hung-up")


class Beside:
    """Keeps a process running.

    Args:
        arguments: what is started; it ends when its standard input does.
        first: seconds until it is started anew after it died for the first time; each further one doubles them.
    """

    def __init__(self, arguments: Sequence[str], *, first: float = _FIRST) -> None:
        self._arguments = arguments
        self._first = first
        self._anew = asyncio.Event()

    def renew(self) -> None:
        """Have it started anew, to read its configuration as it is written now."""
        self._anew.set()

    async def run(self) -> None:
        """Keep it running until this is cancelled; then it has ended."""
        loop, pause = asyncio.get_running_loop(), self._first
        while True:
            begun = loop.time()
            self._anew.clear()
            said = await self._once()
            if self._anew.is_set():
                _log.info("the web pages are started anew, by the changed configuration")
                continue
            if loop.time() - begun > _STEADY:
                pause = self._first
            _log.warning("the web pages are gone (%s); they are started anew in %g s", said, pause)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._anew.wait(), pause)  # another configuration may be what it needs
            pause = min(_LONGEST, pause * 2)

    async def _once(self) -> str:
        """Run it until it ends; how it did."""
        try:
            # Not in our group: Ctrl-C is meant for the service, which ends the pages with itself.
            process = await asyncio.create_subprocess_exec(
                *self._arguments,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            return f"they cannot be started: {error.strerror or error}"
        waiting = [asyncio.ensure_future(process.wait()), asyncio.ensure_future(self._anew.wait())]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting[1].cancel()
            await _ended(process)
        return f"they ended with status {await waiting[0]}"


async def _ended(process: asyncio.subprocess.Process) -> None:
    """Hang up, and end it if that is not heard."""
    if process.returncode is None and process.stdin is not None:
        process.stdin.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), _PATIENCE)
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
