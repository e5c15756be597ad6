"""A crawl worker that hangs, dies or eats memory takes nothing else down."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

import tests.crawl
from tests.system import processes
from tests.system.desk import repeated, told
from tests.system.town import report

HOSTILE = Path(*tests.crawl.__path__) / "hostile_worker.py"


@pytest.mark.parametrize("deed", ["HANG", "EXIT", "CRASH", "EAT"])
def test_a_page_that_ruins_its_worker_keeps_no_other_from_being_told(deed, desk, small, inbox):
    paper = small.papers[1]
    bad = replace(report("smuggling"), lead=f"A page that makes parsers {deed}.")
    others = small.pieces
    paper.publish(bad)
    desk.watch(small, inbox, crawl={"deadline": "2s"})
    service = desk.start("--worker", str(HOSTILE))
    read = "SELECT count(*) AS many FROM articles"
    desk.wait_for(lambda: desk.rows(read)[0]["many"] >= len(others), service, "the others are read")
    blamed = f"SELECT reason FROM entries WHERE url = '{paper.url(bad)}' AND reason != ''"
    desk.wait_for(lambda: desk.rows(blamed), service, "the culprit is found")

    small.papers[0].publish(report("dredger"))
    paper.publish(report("lighthouse"))  # its own paper is not given up either
    more = len(others) + 2
    desk.wait_for(lambda: desk.rows(read)[0]["many"] >= more, service, "what comes later is read")
    desk.wait_for(lambda: len(told(inbox)) >= 6, service)
    assert desk.stop(service) == 143

    assert desk.rows(blamed)[0]["reason"] in {"deadline", "worker_lost", "parser_error"}
    innocent = "SELECT url FROM entries WHERE attempts > 0 OR state = 'failed'"
    assert {row["url"] for row in desk.rows(innocent)} <= {paper.url(bad)}
    assert not repeated(inbox)


def test_a_killed_worker_is_replaced(desk, small, inbox):
    desk.watch(small, inbox)
    service = desk.start()
    for development in ("dredger", "lighthouse", "sale"):
        desk.wait_for(lambda: desk.has_read(len(small.pieces)), service)
        (worker,) = (pid for pid, line in processes.marked(desk.mark).items() if "spiders.worker" in line)
        small.papers[0].publish(report(development))
        os.kill(worker, signal.SIGKILL)
    desk.wait_for(lambda: desk.has_read(len(small.pieces)), service)
    assert desk.stop(service) == 143
    assert len(told(inbox)) == len(small.developments)
    assert not repeated(inbox)
