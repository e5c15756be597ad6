"""`tumen rules backtest`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.laboratory.material import material, material_options
from monitor.cli.laboratory.sheet import Sheet
from monitor.cli.options import as_json, config_file, ending, pack_names, packs_of, settings_if_any
from monitor.cli.output import counted, print_json
from monitor.cli.progress import progress
from monitor.jobs.counting import Count, RuleCount
from monitor.jobs.laboratory import backtest
from monitor.notify.excerpt import one_line, shorten

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from monitor.cli.laboratory.material import Material
    from monitor.core.topic import Pack
    from monitor.jobs.laboratory import Sample

_DAYS = 31  # with more of them, months are shown
_BAR = 30  # characters of the longest bar
_LISTED = 20  # wrong or missed texts that are named
_TITLE = 100  # characters of a title


@click.command(
    "backtest",
    epilog=ending(
        "0 counted",
        "2 a pack or file is wrong",
        "3 there is no history",
        "4, 5 it cannot be read",
        examples=["tumen rules backtest --pack dprk-russia --since 30d"],
    ),
)
@click.argument(
    "file",
    required=False,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="[FILE.jsonl]",
)
@pack_names
@material_options
@config_file
@as_json
def backtest_rules(
    file: Path | None,
    packs: tuple[str, ...],
    db: Path | None,
    since: datetime | None,
    until: datetime | None,
    config: Path,
    *,
    as_json: bool,
) -> None:
    """Count what packs would have told.

    They run over the stored history, or over a file. Alerts are decided as the running service does, for a reader who
    wants everything; nothing is stored. Each line of a file is {"id", "title", "text"} with "lang", "url",
    "published" and "source" if known; where lines have a "label" (relevant or not_relevant), precision and recall are
    told too. A rule leads an alert that is named after it; it fires alone where no other rule does.
    """
    settings = settings_if_any(config)
    chosen = material(file, db, settings, since, until)
    for number, pack in enumerate(packs_of(packs, settings)):
        began = time.monotonic()
        count = _count(pack, chosen)
        speed = count.texts / max(time.monotonic() - began, 0.001)
        if as_json:
            print_json(_row(pack, count, chosen, speed))
            continue
        sheet = Sheet()
        if number:
            sheet.gap()
        _show(sheet, pack, count, chosen, speed)


def _count(pack: Pack, chosen: Material) -> Count:
    count = Count({rule.name: RuleCount() for rule in pack.rules})
    with chosen.open() as (samples, total):
        for sample, outcome in progress(backtest(samples, pack), total, pack.name):
            count.add(sample, outcome)
    return count


def _show(sheet: Sheet, pack: Pack, count: Count, chosen: Material, speed: float) -> None:
    sheet.say(f"{pack.name} {pack.version} on {chosen.name}", style="bold")
    days = f", {count.first} to {count.last}" if count.first else ""
    sheet.say(f"{counted(count.texts, 'text')}{days}, {speed:,.0f} texts/s", style="dim")
    sheet.gap()
    alerts = ", ".join(f"{many} {kind}" for kind, many in sorted(count.alerts.items()))
    told = counted(sum(count.alerts.values()), "alert")
    sheet.say(f"fires on {counted(count.matched, 'text')}; {told}{': ' if alerts else ''}{alerts}")
    if count.matched:
        _show_rules(sheet, count)
        _show_days(sheet, count)
    if count.labelled:
        _show_labels(sheet, count)


def _show_rules(sheet: Sheet, count: Count) -> None:
    sheet.gap()
    sheet.say(f"{'rule':<16}{'fires':>6} {'alone':>6} {'leads':>6}   languages", style="bold")
    for name, rule in sorted(count.rules.items(), key=lambda item: -item[1].matches):
        _show_rule(sheet, name, rule)


def _show_rule(sheet: Sheet, name: str, rule: RuleCount) -> None:
    languages = " ".join(f"{language} {many}" for language, many in rule.languages.most_common())
    numbers = f"{rule.matches:>6,} {rule.alone:>6,} {rule.alerts:>6,}"
    sheet.line(f"{name:<16}{numbers}   {languages}", style="" if rule.matches else "dim")
    for sample in rule.examples:
        sheet.line(_titled(sample), indent=4, style="dim")


def _show_days(sheet: Sheet, count: Count) -> None:
    by_month = len(count.days) > _DAYS
    sums: dict[str, list[int]] = {}
    for day, counts in sorted(count.days.items()):
        total = sums.setdefault(f"{day:%Y-%m}" if by_month else f"{day:%Y-%m-%d}", [0, 0])
        total[0] += counts[0]
        total[1] += counts[1]
    most = max((counts[0] for counts in sums.values()), default=1)
    sheet.gap()
    sheet.say(f"{'month' if by_month else 'day':<16}{'fire':>6} {'told':>6}", style="bold")
    for name, (matches, alerts) in sums.items():
        bar = "█" * round(alerts / most * _BAR) + "░" * round((matches - alerts) / most * _BAR)
        sheet.line(f"{name:<16}{matches:>6,} {alerts:>6,}   {bar}")


def _show_labels(sheet: Sheet, count: Count) -> None:
    def said(share: float | None) -> str:
        return "-" if share is None else f"{share:.3f}"

    sheet.gap()
    sheet.say(
        f"precision {said(count.precision)}, recall {said(count.recall)} "
        f"of {counted(count.labelled, 'labelled text')}: {count.right} right, {len(count.wrong)} wrong, "
        f"{len(count.missed)} missed",
        style="bold",
    )
    for word, samples in (("wrong", count.wrong), ("missed", count.missed)):
        for sample in samples[:_LISTED]:
            sheet.line(f"{word}: {sample.id}  {_titled(sample)}", indent=2)
        if len(samples) > _LISTED:
            sheet.say(f"{word}: and {len(samples) - _LISTED} more (all with --json)", indent=2)


def _titled(sample: Sample) -> str:
    title = shorten(one_line(sample.article.title or sample.article.text), _TITLE)
    return " ".join(filter(None, (f"{sample.at:%Y-%m-%d}", sample.origin.source[:40], title)))


def _row(pack: Pack, count: Count, chosen: Material, speed: float) -> dict[str, Any]:
    row: dict[str, Any] = {
        "pack": pack.name,
        "version": pack.version,
        "on": chosen.name,
        "texts": count.texts,
        "first": count.first,
        "last": count.last,
        "texts_per_second": round(speed),
        "matched": count.matched,
        "alerts": dict(count.alerts),
        "rules": {name: _rule_row(rule) for name, rule in count.rules.items()},
        "days": {
            f"{day}": {"matched": matched, "alerts": told}
            for day, (matched, told) in sorted(count.days.items())
        },
    }
    if count.labelled:
        row |= {
            "labelled": count.labelled,
            "precision": count.precision,
            "recall": count.recall,
            "wrong": _ids(count.wrong),
            "missed": _ids(count.missed),
        }
    return row


def _rule_row(rule: RuleCount) -> dict[str, Any]:
    languages: Mapping[str, int] = dict(rule.languages.most_common())
    return {
        "matches": rule.matches,
        "alone": rule.alone,
        "alerts": rule.alerts,
        "languages": languages,
        "examples": [{"id": sample.id, "title": sample.article.title} for sample in rule.examples],
    }


def _ids(samples: Sequence[Sample]) -> list[int | str]:
    return [sample.id for sample in samples]
