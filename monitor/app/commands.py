"""What commands ask of the running service, beside what its jobs answer themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monitor import __version__
from monitor.core.errors import InputError
from monitor.core.models import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from monitor.app.configuration import Configuration
    from monitor.app.watching import Watching
    from monitor.control import Handler
    from monitor.jobs.packs import Packs
    from monitor.store.feedback import Feedback
    from monitor.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Commands:
    """The answers. `hurry` has a job of the timer called at once, by its name."""

    started: datetime
    configuration: Configuration
    packs: Packs
    watching: Watching
    ledger: Ledger
    feedback: Feedback
    clock: Callable[[], datetime]
    hurry: Callable[[str], None]

    def handlers(self) -> Mapping[str, Handler]:
        """Them, by the name of the command."""
        return {
            "status": self._status,
            "retry": self._retry,
            "look": self._look,
            "reload_packs": self._reload_packs,
            "feedback": self._say,
        }

    async def _status(self, _: dict[str, Any]) -> dict[str, Any]:
        packs = {pack.name: pack.version for pack in self.packs.in_use}
        configuration = {"at": self.configuration.at.isoformat(), "refused": self.configuration.refused}
        return {
            "started": self.started.isoformat(),
            "version": __version__,
            "sources": len(self.configuration.plan.sources),
            "packs": packs,
            "configuration": configuration,
            "cluster": self.watching.clustering.described(),
        }

    async def _retry(self, arguments: dict[str, Any]) -> dict[str, Any]:
        count = self.ledger.retry(arguments.get("alert"), self.clock())
        self.hurry("deliver")
        return {"retried": count}

    async def _look(self, arguments: dict[str, Any]) -> dict[str, Any]:
        count = self.watching.sources.look_now(str(arguments.get("source", "")), self.clock())
        if not count:
            raise InputError(f"no source is called {arguments.get('source')!r}", where="sources look")
        self.hurry("watch")
        return {"due": count}

    async def _reload_packs(self, _: dict[str, Any]) -> dict[str, Any]:
        return (await self.packs.look(asked=True)).described()

    async def _say(self, arguments: dict[str, Any]) -> dict[str, Any]:
        verdict = Verdict(arguments.pop("verdict"))
        return {"id": self.feedback.add(verdict, now=self.clock(), **arguments)}
