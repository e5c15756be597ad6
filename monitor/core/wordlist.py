"""The names of a concept, kept small: a pack has tens of thousands, and most are looked at once."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import accumulate, takewhile
from typing import TYPE_CHECKING, overload

from monitor.core.query import Term

if TYPE_CHECKING:
    from collections.abc import Iterable


class TermList(Sequence[Term]):
    """Terms in a fifth of the memory that a tuple of them takes; each is made anew whenever it is asked for."""

    __slots__ = ("_languages", "_places", "_special", "_texts")

    def __init__(self, terms: Iterable[Term]) -> None:
        listed = tuple(terms)
        self._texts = _Joined([term.text for term in listed])
        self._places = _Joined([term.where for term in listed])
        self._languages = tuple(term.language for term in listed)
        self._special = {number: term for number, term in enumerate(listed) if term.not_inside or term.only}

    def __len__(self) -> int:
        """How many there are."""
        return len(self._languages)

    @overload
    def __getitem__(self, number: int) -> Term: ...

    @overload
    def __getitem__(self, number: slice) -> tuple[Term, ...]: ...

    def __getitem__(self, number: int | slice) -> Term | tuple[Term, ...]:
        """The term in this place, or those in these places. Raises IndexError if there is none."""
        if isinstance(number, slice):
            return tuple(self[each] for each in range(*number.indices(len(self))))
        number = range(len(self))[number]
        special = self._special.get(number)
        return special or Term(self._texts[number], self._languages[number], where=self._places[number])

    def __eq__(self, other: object) -> bool:
        """Whether both list the same terms in the same order."""
        return tuple(self) == tuple(other) if isinstance(other, TermList | tuple) else NotImplemented

    def __hash__(self) -> int:
        """That of a tuple of the same terms."""
        return hash(tuple(self))


class _Joined:
    """Texts as one, without what all of them begin with."""

    __slots__ = ("_beginning", "_ends", "_letters")

    def __init__(self, texts: list[str]) -> None:
        self._beginning = _beginning(min(texts, default=""), max(texts, default=""))
        rests = [text[len(self._beginning) :] for text in texts]
        self._letters = "".join(rests)
        self._ends = array("I", accumulate(map(len, rests), initial=0))

    def __getitem__(self, number: int) -> str:
        return self._beginning + self._letters[self._ends[number] : self._ends[number + 1]]


def _beginning(first: str, last: str) -> str:
    """What both begin with; all that is sorted between them does, too."""
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False)))
    return first[:same]
