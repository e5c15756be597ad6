"""Is an article a live blog, ticker, digest or another list of several developments?

Such a page names things that have nothing to do with each other, so what it states must not bind stories together.
Three things tell: words of the title, the section of the site, and how the text is built.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from monitor.core.roundups.texts import has_several_items, has_stamps
from monitor.core.roundups.titles import announces_several
from monitor.core.roundups.words import PARTS_OF_SECTIONS, SECTIONS
from monitor.core.statements import Field

if TYPE_CHECKING:
    from monitor.core.reading import Reading

__all__ = ["is_roundup"]


def is_roundup(reading: Reading) -> bool:
    """Whether the article tells of several developments, or of one as it goes on.

    Args:
        reading: what a pack found in it. The hits say whether the items of a list have a thing in common; the rest is
            the same for every pack.

    Returns:
        True for live blogs, tickers, round-ups, digests and the like; False where the signs are in doubt, and for
        lists that belong to one development, broadcasts of one event, and an agency's updated version of one report.
    """
    body = reading.folded[Field.BODY]
    return (
        announces_several(reading.folded[Field.TITLE])
        or _is_section_of_roundups(reading.article.url)
        or has_stamps(body.text)
        or has_several_items(body.text, [hit for hit in reading.hits if hit.field is Field.BODY])
    )


def _is_section_of_roundups(url: str) -> bool:
    """Whether the address says so: `/world/live/2024/oct/25/…`, `/newsticker/…`, `/liveblog-ukraine-1.html`."""
    try:
        path = urlsplit(url).path.lower()
    except ValueError:  # an address that cannot be read says nothing
        return False
    folders = path.split("/")[1:]
    return not SECTIONS.isdisjoint(folders[:-1]) or any(part in path for part in PARTS_OF_SECTIONS)
