"""Stories are listed and shown, and a person says which articles belong together."""

from __future__ import annotations

import asyncio
import re
import threading
from datetime import timedelta

import pytest

from monitor import control
from monitor.store.lock import WriterLock
from spiders.items import Article

URL = "https://herald.example/"


@pytest.fixture
def texts(now):
    def at(minutes):
        return now + timedelta(minutes=minutes)

    return (
        Article(
            f"{URL}strike", "A strike stops the port of Norwick", "1,200 dockers walked out.", "en", at(0)
        ),
        Article(f"{URL}again", "Strike in the port of Norwick goes on", "It rains.", "de", at(1)),
        Article(f"{URL}rain", "\x1b[31m Strike\u202e in Norwick harbour 파업 🚢", "", "ko", at(2)),
        Article(f"{URL}more", "Strike in Norwick harbour: 2,000 dockers", "", None, at(3)),
        Article(
            f"{URL}ferry", "Ferry aground at Norwick harbour", "All 340 passengers are safe.", "en", at(4)
        ),
        Article(f"{URL}weather", "Rain in Hull", "", "en", at(5)),
    )


@pytest.fixture
def stories(tumen, take_in, texts):
    take_in(*texts)

    def run(*arguments):
        answer = tumen("stories", *arguments)
        assert answer.controls == set()
        assert "Traceback" not in answer.err
        return answer

    return run


def test_the_story_with_the_latest_article_is_listed_first(stories):
    ferry, strike = stories("list", "--json").rows
    assert (ferry["title"], ferry["articles"], ferry["alerts"]) == ("Ferry aground at Norwick harbour", 1, 1)
    assert (strike["articles"], strike["outlets"], strike["languages"]) == (4, 1, ["de", "en", "ko"])
    assert strike["since"] == "2026-11-25T06:30:00+00:00"
    table = stories("list").out.splitlines()
    assert table[0].split() == [
        "story",
        "since",
        "(UTC)",
        "articles",
        "outlets",
        "languages",
        "alerts",
        "title",
    ]
    assert " ".join(table[2].split()) == (
        "1 2026-11-25 06:30 4 1 de, en, ko 2 A strike stops the port of Norwick"
    )
    assert len(stories("list", "--limit", 1, "--json").rows) == 1
    assert [row["id"] for row in stories("list", "--since", "2026-11-25T06:34", "--json").rows] == [
        ferry["id"]
    ]
    assert stories("list", "--since", "2026-11-26").out == "no stories since then\n"


def test_a_page_tells_what_was_new_and_where_the_figures_stand(stories):
    answer = stories("show", 1)
    assert (answer.code, answer.err) == (0, "")
    said = answer.out
    assert said.startswith("Story 1  A strike stops the port of Norwick\n")
    assert (
        "since 2026-11-25 06:30 UTC · 4 articles of 1 outlet in 3 languages (German, English, Korean)" in said
    )
    first, repeats, update = re.split(r"\n\n", said)[1:4]
    assert first == (
        "2026-11-25 06:30  The Herald · en · article 1\n"
        "  A strike stops the port of Norwick\n"
        "  told: new_story · alert 1\n"
        "    dockers: 1,200"
    )
    assert repeats == "2026-11-25 06:31  + 2 repeats from The Herald (2), until 2026-11-25 06:32"
    assert "  told as an update: new_facts · alert 2\n    dockers: 1,200 → 2,000" in update
    assert "  dockers: 1,200 → 2,000 · The Herald, 2026-11-25 06:33" in said


def test_repeats_are_shown_one_by_one_if_asked_for(stories):
    said = stories("show", 1, "--all").out
    assert "repeats from" not in said
    assert "  Strike in Norwick harbour 파업 🚢\n  kept quiet: " in said


def test_labels_and_numbers_are_in_the_language_asked_for(stories, harbour):
    concepts = harbour / "concepts" / "harbour.yaml"
    words = concepts.read_text(encoding="utf-8")
    concepts.write_text(words.replace("label: {en: dockers}", "label: {en: dockers, de: Hafenarbeiter}"))
    said = stories("show", 1, "--language", "de").out
    assert "Hafenarbeiter: 1.200 → 2.000" in said
    assert "(Deutsch, Englisch, Koreanisch)" in said
    assert "1.200 → 2.000" not in stories("show", 1, "--language", "tlh").out


def test_json_tells_all_of_it(stories):
    (row,) = stories("show", 1, "--json").rows
    assert (row["asked"], row["story"]["id"], row["edits"]) == (1, 1, [])
    assert [one["article"] for one in row["timeline"]] == [1, 2, 3, 4]
    (alert,) = row["timeline"][3]["alerts"]
    (new,) = alert["new"]
    assert (new["value"], new["before"], new["newness"]) == (2_000.0, 1_200.0, "figure")
    (course,) = row["figures"]
    assert [(step["value"], step["article"]) for step in course["steps"]] == [(1_200.0, 1), (2_000.0, 4)]


def test_what_was_merged_is_shown_where_it_went_and_can_be_undone_as_told(stories):
    answer = stories("merge", 2, 1, "--note", "the \x1b[1msame\nday")
    assert (answer.code, answer.out) == (
        0,
        "story 2 is part of story 1: 1 article\nundo: tumen stories split 1 5\n",
    )
    assert stories("merge", 2, 1).out.startswith("story 2 is part of story 1 already\n")
    assert [row["id"] for row in stories("list", "--json").rows] == [1]
    said = stories("show", 2).out
    assert said.startswith("Story 2 was merged into story 1:\n\nStory 1  A strike")
    assert "story 2 was merged into this one: 1 article: the same day" in said
    assert (
        stories("split", 1, 5).out
        == "story 2 was split off story 1: 1 article\nundo: tumen stories merge 2 1\n"
    )
    assert [row["id"] for row in stories("list", "--json").rows] == [2, 1]


def test_articles_are_split_off_by_number_or_address(stories, tumen):
    (edit,) = stories("split", 1, f"{URL}again", 4, "--json").rows
    assert (edit["edit"], edit["into"], edit["articles"], edit["again"]) == ("split", 3, [2, 4], False)
    assert "was split off story 1 already" in stories("split", 1, 4, 2).out
    said = stories("show", 1).out
    assert "2 articles moved to story 3" in said
    assert "2,000" not in said
    by_story = {row["id"]: row["story"] for row in tumen("alerts", "list", "--json").rows}
    assert by_story == {1: 1, 2: 3, 3: 2}, "alerts follow their articles"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("show", 9), "there is no story 9"),
        (("show", 0), "0 is not in the range"),
        (("merge", 1, 1), "this is one story already"),
        (("merge", 1, 9), "there is no story 9"),
        (("split", 1), "Missing argument"),
        (("split", 1, 5), "article 5 belongs to story 2, not to story 1"),
        (("split", 1, 6), "article 6 belongs to no story"),
        (("split", 1, "https://nowhere.example/"), "no article is known as"),
        (("split", 2, 5), "none would remain"),
    ],
)
def test_what_makes_no_sense_is_refused(stories, arguments, says):
    answer = stories(*arguments)
    assert answer.code == 2
    assert says in answer.err


def test_without_a_history_it_says_so(tumen, write, harbour, folder):
    write("tumen.yaml", "packs: [../harbour]\n")
    assert tumen("stories", "list").out == "no stories yet\n"
    assert "there is no history here yet" in tumen("stories", "show", 1).err
    assert tumen("stories", "merge", 1, 2).code == 3
    assert not (folder / "tumen.db").exists()


def test_it_is_shown_while_another_writes_who_alone_may_move_things(stories, folder):
    with WriterLock(folder / "tumen.db"):
        assert stories("show", 1).code == 0
        assert stories("merge", 2, 1).code == 6


def test_the_running_service_is_asked(stories, folder):
    asked = []

    async def merge(arguments):
        asked.append(arguments)
        edit = {"kind": "merge", "at": "2026-11-25T06:30:00+00:00", "story": 2, "into": 1, "articles": [5]}
        return edit | {"note": arguments["note"], "again": False}

    async def serve(ready, done):
        async with control.listening(folder / "tumen.db", {"merge": merge}):
            ready.set()
            await asyncio.to_thread(done.wait, 20)

    ready, done = threading.Event(), threading.Event()
    service = threading.Thread(target=lambda: asyncio.run(serve(ready, done)))
    service.start()
    assert ready.wait(10)
    try:
        assert stories("merge", 2, 1, "--note", "하나").out.startswith(
            "story 2 is part of story 1: 1 article\n"
        )
    finally:
        done.set()
        service.join()
    assert asked == [{"story": 2, "into": 1, "note": "하나"}]
    assert len(stories("list", "--json").rows) == 2, "only the service writes"
