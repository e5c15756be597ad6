"""A test message to everybody who listens, on the road of every alert, and what became of each."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.core.errors import DeliveryError
from monitor.notify.channels import Channels
from monitor.notify.message import render_notice
from monitor.notify.voice import Voice

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitor.core.delivery.deliveries import Recipient
    from monitor.notify.channels import Channel
    from monitor.notify.message import Message


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of a test message.

    Attributes:
        channel: its name in the configuration.
        who: the receiver for people, without secrets.
        refusal: why it did not arrive, or nobody can say whether it did; None if the receiver took it.
    """

    channel: str
    who: str
    refusal: DeliveryError | None


async def try_channels(channels: Sequence[Channel], now: datetime) -> tuple[Trial, ...]:
    """Send each recipient a test message, all at the same time, once each. It takes as long as the slowest of them.

    Args:
        channels: those of the configuration.
        now: a time in UTC; it makes each trial a message of its own.
    """
    doors = Channels(channels)
    doors.load()

    async def attempt(channel: Channel, recipient: Recipient) -> Trial:
        refusal: DeliveryError | None = None
        try:
            await doors.send(recipient, _letter(channel, now), key=f"test {channel.name} {now.isoformat()}")
        except DeliveryError as error:
            refusal = error
        return Trial(channel.name, doors.describe(recipient), refusal)

    sent = (attempt(channel, who) for channel in channels for who in channel.recipients)
    return tuple(await asyncio.gather(*sent))


def _letter(channel: Channel, now: datetime) -> Message:
    voice = Voice(channel.language, channel.zone, {})
    sentences = (voice.say("test_note", channel=channel.name), voice.moment(now))
    return render_notice(voice.say("test"), sentences, voice)
