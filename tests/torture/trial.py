"""One history that is tortured: processes work on it and are killed, the last one drains it, and it is judged."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import sys
import traceback
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing.sharedctypes import RawValue
from time import monotonic
from typing import TYPE_CHECKING, Any

from monitor.config import load_settings
from monitor.core.matching import Matcher
from monitor.crawl.child import COMMAND
from monitor.jobs.steps import Step, ignore
from monitor.notify.channels import Channels
from monitor.notify.message import render_bundle
from monitor.planning import plan
from monitor.store.database import open_history
from monitor.store.ledger import Ledger
from monitor.store.sources import Sources
from tests.system import processes
from tests.system.desk import Desk
from tests.system.town import declaration
from tests.torture import judging, nursery, victim
from tests.torture.orders import MarkedBeforeSent, QueuedInMemory
from tests.torture.outside import HOST, MOODS, receipts
from tests.torture.texts import Newspaper, Texts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from monitor.store.database import Database
    from tests.torture.outside import Ports

SERVICE = "the whole service"
FORKED = "ingest and delivery"
MODELS = {"model: mark before send": MarkedBeforeSent, "model: queue in memory": QueuedInMemory}
_PATIENCE = 120.0  # seconds for a process that must end by itself; a busy machine takes its time
_LATEST = {SERVICE: 1.6, FORKED: 0.15}  # seconds after its start in which a process is killed at random
_MOST_NEW = 5  # articles that are published for a process
_SOME = 20  # articles: enough for a digest
_AT_RANDOM = 0.35  # of all kills, by time
_AT_STATEMENTS = 0.2  # and by statements of SQL: most of what happens between two steps is in transactions
_STATEMENTS = 400  # of a process, about
_REALLY_STARTED = (
    10  # of so many services, one starts its worker as always, the others have it from the nursery
)
_STEPS = {
    SERVICE: tuple(Step),
    FORKED: (Step.DECIDED, Step.ARTICLE_STORED, Step.CLAIMED, Step.SENT, Step.RECORDED),
}
_WHERE_MODELS_LOSE = (Step.ARTICLE_STORED, Step.CLAIMED)
_FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Trial:
    """What is done to one history.

    Attributes:
        name: of its folder.
        kind: SERVICE, FORKED or one of MODELS.
        kills: how many processes are killed.
        seed: of all chance in it.
        folder: where all histories are.
        ports: where the world outside is.
        nursery: where crawl workers come from.
        webhook: the scheme by which is posted to webhooks.
    """

    name: str
    kind: str
    kills: int
    seed: int
    folder: Path
    ports: Ports
    nursery: str
    webhook: str


@dataclass
class Result:
    """What came of it. `where` is the history's folder if a promise was broken; else the folder is gone."""

    kind: str
    kills: int = 0
    seconds: float = 0.0
    verdict: judging.Verdict = field(default_factory=judging.Verdict)
    where: str = ""
    deaths: Counter[str] = field(default_factory=Counter)


class Torture:
    """A history, and what happens to it."""

    def __init__(self, trial: Trial) -> None:
        self._trial = trial
        self._chance = random.Random(f"{trial.seed} {trial.name}")
        self._desk = Desk(trial.folder / trial.name)
        self._desk.folder.mkdir()
        self._clock = victim.Clock()
        self._texts = Texts(f"{trial.seed} {trial.name}", self._clock())
        self._listed = 0  # articles that were published
        self._stored = RawValue("q", 0)  # of these are surely in the history, as a process has said
        self._papers: list[Newspaper] = []
        self._in_flight: list[frozenset[judging.InFlight]] = []
        self._deaths: Counter[str] = Counter()
        moods = ("steady",) if trial.kind in MODELS else MOODS  # a model loses by kills alone
        self._channels = trial.ports.channels(trial.name, moods, trial.webhook)
        self._configure()
        self._plan = plan(load_settings(self._desk.config))
        self._matcher = Matcher(self._plan.packs)
        self._warm_up()
        gc.collect()
        gc.freeze()  # what is forked is not looked through by each child

    def run(self) -> Result:
        """Kill, drain, judge."""
        began, trial = monotonic(), self._trial
        os.environ[processes.VARIABLE] = self._desk.mark  # crawl workers are found by it
        for _ in range(trial.kills):
            self._kill()
        self._live(victim.Death(drains=True))
        verdict = self._judge()
        if not processes.are_gone(self._desk.mark, _PATIENCE):
            left = processes.marked(self._desk.mark)
            processes.end(left)
            verdict.broken.append(f"processes were left behind: {left}")
        result = Result(trial.kind, trial.kills, monotonic() - began, verdict, deaths=self._deaths)
        if verdict.broken and trial.kind not in MODELS:
            result.where = str(self._desk.folder)
        else:
            shutil.rmtree(self._desk.folder)
        return result

    def _configure(self) -> None:
        name, urls = self._trial.name, ["https://norwick.example/feed.xml"]
        if self._trial.kind == SERVICE:
            self._papers = [
                Newspaper(self._desk.folder / "web" / f"paper{n}", f"http://{HOST}:{port}/{name}/paper{n}")
                for n, port in enumerate(self._trial.ports.papers)
            ]
            urls = [paper.feed_url for paper in self._papers]
        sources = [declaration(f"paper{n}", url) for n, url in enumerate(urls)]
        self._desk.configure(sources, "", channels=self._channels)

    def _warm_up(self) -> None:
        """Do here what the first articles and messages of a process have to wait for, so that children need not."""
        Channels(self._plan.channels).load()
        voices = self._plan.voices(self._plan.packs)
        with closing(self._undisturbed(_SOME)) as db:
            now = self._texts.found_at(_SOME)
            for bundle in Ledger(db).claim(now, lease=timedelta(minutes=1), limit=1):
                for alerts in (bundle.alerts, bundle.alerts[:1]):
                    render_bundle(alerts, voices[bundle.deliveries[0].recipient.channel])

    def _kill(self) -> None:
        """Start a process and kill it: at a step, inside a transaction, or at any moment."""
        kind = self._trial.kind
        how = self._chance.random() if kind in _LATEST else 1.0
        if how < _AT_RANDOM:
            death = victim.Death(after=self._chance.uniform(0.0, _LATEST[kind]))
        elif how < _AT_RANDOM + _AT_STATEMENTS and kind == FORKED:
            death = victim.Death(statement=self._chance.randint(1, _STATEMENTS))
        else:
            step = self._chance.choice(_STEPS.get(kind, _WHERE_MODELS_LOSE))
            nth = 1 if step in (Step.LOOK_BEGUN, Step.READ_BEGUN) else self._chance.randint(1, 4)
            death = victim.Death(step, nth)
        self._live(death)
        self._deaths[str(death)] += 1
        found = self._rows("SELECT DISTINCT channel, bundle FROM deliveries WHERE state = 'claimed'")
        self._in_flight.append(frozenset(judging.InFlight(*row) for row in found))

    def _live(self, death: victim.Death) -> None:
        """Let a process work until its death, which it may bring about itself."""
        new = 0 if death.drains else max(0, self._chance.randint(1, _MOST_NEW) - self._waiting())
        if self._papers:
            for number in range(self._listed, self._listed + new):
                self._chance.choice(self._papers).publish(self._texts.piece(number, self._clock()))
        self._listed += new
        child = _FORK.Process(target=_contained, args=(self._desk.log, self._work(death)))
        child.start()
        child.join(_PATIENCE if death.by_itself else death.after)
        is_late = death.by_itself and child.is_alive()
        child.kill()
        child.join()
        if is_late or child.exitcode != (0 if death.drains else -signal.SIGKILL):
            came = "did not come to its end" if is_late else f"ended with {child.exitcode}"
            raise RuntimeError(f"a process {came} ({death}): {self._desk.log}")

    def _work(self, death: victim.Death) -> Callable[[], None]:
        if self._trial.kind == SERVICE:
            real = self._deaths.total() % _REALLY_STARTED == 0
            worker = COMMAND if real else (sys.executable, "-I", "-S", nursery.__file__, self._trial.nursery)
            return lambda: victim.serve(self._plan, self._clock, death, self._listed, worker)
        order = MODELS.get(self._trial.kind, Ledger)

        async def work() -> None:
            road = victim.Road(self._plan, self._matcher, self._clock, death, order)
            await road.travel(self._texts, self._stored, self._listed)
            await death.at_rest()

        return lambda: asyncio.run(work())

    def _judge(self) -> judging.Verdict:
        told = self._rows(judging.DELIVERIES)
        verdict = judging.judge(
            [judging.Delivery(*row) for row in told], receipts(self._desk.folder), self._in_flight
        )
        with closing(self._reader()) as db:
            verdict.broken += judging.inconsistencies(db, len(self._channels), self._listed)
            if self._trial.kind == SERVICE:
                verdict.broken += judging.misplaced(db, self._plan.settings.captures_path)
            else:
                with closing(self._undisturbed(self._listed)) as undisturbed:
                    judging.compare(verdict, db, undisturbed.conn)
        return verdict

    def _undisturbed(self, articles: int) -> Database:
        """The history of the same articles, so many, taken in without an interruption."""
        db = open_history(None)
        sources, ingestor = Sources(db), victim.make_ingestor(db, self._plan, self._matcher, ignore)
        sources.sync(self._plan.sources, self._texts.begin)
        for number in range(articles):
            victim.list_entries(sources, self._plan.sources[0].name, self._texts, range(number, number + 1))
            (pending,) = sources.to_read(self._texts.found_at(number), 1)
            victim.take(ingestor, self._texts, pending)
        return db

    def _waiting(self) -> int:
        """How many articles were published and not read: a process that soon dies finds no more than it can do."""
        ((read,),) = self._rows("SELECT count(*) FROM articles") or ((0,),)
        return self._listed - int(read)

    def _rows(self, sql: str) -> list[Any]:
        """Rows of the history, nothing before it is made. It is left for the next one as the last one left it."""
        if not self._desk.history.exists():
            return []
        with closing(self._reader()) as db:
            try:
                return db.execute(sql).fetchall()
            except sqlite3.OperationalError as error:
                # Killed while it was being made: no table is there, or a journal that only a writer rolls back.
                if not any(sign in str(error) for sign in ("no such table", "readonly database")):
                    raise
                return []

    def _reader(self) -> sqlite3.Connection:
        return sqlite3.connect(f"{self._desk.history.as_uri()}?mode=ro", uri=True)


def run(trial: Trial) -> Result:
    """Torture one history. To be called in a process without threads, which is forked from."""
    try:
        return Torture(trial).run()
    except Exception as error:  # noqa: BLE001  a history that cannot be judged is reported like a broken promise
        where = trial.folder / trial.name
        (where / "failure.txt").write_text(traceback.format_exc(), encoding="utf-8")
        return Result(trial.kind, verdict=judging.Verdict(broken=[f"{error!r}"]), where=str(where))


def _contained(log: Path, work: Callable[[], None]) -> None:
    """Work in a process of its own, which leaves nothing to its parent's libraries to tidy up."""
    victim.end_with_parent()
    victim.quieten(log)
    code = 0
    try:
        work()
    except BaseException:  # noqa: BLE001  it is the end of this process
        traceback.print_exc()
        code = 1
    os._exit(code)
