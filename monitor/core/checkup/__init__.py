"""What a look at the whole installation found: each finding says what, where, how bad it is, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How bad a finding is."""

    OK = "ok"
    WARNING = "warning"  # it works, and may not for ever
    PROBLEM = "problem"  # something does not work, or is about to


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        check: what was looked at: a word.
        grade: how bad it is.
        says: one sentence for a person.
        where: the file, host, channel or package; empty if it is the machine.
        remedy: what to do; empty if nothing.
    """

    check: str
    grade: Grade
    says: str
    where: str = ""
    remedy: str = ""


def ok(check: str, says: str, where: str = "") -> Finding:
    """All is well there."""
    return Finding(check, Grade.OK, says, where)


def warning(check: str, says: str, where: str = "", *, remedy: str) -> Finding:
    """It works, and may not for ever."""
    return Finding(check, Grade.WARNING, says, where, remedy)


def problem(check: str, says: str, where: str = "", *, remedy: str) -> Finding:
    """Something does not work, or is about to."""
    return Finding(check, Grade.PROBLEM, says, where, remedy)
