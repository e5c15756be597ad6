"""The main path without a mouse: from what happened to an article and a verdict on it; and a search."""

from __future__ import annotations

import pytest

from tests.web.browser.conftest import serve
from tests.web.browser.walking import faults

pytestmark = pytest.mark.timeout(240)

_MOST = 200  # tabs


def tab_to(page, selector: str) -> None:
    """Press the tab key until the focus is where it is wanted; it must be seen wherever it stops."""
    for _ in range(_MOST):
        page.keyboard.press("Tab")
        if not page.evaluate(_IS_SEEN):
            raise AssertionError(f"the focus is not seen on {page.evaluate(_FOCUSED)}")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"no key leads to {selector}")


_FOCUSED = "document.activeElement.outerHTML.slice(0, 200)"
_IS_SEEN = """() => {
    const one = document.activeElement, style = getComputedStyle(one);
    if (one === document.body || one.type === "date") return true;  // of a date, the browser marks the part
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
}"""


def enter(page) -> None:
    """Press enter on a link or a button, and wait for where it leads."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_from_what_happened_to_a_verdict(look, hostile):
    page = look(hostile)
    page.goto("/")
    tab_to(page, "main h3 a")
    enter(page)
    assert "/story/" in page.url
    tab_to(page, "main h3 a[href^='/article/']")
    enter(page)
    assert "/article/" in page.url
    tab_to(page, "details:has(form[action='/actions/feedback']) summary")
    page.keyboard.press("Enter")
    tab_to(page, "form[action='/actions/feedback'] input[name=note]")
    page.keyboard.type("only a drill 🚢")
    tab_to(page, "form[action='/actions/feedback'] button")
    enter(page)
    assert "/article/" in page.url
    assert "Kept that it is irrelevant" in page.locator(".said").inner_text()
    assert "only a drill 🚢" in page.locator("main").inner_text()


def test_a_slash_leads_to_the_search_and_enter_to_what_was_found(look, hostile):
    page = look(hostile)
    page.goto("/stories")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("blaze dredger")
    enter(page)
    assert "/search?q=blaze" in page.url
    assert page.locator("main mark").count() > 0
    tab_to(page, "main a[href^='/article/']")
    enter(page)
    assert "Fire on a dredger" in page.title()


def test_a_password_opens_what_changes_something(look, tmp_path):
    with serve(tmp_path / "tumen.db", password="as long as the coast") as address:
        page = look(address)
        page.goto("/login")
        assert not list(faults(page))
        assert page.locator("form.sheet input:visible").count() == 1
        tab_to(page, "form.sheet input[type=password]")
        page.keyboard.type("as long as the coast")
        enter(page)
        assert page.get_by_role("button", name="Log out").count() == 1


def test_the_first_key_leads_past_the_navigation(look, hostile):
    page = look(hostile)
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
