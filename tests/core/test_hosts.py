"""By which names a server of ours is asked; `web/test_access.py` has strange ones."""

from __future__ import annotations

import pytest

from monitor.core.hosts import Served, is_loopback


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.3.2.1", "::1"])
def test_what_leads_to_this_machine_only_is_loopback(host):
    assert is_loopback(host)
    assert Served(host).is_private


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.1.2.3", "tumen", "localhost.example.org", ""])
def test_nothing_else_is(host):
    assert not is_loopback(host)
    assert not Served(host).is_private


def test_a_server_is_known_by_its_address_and_the_names_it_was_given():
    served = Served("10.1.2.3", frozenset({"tumen"}))
    known = ["10.1.2.3:9469", "tumen:9469", "localhost:9469", "[::1]:9469"]
    assert all(map(served.knows, known))
    assert not any(map(served.knows, ["10.1.2.4:9469", "evil.example", "tumen.evil.example", ""]))


def test_one_at_all_addresses_is_known_by_any_address_but_by_no_strange_name():
    served = Served("0.0.0.0")
    assert served.knows("192.168.1.5:9469")
    assert not served.knows("evil.example:9469")
