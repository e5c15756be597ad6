"""What edits of a rule would do: each is tried on the texts that were read before."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from monitor.core.laboratory.nearing import near_misses
from monitor.core.laboratory.suggesting import narrowings, widenings
from monitor.core.matching import Matcher
from monitor.core.models import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.core.laboratory.suggesting import Proposal
    from monitor.core.reading import Reading
    from monitor.core.topic import Pack
    from monitor.jobs.laboratory import Sample

_KEPT = 200  # characters of a text that an edit changes


def proposals(verdict: Verdict, pack: Pack, reading: Reading, rule: str | None = None) -> list[Proposal]:
    """Small edits that would have decided otherwise about a text.

    They are edits of the named rule; without one, of those that fire on the text, or of the two that came nearest.
    """
    if verdict is Verdict.IRRELEVANT:
        fired = {match.rule for match in Matcher([pack]).matches((reading,))}
        meant = fired if rule is None else fired & {rule}
        edits = narrowings
    else:
        nearest = {miss.rule.name for miss in near_misses(pack, reading, most=2)}
        meant = nearest if rule is None else {rule}
        edits = widenings
    return [edit for one in pack.rules if one.name in meant for edit in edits(one, pack, reading)]


@dataclass(slots=True)
class Effect:
    """What an edit would do to the texts of the past, the one that it was made for left out.

    Attributes:
        proposal: the edit.
        lost: texts on which the rule would no longer fire.
        gained: texts on which it would fire anew.
        silenced: how many of the lost no other rule fires on.
        heard: how many of the gained no rule fires on now.
    """

    proposal: Proposal
    lost: list[Sample] = field(default_factory=list)
    gained: list[Sample] = field(default_factory=list)
    silenced: int = 0
    heard: int = 0

    @property
    def cost(self) -> tuple[int, int]:
        """Orders edits: what changes least beside the text in question comes first."""
        return (self.silenced + self.heard, len(self.lost) + len(self.gained))


class Effects:
    """Tries edits of a pack's rules on one text after another."""

    def __init__(self, pack: Pack, proposals: Sequence[Proposal], about: int | str) -> None:
        """Take the edits, and the number of the text that they were made for."""
        self._about = about
        self._effects = {_name(number): Effect(one) for number, one in enumerate(proposals)}
        edited = tuple(replace(one.rule, name=_name(number)) for number, one in enumerate(proposals))
        self._matcher = Matcher([replace(pack, rules=(*pack.rules, *edited))])

    def add(self, sample: Sample) -> None:
        """Try all edits on a text."""
        if sample.id == self._about:
            return
        readings = self._matcher.read(sample.article, sample.origin)
        fired = {match.rule for match in self._matcher.matches(readings)}
        now = fired - self._effects.keys()
        for name, effect in self._effects.items():
            rule = effect.proposal.rule.name
            if rule in now and name not in fired:
                effect.lost.append(_light(sample))
                effect.silenced += now == {rule}
            elif name in fired and rule not in now:
                effect.gained.append(_light(sample))
                effect.heard += not now

    def best(self) -> list[Effect]:
        """The edits, those that change least beside the text in question first."""
        return sorted(self._effects.values(), key=lambda effect: effect.cost)


def _light(sample: Sample) -> Sample:
    """The sample with the beginning of its text only: an edit may change thousands."""
    return replace(sample, article=replace(sample.article, text=sample.article.text[:_KEPT]))


def _name(number: int) -> str:
    """A name that no rule of a pack has."""
    return f"edit {number}"
