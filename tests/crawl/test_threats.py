"""What hostile servers and pages may try against fetching and parsing, and what comes of it.

In all of it the bad source or article alone fails, with one reason, and nothing else is lost. All threats, and where
each of them is met, are listed in docs/threats.md; certificates are test_tls's.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from spiders.items import Kind, Look, Outcome, Read
from tests.crawl.site import Reply, article, rss, site
from tests.crawl.wire_site import on_one_port, wire_site

REBINDING = (sys.executable, "-P", str(Path(__file__).with_name("rebinding_worker.py")))
GONE = b"HTTP/1.0 302 Found\r\nLocation: %s\r\n\r\n"
FEED = b"HTTP/1.0 200 OK\r\n\r\n<rss><channel><item><link>http://a.example/1</link></item></channel></rss>"

# Ways of writing an address of this machine.
HERE = [
    "127.0.0.1", "127.1", "127.0.0.2", "2130706433", "0x7f000001", "0x7f.0.0x1", "0177.0.0.1", "017700000001", "0",
    "0.0.0.0", "localhost", "LOCALHOST", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "①②⑦.⓪.⓪.①", "\uff11\uff12\uff17.0.0.1", "127。0。0。1", "[::]",
    "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[::ffff:0:127.0.0.1]",
    "[64:ff9b::127.0.0.1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]",
]  # fmt: skip
# These are names that some systems know.
PERHAPS = ["localhost.", "%31%32%37.0.0.1", "127.0.0.1.", "ip6-localhost", "127.0.0.1%00.example"]


def test_no_way_of_writing_an_address_of_this_machine_is_a_way_in(options, crawl):
    with on_one_port("127.0.0.1", "::1") as (inside, six), wire_site() as door:
        tasks = []
        for number, written in enumerate(HERE + PERHAPS):
            url = f"http://{written}:{inside.port}/"
            tasks.append(Look(f"at {written}", url))
            hop = GONE % url.encode()
            tasks.append(Look(f"to {written}", door.put(f"/{number}", hop)))
        reports = crawl(options(door, obey_robots=False), *tasks)
        found = {name: report.reason for name, report in reports.items()}
        assert inside.asked == six.asked == []
    assert {found[f"{way} {written}"] for written in HERE for way in ("at", "to")} == {
        "blocked_private_address"
    }
    assert set(found.values()) <= {"blocked_private_address", "blocked_scheme", "dns"}


MINDS = [
    ("2.1.turns.example", "/", ""),
    ("2.1.turns.example", "/", "blocked_private_address"),
    ("2.1.1.turns.example", "/hop", "blocked_private_address"),
    ("1.turns.example", "/", "blocked_private_address"),
    ("21.turns.example", "/", ""),
    ("12.turns.example", "/", ""),
    ("31.turns.example", "/", "blocked_private_address"),
]


def test_a_name_that_changes_its_mind_leads_nowhere(options, crawl):
    """DNS rebinding: the addresses are checked that are connected to, each time anew."""
    with on_one_port("127.0.0.2", "127.0.0.1") as (public, private):
        public.put("/", FEED)
        public.put("/hop", GONE % b"/next")
        looks = [
            Look(str(n), f"http://{name}:{public.port}{path}") for n, (name, path, _) in enumerate(MINDS)
        ]
        reports = crawl(options(obey_robots=False), *looks, command=REBINDING)
        assert private.asked == []
    assert [reports[look.id].reason for look in looks] == [reason for _, _, reason in MINDS]


def test_an_address_that_may_not_be_asked_is_not_asked_when_one_that_may_is_silent(options, crawl):
    with wire_site("127.0.0.1") as private:
        look = Look("1", f"http://21.turns.example:{private.port}/")
        reports = crawl(options(obey_robots=False), look, command=REBINDING)
        assert private.asked == []
    assert reports["1"].reason == "unreachable"


def test_nothing_that_a_page_embeds_or_points_to_is_fetched(here, there, options, crawl):
    inside = there.url("/inside")
    head = (
        f"<meta http-equiv=refresh content='0; url={inside}'><base href='{there.url('/')}'>"
        f"<link rel=preload href='{inside}'><link rel=stylesheet href='{inside}'><link rel=canonical href='{inside}'>"
        f"<script src='{inside}'></script><style>@import '{inside}'</style>"
    )
    body = (
        f"<iframe src='{inside}'></iframe><img src='{inside}'><img src=file:///etc/passwd><object data='{inside}'>"
        f"</object><form action='{inside}'></form><video poster='{inside}'></video>"
    )
    page = article("Bait", body).replace(b"<head>", b"<head>" + head.encode())
    xml = f"<?xml-stylesheet href='{inside}'?><!DOCTYPE rss SYSTEM '{inside}'>".encode() + rss(here, "a")
    reports = crawl(
        options(here, there),
        Read("page", here.put("/page", Reply(page, headers={"Link": f"<{inside}>; rel=preload"}))),
        Look("section", here.put("/section", Reply(page)), kind=Kind.SECTION),
        Look("feed", here.put("/feed", Reply(xml))),
    )
    assert there.hits == []
    assert reports["page"].article.title == "Bait"
    assert reports["page"].article.url == here.url("/page")
    assert [entry.url for entry in reports["feed"].entries] == [here.url("/a/0")]


def test_entries_that_lead_inside_are_not_read(here, there, options, crawl):
    links = (there.url("/inside"), "file:///etc/passwd", "http://127.1:1/", "data:text/html,x")
    items = "".join(f"<item><link>{link}</link></item>" for link in links)
    feed = here.put("/feed", Reply(f"<rss><channel>{items}</channel></rss>".encode()))
    entries = crawl(options(here), Look("feed", feed))["feed"].entries
    reports = crawl(options(here), *[Read(entry.url, entry.url) for entry in entries])
    assert {report.reason for report in reports.values()} == {"blocked_private_address"}
    assert there.hits == []


LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
INSIDE = "<!DOCTYPE x [<!ENTITY b SYSTEM '{}'>]>"


@pytest.mark.parametrize(
    "body", ["<rss><channel><item>{}</item></channel></rss>", "<urlset><url>{}</url></urlset>"]
)
def test_entities_that_expand_or_fetch_are_refused_and_nothing_is_fetched(here, there, options, crawl, body):
    attacks = [LAUGHS, INSIDE.format(there.url("/inside")), INSIDE.format("file:///etc/passwd")]
    looks = [
        Look(str(n), here.put(f"/{n}", Reply((attack + body.format("<title>&b;</title>")).encode())))
        for n, attack in enumerate(attacks)
    ]
    reports = crawl(options(here), *looks)
    assert {report.reason for report in reports.values()} == {"unsafe_xml"}
    assert there.hits == []


def test_a_page_that_keeps_its_parser_busy_costs_that_article_alone(here, there, options, crawl):
    attributes = " ".join(f"a{n}=1" for n in range(150_000))
    bomb = here.put("/bomb", Reply(f"<html><body><p {attributes}>x</p></body></html>".encode()))
    fine = [Read(f"fine {n}", there.put(f"/{n}", Reply(article(f"Page {n}")))) for n in range(3)]
    later = Read("later", here.put("/later", Reply(article("Later"))))
    reports = crawl(options(here, there), Read("bomb", bomb, deadline=2.0), *fine, later)
    assert (reports.pop("bomb").reason, len(reports)) == ("deadline", 4)
    assert {report.outcome for report in reports.values()} == {Outcome.OK}


def sitemap(name: str, *addresses: str) -> Reply:
    outer, inner = {"index": ("sitemapindex", "sitemap"), "news": ("urlset", "url")}[name]
    listed = "".join(f"<{inner}><loc>{address}</loc></{inner}>" for address in addresses)
    return Reply(f"<{outer}>{listed}</{outer}>".encode(), headers={"Content-Type": "application/xml"})


def test_sitemaps_of_sitemaps_and_floods_of_entries_are_read_to_a_limit(here, there, options, crawl):
    many = [here.url(f"/child-{n}") for n in range(500)]
    for child in many:
        here.pages[child.removeprefix(f"http://{here.host}")] = sitemap("index", *many)
    mixed = [there.url("/away"), here.url("/news"), here.url("/index")]
    here.put("/news", sitemap("news", *[here.url(f"/a/{n}") for n in range(1500)]))
    items = "".join(f"<item><link>/b/{n}</link></item>" for n in range(1500))
    links = "".join(f"<a href='/c/2026/11/25/{n}'>The {n}th of the stories of today</a>" for n in range(1500))
    reports = crawl(
        options(here, there),
        Look("index", here.put("/index", sitemap("index", *many))),
        Look("mixed", here.put("/mixed", sitemap("index", *mixed))),
        Look("news", here.url("/news")),
        Look("feed", here.put("/feed", Reply(f"<rss><channel>{items}</channel></rss>".encode()))),
        Look("section", here.put("/section", Reply(f"<body>{links}<a rel=next href=/section?2>".encode()))),
    )
    assert {name: (report.reason, len(report.entries)) for name, report in reports.items()} == {
        "index": ("no_entries", 0),
        "mixed": ("", 1000),
        "news": ("", 1000),
        "feed": ("", 1000),
        "section": ("", 1000),
    }
    assert sum(path.startswith("/child") for path in here.counts) == 3
    assert here.counts["/index"] == 2
    assert there.hits == []


def test_a_flood_of_new_entries_at_each_look_is_a_thousand_new_ones_and_no_more(here, options, crawl):
    looks = []
    for look in range(3):
        items = "".join(f"<item><guid>{look}-{n}</guid><link>/{look}/{n}</link></item>" for n in range(1100))
        feed = f"<rss><channel>{items}</channel></rss>".encode()
        looks.append(Look(str(look), here.put(f"/feed-{look}", Reply(feed))))
    reports = crawl(options(here), *looks)
    found = {entry.url for report in reports.values() for entry in report.entries}
    assert len(found) == 3000


def test_nothing_that_one_origin_gave_goes_to_another(here, there, options, crawl):
    cookie = {"Set-Cookie": "id=canary; Path=/; Domain=127.0.0.1", "WWW-Authenticate": "Basic realm=x"}
    hop = {**cookie, "Location": there.url("/feed?x")}
    here.put("/robots.txt", Reply(b"", headers=cookie))
    there.put("/feed?x", Reply(rss(there, "a"), headers=cookie))
    for status in (301, 302, 303, 307, 308):
        here.put(f"/{status}", Reply(b"canary", status, hop))
    looks = [Look(str(status), here.url(f"/{status}")) for status in (301, 302, 303, 307, 308)]
    with_password = Look("password", f"http://user:canary@{here.host}/301")
    reports = crawl(options(here, there), *looks, with_password)
    assert (reports.pop("password").reason, len(there.hits)) == ("blocked_scheme", 6)
    assert {report.outcome for report in reports.values()} == {Outcome.OK}
    for hit in (*here.hits, *there.hits):
        assert not {"cookie", "authorization", "referer", "origin"} & set(hit.headers)
        assert "canary" not in f"{hit.path}{hit.headers}"


def test_a_certificate_of_one_host_says_nothing_about_another(options, crawl):
    """A plain server where encryption was expected."""
    with site() as plain:
        reports = crawl(options(plain), Look("1", f"https://{plain.host}/feed"))
    assert reports["1"].reason in {"tls", "unreachable"}
    assert plain.hits == []
