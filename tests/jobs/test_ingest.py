from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.alerting import Freshness, Route
from monitor.core.delivery.deliveries import Recipient
from monitor.core.errors import StorageError
from monitor.core.matching import Matcher
from monitor.core.models import AlertKind, Reason
from monitor.core.statements import Newness
from monitor.core.tidying import tidy
from monitor.core.topic import Severity
from monitor.jobs.ingest import Ingestor
from monitor.jobs.steps import Step
from monitor.store.database import open_history
from monitor.store.history import History
from monitor.store.regrouping import Regrouping
from spiders.items import Article, Entry
from tests.jobs.conftest import PACK, START

TITLE = "North Korea sends 3,000 soldiers to Russia"


def test_the_first_report_is_told_a_repeat_is_not_and_a_new_figure_is(make_ingestor, take):
    ingestor = make_ingestor()
    first = take(ingestor, TITLE)
    repeat = take(ingestor, "Russia receives 3,000 soldiers from North Korea")
    update = take(ingestor, "North Korea sends 12,000 soldiers to Russia")
    again = take(ingestor, "12,000 North Korean soldiers in Russia")
    reasons = [taken.ingest.reason for taken in (first, repeat, update, again)]
    assert (reasons[0], reasons[2]) == (Reason.NEW_STORY, Reason.NEW_FACTS)
    assert {reasons[1], reasons[3]} <= {Reason.REPEAT, Reason.SAME_TEXT}
    assert len({taken.stored.story for taken in (first, repeat, update, again)}) == 1
    (alert,) = update.ingest.alerts
    assert alert.kind is AlertKind.UPDATE
    assert [(new.fact.value, new.before) for new in alert.new] == [(12_000.0, 3_000.0)]


def test_what_is_off_topic_is_kept_with_its_reason(make_ingestor, take, db):
    taken = take(make_ingestor(), "Weather in Paris")
    assert (taken.ingest.reason, taken.stored.story, taken.stored.alerts) == (
        Reason.NO_RULE_MATCHED,
        None,
        (),
    )
    assert History(db).summary().articles == 1


def test_a_restart_forgets_nothing_that_was_told(make_ingestor, take, clock):
    take(make_ingestor(), TITLE)
    clock.forward(hours=1)
    restarted = make_ingestor()
    restarted.remember(clock.now)
    assert take(restarted, "Russia receives 3,000 soldiers from North Korea").ingest.alerts == ()
    assert take(restarted, "North Korea sends 12,000 soldiers to Russia").ingest.reason is Reason.NEW_FACTS


def test_after_a_restart_articles_are_placed_as_before_without_reading_a_text_again(
    make_ingestor, take, clock, db
):
    running = make_ingestor()
    titles = (
        TITLE,
        "Russia buys shells",
        "Shells from North Korea reach Russia",
        "North Korea and Russia: Kursk",
    )
    for title in titles:
        take(running, title, f"{title}. And so on.")
        clock.forward(hours=7)
    assert all(not one.article.text for one in History(db).remembered(START, {PACK.name: PACK.version}))
    restarted = make_ingestor()
    restarted.remember(clock.now)
    for title in ("Troops in Kursk: Russia, North Korea", "3,000 soldiers: Russia, North Korea", *titles):
        one, other = (place(ingestor, title, clock.now) for ingestor in (running, restarted))
        assert one == other


def test_a_page_that_changed_after_it_was_told_is_an_update_with_the_difference(make_ingestor, take):
    ingestor = make_ingestor()
    take(ingestor, TITLE, url="https://a.example/live")
    changed = take(ingestor, "North Korea sends 12,000 soldiers to Russia", url="https://a.example/live")
    assert changed.ingest.reason is Reason.CHANGED
    (alert,) = changed.ingest.alerts
    assert [(new.fact.value, new.before) for new in alert.new] == [(12_000.0, 3_000.0)]
    other = take(ingestor, "Kursk: what Russia asks of North Korea now", url="https://a.example/live")
    assert (Newness.CHANGED, "North Korea sends 12,000 soldiers to Russia") in [
        (new.kind, new.instead) for alert in other.ingest.alerts for new in alert.new
    ]


def test_a_page_that_only_grew_is_no_update(make_ingestor, take):
    ingestor = make_ingestor()
    take(ingestor, TITLE, url="https://a.example/live")
    grown = take(ingestor, f"{TITLE} (2)", "More was not known.", url="https://a.example/live")
    assert (grown.ingest.reason, grown.ingest.alerts) == (Reason.REPEAT, ())


def test_a_page_stays_in_its_story_whatever_it_says_by_now(make_ingestor, take, clock):
    ingestor = make_ingestor()
    first = take(ingestor, TITLE, url="https://a.example/live")
    long_ago = clock.now - timedelta(days=13)
    other = take(ingestor, "Russia fires shells from North Korea at Kursk", published=long_ago)
    assert other.stored.story != first.stored.story
    again = take(ingestor, "Russia fires shells from North Korea", url="https://a.example/live")
    assert again.stored.story == first.stored.story
    clock.forward(days=20)
    ingestor.forget(clock.now)
    late = take(ingestor, "Russia fires shells from North Korea again", url="https://a.example/live")
    assert late.stored.story == first.stored.story
    assert (
        late.ingest.reason is Reason.REPEAT
    )  # its story is closed, but who was told about the page knows it


def test_two_stories_that_turn_out_to_be_one_are_joined_and_it_is_recorded(take, db, clock):
    states = {name: replace(PACK.concepts[name], weight=0.1) for name in ("dprk", "russia")}
    pack = replace(PACK, concepts={**PACK.concepts, **states})
    ingestor = Ingestor(History(db), Matcher([pack]), (), Freshness())
    shells, kursk = (
        take(ingestor, "Russia, North Korea: shells"),
        take(ingestor, "Russia, North Korea: Kursk"),
    )
    assert shells.stored.story != kursk.stored.story
    for _ in range(3):
        take(ingestor, "Russia, North Korea: shells for Kursk")
    assert ingestor.story_now(kursk.stored.story) == shells.stored.story
    (edit,) = db.query("SELECT edit, note FROM story_edits")
    assert edit["edit"] == "join"
    assert {"kursk", "shells"} & set(edit["note"].split(", "))
    restarted = Ingestor(History(db), Matcher([pack]), (), Freshness())
    restarted.remember(clock.now)
    assert take(restarted, "Russia, North Korea: Kursk").stored.story == shells.stored.story


def test_what_a_person_split_is_not_joined_again(take, db, clock):
    states = {name: replace(PACK.concepts[name], weight=0.1) for name in ("dprk", "russia")}
    pack = replace(PACK, concepts={**PACK.concepts, **states})
    ingestor = Ingestor(History(db), Matcher([pack]), (), Freshness())
    one, two = (take(ingestor, "Russia, North Korea: shells for Kursk").stored for _ in range(2))
    ingestor.follow(Regrouping(db).split(one.story, [two.article], now=clock.now), clock.now)
    take(ingestor, "Russia, North Korea: shells for Kursk")
    stories = {row["story"] for row in db.query("SELECT story FROM articles")}
    assert len(stories) == 2
    assert {row["edit"] for row in db.query("SELECT edit FROM story_edits")} == {"split"}


@pytest.mark.parametrize(
    "published", [None, datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)]
)
def test_a_date_that_is_missing_or_broken_keeps_no_article_from_its_story(make_ingestor, take, published):
    ingestor = make_ingestor()
    first = take(ingestor, TITLE, published=published)
    again = take(ingestor, "Russia receives 3,000 soldiers from North Korea", published=published)
    assert first.ingest.reason is Reason.NEW_STORY
    assert again.stored.story == first.stored.story
    assert again.ingest.alerts == ()


def test_an_article_without_a_text_is_placed_by_its_title(make_ingestor, take):
    ingestor = make_ingestor()
    stories = {take(ingestor, TITLE, text).stored.story for text in ("", " ", "\n", "Nothing else is known.")}
    assert len(stories) == 1


def test_an_article_that_two_packs_match_belongs_to_one_story_of_the_more_telling_pack(take, db):
    urgent = replace(PACK.rules[0], name="troops", severity=Severity.URGENT)
    other = replace(PACK, name="alarm", rules=(urgent,))
    routes = (Route("mail", (Recipient("mail", "anna"),)),)
    ingestor = Ingestor(History(db), Matcher([PACK, other]), routes, Freshness())
    first, repeat = take(ingestor, TITLE), take(ingestor, "3,000 soldiers: Russia, North Korea")
    assert [match.pack for match in first.ingest.matches] == ["alarm", "borders"]
    assert len(first.ingest.alerts) == 1
    assert repeat.stored.story == first.stored.story
    assert [row["pack"] for row in db.query("SELECT pack FROM stories")] == ["alarm"]


def place(ingestor, title, now):
    """Where an article would belong, without taking it in."""
    article = Article("https://a.example/asked", title, "", "en", now)
    return ingestor._find(
        ingestor._matcher.read(article),
        ingestor._matcher.matches(ingestor._matcher.read(article)),
        article,
        None,
        now,
    )


def test_a_channel_that_joins_later_hears_of_a_known_story_once(make_ingestor, take, clock):
    take(make_ingestor("mail"), TITLE)
    both = make_ingestor("mail", "chat")
    both.remember(clock.now)
    taken = take(both, "Russia receives 3,000 soldiers from North Korea")
    assert [who.channel for alert in taken.ingest.alerts for who in alert.recipients] == ["chat"]
    assert take(both, TITLE).ingest.alerts == ()


def test_nothing_is_remembered_that_could_not_be_stored(make_ingestor, take, path, clock):
    steps = []
    ingestor = make_ingestor(observe=lambda step, _: steps.append(step))
    other = open_history(path)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError):
        take(ingestor, TITLE)
    assert steps == [Step.DECIDED]
    other.execute("ROLLBACK")
    other.close()
    assert take(ingestor, TITLE).ingest.reason is Reason.NEW_STORY
    assert steps[1:] == [Step.DECIDED, Step.ARTICLE_STORED]


def test_old_news_of_a_first_look_is_baseline_and_later_news_of_it_is_told(make_ingestor, take, clock):
    ingestor = make_ingestor()
    old = take(ingestor, TITLE, first_look=True, published=clock.now - timedelta(days=2))
    assert old.ingest.reason is Reason.BASELINE
    assert take(ingestor, TITLE).ingest.reason is Reason.NEW_STORY


def test_stories_are_forgotten_after_their_window(make_ingestor, take, clock):
    ingestor = make_ingestor()
    first = take(ingestor, TITLE)
    ingestor.forget(clock.forward(days=15))
    second = take(ingestor, TITLE)
    assert second.ingest.reason is Reason.NEW_STORY
    assert second.stored.story != first.stored.story


@pytest.mark.parametrize(
    "text", ["", "1" * 50_000, "." * 90_000, "북" * 200_000, "a\ud83db", "\x00", "한" * 10]
)
def test_any_text_can_be_taken_in(make_ingestor, take, text):
    taken = take(make_ingestor(), TITLE, text)
    assert taken.ingest.reason is Reason.NEW_STORY
    for match in taken.ingest.matches:
        for piece in match.evidence:
            assert (
                piece.text in (taken.ingest.article.title, taken.ingest.article.text)[piece.field == "body"]
            )


NOW = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("page", "day_only", "entry", "counts"),
    [
        (NOW - HOUR, False, NOW - 2 * HOUR, NOW - HOUR),
        (NOW - HOUR, True, NOW - 2 * HOUR, NOW - 2 * HOUR),
        (None, False, NOW - HOUR, NOW - HOUR),
        (NOW - HOUR, True, None, NOW - HOUR),
        (None, False, None, None),
        (NOW + HOUR, False, None, NOW),
        (None, False, NOW + 99 * HOUR, NOW),
        (datetime(1970, 1, 1, tzinfo=UTC), False, None, None),
    ],
)
def test_the_time_of_publication_is_the_most_exact_one_within_bounds(page, day_only, entry, counts):
    article = Article("u", "t", "x", published=page, day_only=day_only)
    assert tidy(article, Entry("u", published=entry), NOW).published == counts


def test_the_source_fills_in_what_the_page_does_not_say():
    tidied = tidy(Article("u", "", "x" * 200_000), Entry("u", "제목", language="ko"), NOW)
    assert (tidied.title, tidied.language, len(tidied.text)) == ("제목", "ko", 100_000)
    assert len(tidy(Article("u", "제" * 5_000, ""), Entry("u"), NOW).title) == 1_000
    tidied = tidy(Article("u", "Title", "x", "en"), Entry("u", "제목", language="ko"), NOW)
    assert (tidied.title, tidied.language) == ("Title", "en")


@pytest.mark.parametrize(
    "broken",
    [
        *(
            {"features": text}
            for text in ("", "{", "[]", "null", "9", '{"북": "x"}', '{"a": NaN}', '{"a": 1e999}')
        ),
        {"features": "[" * 100_000},
        {"shingles": b"abc"},
    ],
    ids=lambda broken: repr(broken)[:40],
)
def test_a_signature_that_somebody_broke_is_made_anew_from_the_text(make_ingestor, take, clock, db, broken):
    text = " ".join(f"The soldier {number} crossed border {number}." for number in range(100))
    first = take(make_ingestor(), TITLE, text)
    ((column, value),) = broken.items()
    with db.conn:
        db.execute(f"UPDATE placements SET {column} = ?", (value,))
    restarted = make_ingestor()
    restarted.remember(clock.now)
    copy = take(restarted, "What Russia and North Korea do at night", text)
    assert (copy.ingest.reason, copy.stored.story) == (Reason.SAME_TEXT, first.stored.story)


def test_a_restart_forgets_nothing_that_was_told_of_a_story_that_has_been_open_for_long(
    make_ingestor, take, clock
):
    running = make_ingestor()
    first = take(running, TITLE)
    for _ in range(4):
        clock.forward(days=5)
        assert take(running, f"{TITLE}, again").ingest.alerts == ()
    restarted = make_ingestor()
    restarted.remember(clock.now)
    again = take(restarted, "Russia receives 3,000 soldiers from North Korea")
    assert (again.stored.story, again.ingest.alerts) == (first.stored.story, ())
    assert take(restarted, "North Korea sends 12,000 soldiers to Russia").ingest.reason is Reason.NEW_FACTS


def test_a_figure_on_a_page_that_names_only_its_day_is_told_after_another_of_that_day(
    make_ingestor, take, clock
):
    ingestor = make_ingestor()
    take(ingestor, TITLE)
    midnight = clock.forward(hours=3).replace(hour=0, minute=0)
    update = take(ingestor, "North Korea sends 12,000 soldiers to Russia", published=midnight, day_only=True)
    assert update.ingest.reason is Reason.NEW_FACTS


def test_a_page_that_goes_back_and_forth_between_two_headlines_tells_each_once(make_ingestor, take):
    ingestor = make_ingestor()
    titles = (TITLE, "Kursk: what Russia asks of North Korea now")
    taken = [take(ingestor, titles[turn % 2], url="https://a.example/live") for turn in range(6)]
    assert [len(one.ingest.alerts) for one in taken] == [1, 1, 0, 0, 0, 0]


def test_a_channel_that_hears_of_a_page_when_it_is_read_again_knows_its_story(make_ingestor, take, clock):
    take(make_ingestor("mail"), TITLE, url="https://a.example/live")
    both = make_ingestor("mail", "chat")
    both.remember(clock.now)
    again = take(both, TITLE, url="https://a.example/live")
    assert [who.channel for alert in again.ingest.alerts for who in alert.recipients] == ["chat"]
    assert take(both, "Russia receives 3,000 soldiers from North Korea").ingest.alerts == ()


def test_a_page_that_another_pack_reads_by_now_brings_no_two_topics_together(take, db, clock):
    states = {name: replace(PACK.concepts[name], weight=0.1) for name in ("dprk", "russia")}
    pack = replace(PACK, concepts={**PACK.concepts, **states})
    urgent = replace(pack, name="alarm", rules=(replace(PACK.rules[0], severity=Severity.URGENT),))
    take(
        Ingestor(History(db), Matcher([pack]), (), Freshness()),
        "Russia, North Korea: shells",
        url="https://a.example/live",
    )
    clock.forward(days=20)
    both = Ingestor(History(db), Matcher([pack, urgent]), (), Freshness())
    again = take(both, "Russia, North Korea: shells!", url="https://a.example/live")
    assert again.stored.story == 1
    titles = ("Russia, North Korea: Kursk", *3 * ["Russia, North Korea: shells for Kursk"])
    assert 1 not in {take(both, title).stored.story for title in titles}
