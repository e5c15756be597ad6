from __future__ import annotations

from urllib.request import Request, urlopen

import pytest

from spiders.extract import read_article
from spiders.feed import read_feed
from tests.bench.crowd import LISTED, NEW, Plan, crowd


@pytest.fixture(scope="module")
def outlets():
    with crowd(3, Plan(known=2, rewritten=1, news=2)) as one:
        yield one


def look(url, tag=None):
    """The body, its tag and the addresses it lists."""
    with urlopen(Request(url, headers={"If-None-Match": tag or ""})) as answer:
        body = answer.read()
        entries = read_feed(body, url, content_type=answer.headers["Content-Type"])
        return body, answer.headers["ETag"], [entry.url for entry in entries]


def test_a_feed_stays_as_it_is_then_is_written_anew_and_then_lists_some_more(outlets):
    url = outlets.sources()[0].url
    (first, tag, listed), (still, same, _) = look(url), look(url)
    assert (still, same, len(set(listed))) == (first, tag, LISTED)
    _, other, unmoved = look(url)
    assert other != tag
    assert unmoved == listed
    for _ in range(2):
        _, _, more = look(url)
        assert more[NEW:] == listed[:-NEW]
        listed = more
    _, _, end = look(url)
    assert end == listed


def test_whoever_has_a_feed_is_told_so_and_what_was_answered_is_counted(outlets):
    url = outlets.sources()[1].url
    _, tag, _ = look(url)
    before = outlets.sent["unchanged"]
    with pytest.raises(OSError, match="304"):
        urlopen(Request(url, headers={"If-None-Match": tag}))
    assert outlets.sent["unchanged"] == before + 1
    assert 0 < outlets.mean("unchanged") < 300 < outlets.mean("feed")


def test_pages_are_articles_as_long_as_those_of_life_each_with_a_text_of_its_own(outlets):
    source = outlets.sources()[2]
    articles = []
    for url in look(source.url)[2][:3]:
        with urlopen(url) as answer:
            articles.append(read_article(answer.read(), url, content_type=answer.headers["Content-Type"]))
    assert all(1000 < len(article.text) < 10_000 for article in articles)
    assert len({article.text for article in articles}) == len({article.title for article in articles}) == 3
