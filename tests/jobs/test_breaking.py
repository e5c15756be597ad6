from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.sources.pacing import Pace
from monitor.jobs.breaking import Breaking
from spiders.items import CrawlReport, Outcome

MANY = 450


@pytest.fixture
def news(sources, source, clock, take, make_ingestor):
    """Many sources that are calm, and one that tells."""
    ingestor = make_ingestor()
    declared = [source(f"s{number:03}", weight=1) for number in range(MANY)]
    others = [source("ru", weight=1, language="ru"), source("fast", weight=5), source("a")]
    sources.sync([*declared, *others, source("late", weight=1)], clock.now)
    report, due = CrawlReport("t", Outcome.UNCHANGED), clock.now + timedelta(hours=2)
    for one in (*declared, *others):
        sources.save_look(one.name, report, next_due=due, now=clock.now, baseline_before=None)

    class News:
        pace = Pace()

        def __init__(self):
            self.more = Counter()
            self.breaking = Breaking(sources, lambda: self.more.update(["more"]))

        def tell(self, shells=5000, language="en"):
            taken = take(ingestor, f"North Korea sends {shells} shells to Russia", language=language)
            assert taken.ingest.alerts
            self.breaking.alerted(clock.now, self.pace)

        def tick(self, **later):
            clock.forward(**(later or {"seconds": 1}))
            self.breaking.tick(clock.now, self.pace)

        def hastened(self):
            return {state.source.name for state in sources.states() if state.next_due < due} - {"late"}

    news = News()
    news.tick()
    return news


def test_as_a_story_breaks_its_language_is_hastened_slice_by_slice(news):
    news.tell()
    first = len(news.hastened())
    assert 0 < first < MANY
    while news.more["more"]:
        news.more.clear()
        news.tick()
    assert news.hastened() == {f"s{number:03}" for number in range(MANY)}


def test_while_it_goes_on_breaking_nobody_is_hastened_for_it_again(news, sources, clock):
    news.tell()
    for _ in range(3):
        news.tick()
    due = {state.source.name: state.next_due for state in sources.states()}
    news.tell(90000)
    news.tick()
    assert {state.source.name: state.next_due for state in sources.states()} == due


def test_another_language_is_hastened_when_the_story_reaches_it(news):
    news.tell()
    for _ in range(3):
        news.tick()
    assert "ru" not in news.hastened()
    news.tell(90000, "ru")
    assert "ru" in news.hastened()


def test_what_was_breaking_before_a_restart_was_hastened_then(news, sources, clock):
    news.tell()
    before = news.hastened()
    later = Breaking(sources, lambda: None)
    later.tick(clock.now, news.pace)
    assert later.stirs
    assert news.hastened() == before


def test_nobody_is_hastened_who_could_not_be_looked_at_sooner(news, sources):
    news.pace = replace(news.pace, fastest=timedelta(hours=2))
    news.tell()
    assert news.hastened() == set()


def test_a_story_that_has_come_to_rest_is_none_that_breaks(news):
    news.tell()
    assert news.breaking.stirs
    news.tick(hours=3)
    assert not news.breaking.stirs
