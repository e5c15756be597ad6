from __future__ import annotations

import pytest

from monitor.core.sources.refusals import advice
from spiders.items import CrawlReport, Kind, Outcome


def said(reason: str, kind: Kind | None = None, *, contact: bool = False) -> str:
    return "\n".join(advice(CrawlReport("x", Outcome.FAILED, reason), kind, contact=contact))


def test_a_refused_page_leads_to_a_feed_and_a_refused_feed_to_a_sitemap():
    assert "a feed or a news sitemap" in said("http_403", Kind.SECTION)
    assert "a news sitemap or a section page" in said("http_403", Kind.FEED)
    for hint in ("`delay`", "data centres", "`contact`"):
        assert hint in said("http_403")


def test_nobody_is_asked_to_give_a_contact_twice():
    assert "`contact`" not in said("http_403", contact=True)


def test_a_site_that_counts_requests_is_asked_less_often():
    assert "`delay`" in said("http_429")
    assert "data centres" not in said("http_429")


def test_who_wants_a_login_can_be_given_one():
    assert said("http_401").startswith("it wants a login")
    assert "login" not in said("http_403")
    assert said("http_407") == "its proxy wants a login: declare it as http://user:password@host:port"


def test_robots_txt_is_not_to_be_evaded():
    assert "robots.txt" in said("robots")
    assert "obey" not in said("robots")


@pytest.mark.parametrize("reason", ["", "dns", "http_404", "http_500", "not_a_source"])
def test_what_is_no_refusal_needs_no_advice(reason):
    assert said(reason) == ""
