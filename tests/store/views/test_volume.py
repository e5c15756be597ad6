from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.core.models import Reason
from monitor.store.history import History
from monitor.store.sources import Sources
from monitor.store.views.volume import midnight, volume
from spiders.items import Article

UTC_ZONE, BERLIN = ZoneInfo("UTC"), ZoneInfo("Europe/Berlin")


@pytest.fixture
def read(db, source, ingest, now):
    """Read an article at a time, in a language."""
    Sources(db).sync([source()], now)

    def one(number, at, language="ko", **changes):
        article = Article(f"https://yonhap-ko.example/{number}", f"제목 {number}", "본문", language, at)
        return History(db).ingest(ingest(number, article=article, read_at=at, facts=(), alerts=(), **changes))

    return one


def test_articles_on_topic_count_by_day_and_language(db, read):
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    read(1, noon)
    read(2, noon + timedelta(days=1), "ru")
    read(3, noon + timedelta(days=1), "ru")
    read(4, noon + timedelta(days=1), None)
    read(5, noon, matches=(), reason=Reason.NO_RULE_MATCHED)
    read(6, noon + timedelta(days=2))
    found = volume(db, date(2026, 11, 24), date(2026, 11, 25), UTC_ZONE)
    assert found.days == (date(2026, 11, 24), date(2026, 11, 25))
    assert found.languages == {"ru": (0, 2), "": (0, 1), "ko": (1, 0)}
    assert next(iter(found.languages)) == "ru"


def test_days_begin_at_midnight_where_the_reader_is(db, read):
    read(1, datetime(2026, 11, 24, 23, 30, tzinfo=UTC))
    assert volume(db, date(2026, 11, 24), date(2026, 11, 25), UTC_ZONE).languages == {"ko": (1, 0)}
    assert volume(db, date(2026, 11, 24), date(2026, 11, 25), BERLIN).languages == {"ko": (0, 1)}


def test_the_day_of_a_changed_clock_has_its_own_length():
    long = midnight(date(2026, 10, 26), BERLIN) - midnight(date(2026, 10, 25), BERLIN)
    short = midnight(date(2026, 3, 30), BERLIN) - midnight(date(2026, 3, 29), BERLIN)
    assert (long, short) == (timedelta(hours=25), timedelta(hours=23))


def test_a_pack_counts_for_itself(db, read):
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    read(1, noon)
    day = date(2026, 11, 24)
    assert volume(db, day, day, UTC_ZONE, pack="dprk-russia").languages == {"ko": (1,)}
    assert volume(db, day, day, UTC_ZONE, pack="baltic-cables").languages == {}


def test_an_empty_history_has_days_all_the_same(db):
    found = volume(db, date(2026, 11, 1), date(2026, 11, 3), UTC_ZONE)
    assert len(found.days) == 3
    assert found.languages == {}


def test_no_article_is_looked_at_for_it(db):
    sql = "EXPLAIN QUERY PLAN SELECT ifnull(language, ''), count(*) FROM articles WHERE story IS NOT NULL"
    plan = db.execute(f"{sql} AND read_at >= '2026' AND read_at < '2027' GROUP BY 1").fetchall()
    assert any("COVERING INDEX articles_on_topic" in step[3] for step in plan), plan
