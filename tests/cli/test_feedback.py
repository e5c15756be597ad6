"""What a reader says is kept, becomes an example, and shows what edits would do."""

from __future__ import annotations

from contextlib import closing

import pytest

from monitor.cli.laboratory.edits import changed
from monitor.jobs.inbox import read_wishes
from monitor.store.database import open_reader
from monitor.store.feedback import Feedback
from spiders.items import Article

URL = "https://herald.example/"


@pytest.fixture
def say(tumen, take_in, now):
    take_in(
        Article(f"{URL}strike", "A strike stops the port of Norwick", "1,200 dockers walked out.", "en", now),
        Article(
            f"{URL}film",
            "A film of the port",
            "In Norwick harbour a strike is played by \x1b[31mactors.",
            "en",
            now,
        ),
        Article(f"{URL}quiet", "The port of Norwick is quiet", "Nobody works.", "en", now),
    )

    def run(*arguments):
        answer = tumen("feedback", *arguments)
        assert answer.controls == set()
        assert "Traceback" not in answer.err
        return answer

    return run


@pytest.fixture
def kept(folder):
    def read():
        with closing(open_reader(folder / "tumen.db")) as db:
            return Feedback(db).list()

    return read


def test_an_irrelevant_alert_is_kept_and_becomes_an_example(say, kept, folder):
    answer = say("1", "irrelevant", "--note", "only \x07talk")
    assert (answer.code, answer.err) == (0, "")
    assert "irrelevant: A strike stops the port of Norwick" in answer.out
    (one,) = kept()
    assert (one.alert, one.pack, one.verdict.value) == (1, "harbour", "irrelevant")
    (wish,) = read_wishes(folder / "inbox" / "harbour.yaml")
    assert wish.example.text == "A strike stops the port of Norwick\n1,200 dockers walked out."
    assert wish.must_fire is False


def test_edits_are_measured_on_the_history(say):
    answer = say("article:2", "irrelevant", "--json")
    (row,) = answer.rows
    assert row["inbox"] == "inbox/harbour.yaml"
    assert row["edits"]
    for edit in row["edits"]:
        assert edit["rule"] == "harbour"
        assert edit["says"]
        assert edit["when"]
        assert 2 not in edit["lost"]
        assert edit["silenced"] <= len(edit["lost"])
    costs = [edit["silenced"] + edit["heard"] for edit in row["edits"]]
    assert costs == sorted(costs)
    screen = say("article:2", "irrelevant").out
    assert "Edits of harbour that would keep it quiet" in screen
    assert "changes nothing else" in screen
    assert "tumen rules diff running my-packs/harbour" in screen


def test_what_was_missed_shows_what_it_lacked(say, kept, folder):
    answer = say(f"{URL}quiet", "missed", "--pack", "harbour", "--rule", "harbour")
    assert answer.code == 0
    assert "○ harbour" in answer.out
    (wish,) = read_wishes(folder / "inbox" / "harbour.yaml")
    assert (wish.rule, wish.must_fire) == ("harbour", True)
    assert kept()[0].rule == "harbour"


def test_the_same_said_twice_stands_once(say, folder):
    say("1", "irrelevant")
    assert "has it already" in say("alert:1", "irrelevant").out
    assert len(read_wishes(folder / "inbox" / "harbour.yaml")) == 1


def test_what_was_said_is_listed(say, tumen):
    assert "no feedback yet" in say("list").out
    say("1", "irrelevant", "--note", "only talk")
    assert "only talk" in say("list").out
    (row,) = say("list", "--json").rows
    assert (row["verdict"], row["alert"], row["note"], row["url"]) == (
        "irrelevant",
        1,
        "only talk",
        f"{URL}strike",
    )
    assert "A reader said on" in tumen("why", "1").out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("99", "irrelevant"), "there is no alert 99"),
        (("article:99", "missed", "--pack", "harbour"), "no article is known"),
        (("article:3", "irrelevant", "--pack", "harbour"), "no rule of harbour fired there"),
        (("article:3", "missed"), "it is not clear which pack is meant"),
        (("1", "irrelevant", "--rule", "troops"), "there is no rule troops"),
        (("1", "irrelevant", "--pack", "elsewhere"), "the configuration has no pack elsewhere"),
        (("1",), "say irrelevant or missed"),
        (("1", "wrong"), "irrelevant"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_kept(say, kept, folder, arguments, says):
    answer = say(*arguments)
    assert answer.code == 2
    assert says in answer.err
    assert kept() == ()
    assert not (folder / "inbox").exists()


def test_without_a_history_it_says_so(tumen, write, harbour):
    write("tumen.yaml", "packs: [../harbour]\n")
    answer = tumen("feedback", "1", "irrelevant")
    assert answer.code == 3
    assert "there is no history here yet" in answer.err
    assert tumen("feedback", "list").out == "no feedback yet\n"


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("a AND b", "(a AND b) AND NOT c", "(a AND b) AND NOT c"),
        (
            "a OR b OR c OR d OR e OR f",
            "(a OR b OR c OR d OR e OR f) AND NOT title:g",
            "(a OR b OR … OR e OR f) AND NOT title:g",
        ),
        ("SENTENCE(a, b) AND c", "a AND b AND c", "a AND b AND c"),
        ("a AND x", "title:(a) AND x", "title:(a) AND x"),
        ("", "a NEAR/3 b", "a NEAR/3 b"),
    ],
)
def test_an_edit_is_shown_with_what_stays_as_it_was_cut_short(before, after, shown):
    assert changed(before, after) == shown
