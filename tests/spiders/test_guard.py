# ruff: noqa: N802  these are the names of the interfaces of Twisted
from __future__ import annotations

import socket

import pytest
from scrapy.utils.test import get_crawler
from twisted.internet.address import IPv4Address
from twisted.python.failure import Failure

from spiders.guard import GuardedResolver, is_public, is_web


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.0.3",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.0.1",
        "198.18.0.1",
        "203.0.113.5",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "::127.0.0.1",
        "::ffff:0:127.0.0.1",
        "64:ff9b:1::7f00:1",
        "3fff::1",
        "4000::1",
        "5f00::1",
        "not an address",
        "",
    ],
)
def test_addresses_that_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "93.184.215.14",
        "2606:2800:21f:cb07:6820:80da:af6b:8b2c",
        "::ffff:1.1.1.1",
        "64:ff9b::101:101",
    ],
)
def test_addresses_that_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/", True),
        ("HTTP://example.org/", True),
        ("ftp://example.org/", False),
        ("file:///etc/passwd", False),
        ("data:text/html,x", False),
        ("gopher://example.org/", False),
        ("javascript:alert(1)", False),
        ("http:///path", False),
        ("//example.org/", False),
        ("http://[::1", False),
        ("http://example.org:8080/", True),
        ("http://example.org:0/", False),
        ("http://example.org:99999/", False),
        ("http://user:secret@example.org/", False),
        ("http://@example.org/", False),
        ("", False),
    ],
)
def test_only_http_and_https_with_a_host_are_the_web(url, expected):
    assert is_web(url) is expected


class Receiver:
    def __init__(self):
        self.addresses = []

    def resolutionBegan(self, resolution):
        pass

    def addressResolved(self, address):
        self.addresses.append(address)

    def resolutionComplete(self):
        pass


class Reactor:
    """Does at once what a reactor would do in a thread."""

    def getThreadPool(self):
        return self

    def callInThreadWithCallback(self, done, work, *args, **named):
        try:
            done(True, work(*args, **named))
        except OSError as error:
            done(False, Failure(error))

    def callFromThread(self, call, *args):
        call(*args)

    def installNameResolver(self, resolver):
        self.resolver = resolver


def resolve(name, *, allowed=(), port=80):
    resolver = GuardedResolver(Reactor(), allowed)
    receiver = Receiver()
    resolver.resolveHostName(receiver, name, port)
    return {address.host for address in receiver.addresses}, resolver.refused(name, port)


@pytest.mark.parametrize(
    "name",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0",
        "localhost",
        "::1",
        "::ffff:127.0.0.1",
    ],
)
def test_no_way_of_writing_loopback_gets_through(name):
    assert resolve(name) == (set(), True)


@pytest.mark.parametrize("allowed", [["127.0.0.1"], ["127.0.0.1:80"], ["other", " 127.0.0.1:80 "]])
def test_a_host_that_is_allowed_may_be_private(allowed):
    assert resolve("127.0.0.1", allowed=allowed) == ({"127.0.0.1"}, False)


@pytest.mark.parametrize("allowed", [["127.0.0.1:81"], ["127.0.0.2"], [""], ["*"]])
def test_allowing_one_host_allows_no_other(allowed):
    assert resolve("127.0.0.1", allowed=allowed) == (set(), True)


@pytest.mark.parametrize("name", ["no-such-host.invalid", "a..b", "x" * 300, "\udcff", "", "with space"])
def test_a_name_that_leads_nowhere_is_not_called_private(name):
    assert resolve(name) == (set(), False)


def test_of_a_name_with_public_and_private_addresses_the_public_ones_are_kept(monkeypatch):
    def answers(host, port, *_):
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))
            for ip in ("10.0.0.1", "1.1.1.1", "127.0.0.1")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    assert resolve("mixed.example") == ({"1.1.1.1"}, False)


def test_a_second_answer_is_checked_like_the_first(monkeypatch):
    """DNS rebinding: public at the first look-up, private at the next."""
    turns = iter(["1.1.1.1", "127.0.0.1"])
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, port, *_: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(turns), port))],
    )
    resolver = GuardedResolver(Reactor())
    seen = []
    for _ in range(2):
        receiver = Receiver()
        resolver.resolveHostName(receiver, "rebinding.example", 80)
        seen.append(receiver.addresses)
    assert seen == [[IPv4Address("TCP", "1.1.1.1", 80)], []]
    assert resolver.refused("rebinding.example", 80)


def test_scrapy_builds_it_from_a_setting():
    reactor = Reactor()
    resolver = GuardedResolver.from_crawler(
        get_crawler(settings_dict={"TUMEN_ALLOW_PRIVATE": "127.0.0.1:1, b"}), reactor
    )
    resolver.install_on_reactor()
    assert reactor.resolver is resolver
    assert resolver._allowed == {"127.0.0.1:1", "b"}
