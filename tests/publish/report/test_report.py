"""The report of a week: everything in one page, in the reader's words, whatever the articles say."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest

from monitor.core.models import AlertKind
from monitor.core.statements import Bound, Evidence, Fact, FactKind, Field, Novelty
from monitor.core.topic import Concept, ConceptKind, Pack, Severity
from monitor.notify.voice import Voice
from monitor.publish.report import Report, page, summary, week_named
from monitor.publish.report.reading import weight
from monitor.store.views.volume import Volume
from monitor.store.views.week import (
    Development,
    Missed,
    Reported,
    Round,
    Spread,
    Stated,
    Told,
    Totals,
    Unwell,
)

NOW = datetime(2026, 11, 30, 7, 0, tzinfo=UTC)
AT = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
PACK = Pack(
    name="dprk-russia",
    labels={"en": "North Korea and Russia", "de": "Nordkorea und Russland", "ar": "كوريا الشمالية وروسيا"},
    version="0123456789ab",
    concepts={
        "soldiers": Concept(
            "soldiers", ConceptKind.UNIT, {"en": "soldiers", "de": "Soldaten", "ar": "جنود"}, ()
        ),
        "kursk": Concept("kursk", ConceptKind.PLACE, {"en": "Kursk"}, (), weight=1.0),
    },
    rules=(),
)
WEEK = week_named("2026-W48")


def voice_of(language):
    return Voice(language, ZoneInfo("Europe/Berlin"), {PACK.name: PACK})


def figure(value, bound=Bound.EXACT):
    return Fact(FactKind.FIGURE, "soldiers", value, Evidence(Field.TITLE, 0, 3, "x", "soldiers"), bound=bound)


def reported(title="북한군 1만2천명", language="ko", article=1, **changes):
    values = {"url": "https://news.example/1", "outlet": "연합뉴스", "at": AT, "day_only": False, "facts": ()}
    return Reported(article=article, title=title, language=language, **(values | changes))


def development(**changes):
    spread = changes.pop("spread", Spread(7, PACK.name, 12, 9, ("ko", "ru"), 2, Severity.URGENT))
    place = Fact(FactKind.PLACE, "kursk", None, Evidence(Field.TITLE, 0, 3, "쿠르스크", "kursk"))
    update = Told(
        2,
        AlertKind.UPDATE,
        AT,
        reported("Буданов: 12 тисяч", "uk", 2, outlet="Дніпро Час"),
        (Novelty(figure(12_000.0), 10_000.0),),
    )
    values = {
        "spread": spread,
        "title": "북한군",
        "opened_at": AT,
        "first": reported(facts=(place,)),
        "tellings": (Told(1, AlertKind.NEW, AT, reported(), ()), update),
        "figures": (
            Stated(AT, "연합뉴스", figure(10_000.0)),
            Stated(AT + timedelta(hours=2), "x", figure(2.0)),
            Stated(AT + timedelta(hours=5), "Дніпро Час", figure(12_000.0, Bound.ABOUT)),
        ),
    }
    return Development(**(values | changes))


def report_of(*developments, **changes):
    round_ = {
        "totals": Totals(1000, 50, 9, 16),
        "before": Totals(900, 40, 8, 12),
        "firsts": (("연합뉴스", 3),),
        "watched": 400,
        "unwell": (Unwell("ТАСС", "failing", "answers 503", AT),),
        "sick": 1,
        "missed": (Missed(3, "lost <b>", "desk", "dead", "refused"),),
        "lost": 1,
    }
    values = {
        "week": WEEK,
        "pack": "",
        "developments": developments,
        "others": 0,
        "volume": Volume((date(2026, 11, 28), date(2026, 11, 29)), {"ko": (3, 4), "": (1, 0)}),
        "round": Round(**(round_ | changes.pop("round", {}))),
        "made_at": NOW,
    }
    return Report(**(values | changes))


class Reader(HTMLParser):
    """What a browser would see: elements that are open at the end, addresses, attributes that act, the text."""

    VOID = frozenset({"meta", "br", "link", "img"})

    def __init__(self, html):
        super().__init__()
        self.open, self.links, self.acting, self.tags, self.text = [], [], [], [], ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        self.acting += [
            name for name, _ in attrs if name.startswith("on") or name in {"src", "style", "srcdoc"}
        ]
        self.links += [value for name, value in attrs if name == "href"]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def read(report, language="en"):
    return Reader(page(report, voice_of(language)))


def plain(text):
    return " ".join(text.split())


def test_the_page_tells_what_happened_and_what_was_new():
    html = page(report_of(development()), voice_of("en"))
    text = plain(Reader(html).text)
    assert "The week of 23–29 Nov 2026" in text
    assert "Urgent · 북한군 1만2천명" in text
    assert "First: 연합뉴스 · Korean · 25 Nov, 07:30" in text
    assert "9 outlets in 2 languages · Korean, Russian" in text
    assert "soldiers: 10,000 → 12,000" in text
    assert "Update · Дніпро Час · Ukrainian" in text
    assert "<dt>New developments</dt><dd><b>9</b><span>the week before: 8</span></dd>" in html
    assert "Sources that are not well: 1 of 400." in text
    assert "failing: answers 503" in text
    assert "1 message did not arrive." in text
    assert "Made by Tumen, 30 Nov 2026, 08:00 CET." in text


def test_a_headline_in_a_foreign_language_says_what_it_is_about():
    assert "Kursk" in plain(read(report_of(development())).text)
    own = development(first=reported("Troops", "en"), tellings=(), figures=())
    assert "Kursk" not in plain(read(report_of(own)).text)


def test_a_first_report_that_was_told_is_not_told_twice():
    assert plain(read(report_of(development())).text).count("북한군 1만2천명") == 1


def test_an_article_that_told_channels_different_things_is_told_once():
    told = development().tellings[1]
    less = Told(3, AlertKind.UPDATE, AT, told.report, ())
    text = plain(read(report_of(development(tellings=(less, told, less)))).text)
    assert text.count("Буданов: 12 тисяч") == 1
    assert "soldiers: 10,000 → 12,000" in text


def test_a_figure_that_changed_is_drawn_without_what_counts_something_else():
    html = page(report_of(development()), voice_of("en"))
    assert html.count("<circle") == 2
    assert "about 12,000" in html
    same = development(figures=(Stated(AT, "a", figure(12_000.0)), Stated(AT, "b", figure(12_000.0))))
    assert "<circle" not in page(report_of(same), voice_of("en"))


def test_nothing_in_the_page_is_loaded_or_runs():
    html = page(report_of(development()), voice_of("en"))
    found = Reader(html)
    assert found.open == []
    assert found.acting == []
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(found.tags)
    assert set(found.links) == {"https://news.example/1"}
    assert not re.search(r"url\(|@import|@font-face", html)


HOSTILE = '"><script>alert(1)</script>\u202e\x00<img src=x onerror=alert(1)>'


def test_whatever_articles_say_is_text():
    title = reported(HOSTILE, 'ko"><script>', outlet=HOSTILE, url="javascript:alert(1)")
    bad = development(first=title, title=HOSTILE, tellings=(Told(1, AlertKind.UPDATE, AT, title, ()),))
    report = report_of(
        bad,
        round={
            "firsts": ((HOSTILE, 1),),
            "unwell": (Unwell(HOSTILE, "failing", HOSTILE, None),),
            "missed": (Missed(1, HOSTILE, HOSTILE, "dead", HOSTILE),),
        },
        volume=Volume((date(2026, 11, 28),), {HOSTILE: (3,)}),
    )
    found = read(report)
    assert found.acting == found.links == []
    assert not {"script", "img"} & set(found.tags)
    assert "\u202e" not in found.text
    assert "\x00" not in found.text


@pytest.mark.parametrize(
    "language", ["en", "de", "ko", "ru", "uk", "ja", "zh", "fr", "es", "pl", "it", "ar", "pt-BR"]
)
def test_the_page_speaks_the_readers_language(language):
    html = page(report_of(development(), others=7), voice_of(language))
    frame = voice_of(language).frame
    assert f'<html lang="{frame}" dir="{"rtl" if frame == "ar" else "ltr"}">' in html
    assert ("Sources that are not well" in html) is (frame == "en")
    assert Reader(html).open == []


def test_from_right_to_left_a_change_points_to_the_left():
    html = page(report_of(development()), voice_of("ar"))
    assert '<bdi dir="rtl">10,000 ← 12,000</bdi>' in html


def test_a_week_without_anything_is_a_page_too():
    nothing = Totals(0, 0, 0, 0)
    report = report_of(
        volume=Volume((), {}),
        round={
            "totals": nothing,
            "before": nothing,
            "firsts": (),
            "unwell": (),
            "sick": 0,
            "missed": (),
            "lost": 0,
        },
    )
    text = plain(read(report).text)
    assert "Nothing happened on topic this week." in text
    assert "Everything arrived." in text
    assert "Who was first" not in text


def test_a_few_sentences_name_what_weighed_most():
    title, sentences = summary(report_of(*[development()] * 7, others=3), voice_of("en"))
    assert title == "The week of 23–29 Nov 2026 — North Korea and Russia"
    assert sentences[0] == "New developments: 9, Alerts: 16, Articles on topic: 50, Articles read: 1,000"
    assert [line for line in sentences if line.startswith("•")] == ["• 북한군 1만2천명 (연합뉴스)"] * 5
    assert "and 5 more" in sentences


def test_what_was_told_weighs_more_than_copies():
    def spread(alerts=0, outlets=1, severity=None, languages=("ko",)):
        return Spread(1, "p", outlets, outlets, languages, alerts, severity)

    rising = [
        spread(),
        spread(outlets=8),
        spread(outlets=8, languages=("ko", "ru", "de")),
        spread(alerts=3, severity=Severity.NORMAL, outlets=4),
        spread(alerts=3, severity=Severity.URGENT, outlets=4),
    ]
    assert [weight(one) for one in rising] == sorted(weight(one) for one in rising)
    assert weight(spread(outlets=100)) < weight(spread(alerts=2, outlets=3, severity=Severity.HIGH))
