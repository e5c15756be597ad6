"""JSON Schemas of the files that people write, so that editors complete, explain and check them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from monitor.catalogue import CatalogueFile
from monitor.config import ListedSources, Settings
from monitor.packs.declared import ConceptsFile, PackFile, RulesFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import BaseModel

_FILES: Mapping[str, type[BaseModel]] = {
    "pack": PackFile,
    "concepts": ConceptsFile,
    "rules": RulesFile,
    "config": Settings,
    "sources": CatalogueFile,
    "own-sources": ListedSources,
}
NAMES = tuple(_FILES)
_FILLED_IN = ("config", "own-sources")  # from the environment
PACK_FILES = ("pack", "concepts", "rules")

_VARIABLE = {"type": "string", "pattern": r"\$\{[A-Za-z_][A-Za-z0-9_]*\}"}
_TOLD_OUTSIDE = ("description", "default")


def schema_text(name: str) -> str:
    """The JSON Schema of a kind of file (one of `NAMES`), as text that changes only when the schema does."""
    return json.dumps(schema(name), ensure_ascii=False, indent=2) + "\n"


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a kind of file (one of `NAMES`)."""
    made = _FILES[name].model_json_schema()
    for part in _parts(made):
        part.pop("title", None)  # pydantic's: a key in other words
        if "patternProperties" in part:  # a key of another form is a mistake
            part.setdefault("additionalProperties", False)
        if name in _FILLED_IN and "properties" in part:
            for key, value in part["properties"].items():
                part["properties"][key] = _or_variable(value, made["$defs"])
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"Tumen: {name}"} | made


def _or_variable(part: dict[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    """A value that takes no free text may come from the environment as well."""
    meant = definitions.get(part.get("$ref", "").removeprefix("#/$defs/"), part)
    if meant.get("type") not in {"boolean", "integer"} and not {"pattern", "enum"} & set(meant):
        return part
    told = {key: part[key] for key in _TOLD_OUTSIDE if key in part}
    itself = {key: value for key, value in part.items() if key not in told}
    return told | {"anyOf": [itself, _VARIABLE]}


def _parts(part: Any) -> Iterator[dict[str, Any]]:
    """Every schema within a schema."""
    if isinstance(part, list):
        for item in part:
            yield from _parts(item)
    if isinstance(part, dict):
        yield part
        for key, inner in part.items():
            if key in {"properties", "patternProperties", "$defs"}:
                for named in inner.values():
                    yield from _parts(named)
            elif key not in {"default", "enum", "required"}:
                yield from _parts(inner)
