"""Do a pack's examples hold?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitor.core.laboratory.explaining import explain
from monitor.core.laboratory.nearing import near_misses
from monitor.core.matching import Matcher
from spiders.items import Article

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.core.reading import Reading
    from monitor.core.topic import Example, Pack, Rule


@dataclass(frozen=True, slots=True)
class Case:
    """An example with what it asks: that its rules fire on it, or that none of them does.

    Attributes:
        rules: one rule, or every rule of the pack for texts on which nothing may fire.
        example: the text.
        must_fire: what is asked.
        general: whether it speaks of the whole pack.
    """

    rules: tuple[Rule, ...]
    example: Example
    must_fire: bool
    general: bool = False

    @property
    def name(self) -> str:
        """What is asked, in words."""
        subject = "any rule" if self.general else self.rules[0].name
        return f"{subject} must{'' if self.must_fire else ' not'} fire"


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that does not do what its rule says."""

    rule: str
    where: str
    says: str


def cases(pack: Pack) -> tuple[Case, ...]:
    """Every example of the pack, rule by rule."""
    return tuple(_cases(pack))


def prove(pack: Pack) -> tuple[Failure, ...]:
    """Every example of the pack that fails: texts on which a rule must fire and does not, or the reverse."""
    prover = Prover(pack)
    return tuple(
        Failure(rule.name, case.example.where, f"{_says(case)}: {case.example.text}")
        for case in cases(pack)
        for rule in prover.wrong(case)
    )


def _says(case: Case) -> str:
    return "must fire and does not" if case.must_fire else "must not fire and does"


class Prover:
    """Tries examples on a pack."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self._matcher = Matcher([pack])

    def wrong(self, case: Case) -> tuple[Rule, ...]:
        """The rules that do not do what the example asks; none if it holds.

        Where any rule will do, one that fires is enough.
        """
        names = {match.rule for match in self._matcher.matches((self.read(case.example),))}
        fired = [rule for rule in case.rules if rule.name in names]
        if not case.must_fire:
            return tuple(fired)
        return () if fired else case.rules

    def read(self, example: Example) -> Reading:
        """The example as a headline; a text of several lines is a headline with a body."""
        title, _, text = example.text.partition("\n")
        language = None if example.language == "any" else example.language
        return self._matcher.read(Article("", title, text, language))[0]


def lacking(rule: Rule, pack: Pack, reading: Reading) -> str:
    """What a rule that does not fire is missing, in words that may quote the text."""
    nearest = near_misses(replace(pack, rules=(rule,)), reading, most=1)
    return nearest[0].words if nearest else explain(rule, pack, reading).lacks


def _cases(pack: Pack) -> Iterator[Case]:
    for rule in pack.rules:
        for example in rule.must_fire:
            yield Case((rule,), example, must_fire=True)
        for example in rule.must_not_fire:
            yield Case((rule,), example, must_fire=False)
    for example in pack.must_not_fire:
        yield Case(pack.rules, example, must_fire=False, general=True)
