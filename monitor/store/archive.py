"""What the history knows about its texts, for whoever proves rules on them or asks why something was told.

Only questions: every read is short, so that a long look at a running service's history does not hold its log.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  part of the public values
from typing import TYPE_CHECKING, Any

from monitor.core.errors import InputError
from monitor.core.models import EntryState, Match, Reason
from monitor.core.topic import Severity
from monitor.store.columns import read_optional_time, read_time
from monitor.store.database import rows, snapshot
from monitor.store.feedback import Feedback, find_article
from monitor.store.history import History
from monitor.store.pruning.runs import PruningLine, read_pruning
from monitor.store.stories import Stories
from monitor.store.values import read_article, read_evidence, read_fact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from monitor.core.statements import Evidence, Fact
    from monitor.store.database import Database
    from monitor.store.feedback import Judgement
    from monitor.store.history import AlertLine
    from monitor.store.stories import StoryLine
    from spiders.items import Article

_PAGE = 100  # texts that are in memory at a time


@dataclass(frozen=True, slots=True)
class MatchedRule:
    """A rule that fired on a text when it was read, by the version of its pack at that time."""

    pack: str
    version: str
    rule: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class StoredText:
    """The newest revision of an article.

    Attributes:
        id: key of the article; `revision` is the key of this text.
        source: name of the source that led to it; `tags` are that source's.
        article: address, title, text, language and time.
        read_at: when this revision was read.
        reason: why it was told or was not.
        matched: the rules that fired on it then.
    """

    id: int
    revision: int
    source: str
    tags: tuple[str, ...]
    article: Article
    read_at: datetime
    reason: Reason
    matched: tuple[MatchedRule, ...]


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An address that a source listed, and what became of it.

    `article` is None while it was not read, or if it was pruned: by `pruned`.
    """

    url: str
    source: str
    title: str
    found_at: datetime
    state: EntryState
    reason: str
    detail: str
    attempts: int
    not_before: datetime | None
    article: int | None
    pruned: PruningLine | None = None


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One version of an article, and why it was told or was not; what it states if it was on topic."""

    number: int
    title: str
    text: str
    read_at: datetime
    reason: Reason
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """Everything recorded about an article. Matches and facts are those of its newest text, alerts those of all.

    `gone_at` is when its page was found to be gone, None if it was there.
    """

    text: StoredText
    entry: EntryLine | None
    revisions: tuple[RevisionLine, ...]
    matches: tuple[Match, ...]
    facts: tuple[Fact, ...]
    story: StoryLine | None
    alerts: tuple[AlertLine, ...]
    feedback: tuple[Judgement, ...]
    gone_at: datetime | None = None


class Archive:
    """Questions about texts that were read. Every method may raise DatabaseBusy, DatabaseDamaged or StorageError."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def texts(self, since: datetime | None = None, until: datetime | None = None) -> Iterator[StoredText]:
        """The newest text of each article, in the order of reading: read at or after `since` and before `until`.

        Texts are read in pages. Without `until`, an article that changes meanwhile comes again at the end.
        """
        after, key = since, -1
        while True:
            found = self._page("(revisions.read_at, revisions.id) > (?, ?)", (after or "", key), until, _PAGE)
            yield from found
            if len(found) < _PAGE:
                return
            after, key = found[-1].read_at, found[-1].revision

    def count(self, since: datetime | None = None, until: datetime | None = None) -> int:
        """How many texts `texts` gives."""
        (row,) = rows(
            self._db,
            f"SELECT count(*) AS many FROM revisions WHERE {_NEWEST} AND read_at >= ? AND read_at < ?",  # noqa: S608  own words
            (since or "", until or _LAST),
        )
        return int(row["many"])

    def find(self, article: int | str) -> int | None:
        """The number of an article, by its number, its address, or the address that a source gave for it."""
        return find_article(self._db, article)

    def entry(self, url: str) -> EntryLine | None:
        """What became of an address that a source listed; None if no source did."""
        found = rows(self._db, "SELECT * FROM entries WHERE url = ?", (url,))
        return self._entry(found[0]) if found else None

    def tombstone(self, url: str) -> PruningLine | None:
        """What removed the article with this canonical address; None if it was not removed, or an entry says so."""
        sql = "SELECT prunings.* FROM tombstones JOIN prunings ON prunings.id = pruning WHERE url = ?"
        found = rows(self._db, sql, (url,))
        return read_pruning(found[0]) if found else None

    def listed(self, urls: Sequence[str]) -> frozenset[str]:
        """Those of the addresses that a source listed, whatever became of them."""
        found = rows(
            self._db,
            "SELECT url FROM entries WHERE url IN (SELECT value FROM json_each(?))",
            (json.dumps(urls),),
        )
        return frozenset(row["url"] for row in found)

    def record(self, article: int) -> Record:
        """Everything recorded about an article. Raises InputError if there is none with this number, or no more."""
        with snapshot(self._db):
            texts = self._page("revisions.article = ?", (article,), None, 1)
            if not texts:
                raise _missing(self._db, article)
            (text,) = texts
            entries = rows(
                self._db, "SELECT * FROM entries WHERE article = ? ORDER BY id LIMIT 1", (article,)
            )
            return Record(
                text=text,
                entry=self._entry(entries[0]) if entries else None,
                revisions=self._revisions(article),
                matches=self.matches(text.revision),
                facts=tuple(map(read_fact, rows(self._db, _FACTS, (text.revision,)))),
                story=Stories(self._db).of_article(article),
                alerts=History(self._db).alerts(limit=_MANY, article=article),
                feedback=Feedback(self._db).list(article=article),
                gone_at=self._gone_at(article),
            )

    def _page(
        self, which: str, parameters: Sequence[object], until: datetime | None, limit: int
    ) -> list[StoredText]:
        with snapshot(self._db):
            found = rows(
                self._db,
                f"{_TEXTS} WHERE {_NEWEST} AND {which} AND revisions.read_at < ? "
                "ORDER BY revisions.read_at, revisions.id LIMIT ?",
                (*parameters, until or _LAST, limit),
            )
            keys = [row["revision"] for row in found]
            matched: dict[int, list[MatchedRule]] = {key: [] for key in keys}
            for row in rows(self._db, _MATCHED.format(keys=", ".join("?" * len(keys))), keys):
                rule = MatchedRule(row["pack"], row["version"], row["rule"], Severity(row["severity"]))
                matched[row["revision"]].append(rule)
        return [_text(row, matched[row["revision"]]) for row in found]

    def _entry(self, row: Mapping[str, Any]) -> EntryLine:
        sql = "SELECT * FROM prunings WHERE id = ?"
        pruned = rows(self._db, sql, (row["pruning"],)) if row["pruning"] is not None else ()
        return _entry(row, read_pruning(pruned[0]) if pruned else None)

    def _revisions(self, article: int) -> tuple[RevisionLine, ...]:
        facts: dict[int, list[Fact]] = {}
        for row in rows(self._db, _STATED, (article,)):
            facts.setdefault(row["revision"], []).append(read_fact(row))
        found = rows(self._db, "SELECT * FROM revisions WHERE article = ? ORDER BY number", (article,))
        return tuple(_revision(row, facts.get(row["id"], ())) for row in found)

    def _gone_at(self, article: int) -> datetime | None:
        (row,) = rows(self._db, "SELECT gone_at FROM articles WHERE id = ?", (article,))
        return read_optional_time(row["gone_at"])

    def matches(self, revision: int) -> tuple[Match, ...]:
        """The rules that fired on a revision, with their evidence."""
        evidence: dict[int, list[Evidence]] = {}
        for row in rows(self._db, _EVIDENCE, (revision,)):
            evidence.setdefault(row["match"], []).append(read_evidence(row))
        found = rows(self._db, "SELECT * FROM matches WHERE revision = ? ORDER BY id", (revision,))
        return tuple(
            Match(
                pack=row["pack"],
                version=row["version"],
                rule=row["rule"],
                severity=Severity(row["severity"]),
                score=row["score"],
                evidence=tuple(evidence.get(row["id"], ())),
            )
            for row in found
        )


_LAST = "9999"  # sorts behind every time
_MANY = 1000  # more alerts than one article ever brings
_NEWEST = """NOT EXISTS (
    SELECT 1 FROM revisions AS later WHERE later.article = revisions.article AND later.number > revisions.number
)"""
_TEXTS = """
    SELECT revisions.id AS revision, revisions.title, revisions.text, revisions.read_at, revisions.reason,
        articles.id, articles.url, articles.language, articles.published, articles.author, articles.day_only,
        articles.source, sources.tags
    FROM revisions
    JOIN articles ON articles.id = revisions.article
    JOIN sources ON sources.name = articles.source
"""
_MATCHED = (
    "SELECT revision, pack, version, rule, severity FROM matches WHERE revision IN ({keys}) ORDER BY id"
)
_EVIDENCE = """
    SELECT evidence.* FROM evidence JOIN matches ON matches.id = evidence."match" WHERE matches.revision = ?
    ORDER BY evidence.id
"""
_FACTS = "SELECT * FROM facts WHERE revision = ? ORDER BY id"
_STATED = """
    SELECT facts.* FROM facts JOIN revisions ON revisions.id = facts.revision WHERE revisions.article = ?
    ORDER BY facts.field DESC, facts.start, facts.id  -- title before body
"""


def _text(row: Mapping[str, Any], matched: Sequence[MatchedRule]) -> StoredText:
    return StoredText(
        id=row["id"],
        revision=row["revision"],
        source=row["source"],
        tags=tuple(json.loads(row["tags"])),
        article=read_article(row),
        read_at=read_time(row["read_at"]),
        reason=Reason(row["reason"]),
        matched=tuple(matched),
    )


def _entry(row: Mapping[str, Any], pruned: PruningLine | None) -> EntryLine:
    return EntryLine(
        url=row["url"],
        source=row["source"],
        title=row["title"],
        found_at=read_time(row["found_at"]),
        state=EntryState(row["state"]),
        reason=row["reason"],
        detail=row["detail"],
        attempts=row["attempts"],
        not_before=read_optional_time(row["not_before"]),
        article=row["article"],
        pruned=pruned,
    )


def _revision(row: Mapping[str, Any], facts: Sequence[Fact]) -> RevisionLine:
    return RevisionLine(
        number=row["number"],
        title=row["title"],
        text=row["text"],
        read_at=read_time(row["read_at"]),
        reason=Reason(row["reason"]),
        facts=tuple(facts),
    )


def _missing(db: Database, article: int) -> InputError:
    """Why there is no article with a number: numbers are given once, so one that was given was pruned."""
    given = rows(db, "SELECT 1 FROM sqlite_sequence WHERE name = 'articles' AND seq >= ?", (article,))
    pruned = rows(db, "SELECT * FROM prunings WHERE class IN ('unmatched', 'matched') AND removed LIMIT 2")
    if not given or not pruned or article < 1:
        return InputError(f"there is no article {article}", remedy="name it by its address")
    if len(pruned) > 1:  # which of the runs it was, only its address tells
        return InputError(
            f"article {article} was pruned", remedy="`tumen why` and its address say when and why"
        )
    line = read_pruning(pruned[0])
    return InputError(
        f"article {article} was pruned on {line.ended_at:%Y-%m-%d}: {line.because}",
        remedy="its address is kept, so that it is not taken as new",
    )
