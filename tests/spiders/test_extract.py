"""Pages of our own writing and what must be read from them; `python tests/spiders/test_extract.py` writes anew."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
