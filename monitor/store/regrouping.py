"""What people correct about stories: two that are one, or one that is two. What they say wins over the machine.

The articles move, and with them their alerts, so that every list agrees. A story that was merged stays as a row that
says where it went.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime  # noqa: TC003  part of the public values
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from monitor.core.errors import InputError
from monitor.store.columns import read_time
from monitor.store.database import add, change, rows, transaction
from monitor.store.feedback import find_article

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from monitor.store.database import Database


class EditKind(StrEnum):
    """What was done: by a person, or by Tumen itself."""

    MERGE = "merge"
    SPLIT = "split"
    JOIN = "join"  # Tumen found that two stories are one


@dataclass(frozen=True, slots=True)
class StoryEdit:
    """Articles that were moved from one story to another.

    Attributes:
        kind: merge and join: all of them; split: some.
        at: when.
        story: where they were; `into` is where they are since.
        articles: their keys, ascending.
        note: why, in the person's own words, or what the stories have in common.
        again: it was asked for once more, and nothing had to be done.
    """

    kind: EditKind
    at: datetime
    story: int
    into: int
    articles: tuple[int, ...]
    note: str = ""
    again: bool = False


class Regrouping:
    """Moves articles between stories, each time in one transaction.

    Every method may raise DatabaseBusy, DatabaseDamaged or StorageError; then nothing was changed.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    def merge(
        self, story: int, into: int, *, now: datetime, note: str = "", kind: EditKind = EditKind.MERGE
    ) -> StoryEdit:
        """Have all articles of `story` belong to `into`, or to the story that this one was merged into.

        Raises:
            InputError: there is no such story, both are one, they belong to different packs, or `story` was merged
                into a third one before.
        """
        with transaction(self._db):
            here, there = self._story(story), self._story(self._place(into))
            if here["merged_into"] is not None:
                return self._merged_before(story, there["id"])
            if story == there["id"]:
                said = f"story {into} is part of story {story}" if into != story else "this is one story"
                raise InputError(f"{said} already", where="stories merge", remedy="name two stories")
            if here["pack"] != there["pack"]:
                raise InputError(
                    f"story {story} is about {here['pack']}, story {there['id']} about {there['pack']}",
                    where="stories merge",
                    remedy="merge stories of one topic",
                )
            found = rows(self._db, "SELECT id FROM articles WHERE story = ? ORDER BY id", (story,))
            edit = StoryEdit(kind, now, story, there["id"], tuple(row["id"] for row in found), note)
            self._store(edit)
            change(self._db, "UPDATE stories SET merged_into = ? WHERE id = ?", (edit.into, story))
            return edit

    def split(
        self, story: int, articles: Collection[int | str], *, now: datetime, note: str = ""
    ) -> StoryEdit:
        """Have some articles of `story`, named by number or address, be a story of their own.

        If all that a merge brought is among them, the story that was merged then is opened again.

        Raises:
            InputError: there is no such story or article, an article is not in it, or none would remain.
        """
        with transaction(self._db):
            home = self._place(story)
            chosen = tuple(sorted({self._article(name) for name in articles}))
            if known := self._split_before(home, chosen):
                return known
            self._check_members(home, chosen)
            into = self._reopen(home, chosen) or self._open(home, chosen)
            edit = StoryEdit(EditKind.SPLIT, now, home, into, chosen, note)
            self._store(edit)
            self._retell(home)
            return edit

    def _place(self, story: int) -> int:
        place = place_of(self._db, story)
        if place is None:
            raise InputError(
                f"there is no story {story}", where="stories", remedy="`tumen stories list` shows them"
            )
        return place

    def _story(self, story: int) -> Mapping[str, Any]:
        self._place(story)
        (row,) = rows(self._db, "SELECT * FROM stories WHERE id = ?", (story,))
        return row

    def _article(self, name: int | str) -> int:
        number = find_article(self._db, name)
        if number is None:
            raise InputError(
                f"no article is known as {name!r}",
                where="stories split",
                remedy="`tumen stories show` lists the numbers of a story's articles",
            )
        return number

    def _merged_before(self, story: int, into: int) -> StoryEdit:
        """The edit that merged a story. Raises InputError if that was into another one than is asked for now."""
        place = self._place(story)
        if place != into:
            raise InputError(
                f"story {story} was merged into story {place} before",
                where="stories merge",
                remedy=f"to merge that one too: tumen stories merge {place} {into}",
            )
        (edit,) = _edits(self._db, "edit IN ('merge', 'join') AND story = ? ORDER BY id DESC LIMIT 1", story)
        return replace(edit, into=into, again=True)

    def _split_before(self, home: int, chosen: Sequence[int]) -> StoryEdit | None:
        """The edit that split just these articles off, if they are still where it put them."""
        which = "edit = 'split' AND story = ? AND articles = ? ORDER BY id DESC LIMIT 1"
        for edit in _edits(self._db, which, home, json.dumps(chosen)):
            found = rows(self._db, f"{_PLACES} WHERE {_LISTED}", (json.dumps(chosen),))
            if [row["story"] for row in found] == [edit.into]:
                return replace(edit, again=True)
        return None

    def _check_members(self, home: int, chosen: Sequence[int]) -> None:
        if not chosen:
            raise InputError("name the articles to split off", where="stories split")
        listed = json.dumps(chosen)
        strays = rows(
            self._db, f"{_MEMBERS} WHERE {_LISTED} AND story IS NOT ? ORDER BY id LIMIT 1", (listed, home)
        )
        for row in strays:
            where = "to no story" if row["story"] is None else f"to story {row['story']}"
            raise InputError(
                f"article {row['id']} belongs {where}, not to story {home}",
                where="stories split",
                remedy=f"`tumen stories show {home} --all` lists what does",
            )
        (row,) = rows(self._db, "SELECT count(*) AS many FROM articles WHERE story = ?", (home,))
        if row["many"] == len(chosen):
            raise InputError(
                f"these are all articles of story {home}: none would remain",
                where="stories split",
                remedy="leave one out, or merge the story into another",
            )

    def _reopen(self, home: int, chosen: Sequence[int]) -> int | None:
        """The story that was merged into `home` with nothing but chosen articles; the latest, if several were."""
        merged = _edits(
            self._db,
            """edit IN ('merge', 'join') AND into_story = ?
            AND story IN (SELECT id FROM stories WHERE merged_into = into_story) ORDER BY id DESC""",
            home,
        )
        latest: dict[int, set[int]] = {}
        for edit in merged:
            latest.setdefault(edit.story, set(edit.articles))
        back = [story for story, brought in latest.items() if brought and brought <= set(chosen)]
        for story in back:  # the others' articles are with the one that is opened again
            change(self._db, "UPDATE stories SET merged_into = ? WHERE id = ?", (back[0], story))
        if back:
            change(self._db, "UPDATE stories SET merged_into = NULL WHERE id = ?", (back[0],))
        return next(iter(back), None)

    def _open(self, home: int, chosen: Sequence[int]) -> int:
        (row,) = rows(self._db, "SELECT pack FROM stories WHERE id = ?", (home,))
        (first,) = rows(self._db, f"{_FIRST} {_LISTED} {_ORDER}", (json.dumps(chosen),))
        opened = {"title": first["title"], "opened_at": first["read_at"], "last_at": first["read_at"]}
        return add(self._db, "stories", {"pack": row["pack"], **opened})

    def _store(self, edit: StoryEdit) -> None:
        """Move the articles with their alerts, and keep who did it when."""
        listed = json.dumps(edit.articles)
        change(self._db, f"UPDATE articles SET story = ? WHERE {_LISTED}", (edit.into, listed))  # noqa: S608  own words
        change(
            self._db,
            "UPDATE alerts SET story = ? WHERE article IN (SELECT value FROM json_each(?))",
            (edit.into, listed),
        )
        moved = {"at": edit.at, "edit": edit.kind, "story": edit.story, "into_story": edit.into}
        add(self._db, "story_edits", {**moved, "articles": listed, "note": edit.note})
        self._retell(edit.into)

    def _retell(self, story: int) -> None:
        """Have a story's times be those of its articles, and its title be that of one of them."""
        change(
            self._db,
            """UPDATE stories SET (opened_at, last_at) =
            (SELECT ifnull(min(read_at), opened_at), ifnull(max(changed_at), last_at) FROM articles WHERE story = ?1)
            WHERE id = ?1""",
            (story,),
        )
        borne = rows(
            self._db,
            """SELECT 1 FROM stories JOIN articles ON articles.story = stories.id
            JOIN revisions ON revisions.article = articles.id AND revisions.title = stories.title
            WHERE stories.id = ? LIMIT 1""",
            (story,),
        )
        if not borne:
            for first in rows(self._db, f"{_FIRST} story = ? {_ORDER}", (story,)):
                change(self._db, "UPDATE stories SET title = ? WHERE id = ?", (first["title"], story))


def place_of(db: Database, story: int) -> int | None:
    """Where the articles of a story are: in itself, or in the one it was merged into; None if there is none."""
    found = rows(
        db,
        """WITH RECURSIVE road (id) AS (
            SELECT ? UNION SELECT merged_into FROM stories JOIN road USING (id) WHERE merged_into IS NOT NULL
        )
        SELECT id FROM stories JOIN road USING (id) WHERE merged_into IS NULL""",
        (story,),
    )
    return int(found[0]["id"]) if found else None


def apart(db: Database) -> tuple[tuple[int, int], ...]:
    """Pairs of stories that a person said are two, as they are called since they became part of others."""
    found = rows(db, "SELECT DISTINCT story, into_story FROM story_edits WHERE edit = 'split'")
    pairs = ((place_of(db, row["story"]), place_of(db, row["into_story"])) for row in found)
    return tuple((one, other) for one, other in pairs if one and other and one != other)


def edits_of(db: Database, story: int) -> tuple[StoryEdit, ...]:
    """What was moved into or out of a story, oldest first."""
    return tuple(_edits(db, "? IN (story, into_story) ORDER BY id", story))


_PLACES = "SELECT DISTINCT story FROM articles"
_MEMBERS = "SELECT id, story FROM articles"
_LISTED = "id IN (SELECT value FROM json_each(?))"
_FIRST = "SELECT title, read_at FROM articles WHERE"
_ORDER = "ORDER BY read_at, id LIMIT 1"


def _edits(db: Database, which: str, *parameters: object) -> list[StoryEdit]:
    return [
        StoryEdit(
            kind=EditKind(row["edit"]),
            at=read_time(row["at"]),
            story=row["story"],
            into=row["into_story"],
            articles=tuple(json.loads(row["articles"])),
            note=row["note"],
        )
        for row in rows(db, f"SELECT * FROM story_edits WHERE {which}", parameters)  # noqa: S608  own words
    ]
