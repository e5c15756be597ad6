"""Versions of articles are read with their seals, in pages, whatever lies between them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.store import sealing
from monitor.store.database import change, transaction
from monitor.store.history import History


@pytest.fixture
def three(db, ingest, now):
    """Three articles; the second has three versions."""
    history = History(db)
    for number in (1, 2, 3):
        item = ingest(number)
        keys = [history.ingest(item).article]
    for number in (1, 2):
        item = ingest(2)
        article = replace(item.article, text=f"{item.article.text} {number}")
        history.ingest(replace(item, article=article, read_at=now + timedelta(hours=number)))
    return keys


@pytest.mark.parametrize("page", [1, 2, 200])
def test_all_versions_come_in_order_and_follow_each_other(db, three, monkeypatch, page):
    monkeypatch.setattr(sealing, "_PAGE", page)
    found = list(sealing.seals(db))
    assert [(one.article, one.number) for one in found] == [(1, 1), (2, 1), (2, 2), (2, 3), (3, 1)]
    assert all(one.says_so and one.follows for one in found)
    assert sealing.count(db) == 5
    assert [one.number for one in sealing.seals(db, 2)] == [1, 2, 3]
    assert list(sealing.seals(db, 9)) == []


@pytest.mark.parametrize("page", [1, 200])
def test_a_version_that_was_removed_breaks_the_chain_of_its_own_article_alone(db, three, monkeypatch, page):
    monkeypatch.setattr(sealing, "_PAGE", page)
    with transaction(db):
        for table, key in (("novelties", "fact IN (SELECT id FROM facts WHERE revision = 2)"),):
            change(db, f"DELETE FROM {table} WHERE {key}")
        db.execute("PRAGMA defer_foreign_keys = ON")
        change(db, "UPDATE revisions SET number = 9 WHERE article = 2 AND number = 1")
    assert [(one.article, one.number) for one in sealing.seals(db) if not one.follows] == [(2, 2), (2, 9)]


def test_one_article_is_found_without_a_look_at_the_others(db):
    plans = []
    for article in (None, 1):
        seen = []
        db.conn.set_trace_callback(seen.append)
        list(sealing.seals(db, article))
        db.conn.set_trace_callback(None)
        (sql,) = [line for line in seen if "FROM revisions" in line]
        plans.append([row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}")])
    assert any("((article,number)>(?,?))" in step for step in plans[0])
    assert any("(article=? AND number>?)" in step for step in plans[1])
    assert not any("SCAN" in step or "TEMP B-TREE" in step for plan in plans for step in plan)
