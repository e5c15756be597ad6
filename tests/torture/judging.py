"""Were the promises kept? What the history says is held against what the receivers have written down."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from tests.torture.outside import Receipt

DELIVERIES = """
    SELECT channel, ifnull(url, ''), state, last_error, bundle FROM deliveries
    LEFT JOIN alerts ON alerts.id = deliveries.alert LEFT JOIN articles ON articles.id = alerts.article
    ORDER BY deliveries.id
"""
_SELF_EXPLAINING = ("expired", "suppressed")  # states that say by themselves why something was not sent
_OPEN = ("pending", "claimed")

# What stands together or not at all: rows that this finds are halves.
_HALVES = {
    "an alert that not every channel has a delivery of": """
        SELECT alerts.id, count(deliveries.id) FROM alerts LEFT JOIN deliveries ON deliveries.alert = alerts.id
        GROUP BY alerts.id HAVING count(deliveries.id) != :channels""",
    "a reason that says it was told, without an alert": """
        SELECT id, reason FROM revisions WHERE reason IN ('new_story', 'new_facts', 'changed')
        AND id NOT IN (SELECT revision FROM alerts)""",
    "an alert whose article gives another reason": """
        SELECT alerts.id, revisions.reason FROM alerts JOIN revisions ON revisions.id = revision
        WHERE revisions.reason NOT IN ('new_story', 'new_facts', 'changed')""",
    "a text on topic without a match": """
        SELECT revisions.id, reason FROM revisions
        WHERE reason != 'no_rule_matched' AND id NOT IN (SELECT revision FROM matches)""",
    "a match without evidence or a place in a story": """
        SELECT id, revision FROM matches WHERE id NOT IN (SELECT "match" FROM evidence)
        OR revision NOT IN (SELECT revision FROM placements)""",
    "an article without a text, or with two": """
        SELECT article, count(*) FROM revisions GROUP BY article HAVING count(*) != 1""",
    "an entry that is not read, or an article without one": """
        SELECT url, state FROM entries WHERE state != 'read' OR article IS NULL
        UNION SELECT url, reason FROM articles WHERE id NOT IN (SELECT ifnull(article, 0) FROM entries)""",
    "an article that was told in two alerts": """
        SELECT article, count(*) FROM alerts GROUP BY article HAVING count(*) > 1""",
    "an article that was read, and is not there": """
        SELECT count(*) FROM articles HAVING count(*) != :articles""",
    "a row that names one that is not there": "PRAGMA foreign_key_check",
    "a damaged page": "SELECT * FROM pragma_integrity_check WHERE integrity_check != 'ok'",
}
# What an undisturbed history of the same articles says in the same words.
_ALIKE = {
    "articles": "SELECT url, title, published FROM articles",
    "matches": """SELECT url, pack, rule, severity, score, count(*) FROM matches
        JOIN revisions ON revisions.id = revision JOIN articles ON articles.id = article
        JOIN evidence ON evidence."match" = matches.id GROUP BY matches.id""",
    "facts": """SELECT url, kind, concept, value, facts.text FROM facts
        JOIN revisions ON revisions.id = revision JOIN articles ON articles.id = article""",
}
# What depends on stories too. A kill may put off that two of them are joined until the next article shows it again;
# then what comes between is told as if they were two.
_TOLD_ALIKE = {
    "reasons": "SELECT url, reason FROM articles",
    "deliveries": """SELECT url, kind, alerts.reason, late, alerts.created_at, channel, recipient
        FROM deliveries JOIN alerts ON alerts.id = deliveries.alert JOIN articles ON articles.id = article""",
    "novelties": """SELECT url, novelties.kind, facts.text, before FROM novelties
        JOIN alerts ON alerts.id = alert JOIN articles ON articles.id = article JOIN facts ON facts.id = fact""",
}
_UNKEPT = """
    SELECT url FROM articles WHERE story IS NOT NULL AND id NOT IN
        (SELECT article FROM captures WHERE file IS NOT NULL)
"""
_JOINS = "SELECT at, articles FROM story_edits ORDER BY id"


class Delivery(NamedTuple):
    """A delivery as the history has it in the end.

    Attributes:
        url: the article that it tells of, empty if it is about the service itself.
        error: of the last attempt.
        bundle: the key of the message in which it left.
    """

    channel: str
    url: str
    state: str
    error: str = ""
    bundle: str = ""


class InFlight(NamedTuple):
    """A message that was on its way when a process was killed, by the key that the ledger gave it."""

    channel: str
    bundle: str


@dataclass
class Verdict:
    """What became of the alerts of one history, or of several.

    Attributes:
        alerts: deliveries in the history.
        undelivered: of these were given up, with a reason.
        lost: of these are neither told nor given up.
        received: messages that were taken.
        duplicates: messages that were taken again because a process was killed.
        most: the most of these for one kill and channel.
        cut: messages that were taken again because a receiver broke off before it had answered.
        put_off: histories in which stories were joined at another time than without kills.
        broken: what was promised and is not so.
    """

    alerts: int = 0
    undelivered: int = 0
    lost: int = 0
    received: int = 0
    duplicates: int = 0
    most: int = 0
    cut: int = 0
    put_off: int = 0
    broken: list[str] = field(default_factory=list)

    def __add__(self, other: Verdict) -> Verdict:
        return Verdict(
            self.alerts + other.alerts,
            self.undelivered + other.undelivered,
            self.lost + other.lost,
            self.received + other.received,
            self.duplicates + other.duplicates,
            max(self.most, other.most),
            self.cut + other.cut,
            self.put_off + other.put_off,
            self.broken + other.broken,
        )


def message_id(bundle: str) -> str:
    """How receivers know a message of this key: see `monitor.notify.mail` and `monitor.notify.channels`."""
    return sha256(bundle.encode()).hexdigest()[:32]


def judge(
    deliveries: Sequence[Delivery], receipts: Sequence[Receipt], kills: Sequence[Iterable[InFlight]]
) -> Verdict:
    """Hold a drained history against what was received. `kills` has what was on its way at each kill."""
    verdict = Verdict(alerts=len(deliveries), received=len(receipts))
    _judge_losses(verdict, deliveries, receipts)
    _judge_repeats(verdict, receipts, kills)
    for number, flying in enumerate(kills):
        several = Counter(one.channel for one in flying)
        verdict.broken += [
            f"kill {number}: {many} messages were on their way to {channel}"
            for channel, many in several.items()
            if many > 1
        ]
    return verdict


def _judge_losses(verdict: Verdict, deliveries: Sequence[Delivery], receipts: Sequence[Receipt]) -> None:
    told: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for receipt in receipts:
        for url in receipt.urls:
            told[receipt.channel, url].add(receipt.id)
    messages = {(receipt.channel, receipt.id) for receipt in receipts}
    for one in deliveries:
        ids = told.pop((one.channel, one.url), set())
        if not one.url:  # a notice may wait for ever, as the one that the service was stopped
            if one.state == "sent" and (one.channel, message_id(one.bundle)) not in messages:
                verdict.broken.append(f"a notice that nobody received: {one}")
            continue
        given_up = one.state in _SELF_EXPLAINING or (one.state == "dead" and one.error != "")
        verdict.undelivered += given_up
        if not ids and not given_up:
            verdict.lost += 1
            verdict.broken.append(f"lost: {one}")
        if one.state in _OPEN:
            verdict.broken.append(f"never finished: {one}")
        if len(ids) > 1 and one.state == "sent":
            verdict.broken.append(f"told in different messages {sorted(ids)}: {one}")
    verdict.broken += [f"told to {channel} and not in the history: {url}" for channel, url in told]


def _judge_repeats(
    verdict: Verdict, receipts: Sequence[Receipt], kills: Sequence[Iterable[InFlight]]
) -> None:
    """Each repetition is due to an answer that was cut, or to a kill while the message was on its way."""
    killed: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for number, flying in enumerate(kills):
        for one in flying:
            killed[one.channel, message_id(one.bundle)].append(number)
    taken: defaultdict[tuple[str, str], list[Receipt]] = defaultdict(list)
    for receipt in receipts:
        taken[receipt.channel, receipt.id].append(receipt)
    by_kill: Counter[tuple[str, int]] = Counter()
    for message, copies in taken.items():
        repeats = len(copies) - 1
        cut = min(repeats, sum(copy.cut for copy in copies[:-1]))
        left = repeats - cut
        verdict.cut += cut
        verdict.duplicates += left
        reasons = killed[message] or ([-1] if left else [])
        if reasons == [-1]:
            verdict.broken.append(f"repeated without a kill while it was on its way: {copies[-1]}")
        for nth in range(left):
            by_kill[message[0], reasons[min(nth, len(reasons) - 1)]] += 1
    verdict.most = max(by_kill.values(), default=0)
    verdict.broken += [
        f"kill {number}: {many} messages were repeated to {channel}"
        for (channel, number), many in by_kill.items()
        if many > 1
    ]


def inconsistencies(db: sqlite3.Connection, channels: int, articles: int) -> list[str]:
    """Halves of what is stored together or not at all, in a history of so many channels and articles."""
    given = {"channels": channels, "articles": articles}
    return [f"{what}: {row}" for what, sql in _HALVES.items() for row in db.execute(sql, given)]


def misplaced(db: sqlite3.Connection, folder: Path) -> list[str]:
    """Articles on topic without their page as it was fetched, pages without a whole file, and files without a row."""
    broken = [f"not kept as it was fetched: {url}" for (url,) in db.execute(_UNKEPT)]
    files = {path.name: path for path in folder.rglob("*.warc.gz")}
    for name, digest in db.execute("SELECT file, sha256 FROM captures WHERE file IS NOT NULL"):
        path = files.pop(name, None)
        if path is None or sha256(path.read_bytes()).hexdigest() != digest:
            broken.append(f"a capture without its file: {name}")
    # In the spool may lie what a worker has just left there.
    return broken + [
        f"a file without a capture: {path}" for path in files.values() if path.parent.name != "spool"
    ]


def compare(verdict: Verdict, db: sqlite3.Connection, undisturbed: sqlite3.Connection) -> None:
    """Judge where a history differs from one of the same articles that nobody disturbed."""
    put_off = db.execute(_JOINS).fetchall() != undisturbed.execute(_JOINS).fetchall()
    verdict.put_off += put_off
    for what, sql in (_ALIKE | ({} if put_off else _TOLD_ALIKE)).items():
        here, there = Counter(db.execute(sql).fetchall()), Counter(undisturbed.execute(sql).fetchall())
        verdict.broken += [f"{what}: only after kills: {row}" for row in here - there]
        verdict.broken += [f"{what}: only without kills: {row}" for row in there - here]
