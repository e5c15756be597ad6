"""The history that benches are run on holds together, and what is planted in it is there as often as it says."""

from __future__ import annotations

import random
from contextlib import closing

import pytest

from monitor.core.searching.words import language_word
from monitor.store.database import check, open_reader, rows

pytest.importorskip("wordfreq", reason="the words are wordfreq's (extra lab)")

from tests.bench.generated_history import generate, planted
from tests.bench.generated_words import EVERY, SHARES, UNSPACED, Vocabulary

ARTICLES = 1_500
FEW = 0.1  # words


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    made = tmp_path_factory.mktemp("generated") / "history.db"
    generate(made, ARTICLES, wealth=FEW)
    return made


@pytest.fixture
def db(path):
    with closing(open_reader(path)) as opened:
        yield opened


def count(db, sql, *values):
    return rows(db, f"SELECT count(*) AS many FROM {sql}", values)[0]["many"]


def test_it_is_a_sound_history_of_about_the_size_that_was_asked_for(db):
    assert check(db) == ()
    assert count(db, "articles") == pytest.approx(ARTICLES, rel=0.05)
    assert {row["language"] for row in rows(db, "SELECT DISTINCT language FROM articles")} == set(SHARES)


@pytest.mark.parametrize(
    "table",
    [
        "matches",
        "evidence",
        "facts",
        "placements",
        "alerts",
        "novelties",
        "deliveries",
        "attempts",
        "looks",
        "gaps",
        "visits",
        "notices",
        "recipients",
        "silences",
        "entry_sources",
    ],
)
def test_every_part_of_the_road_has_left_something(db, table):
    assert count(db, table) > 0


def test_what_is_on_topic_was_read_by_the_service(db):
    on_topic = count(db, "articles WHERE story IS NOT NULL")
    assert 0.02 * ARTICLES < on_topic < 0.05 * ARTICLES
    assert count(db, "articles WHERE reason = 'new_story'") > 0
    assert count(db, "articles WHERE reason IN ('new_facts', 'changed')") > 0
    assert count(db, "revisions WHERE number > 1") > 0


def test_every_text_is_in_the_index_of_words(db):
    found = (count(db, "search WHERE search MATCH ?", f'"{language_word(one)}"') for one in SHARES)
    assert sum(found) == count(db, "articles")
    assert rows(db, "SELECT covered_from FROM search_state") == [{"covered_from": 0}]


def test_articles_come_in_order_of_time(db):
    found = [row["read_at"] for row in rows(db, "SELECT read_at FROM articles ORDER BY id")]
    assert found == sorted(found)


def test_what_is_planted_stands_in_just_as_many_articles(path, db):
    texts = [row["text"].lower() for row in rows(db, "SELECT text FROM revisions")]
    for one in planted(path):
        assert sum(all(word in text for word in one.words) for text in texts) == one.articles, one


@pytest.mark.parametrize("language", ["en", "ru", "ko", "ja", "zh", "ar"])
def test_phrases_and_words_of_one_stem_are_planted_too(language):
    words, chance = Vocabulary(language, wealth=FEW), random.Random(4)
    texts = [words.text(chance, 300).lower() for _ in range(EVERY["phrase"])]
    sown = {one.kind: one for one in words.sown()}
    phrase = ("" if language in UNSPACED else " ").join(sown["phrase"].words)
    assert sum(phrase in text for text in texts) == sown["phrase"].articles == 1
    (stem,) = sown["prefix"].words
    assert sum(stem in text for text in texts) == sown["prefix"].articles == 1
    one, two = sown["apart"].words
    assert sum(one in text and two in text for text in texts) == sown["apart"].articles == 3


@pytest.mark.parametrize("language", ["ru", "ko", "zh"])
def test_the_same_seed_gives_the_same_texts(language):
    one, two = (Vocabulary(language, wealth=FEW) for _ in range(2))
    assert one.text(random.Random(5), 600) == two.text(random.Random(5), 600)
    assert Vocabulary(language, seed=2, wealth=FEW).text(random.Random(5), 600) != one.text(
        random.Random(5), 600
    )


@pytest.mark.parametrize("language", SHARES)
def test_texts_are_about_as_long_as_they_should_be(language):
    words, chance = Vocabulary(language, wealth=FEW), random.Random(3)
    lengths = [len(words.text(chance, 600)) for _ in range(200)]
    assert sum(lengths) / len(lengths) == pytest.approx(600, rel=0.2)
