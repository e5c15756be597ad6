"""What differs between two configurations."""

from pathlib import Path

import pytest

from monitor.config import differences, history_of, parse_settings, settled

BASE = """
channels:
  desk: {url: json://127.0.0.1, language: de}
  room: {url: json://127.0.0.1}
crawl: {delay: 2s}
heartbeat: {url: https://hc.example/secret}
"""


def parse(text):
    return parse_settings(text, Path("/somewhere"), {})


@pytest.mark.parametrize(
    ("old", "new", "keys"),
    [
        ("", "", set()),
        ("delay: 2s", "delay: 3s", {"crawl.delay"}),
        ("language: de", "language: fr", {"channels.desk"}),
        ("  room:", "  hall:", {"channels.room", "channels.hall"}),
        ("https://hc.example/secret", "https://hc.example/other", {"heartbeat.url"}),
        ("heartbeat: {url: https://hc.example/secret}", "", {"heartbeat"}),
        ("crawl: {delay: 2s}", "packs: [other]", {"crawl.delay", "packs"}),
    ],
)
def test_keys_are_named_and_never_their_values(old, new, keys):
    assert set(differences(parse(BASE), parse(BASE.replace(old, new) if old else BASE))) == keys


def test_what_needs_a_restart_stays_as_it_was():
    old = parse("history: a.db\ncaptures: {folder: a, level: 1}\n")
    new, stays = settled(old, parse("history: b.db\ncaptures: {folder: b, level: 9}\nweb: {port: 1}\n"))
    assert stays == ("history", "captures.folder")
    assert (new.history, new.captures.folder) == (Path("a.db"), Path("a"))
    assert (new.captures.level, new.web.port) == (9, 1)
    assert new.history_path == old.history_path


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("history: a.db", "a.db"),
        ("history: ${WHERE}", "there.db"),
        ("history: ${NOWHERE}", "tumen.db"),
        ("history: [1]", "tumen.db"),
        ("history: a.db\nsorces: {}\nchannels: {me: {url: '${SECRET}'}}", "a.db"),
        ("channels: [", "tumen.db"),
        ("[]", "tumen.db"),
        ("", "tumen.db"),
    ],
)
def test_where_the_history_lies_is_known_whatever_else_is_wrong(tmp_path, text, name):
    file = tmp_path / "tumen.yaml"
    file.write_text(text, encoding="utf-8")
    assert history_of(file, {"WHERE": "there.db"}) == tmp_path / name


def test_without_a_configuration_it_is_the_default(tmp_path):
    assert history_of(tmp_path / "absent.yaml") == tmp_path / "tumen.db"
