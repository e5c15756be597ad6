from __future__ import annotations

from datetime import date, timedelta

import pytest

from monitor.core.models import Reason
from monitor.core.statements import Evidence, Fact, FactKind, Field, Period
from monitor.store.history import History
from monitor.store.regrouping import Regrouping
from monitor.store.sources import Sources
from monitor.store.views import exports
from monitor.store.views.exports import Span
from spiders.items import Article

ALL = Span()


@pytest.fixture
def read(db, source, ingest, now):
    """Read an article `number` minutes after the first."""
    Sources(db).sync([source()], now)

    def one(number, **changes):
        return History(db).ingest(ingest(number, **({"read_at": now + timedelta(minutes=number)} | changes)))

    return one


@pytest.fixture(autouse=True)
def small_pages(monkeypatch):
    monkeypatch.setattr(exports, "_PAGE", 2)


def test_every_article_is_listed_once_in_the_order_of_reading(db, read, now):
    for number in (3, 1, 5, 2, 4):
        read(number)
    read(9, read_at=now + timedelta(minutes=3))  # at the same time as another
    found = [(row.read_at - now).seconds // 60 for row in exports.articles(db, ALL)]
    assert found == [1, 2, 3, 3, 4, 5]


@pytest.mark.parametrize("kind", [exports.articles, exports.alerts, exports.facts])
def test_a_time_begins_with_its_begin_and_ends_before_its_end(db, read, now, kind):
    for number in range(1, 6):
        read(number, facts=())
        read(10 + number, read_at=now + timedelta(minutes=number), alerts=(), story=1)
    span = Span(now + timedelta(minutes=2), now + timedelta(minutes=4))
    times = {getattr(row, "created_at", None) or row.read_at for row in kind(db, span)}
    assert times == {now + timedelta(minutes=2), now + timedelta(minutes=3)}


def test_a_pack_has_its_own(db, read):
    read(1)
    read(2, matches=(), facts=(), alerts=(), reason=Reason.NO_RULE_MATCHED)
    for kind, count in ((exports.articles, 1), (exports.alerts, 1), (exports.stories, 1), (exports.facts, 2)):
        assert len(list(kind(db, Span(pack="dprk-russia")))) == count
        assert list(kind(db, Span(pack="baltic-cables"))) == []
    assert len(list(exports.articles(db, ALL))) == 2


def test_an_article_is_told_by_its_newest_text(db, read, now):
    stored = read(1)
    article = Article("https://yonhap-ko.example/1", "새 제목", "새 본문", "ko", now, "김기자")
    read(1, article=article, read_at=now + timedelta(hours=1), reason=Reason.CHANGED)
    (row,) = exports.articles(db, ALL, texts=True)
    assert (row.article, row.title, row.text, row.texts) == (stored.article, "새 제목", "새 본문", 2)
    assert (row.reason, row.rules, row.pack, row.story) == (Reason.CHANGED, ("troops",), "dprk-russia", 1)
    assert (row.outlet, row.source, row.author) == ("연합뉴스", "yonhap-ko", "김기자")
    assert row.read_at < row.changed_at
    assert next(exports.articles(db, ALL)).text is None


def test_an_alert_says_what_became_of_it(db, read):
    read(1)
    db.execute("UPDATE deliveries SET state = 'sent' WHERE channel = 'mail'")
    (row,) = exports.alerts(db, ALL)
    assert (row.sent, row.waiting, row.undelivered, row.suppressed) == (1, 1, 0, 0)
    assert (row.new, row.rules, row.severity, row.late) == (("1만2천명",), ("troops",), "urgent", False)


def test_stories_that_were_merged_are_not_listed(db, read, now):
    first, second = read(1), read(2)
    Regrouping(db).merge(second.story, first.story, now=now, note="")
    (row,) = exports.stories(db, ALL)
    assert (row.story, row.articles, row.outlets, row.languages) == (first.story, 2, 1, ("ko",))


def test_stories_are_those_of_which_something_was_read_then(db, read, now):
    for number in range(1, 6):
        read(number)
    span = Span(now + timedelta(minutes=2), now + timedelta(minutes=5))
    assert [row.story for row in exports.stories(db, span)] == [2, 3, 4]


def test_a_fact_is_told_with_its_text(db, read):
    day = Fact(
        FactKind.DATE,
        "",
        None,
        Evidence(Field.BODY, 0, 2, "내일", ""),
        period=Period(date(2026, 11, 26), date(2026, 11, 27)),
    )
    read(1, facts=(day,), alerts=())
    (row,) = exports.facts(db, ALL)
    assert (row.kind, row.words, row.value) == (FactKind.DATE, "내일", None)
    assert (row.first_day, row.last_day) == (date(2026, 11, 26), date(2026, 11, 27))
    assert (row.article, row.text, row.pack) == (1, 1, "dprk-russia")


def test_figures_keep_who_says_them(db, read):
    read(1)
    figure, stance = exports.facts(db, ALL)
    assert (figure.concept, figure.value, figure.bound) == ("soldiers", 12_000.0, "exact")
    assert (stance.kind, stance.by) == (FactKind.STANCE, "nis")


def test_what_comes_in_meanwhile_moves_nothing(db, read, now):
    for number in range(1, 6):
        read(number)
    lines = exports.articles(db, Span(until=now + timedelta(minutes=6)))
    first = next(lines)
    read(7)
    read(8, read_at=now)  # a clock that was set back
    assert [row.article for row in (first, *lines)] == [1, 2, 3, 4, 5]


def test_no_transaction_is_held_between_two_pages(db, read):
    for number in range(1, 6):
        read(number)
    lines = exports.articles(db, ALL)
    next(lines)
    assert not db.conn.in_transaction
