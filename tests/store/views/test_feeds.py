from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.core.errors import InputError
from monitor.core.models import AlertKind, Match, Reason
from monitor.core.topic import Severity
from monitor.store.history import History
from monitor.store.regrouping import Regrouping
from monitor.store.sources import Sources
from monitor.store.views.feeds import items_of_articles, items_of_pack, items_of_rule, items_of_story
from spiders.items import Article


@pytest.fixture
def read(db, source, ingest, now):
    """Read an article `number` minutes after the first."""
    Sources(db).sync([source()], now)

    def one(number, **changes):
        return History(db).ingest(ingest(number, **({"read_at": now + timedelta(minutes=number)} | changes)))

    return one


def articles(items):
    return [item.article for item in items]


def test_what_brought_something_new_is_told_newest_first(db, read):
    first, second = read(1), read(2)
    read(3, reason=Reason.REPEAT, alerts=(), story=first.story)
    read(4, reason=Reason.NO_RULE_MATCHED, matches=(), facts=(), alerts=())
    nobody = read(5, reason=Reason.NO_CHANNEL, alerts=())
    assert articles(items_of_pack(db, "dprk-russia", limit=9)) == [
        nobody.article,
        second.article,
        first.article,
    ]
    assert articles(items_of_pack(db, "dprk-russia", limit=2)) == [nobody.article, second.article]
    assert articles(items_of_pack(db, "", limit=9)) == [nobody.article, second.article, first.article]
    assert items_of_pack(db, "baltic-cables", limit=9) == ()


def test_an_item_says_what_was_new(db, read, now):
    read(1)
    (item,) = items_of_pack(db, "", limit=9)
    assert (item.url, item.title) == ("https://yonhap-ko.example/1", "북한군 1만2천명 러시아 파병")
    assert (item.outlet, item.language, item.author) == ("연합뉴스", "ko", "김기자")
    assert item.published == now - timedelta(minutes=5)
    assert item.read_at == item.updated == now + timedelta(minutes=1)
    assert item.lead.startswith("국정원은")
    assert (item.pack, item.rules, item.kind) == ("dprk-russia", ("troops",), AlertKind.NEW)
    assert [(new.before, new.fact.value) for new in item.new] == [(10_000.0, 12_000.0)]


def test_of_an_article_that_changed_the_newest_news_is_told_once(db, read, now):
    read(1)
    article = Article("https://yonhap-ko.example/1", "새 제목", "새 본문", "ko", now)
    read(1, article=article, read_at=now + timedelta(hours=1), reason=Reason.CHANGED)
    quiet = Article("https://yonhap-ko.example/1", "새 제목", "오타 고침", "ko", now)
    read(1, article=quiet, read_at=now + timedelta(hours=2), reason=Reason.REPEAT, alerts=())
    (item,) = items_of_pack(db, "", limit=9)
    assert item.title == "새 제목"
    assert item.lead == "새 본문"
    assert item.updated == now + timedelta(hours=1)
    assert item.read_at == now + timedelta(minutes=1)


def test_a_rule_has_what_it_found(db, read):
    read(1)
    arms = (Match("dprk-russia", "0123456789ab", "arms", Severity.HIGH, 1.0, ()),)
    found = read(2, matches=arms)
    assert articles(items_of_rule(db, "dprk-russia", "arms", limit=9)) == [found.article]
    assert items_of_rule(db, "baltic-cables", "arms", limit=9) == ()


def test_a_story_has_its_own_and_what_was_merged_into_it(db, read, now):
    first, second = read(1), read(2)
    number, title, items = items_of_story(db, first.story, limit=9)
    assert (number, title, articles(items)) == (first.story, "북한군 1만2천명 러시아 파병", [first.article])
    Regrouping(db).merge(second.story, first.story, now=now, note="")
    number, _, items = items_of_story(db, second.story, limit=9)
    assert (number, articles(items)) == (first.story, [second.article, first.article])


def test_a_story_that_is_not_there_is_said_to_be(db):
    with pytest.raises(InputError, match="there is no story 7"):
        items_of_story(db, 7, limit=9)


def test_articles_come_in_the_order_in_which_they_were_asked_for(db, read):
    first = read(1, reason=Reason.REPEAT, alerts=())
    second = read(2, reason=Reason.NO_RULE_MATCHED, matches=(), facts=(), alerts=())
    items = items_of_articles(db, (second.article, 99, first.article))
    assert articles(items) == [second.article, first.article]
    assert (items[0].story, items[0].pack, items[0].rules) == (None, "", ())
