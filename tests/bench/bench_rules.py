"""What the shipped pack finds, and how fast rules are matched: `python tests/bench/bench_rules.py [quality] [speed]`.

Quality: `tumen replay` against labelled texts. Speed: articles a second on one core, beside a regular expression for
each term, and beside hyperscan as a bare scanner for the same words; each size in a process whose memory is
told. The corpus is not part of the project: it is looked for beside the checkout, and nothing of it is kept.
"""

from __future__ import annotations

import gc
import importlib.util
import io
import json
import random
import re
import resource
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import redirect_stdout
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from rule_shapes import Naive, rules_of
from table import Line, show

from monitor.core import query as q
from monitor.core.matching import Matcher
from monitor.packs import load_pack, shipped
from spiders.items import Article

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from monitor.core.topic import Pack

ROOT = Path(__file__).resolve().parents[2]
TOPIC = ROOT.parent / "shared" / "corpus" / "topic"
PACK = "dprk-russia"
LENGTH = 4_600  # characters of a text, as long as an article of a news site
TEXTS = 200
SIZES = (1_000, 10_000, 50_000)
NAIVE_TEXTS = 5  # a regular expression for each term takes seconds for each of them
FEW = 20  # relevant texts of a language under which one miss and one false alarm are allowed


def main(wanted: Sequence[str]) -> int:
    """Run the parts that are wanted, both by default; 1 if a line misses what is wanted."""
    if wanted[:1] == ["size"]:
        print(json.dumps(measure(rules_of(int(wanted[1]), texts()) if wanted[1].isdigit() else pack())))
        return 0
    if not TOPIC.is_dir():
        print(f"SKIPPED: there is no {TOPIC.parent.name}/{TOPIC.name} beside this checkout")
        return 0
    parts: dict[str, Callable[[], list[Line]]] = {"quality": quality, "speed": speed}
    return show([line for name in wanted or parts for line in parts[name]()])


def quality() -> list[Line]:
    """Precision and recall, without borderline texts."""
    labelled = TOPIC / "articles.jsonl"
    with TemporaryDirectory() as folder:
        decided = Path(folder) / "decided.jsonl"
        tumen = Path(sys.executable).with_name("tumen")
        with decided.open("wb") as lines:
            subprocess.run([tumen, "replay", labelled, "--json"], stdout=lines, check=True, cwd=ROOT)
        score = scorer()(str(labelled), str(decided))
    every, implicit = score["all"], score["implicit"]
    found = [
        Line(
            f"{PACK}: precision and recall, {every['n']} relevant texts",
            f"{every['p']:.3f} / {every['r']:.3f}",
            ">= 0.970 / 0.970",
            ok=every["p"] >= 0.97 and every["r"] >= 0.97,
        )
    ]
    for language, told in sorted(score["lang"].items(), key=lambda one: -one[1]["n"]):
        missed = round(told["n"] * (1 - told["r"]))
        few = told["n"] < FEW
        ok = (told["p"] >= 0.95 and told["r"] >= 0.95) or (few and missed <= 1 and told["fp"] <= 1)
        found.append(
            Line(
                f"  {language}",
                f"{told['p']:.3f} / {told['r']:.3f}   {told['fp']} false, {missed} missed of {told['n']}",
                ">= 0.950 / 0.950" + (", or at most one each" if few else ""),
                ok=ok,
            )
        )
    found.append(Line("  tag implicit: recall", f"{implicit['r']:.3f}", ">= 0.800", ok=implicit["r"] >= 0.8))
    easy = score["easy_false_per_1000"]
    found.append(Line("  false among easy negatives, per 1,000", f"{easy:g}", "0", ok=easy == 0))
    return found


def scorer() -> Callable[[str, str], dict[str, Any]]:
    """The corpus' own scorer, without what it prints."""
    spec = importlib.util.spec_from_file_location("score_topic", TOPIC.parent / "score_topic.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def score(labelled: str, decided: str) -> dict[str, Any]:
        with redirect_stdout(io.StringIO()):
            return module.main(labelled, decided)

    return score


def speed() -> list[Line]:
    """Articles a second by number of rules."""
    ours = alone(PACK)
    naive = naive_rate(pack())
    found = [
        Line(
            f"{PACK} ({ours['terms']:,} terms): articles a second",
            f"{ours['rate']:,.0f}   {ours['rate'] / naive:,.0f} times naive re ({naive:.2f})",
            ">= 5 times; 4,000 as orientation",
            ok=ours["rate"] >= 5 * naive,
        )
    ]
    for size in SIZES:
        ours = alone(str(size))
        told = f"{ours['rate']:,.0f}   p50 {ours['p50']:.2f} ms, p99 {ours['p99']:.2f} ms"
        wanted, ok = {10_000: "1,000 as orientation", 50_000: "400 as orientation"}.get(size, ""), None
        if size == 10_000:
            rules = rules_of(size, texts())
            naive = naive_rate(rules)
            found.append(
                Line(
                    "10,000 rules beside naive re",
                    f"{ours['rate'] / naive:,.0f} times ({naive:.3f} articles a second)",
                    ">= 3,000 times",
                    ok=ours["rate"] >= 3_000 * naive,
                )
            )
            if (scanned := hyperscan_rate(rules)) is not None:
                found.append(
                    Line(
                        "  hyperscan for their words alone, without boundaries",
                        f"{scanned:,.0f} articles a second",
                    )
                )
        found.append(Line(f"{size:,} rules ({ours['terms']:,} words): articles a second", told, wanted, ok))
        wanted = "10 s, 600 MB as orientation" if size == 50_000 else ""
        found.append(Line("  built in", f"{ours['built']:.1f} s, {ours['memory']:.0f} MB", wanted))
    return found


def alone(what: str) -> dict[str, float]:
    """The measurements of a pack, in a process of its own."""
    run = subprocess.run(
        [sys.executable, __file__, "size", what], capture_output=True, check=True, cwd=ROOT, text=True
    )
    measured: dict[str, float] = json.loads(run.stdout)
    return measured


def measure(rules: Pack) -> dict[str, float]:
    """How long building and matching take, in CPU seconds, and the memory of the whole process."""
    begun = time.process_time()
    matcher = Matcher([rules])
    built = time.process_time() - begun
    articles = [Article("", "", text) for text in texts()]
    gc.collect()
    gc.freeze()  # as the service does: what lives as long as it need not be looked through for garbage
    times = []
    for _ in range(3):
        for article in articles:
            begun = time.process_time()
            matcher.matches(matcher.read(article))
            times.append(time.process_time() - begun)
    times = sorted(times[len(articles) :])  # the first round compiles what is met for the first time
    return {
        "built": built,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "rate": len(times) / sum(times),
        "p50": 1000 * median(times),
        "p99": 1000 * times[int(len(times) * 0.99)],
        "terms": len(words_of(rules)),
    }


def naive_rate(rules: Pack) -> float:
    """Articles a second with a regular expression for each term."""
    naive = Naive(rules)
    begun = time.process_time()
    for text in texts()[:NAIVE_TEXTS]:
        naive.matches(text)
    return NAIVE_TEXTS / (time.process_time() - begun)


def hyperscan_rate(rules: Pack) -> float | None:
    """Articles a second with hyperscan looking for the rules' words, or None if it is not installed."""
    try:
        import hyperscan  # noqa: PLC0415  there are no wheels for every machine
    except ImportError:
        return None
    words = [re.escape(word).encode() for word in words_of(rules)]
    database = hyperscan.Database()
    flags = hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_UCP
    database.compile(words, ids=list(range(len(words))), flags=[flags] * len(words))
    encoded = [text.encode() for text in texts()]
    begun = time.process_time()
    for text in encoded:
        database.scan(text, match_event_handler=lambda *_: None)
    return len(encoded) / (time.process_time() - begun)


def words_of(rules: Pack) -> list[str]:
    """Every word or name of the pack, once."""
    named = (term.text for concept in rules.concepts.values() for term in concept.terms)
    asked = (term.text for rule in rules.rules for term in q.words(rule.query))
    return list(dict.fromkeys((*named, *asked)))


def pack() -> Pack:
    """The shipped pack."""
    return load_pack(shipped(PACK))


def texts() -> list[str]:
    """Texts as long as articles, of many languages: neighbours in the corpus, joined."""
    by_language = defaultdict(list)
    with (TOPIC / "articles.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            by_language[row["lang"]].append(f"{row['title'] or ''}. {row['text'] or ''}")
    found = []
    for joined in map("\n".join, by_language.values()):
        found += [joined[start : start + LENGTH] for start in range(0, len(joined) - LENGTH, LENGTH)]
    random.Random(1).shuffle(found)
    return found[:TEXTS]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
