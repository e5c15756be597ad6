"""Every line of docs/rules.md does what it says."""

import re
from pathlib import Path

import pytest
import yaml

from monitor.core.errors import RuleError
from monitor.core.matching import Matcher
from monitor.core.query import LEAD
from monitor.core.reading import Origin
from monitor.packs import load_pack
from spiders.items import Article

PAGE = (Path(__file__).parent.parent / "docs" / "rules.md").read_text(encoding="utf-8")
CONCEPTS = re.search(r"```yaml\n(.+?)```", PAGE, re.DOTALL).group(1)
MACRO = "SENTENCE(dprk, russia)"
_TEXT = re.compile(r"(?:(?P<where>[a-z-]+): )?`(?P<text>[^`]+)`")


def rows(heading):
    """The lines of the first table of a section: what is written, and the texts with their language or source."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    for line in section.splitlines():
        if line.startswith("| `"):
            written, holds, fails = (cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|")))
            for cell, expected in ((holds, True), (fails, False)):
                for found in _TEXT.finditer(cell):
                    yield written.strip("`").replace("\\|", "|"), found["where"], found["text"], expected


def fires(folder, condition, where, text, names=""):
    """Whether a pack with the page's concepts and this condition matches the text."""
    (folder / "concepts").mkdir(exist_ok=True)
    (folder / "rules").mkdir(exist_ok=True)
    (folder / "pack.yaml").write_text(
        yaml.safe_dump({"name": "page", "label": {"en": "Page"}, "macros": {"both": MACRO}})
    )
    (folder / "concepts" / "page.yaml").write_text(CONCEPTS + names, encoding="utf-8")
    rule = {"r": {"label": {"en": "R"}, "when": condition}}
    (folder / "rules" / "page.yaml").write_text(yaml.safe_dump(rule, allow_unicode=True), encoding="utf-8")
    title, _, body = text.replace("{400 characters}", "x" * LEAD).partition("⏎")
    language, tags = (where, ()) if where and len(where) == 2 else (None, (where,) if where else ())
    matcher = Matcher([load_pack(folder)])
    return bool(matcher.matches(matcher.read(Article("", title, body, language=language), Origin("a", tags))))


@pytest.mark.parametrize(("written", "where", "text", "expected"), list(rows("Names")))
def test_a_name_is_found_where_the_page_says(tmp_path, written, where, text, expected):
    name = written if written.startswith("{term") else f'"{written}"'
    names = f"named:\n  kind: subject\n  label: {{en: Named}}\n  names:\n    any: [{name}]\n"
    assert fires(tmp_path, "named", where, text.replace("⏎", "\n"), names) is expected


@pytest.mark.parametrize(("written", "where", "text", "expected"), list(rows("Conditions")))
def test_a_condition_holds_where_the_page_says(tmp_path, written, where, text, expected):
    assert fires(tmp_path, written, where, text) is expected


def test_every_operator_of_the_grammar_has_an_example():
    written = " ".join(condition for condition, *_ in rows("Conditions"))
    for word in (
        "AND",
        "OR",
        "NOT",
        "NEAR/",
        "SENTENCE(",
        "SUM(",
        ">=",
        "title:",
        "lead:",
        "body:",
        "lang:",
        "source:",
        '"',
    ):
        assert word in written, word


def test_the_mistake_that_the_page_shows_is_reported_as_it_says(tmp_path):
    with pytest.raises(RuleError, match="no concept or macro named rusia") as refused:
        fires(tmp_path, "SENTENCE(dprk, rusia)", None, "x")
    assert refused.value.remedy == "did you mean russia?"
    assert "there is no concept or macro named rusia — did you mean russia?" in PAGE
