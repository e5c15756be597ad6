"""Each page in a real browser: light and dark, wide and narrow, on histories that are hard to show."""

from __future__ import annotations

import re
from http import HTTPStatus
from urllib.parse import urlsplit

import pytest

from monitor.web.pages import ROUTES
from tests.web.browser.walking import faults, kinds

pytestmark = pytest.mark.timeout(400)  # each page is looked at by axe; a busy machine takes its time

READERS = pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]
)


def walk(page, keep, name):
    """What is wrong with each page, by its address; and all addresses."""
    wrong, walked = {}, []
    for address, status in kinds(page):
        walked.append(address)
        if status != HTTPStatus.OK:
            wrong[address] = [f"answers {status}"]
            continue
        if urlsplit(page.url).path != urlsplit(address).path:
            continue  # no page, but a document
        keep(page, f"{name}-{re.sub(r'[^a-z0-9]+', '-', address.lower()).strip('-')[:60] or 'today'}")
        if found := list(faults(page)):
            wrong[address] = found
    return wrong, walked


@READERS
def test_every_page_can_be_read(look, keep, hostile, width, scheme):
    wrong, walked = walk(look(hostile, width=width, scheme=scheme), keep, f"{scheme}-{width}")
    assert not wrong, "\n".join(f"{where}: {what}" for where, found in wrong.items() for what in found)
    paths = [address.partition("?")[0] for address in walked]
    pages = [route for route in ROUTES if not route.address.startswith("/feeds/")]  # those are no pages
    missed = [route.address for route in pages if not any(re.match(route.pattern, path) for path in paths)]
    assert not missed, f"no link leads to {missed}"


@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_can_be_read_before_there_is_anything(look, keep, empty, width):
    wrong, walked = walk(look(empty, width=width), keep, f"empty-{width}")
    assert not wrong, wrong
    assert "/" in walked
