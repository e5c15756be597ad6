"""Prints what an outlet has published: listings and pages as bytes in the outlet's charset."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  a dataclass field
from email.utils import format_datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.demo.script import DemoArticle, Outlet

TYPES = {
    "rss.xml": "application/rss+xml",
    "atom.xml": "application/atom+xml",
    "rdf.xml": "application/rdf+xml",
    "sitemap-index.xml": "application/xml",
    "news-sitemap.xml": "application/xml",
}


@dataclass(frozen=True, slots=True)
class Printed:
    """An article as its outlet shows it. `published` is on the outlet's wall clock."""

    article: DemoArticle
    outlet: Outlet
    base: str
    published: datetime

    @property
    def path(self) -> str:
        """Its path on the outlet's server."""
        return f"{self.outlet.folder}{self.article.id}.html"

    @property
    def url(self) -> str:
        """Its address without anything that only counts clicks."""
        return f"{self.base}{self.path}"

    @property
    def feed_url(self) -> str:
        """Its address as the feed gives it."""
        return f"{self.url}?{self.outlet.tracking}" if self.outlet.tracking else self.url

    @property
    def linked_data(self) -> dict[str, Any]:
        """The page's description for search engines (schema.org)."""
        data: dict[str, Any] = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "mainEntityOfPage": self.url,
            "headline": self.article.title,
            "description": self.article.summary,
            "datePublished": self.published.isoformat(),
            "inLanguage": self.article.language,
            "publisher": {"@type": "NewsMediaOrganization", "name": self.outlet.title},
        }
        if self.article.author:
            data["author"] = [{"@type": "Person", "name": self.article.author}]
        return data


def content_type(template: str, outlet: Outlet) -> str:
    """The header for a rendered template.

    Outlets with a legacy charset say it in the document only, as many do.
    """
    kind = TYPES.get(template, "text/html")
    return f"{kind}; charset=utf-8" if outlet.charset == "utf-8" else kind


def listing(template: str, outlet: Outlet, base: str, items: Sequence[Printed], changed: datetime) -> bytes:
    """A feed, sitemap or section page over `items`, newest first; `changed` is when it last changed."""
    return _render(template, outlet, base=base, items=items, changed=changed)


def page(item: Printed, related: Sequence[Printed]) -> bytes:
    """An article's page, with links to other articles around it."""
    return _render(item.outlet.layout, item.outlet, item=item, related=related)


def missing(outlet: Outlet) -> bytes:
    """What a server says about a page that it does not have."""
    return _render("missing.html", outlet)


def _render(template: str, outlet: Outlet, **values: Any) -> bytes:
    text = _environment().get_template(template).render(outlet=outlet, **values)
    return text.encode(outlet.charset, "xmlcharrefreplace")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("monitor.demo"), autoescape=True, undefined=StrictUndefined, trim_blocks=False
    )
    environment.filters["mail_date"] = format_datetime
    return environment
