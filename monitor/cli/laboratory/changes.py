"""What each version of a page says differently from the one before, on screen and as JSON."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from monitor.cli.laboratory.recorded import moment
from monitor.cli.output import counted
from monitor.core.sources.revisiting import difference
from monitor.jobs.answers import fact_row
from monitor.notify.excerpt import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.cli.laboratory.sheet import Sheet
    from monitor.core.sources.revisiting import Difference
    from monitor.store.archive import Record, RevisionLine


def show_changes(sheet: Sheet, record: Record) -> None:
    """Each version with its differences, the first one alone."""
    first = record.revisions[0]
    sheet.say(one_line(first.title) or record.text.article.url, style="bold")
    versions = counted(len(record.revisions), "version")
    sheet.say(f"article {record.text.id} · {versions} · first read {moment(first.read_at)}", style="dim")
    for version, found in _differences(record):
        sheet.gap()
        sheet.say(f"{version.number}  {moment(version.read_at)} · {version.reason.value}", style="bold")
        if found.title:
            sheet.say(f"title: {one_line(found.title[0])} → {one_line(found.title[1])}", indent=2, hang=2)
        for mark, figures in (("−", found.figures_removed), ("+", found.figures_added)):
            for fact in figures:
                sheet.say(f"{mark} figure: {one_line(fact.evidence.text)}", indent=2, hang=2)
        for line in found.removed:
            sheet.say(f"− {one_line(line)}", indent=2, hang=2, style="red")
        for line in found.added:
            sheet.say(f"+ {one_line(line)}", indent=2, hang=2, style="green")
    if record.gone_at is not None:
        sheet.gap()
        sheet.say(f"the page is gone since {moment(record.gone_at)}", style="yellow")


def change_rows(record: Record) -> list[dict[str, Any]]:
    """The differences of each version to the one before, as JSON."""
    return [
        {
            "version": version.number,
            "read_at": version.read_at.isoformat(),
            "reason": version.reason.value,
            "title": {"before": found.title[0], "now": found.title[1]} if found.title else None,
            "added": list(found.added),
            "removed": list(found.removed),
            "figures_added": list(map(fact_row, found.figures_added)),
            "figures_removed": list(map(fact_row, found.figures_removed)),
        }
        for version, found in _differences(record)
    ]


def _differences(record: Record) -> Iterator[tuple[RevisionLine, Difference]]:
    for before, after in pairwise(record.revisions):
        yield (
            after,
            difference((before.title, before.text, before.facts), (after.title, after.text, after.facts)),
        )
