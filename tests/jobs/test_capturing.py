"""What becomes of the pages that a worker captured: those on topic are kept, and no other."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.delivery.deliveries import Recipient
from monitor.core.delivery.notices import Listener
from monitor.core.errors import StorageError
from monitor.core.models import Fetched, Pending
from monitor.jobs.capturing import Capturing
from monitor.jobs.keeper import Keeper
from monitor.jobs.steps import Step
from monitor.store.capture_files import CaptureFiles
from monitor.store.captures import Captures
from monitor.store.database import rows
from monitor.store.history import History
from monitor.store.notices import Notices
from spiders.captures import Capture, CaptureFault
from spiders.items import CrawlReport, Entry, Outcome

ON_TOPIC, BESIDE = "North Korea sends soldiers to Russia", "A storm in Bavaria"
URL = "https://b.example/1"


@pytest.fixture
def files(tmp_path, db):
    one = CaptureFiles(tmp_path / "captures")
    one.prepare(db)
    return one


@pytest.fixture
def captured(files, clock):
    """The report of a page with a capture, whose file lies in the spool."""

    def make(report, number=1):
        name, body = f"20261125T063000Z-{number:032x}.warc.gz", f"page {number}".encode()
        (files.spool / name).write_bytes(body)
        capture = Capture(clock.now, name, len(body), hashlib.sha256(body).hexdigest(), "b" * 64)
        return replace(report, capture=capture, url=report.article.url if report.article else URL)

    return make


@pytest.fixture
def desk(make_ingestor, make_watch, files, source, sources, crawler, looked, clock):
    """A service that is given reports of pages, one after another."""

    class Desk:
        def __init__(self):
            self.steps = []
            capturing = Capturing(files, lambda step, _: self.steps.append(step))
            self.ingestor = make_ingestor(capturing=capturing)
            self.watch = make_watch(self.ingestor)
            sources.sync([source()], clock.now)

        def read(self, *reports):
            crawler.answers |= {report.article.url: report for report in reports}
            crawler.answers[source().url] = looked(*(report.article.url for report in reports))
            sources.look_now("a", clock.now)
            self.run()

        def run(self, times=3):
            async def settle():
                for _ in range(times):
                    self.watch.tick()
                    while not self.watch.idle:
                        await asyncio.sleep(0)

            asyncio.run(asyncio.wait_for(settle(), 20))

    return Desk()


def lying(files):
    return sorted(str(path.relative_to(files.folder)) for path in files.folder.rglob("*.gz"))


def test_a_page_on_topic_is_kept_and_one_beside_it_is_not(desk, files, captured, page, db):
    other = "https://c.example/2"
    desk.read(captured(page(URL, ON_TOPIC), 1), captured(page(other, BESIDE), 2))
    (line,) = Captures(db).all()
    assert (line.url, line.file) == (URL, f"20261125T063000Z-{1:032x}.warc.gz")
    assert lying(files) == [f"2026/11/{line.file}"]
    assert hashlib.sha256(files.find(line.file).read_bytes()).hexdigest() == line.sha256
    assert desk.steps == [Step.CAPTURED]


def test_a_visit_that_finds_something_new_is_kept_and_one_that_does_not_is_not(
    desk, files, captured, page, db, clock, crawler
):
    text = "Seoul said that 3,000 soldiers had arrived."
    desk.read(captured(page(URL, ON_TOPIC, text), 1))
    for number, now_text in ((2, text), (3, text.replace("3,000", "4,000"))):
        clock.forward(hours=2 * number)
        crawler.answers[URL] = captured(page(URL, ON_TOPIC, now_text), number)
        desk.run()
    assert [line.number for line in Captures(db).all()] == [1, 2]
    assert lying(files) == [f"2026/11/20261125T063000Z-{number:032x}.warc.gz" for number in (1, 3)]


def test_a_page_that_took_back_what_was_on_topic_is_kept(desk, files, captured, page, db, clock, crawler):
    desk.read(captured(page(URL, ON_TOPIC, "Soldiers arrived in Kursk, officials in Seoul said."), 1))
    clock.forward(hours=1)
    emptied = page(URL, "Correction", "An earlier version of this article was removed. We regret this.")
    crawler.answers[URL] = captured(replace(emptied, url=URL), 2)
    desk.run()
    assert [line.number for line in Captures(db).all()] == [1, 2]


def test_a_page_that_cannot_be_kept_is_told_and_the_reason_is_noted(
    desk, files, captured, page, db, clock, caplog
):
    full = Capture(clock.now, fault=CaptureFault.DISK_FULL, detail="No space left on device")
    gone = captured(page("https://c.example/2", f"{ON_TOPIC} again"), 2)
    (files.spool / gone.capture.name).unlink()
    desk.read(replace(page(URL, ON_TOPIC), capture=full), gone)
    assert {line.fault for line in Captures(db).all()} == {CaptureFault.DISK_FULL, CaptureFault.LOST}
    assert "disk_full: No space left on device" in caplog.text
    assert len(History(db).alerts(limit=9)) == 1  # the second is a copy
    assert lying(files) == []


def test_what_is_off_topic_says_nothing_of_a_disk_that_is_full(desk, page, db, clock, caplog):
    full = Capture(clock.now, fault=CaptureFault.DISK_FULL, detail="No space left on device")
    desk.read(replace(page(URL, BESIDE), capture=full))
    assert list(Captures(db).all()) == []
    assert "disk_full" not in caplog.text


def test_a_history_that_cannot_be_written_leaves_a_file_that_is_tidied_up(
    make_ingestor, files, captured, page, clock, db, take
):
    report = captured(page(URL, ON_TOPIC))
    ingestor = make_ingestor(capturing=Capturing(files))

    class Full(History):
        def ingest(self, item):
            raise StorageError("the disk is full")

    ingestor._history = Full(db)
    with pytest.raises(StorageError):
        ingestor.take(
            Pending(Entry(URL), "a", "en", clock.now),
            report.article,
            clock.now,
            Fetched(URL, capture=report.capture),
        )
    ingestor.capturing.drop(report)
    assert len(lying(files)) == 1  # whether a row was stored is not known
    ingestor.capturing.tidy(db, clock.now + timedelta(days=365))
    assert lying(files) == []


def test_nothing_is_kept_where_captures_are_off(make_ingestor, take, page, db, files, captured):
    capturing = Capturing()
    report = captured(page(URL, ON_TOPIC))
    capturing.prepare(db)
    capturing.tidy(db, report.capture.at)
    capturing.drop(report)
    take(make_ingestor(capturing=capturing), ON_TOPIC)
    assert list(Captures(db).all()) == []


def test_a_page_that_failed_leaves_nothing(desk, files, captured, crawler, looked, source, sources, clock):
    odd = captured(CrawlReport("", Outcome.FAILED, "http_500", "a report that no worker makes"))
    crawler.answers = {source().url: looked(URL), URL: odd}
    desk.run()
    assert lying(files) == []


def test_the_keeper_is_told_once_that_pages_cannot_be_kept_and_once_that_they_are_again(
    make_ingestor, files, captured, page, clock, db, take
):
    keeper = Keeper(Notices(db), (Listener("mail", (Recipient("mail", "anna"),)),), clock=clock)
    full = Capture(clock.now, fault=CaptureFault.DISK_FULL, detail="No space left on device")
    gone = Capture(clock.now, fault=CaptureFault.LOST, detail="its file is gone")

    def read(number, capture):
        # As after a restart: what was said before is known from the history.
        ingestor = make_ingestor(capturing=Capturing(files, keeper=keeper))
        ingestor.capturing.prepare(db)
        url = f"https://b.example/{number}"
        report = captured(page(url, f"{ON_TOPIC} {number}"), number)
        pending = Pending(Entry(url), "a", "en", clock.now)
        ingestor.take(pending, report.article, clock.now, Fetched(url, capture=capture or report.capture))
        return [row["kind"] for row in rows(db, "SELECT kind FROM notices ORDER BY id")]

    assert read(1, gone) == []
    assert read(2, full) == read(3, full) == ["captures_failing"]
    assert read(4, None) == read(5, None) == ["captures_failing", "captures_kept"]


def test_a_spool_that_was_removed_is_made_again(files, db, clock):
    files.spool.rmdir()
    Capturing(files).tidy(db, clock.now)
    assert files.spool.is_dir()


def test_pages_are_kept_from_when_somebody_wants_them_and_a_kept_one_is_not_forgotten(
    tmp_path, db, captured, page
):
    capturing = Capturing()
    report = captured(page(URL, ON_TOPIC))
    capturing.drop(report)
    first = CaptureFiles(tmp_path / "captures")
    capturing.begin(first)
    capturing.begin(CaptureFiles(tmp_path / "elsewhere"))
    capturing.drop(report)
    assert lying(first) == []
