"""How much a server may say before the body of its reply.

Scrapy bounds bodies only: headers, and interim replies (1xx), would be read until the timeout, at the cost of memory
and of everybody else's time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS

if TYPE_CHECKING:
    from twisted.web.client import HTTPConnectionPool

MOST_HEAD = 128 * 1024  # bytes of all replies to one request; what servers send is below 16 KiB


class EndlessHead(Exception):
    """The status line and headers of a reply, or the interim replies before it, are larger than allowed."""

    def __init__(self) -> None:
        super().__init__(f"the head of the reply is larger than {MOST_HEAD // 1024} KiB")


def bound_heads(pool: HTTPConnectionPool) -> None:
    """Let the connections of the pool give up with `EndlessHead` on a reply whose head has more than `MOST_HEAD`.

    Twisted has no setting for it; the parts of it that are used here are as old as its client.
    """
    factory: Any = pool._factory  # noqa: SLF001  Scrapy sets it, too

    class Bounded(factory):  # type: ignore[misc]  # whichever it is
        def buildProtocol(self, addr: Any) -> Any:  # noqa: N802  the interface's name
            client = super().buildProtocol(addr)
            client.dataReceived = _counting(client, client.dataReceived)
            return client

    pool._factory = Bounded  # noqa: SLF001


def _counting(client: Any, receive: Any) -> Any:
    """The client's `dataReceived`, and before it a look at how much came without a body."""
    parser, size = None, 0

    def counting(data: bytes) -> None:
        nonlocal parser, size
        if client._parser is not parser:  # noqa: SLF001  each request has one
            parser, size = client._parser, 0  # noqa: SLF001
        if parser is not None and parser.state in {STATUS, HEADER}:
            size += len(data)
        if size > MOST_HEAD:
            client._giveUp(Failure(EndlessHead()))  # type: ignore[no-untyped-call]  # noqa: SLF001
        else:
            receive(data)

    return counting
