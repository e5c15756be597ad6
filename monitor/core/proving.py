"""Do a pack's examples hold?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.core.matching import Matcher, apply
from spiders.items import Article

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.core.reading import Reading
    from monitor.core.topic import Example, Pack, Rule


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that does not do what its rule says."""

    rule: str
    where: str
    says: str


def prove(pack: Pack) -> tuple[Failure, ...]:
    """Every example of the pack that fails: texts on which a rule must fire and does not, or the reverse."""
    return tuple(_failures(pack))


def _failures(pack: Pack) -> Iterator[Failure]:
    matcher = Matcher([pack])
    for rule in pack.rules:
        for example in rule.must_fire:
            if apply(rule, pack, _read(matcher, example)) is None:
                yield Failure(rule.name, example.where, f"must fire and does not: {example.text}")
        for example in rule.must_not_fire:
            yield from _fired(pack, [rule], matcher, example)
    for example in pack.must_not_fire:
        yield from _fired(pack, pack.rules, matcher, example)


def _fired(pack: Pack, rules: Sequence[Rule], matcher: Matcher, example: Example) -> Iterator[Failure]:
    reading = _read(matcher, example)
    for rule in rules:
        if apply(rule, pack, reading) is not None:
            yield Failure(rule.name, example.where, f"must not fire and does: {example.text}")


def _read(matcher: Matcher, example: Example) -> Reading:
    """The example as a headline; a text of several lines is a headline with a body."""
    title, _, text = example.text.partition("\n")
    return matcher.read(Article("", title, text))[0]
