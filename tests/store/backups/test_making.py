"""A backup has its name when it is proven, and a good one never goes for a bad one."""

from __future__ import annotations

import errno
import os
import signal
import stat
from contextlib import closing
from datetime import timedelta
from types import SimpleNamespace

import pytest

from monitor.core.errors import DatabaseDamaged, StorageError
from monitor.core.rotation import Rotation
from monitor.store.backups import folder as folders
from monitor.store.backups import making
from monitor.store.backups.folder import BackupFolder
from monitor.store.backups.source import open_source
from monitor.store.database import check, open_history, open_reader
from monitor.store.history import History

DAY = timedelta(days=1)


def names(folder):
    return sorted(file.name for file in folder.folder.iterdir())


def test_a_backup_holds_all_and_says_what(told, back_up, contents, folder, now):
    before = contents(told)
    made = back_up(told)
    assert made.path.name == "geschichte 역사-20261125T063000Z.db"
    assert made.counts == {"articles": 2, "alerts": 2, "deliveries": 4}
    assert (made.size, made.strange, made.missing) == (made.path.stat().st_size, (), ())
    with closing(open_reader(made.path)) as backup:
        assert contents(backup) == before
        assert check(backup) == ()
    assert folder.last(now) == now
    assert [one.path for one in folder.backups()] == [made.path]


def test_the_history_can_be_used_like_before(told, back_up, ingest):
    back_up(told)
    assert History(told).ingest(ingest(3)).article == 3
    assert told.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_whoever_may_not_read_the_history_may_not_read_its_backup(told, back_up, path):
    path.chmod(0o600)
    assert stat.S_IMODE(back_up(told).path.stat().st_mode) == 0o600


def test_two_backups_of_one_second_do_not_overwrite_each_other(told, back_up):
    first = back_up(told).path.read_bytes()
    with pytest.raises(StorageError, match="very second"):
        back_up(told)
    assert back_up(told, DAY).path.exists()
    assert first


def test_old_ones_go_and_what_is_not_ours_stays(told, back_up, folder, tmp_path):
    back_up(told)
    (folder.folder / "notes.txt").write_text("mine")
    (folder.folder / "other-20260101T000000Z.db").write_text("another history's")
    (folder.folder / "geschichte 역사-20260101T000000Z.db.old").write_text("mine")
    (folder.folder / "geschichte 역사-20269999T000000Z.db").write_text("no time")
    (folder.folder / "geschichte 역사-20260102T000000Z.db").mkdir()
    outside = tmp_path / "outside.db"
    outside.write_text("elsewhere")
    (folder.folder / "geschichte 역사-20260103T000000Z.db").symlink_to(outside)
    before = set(names(folder)) - {"captures"}
    rotation = Rotation(keep=2, weeks=0)
    removed = [back_up(told, DAY * number, rotation=rotation).removed for number in (1, 2, 3)]
    assert removed == [0, 1, 1]
    assert [f"{one.at:%d}" for one in folder.backups()] == ["27", "28"]
    assert before - set(names(folder)) == {"geschichte 역사-20261125T063000Z.db"}
    assert outside.read_text() == "elsewhere"


@pytest.mark.parametrize("damage", ["page", "reference", "text"])
def test_of_a_damaged_history_no_backup_is_made_and_none_goes(
    path, told, back_up, folder, damage, off_topic, captures, now
):
    """F11."""
    for number in range(20, 120):
        History(told).ingest(off_topic(number))
    good = back_up(told).path.read_bytes()
    told.execute("PRAGMA foreign_keys = OFF")
    if damage == "reference":
        told.execute("UPDATE revisions SET article = 4711 WHERE id = 1")
    if damage == "text":
        told.execute("UPDATE revisions SET text = 'It was never so.' WHERE id = 1")
    told.conn.commit()
    told.close()
    if damage == "page":
        with path.open("r+b") as file:
            file.seek(4096 * 60)
            file.write(b"\xff" * 4096 * 8)
    with (
        closing(open_source(path)) as damaged,
        pytest.raises(DatabaseDamaged, match="no backup was made") as caught,
    ):
        making.make(damaged, captures, folder, now + DAY * 9, rotation=Rotation(1, 0))
    assert caught.value.exit_code == 4
    assert caught.value.where == str(path)
    (left,) = folder.backups()
    assert left.path.read_bytes() == good
    assert not [name for name in names(folder) if name.endswith(".making")]


def test_without_room_nothing_is_written(told, back_up, folder, monkeypatch):
    monkeypatch.setattr(folders.shutil, "disk_usage", lambda _: SimpleNamespace(free=400_000))
    with pytest.raises(StorageError, match="no room for a backup") as caught:
        back_up(told)
    assert "another disk" in caught.value.remedy
    assert names(folder) == []


def test_the_service_leaves_as_much_free_as_the_history_has(told, back_up, folder, monkeypatch):
    size = told.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").fetchone()[
        0
    ]
    monkeypatch.setattr(folders.shutil, "disk_usage", lambda _: SimpleNamespace(free=int(size * 1.5)))
    with pytest.raises(StorageError, match="no room"):
        back_up(told, reserve=1.0)
    assert back_up(told).path.exists()


def test_a_folder_that_cannot_be_made_is_named(told, path, captures, now, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError) as caught:
        making.make(told, captures, BackupFolder(tmp_path / "file" / "backups", path), now)
    assert caught.value.exit_code == 3
    assert str(tmp_path / "file") in caught.value.where


def test_a_disk_that_fills_up_leaves_nothing_behind(told, back_up, folder, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(folders, "sync", full)
    with pytest.raises(StorageError, match="No space left"):
        back_up(told)
    assert folder.backups() == ()
    assert [name for name in names(folder) if name != "captures"] == []


def test_something_added_to_the_schema_is_said(told, back_up):
    told.execute("CREATE VIEW mine AS SELECT * FROM articles")
    made = back_up(told)
    assert made.strange == ("view mine is not Tumen's",)


def test_statistics_of_sqlite_are_no_addition(told, back_up):
    told.execute("ANALYZE")
    assert back_up(told).strange == ()


@pytest.mark.parametrize("step", ["copy", "check_content", "bring", "rotate"])
def test_killed_at_any_step_no_half_backup_has_a_name(told, back_up, folder, in_child, step, path, contents):
    before = contents(told)
    told.close()

    def work():
        setattr(making, step, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
        with closing(open_history(path)) as db:
            back_up(db, rotation=Rotation(1, 0))

    assert in_child(work) == -signal.SIGKILL
    for backup in folder.backups():
        with closing(open_reader(backup.path)) as db:
            assert contents(db) == before
    with closing(open_history(path)) as db:
        assert contents(db) == before
        back_up(db, DAY, rotation=Rotation(1, 0))
    assert [name for name in names(folder) if name != "captures"] == ["geschichte 역사-20261126T063000Z.db"]


def test_a_backup_is_on_the_disk_before_it_has_its_name(told, back_up, monkeypatch):
    steps = []
    monkeypatch.setattr(folders, "sync", lambda place: steps.append(place.suffix or "folder"))
    back_up(told)
    assert steps == [".making", "folder"]
