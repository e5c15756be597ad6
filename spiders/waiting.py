"""For how long a server wants not to be asked again."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spiders.fetch import Page

LONGEST_WAIT = 7 * 24 * 3600.0  # seconds; a server that asks for more is not taken at its word


def retry_after(page: Page) -> float | None:
    """The seconds a server asked us to wait (RFC 9110, 10.2.3), or None. At most a week."""
    value = page.headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:9]), LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(value)
        # Its own clock decides, if the server tells it.
        now = parsedate_to_datetime(page.headers["date"]) if "date" in page.headers else datetime.now(UTC)
        seconds = (at.astimezone(UTC) - now.astimezone(UTC)).total_seconds()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return min(max(seconds, 0.0), LONGEST_WAIT)


def max_age(page: Page) -> float | None:
    """The seconds for which an answer holds (RFC 9111, 5.2.2.1), less its age in caches; None if that is not said."""
    told = page.headers.get("cache-control", "").lower()
    directives = dict(part.strip().partition("=")[::2] for part in told.split(","))
    value = directives.get("max-age", "").strip('" ')
    if not (value.isascii() and value.isdigit()) or "no-cache" in directives or "no-store" in directives:
        return None
    spent = page.headers.get("age", "").strip()
    seconds = float(value[:9]) - (float(spent[:9]) if spent.isascii() and spent.isdigit() else 0.0)
    return min(max(seconds, 0.0), LONGEST_WAIT)
