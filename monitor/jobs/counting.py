"""Counting what a pack made of many texts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from monitor.jobs.laboratory import Outcome, Sample

_EXAMPLES = 3  # texts that are kept of each rule


@dataclass(slots=True)
class RuleCount:
    """How often a rule fired.

    Attributes:
        matches: texts on which it fired.
        alone: of these, texts on which no other rule did.
        alerts: alerts that are named after it.
        languages: of the texts.
        examples: the first of them.
    """

    matches: int = 0
    alone: int = 0
    alerts: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    examples: list[Sample] = field(default_factory=list)


@dataclass(slots=True)
class Count:
    """How often a pack's rules fired, and how right that was where it is known.

    Attributes:
        texts: all that were tried.
        matched: texts on which a rule fired.
        alerts: how many of them were told, by kind (`new`, `update`).
        first, last: the days of the first and last text.
        rules: by name; every rule of the pack has an entry.
        days: matches and alerts of each day that had a match.
        labelled: texts of which it is known whether they are relevant.
        right, wrong, missed: relevant ones that fired, irrelevant ones that fired, relevant ones that did not.
    """

    rules: dict[str, RuleCount]
    texts: int = 0
    matched: int = 0
    alerts: Counter[str] = field(default_factory=Counter)
    first: date | None = None
    last: date | None = None
    days: dict[date, list[int]] = field(default_factory=dict)
    labelled: int = 0
    right: int = 0
    wrong: list[Sample] = field(default_factory=list)
    missed: list[Sample] = field(default_factory=list)

    def add(self, sample: Sample, outcome: Outcome | None) -> None:
        """Count a text."""
        day = sample.at.date()
        self.texts += 1
        self.first = min(self.first or day, day)
        self.last = max(self.last or day, day)
        self._judge(sample, fired=outcome is not None)
        if outcome is None:
            return
        self.matched += 1
        counts = self.days.setdefault(day, [0, 0])
        counts[0] += 1
        if outcome.alert:
            self.alerts[outcome.alert.value] += 1
            counts[1] += 1
            self.rules[outcome.rule].alerts += 1
        names = {match.rule for match in outcome.matches}
        for name in names:
            rule = self.rules[name]
            rule.matches += 1
            rule.alone += len(names) == 1
            rule.languages[sample.article.language or "?"] += 1
            if len(rule.examples) < _EXAMPLES:
                rule.examples.append(sample)

    @property
    def precision(self) -> float | None:
        """The share of relevant texts among those that fired; None if none did, or no text is labelled."""
        fired = self.right + len(self.wrong)
        return self.right / fired if fired else None

    @property
    def recall(self) -> float | None:
        """The share that fired among the relevant texts; None if there are none."""
        relevant = self.right + len(self.missed)
        return self.right / relevant if relevant else None

    def _judge(self, sample: Sample, *, fired: bool) -> None:
        if sample.relevant is None:
            return
        self.labelled += 1
        if sample.relevant and fired:
            self.right += 1
        elif fired:
            self.wrong.append(sample)
        elif sample.relevant:
            self.missed.append(sample)
