"""Sources are added to a configuration that a person wrote, and the rest of it stays byte for byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.errors import ConfigError
from monitor.documents import parse_document, with_items

PATH = ("sources", "own")
ITEM = {
    "name": "new",
    "title": "Новая: газета #1",
    "url": "https://new.example/rss?a=1",
    "tags": ["wire", "no"],
}
BLOCK = """- name: new
  title: 'Новая: газета #1'
  url: https://new.example/rss?a=1
  tags:
  - wire
  - 'no'
"""


def indented(columns: int) -> str:
    return "".join(" " * columns + line for line in BLOCK.splitlines(keepends=True))


def added(text: str, *items: dict) -> str:
    return with_items(parse_document(text, "tumen.yaml"), PATH, items or (ITEM,))


@pytest.mark.parametrize(
    ("before", "inserted", "after"),
    [
        pytest.param("", "sources:\n  own:\n" + indented(4), "", id="an empty file"),
        pytest.param("# a comment\n", "sources:\n  own:\n" + indented(4), "", id="a file of comments"),
        pytest.param("packs: [a]\n", "sources:\n  own:\n" + indented(4), "", id="no sources"),
        pytest.param(
            "sources:\n  languages: [en]  # only these\n",
            "  own:\n" + indented(4),
            "\n# how fast\npace:\n  fastest: 5m\n",
            id="no own ones",
        ),
        pytest.param(
            "sources:\n    own:\n        - name: a  # mine\n          note: |\n            two\n\n            rows\n",
            indented(8),
            "\n\npace: {fastest: 5m}   # quick\n",
            id="own ones, indented widely",
        ),
        pytest.param(
            "sources:\n  own:\n  - {name: a, title: A}\n  # - {name: b}\n",
            indented(2),
            "  shipped: false\n",
            id="own ones, not indented, and one commented out",
        ),
        pytest.param(
            "sources:\n  own:\n  -\n    name: a\n    note:\n",
            indented(2),
            "# end\n",
            id="dashes on lines of their own",
        ),
        pytest.param(
            "sources:\n  own:   # none yet\n", indented(4), "  shipped: true\n", id="own without a value"
        ),
        pytest.param(
            "sources:   # none\n", "  own:\n" + indented(4), "packs: [a]\n", id="sources without a value"
        ),
        pytest.param(
            "---\nsources:\n  own:\n  - name: a\n", indented(2), "...\n", id="a document with marks"
        ),
        pytest.param(
            "sources:\n  own:\n  - name: a\n    note: >-\n      folded\n      text\n",
            indented(2),
            "",
            id="folded text",
        ),
    ],
)
def test_a_block_is_added_where_it_belongs(before, inserted, after):
    assert added(before + after) == before + inserted + after


FLOW = "{name: new, title: 'Новая: газета #1', url: 'https://new.example/rss?a=1', tags: [wire, 'no']}"


@pytest.mark.parametrize(
    ("before", "inserted", "after"),
    [
        ("sources:\n  own: [", FLOW, "]  # none\npacks: [a]\n"),
        ("sources:\n  own: [{name: a}", f", {FLOW}", "]\n"),
        ("sources:\n  own: [\n    {name: a},  # mine\n    {name: b},\n  ", FLOW, "]\n"),
        ("sources: {", f"own: [{FLOW}]", "}\n"),
        ("sources: {languages: [en]", f", own: [{FLOW}]", "}   # English\n"),
        ("{packs: [a]", ", sources: {own: [" + FLOW + "]}", "}"),
    ],
)
def test_in_a_line_of_braces_it_is_added_in_braces(before, inserted, after):
    assert added(before + after) == before + inserted + after


def test_line_ends_stay_as_they_are():
    text = "sources:\r\n  own:\r\n  - name: a\r\npacks: [a]"
    assert (
        added(text)
        == "sources:\r\n  own:\r\n  - name: a\r\n" + indented(2).replace("\n", "\r\n") + "packs: [a]"
    )


def test_a_last_line_without_an_end_gets_one():
    assert added("sources:\n  own:\n  - name: a") == "sources:\n  own:\n  - name: a\n" + indented(2)


@pytest.mark.parametrize(
    "text",
    [
        "sources: none",
        "sources:\n  own: nobody\n",
        "sources:\n  own: null\n",
        "- a list\n",
        "just words",
        "sources: {own: {name: a}}",
        "sources:\n  own:\n    name: a\n",
    ],
)
def test_what_holds_no_list_is_left_to_the_person(text):
    with pytest.raises(ConfigError) as refused:
        added(text)
    assert "tumen.yaml:1" in refused.value.where or "tumen.yaml:2" in refused.value.where
    assert "--print" in refused.value.remedy


names = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=30)
comments = st.sampled_from(["", "  # a comment", "   #: {[odd"])
gaps = st.sampled_from(["", "\n", "# between\n", "  # indented\n", "\n    # far in\n\n"])


@st.composite
def configurations(draw: st.DrawFn) -> str:
    """Files as people write them: blocks and braces, comments and gaps anywhere."""
    end, step = draw(comments), draw(st.sampled_from([2, 3, 4]))
    own = draw(
        st.sampled_from(
            [
                "",
                f"{' ' * step}own: []{end}\n",
                f"{' ' * step}own:{end}\n",
                f"{' ' * step}own:{end}\n{' ' * step}- name: a{end}\n{' ' * step}  tags: [x]{end}\n",
                f"{' ' * step}own:\n{' ' * 2 * step}- {{name: a}}{end}\n{draw(gaps)}{' ' * 2 * step}- name: b\n",
            ]
        )
    )
    before = draw(st.sampled_from(["", f"packs: [a, b]{end}\n", "channels:\n  me: {url: 'json://x'}\n"]))
    after = draw(st.sampled_from(["", "crawl:\n  delay: 1s\n", "pace: {fastest: 5m}\n"]))
    sources = f"sources:{end}\n{' ' * step}shipped: true{end}\n{own}" if own or draw(st.booleans()) else ""
    text = f"{draw(gaps).lstrip()}{before}{draw(gaps)}{sources}{draw(gaps)}{after}{draw(gaps)}"
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


@given(
    configurations(), st.lists(st.fixed_dictionaries({"name": names, "title": names}), min_size=1, max_size=3)
)
def test_nothing_is_lost_and_what_was_added_is_read_back(text, items):
    result = added(text, *items)
    before = parse_document(text, "a").value or {}
    after = parse_document(result, "a").value
    kept = ((before.get("sources") or {}).get("own")) or []
    assert after["sources"]["own"] == [*kept, *items]
    assert {key: after[key] for key in before if key != "sources"} == {
        k: before[k] for k in before if k != "sources"
    }
    assert any(result.startswith(text[:at]) and result.endswith(text[at:]) for at in range(len(text) + 1)), (
        "more than one place was changed"
    )
