"""Who may read the pages and change something: decided without a server."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.errors import ConfigError
from monitor.web.access import Access

OPEN = Access("0.0.0.0", frozenset({"news.example.org"}), "long enough a word")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.3.2.1", "::1"])
def test_alone_on_this_machine_everybody_may_do_everything(host):
    access = Access(host)
    assert access.is_private
    assert access.may_read(logged_in=False)
    assert access.may_write(logged_in=False)


@pytest.mark.parametrize(
    ("host", "hosts"),
    [
        ("0.0.0.0", ()),
        ("::", ()),
        ("192.168.1.5", ()),
        ("news.example.org", ()),
        ("127.0.0.1", ("news.example.org",)),
    ],
)
def test_others_can_reach_the_pages_only_with_a_password(host, hosts):
    with pytest.raises(ConfigError, match="could read the history") as refused:
        Access(host, frozenset(hosts))
    assert refused.value.remedy
    access = Access(host, frozenset(hosts), "long enough a word")
    assert not access.is_private
    assert not access.may_read(logged_in=False)
    assert not access.may_write(logged_in=False)
    assert access.may_read(logged_in=True)
    assert access.may_write(logged_in=True)


def test_a_password_on_this_machine_guards_only_what_changes():
    access = Access("127.0.0.1", password="long enough a word")
    assert access.may_read(logged_in=False)
    assert not access.may_write(logged_in=False)
    assert access.may_write(logged_in=True)


@pytest.mark.parametrize("host", ["localhost", "localhost:8001", "127.0.0.1:99", "[::1]:8001", "LOCALHOST"])
def test_this_machine_is_known(host):
    assert Access().knows(host)
    assert OPEN.knows(host)


STRANGE = """evil.example evil.example:8001 localhost.evil.example user@localhost localhost/x [ [::1 localhost:x:y
192.168.1.5 news.example.org"""


@pytest.mark.parametrize("host", ["", *STRANGE.split()])
def test_a_name_that_was_made_to_lead_here_is_not_known(host):
    assert not Access().knows(host)


@pytest.mark.parametrize(("host", "known"), [("news.example.org:443", True), ("10.1.2.3:8001", True)])
def test_configured_names_and_plain_addresses_are_known_where_all_are_served(host, known):
    assert OPEN.knows(host) is known
    assert not OPEN.knows("other.example.org")


@given(st.text())
def test_whatever_stands_in_a_host_header_is_answered(host):
    assert Access().knows(host) in (True, False)
    assert Access().is_from_here({"origin": f"http://{host}", "host": "localhost"}) in (True, False)


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"origin": "http://localhost:8001"}, True),
        ({"origin": "http://localhost:8001", "sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({}, False),
        ({"origin": "null"}, False),
        ({"origin": "http://localhost:9000"}, False),
        ({"origin": "http://localhost:9000", "sec-fetch-site": "same-site"}, False),
        ({"origin": "http://localhost:8001", "sec-fetch-site": "cross-site"}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "https://localhost:8001@evil.example"}, False),
        ({"sec-fetch-site": "none"}, False),
    ],
)
def test_a_form_of_another_site_is_told_from_ours(headers, ours):
    assert Access().is_from_here({"host": "localhost:8001", **headers}) is ours


def test_the_password_is_not_shown():
    assert "long enough" not in repr(OPEN)
    assert OPEN.is_password("long enough a word")
    assert not OPEN.is_password("Long enough a word")
    assert not Access().is_password("")
