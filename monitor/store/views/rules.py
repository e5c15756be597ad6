"""The pages of rules: how often each fires, what became of it, and what readers said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from monitor.core.models import Reason, Verdict
from monitor.core.topic import Severity
from monitor.store.columns import read_time
from monitor.store.database import rows, snapshot
from monitor.store.values import read_evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from monitor.core.statements import Evidence
    from monitor.store.database import Database

PAGE = 30  # matches on one page
DAYS = 30
"""Days of a list of rules."""
LONG = 90
"""Days of the page of one rule."""
_TOLD = (Reason.NEW_STORY, Reason.NEW_FACTS, Reason.CHANGED)
_REPEATED = (Reason.REPEAT, Reason.SAME_TEXT)


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule in the time that is looked at.

    Attributes:
        pack, rule: its names.
        hits: texts on which it fired.
        told: of these, those that were told.
        repeated: those that were kept quiet because the development was known and nothing was new.
        days: hits by the day of reading, in UTC; days without one are left out.
        languages: hits by the language of the article, the most frequent first; an unknown language is "".
        last_hit: when the text was read on which it fired last, whenever that was; None if it never did.
        irrelevant: texts of which readers said in this time that it was wrong there, or the topic as a whole.
        missed: texts of which they said that it should have fired.
    """

    pack: str
    rule: str
    hits: int = 0
    told: int = 0
    repeated: int = 0
    days: Mapping[date, int] | None = None
    languages: Mapping[str, int] | None = None
    last_hit: datetime | None = None
    irrelevant: int = 0
    missed: int = 0

    @property
    def noise(self) -> float | None:
        """The share of what readers judged that was irrelevant, from 0 to 1; None if nobody said anything."""
        judged = self.irrelevant + self.missed
        return self.irrelevant / judged if judged else None


@dataclass(frozen=True, slots=True)
class Hit:
    """A text on which a rule fired.

    Attributes:
        match: its key; larger is later.
        article: the key of the article; `title` is that of the text on which it fired.
        reason: why that text was told or was not.
        irrelevant: a reader said that the rule, or the topic, is wrong there.
    """

    match: int
    article: int
    title: str
    outlet: str
    language: str | None
    read_at: datetime
    severity: Severity
    score: float
    reason: Reason
    story: int | None
    evidence: tuple[Evidence, ...]
    irrelevant: bool


@dataclass(frozen=True, slots=True)
class RulePage:
    """One rule with its latest hits, newest first; `older` is the `before` of the next page, None on the last."""

    line: RuleLine
    hits: tuple[Hit, ...]
    older: int | None


def rule_lines(db: Database, now: datetime, *, days: int = DAYS, pack: str = "") -> tuple[RuleLine, ...]:
    """Every rule that ever fired, by pack and name, with what it did in the last days. Raises StorageError."""
    since = now - timedelta(days=days)
    with snapshot(db):
        names = [(row["pack"], row["rule"]) for row in rows(db, _RULES)]
        counted = rows(db, _TALLY, (since, pack))
        lines = _lines(db, [name for name in names if pack in ("", name[0])], counted, since)
    return tuple(lines)


def rule_page(
    db: Database, pack: str, rule: str, now: datetime, *, days: int = LONG, before: int | None = None
) -> RulePage:
    """One rule; of one that never fired, an empty page. Raises StorageError or a subclass."""
    since = now - timedelta(days=days)
    with snapshot(db):
        (line,) = _lines(db, [(pack, rule)], rows(db, _TALLY_OF_ONE, (since, pack, rule)), since)
        found = rows(db, _HITS, (pack, rule, before or _LAST, PAGE + 1))
        hits = _hits(db, found[:PAGE])
    return RulePage(line, hits, hits[-1].match if len(found) > PAGE else None)


def _lines(
    db: Database, names: Sequence[tuple[str, str]], counted: Iterable[Mapping[str, Any]], since: datetime
) -> list[RuleLine]:
    tallies: dict[tuple[str, str], _Tally] = {}
    for row in counted:
        tallies.setdefault((row["pack"], row["rule"]), _Tally()).count(row)
    judged = {(row["pack"], row["rule"]): row["many"] for row in rows(db, _JUDGED, (since,))}
    missed = {(row["pack"], row["rule"]): row["many"] for row in rows(db, _MISSED, (since,))}
    return [
        tallies.get(name, _Tally()).line(
            *name,
            last_hit=_last_hit(db, name),
            irrelevant=judged.get(name, 0),
            missed=missed.get(name, 0),
        )
        for name in names
    ]


class _Tally:
    """Adds up the rows of one rule."""

    def __init__(self) -> None:
        self.by_reason: dict[str, int] = {}
        self.days: dict[date, int] = {}
        self.languages: dict[str, int] = {}

    def count(self, row: Mapping[str, Any]) -> None:
        day, language, many = date.fromisoformat(row["day"]), row["language"] or "", row["many"]
        self.by_reason[row["reason"]] = self.by_reason.get(row["reason"], 0) + many
        self.days[day] = self.days.get(day, 0) + many
        self.languages[language] = self.languages.get(language, 0) + many

    def line(
        self, pack: str, rule: str, *, last_hit: datetime | None, irrelevant: int, missed: int
    ) -> RuleLine:
        return RuleLine(
            pack=pack,
            rule=rule,
            hits=sum(self.days.values()),
            told=self._of(_TOLD),
            repeated=self._of(_REPEATED),
            days=dict(sorted(self.days.items())),
            languages=dict(sorted(self.languages.items(), key=lambda one: (-one[1], one[0]))),
            last_hit=last_hit,
            irrelevant=irrelevant,
            missed=missed,
        )

    def _of(self, reasons: Iterable[Reason]) -> int:
        return sum(self.by_reason.get(reason, 0) for reason in reasons)


def _last_hit(db: Database, name: tuple[str, str]) -> datetime | None:
    found = rows(db, _LATEST, name)
    return read_time(found[0]["read_at"]) if found else None


def _hits(db: Database, found: Sequence[Mapping[str, Any]]) -> tuple[Hit, ...]:
    evidence: dict[int, list[Evidence]] = {row["match"]: [] for row in found}
    marks = ", ".join("?" * len(evidence))
    for row in rows(db, _EVIDENCE.format(marks=marks), tuple(evidence)):
        evidence[row["match"]].append(read_evidence(row))
    return tuple(
        Hit(
            match=row["match"],
            article=row["article"],
            title=row["title"],
            outlet=row["outlet"],
            language=row["language"],
            read_at=read_time(row["read_at"]),
            severity=Severity(row["severity"]),
            score=row["score"],
            reason=Reason(row["reason"]),
            story=row["story"],
            evidence=tuple(evidence[row["match"]]),
            irrelevant=bool(row["irrelevant"]),
        )
        for row in found
    )


_LAST = 2**63 - 1  # larger than every key
# One step through the index for each rule: the matches between are not read.
_RULES = """
    WITH RECURSIVE each (pack, rule) AS (
        SELECT * FROM (SELECT pack, rule FROM matches ORDER BY pack, rule LIMIT 1)
        UNION ALL
        SELECT following.pack, following.rule FROM each JOIN matches AS following ON following.id = ifnull(
            (SELECT id FROM matches WHERE pack = each.pack AND rule > each.rule ORDER BY rule LIMIT 1),
            (SELECT id FROM matches WHERE pack > each.pack ORDER BY pack, rule LIMIT 1)
        )
    )
    SELECT pack, rule FROM each
"""
# The first revision of this time bounds the matches that are read, whatever the clock did since. The plus has it
# looked up by time: without it the revisions are read one by one, with their texts, until the first of this time. So
# have the other ones matches looked up by revision, not read all in the order of their rules.
_FIRST = "(SELECT min(+id) FROM revisions WHERE read_at >= ?1)"
_COUNT = """
    SELECT +matches.pack AS pack, +matches.rule AS rule, substr(revisions.read_at, 1, 10) AS day, revisions.reason,
        articles.language, count(*) AS many
    FROM matches
    CROSS JOIN revisions ON revisions.id = matches.revision
    CROSS JOIN articles ON articles.id = revisions.article
    WHERE revisions.read_at >= ?1 AND {which}
    GROUP BY 1, 2, 3, 4, 5
"""
_TALLY = _COUNT.format(which=f"matches.revision >= {_FIRST} AND ?2 IN (matches.pack, '')")
_TALLY_OF_ONE = _COUNT.format(
    which=f"""matches.pack = ?2 AND matches.rule = ?3
    AND matches.id >= (SELECT min(+id) FROM matches WHERE revision >= {_FIRST})"""  # noqa: S608  own words
)
_JUDGED = f"""
    SELECT matches.pack, matches.rule, count(DISTINCT feedback.revision) AS many
    FROM feedback CROSS JOIN matches ON matches.revision = feedback.revision AND matches.pack = feedback.pack
        AND ifnull(feedback.rule, matches.rule) = matches.rule
    WHERE feedback.verdict = '{Verdict.IRRELEVANT}' AND feedback.at >= ? GROUP BY 1, 2
"""  # noqa: S608  own words
_MISSED = f"""
    SELECT pack, rule, count(DISTINCT revision) AS many FROM feedback
    WHERE verdict = '{Verdict.MISSED}' AND rule IS NOT NULL AND at >= ? GROUP BY 1, 2
"""  # noqa: S608  own words
_LATEST = """
    SELECT revisions.read_at FROM matches JOIN revisions ON revisions.id = matches.revision
    WHERE pack = ? AND rule = ? ORDER BY matches.id DESC LIMIT 1
"""
_HITS = f"""
    SELECT matches.id AS "match", matches.severity, matches.score, revisions.article, revisions.title,
        revisions.read_at, revisions.reason, articles.language, articles.story, sources.title AS outlet,
        EXISTS (
            SELECT 1 FROM feedback WHERE feedback.revision = matches.revision AND feedback.pack = matches.pack
                AND ifnull(feedback.rule, matches.rule) = matches.rule AND verdict = '{Verdict.IRRELEVANT}'
        ) AS irrelevant
    FROM matches
    JOIN revisions ON revisions.id = matches.revision
    JOIN articles ON articles.id = revisions.article
    JOIN sources ON sources.name = articles.source
    WHERE matches.pack = ? AND matches.rule = ? AND matches.id < ? ORDER BY matches.id DESC LIMIT ?
"""  # noqa: S608  own words
_EVIDENCE = 'SELECT * FROM evidence WHERE "match" IN ({marks}) ORDER BY id'
