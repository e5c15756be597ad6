"""How a text is built that tells of several developments: entries with times, or items that share nothing."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from monitor.core.text import is_unspaced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.core.reading import Hit

_FEWEST_STAMPS = 4
_FEWEST_ITEMS = 5
_SHORTEST_ITEM = 60  # characters of an item on average: shorter ones are names of things
_DENSER = 2  # signs of a script without spaces say as much as so many letters
_HEAD = 60  # characters of a line in which its time or bullet stands

# A line as live blogs begin their entries, folded. What is optional is short, and divided by signs that the next part
# does not begin with, so that each line takes constant time.
_STAMP = re.compile(
    r"[^\w\n]{0,6}"
    r"(?:(?:posted|published|updated?|posted at|updated at|stand|kl|klo|godz|ore|ora|hora|saat|luc)[.:]?\s)?"
    r"(?:\d{1,2}[./]\d{1,2}(?:[./]\d{2,4})?[.,]?\s|\d{4}-\d\d-\d\d[t\s]|"
    r"[^\W\d_]{3,10}\.?\s\d{1,2},?\s(?:\d{4},?\s)?|\d{1,2}\.?\s[^\W\d_]{3,10}\.?,?\s(?:\d{4},?\s)?)?"
    r"(?:(?P<half>오전|오후|午前|午后|上午|下午|凌晨|早上|晚上|晚间|中午)\s?)?"
    r"(?:(?P<hour>\d{1,2})(?:(?P<sign>[:h.])(?P<minute>\d\d)(?::\d\d)?|\s?[时시](?:\s?(?P<later>\d{1,2})\s?[分분])?"
    r"|(?=\s?(?:uhr|[ap]\.?m)\b)))"
    r"(?:\s?(?:uhr|h|hrs|[ap]\.?m\b\.?|น\.))?(?![\w%])(?![.:]\d)"
)
# 12.45 may be a share or a sum.
_TIME_AFTER_DOT = re.compile(r"\s?(?:uhr|[ap]\.?m\b|gmt|utc|[bc]e?st|e[sd]t|wib|$|[-:|·•)\]])")

_BULLET = re.compile(
    r"\s{0,4}(?:[•●▪■◆◇○□▲△▶►▸▷※☆★✓✔➤➔·*]\s*|-\s+|#{1,4}\s+|\(?\d{1,2}[.)、](?!\d)\s*|[一二三四五六七八九十]{1,2}、)\S"
)


def has_stamps(body: str) -> bool:
    """Whether different times of day begin its lines, as in a live blog or ticker.

    Entries of a live blog are most of its text, unlike links to other news below an article.
    """
    lines = body.split("\n")
    times = [(number, time) for number, line in enumerate(lines) if (time := _time_of(line))]
    if len({time for _, time in times}) < _FEWEST_STAMPS:
        return False
    return _is_most_of(lines[times[0][0] :], lines)


def _time_of(line: str) -> tuple[str | None, int, int] | None:
    """The time of day with which the line begins, and in which half of the day it is said to be."""
    head = line[:_HEAD]
    match = _STAMP.match(head)
    if match is None:
        return None
    if match["sign"] == "." and not _TIME_AFTER_DOT.match(head, match.end("minute")):
        return None
    hour, minute = int(match["hour"]), int(match["minute"] or match["later"] or 0)
    return (match["half"], hour, minute) if hour <= 24 and minute < 60 else None  # noqa: PLR2004  of a clock


def has_several_items(body: str, hits: Sequence[Hit]) -> bool:
    """Whether it is a list of longer items with nothing in common.

    Args:
        body: the folded text.
        hits: what the pack found in it. What runs through half of the items is what the article is about, so it is
            one development; and where nothing is found in the items, the list is beside the point.
    """
    lines = body.split("\n")
    first = [number for number, line in enumerate(lines) if _BULLET.match(line[:_HEAD])]
    if len(first) < _FEWEST_ITEMS:
        return False
    begins = list(accumulate((len(line) + 1 for line in lines), initial=0))
    items = [(begins[one], begins[after]) for one, after in pairwise([*first, len(lines)])]
    length = (begins[first[-1]] - begins[first[0]]) / (len(first) - 1)
    if length * (_DENSER if is_unspaced(body[:1000]) else 1) < _SHORTEST_ITEM:
        return False
    if _is_talk([body[begin:end] for begin, end in items]) or _is_of_one(body, begins[first[0]], hits):
        return False
    shared = _most_shared(items, hits)
    return 0 < shared < len(items) / 2 and _is_most_of(lines[first[0] :], lines)


def _most_shared(items: Sequence[tuple[int, int]], hits: Sequence[Hit]) -> int:
    """In how many items the most common thing stands."""
    begins = [begin for begin, _ in items]
    named = {(bisect_right(begins, hit.start) - 1, hit.key) for hit in hits if hit.start >= begins[0]}
    return max(Counter(key for _, key in named).values(), default=0)


def _is_talk(items: Sequence[str]) -> bool:
    """Whether dashes begin what people say: some of it is questions."""
    asked = sum(item.split("\n", 1)[0].rstrip(" \"'»”").endswith("?") for item in items)
    return asked * 4 >= len(items)


def _is_of_one(body: str, begin: int, hits: Sequence[Hit]) -> bool:
    """Whether the line before the list ends in a colon and names something of the pack, whose parts then follow."""
    before = body[:begin].rstrip()
    start = before.rfind("\n") + 1
    return before.endswith(":") and any(start <= hit.start < begin for hit in hits)


def _is_most_of(part: Sequence[str], lines: Sequence[str]) -> bool:
    return 2 * sum(map(len, part)) >= sum(map(len, lines))
