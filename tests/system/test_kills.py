"""A service that is killed loses nothing that was stored, and tells nothing twice but what was on its way."""

from __future__ import annotations

import hashlib
import random
import signal
import time

import pytest

from monitor.jobs.steps import Step
from tests.system import processes
from tests.system.desk import PATIENCE, mails, repeated, told
from tests.system.town import REPORTS, report

# The middle of a step's passing is more telling than its first time: some things are done then, and some are not.
NTH = {
    Step.LOOKED: 2,
    Step.PAGE_READ: 3,
    Step.DECIDED: 4,
    Step.ARTICLE_STORED: 4,
    Step.CAPTURED: 2,
    Step.CLAIMED: 2,
    Step.SENT: 2,
}


def check_all_was_captured(desk):
    """Each article on topic has its page as it was fetched, in a whole file in its place; there is no other."""
    rows = desk.rows(
        "SELECT file, sha256, articles.story FROM articles LEFT JOIN captures ON article = articles.id"
    )
    assert {row["file"] is not None for row in rows if row["story"]} == {True}
    folder = desk.folder / "tumen.db.captures"
    lie = {path.name: path for path in folder.rglob("*.warc.gz*")}
    assert set(lie) == {row["file"] for row in rows if row["file"]}
    for row in rows:
        if row["file"]:
            assert lie[row["file"]].parent.parent.parent == folder
            assert hashlib.sha256(lie[row["file"]].read_bytes()).hexdigest() == row["sha256"]


def check_all_was_told(desk, town, inbox):
    """Every article is in the history, in the right story, and every alert of the history was heard."""
    read = {row["url"]: row["story"] for row in desk.rows("SELECT url, story FROM articles")}
    assert set(read) == set(town.pieces)
    stories = {frozenset(url for url in read if read[url] == story) for story in read.values() if story}
    assert stories == set(town.developments.values())
    alerts = desk.alerts()
    assert set(alerts.values()) == set(told(inbox))
    assert len(set(alerts.values())) == len(alerts), "an article was told in two alerts"
    for name, urls in town.developments.items():
        assert urls & set(told(inbox)), f"nobody heard of {name}"
    check_all_was_captured(desk)
    kinds = desk.rows("SELECT story, count(*) AS many FROM alerts WHERE kind = 'new' GROUP BY story")
    assert [row["many"] for row in kinds] == [1] * len(town.developments), "a story was opened twice"


@pytest.mark.parametrize("step", list(Step))
def test_a_kill_at_this_step_loses_nothing(step, desk, small, inbox):
    desk.watch(small, inbox)
    killed = desk.start("--die-at", step, "--nth", str(NTH.get(step, 1)))

    assert killed.wait(PATIENCE) == -signal.SIGKILL, desk.said()
    assert desk.died_at() == step
    assert processes.are_gone(desk.mark), f"its worker lives: {processes.marked(desk.mark)}"
    stored, in_flight = desk.alerts(), desk.in_flight()
    assert len(in_flight) <= 1

    again = desk.start()
    desk.wait_for(lambda: desk.has_read(len(small.pieces)), again, "everything is read and told")
    assert desk.stop(again) == 128 + signal.SIGTERM

    assert stored.items() <= desk.alerts().items()
    check_all_was_told(desk, small, inbox)
    assert repeated(inbox) <= in_flight
    assert max(told(inbox).values()) <= 2
    if step is Step.SENT:
        assert repeated(inbox) == in_flight, "what was not recorded must be sent again"


@pytest.mark.parametrize("seed", [1, 2])
def test_kills_at_any_moment_lose_nothing(seed, desk, small, inbox):
    chance = random.Random(seed)
    desk.watch(small, inbox)
    stored, in_flight = {}, []
    for _ in range(4):
        asked = small.asked()
        service = desk.start()
        desk.wait_for(lambda asked=asked: small.asked() > asked, service, "it looks at a source")
        time.sleep(chance.uniform(0.0, 0.8))  # the moment is what this test is about
        service.kill()
        service.wait()
        assert processes.are_gone(desk.mark), f"its worker lives: {processes.marked(desk.mark)}"
        assert stored.items() <= desk.alerts().items()
        stored = desk.alerts()
        in_flight += desk.in_flight()

    again = desk.start()
    desk.wait_for(lambda: desk.has_read(len(small.pieces)), again, "everything is read and told")
    assert desk.stop(again) == 128 + signal.SIGTERM

    check_all_was_told(desk, small, inbox)
    for url, times in told(inbox).items():
        assert times <= 1 + in_flight.count(url)
    assert len({mail.message_id for mail in mails(inbox)}) == len(desk.alerts())
    repeated(inbox)


@pytest.mark.parametrize("step", [Step.CLAIMED, Step.SENT, Step.RECORDED])
def test_a_kill_while_a_digest_is_on_its_way_repeats_at_most_this_digest(step, desk, town, inbox, door):
    paper = town.paper("courier", *map(report, REPORTS))
    mail = door(inbox.mail_port)
    address = inbox.mail_url("desk").replace(str(inbox.mail_port), str(mail.port))
    desk.configure([paper.source], address)
    service = desk.start()
    desk.wait_for(
        lambda: len(desk.alerts()) == len(REPORTS), service, "all is stored, and no mail server is there"
    )
    assert desk.stop(service) == 128 + signal.SIGTERM

    mail.open()
    assert desk.tumen("alerts", "retry", "-c", str(desk.config)).returncode == 0
    killed = desk.start("--die-at", step)
    assert killed.wait(PATIENCE) == -signal.SIGKILL, desk.said()
    in_flight = desk.in_flight()
    assert len(in_flight) == (0 if step is Step.RECORDED else len(REPORTS))

    again = desk.start()
    desk.wait_for(lambda: desk.has_read(len(REPORTS)), again, "everything is told")
    assert desk.stop(again) == 128 + signal.SIGTERM
    assert set(told(inbox)) == set(town.pieces)
    assert len(mails(inbox)) == (2 if step is Step.SENT else 1)
    assert repeated(inbox) == (in_flight if step is Step.SENT else set())
