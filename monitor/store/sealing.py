"""Do the versions of articles still say what they said when they were stored? Each is sealed with the one before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monitor.store.columns import chain_hash, content_hash
from monitor.store.database import rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from monitor.store.database import Database

_PAGE = 200  # texts that are in memory at a time


@dataclass(frozen=True, slots=True)
class SealedRevision:
    """One version of an article with its seal. `read_at` stands as in the history, since the seal is made of that.

    `says_so` is whether title and text have the stored hash, `follows` whether the seal is that of this version after
    the one before; of the first that is left it must be the first that there was.
    """

    article: int
    url: str
    revision: int
    number: int
    title: str
    text: str
    read_at: str
    content_hash: str
    chain: str
    says_so: bool
    follows: bool


def seals(db: Database, article: int | None = None) -> Iterator[SealedRevision]:
    """The versions of an article, or of all, in the order of articles and versions. They are read in pages.

    Raises:
        StorageError: the history cannot be read.
    """
    # Two conditions: with one for both, SQLite would look through all that follows an article.
    sql = _REVISIONS.format(
        which="(article, number) > (?, ?)" if article is None else "article = ? AND number > ?"
    )
    after, before = (article or 0, 0), ""
    while True:
        found = rows(db, sql, (*after, _PAGE))
        for row in found:
            if row["article"] != after[0]:
                before = ""
            yield _sealed(row, before)
            after, before = (row["article"], row["number"]), row["chain"]
        if len(found) < _PAGE:
            return


def count(db: Database) -> int:
    """How many versions of articles there are."""
    return int(rows(db, "SELECT count(*) AS many FROM revisions")[0]["many"])


_REVISIONS = """
    SELECT revisions.id, article, number, url, revisions.title, text, revisions.read_at, content_hash, chain
    FROM revisions JOIN articles ON articles.id = revisions.article
    WHERE {which} ORDER BY article, number LIMIT ?
"""


def _sealed(row: Mapping[str, Any], before: str) -> SealedRevision:
    seal = chain_hash(before, row["url"], row["number"], row["read_at"], row["content_hash"])
    return SealedRevision(
        article=row["article"],
        url=row["url"],
        revision=row["id"],
        number=row["number"],
        title=row["title"],
        text=row["text"],
        read_at=row["read_at"],
        content_hash=row["content_hash"],
        chain=row["chain"],
        says_so=content_hash(row["title"], row["text"]) == row["content_hash"],
        follows=seal == row["chain"] and bool(before) == (row["number"] > 1),
    )
