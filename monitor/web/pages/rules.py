"""The rules of all packs, and one rule with its latest hits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from monitor.core.errors import InputError
from monitor.core.query import written
from monitor.publish.charts import Series, spark, stacked_bars
from monitor.store.views.rules import DAYS, LONG, RuleLine, RulePage, rule_lines, rule_page
from monitor.web.answering import Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.core.topic import Pack, Rule, Severity
    from monitor.notify.voice import Voice
    from monitor.publish.charts import Chart
    from monitor.publish.markup import Markup
    from monitor.store.database import Database
    from monitor.web.asking import Ask


@dataclass(frozen=True, slots=True)
class Declared:
    """What a pack says of a rule; of one that no pack has any more, nothing."""

    label: str
    condition: str = ""
    severity: Severity | None = None
    tags: tuple[str, ...] = ()
    is_declared: bool = False


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule of the list; `hits` are those of each of the last days."""

    line: RuleLine
    declared: Declared
    hits: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PackRules:
    """A pack with its rules, those that fired most of late first."""

    pack: str
    label: str
    rules: tuple[RuleRow, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """All packs, and over how many days is counted."""

    packs: tuple[PackRules, ...]
    days: int


@dataclass(frozen=True, slots=True)
class OneRule:
    """A rule with its hits on each of the last days, up to `until`, and the latest of them."""

    page: RulePage
    declared: Declared
    pack_label: str
    until: date
    hits: tuple[int, ...]


def rules(ask: Ask, db: Database) -> Page:
    """Every rule that the packs have, or that ever fired."""
    lines = {(line.pack, line.rule): line for line in rule_lines(db, ask.now)}
    packs = ask.site.packs
    for pack in packs.values():
        for rule in pack.rules:
            lines.setdefault((pack.name, rule.name), RuleLine(pack.name, rule.name))
    known = dict.fromkeys([*packs, *sorted({name for name, _ in lines} - packs.keys())])
    found = tuple(
        PackRules(
            name,
            packs[name].label(ask.voice.language) if name in packs else name,
            tuple(
                _row(line, packs.get(name), ask)
                for line in sorted(lines.values(), key=lambda line: (-line.hits, line.rule))
                if line.pack == name
            ),
        )
        for name in known
    )
    return Page("rules.html", Rules(found, DAYS), beside={"spark_of": lambda row: _spark(row, ask.voice)})


def rule(ask: Ask, db: Database) -> Page:
    """One rule; `?before=` leads to its older hits."""
    name, rule_name = ask.parts["pack"], ask.parts["rule"]
    pack = ask.site.packs.get(name)
    page = rule_page(db, name, rule_name, ask.now, before=ask.key("before"))
    declared = _declared(pack, rule_name, ask)
    if not declared.is_declared and page.line.last_hit is None:
        raise InputError(
            f"there is no rule {rule_name[:80]} of a pack {name[:80]}", remedy="see the list of rules"
        )
    label = pack.label(ask.voice.language) if pack else name
    until = _today(ask.now)
    values = OneRule(page, declared, label, until, _hits(page.line, until, LONG))
    return Page("rule.html", values, beside={"chart": _chart(values, ask.voice)})


def _spark(row: RuleRow, voice: Voice) -> Markup:
    """A small line over the days."""
    most, days = voice.number(max(row.hits)), voice.number(len(row.hits))
    said = f"{voice.number(row.line.hits)} hits in {days} days, {most} on the busiest"
    return spark(tuple(map(float, row.hits)), said)


def _chart(found: OneRule, voice: Voice) -> Chart:
    """A column for each day."""
    series = [Series("hits", tuple(map(float, found.hits)))]
    days = _days(found.until, len(found.hits))
    return stacked_bars(days, series, voice, f"Hits per day in {voice.number(len(days))} days")


def _row(line: RuleLine, pack: Pack | None, ask: Ask) -> RuleRow:
    return RuleRow(line, _declared(pack, line.rule, ask), _hits(line, _today(ask.now), DAYS))


def _declared(pack: Pack | None, name: str, ask: Ask) -> Declared:
    found: Rule | None = pack.rule(name) if pack else None
    if found is None:
        return Declared(name)
    return Declared(
        label=found.label(ask.voice.language),
        condition=written(found.query),
        severity=found.severity,
        tags=found.tags,
        is_declared=True,
    )


def _hits(line: RuleLine, until: date, many: int) -> tuple[int, ...]:
    counted = line.days or {}
    return tuple(counted.get(day, 0) for day in _days(until, many))


def _today(now: datetime) -> date:
    """Days are those of UTC, as they are counted."""
    return now.astimezone(UTC).date()


def _days(until: date, many: int) -> Sequence[date]:
    """The last days, ascending."""
    return [until - timedelta(days=ago) for ago in reversed(range(many))]
