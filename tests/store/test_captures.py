"""What the history notes of pages that are kept as they were fetched."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.models import Fetched, Reason
from monitor.store.captures import Captures, CaptureTotals, forget
from monitor.store.columns import chain_hash, content_hash, time_text
from monitor.store.database import rows, transaction
from monitor.store.history import History
from spiders.captures import Capture, CaptureFault
from spiders.items import Article

NAME = "20261125T063000Z-" + "0123456789abcdef" * 2 + ".warc.gz"


@pytest.fixture
def capture(now):
    return Capture(now - timedelta(seconds=2), NAME, 4711, "a" * 64, "b" * 64)


@pytest.fixture
def with_capture(ingest):
    """An article on topic whose page was captured, or was not."""

    def make(capture, number=1, **changes):
        url = f"https://yonhap-ko.example/{number}"
        return ingest(number, **({"fetched": Fetched(f"{url}?final", capture=capture)} | changes))

    return make


def test_the_capture_of_an_article_on_topic_is_noted_with_its_revision(db, now, with_capture, capture):
    stored = History(db).ingest(with_capture(capture))
    assert stored.captured
    (line,) = Captures(db).of_article(stored.article)
    assert (line.article, line.number, line.file) == (stored.article, 1, NAME)
    assert (line.url, line.fetched_at) == ("https://yonhap-ko.example/1?final", capture.at)
    assert (line.size, line.sha256, line.payload) == (4711, "a" * 64, "b" * 64)
    assert (line.fault, line.detail) == (None, "")
    assert Captures(db).totals() == CaptureTotals(kept=1, size=4711, failed=0)
    assert Captures(db).names([NAME, NAME.replace("0", "1")]) == {NAME}
    assert list(Captures(db).all()) == [line]


def test_what_is_off_topic_is_not_kept(db, with_capture, capture):
    item = with_capture(capture, matches=(), facts=(), alerts=(), reason=Reason.NO_RULE_MATCHED)
    assert not History(db).ingest(item).captured
    assert Captures(db).totals().kept == 0


def test_a_page_that_was_on_topic_is_kept_when_it_says_something_else(db, with_capture, capture):
    """What a page took back is the best of evidence."""
    first = with_capture(capture)
    key = History(db).ingest(first).article
    later = replace(capture, name=NAME.replace("0123", "4567"))
    emptied = replace(first.article, text="Dieser Artikel wurde entfernt.")
    item = with_capture(
        later, article=emptied, matches=(), facts=(), alerts=(), reason=Reason.NO_RULE_MATCHED
    )
    assert History(db).ingest(item).captured
    assert [(line.number, line.file) for line in Captures(db).of_article(key)] == [(1, NAME), (2, later.name)]


def test_why_a_page_could_not_be_kept_is_noted_and_mended_by_the_next_good_capture(db, with_capture, capture):
    failed = Capture(capture.at, fault=CaptureFault.DISK_FULL, detail="No space left on device")
    stored = History(db).ingest(with_capture(failed))
    assert not stored.captured
    (line,) = Captures(db).of_article(stored.article)
    assert (line.file, line.fault, line.detail) == ("", CaptureFault.DISK_FULL, "No space left on device")
    assert Captures(db).totals() == CaptureTotals(kept=0, size=0, failed=1)

    assert not History(db).ingest(with_capture(failed)).captured
    assert History(db).ingest(with_capture(capture)).captured
    assert not History(db).ingest(with_capture(replace(capture, name=NAME.replace("0", "f")))).captured
    assert [line.file for line in Captures(db).of_article(stored.article)] == [NAME]


def test_an_article_whose_text_came_from_elsewhere_has_none(db, with_capture):
    stored = History(db).ingest(with_capture(None, fetched=None))
    assert Captures(db).of_article(stored.article) == ()


def test_captures_of_an_article_are_forgotten_within_a_transaction(db, with_capture, capture):
    key = History(db).ingest(with_capture(capture)).article
    assert Captures(db).files_of([key]) == (NAME,)
    with transaction(db):
        forget(db, [key])
    assert Captures(db).files_of([key]) == ()


def test_each_revision_is_sealed_with_the_one_before(db, now, ingest):
    first = ingest(1)
    second = replace(first.article, text="다른 글")
    History(db).ingest(first)
    History(db).ingest(ingest(1, article=second, read_at=now + timedelta(hours=1)))
    History(db).ingest(ingest(1, article=second, read_at=now + timedelta(hours=2)))  # says the same
    seals = [row["chain"] for row in rows(db, "SELECT chain FROM revisions ORDER BY id")]
    one = chain_hash(
        "", first.article.url, 1, time_text(now), content_hash(first.article.title, first.article.text)
    )
    read_at = time_text(now + timedelta(hours=1))
    two = chain_hash(one, first.article.url, 2, read_at, content_hash(second.title, second.text))
    assert seals == [one, two]


@pytest.mark.parametrize("part", range(5))
def test_a_seal_depends_on_everything(part):
    given = ["", "https://a.example/1", 1, "2026-11-25T06:30:00.000000Z", content_hash("a", "b")]
    other = [given[0] + "x", given[1] + "x", 2, given[3].replace("6", "7"), content_hash("a", "c")]
    changed = [*given[:part], other[part], *given[part + 1 :]]
    assert chain_hash(*given) != chain_hash(*changed)


def test_an_address_with_half_a_sign_is_sealed(db, ingest):
    article = Article("https://a.example/\ud83d", "북한군 🪖", "글")
    History(db).ingest(ingest(1, article=article))
    (row,) = rows(
        db,
        "SELECT url, chain, content_hash, revisions.read_at FROM revisions JOIN articles ON articles.id = article",
    )
    assert row["chain"] == chain_hash("", row["url"], 1, row["read_at"], row["content_hash"])
