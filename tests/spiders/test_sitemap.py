from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.address import clean_url
from spiders.decoding import unpack
from spiders.errors import NotASource
from spiders.items import Entry, Kind
from spiders.sitemap import read_sitemap
from spiders.sources import read_source

URL = "https://news.example/news-sitemap.xml"
NAMES = (
    "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:news='http://www.google.com/schemas/sitemap-news/0.9' "
    "xmlns:image='http://www.google.com/schemas/sitemap-image/1.1'"
)


def news(number: int, title: str = "Потяг прибув", stated: str = "2026-11-25T10:00:00+09:00") -> str:
    return (
        f"<url><loc>https://news.example/a/{number}?utm_source=g</loc><news:news><news:publication><news:name>X</news:name>"
        f"<news:language>uk-UA</news:language></news:publication><news:publication_date>{stated}</news:publication_date>"
        f"<news:title>{title}</news:title></news:news><image:image><image:loc>/a.jpg</image:loc>"
        f"<image:title>no headline</image:title></image:image></url>"
    )


def urlset(*urls: str, prolog: str = "<?xml version='1.0' encoding='UTF-8'?>") -> bytes:
    return f"{prolog}<urlset {NAMES}>{''.join(urls)}</urlset>".encode()


def test_news_sitemap_gives_title_time_and_language():
    (entry,) = read_sitemap(urlset(news(1, "Потяг &amp; &lt;b&gt;вантаж&lt;/b&gt;")), URL).entries
    assert entry == Entry(
        url="https://news.example/a/1",
        title="Потяг & вантаж",
        published=datetime(2026, 11, 25, 1, tzinfo=UTC),
        language="uk",
    )


@pytest.mark.parametrize(
    "before", ["Garbage\n", "<br />\n<b>Warning</b>: too late in <b>/x.php</b><br />\n", "<!-- x -->"]
)
def test_what_a_server_writes_before_a_sitemap_hides_nothing(before):
    assert len(read_sitemap(before.encode() + urlset(news(1), news(2)), URL).entries) == 2


def test_plain_sitemap_gives_its_last_change_as_time():
    (entry,) = read_sitemap(urlset("<url><loc>/a</loc><lastmod>2026-11-25</lastmod></url>"), URL).entries
    assert (entry.url, entry.published) == ("https://news.example/a", datetime(2026, 11, 25, tzinfo=UTC))


def test_index_gives_its_sitemaps_newest_first():
    index = (
        f"<sitemapindex {NAMES}><sitemap><loc>/old.xml</loc><lastmod>2020-01-01</lastmod></sitemap>"
        "<sitemap><loc>/none.xml</loc></sitemap>"
        "<sitemap><loc>/new.xml.gz</loc><lastmod>2026-11-25T00:00:00Z</lastmod></sitemap></sitemapindex>"
    ).encode()
    seen = read_source(index, URL)
    assert (seen.kind, seen.entries) == (Kind.SITEMAP, ())
    assert [child.rpartition("/")[2] for child in seen.children] == ["new.xml.gz", "old.xml", "none.xml"]


def test_prefixes_do_not_matter():
    body = b"<s:urlset xmlns:s='x'><s:url><s:loc>https://news.example/a</s:loc></s:url></s:urlset>"
    assert len(read_sitemap(body, URL).entries) == 1


def test_packed_sitemap_is_unpacked_even_if_it_breaks_off():
    packed = gzip.compress(urlset(*map(news, range(500))))
    assert len(read_sitemap(packed, URL).entries) == 500
    assert 0 < len(read_sitemap(packed[: len(packed) // 2], URL).entries) < 500


def test_bomb_is_unpacked_to_the_limit_only():
    assert len(unpack(gzip.compress(bytes(3_000_000)) * 3, limit=1_000_000)) == 1_000_000


@pytest.mark.parametrize("limit", [0, 1, 3])
def test_limit_holds(limit):
    assert len(read_sitemap(urlset(*map(news, range(9))), URL, limit=limit).entries) == limit


@pytest.mark.parametrize(
    "flaw",
    [
        lambda body: b"\n\n junk " + body + b" junk",
        lambda body: body.replace(b"no headline", b"A & B"),
        lambda body: body.replace(b"no headline", b"\x00\x0b"),
        lambda body: body[: -len("</urlset>")],
    ],
    ids=["junk around it", "bare ampersand", "control characters", "no end"],
)
def test_flawed_sitemap_gives_what_it_holds(flaw):
    entries = read_sitemap(flaw(urlset(*map(news, range(5)))), URL).entries
    assert [entry.title for entry in entries] == ["Потяг прибув"] * 5


def test_half_a_surrogate_pair_costs_one_title_only():
    entries = read_sitemap(urlset(news(1, "&#xD800;"), news(2)), URL).entries
    assert [entry.title for entry in entries] == ["", "Потяг прибув"]


@pytest.mark.parametrize(
    "attack",
    [
        "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]>",
        "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>",
    ],
)
def test_attacking_sitemap_is_refused(attack):
    with pytest.raises(NotASource, match="unsafe_xml"):
        read_sitemap(urlset(news(1, "&a;"), prolog=attack), URL)


@pytest.mark.parametrize("body", [b"", b"<html><urlset></html>", b"<rss/>", b"hello"])
def test_what_is_no_sitemap_is_refused(body):
    with pytest.raises(NotASource, match="not_a_source"):
        read_source(body, URL, Kind.SITEMAP) if b"rss" not in body else read_sitemap(body, URL)


PARTS = st.lists(
    st.sampled_from(
        ["<url>", "</url>", "<loc>", "</loc>", "http://[", "/a", "<lastmod>", "2026-11-25", "<news:title>", "&b;",
         "<!--", "<![CDATA[", "]]>", "<sitemap>", "</sitemap>", "<?pi?>", "\x00", "</urlset>", "<x xmlns='&'>",
         "&#xFFFE;", "&#xD800;"]
    )
    | st.text(max_size=20),
    max_size=25,
).map(lambda parts: ("<urlset>" + "".join(parts)).encode("utf-8", "surrogatepass"))  # fmt: skip


@given(PARTS, st.booleans())
@settings(max_examples=200, deadline=None)
def test_no_bytes_raise_anything_but_not_a_source(body, packed):
    try:
        sitemap = read_sitemap(gzip.compress(body)[:-5] if packed else body, URL)
    except NotASource:
        return
    for address in (*(entry.url for entry in sitemap.entries), *sitemap.children):
        assert clean_url(address) == address
