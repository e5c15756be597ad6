"""One story: how it went, where its figures stand, and who reported it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.core.models import AlertKind
from monitor.core.statements import Novelty
from monitor.jobs.stories import Course, courses, folded, is_repeat, opening
from monitor.publish.charts import Point, figure_line
from monitor.store.stories import Report, Stories, StoryLine
from monitor.web.answering import Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from monitor.publish.charts import Chart
    from monitor.store.database import Database
    from monitor.store.regrouping import StoryEdit
    from monitor.store.stories import Telling
    from monitor.web.asking import Ask

_STEPS = 60  # of the timeline on one page, the latest
_CHARTS = 3  # figures that are drawn, those with the most points
_POINTS = 60  # of one chart, the latest
_TICKABLE = 100  # articles that can be split off on the page, the latest; `tumen stories split` takes any
_NAMED = 4  # outlets, where repeats are counted


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the timeline: a report, or repeats that follow each other.

    Attributes:
        at: when it was published; of repeats the first, `until` the last.
        report: the report; None for repeats.
        repeats: how many there are.
        outlets: who repeated it, the most frequent first; `more` is how many others did.
    """

    at: datetime
    report: Report | None = None
    repeats: int = 0
    until: datetime | None = None
    outlets: tuple[tuple[str, int], ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Outlet:
    """Who reported a story: how often, in which languages, and when first."""

    name: str
    articles: int
    languages: tuple[str, ...]
    first: datetime
    article: int


@dataclass(frozen=True, slots=True)
class StoryPage:
    """A story as its page shows it.

    Attributes:
        story: with its spread.
        steps: the timeline in the order of publication; `hidden` is how many earlier ones are left out.
        courses: how each figure went.
        outlets: by when they first reported it.
        edits: what was moved into it or out of it.
        asked_for: the number in the address, if that story was merged into this one.
    """

    story: StoryLine
    steps: tuple[Step, ...]
    hidden: int
    courses: tuple[Course, ...]
    outlets: tuple[Outlet, ...]
    edits: tuple[StoryEdit, ...]
    asked_for: int | None = None


def story(ask: Ask, db: Database) -> Page:
    """The page of a story; of one that was merged, that of the story it is part of."""
    number = ask.number("story")
    found = Stories(db).timeline(number, figures_of_repeats=False)
    groups = folded(found.reports)
    shown = groups if ask.text("all") else groups[-_STEPS:]
    values = StoryPage(
        story=found.story,
        steps=tuple(map(_step, shown)),
        hidden=len(groups) - len(shown),
        courses=courses(found.reports),
        outlets=_outlets(found.reports),
        edits=found.edits,
        asked_for=number if number != found.story.id else None,
    )
    beside = {
        "charts": _charts(found.reports, found.story.pack, ask),
        "novelties": _novelties,
        "tickable": [(one.article, one.title, one.language) for one in found.reports[-_TICKABLE:]],
    }
    return Page("story.html", values, beside=beside)


def _step(group: Report | tuple[Report, ...]) -> Step:
    if isinstance(group, Report):
        return Step(group.at, group)
    named = Counter(report.outlet for report in group).most_common()
    until = group[-1].at if len(group) > 1 else None
    return Step(
        group[0].at, None, len(group), until, tuple(named[:_NAMED]), sum(many for _, many in named[_NAMED:])
    )


def _outlets(reports: Iterable[Report]) -> tuple[Outlet, ...]:
    by: dict[str, list[Report]] = {}
    for report in reports:
        by.setdefault(report.outlet, []).append(report)
    found = [
        Outlet(
            name,
            len(those),
            tuple(dict.fromkeys(report.language for report in those if report.language)),
            min(report.at for report in those),
            min(those, key=lambda report: report.at).article,
        )
        for name, those in by.items()
    ]
    return tuple(sorted(found, key=lambda outlet: outlet.first))


def _novelties(telling: Telling, report: Report) -> tuple[Novelty, ...]:
    """What was new in an alert; for a first report, the figures that it begins with."""
    return tuple(map(Novelty, opening(report))) if telling.kind is AlertKind.NEW else telling.new


def _charts(reports: Sequence[Report], pack: str, ask: Ask) -> tuple[Chart, ...]:
    """The figures that were stated with different values, over time."""
    points: dict[str, list[Point]] = {}
    for report in reports:
        if is_repeat(report):
            continue
        named = {fact.concept: fact for fact in reversed(opening(report))}
        for concept, fact in named.items():
            if fact.value is not None:
                who = ask.voice.concept(pack, fact.by) if fact.by else report.outlet
                one = Point(report.at, fact.value, ask.voice.figure(fact), who, fact.bound, fact.most)
                points.setdefault(concept, []).append(one)
    moving = [(name, those) for name, those in points.items() if len({one.value for one in those}) > 1]
    moving.sort(key=lambda one: -len(one[1]))
    return tuple(
        figure_line(those[-_POINTS:], ask.voice, ask.voice.concept(pack, name))
        for name, those in moving[:_CHARTS]
    )
