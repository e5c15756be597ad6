"""Keys of `tumen.yaml` that have another name by now. They are taken all the same, and it is said what to write.

Whoever renames a key adds a line to `RENAMED`, and removes it with the next major version at the earliest.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from monitor.core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from monitor.documents import Document, Path

ANY = "*"


@dataclass(frozen=True, slots=True)
class Renamed:
    """A key and its former name.

    Attributes:
        old: where it stood: `("crawl", "pause")`. `*` is each name of a mapping, or each item of a list.
        new: where it stands now, with as many `*`.
        since: the version that renamed it.
        instead: what to write now, if the value has another meaning or form, too.
    """

    old: tuple[str, ...]
    new: tuple[str, ...]
    since: str
    instead: str = ""


RENAMED: tuple[Renamed, ...] = ()


def up_to_date(document: Document, table: Iterable[Renamed] = RENAMED) -> tuple[Document, tuple[str, ...]]:
    """The configuration with every key under its name of today, and a warning for each that has a former one.

    Messages about a value still name the place where it stands.

    Raises:
        ConfigError: a key stands there under both names.
    """
    value, places = deepcopy(document.value), dict(document.places)
    warnings = []
    for renamed in table:
        for old in tuple(_found(value, renamed.old)):
            new = _filled(renamed, old)
            said = f"{_dotted(old)} is called {_dotted(new)} since Tumen {renamed.since}"
            remedy = renamed.instead or f"write {_dotted(new)}"
            if any(True for _ in _found(value, new)):
                raise ConfigError(
                    f"{said}, and both are given", where=document.where(old), remedy=f"keep {_dotted(new)}"
                )
            if not _moved(value, old, new):
                continue  # what stands in its way is refused for itself
            warnings.append(f"{document.where(old)}: {said}; {remedy}")
            places |= {
                (*new, *path[len(old) :]): place for path, place in places.items() if path[: len(old)] == old
            }
    return replace(document, value=value, places=places), tuple(warnings)


def _found(value: Any, pattern: Path, path: Path = ()) -> Iterator[Path]:
    """Every path in the value that the pattern names."""
    if not pattern:
        yield path
        return
    step, *rest = pattern
    inner: dict[Any, Any] = {}
    if isinstance(value, dict):
        inner = value if step == ANY else {step: value[step]} if step in value else {}
    elif isinstance(value, list):
        inner = {n: item for n, item in enumerate(value) if step in (ANY, n)}
    for key, item in inner.items():
        yield from _found(item, tuple(rest), (*path, key))


def _filled(renamed: Renamed, old: Path) -> Path:
    """The new path that belongs to an old one: the same names and numbers stand for `*`."""
    chosen = iter(step for step, pattern in zip(old, renamed.old, strict=True) if pattern == ANY)
    return tuple(next(chosen) if step == ANY else step for step in renamed.new)


def _moved(value: Any, old: Path, new: Path) -> bool:
    """Move what stands at one path to another; sections that are emptied by it go. False if there is no way."""
    home = value
    for step in new[:-1]:
        if isinstance(home, dict):
            home[step] = {} if home.get(step) is None else home[step]
        elif not isinstance(home, list):
            return False
        home = home[step]
    if not isinstance(home, dict):
        return False
    around = [value]
    for step in old[:-1]:
        around.append(around[-1][step])
    home[new[-1]] = around[-1].pop(old[-1])
    for step, outer in zip(reversed(old[:-1]), reversed(around[:-1]), strict=True):
        if outer[step] == {} and isinstance(outer, dict):
            del outer[step]
    return True


def _dotted(path: Path) -> str:
    return ".".join(map(str, path))
