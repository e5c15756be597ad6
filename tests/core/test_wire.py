"""The wire stories that decisions about stories are measured on are what they are said to be."""

import re
from collections import Counter

import pytest

from monitor.core.matching import Matcher
from monitor.core.text import fold_text, is_unspaced
from monitor.packs import load_pack, shipped
from spiders.items import Article
from tests.bench.wire import _file, follow_ups, rewrites, spellings, stories

STORIES = stories()
_QUOTES = "\"'“”„«»‘’「」『』"
each_story = pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)


@pytest.fixture(scope="module")
def relevant():
    matcher = Matcher([load_pack(shipped("dprk-russia"))])
    return lambda told: bool(matcher.matches(matcher.read(Article("", told.title, told.text))))


def shingles(text):
    """All of them, four or nine signs long: as the book of stories takes them, which keeps a sample."""
    folded = " ".join(fold_text(text).split())
    size = 4 if is_unspaced(folded[:200]) else 9
    return {folded[at : at + size] for at in range(len(folded) - size + 1)}


def digits(text):
    """Every figure in digits, without the marks between its groups."""
    rows = re.findall(r"\d{1,3}(?:[.,\s]\d{3})+(?!\d)|\d+(?:[.,]\d+)?", text)
    return {re.sub(r"\D", "", row) for row in rows}


def test_ten_stories_are_told_in_a_language_each():
    assert len(STORIES) == len({story.language for story in STORIES}) == len({s.name for s in STORIES}) == 10


@each_story
def test_a_story_is_as_long_as_an_agency_text_and_holds_figures_and_a_quote(story):
    if is_unspaced(story.text):
        assert 500 <= len(story.text) <= 900
    else:
        assert 250 <= len(story.text.split()) <= 450
    assert len(digits(story.text)) >= 2
    assert any(sign in story.text for sign in _QUOTES)


@each_story
def test_forty_rewrites_differ_from_the_story_and_from_each_other(story):
    texts = [text for _, text in rewrites(story)]
    assert len(texts) == len({*texts, story.text}) - 1 == 40
    assert len({title for title, _ in rewrites(story)}) >= 6


@each_story
def test_rewrites_are_the_same_each_time(story):
    assert rewrites(story) == rewrites(story)
    assert rewrites(story, 5) == rewrites(story)[:5]


@each_story
def test_a_rewrite_states_no_other_figure(story):
    known = digits(f"{story.title}\n{story.text}").union(*map(digits, spellings(story)))
    for title, text in rewrites(story):
        assert digits(f"{title}\n{text}") <= known


@each_story
def test_a_rewrite_keeps_more_of_the_story_than_any_other_story(story):
    told = {other.name: shingles(other.text) for other in STORIES}
    for _, text in rewrites(story):
        kept = {name: len(shingles(text) & known) for name, known in told.items()}
        assert max(kept, key=kept.__getitem__) == story.name
        assert kept[story.name] >= 0.4 * min(len(shingles(text)), len(told[story.name]))


@each_story
def test_fifteen_follow_ups_are_new_in_five_ways(story):
    told = follow_ups(story)
    assert Counter(told_one.new for told_one in told) == {
        "figure": 6,
        "stance": 3,
        "actor": 2,
        "place": 2,
        "deed": 2,
    }
    assert len({one.says for one in told}) == len({one.title for one in told}) == 15
    assert told == follow_ups(story)


@each_story
def test_a_follow_up_is_old_to_a_good_half_below_a_new_beginning(story):
    old = shingles(story.text)
    for told in follow_ups(story):
        here = shingles(told.text)
        assert 0.4 <= len(here & old) / len(here) <= 0.8, told.title
        lead = told.text.partition("\n\n")[0]
        assert lead not in story.text
        assert len(lead) <= 330


@each_story
def test_what_is_told_is_found(story, relevant):
    assert relevant(story)
    assert [told.title for told in follow_ups(story) if not relevant(told)] == []


@each_story
def test_figures_that_change_a_little_stand_below_as_they_were(story):
    corrected = {new["title"]: new["old"] for new in _file(story.language)["follow_ups"] if "old" in new}
    assert len(corrected) >= 2
    for told in follow_ups(story):
        if told.title in corrected:
            assert told.new == "figure"
            assert corrected[told.title] in told.text.partition("\n\n")[2]
