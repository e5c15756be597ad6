"""What people say about stories wins over the machine, at once and after a restart."""

import asyncio
import threading
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor import control
from monitor.core.errors import AlreadyRunning, InputError, StorageError
from monitor.core.matching import Matcher
from monitor.core.models import Reason
from monitor.jobs import stories
from monitor.store.database import open_reader
from monitor.store.history import History
from monitor.store.lock import WriterLock
from monitor.store.regrouping import EditKind, Regrouping

TITLE = "North Korea sends 3,000 soldiers to Russia"
REPEAT = "Russia receives 3,000 soldiers from North Korea"
OTHER = "Kursk: North Korean shells for Russia"
TEXT = " ".join(
    f"The {number}th train with shells from North Korea crossed to Russia." for number in range(60)
)


@pytest.fixture
def corrections(db, clock):
    def make(ingestor):
        return stories.Corrections(Regrouping(db), ingestor, clock)

    return make


@pytest.fixture
def ask(corrections):
    """Ask what the service would be asked over its socket."""

    def run(ingestor, what, **arguments):
        return asyncio.run(getattr(corrections(ingestor), what)(arguments))

    return run


@pytest.fixture
def take_two(take, clock):
    """Take in two developments that the machine keeps apart: thirteen days lie between them."""

    def run(ingestor):
        first = take(ingestor, TITLE).stored
        second = take(ingestor, OTHER, TEXT, published=clock.now - timedelta(days=13)).stored
        assert second.story != first.story
        return first, second

    return run


def restarted(make_ingestor, clock, *channels):
    ingestor = make_ingestor(*channels)
    ingestor.remember(clock.now)
    return ingestor


@pytest.mark.parametrize("restart", [False, True])
def test_near_copies_of_an_article_that_was_split_off_follow_it(make_ingestor, take, clock, ask, restart):
    ingestor = make_ingestor()
    first = take(ingestor, TITLE).stored
    moved = take(ingestor, REPEAT, TEXT).stored
    assert moved.story == first.story
    into = ask(ingestor, "split", story=first.story, articles=[moved.article])["into"]
    assert into != first.story
    if restart:
        ingestor = restarted(make_ingestor, clock)
    clock.forward(minutes=5)
    copy = take(ingestor, "Trains cross: North Korea, Russia", f"{TEXT} So the agency says.")
    assert copy.stored.story == into


@pytest.mark.parametrize("restart", [False, True])
def test_what_would_have_joined_a_merged_story_joins_the_other(
    make_ingestor, take, take_two, clock, ask, restart
):
    ingestor = make_ingestor()
    first, second = take_two(ingestor)
    edit = ask(ingestor, "merge", story=second.story, into=first.story, note="하나")
    assert (edit["articles"], edit["note"]) == ([second.article], "하나")
    if restart:
        ingestor = restarted(make_ingestor, clock)
    clock.forward(minutes=5)
    assert take(ingestor, OTHER, TEXT).stored.story == first.story
    assert take(ingestor, REPEAT).stored.story == first.story


def test_what_a_channel_was_told_goes_with_the_articles(make_ingestor, take, ask):
    ingestor = make_ingestor()
    first = take(ingestor, TITLE).stored
    quiet = take(ingestor, REPEAT, TEXT)
    assert quiet.ingest.reason is Reason.REPEAT
    ask(ingestor, "split", story=first.story, articles=[quiet.stored.article])
    again = take(ingestor, REPEAT, TEXT)
    assert again.ingest.reason is Reason.NEW_STORY, "nobody has heard of the new story"
    ask(ingestor, "merge", story=again.stored.story, into=first.story)
    assert take(ingestor, REPEAT, TEXT).ingest.alerts == ()


class HeldUp(Matcher):
    """The packs as edited; reading the first text waits until it may go on."""

    def __init__(self, packs):
        super().__init__(packs)
        self.begun, self.may_go_on = threading.Event(), threading.Event()

    def read(self, article, origin):
        self.begun.set()
        assert self.may_go_on.wait(10)
        return super().read(article, origin)


def test_a_correction_while_packs_are_taken_up_is_not_lost(
    make_ingestor, take, take_two, clock, path, corrections, pack
):
    ingestor = make_ingestor()
    for number in range(30):  # more than are read in one go, and too old to be compared with
        take(ingestor, f"{REPEAT} {number}", published=clock.now - timedelta(days=40))
    first, second = take_two(ingestor)
    matcher = HeldUp([replace(pack, version="new")])

    async def both():
        with closing(open_reader(path)) as reader:
            taking = asyncio.create_task(ingestor.take_up(matcher, History(reader).remembered, clock.now))
            await asyncio.to_thread(matcher.begun.wait, 10)
            await corrections(ingestor).merge({"story": second.story, "into": first.story})
            matcher.may_go_on.set()
            await taking

    asyncio.run(both())
    assert take(ingestor, OTHER, TEXT).stored.story == first.story


def test_what_is_asked_for_again_leaves_the_open_stories_alone(make_ingestor, take_two, ask, monkeypatch):
    ingestor = make_ingestor()
    first, second = take_two(ingestor)
    ask(ingestor, "merge", story=second.story, into=first.story)
    monkeypatch.setattr(ingestor, "follow", None)
    assert ask(ingestor, "merge", story=second.story, into=first.story)["again"]


@asynccontextmanager
async def service(path, corrections):
    handlers = {"merge": corrections.merge, "split": corrections.split}
    async with control.listening(path, handlers):
        yield


def test_a_running_service_is_asked_and_answers_what_it_did(
    make_ingestor, take, take_two, clock, path, corrections
):
    ingestor = make_ingestor()
    first, second = take_two(ingestor)
    third = take(ingestor, REPEAT).stored

    async def talk():
        with WriterLock(path):
            async with service(path, corrections(ingestor)):
                merged = await asyncio.to_thread(
                    stories.merge, path, second.story, first.story, clock.now, note="배 🚢"
                )
                names = [str(third.article)]
                split = await asyncio.to_thread(stories.split, path, first.story, names, clock.now)
                with pytest.raises(InputError, match="there is no story 99"):
                    await asyncio.to_thread(stories.merge, path, 99, first.story, clock.now)
        return merged, split

    merged, split = asyncio.run(talk())
    assert (merged.kind, merged.articles, merged.note) == (EditKind.MERGE, (second.article,), "배 🚢")
    assert (split.kind, split.articles) == (EditKind.SPLIT, (third.article,))
    assert stories.timeline(path, second.story).story.id == first.story
    assert [line.id for line in stories.lines(path, limit=9, since=None)] == [split.into, first.story]


def test_without_a_service_it_is_written_at_once(make_ingestor, take_two, clock, path, db):
    ingestor = make_ingestor()
    first, second = take_two(ingestor)
    edit = stories.merge(path, second.story, first.story, clock.now)
    assert edit.articles == (second.article,)
    assert stories.split(path, first.story, [str(second.article)], clock.now).into == second.story
    with WriterLock(path), pytest.raises(AlreadyRunning):
        stories.merge(path, second.story, first.story, clock.now)


def test_without_a_history_nothing_is_listed_and_none_is_made(path, clock):
    assert stories.lines(path, limit=9, since=None) == ()
    with pytest.raises(InputError, match="no history here yet"):
        stories.timeline(path, 1)
    with pytest.raises(StorageError, match="no history here yet"):
        stories.merge(path, 1, 2, clock.now)
    with pytest.raises(StorageError, match="no history here yet"):
        stories.split(path, 1, ["2"], clock.now)
    assert not path.exists()


def test_figures_go_from_what_was_told_to_what_stands(make_ingestor, take, path, clock):
    ingestor = make_ingestor()
    for title in (TITLE, REPEAT, "North Korea sends 12,000 soldiers to Russia", REPEAT):
        clock.forward(minutes=1)
        last = take(ingestor, title).stored
    reports = stories.timeline(path, last.story).reports
    (course,) = stories.courses(reports)
    assert [(fact.value, report.article) for fact, report in course.steps] == [(3_000.0, 1), (12_000.0, 3)]
    assert [
        len(group) if isinstance(group, tuple) else group.article for group in stories.folded(reports)
    ] == [
        1,
        1,
        3,
        1,
    ]


def test_a_story_that_no_channel_wanted_has_its_figures_too(make_ingestor, take, path, clock):
    old = {"first_look": True, "published": clock.now - timedelta(days=3)}
    stored = take(make_ingestor(), "North Korea sends 3,000 soldiers and 300 troops to Russia", **old).stored
    (report,) = stories.timeline(path, stored.story).reports
    assert report.reason is Reason.BASELINE
    assert [fact.value for fact in stories.opening(report)] == [3_000.0, 300.0]
    (course,) = stories.courses((report,))
    assert [fact.value for fact, _ in course.steps] == [3_000.0]
