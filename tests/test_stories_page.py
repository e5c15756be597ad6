"""What docs/stories.md shows as new is new, and what it shows as a repeat is one."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor import app
from monitor.core.statements import Newness
from monitor.core.stories import WINDOW
from monitor.jobs.replay import Text, replay
from spiders.items import Article

TEXT = (Path(__file__).parents[1] / "docs" / "stories.md").read_text(encoding="utf-8")
FIRST = re.search(r"after “([^”]+)”, told by the pack `([a-z-]+)`:\n", TEXT)
SHOWN = re.findall(r"^\| (.+?) \| (?:`(\w+)`: .+|(nothing)) \|$", TEXT[FIRST.end() :], flags=re.MULTILINE)
DEED = re.search(r"And “([^”]+)” is a new `(\w+)` after “([^”]+)”", TEXT)
CASES = [(FIRST[1], title, word) for title, word, _ in SHOWN] + [(DEED[3], DEED[1], DEED[2])]
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def decided():
    """What is decided about the two reports of each case, which come so late that each case is a story of its own."""
    texts, now = [], BEGIN
    for first, then, _ in CASES:
        for title in (first, then):
            now += timedelta(hours=1)
            texts.append(Text(len(texts), Article(f"replay:{len(texts)}", title, "", None, now)))
        now += 2 * WINDOW
    with app.replaying((FIRST[2],), None, now) as ingestor:
        answers = replay(texts, ingestor, now)
    return dict(zip(CASES, zip(answers[::2], answers[1::2], strict=True), strict=True))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[1])
def test_a_report_that_is_shown_is_told_for_what_is_shown(decided, case):
    first, then = decided[case]
    assert first["alert"] == "new"
    assert then["story"] == first["story"]
    assert case[2] in ({new["newness"] for new in then["new"]} or {""})


def test_every_way_of_being_new_is_shown_but_for_changed_pages_which_need_two_looks():
    assert {word for _, _, word in CASES} - {""} == set(Newness) - {Newness.CHANGED}
