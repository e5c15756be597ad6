"""Every way a task can end, with a real worker and real servers; one job carries most of them."""

from __future__ import annotations

import asyncio
import gzip

import pytest

from monitor.crawl import LocalCrawler
from spiders.items import CrawlJob, Kind, Look, Outcome, Parse, Read, Validators, WorkerOptions
from tests.crawl.site import Reply, Site, article, rss, site

NEWS = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
INDEX = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</sitemapindex>'


def unless_known(at: Site):
    def answer(headers):
        if (
            headers.get("If-None-Match") == '"v1"'
            or headers.get("If-Modified-Since") == "Mon, 23 Nov 2026 10:00:00 GMT"
        ):
            return Reply(status=304, headers={"ETag": '"v1"'})
        return Reply(
            rss(at, "known"), headers={"ETag": '"v1"', "Last-Modified": "Mon, 23 Nov 2026 10:00:00 GMT"}
        )

    return answer


def build(at: Site, closed: Site, folder) -> list:
    """The site's pages and the tasks that visit them."""
    locs = "".join(f"<sitemap><loc>{at.url(f'/map-{n}.xml')}</loc></sitemap>" for n in range(6))
    for n in range(6):
        entry = f"<url><loc>{at.url(f'/s/{n}')}</loc></url>"
        at.put(
            f"/map-{n}.xml", Reply(NEWS.format(entry).encode(), headers={"Content-Type": "application/xml"})
        )
    bomb = gzip.compress(b"<rss>" + b"0" * 30_000_000)
    (folder / "page.html").write_bytes(article("From a file"))
    (folder / "feed.xml").write_bytes(rss(at, "filed"))
    (folder / "huge.html").write_bytes(b"<p>x</p>" * 300_000)
    return [
        Look("feed", at.feed("/feed", "북한, 파병", "عاجل", ETag='"e"')),
        Look("known", at.put("/known", unless_known(at)), validators=Validators(etag='"v1"')),
        Look(
            "modified", at.put("/modified", unless_known(at)),
            validators=Validators(modified="Mon, 23 Nov 2026 10:00:00 GMT"),
        ),
        Look("new", at.put("/new", unless_known(at)), validators=Validators(etag='"v0"')),
        Look("uninvited-304", at.put("/uninvited", Reply(status=304))),
        Look("empty", at.feed("/empty")),
        Look("html", at.put("/html", Reply(article("No feed"))), kind=Kind.FEED),
        Look("gone", at.url("/gone")),
        Look("busy", at.put("/busy", Reply(b"later", 429, {"Retry-After": "120"}))),
        Look(
            "down",
            at.put("/down", Reply(b"", 503, {"Retry-After": "Wed, 25 Nov 2037 12:00:00 GMT"})),
        ),
        Look("loop", at.put("/loop", Reply(status=302, headers={"Location": "/loop"}))),
        Look("moved", at.put("/moved", Reply(status=301, headers={"Location": "/feed"}))),
        Look("to-file", at.put("/to-file", Reply(status=302, headers={"Location": "file:///etc/passwd"}))),
        Look("to-private", at.put("/to-private", Reply(status=302, headers={"Location": closed.url("/secret")}))),
        Look("private", closed.url("/secret")),
        Look("declared", at.put("/declared", Reply(b"x" * 100, declared=50_000_000))),
        Look("oversized", at.put("/oversized", Reply(b"x" * 3_000_000))),
        Look("bomb", at.put("/bomb", Reply(bomb, headers={"Content-Encoding": "gzip", "Content-Type": "text/xml"}))),
        Look("cut-off", at.put("/cut-off", Reply(rss(at, "half"), declared=100_000))),
        Look("index", at.put("/index", Reply(INDEX.format(locs).encode(), headers={"ETag": '"i"'}))),
        Look("private-page", at.url("/private/feed")),
        Look("refused", "http://127.0.0.1:9/feed"),
        Look("no-such-host", "http://no-such-host.invalid/feed"),
        Look("no-host", "http://a..b/feed"),
        Look("ftp", "ftp://127.0.0.1/feed"),
        Look("silly", "not an address"),
        Read("page", at.put("/page", Reply(article("Troops"), headers={"Content-Type": "text/html; charset=utf-8"}))),
        Read("long", at.put("/long", Reply(article("Long", "<p>more</p>" * 20_000)))),
        Read("nothing", at.put("/nothing", Reply(b"", headers={"Content-Type": "text/html"}))),
        Read(
            "korean",
            at.put(
                "/korean",
                Reply(
                    article("북한군 파병").decode().replace('<meta charset="utf-8">', "").encode("cp949"),
                    headers={"Content-Type": "text/html; charset=euc-kr"},
                ),
            ),
        ),
        Parse("file", str(folder / "page.html"), url="https://example.org/page"),
        Parse("feed-file", str(folder / "feed.xml"), entries=True),
        Parse("missing", str(folder / "no\u0301thing.html")),
        Parse("folder", str(folder)),
        Parse("huge-file", str(folder / "huge.html")),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    with site() as at, site() as closed:
        at.put("/robots.txt", Reply(b"User-agent: *\nDisallow: /private\n"))
        tasks = build(at, closed, tmp_path_factory.mktemp("files"))
        options = WorkerOptions(
            delay=0.001,
            timeout=5,
            max_size=2_000_000,
            max_html=150_000,
            allow_private=(at.host, "127.0.0.1:9"),
        )

        async def collect():
            crawler = LocalCrawler(options)
            try:
                return [report async for report in crawler.run(CrawlJob("all", tuple(tasks)))]
            finally:
                await crawler.close()

        found = asyncio.run(collect())
        assert sorted(report.task for report in found) == sorted(task.id for task in tasks)
        assert closed.hits == []
        assert at.most_at_once == 1
        assert at.counts["/robots.txt"] == 1
        yield {report.task: report for report in found}


@pytest.mark.parametrize(
    ("task", "reason"),
    [
        ("empty", "no_entries"),
        ("html", "not_a_source"),
        ("gone", "http_404"),
        ("busy", "http_429"),
        ("down", "http_503"),
        ("uninvited-304", "http_304"),
        ("loop", "redirects"),
        ("to-file", "blocked_scheme"),
        ("to-private", "blocked_private_address"),
        ("private", "blocked_private_address"),
        ("declared", "too_large"),
        ("oversized", "too_large"),
        ("bomb", "too_large"),
        ("cut-off", "unreachable"),
        ("private-page", "robots"),
        ("refused", "unreachable"),
        ("no-such-host", "dns"),
        ("no-host", "dns"),
        ("ftp", "blocked_scheme"),
        ("silly", "blocked_scheme"),
        ("nothing", "no_text"),
        ("missing", "unreadable_file"),
        ("folder", "unreadable_file"),
        ("huge-file", "too_large"),
    ],
)
def test_a_failure_has_one_word_and_one_sentence(reports, task, reason):
    report = reports[task]
    assert (report.outcome, report.reason) == (Outcome.FAILED, reason)
    assert report.detail
    assert not report.entries
    assert report.article is None


def test_a_feed_gives_its_entries_in_order(reports):
    report = reports["feed"]
    assert (report.outcome, report.kind, report.status) == (Outcome.OK, Kind.FEED, 200)
    assert [entry.title for entry in report.entries] == ["북한, 파병", "عاجل"]
    assert report.validators == Validators(etag='"e"')
    assert report.size > 100


@pytest.mark.parametrize("task", ["known", "modified"])
def test_a_source_that_did_not_change_costs_no_body(reports, task):
    report = reports[task]
    assert (report.outcome, report.status, report.size) == (Outcome.UNCHANGED, 304, 0)
    assert report.validators.etag == '"v1"'


def test_a_source_that_changed_gives_new_validators(reports):
    report = reports["new"]
    assert report.outcome is Outcome.OK
    assert report.validators == Validators('"v1"', "Mon, 23 Nov 2026 10:00:00 GMT")


def test_the_final_address_is_reported_after_a_redirect(reports):
    assert reports["moved"].outcome is Outcome.OK
    assert reports["moved"].url.endswith("/feed")


def test_the_time_a_server_asks_us_to_wait_is_reported(reports):
    assert reports["busy"].retry_after == 120
    assert reports["down"].retry_after == 7 * 24 * 3600


def test_an_index_is_followed_to_its_first_sitemaps_and_never_asked_whether_it_changed(reports):
    report = reports["index"]
    assert report.kind is Kind.SITEMAP
    assert [entry.url.rpartition("/")[2] for entry in report.entries] == ["0", "1", "2"]
    assert report.validators == Validators()


def test_a_page_gives_its_article(reports):
    report = reports["page"]
    assert report.outcome is Outcome.OK
    assert report.article.title == "Troops"
    assert "soldiers, ships and shells" in report.article.text


def test_a_page_with_too_much_markup_is_cut_and_says_so(reports):
    report = reports["long"]
    assert report.article.title == "Long"
    assert report.detail.startswith("only the first 150000 of")


def test_the_charset_of_the_header_counts(reports):
    assert reports["korean"].article.title == "북한군 파병"


def test_local_files_are_read_like_pages(reports):
    assert reports["file"].article.title == "From a file"
    assert reports["file"].url == "https://example.org/page"
    assert [entry.title for entry in reports["feed-file"].entries] == ["filed"]


def test_silent_and_dripping_servers_and_slow_chains_end_in_time(options, crawl):
    with site() as silent, site() as dripping, site() as chain:
        silent.put("/feed", Reply(wait=60))
        dripping.put("/feed", Reply(b"x" * 1000, drip=0.2))
        chain.put("/feed", Reply(status=302, headers={"Location": "/feed"}, wait=0.8))
        reports = crawl(
            options(silent, dripping, chain, timeout=1.0),
            Look("silent", silent.url("/feed")),
            Look("dripping", dripping.url("/feed")),
            Look("chain", chain.url("/feed"), deadline=2.0),
        )
    assert {report.reason for report in reports.values()} == {"timeout"}
    assert all(1 < report.seconds < 4 for report in reports.values())


def test_a_robots_txt_that_the_server_cannot_give_forbids_and_a_missing_one_allows(options, crawl):
    with site() as broken, site() as secret, site() as empty:
        for at, status in ((broken, 500), (secret, 403), (empty, 200)):
            at.put("/robots.txt", Reply(b"", status))
            at.feed("/feed", "a")
        sites = {"broken": broken, "secret": secret, "empty": empty}
        looks = [Look(name, at.url("/feed")) for name, at in sites.items()]
        reports = crawl(options(*sites.values()), *looks)
    assert {name: report.reason for name, report in reports.items()} == {
        "broken": "robots",
        "secret": "",
        "empty": "",
    }


def test_robots_txt_is_not_asked_when_it_need_not_be_obeyed(here, options, crawl):
    here.put("/robots.txt", Reply(b"User-agent: *\nDisallow: /\n"))
    reports = crawl(options(here, obey_robots=False), Look("one", here.feed("/feed", "a")))
    assert reports["one"].outcome is Outcome.OK
    assert here.counts["/robots.txt"] == 0
