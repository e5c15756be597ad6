"""What lies on the way to sources and channels: names, certificates, doors."""

from __future__ import annotations

import http.client
import ipaddress
import queue
import socket
import ssl
import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from monitor.core.checkup import Finding, Grade, ok, problem, warning
from monitor.core.checkup.machine import judge_certificate
from monitor.core.errors import MonitorError
from monitor.jobs.doctor import troubled
from monitor.notify.reach import knock, reach

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from monitor.core.delivery.deliveries import Recipient
    from monitor.notify.channels import Channels
    from monitor.notify.reach import Reached
    from spiders.items import Source

T = TypeVar("T")
A = TypeVar("A")
_SECONDS = 6.0  # for one server
_MOST = 6  # servers of sources that are asked


def doors(sources: Sequence[Source]) -> tuple[tuple[str, int, bool], ...]:
    """Host, port, and whether TLS is spoken, of a few servers of sources: those of the most weight."""
    found: dict[tuple[str, int, bool], None] = {}
    for source in sorted(sources, key=lambda one: -one.weight):
        parts = urlsplit(source.url)
        tls = parts.scheme == "https"
        if parts.hostname:
            found[parts.hostname, parts.port or (443 if tls else 80), tls] = None
    return tuple(found)[:_MOST]


def names(sources: Sequence[Source], private: Iterable[str]) -> Iterator[Finding]:
    """Whether the names of sources are known; `private` lists those whose address may be a private one."""
    hosts = tuple(dict.fromkeys(host for host, _, _ in doors(sources)))
    if not hosts:
        return
    allowed = {name.rpartition(":")[0] or name for name in private} | set(private)
    answers = _each(hosts, _addresses)
    failed = {host: found for host, found in answers.items() if isinstance(found, MonitorError)}
    remedy = "look at the network and at the name server: /etc/resolv.conf"
    if len(failed) == len(hosts):
        yield problem(
            "names",
            f"no name of a source is known, of {len(hosts)}: {failed[hosts[0]].message}",
            remedy=remedy,
        )
        return
    for host, error in failed.items():
        yield warning(
            "names", f"this name is not known: {error.message}", host, remedy="`tumen sources test` says more"
        )
    for host, found in answers.items():
        if not isinstance(found, MonitorError) and host not in allowed and not all(map(_is_public, found)):
            says = f"its address is private ({', '.join(found)}), so it is not read"
            yield warning("names", says, host, remedy="if that is meant: `allow_private` under `crawl`")
    if not failed:
        yield ok("names", f"those of sources are known, of {len(hosts)} that were asked for")


def certificates(sources: Sequence[Source], now: datetime) -> Iterator[Finding]:
    """Whether a few servers of sources take calls and can be trusted."""
    asked = doors(sources)
    answers = _each(asked, lambda door: knock(door[0], door[1], tls=door[2], where="", seconds=_SECONDS))
    failed = [answer for answer in answers.values() if isinstance(answer, MonitorError)]
    if asked and len(failed) == len(asked):
        says = f"no server of a source can be reached, of {len(asked)}: {failed[0].message}"
        yield problem(
            "certificates", says, remedy="look at the network; behind a proxy, give each source its `proxy`"
        )
        return
    for error in failed:
        yield warning("certificates", error.message, remedy="`tumen sources test` says more")
    for answer in answers.values():
        if not isinstance(answer, MonitorError) and answer.until is not None:
            yield judge_certificate(answer.where, answer.until, now, ours=False)


def channels(doorkeeper: Channels, recipients: Sequence[Recipient], now: datetime) -> Iterator[Finding]:
    """Whether the servers of all channels take calls; nothing is sent."""
    if not recipients:
        yield warning(
            "channels", "there are none: alerts are stored, and nobody is told", remedy="give tumen.yaml some"
        )
    answers = _each(recipients, lambda who: reach(doorkeeper, who, seconds=_SECONDS))
    for who, answer in answers.items():
        where = f"channel {who.channel}, {doorkeeper.describe(who)}"
        if isinstance(answer, MonitorError):
            yield problem(
                "channels",
                answer.message,
                where,
                remedy=answer.remedy or "look at the network and at that server",
            )
        else:
            yield from _of_door("channels", where, answer, now)


def others(urls: Sequence[tuple[str, str]], now: datetime) -> Iterator[Finding]:
    """Whether other servers that the configuration names take calls: what for, and the address."""
    for what, url in urls:
        parts = urlsplit(url)
        tls = parts.scheme == "https"
        try:
            found = knock(
                parts.hostname or "",
                parts.port or (443 if tls else 80),
                tls=tls,
                where=what,
                seconds=_SECONDS,
            )
        except MonitorError as error:
            yield troubled("servers", error)
        else:
            yield from _of_door("servers", what, found, now)


def offset(sources: Sequence[Source], user_agent: str) -> timedelta | None:
    """How far our clock is ahead of that of the first server of a source that says what it is; None if none does."""
    for host, port, tls in doors(sources)[:3]:
        try:
            call = (
                http.client.HTTPSConnection(host, port, timeout=3, context=ssl.create_default_context())
                if tls
                else http.client.HTTPConnection(host, port, timeout=3)
            )
            with closing(call):
                call.request("HEAD", "/", headers={"User-Agent": user_agent})
                date = call.getresponse().getheader("Date")
                now = datetime.now(UTC)
            return now - parsedate_to_datetime(date or "").astimezone(UTC)
        except (OSError, ValueError, TypeError, http.client.HTTPException):
            continue
    return None


def _of_door(check: str, where: str, found: Reached, now: datetime) -> Iterator[Finding]:
    if found.until is not None:
        judged = judge_certificate(where, found.until, now, ours=True)
        if judged.grade is not Grade.OK:
            yield judged
    host = found.where.rpartition(":")[0]
    if found.open and not _is_here(host):
        says = f"what is sent to {found.where} can be read on the way"
        yield warning(
            check, says, where, remedy="use the encrypted kind of its address: mailtos, jsons, https"
        )
    else:
        yield ok(check, f"{found.where}: {found.says}" if found.where else found.says, where)


def _each(asked: Sequence[T], call: Callable[[T], A]) -> dict[T, A | MonitorError]:
    """What each is answered, or why not, all asked at once; whoever hangs is left behind."""
    done: queue.SimpleQueue[tuple[T, A | MonitorError]] = queue.SimpleQueue()

    def ask(one: T) -> None:
        try:
            done.put((one, call(one)))
        except MonitorError as error:
            done.put((one, error))

    for one in asked:
        threading.Thread(target=ask, args=(one,), daemon=True).start()
    late = MonitorError(f"no answer within {_SECONDS:g} s")
    answers: dict[T, A | MonitorError] = dict.fromkeys(asked, late)
    end = time.monotonic() + _SECONDS + 1
    try:
        for _ in asked:
            one, answer = done.get(timeout=max(0.0, end - time.monotonic()))
            answers[one] = answer
    except queue.Empty:
        pass
    return answers


def _addresses(host: str) -> tuple[str, ...]:
    try:
        return tuple(sorted({str(found[4][0]) for found in socket.getaddrinfo(host, None)}))
    except (OSError, ValueError) as error:
        raise MonitorError(getattr(error, "strerror", None) or "it is no name") from None


def _is_public(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_global


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
