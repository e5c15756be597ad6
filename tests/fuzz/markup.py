"""Feeds, sitemaps, section pages and articles as nobody should write them."""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import UTC
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from spiders.address import clean_url
from spiders.errors import NotASource, NoText
from spiders.extract import read_article
from spiders.items import Kind
from spiders.sources import read_source
from tests.spiders.test_hostile_texts import BODIES, LABELS, PIECES

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

URL = "https://news.example/2026/11/a.html"
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LANGUAGE = re.compile("[a-z]{2,3}")
_ITEM = "<item><title>A &amp; B</title><link>/a-{0}</link><pubDate>Wed, 25 Nov 2026 0{0}:00:00 GMT</pubDate></item>"
_TEXT = "The port of Norwick stood still on Monday, as dockers and pilots said in town. "
_SOUND = {
    Kind.FEED: (
        (
            f"<rss version='2.0'><channel><title>T</title><language>en</language>{''.join(map(_ITEM.format, '123'))}"
            "</channel></rss>"
        ),
        (
            "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='de'><title>T</title><entry><title type='html'>"
            "&lt;b&gt;A&lt;/b&gt;</title><link href='/a'/><id>urn:1</id><updated>2026-11-25T08:00:00Z</updated>"
            "<summary>S</summary></entry></feed>"
        ),
    ),
    Kind.SITEMAP: (
        (
            "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:news='http://www.google.com/schemas/"
            "sitemap-news/0.9'><url><loc>https://news.example/a</loc><lastmod>2026-11-25</lastmod><news:news><news:title>"
            "A</news:title><news:publication_date>2026-11-25T08:00:00+09:00</news:publication_date></news:news></url>"
            "</urlset>"
        ),
        (
            "<sitemapindex><sitemap><loc>https://news.example/s.xml</loc><lastmod>2026-11-25</lastmod></sitemap>"
            "</sitemapindex>"
        ),
    ),
    Kind.SECTION: (
        "<html lang='en'><body><main>"
        + "".join(
            f"<h2><a href='/2026/11/25/a-long-title-{n}'>What the pilots say {n}</a></h2>" for n in "123"
        )
        + "</main></body></html>",
    ),
}
_PAGE = (
    (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Port - Paper</title>"
        "<meta property='article:published_time' content='2026-11-25T08:00:00Z'><script type='application/ld+json'>"
        '{"@type": "NewsArticle", "headline": "Port", "author": {"name": "A"}}'
        f"</script></head><body><article><h1>Port</h1>{f'<p>{_TEXT * 3}</p>' * 4}</article></body></html>"
    ),
)


def _around(documents: tuple[str, ...]) -> SearchStrategy[bytes]:
    """Sound documents into which something is put, or of which something is taken or repeated."""
    accident = st.tuples(
        st.floats(0, 1),
        st.integers(0, 40),
        PIECES | st.text(max_size=8),
        st.sampled_from([0, 1, 1, 1, 3, 90]),
    )
    charset = st.sampled_from(["utf-8", "utf-8", "utf-16", "windows-1251", "euc-kr"])
    return st.builds(_broken, st.sampled_from(documents), st.lists(accident, min_size=1, max_size=6), charset)


def _broken(document: str, accidents: list[tuple[float, int, str, int]], charset: str) -> bytes:
    for part, lost, put, times in accidents:
        at = round(part * len(document))
        document = document[:at] + put * times + document[at + lost :]
    return document.encode(charset, "surrogatepass" if charset.startswith("utf") else "replace")


SOURCES = st.one_of(
    *(
        st.tuples(_around(documents), LABELS, st.sampled_from([kind, kind, None]))
        for kind, documents in _SOUND.items()
    ),
    st.tuples(BODIES, LABELS, st.sampled_from([*Kind, None])),
)
PAGES = st.tuples(_around(_PAGE) | BODIES, LABELS)


def read_any_source(given: tuple[bytes, str, Kind | None]) -> str:
    """It is entries in good form, or no source for a reason."""
    body, label, kind = given
    try:
        seen = read_source(body, URL, kind, content_type=label)
    except NotASource as error:
        return error.reason
    for entry in seen.entries:
        assert clean_url(entry.url) == entry.url
        assert len(entry.title) <= 500
        assert not _CONTROL.search(f"{entry.title}{entry.summary}")
        assert entry.published is None or entry.published.tzinfo is UTC
        assert entry.language is None or _LANGUAGE.fullmatch(entry.language)
    return seen.kind


def read_any_page(given: tuple[bytes, str]) -> str:
    """It is an article in good form, or no text."""
    body, label = given
    try:
        article = read_article(body, URL, content_type=label)
    except NoText:
        return "no_text"
    assert article.title or article.text
    assert not _CONTROL.search(f"{article.title}{article.text}{article.author}")
    assert article.published is None or article.published.tzinfo is UTC
    assert article.language is None or _LANGUAGE.fullmatch(article.language)
    json.dumps(dataclasses.asdict(article), default=str).encode()
    return "article"
