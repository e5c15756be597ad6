from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.delivery.bundling import GATHER
from monitor.core.delivery.deliveries import DeliveryState, Recipient
from monitor.core.models import AlertKind, AlertPlan, EntryState, Ingest, Match, Reason, Remembered
from monitor.core.statements import Evidence, Fact, FactKind, Field, Novelty
from monitor.core.topic import Severity
from monitor.store.database import check, open_history, rows
from monitor.store.history import History
from monitor.store.ledger import Ledger
from spiders.items import Article


@pytest.fixture
def history(stocked):
    """A history that holds one article on topic, with its alert."""
    return History(stocked)


def count(db, table):
    return rows(db, f"SELECT count(*) AS many FROM {table}")[0]["many"]


def test_an_article_is_stored_with_all_that_follows_from_it(db, history, ingest, now):
    first = ingest(1)
    assert history.remembered(now) == (
        Remembered(1, 1, "dprk-russia", "yonhap-ko", first.article, now, ("chat", "mail")),
    )
    alert = Ledger(db).alert(1)
    assert alert.article == first.article
    assert alert.evidence == first.matches[0].evidence
    assert alert.new == first.alerts[0].new
    assert (alert.rules, alert.severity, alert.pack) == (("troops",), Severity.URGENT, "dprk-russia")
    assert (alert.source, alert.story_title) == ("연합뉴스", first.article.title)
    assert [count(db, table) for table in ("revisions", "evidence", "facts", "novelties", "deliveries")] == [
        1,
        1,
        2,
        1,
        2,
    ]
    assert check(db) == ()


def test_offsets_point_at_the_evidence_in_the_stored_text(db, history):
    alert = Ledger(db).alert(1)
    for words in (*alert.evidence, *(new.fact.evidence for new in alert.new)):
        text = alert.article.title if words.field is Field.TITLE else alert.article.text
        assert text[words.start : words.end] == words.text


def test_an_entry_that_was_read_is_read_no_more(db, history, now):
    states = {row["url"][-1]: row for row in rows(db, "SELECT * FROM entries")}
    assert states["1"]["state"] == EntryState.READ
    assert states["1"]["reason"] == Reason.NEW_STORY
    assert states["1"]["article"] == 1
    assert states["2"]["state"] == EntryState.TO_READ


def test_an_article_off_topic_is_kept_with_its_reason_and_without_a_story(history, ingest, now):
    plain = ingest(2, matches=(), facts=(), alerts=(), reason=Reason.NO_RULE_MATCHED)
    stored = history.ingest(plain)
    assert (stored.story, stored.alerts) == (None, ())
    assert [one.id for one in history.remembered(now)] == [1]
    assert history.summary().articles == 2
    assert history.summary().relevant == 1


def test_a_known_story_goes_on(db, history, ingest, now):
    later = now + timedelta(hours=2)
    plan = replace(ingest(2).alerts[0], kind=AlertKind.UPDATE, reason=Reason.NEW_FACTS)
    more = ingest(2, story=1, read_at=later, source="tass-ru", alerts=(plan,))
    more = replace(more, article=replace(more.article, language="ru"))
    stored = history.ingest(more)
    assert stored.story == 1
    alert = Ledger(db).alert(stored.alerts[0])
    assert (alert.kind, alert.reason) == (AlertKind.UPDATE, Reason.NEW_FACTS)
    assert (alert.outlets, alert.languages) == (2, ("ko", "ru"))
    assert (alert.source, alert.story_title) == ("ТАСС", ingest(1).article.title)
    assert rows(db, "SELECT last_at FROM stories") == [{"last_at": "2026-11-25T08:30:00.000000Z"}]
    assert [one.id for one in history.remembered(now)] == [1, stored.article]
    told_before = [one.id for one in history.remembered(now + timedelta(hours=1))]
    assert told_before == [1, stored.article]  # it is known as long as its story is open
    assert history.remembered(later + timedelta(hours=1)) == ()


def test_two_rules_are_named_by_severity_and_their_evidence_once(db, history, ingest):
    low, high = (
        replace(ingest(2).matches[0], rule=rule, severity=level)
        for rule, level in (
            ("mention", Severity.LOW),
            ("deployment", Severity.HIGH),
        )
    )
    body = Evidence(Field.BODY, 5, 8, "북한군", "dprk-troops")
    stored = history.ingest(ingest(2, matches=(replace(low, evidence=(body, *low.evidence)), high)))
    alert = Ledger(db).alert(stored.alerts[0])
    assert alert.rules == ("deployment", "mention")
    assert alert.severity is Severity.HIGH
    assert alert.evidence == (*high.evidence, body)


def test_the_same_text_again_adds_no_revision_and_keeps_its_reason(db, history, ingest, now):
    again = ingest(1, entry="https://yonhap-ko.example/2", reason=Reason.REPEAT, story=1, alerts=())
    stored = history.ingest(replace(again, read_at=now + timedelta(hours=1)))
    assert (stored.article, stored.story) == (1, 1)
    for table, many in (("articles", 1), ("revisions", 1), ("matches", 1), ("evidence", 1), ("facts", 2)):
        assert count(db, table) == many, table
    assert rows(db, "SELECT reason FROM articles") == [{"reason": "new_story"}]
    assert rows(db, "SELECT reason, state FROM entries WHERE url LIKE '%/2'") == [
        {"reason": "repeat", "state": "read"}
    ]


def test_a_changed_text_is_a_new_revision_and_both_are_remembered(db, history, ingest, now):
    later = now + timedelta(hours=1)
    first = ingest(1)
    changed = replace(first.article, title="북한군 1만5천명", text="수정", author=None)
    stored = history.ingest(
        ingest(1, article=changed, read_at=later, story=1, alerts=(), reason=Reason.REPEAT)
    )
    assert stored.article == 1
    one, two = history.remembered(now)
    assert (one.id, one.article.title, one.told) == (1, first.article.title, ("chat", "mail"))
    assert (two.id, two.article, two.told) == (1, changed, ())
    assert Ledger(db).alert(1).article.text == first.article.text  # what alerted, not what stands there now
    assert rows(db, "SELECT title, reason, changed_at FROM articles") == [
        {"title": "북한군 1만5천명", "reason": "repeat", "changed_at": "2026-11-25T07:30:00.000000Z"}
    ]


def test_a_text_that_returns_to_an_older_version_is_a_revision_too(db, history, ingest):
    first = ingest(1)
    for text in ("수정", first.article.text):
        history.ingest(ingest(1, article=replace(first.article, text=text), story=1, alerts=()))
    assert count(db, "revisions") == 3


def test_what_no_source_listed_can_be_stored_too(db, ingest):
    stored = History(db).ingest(ingest(7, source="replay", entry="file:7"))
    assert Ledger(db).alert(stored.alerts[0]).source == "replay"
    assert check(db) == ()
    assert rows(db, "SELECT state, source FROM entries") == [{"state": "read", "source": "replay"}]


def test_several_alerts_of_one_article_tell_each_receiver_its_own(db, history, ingest):
    plan = ingest(2).alerts[0]
    novelty = plan.new[0]
    plans = (
        replace(plan, recipients=(Recipient("mail", "anna"),)),
        replace(
            plan,
            kind=AlertKind.UPDATE,
            new=(replace(novelty, before=None),),
            late=True,
            recipients=(Recipient("chat", "b"),),
        ),
    )
    one, two = history.ingest(ingest(2, alerts=plans)).alerts
    assert Ledger(db).alert(one).new == plan.new
    assert Ledger(db).alert(two).new == (replace(novelty, before=None),)
    assert [line.late for line in history.alerts(limit=2)] == [True, False]


def test_a_receiver_named_twice_gets_one_delivery(db, history, ingest):
    plan = replace(ingest(2).alerts[0], recipients=(Recipient("mail", "anna"),) * 2)
    history.ingest(ingest(2, alerts=(plan,)))
    assert count(db, "deliveries") == 3


def test_a_novelty_that_is_no_fact_of_the_article_is_stored_all_the_same(db, history, ingest):
    figure = Fact(FactKind.PLACE, "kursk", None, Evidence(Field.BODY, 0, 3, "국정원", "kursk"), by="nis")
    plan = replace(ingest(2).alerts[0], new=(Novelty(figure),))
    stored = history.ingest(ingest(2, facts=(), alerts=(plan,)))
    assert Ledger(db).alert(stored.alerts[0]).new == (Novelty(figure),)


def test_deliveries_expire_even_if_nobody_said_when(db, history, ingest, now):
    stored = history.ingest(ingest(2, expires=None))
    (row,) = rows(db, "SELECT DISTINCT expires FROM deliveries WHERE alert = ?", stored.alerts)
    assert row["expires"] == "2026-11-28T06:30:00.000000Z"


def test_an_alert_about_nothing_on_topic_is_a_bug_and_stores_nothing(db, history, ingest, contents):
    before = contents(db)
    with pytest.raises(ValueError, match="empty"):
        history.ingest(ingest(2, matches=(), story=1))
    assert contents(db) == before


def test_alerts_are_listed_newest_first_with_their_deliveries(db, history, ingest, now):
    history.ingest(ingest(2))
    ledger = Ledger(db)
    for bundle in ledger.claim(now, lease=timedelta(minutes=1), limit=10):
        ledger.sent(bundle.ids, now)
    newest, oldest = history.alerts(limit=10)
    assert (newest.id, oldest.id) == (2, 1)
    assert (oldest.rules, oldest.source, oldest.url) == (("troops",), "연합뉴스", ingest(1).article.url)
    assert [(line.channel, line.state) for line in oldest.deliveries] == [
        ("mail", DeliveryState.SENT),
        ("chat", DeliveryState.SENT),
    ]
    assert [line.id for line in history.alerts(limit=10, undelivered=True)] == [2]
    assert [line.id for line in history.alerts(limit=1)] == [2]


def test_a_summary_counts_every_state(history):
    summary = history.summary()
    assert summary.alerts == {AlertKind.NEW: 1, AlertKind.UPDATE: 0}
    assert summary.deliveries[DeliveryState.PENDING] == 2
    assert summary.entries == {
        EntryState.TO_READ: 3,
        EntryState.READ: 1,
        EntryState.FAILED: 0,
        EntryState.SKIPPED: 0,
    }


def test_people_can_read_the_views(db, history):
    (alert,) = rows(db, "SELECT * FROM alerts_readable")
    assert (alert["outlet"], alert["rules"], alert["new"], alert["waiting"]) == (
        "연합뉴스",
        "troops",
        "1만2천명",
        2,
    )
    (story,) = rows(db, "SELECT * FROM stories_readable")
    assert (story["articles"], story["outlets"], story["alerts"]) == (1, 1, 1)
    assert (story["languages"], story["in_languages"]) == (1, "ko")


@pytest.mark.parametrize("view", ["alerts_readable", "stories_readable"])
def test_a_page_of_a_view_reads_no_more_than_it_shows(db, history, view):
    plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN SELECT * FROM {view} LIMIT 51")]
    assert plan[0].startswith(f"SCAN {view.partition('_')[0]}")
    assert not [step for step in plan if "ORDER BY" in step or "GROUP BY" in step or "MATERIALIZE" in step]


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
TIMES = st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
NUMBER = st.none() | st.floats(allow_nan=False)
EVIDENCE = st.builds(Evidence, st.sampled_from(Field), st.integers(0, 9), st.integers(0, 99), TEXT, TEXT)
FACT = st.builds(Fact, st.sampled_from(FactKind), TEXT, NUMBER, EVIDENCE, TEXT)
MATCH = st.builds(
    Match,
    st.just("pack"),
    TEXT,
    TEXT,
    st.sampled_from(Severity),
    st.floats(allow_nan=False),
    st.lists(EVIDENCE, max_size=3).map(tuple),
)
ARTICLE = st.builds(
    Article, TEXT, TEXT, TEXT, st.none() | TEXT, st.none() | TIMES, st.none() | TEXT, st.booleans()
)


@settings(max_examples=60, deadline=None)
@given(
    ARTICLE,
    st.lists(MATCH, min_size=1, max_size=3, unique_by=lambda match: match.rule),
    st.lists(FACT, max_size=3),
    st.lists(st.builds(Novelty, FACT, NUMBER), max_size=3),
    st.lists(st.builds(Recipient, TEXT, TEXT), max_size=3, unique=True),
    st.booleans(),
    TEXT,
)
def test_any_article_comes_back_as_it_was_taken_in(article, matches, facts, new, recipients, late, source):
    db = open_history(None)
    now = datetime(2026, 11, 25, tzinfo=UTC)
    history = History(db)
    plan = AlertPlan(AlertKind.NEW, Reason.NEW_STORY, tuple(new), tuple(recipients), late)
    item = Ingest("e", source, article, now, Reason.NEW_STORY, tuple(matches), tuple(facts), None, (plan,))
    stored = history.ingest(item)
    (known,) = history.remembered(now)
    assert known.article == article
    assert set(known.told) == {recipient.channel for recipient in recipients}
    alert = Ledger(db).alert(stored.alerts[0])
    assert alert.article == article
    assert alert.new == tuple(new)
    assert set(alert.evidence) == {words for match in matches for words in match.evidence}
    assert sorted(alert.rules) == sorted(match.rule for match in matches)
    assert (alert.late, alert.source, alert.found_at) == (late, source, now)
    claimed = Ledger(db).claim(now + GATHER, lease=timedelta(minutes=1), limit=9)
    assert {bundle.deliveries[0].recipient for bundle in claimed} == set(recipients)
    assert check(db) == ()
    db.close()


def test_a_text_with_lone_surrogates_keeps_its_offsets(db, history, ingest):
    article = replace(ingest(2).article, title="\ud800\ud800북한군")
    words = Evidence(Field.TITLE, 2, 5, "북한군", "dprk-troops")
    match = replace(ingest(2).matches[0], evidence=(words,))
    stored = history.ingest(ingest(2, article=article, matches=(match,)))
    alert = Ledger(db).alert(stored.alerts[0])
    assert alert.article.title[2:5] == alert.evidence[0].text
    assert history.ingest(ingest(2, article=article)).article == stored.article
    assert count(db, "revisions") == 2
