"""Orders and what they bring cross as bytes, whatever is in them."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.crawl.cluster import orders
from monitor.crawl.cluster.orders import (
    Brought,
    Order,
    OtherVersion,
    Run,
    read_brought,
    read_order,
    write_brought,
    write_order,
)
from spiders.items import Access, Article, CrawlReport, Look, Outcome, Read, Validators, WorkerOptions
from spiders.wire import Rules

NOW = datetime(2026, 11, 26, 7, 30, tzinfo=UTC)
ORDER = Order(
    id="order-1",
    run=Run("a service", NOW),
    issued=NOW,
    seconds=90.0,
    sites=frozenset({"a.example", "127.0.0.1:80"}),
    tasks=(
        Look("1", "https://a.example/\u2028feed", validators=Validators('"1"')),
        Read("2", "https://a.example/2"),
    ),
    options=WorkerOptions(access={"a": Access("https://a.example", {"X-Key": "secret"})}),
    rules=(Rules("https://a.example", "User-agent: *\r\nDisallow: /\n", NOW),),
)
NAMES = st.text("abcdefgh", min_size=1, max_size=8)


def test_an_order_crosses_as_it_is():
    assert read_order(write_order(ORDER)) == ORDER


@given(
    text=st.text(),
    elsewhere=st.dictionaries(NAMES, st.lists(st.text(), max_size=3).map(tuple), max_size=3),
    rests=st.dictionaries(NAMES, st.floats(0, 300), max_size=3),
    files=st.dictionaries(NAMES, st.binary(max_size=100), max_size=3),
    late=st.booleans(),
)
def test_what_an_order_brings_crosses_as_it_is(text, elsewhere, rests, files, late):
    report = CrawlReport("1", Outcome.OK, article=Article("https://a.example/", text, text))
    brought = Brought(
        "a station",
        (report, CrawlReport("2", Outcome.FAILED, "timeout", text)),
        elsewhere,
        rests,
        ORDER.rules,
        files,
        text,
        late,
    )
    assert len(fields(brought)) == 8
    assert read_brought(write_brought(brought)) == brought


def test_another_version_is_named(monkeypatch):
    there, back = write_order(ORDER), write_brought(Brought("a station"))
    monkeypatch.setattr(orders, "__version__", "9.9")
    with pytest.raises(OtherVersion, match=r"0\.1\.0"):
        read_order(there)
    with pytest.raises(OtherVersion, match=r"0\.1\.0"):
        read_brought(back)


@pytest.mark.parametrize("cut", [0, 10, 300, -5])
def test_what_is_cut_off_is_refused(cut):
    with pytest.raises((ValueError, KeyError)):
        read_order(write_order(ORDER)[:cut])
