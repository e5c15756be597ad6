from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.errors import StorageError
from monitor.core.models import AlertKind, Reason
from monitor.jobs.ingest import tidy
from monitor.jobs.steps import Step
from monitor.store.database import open_history
from monitor.store.history import History
from spiders.items import Article, Entry

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
    tidied = tidy(Article("u", "Title", "x", "en"), Entry("u", "제목", language="ko"), NOW)
    assert (tidied.title, tidied.language) == ("Title", "en")
