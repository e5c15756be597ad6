"""The way of a story in a message: the reports before this one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.statements import FactKind
from monitor.core.timeline import Earlier
from monitor.notify.message import render

NOW = datetime(2026, 11, 25, 13, 5, tzinfo=UTC)


@pytest.fixture
def way(desk):
    """An update with the reports before it."""

    def make(*reports, **changes):
        return desk.update(timeline=reports, earlier=len(reports), **changes)

    return make


def report(hours=2, outlet="Yonhap", language="ko", title="북한군 1만명 파병", **changes):
    return Earlier(
        **{
            "at": NOW - timedelta(hours=hours),
            "day_only": False,
            "outlet": outlet,
            "language": language,
            "title": title,
            "url": "https://yonhap.example/1",
            **changes,
        }
    )


def test_figures_are_seen_as_they_moved(desk, german, way):
    first = report(9, figures=(desk.figure(desk.german, "12.000 Soldaten", 8000.0).fact,))
    second = report(2, new=(desk.figure(desk.german, "12.000 Soldaten", 10000.0, 8000.0),))
    message = render(way(second, first), german)
    assert (
        "\nBisher\n- 25. Nov., 12:05 · Yonhap · Koreanisch\n  Soldaten 8.000 → 10.000\n  북한군 1만명 파병\n"
        "- 25. Nov., 05:05 · Yonhap · Koreanisch\n  Soldaten 8.000\n  북한군 1만명 파병\n"
    ) in message.text
    assert "<strong><bdi>Soldaten 8.000 → 10.000</bdi></strong>" in message.html


def test_a_report_in_the_readers_language_needs_no_note_and_one_without_news_has_its_title(german, way):
    text = render(
        way(report(language="de", outlet="Beispielzeitung", title="Seoul meldet Truppen")), german
    ).text
    assert "- 25. Nov., 12:05 · Beispielzeitung\n  Seoul meldet Truppen\n" in text


def test_those_that_are_not_shown_are_counted(desk, german):
    message = render(desk.update(timeline=(report(),), earlier=13), german)
    assert "  und 12 weitere\n" in message.text
    assert "und 12 weitere" in message.html


def test_a_day_without_a_time_is_only_a_day_and_another_year_is_named(german, way):
    text = render(way(report(day_only=True), report(9000)), german).text
    assert "- 25. Nov. · Yonhap" in text
    assert "- 15. Nov. 2025, 14:05 · Yonhap" in text


def test_what_others_wrote_stays_text(german, way):
    hostile = "<script>x</script>\r\nBcc: \u202eevil {{ 7 * 7 }}"
    html = render(way(report(title=hostile, outlet=hostile)), german).html
    assert "<script" not in html
    assert "\u202e" not in html
    assert "{{ 7 * 7 }}" in html


def test_a_first_report_has_no_way(desk, german):
    message = render(desk.alert(), german)
    assert "Bisher" not in message.text
    assert "<caption" not in message.html


def test_at_most_three_new_statements_are_named(desk, english, way):
    news = tuple(desk.statement(desk.german, "Moskau", "denies", kind) for kind in list(FactKind)[1:6])
    text = render(way(report(new=news)), english).text
    assert "  denies, denies, denies\n" in text
