"""Feeds and pages of the evaluation corpus, changed as a hostile or broken server would.

Bytes are lost, repeated, exchanged, documents cut and grafted onto each other, a piece stands there thousands of
times. Each is handed to the readers, in a process that may use half a minute of a processor for it. Every document
ends as entries, as an article, or as one reason; whatever else happens is kept and listed.
"""

from __future__ import annotations

import os
import random
import resource
import time
from collections import Counter
from pathlib import Path
from tempfile import mkdtemp

from spiders.errors import NotASource, NoText
from spiders.extract import read_article
from spiders.items import Kind
from spiders.sources import read_source

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"
SECONDS = 30  # of a processor, for one document
AT_ONCE = 50  # documents for one process
MARKS = (b"<", b">", b"&", b"]]>", b"<!--", b'"', b"'", b"\0", b"<![CDATA[", b"\n", b" ")
URL = "https://news.example/a"


def mutated(body: bytes, others: list[Path], chance: random.Random) -> bytes:
    """The document after a few accidents."""
    for _ in range(chance.randint(1, 8)):
        at, length = chance.randrange(len(body) or 1), int(chance.paretovariate(0.5)) % 5000
        head, piece, tail = body[:at], body[at : at + length], body[at + length :]
        accident = chance.choice(("lost", "twice", "noise", "cut", "graft", "repeated", "exchanged", "marks"))
        if accident == "twice":
            piece *= 2
        elif accident == "noise":
            piece = chance.randbytes(min(length, 200))
        elif accident == "graft":
            piece = chance.choice(others).read_bytes()[at : at + length * 10]
        elif accident == "repeated":
            piece = piece[:60] * (chance.randint(1, 400_000) // 60)
        elif accident == "exchanged":
            piece = bytes(chance.choice((byte, byte ^ (1 << chance.randrange(8)))) for byte in piece[:500])
        elif accident == "marks":
            piece = chance.choice(MARKS) * (length + 1) + piece
        body = (
            head + (piece if accident not in {"lost", "cut"} else b"") + (tail if accident != "cut" else b"")
        )
    return body


def read(body: bytes, kind: Kind | None, *, page: bool) -> str:
    """What comes of a document, in a word."""
    try:
        if page:
            read_article(body, URL)
            return "article"
        return read_source(body, URL, kind).kind
    except NotASource as error:
        return error.reason
    except NoText:
        return "no_text"


def batch(seed: int, kept: Path) -> None:
    """Read documents made from a seed; the one in hand lies in a file until it has ended well."""
    chance = random.Random(seed)
    files = [path for path in (CORPUS / "feeds").iterdir() if path.suffix != ".json"]
    pages = [path for path in (CORPUS / "pages" / "html").rglob("*") if path.is_file()]
    for number in range(AT_ONCE):
        page = chance.random() < 0.5
        path = chance.choice(pages if page else files)
        body = mutated(path.read_bytes(), files + pages, chance)
        kind = chance.choice([*Kind, None])
        document = kept / f"{seed}-{number}-{'page' if page else kind}"
        document.write_bytes(body)
        used = resource.getrusage(resource.RUSAGE_SELF)
        spent = int(used.ru_utime + used.ru_stime)
        resource.setrlimit(resource.RLIMIT_CPU, (spent + SECONDS, resource.RLIM_INFINITY))
        begun = time.process_time()
        print(read(body, kind, page=page), f"{time.process_time() - begun:.3f}", flush=True)
        document.unlink()


def exists() -> bool:
    """Whether there is a corpus."""
    return CORPUS.is_dir()


def fuzz(minutes: float, seed: int) -> int:
    """Go on for so many minutes, and count; how many documents did not end well."""
    kept = Path(mkdtemp(prefix="fuzz-"))
    ends: Counter[str] = Counter()
    slowest = 0.0
    until = time.monotonic() + minutes * 60
    while time.monotonic() < until:
        seed += 1
        ours, theirs = os.pipe()
        child = os.fork()
        if not child:
            os.dup2(theirs, 1)
            os.close(ours)
            batch(seed, kept)
            os._exit(0)
        os.close(theirs)
        with os.fdopen(ours) as lines:
            for line in lines:
                end, seconds = line.split()
                ends[end] += 1
                slowest = max(slowest, float(seconds))
        os.waitpid(child, 0)
    print(dict(ends.most_common()), f"slowest: {slowest:.1f} s of a processor")
    left = sorted(kept.iterdir())
    for path in left:
        print("did not end well:", path)
    return len(left)
