"""What was told, and what became of it: the ledger, one alert, what is kept back, and who receives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.core.delivery.deliveries import DeliveryState
from monitor.core.errors import InputError
from monitor.core.topic import Severity
from monitor.store.views.alerts import AlertsPage, Told, Wanted, alerts_page
from monitor.store.views.alerts import alert as one_alert
from monitor.web.answering import Page

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.store.database import Database
    from monitor.web.asking import Ask

_UNDELIVERED = "undelivered"
RETRIED = frozenset({DeliveryState.DEAD, DeliveryState.EXPIRED, DeliveryState.PENDING})
"""What `Ledger.retry` sends again: what was given up, and what waits for its next attempt."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The alerts that are asked for, and what there is to choose from; `now` says which silences hold."""

    page: AlertsPage
    states: tuple[str, ...]
    channels: tuple[str, ...]
    packs: tuple[str, ...]
    now: datetime

    @property
    def may_retry(self) -> bool:
        """Whether something could be sent again."""
        return any(self.page.open.get(state) for state in RETRIED)


@dataclass(frozen=True, slots=True)
class OneAlert:
    """An alert."""

    told: Told

    @property
    def may_retry(self) -> bool:
        """Whether something of it could be sent again."""
        return any(way.delivery.state in RETRIED for way in self.told.ways)


def alerts(ask: Ask, db: Database) -> Page:
    """The latest alerts, or those of a state, channel, severity or pack."""
    states = (_UNDELIVERED, *(state.value for state in DeliveryState))
    state, severity = ask.chosen("state", states), ask.chosen("severity", list(Severity))
    wanted = Wanted(
        undelivered=state == _UNDELIVERED,
        state=DeliveryState(state) if state and state != _UNDELIVERED else None,
        channel=ask.text("channel"),
        severity=Severity(severity) if severity else None,
        pack=ask.text("pack"),
        before=ask.key("before"),
    )
    page = alerts_page(db, wanted)
    values = Ledger(
        page=page,
        states=states,
        channels=tuple(sorted({*page.channels, *ask.site.channels, wanted.channel} - {""})),
        packs=tuple(sorted({*page.packs, *ask.site.packs, wanted.pack} - {""})),
        now=ask.now,
    )
    packs = ask.site.packs
    beside = {
        "states": [(name, name) for name in states],
        "channels": [(name, name) for name in values.channels],
        "pack_names": [
            (name, packs[name].label(ask.voice.language) if name in packs else name) for name in values.packs
        ],
    }
    return Page("alerts.html", values, beside=beside)


def alert(ask: Ask, db: Database) -> Page:
    """One alert by its number."""
    number = ask.number("alert")
    found = one_alert(db, number)
    if found is None:
        raise InputError(f"there is no alert {number}", remedy="the list of alerts shows them")
    rules = [(name, ask.voice.rule(found.line.pack, name)) for name in found.line.rules]
    return Page("alert.html", OneAlert(found), beside={"rules_fired": rules})
