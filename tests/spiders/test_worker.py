"""The worker as a bare child process, spoken to by hand. How its parent uses it is tested in tests/crawl."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import pytest

from spiders.fetch import Page
from spiders.items import CrawlJob, CrawlReport, Parse, WorkerOptions
from spiders.waiting import max_age, retry_after
from spiders.wire import Finished, Hello, Started, read_from_worker, to_worker

ROOT = Path(__file__).parents[2]


@pytest.fixture
def worker():
    process = subprocess.Popen(
        [sys.executable, "-m", "spiders.worker"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            stream.close()


def say(worker, *messages):
    for message in messages:
        worker.stdin.write(message if isinstance(message, bytes) else to_worker(message))
    worker.stdin.flush()


def listeners(pid: int) -> set[str]:
    """The addresses on which a process listens."""
    tables = [Path(f"/proc/{pid}/net/{name}").read_text().splitlines()[1:] for name in ("tcp", "tcp6")]
    by_inode = {row.split()[9]: row.split()[1] for table in tables for row in table if row.split()[3] == "0A"}
    held = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        target = str(descriptor.readlink())
        if target.startswith("socket:["):
            held.add(target[8:-1])
    return {address for inode, address in by_inode.items() if inode in held}


def test_a_job_is_answered_in_order_and_the_end_of_input_is_the_end(worker, tmp_path):
    tasks = (Parse("1", str(tmp_path / "none")), Parse("2", str(tmp_path / "none")))
    say(worker, Hello(WorkerOptions()), CrawlJob("job", tasks))
    messages = [read_from_worker(worker.stdout.readline()) for _ in range(5)]
    assert [type(message) for message in messages] == [Started, CrawlReport, Started, CrawlReport, Finished]
    assert messages[-1].crawls == 1
    assert 20 < messages[-1].memory < 200
    assert listeners(worker.pid) == set()
    worker.stdin.close()
    begun = time.monotonic()
    assert worker.wait(5) == 0
    assert time.monotonic() - begun < 2
    assert worker.stderr.read() == b""


@pytest.mark.parametrize("first", [b"GET / HTTP/1.1\r\n", to_worker(CrawlJob("too early", ()))])
def test_whoever_does_not_say_hello_is_told_what_this_is(worker, first):
    say(worker, first)
    worker.stdin.close()
    assert worker.wait(20) == 1
    assert b"spiders.wire" in worker.stderr.read()


def test_a_parent_that_talks_nonsense_is_left(worker):
    say(worker, Hello(WorkerOptions()), b"nonsense\n")
    assert worker.wait(20) == 1
    assert b"no message" in worker.stderr.read()


NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"cache-control": "max-age=300"}, 300),
        ({"cache-control": 'public, Max-Age="300", must-revalidate'}, 300),
        ({"cache-control": "max-age=300", "age": "100"}, 200),
        ({"cache-control": "max-age=300", "age": "900"}, 0),
        ({"cache-control": "max-age=300", "age": "old"}, 300),
        ({"cache-control": "s-maxage=300"}, None),
        ({"cache-control": "no-cache, max-age=300"}, None),
        ({"cache-control": "max-age=-1"}, None),
        ({"cache-control": "max-age=٣٠"}, None),
        ({"cache-control": "max-age=99999999999999999999"}, 7 * 24 * 3600),
    ],
)
def test_how_long_an_answer_holds_is_read_from_cache_control(headers, seconds):
    assert max_age(Page("u", 200, b"", 0, headers)) == seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Wed, 25 Nov 2026 12:05:00 GMT", 300),
        ("Wed, 25 Nov 2026 11:00:00 GMT", 0),
        ("9" * 40, 7 * 24 * 3600),
        ("Wed, 25 Nov 9999 12:00:00 GMT", 7 * 24 * 3600),
        ("-5", None),
        ("٣", None),
        ("soon", None),
        ("Wed, 99 Nov 2026 12:00:00 GMT", None),
        ("", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_date_by_the_servers_own_clock(value, seconds):
    page = Page("u", 503, b"", 0, {"retry-after": value, "date": format_datetime(NOON, usegmt=True)})
    assert retry_after(page) == seconds


def test_a_server_with_a_broken_clock_says_nothing():
    assert (
        retry_after(Page("u", 503, b"", 0, {"retry-after": "Wed, 25 Nov 2026 12:05:00 GMT", "date": "?"}))
        is None
    )
