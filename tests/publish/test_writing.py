from __future__ import annotations

import stat

import pytest

from monitor.core.errors import StorageError
from monitor.publish.writing import replacing


def test_a_file_is_there_when_everything_is_in_it(tmp_path):
    file = tmp_path / "отчёт 보고.csv"
    with replacing(file) as opened:
        opened.write(b"new")
        assert not file.exists()
    assert file.read_bytes() == b"new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    assert list(tmp_path.iterdir()) == [file]


def test_what_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    file = tmp_path / "list.csv"
    file.write_bytes(b"old")
    file.chmod(0o600)
    with pytest.raises(UnicodeEncodeError), replacing(file) as opened:
        opened.writelines(text.encode("ascii") for text in ("half", "후반"))
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]
    with replacing(file) as opened:
        opened.write(b"new")
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"new", 0o600)


def test_a_place_that_is_not_there_is_named(tmp_path):
    with (
        pytest.raises(StorageError, match="cannot be written") as raised,
        replacing(tmp_path / "no" / "list.csv"),
    ):
        pass
    assert "list.csv" in str(raised.value)
    assert raised.value.exit_code == 3


def test_a_folder_is_no_file(tmp_path):
    (tmp_path / "list.csv").mkdir()
    with pytest.raises(StorageError), replacing(tmp_path / "list.csv") as opened:
        opened.write(b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["list.csv"]
