"""Logging in: what a cookie is good for, and what guessing is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.web.conftest import PASSWORD, Browser

HOST = "news.example.org"


@pytest.fixture(autouse=True)
def published(press, article):
    press.publish(article())


def come(browser, path="/", **more):
    return browser.get(path, host=HOST, **more)


def log_in(browser, password=PASSWORD, back="/"):
    token = come(browser, "/login").text.split('name="csrftoken" value="')[1].split('"')[0]
    fields = {"csrftoken": token, "password": password, "back": back}
    return browser.post("/login", fields, origin=f"http://{HOST}", host=HOST)


@pytest.mark.parametrize("path", ["/", "/stories", "/history", "/history/articles", "/nothing"])
def test_who_has_not_logged_in_sees_nothing_but_the_question(outside, path):
    answer = come(outside, path)
    assert answer.status_code == 401
    assert "Password" in answer.text
    assert "Norwick" not in answer.text


@pytest.mark.parametrize("path", ["/index.json", "/history.json?sql=select+1", "/history/articles.csv"])
def test_programs_are_told_to_log_in(outside, path):
    answer = come(outside, path, headers={"accept": "*/*"})
    assert (answer.status_code, answer.text) == (401, "Log in first.\n")


def test_the_password_opens_the_pages_and_leads_on(outside):
    answer = log_in(outside, back="/stories?pack=harbour")
    assert (answer.status_code, answer.headers["location"]) == (303, "/stories?pack=harbour")
    assert "Norwick" in come(outside).text
    assert "Norwick" in come(outside, "/history/articles").text


def test_the_cookie_is_for_nobody_else(outside):
    cookie = next(
        line for line in log_in(outside).headers.get_list("set-cookie") if line.startswith("tumen_login=")
    )
    flags = {flag.strip().lower() for flag in cookie.split(";")}
    assert {"httponly", "samesite=strict", "path=/"} <= flags
    assert PASSWORD not in cookie


def test_behind_tls_the_cookie_stays_there(outside):
    page = outside.request("GET", "/login", host=HOST, headers={"accept": "text/html"})
    assert page.status_code == 200
    outside.app, inner = _with_scheme(outside.app, "https"), outside.app
    cookie = next(
        line for line in log_in(outside).headers.get_list("set-cookie") if line.startswith("tumen_login=")
    )
    assert "secure" in cookie.lower()
    outside.app = inner


def _with_scheme(app, scheme):
    async def wrapped(scope, receive, send):
        await app({**scope, "scheme": scheme}, receive, send)

    return wrapped


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/\\evil.example", "x", "", "/a\r\nb: c"]
)
def test_logging_in_leads_nowhere_else(outside, back):
    assert log_in(outside, back=back).headers["location"] == "/"


def test_a_wrong_password_opens_nothing(outside):
    answer = log_in(outside, "wrong")
    assert answer.status_code == 403
    assert "That is not the password." in answer.text
    assert come(outside).status_code == 401


def test_who_guesses_has_to_wait(outside):
    for _ in range(10):
        log_in(outside, "wrong")
    assert log_in(outside).status_code == 429
    assert come(outside).status_code == 401


def test_a_minute_later_one_may_try_again(outside):
    now = [outside.site.clock()]
    browser = Browser(replace(outside.site, clock=lambda: now[0]))
    for _ in range(10):
        log_in(browser, "wrong")
    now[0] += timedelta(seconds=61)
    assert log_in(browser).status_code == 303


@pytest.mark.parametrize("forged", ["x", "true", "1e99", "", ";;", "eyJhIjoxfQ.x"])
def test_a_cookie_that_was_made_up_opens_nothing(outside, forged):
    outside.cookies.set("tumen_login", forged, domain=HOST)
    assert come(outside).status_code == 401


def test_a_cookie_signed_for_something_else_opens_nothing(outside):
    forged = outside.tables.sign(outside.site.clock().timestamp() + 100, "messages")
    outside.cookies.set("tumen_login", forged, domain=HOST)
    assert come(outside).status_code == 401


def test_a_login_ends_after_a_week(outside):
    now = [outside.site.clock()]
    browser = Browser(replace(outside.site, clock=lambda: now[0]))
    log_in(browser)
    now[0] += timedelta(days=6)
    assert come(browser).status_code == 200
    now[0] += timedelta(days=2)
    assert come(browser).status_code == 401


def test_logging_out_closes_the_pages(outside):
    log_in(outside)
    token = come(outside).text.split('name="csrftoken" value="')[1].split('"')[0]
    answer = outside.post("/logout", {"csrftoken": token}, origin=f"http://{HOST}", host=HOST)
    assert answer.status_code == 303
    assert come(outside).status_code == 401


def test_a_link_on_another_site_finds_whoever_is_logged_in(outside):
    """Such a request brings no strict cookie: the page has to ask once more, from here."""
    answer = come(outside, headers={"accept": "text/html", "sec-fetch-site": "cross-site"})
    assert 'http-equiv="refresh"' in answer.text
    answer = come(outside, headers={"accept": "text/html", "sec-fetch-site": "same-origin"})
    assert 'http-equiv="refresh"' not in answer.text
