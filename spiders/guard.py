"""What may be fetched: public addresses over http and https, with robots.txt asked first.

Addresses are checked where a connection is made, on what the name resolved to, so that neither a redirect nor a
second look-up ("DNS rebinding") nor an odd way of writing an address (`127.1`, `2130706433`) gets round the check.
"""

from __future__ import annotations

import ipaddress
import socket
from collections import OrderedDict
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Response
from twisted.internet._resolver import GAIResolver
from twisted.internet.interfaces import IHostnameResolver
from zope.interface import implementer  # type: ignore[import-untyped]  # it ships no types

from spiders.heads import bound_heads

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scrapy.crawler import Crawler
    from scrapy.http import Request
    from twisted.internet.interfaces import IAddress, IHostResolution, IResolutionReceiver

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# RFC 4291, 2.4, and the registry of IANA: what stands outside is no address of the internet, whatever `ipaddress`
# knows of it. So are the old forms that hold an IPv4 address: `::127.0.0.1`, `::ffff:0:127.0.0.1`.
_UNICAST = ipaddress.ip_network("2000::/3")
_DOCUMENTATION = ipaddress.ip_network("3fff::/20")  # RFC 9637; older than it is Python 3.11
_REMEMBERED_REFUSALS = 1000
KEPT = 60  # seconds; most servers close a connection that is idle for longer


class BlockedAddress(Exception):
    """The name leads to a private, loopback, link-local or otherwise special address, and is not allowed to."""


def is_public(address: str) -> bool:
    """Whether an IP address is an ordinary one of the internet; IPv4 inside IPv6 is unpacked first."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner:
            return is_public(str(inner))
        if ip not in _UNICAST or ip in _DOCUMENTATION:
            return False
    return ip.is_global and not ip.is_multicast


def is_web(url: str) -> bool:
    """Whether the address is one of http or https with a host, a port that exists, and no password."""
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in {"http", "https"}
            and bool(parts.hostname)
            and parts.port != 0
            and "@" not in parts.netloc
        )
    except ValueError:
        return False


@implementer(IHostnameResolver)
class GuardedResolver:
    """Looks names up (IPv4 and IPv6) and gives only addresses that may be connected to.

    Args:
        reactor: the one whose threads do the look-ups.
        allowed: hosts (`name` or `name:port`) whose addresses may be private.
    """

    def __init__(self, reactor: Any, allowed: Iterable[str] = ()) -> None:
        self._reactor = reactor
        self._allowed = frozenset(name.strip().lower() for name in allowed)
        self._refused: OrderedDict[tuple[str, int], None] = OrderedDict()
        self._names = GAIResolver(reactor, getaddrinfo=self._look_up)  # type: ignore[arg-type]  # looser on purpose

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> GuardedResolver:
        """Built by Scrapy from the setting `TUMEN_ALLOW_PRIVATE`."""
        return cls(reactor, crawler.settings.getlist("TUMEN_ALLOW_PRIVATE"))

    def install_on_reactor(self) -> None:
        """Make every connection of the reactor ask this resolver."""
        self._reactor.installNameResolver(self)

    def refused(self, host: str, port: int) -> bool:
        """Whether the last look-up of the name gave addresses, and none that may be connected to."""
        return (_key(host), port) in self._refused

    def resolveHostName(  # noqa: N802  the interface's name
        self,
        resolutionReceiver: IResolutionReceiver,  # noqa: N803  the interface's names
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> IHostResolution:
        """See `IHostnameResolver`."""
        return self._names.resolveHostName(
            resolutionReceiver, hostName, portNumber, addressTypes, transportSemantics
        )

    def _look_up(self, host: Any, port: Any, family: Any = 0, kind: Any = 0) -> list[Any]:
        """`getaddrinfo` without the addresses that are out of bounds. Runs in a thread of the reactor."""
        try:
            found = socket.getaddrinfo(host, port, family, kind)
        except (OSError, UnicodeError) as error:
            # Twisted waits for ever if it sees anything but this error.
            raise socket.gaierror(str(error)) from error
        key = (_key(host), port)
        allowed = key[0] in self._allowed or f"{key[0]}:{port}" in self._allowed
        kept = [entry for entry in found if allowed or is_public(str(entry[4][0]))]
        self._refused.pop(key, None)
        if found and not kept:
            self._refused[key] = None
            if len(self._refused) > _REMEMBERED_REFUSALS:
                self._refused.popitem(last=False)
        return kept


class GuardedHandler(HTTP11DownloadHandler):
    """Scrapy's handler for http and https, which refuses to work without the guarded resolver.

    Raises `BlockedAddress` where the resolver refused, and leaves the size of the body as received in
    `request.meta["received"]`, and if `request.meta["recorded"]` is set, the answer as it came in
    `request.meta["wire"]`. A reply whose head does not end fails with `EndlessHead`.

    A connection is kept for the next request to the same host within `KEPT` seconds. It was checked when it was made.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        bound_heads(self._pool)
        self._pool.cachedConnectionTimeout = KEPT

    async def download_request(self, request: Request) -> Response:
        """See `HTTP11DownloadHandler`."""
        from twisted.internet import reactor  # noqa: PLC0415  importing it earlier would install another one

        resolver = getattr(reactor, "nameResolver", None)
        if not isinstance(resolver, GuardedResolver):
            raise RuntimeError("TWISTED_DNS_RESOLVER must be spiders.guard.GuardedResolver")  # noqa: TRY004
        try:
            response = await super().download_request(request)
        except CannotResolveHostError as error:
            parts = urlsplit(request.meta.get("proxy") or request.url)
            port = parts.port or (443 if parts.scheme == "https" else 80)
            if resolver.refused(parts.hostname or "", port):
                raise BlockedAddress(f"{parts.hostname} leads to an address that is not public") from error
            raise
        request.meta["received"] = len(response.body)
        if request.meta.get("recorded"):
            request.meta["wire"] = plain(response)  # middlewares change the headers of the other
        return response


def plain(response: Response) -> Response:
    """A copy without what Scrapy reads into a body: guessing the charset of a page that is packed takes long."""
    return Response(
        response.url,
        response.status,
        headers=response.headers,
        body=response.body,
        certificate=response.certificate,
        ip_address=response.ip_address,
        protocol=response.protocol,
    )


def _key(host: str | bytes) -> str:
    """One spelling for a name, whether it was written in ASCII or Unicode."""
    text = host.decode("latin-1") if isinstance(host, bytes) else host
    try:
        return text.encode("idna").decode().lower()
    except UnicodeError:
        return text.lower()
