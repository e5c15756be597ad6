"""What the machine elsewhere hears of a whole service."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

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


def test_a_canary_that_does_not_arrive_stops_the_heartbeat(desk, small, inbox, door):
    """F34: it is missed an hour after its time, and a service that is started two hours after it has just tried."""
    due = datetime.now(UTC) - timedelta(hours=2)
    with Checks() as checks:
        desk.watch(small, inbox, heartbeat={"url": checks.url(), "every": "1m"})
        desk.amend(
            channels={
                "deaf": {
                    "url": f"mailto://127.0.0.1:{door(0).port}/?from=tumen@example.org&to=anna@example.org",
                    "canary": f"{due:%H:%M}",
                    "notices": "none",
                }
            }
        )
        service = desk.start("--upkeep", "0.3")
        signal, text = checks.cycle()
        assert desk.stop(service) == 143
    assert signal == "fail"
    assert f"canary_missing: deaf has no sign of life since {due:%Y-%m-%d %H:%M} UTC" in text.splitlines()
