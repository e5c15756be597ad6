"""What differs between two configurations, by the names of the keys: values may be secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel

from monitor.config.values import Fixed, Section

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from monitor.config.declared import Settings

Part = TypeVar("Part", bound=BaseModel)


def differences(old: BaseModel, new: BaseModel, within: str = "") -> Iterator[str]:
    """The keys whose values differ: `crawl.delay`; of a channel its name only: `channels.desk`."""
    for name, field in type(new).model_fields.items():
        before, after = getattr(old, name), getattr(new, name)
        if field.exclude or (before == after and _behind(old, name) == _behind(new, name)):
            continue
        if isinstance(before, BaseModel) and isinstance(after, BaseModel):
            yield from differences(before, after, f"{within}{name}.")
        elif isinstance(before, dict) and isinstance(after, dict):
            yield from (f"{within}{name}.{key}" for key in _unlike(before, after))
        else:
            yield f"{within}{name}"


def settled(old: Settings, new: Settings) -> tuple[Settings, tuple[str, ...]]:
    """The new configuration, but with the old values of all that stays while the service runs; and which that are."""
    kept, names = _settled(old, new, "")
    return kept, tuple(names)


def _settled(old: Part, new: Part, within: str) -> tuple[Part, list[str]]:
    kept: dict[str, object] = {}
    names: list[str] = []
    for name, field in type(new).model_fields.items():
        before, after = getattr(old, name), getattr(new, name)
        if isinstance(before, BaseModel) and isinstance(after, BaseModel):
            inner, found = _settled(before, after, f"{within}{name}.")
            if found:
                kept[name] = inner
                names += found
        elif before != after and any(isinstance(mark, Fixed) for mark in field.metadata):
            kept[name] = before
            names.append(f"{within}{name}")
    return new.model_copy(update=kept) if kept else new, names


def _behind(section: BaseModel, name: str) -> object:
    """What was read from files that the key names."""
    return section.behind().get(name) if isinstance(section, Section) else None


def _unlike(before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[str]:
    return (key for key in {**before, **after} if before.get(key) != after.get(key))
