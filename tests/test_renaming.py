"""Keys of the configuration that have another name by now."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.config import parse_settings
from monitor.config.renaming import Renamed, up_to_date
from monitor.core.errors import ConfigError
from monitor.documents import parse_document

TABLE = (
    Renamed(("crawl", "pause"), ("crawl", "delay"), "0.2"),
    Renamed(("manners", "agents"), ("crawl", "workers"), "0.2"),
    Renamed(("channels", "*", "level"), ("channels", "*", "at_least"), "0.3", "write at_least: high"),
    Renamed(("sources", "own", "*", "rank"), ("sources", "own", "*", "weight"), "0.3", "write weight"),
)


def parse(text):
    return parse_settings(text, Path(), {}, TABLE)


@pytest.fixture
def said(caplog):
    caplog.set_level(logging.WARNING, logger="tumen.config")
    return lambda: [record.getMessage() for record in caplog.records]


def test_a_key_under_its_former_name_is_taken_and_its_place_is_said(said):
    settings = parse("pace: {fastest: 2m}\ncrawl:\n  pause: 3s\n")
    assert settings.crawl.delay == timedelta(seconds=3)
    assert said() == ["tumen.yaml:3:3: crawl.pause is called crawl.delay since Tumen 0.2; write crawl.delay"]


def test_a_key_that_moved_into_another_section_leaves_no_empty_one_behind(said):
    assert parse("manners: {agents: 3}\n").crawl.workers == 3
    assert parse("manners: {agents: 3}\ncrawl: {delay: 2s}\n").crawl.workers == 3
    assert parse("manners: {agents: 3}\ncrawl:\n").crawl.workers == 3
    assert len(said()) == 3


def test_each_channel_and_each_source_of_a_list_is_looked_at(said):
    settings = parse(
        "channels:\n"
        "  a: {url: 'json://127.0.0.1', level: high}\n"
        "  b: {url: 'json://127.0.0.1'}\n"
        "  c: {url: 'json://127.0.0.1', level: low}\n"
        "sources:\n"
        "  own:\n"
        "    - {name: x, title: X, url: 'https://x.example/'}\n"
        "    - {name: y, title: Y, url: 'https://y.example/', rank: 5}\n"
    )
    assert [settings.channels[name].at_least for name in "abc"] == ["high", "low", "low"]
    assert [source.weight for source in settings.sources.own] == [3, 5]
    assert said() == [
        "tumen.yaml:2:32: channels.a.level is called channels.a.at_least since Tumen 0.3; write at_least: high",
        "tumen.yaml:4:32: channels.c.level is called channels.c.at_least since Tumen 0.3; write at_least: high",
        "tumen.yaml:8:54: sources.own.1.rank is called sources.own.1.weight since Tumen 0.3; write weight",
    ]


def test_what_is_wrong_with_its_value_is_said_at_the_place_where_it_stands():
    with pytest.raises(ConfigError) as refused:
        parse("crawl:\n  pause: soon\n")
    assert refused.value.where == "tumen.yaml:2:10"


def test_a_secret_under_a_former_name_is_filled_in():
    assert parse_settings(
        "crawl: {pause: '${PAUSE}'}", Path(), {"PAUSE": "4s"}, TABLE
    ).crawl.delay == timedelta(seconds=4)


def test_both_names_at_once_are_refused():
    with pytest.raises(ConfigError) as refused:
        parse("crawl:\n  delay: 1s\n  pause: 3s\n")
    assert refused.value.where == "tumen.yaml:3:3"
    assert "both are given" in refused.value.message
    assert refused.value.remedy == "keep crawl.delay"


@pytest.mark.parametrize("text", ["", "[]", "crawl: 3", "crawl: {}", "manners: {agents: 3}\ncrawl: fast"])
def test_what_has_another_form_is_left_to_the_check(text):
    document = parse_document(text, "tumen.yaml")
    after, warnings = up_to_date(document, TABLE)
    assert (after.value, warnings) == (document.value, ())
