"""Random histories under random retentions: what is to stay stays, what went never returns, and the file fits."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.core.models import Ingest, Reason
from monitor.core.retention import Retention, RetentionClass, by_size
from monitor.store.capture_files import CaptureFiles
from monitor.store.database import check, open_history, rows
from monitor.store.history import History
from monitor.store.pruning import Pruning, Space
from monitor.store.sources import Sources
from spiders.items import Article, CrawlReport, Entry, Outcome
from tests.aged import DAY, Piece, address, expected, fill, listed
from tests.pruned import finish

NOW = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
NOWHERE = Path("/nonexistent/captures")


pieces = st.builds(
    Piece,
    age=st.integers(0, 200),
    story=st.none() | st.integers(0, 3),
    told=st.booleans(),
    arrived=st.booleans(),
    judged=st.integers(0, 9).map(lambda n: n == 0),
    captured=st.integers(0, 4).map(lambda n: n == 0),
    alias=st.booleans(),
)
ages = st.none() | st.integers(1, 220).map(lambda days: days * DAY)
retentions = st.builds(Retention, **{each.value: ages for each in RetentionClass})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(found=st.lists(pieces, max_size=15), kept=retentions)
def test_what_is_to_stay_stays_and_what_went_never_returns(found, kept):
    with closing(open_history(None)) as db:
        keys = fill(db, found, NOW)
        texts = {row["article"]: row["text"] for row in rows(db, "SELECT article, text FROM revisions")}
        links = Counter(row["source"] for row in rows(db, "SELECT source FROM entry_sources"))
        finish(db, kept, NOW, CaptureFiles(NOWHERE))
        assert check(db) == ()

        alerts, articles = expected(found, kept)
        left = {row["article"]: row["text"] for row in rows(db, "SELECT article, text FROM revisions")}
        assert left == {keys[number]: texts[keys[number]] for number in articles}
        assert {row["id"] for row in rows(db, "SELECT id FROM articles")} == set(left)
        told = {row["article"] for row in rows(db, "SELECT article FROM alerts")}
        assert told == {keys[number] for number in alerts}
        (row,) = rows(db, "SELECT count(*) AS many FROM deliveries")
        assert row["many"] == len(alerts)

        # A feed that lists all of it again brings nothing new, and no page of it would be taken in.
        again = tuple(Entry(listed(number, piece), "Again") for number, piece in enumerate(found))
        assert Sources(db).unlisted("a", CrawlReport("t", Outcome.OK, entries=again)) == ()
        assert Counter(row["source"] for row in rows(db, "SELECT source FROM entry_sources")) == links
        history = History(db)
        for number in range(len(found)):
            gone = number not in articles
            assert (history.page(address(number)) is None) is gone
            assert history.was_pruned(address(number)) or not gone
        page = Article(address(999), "Title", "Text", "en", NOW)
        fresh = Ingest(address(999), "a", page, NOW, Reason.NO_RULE_MATCHED)
        assert history.ingest(fresh).article == len(found) + 1, "a number was given twice"

        before = db.conn.total_changes
        finish(db, kept, NOW, CaptureFiles(NOWHERE))
        assert db.conn.total_changes == before, "what may go went in one run"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(found=st.lists(pieces, min_size=5, max_size=25), share=st.floats(0.3, 1.1))
def test_the_file_fits_if_that_can_be_and_keeps_what_was_told(found, share):
    with closing(open_history(None)) as db:
        keys = fill(db, found, NOW)
        limit = int(Space(db).usage().used * share)
        forever = dict.fromkeys((each.value for each in RetentionClass), None)
        finish(db, Retention(**forever, size=limit), NOW)
        assert check(db) == ()
        left = {row["id"] for row in rows(db, "SELECT id FROM articles")}
        for number, piece in enumerate(found):
            if piece.story is not None or piece.judged or piece.age <= 7:
                assert keys[number] in left
        off_topic = [n for n, piece in enumerate(found) if piece.story is None and not piece.judged]
        gone = {n for n in off_topic if keys[n] not in left}
        stayed = {n for n in off_topic if keys[n] in left and found[n].age > 7}
        assert not gone or not stayed or min(found[n].age for n in gone) >= max(found[n].age for n in stayed)
        if Space(db).usage().used > limit:
            assert all(Pruning(db).survey(cut).many == 0 for cut in by_size(NOW))
