"""The history turns out to be damaged while the service runs: it ends, and says so without writing to that file."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from monitor.core.delivery.notices import Notice, NoticeKind, audience
from monitor.core.errors import DeliveryError
from monitor.notify.notices import render_notices
from monitor.notify.voice import Voice

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from monitor.core.delivery.deliveries import Recipient
    from monitor.core.delivery.notices import Listener
    from monitor.core.errors import DatabaseDamaged
    from monitor.notify.channels import Channels
    from monitor.store.database import Database

_log = logging.getLogger("tumen")


async def unless_damaged(db: Database, stop: asyncio.Event) -> None:
    """Wait until `stop` is set. Raises DatabaseDamaged as soon as whoever writes the history meets damage."""
    loop = asyncio.get_running_loop()
    met = asyncio.Event()
    db.on_damage = lambda: loop.call_soon_threadsafe(met.set)
    if db.damage is None:
        waiting = [asyncio.create_task(event.wait()) for event in (stop, met)]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
    if db.damage is not None:
        raise db.damage


async def tell_of_damage(
    damage: DatabaseDamaged, channels: Channels, listeners: Sequence[Listener], *, seconds: float
) -> None:
    """Tell whoever wants to hear of trouble, past the ledger, for at most so many seconds.

    The ledger is part of what is damaged: what is written to it may be lost, and may cost what could still be saved.
    """
    notice = Notice(
        NoticeKind.HISTORY_DAMAGED,
        "",
        "Tumen has ended: its history is damaged",
        (f"{damage.message}.", f"Nothing is watched until somebody helps: {damage.remedy}."),
    )
    key = f"damage {datetime.now(UTC):%Y-%m-%dT%H:%M}"
    zones = {listener.channel: listener.zone for listener in listeners}
    sending = [
        asyncio.create_task(
            _send(channels, who, notice, f"{key} {who.channel} {who.key}", zones[who.channel])
        )
        for who in audience(notice.kind, listeners)
    ]
    if sending:
        await asyncio.wait(sending, timeout=seconds)


async def _send(channels: Channels, to: Recipient, notice: Notice, key: str, zone: ZoneInfo) -> None:
    message = render_notices((notice,), Voice("en", zone, {}))
    try:
        await channels.send(to, message, key=key)
    except DeliveryError as error:
        _log.warning("nobody is told there that the history is damaged: %s", error.message)
