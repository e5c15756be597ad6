"""Pages whose stories move are looked at again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.models import Fetched, Pending, Reason
from monitor.core.sources.revisiting import PER_HOST
from monitor.jobs.visiting import Visiting
from monitor.store.history import History
from monitor.store.visits import Visits
from spiders.items import Article, CrawlReport, Entry, Outcome, Validators, host

URL = "https://b.example/news/1"
TITLE = "North Korea sends soldiers to Russia"
TEXT = "Seoul said that 3,000 soldiers had arrived.\nThey travelled by train, it added."
LAST = timedelta(hours=81)


@pytest.fixture
def room(make_ingestor, sources, source, clock, db):
    """Visits to pages that were read, with a clock that is set by hand."""

    class Room:
        ingestor = make_ingestor()
        visits = Visits(db)
        visiting = Visiting(visits, ingestor)

        def read(self, url=URL, title=TITLE, text=TEXT, found_at=None):
            pending = Pending(Entry(url, title), "a", "en", found_at or clock.now)
            article = Article(url, title, text, "en", clock.now)
            return self.ingestor.take(pending, article, clock.now, Fetched(url, Validators('"1"')))

        def due(self, busy=()):
            return list(self.visiting.due(clock.now, 999, busy, 60.0))

        def visit(self, report):
            ((_, visit),) = self.due()
            return self.visiting.take(visit, report, clock.now)

    sources.sync([source()], clock.now)
    return Room()


def page(text=TEXT, title=TITLE, url=URL, etag='"2"'):
    article = Article(url, title, text, "en")
    return CrawlReport("", Outcome.OK, url=url, article=article, validators=Validators(etag), status=200)


def failed(reason, url=URL):
    return CrawlReport("", Outcome.FAILED, reason, url=url)


def test_a_page_on_topic_is_asked_with_its_validators_when_its_time_has_come(room, clock):
    room.read()
    clock.forward(minutes=14)
    assert room.due() == []
    clock.forward(minutes=1)
    ((task, visit),) = room.due()
    assert (task.url, task.validators, task.language) == (URL, Validators('"1"'), "en")
    assert (visit.title, visit.text) == (TITLE, TEXT)
    assert room.due(busy=[host(URL)]) == []


def test_what_is_not_on_topic_or_was_not_fetched_is_never_visited(room, clock, take):
    room.read(title="Cats", text="They sleep.")
    take(room.ingestor, TITLE)
    clock.forward(minutes=20)
    assert room.due() == []


def test_a_figure_that_was_put_right_is_told_once_and_in_time(room, clock, db):
    assert room.read().ingest.alerts
    clock.forward(hours=9)
    found = page(TEXT.replace("3,000", "10,000"))
    assert room.visit(found)
    newest = History(db).alerts(limit=1)[0]
    assert (newest.reason, newest.late, newest.url) == (Reason.CHANGED, False, URL)
    clock.now += timedelta(hours=18)
    assert not room.visit(found)
    assert [row["number"] for row in db.query("SELECT number FROM revisions ORDER BY id")] == [1, 2]


def test_what_a_page_changes_beside_its_news_is_no_revision(room, clock, db):
    room.read()
    before = list(db.query("SELECT * FROM revisions UNION ALL SELECT * FROM revisions"))
    entry = list(db.query("SELECT * FROM entries"))
    clock.forward(minutes=15)
    assert not room.visit(page(f"Updated 14:32\n\n{TEXT}\nShare on X"))
    assert list(db.query("SELECT * FROM revisions UNION ALL SELECT * FROM revisions")) == before
    assert list(db.query("SELECT * FROM entries")) == entry
    ((task, _),) = (clock.forward(hours=1), room.due())[1]
    assert task.validators == Validators('"2"')


def test_a_figure_in_a_line_that_is_no_prose_counts_if_the_pack_knows_it(room, clock, db):
    lines = "Russia and North Korea meet again in Kursk, they said.\n3,000 soldiers\n12 comments"
    room.read(text=lines)
    clock.forward(minutes=15)
    assert not room.visit(page(lines.replace("12 comments", "15 comments")))
    clock.forward(hours=1)
    assert room.visit(page(lines.replace("3,000", "10,000")))


def test_a_page_that_did_not_change_is_visited_to_the_end_of_its_timetable(room, clock, db):
    start = clock.now
    room.read()
    for hours in (0.25, 1, 3, 9, 27):
        clock.now = start + timedelta(hours=hours)
        assert not room.visit(CrawlReport("", Outcome.UNCHANGED, status=304))
    clock.now = start + timedelta(hours=60)
    room.read(url="https://c.example/2")  # the story has news
    clock.now = start + LAST
    assert {task.url for task, _ in room.due()} == {URL, "https://c.example/2"}
    for _, visit in room.due():
        room.visiting.take(visit, CrawlReport("", Outcome.UNCHANGED), clock.now)
    clock.forward(days=30)
    assert room.due() == []
    assert db.execute("SELECT count(*) FROM visits WHERE article = 1").fetchone() == (6,)


def test_the_pages_of_a_story_at_rest_are_left_alone(room, clock):
    room.read()
    clock.forward(hours=27)
    room.visit(failed("timeout"))
    clock.forward(hours=54)
    assert room.due() == []


def test_a_host_is_visited_so_often_in_a_day_and_no_more(room, clock, db):
    for number in range(PER_HOST + 20):
        room.read(url=f"https://b.example/{number}")
    room.read(url="https://c.example/1")
    clock.forward(minutes=15)
    due = room.due()
    assert len(due) == PER_HOST + 1
    for _, visit in due:
        room.visiting.take(visit, CrawlReport("", Outcome.UNCHANGED), clock.now)
    assert room.due() == []
    clock.forward(hours=25)
    assert len(room.due()) == PER_HOST + 1


@pytest.mark.parametrize(
    "answer",
    [
        failed("http_404"),
        failed("http_410"),
        page("Welcome.", "Home", "https://b.example/"),
        failed("no_text", "https://b.example/"),
    ],
)
def test_a_page_that_is_not_found_twice_is_gone_and_not_told(room, clock, db, answer):
    room.read()
    alerts = len(History(db).alerts(limit=9))
    clock.forward(minutes=15)
    assert not room.visit(answer)
    assert list(db.query("SELECT gone_at, missing FROM articles")) == [{"gone_at": None, "missing": 1}]
    clock.forward(hours=1)
    assert not room.visit(answer)
    (row,) = db.query("SELECT gone_at, visit_at, title FROM articles")
    assert (row["gone_at"] is not None, row["visit_at"], row["title"]) == (True, None, TITLE)
    assert len(History(db).alerts(limit=9)) == alerts


def test_a_page_that_came_back_is_there(room, clock, db):
    room.read()
    for answer in ("http_404", "timeout", "http_404"):
        clock.forward(hours=1)
        room.visit(failed(answer))
    assert list(db.query("SELECT gone_at FROM articles")) == [{"gone_at": None}]
    clock.forward(hours=1)
    room.visit(failed("http_404"))
    assert list(db.query("SELECT gone_at IS NULL AS there FROM articles")) == [{"there": 0}]
    room.read()
    assert list(db.query("SELECT gone_at IS NULL AS there FROM articles")) == [{"there": 1}]


def test_a_page_that_moved_stays_the_same_article(room, clock, db):
    room.read()
    clock.forward(minutes=15)
    moved = "https://b.example/news/1-10000-soldiers"
    assert room.visit(page(TEXT.replace("3,000", "10,000"), url=moved))
    assert [row["url"] for row in db.query("SELECT url FROM articles")] == [URL]
    assert db.execute("SELECT count(*) FROM revisions").fetchone() == (2,)


def test_a_visit_whose_end_was_not_stored_is_made_again_and_tells_nothing_twice(room, clock, db):
    room.read()
    clock.forward(minutes=15)
    found = page(TEXT.replace("3,000", "10,000"))
    ((_, visit),) = room.due()
    assert room.ingestor.revise(visit, found.article, clock.now).ingest.alerts  # killed here
    ((_, again),) = room.due()
    assert again.text == found.article.text
    assert not room.visiting.take(again, found, clock.now)
    assert db.execute("SELECT count(*) FROM alerts").fetchone() == (2,)


def test_a_page_that_two_addresses_lead_to_is_taken_as_it_was_if_it_says_the_same(room, clock, db):
    room.read()
    article = Article(URL, TITLE, f"Updated 14:32\n{TEXT}", "en", clock.now)
    taken = room.ingestor.take(Pending(Entry(f"{URL}?x=1"), "a", "en", clock.now), article, clock.now)
    assert (taken.ingest.reason, taken.stored.is_new) == (Reason.SAME_TEXT, False)
    other = room.ingestor.take(
        Pending(Entry(f"{URL}?x=2"), "a", "en", clock.now),
        replace(article, title="No topic", text=""),
        clock.now,
    )
    assert other.stored.is_new
