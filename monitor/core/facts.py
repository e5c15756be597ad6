"""What does an article state? Figures with what they count, places, actors, deeds, stances, subjects and dates.

All but the dates comes from the pack's own concepts, so it works for any topic.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.core.attribution import Speakers
from monitor.core.dates import dates
from monitor.core.models import Evidence, Fact, FactKind, Field
from monitor.core.numbers import Number, numbers
from monitor.core.text import is_unspaced
from monitor.core.topic import ConceptKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.core.reading import Hit, Reading
    from monitor.core.topic import Pack

_AHEAD = 4  # words that may stand between a figure and what it counts: "10,000 heavily armed North Korean soldiers"
_BEHIND = 2  # the same where the unit comes first: "병력 1만2천명"
_KINDS = {
    ConceptKind.ACTOR: FactKind.ACTOR,
    ConceptKind.PLACE: FactKind.PLACE,
    ConceptKind.DEED: FactKind.DEED,
    ConceptKind.STANCE: FactKind.STANCE,
    ConceptKind.SUBJECT: FactKind.SUBJECT,
}
_LEAST_SUBJECT = 1.0  # the weight from which a subject says what a text is about
_DATED = 1000  # characters of the body whose dates belong to what it reports
# What stands right behind numbers that count nothing of interest: shares, times, dates, distances, ages.
_OTHERS = re.compile(
    r"[\s-]?(?:%|percent|per cent|prozent|процент|відсот|hour|day|week|month|year"
    r"|stunde|tag|woche|monat|jahr|час|ден|дн"
    r"|недел|месяц|лет|год|годин|тиж|місяц|рок|heure|jour|semaine|mois|an[s]?\b|hora|día|dia|mes|año|ano|ore|giorn"
    r"|settiman|mesi|anni|godzin|dni|tygod|miesi|lat\b|km\b|kilomet|meter|метр|mph"
    r"|시간|분|초|일|월|년|시|개월|주|세|살|킬로|%"
    r"|時間|分|秒|日|月|年|時|週|歳|キロ|小时|小時|天|周|岁|歲|公里|个月|個月|ヶ月|か月)"
)
_CLAUSE_END = re.compile(r"[,;:()。、，；]")


def facts(reading: Reading, pack: Pack) -> tuple[Fact, ...]:
    """What the article states, in order of place; each statement once."""
    speakers = Speakers(reading, pack)
    days = tuple(_dates(reading))
    figures = (fact for fact in _figures(reading, pack, speakers) if not _is_dated(fact, days))
    found: dict[tuple[object, ...], Fact] = {}
    for fact in figures:
        known = found.setdefault((fact.concept, fact.value, fact.bound, fact.most), fact)
        if fact.by and not known.by:  # the headline gives the figure, the text says whose it is
            found[fact.concept, fact.value, fact.bound, fact.most] = replace(known, by=fact.by)
    for fact in (*_concepts(reading, pack, speakers), *days):
        found.setdefault((fact.kind, fact.concept, fact.by, fact.period), fact)
    return tuple(
        sorted(found.values(), key=lambda fact: (fact.evidence.field is Field.BODY, fact.evidence.start))
    )


def _figures(reading: Reading, pack: Pack, speakers: Speakers) -> Iterator[Fact]:
    units = [hit for hit in reading.hits if pack.kind_of(hit.key) is ConceptKind.UNIT]
    for field, folded in reading.folded.items():
        inside = [hit for hit in units if hit.field is field]
        for number in numbers(folded.text) if inside else ():
            if (unit := _counted(number, inside, reading)) is None:
                continue
            place = min(number.start, unit.start), max(number.end, unit.end)
            start, end = folded.span(*place)
            evidence = Evidence(field, start, end, folded.original[start:end], unit.key)
            actor = speakers.of_figure(field, *place)
            by = actor.name if actor else ""
            yield Fact(FactKind.FIGURE, unit.key, number.value, evidence, by, reading.article.published)


def _counted(number: Number, units: Sequence[Hit], reading: Reading) -> Hit | None:
    """What the number counts: the nearest unit behind it, else the nearest before it, in the same clause."""
    folded = reading.folded[units[0].field]
    if _OTHERS.match(folded.text, number.end):
        return None
    sentence = folded.sentence_at(number.start)
    here = [unit for unit in units if unit.sentence == sentence]
    at = folded.word_at(number.end)
    after = [unit for unit in here if unit.start >= number.end and unit.word - at <= _AHEAD]
    if after:
        unit = min(after, key=lambda unit: unit.start)
        between = folded.text[number.end : unit.start]
        if not _CLAUSE_END.search(between) and not any(map(str.isdigit, between)):
            return unit
    # Only languages that write no spaces put the unit first: "병력 1만2천명", "兵士約1万2000人".
    before = [unit for unit in here if unit.end <= number.start and _is_unspaced(unit, reading)]
    if before:
        unit = max(before, key=lambda unit: unit.end)
        between = folded.text[unit.end : number.start]
        near = folded.word_at(number.start) - folded.word_at(max(unit.end - 1, 0)) <= _BEHIND + 1
        if near and not _CLAUSE_END.search(between) and not any(map(str.isdigit, between)):
            return unit
    return None


def _is_unspaced(hit: Hit, reading: Reading) -> bool:
    return is_unspaced(reading.folded[hit.field].text[hit.start : hit.end])


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
    for hit in reading.hits:
        kind = _KINDS.get(pack.kind_of(hit.key))  # type: ignore[arg-type]  # None has no kind of fact
        if kind is FactKind.SUBJECT and pack.concepts[hit.key].weight < _LEAST_SUBJECT:
            continue
        if kind is FactKind.STANCE and speakers.is_negated(hit):
            continue  # "did not confirm" is no confirmation
        if kind is not None:
            actor = speakers.of_stance(hit) if kind is FactKind.STANCE else None
            by = (actor.part_of or actor.name) if actor else ""
            yield Fact(kind, hit.key, None, reading.evidence(hit), by, reading.article.published)
