"""What every request passes: names, ways, forms, and the headers of the answers."""

from __future__ import annotations

import asyncio

import pytest

PAGES = [
    "/",
    "/index.json",
    "/history",
    "/history/articles",
    "/history.json?sql=select+1",
    "/nothing",
    "/login",
]


@pytest.fixture(autouse=True)
def published(press, article):
    press.publish(article())


@pytest.mark.parametrize("path", [*PAGES, "/-/tumen/pages.css"])
def test_a_name_that_is_not_ours_is_misdirected(browser, path):
    answer = browser.get(path, host="evil.example")
    assert answer.status_code == 421
    assert "Norwick" not in answer.text


@pytest.mark.parametrize("path", [*PAGES, "/-/tumen/pages.css", "/-/static/app.css", "/-/permissions"])
def test_every_answer_is_guarded(browser, path):
    headers = browser.get(path).headers
    policy = headers["content-security-policy"]
    for rule in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
        assert rule in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/", "/nothing", "/login", "/historyy"])
def test_our_pages_run_no_inline_script_and_take_no_inline_style(browser, path):
    answer = browser.get(path)
    if not path.startswith("/history"):
        assert "unsafe-inline" not in answer.headers["content-security-policy"]
    assert "<style" not in answer.text
    assert " style=" not in answer.text
    assert "<script>" not in answer.text


def test_no_answer_names_another_host_for_what_a_page_is_made_of(browser):
    for path in PAGES:
        text = browser.get(path).text
        assert not [part for part in text.split('"') if part.startswith(("//", "http://cdn", "https://cdn"))]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_there_are_no_other_ways(browser, method):
    assert browser.request(method, "/").status_code == 405


@pytest.mark.parametrize("path", ["/", "/history", "/history/articles", "/-/messages", "/-/logout"])
def test_only_forms_of_ours_can_be_sent(browser, path):
    assert browser.post(path, {"a": "b"}).status_code in {404, 405}


@pytest.mark.parametrize(
    "path", ["permissions", "messages", "allow-debug", "threads", "auth-token?token=x", "databases"]
)
def test_what_only_developers_need_is_closed(browser, path):
    assert browser.get(f"/-/{path}").status_code == 404


def test_a_form_of_another_site_is_refused(outside):
    answer = outside.post("/login", {"password": "x"}, origin="https://evil.example", host="news.example.org")
    assert answer.status_code == 403
    assert "not on one of our own pages" in answer.text


def test_a_form_without_the_token_of_our_page_changes_nothing(outside):
    own = {"origin": "http://news.example.org", "host": "news.example.org"}
    answer = outside.post("/login", {"password": outside.site.access.password}, **own)
    assert answer.status_code == 403
    assert "tumen_login" not in answer.headers.get("set-cookie", "")


def test_a_form_that_is_too_large_is_not_read(browser):
    assert browser.post("/login", {"password": "x" * 70_000}).status_code == 413


def test_a_host_that_is_given_twice_is_none(browser):
    headers = [("host", "localhost"), ("host", "evil.example")]
    found = []

    async def send(message):
        found.append(message)

    async def receive():
        return {"type": "http.disconnect"}

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }
    asyncio.run(browser.app(scope, receive, send))
    assert found[0]["status"] == 421


@pytest.mark.parametrize(
    "sql",
    [
        "delete from articles",
        "attach database '/tmp/other.db' as other",
        "pragma writable_schema=on",
        "select 1; drop table articles",
        "with a as (select 1) delete from articles",
        "create table a (b)",
        "vacuum into '/tmp/copy.db'",
    ],
)
def test_no_question_in_sql_can_change_anything(browser, history, sql):
    before = history.read_bytes()
    answer = browser.get("/history.json", params={"sql": sql})
    assert answer.status_code == 400
    assert history.read_bytes() == before


def test_a_question_in_sql_has_a_time_limit(browser):
    endless = "with recursive a(n) as (select 1 union all select n + 1 from a) select count(*) from a"
    answer = browser.get("/history.json", params={"sql": endless})
    assert answer.status_code == 400
    assert "SQL query took too long" in answer.text


@pytest.mark.parametrize(
    "path", ["../pages/__init__.py", "..%2f..%2fpages/__init__.py", "%2e%2e/login.py", "/etc/passwd"]
)
def test_static_files_are_only_those_of_the_pages(browser, path):
    assert browser.get(f"/-/tumen/{path}").status_code == 404


def test_the_file_of_the_history_cannot_be_taken(browser):
    assert browser.get("/history.db").status_code in {403, 404}


def test_the_place_of_the_history_is_not_told(browser, history):
    for page in PAGES:
        assert str(history.parent) not in browser.get(page).text
