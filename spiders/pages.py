"""The Scrapy spiders, for whoever wants to read the web without the monitor.

    SCRAPY_SETTINGS_MODULE=spiders.settings scrapy crawl feed -a url=https://example.org/rss.xml -O articles.jsonl

`feed`, `sitemap` and `section` look at one source and read the articles it names, or with `-a articles=0` give its
entries only; `pages` reads the pages it is given. They yield the values of `spiders.items`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Request, Spider

from spiders.errors import NotASource, NoText
from spiders.extract import read_article
from spiders.items import Article, Entry, Kind
from spiders.sources import read_source

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from scrapy.http import Response


CHILDREN = 3  # sitemaps of an index that are followed: the newest; the others are archives


class PagesSpider(Spider):
    """Reads the articles on given pages: `-a urls="https://… https://…"`."""

    name = "pages"

    def __init__(self, urls: str = "", language: str | None = None, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.urls = urls.split()
        self.language = language

    async def start(self) -> AsyncIterator[Any]:
        """Ask for each page."""
        if not self.urls:
            self.logger.error("nothing to read: say -a urls=ADDRESS, several separated by spaces")
        for url in self.urls:
            yield Request(url, callback=self.read)

    def read(self, response: Response) -> Iterator[Article]:
        """The article on a page, if there is one."""
        try:
            yield read_article(
                response.body, response.url, language=self.language, content_type=_content_type(response)
            )
        except NoText as error:
            self.logger.warning("%s: %s", response.url, error.detail)


class _SourceSpider(PagesSpider):
    """Looks at one source and, unless `articles=0`, reads what it names. At most `limit` entries are followed."""

    name = ""
    kind: ClassVar[Kind]

    def __init__(
        self,
        url: str = "",
        links: str | None = None,
        articles: str = "1",
        limit: str = "1000",
        **arguments: Any,
    ) -> None:
        super().__init__(urls=url, **arguments)
        self.links = links
        self.articles = articles not in ("0", "no", "false")
        self.limit = int(limit)

    async def start(self) -> AsyncIterator[Any]:
        """Ask for the source."""
        if not self.urls:
            self.logger.error("nothing to look at: say -a url=ADDRESS")
        for url in self.urls:
            yield Request(url, callback=self.look)

    def look(self, response: Response) -> Iterator[Request | Entry]:
        """What the source names: further sitemaps of an index, entries, or requests for their articles."""
        try:
            seen = read_source(
                response.body,
                response.url,
                self.kind,
                links=self.links,
                content_type=_content_type(response),
                limit=self.limit,
            )
        except NotASource as error:
            self.logger.warning("%s: %s", response.url, error.detail)
            return
        for child in seen.children[:CHILDREN]:
            yield response.follow(child, callback=self.look)
        for entry in seen.entries:
            yield Request(entry.url, callback=self.read) if self.articles else entry


class FeedSpider(_SourceSpider):
    """Reads an RSS, Atom or RDF feed: `-a url=…`."""

    name = "feed"
    kind = Kind.FEED


class SitemapSpider(_SourceSpider):
    """Reads a news sitemap or an index of them: `-a url=…`."""

    name = "sitemap"
    kind = Kind.SITEMAP


class SectionSpider(_SourceSpider):
    """Reads a page of links: `-a url=…`, and `-a links=…` for which links are articles."""

    name = "section"
    kind = Kind.SECTION


def _content_type(response: Response) -> str:
    return (response.headers.get("Content-Type") or b"").decode("latin-1")
