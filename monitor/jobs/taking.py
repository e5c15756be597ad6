"""What was decided about an article, on its way into the history and the log."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.core.models import Reason

if TYPE_CHECKING:
    from monitor.core.models import Ingest, Stored
    from monitor.core.signature import Signature
    from monitor.core.sources.revisiting import Page
    from monitor.core.statements import Fact
    from monitor.core.stories import Placement
    from monitor.core.topic import Pack
    from spiders.items import Article

_log = logging.getLogger("tumen.ingest")


@dataclass(frozen=True, slots=True)
class Taken:
    """An article with everything that was decided about it."""

    ingest: Ingest
    stored: Stored


@dataclass(frozen=True, slots=True)
class Finding:
    """What the pure rooms found in an article that a rule matched."""

    pack: Pack
    facts: tuple[Fact, ...]
    signature: Signature
    placement: Placement


def is_known(article: Article, page: Page | None) -> bool:
    """Whether the page was read before, and says the same."""
    return page is not None and (article.title, article.text) == (page.title, page.text)


def report(ingest: Ingest, stored: Stored) -> None:
    """Say in the log what was decided about an article."""
    level = logging.INFO if ingest.reason is not Reason.NO_RULE_MATCHED else logging.DEBUG
    story = f", story {stored.story}" if stored.story is not None else ""
    fields = {
        "source": ingest.source,
        "url": ingest.article.url,
        "reason": ingest.reason,
        "story": stored.story,
    }
    title = ingest.article.title[:120]
    _log.log(level, "%s: %r (%s%s)", ingest.reason, title, ingest.source, story, extra=fields)
