"""What the linter says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How sure it is that something should change."""

    WARNING = "warning"  # almost certainly a mistake
    NOTE = "note"  # worth a look


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a pack that deserves a look.

    Attributes:
        code: one of `CODES`.
        level: how sure it is.
        where: `file:line:column`.
        message: what was found.
        remedy: what to do.
    """

    code: str
    level: Level
    where: str
    message: str
    remedy: str

    @property
    def place(self) -> tuple[str, int, int, str]:
        """Orders findings as the files are read."""
        match = re.fullmatch(r"(.*?)(?::(\d+))?(?::(\d+))?", self.where, re.DOTALL)
        file, line, column = match.groups() if match else (self.where, None, None)
        return (file, int(line or 0), int(column or 0), self.code)


CODES = {
    "wide-stem": "a wildcard catches many words that are not forms of one word",
    "short-stem": "a wildcard with a short stem catches other words as well",
    "catches-nothing": "a wildcard catches no known word",
    "false-friend": "a name is a frequent word of another language",
    "said-twice": "a concept has the same name twice in a language",
    "covered-name": "names are found by other names of their concept already",
    "hidden-name": "an actor or place is found inside the longer name of another one",
    "unused-concept": "no rule uses the concept, and it has no weight by which it would tell developments apart",
    "unused-macro": "no rule uses the macro",
    "silent-name": "names of a concept never stood in a long history",
    "silent-rule": "a rule never fired on the history",
    "covered-rule": "another rule fires wherever this one does",
    "implied-rule": "another rule's condition holds wherever this one's does",
    "no-must-fire": "a rule has no example on which it must fire",
    "no-must-not-fire": "a rule has no example on which it must not fire",
    "few-languages": "the examples of a rule are in few languages",
    "hole": "a rule cannot fire in a language of the pack",
    "missing-names": "concepts have no name in a language of the pack",
}
