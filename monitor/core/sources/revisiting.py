"""When is a page that was read looked at again, does it say something else by then, and is it still there?

Pages change while a story moves: figures are put right, paragraphs are added, headlines are replaced. Most of what a
page changes is nothing of that, but a clock, a counter, a list of links.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import timedelta
from difflib import SequenceMatcher
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from monitor.core.facts import facts as stated
from monitor.core.statements import FactKind
from monitor.core.text import fold_text, width
from monitor.core.wishes import OF_A_SITE, bounded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from monitor.core.matching import Matcher
    from monitor.core.models import Pending
    from monitor.core.statements import Fact
    from spiders.items import Article, CrawlReport, Validators

TIMETABLE = tuple(timedelta(minutes=15) * factor for factor in (1, 4, 12, 36, 108, 324))
"""How long after its first reading a page is looked at again: 15 minutes, 1, 3, 9, 27 and 81 hours."""
MOVING = timedelta(hours=48)  # a story moves if it had news within this time
PER_HOST = 100  # visits of one host within a day, so that one live blog's outlet is not hammered
MISSING = 2  # visits in a row that do not find the page: then it is gone
_CONFIRM = timedelta(hours=1)  # until the second of them
_MOST_LINES = 2_000  # of a text that are compared line by line: what a hostile page may cost
_PROSE = 40  # columns of a line that is prose although it does not end like a sentence, if it names no time

_SENTENCE = re.compile(r"[.!?…؟۔।。！？][\s\"'”’»›)\]）」』]*$")
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?"
_TIME = re.compile(_CLOCK)
_STAMP = re.compile(rf"[(\[（][^()\[\]（）]{{0,60}}{_CLOCK}[^()\[\]（）]{{0,60}}[)\]）]|^\W*{_CLOCK}\b")
_TRACKING = re.compile(r"(https?://[^\s?#]+)[?#]\S*")
_KEPT = frozenset("%")  # punctuation that belongs to a figure


@dataclass(frozen=True, slots=True)
class Page:
    """What the history holds of a page that is read again.

    Attributes:
        story: the story it belongs to, None if it was not on topic.
        title, text: as they were told last, or read last if they were never told.
        facts: what that version states.
        told: the channels that were told about it.
        headlines: all titles under which it was told.
        pack: the one that its story belongs to, empty without a story.
        latest: title and text as they were read last, None if that is the version above.
    """

    story: int | None
    title: str
    text: str
    facts: tuple[Fact, ...]
    told: frozenset[str]
    headlines: tuple[str, ...] = ()
    pack: str = ""
    latest: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """A page that was read and is due to be looked at again.

    Attributes:
        article: the key of its article; `address` is the canonical address that the article is known by.
        url: where it was fetched.
        pending: the entry that led to it, as it was when it was found.
        title, text: of the latest revision.
        read_at: when it was first read.
        validators: what its server gave us at the last good visit.
        missing: visits in a row that did not find it.
    """

    article: int
    address: str
    url: str
    pending: Pending
    title: str
    text: str
    read_at: datetime
    validators: Validators
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """What one version of a page says that another does not.

    Attributes:
        title: the former and the new one, None if it stayed.
        added, removed: paragraphs, in their order. One that was rewritten is among both.
        figures_added, figures_removed: what the versions count differently, in order of place.
    """

    title: tuple[str, str] | None
    added: tuple[str, ...]
    removed: tuple[str, ...]
    figures_added: tuple[Fact, ...] = ()
    figures_removed: tuple[Fact, ...] = ()


def next_visit(read_at: datetime, now: datetime) -> datetime | None:
    """When a page that was first read at `read_at` is looked at after now; None if it has been for the last time."""
    return next((read_at + after for after in TIMETABLE if read_at + after > now), None)


def visit_after(visit: Visit, report: CrawlReport, missing: int, now: datetime) -> datetime | None:
    """When to look again after this report, with so many visits in a row that did not find the page."""
    if missing >= MISSING:
        return None
    due = next_visit(visit.read_at, now)
    if missing:
        due = min(due or now + _CONFIRM, now + _CONFIRM)
    if due is None:
        return None
    return max(due, now + bounded(report.retry_after, OF_A_SITE))


def is_missing(visit: Visit, report: CrawlReport) -> bool:
    """Whether the page was not found where it was: refused as gone, or something else was shown in its place.

    A page that only moved still has a line of what it said.
    """
    if report.reason in {"http_404", "http_410"}:
        return True
    if not report.url or report.url == visit.url or report.reason not in {"", "no_text"}:
        return False
    if _is_home(report.url) and not _is_home(visit.url):
        return True
    if report.article is None:
        return report.reason == "no_text"
    return _essence(visit.title, visit.text).isdisjoint(_essence(report.article.title, report.article.text))


def says_the_same(title: str, text: str, other_title: str, other_text: str) -> bool:
    """Whether two versions of a page differ in nothing but space, type, times of day, addresses and boilerplate.

    Boilerplate are lines that are no prose: short, and not ended like a sentence. Where there is no prose at all, as
    in a list, each line counts. Which figures of other lines matter only a pack knows: see `is_same`.
    """
    if _comparable(title) != _comparable(other_title):
        return False
    return _prose(text) == _prose(other_text)


def is_same(one: Article, other: Article, matcher: Matcher) -> bool:
    """Whether two versions of a page say the same, and count the same of what the packs know."""
    if not says_the_same(one.title, one.text, other.title, other.text):
        return False
    return _counted(one, matcher) == _counted(other, matcher)


def settled(article: Article, page: Page | None, matcher: Matcher) -> Article:
    """The article as its page was read before if it says the same, else as it is."""
    if page is None:
        return article
    title, text = page.latest or (page.title, page.text)
    known = replace(article, title=title, text=text)
    return known if is_same(known, article, matcher) else article


def figures(facts: Iterable[Fact]) -> frozenset[tuple[object, ...]]:
    """What is counted, without the words and the place."""
    return frozenset(map(_figure, filter(_is_figure, facts)))


def difference(before: tuple[str, str, Sequence[Fact]], after: tuple[str, str, Sequence[Fact]]) -> Difference:
    """What the second version says differently; each is a title, a text and the facts that they state."""
    (title, text, facts), (new_title, new_text, new_facts) = before, after
    old, new = _lines(text), _lines(new_text)
    matcher = SequenceMatcher(None, [key for key, _ in old], [key for key, _ in new])
    changed = [codes for codes in matcher.get_opcodes() if codes[0] != "equal"]
    had, has = figures(facts), figures(new_facts)
    return Difference(
        title=None if _comparable(title) == _comparable(new_title) else (title, new_title),
        added=tuple(line for *_, start, end in changed for _, line in new[start:end]),
        removed=tuple(line for _, start, end, *_ in changed for _, line in old[start:end]),
        figures_added=tuple(fact for fact in new_facts if _is_figure(fact) and _figure(fact) not in had),
        figures_removed=tuple(fact for fact in facts if _is_figure(fact) and _figure(fact) not in has),
    )


def _counted(article: Article, matcher: Matcher) -> list[frozenset[tuple[object, ...]]]:
    readings = zip(matcher.read(article), matcher.packs, strict=True)
    return [figures(stated(reading, pack)) for reading, pack in readings]


def _is_figure(fact: Fact) -> bool:
    return fact.kind is FactKind.FIGURE


def _figure(fact: Fact) -> tuple[object, ...]:
    return fact.concept, fact.value, fact.most, fact.bound


def _lines(text: str) -> list[tuple[str, str]]:
    """The lines that say something, with their comparable form before each."""
    pairs = ((_comparable(line), line.strip()) for line in text.splitlines())
    return [(key, line) for key, line in pairs if key][:_MOST_LINES]


def _prose(text: str) -> list[str]:
    lines = _lines(text)
    return [key for key, line in lines if _is_prose(line)] or [key for key, _ in lines]


def _essence(title: str, text: str) -> set[str]:
    return {_comparable(title), *_prose(text)} - {""}


def _is_prose(line: str) -> bool:
    if _SENTENCE.search(line):
        return True
    return width(line) >= _PROSE and _TIME.search(_STAMP.sub("", line)) is None


def _comparable(text: str) -> str:
    """Letters, digits and symbols with one space between words; no times in brackets or in front, no tracking."""
    folded = _STAMP.sub(" ", _TRACKING.sub(r"\1", fold_text(text)))
    kept = (char if char in _KEPT or unicodedata.category(char)[0] in "LMNS" else " " for char in folded)
    return " ".join("".join(kept).split())


def _is_home(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in {"", "/"} and not parts.query
