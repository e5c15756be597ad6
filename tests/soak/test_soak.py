"""F33: the soak itself, in small; and that whoever judges it sees what grows, is lost or comes twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.store.write_ahead import LONG
from tests import programs
from tests.soak import vitals
from tests.soak.__main__ import told, twice
from tests.soak.press import Press
from tests.soak.vitals import Vitals

WELL = Vitals(0, resident=90.0, descriptors=14, threads=3, children=1, log=12_000_000, looks=0, processor=0.0)
PRESS = Press(sources=5, cycles=12)
TITLES = [piece.title for piece in PRESS.on_topic()]


def lived(count=600, **later):
    """So many cycles, and how it was in the last third of them."""
    return [
        replace(WELL, cycle=cycle, **(later if cycle >= count * 2 // 3 else {})) for cycle in range(count)
    ]


@pytest.mark.timeout(240)
def test_forty_hours_of_thirty_sources_leave_the_service_as_it_was_and_all_is_told_once():
    said = programs.said("tests.soak", "--cycles", "40", "--sources", "30")
    assert said["faults"] == []
    assert said["told"] == 17
    assert said["end"]["looks"] >= 30 * 40
    assert 0 < said["end"]["log"] <= LONG


def test_a_service_that_stays_as_it_was_is_well():
    assert list(vitals.faults(lived())) == []


def test_what_fills_at_first_and_stays_is_no_growth():
    filling = [replace(one, resident=60.0 + 0.1 * min(one.cycle, 199)) for one in lived()]
    assert list(vitals.faults(filling)) == []


def test_memory_that_grows_by_more_than_a_mebibyte_in_a_thousand_cycles_is_a_fault():
    for slope, faults in ((0.0009, 0), (0.0011, 1)):
        growing = [replace(one, resident=90.0 + slope * one.cycle) for one in lived()]
        assert vitals.growth(growing) == pytest.approx(slope * 1000)
        assert len(list(vitals.faults(growing))) == faults


@pytest.mark.parametrize("name", ["descriptors", "threads", "children"])
def test_whatever_is_held_longer_than_it_is_needed_is_a_fault(name):
    (fault,) = vitals.faults(lived(**{name: getattr(WELL, name) + 1}))
    assert fault.startswith(name)


def test_a_log_that_was_long_once_is_a_fault():
    for most, faults in ((LONG, 0), (LONG + 1, 1)):
        assert len(list(vitals.faults([replace(WELL, log=most), *lived()]))) == faults


def test_what_is_told_once_as_news_or_as_an_update_is_as_it_should_be():
    assert list(told(PRESS, [TITLES[0], *(f"Update: dockers 12 — {title}" for title in TITLES[1:])])) == []


def test_what_is_not_told_or_told_twice_is_named():
    first, _, *others = TITLES
    often, never = told(PRESS, [first, first, *others])
    assert often.endswith("told 2 times in place of 1")
    assert never.endswith("told 0 times in place of 1")
    assert list(twice(["<a>", "<b>", "<a>"])) == ["mail <a> came 2 times"]
