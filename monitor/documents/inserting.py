"""Adding to a YAML file that a person wrote: everything else stays byte for byte."""

from __future__ import annotations

import copy
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import yaml

from monitor.core.errors import ConfigError
from monitor.documents.reading import parse_document

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.documents.places import Document, Path

_FLOW = ("[", "{")


def with_items(document: Document, path: Path, items: Sequence[Mapping[str, Any]]) -> str:
    """The text of the document with items at the end of the list at the path; what is missing around it is made.

    Args:
        document: the file as it is.
        path: keys of mappings that lead to the list.
        items: what to add; plain values.

    Raises:
        ConfigError: the file is written in a way to which this cannot be added.
    """
    expected = copy.deepcopy({} if document.value is None else document.value)
    if _put(expected, path, items):
        reach = path
        while reach and not _is_written(document, reach):
            reach = reach[:-1]  # `own:` with nothing behind it is written as if it were missing
        newline = "\r\n" if "\r\n" in document.text else "\n"
        text = _Text(document, newline).add(reach, path, items)
        with suppress(ConfigError):
            if parse_document(text, document.name).value == expected:
                return text
    raise ConfigError(
        "is written in a way to which nothing can be added by itself",
        where=document.where(path),
        remedy="add what `--print` shows by hand",
    )


def as_yaml(items: Sequence[Mapping[str, Any]]) -> str:
    """A list as YAML, as people write it."""
    written = (
        yaml.safe_dump([dict(item)], sort_keys=False, allow_unicode=True, width=10_000) for item in items
    )
    return "".join(written)


def as_flow(value: Any) -> str:
    """A value as YAML on one line: `[a, b]`, `'08:00'`."""
    written = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10_000_000)
    return written.removesuffix("...\n").strip()


def _put(value: Any, path: Path, items: Sequence[Mapping[str, Any]]) -> bool:
    """Do the same to plain values; False if something else stands where the list should be."""
    for key in path[:-1]:
        if isinstance(value, dict) and value.get(key) is None:
            value[key] = {}
        value = value[key] if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(value.get(path[-1]) or [], list):
        return False
    value[path[-1]] = [*(value.get(path[-1]) or []), *items]
    return True


def _is_written(document: Document, path: Path) -> bool:
    place = document.places.get(path)
    return place is not None and place.start != place.end


class _Text:
    """The text of a document, and where one may write in it."""

    def __init__(self, document: Document, newline: str) -> None:
        self._places = document.places
        self._text = document.text
        self._newline = newline

    def add(self, reach: Path, path: Path, items: Sequence[Mapping[str, Any]]) -> str:
        """Write into the value at `reach`, the nearest to `path` that there is."""
        missing = path[len(reach) :]
        block = as_yaml(items)
        for key in reversed(missing):
            block = f"{key}:\n" + "".join(f"  {line}" for line in block.splitlines(keepends=True))
        place = self._places.get(reach)
        if place is None:
            return self._at(len(self._text), block, 0)
        if self._text[place.start] in _FLOW:
            return self._into_flow(place.end - 1, missing, items)
        column = place.value[1] - 1
        empty = self._places.get(path[: len(reach) + 1]) if missing else None
        if empty:  # the key is there, with nothing behind it
            return self._at(self._line_after(empty.end), block.partition("\n")[2], column)
        return self._at(self._end_of(reach, column), block, column)

    def _at(self, at: int, block: str, column: int) -> str:
        before = self._text[:at]
        if before and not before.endswith("\n"):
            before += self._newline
        lines = (f"{' ' * column}{line}{self._newline}" for line in block.splitlines())
        return before + "".join(lines) + self._text[at:]

    def _into_flow(self, at: int, missing: Path, items: Sequence[Mapping[str, Any]]) -> str:
        value: Any = [dict(item) for item in items]
        for key in reversed(missing[1:]):
            value = {key: value}
        value = {missing[0]: value} if missing else value
        written = yaml.safe_dump(
            value, sort_keys=False, allow_unicode=True, width=10_000_000, default_flow_style=True
        )
        inside = self._text[:at].rstrip()
        comma = "" if inside.endswith((*_FLOW, ",")) else ", "
        return self._text[:at] + comma + written.strip()[1:-1] + self._text[at:]

    def _end_of(self, path: Path, column: int) -> int:
        """Behind the last line of the block at the path, and the comments that belong to it."""
        # The end of a block is where the next thing begins; that of a scalar, or of braces, is its own.
        end = max(
            place.end
            for inner, place in self._places.items()
            if inner[: len(path)] == path
            and (place.scalar is not None or self._text[place.start : place.start + 1] in _FLOW)
        )
        end = self._line_after(len(self._text[:end].rstrip()))  # a block of text ends behind its empty lines
        comment = re.compile(rf"(?:[ \t]*\r?\n)*[ ]{{{max(column, 1)},}}#[^\n]*(?:\n|$)")
        while found := comment.match(self._text, end):
            end = found.end()
        return end

    def _line_after(self, at: int) -> int:
        line_end = self._text.find("\n", at)
        return len(self._text) if line_end < 0 else line_end + 1
