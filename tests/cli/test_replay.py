"""Deciding about texts that stand in a file."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from monitor.core.meanings import MEANS
from monitor.core.models import Reason
from tests.cli.conftest import ROOT

SEED = ROOT.parent / "shared" / "seed" / "article-de.txt"
HOSTILE = (
    "\x1b]0;owned\x07\x1b[2J\x9b31m\u202eStrike\u202c\u2066 in the port\nof Norwick \ud83d\ude00\r\x00\ud800"
)

STRIKE = "A strike stops all work in the port of Norwick"
FERRY = "Norwick harbour: 400 passengers wait because all ferries are late"
FIRE = "Flames over Norwick harbour: a warehouse full of paper burns down"
OTHER = "A strike stops all work in Hull"


def line(number, title, **more):
    return {"id": number, "title": title, "text": "", **more}


@pytest.fixture
def replay(tumen, harbour):
    """Replay these lines with the tests' own pack."""

    def run(*lines, more=(), json_lines=True):
        content = "".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in lines)
        switch = ("--json",) if json_lines else ()
        return tumen("replay", "-", "--pack", harbour, *switch, *more, stdin=content)

    return run


def test_each_line_gets_an_answer_with_its_reason(replay):
    answer = replay(line("a", STRIKE, lang="en"), line("b", OTHER), line(3, FERRY))
    assert answer.code == 0
    assert answer.err == ""
    first, second, third = answer.rows
    assert (first["id"], first["alert"], first["reason"], first["rules"]) == (
        "a",
        "new",
        "new_story",
        ["harbour"],
    )
    assert (second["id"], second["relevant"], second["alert"], second["story"]) == ("b", False, None, None)
    assert second["reason"] == Reason.NO_RULE_MATCHED
    assert (third["id"], third["relevant"]) == (3, True)
    for piece in first["evidence"]:
        assert STRIKE[piece["start"] : piece["end"]] == piece["text"]


def test_the_table_says_the_same_to_people(replay):
    answer = replay(line("a", STRIKE), line("b", OTHER), json_lines=False)
    head, first, states, second = map(str.rstrip, answer.out.splitlines())
    assert head.split() == ["id", "alert", "reason", "story", "rules", "title"]
    assert first.split(None, 5) == ["a", "new", "new_story", "1", "harbour", STRIKE]
    assert states.split() == ["states:", "strike;", "port"]
    assert second.split(None, 2) == ["b", "no_rule_matched", OTHER]
    assert answer.controls == set()


def test_the_table_says_what_is_new_and_what_a_text_states(replay):
    first = line("a", FERRY, published="2026-11-01")
    more = line("b", FERRY.replace("400", "900"), published="2026-11-02")
    rows = replay(first, more).rows
    assert [(new["newness"], new["value"], new["before"]) for new in rows[1]["new"]] == [("figure", 900, 400)]
    table = " ".join(replay(first, more, json_lines=False).out.split())
    assert "new: 900 passengers, told before: 400 (figure)" in table
    assert "states: port; 900 passengers" in table


def test_the_summary_says_what_telling_every_match_would_have_sent(replay):
    lines = [
        line(1, STRIKE, published="2026-11-01"),
        line(2, STRIKE + "!", published="2026-11-01"),
        line(3, OTHER, published="2026-11-01"),
    ]
    told = replay(*lines, more=["--summary"]).rows
    assert told == [
        {
            "articles": 3,
            "relevant": 2,
            "stories": 1,
            "alerts": {"new": 1, "update": 0},
            "updates": {},
            "reasons": {"new_story": 1, "repeat": 1, "no_rule_matched": 1},
            "every_match": 2,
            "saved": 1,
        }
    ]
    table = replay(*lines, more=["--summary"], json_lines=False)
    *figures, gap, last = map(str.split, table.out.splitlines())
    assert ["articles", "3"] in figures
    assert ["alerts", "1", "1", "new"] in figures
    assert ["repeat", "1", *MEANS[Reason.REPEAT].split()] in figures
    assert (gap, " ".join(last)) == ([], "2 relevant, 1 story; 1 alert instead of 2 (50% fewer)")


def test_a_summary_of_nothing_is_no_mistake(replay):
    assert replay(more=["--summary"]).rows[0]["articles"] == 0
    table = replay(line(1, OTHER), more=["--summary"], json_lines=False)
    assert table.code == 0
    assert table.out.splitlines()[-1] == "0 relevant, 0 stories; 0 alerts instead of 0"


def test_texts_are_decided_in_the_order_of_publication_and_answered_in_the_order_of_the_file(replay):
    copy = line("late", STRIKE, published="2026-11-20T09:00:00+09:00")
    first = line("early", STRIKE, published="2026-11-19T23:00:00Z")
    answer = replay(copy, first)
    assert [row["id"] for row in answer.rows] == ["late", "early"]
    assert [row["alert"] for row in answer.rows] == [None, "new"]


def test_a_text_without_a_time_is_decided_where_it_stands(replay):
    answer = replay(
        line(1, FERRY, published="2026-11-01"), line(2, STRIKE), line(3, STRIKE, published="2026-11-02")
    )
    assert [row["alert"] for row in answer.rows] == ["new", "new", None]


def test_times_at_the_ends_of_the_calendar_are_read_as_unknown(replay):
    answer = replay(
        line(1, STRIKE, published="0001-01-01T00:00:00+14:00"),
        line(2, FERRY, published="9999-12-31T23:59:59-14:00"),
        line(3, OTHER, published="soon"),
    )
    assert [row["relevant"] for row in answer.rows] == [True, True, False]


def test_lines_with_the_same_id_keep_their_own_titles(replay):
    answer = replay(line(1, STRIKE), line(1, OTHER), json_lines=False)
    assert STRIKE in answer.out
    assert OTHER in answer.out


def test_without_a_database_nothing_is_left_behind(replay, folder):
    before = {path.name for path in folder.iterdir()}
    assert replay(line(1, STRIKE)).code == 0
    assert {path.name for path in folder.iterdir()} == before


def test_a_database_remembers_what_was_told(replay, folder):
    keep = ("--db", folder / "기억.db")
    now = datetime.now(UTC).isoformat()
    assert replay(line(1, STRIKE, published=now), more=keep).rows[0]["alert"] == "new"
    again = replay(line(1, STRIKE, published=now), line(2, FIRE, published=now), more=keep)
    assert [row["alert"] for row in again.rows] == [None, "new"]
    assert again.rows[0]["reason"] in {Reason.REPEAT, Reason.SAME_TEXT}
    assert replay(line(1, STRIKE)).rows[0]["alert"] == "new"


def test_nothing_to_decide_is_no_mistake(replay):
    assert replay().rows == []
    assert replay("", "   ").rows == []
    assert replay(json_lines=False).code == 0


@pytest.mark.parametrize(
    ("content", "number", "says"),
    [
        ('{"id": 1}\n{"id": 2,\n', 2, "is no JSON"),
        ('{"id": 1}\n\n[1]\n', 3, "is no object with an id"),
        ('{"title": "without"}\n', 1, "is no object with an id"),
        ('{"id": 1, "title": ["a"]}\n', 1, "title is not text"),
        ('{"id": 1}\n{"id": 2, "text": 5}\n', 2, "text is not text"),
        ('{"id": 1, "n": ' + "9" * 5000 + "}\n", 1, "is no JSON"),
        (b'{"id": 1}\n{"id": 2, "title": "caf\xe9"}\n', 2, "is not UTF-8"),
        (b"\x00\x01\x02", 1, "is no JSON"),
        ("[" * 100_000 + "\n", 1, "is no JSON"),
        ('{"id": 1, "lang": ["de"]}\n', 1, "lang is not text"),
        ('{"id": [1]}\n', 1, "is no object with an id"),
    ],
)
def test_a_broken_line_is_named_with_its_file(tumen, write, harbour, content, number, says):
    write("texte 기사.jsonl", content)
    answer = tumen("replay", "texte 기사.jsonl", "--pack", harbour)
    assert answer.code == 2
    assert answer.out == ""
    assert answer.err.startswith(f"error: texte 기사.jsonl:{number}: ")
    assert says in answer.err
    assert "Traceback" not in answer.err


def test_a_byte_order_mark_and_line_ends_of_windows_are_read(tumen, write, harbour):
    write("a.jsonl", b'\xef\xbb\xbf{"id": 1}\r\n{"id": 2}\r\n')
    assert [row["id"] for row in tumen("replay", "a.jsonl", "--pack", harbour, "--json").rows] == [1, 2]


def test_what_is_missing_is_called_so(tumen, write, folder, harbour):
    assert tumen("replay", "nowhere.jsonl").code == 2
    write("a.jsonl", [line(1, STRIKE)])
    unknown = tumen("replay", "a.jsonl", "--pack", "no-such-pack")
    assert unknown.code == 2
    assert "there is no pack no-such-pack" in unknown.err
    assert "dprk-russia" in unknown.err
    away = tumen("replay", "a.jsonl", "--pack", harbour, "--db", folder / "no" / "x.db")
    assert away.code == 3
    write("letter.db", "Dear reader, " * 500)
    assert tumen("replay", "a.jsonl", "--pack", harbour, "--db", "letter.db").code == 4


def test_a_hostile_title_drives_no_terminal(replay):
    table = replay(line(1, HOSTILE), json_lines=False)
    assert table.code == 0
    assert table.controls == set()
    assert len(table.out.splitlines()) == 2
    assert "of Norwick 😀" in table.out

    told = replay(line(HOSTILE, HOSTILE))
    assert told.code == 0
    assert told.controls == set()
    assert told.rows[0]["id"] == HOSTILE.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_a_stream_without_the_letters_of_a_title_does_not_end_the_command(tumen, write, harbour, encoding):
    write("a.jsonl", [line("북한 é 😀", STRIKE + " 북한 é 😀")])
    table = tumen("replay", "a.jsonl", "--pack", harbour, encoding=encoding)
    assert (table.code, table.err) == (0, "")
    assert STRIKE in table.out
    told = tumen("replay", "a.jsonl", "--pack", harbour, "--json", encoding=encoding)
    assert (told.code, told.err) == (0, "")
    assert told.rows[0]["id"] == "북한 é 😀"


def test_the_plain_locale_is_no_hindrance(process, write, harbour):
    write("a.jsonl", [line(1, "북한 " + STRIKE)])
    posix = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""}
    answer = process("replay", "a.jsonl", "--pack", harbour, **posix)
    assert (answer.code, answer.err) == (0, "")


@pytest.mark.skipif(not SEED.exists(), reason="../shared/seed/article-de.txt is not here")
def test_the_seed_article_fires_and_an_article_about_one_country_does_not(tumen, write):
    title, _, body = SEED.read_text(encoding="utf-8").partition("\n")
    alone = "Nordkorea feiert den Geburtstag von Kim Jong Un mit einer Parade in Pjöngjang"
    war = "Russland greift Kiew mit Drohnen an, Moskau spricht von militärischen Zielen"
    rows = [
        {"id": "seed", "title": title, "text": body, "lang": "de"},
        {"id": "alone", "title": alone, "text": alone, "lang": "de"},
        {"id": "war", "title": war, "text": war, "lang": "de"},
    ]
    write("seed.jsonl", rows)
    seed, alone, war = tumen("replay", "seed.jsonl", "--json").rows
    assert (seed["relevant"], seed["alert"], seed["reason"]) == (True, "new", "new_story")
    assert "troops" in seed["rules"]
    assert (alone["relevant"], war["relevant"]) == (False, False)
