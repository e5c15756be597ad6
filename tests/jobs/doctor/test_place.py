"""Where a history lies, and who may read and write there."""

from __future__ import annotations

import os

import pytest

from monitor.core.checkup import Grade
from monitor.jobs.doctor import place

MOUNTS = """\
21 26 0:19 / /proc rw,nosuid - proc proc rw
26 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 26 0:40 / /srv rw - nfs4 server:/export rw
31 26 0:41 / {there} ro,relatime - xfs /dev/sdb1 rw
32 31 0:42 / {there}/inner rw - overlay overlay rw
"""


@pytest.mark.parametrize(
    ("folder", "grade", "says"),
    [
        ("/", Grade.OK, "ext4"),
        ("/srv/news", Grade.PROBLEM, "nfs4"),
        ("/srvother", Grade.OK, "ext4"),
        ("{there}/a", Grade.PROBLEM, "read-only"),
        ("{there}/inner/b", Grade.WARNING, "overlay"),
    ],
)
def test_the_nearest_mount_counts(folder, grade, says, tmp_path):
    there = tmp_path / "with a space"
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS.format(there=str(there).replace(" ", "\\040")))
    (found,) = place.file_system(tmp_path / folder.format(there=there), mounts)
    assert (found.grade, says in found.says) == (grade, True), found


@pytest.fixture
def history(tmp_path):
    tmp_path.chmod(0o700)
    file = tmp_path / "tumen.db"
    file.touch(mode=0o600)
    return file


def permissions(history, *secrets):
    captures = history.with_name("tumen.db.captures")
    return [
        (one.grade, one.where)
        for one in place.permissions(history, history.with_name("x.sock"), captures, secrets)
    ]


def test_what_only_its_owner_can_reach_is_well(history):
    assert permissions(history) == [(Grade.OK, str(history.parent))]


def test_secrets_that_everybody_may_read_are_a_problem(history):
    for name, mode in (("open", 0o644), ("group", 0o640), ("closed", 0o600)):
        (history.parent / name).touch()
        (history.parent / name).chmod(mode)
    secrets = [history.parent / name for name in ("open", "group", "closed", "missing")]
    assert permissions(history, *secrets) == [(Grade.PROBLEM, str(history.parent / "open"))]


def test_a_history_that_others_may_write_is_said(history):
    history.chmod(0o666)
    assert permissions(history) == [(Grade.WARNING, str(history))]
    history.chmod(0o600)
    history.parent.chmod(0o777)
    assert permissions(history) == [(Grade.WARNING, str(history.parent))]
    history.parent.chmod(0o1777)
    assert permissions(history) == [(Grade.OK, str(history.parent))], (
        "there, each removes only what is theirs"
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_place_that_may_not_be_written_is_a_problem(history):
    history.parent.chmod(0o500)
    try:
        assert permissions(history) == [(Grade.PROBLEM, str(history.parent))]
    finally:
        history.parent.chmod(0o700)


def test_the_room_of_a_real_place_is_told(history):
    (found,) = place.space(history)
    assert "free" in found.says
