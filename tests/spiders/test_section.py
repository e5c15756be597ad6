from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.errors import NotASource
from spiders.section import read_section

URL = "https://www.news.example/world/"
PAGE = """<html><head><meta charset="utf-8"></head><body>
<header><a href="/2026/11/20/promoted-in-the-header-of-the-page">Promoted in the header of the page</a></header>
<nav><a href="/world/asia-and-the-pacific-region-today">Asia and the Pacific region today, all of the news</a></nav>
<main>
 <div class="card"><a href="/2026/11/25/train-arrives-at-border?utm_source=home"><img src="t.jpg"></a>
  <h2><a href="/2026/11/25/train-arrives-at-border#comments">A long train arrives at the border</a></h2></div>
 <div class="card"><a href="https://en.news.example/a/7781234"><h3>북한 열차, 국경역 도착</h3>
  <p>Some lines of a teaser.</p></a></div>
 <div class="card"><a href="/articles/workers-unload-hundred-boxes">Workers unload a hundred boxes</a></div>
 <a href="https://other.example/2026/11/25/a-story-from-somewhere-else">A story from somewhere else entirely</a>
 <a href="/tag/trains">All the articles about trains and everything on rails</a>
 <a href="/report-2026-11-25.pdf">The whole report as a document to download</a>
 <a href="mailto:desk@news.example">Write to us about whatever you have seen today</a>
 <a href="/world/">World</a> <a href="/short">More</a> <a href="javascript:void(0)">Menu</a>
</main><footer><a href="/2026/11/01/terms-of-use-of-this-site">Terms of use of this site, in full length</a></footer>
</body></html>"""


def look(links: str | None = None, page: str = PAGE, **options):
    return {entry.url: entry.title for entry in read_section(page.encode(), URL, links=links, **options)}


ARTICLES = {
    "https://www.news.example/2026/11/25/train-arrives-at-border": "A long train arrives at the border",
    "https://en.news.example/a/7781234": "북한 열차, 국경역 도착",
    "https://www.news.example/articles/workers-unload-hundred-boxes": "Workers unload a hundred boxes",
}


def test_articles_of_the_site_are_told_from_everything_else():
    assert look() == ARTICLES


@pytest.mark.parametrize(
    ("links", "found"),
    [
        ("/2026/11/25/*", 1),
        ("/articles/*", 1),
        ("https://en.news.example/*", 1),
        ("*/tag/*", 1),
        ("div.card", 3),
        ("div.card h2 > a", 1),
        ("main a[href*='tag']", 1),
        (".nothing", 0),
    ],
)
def test_links_are_chosen_by_pattern_or_selector(links, found):
    assert len(look(links)) == found


def test_pattern_also_reads_the_query():
    page = "<html><body><a href='/view.do?id=41'>x</a><a href='/list.do?page=2'>y</a></body></html>"
    assert look("/view.do?id=*", page) == {"https://www.news.example/view.do?id=41": "x"}


def test_broken_selector_is_reported():
    with pytest.raises(NotASource, match="CSS selector"):
        look("div[")


def test_base_of_the_page_counts():
    page = "<html><head><base href='https://www.news.example/2026/'></head><body><a href='11/x'>x</a></body></html>"
    assert look("/2026/11/*", page) == {"https://www.news.example/2026/11/x": "x"}


def test_limit_holds():
    assert list(look(limit=2).items()) == list(ARTICLES.items())[:2]


@pytest.mark.parametrize("body", [b"", b"hello", b"\x00\x01", b'{"items": []}'])
def test_what_is_no_page_is_refused(body):
    with pytest.raises(NotASource, match="not_a_source"):
        read_section(body, URL)


PARTS = st.lists(
    st.sampled_from(["<a href='", "'>", "</a>", "<nav>", "<base href='http://['>", "http://[x",
                     "/2026/11/25/a-b-c", "<h2>",
                     "<a>", "<a href>", "<div class=menu>", "\x00", "&#0;", "<html>", "<!--", "xn--a", "?", "#"])
    | st.text(max_size=20),
    max_size=25,
).map("".join)  # fmt: skip


@given(
    st.binary(max_size=100) | PARTS.map(lambda t: t.encode("utf-8", "replace")), st.none() | PARTS | st.text()
)
@settings(max_examples=200, deadline=None)
def test_no_bytes_and_no_choice_raise_anything_but_not_a_source(body, links):
    with suppress(NotASource):
        read_section(body, URL, links=links)
