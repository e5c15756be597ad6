"""Stories with their spread and timeline, and what people move between them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.core.delivery.deliveries import Recipient
from monitor.core.errors import InputError
from monitor.core.models import AlertKind, AlertPlan, Reason
from monitor.store.database import check, open_history, rows
from monitor.store.history import History
from monitor.store.ledger import Ledger
from monitor.store.regrouping import EditKind, Regrouping
from monitor.store.stories import Stories

MINUTE = timedelta(minutes=1)


@pytest.fixture
def two(db, now, ingest):
    """Story 1 with articles 1 and 2, story 2 with articles 3 and 4; 1 and 3 were told, 2 and 4 are repeats."""
    history = History(db)
    for number, story in ((1, None), (2, 1), (3, None), (4, 2)):
        repeat = {"alerts": (), "reason": Reason.REPEAT} if story else {}
        item = ingest(number, story=story, read_at=now + number * MINUTE, **repeat)
        title = f"{item.article.title} {number} 👩‍🚀 كوريا"
        published = now - timedelta(hours=9 - number)
        history.ingest(replace(item, article=replace(item.article, title=title, published=published)))
    return db


@pytest.fixture
def stories(two):
    return Stories(two)


@pytest.fixture
def people(two):
    return Regrouping(two)


@pytest.fixture
def members(two):
    """The articles of each story, and the stories of the alerts."""

    def read(db=two):
        found = {}
        for row in rows(db, "SELECT id, story FROM articles ORDER BY id"):
            found.setdefault(row["story"], []).append(row["id"])
        wrong = rows(
            db,
            "SELECT 1 FROM alerts JOIN articles ON articles.id = article WHERE alerts.story IS NOT articles.story",
        )
        assert wrong == [], "an alert is elsewhere than its article"
        return found

    return read


def test_the_story_with_the_latest_article_is_listed_first(stories, now):
    later, first = stories.lines(limit=9)
    assert (later.id, first.id) == (2, 1)
    assert (first.articles, first.outlets, first.languages, first.alerts) == (2, 1, ("ko",), 1)
    assert (first.since, first.opened_at) == (now - timedelta(hours=8), now + MINUTE)
    assert stories.lines(limit=1) == (later,)
    assert stories.lines(limit=9, since=now + 3 * MINUTE) == (later,)
    assert stories.lines(limit=9, since=now + 5 * MINUTE) == ()


def test_a_timeline_has_every_article_with_what_was_told_of_it(stories, now, ingest):
    told, repeat = stories.timeline(1).reports
    assert (told.article, told.reason, repeat.article, repeat.reason) == (
        1,
        Reason.NEW_STORY,
        2,
        Reason.REPEAT,
    )
    (telling,) = told.tellings
    assert (telling.alert, telling.kind) == (1, AlertKind.NEW)
    assert [(new.fact.value, new.before) for new in telling.new] == [(12_000.0, 10_000.0)]
    assert [fact.value for fact in told.figures] == [12_000.0]
    assert repeat.tellings == ()
    assert told.at == now - timedelta(hours=8)


def test_what_a_page_says_now_is_shown_with_all_that_was_told_of_it(two, stories, ingest, now):
    item = ingest(1, story=1, read_at=now + timedelta(hours=1))
    plan = AlertPlan(AlertKind.UPDATE, Reason.NEW_FACTS, (), (Recipient("mail", "anna"),))
    History(two).ingest(replace(item, article=replace(item.article, title="수정"), facts=(), alerts=(plan,)))
    (report,) = (one for one in stories.timeline(1).reports if one.article == 1)
    assert (report.title, report.texts, report.figures) == ("수정", 2, ())
    assert [telling.kind for telling in report.tellings] == [AlertKind.NEW, AlertKind.UPDATE]


def test_a_merge_takes_articles_and_alerts_along_and_says_where_they_went(people, stories, members, two, now):
    edit = people.merge(2, 1, now=now, note="같은 배 🚢")
    assert (edit.kind, edit.story, edit.into, edit.articles) == (EditKind.MERGE, 2, 1, (3, 4))
    assert members() == {1: [1, 2, 3, 4]}
    (line,) = stories.lines(limit=9)
    assert (line.id, line.articles, line.alerts, line.last_at) == (1, 4, 2, now + 4 * MINUTE)
    found = stories.timeline(2)
    assert found.story.id == 1
    assert found.edits == (edit,)
    assert Ledger(two).alert(2).story == 1
    assert [row["id"] for row in rows(two, "SELECT id FROM stories_readable")] == [1]
    assert check(two) == ()


def test_a_merge_asked_for_again_changes_nothing(people, two, now, contents):
    first = people.merge(2, 1, now=now)
    before = contents(two)
    assert people.merge(2, 1, now=now + MINUTE) == replace(first, again=True)
    assert contents(two) == before


def test_a_split_makes_a_story_of_its_own_with_its_own_title_and_times(people, stories, members, now):
    first = stories.timeline(1).reports[0].title
    edit = people.split(1, ["1", "1"], now=now)
    assert (edit.kind, edit.story, edit.into, edit.articles) == (EditKind.SPLIT, 1, 3, (1,))
    assert members() == {1: [2], 2: [3, 4], 3: [1]}
    new, old = stories.timeline(3).story, stories.timeline(1).story
    assert (new.title, new.opened_at, new.last_at, new.alerts) == (first, now + MINUTE, now + MINUTE, 1)
    assert (old.opened_at, old.alerts) == (now + 2 * MINUTE, 0)
    assert " 2 " in old.title, "a story is not called by an article that left it"


def test_a_split_asked_for_again_changes_nothing(people, two, now, contents):
    first = people.split(1, [2], now=now)
    before = contents(two)
    assert people.split(1, ["https://yonhap-ko.example/2"], now=now + MINUTE) == replace(first, again=True)
    assert contents(two) == before


def test_the_opposite_undoes_a_merge_and_old_links_lead_home(people, stories, members, now):
    lines = stories.lines(limit=9)
    people.merge(2, 1, now=now)
    assert people.split(1, [3, 4], now=now).into == 2
    assert members() == {1: [1, 2], 2: [3, 4]}
    assert stories.lines(limit=9) == lines
    assert [edit.kind for edit in stories.timeline(2).edits] == [EditKind.MERGE, EditKind.SPLIT]


def test_the_opposite_undoes_a_split(people, stories, members, now):
    lines = stories.lines(limit=9)
    people.split(1, [1], now=now)
    people.merge(3, 1, now=now)
    assert members() == {1: [1, 2], 2: [3, 4]}
    assert {line.id: line.articles for line in stories.lines(limit=9)} == {
        line.id: line.articles for line in lines
    }


def test_what_came_later_may_leave_with_what_was_merged(people, members, two, ingest, now):
    people.merge(2, 1, now=now)
    History(two).ingest(ingest(5, story=1, alerts=()))
    assert people.split(1, [3, 4, 5], now=now).into == 2
    assert members() == {1: [1, 2], 2: [3, 4, 5]}
    people.merge(2, 1, now=now)
    assert people.split(1, [3, 4], now=now).into == 3, "only a part of what story 2 was"


def test_a_chain_of_merges_leads_to_its_end(people, stories, members, two, ingest, now):
    History(two).ingest(ingest(5))
    people.merge(3, 2, now=now)
    people.merge(2, 1, now=now)
    assert members() == {1: [1, 2, 3, 4, 5]}
    assert stories.timeline(3).story.id == 1
    assert people.merge(3, 1, now=now).again
    assert people.split(3, [3, 4, 5], now=now).into == 2
    assert stories.timeline(3).story.id == 2


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda people, now: people.merge(1, 1, now=now), "this is one story already"),
        (lambda people, now: people.merge(9, 1, now=now), "there is no story 9"),
        (lambda people, now: people.merge(1, 9, now=now), "there is no story 9"),
        (lambda people, now: people.split(9, [1], now=now), "there is no story 9"),
        (lambda people, now: people.split(1, [], now=now), "name the articles"),
        (lambda people, now: people.split(1, [3], now=now), "article 3 belongs to story 2, not to story 1"),
        (lambda people, now: people.split(1, [5], now=now), "article 5 belongs to no story"),
        (lambda people, now: people.split(1, ["9" * 40], now=now), "no article is known as '999"),
        (lambda people, now: people.split(1, ["'; --"], now=now), "no article is known"),
        (lambda people, now: people.split(1, [1, 2], now=now), "none would remain"),
        (
            lambda people, now: people.merge(1, 3, now=now),
            "story 1 is about dprk-russia, story 3 about other",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_moves(people, two, ingest, now, contents, ask, says):
    off_topic = {"matches": (), "facts": (), "alerts": (), "reason": Reason.NO_RULE_MATCHED}
    History(two).ingest(ingest(5, **off_topic))
    (match,) = ingest().matches
    History(two).ingest(ingest(6, matches=(replace(match, pack="other"),)))
    before = contents(two)
    with pytest.raises(InputError, match=says) as caught:
        ask(people, now)
    assert caught.value.remedy or "name the articles" in says
    assert contents(two) == before


def test_a_story_that_went_one_way_does_not_go_another(people, two, ingest, now):
    History(two).ingest(ingest(5))
    people.merge(2, 1, now=now)
    with pytest.raises(InputError, match="story 2 was merged into story 1 before"):
        people.merge(2, 3, now=now)
    with pytest.raises(InputError, match="story 2 is part of story 1 already"):
        people.merge(1, 2, now=now)


EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("merge"), st.integers(1, 6), st.integers(1, 6)),
        st.tuples(st.just("split"), st.integers(1, 6), st.sets(st.integers(1, 6), min_size=1, max_size=4)),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EDITS)
def test_whatever_is_moved_no_article_is_lost_and_every_number_leads_somewhere(ingest, now, members, edits):
    db = open_history(None)
    for number in range(1, 7):
        History(db).ingest(ingest(number, story=1 if number in {2, 3} else None))
    known = {row["id"] for row in rows(db, "SELECT id FROM stories")}
    for what, story, other in edits:
        try:
            getattr(Regrouping(db), what)(story, other, now=now)
        except InputError:
            continue
        known |= {row["id"] for row in rows(db, "SELECT id FROM stories")}
    assert sorted(article for story in members(db).values() for article in story) == [1, 2, 3, 4, 5, 6]
    listed = {line.id: line.articles for line in Stories(db).lines(limit=99)}
    assert listed == {story: len(articles) for story, articles in members(db).items()}
    for story in known:
        assert Stories(db).timeline(story).story.id in listed
    assert check(db) == ()
    db.close()


def test_stories_that_a_person_parted_are_known_by_where_their_articles_are(people, two, now):
    split = people.split(1, [2], now=now)
    assert History(two).apart() == ((1, split.into),)
    people.merge(split.into, 2, now=now, kind=EditKind.JOIN)
    assert History(two).apart() == ((1, 2),)
    people.merge(2, 1, now=now)
    assert History(two).apart() == ()
