from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.facts import facts
from monitor.core.novelty import as_told
from monitor.core.signature import Rarity, sign
from monitor.core.stories import WINDOW, StoryBook


@pytest.fixture(scope="session")
def article(make_pack, reading):
    pack = make_pack()

    def make(title, text=""):
        read = reading(pack, title, text)
        stated = facts(read, pack)
        return sign(read, stated, pack, Rarity({})), stated

    return make


SENT = ("North Korea sends 12,000 troops to Kursk", "")
SENT_RU = ("КНДР отправила 12 тыс. солдат в Курск", "")
SHELLS = ("Russia fires 2 million shells", "")


class Book(StoryBook):
    """Reads what it takes in at the time of publication."""

    def enter(self, story, article, at, told=(), pack="test"):
        signature, stated = article
        self.add(story, pack, signature, stated, at, at, told)


def test_an_empty_book_opens_a_story(article, now):
    placement = StoryBook().place("test", article(*SENT)[0], now)
    assert (placement.story, placement.is_copy) == (None, False)


def test_the_same_development_in_another_language_is_the_same_story(article, now):
    book = Book()
    book.enter(1, article(*SENT), now)
    assert book.place("test", article(*SENT_RU)[0], now + timedelta(hours=2)).story == 1


def test_another_development_is_another_story(article, now):
    book = Book()
    book.enter(1, article(*SENT), now)
    assert book.place("test", article(*SHELLS)[0], now).story is None


def test_packs_keep_their_stories_apart(article, now):
    book = Book()
    book.enter(1, article(*SENT), now)
    assert book.place("other", article(*SENT)[0], now).story is None


def test_a_copy_is_known_as_one(article, now):
    text = (
        "The soldiers crossed the border at night and were met by officers who gave them uniforms. "
        "Trains took them west within two days, a railway worker said, in wagons without windows. "
        "Nobody at the station would tell where they were heading or for how long."
    )
    book = Book()
    book.enter(1, article(SENT[0], text), now)
    placement = book.place("test", article("Other words above", text)[0], now)
    assert (placement.story, placement.is_copy) == (1, True)


def test_a_follow_up_that_repeats_a_known_text_at_length_is_no_copy_and_quotes(article, now):
    known = (
        "The soldiers crossed the border at night and were met by officers who gave them uniforms. "
        "Trains took them west within two days, a railway worker said, in wagons without windows."
    )
    other = (
        "Residents of the village now say they heard singing in the wood behind the school for a week. "
        "A baker was asked for four hundred loaves each morning and paid in foreign notes by a lieutenant. "
        "The mayor wrote twice to the governor, asking who would mend the road, and got no reply at all. "
    )
    book = Book()
    book.enter(1, article(SENT[0], known), now)
    follow_up, report = (
        book.place("test", article(SENT[0], text)[0], now) for text in (other + known[:75], other)
    )
    assert (follow_up.is_copy, follow_up.quotes) == (False, True)
    assert (report.is_copy, report.quotes) == (False, False)


def test_a_story_closes_after_its_window(article, now):
    book = Book()
    book.enter(1, article(*SENT), now)
    assert book.place("test", article(*SENT)[0], now + WINDOW + timedelta(seconds=1)).story is None
    book.forget(now + timedelta(seconds=1))
    assert book.place("test", article(*SENT)[0], now).story is None


def test_a_channel_knows_what_it_was_told_each_statement_once_at_its_latest(article, now):
    book = Book()
    one, two = article(*SENT), article("North Korea sends 3,000 troops to Kursk")
    assert book.told(None, "mail") is None
    assert book.told(1, "mail") is None
    book.enter(1, one, now, ["mail"])
    book.enter(1, two, now, ["mail", "chat"])
    book.enter(1, one, now)
    assert set(book.told(1, "mail")) == {*as_told(one[1]), *as_told(two[1])}
    assert [told.value for told in book.told(1, "mail") if told.value] == [12_000, 3_000]
    assert book.told(1, "chat") == as_told(two[1])
    assert book.told(1, "phone") is None
    book.enter(1, one, now, ["mail"])
    assert [told.value for told in book.told(1, "mail") if told.value] == [3_000, 12_000]


def test_a_placement_says_by_what_the_article_belongs_there(article, now):
    book = Book()
    book.enter(1, article(*SENT), now)
    shared = book.place("test", article(*SENT_RU)[0], now).shared
    assert {"kursk", "soldiers", "=1.2e+04"} <= set(shared)


def test_what_is_long_ago_is_less_alike(article, now):
    book = Book()
    book.enter(1, article(*SENT), now)
    likeness = [
        book.place("test", article(*SENT_RU)[0], now + timedelta(days=n)).similarity for n in (0, 1, 3)
    ]
    assert likeness == sorted(likeness, reverse=True)
    assert likeness[0] > likeness[1]


def test_articles_in_reverse_order_join_the_same_story(article, now):
    book = Book()
    for hours in range(48, -1, -8):
        placement = book.place("test", article(*SENT)[0], now + timedelta(hours=hours))
        assert placement.story == (None if hours == 48 else 1)
        book.enter(1, article(*SENT), now + timedelta(hours=hours))


def test_five_thousand_copies_of_one_text_hide_no_other_story(article, now):
    book = Book()
    book.enter(1, article(*SHELLS), now)
    copy = article(*SENT)
    for number in range(5_000):
        book.enter(2, copy, now + timedelta(seconds=number), ["mail"] if number == 0 else ())
    later = now + timedelta(seconds=5_000)
    assert book.place("test", article(*SENT_RU)[0], later).story == 2
    assert book.place("test", article(*SHELLS)[0], later).story == 1
    assert book.told(2, "mail") == as_told(copy[1])


def test_a_live_blog_joins_a_story_and_glues_nothing_to_it(article, now):
    book = Book()
    book.enter(1, article(*SENT), now)
    blog = article("Live updates: North Korea sends 12,000 troops to Kursk, Russia fires 2 million shells")
    assert book.place("test", blog[0], now).story == 1
    book.enter(1, blog, now, ["mail"])
    assert book.place("test", article(*SHELLS)[0], now).story is None
    assert book.told(1, "mail")
    book.enter(2, blog, now)
    assert book.place("test", article(*SENT_RU)[0], now).story == 1
    assert book.bridge(2, [1]) is None


def test_a_book_that_is_built_anew_places_alike(article, now):
    running, anew = Book(), Book()
    titles = [SENT[0], SHELLS[0], SENT_RU[0], "Kremlin denies", "Shells for Kursk", "Troops in Kursk"]
    past = [(number, article(title), now + timedelta(days=7 * number)) for number, title in enumerate(titles)]
    since = past[-1][2] - WINDOW
    for one in past:
        running.enter(*one, ["mail"])
    running.forget(since)
    for one in past:
        if one[2] >= since:
            anew.enter(*one, ["mail"])
    for title in titles:
        asked = article(title)[0]
        assert running.place("test", asked, past[-1][2]) == anew.place("test", asked, past[-1][2])
        assert running.rarity("test")(next(iter(asked.features))) == anew.rarity("test")(
            next(iter(asked.features))
        )


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
    book = Book()
    at = now
    for number, title in enumerate(titles):
        signature, stated = article(title)
        placement = book.place("test", signature, at)
        assert placement.story is None or placement.story < number
        assert 0.0 <= placement.similarity <= 1.0 + 1e-9
        book.enter(number if placement.story is None else placement.story, (signature, stated), at)
        at += timedelta(hours=hours)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("North Korea sends troops to Russia", "Putin to visit North Korea"),
        ("North Korea sends shells to Russia", "North Korean minister visits Russia"),
    ],
)
def test_headlines_that_share_a_few_words_are_no_copies(article, now, one, other):
    book = Book()
    book.enter(1, article(one), now)
    assert not book.place("test", article(other)[0], now).is_copy


def test_stories_that_are_closed_hide_none_that_is_open(article, now):
    book, later = Book(), now + WINDOW + timedelta(days=1)
    for story in range(30):
        book.enter(story, article(*SENT), now)
    book.enter(99, article(f"{SENT[0]}, Russia denies"), later)
    assert book.place("test", article(*SENT)[0], later).story == 99
    book.forget(later - WINDOW)
    assert book.place("test", article(*SENT)[0], later).story == 99


def test_what_a_person_keeps_apart_stays_apart_when_one_of_them_becomes_part_of_a_third(article, now):
    book = Book()
    for story in (1, 2, 3):
        book.enter(story, article(*SENT), now)
    book.keep_apart(2, 3)
    book.merge(2, 1)
    assert book.bridge(1, [3]) is None
    assert book.bridge(3, [1]) is None


def test_what_was_told_of_two_stories_keeps_the_order_of_telling_when_they_become_one(article, now):
    book = Book()
    book.enter(1, article("North Korea sends 1,000 troops to Kursk"), now, ["mail"])
    book.enter(2, article("North Korea sends 2,000 troops to Kursk"), now, ["mail"])
    book.enter(1, article("North Korea sends 3,000 troops to Kursk"), now, ["mail"])
    book.merge(2, 1)
    assert [one.value for one in book.told(1, "mail") if one.value] == [1000, 2000, 3000]
