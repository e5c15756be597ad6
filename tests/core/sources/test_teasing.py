from dataclasses import replace
from pathlib import Path

import pytest

from monitor.core.matching import Matcher
from monitor.core.sources.teasing import is_beside
from monitor.demo.script import load
from monitor.packs.finding import find_pack
from monitor.packs.reading import load_pack
from spiders.items import Article, Entry

TEASER = "It rained in the night, and the gardens of the county smell of wet leaves this morning."


@pytest.fixture(scope="module")
def pack():
    return replace(load_pack(find_pack("dprk-russia", Path())), skim=True)


@pytest.fixture(scope="module")
def matcher(pack):
    return Matcher([pack])


def entry(title="Rain in the county", teaser=TEASER):
    return Entry("https://a.example/1", title, teaser, language="en")


def test_what_names_nothing_of_the_pack_is_beside_it(matcher):
    assert is_beside(entry(), matcher)


@pytest.mark.parametrize(
    "listed",
    [
        entry(title="Rain in North Korea"),
        entry(teaser=f"{TEASER} Troops helped."),
        entry(title="폭우", teaser=f"{TEASER} 북한군"),
        entry(title=""),
        entry(teaser=""),
        entry(teaser="Read more …"),
    ],
)
def test_what_names_something_or_says_little_is_read(matcher, listed):
    assert not is_beside(listed, matcher)


def test_every_pack_must_be_content_with_teasers(pack):
    assert not is_beside(entry(), Matcher([pack, replace(pack, name="other", skim=False)]))
    assert not is_beside(entry(), Matcher([]))


def test_of_the_demo_s_articles_nothing_on_topic_is_skimmed(matcher):
    listed = {
        article: Entry("u", article.title, article.summary, None, article.language) for article in load()
    }
    beside = [article for article, one in listed.items() if is_beside(one, matcher)]
    assert beside
    for article in beside:
        assert not matcher.matches(matcher.read(article_of(article)))


def article_of(article):
    return Article("u", article.title, article.text, article.language)
