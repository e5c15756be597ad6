"""A story on one screen: its spread, its timeline, and where its figures stand."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from rich.text import Text

from monitor.cli.laboratory.recorded import moment
from monitor.cli.output import counted, plain
from monitor.core.meanings import MEANS
from monitor.core.models import AlertKind
from monitor.core.statements import Novelty
from monitor.jobs.answers import fact_row, novelty_row
from monitor.jobs.stories import courses, folded, opening
from monitor.notify.excerpt import one_line
from monitor.notify.news import tell
from monitor.store.regrouping import EditKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.cli.laboratory.sheet import Sheet
    from monitor.jobs.stories import Course
    from monitor.notify.voice import Voice
    from monitor.store.regrouping import StoryEdit
    from monitor.store.stories import Report, StoryLine, Telling, Timeline

_OUTLETS = 4  # named where repeats are counted
_FIGURES = 8  # of a first report
_STEPS = 6  # of a figure's course that are shown, the latest


def show_timeline(sheet: Sheet, found: Timeline, voice: Voice, *, everything: bool) -> None:
    """The page of a story. Repeats are counted unless `everything` is asked for."""
    words = _Words(voice, found.story.pack)
    _show_head(sheet, found.story, voice)
    for group in found.reports if everything else folded(found.reports):
        sheet.gap()
        if isinstance(group, tuple):
            sheet.say(_repeats(group), style="dim")
        else:
            _show_report(sheet, group, words)
    if known := courses(found.reports):
        sheet.gap()
        sheet.say("Where the figures stand", style="bold")
        for course in known:
            sheet.say(words.course(course), indent=2, hang=4)
    if found.edits:
        sheet.gap()
        sheet.say("Joined and corrected", style="bold")
        for edit in found.edits:
            sheet.say(_edited(edit, found.story.id, words), indent=2, hang=4)


def _show_head(sheet: Sheet, story: StoryLine, voice: Voice) -> None:
    sheet.say(f"Story {story.id}  {one_line(story.title)}", style="bold")
    names = voice.listing([voice.language_name(code) for code in story.languages])
    spread = f"{counted(story.articles, 'article')} of {counted(story.outlets, 'outlet')}"
    spread += f" in {counted(len(story.languages), 'language')} ({names})" if names else ""
    told = counted(story.alerts, "alert") if story.alerts else "no alert"
    sheet.say(f"since {moment(story.since)} · {spread} · {told} · {story.pack}", style="dim")


def _show_report(sheet: Sheet, report: Report, words: _Words) -> None:
    head = Text().append(_time(report), style="bold").append(f"  {plain(one_line(report.outlet))}")
    texts = f" · {counted(report.texts, 'text')}" if report.texts > 1 else ""
    head.append(f" · {plain(report.language or '?')} · article {report.article}{texts}", style="dim")
    sheet.say(head)
    sheet.say(one_line(report.title) or report.url, indent=2)
    if report.gone_at is not None:
        sheet.say(f"the page is gone since {moment(report.gone_at)}", indent=2, style="yellow")
    if not report.tellings:
        decided = f"{MEANS[report.reason].partition(':')[0]}: {report.reason.value}"
        sheet.say(decided, indent=2, style="dim")
    for telling in report.tellings:
        late = ", late" if telling.late else ""
        line = Text().append(MEANS[telling.reason].partition(":")[0], style="green")
        line.append(f": {telling.reason.value}{late} · alert {telling.alert}", style="dim")
        sheet.say(line, indent=2)
        for new in words.told(telling, report):
            sheet.say(new, indent=4, hang=2)


def _time(report: Report) -> str:
    """To the minute, or the day if the page named no more."""
    return (
        f"{report.at:%Y-%m-%d}      "
        if report.day_only and report.published
        else f"{report.at:%Y-%m-%d %H:%M}"
    )


def _repeats(group: Sequence[Report]) -> str:
    """`+ 12 repeats from Yonhap (3), TASS and 4 other outlets, until 2026-11-25 09:30`."""
    outlets = Counter(one_line(report.outlet) for report in group).most_common()
    named = [f"{outlet} ({count})" if count > 1 else outlet for outlet, count in outlets[:_OUTLETS]]
    more = len(outlets) - len(named)
    others = f" and {counted(more, 'other outlet')}" if more else ""
    until = f", until {group[-1].at:%Y-%m-%d %H:%M}" if len(group) > 1 else ""
    return f"{_time(group[0])}  + {counted(len(group), 'repeat')} from {', '.join(named)}{others}{until}"


def _edited(edit: StoryEdit, story: int, words: _Words) -> str:
    moved, note = counted(len(edit.articles), "article"), one_line(edit.note)
    if edit.story == story:
        said = f"{moved} moved to story {edit.into}"
    elif edit.kind is EditKind.MERGE:
        said = f"story {edit.story} was merged into this one: {moved}"
    elif edit.kind is EditKind.JOIN:
        said = f"story {edit.story} turned out to be this one: {moved}"
    else:
        said = f"split off story {edit.story}: {moved}"
    if edit.kind is EditKind.JOIN:
        note = f"both state {words.features(note.split(', '))}"
    return f"{moment(edit.at)}  {said}" + (f": {note}" if note else "")


class _Words:
    """What a story states, in the reader's words."""

    def __init__(self, voice: Voice, pack: str) -> None:
        self._voice = voice
        self._pack = pack

    def features(self, shared: Sequence[str]) -> str:
        """What two stories share: `soldiers, Kursk, 12,000`."""
        voice = self._voice
        return voice.listing(
            [
                voice.number(float(one[1:])) if one.startswith("=") else voice.concept(self._pack, one)
                for one in shared
            ]
        )

    def told(self, telling: Telling, report: Report) -> list[str]:
        """What was new in an alert; for a first report, the figures that it begins with."""
        new = telling.new
        if telling.kind is AlertKind.NEW:
            new = tuple(map(Novelty, opening(report)[:_FIGURES]))
        return list(map(self._new, new))

    def course(self, course: Course) -> str:
        """`soldiers: 3,000 → 12,000 (South Korea) · Yonhap, 2026-11-25 06:30`."""
        shown = course.steps[-_STEPS:]
        values = ["…"] * (len(course.steps) > _STEPS) + [self._voice.figure(fact) for fact, _ in shown]
        fact, report = shown[-1]
        by = f" ({self._voice.concept(self._pack, fact.by)})" if fact.by else ""
        label = self._voice.concept(self._pack, course.concept)
        came = f"{one_line(report.outlet)}, {_time(report).rstrip()}"
        return f"{label}: {f' {self._voice.arrow} '.join(values)}{by} · {came}"

    def _new(self, new: Novelty) -> str:
        """`soldiers: 10,000 → 12,000 (South Korea)`, as messages have it."""
        news = tell(new, self._pack, self._voice)
        old = f"{news.old} {self._voice.arrow} " if news.old else ""
        value = f": {old}{news.value}" if news.value else ""
        return f"{news.label}{value}" + (f" ({news.by})" if news.by else "")


def line_row(story: StoryLine) -> dict[str, Any]:
    """A story with its spread as JSON."""
    return {
        "id": story.id,
        "title": story.title,
        "pack": story.pack,
        "since": story.since.isoformat(),
        "opened_at": story.opened_at.isoformat(),
        "last_at": story.last_at.isoformat(),
        "articles": story.articles,
        "outlets": story.outlets,
        "languages": list(story.languages),
        "alerts": story.alerts,
    }


def timeline_row(found: Timeline) -> dict[str, Any]:
    """A story with all of its articles as JSON."""
    return {
        "story": line_row(found.story),
        "timeline": list(map(_report_row, found.reports)),
        "figures": [
            {
                "concept": course.concept,
                "steps": [
                    fact_row(fact) | {"article": report.article, "at": report.at.isoformat()}
                    for fact, report in course.steps
                ],
            }
            for course in courses(found.reports)
        ],
        "edits": list(map(edit_row, found.edits)),
    }


def _report_row(report: Report) -> dict[str, Any]:
    return {
        "article": report.article,
        "url": report.url,
        "title": report.title,
        "outlet": report.outlet,
        "language": report.language,
        "published": report.published.isoformat() if report.published else None,
        "read_at": report.read_at.isoformat(),
        "reason": report.reason.value,
        "texts": report.texts,
        "gone_at": report.gone_at.isoformat() if report.gone_at else None,
        "alerts": [
            {
                "id": telling.alert,
                "kind": telling.kind.value,
                "reason": telling.reason.value,
                "created_at": telling.created_at.isoformat(),
                "late": telling.late,
                "new": [novelty_row(new) for new in telling.new],
            }
            for telling in report.tellings
        ],
        "figures": list(map(fact_row, report.figures)),
    }


def edit_row(edit: StoryEdit) -> dict[str, Any]:
    """A correction as JSON."""
    return {
        "edit": edit.kind.value,
        "at": edit.at.isoformat(),
        "story": edit.story,
        "into": edit.into,
        "articles": list(edit.articles),
        "note": edit.note,
        "again": edit.again,
    }
