"""The delivering half of the service in this process: a real history, real mail, and a clock that a test sets."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from monitor.core.delivery.notices import Listener
from monitor.core.models import AlertKind, AlertPlan, Ingest, Match, Reason
from monitor.core.topic import Severity
from monitor.jobs.canary import Canary
from monitor.jobs.deliver import Deliver
from monitor.jobs.keeper import Keeper
from monitor.jobs.steps import Observer, ignore
from monitor.notify.channels import Channel, Channels
from monitor.notify.voice import Voice
from monitor.store.database import open_history, rows
from monitor.store.history import History
from monitor.store.ledger import Ledger
from monitor.store.notices import Notices
from spiders.items import Article

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from monitor.core.delivery.policy import Policy

START = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
LASTS = timedelta(hours=48)  # an alert is worth sending for so long


class Mailroom:
    """Stores alerts and delivers them. Channels and policies are named alike; every channel hears of everything."""

    def __init__(
        self,
        path: Path | None,
        urls: Mapping[str, str],
        *,
        policies: Mapping[str, Policy] | None = None,
        canaries: Mapping[str, Listener] | None = None,
        observe: Observer = ignore,
    ) -> None:
        self.now = START
        self.db = open_history(path, busy=0.0)
        self.ledger = Ledger(self.db)
        self._channels = tuple(Channel(name, (url,)) for name, url in urls.items())
        listeners = tuple(
            (canaries or {}).get(channel.name) or Listener(channel.name, channel.recipients)
            for channel in self._channels
        )
        self._keeper = Keeper(Notices(self.db), listeners, clock=lambda: self.now)
        self.canary = Canary(self._keeper, listeners, lambda: self.now)
        self._policies = policies or {}
        self._observe = observe
        self._stored = 0
        self.restart()

    def restart(self) -> None:
        """Deliver anew, as after the start of the service."""
        self._deliver = Deliver(
            self.ledger,
            Channels(self._channels, timeout=5.0),
            {channel.name: Voice("en", ZoneInfo("UTC"), {}) for channel in self._channels},
            clock=lambda: self.now,
            policies=self._policies,
            keeper=self._keeper,
            observe=self._observe,
        )
        self.ledger.recover(self.now)

    def alert(self, many: int = 1, severity: Severity = Severity.NORMAL) -> None:
        """Store alerts, each an article of its own: Title 1, Title 2 …"""
        to = tuple(recipient for channel in self._channels for recipient in channel.recipients)
        for _ in range(many):
            self._stored += 1
            url, title = f"https://a.example/{self._stored}", f"Title {self._stored}"
            History(self.db).ingest(
                Ingest(
                    url,
                    "s",
                    Article(url, title, "Text.", "en", self.now),
                    self.now,
                    Reason.NEW_STORY,
                    (Match("p", "v", "r", severity, 1.0, ()),),
                    alerts=(AlertPlan(AlertKind.NEW, Reason.NEW_STORY, (), to),),
                    expires=self.now + LASTS,
                )
            )

    def tick(self) -> None:
        """What the timer does every second, and then all that follows from it."""

        async def run() -> None:
            self._deliver.tick()
            while not self._deliver.idle:
                await asyncio.sleep(0.001)

        asyncio.run(asyncio.wait_for(run(), 60))

    def pass_time(self, span: timedelta, *, step: timedelta) -> None:
        """Tick again and again while this much time passes; canaries are sent as they are due."""
        end = self.now + span
        while self.now < end:
            self.now = min(end, self.now + step)
            self.canary.tick()
            self.tick()

    def states(self, channel: str) -> list[str]:
        """Of the deliveries of alerts to a channel, in their order."""
        sql = "SELECT state FROM deliveries WHERE channel = ? AND alert IS NOT NULL ORDER BY alert"
        return [row["state"] for row in rows(self.db, sql, (channel,))]

    def close(self) -> None:
        self.db.close()
