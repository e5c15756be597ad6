"""The conditions that the rules of a pack share, which may use each other in any order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from monitor.core.errors import RuleError
from monitor.core.grammar import parse

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from monitor.core.query import Query
    from monitor.documents import Document

_MAX_CHAIN = 40  # a macro that uses a macro that …: deeper is a mistake, and would exhaust the stack


def read_macros(
    texts: Mapping[str, str], document: Document, concepts: Collection[str]
) -> Mapping[str, Query]:
    """Every macro as a condition.

    Raises:
        RuleError: if one cannot be read, has the name of a concept, or needs itself.
    """
    macros = _Macros(texts, document, concepts)
    for name in texts:
        if name in concepts:
            raise RuleError(
                f"{name} is a concept as well as a macro",
                where=document.where(("macros", name)),
                remedy="rename the macro",
            )
    return {name: macros[name] for name in texts}


class _Macros(Mapping[str, "Query"]):
    """Macros by name, each read when it is first asked for."""

    def __init__(self, texts: Mapping[str, str], document: Document, concepts: Collection[str]) -> None:
        self._texts = texts
        self._document = document
        self._concepts = concepts
        self._read: dict[str, Query] = {}
        self._reading: list[str] = []  # each one needs the next

    def __getitem__(self, name: str) -> Query:
        if name not in self._read:
            self._refuse_circle(name)
            self._reading.append(name)
            place = self._document.within(("macros", name))
            self._read[name] = parse(self._texts[name], self._concepts, self, place)
            self._reading.pop()
        return self._read[name]

    def __contains__(self, name: object) -> bool:
        return name in self._texts

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def _refuse_circle(self, name: str) -> None:
        where = self._document.where(("macros", name))
        if name in self._reading:
            circle = [*self._reading[self._reading.index(name) :], name]
            is_direct = circle[0] == circle[1]
            says = f"uses itself: {' → '.join(circle)}" if not is_direct else "uses itself"
            raise RuleError(
                f"the macro {name} {says}", where=where, remedy="let one of them do without the others"
            )
        if len(self._reading) >= _MAX_CHAIN:
            raise RuleError(
                f"more than {_MAX_CHAIN} macros use one another in a row", where=where, remedy="join some"
            )
