"""How times are worded, whatever was worded before."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from babel import dates
from hypothesis import given
from hypothesis import strategies as st

from monitor.notify.voice import Voice

ZONES = ("UTC", "Asia/Seoul", "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu")
TIMES = st.datetimes(datetime(1900, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(st.sampled_from(("en-US", "de", "ko", "ar", "uk")), st.sampled_from(ZONES), TIMES, st.booleans())
def test_a_time_is_worded_as_its_language_writes_it_in_the_readers_zone(language, zone, when, is_day):
    voice = Voice(language, ZoneInfo(zone), {})
    here = when if is_day else when.astimezone(ZoneInfo(zone))
    said = voice.moment(when, day_only=is_day)
    day = dates.format_skeleton("yMMMd", here, tzinfo=here.tzinfo, locale=voice.locale)
    if is_day:
        assert said == day
    else:
        clock = dates.format_skeleton("Hm", here, tzinfo=here.tzinfo, locale=voice.locale)
        assert day in said
        assert clock in said


def test_the_year_is_left_out_beside_a_time_of_the_same_year():
    voice, when = Voice("en", ZoneInfo("UTC"), {}), datetime(2026, 11, 25, 13, 5, tzinfo=UTC)
    assert voice.moment(when) == "25 Nov 2026, 13:05 UTC"
    assert voice.moment(when, beside=when, zone=False) == "25 Nov, 13:05"
    assert voice.moment(when, beside=when.replace(year=2025), zone=False) == "25 Nov 2026, 13:05"


def test_a_figure_that_rounds_to_nothing_has_no_sign():
    voice = Voice("en", ZoneInfo("UTC"), {})
    assert [voice.number(value) for value in (-0.001, 0.0, 0, -0.0)] == ["0"] * 4
    assert [voice.number(value) for value in (1234.5, 1, 1.0, -0.5)] == ["1,234.5", "1", "1", "-0.5"]
