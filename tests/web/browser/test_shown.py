"""How hard texts are shown: a script as letters, an Arabic title from the right, five thousand copies as one line."""

from __future__ import annotations

import pytest

from tests.web.browser.conftest import serve
from tests.web.browser.hostile import ARABIC, publish_all
from tests.web.browser.walking import faults

pytestmark = pytest.mark.timeout(400)
COPIES = 5_000


def test_a_script_in_a_title_is_only_text(look, hostile):
    page = look(hostile)
    page.goto("/article/1")
    assert page.evaluate("window.owned") is None
    assert "<script>window.owned=1</script>" in page.locator("h1").inner_text()
    assert page.locator("main script, main img, main b.x").count() == 0


def test_what_runs_from_right_to_left_is_shown_so(look, hostile):
    page = look(hostile)
    page.goto("/stories")
    title = page.get_by_text(ARABIC).first
    assert title.evaluate("one => getComputedStyle(one).direction") == "rtl"
    page.goto("/article/2")
    title = page.locator("h1")
    assert title.inner_text().startswith(ARABIC.partition(":")[0])
    assert title.evaluate("one => [getComputedStyle(one).direction, one.lang]") == ["rtl", "ar"]


@pytest.fixture
def crowded(tmp_path):
    """The address of pages about a history with very many copies of one text."""
    path = tmp_path / "tumen.db"
    publish_all(path, copies=COPIES)
    with serve(path) as address:
        yield address


def test_thousands_of_copies_make_no_page_long(look, keep, crowded):
    page = look(crowded, width=390)
    for address in ("/", "/stories", "/story/2", "/search?q=smuggling", "/alerts", "/sources"):
        page.goto(address)
        keep(page, f"copies-390-{address.strip('/').split('?')[0].replace('/', '-') or 'today'}")
        assert page.evaluate("document.documentElement.scrollHeight") < 20_000, address
        assert not list(faults(page)), address
        if address in {"/", "/stories", "/story/2"}:
            assert "5,001" in page.locator("main").inner_text()
