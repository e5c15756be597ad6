"""What the page of an article is made of."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.errors import InputError
from monitor.core.models import Reason
from monitor.core.signature import Signature
from monitor.core.stories import Placement
from monitor.store.archive import Archive
from monitor.store.history import History
from monitor.store.views.article import article_page
from monitor.store.visits import Visits
from spiders.items import Article, CrawlReport, Outcome


def test_everything_around_an_article_is_there(stocked):
    page = article_page(stocked, 1)
    assert page.record == Archive(stocked).record(1)
    assert page.outlet == "연합뉴스"
    assert [one.line.id for one in page.alerts] == [1]
    assert (page.placement, page.visits, page.visit_at, page.copies, page.copied) == (None, (), None, (), 0)


def test_why_its_newest_text_is_in_its_story(stocked, ingest):
    placement = Placement(1, 0.75, is_copy=False, shared=("kursk", "12,000 soldiers"))
    signature = Signature({"kursk": 1.0}, b"", is_roundup=True)
    given = ingest(2, story=1, alerts=(), signature=signature, placement=placement)
    placed = article_page(stocked, History(stocked).ingest(given).article).placement
    assert (placed.pack, placed.version, placed.likeness) == ("dprk-russia", "0123456789ab", 0.75)
    assert placed.shared == ("kursk", "12,000 soldiers")
    assert placed.is_roundup


def test_copies_are_other_articles_with_the_same_title_and_text(stocked, ingest, now):
    text = ingest(1).article
    for number in (2, 3):
        copy = replace(text, url=f"https://tass-ru.example/{number}")
        History(stocked).ingest(
            ingest(number, article=copy, source="tass-ru", story=1, alerts=(), reason=Reason.SAME_TEXT)
        )
    page = article_page(stocked, 1)
    assert page.copied == 2
    assert [(one.article, one.outlet) for one in page.copies] == [(2, "ТАСС"), (3, "ТАСС")]
    other = History(stocked).ingest(
        ingest(4, article=Article("https://x.example/", "A", "B"), alerts=(), story=1)
    )
    assert article_page(stocked, other.article).copied == 0


def test_visits_are_shown_the_latest_first(stocked, ingest, now):
    stocked.execute(
        "UPDATE articles SET fetched = url, host = 'yonhap-ko.example', visit_at = ? WHERE id = 1",
        [(now - timedelta(minutes=1)).isoformat(timespec="microseconds").replace("+00:00", "Z")],
    )
    (visit,) = Visits(stocked).due(now, 10)
    for minutes, report in (
        (0, CrawlReport("v", Outcome.OK, status=200)),
        (1, CrawlReport("v", Outcome.FAILED, reason="http_404", status=404)),
    ):
        Visits(stocked).save(
            visit,
            report,
            revised=not minutes,
            missing=minutes,
            gone=False,
            next_visit=now + timedelta(hours=1),
            now=now + timedelta(minutes=minutes),
        )
    page = article_page(stocked, 1)
    assert [(one.outcome, one.revised, one.reason, one.status) for one in page.visits] == [
        (Outcome.FAILED, False, "http_404", 404),
        (Outcome.OK, True, "", 200),
    ]
    assert page.visit_at == now + timedelta(hours=1)


def test_an_article_that_is_not_there_is_the_readers_mistake(stocked):
    with pytest.raises(InputError, match="no article 99"):
        article_page(stocked, 99)
