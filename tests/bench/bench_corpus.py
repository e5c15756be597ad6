"""How well pages, feeds and texts are understood: `python tests/bench/bench_corpus.py [pages] [feeds] [topic]`.

`tumen extract` beside trafilatura alone, looks at saved feeds beside feedparser alone, and `tumen replay` against
labels. The corpus is not part of the project: it is looked for beside the checkout, and nothing of it is kept.
"""

from __future__ import annotations

import asyncio
import importlib.util
import io
import json
import resource
import subprocess
import sys
import time
from collections import Counter
from contextlib import redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import feedparser
import trafilatura
from processes import ROOT

from monitor.crawl import LocalCrawler
from monitor.jobs.reading import preview
from spiders.items import WorkerOptions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spiders.items import CrawlReport

CORPUS = ROOT.parent / "shared" / "corpus"
TUMEN = Path(sys.executable).with_name("tumen")
TITLES, DAYS = 0.80, 64 / 66  # the least that is good enough
CRASHES = {"parser_error", "worker_lost", "deadline"}


def main(wanted: Iterable[str]) -> None:
    """Run the parts that are wanted, all by default."""
    parts = {"pages": score_pages, "feeds": score_feeds, "topic": score_topic}
    for name in tuple(wanted) or parts:
        if not (CORPUS / name).is_dir():
            _say(f"{name}: SKIPPED, there is no {CORPUS.name}/{name} beside this checkout")
            continue
        with TemporaryDirectory() as folder:
            parts[name](CORPUS / name, Path(folder))


def score_pages(corpus: Path, folder: Path) -> None:
    """Articles of saved pages."""
    index = corpus / "index.json"
    files = [corpus / page["file"] for page in json.loads(index.read_text(encoding="utf-8"))["pages"]]
    ours, seconds = _tumen(folder, "extract", *files, "--json")
    begun = time.process_time()
    alone = folder / "alone.jsonl"
    alone.write_text("".join(map(_alone, files)), encoding="utf-8")
    their_seconds = time.process_time() - begun
    scorer = _scorer("score_pages")
    _say(f"pages ({len(files)})              text F1   empty   title   same day   CPU s")
    scores = []
    for name, lines, used in (
        ("tumen extract", ours, seconds),
        ("trafilatura precise", alone, their_seconds),
    ):
        score = _quiet(scorer.main, index, lines)
        scores.append(score)
        f1, empty, title, day = (score[key] for key in ("f1", "empty", "title", "day"))
        _say(f"  {name:22}  {f1:.4f}   {empty:5}   {title:.3f}   {day:8.3f}   {used:5.1f}")
    mine, theirs = scores
    _judge("text F1 not below trafilatura alone", mine["f1"] >= theirs["f1"])
    _judge(f"title at least {TITLES:.2f}", mine["title"] >= TITLES)
    _judge(f"same day at least {DAYS:.3f}", mine["day"] >= round(DAYS, 3))
    lost = [
        Path(row["file"]).name
        for row, other in zip(_rows(ours), _rows(alone), strict=True)
        if other["text"] and not row["text"]
    ]
    _judge(f"no text lost that trafilatura alone finds {lost or ''}", not lost)


def score_feeds(corpus: Path, _: Path) -> None:
    """Entries of saved feeds and sitemaps."""
    files = sorted(file for file in corpus.iterdir() if file.suffix != ".json")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    reports = asyncio.run(_preview(files))
    seconds = _since(before)
    begun = time.process_time()
    theirs = {file: _entries(file) for file in files}
    their_seconds = time.process_time() - begun
    _say(f"\nfeeds ({len(files)})              entries   files with any   crashes   CPU s")
    failed = [report for report in reports.values() if report.reason in CRASHES]
    found = {file: len(report.entries) for file, report in reports.items()}
    for name, counts, crashes, used in (
        ("tumen sources preview", found, str(len(failed)), seconds),
        ("feedparser alone", theirs, "", their_seconds),
    ):
        _say(f"  {name:22} {sum(counts.values()):8}   {_filled(counts):14}   {crashes:>7}   {used:5.1f}")
    _judge(f"no crash {[report.detail for report in failed] or ''}", not failed)
    empty = [f"{file.name} ({reports[file].reason})" for file in files if theirs[file] and not found[file]]
    _judge(f"no empty answer where feedparser alone has entries: {len(empty)} {empty[:8]}", not empty)
    reasons = Counter(report.reason for report in reports.values() if not report.entries)
    _say(f"  without entries: {dict(reasons)}")
    fewer = [f"{file.name} {found[file]}<{theirs[file]}" for file in files if 0 < found[file] < theirs[file]]
    _say(f"  fewer than feedparser alone (same address twice, no address): {len(fewer)} {fewer[:5]}")


def score_topic(corpus: Path, folder: Path) -> None:
    """Decisions about labelled texts."""
    labelled = corpus / "articles.jsonl"
    decisions, seconds = _tumen(folder, "replay", labelled, "--json")
    score = _quiet(_scorer("score_topic").main, labelled, decisions)
    _say(f"\ntopic ({score['docs']} texts, {score['missing']} missing, {seconds:.1f} CPU s)")
    for name in ("all", "real", "implicit"):
        p, r, n, false = (score[name][key] for key in ("p", "r", "n", "fp"))
        _say(f"  {name:9} precision {p:.3f}   recall {r:.3f}   ({n} relevant, {false} false)")
    for name in ("bcubed", "cross"):
        p, r, f1 = (score[name][key] for key in ("p", "r", "f1"))
        _say(f"  {name:9} precision {p:.3f}   recall {r:.3f}   F1 {f1:.3f}")
    for name in ("stories_heard_of", "first_report_alerted", "updates_alerted", "repeats_suppressed"):
        _say(f"  {name.replace('_', ' '):22} {score[name][0]} of {score[name][1]}")
    _say(f"  {'alerts per story':22} {score['alerts_per_story']}")
    _say(
        "  by language (precision/recall): "
        + ", ".join(f"{lang} {told['p']:.2f}/{told['r']:.2f}" for lang, told in score["lang"].items())
    )


def _tumen(folder: Path, *arguments: str | Path) -> tuple[Path, float]:
    """Where the output of a command is, and its CPU seconds. It must end with 0."""
    output = folder / f"{arguments[0]}.jsonl"
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    with output.open("wb") as lines:
        subprocess.run([TUMEN, *arguments], stdout=lines, check=True, cwd=ROOT)
    return output, _since(used)


async def _preview(files: list[Path]) -> dict[Path, CrawlReport]:
    crawler = LocalCrawler(WorkerOptions())
    try:
        return {file: await preview(crawler, str(file), is_file=True) for file in files}
    finally:
        await crawler.close()


def _alone(file: Path) -> str:
    document = trafilatura.bare_extraction(file.read_bytes(), favor_precision=True, with_metadata=True)
    found = document.as_dict() if document else {}
    row = {
        "file": str(file),
        "title": found.get("title"),
        "text": found.get("text"),
        "published": found.get("date"),
    }
    return json.dumps(row) + "\n"


def _entries(file: Path) -> int:
    try:
        return len(feedparser.parse(file.read_bytes()).entries)
    except Exception as error:  # noqa: BLE001  whatever it is, it is its failure and not ours
        _say(f"  feedparser alone crashes on {file.name}: {error!r:.100}")
        return 0


def _filled(found: dict[Path, int]) -> int:
    return sum(1 for count in found.values() if count)


def _rows(lines: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]


def _scorer(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, CORPUS / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _quiet(score: Any, *files: Path) -> dict[str, Any]:
    with redirect_stdout(io.StringIO()):
        found: dict[str, Any] = score(*map(str, files))
    return found


def _since(before: resource.struct_rusage) -> float:
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    return now.ru_utime + now.ru_stime - before.ru_utime - before.ru_stime


def _judge(what: str, good: bool) -> None:
    _say(f"  {'ok  ' if good else 'MISS'} {what}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.dont_write_bytecode = True  # nothing is left beside the corpus
    main(sys.argv[1:])
