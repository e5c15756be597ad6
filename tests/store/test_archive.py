from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.delivery.deliveries import DeliveryState
from monitor.core.errors import InputError
from monitor.core.models import EntryState, Reason, Verdict
from monitor.core.topic import Severity
from monitor.store import archive as rooms
from monitor.store.archive import Archive, MatchedRule
from monitor.store.database import open_reader
from monitor.store.feedback import Feedback
from monitor.store.history import History
from spiders.items import Article


@pytest.fixture
def archive(stocked):
    return Archive(stocked)


def test_a_text_comes_with_what_was_decided_about_it(archive, ingest, now):
    (text,) = archive.texts()
    assert (text.id, text.revision, text.source, text.tags) == (1, 1, "yonhap-ko", ("wire", "통신"))
    assert text.article == ingest(1).article
    assert (text.read_at, text.reason) == (now, Reason.NEW_STORY)
    assert text.matched == (MatchedRule("dprk-russia", "0123456789ab", "troops", Severity.URGENT),)


def test_it_is_known_which_addresses_a_source_listed(archive):
    known = "https://yonhap-ko.example/2"
    assert archive.listed([known, "https://unknown.example/'; DROP TABLE entries"]) == {known}
    assert archive.listed([]) == frozenset()


def test_only_the_newest_text_of_an_article_is_given(stocked, archive, ingest, now):
    changed = replace(ingest(1).article, title="정정")
    History(stocked).ingest(ingest(1, article=changed, story=1, read_at=now + timedelta(hours=1), alerts=()))
    (text,) = archive.texts()
    assert (text.id, text.revision, text.article.title) == (1, 2, "정정")
    assert archive.count() == 1


def test_texts_come_page_by_page_in_the_order_of_reading(stocked, archive, ingest, now, monkeypatch):
    monkeypatch.setattr(rooms, "_PAGE", 3)
    for number in range(2, 12):
        # every two at the same moment, so that a page ends between two of one time
        History(stocked).ingest(
            ingest(number, read_at=now + timedelta(minutes=number // 2), alerts=(), story=1)
        )
    whole = [text.id for text in archive.texts()]
    assert whole == sorted(whole)
    assert len(whole) == archive.count() == 11
    since, until = now + timedelta(minutes=2), now + timedelta(minutes=4)
    part = [text.article.url[-1] for text in archive.texts(since, until)]
    assert part == ["4", "5", "6", "7"]
    assert archive.count(since, until) == 4


def test_between_two_pages_nothing_is_held(stocked, archive, ingest, monkeypatch):
    monkeypatch.setattr(rooms, "_PAGE", 1)
    History(stocked).ingest(ingest(2, alerts=(), story=1))
    stream = archive.texts()
    next(stream)
    assert not stocked.conn.in_transaction
    assert stocked.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    assert len(list(stream)) == 1


def test_a_reader_may_ask(stocked, path, archive):
    reader = open_reader(path)
    assert list(Archive(reader).texts()) == list(archive.texts())
    assert Archive(reader).record(1) == archive.record(1)
    reader.close()


def test_an_article_is_found_by_number_address_and_entry(stocked, archive, ingest):
    listed, canonical = "https://yonhap-ko.example/2", "https://yonhap-ko.example/canonical"
    article = Article(canonical, "제목", "내용")
    stored = History(stocked).ingest(ingest(2, entry=listed, article=article, alerts=(), story=1))
    for name in (stored.article, str(stored.article), listed, canonical):
        assert archive.find(name) == stored.article
    assert archive.find("https://yonhap-ko.example/3") is None
    assert archive.find(99) is None


def test_an_address_that_was_not_read_says_where_it_stands(archive, now):
    waiting = archive.entry("https://yonhap-ko.example/3")
    assert (waiting.state, waiting.article, waiting.source) == (EntryState.TO_READ, None, "yonhap-ko")
    assert waiting.found_at == now
    assert archive.entry("https://yonhap-ko.example/1").article == 1
    assert archive.entry("https://nowhere.example/") is None


def test_a_record_holds_everything_about_an_article(stocked, archive, ingest, now):
    Feedback(stocked).add(Verdict.IRRELEVANT, alert=1, now=now)
    record = archive.record(1)
    given = ingest(1)
    assert record.text == next(archive.texts())
    assert record.entry.url == given.entry
    assert record.matches == given.matches
    assert record.facts == given.facts
    assert (record.story.id, record.story.pack, record.story.title) == (
        1,
        "dprk-russia",
        given.article.title,
    )
    assert (record.story.articles, record.story.outlets, record.story.languages) == (1, 1, ("ko",))
    (alert,) = record.alerts
    assert [line.state for line in alert.deliveries] == [DeliveryState.PENDING] * 2
    assert [said.alert for said in record.feedback] == [1]
    assert [(line.number, line.reason) for line in record.revisions] == [(1, Reason.NEW_STORY)]


def test_a_record_of_what_was_never_on_topic_has_its_reason(stocked, archive, ingest):
    quiet = ingest(2, matches=(), facts=(), alerts=(), reason=Reason.NO_RULE_MATCHED)
    record = archive.record(History(stocked).ingest(quiet).article)
    assert record.text.reason is Reason.NO_RULE_MATCHED
    assert (record.story, record.alerts, record.matches, record.facts) == (None, (), (), ())


def test_a_record_of_nothing_is_refused(archive):
    with pytest.raises(InputError, match="no article 99"):
        archive.record(99)
