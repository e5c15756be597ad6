"""Silences from the command line, without a running service; with one, see tests/jobs/test_silences.py."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

import pytest

from monitor import app
from monitor.store.database import open_history
from monitor.store.ledger import Ledger

TITLE = "A strike stops all work in the port of Norwick"


@pytest.fixture
def history(tumen, write, harbour):
    """The file of a history with one alert that waits for its receiver."""
    write("tumen.yaml", "packs: [../harbour]\nchannels: {desk: {url: 'json://localhost'}}\n")
    lines = write("a.jsonl", [{"id": 1, "title": TITLE, "published": app.utc_now().isoformat()}])
    assert tumen("replay", lines, "--pack", harbour, "--db", "tumen.db").code == 0
    return lines.with_name("tumen.db")


def claim(history):
    with closing(open_history(history)) as db:
        return Ledger(db).claim(app.utc_now(), lease=timedelta(minutes=1), limit=9)


def test_a_silence_keeps_back_what_it_names_until_it_is_replayed(tumen, history):
    answer = tumen("silences", "add", "--story", 1, "--for", "2h", "--reason", "we know", "--owner", "anna")
    assert answer.code == 0
    assert "silence 1 holds until" in answer.out
    assert claim(history) == ()
    (row,) = tumen("silences", "list", "--json").rows
    assert (row["owner"], row["reason"], row["story"], row["holds"], row["kept_back"]) == (
        *("anna", "we know", 1, True, 1),
    )
    assert "suppressed (silence 1)" in tumen("alerts", "show", 1).out
    assert tumen("silences", "end", 1).out == "silence 1 ended\n"
    assert claim(history) == ()
    assert tumen("silences", "replay", 1).out == "1 alert to send\n"
    (bundle,) = claim(history)
    assert [alert.article.title for alert in bundle.alerts] == [TITLE]


def test_what_it_does_not_name_is_sent(tumen, history):
    assert tumen("silences", "add", "--language", "ko", "--for", "2h", "--reason", "x").code == 0
    assert len(claim(history)) == 1


def test_silences_are_listed_as_a_table(tumen, history):
    assert tumen("silences", "list").out == "no silences yet\n"
    tumen(
        "silences", "add", "--channel", "desk", "--until", "2999-01-01", "--reason", "trip", "--owner", "anna"
    )
    shown = " ".join(tumen("silences", "list").out.split())
    assert "1 2999-01-01 00:00 yes channel desk anna trip 0" in shown


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--reason", "x"], "either --for or --until"),
        (["--reason", "x", "--for", "2h", "--until", "2999-01-01"], "either --for or --until"),
        (["--reason", "x", "--until", "2020-01-01"], "ends in the future"),
        (["--reason", "x", "--for", "soon"], "write it like"),
        (["--reason", "x", "--for", "2h", "--channel", "deks"], "no channel deks"),
        (["--reason", "x", "--for", "2h", "--rule", "habrour"], "no rule habrour"),
        (["--reason", "x", "--for", "2h", "--story", "7"], "no story 7"),
        (["--for", "2h"], "reason"),
    ],
)
def test_a_silence_that_cannot_be_is_refused_in_words(tumen, history, given, said):
    answer = tumen("silences", "add", *given)
    assert answer.code == 2
    assert said in answer.err
    assert tumen("silences", "list").out == "no silences yet\n"


def test_a_silence_that_does_not_exist_cannot_be_ended(tumen, history):
    for command in ("end", "replay"):
        answer = tumen("silences", command, 9)
        assert answer.code == 2
        assert "no silence 9" in answer.err
