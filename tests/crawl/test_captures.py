"""A page that is read is kept as it was fetched: any reader of web archives can check it, and it holds no secret."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import brotli
import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from spiders.captures import NAME, CaptureFault, CaptureOptions
from spiders.items import Access, Look, Outcome, Read, Validators, WorkerOptions, origin
from tests.crawl.site import Reply, article, rss
from tests.crawl.test_access import SECRETS
from tests.crawl.wire_site import wire_site

HTML = {"Content-Type": "text/html; charset=utf-8"}


@pytest.fixture
def spool(tmp_path):
    folder = tmp_path / "spool"
    folder.mkdir()
    return folder


@pytest.fixture
def keeping(options, spool):
    """Options with which pages are captured."""

    def make(*sites, **more) -> WorkerOptions:
        captures = CaptureOptions(str(spool), **more.pop("captures", {"reserve": 0}))
        return replace(options(*sites), captures=captures, **more)

    return make


def records(path):
    """The records of an archive by their types: headers of the record, head of the message, and what follows."""
    found = {}
    with path.open("rb") as file:
        for record in ArchiveIterator(file, no_record_parse=False, check_digests="raise"):
            content = record.raw_stream.read()
            found[record.rec_type] = SimpleNamespace(
                of=record.rec_headers.get_header, head=record.http_headers, content=content
            )
    return found


def fields(record) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in record.content.decode().splitlines())


def only(spool):
    (path,) = spool.iterdir()
    return path


def test_a_page_is_kept_as_it_was_fetched(here, keeping, crawl, spool):
    body = article("Seoul says 12,000 soldiers left 평양")
    page = here.put("/page?a=1&b=%ED%95%9C", Reply(body, headers=HTML | {"ETag": '"1"', "X-Twice": "once"}))
    before = datetime.now(UTC)
    report = crawl(keeping(here), Read("read", page))["read"]
    capture = report.capture
    path = only(spool)

    assert report.article is not None
    assert (capture.name, capture.fault, capture.detail) == (path.name, None, "")
    assert NAME.fullmatch(path.name)
    assert path.name.startswith(f"{capture.at:%Y%m%dT%H%M%SZ}-")
    assert before <= capture.at <= datetime.now(UTC)
    assert capture.size == path.stat().st_size
    assert capture.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert capture.payload == hashlib.sha256(body).hexdigest()

    found = records(path)
    assert list(found) == ["warcinfo", "request", "response", "metadata"]
    response, request = found["response"], found["request"]
    assert response.content == body
    assert response.of("WARC-Target-URI") == request.of("WARC-Target-URI") == page
    assert response.of("WARC-Payload-Digest") == f"sha256:{capture.payload}"
    assert datetime.fromisoformat(response.of("WARC-Date")) == capture.at
    assert response.of("WARC-IP-Address") == "127.0.0.1"
    assert response.head.get_statuscode() == "200"
    assert response.head.get_header("ETag") == '"1"'
    assert request.head.protocol == "GET"
    assert request.head.statusline == "/page?a=1&b=%ED%95%9C HTTP/1.1"
    assert request.head.get_header("Host") == here.host
    assert request.head.get_header("User-Agent") == keeping(here).user_agent
    assert "gzip" in request.head.get_header("Accept-Encoding")
    assert found["warcinfo"].of("WARC-Filename") == path.name
    assert fields(found["warcinfo"])["format"] == "WARC File Format 1.1"
    together = {found[kind].of("WARC-Warcinfo-ID") for kind in ("request", "response", "metadata")}
    assert together == {found["warcinfo"].of("WARC-Record-ID")}
    assert request.of("WARC-Concurrent-To") == response.of("WARC-Record-ID")


def test_the_digests_are_those_that_warcio_checks(here, keeping, crawl, spool, capsys):
    crawl(keeping(here), Read("read", here.put("/page", Reply(article("Page"), headers=HTML))))
    path = only(spool)
    assert Checker(SimpleNamespace(inputs=[str(path)], verbose=True)).process_all() == 0
    said = capsys.readouterr().out
    assert said.count("digest pass") == 4
    unpacked = path.with_suffix("")
    unpacked.write_bytes(gzip.decompress(path.read_bytes()).replace(b"soldiers", b"soldierz", 1))
    assert Checker(SimpleNamespace(inputs=[str(unpacked)], verbose=False)).process_all() == 1


def test_every_record_is_a_member_of_its_own(here, keeping, crawl, spool):
    crawl(keeping(here), Read("read", here.put("/page", Reply(article("Page"), headers=HTML))))
    starts = []
    with only(spool).open("rb") as file:
        archive = ArchiveIterator(file)
        for record in archive:
            record.raw_stream.read()
            starts.append(archive.get_record_offset())
    content = only(spool).read_bytes()
    assert len(starts) == 4
    assert all(content[at : at + 2] == b"\x1f\x8b" for at in starts)


@pytest.mark.parametrize(
    ("coding", "pack"), [("gzip", gzip.compress), ("br", brotli.compress), ("identity", bytes)]
)
def test_a_body_is_kept_in_the_coding_in_which_it_came(here, keeping, crawl, spool, coding, pack):
    body = article("Ракети 🚀 미사일")
    headers = HTML | ({"Content-Encoding": coding} if coding != "identity" else {})
    packed = pack(body)
    report = crawl(keeping(here), Read("read", here.put("/page", Reply(packed, headers=headers))))["read"]
    assert report.article.title == "Ракети 🚀 미사일"
    response = records(only(spool))["response"]
    assert response.content == packed
    assert response.head.get_header("Content-Encoding") == headers.get("Content-Encoding")


def test_the_frames_of_a_chunked_body_are_no_part_of_it(keeping, crawl, spool, options):
    body = article("Page")
    halves = body[:99], body[99:]
    framed = b"".join(b"%x\r\n%s\r\n" % (len(half), half) for half in (*halves, b""))
    reply = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n" + framed
    with wire_site() as there:
        page = there.put("/page", reply)
        report = crawl(replace(keeping(), allow_private=(there.host,)), Read("read", page))["read"]
    assert report.article is not None
    response = records(only(spool))["response"]
    assert response.content == body
    assert response.head.get_header("Transfer-Encoding") is None


def test_texts_in_old_encodings_are_kept_byte_by_byte(here, keeping, crawl, spool):
    body = article("북한군 파병").decode().replace("utf-8", "euc-kr").encode("euc-kr")
    page = here.put("/page", Reply(body, headers={"Content-Type": "text/html; charset=euc-kr"}))
    assert crawl(keeping(here), Read("read", page))["read"].article.title == "북한군 파병"
    assert records(only(spool))["response"].content == body


def test_no_secret_is_written_and_each_is_named(here, keeping, crawl, spool):
    cookies = {"Set-Cookie": "session=c-2; Secure"}
    page = here.put("/page", Reply(article("Page"), headers=HTML | cookies))
    access = Access(origin(page), headers=SECRETS | {"X-Plain-Looking": "k-2"})
    crawl(keeping(here, access={"mine": access}), Read("read", page, source="mine"))
    assert here.hits[-1].headers["x-plain-looking"] == "k-2"
    content = gzip.decompress(only(spool).read_bytes())
    for secret in (*SECRETS.values(), "k-2", "c-2"):
        assert secret.encode() not in content
    found = records(only(spool))
    assert found["request"].head.get_header("Authorization") is None
    said = fields(found["metadata"])
    assert set(said["withheld-from-request"].split(", ")) == {*SECRETS, "X-Plain-Looking"}
    assert said["withheld-from-response"] == "Set-Cookie"


def test_redirects_are_named_and_carry_no_secret_to_another_origin(here, there, keeping, crawl, spool):
    end = there.put("/end", Reply(article("Page"), headers=HTML))
    here.put("/again", Reply(b"moved", 301, {"Location": end, "Set-Cookie": "id=c-3"}))
    page = here.put("/page", Reply(status=302, headers={"Location": "/again"}))
    options = keeping(here, there, access={"mine": Access(origin(page), headers=SECRETS)})
    report = crawl(options, Read("read", page, source="mine"))["read"]
    assert report.url == end
    found = records(only(spool))
    said = found["metadata"].content.decode().splitlines()
    assert said[:2] == [
        f"redirect: 302 {page} to {here.url('/again')}",
        f"redirect: 301 {here.url('/again')} to {end}",
    ]
    assert not any(line.startswith("withheld") for line in said)
    assert found["response"].of("WARC-Target-URI") == end
    content = gzip.decompress(only(spool).read_bytes())
    assert not any(secret.encode() in content for secret in (*SECRETS.values(), "c-3"))


def test_a_request_by_a_proxy_says_so_without_its_login(here, keeping, crawl, spool):
    far = "http://far.example/page"
    here.put(far, Reply(article("Page"), headers=HTML))
    access = Access(origin(far), proxy=here.url(""), proxy_authorization="Basic cDpx")
    crawl(keeping(here, access={"mine": access}), Read("read", far, source="mine"))
    found = records(only(spool))
    assert found["response"].of("WARC-Target-URI") == far
    assert found["response"].of("WARC-IP-Address") is None
    said = fields(found["metadata"])
    assert "proxy" in said
    assert said["withheld-from-request"] == "Proxy-Authorization"
    assert b"cDpx" not in gzip.decompress(only(spool).read_bytes())


def test_a_hostile_head_adds_no_record_and_no_header(keeping, crawl, spool):
    body = article("Page") + b"\r\n\r\nWARC/1.1\r\nWARC-Type: response\r\nContent-Length: 0\r\n\r\n"
    head = (
        b"HTTP/1.1 200 Fine\r\nContent-Type: text/html\r\nX-A: a\rWARC-Type: warcinfo\r\n folded\r\n"
        b"X-B: \xff\r\nContent-Length: %d\r\n\r\n" % len(body)
    )
    with wire_site() as there:
        page = there.put("/page", head + body)
        options = replace(keeping(), allow_private=(there.host,))
        report = crawl(options, Read("read", page))["read"]
    assert report.article is not None
    found = records(only(spool))
    assert list(found) == ["warcinfo", "request", "response", "metadata"]
    assert found["response"].content == body
    assert all("\r" not in value and "\n" not in value for _, value in found["response"].head.headers)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Reply(b"gone", 404), "http_404"),
        (Reply(b"<html><body></body></html>", headers=HTML), "no_text"),
        (Reply(bytes(3_000_000), headers=HTML), "too_large"),
        (Reply(gzip.compress(bytes(30_000_000)), headers=HTML | {"Content-Encoding": "gzip"}), "too_large"),
        (Reply(article("Page"), headers=HTML, declared=90_000), "unreachable"),
    ],
    ids=["gone", "empty", "large", "bomb", "cut"],
)
def test_what_gives_no_article_is_not_kept(here, keeping, crawl, spool, answer, reason):
    report = crawl(keeping(here, max_size=2_000_000), Read("read", here.put("/page", answer)))["read"]
    assert (report.reason, report.capture) == (reason, None)
    assert list(spool.iterdir()) == []


def test_the_largest_page_is_kept_whole_although_only_its_beginning_is_read(here, keeping, crawl, spool):
    body = article("Page", more="<!-- " + "x" * 14_000_000 + " -->")
    report = crawl(keeping(here), Read("read", here.put("/page", Reply(body, headers=HTML))))["read"]
    assert report.article is not None
    assert "only the first" in report.detail
    assert records(only(spool))["response"].content == body
    assert report.capture.size < 100_000


def test_neither_looks_nor_unchanged_pages_are_kept(here, keeping, crawl, spool):
    here.put("/same", Reply(status=304, headers={"ETag": '"1"'}))
    feed = here.put("/feed", Reply(rss(here, "a"), headers={"Content-Type": "application/rss+xml"}))
    tasks = Look("look", feed), Read("read", here.url("/same"), validators=Validators('"1"'))
    reports = crawl(keeping(here), *tasks)
    assert [reports[name].outcome for name in ("look", "read")] == [Outcome.OK, Outcome.UNCHANGED]
    assert list(spool.iterdir()) == []


def test_nothing_is_kept_if_nobody_asks(here, options, crawl):
    page = here.put("/page", Reply(article("Page"), headers=HTML))
    assert crawl(options(here), Read("read", page))["read"].capture is None


@pytest.mark.parametrize(
    ("captures", "fault"),
    [
        ({"spool": "/dev/null/spool"}, CaptureFault.UNWRITABLE),
        ({"spool": "none"}, CaptureFault.UNWRITABLE),
        ({"reserve": 2**62}, CaptureFault.DISK_FULL),
        ({"level": 77, "reserve": 0}, CaptureFault.BUG),
    ],
    ids=["in the way", "not there", "full", "impossible"],
)
def test_a_page_that_cannot_be_kept_is_read_all_the_same(here, keeping, crawl, spool, captures, fault):
    options = keeping(here)
    options = replace(options, captures=replace(options.captures, **captures))
    report = crawl(options, Read("read", here.put("/page", Reply(article("Page"), headers=HTML))))["read"]
    assert report.article is not None
    assert (report.capture.name, report.capture.fault) == ("", fault)
    assert report.capture.detail
    assert list(spool.iterdir()) == []


def test_files_of_two_workers_do_not_meet(here, keeping, crawl, spool):
    page = here.put("/page", Reply(article("Page"), headers=HTML))
    tasks = [Read(f"read {n}", f"{page}?{n}") for n in range(3)]
    for n in range(3):
        here.put(f"/page?{n}", Reply(article("Page"), headers=HTML))
    reports = crawl(keeping(here), *tasks, workers=2)
    names = {report.capture.name for report in reports.values()}
    assert len(names) == 3
    assert names == {path.name for path in spool.iterdir()}
    assert max(report.capture.at for report in reports.values()) - datetime.now(UTC) < timedelta()
