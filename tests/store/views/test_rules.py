"""What the pages of rules are made of."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from monitor.core.models import Match, Reason, Verdict
from monitor.core.statements import Evidence, Field
from monitor.core.topic import Severity
from monitor.store.feedback import Feedback
from monitor.store.history import History
from monitor.store.views import rules
from monitor.store.views.rules import rule_lines, rule_page

WORDS = Evidence(Field.TITLE, 0, 3, "북한군", "dprk-troops")


def match(rule, pack="dprk-russia"):
    return Match(pack, "0123456789ab", rule, Severity.HIGH, 2.0, (WORDS,))


@pytest.fixture
def read(stocked, ingest, now):
    """Store a text on which rules fired, some days ago; the key of its article."""

    def read(number, *matches, days=0, reason=Reason.REPEAT, language="ko"):
        article = replace(ingest(number).article, language=language)
        at = now - timedelta(days=days)
        return (
            History(stocked)
            .ingest(
                ingest(
                    number, matches=matches, article=article, read_at=at, reason=reason, story=1, alerts=()
                )
            )
            .article
        )

    return read


def by_name(lines):
    return {(line.pack, line.rule): line for line in lines}


def test_each_rule_counts_its_hits_by_day_language_and_end(stocked, read, now):
    read(3, match("troops"), days=3, language="ru")
    read(4, match("troops"), days=3, reason=Reason.NEW_FACTS, language=None)
    read(2, match("troops"), match("arms"))
    lines = by_name(rule_lines(stocked, now))
    assert list(lines) == [("dprk-russia", "arms"), ("dprk-russia", "troops")]
    troops = lines["dprk-russia", "troops"]
    assert (troops.hits, troops.told, troops.repeated) == (4, 2, 2)
    assert troops.days == {date(2026, 11, 22): 2, date(2026, 11, 25): 2}
    assert troops.languages == {"ko": 2, "": 1, "ru": 1}
    assert troops.last_hit == now


def test_a_rule_that_has_not_fired_of_late_is_there_with_its_last_hit(stocked, read, now):
    read(2, match("arms"), days=rules.DAYS + 1)
    arms = by_name(rule_lines(stocked, now))["dprk-russia", "arms"]
    assert (arms.hits, arms.days, arms.last_hit) == (0, {}, now - timedelta(days=rules.DAYS + 1))
    never = rule_page(stocked, "dprk-russia", "nothing", now)
    assert (never.line.hits, never.line.last_hit, never.hits, never.older) == (0, None, (), None)


def test_the_rules_of_one_pack_can_be_asked_for_alone(stocked, read, now):
    read(2, match("cut", pack="cables"))
    assert list(by_name(rule_lines(stocked, now, pack="cables"))) == [("cables", "cut")]
    assert len(rule_lines(stocked, now)) == 2


def test_a_clock_that_was_set_back_loses_no_hit(stocked, read, now):
    read(2, match("troops"), days=-1)
    read(3, match("troops"))
    (line,) = rule_lines(stocked, now, days=0)
    assert line.hits == 3


def test_noise_is_the_share_of_what_readers_called_irrelevant(stocked, read, now):
    both = read(2, match("troops"), match("arms"))
    other = read(3, match("troops"))
    feedback = Feedback(stocked)
    feedback.add(
        Verdict.IRRELEVANT, article=both, now=now
    )  # the topic as a whole: each of its rules was wrong
    feedback.add(Verdict.IRRELEVANT, article=both, rule="troops", now=now)
    feedback.add(Verdict.IRRELEVANT, article=other, rule="troops", now=now - timedelta(days=rules.DAYS + 1))
    feedback.add(Verdict.MISSED, article=other, rule="arms", now=now)
    lines = by_name(rule_lines(stocked, now))
    troops, arms = lines["dprk-russia", "troops"], lines["dprk-russia", "arms"]
    assert (troops.irrelevant, troops.missed, troops.noise) == (1, 0, 1.0)
    assert (arms.irrelevant, arms.missed, arms.noise) == (1, 1, 0.5)
    assert rules.RuleLine("p", "r").noise is None


def test_the_page_of_a_rule_has_its_latest_hits_with_evidence(stocked, read, now, monkeypatch):
    monkeypatch.setattr(rules, "PAGE", 2)
    wrong = read(2, match("troops"), days=1)
    Feedback(stocked).add(Verdict.IRRELEVANT, article=wrong, rule="troops", now=now)
    last = read(3, match("troops"), match("arms"))
    page = rule_page(stocked, "dprk-russia", "troops", now)
    assert [(hit.article, hit.irrelevant, hit.reason, hit.outlet) for hit in page.hits] == [
        (last, False, Reason.REPEAT, "연합뉴스"),
        (wrong, True, Reason.REPEAT, "연합뉴스"),
    ]
    assert page.hits[0].evidence == (WORDS,)
    older = rule_page(stocked, "dprk-russia", "troops", now, before=page.older)
    assert [(hit.article, hit.reason) for hit in older.hits] == [(1, Reason.NEW_STORY)]
    assert older.older is None


def test_names_are_values_and_no_sql(stocked, now):
    page = rule_page(stocked, "x' OR '1'='1", '"; DROP TABLE matches', now)
    assert (page.line.hits, page.hits) == (0, ())


def test_a_history_without_matches_has_no_rules(db, now):
    assert rule_lines(db, now) == ()
