"""New files, all of them or none."""

from __future__ import annotations

import os
import stat

import pytest

from monitor.config import creating
from monitor.core.errors import InputError, StorageError


def test_what_is_made_stays_if_all_goes_well(tmp_path):
    with creating() as creation:
        creation.folder(tmp_path / "a" / "b")
        creation.file(tmp_path / "a" / "b" / "c", "text")
    assert (tmp_path / "a" / "b" / "c").read_text() == "text"
    assert creation.files == (tmp_path / "a" / "b" / "c",)


def make_some(folder, problem) -> None:
    """Make files and folders until there is a problem."""
    with creating() as creation:
        creation.folder(folder / "a" / "b")
        creation.file(folder / "a" / "b" / "c", "text")
        (folder / "a" / "pack").mkdir()
        creation.take(folder / "a" / "pack")
        (folder / "a" / "pack" / "inside").write_text("x")
        raise problem


@pytest.mark.parametrize("problem", [KeyboardInterrupt, RuntimeError, SystemExit])
def test_whatever_breaks_it_off_leaves_nothing(tmp_path, problem):
    with pytest.raises(problem):
        make_some(tmp_path, problem)
    assert list(tmp_path.iterdir()) == []


def test_what_was_there_before_is_left_alone(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "mine").write_text("mine")
    with pytest.raises(InputError, match="is there already"):
        make_some(tmp_path, FileExistsError(17, "exists", "mine"))
    assert [each.name for each in tmp_path.rglob("*")] == ["a", "mine"]


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError), creating() as creation:
        creation.file(tmp_path / "link", "secret", secret=True)
    assert not (tmp_path / "elsewhere").exists()


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be written") as told, creating() as creation:
        creation.file(tmp_path / "file" / "below", "text")
    assert told.value.where == str(tmp_path / "file" / "below")


@pytest.mark.parametrize(("how", "mode"), [({"secret": True}, 0o600), ({"public": True}, 0o644)], ids=str)
def test_who_may_read_it_is_so_whatever_the_mask_says(tmp_path, how, mode):
    before = os.umask(0o077)
    try:
        with creating() as creation:
            creation.file(tmp_path / "file", "text", **how)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == mode
