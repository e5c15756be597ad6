"""The history, and the service that writes it, as a doctor sees them."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from monitor import __version__, control
from monitor.core.checkup import Grade
from monitor.core.errors import DatabaseDamaged, DatabaseNewer
from monitor.jobs.backups import Plan, back_up
from monitor.jobs.doctor import examine, history
from monitor.store.database import open_history, transaction
from monitor.store.lock import WriterLock, holder

TITLE = "North Korea sends 3,000 soldiers to Russia"


@pytest.fixture
def stored(make_ingestor, take, path, db):
    """A history with an article, and nobody who has it open."""
    take(make_ingestor(), TITLE)
    db.close()
    return path


def told(found):
    return [(one.check, one.grade) for one in found]


@pytest.mark.parametrize("full", [False, True])
def test_a_sound_history_is_told_to_be_sound(stored, full):
    before = stored.read_bytes()
    assert told(history.integrity(stored, full=full)) == [("integrity", Grade.OK)]
    assert stored.read_bytes() == before


@pytest.mark.parametrize("full", [False, True])
def test_a_damaged_page_is_found_and_the_file_is_left_alone(stored, full):
    with closing(sqlite3.connect(stored)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (root,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'revisions'").fetchone()
        (size,) = db.execute("PRAGMA page_size").fetchone()
    content = bytearray(stored.read_bytes())
    content[(root - 1) * size : root * size] = b"\xff" * size
    stored.write_bytes(content)
    ((_, (found,)),) = examine({"integrity": lambda: history.integrity(stored, full=full)}, seconds=60)
    assert found.grade is Grade.PROBLEM
    assert "the history is damaged" in found.says
    assert "restore the last backup" in found.remedy
    assert stored.read_bytes() == content


def test_what_is_no_history_or_newer_is_told_as_any_command_tells_it(tmp_path):
    other = tmp_path / "diary.db"
    other.write_bytes(b"Dear diary, " * 1000)
    with pytest.raises(DatabaseDamaged, match="no SQLite database"):
        list(history.integrity(other, full=False))
    open_history(tmp_path / "newer.db").close()
    with closing(sqlite3.connect(tmp_path / "newer.db")) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(DatabaseNewer):
        list(history.integrity(tmp_path / "newer.db", full=False))


def test_without_a_history_nothing_is_wrong_and_none_is_made(tmp_path):
    path = tmp_path / "none.db"
    assert told(history.integrity(path, full=True)) == [("integrity", Grade.OK)]
    assert history.newest(path) is None
    assert not list(tmp_path.iterdir())


def test_an_altered_text_is_found_in_full(stored, tmp_path):
    assert told(history.evidence(stored, tmp_path / "captures")) == [("evidence", Grade.OK)]
    with closing(open_history(stored)) as db, transaction(db):
        db.execute("UPDATE revisions SET title = 'Another'")
    (found,) = history.evidence(stored, tmp_path / "captures")
    assert (found.grade, "text_altered" in found.says) == (Grade.PROBLEM, True)


def test_the_newest_time_of_a_history_is_that_of_its_last_article(stored, clock):
    assert history.newest(stored) == clock.now


def test_a_service_that_does_not_run_is_a_warning(stored, clock):
    (found,) = history.service(stored, clock.now)
    assert (found.grade, found.remedy) == (Grade.WARNING, "start it: `tumen run`")


def test_whoever_holds_the_history_and_does_not_answer_is_named(stored, clock):
    assert holder(stored) is None
    with WriterLock(stored):
        assert holder(stored) == os.getpid()
        (found,) = history.service(stored, clock.now)
    assert found.grade is Grade.PROBLEM
    assert f"process {os.getpid()}" in found.says
    assert holder(stored) is None


def answered(path, now, **status):
    """What the check says of a service that answers so."""

    async def answer(_):
        return {"started": now.isoformat()} | status

    async def ask():
        async with control.listening(path, {"status": answer}):
            return await asyncio.to_thread(lambda: list(history.service(path, now)))

    return asyncio.run(ask())


def test_a_service_that_does_what_is_due_is_well(stored, clock):
    assert told(answered(stored, clock.now)) == [("service", Grade.OK)]


def test_a_service_of_another_version_is_to_be_restarted(stored, clock):
    (found, _) = answered(stored, clock.now, version="0.0.1")
    assert (found.grade, __version__ in found.says, found.remedy) == (Grade.WARNING, True, "restart it")


def test_a_service_that_does_not_do_what_is_due_is_a_problem(stored, clock):
    started = clock.now.isoformat()
    found = answered(stored, clock.now + timedelta(hours=3), started=started)
    assert {one.grade for one in found} == {Grade.PROBLEM}
    assert any("could leave since" in one.says for one in found)


def test_the_age_of_the_last_backup_is_read_from_its_folder(stored, clock, tmp_path):
    plan = Plan(stored, tmp_path / "backups", tmp_path / "captures")
    assert told(history.backup(plan, clock.now)) == [("backup", Grade.WARNING)]
    back_up(plan, None, lambda: clock.now)
    assert told(history.backup(plan, clock.now)) == [("backup", Grade.OK)]
    assert told(history.backup(plan, clock.now + timedelta(days=3))) == [("backup", Grade.WARNING)]
    assert told(history.backup(plan, clock.now + timedelta(days=30))) == [("backup", Grade.PROBLEM)]
    assert not list(history.backup(Plan(tmp_path / "none.db", plan.folder, plan.captures), clock.now))
