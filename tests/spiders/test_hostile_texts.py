"""Texts that are made to keep a parser busy, to confuse it, or to deceive whoever reads what comes of them."""

from __future__ import annotations

import dataclasses
import html
import json
import re
import resource
import subprocess
import sys
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.address import clean_url
from spiders.decoding import decode
from spiders.errors import NotASource, NoText
from spiders.extract import read_article
from spiders.items import Kind
from spiders.sources import read_source
from spiders.wording import line, paragraphs, plain

URL = "https://news.example/a"
ROOT = Path(__file__).parents[2]
SECONDS = 30  # of a processor; most need three
MEMORY = 2 * 1024**3
MIB = 1024 * 1024
MARKS = "\u0301\u0316"  # one above, one below: sorting a pile of both takes the square of its height


def full(piece: str, size: int = 2 * MIB) -> str:
    """As much of a piece as makes the size."""
    return piece * (size // len(piece.encode()) + 1)


def feed(inner: str) -> str:
    return f"<?xml version='1.0'?><rss><channel>{inner}</channel></rss>"


def page(inner: str) -> str:
    return f"<html><head><title>A title of a page</title></head><body>{inner}</body></html>"


# What took minutes at least, by whom it is read, and what it is made of. Each is read within seconds now.
SLOW = {
    "page: many breaks": lambda: page(full("<br>")),
    "page: marks on a letter": lambda: page(f"<h1>x</h1><p>a{full(MARKS)}"),
    "page: marks by number": lambda: page(f"<h1>a{full('&#769;&#790;', 60_000)}</h1>"),
    "page: spaces in JSON-LD": lambda: page(f"<script type=application/ld+json>-->{' ' * 200_000}x</script>"),
    "page: brackets in JSON-LD": lambda: page(f"<script type=application/ld+json>{'[' * MIB}</script>"),
    "section: a word without an end": lambda: full(f"<a href=/{'a' * 2000}>y</a>"),
    "section: a host without an end": lambda: full(f"<a href=http://{'ж' * 500}/>y</a>"),
    "section: a class without an end": lambda: f"<p class='{'x ' * 500_000}'>{full('<a href=/1-b-c-d>y</a>', MIB)}",
    "feed: many empty items": lambda: feed(full("<item/>", 8 * MIB)),
    "feed: many attributes": lambda: f"<rss {' '.join(map('a{}=1'.format, range(100_000)))}><channel><item/>",
    "feed: lines before it": lambda: "<?xml version='1.0'?>" + "\n" * 300_000 + feed("<item/>"),
    "feed: marks on a letter": lambda: feed(f"<item><title>a{full(MARKS)}</title></item>" * 3),
    "feed: an author without an end": lambda: feed(f"<item><author>{full('a.b-c')}</author></item>"),
    "sitemap: many addresses": lambda: f"<urlset>{full('<url><loc>:</loc></url>', 4 * MIB)}</urlset>",
}  # fmt: skip


def read(name: str, text: str) -> None:
    kind = name.partition(":")[0]
    try:
        if kind == "page":
            read_article(text.encode(), URL)
        else:
            read_source(text.encode(), URL, Kind(kind))
    except (NotASource, NoText):
        pass


@pytest.mark.parametrize("name", SLOW)
def test_what_is_made_to_keep_a_parser_busy_is_read_in_the_end(name):
    command = [sys.executable, "-m", "tests.spiders.test_hostile_texts", name]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize(
    "label",
    ["punycode", "idna", "undefined", "utf-7", "unicode_escape", "hex", "rot13", "cp037", "utf-32", "zlib"],
)
def test_a_label_that_names_no_charset_of_the_web_is_not_believed(label):
    text = page(
        f"<h1>Żołnierze na granicy</h1><p>{'Zauważyli długi pociąg na stacji. ' * 9} +ADw-script+AD4-</p>"
    )
    for body, header in (
        (text.encode("cp1250"), f"text/html; charset={label}"),
        (text.replace("<head>", f"<head><meta charset={label}>").encode("cp1250"), ""),
    ):
        article = read_article(body, URL, content_type=header)
        assert "Zauważyli" in article.text
        assert "+ADw-script" in article.text


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("label", [True, False])
def test_a_page_in_utf16_is_read_if_it_says_so_or_begins_with_a_mark(charset, label):
    text = page("<h1>Поезд прибыл</h1>")
    header = f"text/html; charset={charset}" if label else ""
    assert "Поезд" in decode((("" if label else "\ufeff") + text).encode(charset), header)


TRICKS = {
    "Prices\r\nBcc: all@example.org": "Prices Bcc: all@example.org",
    "Red \x1b[31malert\x07": "Red [31malert",
    "\u202eevil\u202c \u2066isolated\u2069": "evil isolated",
    "zero\u200bwidth\ufeff and\u2060 soft\u00adhyphen": "zerowidth and softhyphen",
    "Cafe\u0301": "Café",
    "a" + "\u0301" * 99: "á" + "\u0301" * 29,
    "می\u200cخواهم 👨\u200d👩\u200d👧": "می\u200cخواهم 👨\u200d👩\u200d👧",
}


@pytest.mark.parametrize("trick", TRICKS)
def test_a_title_deceives_nobody_wherever_it_stands(trick):
    title = html.escape(trick)
    told = f"<item><title>{title}</title><link>/a</link></item>"
    listed = f"<urlset><url><loc>/a</loc><title>{title}</title></url></urlset>"
    link = f"<a href=/2026/11/25/a-b-c-d>{title}</a>"
    assert (
        line(trick, 500) == plain(title, 500) == paragraphs(trick.replace("\r\n", " "), 500) == TRICKS[trick]
    )
    for kind, text in ((Kind.FEED, feed(told)), (Kind.SITEMAP, listed), (Kind.SECTION, page(link))):
        (entry,) = read_source(text.encode(), URL, kind).entries
        assert entry.title == TRICKS[trick]


@pytest.mark.parametrize("language", ["en\x1b[31m", "x" * 100_000, "<b>en", "../../etc", "e\u202en"])
def test_a_language_is_a_code_or_nothing(language):
    escaped = html.escape(language)
    listed = f"<urlset><url><loc>/a</loc><language>{escaped}</language></url></urlset>"
    entry = "<entry><title>a</title><link href='/a'/></entry>"
    atom = f"<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='{escaped}'>{entry}</feed>"
    for text in (listed, atom):
        (entry,) = read_source(text.encode(), URL).entries
        assert entry.language is None


def test_a_canonical_address_at_another_port_is_not_believed():
    foreign = page("<h1>A</h1>").replace(
        "<head>", "<head><link rel=canonical href=http://news.example:8080/b>"
    )
    assert read_article(foreign.encode(), URL).url == URL


# Anything that markup is made of, in any order.
MARKUP = """
< > </ /> <!-- --> <![CDATA[ ]]> <![if <?xml~version='1.0'~encoding='utf-16'?> <!DOCTYPE~x~[ <!ENTITY~a~'b'>
<!ENTITY~a~SYSTEM~'file:///x'> <!ENTITY~%~p~'&#37;'> ]> &a; &amp;lt; &#0; &#x110000; &#55296; &#x1b;
2099-01-01 1970-01-01 Thu,~01~Jan~1970~00:00:00~GMT 9999-12-31T23:59:59-14:00 0001-01-01T00:00:00+14:00
<rss> <channel> <item> </item> <title> </title> <link> </link> <guid> </guid> <pubDate> </pubDate> <georss:point>1
<feed~xmlns='http://www.w3.org/2005/Atom'> <entry> <link~href='/a'/> <content~type='xhtml'>
<content~type='application/x'~mode='base64'> <content~xml:base='http://['> xml:base='//['
<urlset> <url> <loc> </loc> <lastmod> <sitemapindex> <sitemap> </sitemap> <news:title>
http://[::1]:99999/ http://127.1/ javascript:x /a/1 //a.example
<html~lang='x'> <head> <meta~charset='punycode'> <meta~property='og:title'~content=' '> <base~href='file:///'>
<h1> </h1> <p> <br> <a~href='/2026/11/25/a-b-c-d'> </a> <time~datetime='2026-11-25T25:61'> <table><tr> <template>
<script~type='application/ld+json'> {"@type":"NewsArticle","headline": [{"@graph":[ }]} </script>
<svg> <math> <frameset> <plaintext> <textarea> <select> <iframe> <noscript>
"""
PIECES = st.sampled_from(
    [piece.replace("~", " ") for piece in MARKUP.split()]
    + ["\x00", "\x1b[31m", "\x9b2J", "\u202e", "\ufdd0", "\ufffe", "\U000e0041", MARKS * 40, "\r\n"]
)
TEXTS = st.lists(PIECES | st.text(max_size=20), max_size=60).map("".join)
BODIES = TEXTS.flatmap(
    lambda text: st.sampled_from(["utf-8", "utf-16", "utf-16-le", "koi8-r", "euc-kr", "iso2022_jp"]).map(
        lambda charset: text.encode(charset, "replace" if charset != "utf-8" else "surrogatepass")
    )
) | st.binary(max_size=400)
LABELS = st.sampled_from(
    ["", "text/html", "text/xml; charset=idna", "text/html; charset=utf-16", "x; charset=\x00"]
)
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@given(BODIES, LABELS, st.sampled_from([*Kind, None]))
@settings(max_examples=400, deadline=None)
def test_any_bytes_are_entries_or_no_source(body, label, kind):
    try:
        entries = read_source(body, URL, kind, content_type=label).entries
    except NotASource:
        return
    for entry in entries:
        assert clean_url(entry.url) == entry.url
        assert len(entry.title) <= 500
        assert not CONTROL.search(f"{entry.title}{entry.summary}")
        assert entry.published is None or entry.published.tzinfo is UTC
        assert entry.language is None or re.fullmatch("[a-z]{2,3}", entry.language)


@given(BODIES, LABELS)
@settings(max_examples=400, deadline=None)
def test_any_bytes_are_an_article_or_no_text(body, label):
    try:
        article = read_article(body, URL, content_type=label)
    except NoText:
        return
    assert article.title or article.text
    assert not CONTROL.search(f"{article.title}{article.text}{article.author}")
    assert article.published is None or article.published.tzinfo is UTC
    assert article.language is None or re.fullmatch("[a-z]{2,3}", article.language)
    json.dumps(dataclasses.asdict(article), default=str).encode()


if __name__ == "__main__":  # a process that may use so much of processor and memory
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    read(sys.argv[1], SLOW[sys.argv[1]]())
