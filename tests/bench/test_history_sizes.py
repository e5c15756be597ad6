"""What a history takes is told apart by what it is for, and nothing of the file is forgotten."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

pytest.importorskip("wordfreq", reason="the words of the history are wordfreq's (extra lab)")

from tests.bench.bench_disk import found
from tests.bench.cost_model import ASKED
from tests.bench.history_sizes import commit_ms, sizes


@pytest.fixture
def history(tmp_path):
    file = tmp_path / "tumen.db"
    with closing(sqlite3.connect(file)) as db:
        db.executescript(
            """
            CREATE TABLE sources (name TEXT PRIMARY KEY);
            CREATE TABLE looks (id INTEGER PRIMARY KEY, source TEXT);
            CREATE INDEX looks_source ON looks (source);
            CREATE TABLE entries (id INTEGER PRIMARY KEY, url TEXT, title TEXT, summary TEXT);
            CREATE TABLE entry_sources (entry INTEGER, source TEXT);
            CREATE TABLE articles (id INTEGER PRIMARY KEY, url TEXT);
            CREATE TABLE revisions (article INTEGER, number INTEGER, text TEXT);
            """
        )
        db.executemany("INSERT INTO sources VALUES (?)", [(f"source {n}",) for n in range(200)])
        db.executemany(
            "INSERT INTO looks (source) VALUES (?)", [(f"source {n % 200}",) for n in range(5_000)]
        )
        for number in range(1_000):
            db.execute("INSERT INTO entries VALUES (?, ?, ?, ?)", (number, "u" * 80, "t" * 100, "д" * 50))
            db.execute("INSERT INTO articles VALUES (?, ?)", (number, "u" * 80))
            db.execute("INSERT INTO revisions VALUES (?, 1, ?)", (number, "д" * 1_000))
        db.commit()
    return file


def test_each_part_has_its_size(history):
    taken = sizes(history)
    assert taken["text_factor"] == 1.0
    assert 100 + 100 + 80 < taken["article_base_bytes"] < 2_500
    assert 80 < taken["address_bytes"] < 200
    assert 20 < taken["look_bytes"] < 100
    assert 10 < taken["source_bytes"] < 100


def test_the_parts_make_the_file(history):
    taken = sizes(history)
    parts = (
        taken["look_bytes"] * 5_000
        + (taken["article_base_bytes"] + taken["text_factor"] * 2_000 + taken["address_bytes"]) * 1_000
        + taken["source_bytes"] * 200
    )
    assert parts == pytest.approx(history.stat().st_size, rel=0.01)


def test_a_history_without_articles_can_be_measured(tmp_path):
    file = tmp_path / "tumen.db"
    with closing(sqlite3.connect(file)) as db:
        for table, columns in (
            ("sources", "a"),
            ("looks", "a"),
            ("entries", "title, summary"),
            ("entry_sources", "a"),
            ("articles", "a"),
            ("revisions", "text, number"),
        ):
            db.execute(f"CREATE TABLE {table} ({columns})")
    assert sizes(file)["address_bytes"] == pytest.approx(sizes(file)["source_bytes"] * 2)


def test_what_is_kept_is_what_is_asked_for(history):
    kept = found(1_000, sizes(history), 2.5)
    assert set(kept.figures) < set(ASKED)
    assert kept.figures["commit_ms"] == 2.5
    assert [each.values[-1] for each in kept.sheets[0].rows][:3] == list(kept.figures.values())[:3]


def test_a_disk_takes_some_time(tmp_path):
    assert commit_ms(tmp_path) > 0
