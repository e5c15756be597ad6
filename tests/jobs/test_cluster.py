"""The keeper hears once that the cluster is away, and once that it is back; who asks is told how it stands."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from monitor.core.delivery.deliveries import Recipient
from monitor.core.delivery.notices import Listener, Wish
from monitor.crawl.cluster import Size
from monitor.crawl.cluster.connection import Standing
from monitor.jobs.cluster import Clustering
from monitor.jobs.keeper import Keeper
from monitor.store.database import rows
from monitor.store.notices import Notices

THERE, AWAY = Standing(Size(2, 8)), Standing(None, "the cluster cannot be used: made up")


@pytest.fixture
def keeper(db, clock):
    return Keeper(Notices(db), [Listener("desk", (Recipient("desk", "anna"),), Wish.TROUBLE)], clock=clock)


@pytest.fixture
def crawler():
    return SimpleNamespace(standing=Standing(), room=4, orders=3)


def told(db):
    return [row["kind"] for row in rows(db, "SELECT kind FROM notices ORDER BY id")]


def test_it_is_told_once_that_the_cluster_stays_away_and_once_that_it_is_back(keeper, crawler, db):
    clustering = Clustering(crawler, keeper)
    for standing in (Standing(), THERE, AWAY, AWAY, AWAY, THERE, THERE, AWAY, THERE):
        crawler.standing = standing
        clustering.tick()
    assert told(db) == ["cluster_away", "cluster_back"]
    assert not keeper.standing()


def test_a_restart_goes_on_with_what_was_told(keeper, crawler, db):
    first = Clustering(crawler, keeper)
    crawler.standing = AWAY
    for _ in range(2):
        first.tick()
    second = Clustering(crawler, keeper)
    for standing in (Standing(), AWAY, AWAY, THERE):
        crawler.standing = standing
        second.tick()
    assert told(db) == ["cluster_away", "cluster_back"]


def test_whoever_gives_the_cluster_up_is_told_that_it_is_over(keeper, crawler, db):
    crawler.standing = AWAY
    clustering = Clustering(crawler, keeper)
    for _ in range(2):
        clustering.tick()
    without = Clustering(None, keeper)
    without.tick()
    assert told(db) == ["cluster_away", "cluster_back"]
    assert without.described() is None


@pytest.mark.parametrize(("room", "says"), [(4, "this machine reads"), (0, "nothing is read")])
def test_it_says_what_happens_meanwhile(keeper, crawler, room, says):
    crawler.standing, crawler.room = AWAY, room
    clustering = Clustering(crawler, keeper)
    for _ in range(2):
        clustering.tick()
    assert says in keeper.standing()["cluster"][0]


def test_how_it_stands_is_described(keeper, crawler):
    clustering = Clustering(crawler, keeper)
    crawler.standing = THERE
    assert clustering.described() == {"workers": 2, "threads": 8, "orders": 3, "away": ""}
    crawler.standing = AWAY
    assert clustering.described() == {"workers": 0, "threads": 0, "orders": 3, "away": AWAY.why}
