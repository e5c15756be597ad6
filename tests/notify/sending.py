"""One message on its way through Apprise, as tests send it."""

from __future__ import annotations

import asyncio

from monitor.notify.channels import Channel, Channels


def send(url, message, *, key="key-1", timeout=2.0):
    channel = Channel("team", (url,))
    channels = Channels([channel], timeout=timeout)
    channels.load()
    asyncio.run(channels.send(channel.recipients[0], message, key=key))
