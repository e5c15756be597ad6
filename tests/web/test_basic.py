"""A password that comes with the request: what it opens, and what it does not."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.web.conftest import PASSWORD, Browser

HOST = "news.example.org"


@pytest.fixture(autouse=True)
def published(press, article):
    press.publish(article())


def basic(password, name="reader"):
    return {"authorization": f"Basic {base64.b64encode(f'{name}:{password}'.encode()).decode()}"}


def come(browser, path, headers):
    return browser.get(path, host=HOST, headers={"accept": "*/*", **headers})


@pytest.mark.parametrize("path", ["/feeds/atom/all", "/index.json", "/history/articles.json"])
@pytest.mark.parametrize("name", ["reader", "", "Łucja"])
def test_the_password_lets_a_program_read_by_any_name(outside, path, name):
    answer = come(outside, path, basic(PASSWORD, name))
    assert answer.status_code == 200
    assert "Norwick" in answer.text


def test_a_feed_says_that_it_asks_for_a_password(outside):
    answer = come(outside, "/feeds/atom/all", {})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith('Basic realm="Tumen"')


def test_no_page_has_the_browser_ask_for_it(outside):
    answer = outside.get("/", host=HOST)
    assert answer.status_code == 401
    assert "www-authenticate" not in answer.headers


@pytest.mark.parametrize(
    "authorization",
    ["", "Basic", "Basic !!", "Basic cGFzcw==", f"Bearer {PASSWORD}", "Basic /w==", "Basic \xff"],
)
def test_what_is_no_password_opens_nothing(outside, authorization):
    assert (
        come(outside, "/feeds/atom/all", {"authorization": authorization.encode("latin-1")}).status_code
        == 401
    )


def test_it_changes_nothing(outside):
    token = come(outside, "/login", basic(PASSWORD)).text.split('name="csrftoken" value="')[1].split('"')[0]
    fields = {"csrftoken": token, "alert": "1"}
    headers = {"origin": f"http://{HOST}", **basic(PASSWORD)}
    answer = outside.request("POST", "/actions/retry", data=fields, host=HOST, headers=headers)
    assert answer.status_code == 401


def test_who_guesses_has_to_wait_a_minute(outside):
    now = [outside.site.clock()]
    browser = Browser(replace(outside.site, clock=lambda: now[0]))
    for _ in range(10):
        assert come(browser, "/feeds/atom/all", basic("wrong")).status_code == 401
    assert come(browser, "/feeds/atom/all", basic(PASSWORD)).status_code == 401
    now[0] += timedelta(seconds=61)
    assert come(browser, "/feeds/atom/all", basic(PASSWORD)).status_code == 200
