"""The running service's local socket: how a command reaches the one writer of a history.

The socket lies beside the database, at PATH.sock, and only its owner may use it. An address may not be longer than
100 bytes; for longer paths the socket lies in a private directory `tumen-UID` under the directory for temporary
files, named after a digest of the database's path, and PATH.sock is a symbolic link to it.

One line of JSON is one message: `{"command": …, "arguments": {…}}`, answered by `{"result": {…}}` or
`{"error": {"message": …, "where": …, "remedy": …}}`, with `"input": true` in it if what was asked is at fault.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import os
import socket
import stat
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.core.errors import AlreadyRunning, InputError, MonitorError, StorageError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

Handler = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]

_LONGEST_ADDRESS = 100  # bytes; Linux allows 107, other systems 103
_LONGEST_REQUEST = 64 * 1024
_LONGEST_ANSWER = 16 * 1024 * 1024
_PATIENCE = 30.0  # seconds a caller may think, or take to read its answer
_MOST_CALLERS = 32

_log = logging.getLogger("tumen.control")


class NotRunning(MonitorError):
    """Nobody listens: the service of this history is not running."""


async def serve(path: Path, handlers: Mapping[str, Handler]) -> None:
    """Answer commands until cancelled. `path` is the database.

    Raises:
        AlreadyRunning: another process answers there.
        StorageError: the socket cannot be made.
    """
    async with listening(path, handlers):
        await asyncio.get_running_loop().create_future()


@asynccontextmanager
async def listening(path: Path, handlers: Mapping[str, Handler]) -> AsyncIterator[None]:
    """As `serve`, while the block runs: when it begins, callers are answered already."""
    beside, address = _beside(path), _place(path)
    callers: set[asyncio.Task[None]] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(callers) >= _MOST_CALLERS:
            writer.close()
            return
        callers.add(task)
        try:
            # A caller who hangs up, or does not read its answer, is no trouble of ours.
            # Nor is one who is still there when we end: asyncio (3.11) would log its cancelled task as a bug.
            with suppress(OSError, TimeoutError, asyncio.CancelledError):
                await _converse(reader, writer, handlers)
        finally:
            callers.discard(task)
            writer.close()

    server = await asyncio.start_unix_server(answer, sock=_bind(address, beside), limit=_LONGEST_REQUEST)
    try:
        yield
    finally:
        server.close()
        for name in {address, beside}:
            name.unlink(missing_ok=True)
        for task in tuple(callers):
            task.cancel()
        await asyncio.gather(*callers, return_exceptions=True)


def call(path: Path, command: str, /, *, timeout: float = 10.0, **arguments: object) -> dict[str, Any]:
    """Ask the running service of the database `path`, and wait at most `timeout` seconds for its answer.

    Raises:
        NotRunning: nobody listens.
        InputError: the service could not use what it was asked.
        MonitorError: whatever else it raised, with its `message`, `where` and `remedy`; or it did not answer.
    """
    beside = _beside(path)
    try:
        request = json.dumps({"command": command, "arguments": arguments}).encode() + b"\n"
        address = beside if _fits(beside) else beside.readlink()
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(timeout)
            connection.connect(os.fspath(address))
            connection.sendall(request)
            with connection.makefile("rb") as answers:
                line = answers.readline(_LONGEST_ANSWER)
    except (FileNotFoundError, ConnectionRefusedError):
        raise NotRunning(
            "the service is not running", where=str(path), remedy="start it with `tumen run`"
        ) from None
    except TimeoutError:
        raise MonitorError(
            f"the service did not answer within {timeout:g} s", where=str(path), remedy="look at its log"
        ) from None
    except OSError as error:
        raise MonitorError(
            f"the service cannot be reached: {error.strerror or error}",
            where=str(beside),
            remedy="run this command as the user that runs the service",
        ) from error
    return _result(line, path)


def _result(line: bytes, path: Path) -> dict[str, Any]:
    if not line.endswith(b"\n"):
        raise MonitorError("the service ended before it answered", where=str(path), remedy="look at its log")
    answer: dict[str, Any] = json.loads(line)
    if "error" in answer:
        kind = InputError if answer["error"].pop("input", False) else MonitorError
        raise kind(**answer["error"])
    result: dict[str, Any] = answer["result"]
    return result


async def _converse(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, handlers: Mapping[str, Handler]
) -> None:
    """Answer one caller's requests, one after the other, until it hangs up."""
    more = True
    while more:
        try:
            line = await asyncio.wait_for(reader.readline(), _PATIENCE)
        except ValueError:  # longer than the limit; what follows in the stream is no request either
            answer = _error(InputError(f"a request may not be longer than {_LONGEST_REQUEST} bytes"))
            more = False
        else:
            if not line.endswith(b"\n"):
                return
            answer = await _handle(line, handlers)
        writer.write(json.dumps(answer).encode() + b"\n")
        await asyncio.wait_for(writer.drain(), _PATIENCE)


async def _handle(line: bytes, handlers: Mapping[str, Handler]) -> dict[str, Any]:
    try:
        command, arguments = _request(line)
        handler = handlers.get(command)
        if handler is None:
            return _error(InputError(f"unknown command {command!r}", remedy=f"known: {', '.join(handlers)}"))
        answer = {"result": await handler(arguments)}
        json.dumps(
            answer
        )  # a handler's answer that is no JSON is the handler's bug, not the connection's end
    except MonitorError as error:
        return _error(error)
    except Exception:  # noqa: BLE001  a caller must not end the service: this is the boundary of its job
        _log.exception("a command from the local socket failed")
        return _error(MonitorError("the service failed at this command", remedy="look at its log"))
    return answer


def _request(line: bytes) -> tuple[str, dict[str, Any]]:
    try:
        request = json.loads(line)
    except (ValueError, RecursionError):
        raise InputError("a request is one line of JSON") from None
    match request:
        case {"command": str(command), **rest} if set(rest) <= {"arguments"}:
            arguments = rest.get("arguments", {})
            if isinstance(arguments, dict):
                return command, arguments
    raise InputError("a request holds a command and its arguments")


def _error(error: MonitorError) -> dict[str, Any]:
    said: dict[str, Any] = {"message": error.message, "where": error.where, "remedy": error.remedy}
    return {"error": said | ({"input": True} if isinstance(error, InputError) else {})}


def _beside(path: Path) -> Path:
    return path.absolute().with_name(path.name + ".sock")


def _fits(address: Path) -> bool:
    return len(os.fsencode(address)) <= _LONGEST_ADDRESS


def _place(path: Path) -> Path:
    """Where the socket of this database lies."""
    beside = _beside(path)
    if _fits(beside):
        return beside
    directory = Path(tempfile.gettempdir()) / f"tumen-{os.getuid()}"
    try:
        directory.mkdir(mode=0o700, exist_ok=True)
        found = directory.lstat()
        # Others may write to the directory above: what lies there must be ours and closed to them.
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
            raise StorageError(
                "this directory is not private",
                where=str(directory),
                remedy="remove it, or give the database a shorter path",
            )
    except OSError as error:
        raise _unusable(directory, error) from error
    return directory / f"{hashlib.sha256(os.fsencode(beside)).hexdigest()[:24]}.sock"


def _bind(address: Path, beside: Path) -> socket.socket:
    """A socket that only its owner may use, linked to from beside the database if it lies elsewhere.

    One that a dead process left is replaced.
    """
    listener = socket.socket(socket.AF_UNIX)
    try:
        _clear(address)
        # Linux makes the file with the mode of the socket, so it is never open to others, not even for a moment.
        os.fchmod(listener.fileno(), 0o600)
        listener.bind(os.fspath(address))
        address.chmod(0o600)
        if address != beside:
            if beside.is_symlink():
                beside.unlink()
            beside.symlink_to(address)
    except OSError as error:
        listener.close()
        raise _unusable(address, error) from error
    except BaseException:
        listener.close()
        raise
    return listener


def _clear(address: Path) -> None:
    try:
        found = address.lstat()
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(found.st_mode):
        raise StorageError("this is in the way of the socket", where=str(address), remedy="move it elsewhere")
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(os.fspath(address))
        except ConnectionRefusedError:
            address.unlink()
            return
    raise AlreadyRunning("another Tumen answers for this history", where=str(address), remedy="stop it first")


def _unusable(address: Path, error: OSError) -> StorageError:
    return StorageError(
        f"the service's socket cannot be made: {error.strerror or error}",
        where=str(address),
        remedy="let the user that runs Tumen write to this directory, on a file system that knows sockets",
    )
