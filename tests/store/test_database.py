import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.errors import (
    AlreadyRunning,
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseNewer,
    StorageError,
)
from monitor.store import database, schema
from monitor.store.columns import column, read_time, time_text
from monitor.store.database import (
    check,
    open_history,
    open_reader,
    rows,
    transaction,
)
from monitor.store.faults import mapped
from monitor.store.history import History
from monitor.store.lock import WriterLock


def pragma(db, name):
    return db.execute(f"PRAGMA {name}").fetchone()[0]


def test_a_new_history_survives_a_power_cut_and_checks_its_references(db):
    assert pragma(db, "journal_mode") == "wal"
    assert pragma(db, "synchronous") == 2  # FULL
    assert pragma(db, "foreign_keys") == 1
    assert pragma(db, "auto_vacuum") == 2  # INCREMENTAL
    assert pragma(db, "application_id") == schema.APPLICATION_ID
    assert pragma(db, "user_version") == schema.VERSION
    assert check(db) == ()


def test_the_version_counts_the_migrations(db):
    assert len(schema.MIGRATIONS.applied(db)) == schema.VERSION
    assert schema.MIGRATIONS.pending(db) == []


def test_every_table_is_listed_and_explains_itself(db):
    own = {"_sqlite_migrations", "sqlite_sequence", "search_config", "search_data", "search_idx"}
    made = {table.name for table in db.tables} - own  # of those who made them
    assert made == schema.TABLES
    for table in made:
        assert re.match(f"CREATE (TABLE {table} \\(|VIRTUAL TABLE {table})  -- ", db.table(table).schema)


def test_every_reference_has_an_index_that_finds_it(db):
    """Without one, deleting a row reads whole tables."""
    for table in schema.TABLES:
        indexed = {index.columns[0] for index in db.table(table).indexes}
        indexed |= set(db.table(table).pks[:1])
        for key in db.table(table).foreign_keys:
            assert key.column in indexed, (table, key.column)


def test_a_history_in_memory_needs_no_file(ingest):
    db = open_history(None)
    assert History(db).ingest(ingest()).article == 1
    db.close()


def test_a_history_is_opened_again_as_it_was(path, ingest, contents):
    db = open_history(path)
    History(db).ingest(ingest())
    before = contents(db)
    db.close()
    again = open_history(path)
    assert contents(again) == before
    again.close()


def test_an_empty_file_becomes_a_history(path):
    path.touch()
    db = open_history(path)
    assert check(db) == ()
    db.close()


@pytest.mark.parametrize("there", [True, False])
def test_an_empty_or_lost_file_beside_a_log_is_damage(path, there):
    if there:
        path.touch()
    path.with_name(path.name + "-wal").write_bytes(b"x" * 5000)
    with pytest.raises(DatabaseDamaged, match="write-ahead log is not") as caught:
        open_history(path)
    assert path.exists() is there
    assert "-wal" in caught.value.remedy


@pytest.mark.parametrize("opening", [open_history, open_reader])
def test_a_file_of_another_kind_is_left_alone(path, opening):
    path.write_bytes(b"<html>" * 1000)
    with pytest.raises(DatabaseDamaged, match="no SQLite database"):
        opening(path)
    assert path.read_bytes() == b"<html>" * 1000


@pytest.mark.parametrize("opening", [open_history, open_reader])
def test_the_database_of_another_program_is_left_alone(path, opening):
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(DatabaseDamaged, match="another program"):
        opening(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("opening", [open_history, open_reader])
def test_a_newer_history_is_refused_with_its_version(path, opening):
    open_history(path).close()
    with sqlite3.connect(path) as newer:
        newer.execute("PRAGMA user_version = 99")
    newer.close()
    with pytest.raises(DatabaseNewer, match="version 99"):
        opening(path)


def test_a_history_whose_making_was_cut_short_is_completed(path):
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    assert path.stat().st_size > 0
    db = open_history(path)
    assert check(db) == ()
    db.close()


def test_a_lost_table_is_damage(path):
    db = open_history(path)
    db.execute("DROP TABLE conditions")
    db.close()
    with pytest.raises(DatabaseDamaged, match="conditions"):
        open_history(path)


def test_overwritten_pages_are_reported_as_damage(path, ingest, now):
    db = open_history(path)
    for number in range(50):
        History(db).ingest(ingest(number))
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(size - 4096))
    with pytest.raises(DatabaseDamaged) as caught:
        History(open_history(path)).remembered(now - timedelta(days=1))
    assert caught.value.where == str(path)
    assert "backup" in caught.value.remedy


def test_a_cut_off_file_is_damage(path, ingest, now):
    db = open_history(path)
    for number in range(50):
        History(db).ingest(ingest(number))
    db.close()
    os.truncate(path, 8192)
    with pytest.raises(DatabaseDamaged):
        History(open_history(path)).summary()


def test_a_missing_directory_is_named(tmp_path):
    with pytest.raises(StorageError, match="no such directory") as caught:
        open_history(tmp_path / "nowhere" / "tumen.db")
    assert caught.value.where == str(tmp_path / "nowhere")
    assert caught.value.exit_code == 3


def test_a_directory_is_no_history(tmp_path):
    with pytest.raises(StorageError, match="directory"):
        open_history(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_directory_that_cannot_be_written_is_named(tmp_path):
    tmp_path.chmod(0o500)
    try:
        for attempt in (
            lambda: open_history(tmp_path / "tumen.db"),
            WriterLock(tmp_path / "tumen.db").__enter__,
        ):
            with pytest.raises(StorageError) as caught:
                attempt()
            assert str(tmp_path) in caught.value.where
            assert caught.value.remedy
    finally:
        tmp_path.chmod(0o700)


def test_a_directory_that_cannot_be_written_is_named_even_to_another_user(tmp_path):
    """The same for tests that run as root: a child gives up its rights first."""
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    program = (
        "import os, sys; from pathlib import Path; from monitor.store.database import open_history\n"
        "from monitor.core.errors import StorageError\n"
        "os.chdir(sys.argv[1]); os.setuid(65534)\n"
        "try: open_history(Path('tumen.db'))\n"
        "except StorageError as error: print(error.exit_code, error.where)"
    )
    tmp_path.chmod(0o755)
    for parent in list(tmp_path.parents)[:2]:
        parent.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["3", "tumen.db"], done.stderr


def test_a_history_that_may_only_be_read_is_refused_when_it_is_opened(path):
    open_history(path).close()
    readonly = database.Database(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True), path)
    with pytest.raises(StorageError, match="readonly") as caught, mapped("here"):
        database._prepare(readonly)
    assert "write to this file" in caught.value.remedy
    readonly.close()


def test_a_reader_sees_what_is_stored_and_cannot_write(path, db, ingest):
    History(db).ingest(ingest())
    reader = open_reader(path)
    assert History(reader).summary().articles == 1
    with pytest.raises(StorageError, match="readonly"):
        History(reader).ingest(ingest(2))
    reader.close()


def test_there_is_nothing_to_read_before_the_first_run(path):
    with pytest.raises(StorageError, match="no history here yet"):
        open_reader(path)
    assert not path.exists()


def test_an_error_inside_a_transaction_undoes_all_of_it(db, ingest, contents):
    before = contents(db)
    with pytest.raises(AttributeError), transaction(db):
        db.execute("INSERT INTO conditions VALUES ('network', 'down', 'now')").no_such_thing()
    assert contents(db) == before
    assert not db.conn.in_transaction


def test_bugs_are_not_wrapped(db):
    with pytest.raises(sqlite3.IntegrityError), transaction(db):
        db.execute("INSERT INTO conditions VALUES (NULL, NULL, NULL)")
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        rows(db, "SELECT * FROM no_such_place")
    assert not db.conn.in_transaction


def test_threads_wait_for_each_other(db, now, source):
    def insert(name):
        for number in range(20):
            with transaction(db):
                database.add(db, "conditions", {"subject": f"{name}{number}", "text": "", "said_at": now})

    threads = [threading.Thread(target=insert, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows(db, "SELECT count(*) AS many FROM conditions") == [{"many": 60}]


@pytest.mark.parametrize(
    ("code", "ours"),
    [
        (sqlite3.SQLITE_BUSY, DatabaseBusy),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, DatabaseBusy),
        (sqlite3.SQLITE_LOCKED, DatabaseBusy),
        (sqlite3.SQLITE_CORRUPT, DatabaseDamaged),
        (sqlite3.SQLITE_NOTADB, DatabaseDamaged),
        (sqlite3.SQLITE_FULL, StorageError),
        (sqlite3.SQLITE_IOERR_WRITE, StorageError),
        (sqlite3.SQLITE_READONLY, StorageError),
        (sqlite3.SQLITE_CANTOPEN, StorageError),
        (sqlite3.SQLITE_NOMEM, StorageError),
        (sqlite3.SQLITE_TOOBIG, StorageError),
    ],
)
def test_each_error_of_sqlite_has_one_of_ours_with_a_remedy(db, code, ours):
    error = sqlite3.OperationalError("as SQLite says it")
    error.sqlite_errorcode = code
    with pytest.raises(StorageError) as caught, transaction(db):
        raise error
    assert type(caught.value) is ours
    assert caught.value.where
    assert caught.value.remedy
    assert caught.value.__cause__ is error


def test_a_full_disk_loses_nothing_that_was_stored(db, ingest, contents):
    History(db).ingest(ingest(1))
    before = contents(db)
    pages = pragma(db, "page_count")
    db.execute(f"PRAGMA max_page_count = {pages}")
    big = ingest(2, article=replace(ingest(2).article, text="글" * 200_000))
    with pytest.raises(StorageError, match="full"):
        History(db).ingest(big)
    assert contents(db) == before
    db.execute("PRAGMA max_page_count = 1000000")
    assert History(db).ingest(big).article == 2


def test_only_one_process_writes_and_the_other_names_it(path):
    program = (
        "import sys, time; from pathlib import Path; from monitor.store.lock import WriterLock\n"
        "with WriterLock(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE)
    try:
        assert child.stdout.readline() == b"held\n"
        with pytest.raises(AlreadyRunning, match=f"process {child.pid}") as caught:
            WriterLock(path).__enter__()
        assert caught.value.exit_code == 6
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
    with WriterLock(path):
        assert path.with_name(path.name + ".lock").read_text() == f"{os.getpid()}\n"


def test_a_released_lock_is_free(path):
    for _ in range(2):
        with WriterLock(path), pytest.raises(AlreadyRunning):
            WriterLock(path).__enter__()


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_times_come_back_and_sort_as_text(one, other):
    assert read_time(time_text(one)) == one
    assert (time_text(one) < time_text(other)) == (one < other)
    assert len(time_text(one)) == 27


def test_times_of_other_zones_are_stored_in_utc_across_a_change_of_the_clock():
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=berlin)
    second = datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=berlin)
    assert time_text(first) == "2026-10-25T00:30:00.000000Z"
    assert time_text(second) == "2026-10-25T01:30:00.000000Z"
    seoul = datetime(2026, 11, 25, 15, 30, tzinfo=timezone(timedelta(hours=9)))
    assert time_text(seoul) == "2026-11-25T06:30:00.000000Z"


def test_a_time_without_zone_is_a_bug():
    with pytest.raises(ValueError, match="without zone"):
        column(datetime(2026, 11, 25))  # noqa: DTZ001


def test_lone_surrogates_become_one_replacement_character_each():
    assert column("a\ud800b\udfff😀") == "a\ufffdb\ufffd😀"
