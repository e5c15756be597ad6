"""Servers that break HTTP, or keep to it and never end: each reply ends as entries or as one reason, and soon.

One real worker meets them all, one after another, and lives.
"""

from __future__ import annotations

import asyncio
import gzip
import zlib
from pathlib import Path

import brotli
import pytest

from monitor.crawl import LocalCrawler
from spiders.items import CrawlJob, Kind, Look, Outcome, Read, Validators, WorkerOptions
from tests.crawl.site import article
from tests.crawl.wire_site import wire_site

FEED = b"<rss><channel><item><title>T</title><link>http://a.example/1</link></item></channel></rss>"
MOST = 2_000_000  # bytes of a body
BOMB = b"<rss>" + bytes(50_000_000)
CHUNKED = b"Transfer-Encoding: chunked"


def reply(
    *headers: bytes, body: bytes = FEED, status: bytes = b"HTTP/1.1 200 OK", sized: bool = True
) -> bytes:
    size = [b"Content-Length: %d" % len(body)] if sized else []
    return b"\r\n".join([status, *headers, *size, b"", body])


def endless(start: bytes, piece: bytes):
    def pieces():
        yield start
        while True:
            yield piece

    return pieces


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def chunked(*parts: bytes) -> bytes:
    return reply(CHUNKED, body=b"".join(parts), sized=False)


def zstd(data: bytes) -> bytes:
    """A frame of repeated bytes (RFC 8878): blocks of type 1 hold one byte and how often it stands there."""
    most = 128 * 1024
    blocks = b"".join(
        ((size << 3) | (1 << 1) | last).to_bytes(3, "little") + data[-1:]
        for size, last in [(most, 0)] * (len(data) // most) + [(1, 1)]
    )
    return b"\x28\xb5\x2f\xfd" + b"\x00\x58" + blocks  # a window of 2 MiB


def packed(data: bytes, times: int = 1) -> bytes:
    for _ in range(times):
        data = gzip.compress(data)
    return data


def to(location: bytes) -> bytes:
    return reply(b"Location: " + location, status=b"HTTP/1.1 302 Found", body=b"")


OK = {
    "plain": reply(),
    "HTTP/1.0 without a length": reply(status=b"HTTP/1.0 200 OK", sized=False),
    "only line feeds": reply().replace(b"\r\n", b"\n"),
    "no phrase": reply(status=b"HTTP/1.1 200"),
    "the same length twice": reply(b"Content-Length: %d" % len(FEED)),
    "a line without a colon": reply(b"nonsense"),
    "chunks": chunked(chunk(FEED[:9]), chunk(FEED[9:]), b"0\r\n\r\n"),
    "chunks and a length": reply(CHUNKED, body=chunk(FEED) + b"0\r\n\r\n"),
    "a trailer": chunked(chunk(FEED), b"0\r\nX: y\r\n\r\n"),
    "interim replies": b"HTTP/1.1 100 x\r\n\r\nHTTP/1.1 103 x\r\nLink: <http://b.example>\r\n\r\n" + reply(),
    "packed thrice": reply(b"Content-Encoding: gzip, gzip, gzip", body=packed(FEED, 3)),
    "brotli": reply(b"Content-Encoding: br", body=brotli.compress(FEED)),
    "raw deflate": reply(b"Content-Encoding: deflate", body=zlib.compress(FEED)[2:-4]),
    "a coding nobody knows": reply(b"Content-Encoding: bogus"),
    "a charset nobody knows": reply(b'Content-Type: text/xml; charset="\xff\x00'),
    "a header of 10 kB": reply(b"X: " + b"y" * 10_000),
}  # fmt: skip

FAILED = {
    "nothing": (b"", "unreachable"),
    "noise": (bytes(range(256)) * 100, "unreachable"),
    "HTTP/0.9": (FEED, "unreachable"),
    "another protocol": (reply(status=b"ICY 200 OK"), "unreachable"),
    "a status in words": (reply(status=b"HTTP/1.1 fine OK"), "unreachable"),
    "a status below zero": (reply(status=b"HTTP/1.1 -1 x"), "unreachable"),
    "a status of 23 digits": (reply(status=b"HTTP/1.1 " + b"9" * 23 + b" x"), "unreachable"),
    "status 0": (reply(status=b"HTTP/1.1 000 x"), "unreachable"),
    "a status of one's own": (reply(status=b"HTTP/1.1 999 x"), "http_999"),
    "another protocol to switch to": (reply(status=b"HTTP/1.1 101 x"), "unreachable"),
    "a length below zero": (reply(b"Content-Length: -5", sized=False), "unreachable"),
    "a length in words": (reply(b"Content-Length: much", sized=False), "unreachable"),
    "two lengths": (reply(b"Content-Length: 5"), "unreachable"),
    "a length too long": (reply(b"Content-Length: 5000", sized=False), "unreachable"),
    "a length too short": (reply(b"Content-Length: 50", sized=False), "no_entries"),
    "a length beyond numbers": (reply(b"Content-Length: " + b"9" * 40, sized=False), "too_large"),
    "chunks below zero": (chunked(b"-5\r\nhello\r\n0\r\n\r\n"), "unreachable"),
    "chunks beyond numbers": (chunked(b"F" * 20 + b"\r\n" + FEED), "unreachable"),
    "chunks cut off": (chunked(chunk(FEED)), "unreachable"),
    "a chunk with a long remark": (chunked(b"5;" + b"x" * 100_000 + b"\r\nhello\r\n0\r\n\r\n"), "unreachable"),
    "an encoding of transfer nobody knows": (reply(b"Transfer-Encoding: bogus", sized=False), "unreachable"),
    "trailers without an end": (endless(chunked(chunk(FEED), b"0\r\n"), b"X: y\r\n" * 1000), "unreachable"),
    "a chunk's size without an end": (endless(chunked(), b"0" * 65536), "unreachable"),
    "a status line without an end": (endless(b"HTTP/1.1 200 ", b"y" * 65536), "unreachable"),
    "a header of 1 MB": (reply(b"X: " + b"y" * 1_000_000), "unreachable"),
    "200,000 headers": (reply(*[b"X-%d: y" % n for n in range(200_000)]), "too_large"),
    "a header in 100,000 lines": (reply(b"X: y" + b"\r\n z" * 100_000), "too_large"),
    "headers without an end": (endless(b"HTTP/1.1 200 OK\r\n", b"X: " + b"y" * 10_000 + b"\r\n"), "too_large"),
    "interim replies without an end": (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000), "too_large"),
    "a body without an end": (endless(b"HTTP/1.1 200 OK\r\n\r\n", b"<item>" * 10_000), "too_large"),
    "chunks without an end": (endless(chunked(), chunk(b"<item>" * 10_000)), "too_large"),
    "a bomb of gzip": (reply(b"Content-Encoding: gzip", body=packed(BOMB)), "too_large"),
    "a bomb of gzip in gzip": (reply(b"Content-Encoding: gzip, gzip", body=packed(BOMB, 2)), "too_large"),
    "a bomb of gzip thrice": (
        reply(b"Content-Encoding: gzip, gzip, gzip", body=packed(BOMB, 3)), "too_large",
    ),
    "a bomb of deflate": (reply(b"Content-Encoding: deflate", body=zlib.compress(BOMB)), "too_large"),
    "a bomb of brotli": (reply(b"Content-Encoding: br", body=brotli.compress(BOMB, quality=3)), "too_large"),
    "a bomb of zstd": (reply(b"Content-Encoding: zstd", body=zstd(BOMB)), "too_large"),
    "2,000 codings": (reply(b"Content-Encoding: " + b"gzip, " * 2000 + b"gzip", body=packed(FEED)), "unreachable"),
    "no gzip": (reply(b"Content-Encoding: gzip"), "unreachable"),
    "no deflate": (reply(b"Content-Encoding: deflate"), "unreachable"),
    "no brotli": (reply(b"Content-Encoding: br"), "unreachable"),
    "no zstd": (reply(b"Content-Encoding: zstd"), "unreachable"),
    "to nowhere": (to(b""), "http_302"),
    "to a file": (to(b"file:///etc/passwd"), "blocked_scheme"),
    "to a script": (to(b"javascript:alert(1)"), "blocked_scheme"),
    "to a terminal": (to(b"ftp://a.example/\x1b[31m\xe2\x80\xae"), "blocked_scheme"),
    "to a broken address": (to(b"http://[::1"), "redirects"),
    "to a port that is none": (to(b"http://127.0.0.1:99999/"), "blocked_scheme"),
    "to port 0": (to(b"http://127.0.0.1:0/"), "blocked_scheme"),
    "to a name with a space": (to(b"http://a b/"), "dns"),
    "to a user at a host": (to(b"http://127.0.0.1:9@localhost/"), "blocked_scheme"),
    "to another host behind a backslash": (to(b"http://a.example\\@localhost/"), "blocked_scheme"),
    "to 15,000 letters": (to(b"/" + b"a" * 15_000), "http_404"),
    "a refresh": (reply(b"Refresh: 0; url=/private", body=b"<p>x</p>"), "not_a_source"),
    "a link": (reply(b'Link: </private>; rel="canonical"', status=b"HTTP/1.1 200 OK", body=b""), "not_a_source"),
    "a time to wait for ever": (
        reply(b"Retry-After: 1e400", b"Date: " + b"(" * 16_000, status=b"HTTP/1.1 503 x", body=b""), "http_503",
    ),
}  # fmt: skip


def address(name: str) -> str:
    return "/" + name.replace(" ", "-").replace(",", "").replace("'", "")


@pytest.fixture(scope="module")
def met():
    """What came of each reply, the requests that were made, and the memory of the worker in kB: at most, at first."""
    with wire_site() as at:
        answers = OK | {name: answer for name, (answer, _) in FAILED.items()}
        tasks = [
            Look(name, at.put(address(name), answer), kind=Kind.FEED) for name, answer in answers.items()
        ]
        options = WorkerOptions(
            delay=0.001, timeout=30.0, max_size=MOST, allow_private=(at.host,), obey_robots=False
        )

        async def meet():
            crawler = LocalCrawler(options)
            first = [report async for report in crawler.run(CrawlJob("first", (tasks[0],)))]
            before = crawler.pids, memory(crawler.pids[0])["VmRSS"]
            reports = first + [report async for report in crawler.run(CrawlJob("all", tuple(tasks[1:])))]
            after = crawler.pids
            most = memory(crawler.pids[0])["VmHWM"]
            await crawler.close()
            assert after == before[0], "the worker was lost"
            return {report.task: report for report in reports}, before[1], most

        reports, first, most = asyncio.run(meet())
        yield reports, at, first, most


def memory(pid: int) -> dict[str, int]:
    rows = (row.split() for row in Path(f"/proc/{pid}/status").read_text().splitlines())
    return {row[0].rstrip(":"): int(row[1]) for row in rows if row[0].startswith("Vm")}


@pytest.mark.parametrize("name", OK)
def test_a_reply_that_can_be_read_is_read(met, name):
    report = met[0][name]
    assert (report.outcome, report.reason) == (Outcome.OK, "")
    assert [entry.url for entry in report.entries] == ["http://a.example/1"]


@pytest.mark.parametrize("name", FAILED)
def test_any_other_fails_with_one_reason_and_one_clean_line(met, name):
    report = met[0][name]
    assert (report.outcome, report.reason) == (Outcome.FAILED, FAILED[name][1])
    assert report.detail.isprintable()
    assert 0 < len(report.detail) <= 500


def test_all_of_them_together_cost_little_memory(met):
    _, _, first, most = met
    assert most - first < 64 * 1024


@pytest.mark.parametrize("name", [name for name in FAILED if name.endswith("without an end")])
def test_what_has_no_end_is_not_read_for_long(met, name):
    # What lies in buffers of the system, a few MB on either side, counts as sent.
    assert met[1].sent[address(name)] < 16 * 1024 * 1024


def test_nothing_that_a_reply_hints_at_is_fetched(met):
    asked = {head.split(" ")[1] for head in met[1].asked}
    assert "/private" not in asked
    assert asked == {address(name) for name in (*OK, *FAILED)} | {"/" + "a" * 15_000}


def test_a_server_that_trickles_ends_at_the_timeout_and_keeps_nobody_waiting(here, options, crawl):
    def trickle(start: bytes):
        def pieces():
            yield start
            while not slow.gone.wait(0.2):
                yield b"x"

        return pieces

    with wire_site() as slow:
        looks = [
            Look("body", slow.put("/body", trickle(b"HTTP/1.1 200 OK\r\n\r\n"))),
            Look("head", slow.put("/head", trickle(b"HTTP/1.1 200 OK\r\nX: "))),
            Look("chunks", slow.put("/chunks", trickle(chunked(b"FFFF\r\n")))),
        ]
        allowed = options(here, slow, timeout=1.0, obey_robots=False)
        reports = crawl(allowed, *looks, Look("fine", here.feed("/feed", "a")))
    assert {name: report.reason for name, report in reports.items()} == {
        "body": "timeout", "head": "timeout", "chunks": "timeout", "fine": "",
    }  # fmt: skip
    assert reports["fine"].seconds < reports["head"].seconds


@pytest.mark.parametrize("tag", [b'"\x00\x1b[31m"', b'"' + b"a" * 5_000 + b'"', '"\u202e"'.encode()])
def test_a_validator_that_cannot_be_shown_or_stored_is_not_kept(options, crawl, tag):
    with wire_site() as at:
        allowed = options(at, obey_robots=False)
        reports = crawl(
            allowed,
            Look("new", at.put("/new", reply(b"ETag: " + tag))),
            Look(
                "known", at.put("/known", reply(b"ETag: " + tag, status=b"HTTP/1.1 304 x", body=b"")),
                validators=Validators(etag='"good"'),
            ),
        )  # fmt: skip
    assert reports["new"].validators == Validators()
    assert reports["known"].validators == Validators(etag='"good"')


def test_a_packed_page_is_cut_like_any_other(options, crawl):
    page = article("Packed", "<p>more</p>" * 100_000)
    with wire_site() as at:
        allowed = options(at, max_html=100_000, obey_robots=False)
        reports = crawl(allowed, Read("page", at.put("/page", reply(body=packed(page)))))
    assert reports["page"].article.title == "Packed"
    assert reports["page"].detail == f"only the first 100000 of {len(page)} bytes were read"
