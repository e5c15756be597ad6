"""What was decided about texts, as lines of output, and all of it in a few figures."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monitor.core.models import AlertKind
from monitor.core.statements import FactKind, Newness

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from monitor.core.statements import Fact, Novelty
    from monitor.jobs.taking import Taken


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of many texts.

    Attributes:
        articles: how many texts were decided about.
        relevant: how many of them are on topic: the alerts that telling every match would have sent.
        stories: how many developments they report.
        alerts: alerts by kind.
        updates: updates by what is new in them; one that names two kinds counts for both.
        reasons: texts by reason, the most frequent first.
    """

    articles: int
    relevant: int
    stories: int
    alerts: Mapping[AlertKind, int]
    updates: Mapping[Newness, int]
    reasons: Mapping[str, int]

    @property
    def told(self) -> int:
        """All alerts."""
        return sum(self.alerts.values())

    @property
    def saved(self) -> int:
        """The alerts that telling every match would have sent beyond these."""
        return self.relevant - self.told

    def row(self) -> dict[str, Any]:
        """The summary as one line of output."""
        return {
            "articles": self.articles,
            "relevant": self.relevant,
            "stories": self.stories,
            "alerts": {kind.value: count for kind, count in self.alerts.items()},
            "updates": {newness.value: count for newness, count in self.updates.items()},
            "reasons": dict(self.reasons),
            "every_match": self.relevant,
            "saved": self.saved,
        }


def summarise(answers: Iterable[Mapping[str, Any]]) -> Summary:
    """The figures of these answers."""
    rows = list(answers)
    alerts = Counter(row["alert"] for row in rows)
    updates = Counter(
        newness
        for row in rows
        if row["alert"] == AlertKind.UPDATE
        for newness in {new["newness"] for new in row["new"]}
    )
    return Summary(
        articles=len(rows),
        relevant=sum(row["relevant"] for row in rows),
        stories=len({row["story"] for row in rows} - {None}),
        alerts={kind: alerts[kind] for kind in AlertKind},
        updates={kind: updates[kind] for kind in Newness if kind in updates},
        reasons=dict(Counter(row["reason"] for row in rows).most_common()),
    )


def answer(text_id: str | int, taken: Taken) -> dict[str, Any]:
    """What was decided, as one line of output."""
    ingest = taken.ingest
    alert = ingest.alerts[0] if ingest.alerts else None
    return {
        "id": text_id,
        "relevant": bool(ingest.matches),
        "score": max((match.score for match in ingest.matches), default=0.0),
        "rules": [match.rule for match in ingest.matches],
        "evidence": [
            {
                "field": piece.field.value,
                "start": piece.start,
                "end": piece.end,
                "text": piece.text,
                "concept": piece.concept,
            }
            for piece in dict.fromkeys(piece for match in ingest.matches for piece in match.evidence)
        ],
        "facts": [fact_row(fact) for fact in ingest.facts],
        "story": taken.stored.story,
        "alert": alert.kind.value if alert else None,
        "new": [novelty_row(new) for new in alert.new] if alert else [],
        "reason": ingest.reason.value,
    }


def fact_row(fact: Fact) -> dict[str, Any]:
    """A fact as a part of a line of output."""
    found: dict[str, Any] = {"kind": fact.kind.value, "concept": fact.concept, "text": fact.evidence.text}
    if fact.kind is FactKind.FIGURE:
        found |= {"value": fact.value, "bound": fact.bound.value}
    if fact.most is not None:
        found["most"] = fact.most
    if fact.period is not None:
        found |= {
            "first_day": fact.period.first.isoformat(),
            "last_day": fact.period.last.isoformat(),
        }
    if fact.by:
        found["by"] = fact.by
    return found | {
        "field": fact.evidence.field.value,
        "start": fact.evidence.start,
        "end": fact.evidence.end,
    }


def novelty_row(new: Novelty) -> dict[str, Any]:
    """What is new as a part of a line of output: the fact, in which way it is new, and what was told before."""
    row = {"newness": new.kind.value} | fact_row(new.fact)
    if new.before is not None:
        row["before"] = new.before
    return row | ({"instead": new.instead} if new.instead else {})
