"""The script is complete and keeps its own promises."""

import json
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from monitor.demo.script import Expect, as_lines, load, outlets

ARTICLES = load()


def test_every_id_is_unique():
    assert [id_ for id_, times in Counter(article.id for article in ARTICLES).items() if times > 1] == []


def test_the_languages_of_the_promise_are_covered():
    languages = {article.language for article in ARTICLES}
    assert languages >= {"de", "en", "ko", "ru", "uk", "ja", "zh", "fr", "es", "pl", "it", "ar"}


def test_every_outlet_publishes_something():
    assert {article.outlet for article in ARTICLES} == {outlet.name for outlet in outlets()}


def test_articles_come_in_order_of_publication_and_the_last_within_42_seconds():
    times = [article.after for article in ARTICLES]
    assert times == sorted(times)
    assert times[-1] <= 42


def test_every_told_development_has_exactly_one_first_report_and_it_comes_first():
    developments = defaultdict(list)
    for article in ARTICLES:
        if article.development and article.expect is not Expect.BASELINE:
            developments[article.development].append(article.expect)
    assert len(developments) >= 8
    for name, expected in developments.items():
        assert expected[0] is Expect.NEW, name
        assert expected.count(Expect.NEW) == 1, name


def test_copies_leave_the_first_report_time_to_be_found():
    opened = {article.development: article.after for article in ARTICLES if article.expect is Expect.NEW}
    for article in ARTICLES:
        if article.expect in {Expect.REPEAT, Expect.UPDATE}:
            assert article.after - opened[article.development] >= 6, article.id


def test_only_articles_on_topic_name_a_development():
    for article in ARTICLES:
        assert (article.development is None) == (article.expect is Expect.NONE), article.id


def test_old_reports_are_older_than_a_day_and_told_ones_are_not():
    for article in ARTICLES:
        if article.expect is Expect.BASELINE:
            assert article.after < -86400, article.id
        elif article.development:
            assert article.after > -86400, article.id


def test_there_are_enough_near_misses_and_enough_noise():
    quiet = Counter(article.id.split("-")[0] for article in ARTICLES if article.expect is Expect.NONE)
    assert quiet["miss"] >= 15
    assert quiet["noise"] >= 12


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.id)
def test_an_article_reads_as_a_page(article):
    assert article.title
    assert article.what
    assert article.summary not in article.paragraphs
    assert len(article.paragraphs) >= 2
    assert not any("\n" in part or "  " in part for part in article.paragraphs)


def test_every_text_can_be_written_in_the_charset_of_its_outlet():
    charset = {outlet.name: outlet.charset for outlet in outlets()}
    for article in ARTICLES:
        (article.title + article.text).encode(charset[article.outlet])


def test_lines_for_a_replay_carry_every_article_with_its_time():
    start = datetime(2026, 11, 25, 9, tzinfo=UTC)
    lines = [json.loads(line) for line in as_lines(start)]
    assert [line["id"] for line in lines] == [article.id for article in ARTICLES]
    for line, article in zip(lines, ARTICLES, strict=True):
        assert (line["title"], line["text"], line["lang"]) == (article.title, article.text, article.language)
        assert datetime.fromisoformat(line["published"]) == start + timedelta(seconds=article.after)
