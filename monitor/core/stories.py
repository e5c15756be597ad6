"""Which development does an article report?

An article joins the open story whose articles it is most alike (see `signature`), if it is alike enough; what is
further away in time counts less, and the more so the more is reported. Cost does not grow with the number of open
stories: an index finds the few that share what stands out in the article, and of a story only its latest articles are
compared.
"""

from __future__ import annotations

import itertools
import math
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter, itemgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from monitor.core.index import Index
from monitor.core.novelty import Told, as_told
from monitor.core.signature import alike, contained

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from monitor.core.signature import Signature
    from monitor.core.statements import Fact

WINDOW = timedelta(days=14)
"""How long a story stays open after its last article, and how far back articles tell how rare a concept is."""
_OPEN = WINDOW.total_seconds()

# Chosen on the demonstration's articles and on labelled news of twelve languages; the result is flat around them.
_SIMILAR = 0.15  # likeness from which an article belongs to a story
_ONE = 0.2  # mean likeness of their articles from which two stories are one
_NEAREST = 4  # the articles of a story that are nearest to the new one count: a single one could be a stray
_MEMBERS = 12  # the latest articles of a story that a new one is compared with
_COPY = 0.5  # share of a text's shingles from which it is a copy
_QUOTED = 0.3  # the same from which it repeats a known text at length

_COMPARED = 8  # stories that an article is held against, those that share most with it
_LIKELY = 0.1  # what a story may share at its age from which it is compared: a little less than is asked for
_NEARLY = 0.8  # share of that likeness from which another story may turn out to be the same
_BRIDGED = 3  # such stories that are looked at
_EACH = 5  # articles of two stories that are held against each other
_COPIED = 3  # stories that are looked at for a copy: the nearest
_SHARED = 5  # features that are named as the reason of a placement


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an article belongs.

    Attributes:
        story: the open story; None opens a new one.
        similarity: how alike they are, from 0 to 1.
        is_copy: whether its text is known.
        shared: the features by which it belongs there, the most telling first.
        own: the share of what the article states that no article of the story does, from 0 to 1.
        near: other stories that it is nearly as alike; it may show that they are the same development.
        quotes: whether it repeats a text of the story at length, as copies and follow-ups do.
    """

    story: int | None
    similarity: float
    is_copy: bool
    shared: tuple[str, ...] = ()
    own: float = 0.0
    near: tuple[int, ...] = ()
    quotes: bool = False


@dataclass(frozen=True, slots=True)
class Bridge:
    """Another story that is the same development, and by what."""

    story: int
    shared: tuple[str, ...]


@dataclass(slots=True)
class _Member:
    """An article of an open story."""

    signature: Signature
    at: float  # seconds of the epoch: they are compared thousands of times


class _Heard(NamedTuple):
    """A statement that a channel was told, and when in the order of telling."""

    told: Told
    turn: int


@dataclass(slots=True)
class _Story:
    id: int
    pack: str
    last: float
    members: deque[_Member] = field(default_factory=lambda: deque(maxlen=_MEMBERS))
    told: dict[str, dict[Told, _Heard]] = field(default_factory=dict)  # by channel, the latest last


class StoryBook:
    """The open stories. It is a fold over the relevant articles in the order in which they were taken in.

    Args:
        commonness: for each pack, how common its concepts are before any article came in.
    """

    def __init__(self, commonness: Mapping[str, Mapping[str, float]] = MappingProxyType({})) -> None:
        self._commonness = commonness
        self._stories: dict[int, _Story] = {}
        self._indices: dict[str, Index] = {}
        self._apart: set[frozenset[int]] = set()
        self._turns = itertools.count()

    def rarity(self, pack: str) -> Callable[[str], float]:
        """How rare a feature is among the articles of the pack."""
        return self._index(pack).rarity

    def place(self, pack: str, signature: Signature, at: datetime) -> Placement:
        """The open story that the article belongs to. `at` is when it was published, or read if that is unknown."""
        index = self._index(pack)
        view = _View(signature, at.timestamp(), index.fading())
        found = [view.of(story) for story in self._near(index, view)]
        found.sort(key=attrgetter("likeness"), reverse=True)
        if copied := view.copied(found[:_COPIED]):
            found.remove(copied)
            found.insert(0, copied)
        if not found or (found[0].likeness < _SIMILAR and not copied):
            return Placement(None, 0.0, is_copy=False, near=_nearly(found))
        best = found[0]
        return Placement(
            story=best.story.id,
            similarity=max(best.likeness, _COPY) if copied else best.likeness,
            is_copy=copied is not None,
            shared=view.shared(best.story),
            own=view.own(best.story),
            near=_nearly(found[1:]),
            quotes=copied is not None or view.repeats(best, _QUOTED),
        )

    def _near(self, index: Index, view: _View) -> Iterator[_Story]:
        """The open stories that share most with an article, as far as they can be like it at their age."""
        count = 0
        for number, most in index.near(view.signature):
            story = self._stories.get(number)
            if story is None or abs(view.at - story.last) > _OPEN:
                continue
            if most * view.faded(story.last) >= _LIKELY:
                yield story
                count += 1
                if count == _COMPARED:
                    return

    def bridge(self, story: int, near: Iterable[int]) -> Bridge | None:
        """One of the stories near it that turns out to be the same development, None if none does.

        That is so if their articles are alike on average.
        """
        here = self._stories[story]
        if not here.members:
            return None
        fading = self._index(here.pack).fading()
        for number in near:
            other = self._stories.get(number)
            if other is None or other is here or frozenset((story, number)) in self._apart:
                continue
            likes = [
                view.to(member)
                for view in (_View(one.signature, one.at, fading) for one in list(here.members)[-_EACH:])
                for member in list(other.members)[-_EACH:]
            ]
            if likes and sum(likes) >= _ONE * len(likes):
                latest = here.members[-1]
                return Bridge(number, _View(latest.signature, latest.at, fading).shared(other))
        return None

    def merge(self, story: int, into: int) -> None:
        """Two stories are one from now on."""
        gone, kept = self._stories.pop(story), self._stories[into]
        members = sorted((*kept.members, *gone.members), key=lambda member: member.at)
        kept.members = deque(members, maxlen=_MEMBERS)
        kept.last = max(kept.last, gone.last)
        for channel, heard in gone.told.items():
            known = kept.told.setdefault(channel, {})
            _learn(known, heard.values())
            # In the order of telling, as after a restart: what was told last is what a new figure is compared with.
            kept.told[channel] = dict(sorted(known.items(), key=lambda item: item[1].turn))
        for member in gone.members:
            self._index(kept.pack).place(into, member.signature)
        self._apart = {frozenset(into if one == story else one for one in pair) for pair in self._apart}

    def keep_apart(self, story: int, other: int) -> None:
        """A person said that these are two."""
        self._apart.add(frozenset((story, other)))

    def add(
        self,
        story: int,
        pack: str,
        signature: Signature,
        facts: Sequence[Fact],
        at: datetime,
        read_at: datetime,
        told: Iterable[str] = (),
    ) -> None:
        """Take in an article of the story, about which the named channels were told."""
        moment = at.timestamp()
        known = self._stories.setdefault(story, _Story(story, pack, moment))
        known.last = max(known.last, moment)
        if not signature.is_roundup:
            known.members.append(_Member(signature, moment))
            self._index(pack).add(story, signature, read_at)
        turn = next(self._turns)
        for channel in told:
            _learn(known.told.setdefault(channel, {}), (_Heard(one, turn) for one in as_told(facts)))

    def told(self, story: int | None, channel: str) -> tuple[Told, ...] | None:
        """What the channel knows about the story, in the order of telling; None if it has never heard of it."""
        known = self._stories.get(story) if story is not None else None
        heard = known.told.get(channel) if known else None
        return None if heard is None else tuple(one.told for one in heard.values())

    def forget(self, before: datetime) -> None:
        """Close the stories whose last article is older; what is older does not count for rarity either."""
        earliest = before.timestamp()
        self._stories = {story.id: story for story in self._stories.values() if story.last >= earliest}
        for index in self._indices.values():
            index.forget(before)

    def _index(self, pack: str) -> Index:
        if pack not in self._indices:
            self._indices[pack] = Index(self._commonness.get(pack, {}))
        return self._indices[pack]


def _learn(known: dict[Told, _Heard], heard: Iterable[_Heard]) -> None:
    """Keep each statement once, at its latest."""
    for one in heard:
        same = one.told._replace(at=None)
        before = known.pop(same, one)
        turn = max(one.turn, before.turn)
        later = (
            one.told
            if before.told.at is None or (one.told.at and one.told.at > before.told.at)
            else before.told
        )
        known[same] = _Heard(later, turn)


@dataclass(frozen=True, slots=True)
class _Found:
    """A story with how alike an article is, and its articles that are nearest to it."""

    story: _Story
    likeness: float
    nearest: tuple[_Member, ...]


class _View:
    """The open stories as one article sees them."""

    def __init__(self, signature: Signature, at: float, fading: float) -> None:
        self.signature = signature
        self.at = at
        self._fading = fading

    def to(self, member: _Member) -> float:
        """How alike they are, and how close in time."""
        return alike(self.signature.features, member.signature.features) * self.faded(member.at)

    def faded(self, at: float) -> float:
        """What is left of a likeness over the time between."""
        return math.exp(-abs(self.at - at) / self._fading)

    def of(self, story: _Story) -> _Found:
        """How alike article and story are: the articles of the story that are nearest count."""
        likes = sorted(((self.to(member), n) for n, member in enumerate(story.members)), reverse=True)[
            :_NEAREST
        ]
        mean = sum(like for like, _ in likes) / max(len(likes), 1)
        return _Found(story, mean, tuple(story.members[n] for _, n in likes))

    def copied(self, found: Iterable[_Found]) -> _Found | None:
        """The first of the stories that has an article of which this one is a copy."""
        return next((one for one in found if self.repeats(one, _COPY)), None)

    def repeats(self, found: _Found, share: float) -> bool:
        """Whether so much of the text stands in one of the story's that is near, or the other way round."""
        known = (member.signature.shingles for member in found.nearest)
        return any(one >= share for one in contained(self.signature.shingles, known))

    def shared(self, story: _Story) -> tuple[str, ...]:
        """What the article has in common with the story, the most telling first."""
        sums = {
            feature: weight * sum(member.signature.features.get(feature, 0.0) for member in story.members)
            for feature, weight in self.signature.features.items()
        }
        ranked = sorted(sums.items(), key=itemgetter(1), reverse=True)
        return tuple(feature for feature, weight in ranked[:_SHARED] if weight)

    def own(self, story: _Story) -> float:
        """The share of what the article states that no article of the story does."""
        known = set().union(*(member.signature.features for member in story.members))
        return sum(w * w for feature, w in self.signature.features.items() if feature not in known)


def _nearly(found: Iterable[_Found]) -> tuple[int, ...]:
    return tuple(one.story.id for one in found if one.likeness >= _NEARLY * _SIMILAR)[:_BRIDGED]
