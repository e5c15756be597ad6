"""Many deliveries due at once, with a real ledger and a real mail server: one message, recorded as one."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.core.delivery.bundling import GATHER
from monitor.core.delivery.deliveries import DeliveryState
from monitor.core.errors import Fault
from monitor.core.models import AlertKind, AlertPlan, Ingest, Match, Reason
from monitor.core.topic import Severity
from monitor.demo.inbox import Inbox
from monitor.jobs.deliver import Deliver
from monitor.jobs.steps import Step
from monitor.notify import failures
from monitor.notify.channels import Channel, Channels
from monitor.notify.voice import Voice
from monitor.store.database import open_history
from monitor.store.history import History
from monitor.store.ledger import Ledger
from spiders.items import Article

START = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)


@dataclass
class Mailroom:
    """A history with a ledger, a service that delivers, and the inbox it delivers to."""

    inbox: Inbox
    now: datetime = START
    steps: list[tuple[Step, str]] = field(default_factory=list)
    articles: int = 0

    def __post_init__(self):
        self.db = open_history(None)
        self.ledger = Ledger(self.db)
        self.channels = Channels([Channel("desk", (self.inbox.mail_url("anna"),))])

    def alert(self, many, *, late=False, severity=Severity.NORMAL):
        for _ in range(many):
            self.articles += 1
            url = f"https://a.example/{self.articles}"
            recipients = Channel("desk", (self.inbox.mail_url("anna"),)).recipients
            plan = AlertPlan(AlertKind.NEW, Reason.NEW_STORY, (), recipients, late)
            match = Match("p", "v", "r", severity, 1.0, ())
            article = Article(url, f"Title {self.articles}", "Text.", "en", self.now)
            History(self.db).ingest(
                Ingest(url, "s", article, self.now, Reason.NEW_STORY, (match,), alerts=(plan,))
            )

    def deliver(self, observe=None):
        """Let a service run until nothing more is due; `observe` may end it at a step."""

        def saw(step, subject):
            self.steps.append((step, subject))
            if observe:
                observe(step)

        async def run():
            voices = {"desk": Voice("en", ZoneInfo("UTC"), {})}
            service = Deliver(self.ledger, self.channels, voices, clock=lambda: self.now, observe=saw)
            service.tick()
            while service._sending:
                await asyncio.wait(service._sending)
                await asyncio.sleep(0)

        asyncio.run(run())

    def states(self):
        return [self.ledger.delivery(number).state for number in range(1, self.articles + 1)]


@pytest.fixture
def room():
    with Inbox() as inbox:
        mailroom = Mailroom(inbox)
        yield mailroom
        mailroom.db.close()


@pytest.fixture
def refuse(room, monkeypatch):
    """Let the way to the inbox fail like this."""

    def refuse(error):
        async def send(*_args, **_named):
            raise error

        monkeypatch.setattr(room.channels, "send", send)

    return refuse


def test_what_is_due_at_once_arrives_as_one_mail(room):
    room.alert(8)
    room.deliver()
    (mail,) = room.inbox.messages
    assert mail.subject == "8 alerts: Title 1 …"
    assert {f"https://a.example/{number}" for number in range(1, 9)} <= set(mail.text.splitlines())
    assert room.states() == [DeliveryState.SENT] * 8
    assert len({room.ledger.delivery(number).bundle for number in range(1, 9)}) == 1


def test_each_alert_of_it_passes_each_step(room):
    room.alert(6)
    room.deliver()
    ids = [str(number) for number in range(1, 7)]
    assert room.steps == [(step, key) for step in (Step.CLAIMED, Step.SENT, Step.RECORDED) for key in ids]


def test_few_arrive_one_by_one(room):
    room.alert(5)
    room.deliver()
    assert [mail.subject for mail in room.inbox.messages] == [f"Title {number}" for number in range(1, 6)]


def test_an_urgent_one_arrives_first_and_alone(room):
    room.alert(7)
    room.alert(1, severity=Severity.URGENT)
    room.deliver()
    assert [mail.subject for mail in room.inbox.messages] == ["Urgent: Title 8", "7 alerts: Title 1 …"]


def test_late_ones_wait_for_each_other_but_not_for_long(room):
    for _ in range(9):
        room.alert(1, late=True)
        room.now += timedelta(seconds=2)
        room.deliver()
    assert room.inbox.messages == ()
    room.now = START + GATHER
    room.deliver()
    (mail,) = room.inbox.messages
    assert mail.subject.startswith("9 alerts")


@pytest.mark.parametrize("step", [Step.CLAIMED, Step.SENT])
def test_after_a_crash_the_same_message_is_repeated_though_more_has_come(room, step):
    class Killed(BaseException):
        pass

    def die(at):
        if at is step:
            raise Killed

    room.alert(7)
    with suppress(Killed):
        room.deliver(die)
    room.alert(7)
    room.now += timedelta(seconds=1)
    room.ledger.recover(room.now)
    room.deliver()
    subjects = [mail.subject for mail in room.inbox.messages]
    ids = [mail.message_id for mail in room.inbox.messages]
    assert subjects[-2:] == ["7 alerts: Title 1 …", "7 alerts: Title 8 …"]
    if step is Step.SENT:
        assert (subjects[0], ids[0]) == (subjects[1], ids[1])
    assert len(set(ids)) == 2
    assert room.states() == [DeliveryState.SENT] * 14


def outcome(room):
    deliveries = [room.ledger.delivery(number) for number in range(1, room.articles + 1)]
    (said,) = {(one.state, one.not_before, one.last_error, one.unknown, one.bundle) for one in deliveries}
    return said


def test_a_refusal_is_recorded_for_all_and_what_came_meanwhile_joins(room, refuse, monkeypatch):
    room.alert(6)
    refuse(failures.by_smtp("desk", 451, "later", Fault.RECIPIENT))
    room.deliver()
    state, again, error, unknown, bundle = outcome(room)
    assert (state, unknown, bundle) == (DeliveryState.PENDING, False, "")
    assert again > room.now
    assert "451" in error
    monkeypatch.undo()
    room.alert(2)
    room.now = again
    room.deliver()
    assert [mail.subject.partition(":")[0] for mail in room.inbox.messages] == ["8 alerts"]


def test_without_an_answer_the_same_message_is_repeated(room, refuse, monkeypatch):
    room.alert(6)
    refuse(failures.unknown("desk"))
    room.deliver()
    state, again, _, unknown, bundle = outcome(room)
    assert (state, unknown, len(bundle)) == (DeliveryState.PENDING, True, 16)
    monkeypatch.undo()
    room.alert(6)
    room.now = again
    room.deliver()
    subjects = [mail.subject for mail in room.inbox.messages]
    assert subjects == ["6 alerts: Title 1 …", "6 alerts: Title 7 …"]
    assert room.ledger.delivery(1).bundle == bundle


def test_what_is_refused_for_good_is_dead_until_somebody_retries(room, refuse, monkeypatch):
    room.alert(6)
    refuse(failures.by_smtp("desk", 554, "no", Fault.RECIPIENT))
    room.deliver()
    assert outcome(room)[0] is DeliveryState.DEAD
    monkeypatch.undo()
    assert room.ledger.retry(None, room.now) == 6
    room.deliver()
    assert len(room.inbox.messages) == 1
    assert outcome(room)[0] is DeliveryState.SENT
