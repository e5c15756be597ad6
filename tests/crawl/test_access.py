"""What one source needs reaches its own origin, and nobody else."""

from __future__ import annotations

import asyncio
import contextlib
import select
import socket
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest
from cryptography import x509

from monitor.crawl import LocalCrawler
from spiders.items import Access, CrawlJob, Look, Read, WorkerOptions, origin
from spiders.wire import Hello
from tests.crawl.site import Reply, article, rss
from tests.crawl.test_tls import certificate, secured

SECRETS = {"X-Key": "k-1", "Cookie": "id=c-1", "Authorization": "Basic dTpw"}


@pytest.fixture
def having(options):
    """Options in which the source `mine` has something of its own."""

    def make(*sites, at, **own) -> WorkerOptions:
        return replace(options(*sites), access={"mine": Access(origin(at.url("/")), **own)})

    return make


def told_of(hit):
    return {name: hit.headers.get(name.lower()) for name in SECRETS}


def test_headers_cookies_and_login_are_sent_with_looks_reads_and_robots(here, having, crawl):
    feed, page = here.feed("/feed", "a"), here.put("/page", Reply(article("Page")))
    tasks = Look("look", feed, source="mine"), Read("read", page, source="mine")
    reports = crawl(having(here, at=here, headers=SECRETS), *tasks)
    assert [reports[name].reason for name in ("look", "read")] == ["", ""]
    assert here.counts == {"/robots.txt": 1, "/feed": 1, "/page": 1}
    assert [told_of(hit) for hit in here.hits] == [SECRETS] * 3


def test_they_do_not_follow_a_redirect_to_another_origin_nor_to_pages_there(here, there, having, crawl):
    here.put("/feed", Reply(status=302, headers={"Location": there.feed("/feed", "a")}))
    page = there.put("/page", Reply(article("Page")))
    tasks = Look("look", here.url("/feed"), source="mine"), Read("read", page, source="mine")
    reports = crawl(having(here, there, at=here, headers=SECRETS), *tasks)
    assert [reports[name].reason for name in ("look", "read")] == ["", ""]
    assert [told_of(hit) for hit in here.hits] == [SECRETS] * 2
    assert [told_of(hit) for hit in there.hits] == [dict.fromkeys(SECRETS)] * 3


def test_another_source_of_the_same_origin_does_not_have_them(here, having, crawl):
    crawl(having(here, at=here, headers=SECRETS), Look("look", here.feed("/feed", "a"), source="other"))
    assert [told_of(hit) for hit in here.hits] == [dict.fromkeys(SECRETS)] * 2


def test_a_proxy_leads_to_the_source_and_to_no_other_host(here, there, having, crawl):
    far = "http://far.example"
    here.put(f"{far}/feed", Reply(status=301, headers={"Location": f"{far}/new"}))
    here.put(f"{far}/new", Reply(status=301, headers={"Location": there.url("/end")}))
    there.put("/end", Reply(rss(there, "a")))
    options = having(here, there, at=here, proxy=here.url(""), proxy_authorization="Basic cDpx")
    access = replace(options.access["mine"], origin=far)
    reports = crawl(replace(options, access={"mine": access}), Look("look", f"{far}/feed", source="mine"))
    assert reports["look"].reason == ""
    assert here.counts == {f"{far}/robots.txt": 1, f"{far}/feed": 1, f"{far}/new": 1}
    assert {hit.headers["proxy-authorization"] for hit in here.hits} == {"Basic cDpx"}
    assert there.counts == {"/robots.txt": 1, "/end": 1}
    assert not any("proxy-authorization" in hit.headers for hit in there.hits)


@contextlib.contextmanager
def tunnel(port: int):
    """A proxy that opens tunnels, to this port whatever is asked for: its address, and what it was told."""
    told: list[tuple[str, str | None]] = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args) -> None:
            pass

        def do_CONNECT(self) -> None:
            told.append((self.path, self.headers.get("Proxy-Authorization")))
            with socket.create_connection(("127.0.0.1", port)) as there:
                self.send_response(200)
                self.end_headers()
                ends = {self.connection: there, there: self.connection}
                while ready := select.select(list(ends), [], [], 20)[0]:
                    for end in ready:
                        data = end.recv(65536)
                        if not data:
                            self.close_connection = True
                            return
                        ends[end].sendall(data)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize(("name", "reason"), [("far.example", ""), ("other.example", "tls")])
def test_a_tunnel_leads_to_the_source_whose_certificate_is_checked(
    here, having, crawl, tmp_path, monkeypatch, name, reason
):
    paths = certificate(tmp_path, x509.DNSName(name))
    monkeypatch.setenv("SSL_CERT_FILE", str(paths[0]))
    here.feed("/feed", "a")
    far = "https://far.example"
    with secured(here, paths) as place, tunnel(int(place.partition(":")[2])) as (proxy, told):
        options = having(here, at=here, headers=SECRETS, proxy=proxy, proxy_authorization="Basic cDpx")
        options = replace(options, allow_private=(proxy.removeprefix("http://"),))
        access = replace(options.access["mine"], origin=far)
        look = Look("look", f"{far}/feed", source="mine")
        reports = crawl(replace(options, access={"mine": access}), look)
    assert reports["look"].reason == reason
    assert set(told) == {("far.example:443", "Basic cDpx")}
    assert here.counts == ({} if reason else {"/robots.txt": 1, "/feed": 1})
    for hit in here.hits:
        assert told_of(hit) == SECRETS
        assert "proxy-authorization" not in hit.headers


def test_a_private_proxy_must_be_allowed(here, having, crawl):
    options = having(at=here, proxy=here.url(""))
    reports = crawl(options, Look("look", here.url("/feed"), source="mine"))
    assert reports["look"].reason == "blocked_private_address"
    assert here.hits == []


def test_a_delay_and_a_timeout_of_its_own_count(here, there, having, crawl):
    slow = there.put("/slow", Reply(rss(there, "a"), wait=1.0))
    options = having(here, there, at=here, delay=0.4)
    patient = replace(
        options, timeout=0.4, access=options.access | {"slow": Access(origin(there.url("/")), timeout=9.0)}
    )
    tasks = [Look(f"{n}", here.feed(f"/{n}", "a"), source="mine") for n in range(2)]
    reports = crawl(patient, *tasks, Look("slow", slow, source="slow"))
    assert {report.reason for report in reports.values()} == {""}
    hits = sorted(here.hits, key=lambda hit: hit.begun)
    assert min(after.begun - before.ended for before, after in pairwise(hits)) > 0.4 * 0.8


def test_secrets_are_not_shown():
    access = Access("https://a.example", headers=SECRETS, proxy_authorization="Basic cDpx")
    shown = repr(Hello(WorkerOptions(access={"mine": access})))
    assert "a.example" in shown
    assert not any(secret in shown for secret in (*SECRETS.values(), "cDpx"))


def seen_of(pid: int) -> list[str]:
    """What a system shows of a process."""
    return [Path(f"/proc/{pid}/{name}").read_text() for name in ("cmdline", "environ")]


def test_no_secret_is_in_a_report_in_the_log_or_where_other_programs_look(here, having, caplog):
    caplog.set_level("DEBUG")
    here.put("/refused", Reply(b"who are you?", 401))
    here.put("/cut", Reply(b"<rss>", declared=100))
    here.put("/lost", Reply(status=302, headers={"Location": "http://127.0.0.1:9/"}))
    tasks = [Look(path, here.url(path), source="mine") for path in ("/refused", "/cut", "/lost")]
    options = having(here, at=here, headers=SECRETS, proxy_authorization="Basic cDpx")

    async def look():
        crawler = LocalCrawler(options)
        reports = [report async for report in crawler.run(CrawlJob("job", tuple(tasks)))]
        (pid,) = crawler.pids
        seen = seen_of(pid)
        await crawler.close()
        return reports, seen

    reports, seen = asyncio.run(look())
    assert [report.reason for report in reports] == ["http_401", "unreachable", "blocked_private_address"]
    assert all(told_of(hit) == SECRETS for hit in here.hits)
    told = "\n".join([repr(reports), caplog.text, *seen])
    assert "spiders.worker" in told
    assert not [secret for secret in (*SECRETS.values(), "cDpx") if secret in told]
