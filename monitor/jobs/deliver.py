"""Delivering: claim, render, send, then record."""

from __future__ import annotations

import asyncio
import logging
import random
from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.core.errors import DeliveryError, Fault, StorageError
from monitor.core.retrying import next_attempt
from monitor.jobs.steps import Observer, Step, ignore
from monitor.notify.message import render_bundle

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from monitor.core.bundling import Bundle
    from monitor.notify.channels import Channels
    from monitor.notify.translation import Translator
    from monitor.notify.voice import Voice
    from monitor.store.ledger import Ledger

_log = logging.getLogger("tumen.deliver")
_LEASE = timedelta(seconds=60)  # longer than a send may take
_AT_ONCE = 20
_PAUSE = timedelta(seconds=30)  # after the ledger could not be written, before anything more is sent


class Deliver:
    """Sends what is due. Nothing is marked as sent before a receiver took it."""

    def __init__(
        self,
        ledger: Ledger,
        channels: Channels,
        voices: Mapping[str, Voice],
        *,
        clock: Callable[[], datetime],
        observe: Observer = ignore,
        translator: Translator | None = None,
    ) -> None:
        self._ledger = ledger
        self._channels = channels
        self._voices = voices
        self._clock = clock
        self._observe = observe
        self._translator = translator
        self._sending: set[asyncio.Task[None]] = set()
        self._resume_at: datetime | None = None
        self._ending = False

    def tick(self) -> None:
        """Begin to send what is due. Returns at once; the sending goes on in the background."""
        now = self._clock()
        free = _AT_ONCE - len(self._sending)
        if self._ending or free <= 0 or (self._resume_at is not None and now < self._resume_at):
            return
        self._resume_at = None
        try:
            claimed = self._ledger.claim(now, lease=_LEASE, limit=free, room=self._channels.room)
        except StorageError as error:
            self._pause(error)
            return
        for bundle in claimed:
            self._saw(Step.CLAIMED, bundle)
            sending = asyncio.create_task(self._send(bundle), name=f"bundle {bundle.key}")
            self._sending.add(sending)
            sending.add_done_callback(self._finished)

    def speak(self, voices: Mapping[str, Voice]) -> None:
        """Word messages so from now on."""
        self._voices = voices

    async def drain(self, seconds: float) -> None:
        """Begin nothing more and wait for what is being sent.

        What is not done in time stays claimed, and is sent after a restart.
        """
        self._ending = True
        if self._sending:
            await asyncio.wait(self._sending, timeout=seconds)

    async def _send(self, bundle: Bundle) -> None:
        to = bundle.deliveries[0].recipient
        try:
            voice = self._voice(to.channel)
            translations = await self._translator.translate(bundle.alerts, voice) if self._translator else {}
            message = render_bundle(bundle.alerts, voice, translations)
            await self._channels.send(to, message, key=bundle.key)
        except DeliveryError as error:
            self._failed(bundle, error)
            return
        self._saw(Step.SENT, bundle)
        self._ledger.sent(bundle.ids, self._clock())
        self._saw(Step.RECORDED, bundle)
        _log.info("told %s (%s): %r", to.channel, bundle.occasion, message.subject[:120])

    def _saw(self, step: Step, bundle: Bundle) -> None:
        for alert in bundle.alerts:
            self._observe(step, str(alert.id))

    def _voice(self, channel: str) -> Voice:
        voice = self._voices.get(channel)
        if voice is None:
            raise DeliveryError(
                "the channel is no longer configured",
                where=channel,
                remedy="`tumen alerts retry` sends it once the channel is back",
                reason="no_channel",
                fault=Fault.RECIPIENT,
            )
        return voice

    def _failed(self, bundle: Bundle, error: DeliveryError) -> None:
        now = self._clock()
        chance = random.random()  # noqa: S311  spreads load, guards nothing
        attempts = max(delivery.attempts for delivery in bundle.deliveries)
        again = next_attempt(error, attempts, now=now, chance=chance)
        unknown = error.reason == "unknown"
        self._ledger.failed(bundle.ids, now, error=str(error), retry_at=again, unknown=unknown)
        _log.warning("%s; %s", error.message, f"again at {again:%H:%M:%S}" if again else "given up")

    def _finished(self, sending: asyncio.Task[None]) -> None:
        self._sending.discard(sending)
        error = None if sending.cancelled() else sending.exception()
        if isinstance(error, StorageError):
            self._pause(error)  # the lease runs out; until the ledger can be written nothing more is sent
        elif error is not None:
            _log.error("a bug while sending", exc_info=error)
        else:
            self.tick()  # the recipient may have more waiting

    def _pause(self, error: StorageError) -> None:
        self._resume_at = self._clock() + _PAUSE
        _log.error("nothing is sent for %d s: %s", _PAUSE.total_seconds(), error)
