"""Was something missed between two looks, and where is it found?"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.sources.catchup import Gap, first_page, leaves_gap, reaches, search
from spiders.items import CrawlReport, Entry, Kind, Outcome

SINCE = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
AT = SINCE + timedelta(hours=8)
SITE = "https://a.example"
FEED = f"{SITE}/feed/"
KNOWN = {f"{SITE}/{n}": SINCE - timedelta(hours=20 - n) for n in range(1, 11)}
KNOWN[""] = max(KNOWN.values())


def listed(*numbers, published=None):
    return tuple(Entry(f"{SITE}/{n}", published=published) for n in numbers)


def gap(page=f"{FEED}?paged=2", **changes):
    return replace(Gap(1, "a", FEED, Kind.FEED, None, SINCE, AT, page), **changes)


def page(*numbers, published=None, **changes):
    return replace(CrawlReport("t", Outcome.OK, entries=listed(*numbers, published=published)), **changes)


def test_a_list_that_shares_nothing_with_what_is_known_leaves_a_gap():
    assert leaves_gap(listed(*range(31, 41)), KNOWN, SINCE)
    assert not leaves_gap(listed(*range(31, 38), 8, 9, 10), KNOWN, SINCE)
    assert not leaves_gap(listed(*range(31, 41)), {}, SINCE), "nothing is known of the source yet"
    assert not leaves_gap(listed(31, 32), KNOWN, SINCE), "a list of two may be new each time"


def test_an_entry_that_is_pinned_to_the_top_bridges_no_gap_but_the_latest_one_does():
    assert leaves_gap(listed(1, *range(31, 40)), KNOWN, SINCE)
    assert not leaves_gap(listed(*range(31, 40), 10), KNOWN, SINCE)


def test_a_list_of_new_addresses_whose_dates_go_back_leaves_no_gap():
    moved = listed(*range(31, 36)) + listed(*range(41, 46), published=SINCE - timedelta(days=1))
    assert not leaves_gap(moved, KNOWN, SINCE)
    assert reaches(moved, KNOWN, SINCE)


@pytest.mark.parametrize(
    ("url", "kind", "older", "page"),
    [
        (FEED, Kind.FEED, f"{SITE}/archive/7.xml", f"{SITE}/archive/7.xml"),
        (FEED, Kind.FEED, "https://elsewhere.example/7.xml", f"{FEED}?paged=2"),
        (f"{FEED}?lang=ko&paged=1", Kind.FEED, "", f"{FEED}?lang=ko&paged=2"),
        (f"{SITE}/news", Kind.SECTION, "", f"{SITE}/news?page=2"),
        (f"{SITE}/sitemap.xml", Kind.SITEMAP, "", None),
        (f"{SITE}/sitemap.xml", Kind.SITEMAP, f"{SITE}/sitemap-2.xml", f"{SITE}/sitemap-2.xml"),
    ],
)
def test_the_archive_is_where_the_source_says_or_where_most_have_it(url, kind, older, page):
    assert first_page(url, kind, older) == page


def test_a_search_ends_when_it_comes_back_to_what_is_known():
    found = search(gap(), page(28, 29, 30, 10, 9, 8, 7), KNOWN)
    assert (found.entries, found.closed, found.page) == (listed(28, 29, 30), True, None)


def test_a_search_goes_on_page_by_page():
    found = search(gap(), page(21, 22, 23), KNOWN)
    assert (found.entries, found.closed, found.page) == (listed(21, 22, 23), False, f"{FEED}?paged=3")
    found = search(gap(page=f"{FEED}?paged=3"), page(21, older=f"{SITE}/older"), KNOWN)
    assert found.page == f"{SITE}/older"


def test_a_server_that_takes_no_notice_of_the_page_is_asked_in_another_way():
    first = KNOWN | {f"{SITE}/{n}": AT for n in range(31, 40)}
    again = page(1, *range(31, 40))  # with an entry that is pinned to the top
    assert search(gap(), replace(again, entries=listed(*range(31, 40))), first).page == f"{FEED}?page=2"
    lost = search(gap(page=f"{FEED}?page=2"), replace(again, entries=listed(*range(31, 40))), first)
    assert (lost.page, lost.closed, lost.entries) == (None, False, ())


def test_what_is_pinned_closes_no_gap():
    first = KNOWN | {f"{SITE}/{n}": AT for n in range(31, 40)}
    found = search(gap(), page(1, *range(31, 40)), first)
    assert (found.closed, found.page) == (False, f"{FEED}?page=2")


def test_an_archive_that_fails_is_asked_in_another_way_and_then_given_up():
    failed = CrawlReport("t", Outcome.FAILED, "http_404")
    assert search(gap(), failed, KNOWN).page == f"{FEED}?page=2"
    assert search(gap(page=f"{FEED}?page=2"), failed, KNOWN).page is None
    assert search(gap(page=f"{FEED}?paged=3"), failed, KNOWN).page is None
    assert search(gap(page=f"{SITE}/older"), failed, KNOWN).page == f"{FEED}?paged=2"


def test_a_search_is_bounded():
    assert search(gap(page=f"{FEED}?paged=6", pages=4), page(21), KNOWN).page is None
    many = search(gap(found=150), page(*range(100, 200)), KNOWN)
    assert (len(many.entries), many.page) == (50, None)


def test_what_is_older_than_the_look_before_was_not_missed():
    old = listed(50, 51, published=SINCE - timedelta(days=3))
    found = search(gap(), replace(page(), entries=listed(28, published=SINCE) + old), KNOWN)
    assert (found.entries, found.closed) == (listed(28, published=SINCE), True)
    below = search(gap(), page(28, 10, 60, 61), KNOWN)
    assert below.entries == listed(28), "what stands below a known entry, without a date, is older"
