"""What editors are told about files is what the program reads."""

from __future__ import annotations

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from monitor import schemas
from monitor.documents import parse_document
from tests.test_docs import CONFIGURATION, README, blocks

ROOT = Path(__file__).parents[1]
PACKS = [*(ROOT / "rules").glob("*/pack.yaml"), ROOT / "tests" / "system" / "pack" / "pack.yaml"]
FILES = {
    "pack": PACKS,
    "concepts": [file for pack in PACKS for file in pack.parent.glob("concepts/*.yaml")],
    "rules": [file for pack in PACKS for file in pack.parent.glob("rules/*.yaml")],
    "sources": list((ROOT / "spiders" / "catalogue").glob("*.yaml")),
}


def complaints(kind, text):
    content = parse_document(text, kind).value
    return [
        f"{error.json_path}: {error.message}"
        for error in Draft202012Validator(schemas.schema(kind)).iter_errors(content)
    ]


@pytest.mark.parametrize("kind", schemas.NAMES)
def test_the_committed_schema_is_the_one_that_is_generated(kind):
    """If not: `make docs`."""
    committed = (ROOT / "docs" / "schema" / f"{kind}.json").read_text(encoding="utf-8")
    assert committed == schemas.schema_text(kind)


def test_no_other_schema_is_committed():
    assert {file.stem for file in (ROOT / "docs" / "schema").iterdir()} == set(schemas.NAMES)


@pytest.mark.parametrize("kind", schemas.NAMES)
def test_every_schema_is_one(kind):
    Draft202012Validator.check_schema(schemas.schema(kind))


@pytest.mark.parametrize(
    ("kind", "file"),
    [(kind, file) for kind, files in FILES.items() for file in files],
    ids=lambda value: value if isinstance(value, str) else str(value.relative_to(ROOT)),
)
def test_shipped_files_hold_to_their_schema(kind, file):
    assert complaints(kind, file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("text", blocks(README, "yaml") + blocks(CONFIGURATION, "yaml"))
def test_configurations_that_are_shown_hold_to_the_schema(text):
    assert complaints("config", text) == []


def keys_of(part):
    """Every key that a schema knows, with what it says of it."""
    if isinstance(part, dict):
        yield from part.get("properties", {}).items()
        for inner in part.values():
            yield from keys_of(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from keys_of(inner)


@pytest.mark.parametrize("kind", schemas.NAMES)
def test_every_key_is_explained(kind):
    unexplained = {key for key, part in keys_of(schemas.schema(kind)) if not part.get("description")}
    assert unexplained == set()


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("pack", "label: {en: A}"),
        ("pack", "{name: A, label: {en: A}}"),
        ("pack", "{name: a, label: {de: A}}"),
        ("pack", "{name: a, label: {en: A}, macro: {}}"),
        ("pack", "{name: a, label: {en: A}, macros: {A: b}}"),
        ("concepts", "a: {kind: actr, label: {en: A}, names: {en: [b]}}"),
        ("concepts", "a: {kind: actor, label: {en: A}, names: {}}"),
        ("concepts", "a: {kind: actor, label: {en: A}, names: {english: [b]}}"),
        ("concepts", "a: {kind: actor, label: {en: A}, names: {en: ['*b']}}"),
        ("concepts", "a: {kind: actor, label: {en: A}, names: {en: [{term: b, only: de}]}}"),
        ("concepts", "a: {kind: actor, weight: 11, label: {en: A}, names: {en: [b]}}"),
        ("rules", "a: {label: {en: A}, when: b, severity: loud}"),
        ("rules", "a: {label: {en: A}}"),
        ("rules", "A: {label: {en: A}, when: b}"),
        ("config", "chanels: {}"),
        ("config", "folder: /tmp"),
        ("config", "pace: {fastest: soon}"),
        ("config", "crawl: {workers: many}"),
        ("config", "channels: {'my mail': {url: a}}"),
        ("sources", "sources: [{name: a, title: A, url: ftp://x}]"),
    ],
)
def test_a_schema_finds_mistakes(kind, text):
    assert complaints(kind, text)


@pytest.mark.parametrize(
    "text",
    [
        "crawl: {workers: '${WORKERS}', obey_robots: '${ROBOTS}', delay: 1.5 s}",
        "channels: {me: {url: ['mailto://${USER}', b], at_least: '${LEVEL}'}}",
        "pace: {fastest: '${PACE}'}",
        "{}",
    ],
)
def test_what_the_environment_fills_in_is_allowed(text):
    assert complaints("config", text) == []


def test_durations_are_shown_as_they_are_written():
    pace = schemas.schema("config")["$defs"]["PaceSettings"]["properties"]
    assert [pace[key]["default"] for key in ("fastest", "slowest", "failing")] == ["1m", "2h", "6h"]
