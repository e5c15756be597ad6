"""Packs on trial decide as the running service does, and leave no trace."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.grammar import parse
from monitor.core.models import AlertKind, Reason
from monitor.core.reading import Origin
from monitor.jobs.counting import Count, RuleCount
from monitor.jobs.laboratory import Kind, Sample, backtest, compare, from_history, from_lines, stored_samples
from monitor.jobs.replay import read_texts
from monitor.store.archive import Archive
from monitor.store.database import open_history
from spiders.items import Article

START = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
MONTH = 30 * 24 * 60  # minutes: longer than a story stays open
TIES = "North Korea and Russia sign a deal"


def sample(number, title, text="", **changes):
    at = START + timedelta(minutes=number)
    return replace(
        Sample(number, Article(f"https://a.example/{number}", title, text, "en", at), at), **changes
    )


def changed(pack, condition):
    """The pack with another condition, as an edit of its file would give it."""
    query = parse(condition, pack.concepts, {}, lambda _: "test")
    return replace(pack, version="abcdef012345", rules=(replace(pack.rules[0], query=query),))


def test_a_backtest_gives_the_alerts_that_the_service_gave(make_ingestor, take, pack, path, clock):
    ingestor = make_ingestor()
    given = []
    for title in (
        TIES,
        "Weather",
        "Russia and North Korea: 10,000 soldiers",
        "North Korea, Russia: 10,000 soldiers",
        TIES,
    ):
        clock.forward(minutes=1)
        given.append(take(ingestor, title))
    with stored_samples(path) as (samples, total):
        found = list(backtest(samples, pack))
    assert total == len(found) == 5
    told = [
        (outcome.reason, outcome.alert) if outcome else (Reason.NO_RULE_MATCHED, None) for _, outcome in found
    ]
    assert told == [
        (taken.ingest.reason, taken.ingest.alerts[0].kind if taken.ingest.alerts else None) for taken in given
    ]
    assert told[0] == (Reason.NEW_STORY, AlertKind.NEW)


def test_a_backtest_stores_nothing(make_ingestor, take, pack, path):
    take(make_ingestor(), TIES)
    before = path.read_bytes()
    with stored_samples(path) as (samples, _):
        list(backtest(samples, pack))
    assert path.read_bytes() == before


def test_what_was_there_at_the_first_look_is_told_no_later_either(pack):
    old = sample(1, TIES, baseline=True)
    old = replace(old, article=replace(old.article, published=START - timedelta(days=3)))
    ((_, outcome),) = backtest([old], pack)
    assert (outcome.reason, outcome.alert) == (Reason.BASELINE, None)


def test_a_window_of_time_is_read(make_ingestor, take, pack, path, clock):
    ingestor = make_ingestor()
    for _ in range(4):
        take(ingestor, TIES)
        clock.forward(hours=1)
    with stored_samples(path, START + timedelta(hours=1), START + timedelta(hours=3)) as (samples, total):
        assert (len(list(samples)), total) == (2, 2)


def test_stored_texts_keep_their_source_and_its_tags(make_ingestor, take, path):
    take(make_ingestor(), TIES)
    with closing(open_history(path)) as db:
        (one,) = from_history(Archive(db).texts())
    assert (one.origin, one.at, one.baseline) == (Origin("a"), START, False)


def test_conditions_see_where_a_text_came_from(pack):
    texts = [sample(1, TIES, origin=Origin("a", ("wire",))), sample(2, TIES, origin=Origin("b"))]
    found = backtest(texts, changed(pack, "dprk AND source:wire"))
    assert [outcome is not None for _, outcome in found] == [True, False]


def test_lines_come_in_the_order_of_publication():
    rows = [
        '{"id": 1, "title": "b", "published": "2026-11-25", "label": "relevant", "source": "wire-en"}',
        '{"id": 2, "title": "c", "label": "borderline"}',
        '{"id": 3, "title": "a", "published": "2026-11-24", "label": "not-relevant"}',
        '{"id": 4, "title": "later", "published": "2030-01-01", "label": "not_relevant"}',
    ]
    samples = from_lines(list(read_texts(rows, "test")), START)
    assert [one.id for one in samples] == [3, 1, 2, 4]
    assert [one.relevant for one in samples] == [False, True, None, False]
    assert samples[1].origin == Origin("wire-en")
    assert samples[-1].at == START


def test_two_packs_are_compared_text_by_text(pack):
    texts = [
        sample(1, TIES),
        sample(1 * MONTH, "Russia counts shells in Kursk"),
        sample(2 * MONTH, "North Korea shells an island"),
        sample(3 * MONTH, "Weather"),
    ]
    old = changed(pack, "dprk")
    new = changed(pack, "russia")
    new = replace(new, rules=(replace(new.rules[0], name="neighbours"),))
    pairs = list(compare(texts, old, new))
    assert [pair.kind for pair in pairs] == [Kind.RETOLD, Kind.GAINED, Kind.LOST, None]
    assert pairs[0].before.rule == "ties"
    assert pairs[0].after.rule == "neighbours"
    assert pairs[2].after is None


def test_a_pack_compared_with_itself_changes_nothing(pack):
    texts = [sample(number, title) for number, title in enumerate((TIES, "Weather", TIES))]
    assert {pair.kind for pair in compare(texts, pack, pack)} == {None}


def test_what_happens_is_counted_by_rule_and_day(pack):
    count = Count({"ties": RuleCount(), "idle": RuleCount()})
    texts = [
        sample(1, TIES, relevant=True),
        sample(2, TIES, relevant=False),
        sample(3, "Moscow sends flour to Pyongyang", relevant=True),
        sample(60 * 24, "Weather", relevant=False),
        sample(60 * 24 + 1, "Weather"),
    ]
    for one, outcome in backtest(texts, pack):
        count.add(one, outcome)
    ties = count.rules["ties"]
    assert (ties.matches, ties.alone, ties.alerts, dict(ties.languages)) == (2, 2, 1, {"en": 2})
    assert [one.id for one in ties.examples] == [1, 2]
    assert count.rules["idle"] == RuleCount()
    assert (count.texts, count.matched, dict(count.alerts)) == (5, 2, {"new": 1})
    assert count.days == {START.date(): [2, 1]}
    assert (count.first, count.last) == (START.date(), START.date() + timedelta(days=1))
    assert (count.labelled, count.right) == (4, 1)
    assert [one.id for one in count.wrong] == [2]
    assert [one.id for one in count.missed] == [3]
    assert (count.precision, count.recall) == (0.5, 0.5)


def test_shares_of_nothing_are_not_known():
    count = Count({})
    assert (count.precision, count.recall) == (None, None)


@pytest.mark.parametrize("days", [1, 20])
def test_a_story_that_ended_is_new_again(pack, days):
    later = START + timedelta(days=days)
    texts = [
        sample(1, TIES),
        replace(sample(2, TIES), at=later, article=replace(sample(2, TIES).article, published=later)),
    ]
    told = [outcome.alert for _, outcome in backtest(texts, pack)]
    assert told == [AlertKind.NEW, AlertKind.NEW if days > 14 else None]
