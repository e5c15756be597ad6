"""What was told, whether it arrived, and what the history holds. A replay makes the history."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

import pytest

from monitor import app
from monitor.store.database import open_history
from monitor.store.ledger import Ledger
from monitor.store.lock import WriterLock

TITLE = "\x1b[31mA strike\u202e stops\x9b2J all work\r\n in the port of Norwick 파업"
OTHER = "Norwick harbour: 400 passengers wait because all ferries are late"


@pytest.fixture
def history(tumen, write, harbour):
    """The file of a history with two alerts, whose first delivery its receiver refused for good."""
    now = app.utc_now()
    write("tumen.yaml", "packs: [../harbour]\n")
    rows = [{"id": n, "title": title, "published": now.isoformat()} for n, title in enumerate((TITLE, OTHER))]
    lines = write("a.jsonl", rows)
    assert tumen("replay", lines, "--pack", harbour, "--db", "tumen.db").code == 0
    with closing(open_history(lines.with_name("tumen.db"))) as db:
        ledger = Ledger(db)
        for bundle in ledger.claim(now, lease=timedelta(minutes=1), limit=9):
            ids = [delivery.id for delivery in bundle.deliveries]
            ledger.failed(ids, now, error="no such \x1b[31mmailbox\u202e", retry_at=None)
    return lines.with_name("tumen.db")


def test_before_the_first_alert_the_lists_say_so(tumen, write, harbour, folder):
    write("tumen.yaml", "packs: [../harbour]\n")
    assert tumen("alerts", "list").out == "no alerts yet\n"
    assert tumen("alerts", "list", "--undelivered").out == "no undelivered alerts\n"
    assert tumen("alerts", "list", "--json").out == ""
    (found,) = tumen("status", "--json").rows
    assert found == {"running": False, "running_since": None, "history": str(folder / "tumen.db")}
    assert tumen("status").code == 0
    assert not (folder / "tumen.db").exists()


def test_alerts_are_listed_newest_first_without_control_characters(tumen, history):
    answer = tumen("alerts", "list", "--json")
    assert (answer.code, answer.controls) == (0, set())
    newest, oldest = answer.rows
    assert newest["title"] == OTHER
    assert "파업" in oldest["title"]
    assert (oldest["kind"], oldest["reason"], oldest["severity"], oldest["rules"]) == (
        "new",
        "new_story",
        "high",
        ["harbour"],
    )
    assert [line["channel"] for line in oldest["deliveries"]] == ["reader"]
    table = tumen("alerts", "list")
    assert (table.code, table.controls) == (0, set())
    assert len(table.out.splitlines()) >= 3
    assert "reader: dead (no such [31mmailbox)" in " ".join(table.out.split())
    assert len(tumen("alerts", "list", "--json", "--limit", 1).rows) == 1


def test_undelivered_alerts_are_findings_until_they_are_sent_again(tumen, history):
    undelivered = tumen("alerts", "list", "--undelivered", "--json")
    assert undelivered.code == 1
    states = {line["state"] for row in undelivered.rows for line in row["deliveries"]}
    assert "dead" in states
    answer = tumen("alerts", "retry")
    assert answer.code == 0
    assert answer.out == "2 deliveries are tried again\n"
    states = [line["state"] for row in tumen("alerts", "list", "--json").rows for line in row["deliveries"]]
    assert states == ["pending", "pending"]


def test_one_alert_can_be_sent_again(tumen, history):
    number = tumen("alerts", "list", "--json").rows[0]["id"]
    assert tumen("alerts", "retry", number).out.startswith("1 deliver")
    assert tumen("alerts", "retry", number + 99).out.startswith("0 deliver")


@pytest.mark.parametrize("number", ["nine", "0", "-1", "9" * 20])
def test_what_cannot_be_a_number_of_an_alert_is_a_mistake(tumen, history, number):
    for command in (("alerts", "retry", "--", number), ("alerts", "list", "--limit", number)):
        answer = tumen(*command)
        assert (answer.code, answer.out) == (2, "")
        assert "Traceback" not in answer.err


def test_nothing_is_written_beside_another_writer(tumen, history):
    with WriterLock(history):
        answer = tumen("alerts", "retry")
    assert answer.code == 6
    assert answer.err.startswith("error: ")
    assert "→" in answer.err


@pytest.mark.parametrize("command", [("status",), ("alerts", "list"), ("sources", "list")], ids=" ".join)
def test_a_damaged_history_is_told_apart(tumen, write, harbour, command):
    write("tumen.yaml", "packs: [../harbour]\n")
    write("tumen.db", "Dear reader, " * 500)
    answer = tumen(*command)
    assert answer.code == 4
    assert "Traceback" not in answer.err


def test_one_alert_is_shown_with_its_message_and_every_attempt(tumen, history):
    number = tumen("alerts", "list", "--json").rows[-1]["id"]
    answer = tumen("alerts", "show", number)
    assert (answer.code, answer.controls) == (1, set()), "somebody does not have it"
    assert "in the port of Norwick 파업" in answer.out
    assert len(answer.out.splitlines()) > 10
    assert "What became of it" in answer.out
    assert "1. " in answer.out
    (row,) = tumen("alerts", "show", number, "--json").rows
    assert row["deliveries"][0]["state"] == "dead"
    assert [attempt["outcome"] for attempt in row["attempts"]] == ["failed"]


def test_an_alert_that_does_not_exist_or_a_channel_is_the_readers_mistake(tumen, history):
    assert (answer := tumen("alerts", "show", 99)).code == 2
    assert "no alert 99" in answer.err
    assert (answer := tumen("alerts", "show", 1, "--channel", "deks")).code == 2
    assert "no channel deks" in answer.err


def test_what_waits_says_why_and_until_when(tumen, history):
    assert tumen("alerts", "retry").code == 0
    with closing(open_history(history)) as db:
        db.execute("UPDATE deliveries SET held = 'quiet_hours', not_before = '2030-01-01T07:00:00.000000Z'")
    assert "reader: pending (quiet_hours)" in " ".join(tumen("alerts", "list").out.split())
    assert "pending (quiet_hours until 1 Jan 2030, 07:00 UTC)" in tumen("alerts", "show", 1).out
    (status,) = tumen("status", "--json").rows
    assert status["held"] == {"quiet_hours": 2}
