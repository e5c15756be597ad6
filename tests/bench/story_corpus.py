"""The labelled texts of ../shared/corpus, and what Tumen decides about them, as `tumen replay` does."""

from __future__ import annotations

import importlib.util
import io
import json
from contextlib import redirect_stdout
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from monitor import app
from monitor.jobs.replay import in_order, read_texts, replay

if TYPE_CHECKING:
    from types import ModuleType

    from monitor.jobs.replay import Text

ROOT = Path(__file__).resolve().parents[2]
TOPIC = ROOT.parent / "shared" / "corpus" / "topic"
MAIN, EXTRA = TOPIC / "articles.jsonl", TOPIC / "extra_relevant.jsonl"
PACK = "dprk-russia"

Row = dict[str, Any]


@cache
def scorer() -> ModuleType:
    """The corpus' own scorer."""
    spec = importlib.util.spec_from_file_location("score_topic", TOPIC.parent / "score_topic.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def labelled(file: Path) -> tuple[Row, ...]:
    """The rows of a file, as they stand in it."""
    return tuple(json.loads(line) for line in lines(file) if line)


@cache
def answers(*files: Path) -> tuple[Row, ...]:
    """What is decided about the texts of these files, taken in as one stream."""
    now = app.utc_now()
    texts = [text for file in files for text in read_texts(lines(file), file.name)]
    with app.replaying([PACK], None, now) as ingestor:
        return tuple(replay(texts, ingestor, now))


@cache
def score() -> Row:
    """The scorer's figures for the main file, without what it prints."""
    with TemporaryDirectory() as folder, redirect_stdout(io.StringIO()):
        decided = Path(folder) / "decided.jsonl"
        decided.write_text("".join(json.dumps(one) + "\n" for one in answers(MAIN)), encoding="utf-8")
        return scorer().main(str(MAIN), str(decided))


def told_rows() -> list[Row]:
    """The relevant rows of the main file that belong to a story, in the order of the scorer."""
    rows = [row for row in labelled(MAIN) if row.get("story") and row["label"] == "relevant"]
    return sorted(rows, key=scorer().when)


def texts_of_stories() -> list[Text]:
    """The same as texts, in the order in which they are taken in; every one has its time, if only by day."""
    wanted = {row["id"] for row in told_rows()}
    texts = [text for text in read_texts(lines(MAIN), MAIN.name) if text.id in wanted]
    return [text for _, _, text in in_order(texts, app.utc_now())]


def lines(file: Path) -> list[str]:
    """The lines of a file; a separator of lines that stands inside a text ends none."""
    return file.read_text(encoding="utf-8").split("\n")
