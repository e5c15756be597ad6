"""What the programs under measurement read: demo newsrooms side by side, and sources that never change."""

from __future__ import annotations

import json
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from monitor.demo.loopback import HOST, Answer, Loopback, Question
from monitor.demo.newsroom import Newsroom
from monitor.demo.script import load
from spiders.items import Kind, Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

DELAY = 0.1  # seconds between two requests to one host, for both programs
ARTICLES = len(load())

_FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Still</title><item>
<title>Nothing happened</title><link>%s/nothing.html</link><pubDate>Mon, 02 Feb 2026 09:00:00 GMT</pubDate>
</item></channel></rss>"""


def _utc_now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def newsrooms(count: int) -> Iterator[tuple[Source, ...]]:
    """So many demo newsrooms, each outlet on a port of its own, with every article published."""
    start = _utc_now() - timedelta(seconds=max(article.after for article in load()) + 60)
    with ExitStack() as stack:
        rooms = [stack.enter_context(Newsroom(start, _utc_now)) for _ in range(count)]
        yield tuple(
            replace(source, name=f"{source.name}-{number}")
            for number, room in enumerate(rooms)
            for source in room.sources()
        )


@contextmanager
def still_sources(count: int) -> Iterator[tuple[Source, ...]]:
    """So many feeds, each on a port of its own, that answer 304 to everybody who has seen them."""

    def answer(question: Question) -> Answer:
        if question.path != "/feed.xml":
            return Answer(HTTPStatus.NOT_FOUND)
        if question.headers.get("If-None-Match") == '"1"':
            return Answer(HTTPStatus.NOT_MODIFIED, {"ETag": '"1"'})
        body = _FEED % f"http://{question.headers['Host']}".encode()
        return Answer(headers={"ETag": '"1"', "Content-Type": "application/rss+xml"}, body=body)

    with Loopback([answer] * count) as server:
        yield tuple(
            Source(f"still-{port}", f"Still {port}", f"http://{HOST}:{port}/feed.xml", Kind.FEED, weight=5)
            for port in server.ports
        )


@contextmanager
def deaf_channel() -> Iterator[str]:
    """The Apprise address of a chat room that takes everything and keeps nothing."""
    with Loopback([lambda _: Answer(HTTPStatus.OK)]) as server:
        yield f"json://{HOST}:{server.ports[0]}/"


def configure(folder: Path, sources: Sequence[Source], channel: str, **freshness: str) -> Path:
    """Write a configuration of Tumen that watches these sources alone, and say where. JSON is YAML, too."""
    file = folder / "tumen.yaml"
    settings = {
        "channels": {"deaf": {"url": channel}},
        "sources": {"shipped": False, "own": [_declared(source) for source in sources]},
        "freshness": freshness,
        "pace": {"slowest": "1h"},  # what `still_watch` leaps over
        "crawl": {"delay": f"{DELAY}s", "allow_private": hosts(sources)},
    }
    file.write_text(json.dumps(settings), encoding="utf-8")
    return file


def hosts(sources: Sequence[Source]) -> list[str]:
    """`127.0.0.1:port` of each."""
    return [source.url.split("/")[2] for source in sources]


def _declared(source: Source) -> dict[str, object]:
    given = asdict(source)
    return {key: list(value) if key == "tags" else value for key, value in given.items() if value is not None}
