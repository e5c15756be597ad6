"""What it costs to write a page down as it was fetched: CPU of the worker, bytes on the disk, and time to verify all.

Pages are made of words and markup, 100 kB in a browser; they come packed, as nearly all do, or plain.
"""

from __future__ import annotations

import gzip
import random
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time

from monitor.store.capture_files import sha256_of
from monitor.store.warc import payload_of
from spiders.captures import CaptureOptions
from spiders.capturing import capture
from spiders.fetch import Exchange
from tests.bench.table import Line, show

AT = datetime(2026, 11, 26, 7, 12, tzinfo=UTC)
SIZE = 100_000  # bytes of a page
PAGES, ROUNDS = 20, 5
MOST = 2.0  # ms of a worker for a page
WORDS = [
    "soldiers",
    "arrived",
    "border",
    "officials",
    "said",
    "numbers",
    "given",
    "reporters",
    "Seoul",
    "Moscow",
    "Pyongyang",
    "statement",
    "minister",
    "units",
    "training",
    "east",
    "front",
    "ammunition",
    "shipment",
    "railway",
    "crossing",
    "satellite",
    "images",
    "analysts",
    "expected",
    "talks",
    "sanctions",
]


def page(chance: random.Random) -> bytes:
    parts = ["<!doctype html><html lang=en><head><title>A page</title></head><body>"]
    size = 0
    while size < SIZE:
        words = " ".join(
            f"{chance.choice(WORDS)}{chance.choice(('', '', ',', chance.randrange(99)))}" for _ in range(30)
        )
        parts.append(
            f'<div class="block-{chance.randrange(9)}" data-id="{chance.randrange(10**8)}"><p>{words}.</p></div>\n'
        )
        size += len(parts[-1])
    return "".join(parts).encode()


def exchange(body: bytes, *, packed: bool) -> Exchange:
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Server", "nginx"),
        ("Cache-Control", "max-age=60"),
    ]
    if packed:
        headers.append(("Content-Encoding", "gzip"))
    asked = (("User-Agent", "Tumen"), ("Accept", "*/*"), ("Accept-Encoding", "gzip, deflate, br"))
    body = gzip.compress(body, 6) if packed else body
    return Exchange(AT, "https://a.example/news/1", asked, (), 200, "HTTP/1.1", tuple(headers), body)


def measure(spool: Path, pages: list[bytes], level: int, *, packed: bool) -> Line:
    options = CaptureOptions(str(spool), level, reserve=0)
    cost, size, names = 0.0, 0, []
    for body in pages:
        one = exchange(body, packed=packed)
        times = []
        for _ in range(ROUNDS):
            begun = process_time()
            kept = capture([one], options)
            times.append(process_time() - begun)
            names.append(kept.name)
        cost += min(times)  # the others tell what else the machine did
        size += kept.size
    begun = perf_counter()
    for name in names:
        sha256_of(spool / name)
        payload_of(spool / name)
    verified = len(names) / (perf_counter() - begun)
    for name in names:
        (spool / name).unlink()
    spent, is_default = 1000 * cost / len(pages), level == CaptureOptions("").level
    return Line(
        f"level {level}, {'packed' if packed else 'plain'} page",
        f"{spent:.2f} ms CPU, {size / len(pages) / 1000:.1f} kB, {verified:,.0f} verified a second",
        f"at most {MOST:g} ms" if is_default else "",
        spent <= MOST if is_default else None,
    )


def main() -> int:
    chance = random.Random(1)
    pages = [page(chance) for _ in range(PAGES)]
    with tempfile.TemporaryDirectory() as folder:
        rows = [
            measure(Path(folder), pages, level, packed=packed)
            for level in (1, 3, 6, 9)
            for packed in (True, False)
        ]
    print(f"{PAGES} pages of {SIZE / 1000:.0f} kB")
    return show(rows)


if __name__ == "__main__":
    sys.exit(main())
