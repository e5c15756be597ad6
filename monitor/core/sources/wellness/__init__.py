"""Is a source well? Judged from what the history knows of the last looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.core.sources.state import Condition, Diagnosis
from monitor.core.sources.wellness.habits import Shape, changed_shape, wrong_dates
from monitor.core.sources.wellness.silence import Arrivals, silence
from spiders.items import Kind, Outcome

if TYPE_CHECKING:
    from monitor.core.sources.catchup import Gap
    from monitor.core.sources.state import SourceState
    from spiders.items import CrawlReport

FAILURES = 3  # in a row, before a source is called failing: a single bad answer is no news
# An unverified source gets both, so that neither a bad week of its site nor a quick pace decides.
_TRIAL_LOOKS = 20
_TRIAL_TIME = timedelta(days=7)
_ROUTINE = 2  # looks in a row that found nothing changed, after which both that are judged by are such
GAP_LASTS = timedelta(hours=24)
"""How long a gap that could not be closed is held against a source."""


@dataclass(frozen=True, slots=True)
class View:
    """What a look that ended well saw.

    Attributes:
        shape: what it listed; of an unchanged source what that listed last.
        landed: the host of another site that it was redirected to, empty if it was not.
    """

    shape: Shape
    landed: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """What the history knows of the last looks at a source.

    Attributes:
        reasons: of the last looks, the latest first, empty for those that ended well; at most `FAILURES`.
        views: the last two looks that ended well, the latest first.
        past: what earlier ones listed, one for each of the last days.
        arrivals: when it brought something new; None if it never had an entry.
        gaps: those of the last `GAP_LASTS` whose search has ended, the latest first.
    """

    reasons: tuple[str, ...] = ()
    views: tuple[View, ...] = ()
    past: tuple[Shape, ...] = ()
    arrivals: Arrivals | None = None
    gaps: tuple[Gap, ...] = ()


def is_on_trial(state: SourceState) -> bool:
    """Whether the source has yet to show that it works at all: it is expected to fail."""
    return state.source.unverified and state.last_ok is None


def is_lost(state: SourceState, now: datetime) -> bool:
    """Whether the source is on trial and has failed for so often and so long that it is to be dropped."""
    return (
        is_on_trial(state)
        and state.dropped_at is None
        and state.failures >= _TRIAL_LOOKS
        and state.failing_since is not None
        and now - state.failing_since >= _TRIAL_TIME
    )


def may_differ(
    report: CrawlReport,
    landed: str,
    *,
    condition: Condition,
    unchanged: int,
    failures: int,
    before: datetime | None,
    now: datetime,
) -> bool:
    """Whether a look may change how its source is judged.

    One more look in a row that found nothing changed tells of a source that is well only for how long it has been
    silent, and for that once an hour is enough.

    Args:
        report: how the look ended.
        landed: the host of another site that it was redirected to, empty if it was not.
        condition: how the source was judged last.
        unchanged: looks in a row before it that found nothing changed.
        failures: looks in a row before it that failed.
        before: when the source was looked at before, None if it never was.
        now: the time of the look.
    """
    routine = report.outcome is Outcome.UNCHANGED and unchanged >= _ROUTINE and not failures and not landed
    if not routine or condition is not Condition.OK or before is None:
        return True
    return (now.date(), now.hour) != (before.date(), before.hour)


def diagnose(state: SourceState, record: Record, now: datetime) -> Diagnosis:
    """How a source is: the worst of what can be said of it.

    Failures count when they are three in a row, and what a look saw when the look before saw it as well, so that one
    bad answer is no news.
    """
    if state.dropped_at is not None or is_lost(state, now):
        return Diagnosis(Condition.DROPPED, _lost_text(state))
    failure = _failure(state, record, now)
    if failure:
        return failure
    if not record.views:
        return Diagnosis(Condition.NEW)
    return _seen_twice(state, record) or _silence(record, now) or _gap(record) or Diagnosis(Condition.OK)


def _lost_text(state: SourceState) -> str:
    since = f" since {state.failing_since:%Y-%m-%d}" if state.failing_since else ""
    said = state.last_detail or state.last_reason
    return (
        f"is dropped: unverified, and never well in {state.failures} looks{since} ({state.last_reason}: {said}); "
        f"`tumen sources look {state.source.name}` gives it another week"
    )


def _failure(state: SourceState, record: Record, now: datetime) -> Diagnosis | None:
    if len(record.reasons) < FAILURES or not all(record.reasons):
        return None
    since = f"last well {state.last_ok:%Y-%m-%d %H:%M} UTC" if state.last_ok else "never well so far"
    ending = f"; {since}; next look {state.next_due:%Y-%m-%d %H:%M} UTC"
    said = state.last_detail or state.last_reason
    reasons = set(record.reasons)
    if reasons == {"robots"}:
        return Diagnosis(Condition.DISALLOWED, f"must not be read ({said}); {since}")
    if reasons != {"no_entries"}:
        return Diagnosis(Condition.FAILING, f"fails ({state.last_reason}: {said}){ending}")
    if state.source.kind is Kind.SITEMAP and record.arrivals and not silence(record.arrivals, now):
        return None  # of news sitemaps it is usual that they are empty after a quiet weekend
    return Diagnosis(Condition.EMPTY, f"answers, and nothing is listed there{ending}")


def _seen_twice(state: SourceState, record: Record) -> Diagnosis | None:
    """What is wrong with each of the last two looks that ended well."""
    if len(record.views) < 2:  # noqa: PLR2004  two, as it says
        return None
    for condition, text in _seen(state, record, record.views[0]):
        before = dict(_seen(state, record, record.views[1]))
        if text and before[condition]:
            return Diagnosis(condition, text)
    return None


def _seen(state: SourceState, record: Record, view: View) -> tuple[tuple[Condition, str], ...]:
    """What is wrong with a look that ended well, the worst first; empty texts for what is not."""
    dates = wrong_dates(view.shape, record.past)
    # That no date is left at all is said as such.
    shape = "" if dates else changed_shape(view.shape, record.past, state.source.kind)
    return (
        (Condition.REDIRECTED_ELSEWHERE, view.landed and f"leads to {view.landed}"),
        (Condition.SHAPE_CHANGED, shape and f"looks different: {shape}"),
        (Condition.DATES_WRONG, dates and f"has wrong dates: {dates}"),
    )


def _silence(record: Record, now: datetime) -> Diagnosis | None:
    found = silence(record.arrivals, now) if record.arrivals else ""
    return Diagnosis(Condition.SILENT, f"has brought {found}") if found else None


def _gap(record: Record) -> Diagnosis | None:
    left = next((gap for gap in record.gaps if not gap.closed), None)
    return Diagnosis(Condition.POSSIBLE_GAP, left.text) if left else None
