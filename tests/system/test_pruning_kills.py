"""A service that is killed while it prunes loses nothing that is to stay, and leaves nothing that is to go."""

from __future__ import annotations

import random
import shutil
import signal
import threading
import time
from contextlib import closing, suppress
from datetime import UTC, datetime
from html import escape

import pytest

from monitor import control
from monitor.core.errors import MonitorError
from monitor.core.retention import Retention, RetentionClass
from monitor.store.capture_files import CaptureFiles
from monitor.store.database import open_history
from spiders.items import Kind, Source
from tests.aged import DAY, address, expected, fill, listed, mixed, put_pages
from tests.crawl.site import Reply
from tests.pruned import differences, faults, finish, tops
from tests.system import processes
from tests.system.desk import PATIENCE, told
from tests.system.processes import wait_until
from tests.system.town import feed, other, page, report

KEPT = Retention(**dict.fromkeys((each.value for each in RetentionClass), 90 * DAY))
PIECES = 300
RELISTED = 30  # of the oldest, which the paper lists all the time
HTML = {"Content-Type": "text/html; charset=utf-8"}
NEW = ("strike", "ferry", "crane", "fire")  # published one by one, as the service is started again


class Archive:
    """A desk whose history is old, and a paper that lists old articles among the new ones."""

    def __init__(self, desk, town, inbox, chance):
        self.desk, self.paper = desk, town.paper("courier")
        self.found, self.now = mixed(chance, PIECES), datetime.now(UTC)
        self.source = Source("courier", "Courier", str(self.paper.source["url"]), Kind.FEED, "en")
        self.oldest = sorted(range(PIECES), key=lambda number: -self.found[number].age)[:RELISTED]
        self.again = []
        self.listed = [listed(number, self.found[number], self.source) for number in self.oldest]
        self.paper.site.put("/feed", lambda _: self._feed())
        self.files = CaptureFiles(desk.folder / "tumen.db.captures")
        with closing(open_history(desk.history)) as db:
            db.execute("PRAGMA synchronous = OFF")
            self.keys = fill(db, self.found, self.now, self.source)
            put_pages(db, self.files)
            self.tops = tops(db)
        kept = dict.fromkeys((each.value for each in RetentionClass), "90d")
        desk.configure([self.paper.source], inbox.mail_url("desk"), retention=kept)

    def undisturbed(self):
        """The same history, from which all went in one run."""
        path, folder = self.desk.folder / "undisturbed.db", self.desk.folder / "undisturbed"
        shutil.copy(self.desk.history, path)
        shutil.copytree(self.files.folder, folder)
        db = open_history(path)
        finish(db, KEPT, self.now, CaptureFiles(folder))
        return db

    def removed(self):
        return sum(row["removed"] for row in self.desk.rows("SELECT removed FROM prunings"))

    def relist(self):
        """Have the paper list what is gone by the addresses of its pages, too: these are not known from feeds."""
        _, staying = expected(self.found, KEPT)
        gone = [one for one in self.oldest if self.found[one].alias and one not in staying]
        self.again = [address(one, self.source) for one in gone]
        for one, url in zip(gone, self.again, strict=True):
            self.paper.site.put(f"/{url.rpartition('/')[2]}", Reply(page(other(one)), headers=HTML))

    def asked(self, url):
        return self.paper.site.counts[url.removeprefix(self.paper.site.url(""))]

    def new(self):
        return {self.paper.url(one) for one in self.paper.pieces}

    def _feed(self):
        links = [*map(self.paper.url, self.paper.pieces), *self.listed, *self.again]
        return feed("".join(f"<item><title>T</title><link>{escape(url)}</link></item>" for url in links))


def prune(desk):
    """Have the service prune, as `tumen prune` does; it may die meanwhile."""

    def ask():
        with suppress(MonitorError):
            control.call(desk.history, "prune", timeout=PATIENCE)

    asking = threading.Thread(target=ask)
    asking.start()
    return asking


@pytest.mark.timeout(240)
def test_kills_while_it_prunes_lose_nothing_and_leave_nothing(desk, town, inbox):
    chance = random.Random(1)
    old = Archive(desk, town, inbox, chance)
    with closing(old.undisturbed()) as undisturbed:
        total = sum(row["removed"] for row in undisturbed.query("SELECT removed FROM prunings"))
        amid = 0
        for nth, name in enumerate(NEW):
            old.paper.publish(report(name))
            service = desk.serve()
            desk.wait_for(lambda: True, service)
            asking = prune(desk)
            goal = chance.uniform(nth, nth + 1) / len(NEW) * total * 0.6
            wait_until(lambda goal=goal: old.removed() > goal, PATIENCE, "it prunes")
            time.sleep(chance.uniform(0.0, 0.1))  # the moment is what this test is about
            service.kill()
            service.wait()
            asking.join()
            assert processes.are_gone(desk.mark), f"its worker lives: {processes.marked(desk.mark)}"
            amid += old.removed() < total
        assert amid >= len(NEW) // 2, "it was killed after all was done"

        last = desk.serve()
        desk.wait_for(lambda: True, last)
        assert desk.tumen("prune", "-c", str(desk.config)).returncode == 0
        old.relist()
        old.paper.publish(report("dredger"))
        desk.wait_for(lambda: old.new() <= set(told(inbox)), last, "what is new is told")
        desk.wait_for(lambda: desk.has_read(PIECES), last, "what is listed again is read")
        assert desk.stop(last) == 128 + signal.SIGTERM

        with closing(open_history(desk.history)) as db:
            assert differences(db, undisturbed, old.tops) == []
            assert faults(db, old.files, datetime.now(UTC)) == []
        check_what_is_there(old, old.new())
        assert set(told(inbox)) == old.new()


def check_what_is_there(old, new):
    """By the words of the documentation, and beside what is new; what went was not asked for again."""
    alerts, articles = expected(old.found, KEPT)
    there = {row["id"]: row["url"] for row in old.desk.rows("SELECT id, url FROM articles")}
    assert {key for key, url in there.items() if url not in new} == {old.keys[one] for one in articles}
    kept = {key for key in old.desk.alerts() if key <= old.tops["alerts"]}
    assert len(kept) == len(alerts)
    for url in old.listed:
        assert old.asked(url) == 0, "an address that its feed has listed is known for ever"
    assert old.again
    for url in old.again:
        assert old.asked(url) == 1, "a page that went is known when it is read"
    ends = old.desk.rows("SELECT url FROM entries WHERE reason = 'pruned' AND state = 'read'")
    assert {row["url"] for row in ends} == set(old.again)
