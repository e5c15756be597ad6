"""Every kind of page that can be reached from the first one, and what is wrong with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

_EACH = 2  # pages of a kind: the second may have what the first has not
_MOST = 60
_OF_DATASETTE = re.compile(r"/history\b")
_SERIOUS = frozenset({"serious", "critical"})
_AXE = Axe()
_ONLY = {"resultTypes": ["violations"]}  # what is right need not be described


def kinds(page: Page) -> Iterator[tuple[str, int]]:
    """Go to every kind of page of ours, and tell its address and status when it is there."""
    waiting, seen, gone = ["/"], {"/"}, dict[str, int]()
    while waiting and len(gone) < _MOST:
        address = waiting.pop(0)
        kind = _kind(address)
        if gone.get(kind, 0) >= _EACH:
            continue
        gone[kind] = gone.get(kind, 0) + 1
        answer = page.request.get(address)
        if not answer.ok or "text/html" not in answer.headers["content-type"]:
            yield address, answer.status
            continue
        page.goto(address)
        yield address, answer.status
        for link in page.eval_on_selector_all("a[href]", "all => all.map(one => one.getAttribute('href'))"):
            near = _near(urljoin(page.url, link), page.url)
            if near and near not in seen and not _OF_DATASETTE.match(near):
                seen.add(near)
                waiting.append(near)


def _kind(address: str) -> str:
    """The address without what names a certain thing, or a choice."""
    split = urlsplit(address)
    names = sorted(re.findall(r"(?:^|&)(\w+)=", split.query))
    path = re.sub(r"(?<=/source/)[^/]+|(?<=/rule/).+|\d+", "*", split.path)
    return f"{path}?{'&'.join(names)}"


def _near(address: str, here: str) -> str:
    """The address on our own host, or nothing."""
    split, ours = urlsplit(address), urlsplit(here)
    if (split.scheme, split.netloc) != (ours.scheme, ours.netloc):
        return ""
    return f"{split.path}?{split.query}" if split.query else split.path


def faults(page: Page) -> Iterator[str]:
    """What is wrong with the page that is open, for whoever reads it."""
    if page.evaluate("window.owned !== undefined"):
        yield "a text of others has run as a script"
    wide, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    if wide > room:
        yield f"it is {wide} px wide, there are {room}: {_widest(page, room)}"
    for name, wanted in (("h1", 1), ("main", 1)):
        if (many := page.locator(name).count()) != wanted:
            yield f"{many} × {name}"
    for found in _AXE.run(page, options=_ONLY).response["violations"]:
        if found["impact"] in _SERIOUS:
            nodes = [node["html"][:160] for node in found["nodes"][:3]]
            summary = found["nodes"][0].get("failureSummary", "")[:300]
            yield f"{found['id']} ({found['impact']}), {found['help']}: {nodes} {summary}"


def _widest(page: Page, room: int) -> str:
    """The innermost elements that stick out."""
    return str(
        page.evaluate(
            """room => [...document.querySelectorAll("body *")]
                .filter(one => one.getBoundingClientRect().right > room + 1)
                .filter(one => ![...one.children].some(inner => inner.getBoundingClientRect().right > room + 1))
                .slice(0, 4).map(one => one.outerHTML.slice(0, 120))""",
            room,
        )
    )
