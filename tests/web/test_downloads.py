from __future__ import annotations

import csv
import io
import json

import pytest

TITLE = "A strike stops all work in the port of Norwick"


@pytest.mark.parametrize("kind", ["articles", "texts", "alerts", "stories", "facts"])
def test_a_list_is_a_file_to_keep(browser, press, article, kind):
    press.publish(article(title=TITLE))
    answer = browser.get(f"/export/{kind}.csv")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == f'attachment; filename="tumen-{kind}.csv"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    lines = browser.get(f"/export/{kind}.jsonl").text.splitlines()
    assert len(rows) == len(lines) > 0
    assert list(json.loads(lines[0])) == list(rows[0])


def test_a_long_list_comes_whole(browser, press, article, monkeypatch):
    monkeypatch.setattr("monitor.web.downloads._LINES", 2)
    for number in range(7):
        press.publish(article(number, title=f"Ferry {number} sinks in the port of Norwick"))
    rows = [json.loads(line) for line in browser.get("/export/articles.jsonl").text.splitlines()]
    assert [row["title"].split()[1] for row in rows] == list("0123456")


def test_what_a_search_finds_can_be_kept(browser, press, article):
    press.publish(article(title=TITLE))
    press.publish(article(2, title="Nothing of it", text="Nothing else."))
    rows = [json.loads(line) for line in browser.get("/export/search.jsonl?q=strike").text.splitlines()]
    assert [row["title"] for row in rows] == [TITLE]


@pytest.mark.parametrize(
    "path", ["search.csv", "search.csv?q=(", "nonsense.csv", "articles.exe", "articles.csv/x"]
)
def test_what_cannot_be_listed_is_said_to_be(browser, press, article, path):
    press.publish(article(title=TITLE))
    assert browser.get(f"/export/{path}").status_code in (400, 404)


def test_a_title_cannot_become_a_formula(browser, press, article):
    press.publish(article(title=f'=HYPERLINK("http://x") {TITLE}'))
    assert "'=HYPERLINK" in browser.get("/export/articles.csv").text


def test_a_pack_has_its_own(browser, press, article):
    press.publish(article(title=TITLE))
    assert browser.get("/export/articles.jsonl?pack=nonsense").text == ""


def test_lists_need_the_login_where_pages_do(outside, press, article):
    press.publish(article(title=TITLE))
    assert outside.get("/export/articles.csv").status_code in (302, 303, 401, 403)
    assert outside.get("/feeds/atom/all").status_code in (302, 303, 401, 403)
