"""Datasette's side: what its pages say of tables, and that all of it is only read."""

from __future__ import annotations

import pytest

from monitor.store import schema
from monitor.web.data import history
from monitor.web.data.described import described


@pytest.fixture(autouse=True)
def published(press, article):
    press.publish(article(), article(2, title="=HYPERLINK(1)", text="+1 -1 @x"))


def test_tables_and_columns_are_explained_by_the_history_itself(browser):
    text = browser.get("/history/articles").text
    assert "pages that were read" in text
    assert "canonical address" in text


def test_every_column_of_every_table_is_found_with_its_comment():
    sql = (
        "CREATE TABLE a (  -- what it is\n    id INTEGER PRIMARY KEY,\n    b TEXT,  -- says -- more\n) STRICT"
    )
    (table, hidden) = (described({"a": sql})[name] for name in ("a", "search"))
    assert table == {"description": "what it is", "columns": {"b": "says -- more"}, "sort_desc": "id"}
    assert hidden == {"hidden": True}


def test_the_newest_rows_stand_first(browser):
    assert [row["id"] for row in browser.get("/history/articles.json?_shape=array").json()] == [2, 1]


def test_the_database_shows_its_tables_without_a_complaint(browser, capfd):
    text = browser.get("/history").text
    assert "articles" in text
    assert "ERROR" not in capfd.readouterr().err
    shown = {table["name"] for table in browser.get("/history.json").json()["tables"] if not table["hidden"]}
    assert {name for name in schema.TABLES if not name.startswith("search")} <= shown


@pytest.mark.parametrize(
    "path", ["/history/articles.csv", "/history.csv?sql=select+1", "/history/articles.csv?_stream=1"]
)
def test_tables_can_be_taken_as_csv(browser, path):
    answer = browser.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")


def test_facets_and_filters_work(browser):
    assert "The Herald" not in browser.get("/history/articles?_facet=source&language=de").text
    assert browser.get("/history/articles?_facet=source").status_code == 200


def test_a_page_does_without_the_number_of_rows_when_counting_takes_long(browser, monkeypatch):
    assert "2 rows" in browser.get("/history/articles").text
    monkeypatch.setattr(history, "_COUNTING_MS", 1e-6)
    assert browser.get("/history/alerts_readable").status_code == 200
    answer = browser.get("/history/articles")
    assert answer.status_code == 200
    assert "2 rows" not in answer.text
    asked = browser.get("/history.json?sql=select+count(*)+from+articles&_shape=arrays")
    assert asked.json()["rows"] == [[2]]


def test_tables_lead_back_to_the_pages(browser):
    text = browser.get("/history/articles").text
    assert '<a href="/stories">' in text
    assert "/-/tumen/tables.css" in text
