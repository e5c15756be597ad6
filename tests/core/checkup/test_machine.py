"""What figures of a machine mean."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.core.checkup import Grade
from monitor.core.checkup.machine import (
    judge_backup,
    judge_certificate,
    judge_clock,
    judge_file_system,
    judge_memory,
    judge_open_files,
    judge_python,
    judge_space,
)

NOW = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
MB, GB = 10**6, 10**9
OK, WARNING, PROBLEM = Grade


@pytest.mark.parametrize(
    ("now", "newest", "offset", "grade", "says"),
    [
        (NOW, None, None, OK, "2026-11-25"),
        (NOW, NOW - timedelta(days=90), timedelta(seconds=2), OK, "as servers"),
        (datetime(1970, 1, 1, tzinfo=UTC), None, None, PROBLEM, "1970-01-01"),
        (NOW, NOW + timedelta(hours=3), None, PROBLEM, "3 hours behind what the history"),
        (NOW, NOW, timedelta(seconds=-40), WARNING, "40 seconds behind"),
        (NOW, NOW, timedelta(days=2), PROBLEM, "2 days ahead of"),
    ],
)
def test_a_clock_is_held_against_the_history_and_the_web(now, newest, offset, grade, says):
    found = judge_clock(now, newest, offset)
    assert (found.grade, bool(found.remedy)) == (grade, grade is not OK)
    assert says in found.says


@pytest.mark.parametrize(
    ("kind", "options", "grade"),
    [
        ("ext4", ["rw", "relatime"], OK),
        ("btrfs", ["rw"], OK),
        ("ext4", ["ro"], PROBLEM),
        ("nfs4", ["rw"], PROBLEM),
        ("cifs", ["rw"], PROBLEM),
        ("9p", ["rw"], PROBLEM),
        ("fuse.sshfs", ["rw"], PROBLEM),
        ("tmpfs", ["rw"], PROBLEM),
        ("overlay", ["rw"], WARNING),
    ],
)
def test_a_history_wants_a_local_disk_that_stays(kind, options, grade):
    assert judge_file_system(kind, options, "/srv").grade is grade


@pytest.mark.parametrize(
    ("free", "size", "files", "grade"),
    [
        (50 * GB, GB, None, OK),
        (50 * GB, GB, 10**6, OK),
        (50 * GB, GB, 3, PROBLEM),
        (500 * MB, 10 * MB, None, WARNING),
        (5 * GB, 6 * GB, None, WARNING),
        (20 * MB, 10 * MB, None, PROBLEM),
    ],
)
def test_room_is_needed_for_more_and_for_a_copy(free, size, files, grade):
    assert judge_space(free, size, files, "/srv").grade is grade


def test_little_memory_and_few_files_are_said():
    assert [judge_memory(size).grade for size in (GB, 200 * MB, 50 * MB)] == [OK, WARNING, PROBLEM]
    assert [judge_open_files(most).grade for most in (1024, 64)] == [OK, WARNING]


def test_a_python_without_security_fixes_is_said():
    assert judge_python((3, 11, 7), date(2027, 10, 31)).grade is OK
    assert judge_python((3, 11, 7), date(2027, 11, 1)).grade is WARNING
    assert judge_python((3, 99, 0), date(2050, 1, 1)).grade is OK, "what is not known is not blamed"


def test_a_certificate_that_ends_soon_is_ours_to_renew():
    def grade(days, *, ours):
        return judge_certificate("mail:587", NOW + timedelta(days=days), NOW, ours=ours).grade

    assert [grade(days, ours=True) for days in (90, 10, 1, -1)] == [OK, WARNING, PROBLEM, PROBLEM]
    assert [grade(days, ours=False) for days in (90, 10, 1)] == [OK, OK, PROBLEM]


@pytest.mark.parametrize(
    ("every", "ages"),
    [(timedelta(days=1), (1.5, 3, 9)), (timedelta(hours=1), (0.05, 0.2, 1)), (None, (6, 20, 40))],
)
def test_a_backup_is_old_by_how_often_one_is_made(every, ages):
    grades = [judge_backup(NOW - timedelta(days=age), NOW, every, "/srv").grade for age in ages]
    assert grades == [OK, WARNING, PROBLEM]
    assert judge_backup(None, NOW, every, "/srv").grade is WARNING
