"""`tumen rules diff`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.laboratory.material import JSON_LINES, material, material_options
from monitor.cli.laboratory.sheet import Sheet, match_row, rule_label
from monitor.cli.options import as_json, config_file, ending, packs_of, settings_if_any
from monitor.cli.output import counted, print_json
from monitor.cli.progress import progress
from monitor.core.errors import InputError
from monitor.core.laboratory.proving import lacking
from monitor.core.matching import Matcher
from monitor.jobs import overview
from monitor.jobs.laboratory import Kind, compare
from monitor.notify.excerpt import one_line

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from monitor.cli.laboratory.material import Material
    from monitor.config import Settings
    from monitor.core.topic import Pack
    from monitor.jobs.laboratory import Outcome, Pair

_RUNNING = "running"
_SIGNS = {Kind.GAINED: "+", Kind.LOST: "−", Kind.RETOLD: "~"}
_STYLES = {Kind.GAINED: "green", Kind.LOST: "red", Kind.RETOLD: "yellow"}


@dataclass(slots=True)
class _Difference:
    """What changed between two packs over many texts; `fired` counts the texts on which each of them fires."""

    old: Pack
    new: Pack
    texts: int = 0
    fired: tuple[int, int] = (0, 0)
    changes: list[Pair] = field(default_factory=list)

    def add(self, pair: Pair) -> None:
        self.texts += 1
        self.fired = (self.fired[0] + (pair.before is not None), self.fired[1] + (pair.after is not None))
        if pair.kind is not None:
            self.changes.append(pair)

    def of(self, kind: Kind) -> list[Pair]:
        return [change for change in self.changes if change.kind is kind]

    @property
    def summary(self) -> str:
        gained, lost, retold = (len(self.of(kind)) for kind in Kind)
        return f"+{counted(gained, 'alert')}, −{lost}; {retold} told by another rule"


@click.command(
    "diff",
    epilog=ending(
        "0 compared",
        "1 an alert is lost (--fail-on-lost)",
        "2 a pack or file is wrong",
        "3 no history",
        examples=["tumen rules diff running my-packs/dprk-russia --since 30d"],
    ),
)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.argument("file", required=False, type=JSON_LINES, metavar="[FILE.jsonl]")
@material_options
@click.option("--fail-on-lost", is_flag=True, help="End with 1 if the new pack loses an alert.")
@config_file
@as_json
def diff_rules(  # noqa: PLR0913  click passes each option
    old: str,
    new: str,
    file: Path | None,
    db: Path | None,
    since: datetime | None,
    until: datetime | None,
    config: Path,
    *,
    fail_on_lost: bool,
    as_json: bool,
) -> None:
    """Compare two packs before one is deployed.

    They run over the stored history, or over a file. OLD and NEW are folders, or names of packs; `running` is the
    pack of the configuration that has the other one's name. Each alert that only one of them gives is listed, with
    why: the words by which the new pack fires, or what it lacks now.
    """
    settings = settings_if_any(config)
    packs = _packs(old, new, settings)
    chosen = material(file, db, settings, since, until)
    difference = _compare(*packs, chosen)
    if as_json:
        for change in difference.changes:
            print_json(_row(change, difference))
    else:
        _show(Sheet(), difference, chosen)
    raise click.exceptions.Exit(1 if fail_on_lost and difference.of(Kind.LOST) else 0)


def _packs(old: str, new: str, settings: Settings | None) -> tuple[Pack, Pack]:
    """The two packs. Raises InputError if `running` names none."""
    if _RUNNING not in (old, new):
        (first,), (second,) = packs_of((old,), None), packs_of((new,), None)
        return first, second
    (other,) = packs_of((new if old == _RUNNING else old,), None)
    known = packs_of((), settings) if settings else ()
    running = next((pack for pack in known if pack.name == other.name), None)
    if settings is None or running is None:
        raise InputError(
            f"the configuration has no pack named {other.name}",
            where=_RUNNING,
            remedy="name a folder instead",
        )
    in_use = overview.version_in_use(settings.history_path, running.name)
    if in_use not in (None, running.version):
        click.echo(f"note: the service still judges by {in_use}; compared is {running.version}", err=True)
    return (running, other) if old == _RUNNING else (other, running)


def _compare(old: Pack, new: Pack, chosen: Material) -> _Difference:
    difference = _Difference(old, new)
    with chosen.open() as (samples, total):
        for pair in progress(compare(samples, old, new), total, f"{old.version} → {new.version}"):
            difference.add(pair)
    return difference


def _show(sheet: Sheet, difference: _Difference, chosen: Material) -> None:
    old, new = difference.old, difference.new
    sheet.say(f"{old.name} {old.version} → {new.name} {new.version}", style="bold")
    before, after = difference.fired
    fires = f"fires on {before:,}, now on {after:,}"
    sheet.say(f"{chosen.name}: {counted(difference.texts, 'text')}, {fires}", style="dim")
    sheet.gap()
    same = " (the two are the same)" if old.version == new.version else ""
    sheet.say(difference.summary + same, style="bold")
    for kind in Kind:
        for change in difference.of(kind):
            _show_change(sheet, kind, change, difference)


def _show_change(sheet: Sheet, kind: Kind, change: Pair, difference: _Difference) -> None:
    sample = change.sample
    about = (f"{sample.at:%Y-%m-%d %H:%M}", sample.origin.source, sample.article.language, f"{sample.id}")
    title = one_line(sample.article.title or sample.article.text[:200])
    sheet.gap()
    sheet.say(f"{_SIGNS[kind]} {title}", hang=2, style=_STYLES[kind])
    sheet.say(" · ".join(filter(None, map(one_line, filter(None, about)))), indent=2, style="dim")
    match kind:
        case Kind.GAINED if change.after:
            sheet.match(change.after.matches[0], rule_label(difference.new, change.after.rule), indent=2)
            if change.before:
                sheet.say(f"before: {change.before.reason.value}, by {change.before.rule}", indent=4)
        case Kind.LOST if change.before:
            sheet.say(f"{change.before.rule}: {_lost(change, difference)}", indent=2, hang=2)
        case _ if change.before and change.after:
            sheet.say(f"{change.before.rule} → {change.after.rule}", indent=2)


def _lost(change: Pair, difference: _Difference) -> str:
    """Why an alert is no longer given."""
    if change.after is not None:
        return f"now {change.after.reason.value}: it fires by {change.after.rule}, but belongs to a story told before"
    rule = difference.new.rule(change.before.rule) if change.before else None
    if rule is None:
        return "the rule is gone"
    sample = change.sample
    (reading,) = Matcher([difference.new]).read(sample.article, sample.origin)
    return lacking(rule, difference.new, reading)


def _row(change: Pair, difference: _Difference) -> dict[str, Any]:
    sample = change.sample
    return {
        "change": change.kind.value if change.kind else None,
        "id": sample.id,
        "title": sample.article.title,
        "url": sample.article.url,
        "language": sample.article.language,
        "source": sample.origin.source,
        "at": sample.at.isoformat(),
        "before": _outcome_row(change.before),
        "after": _outcome_row(change.after),
        "why": _lost(change, difference) if change.kind is Kind.LOST else "",
    }


def _outcome_row(outcome: Outcome | None) -> dict[str, Any] | None:
    if outcome is None:
        return None
    return {
        "alert": outcome.alert.value if outcome.alert else None,
        "reason": outcome.reason.value,
        "matches": list(map(match_row, outcome.matches)),
    }
