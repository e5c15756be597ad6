"""What a number of sources takes follows from what was measured, and grows as it must."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.bench.cost_model import (
    ASKED,
    DAY,
    INTERVALS,
    SOURCES,
    Missing,
    Work,
    basis,
    costs,
    first,
    limits,
    needs,
)
from tests.bench.figures import Finding, Kept, machine, told
from tests.bench.figures_page import page

# Round numbers, so that results can be worked out by head; none of them was measured.
ROUND = dict.fromkeys(ASKED, 1.0) | {
    "worker_unchanged_ms": 2.0,
    "worker_changed_ms": 10.0,
    "worker_article_ms": 20.0,
    "articles_per_look": 0.1,
    "articles_per_change": 2.0,
    "tasks_per_order": 50.0,
    "look_bytes": 100.0,
    "article_base_bytes": 2_000.0,
    "text_factor": 2.0,
    "address_bytes": 200.0,
    "unchanged_bytes": 1_000.0,
    "changed_bytes": 10_000.0,
    "article_bytes": 100_000.0,
    "service_mb": 100.0,
    "worker_mb": 100.0,
    "station_mb": 50.0,
    "source_kb": 4.0,
}


# Of these, nothing is used up.
CHEAP = {"article_base_bytes": 1.0, "text_factor": 0.0, "address_bytes": 1.0, "look_bytes": 1.0}


def kept(**figures):
    found = Finding("round", "Round numbers", (), figures=ROUND | figures)
    return {"round": Kept("2026-11-26", "python -m round", machine(), found)}


def cells(sheet, name):
    (found,) = [row for row in sheet.rows if row.name.startswith(name)]
    return found.values


@pytest.fixture
def known():
    return costs(kept())


def test_what_is_published_is_read_however_often_it_is_looked_for(known):
    often, usual, seldom = (known.work(900, minutes) for minutes in (5, 15, 60))
    assert (usual.looks, usual.articles, usual.changed) == pytest.approx((1.0, 0.1, 0.05))
    assert often.looks == pytest.approx(3.0)
    assert often.articles == usual.articles == seldom.articles
    assert often.changed == usual.changed == seldom.changed


def test_no_more_looks_find_something_than_there_are(known):
    rare = known.work(900, 60 * 24)
    assert rare.unchanged == 0
    assert rare.changed == rare.looks


def test_each_cost_counts_where_it_arises(known):
    assert known.worker.of(Work(1, 0, 0)) == 2
    assert known.worker.of(Work(10, 2, 3)) == 20 + 20 + 60
    assert known.coordinator.unchanged == 1 + 1 / 50


def test_the_table_can_be_worked_out_by_head(known):
    sheet = needs(known, 15)
    looks = [sources / 900 for sources in SOURCES]
    assert cells(sheet, "looks") == pytest.approx(looks)
    assert cells(sheet, "articles") == pytest.approx([each * 0.1 * DAY for each in looks])
    assert cells(sheet, "reading") == pytest.approx(
        [each * (0.95 * 2 + 0.05 * 10 + 0.1 * 20) / 1000 for each in looks]
    )
    assert cells(sheet, "crawl workers") == (1, 1, 7)
    assert cells(sheet, "memory of these") == pytest.approx((0.15, 0.15, 1.05))
    assert cells(sheet, "memory of the service") == pytest.approx((0.104, 0.5, 4.1))
    assert cells(sheet, "from the web") == pytest.approx(
        [each * (0.95 * 1e3 + 0.05 * 1e4 + 0.1 * 1e5) * 8 / 1e6 for each in looks]
    )


def test_a_history_grows_until_what_comes_goes(known):
    daily, yearly = (cells(needs(known, 15), name)[0] for name in ("history, new", "history after"))
    looks = 1000 / 900 * DAY
    assert daily * 1e9 == pytest.approx(looks * 100 + looks * 0.1 * 10_200)
    assert yearly * 1e9 == pytest.approx(
        60 * looks * 100 + looks * 0.1 * (90 * 10_000 + 365 * 200) + 1000 * ROUND["source_bytes"]
    )


@pytest.mark.parametrize("minutes", INTERVALS)
def test_more_sources_take_more_of_everything(known, minutes):
    for row in needs(known, minutes).rows:
        assert list(row.values) == sorted(row.values), row.name


@pytest.mark.parametrize(
    ("costly", "named"),
    [
        ({"coordinator_look_ms": 50.0}, "its one thread"),
        ({"commit_ms": 50.0}, "its one thread"),
        ({"source_kb": 5_000.0}, "memory"),
        ({"article_base_bytes": 1e6}, "a disk"),
    ],
)
def test_what_is_used_up_first_is_named(costly, named):
    known = costs(kept(**CHEAP | costly))
    assert f"used up first is {named}" in first(known)
    lowest = min(limits(known).rows, key=lambda row: row.values[0])
    assert lowest.name.startswith(named)
    assert f"at about {told(lowest.values[0])} sources" in first(known)


def test_one_thread_works_and_waits(known):
    names = ("its one thread", "of this, by what it works", "of this, by how it waits")
    both, core, disk = (cells(limits(known), name)[0] for name in names)
    assert 1 / both == pytest.approx(1 / core + 1 / disk, rel=0.05)


def test_seldom_looks_leave_room_for_more_sources(known):
    usual, often, seldom = cells(limits(known), "its one thread")
    assert often < usual < seldom


def test_what_nobody_measured_is_asked_for():
    lacking = kept()["round"]
    figures = {name: value for name, value in ROUND.items() if name != "order_ms"}
    lacking = {"round": replace(lacking, finding=replace(lacking.finding, figures=figures))}
    with pytest.raises(Missing, match="order_ms"):
        costs(lacking)
    empty = "<!-- measured: cost -->\n<!-- end of measured -->"
    assert "nothing has measured: order_ms." in page(empty, lacking)


def test_the_page_says_of_what_it_was_computed():
    said = page("<!-- measured: cost -->\n<!-- end of measured -->", kept())
    assert "`round` (2026-11-26; " in basis(kept())
    assert basis(kept()) in said
    assert said.count("| looks, a second |") == len(INTERVALS)
    assert "1,000,000 sources" in said
