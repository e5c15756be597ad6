"""Whatever the numbers and names are, a chart is well-formed, says what it is, and says the same as a table."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.statements import Bound
from monitor.notify.voice import Voice
from monitor.publish.charts import Point, Series, figure_line, spark, stacked_bars, week_heat
from monitor.publish.charts.scales import numeric

SVG = "{http://www.w3.org/2000/svg}"
LANGUAGES = ("en", "de", "ko", "ru", "uk", "ja", "zh", "fr", "es", "pl", "it", "ar", "xx")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAYS = [date(2026, 11, 1) + timedelta(number) for number in range(30)]

voices = st.builds(
    lambda language, zone: Voice(language, ZoneInfo(zone), {}),
    st.sampled_from(LANGUAGES),
    st.sampled_from(("UTC", "Asia/Seoul", "America/St_Johns")),
)
texts = st.one_of(
    st.text(st.characters(codec=None), max_size=40),
    st.sampled_from(
        ("<script>alert(1)</script>", '"><b>&amp;', "سيول", "\u202eabc", "\x00\x1b[31m", "a\u0301" * 90)
    ),
)
amounts = st.floats(min_value=-1e308, max_value=1e308) | st.integers(0, 10**18) | st.sampled_from((0, 1, 0.1))


def drawn(chart):
    """The drawing and the whole figure, read by a parser of XML."""
    ET.fromstring(f"<r>{chart.figure}</r>")
    root = ET.fromstring(chart.svg)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title") is not None
    for found in root.iter():
        for name in ("x", "y", "width", "height", "cx", "cy", "x1", "y1"):
            value = float(found.get(name, 0))
            assert math.isfinite(value)
            assert -1 <= value <= 400
        assert not {"style", "onload", "href"} & set(found.attrib)
    return root


def cells(chart):
    return [cell for row in chart.table.rows for cell in row]


@settings(max_examples=25)
@given(voices, st.lists(st.tuples(texts, st.lists(amounts, min_size=30, max_size=30)), max_size=9), texts)
def test_columns_are_well_formed(voice, parts, title):
    series = [Series(name, tuple(values)) for name, values in parts]
    chart = stacked_bars(DAYS, series, voice, title)
    drawn(chart)
    assert len(chart.table.rows) == len(DAYS)
    assert all(len(row) == len(chart.table.head) for row in chart.table.rows)


@settings(max_examples=25)
@given(st.integers(0, 900), voices)
def test_columns_are_as_many_as_can_be_told_apart(count, voice):
    days = [date(2024, 1, 1) + timedelta(number) for number in range(count)]
    chart = stacked_bars(days, [Series("all", (1,) * count)], voice, "t")
    assert len(chart.table.rows) <= 92
    assert len(ET.fromstring(chart.svg).findall(f"{SVG}g")) == len(chart.table.rows)


points = st.builds(
    Point,
    at=st.integers(0, 10**6).map(lambda hours: NOON - timedelta(hours=hours)),
    value=amounts,
    said=texts,
    who=texts,
    bound=st.sampled_from(Bound),
    most=st.none() | amounts,
)


@settings(max_examples=25)
@given(st.lists(points, max_size=12), voices, texts)
def test_lines_are_well_formed(found, voice, title):
    chart = figure_line(found, voice, title)
    assert len(drawn(chart).findall(f".//{SVG}circle")) == len(found) == len(chart.table.rows)


@settings(max_examples=25)
@given(st.lists(st.lists(amounts, min_size=24, max_size=24), min_size=7, max_size=7), voices, texts)
def test_heat_maps_are_well_formed(hours, voice, title):
    chart = week_heat(hours, voice, title)
    assert len(drawn(chart).findall(f"{SVG}rect")) == 7 * 24
    assert len(cells(chart)) == 7 * 25


@given(st.lists(amounts, max_size=60), texts)
def test_sparks_are_well_formed(values, said):
    root = ET.fromstring(spark(values, said))
    assert root.get("role") == "img"
    assert bool(root.findall(f"{SVG}circle")) is bool(values)


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=9), st.booleans(), st.booleans())
def test_a_scale_holds_all_values_and_names_few_numbers(values, zero, whole):
    scale = numeric(values, 100, 0, zero=zero, whole=whole)
    assert 2 <= len(scale.ticks) <= 7
    assert all(0 <= scale.at(value) <= 100 for value in values if not math.isnan(value))
    assert [scale.at(tick) for tick in scale.ticks] == sorted((map(scale.at, scale.ticks)), reverse=True)


def test_ticks_are_round_numbers():
    assert numeric([88], 1, 0, zero=True).ticks == (0, 25, 50, 75, 100)
    assert numeric([3], 1, 0, zero=True).ticks == (0, 1, 2, 3)
    assert numeric([8000, 12500], 1, 0, zero=False).ticks == (8000, 10_000, 12_000, 14_000)
    assert numeric([0.2, 0.9], 1, 0, zero=False, whole=False).ticks == (0, 0.25, 0.5, 0.75, 1)


def test_of_many_series_five_keep_their_name(english):
    series = [Series(name, (number, number)) for number, name in enumerate("abcdefgh", start=1)]
    chart = stacked_bars(DAYS[:2], series, english, "t")
    assert [name for _, name in chart.key] == ["d", "e", "f", "g", "h", "others"]
    assert chart.table.rows[0] == ("1 Nov", "4", "5", "6", "7", "8", "6", "36")


def test_columns_stand_on_each_other(english):
    chart = stacked_bars(DAYS[:1], [Series("a", (30,)), Series("b", (10,))], english, "t")
    low, high = drawn(chart).findall(f"{SVG}g/{SVG}rect")[1:]
    assert float(low.get("y")) == pytest.approx(float(high.get("y")) + float(high.get("height")), abs=0.7)
    assert float(low.get("height")) == pytest.approx(3 * float(high.get("height")), abs=2)
    assert drawn(chart).find(f"{SVG}g/{SVG}title").text == "1 Nov: 40 (a: 30, b: 10)"


def test_who_cannot_see_a_chart_is_told_the_same(english):
    chart = stacked_bars(DAYS[:2], [Series("Korean", (30, 2)), Series("Russian", (10, 0))], english, "By day")
    root = drawn(chart)
    assert root.get("aria-label") == "By day. Korean: 32, Russian: 10"
    assert root.find(f"{SVG}desc").text == "Korean: 32, Russian: 10"
    assert chart.table.head == ("Day", "Korean", "Russian", "all")
    assert chart.table.rows == (("1 Nov", "30", "10", "40"), ("2 Nov", "2", "0", "2"))
    assert all(cell in chart.figure for cell in cells(chart))


def test_a_vague_figure_looks_vague(english):
    vague = {
        "about": Point(NOON, 10, "about 10", bound=Bound.ABOUT),
        "least": Point(NOON, 10, "at least 10", bound=Bound.AT_LEAST),
        "range": Point(NOON, 10, "10–20", most=20),
        "exact": Point(NOON, 10, "10"),
    }
    looks = {name: drawn(figure_line([point], english, "t")) for name, point in vague.items()}
    hollow = {
        name: root.find(f".//{SVG}circle").get("class") == "chart-vague" for name, root in looks.items()
    }
    assert hollow == {"about": True, "least": True, "range": True, "exact": False}
    strokes = {name: len(root.findall(f".//{SVG}path")) for name, root in looks.items()}
    assert strokes == {"about": 0, "least": 1, "range": 3, "exact": 0}


def test_points_are_joined_in_the_order_of_time(english):
    found = [Point(NOON + timedelta(days=1), 20, "20", "b"), Point(NOON, 10, "10", "a")]
    chart = figure_line(found, english, "t")
    assert [row[1:] for row in chart.table.rows] == [("10", "a"), ("20", "b")]
    way = drawn(chart).find(f"{SVG}polyline").get("points").split()
    (x1, y1), (x2, y2) = (map(float, place.split(",")) for place in way)
    assert x1 < x2
    assert y1 > y2


def test_a_week_begins_on_the_readers_first_day():
    hours = [[number] * 24 for number in range(7)]
    german = week_heat(hours, Voice("de", ZoneInfo("UTC"), {}), "t")
    american = week_heat(hours, Voice("en-US", ZoneInfo("UTC"), {}), "t")
    assert german.table.rows[0][:2] == ("Mo", "0")
    assert american.table.rows[0][:2] == ("Sun", "6")


def test_a_busier_hour_is_fuller(english):
    hours = [[0.0] * 24 for _ in range(7)]
    hours[0][:3] = [1, 40, 100]
    fields = drawn(week_heat(hours, english, "t")).findall(f"{SVG}rect")
    full = [float(field.get("fill-opacity", 0)) for field in fields[:4]]
    assert full == [*sorted(full[:3]), 0]
    assert len(set(full)) == 4


def test_a_week_is_seven_days_of_24_hours(english):
    with pytest.raises(ValueError, match="seven days"):
        week_heat([[0] * 24] * 6, english, "t")


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_and_days_are_the_readers(language):
    voice = Voice(language, ZoneInfo("UTC"), {})
    chart = stacked_bars(DAYS[:1], [Series("x", (12_345,))], voice, "t")
    assert chart.table.rows[0][1] == voice.number(12_345)
    if language == "de":
        assert chart.table.rows == (("1. Nov.", "12.345"),)
        assert chart.table.head == ("Tag", "x")


def test_a_template_that_escapes_shows_a_chart_as_it_is(english):
    chart = stacked_bars(DAYS[:1], [Series("<b>", (1,))], english, "<i>")
    assert chart.__html__() == chart.figure
    assert "<b>" not in chart.figure
    assert "<i>" not in chart.figure


@pytest.mark.parametrize("many", [1, 7, 30, 92, 400])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_day_is_cut_at_the_edge(language, many):
    days = [date(2026, 9, 30) + timedelta(number) for number in range(many)]
    chart = stacked_bars(days, [Series("x", [1] * many)], Voice(language, ZoneInfo("UTC"), {}), "t")
    last = [text for text in drawn(chart).iter(f"{SVG}text") if text.get("y") == "184"][-1]
    share = {"middle": 0.5, "end": 0}[last.get("text-anchor")]
    assert float(last.get("x")) + share * 56 <= 380
