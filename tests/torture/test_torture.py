"""The torture itself, in small; and that whoever judges it sees what is wrong."""

from __future__ import annotations

import sqlite3
from hashlib import sha256

import pytest

from tests import programs
from tests.torture import judging
from tests.torture.judging import Delivery, InFlight, judge, message_id
from tests.torture.outside import Receipt
from tests.torture.trial import FORKED, MODELS, SERVICE

STRIKE, FIRE = "https://norwick.example/1.html", "https://norwick.example/2.html"
FLYING = [InFlight("mail", "b")]


def sent(url=STRIKE, state="sent", error=""):
    return Delivery("mail", url, state, error, "b")


def taken(url=STRIKE, *, bundle="b", cut=False, channel="mail"):
    return Receipt(channel, message_id(bundle), (url,), cut)


@pytest.mark.timeout(240)
def test_fifty_kills_lose_nothing_and_the_models_lose():
    said = programs.said("tests.torture", "--kills", "50", "--seed", "7")
    kinds = {one["kind"]: one for one in said["kinds"]}
    assert (kinds[SERVICE]["kills"], kinds[FORKED]["kills"]) == (10, 40)
    assert sum(kinds[FORKED]["deaths"].values()) == 40
    for kind in (SERVICE, FORKED):
        assert kinds[kind]["lost"] == 0
        assert kinds[kind]["most"] <= 1
        assert kinds[kind]["received"] > 0
    for kind in MODELS:
        assert kinds[kind]["lost"] > 0
    assert said["faults"] == []


def test_what_was_told_once_is_as_it_should_be():
    verdict = judge([sent()], [taken()], [])
    assert (verdict.alerts, verdict.received, verdict.broken) == (1, 1, [])


def test_an_alert_that_nobody_received_is_lost():
    verdict = judge([sent()], [], [])
    assert verdict.lost == 1
    assert verdict.broken


@pytest.mark.parametrize(("state", "error"), [("dead", "refused"), ("expired", "")])
def test_what_is_listed_as_undelivered_is_not_lost(state, error):
    verdict = judge([sent(state=state, error=error)], [], [])
    assert (verdict.lost, verdict.undelivered, verdict.broken) == (0, 1, [])


def test_a_notice_is_known_by_its_message():
    notice = sent(url="")
    assert judge([notice], [Receipt("mail", message_id("b"), (), cut=False)], []).broken == []
    assert judge([notice], [Receipt("mail", message_id("c"), (), cut=False)], []).broken


def test_what_was_given_up_without_a_reason_is_lost():
    assert judge([sent(state="dead")], [], []).lost == 1


@pytest.mark.parametrize("state", ["pending", "claimed"])
def test_what_is_never_finished_is_a_broken_promise(state):
    assert judge([sent(state=state)], [taken()], []).broken


def test_a_message_that_a_kill_repeated_is_a_duplicate():
    verdict = judge([sent()], [taken(), taken()], [FLYING])
    assert (verdict.duplicates, verdict.most, verdict.broken) == (1, 1, [])


def test_a_message_that_came_twice_without_a_kill_is_a_broken_promise():
    assert judge([sent()], [taken(), taken()], []).broken
    assert judge([sent()], [taken(), taken()], [[InFlight("hook", "b")]]).broken


def test_a_message_that_came_again_because_its_receiver_broke_off_is_no_duplicate():
    verdict = judge([sent()], [taken(cut=True), taken()], [])
    assert (verdict.duplicates, verdict.cut, verdict.broken) == (0, 1, [])


def test_two_repetitions_need_two_kills():
    thrice = [taken(), taken(), taken()]
    assert judge([sent()], thrice, [FLYING, FLYING]).broken == []
    once = judge([sent()], thrice, [FLYING])
    assert once.most == 2
    assert once.broken


def test_two_messages_on_their_way_to_one_channel_are_a_broken_promise():
    assert judge([sent()], [taken()], [[*FLYING, InFlight("mail", "c")]]).broken


def test_an_alert_in_two_different_messages_is_a_broken_promise():
    assert judge([sent()], [taken(), taken(bundle="c")], [FLYING]).broken


def test_a_message_about_what_is_not_in_the_history_is_a_broken_promise():
    assert judge([sent()], [taken(), taken(FIRE, bundle="c")], []).broken


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda path: None, []),
        (lambda path: path.unlink(), ["a capture without its file"]),
        (lambda path: path.write_bytes(b"another"), ["a capture without its file"]),
        (lambda path: path.with_name("other.warc.gz").write_bytes(b""), ["a file without a capture"]),
    ],
)
def test_a_page_that_is_not_where_the_history_says_is_a_broken_promise(tmp_path, damage, says):
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE articles (id, url, story)")
    db.execute("CREATE TABLE captures (article, file, sha256)")
    db.execute("INSERT INTO articles VALUES (1, 'kept', 1), (2, 'beside', NULL)")
    db.execute("INSERT INTO captures VALUES (1, 'a.warc.gz', ?)", (sha256(b"page").hexdigest(),))
    (tmp_path / "a.warc.gz").write_bytes(b"page")
    (tmp_path / "spool").mkdir()
    (tmp_path / "spool" / "b.warc.gz").write_bytes(b"")
    damage(tmp_path / "a.warc.gz")
    assert [fault.partition(":")[0] for fault in judging.misplaced(db, tmp_path)] == says
    db.execute("INSERT INTO articles VALUES (3, 'lost', 1)")
    assert "not kept as it was fetched: lost" in judging.misplaced(db, tmp_path)
    db.close()
