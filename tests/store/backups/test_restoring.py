"""F12: a backup takes the place of the history, the former one stays, and what may have been sent is kept back."""

from __future__ import annotations

import os
import signal
import stat
from contextlib import closing
from datetime import timedelta
from types import SimpleNamespace

import pytest

from monitor.core.errors import StorageError
from monitor.store.backups import restoring
from monitor.store.backups.source import open_source
from monitor.store.database import check, open_history, open_reader, rows
from monitor.store.history import History
from monitor.store.identity import restored_of
from monitor.store.ledger import Ledger
from monitor.store.restored import OWNER, last_restore
from monitor.store.silences import Silences
from spiders.items import Article

LEASE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def backup(told, back_up, ingest):
    """A backup with one alert on its way, after which another one was taken in."""
    path = back_up(told).path
    History(told).ingest(ingest(7))
    told.close()
    return path


def states(db):
    return {row["id"]: row["state"] for row in rows(db, "SELECT id, state FROM deliveries")}


def test_the_history_is_that_of_the_backup_and_the_former_one_lies_aside(
    backup, restore, path, tmp_path, contents
):
    with closing(open_history(path)) as db:
        former = contents(db)
    done = restore(backup)
    with closing(open_history(path)) as db:
        assert [row["id"] for row in rows(db, "SELECT id FROM articles")] == [1, 2]
        assert check(db) == ()
    assert done.aside == tmp_path / f"{path.name}.before-20261125T073000Z"
    with closing(open_history(done.aside / path.name)) as db:
        assert contents(db) == former


def test_the_log_of_the_former_history_is_not_taken_for_the_new_ones(backup, restore, path):
    """A killed service leaves one; with other pages beside it, it would be damage."""
    log = path.with_name(f"{path.name}-wal")
    log.write_bytes(b"what a killed service left")
    done = restore(backup)
    assert (done.aside / log.name).read_bytes() == b"what a killed service left"
    with closing(open_history(path)) as db:
        assert check(db) == ()


def test_into_an_empty_place(backup, restore, tmp_path):
    done = restore(backup, tmp_path / "elsewhere.db")
    assert done.aside is None
    with closing(open_reader(tmp_path / "elsewhere.db")) as db:
        assert History(db).summary().articles == 2


def test_a_damaged_history_can_be_replaced(backup, restore, path):
    path.write_bytes(b"rubbish" * 1000)
    done = restore(backup)
    assert (done.aside / path.name).read_bytes() == b"rubbish" * 1000
    with closing(open_history(path)) as db:
        assert check(db) == ()


def test_the_new_file_has_the_rights_of_the_former_one(backup, restore, path):
    path.chmod(0o640)
    restore(backup)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_private_backup_becomes_a_private_history(backup, restore, tmp_path):
    backup.chmod(0o600)
    restore(backup, tmp_path / "elsewhere.db")
    assert stat.S_IMODE((tmp_path / "elsewhere.db").stat().st_mode) == 0o600


def test_two_restores_within_a_second_lose_neither_history(backup, restore, path, tmp_path):
    path.write_bytes(b"first")
    first = restore(backup).aside
    path.write_bytes(b"second")
    second = restore(backup).aside
    assert [(aside / path.name).read_bytes() for aside in (first, second)] == [b"first", b"second"]


def test_an_interrupted_restore_keeps_the_former_history_and_its_log_together(
    backup, restore, path, monkeypatch
):
    log = path.with_name(f"{path.name}-wal")
    log.write_bytes(b"what a killed service left")
    rename = type(path).rename

    def killed(self, target):
        if self == path:
            raise KeyboardInterrupt
        return rename(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(type(path), "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            restore(backup)
    aside = restore(backup, after=2 * HOUR).aside
    assert sorted(file.name for file in aside.iterdir()) == [path.name, log.name]


def test_what_was_sent_stays_sent_and_what_waited_is_kept_back(backup, restore, path, now, ledger):
    before = ledger(backup)
    done = restore(backup)
    after = ledger(path)
    changed = [
        (old["id"], new["state"], new["silence"])
        for old, new in zip(before["deliveries"], after["deliveries"], strict=True)
        if old != new
    ]
    waited = [row["id"] for row in before["deliveries"] if row["state"] == "pending"]
    assert changed == [(number, "suppressed", done.silence) for number in waited]
    assert len(waited) == done.kept_back == 3
    assert {name: after[name] for name in ("alerts", "novelties", "attempts")} == {
        name: before[name] for name in ("alerts", "novelties", "attempts")
    }
    with closing(open_history(path)) as db:
        assert Ledger(db).claim(now + 2 * HOUR, lease=LEASE, limit=9) == ()
        ((silence, many), *_) = Silences(db).list()
        assert (silence.owner, many, silence.is_active(now + HOUR)) == (OWNER, 3, False)
        assert "the backup of 2026-11-25 06:30 UTC was restored" in silence.reason


def test_a_message_that_was_on_its_way_was_cut_off(told, back_up, restore, now, path):
    (claimed,) = Ledger(told).claim(now, lease=LEASE, limit=1)
    backup = back_up(told).path
    told.close()
    restore(backup)
    with closing(open_reader(path)) as db:
        found = rows(db, "SELECT outcome FROM attempts WHERE delivery = ?", (claimed.ids[0],))
        assert [row["outcome"] for row in found] == ["cut_off"]
        assert states(db)[claimed.ids[0]] == "suppressed"


def test_what_was_given_up_and_not_named_yet_is_not_named_now(told, back_up, restore, now, path):
    (claimed,) = Ledger(told).claim(now, lease=LEASE, limit=1)
    Ledger(told).failed(claimed.ids, now, error="no", retry_at=None)
    backup = back_up(told).path
    told.close()
    restore(backup)
    with closing(open_reader(path)) as db:
        assert set(states(db).values()) == {"sent", "suppressed"}


def test_whoever_wants_what_was_kept_back_gets_all_of_it(backup, restore, path, now):
    done = restore(backup)
    with closing(open_history(path)) as db:
        ledger = Ledger(db)
        assert Silences(db).replay(done.silence, now + 2 * HOUR, lasts=HOUR) == 3
        while claimed := ledger.claim(now + 2 * HOUR, lease=LEASE, limit=9):
            for bundle in claimed:
                ledger.sent(bundle.ids, now + 2 * HOUR)
        assert set(states(db).values()) == {"sent"}


def found_again(ingest, number, now, published, after, **changes):
    url = f"https://yonhap-ko.example/{number}"
    return ingest(
        number, article=Article(url, f"제목 {number}", "글", "ko", published), read_at=now + after, **changes
    )


def test_what_is_found_again_is_stored_and_kept_back_and_what_is_new_is_told(
    backup, restore, path, now, ingest
):
    done = restore(backup)  # an hour later
    with closing(open_history(path)) as db:
        History(db).ingest(found_again(ingest, 20, now, now + timedelta(minutes=30), HOUR + LEASE))
        History(db).ingest(found_again(ingest, 21, now, None, HOUR + LEASE))
        new = History(db).ingest(
            found_again(ingest, 22, now, now + HOUR + timedelta(seconds=9), HOUR + LEASE)
        )
        claimed = Ledger(db).claim(now + HOUR + 2 * LEASE, lease=LEASE, limit=9)
        told = {alert.id for bundle in claimed for alert in bundle.alerts}
        assert told == set(new.alerts)
        assert last_restore(db).kept_back == done.kept_back + 4
        assert Silences(db).replay(done.silence, now + 2 * HOUR, lasts=HOUR) == done.kept_back + 4


def test_an_alert_of_before_that_somebody_retries_is_sent(told, back_up, restore, path, now):
    told.execute("UPDATE deliveries SET state = 'dead', told_lost = 'said' WHERE state = 'pending'")
    told.conn.commit()
    backup = back_up(told).path
    told.close()
    restore(backup)
    with closing(open_history(path)) as db:
        assert Ledger(db).retry(None, now + 2 * HOUR) == 3
        assert Ledger(db).claim(now + 2 * HOUR, lease=LEASE, limit=9)


def test_numbers_that_somebody_may_have_seen_are_not_given_again(backup, restore, path, ingest):
    restore(backup)
    with closing(open_history(path)) as db:
        stored = History(db).ingest(ingest(30))
        assert stored.article == 200_001
        assert stored.alerts == (200_001,)
        assert stored.story == 200_001


def test_a_backup_of_a_restored_history_can_be_restored(backup, restore, path, back_up, now):
    first = restore(backup)
    with closing(open_history(path)) as db:
        again = back_up(db, 2 * HOUR).path
    second = restore(again, after=3 * HOUR)
    assert second.silence == first.silence + 1
    with closing(open_history(path)) as db:
        assert last_restore(db).at == now + 3 * HOUR


def test_without_room_nothing_happens(backup, restore, path, monkeypatch, tmp_path):
    monkeypatch.setattr(restoring.shutil, "disk_usage", lambda _: SimpleNamespace(free=9))
    before, there = path.read_bytes(), set(tmp_path.iterdir())
    with pytest.raises(StorageError, match="no room"):
        restore(backup)
    assert path.read_bytes() == before
    assert set(tmp_path.iterdir()) == there


STEPS = ("check_head", "hold_back", "bring", "sync", "_swap")


@pytest.mark.parametrize("nth", range(1, 12))
def test_killed_at_any_step_the_history_is_the_former_or_the_restored_one_or_says_what_to_do(
    backup, restore, path, in_child, nth, ledger, contents
):
    """Each step that touches the disk, from the first byte of the copy to the last name."""
    with closing(open_history(path)) as db:
        former = contents(db)

    def work():
        left = nth

        def counting(step):
            def run(*arguments, **named):
                nonlocal left
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                return step(*arguments, **named)

            return run

        for name in STEPS:
            setattr(restoring, name, counting(getattr(restoring, name)))
        type(path).rename = counting(type(path).rename)
        restore(backup)

    ended = in_child(work)
    assert ended in {0, -signal.SIGKILL}
    if restored_of(path).exists():
        for opening in (open_history, open_reader, open_source):
            with pytest.raises(StorageError, match="interrupted") as caught:
                opening(path)
            assert "again" in caught.value.remedy
    else:
        with closing(open_history(path)) as db:
            assert contents(db) == former or len(rows(db, "SELECT 1 FROM articles")) == 2
            assert check(db) == ()
    restore(backup, after=2 * HOUR)
    with closing(open_history(path)) as db:
        assert len(rows(db, "SELECT 1 FROM articles")) == 2
        assert last_restore(db).kept_back == 3
        assert check(db) == ()
    kept = list(path.parent.glob(f"{path.name}.before-*/{path.name}"))
    assert kept, "the former history is never lost"
