"""Packs are edited on disk while articles stream in. Nothing here waits for time: threads are held by events."""

import asyncio
import logging
import os
import threading
from contextlib import closing
from datetime import timedelta
from functools import partial

import pytest
import yaml

from monitor.config import parse_settings
from monitor.core.alerting import Freshness, Route
from monitor.core.delivery.deliveries import Recipient
from monitor.core.delivery.notices import Notice, NoticeKind
from monitor.core.errors import ConfigError, RuleError
from monitor.core.matching import Matcher
from monitor.core.models import Reason
from monitor.jobs.ingest import Ingestor
from monitor.jobs.keeper import Keeper
from monitor.jobs.packs import Packs, Shelf, adopt
from monitor.packs import load_pack, pack_version
from monitor.planning import check_packs
from monitor.store.archive import Archive
from monitor.store.database import open_reader, pin, rows
from monitor.store.history import History
from monitor.store.notices import Notices

CONCEPTS = {
    "dprk": ("actor", ["north korea*", "북한"]),
    "russia": ("actor", ["russia*", "러시아"]),
    "iran": ("actor", ["iran*"]),
    "music": ("subject", ["orchestra*", "concert*"]),
    "soldiers": ("unit", ["soldier*"]),
}
WEIGHTS = {"dprk": 0.1, "russia": 0.1}
TIES = {"label": {"en": "Ties"}, "when": "dprk AND russia", "severity": "high"}
IRAN = {"label": {"en": "Iran"}, "when": "dprk AND iran", "tags": ["nuclear"]}
TITLE = "North Korea sends 3,000 soldiers to Russia"


class Desk:
    """A folder with a pack, and the part of a service that judges by it."""

    def __init__(self, folder, path, db, clock, name="borders"):
        self.folder = folder / name
        self.path = path
        self.clock = clock
        self.write(name)
        self.pack = load_pack(self.folder)
        routes = (Route("mail", (Recipient("mail", "anna"),)),)
        self.ingestor = Ingestor(History(db), Matcher([self.pack]), routes, Freshness())
        self.notices = Notices(db)
        self.settings = parse_settings("channels: {mail: {url: 'json://127.0.0.1'}}", folder, {})
        self.held = threading.Event()
        self.free = threading.Event()
        self.free.set()
        self.packs = self.shelve(Shelf(self.folder, self.pack))

    def shelve(self, *shelves):
        return Packs(
            shelves,
            check=lambda packs: check_packs(self.settings, packs),
            take_up=self.take_up,
            keeper=Keeper(self.notices, (), clock=self.clock),
        )

    def write(self, name="borders", rules=None, **concepts):
        """Write the pack."""
        names = {key: {"kind": kind, "label": {"en": key}, "names": {"en": terms}, "weight": WEIGHTS.get(key, 1)}
                 for key, (kind, terms) in (CONCEPTS | concepts).items()}  # fmt: skip
        for file, content in (
            ("pack.yaml", {"name": name, "label": {"en": name}}),
            ("concepts/names.yaml", names),
            ("rules/rules.yaml", rules or {"ties": TIES}),
        ):
            (self.folder / file).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / file).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        return pack_version(self.folder)

    async def take_up(self, matcher):
        reader = open_reader(self.path)
        pin(reader)

        def past(since):
            with closing(reader):
                self.held.set()
                assert self.free.wait(60)
                return History(reader).remembered(since)

        await self.ingestor.take_up(matcher, past, self.clock.now)

    def look(self, **options):
        return asyncio.run(self.packs.look(**options))


@pytest.fixture
def desk(tmp_path, path, db, clock):
    return Desk(tmp_path, path, db, clock)


@pytest.fixture(autouse=True)
def log(caplog):
    for name in ("tumen.packs", "tumen.keeper"):
        caplog.set_level(logging.INFO, name)
    return caplog


def versions(db):
    """Which version of the pack found each match."""
    found = rows(db, "SELECT revisions.title, version FROM matches JOIN revisions ON revisions.id = revision")
    return {row["title"]: row["version"] for row in found}


def test_an_edited_pack_judges_what_comes_next(desk, take, db, log):
    old = desk.pack.version
    before = take(desk.ingestor, "North Korea courts Iran")
    new = desk.write(rules={"ties": TIES, "iran": IRAN})
    look = desk.look()
    assert [(one.pack.version, other.pack.version) for one, other in look.shelves] == [(old, new)]
    after = take(desk.ingestor, "Iran courts North Korea")
    assert before.ingest.reason is Reason.NO_RULE_MATCHED
    assert after.ingest.reason is Reason.NEW_STORY
    assert [match.rule for match in after.ingest.matches] == ["iran"]
    assert after.ingest.matches[0].tags == ("nuclear",)
    assert versions(db) == {"Iran courts North Korea": new}
    assert f"pack borders: {new} replaces {old}: 2 rules" in log.messages
    assert [pack.version for pack in desk.packs.in_use] == [new]


def test_a_pack_that_was_not_edited_is_not_even_read(desk, log, monkeypatch):
    desk.look()
    monkeypatch.setattr("monitor.jobs.packs.pack_version", lambda _: pytest.fail("it was read"))
    assert desk.look().refused == ()
    assert log.messages == []


def test_a_touched_file_is_read_and_nothing_is_replaced(desk, log, monkeypatch):
    desk.look()
    os.utime(desk.folder / "pack.yaml", (1, 1))
    monkeypatch.setattr("monitor.jobs.packs.load_pack", lambda _: pytest.fail("it was compiled"))
    desk.look()
    assert log.messages == []
    desk.look(asked=True)
    assert log.messages == [f"pack borders: {desk.pack.version} is in use already"]


def test_what_was_edited_between_the_start_and_the_first_look_is_found(desk):
    new = desk.write(rules={"ties": TIES, "iran": IRAN})
    desk.look()
    assert [pack.version for pack in desk.packs.in_use] == [new]


def test_what_changes_while_it_is_read_is_found_at_the_next_look(desk, monkeypatch):
    versions = []

    def slow(folder):
        loaded = load_pack(folder)
        if not versions:  # somebody saves while the pack is being read
            versions.append(desk.write(rules={"ties": TIES, "iran": IRAN}, china=("actor", ["china"])))
        return loaded

    monkeypatch.setattr("monitor.jobs.packs.load_pack", slow)
    desk.write(rules={"ties": TIES, "iran": IRAN})
    desk.look()
    desk.look()
    assert [pack.version for pack in desk.packs.in_use] == versions


BROKEN = TIES | {"when": "dprk AND rusia"}


def test_a_broken_pack_is_said_once_and_the_former_stays(desk, take, log):
    broken = desk.write(rules={"ties": BROKEN})
    look = desk.look()
    ((pack, refusal),) = look.refused
    assert (pack.version, refusal.version) == (desk.pack.version, broken)
    (said,) = log.messages
    assert f"version {broken} is refused, {pack.version} stays in use" in said
    assert f"{desk.folder / 'rules' / 'rules.yaml'}:" in said
    assert "rusia" in said
    assert "→ did you mean russia?" in said
    assert "\n" not in said
    assert desk.notices.standing()["pack borders"][0] == said
    assert take(desk.ingestor, TITLE).ingest.reason is Reason.NEW_STORY
    os.utime(desk.folder / "pack.yaml", (1, 1))
    desk.look()
    desk.look()
    assert len(log.messages) == 1, "it was said again"


def test_each_broken_version_is_said_and_so_is_the_end_of_the_trouble(desk, log):
    desk.write(rules={"ties": BROKEN})
    desk.look()
    desk.write(rules={"ties": TIES | {"when": "dprk AND ("}})
    desk.look()
    assert len(log.messages) == 2
    new = desk.write(rules={"ties": TIES, "iran": IRAN})
    desk.look()
    assert log.messages[2:] == [
        f"pack borders: {new} replaces {desk.pack.version}: 2 rules",
        "pack borders: what its folder holds is in use again",
    ]
    assert desk.notices.standing() == {}


def test_an_edit_that_is_taken_back_ends_the_trouble(desk, log):
    desk.write(rules={"ties": BROKEN})
    desk.look()
    desk.write()
    desk.look()
    assert log.messages[1:] == ["pack borders: what its folder holds is in use again"]
    assert desk.notices.standing() == {}


def test_whoever_asks_hears_of_a_known_trouble_again(desk, log):
    desk.write(rules={"ties": BROKEN})
    desk.look()
    answer = desk.look(asked=True).described()
    assert len(log.messages) == 2
    assert answer["packs"] == [
        {"name": "borders", "version": desk.pack.version, "was": desk.pack.version, "rules": 1}
    ]
    (refused,) = answer["refused"]
    assert refused["where"].startswith(str(desk.folder))
    assert refused["remedy"]


def test_a_pack_whose_folder_is_gone_stays_in_use(desk, take, log):
    (desk.folder / "pack.yaml").rename(desk.folder / "hidden")
    desk.look()
    desk.look()
    (said,) = log.messages
    assert "its folder is refused" in said
    assert take(desk.ingestor, TITLE).ingest.reason is Reason.NEW_STORY
    (desk.folder / "hidden").rename(desk.folder / "pack.yaml")
    desk.look()
    assert log.messages[1:] == ["pack borders: what its folder holds is in use again"]


def test_a_version_without_a_rule_that_a_channel_asks_for_is_refused(desk, tmp_path, log):
    desk.settings = parse_settings("channels: {mail: {url: 'json://127.0.0.1', rules: [ties]}}", tmp_path, {})
    desk.write(rules={"iran": IRAN})
    ((_, refusal),) = desk.look().refused
    assert isinstance(refusal.error, ConfigError)
    assert "channel mail: there is no rule ties" in log.messages[0]
    assert [pack.version for pack in desk.packs.in_use] == [desk.pack.version]


def test_after_a_restart_old_trouble_is_over(desk, log):
    desk.write(rules={"ties": BROKEN})
    desk.look()
    desk.write()
    down = Notice(NoticeKind.NETWORK_DOWN, "", "down")
    desk.notices.begin("network", down, (), desk.clock.now, lasts=timedelta(hours=1))
    desk.shelve(Shelf(desk.folder, desk.pack)).begin()
    assert list(desk.notices.standing()) == ["network"]
    assert log.messages[-1] == "pack borders: what its folder holds is in use again"


# Several packs


def stub(name, rules, version="1"):
    """Enough of a pack to be adopted."""
    return type("Stub", (), {"name": name, "rules": rules, "version": version})()


def check(wanted, packs):
    there = {rule for pack in packs for rule in pack.rules}
    if missing := wanted - there:
        raise RuleError(f"no {missing}")


def test_a_sound_pack_is_taken_up_although_another_is_refused():
    a, b = Shelf(None, stub("a", {"x"})), Shelf(None, stub("b", {"y"}))
    bad, good = stub("a", set(), "2"), stub("b", {"y", "z"}, "2")
    one, two = adopt([(a, bad), (b, good)], partial(check, {"x", "y"}))
    assert (one.pack, one.refusal.version) == (a.pack, "2")
    assert (two.pack, two.refusal) == (good, None)


@pytest.mark.parametrize("turned", [False, True])
def test_a_rule_may_move_from_one_pack_to_another(turned):
    found = [
        (Shelf(None, stub("a", {"x"})), stub("a", {"w"}, "2")),
        (Shelf(None, stub("b", {"y"})), stub("b", {"x", "y"}, "2")),
    ]
    shelves = adopt(found[::-1] if turned else found, partial(check, {"x", "y"}))
    assert [(shelf.pack.version, shelf.refusal) for shelf in shelves] == [("2", None)] * 2


def test_what_did_not_fit_is_tried_again_when_another_pack_changes(tmp_path, path, db, clock):
    one = Desk(tmp_path, path, db, clock)
    two = Desk(tmp_path, path, db, clock, name="others")
    two.write("others", rules={"other": IRAN})
    one.settings = parse_settings("channels: {mail: {url: 'json://127.0.0.1', rules: [ties]}}", tmp_path, {})
    others = load_pack(two.folder)
    one.ingestor = Ingestor(History(db), Matcher([one.pack, others]), (), Freshness())
    one.packs = one.shelve(Shelf(one.folder, one.pack), Shelf(two.folder, others))
    one.write(rules={"iran": IRAN})
    assert len(one.look().refused) == 1
    two.write("others", rules={"ties": TIES})
    one.look()
    one.look()
    assert [sorted(rule.name for rule in pack.rules) for pack in one.packs.in_use] == [["iran"], ["ties"]]


# Articles stream in meanwhile


def during(desk, work):
    """Do something while a look is reading what the history remembers."""

    async def run():
        desk.held.clear()
        desk.free.clear()
        look = asyncio.create_task(desk.packs.look())
        try:
            await asyncio.to_thread(desk.held.wait, 60)
            work()
        finally:
            desk.free.set()
        return await look

    return asyncio.run(run())


def test_what_is_told_while_the_stories_are_read_anew_is_not_told_again(desk, take):
    take(desk.ingestor, TITLE)
    desk.write(rules={"ties": TIES, "iran": IRAN})
    meanwhile = []

    def work():
        meanwhile.append(take(desk.ingestor, "Russia receives 3,000 soldiers from North Korea"))
        meanwhile.append(take(desk.ingestor, "North Korean orchestra tours Russia, tickets sell out"))

    during(desk, work)
    repeat, other = meanwhile
    assert repeat.ingest.alerts == ()
    assert other.ingest.reason is Reason.NEW_STORY
    again = take(desk.ingestor, "Orchestra of North Korea on tour in Russia: tickets sell out")
    assert (again.ingest.alerts, again.stored.story) == ((), other.stored.story)
    update = take(desk.ingestor, "North Korea sends 12,000 soldiers to Russia")
    assert update.ingest.reason is Reason.NEW_FACTS
    assert update.ingest.alerts[0].new[0].before == 3000


def test_every_article_is_judged_by_the_old_or_the_new_pack(desk, take, db):
    """In the very middle of the look the old one judges; from its end on, the new one does."""
    old = desk.pack.version
    new = desk.write(rules={"ties": TIES, "iran": IRAN})
    take(desk.ingestor, f"{TITLE}, part 0")
    during(desk, lambda: [take(desk.ingestor, f"{TITLE}, part {number}") for number in range(1, 60)])
    take(desk.ingestor, f"{TITLE}, part 60")
    found = versions(db)
    assert [found[f"{TITLE}, part {number}"] for number in range(61)] == [old] * 60 + [new]
    assert Archive(db).count() == 61


def book_of(ingestor):
    """All that a book knows, so that two can be compared."""
    book = ingestor._book
    return {
        story.id: (
            story.pack,
            story.last,
            [(member.signature, member.at) for member in story.members],
            story.told,
        )
        for story in book._stories.values()
    }, {name: (index.rarity._articles, +index.rarity._with) for name, index in book._indices.items()}


def test_the_stories_are_the_same_as_after_a_restart(desk, take, db, clock):
    """Whenever an article comes: before, while the past is read, and after."""
    wordings = [f"North Korea sends {number} soldiers to Russia" for number in (3000, 4000, 8000, 9000)]
    take(desk.ingestor, wordings[0], "It was said. " * 30)
    desk.write(rules={"ties": TIES}, soldiers=("unit", ["soldier*", "troops"]), china=("actor", ["china"]))
    during(desk, lambda: [take(desk.ingestor, title, f"{title} " * 9) for title in wordings[1:3]])
    take(desk.ingestor, wordings[3], "China says nothing.")
    restarted = Ingestor(History(db), Matcher(desk.packs.in_use), (), Freshness())
    restarted.remember(clock.now)
    assert book_of(desk.ingestor) == book_of(restarted)


@pytest.mark.parametrize("chunk", [1, 2, 25])
def test_stories_are_read_in_slices_with_the_same_result(desk, take, db, clock, chunk, monkeypatch):
    monkeypatch.setattr("monitor.jobs.ingest._SLICE", chunk)
    for number in range(5):
        take(desk.ingestor, f"{TITLE} in month {number}")
    desk.write(rules={"ties": TIES, "iran": IRAN})
    during(desk, lambda: [take(desk.ingestor, f"{TITLE} in year {number}") for number in range(5)])
    restarted = Ingestor(History(db), Matcher(desk.packs.in_use), (), Freshness())
    restarted.remember(clock.now)
    assert book_of(desk.ingestor) == book_of(restarted)


def test_a_look_that_is_dropped_leaves_the_pack_in_use(desk, take):
    desk.write(rules={"iran": IRAN})

    async def run():
        desk.free.clear()
        desk.packs.tick()
        await asyncio.to_thread(desk.held.wait, 60)
        stopping = asyncio.create_task(desk.packs.stop())
        desk.free.set()
        await stopping
        desk.packs.tick()
        assert not desk.packs._looks

    asyncio.run(run())
    assert [pack.version for pack in desk.packs.in_use] == [desk.pack.version]
    assert take(desk.ingestor, TITLE).ingest.reason is Reason.NEW_STORY
    desk.look()
    assert [rule.name for pack in desk.packs.in_use for rule in pack.rules] == ["iran"]


def test_a_tick_waits_for_the_look_that_is_under_way_and_a_wish_is_granted_after_it(desk, log):
    async def run():
        desk.write(rules={"ties": TIES, "iran": IRAN})
        desk.free.clear()
        desk.packs.tick()
        await asyncio.to_thread(desk.held.wait, 60)
        desk.packs.tick()
        last = desk.write(rules={"iran": IRAN})
        asking = asyncio.create_task(desk.packs.look(asked=True))
        desk.free.set()
        await asyncio.gather(asking, *desk.packs._looks)
        return last

    last = asyncio.run(run())
    assert [pack.version for pack in desk.packs.in_use] == [last]
    assert len(log.messages) == 2


def test_a_history_that_cannot_be_read_leaves_the_pack_in_use_and_is_tried_again(desk, log):
    new = desk.write(rules={"ties": TIES, "iran": IRAN})
    path, desk.path = desk.path, desk.folder / "nowhere.db"

    async def run():
        desk.packs.tick()
        await asyncio.gather(*desk.packs._looks)

    asyncio.run(run())
    assert "the packs in use stay" in log.messages[0]
    assert desk.packs.in_use == (desk.pack,)
    desk.path = path
    desk.look()
    assert [pack.version for pack in desk.packs.in_use] == [new]
