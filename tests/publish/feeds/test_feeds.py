"""Feeds are what the standards ask for, and readers of feeds find in them what we meant."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import feedparser
import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from monitor.core.models import AlertKind, Reason
from monitor.core.statements import Evidence, Fact, FactKind, Field, Newness, Novelty
from monitor.core.topic import Concept, ConceptKind, Pack, Rule, Severity
from monitor.notify.voice import Voice
from monitor.publish.feeds import Heading, Links, atom, compose, json_feed
from monitor.store.views.feeds import FeedItem

HERE = Path(__file__).parent
ATOM = etree.RelaxNG(etree.parse(HERE / "atom.rng"))
JSON = jsonschema.Draft202012Validator(
    json.loads((HERE / "jsonfeed.schema.json").read_text(encoding="utf-8"))
)
NOW = datetime(2026, 11, 26, 7, 20, tzinfo=UTC)
PACK = Pack(
    name="dprk-russia",
    labels={"en": "North Korea and Russia", "de": "Nordkorea und Russland"},
    version="0123456789ab",
    concepts={
        "soldiers": Concept("soldiers", ConceptKind.UNIT, {"en": "soldiers", "de": "Soldaten"}, ()),
        "budanov": Concept("budanov", ConceptKind.ACTOR, {"en": "Kyrylo Budanov"}, ()),
    },
    rules=(Rule(name="troops", labels={"en": "Troops sent"}, query=None, source="", severity=Severity.HIGH),),
)
ENGLISH = Voice("en", ZoneInfo("Europe/Berlin"), {PACK.name: PACK})
LINKS = Links("https://tumen.example.org", "tumen.example.org")
FIGURE = Fact(
    FactKind.FIGURE, "soldiers", 12_000.0, Evidence(Field.TITLE, 0, 8, "12 тисяч", "soldiers"), by="budanov"
)
ITEM = FeedItem(
    article=7,
    url="https://news.example/буданов?id=1",
    title="Буданов: КНДР готує вже 12 тисяч",
    outlet="Дніпро Час",
    language="uk",
    author="Олена",
    published=NOW - timedelta(minutes=20),
    day_only=False,
    read_at=NOW - timedelta(minutes=10),
    updated=NOW,
    lead="Перше речення. Друге речення.",
    story=3,
    story_title="Troops for Russia",
    pack="dprk-russia",
    rules=("troops",),
    kind=AlertKind.UPDATE,
    reason=Reason.NEW_FACTS,
    new=(Novelty(FIGURE, 10_000.0, Newness.FIGURE),),
)


def feed_of(*items, voice=ENGLISH, links=LINKS, title="North Korea and Russia · Tumen"):
    heading = Heading(title, "pack/dprk-russia", "/?pack=dprk-russia", "/feeds/atom/pack/dprk-russia")
    return compose(items, heading, voice, links=links, now=NOW)


def valid_atom(feed):
    written = atom(feed)
    ATOM.assertValid(etree.fromstring(written))
    return written


def valid_json(feed):
    document = json.loads(json_feed(feed))
    JSON.validate(document)
    return document


def test_a_reader_of_atom_finds_everything():
    found = feedparser.parse(valid_atom(feed_of(ITEM)))
    assert not found.bozo
    assert found.version == "atom10"
    assert found.feed.title == "North Korea and Russia · Tumen"
    assert found.feed.id == "tag:tumen.example.org,2026:tumen/pack/dprk-russia"
    assert {link.rel: link.href for link in found.feed.links} == {
        "self": "https://tumen.example.org/feeds/atom/pack/dprk-russia",
        "alternate": "https://tumen.example.org/?pack=dprk-russia",
    }
    assert datetime(*found.feed.updated_parsed[:6], tzinfo=UTC) == NOW
    (entry,) = found.entries
    assert entry.title == ITEM.title
    assert entry.title_detail.language == "uk"
    assert entry.link == "https://news.example/%D0%B1%D1%83%D0%B4%D0%B0%D0%BD%D0%BE%D0%B2?id=1"
    assert [link.href for link in entry.links if link.rel == "related"] == [
        "https://tumen.example.org/article/7"
    ]
    assert datetime(*entry.published_parsed[:6], tzinfo=UTC) == ITEM.published
    assert datetime(*entry.updated_parsed[:6], tzinfo=UTC) == NOW
    assert entry.summary == "Update: soldiers: 10,000 → 12,000 (Kyrylo Budanov)"
    assert [author.name for author in entry.authors] == ["Олена", "Дніпро Час"]
    assert [(tag.term, tag.label) for tag in entry.tags] == [
        ("dprk-russia", "North Korea and Russia"),
        ("dprk-russia/troops", "Troops sent"),
        ("story/3", "Troops for Russia"),
    ]
    assert "soldiers: 10,000 → 12,000" in entry.content[0].value
    assert "Перше речення." in entry.content[0].value


def test_a_reader_of_json_finds_everything():
    document = valid_json(feed_of(ITEM))
    (item,) = document["items"]
    assert item.pop("id").startswith("tag:tumen.example.org,2026-11-26:tumen/article/")
    assert item.pop("content_html").startswith("<ul><li>")
    assert item == {
        "url": "https://tumen.example.org/article/7",
        "external_url": "https://news.example/%D0%B1%D1%83%D0%B4%D0%B0%D0%BD%D0%BE%D0%B2?id=1",
        "title": ITEM.title,
        "summary": "Update: soldiers: 10,000 → 12,000 (Kyrylo Budanov)",
        "content_text": "• soldiers: 10,000 → 12,000 (Kyrylo Budanov)\n\nПерше речення. Друге речення.",
        "date_published": "2026-11-26T07:00:00Z",
        "date_modified": "2026-11-26T07:20:00Z",
        "authors": [{"name": "Олена"}, {"name": "Дніпро Час"}],
        "language": "uk",
        "tags": ["North Korea and Russia", "Troops sent", "Troops for Russia"],
    }


def test_an_entry_keeps_its_address_wherever_it_is_published():
    later = dataclasses.replace(ITEM, article=99, title="changed", updated=NOW + timedelta(days=3), rules=())
    other = dataclasses.replace(ITEM, url="https://news.example/2")
    (one,), (same,), (different,) = (feed_of(item).entries for item in (ITEM, later, other))
    assert one.id == same.id != different.id


def test_without_pages_of_ours_a_feed_leads_to_the_originals_alone():
    feed = feed_of(ITEM, links=Links())
    assert b"tumen.example.org" not in valid_atom(feed)
    (item,) = valid_json(feed)["items"]
    assert item["url"] == item["external_url"]


def test_an_empty_feed_is_one():
    feed = feed_of()
    assert not feedparser.parse(valid_atom(feed)).bozo
    assert valid_json(feed)["items"] == []
    assert feed.updated == NOW


def test_words_around_the_originals_are_the_readers():
    (entry,) = feed_of(ITEM, voice=Voice("de", ZoneInfo("UTC"), {PACK.name: PACK})).entries
    assert entry.summary == "Update: Soldaten: 10.000 → 12.000 (Kyrylo Budanov)"
    assert entry.categories[0] == ("dprk-russia", "Nordkorea und Russland")


def test_of_a_long_text_the_first_sentences_are_shown():
    long = dataclasses.replace(ITEM, lead="Ein Satz steht hier. " * 100)
    (entry,) = feed_of(long).entries
    begin = entry.text.split("\n\n")[1]
    assert 300 < len(begin) <= 520
    assert begin.endswith("hier. …")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//x", "", "https://x/" + "y" * 3000]
)
def test_what_is_no_address_of_the_web_is_no_link(url):
    feed = feed_of(dataclasses.replace(ITEM, url=url), links=Links())
    assert b"<link" not in valid_atom(feed)
    assert "url" not in valid_json(feed)["items"][0]


hostile = st.one_of(
    st.text(st.characters(codec=None), max_size=60),
    st.sampled_from(
        ("<script>alert(1)</script>", "]]>", "&nope;", "\ud800", "\x00\x0b\ufffe", "\u202eevil", "a\n\nb")
    ),
)


def stated(words):
    """That somebody new appears, in these words."""
    return Novelty(Fact(FactKind.ACTOR, "", None, Evidence(Field.BODY, 0, 1, words, "")), kind=Newness.ACTOR)


items = st.builds(
    FeedItem,
    article=st.integers(1, 2**63 - 1),
    url=hostile.map("https://x.example/{}".format) | hostile,
    title=hostile,
    outlet=hostile,
    language=st.sampled_from((None, "ko", "pt-BR", "ar")),
    author=hostile,
    published=st.none() | st.just(datetime(1, 1, 1, tzinfo=UTC)) | st.just(NOW),
    day_only=st.booleans(),
    read_at=st.just(NOW),
    updated=st.just(NOW),
    lead=hostile,
    story=st.none() | st.integers(1, 9),
    story_title=hostile,
    pack=st.sampled_from(("", "dprk-russia", "gone")),
    rules=st.lists(st.sampled_from(("troops", "gone")), max_size=2).map(tuple),
    kind=st.none() | st.sampled_from(AlertKind),
    reason=st.sampled_from(Reason),
    new=st.lists(hostile.map(stated), max_size=2).map(tuple),
)


@settings(max_examples=60)
@given(st.lists(items, max_size=3), hostile)
def test_whatever_articles_say_a_feed_is_valid(found, title):
    feed = feed_of(*found, title=title)
    parsed = feedparser.parse(valid_atom(feed))
    assert not parsed.bozo
    assert len(parsed.entries) == len(found)
    document = valid_json(feed)
    for item in document["items"]:
        etree.fromstring(f"<r>{item['content_html']}</r>")
        assert "<script" not in item["content_html"]
