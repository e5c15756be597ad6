"""Datasette's CSV loses its formulas and nothing else, however it is cut into pieces."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from monitor.web.data.cells import Cells

_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
_ROWS = st.lists(
    st.lists(
        _TEXTS | st.sampled_from(["=1+1", "-5", "-5.2e-3", "-5+cmd", '"', "a\r\nb", "@x"]),
        min_size=2,
        max_size=4,
    )
)


def written(rows) -> bytes:
    held = io.StringIO()
    csv.writer(held).writerows(rows)
    return held.getvalue().encode()


def read(text: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.decode(), newline="")))


@given(_ROWS, st.integers(1, 7))
def test_cells_come_out_as_they_went_in_but_for_formulas(rows, size):
    cells, sent = Cells(), written(rows)
    pieces = [sent[at : at + size] for at in range(0, len(sent), size)] or [b""]
    got = b"".join(cells.take(one, is_last=at == len(pieces) - 1) for at, one in enumerate(pieces))
    for before, after in zip(rows, read(got), strict=True):
        for one, other in zip(before, after, strict=True):
            assert other in {one, f"'{one}"}
            assert not other.startswith(("=", "+", "@", "\t", "\r", "\n"))
            assert not other.startswith("-") or other in {"-5", "-5.2e-3"} or other[1:].isdigit()


def test_numbers_stay_numbers():
    assert read(Cells().take(written([["-5", "-0.25", "7", "-5+cmd|'/C calc'!A0"]]), is_last=True)) == [
        ["-5", "-0.25", "7", "'-5+cmd|'/C calc'!A0"]
    ]
