"""What must hold when something breaks on the way from an alert to its reader: F6 to F8, F10, F13, F14 and F21.

docs/faults.md says where each of the others is proved.
"""

from __future__ import annotations

import resource
import shutil
import sqlite3
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.core.delivery.notices import Listener
from monitor.core.delivery.policy import Policy
from monitor.core.errors import StorageError
from monitor.jobs.steps import Step
from monitor.notify.channels import Channel
from monitor.store.database import check, open_history, rows
from tests.system.mailroom import Mailroom

SECOND, MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))
PAUSE = 31 * SECOND  # after the history could not be written


@pytest.fixture
def path(tmp_path):
    return tmp_path / "tumen.db"


@pytest.fixture
def open_room(path, inbox):
    """Makes mailrooms that tell the inbox; the history is on disk, or in memory for tests of many days."""
    made = []

    def make(urls=None, where=path, **options):
        made.append(Mailroom(where, urls or {"desk": inbox.mail_url("desk")}, **options))
        return made[-1]

    yield make
    for room in made:
        room.close()


def subjects(inbox, user="desk"):
    return [mail.subject for mail in inbox.messages if mail.to.startswith(user)]


# F6

COMMITS = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from monitor.store.database import open_history, transaction
db = open_history(Path(sys.argv[1]))
db.execute(f"PRAGMA synchronous = {sys.argv[2]}")
for number in range(40):
    with transaction(db):
        db.execute("INSERT INTO conditions VALUES (?, '', '')", [str(number)])
"""


def synced(path, mode):
    """How often a process that commits forty times asks the disk to keep what was written."""
    counted = path.with_suffix(".strace")
    trace = ("strace", "-f", "-c", "-e", "trace=fdatasync,fsync", "-o", str(counted))
    program = (sys.executable, "-c", COMMITS, str(path), mode)
    done = subprocess.run([*trace, *program], capture_output=True, text=True, check=False)
    if "ptrace" in done.stderr:
        pytest.skip("no process may be traced here")
    assert done.returncode == 0, done.stderr
    return sum(int(line.split()[3]) for line in counted.read_text().splitlines() if line.endswith("sync"))


@pytest.mark.skipif(not shutil.which("strace"), reason="strace counts what is asked of the disk")
def test_every_commit_reaches_the_disk_before_it_counts(tmp_path):
    open_history(tmp_path / "a.db").close()
    (setting,) = open_history(tmp_path / "a.db").execute("PRAGMA synchronous").fetchone()
    assert synced(tmp_path / "b.db", str(setting)) >= 40
    assert synced(tmp_path / "c.db", "NORMAL") < 40, "or the count would prove nothing"


# F7, F8, F10


@contextmanager
def full_disk(path):
    """No file of this process may grow beyond what the history's log has now."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = path.with_name(path.name + "-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_on_a_full_disk_nothing_is_taken_sent_or_lost_and_with_room_again_it_goes_on(
    open_room, path, inbox, caplog
):
    room = open_room()
    room.alert(2)
    with full_disk(path):
        with pytest.raises(StorageError):
            room.alert()
        for _ in range(5):
            room.now += 10 * SECOND
            room.tick()
        assert subjects(inbox) == []
        assert room.states("desk") == ["pending"] * 2, "reading goes on"
    room.now += PAUSE
    room.alert()
    room.tick()
    assert subjects(inbox) == ["Title 1", "Title 2", "Title 4"]
    assert check(room.db) == ()
    assert {record.message.partition(":")[0] for record in caplog.records} == {"nothing is sent for 30 s"}


def test_what_was_sent_and_cannot_be_recorded_stops_all_sending_and_is_not_repeated(open_room, path, inbox):
    full = []

    def fill(step, _):
        if step is Step.SENT and not full:
            full.append(full_disk(path))
            full[0].__enter__()

    room = open_room(observe=fill)
    room.alert(3)
    try:
        for _ in range(20):
            room.now += 10 * SECOND
            room.tick()
        assert subjects(inbox) == ["Title 1"]
        assert room.states("desk") == ["claimed", "pending", "pending"]
    finally:
        full[0].__exit__(None, None, None)
    room.now += PAUSE
    room.tick()
    assert subjects(inbox) == ["Title 1", "Title 2", "Title 3"]
    assert room.states("desk") == ["sent"] * 3


def test_while_somebody_else_holds_the_history_nothing_is_sent_and_then_all_of_it_once(
    open_room, path, inbox, caplog
):
    room = open_room()
    room.alert(3)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for _ in range(5):
        room.now += 10 * SECOND
        room.tick()
    assert subjects(inbox) == []
    assert len(caplog.records) == 2, "said once for each attempt, with a pause between"
    other.execute("ROLLBACK")
    other.close()
    room.now += PAUSE
    room.tick()
    assert subjects(inbox) == ["Title 1", "Title 2", "Title 3"]


# F13, F14


def listener(inbox, name, at, zone):
    channel = Channel(name, (inbox.mail_url(name),))
    return {name: Listener(name, channel.recipients, canary=at, zone=ZoneInfo(zone))}


@pytest.mark.parametrize("step", [HOUR, -HOUR, DAY, -DAY], ids=["+1h", "-1h", "+1d", "-1d"])
def test_when_the_clock_is_set_alerts_leave_at_once_and_no_canary_comes_twice(step, open_room, inbox):
    room = open_room(canaries=listener(inbox, "desk", time(6, 0), "UTC"))
    room.now -= 3 * DAY
    room.pass_time(3 * DAY, step=DAY / 2)
    before = len(subjects(inbox))
    for moved in (step, -step):  # and mended
        room.now += moved
        room.alert()
        room.tick()
        room.pass_time(MINUTE, step=MINUTE)
    came = subjects(inbox)[before:]
    assert [subject for subject in came if subject.startswith("Title")] == ["Title 1", "Title 2"]
    assert len(came) - 2 == (step == DAY), "only the canary of a day that had no other"


@pytest.mark.parametrize(
    ("zone", "at", "begins", "comes"),
    [
        ("Europe/Berlin", time(2, 30), "2026-03-28T11:00", ["01:30", "00:30"]),
        ("Europe/Berlin", time(2, 30), "2026-10-24T11:00", ["00:30", "01:30"]),
        ("Australia/Lord_Howe", time(2, 15), "2026-10-03T01:00", ["15:45", "15:15"]),
        ("Australia/Lord_Howe", time(1, 45), "2026-04-04T01:00", ["14:45", "15:15"]),
        ("America/Nuuk", time(23, 30), "2026-03-28T13:00", ["01:30", "00:30"]),
        ("America/Nuuk", time(23, 30), "2026-10-24T13:00", ["00:30", "01:30"]),
    ],
)
def test_around_nights_on_which_the_clock_changes_digest_and_canary_come_once_a_day(
    zone, at, begins, comes, open_room, inbox
):
    """Two days from noon to noon, news every three hours."""
    urls = {name: inbox.mail_url(name) for name in ("digest", "canary")}
    policies = {"digest": Policy(ZoneInfo(zone), digest=(at,)), "canary": Policy(digest=(time(0, 1),))}
    canaries = listener(inbox, "canary", at, zone)
    room = open_room(urls, where=None, policies=policies, canaries=canaries)
    room.now = datetime.fromisoformat(begins).replace(tzinfo=UTC)
    room.canary.tick()  # of the day before, which nobody had
    room.tick()
    before = room.now
    for _ in range(16):
        room.alert()
        room.pass_time(3 * HOUR, step=15 * MINUTE)
    sent = rows(
        room.db,
        """SELECT DISTINCT channel, bundle, sent_at FROM deliveries LEFT JOIN notices ON notices.id = notice
        WHERE state = 'sent' AND sent_at > ? AND (channel = 'digest' OR kind = 'canary') ORDER BY sent_at""",
        (before,),
    )
    for channel in ("digest", "canary"):
        assert [row["sent_at"][11:16] for row in sent if row["channel"] == channel] == comes


# F21


def test_a_channel_that_is_down_for_two_days_delays_no_other_and_what_waited_is_told_or_listed(
    open_room, inbox, door
):
    mail = door(inbox.mail_port)
    down = inbox.mail_url("down").replace(str(inbox.mail_port), str(mail.port))
    room = open_room({"well": inbox.mail_url("well"), "down": down}, where=None)
    for count in range(1, 26):
        room.alert()
        room.tick()
        assert f"Title {count}" in subjects(inbox, "well"), "told in the moment in which it was found"
        room.pass_time(2 * HOUR, step=HOUR / 2)
    assert room.states("well") == ["sent"] * 25
    assert subjects(inbox, "down") == []

    mail.open()
    room.pass_time(15 * MINUTE, step=MINUTE)
    assert room.states("down") == ["expired"] * 2 + ["sent"] * 23, "what is older than two days is listed"
    assert subjects(inbox, "down") == ["Title 3", "22 alerts: Title 4 …"], "a probe, and what had gathered"
    (probe,) = (mail for mail in inbox.messages if mail.to.startswith("down") and mail.subject == "Title 3")
    assert all(f"Title {number}" in probe.text for number in (1, 2)), "the first mail says so"
    trouble = [subject for subject in subjects(inbox, "well") if "channel down" in subject]
    assert len(trouble) == 2, "that it takes nothing, and that it does again"
