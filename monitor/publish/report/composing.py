"""A report in the reader's words: all that its page shows, line by line. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.core.models import AlertKind
from monitor.core.statements import FactKind, Period
from monitor.core.topic import Severity
from monitor.notify.excerpt import isolated, one_line, shorten
from monitor.notify.gist import gist_of
from monitor.notify.news import tell
from monitor.publish.charts import Chart, Point, Series, figure_line, stacked_bars
from monitor.publish.feeds.composing import link
from monitor.publish.words import count, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from monitor.notify.news import News
    from monitor.notify.voice import Voice
    from monitor.publish.report.reading import Report
    from monitor.store.views.week import Development, Reported, Stated, Told

_TITLE = 220  # characters of a headline
_CHARTS = 2  # of a development
_POINTS = 30  # of a chart
_MAGNITUDE = 10  # a figure belongs to another that is at most so many times larger or smaller
_NEWS = 5  # new statements of one report


@dataclass(frozen=True, slots=True)
class Tile:
    """A number with its name, and the one of the week before."""

    name: str
    number: str
    before: str


@dataclass(frozen=True, slots=True)
class Source:
    """An article to read: its headline in its own language, who published it and when.

    Of one in a language that the reader does not read, `gist` says what it is about, by the names of its pack.
    """

    title: str
    gist: str
    language: str
    url: str
    outlet: str
    language_name: str
    when: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was told of a development: whether it was the first, and what was new."""

    kind: str
    news: tuple[News, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Line:
    """A development: its headline, how it spread, who was first, how it went on, and its figures."""

    number: int
    topic: str
    urgent: bool
    first: Source
    spread: str
    steps: tuple[Step, ...]
    charts: tuple[Chart, ...]


@dataclass(frozen=True, slots=True)
class Composed:
    """The page of a report: `heading` names its time, `topics` what it is about; lists may be empty."""

    heading: str
    topics: str
    tiles: tuple[Tile, ...]
    volume: Chart
    lines: tuple[Line, ...]
    others: str
    firsts: tuple[tuple[str, str], ...]
    sources: str
    unwell: tuple[tuple[str, str, str], ...]
    delivered: str
    missed: tuple[tuple[str, str, str], ...]
    made: str


def compose(report: Report, voice: Voice) -> Composed:
    """The report for a reader of `voice`."""
    round_ = report.round
    week = voice.period(Period(report.week.first, report.week.last))
    return Composed(
        heading=say(voice, "week_of", days=week),
        topics=_topics(report, voice),
        tiles=tuple(_tiles(report, voice)),
        volume=_volume(report, voice),
        lines=tuple(_line(one, voice, report.made_at) for one in report.developments),
        others=count(voice, "others", report.others) if report.others else "",
        firsts=tuple((one_line(outlet), voice.number(number)) for outlet, number in round_.firsts),
        sources=say(voice, "watched", sick=voice.number(round_.sick), watched=voice.number(round_.watched)),
        unwell=tuple(
            (
                one_line(one.title),
                _condition(one.condition, one.why),
                voice.moment(one.since) if one.since else "",
            )
            for one in round_.unwell
        ),
        delivered=count(voice, "lost", round_.lost) if round_.lost else say(voice, "all_delivered"),
        missed=tuple((_headline(one.title), one.channel, one_line(one.error)) for one in round_.missed),
        made=say(voice, "made", time=voice.moment(report.made_at)),
    )


def _topics(report: Report, voice: Voice) -> str:
    names = [report.pack] if report.pack else list(voice.packs)
    packs = (voice.packs.get(name) for name in names)
    return voice.listing([pack.label(voice.language) for pack in packs if pack])


def _tiles(report: Report, voice: Voice) -> Iterator[Tile]:
    now, before = report.round.totals, report.round.before
    for name in ("stories", "alerts", "relevant", "articles"):
        earlier = say(voice, "before", number=voice.number(getattr(before, name)))
        yield Tile(say(voice, f"total_{name}"), voice.number(getattr(now, name)), earlier)


def _volume(report: Report, voice: Voice) -> Chart:
    series = [
        Series(voice.language_name(language) or say(voice, "unknown"), tuple(map(float, counts)))
        for language, counts in report.volume.languages.items()
    ]
    return stacked_bars(report.volume.days, series, voice, say(voice, "volume"))


def _line(one: Development, voice: Voice, now: datetime) -> Line:
    pack = voice.packs.get(one.spread.pack)
    outlets = voice.count("outlets", one.spread.outlets)
    languages = voice.count("languages", len(one.spread.languages)) if one.spread.languages else ""
    names = voice.listing([voice.language_name(language) for language in one.spread.languages])
    return Line(
        number=one.spread.story,
        topic=pack.label(voice.language) if pack else one.spread.pack,
        urgent=one.spread.severity is Severity.URGENT,
        first=_source(one.first, one.spread.pack, voice, now),
        spread=" · ".join(filter(None, (voice.say("spread", outlets=outlets, languages=languages), names))),
        steps=tuple(_step(told, one.spread.pack, voice, now) for told in _told_once(one)),
        charts=tuple(_charts(one, voice)),
    )


def _told_once(one: Development) -> list[Told]:
    """What was told, each article once: of alerts that told channels different things, the one that says most."""
    most: dict[int, Told] = {}
    for told in one.tellings:
        known = most.get(told.report.article)
        if known is None or len(told.new) > len(known.new):
            most[told.report.article] = told
    return [told for told in most.values() if not _is_headline(told, one)]


def _is_headline(told: Told, one: Development) -> bool:
    """Whether it says no more than the headline above it."""
    return not told.new and told.report.article == one.first.article


def _step(told: Told, pack: str, voice: Voice, now: datetime) -> Step:
    kind = voice.say("new" if told.kind is AlertKind.NEW else "update")
    return Step(
        kind,
        tuple(tell(item, pack, voice) for item in told.new[:_NEWS]),
        _source(told.report, pack, voice, now),
    )


def _source(article: Reported, pack: str, voice: Voice, now: datetime) -> Source:
    foreign = not voice.same_language(article.language)
    pieces = [piece.text for piece in gist_of(article.facts, pack, voice)] if foreign else []
    return Source(
        title=_headline(article.title),
        gist=voice.listing(pieces),
        language=article.language or "",
        url=link(article.url),
        outlet=isolated(one_line(article.outlet)),
        language_name=voice.language_name(article.language) if foreign else "",
        when=voice.moment(article.at, day_only=article.day_only, beside=now, zone=False),
    )


def _charts(one: Development, voice: Voice) -> Iterator[Chart]:
    """The figures that changed as somebody was told, those told most often first."""
    told: dict[str, list[float]] = {}
    for item in (item for telling in one.tellings for item in telling.new):
        if item.fact.kind is FactKind.FIGURE and item.fact.value is not None:
            told.setdefault(item.fact.concept, []).append(item.fact.value)
    drawn = 0
    for concept, values in sorted(told.items(), key=lambda each: -len(each[1])):
        same = [each for each in one.figures if each.fact.concept == concept and _is_alike(each, values)]
        points = _points(same, voice, one.spread.pack)
        if len({(point.value, point.most) for point in points}) > 1 and drawn < _CHARTS:
            drawn += 1
            yield figure_line(points, voice, voice.concept(one.spread.pack, concept))


def _is_alike(each: Stated, told: Sequence[float]) -> bool:
    """Whether a figure may count the same as those that were told: two prisoners are not ten thousand soldiers."""
    value = each.fact.value
    return value is not None and any(
        known <= _MAGNITUDE * value and value <= _MAGNITUDE * known for known in told
    )


def _points(figures: Sequence[Stated], voice: Voice, pack: str) -> list[Point]:
    """One for each report: the figure it leads with; of many the latest."""
    leading: dict[tuple[object, str], Stated] = {}
    for each in figures:
        leading.setdefault((each.at, each.outlet), each)
    return [_point(each, voice, pack) for each in list(leading.values())[-_POINTS:]]


def _point(each: Stated, voice: Voice, pack: str) -> Point:
    fact = each.fact
    who = _who(each, voice, pack)
    return Point(each.at, fact.value or 0.0, voice.figure(fact), who, fact.bound, fact.most)


def _who(each: Stated, voice: Voice, pack: str) -> str:
    said: Iterable[str] = (voice.concept(pack, each.fact.by) if each.fact.by else "", one_line(each.outlet))
    return " · ".join(filter(None, said))


def _headline(title: str) -> str:
    return shorten(one_line(title), _TITLE)


def _condition(word: str, why: str) -> str:
    return one_line(": ".join(filter(None, (word.replace("_", " "), why))))
