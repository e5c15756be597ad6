"""Which updates are told and which repeats are not, on labelled texts."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import TYPE_CHECKING

from story_corpus import EXTRA, MAIN, Row, answers, labelled, score, told_rows
from table import Line

from monitor.cli.stated import novelty_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator


def novelty() -> list[Line]:
    """What the scorer counts, and what of it a reader would have missed."""
    scored = score()
    updates, heard, repeats = (
        scored[key] for key in ("updates_alerted", "stories_heard_of", "repeats_suppressed")
    )
    return [
        _share("updates told", updates, 0.85),
        *_first_to_say(),
        _share("stories heard of", heard, 0.97),
        _share("  by their first report", scored["first_report_alerted"]),
        _share("repeats kept quiet", repeats, 0.90),
        Line("alerts for a story", f"{scored['alerts_per_story']:.2f}"),
        *_extra(),
    ]


def _share(what: str, counted: tuple[int, int], least: float | None = None) -> Line:
    right, number = counted
    share = right / max(1, number)
    measured = f"{share:.3f}   {right} of {number}"
    return Line(what, measured) if least is None else Line(what, measured, f">= {least:.3f}", share >= least)


def _first_to_say() -> list[Line]:
    """Labels repeat what an earlier text of the story added; only the first to add it tells a reader something."""
    got = {one["id"]: one["alert"] for one in answers(MAIN)}
    first, again = [], []
    for row, said in _updates(told_rows()):
        (again if said else first).append(got[row["id"]])
    update = [kind == "update" for kind in first]
    return [
        _share("  of those first to say it", (sum(update), len(first))),
        _share("    told, if only as a story of its own", (sum(map(bool, first)), len(first))),
        _share("  of those that say it again", (sum(kind == "update" for kind in again), len(again))),
    ]


def _updates(rows: list[Row]) -> Iterator[tuple[Row, bool]]:
    """The later reports that are labelled with a new fact, and whether an earlier one was labelled with the same."""
    labels: dict[str, set[str]] = defaultdict(set)
    begun: set[str] = set()
    for row in rows:
        fact = " ".join((row.get("new_fact") or "").casefold().split())
        if fact and row["story"] in begun:
            yield row, fact in labels[row["story"]]
        begun.add(row["story"])
        labels[row["story"]].add(fact)


def _extra() -> list[Line]:
    """Many reports of few stories, all of which the main file has as well: alone, and as one stream with it."""
    rows = labelled(EXTRA)
    stories = {row["story"] for row in rows}
    alone = sum(bool(one["alert"]) for one in answers(EXTRA))
    family = {row["id"] for row in (*rows, *told_rows()) if row["story"] in stories}
    together = sum(bool(one["alert"]) for one in answers(MAIN, EXTRA) if one["id"] in family)
    per_story = alone / len(stories)
    return [
        Line(
            f"{len(rows)} reports of {len(stories)} stories: alerts for a story",
            f"{per_story:.2f}   {alone} alerts",
            "<= 1.50",
            ok=per_story <= 1.5,
        ),
        Line(
            f"  as one stream with the others ({len(family)} reports)",
            f"{together / len(stories):.2f}   {together} alerts",
        ),
    ]


def read(number: int) -> None:
    """Print so many updates, with their labels and what is named as new, for a person to judge."""
    rows = {row["id"]: row for row in labelled(MAIN)}
    updates = [one for one in answers(MAIN) if one["alert"] == "update"]
    random.Random(1).shuffle(updates)
    for one in updates[:number]:
        row = rows[one["id"]]
        print(f"{row['id']}  {row['lang']}  {(row['published'] or '')[:10]}  {row['story'] or row['label']}")
        print(f"  {row['title']}")
        print(f"  label: {row.get('new_fact') or '–'}")
        print(f"  named: {'; '.join(map(novelty_in_words, one['new']))}")
    print(f"{min(number, len(updates))} of {len(updates)} updates")
