"""What one source needs reaches its own origin, and nobody else."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from spiders.items import Access, Look, Read, WorkerOptions, origin
from spiders.wire import Hello
from tests.crawl.site import Reply, article, rss

SECRETS = {"X-Key": "k-1", "Cookie": "id=c-1", "Authorization": "Basic dTpw"}


@pytest.fixture
def having(options):
    """Options in which the source `mine` has something of its own."""

    def make(*sites, at, **own) -> WorkerOptions:
        return replace(options(*sites), access={"mine": Access(origin(at.url("/")), **own)})

    return make


def told(hit):
    return {name: hit.headers.get(name.lower()) for name in SECRETS}


def test_headers_cookies_and_login_are_sent_with_looks_reads_and_robots(here, having, crawl):
    feed, page = here.feed("/feed", "a"), here.put("/page", Reply(article("Page")))
    tasks = Look("look", feed, source="mine"), Read("read", page, source="mine")
    reports = crawl(having(here, at=here, headers=SECRETS), *tasks)
    assert [reports[name].reason for name in ("look", "read")] == ["", ""]
    assert here.counts == {"/robots.txt": 1, "/feed": 1, "/page": 1}
    assert [told(hit) for hit in here.hits] == [SECRETS] * 3


def test_they_do_not_follow_a_redirect_to_another_origin_nor_to_pages_there(here, there, having, crawl):
    here.put("/feed", Reply(status=302, headers={"Location": there.feed("/feed", "a")}))
    page = there.put("/page", Reply(article("Page")))
    tasks = Look("look", here.url("/feed"), source="mine"), Read("read", page, source="mine")
    reports = crawl(having(here, there, at=here, headers=SECRETS), *tasks)
    assert [reports[name].reason for name in ("look", "read")] == ["", ""]
    assert [told(hit) for hit in here.hits] == [SECRETS] * 2
    assert [told(hit) for hit in there.hits] == [dict.fromkeys(SECRETS)] * 3


def test_another_source_of_the_same_origin_does_not_have_them(here, having, crawl):
    crawl(having(here, at=here, headers=SECRETS), Look("look", here.feed("/feed", "a"), source="other"))
    assert [told(hit) for hit in here.hits] == [dict.fromkeys(SECRETS)] * 2


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
