from __future__ import annotations

import gzip
import io
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.address import clean_url
from spiders.errors import NotASource
from spiders.feed import read_feed
from spiders.items import Kind
from spiders.moments import read_moment
from spiders.sources import read_source
from spiders.wording import line, paragraphs, plain

URL = "https://news.example/rss.xml"
CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus" / "feeds"

WORDS = {
    "ko": ("euc-kr", "북한군 병력이 러시아 국경의 기차역에 도착했다고 철도원이 전했다"),
    "ru": ("windows-1251", "Северокорейские рабочие прибыли на пограничную станцию, сообщил железнодорожник"),
    "ja": ("shift_jis", "国境の駅に貨物列車が到着し、およそ百人の作業員が荷物を降ろした"),
    "zh": ("gb2312", "一列二十节车厢的货运列车于星期二夜间抵达边境村庄的车站"),
    "ar": ("windows-1256", "وصل قطار من عشرين عربة ليلة الثلاثاء إلى محطة القرية الحدودية"),
    "pl": ("iso-8859-2", "Żołnierze zauważyli w nocy długi pociąg towarowy na stacji granicznej"),
    "uk": ("koi8-u", "Потяг із двадцяти вагонів прибув на станцію прикордонного селища"),
}


def rss(*items: str, declared: str = "utf-8") -> str:
    return f"<?xml version='1.0' encoding='{declared}'?><rss version='2.0'><channel>{''.join(items)}</channel></rss>"


def item(title: str = "A train arrives", link: str = "https://news.example/a/1", more: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


def only(body: str, **options):
    (entry,) = read_feed(body.encode(), URL, **options)
    return entry


def test_entry_is_plain_absolute_and_in_utc():
    more = (
        "<pubDate>Wed, 25 Nov 2026 10:00:00 +0900</pubDate>"
        "<description>&lt;p&gt;It &amp;amp; its&lt;br/&gt; load &lt;script&gt;evil()&lt;/script&gt;left.&lt;/p&gt;"
        "</description>"
    )
    entry = only(
        rss(item("  A &lt;b&gt;train&lt;/b&gt;\n arrives ", "/a/1?utm_source=rss&amp;id=7#top", more))
    )
    assert entry.url == "https://news.example/a/1?id=7"
    assert (entry.title, entry.summary) == ("A train arrives", "It & its load left.")
    assert entry.published == datetime(2026, 11, 25, 1, tzinfo=UTC)


def test_korean_time_without_a_zone_is_read_as_utc():
    entry = only(rss(item(more="<pubDate>2026-11-25 10:00:00</pubDate>")))
    assert entry.published == datetime(2026, 11, 25, 10, tzinfo=UTC)


@pytest.mark.parametrize("stated", ["", "soon", "Mon, 99 Foo 2026", "2026-13-45T99:99:99Z", "99999-01-01"])
def test_broken_time_is_no_time(stated):
    assert only(rss(item(more=f"<pubDate>{stated}</pubDate>"))).published is None


def test_guid_stands_in_for_a_missing_link():
    more = "<guid isPermaLink='false'>https://news.example/a/9</guid>"
    assert only(rss(f"<item><title>x</title>{more}</item>")).url == "https://news.example/a/9"


def test_entries_without_an_address_are_shown_only_on_request():
    body = rss("<item><title>x</title><guid>tag:7</guid></item>", item(link="javascript:alert(1)")).encode()
    assert read_feed(body, URL) == ()
    assert [entry.url for entry in read_feed(body, URL, unlinked=True)] == ["", ""]


def test_repeated_addresses_are_one_entry_and_the_limit_holds():
    body = rss(*[item(link=f"https://news.example/a/{n // 2}?fbclid={n}") for n in range(20)]).encode()
    assert [entry.url[-1] for entry in read_feed(body, URL, limit=3)] == ["0", "1", "2"]


def test_empty_feed_is_a_feed():
    assert read_feed(rss().encode(), URL) == ()


def test_packed_feed_is_unpacked():
    assert len(read_feed(gzip.compress(rss(item()).encode()), URL)) == 1


def test_atom_language_and_content_are_taken():
    body = (
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='uk-UA'><entry><title>Потяг</title>"
        "<link rel='enclosure' href='/a.mp3'/><link href='/a/1'/>"
        "<content type='html'>&lt;i&gt;Текст&lt;/i&gt;</content>"
        "<updated>2026-11-25T10:00:00Z</updated></entry></feed>"
    )
    entry = only(body)
    assert (entry.url, entry.language, entry.summary) == ("https://news.example/a/1", "uk", "Текст")


@pytest.mark.parametrize(
    "body", [b"", b"hello", b"<html><body>404</body></html>", b"{}", b"\x89PNG\r\n", b"<x/>"]
)
def test_what_is_no_feed_is_refused(body):
    with pytest.raises(NotASource, match="not_a_source"):
        read_feed(body, URL)


def test_error_page_is_no_feed_when_a_feed_is_expected_and_a_section_when_nothing_is():
    body = (
        b"<html><body><a href='/2026/11/25/a-train-arrives'>A train arrives at the border</a></body></html>"
    )
    with pytest.raises(NotASource):
        read_source(body, URL, Kind.FEED)
    assert read_source(body, URL).kind is Kind.SECTION


def test_feed_where_a_sitemap_was_expected_is_read_as_a_feed():
    assert read_source(rss(item()).encode(), URL, Kind.SITEMAP).kind is Kind.FEED


LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]>"
FILE = "<!DOCTYPE x [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>"


@pytest.mark.parametrize("attack", [LAUGHS, FILE, FILE.replace("SYSTEM", "PUBLIC 'x'").replace("'", '"')])
def test_entities_that_expand_or_reach_for_files_are_refused(attack):
    with pytest.raises(NotASource, match="unsafe_xml"):
        read_feed((attack + rss(item("&b;")).partition("?>")[2]).encode(), URL)


@pytest.mark.parametrize("label", ["right", "utf-8", "none", "header"])
@pytest.mark.parametrize("language", WORDS)
def test_legacy_charsets_come_out_right_however_they_are_labelled(language, label):
    charset, words = WORDS[language]
    text = rss(*[item(words, f"/{n}") for n in range(4)], declared=charset if label == "right" else "utf-8")
    if label in ("none", "header"):
        text = text.partition("?>")[2]
    header = f"text/xml; charset={charset}" if label == "header" else "text/xml"
    assert {entry.title for entry in read_feed(text.encode(charset), URL, content_type=header)} == {words}


def test_a_declared_charset_that_fits_is_not_searched_for(monkeypatch):
    monkeypatch.setattr("spiders.decoding.cchardet.detect", lambda _: pytest.fail("it takes long"))
    charset, words = WORDS["ru"]
    body = rss(item(words), declared=charset).encode(charset)
    assert read_feed(body, URL)[0].title == words


def test_a_dash_that_no_detection_knows_is_what_western_servers_write():
    title = "Websites seit mehreren Tagen offline – Konzern hat"
    body = f"<rss version='2.0'><channel>{item(title)}</channel></rss>".encode("cp1252")
    assert read_feed(body, URL)[0].title == title


def test_utf8_wins_over_a_server_that_says_latin():
    body = rss(item("북한 — Žitný")).encode()
    assert read_feed(body, URL, content_type="text/xml; charset=iso-8859-1")[0].title == "북한 — Žitný"


def test_one_broken_byte_does_not_make_utf8_something_else():
    body = rss(item("Потяг прибув " * 5)).encode().replace("в ".encode(), "в ".encode()[:1] + b" ", 1)
    assert read_feed(body, URL)[0].title.endswith("Потяг прибув")


def test_cut_feed_gives_what_could_be_read():
    body = rss(*[item(link=f"/a/{n}") for n in range(5)])
    assert len(read_feed(body[: body.index("/a/3")].encode(), URL)) >= 3


FRAGMENTS = st.lists(
    st.sampled_from(
        ["<rss>", "<channel>", "<item>", "</item>", "<title>", "</title>", "<link>", "http://[", "<guid>",
         "<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry>", "<content type='application/octet-stream'>", "aGk=",
         "<updated>99999999-01-01T00:00:00Z</updated>", "<![CDATA[", "]]>", "&x;", "<pubDate>",
         "<!DOCTYPE a [<!ENTITY x '&#38;'>]>",
         "&#xD800;", "<rdf:RDF>", "<?xml version='1.0' encoding='rot13'?>", "<?xml encoding='hex'?>",
         "<a xml:base='http://[::'><link href='x'/>", "<georss:point>", "<media:content url=''/>", "<!--",
         "xml:base='\u200e'", "<![if"]
    )
    | st.text(max_size=30),
    max_size=25,
).map(lambda parts: "".join(parts).encode("utf-8", "surrogatepass"))  # fmt: skip


@given(st.binary(max_size=200) | FRAGMENTS, st.sampled_from([*Kind, None]), st.text(max_size=30))
@settings(max_examples=300, deadline=None)
def test_no_bytes_raise_anything_but_not_a_source(body, kind, content_type):
    try:
        seen = read_source(body, URL, kind, content_type=content_type)
    except NotASource:
        return
    for entry in seen.entries:
        assert clean_url(entry.url) == entry.url
        assert entry.published is None or entry.published.tzinfo is UTC
        f"{entry.title}{entry.summary}{entry.language}".encode()


@pytest.mark.parametrize(
    ("url", "cleaned"),
    [
        ("HTTPS://News.Example:443/a?utm_source=x&b=2&a=1&fbclid=z#part", "https://news.example/a?b=2&a=1"),
        ("//news.example", "https://news.example/"),
        ("/статья/1?q=поезд", "https://base.example/%D1%81%D1%82%D0%B0%D1%82%D1%8C%D1%8F/1?q=%D0%BF%D0%BE%D0%B5%D0%B7%D0%B4"),
        (" https://user:pass@news.example:8080/a\u200b b ", "https://news.example:8080/a%20b"),
        ("https://пример.example/", "https://xn--e1afmkfd.example/"),
        ("mailto:a@example.org", None),
        ("javascript:alert(1)", None),
        ("http://[::1", None),
        ("", None),
    ],
)  # fmt: skip
def test_address_is_cleaned(url, cleaned):
    assert clean_url(url, "https://base.example/x/") == cleaned


@given(st.text() | st.from_regex(r"https?://[\w.%:@-]{1,20}(:\d{1,6})?(/[^ ]{0,20})?(\?[^ ]{0,20})?(#.*)?"))
@settings(deadline=None)
def test_cleaning_a_clean_address_changes_nothing(url):
    cleaned = clean_url(url, "https://base.example/x/y?z")
    if cleaned:
        assert clean_url(cleaned) == cleaned
        assert cleaned.isascii()
        assert urlsplit(cleaned).hostname


@given(st.text() | FRAGMENTS.map(lambda body: body.decode("utf-8", "replace")), st.integers(1, 50))
def test_words_are_bounded_encodable_and_stable(text, limit):
    for words in (line(text, limit), plain(text, limit), paragraphs(text, limit)):
        assert len(words) <= limit
        words.encode()
    assert line(line(text, limit), limit) == line(text, limit)


@given(st.text() | st.from_regex(r"[\d年月日.:/ TZ+-]{4,40}", fullmatch=True) | st.datetimes().map(str))
@settings(deadline=None)
def test_any_text_is_a_moment_in_utc_or_none(text):
    moment = read_moment(text)
    assert moment is None or moment.time.tzinfo is UTC


def test_corpus_feeds_give_no_fewer_than_feedparser_alone():
    if not CORPUS.is_dir():
        pytest.skip("the evaluation corpus is not here")
    poorer = {}
    for path in sorted(CORPUS.iterdir()):
        if path.suffix == ".json":
            continue
        body = path.read_bytes()
        try:
            found = read_source(body, URL, unlinked=True)
        except NotASource:
            found = None
        expected = len(feedparser.parse(io.BytesIO(body)).entries)
        if expected and not (found and found.entries):
            poorer[path.name] = expected
    assert not poorer


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("", None),
        ("<ttl>15</ttl>", 900.0),
        ("<ttl> 60 </ttl>", 3600.0),
        ("<ttl>soon</ttl>", None),
        ("<ttl>-5</ttl>", None),
    ],
)
def test_a_feed_says_for_how_long_it_stays_as_it_is(said, seconds):
    item = "<item><title>T</title><link>https://a.example/1</link></item>"
    body = f'<rss version="2.0"><channel><title>A</title>{said}{item}</channel></rss>'.encode()
    assert read_source(body, URL, Kind.FEED).ttl == seconds
