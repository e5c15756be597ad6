from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.facts import facts
from monitor.core.stories import WINDOW, StoryBook, sign


@pytest.fixture(scope="session")
def article(make_pack, reading):
    pack = make_pack()

    def make(title, text=""):
        read = reading(pack, title, text)
        stated = facts(read, pack)
        return sign(read, stated, pack), stated

    return make


SENT = ("North Korea sends 12,000 troops to Kursk", "")
SENT_RU = ("КНДР отправила 12 тыс. солдат в Курск", "")
SHELLS = ("Russia fires 2 million shells", "")


def test_an_empty_book_opens_a_story(article, now):
    placement = StoryBook().place("test", article(*SENT)[0], now)
    assert (placement.story, placement.is_copy) == (None, False)


def test_the_same_development_in_another_language_is_the_same_story(article, now):
    book = StoryBook()
    book.add(1, "test", *article(*SENT), now)
    assert book.place("test", article(*SENT_RU)[0], now + timedelta(hours=2)).story == 1


def test_another_development_is_another_story(article, now):
    book = StoryBook()
    book.add(1, "test", *article(*SENT), now)
    assert book.place("test", article(*SHELLS)[0], now).story is None


def test_packs_keep_their_stories_apart(article, now):
    book = StoryBook()
    book.add(1, "test", *article(*SENT), now)
    assert book.place("other", article(*SENT)[0], now).story is None


def test_a_copy_is_known_as_one(article, now):
    text = (
        "The soldiers crossed the border at night and were met by officers who gave them uniforms. "
        "Trains took them west within two days, a railway worker said, in wagons without windows. "
        "Nobody at the station would tell where they were heading or for how long."
    )
    book = StoryBook()
    book.add(1, "test", *article(SENT[0], text), now)
    placement = book.place("test", article("Other words above", text)[0], now)
    assert (placement.story, placement.is_copy) == (1, True)


def test_a_story_closes_after_its_window(article, now):
    book = StoryBook()
    book.add(1, "test", *article(*SENT), now)
    assert book.place("test", article(*SENT)[0], now + WINDOW + timedelta(seconds=1)).story is None
    book.forget(now + timedelta(seconds=1))
    assert book.place("test", article(*SENT)[0], now).story is None


def test_a_channel_knows_what_it_was_told_in_order(article, now):
    book = StoryBook()
    signature, first = article(*SENT)
    _, second = article("North Korea sends 3,000 troops to Kursk")
    assert book.told(None, "mail") is None
    assert book.told(1, "mail") is None
    book.add(1, "test", signature, first, now, ["mail"])
    book.add(1, "test", signature, second, now, ["mail", "chat"])
    book.add(1, "test", signature, first, now)
    assert book.told(1, "mail") == (*first, *second)
    assert book.told(1, "chat") == tuple(second)
    assert book.told(1, "phone") is None


WORDS = st.sampled_from(
    [
        "North Korea",
        "Russia",
        "Kursk",
        "troops",
        "sends",
        "12,000 soldiers",
        "북한",
        "ロシア",
        "denies",
        "weather",
    ]
)


@given(st.lists(st.lists(WORDS, max_size=6).map(" ".join), max_size=8), st.integers(0, 400))
def test_a_placement_names_an_open_story_and_its_likeness_is_a_share(article, now, titles, hours):
    book = StoryBook()
    at = now
    for number, title in enumerate(titles):
        signature, stated = article(title)
        placement = book.place("test", signature, at)
        assert placement.story is None or placement.story < number
        assert 0.0 <= placement.similarity <= 1.0 + 1e-9
        book.add(number if placement.story is None else placement.story, "test", signature, stated, at)
        at += timedelta(hours=hours)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("North Korea sends troops to Russia", "Putin to visit North Korea"),
        ("North Korea sends shells to Russia", "North Korean minister visits Russia"),
    ],
)
def test_headlines_that_share_a_few_words_are_no_copies(article, now, one, other):
    book = StoryBook()
    book.add(1, "test", *article(one), now)
    assert not book.place("test", article(other)[0], now).is_copy
