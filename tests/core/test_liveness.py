from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.liveness import (
    Due,
    Motion,
    Stage,
    Symptom,
    SymptomKind,
    Vitals,
    alive,
    judge,
    ready,
    stalled,
    stuck,
)

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
LONG_AWAKE = NOW - timedelta(days=1)


def ago(**period):
    return NOW - timedelta(**period)


def vitals(**found):
    return Vitals(**{"now": NOW, "awake": LONG_AWAKE, **found})


@pytest.mark.parametrize(
    "found",
    [
        {},
        {"look": Due("bbc", ago(minutes=15)), "delivery": ago(minutes=15)},
        {"silent": {"watch": timedelta(minutes=2)}},
        {"look": Due("bbc", ago(hours=9)), "delivery": ago(hours=9), "awake": ago(minutes=5)},
    ],
)
def test_a_service_that_does_its_work_is_well(found):
    assert judge(vitals(**found)) == ()


@pytest.mark.parametrize(
    ("found", "says"),
    [
        ({"fault": "the disk is full"}, "history_unwritable: the disk is full"),
        (
            {"look": Due("bbc", ago(minutes=16))},
            "looks_overdue: bbc is to be looked at since 2026-11-25 11:44 UTC",
        ),
        (
            {"delivery": ago(minutes=16)},
            "deliveries_overdue: a delivery could leave since 2026-11-25 11:44 UTC and was not tried",
        ),
        ({"silent": {"watch": timedelta(seconds=121)}}, "ticks_missing: watch has not run for 121 s"),
    ],
)
def test_a_service_that_stands_still_says_where(found, says):
    assert list(map(str, judge(vitals(**found)))) == [says]


def test_every_symptom_is_named_and_what_others_found_as_well():
    more = Symptom(SymptomKind.TICKS, "of another kind")
    found = judge(
        vitals(
            fault="the disk is full",
            look=Due("bbc", ago(hours=1)),
            delivery=ago(hours=1),
            silent={"watch": timedelta(hours=1), "deliver": timedelta()},
        ),
        [more],
    )
    assert [str(symptom.kind) for symptom in found] == [
        "history_unwritable",
        "looks_overdue",
        "deliveries_overdue",
        "ticks_missing",
        "ticks_missing",
    ]
    assert found[-1] is more


@pytest.mark.parametrize(
    ("found", "done"),
    [
        ({}, True),
        ({"look": Due("bbc", ago(minutes=4))}, True),
        ({"look": Due("bbc", ago(minutes=5))}, False),
        ({"delivery": ago(minutes=4)}, True),
        ({"delivery": ago(minutes=5)}, False),
        ({"fault": "the disk is full"}, False),
    ],
)
def test_a_cycle_is_done_when_what_was_due_at_its_begin_is(found, done):
    assert vitals(**found).done(ago(minutes=5)) is done


MOMENT, LONG = timedelta(seconds=30), timedelta(seconds=31)


@pytest.mark.parametrize(
    ("stage", "turned", "says"),
    [
        (Stage.RUNNING, MOMENT, ()),
        (Stage.RUNNING, LONG, ("loop_stands_still: nothing has run for 31 s",)),
        (Stage.STARTING, LONG, ()),
        (Stage.ENDING, LONG, ()),
    ],
)
def test_a_service_whose_parts_run_is_alive(stage, turned, says):
    assert tuple(map(str, alive(stage, turned))) == says


@pytest.mark.parametrize(
    ("stage", "turned", "found", "kinds"),
    [
        (Stage.RUNNING, MOMENT, {}, []),
        (Stage.STARTING, MOMENT, {}, [SymptomKind.STARTING]),
        (Stage.ENDING, LONG, {"fault": "the disk is full"}, [SymptomKind.ENDING]),
        (Stage.RUNNING, LONG, {"fault": "the disk is full"}, [SymptomKind.LOOP, SymptomKind.HISTORY]),
        (Stage.RUNNING, MOMENT, {"silent": {"watch": timedelta(hours=1)}}, [SymptomKind.TICKS]),
    ],
)
def test_a_service_is_ready_once_it_watches_and_while_nothing_hinders_it(stage, turned, found, kinds):
    assert [symptom.kind for symptom in ready(stage, turned, vitals(**found))] == kinds


def test_a_tick_stands_still_when_it_has_not_ended_for_longer_than_the_patience_and_two_of_its_turns():
    every = {"often": timedelta(seconds=1), "rarely": timedelta(seconds=10)}
    silent = {"often": timedelta(seconds=5), "rarely": timedelta(seconds=20)}
    assert stalled(silent, every, timedelta(seconds=5)) == ()
    longer = {name: since + timedelta(seconds=0.1) for name, since in silent.items()}
    assert stalled(longer, every, timedelta(seconds=5)) == ("often", "rarely")
    assert stalled(longer, every, timedelta(seconds=30)) == ()


def test_work_moves_whenever_more_of_it_is_done_or_none_is_in_hand():
    idle = Motion(None, 0.0)
    assert idle.seen(None, 9.0) == Motion(None, 9.0)
    assert idle.seen(4, 9.0) == Motion(4, 9.0)
    assert Motion(4, 9.0).seen(4, 99.0) == Motion(4, 9.0), "it stands still since then"
    assert Motion(4, 9.0).seen(5, 99.0) == Motion(5, 99.0)


def test_each_work_has_a_patience_of_its_own():
    motions = {"slow": Motion(1, 0.0), "quick": Motion(1, 0.0)}
    patience = {"slow": timedelta(minutes=2), "quick": timedelta(minutes=1)}
    assert stuck(motions, patience, 60.0) == ()
    assert stuck(motions, patience, 61.0) == ("quick",)
    assert stuck(motions, patience, 121.0) == ("slow", "quick")
