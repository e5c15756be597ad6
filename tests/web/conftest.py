"""The pages of a small history, asked in this process as a browser would ask."""

from __future__ import annotations

import asyncio
import re
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from monitor.core.alerting import Freshness, Route
from monitor.core.delivery.deliveries import Recipient
from monitor.core.matching import Matcher
from monitor.core.models import Pending
from monitor.core.searching.names import Names
from monitor.jobs.ingest import Ingestor
from monitor.packs import load_pack
from monitor.store.database import open_history
from monitor.store.history import History
from monitor.store.sources import Sources
from monitor.web.access import Access
from monitor.web.data.history import Tables
from monitor.web.site import Site
from spiders.items import Article, Entry, Kind, Source

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
HARBOUR = load_pack(ROOT / "tests" / "system" / "pack")
PASSWORD = "long enough a word"
SOURCES = (
    Source("herald", "The Herald", "https://herald.example/rss", Kind.FEED, "en", tags=("wire",)),
    Source("kurier", "Hafenkurier", "https://kurier.example/rss", Kind.FEED, "de"),
    Source("nashr", "نشرة الميناء", "https://nashr.example/rss", Kind.FEED, "ar"),
)


class Browser:
    """Keeps cookies, follows redirects only when told, and says where its requests come from."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.tables = Tables(site)
        self.app = self.tables.client.app
        self.cookies = httpx.Cookies()

    def request(self, method: str, path: str, *, host: str = "localhost", **more) -> httpx.Response:
        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, cookies=self.cookies) as client:
                answer = await client.request(method, f"http://{host}{path}", **more)
                self.cookies = client.cookies
                return answer

        return asyncio.run(asked())

    def get(self, path: str, **more) -> httpx.Response:
        more.setdefault("headers", {"accept": "text/html"})
        return self.request("GET", path, **more)

    def post(self, path: str, fields: dict[str, object], *, origin: str = "http://localhost", **more):
        return self.request(
            "POST", path, data=fields, headers={"origin": origin, "accept": "text/html"}, **more
        )

    def send(self, page: str, path: str, **fields: object) -> httpx.Response:
        """Send a form as it stands on a page: with the token that the page holds."""
        return self.post(path, {"csrftoken": self.token(page), **fields})

    def token(self, page: str) -> str:
        return re.search(r'name="csrftoken" value="([^"]+)"', self.get(page).text)[1]


@dataclass
class Press:
    """Takes in what outlets publish, as the service does."""

    path: Path
    at: datetime = NOW

    def publish(
        self, *articles: Article, source: str = "herald", every: timedelta = timedelta(minutes=1)
    ) -> None:
        with closing(open_history(self.path)) as db:
            Sources(db).sync(SOURCES, self.at)
            reader = Route("desk", (Recipient("desk", "anna"),))
            ingestor = Ingestor(History(db), Matcher([HARBOUR]), (reader,), Freshness())
            ingestor.remember(self.at)
            for article in articles:
                dated = article if article.published else replace(article, published=self.at)
                ingestor.take(Pending(Entry(article.url), source, article.language, self.at), dated, self.at)
                self.at += every


@pytest.fixture
def history(tmp_path):
    """With letters that addresses and SQLite's URIs would take for signs of theirs."""
    folder = tmp_path / "50% ?#& 역사"
    folder.mkdir()
    return folder / "tumen.db"


@pytest.fixture
def press(history):
    return Press(history)


@pytest.fixture
def site(history):
    return Site(
        history, {HARBOUR.name: HARBOUR}, names=Names([HARBOUR]), clock=lambda: NOW + timedelta(hours=6)
    )


@pytest.fixture
def browser(site):
    return Browser(site)


@pytest.fixture
def outside(site):
    """The pages as other machines reach them, which takes a password."""
    access = Access("0.0.0.0", frozenset({"news.example.org"}), PASSWORD)
    return Browser(replace(site, access=access))


@pytest.fixture
def article():
    """An article about a strike in the port of Norwick, or what is given instead."""

    def make(number: int = 1, **changes: object) -> Article:
        values = {
            "url": f"https://herald.example/{number}",
            "title": "Strike stops all work in the port of Norwick",
            "text": "800 dockers are on strike in the port of Norwick, the union said. Ferries wait.",
            "language": "en",
        }
        return Article(**(values | changes))

    return make
