"""A file of a capture is where a row says, whatever is interrupted."""

from __future__ import annotations

import hashlib
import os

import pytest

from monitor.core.models import Fetched
from monitor.store.capture_files import CaptureFiles
from monitor.store.captures import Captures, forget
from monitor.store.database import transaction
from monitor.store.history import History
from spiders.captures import Capture, CaptureFault

BODY = b"WARC/1.1 \xed\x95\x9c"


def name_of(number: int) -> str:
    return f"20261125T063000Z-{number:032x}.warc.gz"


@pytest.fixture
def files(tmp_path, db):
    one = CaptureFiles(tmp_path / "kept 역사")
    one.prepare(db)
    return one


@pytest.fixture
def spooled(files, now):
    """A file that a worker left in the spool, and what it reports of it."""

    def make(number=1, body=BODY):
        (files.spool / name_of(number)).write_bytes(body)
        return Capture(now, name_of(number), len(BODY), hashlib.sha256(BODY).hexdigest(), "b" * 64)

    return make


@pytest.fixture
def store(db, ingest):
    """Store an article on topic with a capture; the key of the article."""

    def run(capture, number=1):
        fetched = Fetched(f"https://yonhap-ko.example/{number}", capture=capture)
        return History(db).ingest(ingest(number, fetched=fetched)).article

    return run


def lying(files):
    """Every file, below the folder."""
    return sorted(str(path.relative_to(files.folder)) for path in files.folder.rglob("*") if path.is_file())


def test_a_kept_file_goes_to_its_month(files, spooled, store):
    capture = files.hold(spooled())
    store(capture)
    assert files.find(capture.name) == files.spool / capture.name  # its row is there: it must be found
    assert files.place(capture.name)
    assert lying(files) == [f"2026/11/{name_of(1)}"]
    assert files.find(capture.name).read_bytes() == BODY


def test_a_file_that_nobody_keeps_is_dropped_but_not_while_a_row_is_made_for_it(files, spooled):
    kept, beside = files.hold(spooled(1)), spooled(2)
    files.drop(kept.name)
    files.drop(beside.name)
    assert lying(files) == [f"spool/{name_of(1)}"]
    files.release(kept.name)
    assert lying(files) == []


@pytest.mark.parametrize("name", ["../../history.db", "spool/x", "", "20261125T063000Z-" + "0" * 32, "a\0b"])
def test_no_other_file_is_named_by_a_worker(files, now, name, tmp_path):
    (tmp_path / "history.db").write_bytes(BODY)
    capture = Capture(now, name, len(BODY), hashlib.sha256(BODY).hexdigest())
    assert files.hold(capture).fault is CaptureFault.ALTERED
    files.drop(name)
    assert files.find(name) is None
    assert (tmp_path / "history.db").exists()


def test_a_file_that_is_gone_or_exchanged_is_a_fault_and_no_error(files, spooled):
    gone = spooled(1)
    (files.spool / gone.name).unlink()
    assert (files.hold(gone).fault, files.hold(gone).name) == (CaptureFault.LOST, "")
    assert files.hold(spooled(2, b"x" * len(BODY))).fault is CaptureFault.ALTERED
    assert files.hold(spooled(3, BODY + b"x")).fault is CaptureFault.ALTERED


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path, db, now, caplog):
    (tmp_path / "file").write_text("in the way")
    files = CaptureFiles(tmp_path / "file" / "captures")
    files.prepare(db)
    assert "cannot be captured" in caplog.text
    assert files.hold(Capture(now, name_of(1))).fault is CaptureFault.UNWRITABLE
    files.tidy(db, 0.0)
    assert files.find(name_of(1)) is None


def test_what_was_interrupted_is_finished_at_the_next_start(files, spooled, store, db):
    store(files.hold(spooled(1)), 1)  # killed after its row was stored, before it was moved
    files.hold(spooled(2))  # killed before its row was stored
    spooled(3)  # killed while its page was decided about
    (files.spool / f"{name_of(4)}.part").write_bytes(b"WA")  # killed while it was written
    (files.spool / "note.txt").write_text("somebody else's")

    CaptureFiles(files.folder).prepare(db)
    assert lying(files) == [f"2026/11/{name_of(1)}", "spool/note.txt"]


def test_only_what_is_old_is_tidied_while_workers_write(files, spooled, db):
    for number, age in ((1, 100.0), (2, 200.0)):
        os.utime(files.spool / spooled(number).name, (age, age))
    files.tidy(db, 150.0)
    assert lying(files) == [f"spool/{name_of(2)}"]


def test_a_file_that_could_not_be_moved_stays_until_it_can(files, spooled, store, db):
    capture = files.hold(spooled())
    store(capture)
    (files.folder / "2026").write_text("in the way")
    assert not files.place(capture.name)
    files.drop(capture.name)
    assert files.find(capture.name) is not None
    (files.folder / "2026").unlink()
    files.settle(db, [capture.name])
    assert lying(files) == [f"2026/11/{name_of(1)}"]


def test_files_go_with_their_rows(files, spooled, store, db):
    articles = []
    for number in (1, 2):
        capture = files.hold(spooled(number))
        articles.append(store(capture, number))
        files.place(capture.name)
    with files.removing(db, articles[:1]) as names, transaction(db):
        forget(db, articles[:1])
    assert names == (name_of(1),)
    assert lying(files) == [f"2026/11/{name_of(2)}"]
    assert [line.article for line in Captures(db).all()] == articles[1:]


def test_files_stay_if_the_transaction_fails(files, spooled, store, db):
    capture = files.hold(spooled())
    article = store(capture)
    files.place(capture.name)

    def fail():
        with files.removing(db, [article]), transaction(db):
            forget(db, [article])
            raise OSError("the disk is gone")

    with pytest.raises(OSError, match="gone"):
        fail()
    assert lying(files) == [f"2026/11/{name_of(1)}"]
    assert len(Captures(db).of_article(article)) == 1


@pytest.mark.parametrize("is_deleted", [True, False])
def test_a_removal_that_was_interrupted_is_finished_or_taken_back(files, spooled, store, db, is_deleted):
    capture = files.hold(spooled())
    article = store(capture)
    files.place(capture.name)
    files.place_of(capture.name).rename(files.spool / capture.name)
    if is_deleted:
        with transaction(db):
            forget(db, [article])
    CaptureFiles(files.folder).prepare(db)
    assert lying(files) == ([] if is_deleted else [f"2026/11/{name_of(1)}"])
