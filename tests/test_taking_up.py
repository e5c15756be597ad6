"""A service that took up another configuration is as one that was started with it, whatever key was changed."""

from __future__ import annotations

import asyncio
import copy
import shutil
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from monitor import app, planning
from monitor.config import Settings, SourceSettings, load_settings
from monitor.config.channels import ChannelSettings
from monitor.config.own import OwnSource
from monitor.schemas.page import keys
from monitor.store.database import open_history, rows
from tests.system.desk import PACK

NOW = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
BASE = {
    "packs": ["harbour"],
    "channels": {"desk": {"url": "json://127.0.0.1:9/"}, "room": {"url": "json://127.0.0.1:9/room"}},
    "sources": {"shipped": False, "own": [{"name": "a", "title": "A", "url": "https://a.example/"}]},
    "heartbeat": {"url": "https://hc.example/1"},
    "translation": {"url": "http://localhost:5000"},
}
DESK, OWN = ("channels", "desk"), ("sources", "own", 0)
FORMER = {("captures", "enabled"): False}  # where the default is what is to be taken up
OTHERWISE = {
    ("packs",): ["harbour", "haven"],
    (*DESK, "url"): "json://127.0.0.1:9/other",
    (*DESK, "language"): "de",
    (*DESK, "timezone"): "Europe/Berlin",
    (*DESK, "packs"): ["harbour"],
    (*DESK, "rules"): ["harbour"],
    (*DESK, "tags"): ["port"],
    (*DESK, "languages"): ["en"],
    (*DESK, "source_tags"): ["wire"],
    (*DESK, "stories"): [1],
    (*DESK, "at_least"): "high",
    (*DESK, "at_once"): "high",
    (*DESK, "group"): {"wait": "5m", "interval": "30m"},
    (*DESK, "digest"): ["08:00"],
    (*DESK, "quiet"): "22:00-07:00",
    (*DESK, "per_hour"): 6,
    (*DESK, "notices"): "all",
    (*DESK, "canary"): "08:00",
    (*DESK, "report"): "monday 08:00",
    (*OWN, "name"): "b",
    (*OWN, "title"): "B",
    (*OWN, "url"): "https://b.example/",
    (*OWN, "kind"): "section",
    (*OWN, "language"): "ko",
    (*OWN, "country"): "KR",
    (*OWN, "weight"): 5,
    (*OWN, "links"): "a.news",
    (*OWN, "unverified"): True,
    (*OWN, "times"): ["07:00"],
    (*OWN, "quiet"): "01:00-05:00",
    (*OWN, "timezone"): "Asia/Seoul",
    (*OWN, "tags"): ["wire"],
    (*OWN, "delay"): "10s",
    (*OWN, "timeout"): "40s",
    (*OWN, "auth"): "reader:secret",
    (*OWN, "proxy"): "http://proxy.example:3128",
    (*OWN, "headers"): {"X-Key": "1"},
    (*OWN, "cookies"): {"consent": "yes"},
    ("sources", "shipped"): True,
    ("sources", "files"): ["more.yaml"],
    ("pace", "fastest"): "2m",
    ("pace", "slowest"): "3h",
    ("pace", "failing"): "9h",
    ("freshness", "first_look"): "12h",
    ("freshness", "late_after"): "1h",
    ("freshness", "expires"): "24h",
    ("translation", "url"): "http://localhost:6000",
    ("translation", "key"): "abc",
    ("translation", "timeout"): "2s",
    ("heartbeat", "url"): "https://hc.example/2",
    ("heartbeat", "every"): "7m",
    ("crawl", "contact"): "news@example.org",
    ("crawl", "workers"): 3,
    ("crawl", "delay"): "4s",
    ("crawl", "timeout"): "9s",
    ("crawl", "deadline"): "33s",
    ("crawl", "batch"): 7,
    ("crawl", "allow_private"): ["127.0.0.1"],
    ("crawl", "obey_robots"): False,
    ("captures", "enabled"): True,
    ("captures", "level"): 9,
    **{
        ("retention", key): "400d"
        for key in ("unmatched", "matched", "alerts", "captures", "looks", "entries")
    },
    ("retention", "size"): "20GB",
    ("backup", "enabled"): False,
    ("backup", "folder"): "elsewhere",
    ("backup", "every"): "2d",
    ("backup", "keep"): 3,
    ("backup", "weeks"): 9,
}
ELSEWHERE = {  # what the parts of a running service do not hold
    ("history",): "needs a restart",
    ("health",): "needs a restart",
    ("captures", "folder"): "needs a restart",
    ("crawl", "cluster"): "needs a restart",
    ("log", "format"): "needs a restart",
    ("web",): "is of the pages, which are started anew",
    (*DESK, "url_file"): "is another way to give the url",
    (*OWN, "enabled"): "counts for shipped ones only",
    (*OWN, "note"): "is for people",
    **{
        ("sources", key): "chooses sources, as shipped does"
        for key in ("languages", "tags", "at_least", "names")
    },
    **{("sources", key): "chooses sources, as shipped does" for key in ("also", "without")},
}
MORE = "- {name: c, title: C, url: 'https://c.example/', auth: 'reader:secret'}\n"
LEAVES = (str, int, float, bytes, date, time, timedelta, Path, ZoneInfo, frozenset, type(None))


@pytest.fixture
def folder(tmp_path):
    for name in ("harbour", "haven"):
        pack = shutil.copytree(PACK, tmp_path / name)
        head, rule = pack / "pack.yaml", pack / "rules" / "harbour.yaml"
        head.write_text(head.read_text().replace("name: harbour", f"name: {name}"))
        rule.write_text(rule.read_text().replace("  severity: high", "  severity: high\n  tags: [port]"))
    (tmp_path / "more.yaml").write_text(MORE, encoding="utf-8")
    return tmp_path


def changed(given, path, value):
    """The configuration with another value at the path."""
    after = copy.deepcopy(given)
    inner = after
    for step in path[:-1]:
        inner = inner.setdefault(step, {}) if isinstance(inner, dict) else inner[step]
    inner[path[-1]] = value
    return after


def plan_of(given, folder):
    file = folder / "tumen.yaml"
    file.write_text(yaml.safe_dump(given), encoding="utf-8")
    return planning.plan(load_settings(file))


def started(plan, db):
    service = app.Service(plan, clock=lambda: NOW)
    service._build(db)
    return service


def held(service, db):
    """All that the parts of a service were told, by where they hold it, and the sources in its history."""
    parts = {
        name: getattr(service, name)
        for name in ("_telling", "_watching", "_pruner", "_backups", "_heartbeat", "_packs")
    }
    found = dict(_held(parts, (), frozenset()))
    return found, rows(db, "SELECT * FROM sources WHERE retired_at IS NULL ORDER BY name")


def _held(one, path, around):
    if isinstance(one, LEAVES):
        yield path, str(one)
    elif id(one) in around or type(one).__module__ in {"monitor.store.database", "monitor.planning"}:
        return
    elif isinstance(one, Mapping):
        for key, inner in one.items():
            yield from _held(inner, (*path, str(key)), around)
    elif isinstance(one, list | tuple | set):
        for number, inner in enumerate(one):
            yield from _held(inner, (*path, number), around)
    elif type(one).__module__.startswith(("monitor.", "spiders.")):
        slots = [name for kind in type(one).__mro__ for name in getattr(kind, "__slots__", ())]
        named = {name: getattr(one, name) for name in slots if hasattr(one, name)} | getattr(
            one, "__dict__", {}
        )
        for name, inner in named.items():
            yield from _held(inner, (*path, name), around | {id(one)})


@pytest.mark.parametrize("path", OTHERWISE, ids=lambda path: ".".join(map(str, path)))
def test_whatever_changed_the_service_is_as_if_it_had_been_started_so(path, folder):
    before = changed(BASE, path, FORMER[path]) if path in FORMER else BASE
    old, new = plan_of(before, folder), plan_of(changed(before, path, OTHERWISE[path]), folder)
    assert_taken_up(old, new)


@pytest.mark.parametrize(
    ("old", "new"), [("name: c", "name: d"), ("weight: 3", "weight: 5"), ("secret", "other")]
)
def test_what_changed_in_a_file_of_sources_is_taken_up_too(old, new, folder):
    given = changed(BASE, ("sources", "files"), ["more.yaml"])
    text = MORE.replace("}", ", weight: 3}")
    (folder / "more.yaml").write_text(text, encoding="utf-8")
    before = plan_of(given, folder)
    (folder / "more.yaml").write_text(text.replace(old, new), encoding="utf-8")
    assert_taken_up(before, plan_of(given, folder))


def assert_taken_up(old, new):
    async def compare():
        with closing(open_history(new.settings.history_path)) as db, closing(open_history(None)) as other:
            service = started(old, db)
            former = held(service, db)
            await service._change(new)
            await asyncio.sleep(0)
            return former, held(service, db), held(started(new, other), other)

    former, after, fresh = asyncio.run(compare())
    assert former != fresh, "nothing that a service holds depends on it"
    assert after[0] == fresh[0]
    assert after[1] == fresh[1]


def test_every_key_is_among_them():
    homes = {"channels": (ChannelSettings, DESK), "sources": (SourceSettings, ("sources",))}
    written = [*leaves(OwnSource, OWN)]
    for name, field in keys(Settings).items():
        inner, path = homes.get(name, (section_of(field), (name,)))
        written += leaves(inner, path) if inner else [path]
    told = {*OTHERWISE, *ELSEWHERE}
    assert [path for path in written if path not in told and path[:1] not in told and path[-1] != "own"] == []


def leaves(section, path):
    return ((*path, name) for name in keys(section))


def section_of(field):
    parts = (field.annotation, *getattr(field.annotation, "__args__", ()))
    return next((part for part in parts if hasattr(part, "model_fields")), None)
