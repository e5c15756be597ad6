"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/): a feed as JSON. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.publish.feeds.feed import Entry, Feed

JSON_FEED = "application/feed+json; charset=utf-8"
"""Its media type."""


def json_feed(feed: Feed) -> bytes:
    """The feed as a JSON Feed document in UTF-8."""
    document = _without_nothing(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "home_page_url": feed.page,
            "feed_url": feed.itself,
            "language": feed.language,
            "authors": [{"name": "Tumen"}],
        }
    )
    document["items"] = [_item(entry) for entry in feed.entries]
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _item(entry: Entry) -> dict[str, Any]:
    return _without_nothing(
        {
            "id": entry.id,
            "url": entry.page or entry.url,
            "external_url": entry.url,
            "title": entry.title,
            "summary": entry.summary,
            "content_html": entry.html,
            "content_text": entry.text,
            "date_published": _time(entry.published),
            "date_modified": _time(entry.updated),
            "authors": [{"name": name} for name in dict.fromkeys((entry.author, entry.outlet)) if name],
            "language": entry.language,
            "tags": [label for _, label in entry.categories],
        }
    )


def _without_nothing(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}


def _time(when: datetime) -> str:
    return when.isoformat(timespec="seconds").replace("+00:00", "Z")
