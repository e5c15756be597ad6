"""The tables of docs/configuration.md, as the models of the configuration have them; the text around them is written.

Each table stands between `<!-- keys: CrawlSettings -->` and `<!-- end of keys -->`.
"""

from __future__ import annotations

import re
from enum import Enum
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin

from pydantic import BaseModel, SecretStr

from monitor.config import Settings
from monitor.config.values import Fixed
from monitor.documents import Called

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pydantic.fields import FieldInfo

_TABLE = re.compile(r"(<!-- keys: (\w+) -->\n).*?(<!-- end of keys -->)", re.DOTALL)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_PLAIN: Mapping[object, str] = {
    bool: "true or false",
    int: "whole number",
    str: "text",
    SecretStr: "secret text",
    Path: "path",
}
_HEAD = ("| key | default | value | means | example |", "|---|---|---|---|---|")


def page(text: str) -> str:
    """The page with its tables made anew. Raises KeyError for a model that the configuration does not have."""
    models = {model.__name__: model for model in sections(Settings)}
    places = {found[2]: _anchor(text[: found.start()]) for found in _TABLE.finditer(text)}

    def table(found: re.Match[str]) -> str:
        return found[1] + "\n".join(_rows(models[found[2]], places)) + "\n" + found[3]

    return _TABLE.sub(table, text)


def sections(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A model of the configuration and every model inside it."""
    yield model
    for field in model.model_fields.values():
        for inner in _models(field.annotation):
            yield from sections(inner)


def keys(model: type[BaseModel]) -> Mapping[str, FieldInfo]:
    """The keys of a section that a person may write."""
    return {name: field for name, field in model.model_fields.items() if not field.exclude}


def example(field: FieldInfo) -> str:
    """How the value of a key is written, nothing for a section."""
    if field.examples:
        return written(field.examples[0])
    if default := written(field.default):
        return default
    return _example(field.annotation, field.metadata)


def written(value: Any, *, within: bool = False) -> str:
    """A value as it is written in YAML, nothing for one that says nothing; `within` a list or mapping in one line."""
    if isinstance(value, list):
        text = ", ".join(written(one, within=True) for one in value)
        return f"[{text}]" if value else ""
    if isinstance(value, dict):
        text = ", ".join(f"{key}: {written(one, within=True)}" for key, one in value.items())
        return f"{{{text}}}" if value else ""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str | int | Path):  # a secret, a section, no value
        return ""
    text = str(value.value if isinstance(value, Enum) else value)
    return f'"{text}"' if within and "{" in text else text


def _rows(model: type[BaseModel], places: Mapping[str, str]) -> Iterator[str]:
    yield from _HEAD
    for name, field in keys(model).items():
        default, shown = written(field.default), example(field)
        means = f"{field.description}{' Needs a restart.' if _is_fixed(field) else ''}"
        cells = (
            f"`{name}`",
            "required" if field.is_required() else _code(default),
            _value(field.annotation, field.metadata, places),
            means,
            _code(shown) if shown != default else "",
        )
        yield "|".join(("", *(f" {cell} " if cell else " " for cell in cells), ""))


def _is_fixed(field: FieldInfo) -> bool:
    return any(isinstance(mark, Fixed) for mark in field.metadata)


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _value(annotation: Any, metadata: Iterable[Any], places: Mapping[str, str]) -> str:
    """What kind of value it is, for people."""
    if called := _called(metadata):
        return called.name
    if parts := get_args(annotation):
        return _composed(annotation, parts, metadata, places)
    if issubclass(annotation, BaseModel):
        return f"[section]({places[annotation.__name__]})"
    if issubclass(annotation, Enum):
        return ", ".join(f"`{one.value}`" for one in annotation)
    return _PLAIN[annotation] + _bounds(metadata)


def _composed(
    annotation: Any, parts: tuple[Any, ...], metadata: Iterable[Any], places: Mapping[str, str]
) -> str:
    kind = get_origin(annotation)
    if kind is Annotated:
        return _value(parts[0], parts[1:], places)
    if kind is list:
        return f"list: {_value(parts[0], (), places)}"
    if kind is dict:
        return f"by name: {_value(parts[1], (), places)}"
    return ", or ".join(_value(part, metadata, places) for part in parts if part is not NoneType)


def _bounds(metadata: Iterable[Any]) -> str:
    found = {name: getattr(mark, name) for mark in metadata for name in ("ge", "le") if hasattr(mark, name)}
    return f", {found['ge']}-{found['le']}" if len(found) == 2 else ""  # noqa: PLR2004  one without the other says little


def _example(annotation: Any, metadata: Iterable[Any]) -> str:
    """How people write a value of this kind."""
    if called := _called(metadata):
        return called.example
    found = [_example(part, getattr(part, "__metadata__", ())) for part in get_args(annotation)]
    shown = next(filter(None, found), "")
    return f"[{shown}]" if shown and get_origin(annotation) is list else shown


def _called(metadata: Iterable[Any]) -> Called | None:
    return next((mark for mark in metadata if isinstance(mark, Called)), None)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def _anchor(before: str) -> str:
    """The link to the last heading of a text."""
    heading = _HEADING.findall(before)[-1]
    return "#" + re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-")
