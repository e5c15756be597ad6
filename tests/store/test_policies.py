"""What a ledger promises whatever comes, for virtual days: policies, silences, refusals, deaf receivers, crashes."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from monitor.core.delivery.bundling import GATHER, Occasion
from monitor.core.delivery.deliveries import Delivery, Recipient, Waiting
from monitor.core.delivery.notices import Notice, NoticeKind
from monitor.core.delivery.parking import after_failure, fate
from monitor.core.delivery.policy import HOUR, Policy, Quiet, Road, holds, last_time
from monitor.core.delivery.silencing import Silence
from monitor.core.errors import DeliveryError, Fault
from monitor.core.models import AlertKind, AlertPlan, Ingest, Match, Reason
from monitor.core.topic import Severity
from monitor.store.database import check, open_history, rows
from monitor.store.deliveries import delivery_of
from monitor.store.history import History
from monitor.store.ledger import Ledger
from monitor.store.notices import Notices
from monitor.store.silences import Silences
from spiders.items import Article

LEASE = timedelta(seconds=60)
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
LASTS = timedelta(hours=6)
START = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)  # in the next night Europe's clocks are set back
RECEIVERS = (Recipient("mail", "anna"), Recipient("mail", "boris"), Recipient("chat", "room"))
OPEN = {"pending", "claimed"}

# How a receiver takes a message: what the sender hears.
MANNERS = {
    "takes": None,
    "is busy": DeliveryError("451", reason="smtp_451"),
    "asks to wait": DeliveryError("429", reason="http_429", retry_after=1800.0),
    "is set up wrongly": DeliveryError("401", reason="http_401", fault=Fault.CHANNEL),
    "takes only plain ones": DeliveryError("413", reason="http_413", fault=Fault.MESSAGE),
    "refuses": DeliveryError("554", reason="smtp_554", fault=Fault.MESSAGE),
    "is gone": DeliveryError("550", reason="smtp_550", fault=Fault.RECIPIENT),
    "takes and does not say so": DeliveryError("no answer", reason="unknown"),
    "hangs": DeliveryError("no answer", reason="unknown"),
}
ARRIVES = {"takes", "takes and does not say so"}

clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
spans = st.sampled_from([timedelta(), timedelta(), MINUTE, 20 * MINUTE])
policies = st.builds(
    Policy,
    zone=st.sampled_from(["UTC", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"]).map(ZoneInfo),
    wait=spans,
    interval=spans,
    digest=st.one_of(
        st.just(()), st.just(()), st.lists(clocks, max_size=2, unique=True).map(sorted).map(tuple)
    ),
    quiet=st.one_of(
        st.none(),
        st.tuples(clocks, clocks).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: Quiet(*pair)),
    ),
    per_hour=st.sampled_from([None, 1, 2]),
    at_once=st.sampled_from([Severity.URGENT, Severity.HIGH]),
)


@dataclass
class Reader:
    """A receiver, how it takes messages now, and what has reached it."""

    manner: str = "takes"
    told: dict[int, list[str]] = field(
        default_factory=dict
    )  # delivery -> keys of the messages that brought it
    lost: dict[int, list[str]] = field(
        default_factory=dict
    )  # alert -> keys of the messages that called it lost
    left: list[datetime] = field(default_factory=list)  # when it took messages that a policy may hold


class TellingOverTime(RuleBasedStateMachine):
    """A service that goes on, and everything that may come between it and its readers."""

    @initialize(mail=policies, chat=policies)
    def begin(self, mail, chat):
        self.db = open_history(None)
        self.ledger, self.silences, self.notices = Ledger(self.db), Silences(self.db), Notices(self.db)
        self.now = START
        self.policies = {"mail": mail, "chat": chat}
        self.readers = {receiver: Reader() for receiver in RECEIVERS}
        self.members = {}  # key of a message -> its deliveries when it left first
        self.bundled = {}  # delivery -> the message in which it may have arrived
        self.excused = set()  # deliveries that something kept from leaving
        self.replayed = set()
        self.articles = 0

    def teardown(self):
        if hasattr(self, "db"):
            self.all_trouble_ends()
            self.db.close()

    # What comes.

    @rule(
        severity=st.sampled_from(Severity),
        many=st.sampled_from([1, 1, 1, 7]),
        late=st.booleans(),
        to=st.sets(st.sampled_from(RECEIVERS), min_size=1),
        minutes=st.sampled_from([0, 1, 1, 10]),
    )
    def news(self, severity, many, late, to, minutes=0):
        for _ in range(many):
            self.articles += 1
            url = f"https://a.example/{self.articles}"
            rules = (Match("p", "v", f"r{self.articles % 2}", severity, 1.0, ()),)
            plan = AlertPlan(AlertKind.NEW, Reason.NEW_STORY, (), tuple(sorted(to, key=str)), late)
            article = Article(url, url, "", "ko")
            item = Ingest(url, "s", article, self.now, Reason.NEW_STORY, rules, alerts=(plan,))
            History(self.db).ingest(replace(item, expires=self.now + LASTS))
        if minutes:
            self.run_until(self.now + minutes * MINUTE)

    @rule(to=st.sampled_from(RECEIVERS))
    def a_notice(self, to):
        self.notices.tell(Notice(NoticeKind.SOURCE_FAILING, "s", "s fails"), [to], self.now, lasts=LASTS)

    @rule(who=st.sampled_from(RECEIVERS), manner=st.sampled_from(sorted(MANNERS)))
    def a_reader_changes(self, who, manner):
        self.readers[who].manner = manner

    @rule(
        channel=st.sampled_from(["", "mail"]),
        of=st.sampled_from(["", "r0"]),
        begins=st.sampled_from([0, 0, 1]),
    )
    def a_silence(self, channel, of, begins):
        from_ = self.now + begins * HOUR
        self.silences.add(
            Silence(0, "anna", "busy", from_, from_ + 12 * HOUR, channel=channel, rule=of), self.now
        )

    @rule(data=st.data(), replay=st.booleans())
    def a_silence_ends(self, data, replay):
        found = [silence for silence, many in self.silences.list() if many or not replay]
        if found:
            silence = data.draw(st.sampled_from(found))
            if replay:
                kept = {one.id for one in self.deliveries("suppressed") if one.silence == silence.id}
                assert self.silences.replay(silence.id, self.now, lasts=LASTS) == len(kept)
                self.replayed |= kept
            else:
                self.silences.end(silence.id, self.now)

    @rule(data=st.data(), everything=st.booleans())
    def somebody_retries(self, data, everything):
        found = [one for one in self.deliveries("pending", "dead", "expired") if one.alert or everything]
        if not found:
            return
        alert = None if everything else data.draw(st.sampled_from(found)).alert
        for one in found:
            if one.state != "pending" and alert in (None, one.alert):
                reader = self.readers[one.recipient]
                reader.told.pop(one.id, None)  # it starts afresh, as a new message
                reader.lost.pop(one.alert, None)
                self.bundled.pop(one.id, None)
        self.ledger.retry(alert, self.now)

    @rule(arrives=st.booleans())
    def a_crash_while_sending(self, arrives):
        for bundle in self.ledger.claim(self.now, lease=LEASE, limit=9, policy=self.policy):
            self.leaves(bundle)
            if arrives:
                self.arrives(bundle)
            self.bundled |= dict.fromkeys(bundle.ids, bundle.key)
        self.excused |= {delivery.id for delivery in self.deliveries(*OPEN)}
        self.now += SECOND
        self.ledger.recover(self.now)

    @rule(hours=st.sampled_from([1, 7]))
    def the_service_is_down(self, hours):
        self.excused |= {delivery.id for delivery in self.deliveries(*OPEN)}
        self.now += hours * HOUR
        self.ledger.recover(self.now)

    @rule(minutes=st.sampled_from([1, 1, 10, 60, 300, 1500]))
    def the_service_runs(self, minutes):
        self.run_until(self.now + minutes * MINUTE)

    # What the service does.

    def policy(self, receiver):
        return self.policies[receiver.channel]

    def run_until(self, end):
        """Tick at each time at which something is due; a message takes a second."""
        self.send_what_is_due()
        while (due := self.ledger.next_due()) is not None and due <= end:
            assert due > self.now or self.deliveries("claimed"), "it would tick for ever"
            self.now = max(self.now, due)
            self.send_what_is_due()
        self.now = max(self.now, end)

    def send_what_is_due(self):
        while bundles := self.ledger.claim(self.now, lease=LEASE, limit=1, policy=self.policy):
            (bundle,) = bundles
            self.leaves(bundle)
            self.send(bundle)
            self.now += SECOND
        self.nothing_waits_without_a_reason()

    def send(self, bundle):
        to = bundle.deliveries[0].recipient
        manner = self.readers[to].manner
        if manner in ARRIVES or (manner == "takes only plain ones" and bundle.plain):
            self.arrives(bundle)
        error = MANNERS[manner]
        if error is None or (manner == "takes only plain ones" and bundle.plain):
            self.ledger.sent(bundle.ids, self.now)
            if not self.is_exempt(bundle):
                self.readers[to].left.append(self.now)
            return
        self.excused |= {one.id for one in self.deliveries(*OPEN) if one.recipient == to}
        attempts = max(delivery.attempts for delivery in bundle.deliveries)
        after = fate(error, attempts, plain=bundle.plain, now=self.now, chance=0.5)
        state = after_failure(self.ledger.recipient(to), error, now=self.now, chance=0.5)
        self.ledger.failed(
            bundle.ids,
            self.now,
            error=str(error),
            reason=error.reason,
            retry_at=after.retry_at,
            plain=after.plain,
            recipient=state,
        )
        for key in bundle.ids:
            if error.reason == "unknown":
                self.bundled[key] = bundle.key

    # What is promised.

    def leaves(self, bundle):
        """A message leaves: it is whole, it is no stranger, and it is not early."""
        first = bundle.deliveries[0]
        assert {one.recipient for one in bundle.deliveries} == {first.recipient}
        assert bundle.plain is any(one.plain for one in bundle.deliveries), (
            "refused in full, and not made plainer"
        )
        self.members.setdefault(bundle.key, set(bundle.ids))
        gone = self.members[bundle.key] - set(bundle.ids)
        assert set(bundle.ids) <= self.members[bundle.key], "a repeated message has grown"
        assert all(self.ledger.delivery(key).state not in OPEN for key in gone), "it was torn apart"
        known = [self.bundled[key] for key in bundle.ids if self.bundled.get(key)]
        if bundle.occasion is Occasion.AGAIN:
            assert set(known) == {bundle.key}
        else:
            assert not known, "what may have arrived is called another name"
        self.is_not_early(bundle)

    def is_not_early(self, bundle):
        first = bundle.deliveries[0]
        policy, reader = self.policy(first.recipient), self.readers[first.recipient]
        calm = [one for one in bundle.deliveries if self.severity(one).rank < policy.at_once.rank]
        if calm:
            quiet = holds([Waiting(1, self.now)], Policy(policy.zone, quiet=policy.quiet), Road(), self.now)
            assert not quiet or not policy.quiet, "it disturbs"
        state = self.ledger.recipient(first.recipient)
        assert state.blocked_until is None or state.blocked_until <= self.now, "it was to wait"
        assert state.parked_since is None or len(bundle.ids) == 1 or bundle.occasion is Occasion.AGAIN
        if self.is_exempt(bundle):
            return
        silences = [silence for silence, _ in self.silences.list() if silence.is_active(self.now)]
        for one in calm:
            subject = f"r{one.alert % 2}"  # alerts and articles count alike here
            keeping = [
                silence
                for silence in silences
                if silence.channel in ("", one.recipient.channel) and silence.rule in ("", subject)
            ]
            assert not keeping or one.id in self.replayed, "somebody did not want to hear it"
        if policy.digest:
            slot = last_time(self.now, policy.digest, policy.zone)
            assert all(one.created_at <= slot for one in calm), "it is not yet time for it"
        else:
            open_ = [one for one in self.deliveries(*OPEN) if one.recipient == first.recipient and one.alert]
            waited = self.now - min(one.created_at for one in open_)
            assert waited >= policy.wait
            sent = [one.sent_at for one in self.deliveries("sent") if one.recipient == first.recipient]
            patient = waited - policy.wait >= policy.interval
            assert patient or all(self.now - at >= policy.interval for at in sent)
            hour = [at for at in reader.left if self.now - at < HOUR]
            assert waited >= HOUR or policy.per_hour is None or len(hour) < policy.per_hour, "too many"

    def is_exempt(self, bundle):
        """Repetitions, notices and what has something urgent in it leave whatever the policy says."""
        at_once = self.policy(bundle.deliveries[0].recipient).at_once
        urgent = any(self.severity(one).rank >= at_once.rank for one in bundle.deliveries)
        return bundle.occasion is Occasion.AGAIN or bool(bundle.notices) or urgent

    def arrives(self, bundle):
        reader = self.readers[bundle.deliveries[0].recipient]
        for delivery in bundle.deliveries:
            keys = reader.told.setdefault(delivery.id, [])
            assert set(keys) <= {bundle.key}, "told twice, and nobody can see that it is the same"
            assert not keys or delivery.unknown
            keys.append(bundle.key)
        for lost in bundle.lost:
            reader.lost.setdefault(lost.alert, []).append(bundle.key)

    def nothing_waits_without_a_reason(self):
        """The service has sent what it may: what still waits has a time, and what is urgent waits for nobody."""
        for one in self.deliveries("pending"):
            assert one.not_before > self.now
            state = self.ledger.recipient(one.recipient)
            urgent = self.severity(one).rank >= self.policy(one.recipient).at_once.rank
            if urgent and not one.attempts and state.blocked_until is None:
                assert self.now < one.created_at + GATHER, "urgent, and it waits"
        assert not self.deliveries("claimed")

    @invariant()
    def everything_is_told_waits_or_is_listed_with_its_reason(self):
        if not hasattr(self, "db"):
            return
        for one in self.deliveries("sent", "dead", "expired", "suppressed"):
            told = self.readers[one.recipient].told.get(one.id)
            if one.state == "sent":
                assert told, "called sent, and nobody has it"
            elif one.state == "dead":
                assert one.last_error
            elif one.state == "expired":
                assert one.expires <= self.now
                assert one.id in self.excused, "a policy alone let it expire"
            else:
                assert one.silence is not None
                assert one.id not in self.replayed, "somebody wanted to hear it after all"
                assert not told
        assert check(self.db) == ()

    def all_trouble_ends(self):
        """Then everything open leaves, and what did not arrive is told, once, in a message that did."""
        for reader in self.readers.values():
            reader.manner = "takes"
        self.run_until(self.now + 8 * DAY)
        assert not self.deliveries(*OPEN), "something starves"
        for _ in range(1 + self.articles // 20):
            self.news(Severity.URGENT, 1, late=False, to=set(RECEIVERS))
            for silence, _ in self.silences.list():
                self.silences.end(silence.id, self.now)
            self.run_until(self.now + MINUTE)
        self.everything_is_told_waits_or_is_listed_with_its_reason()
        sent = {one.bundle for one in self.deliveries("sent")}
        for one in self.deliveries("dead", "expired"):
            if one.alert:
                said = sent.intersection(self.readers[one.recipient].lost.get(one.alert, ()))
                assert len(said) == 1, f"it did not arrive, and {len(said)} messages say so"

    def deliveries(self, *states) -> list[Delivery]:
        marks = ", ".join("?" * len(states))
        found = rows(self.db, f"SELECT * FROM deliveries WHERE state IN ({marks}) ORDER BY id", states)
        return [delivery_of(row) for row in found]

    def severity(self, delivery):
        if delivery.alert is None:
            return NoticeKind.SOURCE_FAILING.severity
        return self.ledger.alert(delivery.alert).severity


TestTellingOverTime = TellingOverTime.TestCase
# Without the phase that makes an example smaller: it would take minutes, and says little more.
TestTellingOverTime.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, phases=(Phase.reuse, Phase.generate)
)
