"""How well saved pages and feeds are read: `python tests/bench/bench_extract.py`; 1 if a goal is missed.

Pages: the readers of articles, each on the same bytes in one process, scored by the corpus' own scorer; CPU is that
of the second reading, when everything is imported and compiled. newspaper4k reads without the splitters of words that
it wants for Arabic, Japanese, Thai and a few more languages, for they want data from the network. Feeds: `sources
preview` through the crawl worker, beside feedparser alone. The corpus is not part of the project: it is looked for
beside the checkout, and nothing of it is kept.
"""

from __future__ import annotations

import asyncio
import importlib.util
import io
import json
import logging
import random
import re
import sys
import time
import warnings
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import feedparser
import trafilatura
from processes import ROOT
from table import Line, show
from w3lib.encoding import resolve_encoding

from monitor.crawl import LocalCrawler
from monitor.jobs.reading import preview
from spiders.decoding import decode, unpack
from spiders.errors import NoText
from spiders.extract import read_article
from spiders.feed import read_feed
from spiders.items import WorkerOptions
from spiders.sitemap import read_sitemap

if TYPE_CHECKING:
    from collections.abc import Callable

    from spiders.items import CrawlReport, Entry

    Reader = Callable[[bytes, str], dict[str, str | None]]

CORPUS = ROOT.parent / "shared" / "corpus"
CRASHES = {"parser_error", "worker_lost", "deadline"}
_CHARSET = re.compile(r"derived__[a-z]{2}_(.+?)(?:_lies-utf8|_undeclared)?\.xml")
NOWHERE = "https://unknown.example/"


@dataclass(frozen=True)
class Score:
    """What the corpus' scorer says about one reader; `halves` are the text F1 of two random halves of the pages."""

    f1: float
    halves: tuple[float, float]
    empty: int
    title: float
    day: float
    cpu: float

    def told(self) -> str:
        halves = " ".join(f"{half:.3f}" for half in self.halves)
        return f"{self.f1:.4f} ({halves})  {self.empty:2}  {self.title:.3f}  {self.day:.3f}  {self.cpu:5.1f}"


def main() -> int:
    """Print the table; 1 if a goal is missed."""
    if not CORPUS.is_dir():
        print(f"SKIPPED: there is no shared/{CORPUS.name} beside this checkout")
        return 0
    warnings.simplefilter("ignore")  # what other readers say of their own parts, and of pages without a text
    logging.disable()
    return show([*page_lines(CORPUS / "pages"), *feed_lines(CORPUS / "feeds")])


def page_lines(corpus: Path) -> list[Line]:
    """The readers of articles, beside each other."""
    pages = json.loads((corpus / "index.json").read_text(encoding="utf-8"))["pages"]
    readers: dict[str, Reader] = {"tumen": read_ours, "trafilatura (precise)": read_trafilatura}
    if importlib.util.find_spec("newspaper"):
        readers["newspaper4k"] = read_newspaper
    readers["readability-lxml"] = read_readability
    scores = {name: _score(reader, corpus, pages) for name, reader in readers.items()}
    ours, theirs = scores["tumen"], scores["trafilatura (precise)"]
    days = sum(1 for page in pages if page.get("date"))
    wanted = [
        Line("text F1", f"{ours.f1:.4f}", f">= 0.955 and {theirs.f1:.4f} + 0.01",
             ours.f1 >= max(0.955, theirs.f1 + 0.01)),
        Line("pages without a text", f"{ours.empty}", "0", ours.empty == 0),
        Line("strict title", f"{ours.title:.3f}", ">= 0.880", ours.title >= 0.88),
        Line("same day", f"{round(ours.day * days)} of {days}", f">= {days - 1}",
             round(ours.day * days) >= days - 1),
        Line("CPU beside trafilatura", f"{ours.cpu / theirs.cpu:.2f} x", "<= 1.20 x", ours.cpu <= 1.2 * theirs.cpu),
    ]  # fmt: skip
    head = Line(f"{len(pages)} pages", "F1     (halves)      empty title  day    CPU s")
    return [head, *(Line(f"  {name}", score.told()) for name, score in scores.items()), *wanted]


def read_ours(body: bytes, url: str) -> dict[str, str | None]:
    try:
        article = read_article(body, url)
    except NoText:
        return {}
    published = article.published.isoformat() if article.published else None
    return {"title": article.title, "text": article.text, "published": published}


def read_trafilatura(body: bytes, url: str) -> dict[str, str | None]:
    document = trafilatura.bare_extraction(body, url=url, favor_precision=True, with_metadata=True)
    found = document.as_dict() if document else {}
    return {"title": found.get("title"), "text": found.get("text"), "published": found.get("date")}


def read_newspaper(body: bytes, url: str) -> dict[str, str | None]:
    import newspaper  # noqa: PLC0415  not everybody has it: `make bench-extract` adds it

    article = newspaper.Article(url, fetch_images=False)
    with suppress(newspaper.ArticleException, ImportError):
        article.download(input_html=decode(body))
        article.parse()
    published = article.publish_date.isoformat() if article.publish_date else None
    return {"title": article.title, "text": article.text, "published": published}


def read_readability(body: bytes, url: str) -> dict[str, str | None]:
    from lxml import etree, html  # noqa: PLC0415  with it
    from readability import Document  # noqa: PLC0415  an extra of benchmarks

    document = Document(decode(body), url=url)
    try:
        text = "\n".join(html.fromstring(document.summary()).itertext())
    except (etree.LxmlError, ValueError):  # what it says of a page without markup
        return {}
    return {"title": document.short_title(), "text": text, "published": None}


def _score(reader: Reader, corpus: Path, pages: list[dict[str, Any]]) -> Score:
    bodies = {page["file"]: ((corpus / page["file"]).read_bytes(), page["url"] or NOWHERE) for page in pages}
    for body, url in bodies.values():
        reader(body, url)
    begun = time.process_time()
    rows = {file: reader(body, url) for file, (body, url) in bodies.items()}
    cpu = time.process_time() - begun
    mixed = random.Random(13).sample(pages, len(pages))
    whole, *halves = (_judged(part, rows) for part in (pages, mixed[::2], mixed[1::2]))
    f1s = (halves[0]["f1"], halves[1]["f1"])
    return Score(whole["f1"], f1s, whole["empty"], whole["title"], whole["day"], cpu)


def _judged(pages: list[dict[str, Any]], rows: dict[str, dict[str, str | None]]) -> dict[str, Any]:
    spec = importlib.util.spec_from_file_location("score_pages", CORPUS / "score_pages.py")
    assert spec
    assert spec.loader
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    with TemporaryDirectory() as folder, redirect_stdout(io.StringIO()):
        index, lines = Path(folder, "index.json"), Path(folder, "lines.jsonl")
        index.write_text(json.dumps({"pages": pages}), encoding="utf-8")
        lines.write_text(
            "".join(json.dumps({"file": file, **row}) + "\n" for file, row in rows.items()), "utf-8"
        )
        score: dict[str, Any] = scorer.main(index, lines)
    return score


def feed_lines(corpus: Path) -> list[Line]:
    """What `sources preview` finds in saved feeds and sitemaps, and whether their characters are right."""
    files = sorted(file for file in corpus.iterdir() if file.suffix != ".json")
    reports = asyncio.run(_preview(files))
    theirs = {file: _entries(file) for file in files}
    crashed = [file.name for file in files if reports[file].reason in CRASHES]
    blind = [file.name for file in files if theirs[file] and not reports[file].entries]
    derived = [file for file in files if file.name.startswith("derived__")]
    wrong = [file.name for file in derived if not _is_right(file, reports[file].entries)]
    filled = sum(1 for report in reports.values() if report.entries)
    wanted = {
        "without entries, though feedparser has some": blind,
        "crashes": crashed,
        f"wrong characters in {len(derived)} of all charsets": wrong,
    }
    head = Line(f"{len(files)} feeds and sitemaps", f"{filled} with entries")
    return [
        head,
        *(
            Line(f"  {what}", f"{len(names)} {names[:3] or ''}", "0", not names)
            for what, names in wanted.items()
        ),
    ]


async def _preview(files: list[Path]) -> dict[Path, CrawlReport]:
    crawler = LocalCrawler(WorkerOptions())
    try:
        return {file: await preview(crawler, str(file), is_file=True) for file in files}
    finally:
        await crawler.close()


def _is_right(file: Path, entries: tuple[Entry, ...]) -> bool:
    """Whether the entries are those of the file in UTF-8; its name tells its charset, whatever the file says."""
    named = _CHARSET.match(file.name)
    charset = resolve_encoding(named[1] if named else "utf-8") or "utf-8"  # as browsers understand its name
    text = unpack(file.read_bytes()).decode(charset, "ignore").encode()
    read = read_sitemap(text, NOWHERE).entries if "sitemap" in file.name else read_feed(text, NOWHERE)
    return [entry.title for entry in entries] == [entry.title for entry in read] and bool(entries)


def _entries(file: Path) -> int:
    try:
        return len(feedparser.parse(file.read_bytes()).entries)
    except Exception:  # noqa: BLE001  whatever it is, it is its failure and not ours
        return 0


if __name__ == "__main__":
    sys.dont_write_bytecode = True  # nothing is left beside the corpus
    sys.exit(main())
