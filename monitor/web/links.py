"""Where our pages stand: one function for each kind of address that other pages, feeds and reports name."""

from __future__ import annotations

from urllib.parse import quote, urlencode


def story_link(story: int) -> str:
    """A story's page."""
    return f"/story/{story}"


def article_link(article: int) -> str:
    """An article's page."""
    return f"/article/{article}"


def alert_link(alert: int) -> str:
    """An alert's page."""
    return f"/alert/{alert}"


def source_link(source: str) -> str:
    """A source's page."""
    return f"/source/{quote(source, safe='')}"


def rule_link(pack: str, rule: str) -> str:
    """A rule's page."""
    return f"/rule/{quote(pack, safe='')}/{quote(rule, safe='')}"


def feed_link(*subject: str | int, q: str = "") -> str:
    """The Atom feed of a subject: `all`, or what kind it is and its name; of a search, with its question."""
    words = f"?{urlencode({'q': q})}" if q else ""
    return f"/feeds/atom/{'/'.join(quote(str(part), safe='') for part in subject)}{words}"
