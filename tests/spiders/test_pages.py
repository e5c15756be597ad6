"""The Scrapy project as a person uses it, against a server on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.programs import SCRAPY

PARAGRAPHS = "".join(
    f"<p>The train with {n} wagons reached the village on the border in the night and was unloaded.</p>"
    for n in ("twenty", "thirty", "forty", "fifty")
)
SITE = {
    "rss.xml": "<rss><channel><item><title>One</title><link>/2026/11/25/one-of-the-trains.html</link></item>"
    "<item><title>Gone</title><link>/gone.html</link></item></channel></rss>",
    "index.xml": "<sitemapindex><sitemap><loc>/news.xml</loc></sitemap></sitemapindex>",
    "news.xml": "<urlset><url><loc>/2026/11/25/one-of-the-trains.html</loc></url></urlset>",
    "front.html": "<html><body><a href='/2026/11/25/one-of-the-trains.html'>One of the trains</a></body></html>",
    "2026/11/25/one-of-the-trains.html": f"<html><body><h1>One</h1>{PARAGRAPHS}</body></html>",
}


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    for name, text in SITE.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def scrapy(*arguments):
    environment = {**os.environ, "SCRAPY_SETTINGS_MODULE": "spiders.settings"}
    return subprocess.run(
        [*SCRAPY, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=90,
        check=True,
    ).stdout


def crawl(site, spider, *arguments):
    settings = {
        "TUMEN_ALLOW_PRIVATE": site.partition("//")[2],
        "DOWNLOAD_DELAY": "0.01",
    }
    options = [part for key, value in settings.items() for part in ("-s", f"{key}={value}")]
    output = scrapy(
        "crawl", spider, "-O", "-:jsonlines", *options, *(part for a in arguments for part in ("-a", a))
    )
    return [json.loads(row) for row in output.splitlines()]


def test_scrapy_lists_the_spiders():
    assert {"feed", "pages", "section", "sitemap"} <= set(scrapy("list").split())


@pytest.mark.parametrize(
    ("spider", "page"), [("feed", "rss.xml"), ("sitemap", "index.xml"), ("section", "front.html")]
)
def test_spider_follows_its_source_to_the_articles(site, spider, page):
    (article,) = crawl(site, spider, f"url={site}/{page}", "language=en")
    assert (article["title"], article["language"]) == ("One", "en")
    assert article["url"] == f"{site}/2026/11/25/one-of-the-trains.html"
    assert article["text"].count("\n") == 3


def test_entries_alone_are_given_on_request(site):
    assert [entry["title"] for entry in crawl(site, "feed", f"url={site}/rss.xml", "articles=0")] == [
        "One",
        "Gone",
    ]


def test_pages_reads_the_addresses_it_is_given(site):
    assert len(crawl(site, "pages", f"urls={site}/2026/11/25/one-of-the-trains.html {site}/gone.html")) == 1
