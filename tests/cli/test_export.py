from __future__ import annotations

import csv
import io

import feedparser
import pytest

from spiders.items import Article

TITLE = '=HYPERLINK("http://x") A strike stops all work in the port of Norwick'


@pytest.fixture
def told(take_in, now):
    """A history of two articles that are told, one of them with a title that a spreadsheet would run."""
    take_in(
        Article("https://herald.example/1", TITLE, "Body one.", "en", now),
        Article("https://herald.example/2", "Nothing of the topic", "Body two.", "en", now),
    )


def read_csv(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_articles_become_a_table(tumen, process, told):
    answer = process("export", "articles")
    assert (answer.code, answer.err) == (0, "")
    first, second = read_csv(answer.out)
    assert first["title"].startswith("'=HYPERLINK")
    assert (first["outlet"], second["reason"]) == ("The Herald", "no_rule_matched")
    assert "text" not in first


def test_texts_come_if_they_are_asked_for(process, told):
    rows = process("export", "articles", "--text", "--json").rows
    assert [row["text"] for row in rows] == ["Body one.", "Body two."]


@pytest.mark.parametrize("kind", ["articles", "alerts", "stories", "facts"])
def test_a_file_is_written_whole_and_named(tumen, told, folder, kind):
    answer = tumen("export", kind, "--bom", "-o", "list.csv")
    assert (answer.code, answer.out) == (0, "")
    written = (folder / "list.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    count = len(read_csv(written.decode("utf-8-sig")))
    assert count
    assert answer.err.startswith(f"{count} row")
    assert "in list.csv" in answer.err
    assert not list(folder.glob(".list*"))


def test_a_place_that_cannot_be_written_ends_with_3(tumen, told):
    answer = tumen("export", "articles", "-o", "no/such/list.csv")
    assert answer.code == 3
    assert "cannot be written" in answer.err


def test_a_time_without_length_is_refused(tumen, told):
    answer = tumen("export", "articles", "--since", "2026-11-02", "--until", "2026-11-01")
    assert answer.code == 2


def test_without_a_history_that_is_said(tumen, folder, write, harbour):
    write("tumen.yaml", "packs: [../harbour]\n")
    answer = tumen("export", "articles")
    assert answer.code == 3
    assert "there is no history here yet" in answer.err


def test_a_feed_is_written(tumen, told, folder):
    assert tumen("export", "feed", "-o", "tumen.atom", "--pages", "https://tumen.example.org/").code == 0
    found = feedparser.parse((folder / "tumen.atom").read_bytes())
    assert not found.bozo
    assert [entry.title for entry in found.entries] == [TITLE]
    assert found.entries[0].id.startswith("tag:tumen.example.org,")


def test_a_feed_of_a_story_or_rule_as_json(process, tumen, told):
    answer = process("export", "feed", "--story", "1", "--format", "jsonfeed")
    assert answer.code == 0
    assert '"version": "https://jsonfeed.org/version/1.1"' in answer.out
    assert tumen("export", "feed", "--story", "7").code == 2
    assert tumen("export", "feed", "--rule", "harbour").code == 2
    assert tumen("export", "feed", "--pack", "harbour", "--rule", "nonsense").code == 2
    assert tumen("export", "feed", "--pack", "nonsense").code == 2
    assert tumen("export", "feed", "--pages", "javascript:alert(1)").code == 2


def test_what_a_search_finds_is_written(process, tumen, told, folder):
    rows = process("export", "search", "strike", "--json").rows
    assert [(row["title"], row["outlet"]) for row in rows] == [(TITLE, "The Herald")]
    assert "Body one." in rows[0]["snippet"]
    answer = tumen("export", "search", "strike AND (", "-o", "found.csv")
    assert answer.code == 2
    assert "column" in answer.err
    assert not (folder / "found.csv").exists()


def test_a_search_can_be_a_feed(process, told):
    answer = process("export", "feed", "--search", "strike", "--format", "jsonfeed")
    assert '"title": "strike · Tumen"' in answer.out
    assert answer.out.count('"external_url"') == 1
