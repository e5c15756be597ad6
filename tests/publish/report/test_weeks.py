from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.core.errors import InputError
from monitor.publish.report import last_week, week_named

BERLIN, SEOUL = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Seoul")


@pytest.mark.parametrize("name", ["2026-W48", "2026W48", "2026-w48", " 2026-W48 "])
def test_a_week_has_a_name(name):
    week = week_named(name)
    assert (week.first, week.last, week.name) == (date(2026, 11, 23), date(2026, 11, 29), "2026-W48")


def test_a_year_may_have_53_weeks():
    assert week_named("2026-W53").last == date(2027, 1, 3)
    with pytest.raises(InputError, match="is no week"):
        week_named("2025-W53")


@pytest.mark.parametrize(
    "name", ["", "48", "2026-W0", "2026-48", "2026-W481", "0000-W01", "٢٠٢٦-W48", "2026-W48\x00"]
)
def test_what_is_no_week_is_refused(name):
    with pytest.raises(InputError) as raised:
        week_named(name)
    assert raised.value.exit_code == 2


def test_a_week_begins_and_ends_at_midnight_where_the_reader_is():
    week = week_named("2026-W43")  # on its Sunday clocks are set back in Berlin
    assert week.begin(BERLIN) == datetime(2026, 10, 18, 22, tzinfo=UTC)
    assert week.end(BERLIN) == datetime(2026, 10, 25, 23, tzinfo=UTC)
    assert week.end(BERLIN) - week.begin(BERLIN) == timedelta(days=7, hours=1)
    assert week.end(SEOUL) - week.begin(SEOUL) == timedelta(days=7)


@pytest.mark.parametrize(
    ("now", "zone", "name"),
    [
        (datetime(2026, 11, 30, 0, 0, tzinfo=UTC), "UTC", "2026-W48"),
        (datetime(2026, 11, 29, 23, 59, tzinfo=UTC), "UTC", "2026-W47"),
        (datetime(2026, 11, 29, 15, 30, tzinfo=UTC), "Asia/Seoul", "2026-W48"),
        (datetime(2027, 1, 5, 12, tzinfo=UTC), "UTC", "2026-W53"),
    ],
)
def test_the_last_week_is_the_one_that_is_over(now, zone, name):
    assert last_week(now, ZoneInfo(zone)).name == name
