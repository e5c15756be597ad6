"""Every line of docs/search.md does what it says."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from monitor.core.models import Ingest, Reason
from monitor.core.searching.limits import read_moment
from monitor.core.searching.names import Names
from monitor.packs import load_pack
from monitor.store.database import open_history
from monitor.store.history import History
from monitor.store.search import MOST_TEXTS, Search
from spiders.items import Article

PAGE = (Path(__file__).parent.parent / "docs" / "search.md").read_text(encoding="utf-8")
CONCEPTS = re.search(r"```yaml\n(.+?)```", PAGE, re.DOTALL).group(1)
NOW = datetime(2026, 11, 26, tzinfo=UTC)
_TEXT = re.compile(r"(?:(?P<where>[a-z]+): )?`(?P<text>[^`]+)`")


def lines(heading):
    """The cells of the table of a section."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| `")]


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    (folder / "concepts").mkdir()
    (folder / "rules").mkdir()
    (folder / "pack.yaml").write_text(yaml.safe_dump({"name": "page", "label": {"en": "Page"}}))
    (folder / "concepts" / "page.yaml").write_text(CONCEPTS, encoding="utf-8")
    (folder / "rules" / "page.yaml").write_text(
        yaml.safe_dump({"r": {"label": {"en": "R"}, "when": "shoigu AND north_korea"}})
    )
    return Names([load_pack(folder)])


@pytest.mark.parametrize(("written", "finds", "fails"), lines("Questions"))
def test_a_question_finds_what_the_page_says(names, written, finds, fails):
    db = open_history(None)
    stored = {}
    for cell, expected in ((finds, True), (fails, False)):
        for found in _TEXT.finditer(cell):
            title, _, body = found["text"].partition("⏎")
            where = found["where"]
            language, source = (where, "a") if where and len(where) == 2 else ("en", where or "a")
            article = Article(f"https://a.example/{len(stored)}", title, body, language)
            key = (
                History(db).ingest(Ingest(article.url, source, article, NOW, Reason.NO_RULE_MATCHED)).article
            )
            stored[key] = expected
    assert set(stored.values()) == {True, False}
    question = written.strip().strip("`")
    found = {hit.article for hit in Search(db, names).find(question, NOW).hits}
    assert found == {key for key, expected in stored.items() if expected}
    db.close()


@pytest.mark.parametrize(("written", "_"), lines("Times and stories"))
def test_a_limit_is_understood(written, _):
    name, _, value = written.strip().strip("`").partition(":")
    if name == "story":
        assert value.isdecimal()
        return
    moment = read_moment(value, NOW)
    assert NOW - timedelta(days=30) < moment < NOW


def test_the_page_names_the_bound():
    assert f"at most {MOST_TEXTS:,} texts" in PAGE
