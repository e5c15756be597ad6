"""What does an article state? Figures with what they count, places, actors, deeds, stances, subjects and dates.

All but the dates comes from the pack's own concepts, so it works for any topic.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.core.attribution import Speakers
from monitor.core.dates import dates
from monitor.core.figures import figures
from monitor.core.statements import Evidence, Fact, FactKind, Field
from monitor.core.topic import ConceptKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.core.reading import Reading
    from monitor.core.topic import Pack

_KINDS = {
    ConceptKind.ACTOR: FactKind.ACTOR,
    ConceptKind.PLACE: FactKind.PLACE,
    ConceptKind.DEED: FactKind.DEED,
    ConceptKind.STANCE: FactKind.STANCE,
    ConceptKind.SUBJECT: FactKind.SUBJECT,
}
_LEAST_SUBJECT = 1.0  # the weight from which a subject says what a text is about
_DATED = 1000  # characters of the body whose dates belong to what it reports


def facts(reading: Reading, pack: Pack) -> tuple[Fact, ...]:
    """What the article states, in order of place; each statement once."""
    speakers = Speakers(reading, pack)
    days = tuple(_dates(reading))
    found: dict[tuple[object, ...], Fact] = {}
    for fact in figures(reading, pack, speakers.name_of_figure):
        if _is_dated(fact, days):
            continue
        same = (fact.concept, fact.value, fact.most)  # "12,000" and "some 12,000" are one statement
        known = found.setdefault(same, fact)
        if fact.by and not known.by:  # the headline gives the figure, the text says whose it is
            found[same] = replace(known, by=fact.by)
    for fact in (*_concepts(reading, pack, speakers), *days):
        found.setdefault((fact.kind, fact.concept, fact.by, fact.period), fact)
    return tuple(
        sorted(found.values(), key=lambda fact: (fact.evidence.field is Field.BODY, fact.evidence.start))
    )


def _dates(reading: Reading) -> Iterator[Fact]:
    article = reading.article
    for field, folded in reading.folded.items():
        for one in dates(folded, article.language, article.published, _DATED):
            start, end = folded.span(one.start, one.end)
            evidence = Evidence(field, start, end, folded.original[start:end], "")
            yield Fact(FactKind.DATE, "", None, evidence, at=article.published, period=one.period)


def _is_dated(figure: Fact, days: Sequence[Fact]) -> bool:
    """Whether the figure was made of the digits of a date."""
    where = figure.evidence
    return any(
        day.evidence.field is where.field
        and day.evidence.start < where.end
        and where.start < day.evidence.end
        and any(map(str.isdigit, day.evidence.text))
        for day in days
    )


def _concepts(reading: Reading, pack: Pack, speakers: Speakers) -> Iterator[Fact]:
    """The first place of each concept that states something, and each one's stances and deeds that are news."""
    voices = {actor.name for actor in speakers.of_title()}
    known: set[object] = set()
    for hit in reading.hits:
        if hit.key in known:
            continue
        kind = _KINDS.get(pack.kind_of(hit.key))  # type: ignore[arg-type]  # None has no kind of fact
        by = hit.key if hit.field is Field.TITLE and hit.key in voices else ""
        if kind is FactKind.STANCE and speakers.is_negated(hit):
            continue  # "did not confirm" is no confirmation
        if kind is FactKind.STANCE or (kind is FactKind.DEED and pack.concepts[hit.key].news):
            actor = speakers.of_stance(hit)
            by = actor.name if actor else ""
            if (hit.key, by) in known:
                continue
            known.add((hit.key, by))
        else:
            known.add(hit.key)
        if kind is None or (kind is FactKind.SUBJECT and pack.concepts[hit.key].weight < _LEAST_SUBJECT):
            continue
        yield Fact(kind, hit.key, None, reading.evidence(hit), by, reading.article.published)
