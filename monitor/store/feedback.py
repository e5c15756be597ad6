"""What readers said about decisions: a text that is off topic, or one that a rule missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  part of the public values
from typing import TYPE_CHECKING, Any

from monitor.core.errors import InputError
from monitor.core.models import Verdict
from monitor.store.columns import read_time
from monitor.store.database import add, change, rows, transaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.store.database import Database


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reader said about one text, with the text itself, so that it can become an example of a rule.

    Attributes:
        id: its key.
        at: when it was said.
        verdict: irrelevant or missed.
        article: key of the article; `revision` is the key of the very text.
        alert: the alert that it answers, if it does.
        pack: the topic.
        rule: the rule that was wrong, or that should have fired; None for the topic as a whole.
        note: the reader's own words.
        url: where the article stands; `source`, `language`, `title` and `text` are the article's.
    """

    id: int
    at: datetime
    verdict: Verdict
    article: int
    revision: int
    alert: int | None
    pack: str
    rule: str | None
    note: str
    url: str
    source: str
    language: str | None
    title: str
    text: str


class Feedback:
    """What readers said.

    Every method may raise DatabaseBusy, DatabaseDamaged or StorageError; then nothing was changed.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(
        self,
        verdict: Verdict,
        *,
        now: datetime,
        article: int | str | None = None,
        alert: int | None = None,
        pack: str | None = None,
        rule: str | None = None,
        note: str = "",
    ) -> int:
        """Keep what a reader says about an alert, or about the latest text of an article; the key it gets.

        An article is named by its number or address. What was said before about the same text, pack and rule is
        replaced. A pack need not be named if the alert or the text's matches belong to just one.

        Raises:
            InputError: there is no such alert or article, it is not clear which pack is meant, or a rule is called
                wrong that did not fire.
        """
        with transaction(self._db):
            about = self._about(article, alert)
            fired = rows(self._db, "SELECT pack, rule FROM matches WHERE revision = ?", (about["revision"],))
            pack = pack or about["pack"] or _only(sorted({row["pack"] for row in fired}))
            if verdict is Verdict.IRRELEVANT:
                _check_fired(pack, rule, [(row["pack"], row["rule"]) for row in fired])
            change(
                self._db,
                "DELETE FROM feedback WHERE revision = ? AND pack = ? AND rule IS ?",
                (about["revision"], pack, rule),
            )
            said = {"at": now, "alert": alert, "pack": pack, "rule": rule, "verdict": verdict, "note": note}
            subject = {"article": about["article"], "revision": about["revision"]}
            return add(self._db, "feedback", {**subject, **said})

    def list(
        self, *, pack: str | None = None, article: int | None = None, since: datetime | None = None
    ) -> tuple[Judgement, ...]:
        """What was said, oldest first: all of it, or about one pack or article, or since a time."""
        found = rows(
            self._db,
            f"{_JUDGEMENTS} WHERE ? IN (feedback.pack, '') AND ? IN (feedback.article, 0) AND feedback.at >= ? "
            "ORDER BY feedback.at, feedback.id",
            (pack or "", article or 0, since or ""),
        )
        return tuple(map(_judgement, found))

    def _about(self, article: int | str | None, alert: int | None) -> Mapping[str, Any]:
        """The keys of article and revision that are meant, and the pack if it is known."""
        if alert is not None:
            found = rows(self._db, "SELECT article, revision, pack FROM alerts WHERE id = ?", (alert,))
            if not found:
                raise InputError(
                    f"there is no alert {alert}", where="feedback", remedy="`tumen alerts list` shows them"
                )
            return found[0]
        number = find_article(self._db, article if article is not None else "")
        if number is None:
            raise InputError(
                f"no article is known as {article!r}",
                where="feedback",
                remedy="give the address or number of an article that was read",
            )
        (row,) = rows(self._db, "SELECT max(id) AS revision FROM revisions WHERE article = ?", (number,))
        return {"article": number, "revision": row["revision"], "pack": None}


def find_article(db: Database, article: int | str) -> int | None:
    """The number of an article that is named by its number, its address, or the address that a source gave for it."""
    name = int(article) if isinstance(article, str) and _is_number(article) else article
    found = rows(
        db,
        """SELECT id FROM articles WHERE id = ? OR url = ?
        UNION ALL SELECT article FROM entries WHERE url = ? AND article IS NOT NULL LIMIT 1""",
        (name, name, name),
    )
    return int(found[0]["id"]) if found else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < len(str(2**63))


def _only(packs: list[str]) -> str:
    if len(packs) != 1:
        known = f": {', '.join(packs)}" if packs else ""
        raise InputError("it is not clear which pack is meant", where="feedback", remedy=f"name it{known}")
    return packs[0]


def _check_fired(pack: str, rule: str | None, fired: list[tuple[str, str]]) -> None:
    """What did not fire cannot be wrong."""
    rules = sorted(name for owner, name in fired if owner == pack)
    if not rules:
        raise InputError(
            f"no rule of {pack} fired there",
            where="feedback",
            remedy="`missed` is for what should have fired",
        )
    if rule is not None and rule not in rules:
        raise InputError(
            f"the rule {rule} did not fire there", where="feedback", remedy=f"these did: {', '.join(rules)}"
        )


_JUDGEMENTS = """
    SELECT feedback.*, articles.url, articles.source, articles.language, revisions.title, revisions.text
    FROM feedback
    JOIN articles ON articles.id = feedback.article
    JOIN revisions ON revisions.id = feedback.revision
"""


def _judgement(row: Mapping[str, Any]) -> Judgement:
    read: dict[str, Any] = {"at": read_time(row["at"]), "verdict": Verdict(row["verdict"])}
    return Judgement(**{**row, **read})
