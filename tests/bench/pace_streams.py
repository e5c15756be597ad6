"""When sources publish: real times, and weeks that are made up by a known rate."""

from __future__ import annotations

import json
import math
import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "topic"
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
_ZONES = (-5, 0, 1, 3, 8, 9)  # hours east of Greenwich where the sources of news on the topic live
_MOMENT = len("2023-01-01")  # what is longer names more than a day


@dataclass(frozen=True)
class Stream:
    """What some sources publish from `begin` to `end`; `rates` are the true ones, in entries per hour."""

    name: str
    begin: datetime
    end: datetime
    published: Mapping[str, tuple[datetime, ...]]
    rates: Mapping[str, Callable[[datetime], float]] | None = None


def real() -> Stream | None:
    """The times of the articles in the corpus by host; None if it is not there."""
    if not CORPUS.is_dir():
        return None
    found = defaultdict(list)
    for file in ("articles.jsonl", "extra_relevant.jsonl"):
        for line in (CORPUS / file).read_text(encoding="utf-8").splitlines():
            article = json.loads(line)
            stated = article.get("published") or ""
            if len(stated) > _MOMENT:
                at = datetime.fromisoformat(stated).astimezone(UTC)
                found[urlsplit(article["url"] or "").hostname or ""].append(at)
    published = {name: tuple(sorted(times)) for name, times in found.items()}
    begin, end = (pick(at for times in published.values() for at in times) for pick in (min, max))
    return Stream("real times of the corpus", begin - HOUR, end + HOUR, published)


def day_and_night(random_: random.Random) -> Callable[[datetime], float]:
    """Busy by day, nearly silent at night, in a zone of its own."""
    base, zone = _log_uniform(random_, 0.05, 5), random_.choice(_ZONES)
    return lambda at: base * max(0.08, 1 + 1.15 * math.sin((_local(at, zone) - 8) / 12 * math.pi))


def weekend(random_: random.Random) -> Callable[[datetime], float]:
    """The same, and little on Saturday and Sunday."""
    weekday = day_and_night(random_)
    return lambda at: weekday(at) * (0.15 if at.weekday() >= 5 else 1.0)


def thin(random_: random.Random) -> Callable[[datetime], float]:
    """As weekends, and most of the sources have little."""
    busy, part = weekend(random_), _log_uniform(random_, 0.1, 0.5)
    return lambda at: part * busy(at)


def bursts(random_: random.Random) -> Callable[[datetime], float]:
    """Days and nights, and stories that break for all: seven times as much at once, fading within hours."""
    calm = day_and_night(random_)
    stories = [MONDAY + timedelta(days=day, hours=5 * day % 24) for day in range(2, 35, 4)]

    def rate(at: datetime) -> float:
        ages = ((at - story) / HOUR for story in stories)
        return calm(at) * (1 + sum(6 * math.exp(-age / 6) for age in ages if 0 <= age < 48))

    return rate


def silent_months(random_: random.Random) -> Callable[[datetime], float]:
    """Days and nights, and a month in which half of the sources have nothing."""
    awake, silent = day_and_night(random_), random_.random() < 0.5
    begin = MONDAY + timedelta(days=random_.uniform(5, 10))
    return lambda at: awake(at) * (0.01 if silent and begin < at < begin + timedelta(days=28) else 1.0)


KINDS = {
    "day and night": (day_and_night, 4),
    "quiet weekends": (weekend, 4),
    "thin": (thin, 4),
    "bursts": (bursts, 4),
    "silent months": (silent_months, 6),
}


def made_up(name: str, *, sources: int = 12, weeks: int = 0, seed: int = 1) -> Stream:
    """A stream of one of `KINDS`: Poisson processes with its rate, by thinning (P. Lewis, G. Shedler, 1979)."""
    kind, usual_weeks = KINDS[name]
    random_ = random.Random(seed)
    end = MONDAY + timedelta(weeks=weeks or usual_weeks)
    rates = {f"source-{number}": kind(random_) for number in range(sources)}
    published = {one: _thinned(rate, end, random_) for one, rate in rates.items()}
    return Stream(name, MONDAY, end, published, rates)


def _thinned(
    rate: Callable[[datetime], float], end: datetime, random_: random.Random
) -> tuple[datetime, ...]:
    most = 1.1 * max(rate(MONDAY + HOUR * hour) for hour in range(int((end - MONDAY) / HOUR)))
    found, at = [], MONDAY
    while (at := at + HOUR * random_.expovariate(most)) < end:
        if random_.random() * most < rate(at):
            found.append(at)
    return tuple(found)


def _local(at: datetime, zone: int) -> float:
    return (at.hour + at.minute / 60 + zone) % 24


def _log_uniform(random_: random.Random, least: float, most: float) -> float:
    return math.exp(random_.uniform(math.log(least), math.log(most)))
