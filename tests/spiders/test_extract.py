"""Pages of our own writing and what must be read from them; `python tests/spiders/test_extract.py` writes anew."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from spiders.errors import NoText
from spiders.extract import read_article

GOLDEN = Path(__file__).parent / "golden"
PAGES = sorted(GOLDEN.glob("*.html"))
URL = "https://news.example.kr/a/1?utm_medium=feed"
PARAGRAPHS = "".join(
    f"<p>The train with {n} wagons reached the village on the border in the night and was unloaded.</p>"
    for n in ("twenty", "thirty", "forty", "fifty")
)


def as_json(page: Path) -> dict[str, object]:
    article = dataclasses.asdict(read_article(page.read_bytes(), URL))
    return article | {"published": article["published"] and article["published"].isoformat()}


def page(head: str = "", body: str = f"<article>{PARAGRAPHS}</article>", attributes: str = "") -> bytes:
    return f"<html {attributes}><head>{head}</head><body>{body}</body></html>".encode()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_golden_page_is_read_as_before(path):
    assert as_json(path) == json.loads(path.with_suffix(".json").read_text("utf-8"))


def test_a_page_is_parsed_once(monkeypatch):
    sizes = []
    parse = html.document_fromstring

    def counting(text, *args, **named):
        sizes.append(len(text))
        return parse(text, *args, **named)

    monkeypatch.setattr(html, "document_fromstring", counting)
    body = page(
        "<title>A train arrives</title>", f"<nav><a href='/'>Home</a></nav><article>{PARAGRAPHS}</article>"
    )
    read_article(body, URL)
    assert [size for size in sizes if size > len(PARAGRAPHS) + 100] == [len(body)]


def test_title_prefers_what_is_shown_over_what_is_only_stated():
    head = '<meta property="og:title" content="Shown to readers"><meta name="twitter:title" content="For a chat">'
    linked = (
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"For a search engine"}</script>'
    )
    assert (
        read_article(page(linked + head, "<h1>Shown to readers</h1>" + PARAGRAPHS), URL).title
        == "Shown to readers"
    )


def test_outlet_is_not_part_of_the_title():
    head = "<title>A train arrives — the river – Example News | Kyiv</title>"
    head += '<meta property="og:site_name" content="Kyiv">'
    assert read_article(page(head), URL).title == "A train arrives — the river – Example News"


def test_first_of_several_headings_is_not_taken_when_it_names_the_outlet():
    head = "<title>A train arrives | River Post</title>"
    body = f"<h1>River Post</h1><h1>A train arrives</h1>{PARAGRAPHS}"
    assert read_article(page(head, body), URL).title == "A train arrives"


@pytest.mark.parametrize(
    "suffix", [" | Politik | River Post", " - Politik", "：River Post", " » River Post", "_River Post"]
)
def test_names_of_section_and_outlet_are_not_part_of_the_title(suffix):
    head = f'<meta property="og:title" content="A train arrives{suffix}">'
    head += '<meta property="og:site_name" content="River Post">'
    section = '<meta property="article:section" content="Politik">'
    assert read_article(page(head + section), URL).title == "A train arrives"


def test_section_behind_a_hyphen_is_cut_where_words_are_not_joined_by_it():
    section = '<meta name="content_category" content="러시아">'
    assert read_article(page(f"<title>열차 도착-러시아</title>{section}"), URL).title == "열차 도착"
    section = '<meta name="content_category" content="Russia">'
    title = "The pact of North Korea-Russia"
    assert read_article(page(f"<title>{title}</title>{section}"), URL).title == title


def test_canonical_address_of_another_host_is_not_believed():
    foreign = '<link rel="canonical" href="https://elsewhere.example/a/1">'
    assert read_article(page(foreign), URL).url == "https://news.example.kr/a/1"


def test_declared_language_wins_over_the_source_and_the_source_over_nothing():
    assert read_article(page(attributes='lang="uk-UA"'), URL, language="ru").language == "uk"
    assert read_article(page(), URL, language="ru").language == "ru"
    assert read_article(page(), URL).language is None


def test_date_without_a_clock_is_marked_as_a_day():
    article = read_article(page('<meta property="article:published_time" content="2026-11-20">'), URL)
    assert (article.published, article.day_only) == (datetime(2026, 11, 20, tzinfo=UTC), True)


def test_time_is_given_in_utc():
    article = read_article(
        page('<meta property="article:published_time" content="2026-11-20T08:00:00+09:00">'), URL
    )
    assert (article.published, article.day_only) == (datetime(2026, 11, 19, 23, tzinfo=UTC), False)


def test_header_of_the_reply_names_the_charset():
    body = page(body=f"<h1>Поезд прибыл</h1>{PARAGRAPHS}").decode().encode("koi8-r")
    assert read_article(body, URL, content_type="text/html; charset=koi8-r").title == "Поезд прибыл"


def test_text_is_composed_and_free_of_characters_that_deceive():
    first = "<p>Nai\u0308ve \x07words\u2066 first.</p>"
    body = f"<h1>Cafe\u0301 \u202eevil\u202c\u200b</h1><article>{first}{PARAGRAPHS}</article>"
    article = read_article(page("<meta charset=utf-8>", body), URL)
    assert article.title == "Café evil"
    assert article.text.startswith("Naïve words first.")


def test_emoji_families_and_persian_joiners_survive():
    title = "👨‍👩‍👧 می‌خواهم"
    assert read_article(page("<meta charset=utf-8>", f"<h1>{title}</h1>{PARAGRAPHS}"), URL).title == title


TEXT = read_article(page(), URL).text


@pytest.mark.parametrize(
    "furniture",
    [
        "<figure><figcaption>A wagon at the platform, seen from the bridge</figcaption></figure>",
        "<div class='photo-box'><img src=a><p>A wagon at the platform, seen from the bridge.</p></div>",
        "<div class='c-tooltip'><p>Whoever follows this topic finds all of its articles on one page.</p></div>",
        "<div role='dialog'><p>Whoever follows this topic finds all of its articles on one page.</p></div>",
        "<div id='comment-form'><p>Comments are the opinions of those who write them and of nobody else.</p></div>",
        "<div class='newsletter'><p>The news of the river in your letter box, every morning at seven.</p></div>",
        "<a href='/2'><div><h3>A bridge falls into the river</h3><p>It was a hundred years old.</p></div></a>",
    ],
)
def test_furniture_among_the_paragraphs_is_not_text(furniture):
    half = PARAGRAPHS.index("<p>", len(PARAGRAPHS) // 2)
    body = f"<article>{PARAGRAPHS[:half]}{furniture}{PARAGRAPHS[half:]}</article>"
    assert read_article(page(body=body), URL).text == TEXT


@pytest.mark.parametrize("name", ["has-captions", "modal share", "photo"])
def test_an_article_is_not_furniture_whatever_its_element_is_called(name):
    for body in (
        f"<h1>A train</h1>{PARAGRAPHS}",
        f"<div class='article-body'>{PARAGRAPHS}</div>",
        PARAGRAPHS,
    ):
        assert read_article(page(body=f"<div class='{name}'>{body}</div>"), URL).text == TEXT


def test_what_stands_above_and_below_an_article_is_not_text():
    above = "<p>Exclusive</p><h1>A train arrives</h1><p>Ana Ruiz | Vladivostok | 25/11/2026</p>"
    below = "<p>Read also:</p><p><a href='/2'>A bridge falls into the river at night</a></p><p>© 2026 River Post</p>"
    assert read_article(page(body=f"<article>{above}{PARAGRAPHS}{below}</article>"), URL).text == TEXT


def test_a_dated_line_that_is_a_sentence_stays():
    first = "<p>The pact was signed in the capital on 19.06.2024.</p>"
    assert read_article(page(body=f"<article>{first}{PARAGRAPHS}</article>"), URL).text.startswith("The pact")


def test_a_long_paragraph_that_is_there_twice_is_read_once():
    text = read_article(page(body=f"<article>{PARAGRAPHS}{PARAGRAPHS}</article>"), URL).text
    assert text == TEXT


LEAD = "Twenty wagons crossed the bridge at night, and nobody says what is in them, neither here nor there."


@pytest.mark.parametrize("name", ["article-lead", "story__standfirst", "sub-title", "chapo", "c-deck"])
def test_the_standfirst_is_known_by_its_name(name):
    body = f"<header><h1>A train arrives</h1><p class='{name}'>{LEAD}</p></header><article>{PARAGRAPHS}</article>"
    assert read_article(page("<title>A train arrives</title>", body), URL).text == f"{LEAD}\n{TEXT}"


def test_a_standfirst_that_begins_like_a_paragraph_is_not_lost():
    lead = "The train with twenty wagons reached the village, and nobody there says what it brought them."
    head = f'<meta name="description" content="{lead}">'
    body = f"<h1>A train arrives</h1><div>{lead}</div><article>{PARAGRAPHS}</article>"
    assert read_article(page(head, body), URL).text == f"{lead}\n{TEXT}"


def test_a_page_that_carries_its_text_in_json_ld_only_is_read_from_there():
    rows = [
        f"The train with {n} wagons reached the village on the border, where it was unloaded."
        for n in range(9)
    ]
    stated = json.dumps({"@type": "NewsArticle", "headline": "A train", "articleBody": "\n".join(rows)})
    head = f'<script type="application/ld+json">{stated}</script>'
    assert read_article(page(head, "<div id=app></div>"), URL).text == "\n".join(rows)


@pytest.mark.parametrize(
    "body", [b"", b"   ", b"no markup", b"<html></html>", b"\x00\xff\xfe", b"\x1f\x8b\x08broken"]
)
def test_page_without_title_and_text_is_reported(body):
    with pytest.raises(NoText):
        read_article(body, URL)


MARKUP = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<div class='article-body'>", "</div>", "<a href='x'>", "<h1>", "</h1>", "<article>", "<br>",
         "<script type='application/ld+json'>", "</script>",
         '{"@type":"NewsArticle","headline":[{"x":1}],"author":7}',
         "<meta property='og:title' content='&#0;&#55296;'>", "<time datetime='2026-13-45'>", "<base href='http://['>",
         "<link rel=canonical href='http://[::1'>", "<!--", "]]>", "<?xml version='1.0' encoding='klingon'?>",
         "<title>", "</title>", "<table><tr><td>", "<svg>", "<math>", "<html lang=''>", "\x00", "\ufffe", "&lt;",
         "2026"]
    )
    | st.text(max_size=40),
    max_size=30,
).map("".join)  # fmt: skip


@given(
    st.binary(max_size=300) | MARKUP.map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.text(max_size=30),
)
@settings(max_examples=150, deadline=None)
def test_no_bytes_raise_anything_but_no_text(body, content_type):
    try:
        article = read_article(body, URL, content_type=content_type)
    except NoText:
        return
    assert article.title or article.text
    assert not article.published or article.published.tzinfo is UTC
    json.dumps(dataclasses.asdict(article), default=str).encode()
    f"{article.title}{article.text}{article.author}".encode()


if __name__ == "__main__":
    for golden in PAGES:
        written = json.dumps(as_json(golden), ensure_ascii=False, indent=1)
        golden.with_suffix(".json").write_text(written + "\n", "utf-8")


@pytest.mark.parametrize("number", ["&#27;", "&#x1B;", "&#0031;", "&#8"])
def test_a_control_character_given_by_number_costs_neither_title_nor_text(number):
    page = (
        f"<html><head><title>Ferry{number} sails</title></head><body><article><h1>Ferry{number} sails</h1>"
        + "".join(
            f"<p>The ferry{number} left the port of Norwick in the morning, as it does each day {n}.</p>"
            for n in range(5)
        )
        + "</article></body></html>"
    )
    article = read_article(page.encode(), "https://a.example/1")
    assert article.title == "Ferry sails"
    assert article.text.count("The ferry left the port") == 5
