"""What is exported opens in spreadsheets as what it is, and cannot act there."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.publish.tables import csv_lines, json_lines


class Word(StrEnum):
    ONE = "one"


@dataclass(frozen=True)
class Row:
    title: str = ""
    value: float | None = None
    at: datetime | None = None
    day: date | None = None
    word: Word = Word.ONE
    many: tuple[str, ...] = ()
    yes: bool = False
    text: str = ""


AT = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
hostile = st.text(st.characters(codec=None), max_size=30) | st.builds(
    str.__add__, st.sampled_from("=+-@\t\r\n＝＋－＠'\""), st.text(max_size=20)
)


def as_csv(*rows, **options):
    return "".join(csv_lines(rows, Row, **options))


def read_csv(text):
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def test_a_row_is_a_line_under_the_names_of_its_columns():
    row = Row('say "no", now', 12_000.0, AT, AT.date(), many=("a", "b"), yes=True, text="two\nlines")
    assert as_csv(row) == (
        "title,value,at,day,word,many,yes,text\r\n"
        '"say ""no"", now",12000,2026-11-25T06:30:00Z,2026-11-25,one,a; b,true,"two\nlines"\r\n'
    )


def test_a_column_can_be_left_out():
    assert read_csv(as_csv(Row(), without={"text", "many"}))[0] == [
        "title",
        "value",
        "at",
        "day",
        "word",
        "yes",
    ]


@pytest.mark.parametrize(
    "text",
    ['=HYPERLINK("http://x")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\tx", "\rx", "\n=1", "＝1"],
)
def test_a_text_that_would_be_a_formula_is_text(text):
    cell = read_csv(as_csv(Row(title=text)))[1][0]
    assert cell.startswith("'")
    assert cell.lstrip("'\r\n\t") == text.replace("\r", "\n").lstrip("\n\t")


def test_a_list_that_would_be_a_formula_is_text():
    assert read_csv(as_csv(Row(many=("=1", "b"))))[1][5] == "'=1; b"


@pytest.mark.parametrize(
    ("value", "cell"), [(-5.0, "-5"), (-0.25, "-0.25"), (0.0, "0"), (None, ""), (float("inf"), "")]
)
def test_numbers_stay_numbers(value, cell):
    assert read_csv(as_csv(Row(value=value)))[1][1] == cell


@given(
    st.lists(
        st.builds(Row, title=hostile, text=hostile, many=st.lists(hostile, max_size=3).map(tuple)), max_size=5
    )
)
def test_whatever_texts_hold_a_reader_finds_the_same_rows(rows):
    text = as_csv(*rows)
    text.encode()
    found = read_csv(text)
    assert len(found) == len(rows) + 1
    assert {len(row) for row in found} == {8}
    for row in found[1:]:
        assert not any(cell.startswith(tuple("=+-@\t\r\n＝＋－＠")) for cell in row)


@given(hostile)
def test_lines_of_json_keep_everything_but_halves_of_signs(text):
    (line,) = json_lines([Row(title=text, at=AT, value=3.0)], Row)
    assert line.count("\n") == 1
    assert line.encode()
    row = json.loads(line)
    assert row["title"] == text.encode("utf-8", "replace").decode()
    assert (row["at"], row["value"], row["many"], row["yes"]) == ("2026-11-25T06:30:00Z", 3, [], False)


def test_rows_are_written_as_they_are_read():
    read = []

    def rows():
        for number in range(3):
            read.append(number)
            yield Row(title=str(number))

    lines = csv_lines(rows(), Row)
    assert (next(lines), read) == ("title,value,at,day,word,many,yes,text\r\n", [])
    next(lines)
    assert read == [0]
