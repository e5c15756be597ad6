"""Configurations and packs that are nearly right: YAML in which something is exchanged, lost, added or broken."""

from __future__ import annotations

import copy
import re
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from hypothesis import strategies as st

from monitor.config import parse_settings
from monitor.core.errors import ConfigError, MonitorError, RuleError
from monitor.packs import load_pack
from tests.system.desk import PACK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")
_CONFIG = """
history: tumen.db
packs: [dprk-russia]
channels:
  desk: {url: "mailto://example.org/?to=a@example.org", language: de, timezone: Europe/Berlin, digest: ["08:00"],
    quiet: "22:00-07:00", canary: "06:00", report: monday 07:00, notices: trouble, at_least: normal}
  chat: {url: ["json://example.org/${NAME}"], packs: [dprk-russia], languages: [en, ko], tags: [x]}
sources:
  languages: [ko, en]
  also: [kcna-en]
  own:
    - {name: own, title: Own, url: "https://own.example/feed", kind: feed, language: en, tags: [wire], weight: 3,
       headers: {X-A: b}, delay: 2s, timeout: 5s}
    - {name: list, title: List, url: "https://own.example/news", kind: section, links: "a.news", weight: 1}
pace: {fastest: 1m, slowest: 2h, failing: 6h}
freshness: {first_look: 24h, late_after: 3h, expires: 48h}
crawl: {contact: a@example.org, workers: 1, delay: 1s, timeout: 20s, deadline: 60s, allow_private: ["127.0.0.1:80"]}
captures: {enabled: true, level: 6}
retention: {}
heartbeat: {url: "https://checks.example/1", every: 5m}
translation: {url: "https://translate.example", key: x}
web: {}
"""
_VALUES = """
1m -1s 1e9d 25:61 22:00-22:00 2026-13-45 ${NAME} ${ ${NONE} mailto:// http://[::1 SUM( * a{b| = port ../../x 🚢
"""
_SIGNS = """
&a~ *a <<:~*a^ !!python/object:os.system~x !x~ ?~ -~ { } [ |^ >-^ %YAML~9^ ---^ ...^ ' " \\ # :~ a:~1^a:~2^ {{{{{{{{
"""
ROOM = "/dev/shm" if Path("/dev/shm").is_dir() else None  # files are written by the thousand
_JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from([*_VALUES.split(), "", "a AND", "port NEAR/0 port", "\ud800", "\x00", "x" * 5000]),
    st.dates(),
    st.datetimes(),
    st.just([]),
    st.just({}),
    st.lists(st.text(max_size=5), max_size=3),
    st.dictionaries(st.text(max_size=5) | st.integers(), st.integers(), max_size=3),
)
_MARKS = st.sampled_from(
    [mark.replace("~", " ").replace("^", "\n") for mark in _SIGNS.split()]
    + list("\t\u2028\ufeff\x00\x1b\ud800")
)
_EDITS = st.lists(
    st.tuples(st.integers(0, 400), st.sampled_from(["put", "put", "lose", "add", "rename"]), _JUNK),
    max_size=3,
)
_BREAKS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 9), _MARKS | st.text(max_size=5)), max_size=2)

CONFIGURATIONS = st.tuples(_EDITS, _BREAKS)
PACKS = st.tuples(
    st.sampled_from(["pack.yaml", "concepts/harbour.yaml", "rules/harbour.yaml"]), _EDITS, _BREAKS
)


def read_any_configuration(given: tuple[list[Any], list[Any]]) -> str:
    """It is a configuration that can be used, or an error that names the place."""
    text = _text(_CONFIG, *given)
    read = _tried(lambda: parse_settings(text, Path("/nowhere"), {"NAME": "x y/z"}))
    if isinstance(read, MonitorError):
        return _placed(read, text)
    assert all(channel.policy for channel in read.channels.values())
    assert all(own.access() or own.name for own in read.sources.own)
    return "configuration"


def read_any_pack(given: tuple[str, list[Any], list[Any]]) -> str:
    """It is a pack, or an error that names the place."""
    name, edits, breaks = given
    with tempfile.TemporaryDirectory(dir=ROOM) as folder:
        for file in PACK.rglob("*.yaml"):
            here = Path(folder, file.relative_to(PACK))
            here.parent.mkdir(exist_ok=True)
            text = file.read_text(encoding="utf-8")
            if file == PACK / name:
                text = _text(text, edits, breaks)
            here.write_text(text, encoding="utf-8", errors="surrogatepass")
        read = _tried(lambda: load_pack(Path(folder)))
        if isinstance(read, MonitorError):
            named = Path(re.sub(r"(:\d+)+$", "", read.where))
            return _placed(read, named.read_bytes().decode("utf-8", "replace") if named.is_file() else "")
    assert read.version
    assert all(rule.query for rule in read.rules)
    return "pack"


def _tried(read: Callable[[], T]) -> T | MonitorError:
    """What is read, or the error that a reader is told."""
    try:
        return read()
    except (ConfigError, RuleError) as refused:
        return refused


def _text(document: str, edits: list[tuple[int, str, Any]], breaks: list[tuple[float, int, str]]) -> str:
    value = yaml.safe_load(document)
    for number, how, junk in edits:
        value = _edited(copy.deepcopy(value), number, how, junk)
    text = yaml.safe_dump(value, allow_unicode=True, sort_keys=False) if edits else document
    for part, lost, put in breaks:
        at = round(part * len(text))
        text = text[:at] + put + text[at + lost :]
    return text


def _edited(value: Any, number: int, how: str, junk: Any) -> Any:
    """The structure with one part of it changed: the one with this number, counted around."""
    places = list(_places(value))
    if not places:
        return junk
    owner, key = places[number % len(places)]
    if how == "put":
        owner[key] = junk
    elif how == "lose":
        del owner[key]
    elif isinstance(owner, list):
        owner.append(junk)
    elif how == "rename":
        owner[f"{key}x"] = owner.pop(key)
    else:
        owner[_key(junk)] = junk
    return value


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    for key, inner in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield value, key
        yield from _places(inner)


def _key(junk: Any) -> Any:
    return junk if isinstance(junk, str | int | float | bool | date | datetime | None) else "more"


def _placed(refused: MonitorError, text: str) -> str:
    """Whoever wrote the document is told where and what, in signs that a terminal shows."""
    assert refused.message
    assert refused.where
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", f"{refused}")
    lines = [int(number) for number in re.findall(r"\.yaml:(\d+)", refused.where)]
    assert all(1 <= line <= text.count("\n") + 2 for line in lines) or not text
    return "refused"
