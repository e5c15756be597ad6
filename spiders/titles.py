"""The headline of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spiders.wording import plain

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from spiders.metadata import Metadata

TITLE_LIMIT = 500


def read_title(tree: HtmlElement, metadata: Metadata) -> str:
    """The page's headline on one line, empty if it has none."""
    h1 = [" ".join(x.itertext()) for x in tree.iter("h1")]
    for stated in (*metadata.stated("@headline", "og:title"), *h1, tree.findtext(".//title") or ""):
        title = plain(stated, TITLE_LIMIT)
        if title:
            return title
    return ""
