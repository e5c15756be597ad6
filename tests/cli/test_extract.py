"""Reading articles out of saved pages."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import ROOT

GOLDEN = ROOT / "tests" / "spiders" / "golden"
PAGES = sorted(GOLDEN.glob("*.html"))
NO_ARTICLE = "<html><head></head><body><script>let a = 1</script></body></html>"
TITLE = "\x1b[31m Red &#8238;alert&#8236; in Norwick"
HOSTILE = f"""<html lang=en><head><title>{TITLE}</title><meta name=author content="Eve \x1b]0;x\x07 Writer"></head>
<body><article><h1>{TITLE}</h1>
<p>The port of Norwick was closed on Monday\x1b[2J, the harbour master said, and will open again soon.</p>
<p>Ships wait outside&#155;31m the breakwater &#8238;until the wind has calmed down, as they did last winter.</p>
<p>Nobody was hurt when a crane fell into the water, and its owner said that it would be raised this week.</p>
</article></body></html>"""


@pytest.fixture
def pages(write):
    """Pages of several languages, one without an article, one that would drive a terminal, and bytes at random."""
    write("menu.html", NO_ARTICLE)
    write("hostile.html", HOSTILE)
    write("noise.html", bytes(range(256)) * 40)
    write("empty.html", b"")
    return [*map(str, PAGES), "menu.html", "hostile.html", "noise.html", "empty.html"]


def test_each_page_gives_a_line_in_the_order_of_the_files(tumen, pages):
    answer = tumen("extract", *pages, "--json")
    assert answer.code == 0
    assert answer.controls == set()
    rows = {row["file"]: row for row in answer.rows}
    assert [row["file"] for row in answer.rows] == pages
    for page in PAGES:
        expected = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
        row = rows[str(page)]
        assert row["title"] == expected["title"]
        assert row["language"] == expected["language"]
        assert row["text"]
    for bare in ("menu.html", "empty.html"):
        assert not rows[bare]["text"]
        assert any(line.startswith(f"{bare}: ") for line in answer.err.splitlines()), f"{bare} has no reason"
    assert set(rows["menu.html"]) == {"file", "title", "text", "published", "language", "author"}
    assert "harbour master" in rows["hostile.html"]["text"]


def test_people_read_the_article_itself(tumen, pages):
    answer = tumen("extract", str(PAGES[0]), "hostile.html", "menu.html")
    assert answer.code == 0
    assert answer.controls == set()
    assert "harbour master" in answer.out
    assert "menu.html: no_text: " in answer.err


def test_a_file_that_is_not_there_is_a_mistake(tumen):
    answer = tumen("extract", "nowhere.html")
    assert answer.code == 2
    assert "nowhere.html" in answer.err
