"""The only door to Dask: a scheduler to which stations belong, and by which orders reach them."""

from __future__ import annotations

import asyncio
import logging
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from monitor import __version__
from monitor.core.errors import CrawlError
from monitor.crawl.cluster import Size, station
from monitor.crawl.cluster.pulse import Pulse

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from concurrent.futures import Executor, Future
    from pathlib import Path

    from distributed import Client, Security

    from monitor.crawl.cluster.orders import Run

logger = logging.getLogger("tumen.cluster")

_PATIENCE = 10.0  # seconds for an answer of the scheduler, or of a worker that has just come
_TO_CONNECT = 6.0  # seconds in which Dask tries to reach a scheduler
_CLOCKS_AGREE = 5.0  # seconds; whether an order is too old to be begun is seen by the clocks of both machines
_LAST_WORDS = 2.0  # seconds in which stations hear that a run is over


def perform(order: bytes) -> bytes:
    """Carry an order out in a thread of a Dask worker, as long as its scheduler can hear of it."""
    return station.perform(order, _attached())


def _attached() -> Callable[[], bool]:
    """Whether the worker whose thread this is has a scheduler; it ends without one, but not at once."""
    from distributed import Status, get_worker  # noqa: PLC0415  only where it runs

    worker: Any = get_worker()
    return lambda: worker.status is Status.running and not worker.batched_stream.comm.closed()


@dataclass(frozen=True, slots=True)
class Credentials:
    """What we show to the scheduler, and by what we know it: paths of files in PEM."""

    ca: Path
    certificate: Path
    key: Path


class DaskCluster:
    """A cluster behind a Dask scheduler. Its client has a thread of its own.

    Args:
        address: of the scheduler, `tcp://host:port` or `tls://host:port`.
        credentials: for `tls://`.
    """

    def __init__(self, address: str, credentials: Credentials | None = None) -> None:
        self._address = address
        self._credentials = credentials
        self._client: Client | None = None
        self._executor: Executor | None = None
        self._run: Run | None = None
        self._fit: dict[str, int] = {}  # threads of workers that can do what we order
        self._unfit: dict[str, str] = {}  # why others cannot
        self._silent: frozenset[str] = frozenset()  # nor these, of whom nothing is heard
        self._pulse = Pulse()

    async def open(self, run: Run) -> None:
        """Connect; whatever an earlier run ordered is given up by the stations. Raises CrawlError."""
        self._client, self._run = await self._connected(), run
        self._fit, self._unfit, self._executor = {}, {}, None
        self._silent, self._pulse = frozenset(), Pulse()
        await self.look()

    async def look(self) -> Size:
        """How large it is now. Raises CrawlError if it is away."""
        client = self._client
        if client is None or client.scheduler is None or client.status != "running":
            raise self._away("the connection to the scheduler was lost")
        try:
            workers: dict[str, Any] = (await _within(client, client.scheduler.identity()))["workers"]
        except Exception as error:
            raise self._away(_said(error)) from error
        self._listen({worker: one["last_seen"] for worker, one in workers.items()})
        await self._greet(
            client, {worker: one["nthreads"] for worker, one in workers.items() if worker not in self._silent}
        )
        if self._fit:
            return Size(len(self._fit), sum(self._fit.values()))
        unheard = "nothing is heard of its workers" if self._silent else "its scheduler has no workers"
        return Size(why=_unusable(next(iter(self._unfit.values()), unheard)))

    def submit(self, order: bytes) -> Future[bytes]:
        """Have an order carried out. The future is cancelled if the cluster is lost. Raises CrawlError if it is."""
        if self._client is None or self._executor is None or self._client.status != "running":
            raise self._away("the connection to the scheduler was lost")
        return self._executor.submit(perform, order)

    async def close(self) -> None:
        """Have the stations give up what was ordered, and disconnect."""
        client, self._client, self._executor = self._client, None, None
        if client is None:
            return
        if client.status == "running" and self._run is not None:
            told = client.run(
                station.end,
                self._run.coordinator,
                self._run.begun.isoformat(),
                on_error="ignore",
                asynchronous=True,
            )
            with suppress(Exception):  # whoever is not reached gives up when the time of its order is over
                await _within(client, told, _LAST_WORDS)
        await asyncio.to_thread(_close, client)

    async def _connected(self) -> Client:
        """Connect, in a thread that nobody waits for if the service ends meanwhile. Raises CrawlError."""
        loop = asyncio.get_running_loop()
        connected: asyncio.Future[Client] = loop.create_future()

        def settle(client: Client | None, error: CrawlError | None) -> None:
            if not connected.done() and client is not None:
                connected.set_result(client)
            elif not connected.done() and error is not None:
                connected.set_exception(error)
            elif client is not None:
                threading.Thread(target=_close, args=(client,), daemon=True).start()

        def work() -> None:
            client = error = None
            try:
                client = self._connect()
            except CrawlError as refused:
                error = refused
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(settle, client, error)

        threading.Thread(target=work, name="tumen-cluster", daemon=True).start()
        return await connected

    def _connect(self) -> Client:
        """Connect, which may take a while. Raises CrawlError."""
        client_of, security = _library(self._credentials)
        try:
            return client_of(
                self._address, set_as_default=False, security=security, timeout=_TO_CONNECT, name="tumen"
            )
        except Exception as error:
            raise self._away(_said(error)) from error

    def _listen(self, signs: dict[str, float]) -> None:
        """Note of which workers nothing is heard: the scheduler would have them wait for orders for minutes."""
        before, self._silent = self._silent, self._pulse.silent(signs, asyncio.get_running_loop().time())
        for worker in self._silent - before:
            logger.warning("a worker of the cluster is not heard of, and not used until it is: %s", worker)

    async def _greet(self, client: Client, there: dict[str, int]) -> None:
        """Ask workers that have come whether they can do what we order; the others are not given any."""
        before = set(self._fit), set(self._unfit)
        new = there.keys() - self._fit.keys() - self._unfit.keys()
        answers = await asyncio.gather(*(self._ask(client, worker) for worker in new))
        for worker, trouble in zip(new, answers, strict=True):
            if trouble:
                self._unfit[worker] = trouble
                logger.warning("a worker of the cluster is not used: %s: %s", worker, trouble)
            else:
                self._fit[worker] = 0
        self._fit = {worker: there[worker] for worker in self._fit.keys() & there.keys()}
        self._unfit = {worker: self._unfit[worker] for worker in self._unfit.keys() & there.keys()}
        if self._executor is None or before != (set(self._fit), set(self._unfit)):
            chosen = {"workers": sorted(self._fit)} if self._unfit or self._silent else {}
            self._executor = client.get_executor(  # type: ignore[no-untyped-call]  # Dask does not say
                pure=False, retries=0, **chosen
            )

    async def _ask(self, client: Client, worker: str) -> str:
        """Why a worker cannot do what we order, empty if it can."""
        assert self._run  # noqa: S101  it was opened with one
        asked = client.run(
            station.begin,
            self._run.coordinator,
            self._run.begun.isoformat(),
            workers=[worker],
            on_error="return",
            asynchronous=True,
        )
        before = _clock()
        try:
            answer = (await _within(client, asked)).get(worker, "it has gone")
        except Exception as error:  # noqa: BLE001  whatever it is, that worker is not used
            return _said(error)
        if isinstance(answer, ImportError | AttributeError):
            return f"Tumen {__version__} is not installed there: {answer}"
        if isinstance(answer, Exception):
            return _said(answer)
        version, clock = answer
        if version != __version__:
            return f"it has Tumen {version}, this is {__version__}"
        return _disagree(clock, before, _clock())

    def _away(self, why: str) -> CrawlError:
        return CrawlError(
            _unusable(why),
            where=self._address,
            remedy="start its scheduler and workers, and look at address and certificates; docs/scaling.md",
        )


async def _within(client: Client, called: Coroutine[Any, Any, Any], seconds: float = _PATIENCE) -> Any:
    """What a call in the thread of a client gives. Raises TimeoutError, and what it raises."""
    loop: Any = client.loop
    future = asyncio.run_coroutine_threadsafe(called, loop.asyncio_loop)
    async with asyncio.timeout(seconds):
        return await asyncio.wrap_future(future)


def _library(credentials: Credentials | None) -> tuple[type[Client], Security | None]:
    try:
        from distributed import Client, Security  # noqa: PLC0415  an extra that takes a while to load
    except (ImportError, OSError) as error:
        raise CrawlError(
            f"a cluster needs Dask, which cannot be loaded: {error}",
            where="crawl: cluster",
            remedy="install Tumen with the extra `scale`; under systemd, deploy/cluster/coordinator.conf as well",
        ) from error
    _quieten()
    if credentials is None:
        return Client, None
    security = Security(  # type: ignore[no-untyped-call]  # Dask does not say
        tls_ca_file=str(credentials.ca),
        tls_client_cert=str(credentials.certificate),
        tls_client_key=str(credentials.key),
        require_encryption=True,
    )
    return Client, security


def _quieten() -> None:
    """Dask tells of lost connections in a log of its own; what matters of that we say."""
    for name in ("distributed", "distributed.client", "distributed.core", "tornado", "tornado.application"):
        log = logging.getLogger(name)
        log.handlers.clear()
        log.propagate = True
        log.setLevel(logging.CRITICAL)


def _clock() -> float:
    return datetime.now(UTC).timestamp()


def _disagree(there: float, before: float, after: float) -> str:
    """What is wrong with a clock that was read between two moments of ours, empty if nothing is."""
    off = there - min(max(there, before), after)
    if abs(off) <= _CLOCKS_AGREE:
        return ""
    differs = f"its clock is {abs(off):.0f} s {'fast' if off > 0 else 'slow'}, by the one here"
    return f"{differs}; set both by NTP, and start the worker again"


def _close(client: Client) -> None:
    with suppress(Exception):  # it is gone either way
        client.close(timeout=_LAST_WORDS)  # type: ignore[no-untyped-call]  # Dask does not say


def _said(error: BaseException) -> str:
    """Why Dask could not do something: the error, or the one behind it that has words."""
    if isinstance(error, AssertionError | TypeError):  # of Dask, where TLS is spoken on one side only
        return "its scheduler does not answer as one; is it tls:// there, or tcp://?"
    behind: list[BaseException | None] = [error.__cause__, error.__context__, error]
    said = next((str(one) for one in behind if one is not None and str(one)), "")
    if not said:
        return "there was no answer in time" if isinstance(error, TimeoutError) else type(error).__name__
    return said.partition("object at")[2].partition(": ")[2] or said


def _unusable(why: str) -> str:
    return f"the cluster cannot be used: {why}"
