"""Sources that are declared in files beside `tumen.yaml`, each a list as that of `sources: own`."""

from __future__ import annotations

import gc
from array import array
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from pydantic import Field, RootModel

from monitor.config.openly import of_sources, stands_openly
from monitor.config.own import OwnSource
from monitor.core.errors import ConfigError
from monitor.documents import validate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from monitor.documents import Document
    from spiders.items import Access, Source


class ListedSources(RootModel[list[OwnSource]]):
    """A file that `sources: files` of tumen.yaml names."""

    root: list[OwnSource] = Field(description="Declarations of your own.")


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Listed:
    """What a file declares, in a form that takes less memory than the models do.

    Attributes:
        file: where it is.
        sources: in its order.
        access: how those of them are asked that need more than an address, by name.
        is_open: whether a secret stands in it as it is.
        lines: line and column of each source, one behind the other.
    """

    file: Path
    sources: tuple[Source, ...]
    access: Mapping[str, Access]
    is_open: bool = field(compare=False)
    lines: array[int] = field(compare=False, repr=False)

    @property
    def places(self) -> Iterator[str]:
        """`file:line:column` of each source."""
        return (
            f"{self.file}:{line}:{column}"
            for line, column in zip(self.lines[::2], self.lines[1::2], strict=True)
        )


class Listing:
    """The files that a configuration names. They are read when somebody asks for their sources, and once.

    Most commands never ask, and a hundred thousand sources take many seconds. Two are equal if their files hold the
    same.

    Args:
        paths: of the files.
        read: reads one of them; raises ConfigError.
        own: where each source of `own` stands, empty if that is not known.
    """

    def __init__(
        self,
        paths: Sequence[Path] = (),
        read: Callable[[Path], Listed] | None = None,
        own: Sequence[str] = (),
    ) -> None:
        self.own = tuple(own)
        self._paths = tuple(paths)
        self._read = read

    @cached_property
    def files(self) -> tuple[Listed, ...]:
        """What they hold. Raises ConfigError for the first that cannot be used."""
        if self._read is None:
            return ()
        with _no_search_for_garbage():
            return tuple(map(self._read, self._paths))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Listing) and self.files == other.files

    __hash__ = None  # type: ignore[assignment]  # it is compared by what may be read later


@contextmanager
def _no_search_for_garbage() -> Iterator[None]:
    """Reading leaves none that would have to be searched for, and to search meanwhile takes as long as to read."""
    searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searched:
            gc.enable()


def listed(file: Path, document: Document, written: Any) -> Listed:
    """What a file declares.

    Args:
        file: where it is.
        document: its content, with secrets filled in.
        written: the same without.

    Raises:
        ConfigError: with file and line, if it is no list of sources.
    """
    if document.value is None:
        remedy = "list sources as below own, or write [] if there are none"
        raise ConfigError("the file is empty", where=document.where(), remedy=remedy)
    declared = validate(document, ListedSources).root
    entries = (document.places[number, "name"].entry for number in range(len(declared)))
    return Listed(
        file,
        tuple(one.source() for one in declared),
        {one.name: access for one in declared if (access := one.access()) is not None},
        any(map(stands_openly, of_sources(written))),
        array("L", (count for entry in entries for count in entry)),
    )
