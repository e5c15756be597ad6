"""Every fault and every threat of the documentation has tests, and the commands that are named there run them."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"^\| ([FT]\d+) \| (.+) \| (.+) \| `(pytest .+)` \|$", re.MULTILINE)
PAGES = {"faults": "F", "threats": "T"}
ROWS = {
    match[1]: match[4]
    for page in PAGES
    for match in ROW.finditer((ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8"))
}


@pytest.mark.parametrize(("letter", "count"), [("F", 36), ("T", 26)])
def test_each_has_a_row_in_order(letter, count):
    assert [row for row in ROWS if row.startswith(letter)] == [f"{letter}{n}" for n in range(1, count + 1)]


@pytest.mark.parametrize("page", PAGES)
def test_no_row_is_written_otherwise(page):
    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    _, _, *table = re.findall(r"^\|.*", text, flags=re.MULTILINE)
    assert [line for line in table if not ROW.match(line)] == []


@pytest.mark.parametrize("row", ROWS)
def test_its_command_runs_tests_of_each_file_and_by_each_word(row):
    _, *given = shlex.split(ROWS[row])
    files = given[: given.index("-k")] if "-k" in given else given
    words = given[-1].split(" or ") if "-k" in given else [""]
    tests = {file: _named_in(ROOT / file) for file in files}
    for file, names in tests.items():
        assert any(word in name for word in words for name in names), f"{row} runs nothing in {file}"
    for word in words:
        assert word.isidentifier() or not word
        assert any(word in name for names in tests.values() for name in names), f"{row}: nothing is {word}"


def _named_in(file: Path) -> list[str]:
    """The names of the tests of a file."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [
        node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
