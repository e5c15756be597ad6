"""Everything from a stored alert or notice to its receivers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from monitor.jobs.canary import Canary
from monitor.jobs.deliver import Deliver, Ways
from monitor.jobs.keeper import Keeper
from monitor.jobs.restored import Aftermath
from monitor.jobs.silences import Silencing
from monitor.jobs.weekly import Weekly
from monitor.notify.channels import Channels
from monitor.planning import translator
from monitor.store.coverage import coverage
from monitor.store.ledger import Ledger
from monitor.store.notices import Notices
from monitor.store.silences import Silences

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from monitor.jobs.steps import Observer
    from monitor.notify.message import Message
    from monitor.notify.voice import Voice
    from monitor.planning import Plan
    from monitor.store.database import Database


@dataclass(frozen=True, slots=True)
class Telling:
    """Who tells whom, and what was told."""

    ledger: Ledger
    keeper: Keeper
    canary: Canary
    weekly: Weekly
    silencing: Silencing
    deliver: Deliver
    aftermath: Aftermath

    def recover(self, plan: Plan, now: datetime) -> None:
        """Go on where the last run ended."""
        self.ledger.recover(now, plan.recipients)
        self.deliver.begin(plan.recipients)
        self.aftermath.tick()  # before what is due at once and may have been sent

    def take_up(self, before: Plan, plan: Plan) -> None:
        """Tell the channels of another plan from now on."""
        ways = self.deliver.ways
        same = before.settings.translation == plan.settings.translation
        self.deliver.take_up(
            Ways(
                Channels(plan.channels),
                plan.voices(plan.packs),
                plan.policies,
                ways.translator if same else translator(plan.settings),
                frozenset(plan.recipients),
            )
        )
        for one in (self.keeper, self.canary, self.weekly):
            one.listen(plan.listeners)


def build_telling(
    plan: Plan, db: Database, *, clock: Callable[[], datetime], hurry: Callable[[], None], observe: Observer
) -> Telling:
    """Build it. `hurry` has deliveries tried at once."""
    ledger, channels = Ledger(db), Channels(plan.channels)
    channels.load()
    keeper = Keeper(Notices(db), plan.listeners, clock=clock, on_notice=hurry)
    deliver = Deliver(
        ledger,
        channels,
        plan.voices(plan.packs),
        clock=clock,
        policies=plan.policies,
        keeper=keeper,
        coverage=partial(coverage, db),
        translator=translator(plan.settings),
        recipients=plan.recipients,
        weekly=lambda week, voice: _letter_about(plan.settings.history_path, week, voice, clock()),
        observe=observe,
    )
    canary, weekly = Canary(keeper, plan.listeners, clock), Weekly(keeper, plan.listeners, clock)
    return Telling(
        ledger=ledger,
        keeper=keeper,
        canary=canary,
        weekly=weekly,
        silencing=Silencing(Silences(db), clock, hurry),
        deliver=deliver,
        aftermath=Aftermath(db, keeper, canary, weekly, clock),
    )


def _letter_about(history: Path, week: str, voice: Voice, now: datetime) -> Message:
    from monitor.publish.report.letter import letter_about  # noqa: PLC0415  needed once a week, by whom asks for it

    return letter_about(history, week, voice, now)
