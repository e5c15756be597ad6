from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.discovery import MOST_LEADS, USUAL_PATHS, About, leads_around, read_about
from spiders.items import Lead, Via
from spiders.wording import language_code

URL = "https://news.example/world/"


def page(head: str = "", body: str = "", attributes: str = "") -> bytes:
    return f"<!doctype html><html {attributes}><head>{head}</head><body>{body}</body></html>".encode()


def feed_link(href: str, title: str = "", kind: str = "application/rss+xml") -> str:
    return f'<link rel="alternate" type="{kind}" title="{title}" href="{href}">'


def found(about: About) -> list[tuple[str, Via]]:
    return [(lead.url.removeprefix("https://news.example"), lead.via) for lead in about.leads]


def test_a_page_names_the_outlet_its_language_and_its_feeds():
    head = (
        '<title>World - Вісті</title><meta property="og:site_name" content="Вісті &amp; Новини">'
        + feed_link("/world.rss", "Вісті: світ")
        + feed_link("atom.xml", kind="application/atom+xml; charset=utf-8")
    )
    about = read_about(page(head, attributes='lang="uk-UA"'), URL)
    assert (about.title, about.language) == ("Вісті & Новини", "uk")
    assert about.leads[0] == Lead("https://news.example/world.rss", Via.LINK, "Вісті: світ")
    assert found(about)[1:] == [("/world/atom.xml", Via.LINK)]


def test_links_that_read_like_feeds_count_behind_those_that_are_declared():
    body = (
        '<a href="/rss">All our feeds</a> <a href="/feeds/world.xml">World</a> <a href="/a?format=rss&x=1">RSS</a>'
        '<a href="/feedback">Write to us</a> <a href="/rss.png">pixel</a> <a href="/feeding-the-troops">story</a>'
        '<a href="mailto:rss@news.example">mail</a> <a href="/declared.rss">again</a>'
    )
    about = read_about(page(feed_link("/declared.rss"), body), URL)
    assert found(about) == [
        ("/declared.rss", Via.LINK),
        ("/rss", Via.ANCHOR),
        ("/feeds/world.xml", Via.ANCHOR),
        ("/a?format=rss&x=1", Via.ANCHOR),
    ]


@pytest.mark.parametrize(
    "head",
    [
        feed_link("/comments/feed/"),
        feed_link("/feed/2", "The Herald » Comments"),
        feed_link("/ko/", kind="text/html"),
        feed_link("/x.json", kind="application/json+oembed"),
        feed_link("javascript:alert(1)"),
        feed_link("file:///etc/passwd"),
        feed_link("http://[::1"),
        feed_link(URL),
        '<link rel="stylesheet" type="application/rss+xml" href="/style.rss">',
    ],
)
def test_what_is_no_feed_of_articles_is_no_lead(head):
    assert read_about(page(head), URL).leads == ()


def test_a_page_with_endless_feeds_gives_a_bounded_number_of_leads():
    about = read_about(page("".join(feed_link(f"/feed/{number}") for number in range(5000))), URL)
    assert len(about.leads) == MOST_LEADS


@pytest.mark.parametrize(
    ("document", "title", "language"),
    [
        (
            "<rss><channel><title><![CDATA[KCNA &amp; 통신]]></title><language>ko-KR</language><item><title>A",
            "KCNA & 통신",
            "ko",
        ),
        (
            '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title type="text">Der Bote</title><entry/>',
            "Der Bote",
            "de",
        ),
        ("<rss><channel><item><title>A headline</title></item></channel></rss>", "", None),
        (
            "<urlset><url><loc>/a</loc><news:news><news:name>The Herald</news:name><news:language>en</news:language>",
            "The Herald",
            "en",
        ),
        ("<urlset><url><loc>/a</loc></url></urlset>", "", None),
        ("<rss><channel><title>never closed", "", None),
    ],
)
def test_feeds_and_news_sitemaps_introduce_themselves(document, title, language):
    about = read_about(document.encode(), URL)
    assert (about.title, about.language, about.leads) == (title, language, ())


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ("en", "en"),
        (" KO-kr ", "ko"),
        ("zh_TW", "zh"),
        ("ru\u017f", None),
        ("english", None),
        ("", None),
        ("-", None),
    ],
)
def test_a_language_is_a_code_or_none(stated, code):
    assert language_code(stated) == code


def test_what_only_deceives_is_taken_out_of_titles():
    about = read_about("<rss><channel><title>Her\u202eald\x1b[31m\n \x00</title>".encode(), URL)
    assert about.title == "Herald[31m"


def test_around_a_page_sitemaps_for_news_come_first_and_then_the_usual_addresses():
    named = (
        "https://news.example/archive.xml",
        "/sitemap_index.xml",
        "https://cdn.example/News.xml.gz",
        "ftp://x/y",
    )
    leads = leads_around(URL, named)
    assert [lead.url for lead in leads if lead.via is Via.ROBOTS] == [
        "https://cdn.example/News.xml.gz",
        "https://news.example/sitemap_index.xml",
        "https://news.example/archive.xml",
    ]
    guesses = [lead.url for lead in leads if lead.via is Via.GUESS]
    assert guesses == [f"https://news.example{path}" for path in USUAL_PATHS]


def test_a_robots_txt_with_endless_sitemaps_gives_a_bounded_number_of_leads():
    leads = leads_around(URL, (f"/sitemap-{number}.xml" for number in range(5000)))
    assert len(leads) == MOST_LEADS + len(USUAL_PATHS)


@given(st.binary(max_size=300) | st.text(alphabet="<>/ =\"'!-[]relhfts:xmaonk\x00\ud800", max_size=300).map(
    lambda text: text.encode("utf-8", "surrogatepass")
))  # fmt: skip
def test_whatever_stands_there_is_read_without_an_error(body):
    for start in (b"", b"<html>", b"<rss><channel><title>", b"<urlset>"):
        assert isinstance(read_about(start + body, URL), About)
