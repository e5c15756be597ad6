"""What the machine elsewhere hears of a whole service."""

from __future__ import annotations

from tests.pings import Checks


def test_a_service_that_does_its_work_beats(desk, small, inbox):
    with Checks() as checks:
        desk.watch(small, inbox, heartbeat={"url": checks.url(), "every": "1m"})
        service = desk.start("--upkeep", "0.3")
        assert checks.cycle() == ("", "")
        assert desk.rows("SELECT name FROM sources WHERE looked_at IS NULL") == []
        assert desk.stop(service) == 143


def test_a_heartbeat_that_nobody_takes_keeps_no_news_and_no_end(desk, small, inbox):
    with Checks() as checks:
        checks.open.clear()
        desk.watch(small, inbox, heartbeat={"url": checks.url(), "every": "1m"})
        service = desk.start("--upkeep", "0.3")
        checks.next()
        desk.wait_for(lambda: desk.has_read(len(small.pieces)), service)
        assert desk.stop(service) == 143
