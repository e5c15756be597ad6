"""The values that pass between rooms: what was found, what it states, what is told and to whom.

Every time is an aware `datetime` in UTC. Offsets count characters of the stored title or text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from spiders.items import Validators

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.core.delivery.deliveries import Recipient
    from monitor.core.signature import Signature
    from monitor.core.statements import Evidence, Fact, Novelty
    from monitor.core.stories import Placement
    from monitor.core.timeline import Earlier
    from monitor.core.topic import Severity
    from spiders.captures import Capture
    from spiders.items import Article, Entry


class Reason(StrEnum):
    """Why something was told, or was not. The same word stands in logs, history, output and documentation."""

    NEW_STORY = "new_story"  # first report of a development
    NEW_FACTS = "new_facts"  # a known development, and something new is stated
    CHANGED = "changed"  # a page that was told says something else now
    REPEAT = "repeat"  # a known development, nothing new
    SAME_TEXT = "same_text"  # a copy of a text that was already taken in
    NO_RULE_MATCHED = "no_rule_matched"  # not on topic
    BASELINE = "baseline"  # was already there, and too old, when the source was first looked at
    NO_CHANNEL = "no_channel"  # on topic and new, but no channel wants it
    PRUNED = "pruned"  # read before, and pruned since: it is not taken in again
    SKIMMED = "skimmed"  # title and teaser name nothing of any pack: its page was not fetched


class AlertKind(StrEnum):
    """Whether an alert opens a development or continues one."""

    NEW = "new"
    UPDATE = "update"


class EntryState(StrEnum):
    """What became of an entry."""

    TO_READ = "to_read"
    READ = "read"
    FAILED = "failed"  # every attempt failed; `reason` says how the last one ended
    SKIPPED = "skipped"  # never fetched; `reason` says why (`baseline`, `skimmed`)


class Verdict(StrEnum):
    """What a reader says about a decision."""

    IRRELEVANT = "irrelevant"  # it was found to be on topic, and is not
    MISSED = "missed"  # it is on topic, and no rule fired, or not the right one


@dataclass(frozen=True, slots=True)
class Match:
    """Article × rule, with the evidence. `tags` are the rule's, to route by; the history does not keep them."""

    pack: str
    version: str
    rule: str
    severity: Severity
    score: float
    evidence: tuple[Evidence, ...]
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AlertPlan:
    """An alert that is to be stored: what is new for these recipients."""

    kind: AlertKind
    reason: Reason
    new: tuple[Novelty, ...]
    recipients: tuple[Recipient, ...]
    late: bool = False  # found long after it was published: after a downtime, or a slow source


@dataclass(frozen=True, slots=True)
class Ingest:
    """Everything that one read article changes in the history, stored in one transaction.

    Attributes:
        entry: URL of the entry that was read.
        source: name of the source that led to it.
        article: as extracted; its title and text are the ones that offsets refer to.
        read_at: when the page was read.
        reason: why it alerted or why not; of what was pruned before, only the entry is stored.
        matches: empty if it is not on topic.
        facts: what it states (only taken from articles on topic).
        story: id of the known story it belongs to; None opens a new one if there are matches.
        signature: what identifies it among developments.
        placement: why it belongs to its story.
        alerts: usually none or one; several if channels had been told different things.
        expires: when the deliveries of the alerts stop being worth sending.
        fetched: where its page was fetched, None if its text came from elsewhere.
    """

    entry: str
    source: str
    article: Article
    read_at: datetime
    reason: Reason
    matches: tuple[Match, ...] = ()
    facts: tuple[Fact, ...] = ()
    story: int | None = None
    alerts: tuple[AlertPlan, ...] = ()
    expires: datetime | None = None
    signature: Signature | None = None
    placement: Placement | None = None
    fetched: Fetched | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """The keys that an `Ingest` received; `is_new` unless its latest revision said the same.

    `captured` says that the history now relies on the file of its capture. Of what was pruned before, no article is
    stored.
    """

    article: int | None
    story: int | None
    alerts: tuple[int, ...]
    is_new: bool = True
    captured: bool = False


@dataclass(frozen=True, slots=True)
class Remembered:
    """A relevant article of the recent past, as the story book needs it after a restart.

    Attributes:
        id: key of the article.
        story: the story it belongs to.
        pack: the pack that the story belongs to.
        source: name of the source that led to it.
        article: title and text; both empty if the signature is there, since nothing needs them then.
        read_at: when it was read.
        told: the channels that an alert about this very article went to.
        signature: as stored, None if the pack was another one then.
        facts: what it states, with a signature and for articles that were told; otherwise empty.
    """

    id: int
    story: int
    pack: str
    source: str
    article: Article
    read_at: datetime
    told: tuple[str, ...]
    signature: Signature | None = None
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Pending:
    """An entry that was found and is not read yet."""

    entry: Entry
    source: str
    language: str | None
    found_at: datetime
    attempts: int = 0
    first_look: bool = False  # it was already there when its source was first looked at


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert as a channel needs it to write its message.

    Attributes:
        id: its key in the history.
        kind: new or update.
        reason: why it is told.
        pack: the pack's name.
        rules: names of the rules that fired, most severe first.
        severity: the highest among them.
        story: key of the story; `story_title` is the title of its first article.
        article: title and text that evidence refers to, address, language, time.
        source: the outlet's name as a reader knows it.
        evidence: of all rules, in order of place, without repeats.
        new: what is new; empty for the first report.
        found_at: when we first saw the entry.
        created_at: when the alert was stored.
        late: found long after publication.
        outlets: how many outlets have reported the story so far.
        languages: in which languages.
        facts: what the article states, in order of place.
        since: when the story's first report was published, or found if that is unknown.
        timeline: the reports before this one that say most about the way here, the latest first.
        earlier: how many reports there were before this one, those of the timeline included.
    """

    id: int
    kind: AlertKind
    reason: Reason
    pack: str
    rules: tuple[str, ...]
    severity: Severity
    story: int
    story_title: str
    article: Article
    source: str
    evidence: tuple[Evidence, ...]
    new: tuple[Novelty, ...]
    found_at: datetime
    created_at: datetime
    late: bool
    outlets: int
    languages: tuple[str, ...]
    facts: tuple[Fact, ...] = ()
    since: datetime | None = None
    timeline: tuple[Earlier, ...] = ()
    earlier: int = 0


@dataclass(frozen=True, slots=True)
class Fetched:
    """Where a page was fetched, what its server gave us to ask whether it has changed, and the page as it came."""

    url: str
    validators: Validators = Validators()
    capture: Capture | None = None
