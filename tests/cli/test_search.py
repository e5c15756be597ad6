"""People search the history from the command line."""

from __future__ import annotations

import asyncio
import threading
from contextlib import closing

import pytest

from monitor import control
from monitor.jobs.searching import Indexer
from monitor.store.database import open_history, open_reader
from monitor.store.indexing import is_whole
from monitor.store.lock import WriterLock
from spiders.items import Article

URL = "https://herald.example/"


@pytest.fixture
def articles(tumen, take_in, now):
    take_in(
        Article(f"{URL}1", "A strike stops the port of Norwick", "1,200 dockers walked out.", "en", now),
        Article(f"{URL}2", "\x1b[31m Солдаты\u202e в порту", "Порт закрыт.", "ru", now),
        Article(f"{URL}3", "노릭 항구 파업", "부두가 닫혔다 🚢", "ko", None),
    )


def test_a_history_that_is_not_there_is_an_error(tumen, harbour):
    answer = tumen("search", "--db", "nowhere.db", "--pack", harbour, "port")
    assert answer.code == 3
    assert "nowhere.db: there is no history here yet" in answer.err
    assert "→" in answer.err


def test_what_is_found_is_shown_newest_first(articles, tumen):
    shown = tumen("search", "port", "OR", "порт", "OR", "항구")
    assert shown.code == 0
    assert [line for line in shown.out.splitlines() if line and not line.startswith(" ")] == [
        "노릭 항구 파업",
        "[31m Солдаты в порту",
        "A strike stops the port of Norwick",
    ]
    assert f"  {URL}3" in shown.out.splitlines()
    assert "1,200 dockers walked out." in shown.out


def test_each_line_of_json_is_an_article(articles, tumen):
    (row,) = tumen("search", "солдат", "--json").rows
    assert (row["url"], row["language"], row["story"]) == (f"{URL}2", "ru", None)
    assert row["title"] == "\x1b[31m Солдаты\u202e в порту"
    (dockers,) = tumen("search", "--json", "docker lang:en after:2020 before:2100-01").rows
    assert [piece for piece in dockers["snippet"] if piece["is_hit"]] == [{"text": "dockers", "is_hit": True}]


def test_an_answer_goes_on_behind_an_article(articles, tumen):
    first = tumen("search", "--limit", "1", "NOT", "xyz")
    assert "older ones: --older-than 3" in first.err
    assert [row["url"] for row in tumen("search", "NOT xyz", "--older-than", "3", "--json").rows] == [
        f"{URL}2",
        f"{URL}1",
    ]


def test_times_narrow_it_down(articles, tumen):
    assert tumen("search", "port", "--since", "2100-01-01", "--json").rows == []
    assert len(tumen("search", "port", "--until", "2100-01-01", "--since", "2020-01-01", "--json").rows) == 1


def test_nothing_found_is_said_and_is_no_error(articles, tumen):
    shown = tumen("search", "zeppelin", "--best")
    assert (shown.code, shown.out, shown.err) == (0, "", "nothing was found\n")


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("port (a", "column 6: this parenthesis is never closed"),
        ("titel:port", "did you mean title:?"),
        ("port after:soon", "column 6: after: takes a day"),
        ("story:99", "there is no story 99"),
    ],
)
def test_a_mistake_says_where_it_is(articles, tumen, question, told):
    shown = tumen("search", question)
    assert shown.code == 2
    assert told in shown.err


def test_the_index_is_made_anew_where_no_service_runs(articles, tumen):
    assert tumen("search", "--rebuild").out == "the index holds 3 articles\n"
    assert len(tumen("search", "파업", "--json").rows) == 1


@pytest.fixture
def service(folder):
    """A service that does nothing but answer, and make its index whole when it ticks."""
    ready, done = threading.Event(), threading.Event()
    db = open_history(folder / "tumen.db")
    indexer = Indexer(db)

    async def serve():
        async with control.listening(folder / "tumen.db", indexer.handlers()):
            ready.set()
            await asyncio.to_thread(done.wait, 20)

    with WriterLock(folder / "tumen.db"):
        thread = threading.Thread(target=lambda: asyncio.run(serve()))
        thread.start()
        assert ready.wait(10)
        yield indexer
        done.set()
        thread.join(20)
    db.close()


def test_a_running_service_makes_the_index_anew_by_itself(articles, service, tumen, folder):
    def is_found():
        return len(tumen("search", "파업", "--json").rows) == 1

    def is_made():
        with closing(open_reader(folder / "tumen.db")) as db:
            return is_whole(db)

    assert tumen("search", "--rebuild").out == "the service makes the index anew\n"
    assert (is_made(), is_found()) == (False, True)
    service.tick()
    service.tick()
    assert (is_made(), is_found()) == (True, True)
