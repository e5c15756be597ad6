"""Stories as a person sees them: how far each has spread, and all of its articles in the order of publication."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  part of the public values
from typing import TYPE_CHECKING, Any

from monitor.core.errors import InputError
from monitor.core.models import AlertKind, Reason
from monitor.core.statements import Fact, FactKind, Novelty
from monitor.store.alerts import read_novelty
from monitor.store.columns import read_optional_time, read_time
from monitor.store.database import rows, snapshot
from monitor.store.regrouping import edits_of, place_of
from monitor.store.values import read_fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from monitor.store.database import Database
    from monitor.store.regrouping import StoryEdit


@dataclass(frozen=True, slots=True)
class StoryLine:
    """A development with its spread.

    Attributes:
        id: its key.
        title: of its first article, in the `language` of that.
        pack: the topic.
        opened_at: when its first article was read; `last_at` its latest.
        since: when its first article was published, or read if that is unknown.
        articles: how many belong to it; `outlets` how many published them, `languages` in which languages.
        alerts: how many told of it.
    """

    id: int
    title: str
    language: str | None
    pack: str
    opened_at: datetime
    last_at: datetime
    since: datetime
    articles: int
    outlets: int
    languages: tuple[str, ...]
    alerts: int


@dataclass(frozen=True, slots=True)
class Telling:
    """An alert about an article. `new` is what it said is new: nothing if it was the first report."""

    alert: int
    kind: AlertKind
    reason: Reason
    created_at: datetime
    late: bool
    new: tuple[Novelty, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """An article of a story.

    Attributes:
        article: its key.
        title: of its newest text, in its own language.
        outlet: who published it, as readers know it.
        reason: why its newest text was told or was not.
        texts: how many versions of it were read.
        tellings: the alerts about it, oldest first.
        figures: what its newest text counts, in order of place.
        gone_at: when its page was found to be gone, None if it was there.
    """

    article: int
    url: str
    title: str
    outlet: str
    language: str | None
    published: datetime | None
    day_only: bool
    read_at: datetime
    reason: Reason
    texts: int
    tellings: tuple[Telling, ...]
    figures: tuple[Fact, ...]
    gone_at: datetime | None = None

    @property
    def at(self) -> datetime:
        """When it was published, or read if that is unknown."""
        return self.published or self.read_at


@dataclass(frozen=True, slots=True)
class Timeline:
    """A story with all of its articles in the order of publication, and what people moved into or out of it."""

    story: StoryLine
    reports: tuple[Report, ...]
    edits: tuple[StoryEdit, ...]


class Stories:
    """Questions about stories. Every method may raise DatabaseBusy, DatabaseDamaged or StorageError."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def lines(
        self, *, limit: int, since: datetime | None = None, pack: str = "", before: int | None = None
    ) -> tuple[StoryLine, ...]:
        """The latest stories, or those with an article read since a time: the one with the latest article first.

        What was merged into another is not listed. With a `pack`, only its stories; with `before`, only those that
        stand behind the story with this key.
        """
        which: dict[str, object] = {"merged_into IS NULL AND last_at >= ?": since or ""}
        if pack:
            which["pack = ?"] = pack
        if before is not None:
            which["(last_at, id) < (SELECT last_at, id FROM stories WHERE id = ?)"] = before
        return self._lines(" AND ".join(which), limit, *which.values())

    def of_article(self, article: int) -> StoryLine | None:
        """The story that an article belongs to; None if it is not on topic."""
        return next(iter(self._lines("id = (SELECT story FROM articles WHERE id = ?)", 1, article)), None)

    def timeline(self, story: int, *, figures_of_repeats: bool = True) -> Timeline:
        """A story with everything in it; of one that was merged, the story that its articles went to.

        Without `figures_of_repeats`, what articles count that brought nothing new is not read: of a text that
        thousands copied, that is most of the work.

        Raises:
            InputError: there is none with this number.
        """
        with snapshot(self._db):
            place = place_of(self._db, story)
            if place is None:
                raise InputError(f"there is no story {story}", remedy="`tumen stories list` shows them")
            (line,) = self._lines("id = ?", 1, place)
            return Timeline(line, self._reports(place, figures_of_repeats), edits_of(self._db, place))

    def _lines(self, which: str, limit: int, *values: object) -> tuple[StoryLine, ...]:
        return tuple(map(_line, rows(self._db, _LINES.format(which=which), (*values, limit))))

    def _reports(self, story: int, repeated: bool) -> tuple[Report, ...]:  # noqa: FBT001  said above
        new = _by("alert", rows(self._db, _NOVELTIES, (story,)))
        alerts = _by("article", rows(self._db, "SELECT * FROM alerts WHERE story = ? ORDER BY id", (story,)))
        figures = _by("article", rows(self._db, _FIGURES, (FactKind.FIGURE, story, repeated)))
        return tuple(
            Report(
                article=row["id"],
                url=row["url"],
                title=row["title"],
                outlet=row["outlet"],
                language=row["language"],
                published=read_optional_time(row["published"]),
                day_only=bool(row["day_only"]),
                read_at=read_time(row["read_at"]),
                reason=Reason(row["reason"]),
                texts=row["texts"],
                tellings=tuple(_telling(one, new.get(one["id"], ())) for one in alerts.get(row["id"], ())),
                figures=tuple(map(read_fact, figures.get(row["id"], ()))),
                gone_at=read_optional_time(row["gone_at"]),
            )
            for row in rows(self._db, _REPORTS, (story,))
        )


_LINES = """
    SELECT stories.*, count(articles.id) AS articles, count(DISTINCT sources.title) AS outlets,
        group_concat(DISTINCT articles.language) AS in_languages,
        ifnull(min(min(ifnull(articles.published, articles.read_at), articles.read_at)), stories.opened_at) AS since,
        (SELECT count(*) FROM alerts WHERE alerts.story = stories.id) AS alerts,
        (SELECT language FROM articles WHERE story = stories.id ORDER BY id LIMIT 1) AS language
    FROM (SELECT * FROM stories WHERE {which} ORDER BY last_at DESC, id DESC LIMIT ?) AS stories
    LEFT JOIN articles ON articles.story = stories.id
    LEFT JOIN sources ON sources.name = articles.source
    GROUP BY stories.id ORDER BY stories.last_at DESC, stories.id DESC
"""
_REPORTS = """
    SELECT articles.*, sources.title AS outlet,
        (SELECT count(*) FROM revisions WHERE revisions.article = articles.id) AS texts
    FROM articles JOIN sources ON sources.name = articles.source
    WHERE articles.story = ? ORDER BY ifnull(articles.published, articles.read_at), articles.id
"""
_NOVELTIES = """
    SELECT facts.*, novelties.alert, novelties.before, novelties.kind AS newness, novelties.instead
    FROM novelties JOIN facts ON facts.id = novelties.fact JOIN alerts ON alerts.id = novelties.alert
    WHERE alerts.story = ? ORDER BY novelties.id
"""
_FIGURES = """
    SELECT facts.*, articles.id AS article
    FROM articles
    JOIN revisions ON revisions.article = articles.id
    JOIN facts ON facts.revision = revisions.id AND facts.kind = ?
    WHERE articles.story = ? AND (? OR articles.reason NOT IN ('repeat', 'same_text')) AND revisions.number =
        (SELECT max(number) FROM revisions AS newest WHERE newest.article = articles.id)
    ORDER BY facts.field DESC, facts.start, facts.id  -- title before body
"""


def _by(key: str, found: Iterable[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    """Rows by the value of one column, in their order."""
    grouped: dict[int, list[dict[str, Any]]] = {}
    for row in found:
        grouped.setdefault(row[key], []).append(row)
    return grouped


def _line(row: Mapping[str, Any]) -> StoryLine:
    return StoryLine(
        id=row["id"],
        title=row["title"],
        language=row["language"],
        pack=row["pack"],
        opened_at=read_time(row["opened_at"]),
        last_at=read_time(row["last_at"]),
        since=read_time(row["since"]),
        articles=row["articles"],
        outlets=row["outlets"],
        languages=tuple(sorted(filter(None, (row["in_languages"] or "").split(",")))),
        alerts=row["alerts"],
    )


def _telling(row: Mapping[str, Any], new: Iterable[Mapping[str, Any]]) -> Telling:
    return Telling(
        alert=row["id"],
        kind=AlertKind(row["kind"]),
        reason=Reason(row["reason"]),
        created_at=read_time(row["created_at"]),
        late=bool(row["late"]),
        new=tuple(map(read_novelty, new)),
    )
