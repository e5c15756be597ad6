"""A look that has ended, and all that it changes: part of the transaction that `Sources.save_looks` makes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  part of a value
from typing import TYPE_CHECKING, Any

from monitor.core.models import Pending
from monitor.core.sources.rhythm import Habits  # noqa: TC001  the same
from monitor.core.sources.state import Condition
from monitor.core.sources.validating import was_wrong
from monitor.core.sources.wellness import may_differ
from monitor.core.sources.wellness.habits import elsewhere
from monitor.store.columns import read_optional_time
from monitor.store.database import rows
from monitor.store.declaring import update
from monitor.store.gaps import store_gap
from monitor.store.habits import learned_columns, read_state
from monitor.store.looks import Found, store_entries, store_look
from spiders.items import CrawlReport, Outcome, Validators

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.store.database import Database


@dataclass(frozen=True, slots=True)
class Looked:
    """A look that has ended.

    Attributes:
        source: the name of its source.
        report: how it ended.
        next_due: when the source is looked at again.
        asked: with what the look asked, None if that is not known. What one that asked for everything brings may
            show that its server's "unchanged" is not to be believed.
        habits: what is known of the source after it; None: what was known before stays.
    """

    source: str
    report: CrawlReport
    next_due: datetime
    asked: Validators | None = None
    habits: Habits | None = None


def store_looked(
    db: Database, look: Looked, now: datetime, baseline_before: datetime | None
) -> tuple[Pending, ...]:
    """Store it; the new entries that are to be read. See `Sources.save_looks`."""
    name, report = look.source, look.report
    (before,) = rows(db, "SELECT * FROM sources WHERE name = ?", (name,))
    ok = report.outcome is Outcome.OK
    first = ok and before["baseline_at"] is None
    landed = "" if report.outcome is Outcome.FAILED else elsewhere(before["url"], report.url)
    stored = store_entries(db, report.entries if ok else (), Found(name, now, first, baseline_before))
    store_look(db, name, report, now=now, new=stored.new, landed=landed)
    if ok and not first:
        store_gap(db, name, before, report, stored.known, now)
    columns = _columns(before, look, now, landed) | {"entries_seen": before["entries_seen"] + stored.listed}
    if first:
        columns["baseline_at"] = now
    if ok and look.asked == Validators() and was_wrong(read_state(before), report, stored.to_read):
        columns["distrusted_at"] = before["distrusted_at"] or now
    update(db, name, columns)
    return tuple(
        Pending(entry, name, entry.language or before["language"], now, first_look=first)
        for entry in stored.to_read
    )


def _columns(before: Mapping[str, Any], look: Looked, now: datetime, landed: str) -> dict[str, object]:
    """What the end of a look changes in the row of its source, whatever it found."""
    report, failures = look.report, before["failures"]
    is_judged = before["judged"] and not may_differ(
        report,
        landed,
        condition=Condition(before["condition"]),
        unchanged=before["unchanged"],
        failures=failures,
        before=read_optional_time(before["looked_at"]),
        now=now,
    )
    columns: dict[str, object] = {
        "next_due": look.next_due,
        "looked_at": now,
        "judged": is_judged,
        "last_reason": report.reason,
        "last_detail": report.detail,
    }
    match report.outcome:
        case Outcome.FAILED:
            columns |= {"failures": failures + 1, "failing_since": before["failing_since"] or now}
        case Outcome.UNCHANGED:
            columns |= {"last_ok": now, "unchanged": before["unchanged"] + 1}
        case Outcome.OK:
            columns |= {"last_ok": now, "unchanged": 0, "whole_at": now}
            columns |= {"etag": report.validators.etag, "modified": report.validators.modified}
    if failures and report.outcome is not Outcome.FAILED:
        columns |= {"failures": 0, "failing_since": None}
    if look.habits:
        columns |= learned_columns(look.habits)
    return columns
