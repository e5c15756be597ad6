"""What tables and columns mean, for Datasette: from the comments that the history keeps in its own schema. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEAD = re.compile(r"CREATE TABLE \"?\w+\"? ?\(\s*--\s*(.+)")
_COLUMN = re.compile(r'^\s*"?(\w+)"?\s+(?:TEXT|INTEGER|REAL|BLOB)\b.*?--\s*(.+?)\s*$', re.MULTILINE)
_NUMBERED = re.compile(r"^\s*id INTEGER PRIMARY KEY", re.MULTILINE)
_HIDDEN = ("search", "_sqlite_migrations", "sqlite_sequence")  # what the program keeps for itself


def described(definitions: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """For each table what Datasette shows of it: a sentence, its columns, and the newest row first."""
    found = {name: _table(sql) for name, sql in definitions.items()}
    return found | {name: {"hidden": True} for name in _HIDDEN}


def _table(sql: str) -> dict[str, Any]:
    head = _HEAD.match(sql)
    table: dict[str, Any] = {"columns": dict(_COLUMN.findall(sql))}
    if head:
        table["description"] = head[1].strip()
    if _NUMBERED.search(sql):
        table["sort_desc"] = "id"
    return table
