import asyncio
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.core.delivery.deliveries import DeliveryState, Recipient
from monitor.core.delivery.notices import Listener
from monitor.core.errors import DeliveryError, Fault, StorageError
from monitor.demo.inbox import Inbox
from monitor.jobs.deliver import Deliver, Ways
from monitor.jobs.keeper import Keeper
from monitor.jobs.steps import Step
from monitor.notify.channels import Channel, Channels
from monitor.notify.translation import Translation
from monitor.notify.voice import Voice
from monitor.store import configured
from monitor.store.ledger import Ledger
from monitor.store.notices import Notices

TITLES = (
    "North Korea sends 3,000 soldiers to Russia",
    "Russia ships 2 million shells from North Korea to Kursk",
)


class Door:
    """Stands for the channels: takes messages, or refuses them as it is told."""

    def __init__(self):
        self.refusal = None
        self.taken = []
        self.gate = asyncio.Event()
        self.gate.set()

    def room(self, recipient):
        return 40

    async def send(self, recipient, message, *, key):
        await self.gate.wait()
        if self.refusal:
            raise self.refusal
        self.taken.append((recipient.channel, key))


@pytest.fixture
def ledger(db):
    return Ledger(db)


@pytest.fixture
def door():
    return Door()


@pytest.fixture
def voices(pack):
    return {name: Voice("en", ZoneInfo("UTC"), {pack.name: pack}) for name in ("mail", "chat")}


@pytest.fixture
def steps():
    return []


@pytest.fixture
def deliver(ledger, door, voices, clock, steps):
    return Deliver(ledger, door, voices, clock=clock, observe=lambda step, _: steps.append(step))


@pytest.fixture
def alert(make_ingestor, take):
    """Store an alert for these channels."""
    ingestors = {}

    def make(*channels, title=TITLES[0]):
        ingestor = ingestors.setdefault(channels, make_ingestor(*(channels or ("mail",))))
        assert take(ingestor, title).stored.alerts

    return make


def settle(deliver, ticks=1):
    """Tick, and wait until nothing is being sent."""

    async def run():
        for _ in range(ticks):
            deliver.tick()
            while deliver._sending:
                await asyncio.wait(deliver._sending)
                await asyncio.sleep(0)

    asyncio.run(asyncio.wait_for(run(), 20))


def states(db):
    return [row["state"] for row in db.query("SELECT state FROM deliveries ORDER BY id")]


def test_what_is_due_is_sent_once_and_recorded(deliver, door, db, alert, steps):
    alert("mail", "chat")
    settle(deliver, 3)
    assert sorted(channel for channel, _ in door.taken) == ["chat", "mail"]
    assert states(db) == [DeliveryState.SENT] * 2
    assert steps.count(Step.SENT) == steps.count(Step.RECORDED) == 2
    assert steps.index(Step.CLAIMED) < steps.index(Step.SENT) < steps.index(Step.RECORDED)


def test_a_real_mail_arrives_and_is_recorded(ledger, voices, clock, make_ingestor, take, db):
    with Inbox() as inbox:
        channel = Channel("mail", (inbox.mail_url("anna"),))
        take(make_ingestor("mail"), TITLES[0])
        db.execute("UPDATE deliveries SET recipient = ?", [channel.recipients[0].key])
        settle(Deliver(ledger, Channels([channel]), voices, clock=clock))
        (mail,) = inbox.messages
    assert TITLES[0] in mail.subject + mail.text
    assert states(db) == [DeliveryState.SENT]


def test_what_is_on_its_way_says_how_much_was_done_before(deliver, door, alert):
    alert("mail", "chat")
    settle(deliver)
    assert deliver.done is None, "nothing is on its way"

    async def run():
        alert("mail", title=TITLES[1])
        door.gate = asyncio.Event()
        deliver.tick()
        assert deliver.done == 2
        door.gate.set()
        await asyncio.wait(deliver._sending)

    asyncio.run(run())


def test_nothing_is_marked_as_sent_before_it_was(deliver, door, db, alert):
    alert()
    door.gate.clear()

    async def run():
        deliver.tick()
        await asyncio.sleep(0)
        assert states(db) == [DeliveryState.CLAIMED]
        door.gate.set()
        await deliver.drain(5)

    asyncio.run(run())
    assert states(db) == [DeliveryState.SENT]


def test_a_refusal_for_good_is_dead_and_not_tried_again(deliver, door, db, alert, clock):
    alert()
    door.refusal = DeliveryError("unknown user", fault=Fault.RECIPIENT)
    settle(deliver)
    assert states(db) == [DeliveryState.DEAD]
    door.refusal = None
    clock.forward(hours=9)
    settle(deliver)
    assert door.taken == []


def test_a_passing_failure_is_tried_again_with_growing_pauses_until_it_is_taken(
    deliver, door, db, alert, clock
):
    alert()
    door.refusal = DeliveryError("later", reason="smtp_451")
    for attempts in range(1, 6):
        settle(deliver, 3)
        (row,) = db.query("SELECT state, attempts, last_error FROM deliveries")
        assert row == {"state": "pending", "attempts": attempts, "last_error": "later"}
        clock.forward(minutes=16)
    door.refusal = None
    settle(deliver)
    assert (states(db), len(door.taken)) == ([DeliveryState.SENT], 1)


def test_what_a_receiver_asks_for_is_waited_for(deliver, door, alert, clock):
    alert()
    door.refusal = DeliveryError("greylisted", retry_after=300.0)
    settle(deliver)
    door.refusal = None
    clock.forward(seconds=299)
    settle(deliver)
    assert door.taken == []
    clock.forward(seconds=1)
    settle(deliver)
    assert len(door.taken) == 1


def test_a_message_that_may_have_arrived_says_so_and_keeps_its_key(deliver, door, db, alert, clock):
    alert()
    keys = []

    async def send(recipient, message, *, key):
        keys.append(key)
        if len(keys) == 1:
            raise DeliveryError("no answer", reason="unknown")

    door.send = send
    settle(deliver)
    assert [row["unknown"] for row in db.query("SELECT unknown FROM deliveries")] == [1]
    clock.forward(hours=1)
    settle(deliver)
    assert len(keys) == 2
    assert keys[0] == keys[1]


def test_a_channel_that_was_removed_leaves_its_messages_dead_with_a_remedy(ledger, door, db, alert, clock):
    alert()
    settle(Deliver(ledger, door, {}, clock=clock))
    (row,) = db.query("SELECT state, last_error FROM deliveries")
    assert row["state"] == DeliveryState.DEAD
    assert "tumen alerts retry" in row["last_error"]


def test_what_is_too_old_expires_unsent(deliver, door, db, alert, clock):
    alert()
    clock.forward(hours=49)
    settle(deliver)
    assert (door.taken, states(db)) == ([], [DeliveryState.EXPIRED])


def test_while_the_ledger_cannot_be_written_nothing_is_sent(
    deliver, door, ledger, db, alert, clock, monkeypatch, caplog
):
    alert()

    def refuse(*_, **__):
        raise StorageError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "claim", refuse)
        settle(deliver, 5)
    said = [record.message for record in caplog.records if record.name.startswith("tumen")]
    assert said == ["nothing is sent for 30 s: disk full"]
    settle(deliver)
    assert door.taken == []
    clock.forward(seconds=31)
    settle(deliver)
    assert len(door.taken) == 1


def test_a_clock_that_is_set_back_makes_no_pause_longer(deliver, door, ledger, alert, clock, monkeypatch):
    def refuse(*_, **__):
        raise StorageError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "claim", refuse)
        settle(deliver)
    clock.forward(hours=-1)
    alert()
    settle(deliver)
    assert len(door.taken) == 1


def test_what_was_sent_and_could_not_be_recorded_stops_further_sending_and_is_recorded_later(
    deliver, door, ledger, db, alert, clock, monkeypatch
):
    alert("mail")
    alert("chat", title=TITLES[1])

    def refuse(*_, **__):
        raise StorageError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "sent", refuse)
        settle(deliver, 3)
    assert set(states(db)) == {DeliveryState.CLAIMED}
    sent = len(door.taken)
    settle(deliver)
    assert len(door.taken) == sent
    clock.forward(seconds=31)
    settle(deliver, 2)
    assert set(states(db)) == {DeliveryState.SENT}
    assert len(set(door.taken)) == len(door.taken) == 2, "what was taken is recorded, and not sent again"


def test_a_bug_while_sending_is_reported_and_the_message_is_tried_again_in_plain_form(
    deliver, door, db, alert, caplog
):
    alert()
    forms = []

    async def send(recipient, message, *, key):
        forms.append(bool(message.html))
        if message.html:
            raise ZeroDivisionError

    door.send = send
    settle(deliver)
    assert "a bug while sending" in caplog.text
    assert forms == [True, False]
    assert states(db) == [DeliveryState.SENT]


def test_after_a_drain_nothing_new_is_begun_and_what_hangs_stays_claimed(deliver, door, db, alert):
    alert()
    door.gate.clear()

    async def run():
        deliver.tick()
        await asyncio.sleep(0)
        await deliver.drain(0.01)
        deliver.tick()
        assert len(deliver._sending) == 1
        for task in deliver._sending:
            task.cancel()
        await asyncio.sleep(0)

    asyncio.run(run())
    assert states(db) == [DeliveryState.CLAIMED]


def test_a_restart_takes_up_what_hung(deliver, door, ledger, db, alert, clock):
    alert()
    ledger.claim(clock.now, lease=timedelta(minutes=1), limit=9)
    assert ledger.recover(clock.now) == 1
    settle(deliver)
    assert states(db) == [DeliveryState.SENT]


ANNA = Recipient("mail", "anna")


@pytest.fixture
def parked(ledger, door, voices, db, clock, alert):
    """A channel that must be mended, and was reported; the keeper, and what delivers after a restart."""
    keeper = Keeper(Notices(db), (Listener("mail", (ANNA,)), Listener("chat", ())), clock=clock)
    alert()
    door.refusal = DeliveryError("wrong password", reason="smtp_535", fault=Fault.CHANNEL)
    settle(Deliver(ledger, door, voices, clock=clock, keeper=keeper))
    assert list(keeper.standing()) == ["channel mail anna"]
    door.refusal = None
    return keeper, Deliver(ledger, door, voices, clock=clock, keeper=keeper)


def test_a_channel_that_is_parked_still_is_so_after_a_restart_until_it_takes_something(parked, clock):
    keeper, deliver = parked
    deliver.begin([ANNA])
    assert list(keeper.standing()) == ["channel mail anna"]
    clock.forward(minutes=15)
    settle(deliver)
    assert keeper.standing() == {}


def test_a_channel_whose_recovery_was_recorded_and_not_said_is_well_after_a_restart(parked, ledger, clock):
    keeper, deliver = parked
    ledger.sent((1,), clock.now)  # killed here
    deliver.begin([ANNA])
    assert keeper.standing() == {}


def test_a_channel_whose_address_was_changed_is_not_called_parked_for_ever(parked):
    keeper, deliver = parked
    deliver.begin([Recipient("mail", "anna with another password")])
    assert keeper.standing() == {}


class Interpreter:
    """Stands for a translator; `found` is what it returns for every alert."""

    def __init__(self, found):
        self.found, self.asked = found, []

    async def translate(self, alerts, voice):
        self.asked.append((len(alerts), voice.language))
        return {alert.id: self.found for alert in alerts} if self.found else {}


def test_a_message_waits_for_its_translation_and_leaves_without_if_there_is_none(
    ledger, voices, clock, door, alert
):
    messages = []
    plain = door.send

    async def send(recipient, message, *, key):
        messages.append(message)
        await plain(recipient, message, key=key)

    door.send = send
    interpreter = Interpreter(Translation("Titel", "Vorspann", "translate.example"))
    service = Deliver(ledger, door, voices, clock=clock, translator=interpreter)
    alert()
    settle(service)
    interpreter.found = None
    alert(title=TITLES[1])
    settle(service)
    assert interpreter.asked == [(1, "en")] * 2
    assert ["translate.example" in message.text for message in messages] == [True, False]


NEW = Recipient("mail", "anna with another password")


def reconfigured(deliver, door, ledger, db, voices, recipients, clock):
    """Other channels are taken up while the first message is being sent; the way to them."""
    other = Door()

    async def run():
        door.gate.clear()
        deliver.tick()
        await asyncio.sleep(0)
        assert states(db) == [DeliveryState.CLAIMED]
        configured.take_up(db, [], recipients, clock.now)
        named = {to.channel for to in recipients}
        spoken = {name: voice for name, voice in voices.items() if name in named}
        deliver.take_up(Ways(other, spoken, {}, recipients=frozenset(recipients)))
        door.gate.set()
        while not deliver.idle:
            await asyncio.wait(deliver._sending)
            await asyncio.sleep(0)

    asyncio.run(asyncio.wait_for(run(), 20))
    return other


@pytest.mark.parametrize("recipients", [[ANNA], [NEW], []], ids=["same", "changed", "gone"])
def test_what_is_being_sent_goes_its_former_way_to_its_end(
    deliver, door, ledger, db, voices, clock, alert, recipients
):
    alert()
    other = reconfigured(deliver, door, ledger, db, voices, recipients, clock)
    assert (len(door.taken), other.taken) == (1, [])
    assert states(db) == [DeliveryState.SENT]


def test_what_fails_on_its_former_way_is_sent_by_the_new_one_at_once(
    deliver, door, ledger, db, voices, clock, alert
):
    alert()
    door.refusal = DeliveryError("wrong password", reason="login", fault=Fault.CHANNEL)
    other = reconfigured(deliver, door, ledger, db, voices, [NEW], clock)
    assert [channel for channel, _ in other.taken] == ["mail"]
    assert states(db) == [DeliveryState.SENT]
    assert ledger.recipient(NEW).parked_since is None
    assert ledger.recipient(NEW).failures == 0


def test_what_fails_on_the_way_to_a_channel_that_is_gone_ends_with_the_reason(
    deliver, door, ledger, db, voices, clock, alert
):
    alert()
    door.refusal = DeliveryError("try later")
    other = reconfigured(deliver, door, ledger, db, voices, [], clock)
    assert other.taken == []
    assert states(db) == [DeliveryState.DEAD]
    assert "no longer configured" in ledger.delivery(1).last_error


def test_what_may_have_arrived_is_not_hurried_to_the_new_address(
    deliver, door, ledger, db, voices, clock, alert
):
    alert()
    door.refusal = DeliveryError("no answer", reason="unknown")
    other = reconfigured(deliver, door, ledger, db, voices, [NEW], clock)
    assert other.taken == []
    assert ledger.delivery(1).unknown
    assert ledger.delivery(1).not_before > clock.now
