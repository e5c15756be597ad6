"""The only door to Dask: a scheduler to which stations belong, and by which orders reach them."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monitor import __version__
from monitor.core.errors import CrawlError
from monitor.crawl.cluster import Size, station

if TYPE_CHECKING:
    from collections.abc import Iterable
    from concurrent.futures import Executor, Future
    from pathlib import Path

    from distributed import Client, Security

    from monitor.crawl.cluster.orders import Run

logger = logging.getLogger("tumen.cluster")

_PATIENCE = 10.0  # seconds for an answer of the scheduler, or of a worker that has just come
_LAST_WORDS = 2.0  # seconds in which stations hear that a run is over


@dataclass(frozen=True, slots=True)
class Credentials:
    """What we show to the scheduler, and by what we know it: paths of files in PEM."""

    ca: Path
    certificate: Path
    key: Path


class DaskCluster:
    """A cluster behind a Dask scheduler.

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
        self._unfit: dict[str, str] = {}  # why the others cannot

    async def open(self, run: Run) -> None:
        """Connect; whatever an earlier run ordered is given up by the stations. Raises CrawlError."""
        client_of, security = _library(self._credentials)
        client: Client | None = None
        try:
            client = client_of(
                self._address,
                asynchronous=True,
                set_as_default=False,
                security=security,
                timeout=_PATIENCE,
                name="tumen",
            )
            async with asyncio.timeout(_PATIENCE + 1):
                await client
        except (OSError, ValueError, ImportError, RuntimeError) as error:
            await _close(client)
            raise _away(self._address, _said(error)) from error
        self._client, self._run = client, run
        self._fit, self._unfit, self._executor = {}, {}, None
        try:
            await self.look()
        except CrawlError:
            await self.close()
            raise

    async def look(self) -> Size:
        """How large it is now. Raises CrawlError if it is away, or nobody there can do what we order."""
        client = self._client
        if client is None or client.status != "running":
            raise _away(self._address, "the connection to the scheduler was lost")
        try:
            async with asyncio.timeout(_PATIENCE):
                there: dict[str, int] = await client.nthreads()  # type: ignore[no-untyped-call]  # Dask says of few calls what they take
        except (OSError, TimeoutError) as error:
            raise _away(self._address, _said(error)) from error
        await self._greet(client, there)
        if self._fit:
            return Size(len(self._fit), sum(self._fit.values()))
        raise _away(self._address, next(iter(self._unfit.values()), "the scheduler has no workers"))

    def submit(self, order: bytes) -> Future[bytes]:
        """Have an order carried out. The future is cancelled if the cluster is lost. Raises CrawlError if it is."""
        if self._client is None or self._executor is None:
            raise _away(self._address, "the connection to the scheduler was lost")
        return self._executor.submit(station.perform, order)

    async def close(self) -> None:
        """Have the stations give up what was ordered, and disconnect."""
        client, self._client, self._executor = self._client, None, None
        if client is not None and client.status == "running" and self._run is not None:
            run = self._run
            with suppress(Exception):  # whoever is not reached gives up when the time of its order is over
                async with asyncio.timeout(_LAST_WORDS):
                    await client.run(station.end, run.coordinator, run.begun.isoformat(), on_error="ignore")
        await _close(client)

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
            chosen = {"workers": sorted(self._fit)} if self._unfit else {}
            self._executor = client.get_executor(pure=False, retries=0, **chosen)  # type: ignore[no-untyped-call]  # the same

    async def _ask(self, client: Client, worker: str) -> str:
        """Why a worker cannot do what we order, empty if it can."""
        assert self._run  # noqa: S101  it was opened with one
        called: dict[str, Any] = {"workers": [worker], "on_error": "return"}
        try:
            async with asyncio.timeout(_PATIENCE):
                answers = await client.run(
                    station.begin, self._run.coordinator, self._run.begun.isoformat(), **called
                )
        except (OSError, TimeoutError) as error:
            return _said(error)
        answer = answers.get(worker, "it has gone")
        if isinstance(answer, ImportError | AttributeError):
            return f"Tumen {__version__} is not installed there: {answer}"
        if isinstance(answer, Exception):
            return _said(answer)
        return "" if answer == __version__ else f"it has Tumen {answer}, this is {__version__}"


def _library(credentials: Credentials | None) -> tuple[type[Client], Security | None]:
    try:
        from distributed import Client, Security  # noqa: PLC0415  an extra that takes a while to load
    except ImportError as error:
        raise CrawlError(
            "a cluster needs Dask, which is not installed",
            where="crawl: cluster",
            remedy="install it with Tumen: pip install 'tumen[scale]'",
        ) from error
    _quieten()
    if credentials is None:
        return Client, None
    security = Security(  # type: ignore[no-untyped-call]  # the same
        tls_ca_file=str(credentials.ca),
        tls_client_cert=str(credentials.certificate),
        tls_client_key=str(credentials.key),
        require_encryption=True,
    )
    return Client, security


def _quieten() -> None:
    """Dask tells of lost connections in a log of its own; what matters of that we say."""
    for name in ("distributed", "distributed.client", "distributed.core", "tornado"):
        log = logging.getLogger(name)
        log.handlers.clear()
        log.propagate = True
        log.setLevel(logging.CRITICAL)


async def _close(client: Client | None) -> None:
    if client is not None:
        with suppress(Exception):  # it is gone either way
            async with asyncio.timeout(_LAST_WORDS):
                await client.close()  # type: ignore[no-untyped-call]  # the same


def _said(error: BaseException) -> str:
    causes: Iterable[BaseException | None] = (error.__cause__, error.__context__, error)
    said = next((str(cause) for cause in causes if cause is not None and str(cause)), "")
    return said or ("no answer in time" if isinstance(error, TimeoutError) else type(error).__name__)


def _away(address: str, why: str) -> CrawlError:
    return CrawlError(
        f"the cluster cannot be used: {why}",
        where=address,
        remedy="start its scheduler and workers, and look at the address and certificates; docs/scaling.md",
    )
