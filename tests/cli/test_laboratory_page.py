"""The page that walks through the laboratory can be walked."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys

import pytest

from spiders.items import Article
from tests.cli.conftest import ROOT

PAGE = (ROOT / "docs" / "laboratory.md").read_text(encoding="utf-8")
URL = "https://herald.example/"
FINDS = {"lint"}  # commands that may end with 1, as they are there to find something


def lines(language):
    blocks = re.findall(rf"^```{language}\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


@pytest.fixture
def walked(tumen, take_in, folder, now):
    """Each command of the page with what it said, run one after another."""

    def run(line):
        words = shlex.split(line)
        if words[0] == "tumen":
            answer = tumen(*words[1:])
            assert answer.code in ({0, 1} if FINDS & set(words) else {0}), line + answer.out + answer.err
            return answer.out
        program = (
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"] if words[0] == "pytest" else words[:1]
        )
        return subprocess.run([*program, *words[1:]], check=True, capture_output=True, text=True).stdout

    first, *rest = lines("sh")
    said = {first: run(first)}
    (folder / "tumen.yaml").write_text("\n".join(lines("yaml")[:2]), encoding="utf-8")
    take_in(
        Article(f"{URL}talks", "Norwick Bridge may be closed, council says", "Talks go on.", "en", now),
        Article(f"{URL}paint", "New paint for the old crossing", "Workers shut Norwick Bridge.", "en", now),
        pack=folder / "bridge",
    )
    for line in rest:
        said[line] = run(line)
    return said


def test_every_command_of_the_page_does_what_it_says(walked, folder):
    assert len(walked) == len(lines("sh"))
    (tried,) = (out for line, out in walked.items() if "Storm closes" in line)
    for line in lines("text"):
        assert line in tried.splitlines()
    (opened,) = (out for line, out in walked.items() if line.endswith("--rule closed") and "try" in line)
    assert "✗ " in opened
    inbox = (folder / "inbox" / "bridge.yaml").read_text(encoding="utf-8").splitlines()
    for line in lines("yaml")[2:]:
        assert re.sub(r"\d{4}-\d\d-\d\d", "DAY", line) in {
            re.sub(r"\d{4}-\d\d-\d\d", "DAY", one) for one in inbox
        }
    assert "+0 alerts, −0" in next(out for line, out in walked.items() if "rules diff" in line)
    assert "passed" in next(out for line, out in walked.items() if line.startswith("pytest"))
    assert "0 failing" in next(out for line, out in walked.items() if "rules test" in line)


def test_every_check_of_the_linter_is_listed():
    linting = pytest.importorskip("monitor.core.laboratory.linting")
    listed = dict(re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", PAGE, flags=re.MULTILINE))
    assert listed == dict(linting.CODES)
