"""The pages are hard enough to be real and clean enough to be read: the crawler gets back what was written."""

import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from monitor.demo.script import load, outlets
from spiders.extract import read_article
from spiders.items import Kind
from spiders.sources import read_source


def get(url):
    with urllib.request.urlopen(url, timeout=10) as response:
        return response.read(), response.headers["Content-Type"]


def words(text):
    return text.split()


@pytest.fixture
def pages(newsroom, clock):
    """Every article with its page, as served at the end of the demonstration."""
    clock.set_to(42)
    with ThreadPoolExecutor(8) as pool:
        return list(zip(load(), pool.map(get, map(newsroom.url, load())), strict=True))


def test_every_page_reads_as_the_article_that_was_written(pages, newsroom):
    for article, (body, content_type) in pages:
        url = newsroom.url(article)
        read = read_article(body, url, content_type=content_type)
        assert words(read.title) == words(article.title), article.id
        assert words(read.text) == words(article.text), article.id
        assert (read.language, read.author) == (article.language, article.author), article.id
        assert (read.published, read.day_only) == (newsroom.published_at(url), False), article.id
        assert read.url == url


def test_every_page_carries_what_is_no_part_of_the_article(pages):
    words_around = {outlet.name: (outlet.words, outlet.charset) for outlet in outlets()}
    for article, (body, _) in pages:
        around, charset = words_around[article.outlet]
        page = body.decode(charset)
        assert all(around[key] in page for key in ("related", "advert", "cookies", "share", "rights"))


def test_every_listing_reads_as_the_source_that_it_is_declared_to_be(newsroom, clock):
    clock.set_to(42)
    for source in newsroom.sources():
        body, content_type = get(source.url)
        seen = read_source(body, source.url, source.kind, links=source.links, content_type=content_type)
        if source.kind is Kind.SITEMAP:
            (child,) = seen.children
            body, content_type = get(child)
            seen = read_source(body, child, source.kind, content_type=content_type)
        published = [article for article in reversed(load()) if article.outlet == source.name]
        assert [newsroom.article(entry.url) for entry in seen.entries] == published, source.name
        assert [words(entry.title) for entry in seen.entries] == [words(a.title) for a in published]
        if source.kind is not Kind.SECTION:
            times = [newsroom.published_at(entry.url) for entry in seen.entries]
            assert [entry.published for entry in seen.entries] == times
