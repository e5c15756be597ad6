"""The weekly report travels the road of every message: through a real ledger to a real mail server."""

from __future__ import annotations

import asyncio
import email
import email.policy
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.core.delivery.notices import Listener, Notice, NoticeKind
from monitor.core.delivery.weekly import WeekTime
from monitor.demo.inbox import Inbox
from monitor.jobs.deliver import Deliver
from monitor.jobs.keeper import Keeper
from monitor.jobs.weekly import Weekly
from monitor.notify.channels import Channel, Channels
from monitor.notify.voice import Voice
from monitor.publish.report.letter import letter_about
from monitor.store.database import open_history
from monitor.store.ledger import Ledger
from monitor.store.notices import Notices

MONDAY = datetime(2026, 11, 30, 7, 0, tzinfo=UTC)  # eight o'clock in Berlin
BERLIN = ZoneInfo("Europe/Berlin")


class Office:
    """A history, a service that sends reports, and the inbox that gets them."""

    def __init__(self, inbox, path):
        self.path, self.inbox, self.now = path, inbox, MONDAY
        self.db = open_history(path)
        self.channel = Channel("me", (inbox.mail_url("anna"),), "de", BERLIN)
        listener = Listener("me", self.channel.recipients, zone=BERLIN, report=WeekTime(0, time(8)))
        self.keeper = Keeper(Notices(self.db), (listener,), clock=lambda: self.now)
        self.weekly = Weekly(self.keeper, (listener,), lambda: self.now)
        self.written = 0

    def write(self, week, voice):
        self.written += 1
        return letter_about(self.path, week, voice, self.now)

    def tick(self):
        """One turn of the service, until nothing is being sent any more."""

        async def run():
            voices = {"me": Voice("de", BERLIN, {})}
            deliver = Deliver(
                Ledger(self.db), Channels([self.channel]), voices, clock=lambda: self.now, weekly=self.write
            )
            self.weekly.tick()
            deliver.tick()
            while not deliver.idle:
                await asyncio.sleep(0.01)

        asyncio.run(run())

    @property
    def letters(self):
        return [email.message_from_bytes(one.raw, policy=email.policy.default) for one in self.inbox.messages]


@pytest.fixture
def office(tmp_path):
    with Inbox() as inbox:
        opened = Office(inbox, tmp_path / "tumen.db")
        yield opened
        opened.db.close()


def test_a_report_comes_once_a_week_with_its_page(office):
    for _ in range(3):
        office.tick()
        office.now += timedelta(hours=9)
    (came,) = office.letters
    assert came["subject"] == "Die Woche 23.–29. Nov. 2026"
    (page,) = came.iter_attachments()
    assert page.get_filename() == "report-2026-W48.html"
    assert "Die Woche 23.–29. Nov. 2026" in page.get_content()
    assert office.written == 1
    office.now = MONDAY + timedelta(days=7)
    office.tick()
    assert [letter["subject"] for letter in office.letters][1:] == ["Die Woche 30. Nov. – 6. Dez. 2026"]


def test_before_its_time_it_is_about_the_week_before(office):
    office.now = MONDAY - timedelta(minutes=1)
    office.tick()
    office.now = MONDAY
    office.tick()
    names = [next(letter.iter_attachments()).get_filename() for letter in office.letters]
    assert names == ["report-2026-W47.html", "report-2026-W48.html"]


def test_a_report_that_was_due_while_the_service_was_down_comes_later(office):
    office.now = MONDAY + timedelta(days=2)
    office.tick()
    (came,) = office.letters
    assert next(came.iter_attachments()).get_filename() == "report-2026-W48.html"


def test_a_report_that_leaves_with_other_notices_keeps_its_page(office):
    office.keeper.tell(Notice(NoticeKind.STARTED, "", "Tumen has started"), office.channel.recipients)
    office.tick()
    pages = [file.get_filename() for letter in office.letters for file in letter.iter_attachments()]
    assert pages == ["report-2026-W48.html"]
    told = [f"{letter['subject']} {letter.get_body(('plain',)).get_content()}" for letter in office.letters]
    assert sum("Tumen has started" in text for text in told) == 1
