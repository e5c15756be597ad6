from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.core.models import AlertKind, Match, Reason
from monitor.core.topic import Severity
from monitor.store.history import History
from monitor.store.regrouping import Regrouping
from monitor.store.sources import Sources
from monitor.store.views.week import Totals, development, round_of, spreads, totals
from spiders.items import Article

WEEK = timedelta(days=7)


@pytest.fixture
def read(db, source, ingest, now):
    """Read an article some minutes after the first, from a source, in a language."""
    Sources(db).sync([source(), source("tass-ru", title="ТАСС", language="ru")], now)

    def one(number, *, minutes=None, language="ko", where="yonhap-ko", title="제목", **changes):
        at = now + timedelta(minutes=number if minutes is None else minutes)
        article = Article(f"https://{where}.example/{number}", title, "본문", language, at)
        return History(db).ingest(
            ingest(
                number,
                **({"article": article, "read_at": at, "source": where, "entry": article.url} | changes),
            )
        )

    return one


def quiet(**changes):
    return {"reason": Reason.REPEAT, "alerts": (), "facts": ()} | changes


def test_a_spread_counts_what_was_read_within_the_time(db, read, now):
    first = read(1)
    read(2, where="tass-ru", language="ru", **quiet(story=first.story))
    read(3, minutes=60 * 24 * 8, where="tass-ru", language="en", **quiet(story=first.story))
    (spread,) = spreads(db, now, now + WEEK)
    assert (spread.story, spread.articles, spread.outlets, spread.languages) == (
        first.story,
        2,
        2,
        ("ko", "ru"),
    )
    assert (spread.alerts, spread.severity, spread.pack) == (1, Severity.URGENT, "dprk-russia")
    (later,) = spreads(db, now + WEEK, now + 2 * WEEK)
    assert (later.articles, later.alerts, later.severity) == (1, 0, None)
    assert spreads(db, now, now + WEEK, "baltic-cables") == ()


def test_the_highest_severity_counts(db, read, now):
    def match(severity):
        return (Match("dprk-russia", "0123456789ab", "troops", severity, 1.0, ()),)

    first = read(1, matches=match(Severity.LOW))
    read(2, matches=match(Severity.HIGH), story=first.story)
    read(3, matches=match(Severity.NORMAL), story=first.story)
    (spread,) = spreads(db, now, now + WEEK)
    assert (spread.alerts, spread.severity) == (3, Severity.HIGH)


def test_a_development_tells_who_was_first_what_was_told_and_its_figures(db, read, now):
    first = read(5, title="첫 보도")
    read(9, minutes=-600, where="tass-ru", language="ru", title="Раньше всех", **quiet(story=first.story))
    read(10, minutes=10, story=first.story)
    (spread,) = spreads(db, now, now + WEEK)
    found = development(db, spread, now, now + WEEK)
    assert (found.title, found.first.title, found.first.outlet) == ("첫 보도", "Раньше всех", "ТАСС")
    assert [told.report.title for told in found.tellings] == ["첫 보도", "제목"]
    assert found.tellings[0].kind is AlertKind.NEW
    assert [(new.before, new.fact.value) for new in found.tellings[0].new] == [(10_000.0, 12_000.0)]
    assert [fact.concept for fact in found.tellings[0].report.facts] == ["soldiers", "says"]
    assert [(each.outlet, each.fact.value) for each in found.figures] == [("연합뉴스", 12_000.0)] * 2


def test_what_comes_after_the_time_is_not_told(db, read, now):
    first = read(1)
    read(2, minutes=60 * 24 * 8, story=first.story)
    (spread,) = spreads(db, now, now + WEEK)
    found = development(db, spread, now, now + WEEK)
    assert len(found.tellings) == len(found.figures) == 1


def test_totals_count_both_weeks(db, read, now):
    read(1)
    read(2, matches=(), reason=Reason.NO_RULE_MATCHED, alerts=(), facts=())
    read(3, minutes=60 * 24 * 8)
    assert totals(db, now, now + WEEK) == Totals(articles=2, relevant=1, stories=1, alerts=1)
    assert totals(db, now, now + WEEK, "baltic-cables") == Totals(articles=2, relevant=0, stories=0, alerts=0)
    found = round_of(db, now + WEEK, now + 2 * WEEK)
    assert found.totals == Totals(1, 1, 1, 1)
    assert found.before == Totals(2, 1, 1, 1)


def test_first_is_who_published_before_others_did(db, read, now):
    first = read(1)
    read(2, where="tass-ru", **quiet(story=first.story))
    read(3, where="tass-ru")  # nobody followed
    merged = read(4)
    Regrouping(db).merge(merged.story, first.story, now=now, note="")
    assert round_of(db, now, now + WEEK).firsts == (("연합뉴스", 1),)


def test_sources_that_are_not_well_are_named_with_the_reason(db, read, now):
    db.execute(
        "UPDATE sources SET condition = 'failing', condition_text = 'answers 503', condition_since = ?"
        " WHERE name = 'tass-ru'",
        ["2026-11-24T06:30:00.000000Z"],
    )
    found = round_of(db, now, now + WEEK)
    assert (found.watched, found.sick) == (2, 1)
    (unwell,) = found.unwell
    assert (unwell.title, unwell.condition, unwell.why) == ("ТАСС", "failing", "answers 503")
    assert unwell.since == now - timedelta(days=1)


def test_what_did_not_arrive_is_named(db, read, now):
    read(1)
    db.execute("UPDATE deliveries SET state = 'dead', last_error = 'refused' WHERE channel = 'chat'")
    found = round_of(db, now, now + WEEK)
    assert (found.lost, len(found.missed)) == (1, 1)
    assert (found.missed[0].channel, found.missed[0].state, found.missed[0].error) == (
        "chat",
        "dead",
        "refused",
    )
    assert round_of(db, now + WEEK, now + 2 * WEEK).lost == 0


def test_an_empty_history_has_an_empty_week(db, now):
    found = round_of(db, now, now + WEEK)
    assert (found.totals, found.firsts, found.watched, found.lost) == (Totals(0, 0, 0, 0), (), 0, 0)
    assert spreads(db, now, now + WEEK) == ()
