from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.core.delivery.deliveries import Recipient
from monitor.core.models import AlertKind, AlertPlan, Ingest, Match, Reason
from monitor.core.statements import Evidence, Fact, FactKind, Field, Novelty
from monitor.core.topic import Severity
from monitor.store import database
from monitor.store.database import Database
from monitor.store.history import History
from monitor.store.sources import Sources
from spiders.items import Article, CrawlReport, Entry, Kind, Outcome, Source, Validators


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 25, 6, 30, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "geschichte 역사.db"


@pytest.fixture
def db(path: Path) -> Iterator[Database]:
    """A history on disk that gives up at once if somebody else holds it."""
    opened = database.open_history(path, busy=0.0)
    yield opened
    opened.close()


@pytest.fixture
def source() -> Callable[..., Source]:
    def make(name: str = "yonhap-ko", **changes: object) -> Source:
        values = {
            "title": "연합뉴스",
            "url": f"https://{name}.example/rss",
            "kind": Kind.FEED,
            "language": "ko",
            "country": "KR",
            "tags": ("wire", "통신"),
            "weight": 5,
        }
        return Source(name=name, **(values | changes))

    return make


@pytest.fixture
def look(now: datetime) -> Callable[..., CrawlReport]:
    """The report of a good look that found these addresses, each published an hour before the next."""

    def make(*urls: str, **changes: object) -> CrawlReport:
        entries = tuple(
            Entry(url, title=f"제목 {number}", published=now - timedelta(hours=len(urls) - number))
            for number, url in enumerate(urls)
        )
        values = {
            "outcome": Outcome.OK,
            "entries": entries,
            "status": 200,
            "validators": Validators('"e1"', "Wed, 25 Nov 2026 06:00:00 GMT"),
            "size": 4711,
            "seconds": 0.25,
        }
        return CrawlReport("look", **(values | changes))

    return make


@pytest.fixture
def ingest(now: datetime) -> Callable[..., Ingest]:
    """An article on topic that alerts two receivers, with evidence and one new figure."""

    def make(number: int = 1, **changes: object) -> Ingest:
        url = f"https://yonhap-ko.example/{number}"
        title, text = (
            "북한군 1만2천명 러시아 파병",
            f"국정원은 북한군이 쿠르스크에 있다고 밝혔다. 🪖 {number}",
        )
        words = Evidence(Field.TITLE, 0, 3, "북한군", "dprk-troops")
        figure = Fact(
            FactKind.FIGURE, "soldiers", 12_000.0, Evidence(Field.TITLE, 4, 9, "1만2천명", "soldiers")
        )
        stance = Fact(FactKind.STANCE, "says", None, Evidence(Field.BODY, 22, 26, "밝혔다", "says"), by="nis")
        plan = AlertPlan(
            AlertKind.NEW,
            Reason.NEW_STORY,
            (Novelty(figure, before=10_000.0),),
            (Recipient("mail", "anna"), Recipient("chat", "room")),
        )
        values = {
            "entry": url,
            "source": "yonhap-ko",
            "article": Article(url, title, text, "ko", now - timedelta(minutes=5), "김기자"),
            "read_at": now,
            "reason": Reason.NEW_STORY,
            "matches": (Match("dprk-russia", "0123456789ab", "troops", Severity.URGENT, 3.5, (words,)),),
            "facts": (figure, stance),
            "alerts": (plan,),
            "expires": now + timedelta(hours=48),
        }
        return Ingest(**(values | changes))

    return make


@pytest.fixture
def stocked(db: Database, now: datetime, source, look, ingest) -> Database:
    """A history with two sources, three entries to read, and one article whose alert waits for two receivers."""
    sources = Sources(db)
    sources.sync([source(), source("tass-ru", title="ТАСС", language="ru")], now)
    urls = [f"https://yonhap-ko.example/{number}" for number in (1, 2, 3, 4)]
    sources.save_look(
        "yonhap-ko", look(*urls), next_due=now + timedelta(minutes=5), now=now, baseline_before=None
    )
    History(db).ingest(ingest(1))
    return db


@pytest.fixture
def contents() -> Callable[[Database], str]:
    """Everything that a history holds, as text."""

    def dump(db: Database) -> str:
        # The index of words cannot be read row by row: its own tables say what it holds.
        tables = sorted({*db.table_names()} - {"search"})
        return "\n".join(
            str(row) for table in tables for row in (table, *db.query(f"SELECT * FROM [{table}]"))
        )

    return dump


@pytest.fixture
def off_topic(ingest: Callable[..., Ingest]) -> Callable[..., Ingest]:
    """An article that no rule matched."""

    def make(number=1, **changes):
        text = f"오늘의 날씨는 맑음. Погода {number} 🌤 " + "weather " * 50
        values = {
            "article": Article(f"https://yonhap-ko.example/{number}", f"날씨 {number}", text, "ko"),
            "reason": Reason.NO_RULE_MATCHED,
            "matches": (),
            "facts": (),
            "alerts": (),
        }
        return ingest(number, **(values | changes))

    return make


@pytest.fixture
def declared(db, source, now):
    """A history with a source."""
    Sources(db).sync([source(), source("tass-ru")], now)
    return db
