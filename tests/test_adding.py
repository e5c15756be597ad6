"""Declarations are written into a configuration."""

from __future__ import annotations

import errno
import os
import re
import stat
from dataclasses import replace
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config import (
    add_sources,
    declarations,
    load_settings,
    parse_settings,
    watched_sources,
    written,
)
from monitor.core.errors import ConfigError, StorageError
from monitor.core.sources.sourcing import subscription
from monitor.documents import MAX_SIZE, parse_document, with_items
from spiders.items import Kind, Source
from spiders.outline import read_outline

PAPER = Source("paper", "신문", "https://paper.example/rss", Kind.FEED, "ko", tags=("wire",), weight=4)


@pytest.fixture
def file(tmp_path):
    place = tmp_path / "tumen.yaml"
    place.write_text("# mine\nsources:\n  shipped: false\n", encoding="utf-8")
    return place


def test_a_declaration_says_only_what_is_not_so_anyway():
    assert written([PAPER]) == (
        "- name: paper\n  title: 신문\n  url: https://paper.example/rss\n  kind: feed\n  language: ko\n"
        "  tags:\n  - wire\n  weight: 4\n"
    )


def test_a_name_of_a_file_of_sources_is_not_added(file):
    (file.parent / "more.yaml").write_text(written([PAPER]), encoding="utf-8")
    file.write_text("sources: {shipped: false, files: [more.yaml]}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="paper is declared twice"):
        add_sources(file, [PAPER])
    assert "own" not in file.read_text(encoding="utf-8")
    (file.parent / "more.yaml").write_text(written([replace(PAPER, name="other")]), encoding="utf-8")
    file.write_text("sources:\n  shipped: false\n  files: [more.yaml]\n", encoding="utf-8")
    add_sources(file, [PAPER])
    assert watched_sources(load_settings(file, {}).sources) == (PAPER, replace(PAPER, name="other"))


def test_an_added_source_is_watched(file):
    add_sources(file, [PAPER])
    add_sources(
        file, [replace(PAPER, name="other", url="https://other.example/", kind=Kind.SECTION, links="h2 a")]
    )
    first, second = watched_sources(load_settings(file, {}).sources)
    assert first == PAPER
    assert (second.name, second.kind, second.links) == ("other", Kind.SECTION, "h2 a")
    assert file.read_text(encoding="utf-8").startswith(
        "# mine\nsources:\n  shipped: false\n  own:\n    - name: paper\n"
    )


def test_a_mark_of_utf_8_the_mode_and_a_link_to_the_file_stay(file, tmp_path):
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    file.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(file)
    add_sources(link, [PAPER])
    assert link.is_symlink()
    assert file.read_bytes().startswith(b"\xef\xbb\xbf# mine")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert {one.name for one in tmp_path.iterdir()} == {"tumen.yaml", "link.yaml"}


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (replace(PAPER, name="Not A Name"), "form"),
        (replace(PAPER, language="korean"), "form"),
        (replace(PAPER, url="ftp://paper.example/"), "http"),
        (replace(PAPER, weight=9), "5 or less"),
    ],
)
def test_what_a_declaration_cannot_say_is_refused(file, source, says):
    before = file.read_bytes()
    with pytest.raises(ConfigError, match=says):
        add_sources(file, [source])
    assert file.read_bytes() == before


def test_a_name_that_stands_already_is_refused_and_nothing_is_written(file):
    add_sources(file, [PAPER])
    before = file.read_bytes()
    with pytest.raises(ConfigError, match="twice"):
        add_sources(file, [PAPER])
    assert file.read_bytes() == before


def test_a_configuration_does_not_grow_beyond_what_can_be_read(file):
    many = [replace(PAPER, name=f"paper-{number}", note="x" * 1000) for number in range(MAX_SIZE // 1000)]
    before = file.read_bytes()
    with pytest.raises(ConfigError, match="larger"):
        add_sources(file, many)
    assert file.read_bytes() == before


def test_a_disk_that_is_full_is_said_and_the_file_is_as_it_was(file, tmp_path, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)  # a disk of our own to fill is more than a test may ask for
    before = file.read_bytes()
    with pytest.raises(StorageError, match="No space left"):
        add_sources(file, [PAPER])
    assert file.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["tumen.yaml"]


@given(
    st.text(max_size=40),
    st.none() | st.text(max_size=5),
    st.lists(st.text(max_size=12), max_size=3),
    st.sampled_from(
        [
            "https://a.example/rss?x=1&y={z}#f",
            "http://пример.рф/лента",
            "https://[::1]:8080/",
            "http://1.2.3.4/",
        ]
    ),
)
def test_whatever_another_reader_subscribes_to_can_be_declared_and_read_back(title, language, tags, url):
    tags = "".join(f"<outline text={quoteattr(printable(tag))}>" for tag in tags)
    stated = {"title": printable(title), "language": printable(language or ""), "xmlUrl": url}
    attributes = " ".join(f"{name}={quoteattr(value)}" for name, value in stated.items())
    (lead,) = read_outline(f"<opml><body>{tags}<outline {attributes}/></body></opml>".encode())
    source = subscription(lead, ())
    text = with_items(parse_document("", "tumen.yaml"), ("sources", "own"), declarations([source]))
    (read,) = parse_settings(text, Path(), {}).sources.own
    assert read.source() == source


def printable(words: str) -> str:
    """The words without what XML cannot hold."""
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", words)
