"""Agency texts of our own: rewrites must be kept quiet, and follow-ups that say something new must be told.

A rewrite repeats a text with another headline, order or length; a follow-up repeats most of it beneath a headline
and a lead with something new. Each text is taken in by the service's own parts, with a history in memory.
"""

from __future__ import annotations

from collections import Counter
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from story_corpus import PACK
from table import Line

from monitor.core.alerting import Freshness, Route
from monitor.core.delivery.deliveries import Recipient
from monitor.core.matching import Matcher
from monitor.core.models import AlertKind, Pending
from monitor.jobs.ingest import Ingestor
from monitor.packs import load_pack, shipped
from monitor.store.database import open_history
from monitor.store.history import History
from spiders.items import Article, Entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from wire import FollowUp, WireStory

    from monitor.jobs.taking import Taken

try:
    from wire import follow_ups, rewrites, stories
except ImportError:
    stories = None

T0 = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
BETWEEN = timedelta(minutes=17)  # from one story's first report to the next one's
SPREAD = timedelta(days=2)  # over which a story is rewritten
HEARD = (2, 11, 23)  # the rewrites that stand between a report and its follow-up
LATER = timedelta(hours=20)  # from a report to its follow-up
SHOWN = 12  # mistakes that are named


def wire() -> list[Line]:
    """Both runs, or that there are no texts."""
    if stories is None:
        return [Line("wire", "SKIPPED: there is no wire.py")]
    return [*_repeats(), *_news()]


def _repeats() -> list[Line]:
    """All stories told and rewritten side by side."""
    with _ingestor() as ingestor:
        decided = [
            (story, is_first, _take(ingestor, story, title, text, at))
            for at, is_first, story, title, text in sorted(_stream(), key=lambda one: one[0])
        ]
    untold = [(story, taken) for story, is_first, taken in decided if is_first and not taken.ingest.alerts]
    rewritten = [(story, taken) for story, is_first, taken in decided if not is_first]
    again = [(story, taken) for story, taken in rewritten if taken.ingest.matches]
    loud = [(story, taken) for story, taken in again if taken.ingest.alerts]
    quiet, number = len(again) - len(loud), len(stories())
    return [
        Line("wire stories told", f"{number - len(untold)} of {number}", "all", ok=not untold),
        *(Line(f"    {story.name} not told", taken.ingest.reason.value) for story, taken in untold),
        Line(
            "  rewrites kept quiet",
            f"{quiet / len(again):.3f}   {quiet} of {len(again)}",
            ">= 0.980",
            ok=quiet >= 0.98 * len(again),
        ),
        Line("    others are not found on topic", f"{len(rewritten) - len(again)} of {len(rewritten)}"),
        *(Line(f"    {story.name} told once more", _why(taken)) for story, taken in loud[:SHOWN]),
    ]


def _stream() -> Iterator[tuple[datetime, bool, WireStory, str, str]]:
    """Each text with its time, and whether it is the first of its story."""
    for number, story in enumerate(stories()):
        at = T0 + number * BETWEEN
        yield at, True, story, story.title, story.text
        copies = rewrites(story)
        for place, (title, text) in enumerate(copies, start=1):
            # Closer together at first, as outlets do: minutes apart, then hours.
            yield at + SPREAD * (place / len(copies)) ** 2, False, story, title, text


def _why(taken: Taken) -> str:
    """Of an alert its kind, and what is new."""
    (alert,) = taken.ingest.alerts
    named = ((new.kind.value, new.fact.concept, new.fact.evidence.text) for new in alert.new)
    return " ".join((alert.kind.value, *map(": ".join, named)))


def _news() -> list[Line]:
    """Each follow-up against a history of its own, which holds the report and some rewrites."""
    asked = [one for story in stories() for one in follow_ups(story)]
    answered = [(one, _told(one)) for one in asked]
    quiet = [one for one, taken in answered if not taken.ingest.alerts]
    updates = [
        (one, alert)
        for one, taken in answered
        for alert in taken.ingest.alerts
        if alert.kind is AlertKind.UPDATE
    ]
    named = [one for one, alert in updates if one.new in {new.kind.value for new in alert.new}]
    share = len(quiet) / len(asked)
    return [
        Line(
            "follow-ups wrongly kept quiet",
            f"{share:.3f}   {len(quiet)} of {len(asked)}",
            "<= 0.010",
            ok=share <= 0.01,
        ),
        Line(
            "  told as updates",
            f"{len(updates)}; as stories of their own {len(asked) - len(quiet) - len(updates)}",
        ),
        Line("  that name the kind of what is new", f"{len(named)}"),
        *_quiet(answered),
    ]


def _quiet(answered: Sequence[tuple[FollowUp, Taken]]) -> Iterator[Line]:
    """By kind how many were kept quiet, and which."""
    quiet = [(one, taken.ingest.reason.value) for one, taken in answered if not taken.ingest.alerts]
    for kind in dict.fromkeys(one.new for one, _ in answered):
        reasons = Counter(reason for one, reason in quiet if one.new == kind)
        told = ", ".join(f"{reason} {count}" for reason, count in reasons.most_common())
        number = sum(one.new == kind for one, _ in answered)
        yield Line(f"    {kind}", f"{sum(reasons.values())} of {number} kept quiet" + (told and f" ({told})"))
    for one, reason in quiet[:SHOWN]:
        yield Line(f"    {one.story}: {reason}", f"{one.new}: {one.says}")


def _told(one: FollowUp) -> Taken:
    """What is decided about a follow-up after the report and some rewrites of it."""
    story = next(story for story in stories() if story.name == one.story)
    copies = rewrites(story)
    with _ingestor() as ingestor:
        _take(ingestor, story, story.title, story.text, T0)
        for hours, place in enumerate(HEARD, start=1):
            _take(ingestor, story, *copies[place], T0 + timedelta(hours=hours))
        return _take(ingestor, story, one.title, one.text, T0 + LATER)


def _take(ingestor: Ingestor, story: WireStory, title: str, text: str, at: datetime) -> Taken:
    url = f"wire:{story.name}/{at.isoformat()}"
    pending = Pending(Entry(url), "wire", story.language, found_at=at)
    return ingestor.take(pending, Article(url, title, text, story.language, at), at)


@contextmanager
def _ingestor() -> Iterator[Ingestor]:
    """The parts that `tumen replay` puts together, but for the packs, which are read once for all."""
    with closing(open_history(None)) as history:
        reader = Route("reader", (Recipient("reader", "replay"),))
        yield Ingestor(History(history), _matcher(), (reader,), Freshness())


@cache
def _matcher() -> Matcher:
    return Matcher([load_pack(shipped(PACK))])
