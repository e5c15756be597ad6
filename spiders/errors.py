"""What the readers raise when bytes are not what was asked for; nothing else leaves them."""

from __future__ import annotations


class NotASource(Exception):
    """The body holds no feed, sitemap or page of links.

    `reason` is a word of `CrawlReport.reason`: `not_a_source`, or `unsafe_xml` for a document whose entities would
    expand without bound or reach for other files. `detail` is one sentence for a person.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class NoText(Exception):
    """The page has neither a title nor a text. `detail` is one sentence for a person."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail
