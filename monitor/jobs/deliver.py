"""Delivering: claim, render, send, then record."""

from __future__ import annotations

import asyncio
import logging
import random
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.core.delivery.deliveries import Hold, Recipient
from monitor.core.delivery.notices import Notice, NoticeKind
from monitor.core.delivery.parking import after_failure, fate
from monitor.core.delivery.policy import IMMEDIATE
from monitor.core.errors import DeliveryError, Fault, StorageError
from monitor.jobs.keeper import CHANNEL
from monitor.jobs.steps import Observer, Step, ignore
from monitor.notify.message import render_bundle
from monitor.notify.notices import render_notices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from monitor.core.delivery.bundling import Bundle, Coverage
    from monitor.core.delivery.parking import RecipientState
    from monitor.core.delivery.policy import Policy
    from monitor.jobs.keeper import Keeper
    from monitor.notify.channels import Channels
    from monitor.notify.message import Message
    from monitor.notify.translation import Translator
    from monitor.notify.voice import Voice
    from monitor.store.ledger import Ledger

_log = logging.getLogger("tumen.deliver")
_LEASE = timedelta(seconds=60)  # longer than a send may take
_AT_ONCE = 20
_PAUSE = timedelta(seconds=30)  # after the ledger could not be written, before anything more is sent
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ways:
    """How channels are told.

    Attributes:
        channels: the way to the receivers.
        voices: how each channel is spoken to.
        policies: when each channel is told; at once if it is not named.
        translator: translates reports, None for nobody.
        recipients: who is configured.
    """

    channels: Channels
    voices: Mapping[str, Voice]
    policies: Mapping[str, Policy]
    translator: Translator | None = None
    recipients: frozenset[Recipient] = frozenset()


class Deliver:
    """Sends what is due. Nothing is marked as sent before a receiver took it.

    Args:
        ledger: the deliveries.
        channels: the way to the receivers.
        voices: how each channel is spoken to.
        clock: the time.
        policies: when each channel is told; at once if it is not named.
        keeper: hears of channels that are parked, None for nobody.
        coverage: what was looked at since a time.
        translator: translates reports, None for nobody.
        recipients: who is configured.
        weekly: writes the message about a week, named `2026-W48`; it may take a second.
        observe: is told each step of the road.
    """

    def __init__(  # noqa: PLR0913  these are its collaborators
        self,
        ledger: Ledger,
        channels: Channels,
        voices: Mapping[str, Voice],
        *,
        clock: Callable[[], datetime],
        policies: Mapping[str, Policy] | None = None,
        keeper: Keeper | None = None,
        coverage: Callable[[datetime], Coverage] | None = None,
        translator: Translator | None = None,
        recipients: Iterable[Recipient] = (),
        weekly: Callable[[str, Voice], Message] | None = None,
        observe: Observer = ignore,
    ) -> None:
        self._ledger = ledger
        self._ways = Ways(channels, voices, policies or {}, translator, frozenset(recipients))
        self._clock = clock
        self._keeper = keeper
        self._coverage = coverage
        self._weekly = weekly
        self._observe = observe
        self._sending: set[asyncio.Task[None]] = set()
        self._ended = 0
        self._unrecorded: list[tuple[Bundle, datetime]] = []
        self._resume_at: datetime | None = None
        self._ending = False

    def begin(self, configured: Iterable[Recipient]) -> None:
        """End what was said before a restart about receivers that are not parked now, or are gone."""
        if self._keeper is None:
            return
        parked = {_condition(to) for to in configured if self._ledger.recipient(to).parked_since is not None}
        for subject in self._keeper.standing():
            if subject.startswith(CHANNEL) and subject not in parked:
                name, _, key = subject.removeprefix(CHANNEL).rpartition(" ")
                notice = Notice(
                    NoticeKind.CHANNEL_BACK, name, f"channel {name} takes messages again, or was changed"
                )
                self._keeper.end(subject, notice, without=Recipient(name, key))

    def tick(self) -> None:
        """Begin to send what is due. Returns at once; the sending goes on in the background."""
        now = self._clock()
        free = _AT_ONCE - len(self._sending)
        if self._ending or free <= 0 or self._is_paused(now):
            return
        self._resume_at = None
        try:
            self._catch_up()
            claimed = self._ledger.claim(
                now, lease=_LEASE, limit=free, room=self._ways.channels.room, policy=self._policy
            )
        except StorageError as error:
            self._pause(error)
            return
        for bundle in claimed:
            self._saw(Step.CLAIMED, bundle)
            sending = asyncio.create_task(self._send(bundle, self._ways), name=f"bundle {bundle.key}")
            self._sending.add(sending)
            sending.add_done_callback(self._finished)

    def speak(self, voices: Mapping[str, Voice]) -> None:
        """Word messages so from now on."""
        self._ways = replace(self._ways, voices=voices)

    def take_up(self, ways: Ways) -> None:
        """Tell channels so from now on. What is being sent goes its former way to its end."""
        self._ways = ways

    @property
    def ways(self) -> Ways:
        """How channels are told now."""
        return self._ways

    @property
    def idle(self) -> bool:
        """Whether nothing is being sent."""
        return not self._sending

    @property
    def done(self) -> int | None:
        """How many messages were sent or failed so far, None while none is on its way."""
        return self._ended if self._sending else None

    async def drain(self, seconds: float) -> None:
        """Begin nothing more and wait for what is being sent.

        What is not done in time stays claimed, and is sent after a restart.
        """
        self._ending = True
        if self._sending:
            await asyncio.wait(self._sending, timeout=seconds)

    async def _send(self, bundle: Bundle, ways: Ways) -> None:
        to = bundle.deliveries[0].recipient
        try:
            message = await self._message(bundle, _voice(ways, to.channel), ways.translator)
            await ways.channels.send(to, message, key=bundle.key)
        except DeliveryError as error:
            self._failed(bundle, error, ways)
            return
        except Exception:  # noqa: BLE001  a message that cannot be written must not hinder the others
            _log.exception("a bug while sending to %s", to.channel, extra={"channel": to.channel})
            bug = DeliveryError(
                "Tumen failed at it; see the log", where=to.channel, reason="bug", fault=Fault.MESSAGE
            )
            self._failed(bundle, bug, ways)
            return
        self._saw(Step.SENT, bundle)
        self._unrecorded.append((bundle, self._clock()))
        self._catch_up()
        fields = {"channel": to.channel, "alerts": [alert.id for alert in bundle.alerts]}
        _log.info("told %s (%s): %r", to.channel, bundle.occasion, message.subject[:120], extra=fields)

    async def _message(self, bundle: Bundle, voice: Voice, translator: Translator | None) -> Message:
        now = self._clock()
        if bundle.notices:
            return await self._notice(bundle, voice, now)
        translations = await translator.translate(bundle.alerts, voice) if translator else {}
        held = {delivery.held for delivery in bundle.deliveries}
        digest = len(bundle.alerts) > 1 and not held.isdisjoint({Hold.DIGEST, Hold.QUIET_HOURS})
        since = min(now - _DAY, *(delivery.created_at for delivery in bundle.deliveries))
        return render_bundle(
            bundle.alerts,
            voice,
            translations,
            lost=bundle.lost,
            coverage=self._seen(since) if digest else None,
            plain=bundle.plain,
        )

    async def _notice(self, bundle: Bundle, voice: Voice, now: datetime) -> Message:
        canary = any(notice.kind is NoticeKind.CANARY for notice in bundle.notices)
        weeks = [notice.subject for notice in bundle.notices if notice.kind is NoticeKind.REPORT]
        # In a thread: a week is read for as long as the service may not stand still.
        reports = [await asyncio.to_thread(self._weekly, week, voice) for week in weeks if self._weekly]
        if len(reports) == len(bundle.notices) == 1 and not bundle.lost and not bundle.plain:
            return reports[0]
        message = render_notices(
            bundle.notices,
            voice,
            lost=bundle.lost,
            coverage=self._seen(now - _DAY) if canary else None,
            plain=bundle.plain,
        )
        return replace(message, attachments=tuple(file for one in reports for file in one.attachments))

    def _catch_up(self) -> None:
        """Record what was sent. Raises StorageError: nothing more may be sent then, or it would be sent for ever."""
        while self._unrecorded:
            bundle, at = self._unrecorded[0]
            self._ledger.sent(bundle.ids, at)
            self._unrecorded.pop(0)
            self._saw(Step.RECORDED, bundle)
            self._well_again(bundle.deliveries[0].recipient)

    def _seen(self, since: datetime) -> Coverage | None:
        return self._coverage(since) if self._coverage else None

    def _saw(self, step: Step, bundle: Bundle) -> None:
        for alert in bundle.alerts:
            self._observe(step, str(alert.id))

    def _policy(self, recipient: Recipient) -> Policy:
        return self._ways.policies.get(recipient.channel, IMMEDIATE)

    def _failed(self, bundle: Bundle, error: DeliveryError, ways: Ways) -> None:
        now = self._clock()
        chance = random.random()  # noqa: S311  spreads load, guards nothing
        attempts = max(delivery.attempts for delivery in bundle.deliveries)
        after = fate(error, attempts, plain=bundle.plain, now=now, chance=chance)
        to = bundle.deliveries[0].recipient
        # Whoever was reconfigured meanwhile is not blamed for what its former address did, and need not wait for it.
        outdated = ways.channels is not self._ways.channels and to not in self._ways.recipients
        retry_at = now if outdated and error.reason != "unknown" else after.retry_at
        blamed = error.reason != "no_channel" and not outdated
        state = after_failure(self._ledger.recipient(to), error, now=now, chance=chance)
        self._ledger.failed(
            bundle.ids,
            now,
            error=str(error),
            reason=error.reason,
            retry_at=retry_at,
            plain=after.plain,
            recipient=state if blamed else None,
        )
        again = f"again at {retry_at:%H:%M:%S}" if retry_at else "given up"
        _log.warning("%s; %s", error.message, again, extra={"channel": to.channel, "reason": error.reason})
        if state.parked_since is not None and blamed:
            self._park(to, error, state)

    def _park(self, to: Recipient, error: DeliveryError, state: RecipientState) -> None:
        if self._keeper is None or state.parked_since is None:
            return
        text = f"channel {to.channel} takes no messages since {state.parked_since:%Y-%m-%d %H:%M} UTC"
        details = (f"{error}.", "Nothing is lost: it is tried again, and what waits leaves as one message.")
        notice = Notice(NoticeKind.CHANNEL_PARKED, to.channel, text, details)
        self._keeper.begin(_condition(to), notice, without=to)

    def _well_again(self, to: Recipient) -> None:
        if self._keeper is not None:
            notice = Notice(NoticeKind.CHANNEL_BACK, to.channel, f"channel {to.channel} takes messages again")
            self._keeper.end(_condition(to), notice, without=to)

    def _finished(self, sending: asyncio.Task[None]) -> None:
        self._sending.discard(sending)
        self._ended += 1
        error = None if sending.cancelled() else sending.exception()
        if isinstance(error, StorageError):
            self._pause(error)  # until the ledger can be written nothing more is sent
        elif error is not None:
            _log.error("a bug while sending", exc_info=error)
        else:
            self.tick()  # the recipient may have more waiting

    def _is_paused(self, now: datetime) -> bool:
        """Whether a pause lasts; a clock that is set back makes none longer."""
        return self._resume_at is not None and timedelta() < self._resume_at - now <= _PAUSE

    def _pause(self, error: StorageError) -> None:
        self._resume_at = self._clock() + _PAUSE
        _log.error("nothing is sent for %d s: %s", _PAUSE.total_seconds(), error)


def _condition(to: Recipient) -> str:
    """The subject of the condition that a receiver takes nothing."""
    return f"{CHANNEL}{to.channel} {to.key}"


def _voice(ways: Ways, channel: str) -> Voice:
    voice = ways.voices.get(channel)
    if voice is None:
        raise DeliveryError(
            "the channel is no longer configured",
            where=channel,
            remedy="`tumen alerts retry` sends it once the channel is back",
            reason="no_channel",
            fault=Fault.RECIPIENT,
        )
    return voice
