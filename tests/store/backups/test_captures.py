"""Evidence belongs to a backup."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from monitor.core.models import Fetched
from monitor.core.rotation import Rotation
from monitor.store.backups import captures as room
from monitor.store.backups import making
from monitor.store.backups.folder import BackupFolder
from monitor.store.backups.soundness import check_words
from monitor.store.capture_files import CaptureFiles, sha256_of
from monitor.store.captures import Captures
from monitor.store.database import open_reader
from monitor.store.history import History
from spiders.captures import Capture

DAY = timedelta(days=1)


@pytest.fixture
def keep(stocked, ingest, captures, now):
    """Store an article with a capture; the name of its file."""

    def store(number):
        name = f"20261125T0630{number:02}Z-{number:032x}.warc.gz"
        body = b"page %d" % number
        files = CaptureFiles(captures)
        files.spool.mkdir(parents=True, exist_ok=True)
        (files.spool / name).write_bytes(body)
        digest = hashlib.sha256(body).hexdigest()
        capture = Capture(name=name, size=len(body), sha256=digest, payload="0" * 64, at=now)
        fetched = Fetched(f"https://yonhap-ko.example/{number}", capture=files.hold(capture))
        History(stocked).ingest(ingest(number, fetched=fetched))
        assert files.place(name)
        return name

    return store


def forget(db, name):
    db.execute("DELETE FROM captures WHERE file = ?", (name,))
    db.conn.commit()


def held(folder):
    return sorted(file.name for file in folder.captures.rglob("*.warc.gz"))


def test_captures_are_brought_once_and_take_no_room_on_the_same_disk(
    stocked, keep, back_up, folder, captures
):
    first = keep(11)
    made = back_up(stocked)
    assert (made.captures, made.brought, made.missing) == (1, 1, ())
    second = keep(12)
    made = back_up(stocked, DAY)
    assert (made.captures, made.brought) == (2, 1)
    assert held(folder) == sorted([first, second])
    place = CaptureFiles(folder.captures).place_of(first)
    assert place.samefile(CaptureFiles(captures).place_of(first))


def test_where_there_are_no_links_they_are_copied(stocked, keep, back_up, folder, captures, monkeypatch):
    name = keep(11)

    def other_disk(*_):
        raise OSError

    monkeypatch.setattr(room.os, "link", other_disk)
    back_up(stocked)
    place = CaptureFiles(folder.captures).place_of(name)
    assert place.read_bytes() == b"page 11"
    assert not place.samefile(CaptureFiles(captures).place_of(name))


def test_what_is_missing_or_altered_is_said_and_not_brought(stocked, keep, back_up, folder, captures):
    gone, altered = keep(11), keep(12)
    CaptureFiles(captures).place_of(gone).unlink()
    CaptureFiles(captures).place_of(altered).write_bytes(b"PAGE 12")
    made = back_up(stocked)
    assert made.missing == (gone, altered)
    assert held(folder) == []


def test_what_the_history_had_removed_while_the_copy_was_proven_is_not_missed(
    stocked, keep, back_up, captures, monkeypatch
):
    removed, gone = keep(11), keep(12)

    def prune_meanwhile(made, version):
        for name in (removed, gone):
            CaptureFiles(captures).place_of(name).unlink()
        stocked.execute("DELETE FROM captures WHERE file = ?", (removed,))
        stocked.conn.commit()
        return check_words(made, version)

    monkeypatch.setattr(making, "check_words", prune_meanwhile)
    made = back_up(stocked)
    assert (made.captures, made.missing) == (2, (gone,))


def test_a_file_that_goes_while_it_is_looked_at_is_missing_and_fails_nothing(
    stocked, keep, back_up, captures, monkeypatch
):
    name = keep(11)

    def removed_before(path):
        path.unlink()
        return sha256_of(path)

    monkeypatch.setattr(room, "sha256_of", removed_before)
    assert back_up(stocked).missing == (name,)


def test_a_capture_goes_with_the_last_backup_that_relies_on_it(stocked, keep, back_up, folder, captures):
    name = keep(11)
    back_up(stocked)
    stocked.execute("DELETE FROM captures")
    stocked.conn.commit()
    back_up(stocked, DAY, rotation=Rotation(2, 0))
    assert held(folder) == [name]
    back_up(stocked, 2 * DAY, rotation=Rotation(2, 0))
    assert held(folder) == []


def test_what_others_rely_on_in_the_same_folder_stays(
    stocked, keep, back_up, folder, captures, path, now, tmp_path
):
    theirs = keep(11)
    making.make(stocked, captures, BackupFolder(folder.folder, tmp_path / "other.db"), now)
    forget(stocked, theirs)
    renamed = keep(12)
    back_up(stocked).path.rename(folder.folder / "before the election.db")
    forget(stocked, renamed)
    own = keep(13)
    back_up(stocked)
    forget(stocked, own)
    (folder.folder / path.name).write_bytes(b"a history that somebody writes")
    (folder.folder / f"{path.name}.lock").touch()
    assert back_up(stocked, DAY, rotation=Rotation(1, 0)).removed == 1
    assert held(folder) == [theirs, renamed]


def test_a_stranger_that_cannot_be_read_keeps_captures_and_fails_nothing(stocked, keep, back_up, folder):
    name = keep(11)
    back_up(stocked)
    forget(stocked, name)
    with closing(sqlite3.connect(folder.folder / "shop.db")) as shop:
        shop.execute("CREATE TABLE prices (price)")
    assert back_up(stocked, DAY, rotation=Rotation(1, 0)).removed == 1
    assert held(folder) == [name]


def test_the_captures_of_the_history_itself_never_go_with_a_backup(stocked, keep, back_up, folder, captures):
    name = keep(11)
    folder.folder.mkdir()
    folder.captures.symlink_to(captures)
    back_up(stocked)
    forget(stocked, name)
    assert back_up(stocked, DAY, rotation=Rotation(1, 0)).removed == 1
    assert held(folder) == [name]


def test_while_a_backup_cannot_be_read_no_capture_goes(stocked, keep, back_up, folder):
    name = keep(11)
    back_up(stocked)
    broken = back_up(stocked, DAY).path
    stocked.execute("DELETE FROM captures")
    stocked.conn.commit()
    broken.write_bytes(b"broken" * 1000)
    assert back_up(stocked, 2 * DAY, rotation=Rotation(2, 0)).removed == 1
    assert held(folder) == [name]


def test_a_restore_puts_back_what_is_missing(stocked, keep, back_up, restore, captures, path):
    first, second = keep(11), keep(12)
    backup = back_up(stocked).path
    stocked.close()
    CaptureFiles(captures).place_of(first).unlink()
    done = restore(backup)
    assert (done.captures.known, done.captures.brought, done.captures.missing) == (2, 1, ())
    files = CaptureFiles(captures)
    assert files.find(first).read_bytes() == b"page 11"
    assert files.find(second).read_bytes() == b"page 12"


def test_a_name_that_leads_elsewhere_is_brought_from_nowhere(
    stocked, keep, back_up, altered, restore, tmp_path, folder
):
    keep(11)
    backup = back_up(stocked).path
    stocked.close()
    crafted = altered(backup, "UPDATE captures SET file = '../../../../etc/passwd'")
    done = restore(crafted, tmp_path / "new.db")
    assert done.captures.missing == ("../../../../etc/passwd",)


def test_captures_of_a_history_can_be_found_after_a_restore(stocked, keep, back_up, restore, path):
    keep(11)
    backup = back_up(stocked).path
    stocked.close()
    restore(backup)
    db = open_reader(path)
    assert Captures(db).totals().kept == 1
    db.close()
