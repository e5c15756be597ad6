"""What lies on the way to sources and channels."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.checkup import Grade
from monitor.jobs.doctor import network
from monitor.notify.channels import Channel, Channels
from spiders.items import Kind, Source
from tests.crawl.site import Site
from tests.mailbox import open_inbox

NOW = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
DEAD = "http://127.0.0.1:9"  # nobody listens at the port for discarding


def source(url, name="a", weight=3):
    return Source(name, name, url, Kind.FEED, weight=weight)


@pytest.fixture
def site():
    with closing(Site()) as one:
        yield one


def told(found):
    return [(one.check, one.grade) for one in found]


def test_a_few_servers_are_asked_those_of_the_most_weight_first():
    many = [
        source(f"https://{n}.example/{path}", f"{n}{path}", n % 5 + 1) for n in range(20) for path in "ab"
    ]
    found = network.doors(many)
    assert len(found) == 6
    assert all(int(host.partition(".")[0]) % 5 >= 3 for host, _, _ in found)


def test_a_name_that_is_known_by_a_private_address_only_is_said_unless_it_is_meant():
    at = [source("http://localhost/feed")]
    (found, _) = network.names(at, [])
    assert (found.grade, found.where, "private" in found.says) == (Grade.WARNING, "localhost", True)
    assert told(network.names(at, ["localhost:80"])) == [("names", Grade.OK)]


def test_names_that_nobody_knows_are_a_problem_together_and_a_warning_alone():
    unknown = source("http://no name/feed", "b")
    assert told(network.names([unknown], [])) == [("names", Grade.PROBLEM)]
    assert told(network.names([unknown, source("http://127.0.0.1/")], ["127.0.0.1"])) == [
        ("names", Grade.WARNING)
    ]


def test_servers_that_do_not_answer_are_a_problem_together_and_a_warning_alone(site):
    assert told(network.certificates([source(DEAD)], NOW)) == [("certificates", Grade.PROBLEM)]
    both = [source(DEAD), source(site.url("/feed"), "b")]
    assert told(network.certificates(both, NOW)) == [("certificates", Grade.WARNING)]


def test_each_receiver_is_named_without_its_secrets_and_nothing_is_sent(site):
    with open_inbox() as box:
        team = Channel(
            "team",
            (
                f"mailto://me:s3cret@127.0.0.1:{box.port}/?from=a@example.org&to=b@example.org",
                f"json://{site.host}/s3cret",
                "json://127.0.0.1:9/s3cret",
            ),
        )
        found = list(network.channels(Channels([team]), team.recipients, NOW))
        assert box.letters == []
    assert told(found) == [("channels", Grade.OK), ("channels", Grade.OK), ("channels", Grade.PROBLEM)]
    assert found[0].where == "channel team, b@example.org"
    assert "s3cret" not in str(found)
    assert not site.counts


def test_without_channels_nobody_is_told_which_is_a_warning():
    assert told(network.channels(Channels([]), (), NOW)) == [("channels", Grade.WARNING)]


def test_other_servers_of_the_configuration_are_reached_too(site):
    found = list(network.others([("heartbeat", site.url("/ping/s3cret")), ("translation", DEAD)], NOW))
    assert [(one.where, one.grade) for one in found] == [
        ("heartbeat", Grade.OK),
        ("translation", Grade.PROBLEM),
    ]
    assert "s3cret" not in str(found)


def test_the_clock_of_a_server_is_taken_from_its_answer(site):
    found = network.offset([source(DEAD), source(site.url("/feed"), "b")], "Tumen/1")
    assert found is None or abs(found) < timedelta(minutes=1)
    assert network.offset([source(DEAD)], "Tumen/1") is None
