"""Trying packs on texts that were read before: the same decisions as the running service, for nobody to hear."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from monitor.core.alerting import Freshness, Route
from monitor.core.delivery.deliveries import Recipient
from monitor.core.matching import Matcher
from monitor.core.models import Pending, Reason
from monitor.core.reading import Origin
from monitor.jobs.ingest import Ingestor
from monitor.jobs.replay import in_order
from monitor.store.archive import Archive
from monitor.store.database import open_history, open_reader
from monitor.store.history import History
from spiders.items import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from monitor.core.models import AlertKind, Match
    from monitor.core.topic import Pack
    from monitor.jobs.replay import Text
    from monitor.store.archive import StoredText
    from spiders.items import Article

_READER = Route("reader", (Recipient("reader", "laboratory"),))  # one who wants everything
_TIDYING = timedelta(hours=6)  # how often stories that ended are forgotten, in the time of the texts


@dataclass(frozen=True, slots=True)
class Sample:
    """A text to try packs on.

    Attributes:
        id: its number in the history, or the id of its line.
        article: title, text, language, address and time.
        at: when it was, or would have been, read.
        origin: the source that led to it.
        baseline: it was already there when its source was first looked at.
        relevant: whether it is on topic, if somebody said so.
    """

    id: int | str
    article: Article
    at: datetime
    origin: Origin = Origin()
    baseline: bool = False
    relevant: bool | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a pack makes of a text on which it fires: the matches, most telling first, and whether it is told."""

    matches: tuple[Match, ...]
    reason: Reason
    alert: AlertKind | None
    story: int | None

    @property
    def rule(self) -> str:
        """The rule that it is named after."""
        return self.matches[0].rule


class Kind(StrEnum):
    """How the answers of two packs to one text differ."""

    GAINED = "gained"  # told by the new pack only
    LOST = "lost"  # told by the old pack only
    RETOLD = "retold"  # told by both, but named after another rule


@dataclass(frozen=True, slots=True)
class Pair:
    """What two packs make of one text; None where one does not fire at all."""

    sample: Sample
    before: Outcome | None
    after: Outcome | None

    @property
    def kind(self) -> Kind | None:
        """How what a reader hears differs; None if it does not."""
        was, told = self.before is not None and self.before.alert, self.after is not None and self.after.alert
        if told and not was:
            return Kind.GAINED
        if was and not told:
            return Kind.LOST
        if self.before and self.after and was and self.before.rule != self.after.rule:
            return Kind.RETOLD
        return None


def from_history(texts: Iterable[StoredText]) -> Iterator[Sample]:
    """Stored texts as samples."""
    for text in texts:
        origin = Origin(text.source, text.tags)
        baseline = text.reason is Reason.BASELINE
        yield Sample(text.id, text.article, text.read_at, origin, baseline)


def from_lines(texts: Sequence[Text], now: datetime) -> list[Sample]:
    """Lines of a file as samples, in the order of publication; what has no time is as old as what stands before."""
    return [
        Sample(text.id, text.article, at, Origin(text.source), relevant=text.relevant)
        for at, _, text in in_order(texts, now)
    ]


class Trial:
    """A pack that takes in texts one after another; its history is kept in memory only."""

    def __init__(self, pack: Pack, history: History) -> None:
        self.pack = pack
        self._matcher = Matcher([pack])
        self._origins: dict[str, Origin] = {}
        self._ingestor = Ingestor(history, self._matcher, (_READER,), Freshness(), origins=self._origins)
        self._tidied: datetime | None = None

    def take(self, sample: Sample) -> Outcome | None:
        """What becomes of the text; None if no rule fires."""
        # What no rule fires on decides nothing about later texts, so only the rest goes the whole road.
        if not self._matcher.matches(self._matcher.read(sample.article, sample.origin)):
            return None
        if self._tidied is None or sample.at - self._tidied > _TIDYING:
            self._ingestor.forget(sample.at)
            self._tidied = sample.at
        source = sample.origin.source or "laboratory"
        self._origins[source] = sample.origin
        pending = Pending(
            Entry(sample.article.url),
            source,
            sample.article.language,
            found_at=sample.at,
            first_look=sample.baseline,
        )
        taken = self._ingestor.take(pending, sample.article, sample.at)
        ingest = taken.ingest
        alert = ingest.alerts[0].kind if ingest.alerts else None
        return Outcome(ingest.matches, ingest.reason, alert, taken.stored.story)


@contextmanager
def trial(pack: Pack) -> Iterator[Trial]:
    """A trial with an empty history."""
    with closing(open_history(None)) as db:
        yield Trial(pack, History(db))


def backtest(samples: Iterable[Sample], pack: Pack) -> Iterator[tuple[Sample, Outcome | None]]:
    """What the pack would have made of each text."""
    with trial(pack) as one:
        for sample in samples:
            yield sample, one.take(sample)


def compare(samples: Iterable[Sample], old: Pack, new: Pack) -> Iterator[Pair]:
    """What each of two packs would have made of each text."""
    with trial(old) as before, trial(new) as after:
        for sample in samples:
            yield Pair(sample, before.take(sample), after.take(sample))


@contextmanager
def stored_samples(
    path: Path, since: datetime | None = None, until: datetime | None = None
) -> Iterator[tuple[Iterator[Sample], int]]:
    """The texts of a history that were read in a time, in the order of reading, and how many there are.

    Raises:
        StorageError: there is no history, or it cannot be read.
    """
    with closing(open_reader(path)) as db:
        archive = Archive(db)
        yield from_history(archive.texts(since, until)), archive.count(since, until)
