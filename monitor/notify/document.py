"""What a message tells, as data: the document that a webhook gets. Pure; docs/channels.md describes it.

The shape is a promise. Fields may be added; what exists keeps its name and meaning as long as `version` is 1.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from monitor.notify.excerpt import clean, one_line
from monitor.notify.gist import gist

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from monitor.core.delivery.bundling import Lost
    from monitor.core.models import Alert
    from monitor.core.statements import Novelty
    from monitor.notify.voice import Voice

_VERSION = 1


def document(
    kind: str, alerts: Iterable[Alert], voice: Voice, lost: Iterable[Lost] = ()
) -> Mapping[str, object]:
    """A message of this kind (`alert`, `digest`, `notice`) without its words, for a reader of `voice`.

    `lost` is what did not reach the reader before.
    """
    return {
        "version": _VERSION,
        "type": kind,
        "language": voice.language,
        "alerts": [_alert(alert, voice) for alert in alerts],
        "undelivered": [{"id": one.alert, "title": one_line(one.title), "state": one.state} for one in lost],
    }


def _alert(alert: Alert, voice: Voice) -> Mapping[str, object]:
    article = alert.article
    return {
        "id": alert.id,
        "kind": alert.kind,
        "reason": alert.reason,
        "severity": alert.severity,
        "pack": alert.pack,
        "rules": list(alert.rules),
        "story": {"id": alert.story, "title": one_line(alert.story_title)},
        "title": one_line(article.title),
        "url": "".join(clean(article.url).split()),
        "outlet": one_line(alert.source),
        "language": article.language,
        "published": _time(article.published, day_only=article.day_only),
        "found": _time(alert.found_at),
        "outlets": alert.outlets,
        "languages": list(alert.languages),
        "new": [_news(item) for item in alert.new],
        "gist": [piece.text for piece in gist(alert, voice)],
    }


def _news(item: Novelty) -> Mapping[str, object]:
    fact = item.fact
    return {
        "newness": item.kind,
        "kind": fact.kind,
        "concept": fact.concept or None,
        "value": _number(fact.value),
        "most": _number(fact.most),
        "bound": fact.bound,
        "before": _number(item.before),
        "by": fact.by or None,
        "words": one_line(fact.evidence.text),
        "instead": one_line(item.instead) or None,
    }


def _number(value: float | None) -> float | None:
    """A number that JSON has: whole ones without `.0`, nothing for what is none."""
    if value is None or not math.isfinite(value):
        return None
    return int(value) if value.is_integer() else value


def _time(when: datetime | None, *, day_only: bool = False) -> str | None:
    if when is None:
        return None
    return f"{when:%Y-%m-%d}" if day_only else f"{when:%Y-%m-%dT%H:%M:%SZ}"
