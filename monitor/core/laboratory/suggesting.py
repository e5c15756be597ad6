"""What to change in a rule that fired wrongly on an article, or missed one.

Each proposal is verified: on the article, and on the examples of the pack. What it does elsewhere, the history tells.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from monitor.core import query as q
from monitor.core.conditions import satisfy
from monitor.core.laboratory.editing import Edit, all_of, looser, stricter
from monitor.core.laboratory.proving import Prover
from monitor.core.statements import Field
from monitor.core.topic import ConceptKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from monitor.core.reading import Reading
    from monitor.core.topic import Pack, Rule

_TRIED = 400  # edits that are looked at
_CANDIDATES = 4  # concepts that are tried beside a name that is missing
_EXCLUDED = 3  # concepts that are tried as exclusions


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rule in a new form.

    Attributes:
        rule: the rule with its new condition.
        says: what the change is, in words.
    """

    rule: Rule
    says: str

    @property
    def condition(self) -> str:
        """The new condition as it is written."""
        return self.rule.source


def narrowings(rule: Rule, pack: Pack, reading: Reading, most: int = 12) -> tuple[Proposal, ...]:
    """Changes by which a rule that fired on the article does so no longer, the least drastic first.

    With each of them every example of the rule that must fire, and did, still fires. If the rule does not fire on the
    article there is nothing to propose.
    """
    if satisfy(rule.query, reading.view) is None:
        return ()
    examples = _Examples(rule, pack)
    edits = (*_exclusions(rule, pack, reading, examples), *islice(stricter(rule.query, reading.view), _TRIED))
    return _proposals(
        rule, (edit for edit in edits if satisfy(edit.query, reading.view) is None), examples, most
    )


def widenings(rule: Rule, pack: Pack, reading: Reading, most: int = 12) -> tuple[Proposal, ...]:
    """Changes by which a rule that missed the article fires on it, the least drastic first.

    With each of them every example that must fire, and did, still fires, and none on which the rule must not fire
    begins to. If the rule fires on the article there is nothing to propose.
    """
    if satisfy(rule.query, reading.view) is not None:
        return ()
    edits = islice(looser(rule.query, reading.view, _candidates(rule, pack, reading)), _TRIED)
    return _proposals(rule, edits, _Examples(rule, pack), most)


class _Examples:
    """The examples that a changed rule must still satisfy: those that it satisfies now."""

    def __init__(self, rule: Rule, pack: Pack) -> None:
        prover = Prover(pack)
        fire = [prover.read(example) for example in rule.must_fire]
        silent = [prover.read(example) for example in (*rule.must_not_fire, *pack.must_not_fire)]
        self.fire = [one for one in fire if satisfy(rule.query, one.view) is not None]
        self.silent = [one for one in silent if satisfy(rule.query, one.view) is None]

    def allow(self, query: q.Query) -> bool:
        fire = all(satisfy(query, one.view) is not None for one in self.fire)
        return fire and all(satisfy(query, one.view) is None for one in self.silent)


def _proposals(rule: Rule, edits: Iterable[Edit], examples: _Examples, most: int) -> tuple[Proposal, ...]:
    allowed = (
        edit for edit in _distinct(edits) if not q.is_silent(edit.query) and examples.allow(edit.query)
    )
    return tuple(
        Proposal(replace(rule, query=edit.query, source=q.written(edit.query)), edit.says)
        for edit in islice(allowed, most)
    )


def _distinct(edits: Iterable[Edit]) -> Iterator[Edit]:
    seen: set[q.Query] = set()
    for edit in edits:
        if edit.query not in seen:
            seen.add(edit.query)
            yield edit


def _exclusions(rule: Rule, pack: Pack, reading: Reading, examples: _Examples) -> Iterator[Edit]:
    """The condition with NOT, for concepts of the article that the examples seldom have; those of its title first."""
    named = set(q.concepts(rule.query))
    usual = Counter(key for one in examples.fire for key in one.keys)
    hits = [hit for hit in reading.hits if not hit.key.startswith('"') and hit.key not in named]
    in_title = {hit.key for hit in hits if hit.field is Field.TITLE}

    def order(key: str) -> tuple[bool, bool, int]:
        """What a text is about says more than what is done in it, or how."""
        about = pack.kind_of(key) in {ConceptKind.SUBJECT, ConceptKind.ACTOR, ConceptKind.PLACE}
        return (not about, key not in in_title, usual[key])

    for key in sorted(dict.fromkeys(hit.key for hit in hits), key=order)[:_EXCLUDED]:
        where = "title" if key in in_title else "lead"
        yield Edit(
            all_of([rule.query, q.Not(q.In(q.Scope(where), q.Named(key)))]), f"not with {key} in the {where}"
        )
        yield Edit(all_of([rule.query, q.Not(q.Named(key))]), f"not with {key} anywhere")


def _candidates(rule: Rule, pack: Pack, reading: Reading) -> Sequence[str]:
    """Concepts of the article that the rule does not name, of a kind that it does; those of the title first."""
    named = set(q.concepts(rule.query))
    kinds: set[ConceptKind | None] = {pack.kind_of(name) for name in named}
    found = [
        hit.key for hit in reading.hits if hit.key not in named and pack.kind_of(hit.key) in kinds - {None}
    ]
    return list(dict.fromkeys(found))[:_CANDIDATES]
