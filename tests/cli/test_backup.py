"""Backing up and restoring as a person does it, and what they are told."""

from __future__ import annotations

import asyncio
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor import control
from monitor.jobs.backups import Backups, Plan
from monitor.jobs.keeper import Keeper
from monitor.store.database import check, open_history, rows
from monitor.store.lock import WriterLock
from monitor.store.notices import Notices
from spiders.items import Article

URL = "https://herald.example/"


@pytest.fixture
def history(take_in, folder, now):
    """A history with an article that was told to nobody yet."""
    take_in(
        Article(f"{URL}strike", "A strike stops the port of Norwick", "1,200 dockers walked out.", "en", now)
    )
    return folder / "tumen.db"


@pytest.fixture
def backup(tumen, history):
    """The path of a backup."""
    (made,) = tumen("backup", "--json").rows
    return Path(made["path"])


def titles(history):
    with closing(open_history(history)) as db:
        assert check(db) == ()
        return [row["title"] for row in rows(db, "SELECT title FROM articles ORDER BY id")]


def test_a_backup_says_where_it_is_and_is_listed(tumen, history, folder):
    assert tumen("backup", "--list").out == "no backups yet\n"
    answer = tumen("backup")
    assert (answer.code, answer.err) == (0, "")
    assert "1 article, 1 alert, 0 captures" in answer.out
    (listed,) = tumen("backup", "--list", "--json").rows
    assert listed["path"] in answer.out
    assert Path(listed["path"]).parent == folder / "tumen.db.backups"
    assert Path(listed["path"]).name in "".join(tumen("backup", "--list").out.split())
    assert answer.controls == set()


def test_into_another_folder(tumen, history, folder, tmp_path):
    (made,) = tumen("backup", tmp_path / "stick", "--json").rows
    assert Path(made["path"]).parent == tmp_path / "stick"
    assert tumen("backup", "--list").out == "no backups yet\n"
    assert tumen("backup", "here", "--json").rows[0]["path"].startswith(str(folder / "here"))


def test_the_configuration_says_where_and_how_many(tumen, history, write, folder):
    write("tumen.yaml", "packs: [../harbour]\nbackup: {folder: kept, keep: 1, weeks: 0}\n")
    (folder / "kept").mkdir()
    old = folder / "kept" / "tumen-20200101T000000Z.db"
    old.write_bytes(b"an old one")
    (made,) = tumen("backup", "--json").rows
    assert (made["removed"], old.exists()) == (1, False)


@pytest.mark.parametrize("wrong", ["every: 10m", "keep: 0", "weeks: -1", "fodler: x"])
def test_a_configuration_that_cannot_be_is_refused(tumen, history, write, wrong):
    write("tumen.yaml", f"packs: [../harbour]\nbackup: {{{wrong}}}\n")
    answer = tumen("backup")
    assert answer.code == 2
    assert "tumen.yaml:2" in answer.err


def test_what_a_restore_would_refuse_is_a_finding(tumen, history):
    with closing(open_history(history)) as db:
        db.execute("CREATE TABLE notes (text)")
    answer = tumen("backup")
    assert answer.code == 1
    assert "table notes is not Tumen's" in answer.out


def test_a_damaged_history_is_not_backed_up(tumen, history, folder):
    with closing(open_history(history)) as db:
        db.execute("UPDATE revisions SET text = 'never'")
        db.conn.commit()
    answer = tumen("backup")
    assert answer.code == 4
    assert "no backup was made" in answer.err
    assert list((folder / "tumen.db.backups").glob("*.db*")) == []


def test_without_a_history_nothing_is_made(tumen, write, folder):
    write("tumen.yaml", "")
    assert tumen("backup").code == 3
    assert not (folder / "tumen.db.backups").exists()


def test_the_running_service_makes_it(tumen, history):
    async def serve():
        with WriterLock(history), closing(open_history(history)) as db:
            plan = Plan(
                history, history.with_name("tumen.db.backups"), history.with_name("tumen.db.captures")
            )
            clock = lambda: datetime.now(UTC)  # noqa: E731
            backups = Backups(db, plan, Keeper(Notices(db), (), clock=clock), clock=clock)
            async with control.listening(history, {"backup": backups.back_up}):
                answer = await asyncio.to_thread(tumen, "backup", "--json")
            return answer, backups.last

    answer, last = asyncio.run(serve())
    (made,) = answer.rows
    assert made["articles"] == 1
    assert abs(datetime.fromisoformat(made["at"]) - last) < timedelta(seconds=1)


def test_a_restore_says_what_happens_and_how_to_send_what_is_kept_back(tumen, history, backup, take_in, now):
    take_in(Article(f"{URL}fire", "A fire stops the port of Hull", "Nobody was hurt.", "en", now))
    answer = tumen("restore", backup)
    assert (answer.code, answer.err) == (0, "")
    assert f"is as it was at {now:%Y-%m-%d %H:%M} UTC" in answer.out
    assert "tumen.db.before-" in answer.out
    assert "1 message kept back" in answer.out
    assert "tumen silences replay 1" in answer.out
    assert titles(history) == ["A strike stops the port of Norwick"]
    (listed,) = tumen("silences", "list", "--json").rows
    assert listed["owner"] == "tumen restore"
    assert tumen("silences", "replay", "1").code == 0


def test_a_check_changes_nothing_also_while_the_service_runs(tumen, history, backup, folder):
    before, there = history.read_bytes(), set(folder.iterdir())
    with WriterLock(history):
        answer = tumen("restore", backup, "--check")
    assert (answer.code, answer.out) == (0, f"✓ {backup} can be restored\n")
    assert history.read_bytes() == before
    assert set(folder.iterdir()) == there


def test_while_the_service_runs_nothing_is_restored(tumen, history, backup):
    with WriterLock(history):
        answer = tumen("restore", backup)
    assert answer.code == 6
    assert "stop it first" in answer.err


def test_elsewhere_the_history_of_the_configuration_is_left_alone(tumen, history, backup, folder):
    before = history.read_bytes()
    assert tumen("restore", backup, "--into", "looked-at.db").code == 0
    assert titles(folder / "looked-at.db") == ["A strike stops the port of Norwick"]
    assert history.read_bytes() == before


def test_on_a_new_machine_without_a_history(tumen, history, backup, tmp_path, monkeypatch):
    new = tmp_path / "new machine"
    new.mkdir()
    monkeypatch.chdir(new)
    (answer,) = tumen("restore", backup, "--json").rows
    assert (answer["aside"], answer["kept_back"]) == (None, 1)
    assert titles(new / "tumen.db") == ["A strike stops the port of Norwick"]


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", 4), (b"no database" * 100, 4), (None, 2)],
    ids=["empty", "rubbish", "missing"],
)
def test_what_is_no_backup_is_refused_by_its_exit_code(tumen, history, folder, content, code):
    before = history.read_bytes()
    if content is not None:
        (folder / "odd.db").write_bytes(content)
    answer = tumen("restore", "odd.db")
    assert answer.code == code
    assert "odd.db" in answer.err
    assert "Traceback" not in answer.err
    assert history.read_bytes() == before
