"""Tables for people, also on a narrow terminal."""

from __future__ import annotations

import io
import sys

import pytest

from monitor.cli.output import print_table

ROW = ("2", "2026-11-26 19:44", "Nothing moves at Norwick harbour", "https://herald.example/" + "a" * 30)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(params=["xterm", "dumb"])
def printed(request, monkeypatch):
    """What a terminal of so many columns shows of a table with one row; its lines."""

    def shown(columns: int) -> list[str]:
        monkeypatch.setenv("TERM", request.param)
        monkeypatch.setenv("NO_COLOR", "1")
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setattr(sys, "stdout", Terminal())
        print_table(("alert", "told at", "title", "address"), [ROW])
        return sys.stdout.getvalue().replace("\x1b[1m", "").replace("\x1b[0m", "").splitlines()

    return shown


def test_a_row_is_a_block_of_lines_where_the_words_do_not_fit_beside_each_other(printed):
    lines = [line.rstrip() for line in printed(40)]
    assert lines[:4] == [
        "alert    2",
        "told at  2026-11-26 19:44",
        "title    Nothing moves at Norwick",
        "         harbour",
    ]


@pytest.mark.parametrize("columns", [40, 80])
def test_nothing_is_cut_and_no_line_is_too_long(printed, columns):
    lines = printed(columns)
    assert all(len(line) <= columns for line in lines)
    assert "…" not in "".join(lines)
    assert "".join(lines).count("a" * 10) > 0


def test_a_wide_terminal_has_a_line_for_each_row(printed):
    assert len(printed(160)) == 2
