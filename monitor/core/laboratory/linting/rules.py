"""Rules without examples, rules that others cover, and what no rule uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.core import query as q
from monitor.core.laboratory.implying import Implications
from monitor.core.laboratory.linting.findings import Finding, Level
from monitor.core.laboratory.proving import Prover
from monitor.core.matching import Matcher
from monitor.core.topic import ConceptKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from monitor.core.laboratory.linting.tally import Tally
    from monitor.core.topic import Pack

_FIRED = 5  # times that a rule must have fired before another one is said to cover it
_ENOUGH = 200  # articles of a history from which the silence of a rule says something
_PLENTY = 2000  # articles of a language from which the silence of a name does
_SHOWN = 8


def unused(pack: Pack) -> Iterator[Finding]:
    """Macros that no rule names, and concepts that serve for nothing.

    Actors, deeds and the like are stated as facts, and what has a weight tells developments apart all the same.
    """
    concepts = {name for rule in pack.rules for name in q.concepts(rule.query)}
    for concept in pack.concepts.values():
        idle = concept.kind is ConceptKind.SUBJECT and not concept.weight
        if concept.name not in concepts and idle and concept.terms:
            yield Finding(
                "unused-concept",
                Level.WARNING,
                concept.terms[0].where,
                f"no rule uses the concept {concept.name}, and it has no weight",
                "name it in a rule, give it a weight, or remove it",
            )
    macros = {name for rule in pack.rules for name in _macros(rule.query)}
    for name, where in pack.macros.items():
        if name not in macros:
            yield Finding(
                "unused-macro",
                Level.WARNING,
                where,
                f"no rule uses the macro {name}",
                "name it in a rule, or remove it",
            )


def _macros(query: q.Query) -> Iterator[str]:
    if isinstance(query, q.Macro):
        yield query.name
    for part in q.parts_of(query):
        yield from _macros(part)


def unproven(pack: Pack, languages: int) -> Iterator[Finding]:
    """Rules that lack examples, or have them in fewer languages than asked."""
    for rule in pack.rules:
        spoken = {example.language for example in rule.must_fire}
        if not rule.must_fire:
            yield Finding(
                "no-must-fire",
                Level.WARNING,
                rule.where,
                f"{rule.name} has no example on which it must fire",
                "add headlines under must_fire",
            )
        elif len(spoken) < languages:
            yield Finding(
                "few-languages",
                Level.NOTE,
                rule.where,
                f"{rule.name} must fire in {len(spoken)} languages only: {', '.join(sorted(spoken))}",
                f"add examples in {languages - len(spoken)} more",
            )
        if not rule.must_not_fire:
            yield Finding(
                "no-must-not-fire",
                Level.WARNING,
                rule.where,
                f"{rule.name} has no example on which it must not fire",
                "add headlines that are almost right under must_not_fire",
            )


def idle(pack: Pack, tally: Tally) -> Iterator[Finding]:
    """Names that never stood in the history, for each concept, and rules that never fired on it."""
    if tally.articles < _ENOUGH:
        return
    for rule in pack.rules:
        if not tally.rules[rule.name]:
            yield Finding(
                "silent-rule",
                Level.NOTE,
                rule.where,
                f"{rule.name} fired on none of {tally.articles} stored articles",
                "see what it lacks with tumen why, or remove it",
            )
    heard = {language for language, articles in tally.languages.items() if articles >= _PLENTY}
    for concept in pack.concepts.values():
        silent = [
            term
            for term in concept.terms
            if term.language in heard | {"any"} and not tally.terms[concept.name, term]
        ]
        if silent:
            more = f" and {len(silent) - _SHOWN} more" if len(silent) > _SHOWN else ""
            yield Finding(
                "silent-name",
                Level.NOTE,
                silent[0].where,
                f"{len(silent)} of {len(concept.terms)} names of {concept.name} stand in none of {tally.articles} "
                f"stored articles: {', '.join(term.text for term in silent[:_SHOWN])}{more}",
                "check their spelling",
            )


def covered_rules(pack: Pack, tally: Tally | None) -> Iterator[Finding]:
    """Rules that add nothing: another one of at least their severity fires wherever they do."""
    fired = _fired(pack, tally)
    known = Implications()
    for number, rule in enumerate(pack.rules):
        for place, other in enumerate(pack.rules):
            weaker = other.severity.rank < rule.severity.rank or (other.general and not rule.general)
            if other is rule or weaker:
                continue
            if known.implies(rule.query, other.query) and (
                place < number
                or not known.implies(other.query, rule.query)  # of two that are equal, the later
            ):
                yield Finding(
                    "implied-rule",
                    Level.WARNING,
                    rule.where,
                    f"{other.name} holds wherever {rule.name} does",
                    f"remove {rule.name}, give it a higher severity, or mark {other.name} as general",
                )
                break
            if len(fired[rule.name]) >= _FIRED and fired[rule.name] < fired[other.name]:
                yield Finding(
                    "covered-rule",
                    Level.NOTE,
                    rule.where,
                    f"wherever {rule.name} fired ({len(fired[rule.name])} times), {other.name} fired as well",
                    f"if that is meant, mark {other.name} as general",
                )
                break


def _fired(pack: Pack, tally: Tally | None) -> Mapping[str, set[int]]:
    """On which articles and examples each rule fires; examples have numbers below 0."""
    matcher, prover = Matcher([pack]), Prover(pack)
    fired = {rule.name: set(tally.rules[rule.name] if tally else ()) for rule in pack.rules}
    examples = [example for rule in pack.rules for example in (*rule.must_fire, *rule.must_not_fire)]
    for number, example in enumerate(examples, 1):
        for match in matcher.matches([prover.read(example)]):
            fired[match.rule].add(-number)
    return fired
