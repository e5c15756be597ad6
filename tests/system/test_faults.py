"""What goes wrong outside is said once, in words, and loses nothing."""

from __future__ import annotations

import contextlib
import re
import shutil
import signal
import sqlite3

import pytest

from monitor.store.database import open_history
from tests.crawl.site import Reply
from tests.system.desk import PACK, repeated, told
from tests.system.processes import wait_until
from tests.system.town import declaration, feed, report

QUICK = ("--upkeep", "0.3")


BAD = {
    "http_404": Reply(b"gone", 404),
    "not_a_source": Reply(b"<!doctype html><title>Maintenance</title><p>Back soon."),
    "no_entries": feed(""),
}
SAID = {
    "http_404": ("failing", r"fails \(http_404: .+\)"),
    "not_a_source": ("failing", r"fails \(not_a_source: .+\)"),
    "no_entries": ("empty", "answers, and nothing is listed there"),
}


def test_bad_sources_are_named_once_fail_alone_and_are_taken_back(desk, small, inbox):
    well = len(small.pieces)
    good = {}
    for (reason, answer), development in zip(BAD.items(), ("dredger", "lighthouse", "sale"), strict=True):
        paper = small.paper(reason.replace("_", "-"), report(development))
        good[paper] = paper.site.pages["/feed"]
        paper.site.put("/feed", answer)
    desk.watch(small, inbox)
    service = desk.start(*QUICK)
    desk.wait_for(lambda: desk.has_read(well), service, "the others are read")
    desk.wait_for(lambda: len(warnings(desk)) >= len(BAD), service)
    assert len(told(inbox)) == len(small.developments) - len(BAD)
    listed = {line["name"]: line for line in desk.lines("sources", "list")}
    for reason in BAD:
        line = listed[reason.replace("_", "-")]
        assert (line["condition"], line["reason"]) == (SAID[reason][0], reason)
        assert line["detail"]

    for paper, answer in good.items():
        paper.site.put("/feed", answer)
    desk.wait_for(lambda: desk.has_read(len(small.pieces)), service)
    desk.wait_for(lambda: desk.said().count("is well again") == len(BAD), service)
    assert desk.stop(service) == 143

    lines = warnings(desk)
    assert len(lines) == len(BAD), "each is named once"
    for reason in BAD:
        assert re.search(f"{reason.replace('_', '-')} {SAID[reason][1]}", "\n".join(lines))
    assert set(told(inbox)) == set(desk.alerts().values())
    assert not repeated(inbox)


def test_mail_waits_for_a_server_that_cannot_be_reached(desk, small, inbox, door):
    mail = door(inbox.mail_port)
    address = inbox.mail_url("desk").replace(str(inbox.mail_port), str(mail.port))
    desk.configure([paper.source for paper in small.papers], address)
    service = desk.serve()
    tried = "SELECT id FROM deliveries WHERE attempts > 0 AND state = 'pending' AND last_error != ''"
    desk.wait_for(lambda: desk.rows(tried) and len(desk.alerts()) == len(small.developments), service)

    shown = desk.tumen("alerts", "list", "--undelivered", "-c", str(desk.config), "--json")
    assert shown.returncode == 1
    assert len(shown.stdout.splitlines()) == len(desk.alerts())
    assert not told(inbox)

    mail.open()
    assert desk.tumen("alerts", "retry", "-c", str(desk.config)).returncode == 0
    desk.wait_for(lambda: desk.has_read(len(small.pieces)), service)
    assert desk.tumen("alerts", "list", "--undelivered", "-c", str(desk.config)).returncode == 0
    assert desk.stop(service) == 143
    assert set(told(inbox)) == set(desk.alerts().values())
    assert not repeated(inbox)


def test_a_missing_network_is_one_line_and_everything_is_taken_in_once_it_is_back(desk, small, inbox, door):
    doors = [door(paper.site._server.server_port) for paper in small.papers]
    sources = [
        declaration(paper.name, f"http://127.0.0.1:{one.port}/feed")
        for paper, one in zip(small.papers, doors, strict=True)
    ]
    desk.configure(
        sources,
        inbox.mail_url("desk"),
        crawl={"allow_private": [paper.site.host for paper in small.papers]},
        pace={"fastest": "0.3s", "slowest": "0.3s", "failing": "2s"},
    )
    service = desk.start(*QUICK)
    desk.wait_for(lambda: desk.rows("SELECT 1 FROM sources GROUP BY 1 HAVING min(failures) >= 4"), service)
    (line,) = warnings(desk)
    assert "no network" in line
    (standing,) = desk.lines("status")[0]["standing_notices"]
    assert "no network" in standing

    for one in doors:
        one.open()
    desk.wait_for(lambda: desk.has_read(len(small.pieces)), service)
    desk.wait_for(lambda: "the network is back" in desk.said(), service)
    assert desk.stop(service) == 143
    assert len(warnings(desk)) == 1, "no source is to blame for the network"
    assert set(told(inbox)) == set(desk.alerts().values())
    assert len(told(inbox)) == len(small.developments)


def test_a_wrong_configuration_is_one_message_with_its_line(desk, small, inbox):
    desk.watch(small, inbox)
    open_history(desk.history).close()
    stored = desk.history.read_bytes()
    good = desk.config.read_text(encoding="utf-8")
    pack = shutil.copytree(PACK, desk.folder / "pack")
    rules = pack / "rules" / "harbour.yaml"
    rules.write_text(rules.read_text(encoding="utf-8").replace("port AND (", "port AND (whales OR "))
    line = 1 + good.count("\n")
    for text, place, words in (
        (f"{good}surces: {{}}\n", f"tumen.yaml:{line}:", "unknown key surces"),
        (f"{good}freshness: {{expires: 1h\n", "tumen.yaml:", "no valid YAML"),
        (good.replace(str(PACK), str(pack)), "harbour.yaml:4:", "whales"),
    ):
        desk.config.write_text(text, encoding="utf-8")
        done = desk.tumen("run", "-c", str(desk.config))
        assert done.returncode == 2, done.stderr
        assert done.stderr.startswith("error: ")
        assert done.stderr.count("error") == 1
        assert place in done.stderr
        assert words in done.stderr
        assert "→" in done.stderr, "what is to be done?"
    assert desk.history.read_bytes() == stored


def test_a_second_instance_goes_and_leaves_the_first_alone(desk, small, inbox):
    desk.watch(small, inbox)
    first = desk.serve()
    desk.wait_for(lambda: True, first)
    second = desk.tumen("run", "-c", str(desk.config))
    assert second.returncode == 6
    assert str(first.pid) in second.stderr
    desk.wait_for(lambda: desk.has_read(len(small.pieces)), first)
    assert desk.stop(first) == 143
    assert not repeated(inbox)


def no_database(file):
    file.write_bytes(b"Dear diary, " * 1000)


def overwritten(file):
    open_history(file).close()
    content = bytearray(file.read_bytes())
    content[100:4096] = b"\xff" * 3996  # the first page: where everything is
    file.write_bytes(content)


def newer(file):
    open_history(file).close()
    with contextlib.closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA user_version = 99")


@pytest.mark.parametrize(("make", "code"), [(no_database, 4), (overwritten, 4), (newer, 5)])
def test_a_history_that_cannot_be_used_is_left_as_it_is(make, code, desk, small, inbox):
    desk.watch(small, inbox)
    make(desk.history)
    stored = desk.history.read_bytes()
    for command in (("run",), ("alerts", "list"), ("status",)):
        done = desk.tumen(*command, "-c", str(desk.config))
        assert done.returncode == code, done.stderr
        assert str(desk.history) in done.stderr
        assert "Traceback" not in done.stderr
    assert desk.history.read_bytes() == stored


def spoil(file, table):
    """Overwrite the first page of a table, and have whoever holds it in memory read it anew."""
    with contextlib.closing(sqlite3.connect(file, timeout=30)) as db:
        (root,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [table]).fetchone()
        (size,) = db.execute("PRAGMA page_size").fetchone()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with file.open("r+b") as opened:
            opened.seek((root - 1) * size)
            opened.write(b"\xff" * size)
        with db:
            db.execute("UPDATE stories SET id = id")


def test_damage_that_is_met_while_it_runs_ends_it_and_is_told_past_the_ledger(desk, small, inbox):
    desk.watch(small, inbox)
    desk.amend(channels={"desk": {"url": inbox.mail_url("desk"), "notices": "trouble"}})
    service = desk.serve()
    desk.wait_for(lambda: desk.has_read(len(small.pieces)), service)
    alerts = desk.alerts()

    def has_ended():
        if service.poll() is None:
            with contextlib.suppress(sqlite3.Error):  # it was met, or the service has just written that page
                spoil(desk.history, "sources")
        return service.poll() is not None

    wait_until(has_ended, 60)
    assert service.returncode == 4, desk.said()
    assert "Traceback" not in desk.said()
    (line,) = (line for line in desk.said().splitlines() if line.startswith("error: "))
    assert f"{desk.history}: the history is damaged" in line
    assert "→ stop Tumen, keep a copy of the file, and restore the last backup" in desk.said()
    assert [mail.subject for mail in inbox.messages if "history is damaged" in mail.subject] == [
        "Urgent: Tumen has ended: its history is damaged"
    ]

    again = desk.tumen("run", "-c", str(desk.config))
    assert again.returncode == 4, "and it does not mend itself"
    with contextlib.closing(sqlite3.connect(desk.history)) as db:
        assert {number for (number,) in db.execute("SELECT id FROM alerts")} == set(alerts), (
            "it is left as it is"
        )


@pytest.mark.parametrize("place", ["file.txt/tumen.db", "/proc/tumen.db", "nowhere/tumen.db"])
def test_a_place_that_cannot_be_written_ends_it(place, desk, small, inbox):
    desk.watch(small, inbox, history=place)
    (desk.folder / "file.txt").touch()
    done = desk.tumen("run", "-c", str(desk.config))
    assert done.returncode == 3, done.stderr
    assert place.removesuffix("/tumen.db") in done.stderr
    assert "Traceback" not in done.stderr


def test_every_exit_code_of_a_signal_is_the_shells(desk, small, inbox):
    desk.watch(small, inbox)
    service = desk.serve()
    desk.wait_for(lambda: True, service)
    service.send_signal(signal.SIGTERM)
    service.send_signal(signal.SIGTERM)  # an impatient keeper
    wait_until(lambda: service.poll() is not None, 5)
    assert service.returncode == 143


def warnings(desk):
    """The lines of the log that ask for attention."""
    return [line for line in desk.said().splitlines() if re.search(r" (WARNING|ERROR) ", line)]
