"""The index of words, kept in step with the newest text of each article, within the transaction that stores it.

Only the newest few articles are not in it yet: it takes in several at once, which costs half as much, and a search
reads their texts.

Words are not stored, but made of the text again when they are taken out. So whoever made the index in another way
makes it useless, and it is made anew: from the newest article down, in slices.
"""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from monitor.core.searching.words import MADE_BY, joined, language_word, source_word, spaced_words

if TYPE_CHECKING:
    from monitor.store.database import Database

TOGETHER = 32
"""Articles that are put into the index at once."""

_MANY_WORDS = 300_000  # that are remembered as stored: some 30 MB


def enter(db: Database, article: int) -> None:
    """Put the newest text of an article into the index, where it must not stand. Part of a transaction.

    A new article waits until so many do that they are put in together.
    """
    covered = _covered(db)
    if article in covered and (row := _newest(db, article)):
        _enter(db, row)
    elif article >= covered.stop and article - covered.stop + 1 >= TOGETHER:
        catch_up(db)


def catch_up(db: Database) -> None:
    """Put in the articles that wait. Part of a transaction."""
    last = _covered(db).stop - 1
    # SQLite itself: `query` of sqlite-utils opens a savepoint, for which FTS5 writes out all that it has gathered.
    for row in db.conn.execute(f"{_TEXT} WHERE articles.id > ? ORDER BY articles.id", (last,)).fetchall():
        _enter(db, text := _Text(*row))
        last = text.article
    db.conn.execute("UPDATE search_state SET covered_to = ?", (last,))


def take_out(db: Database, article: int) -> None:
    """Take an article out of the index, before anything of it is changed or removed. Part of a transaction.

    Afterwards `enter` puts its newest text in. An article without a text is left alone.
    """
    if article in _covered(db) and (row := _newest(db, article)):
        db.conn.execute(
            "INSERT INTO search (search, rowid, words) VALUES ('delete', ?, ?)", (article, _words(row)[0])
        )


def adopt(db: Database) -> None:
    """Empty an index that was made in another way, or was never made. Part of a transaction."""
    found = db.conn.execute("SELECT made_by FROM search_state").fetchone()
    if found is None or found[0] != MADE_BY:
        empty(db)


def empty(db: Database) -> None:
    """Empty the index: `fill` makes it anew. Part of a transaction."""
    db.conn.execute("INSERT INTO search (search) VALUES ('delete-all')")
    db.conn.execute("DELETE FROM search_words")
    db.known_words.clear()
    db.conn.execute(
        """INSERT OR REPLACE INTO search_state (id, made_by, covered_from, covered_to)
        SELECT 1, ?, ifnull(max(id), 0) + 1, ifnull(max(id), 0) FROM articles""",
        (MADE_BY,),
    )


def is_whole(db: Database) -> bool:
    """Whether every article is in the index, but for the newest that wait. Raises StorageError or a subclass."""
    with db.turn, db.mapped():
        return _covered(db).start == 0


def waiting_words(db: Database) -> set[str]:
    """The words of scripts that write spaces in the articles that wait."""
    found = db.conn.execute(f"{_TEXT} WHERE articles.id >= ?", (_covered(db).stop,)).fetchall()
    return {word for row in found for word in spaced_words(*row[3:])[0]}


def fill(db: Database, *, limit: int) -> int:
    """Put the newest articles that are not in the index into it, at most `limit`; how many those were.

    Part of a transaction. Nothing is left to do when it gives 0.
    """
    covered = _covered(db).start
    (lowest, many) = db.conn.execute(
        """SELECT min(id), count(*) FROM (SELECT id FROM articles WHERE id < ? ORDER BY id DESC LIMIT ?)""",
        (covered, limit),
    ).fetchone()
    if not many:
        if covered > 0:
            db.conn.execute("UPDATE search_state SET covered_from = 0")
        return 0
    # Upwards: going down, each article would become a segment of the index by itself. See `catch_up`.
    between = f"{_TEXT} WHERE articles.id BETWEEN ? AND ? ORDER BY articles.id"
    for row in db.conn.execute(between, (lowest, covered - 1)).fetchall():
        _enter(db, _Text(*row))
    db.conn.execute("UPDATE search_state SET covered_from = ?", (lowest,))
    return int(many)


def _covered(db: Database) -> range:
    """The keys of the articles that are in the index."""
    first, last = db.conn.execute("SELECT covered_from, covered_to FROM search_state").fetchone()
    return range(first, max(first, last + 1))


class _Text(NamedTuple):
    """The newest text of an article, as `_TEXT` selects it."""

    article: int
    language: str | None
    source: str
    title: str
    text: str


_TEXT = """
    SELECT articles.id, articles.language, articles.source, revisions.title, revisions.text
    FROM articles JOIN revisions ON revisions.article = articles.id AND revisions.number =
        (SELECT max(number) FROM revisions AS later WHERE later.article = articles.id)
"""


def _newest(db: Database, article: int) -> _Text | None:
    row = db.conn.execute(f"{_TEXT} WHERE articles.id = ?", (article,)).fetchone()
    return None if row is None else _Text(*row)


def _enter(db: Database, row: _Text) -> None:
    words, spaced = _words(row)
    db.conn.execute("INSERT INTO search (rowid, words) VALUES (?, ?)", (row.article, words))
    db.new_words |= spaced - db.known_words


def keep_words(db: Database) -> None:
    """Store the words that a transaction has met first, at its end: sorted, they cost half as much. Part of it."""
    if not (new := db.new_words):
        return
    # As JSON: a row of its own for each word would take three times as long.
    db.conn.execute(
        "INSERT OR IGNORE INTO search_words SELECT value FROM json_each(?)",
        (json.dumps(sorted(new), ensure_ascii=False),),
    )
    if len(db.known_words) > _MANY_WORDS:
        db.known_words.clear()
    db.known_words |= new
    new.clear()


def _words(row: _Text) -> tuple[str, set[str]]:
    """What the index holds of an article, and the words of scripts that write spaces."""
    spaced, signs = spaced_words(row.title, row.text)
    filters = (language_word(row.language), source_word(row.source))
    return joined(chain(spaced, signs, filters)), spaced
