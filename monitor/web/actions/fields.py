"""The fields of a form, read and checked as the parts of an address are. What is empty was not given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.config.values import duration
from monitor.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import timedelta

_LONGEST = 2000  # characters of a note
_LARGEST = 2**63 - 1  # what SQLite can count to


def text(form: Mapping[str, str], name: str) -> str:
    """The words of a field, on one line. Raises InputError if there are too many."""
    value = " ".join(form.get(name, "").split())
    if len(value) > _LONGEST:
        raise InputError(f"{name} has more than {_LONGEST} characters", remedy="shorten it")
    return value


def chosen(form: Mapping[str, str], name: str, known: Collection[str]) -> str:
    """One of what is known, empty if nothing was chosen. Raises InputError for anything else."""
    value = text(form, name)
    if value and value not in known:
        raise InputError(
            f"there is no {name} {value[:80]!r}", remedy=f"there are: {', '.join(known) or 'none'}"
        )
    return value


def number(form: Mapping[str, str], name: str) -> int | None:
    """A key, None if there is none. Raises InputError if it is no number."""
    value = text(form, name)
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 20 and 0 < int(value) <= _LARGEST):  # noqa: PLR2004
        raise InputError(f"{value[:80]!r} is no number of a {name}", remedy="numbers stand in the lists")
    return int(value)


def needed(form: Mapping[str, str], name: str) -> int:
    """As `number`; InputError if there is none."""
    found = number(form, name)
    if found is None:
        raise InputError(f"the {name} is missing", remedy="give its number")
    return found


def lasting(form: Mapping[str, str], name: str) -> timedelta:
    """A duration such as `2h` or `7d`. Raises InputError."""
    try:
        found: timedelta = duration(text(form, name))
    except ValueError as error:
        raise InputError(str(error), remedy="write it like 30m, 2h or 7d") from None
    return found
