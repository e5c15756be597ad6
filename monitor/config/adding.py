"""Adding declarations of sources to a configuration that a person wrote."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.catalogue import CatalogueFile
from monitor.config.choosing import watched_sources
from monitor.config.reading import parse_settings
from monitor.core.errors import ConfigError, StorageError
from monitor.documents import MAX_SIZE, Document, as_yaml, read_document, validate, with_items

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from spiders.items import Source

_OWN = ("sources", "own")


def declarations(sources: Sequence[Source]) -> list[dict[str, Any]]:
    """The sources as they stand in a configuration: what is as by default is left out, but for their kind.

    Raises:
        ConfigError: one of them holds what a declaration cannot say.
    """
    given = {
        "sources": [
            asdict(source) | {"tags": list(source.tags), "kind": source.kind.value} for source in sources
        ]
    }
    checked = validate(Document("the declaration", given, {}), CatalogueFile).sources
    return [
        one.model_dump(mode="json", include={*one.model_dump(exclude_defaults=True), "kind"})
        for one in checked
    ]


def written(sources: Sequence[Source]) -> str:
    """The declarations as YAML, to be shown or pasted below `own`."""
    return as_yaml(declarations(sources))


def add_sources(file: Path, sources: Sequence[Source], environment: Mapping[str, str] = os.environ) -> None:
    """Write declarations to the end of `sources: own` of a configuration. Everything else in it stays as it is.

    Raises:
        ConfigError: the file cannot be read or added to, or would be wrong with them: a name stands twice.
        StorageError: it cannot be written; then it is as it was.
    """
    place = Path(os.path.realpath(file))  # a link stays one
    text = with_items(read_document(place, name=str(file)), _OWN, declarations(sources))
    if len(text.encode()) > MAX_SIZE:
        raise ConfigError(
            f"would be larger than {MAX_SIZE // 1024} KiB",
            where=str(file),
            remedy="add fewer sources, or move some to files that `sources: files` names",
        )
    watched_sources(parse_settings(text, file.parent, environment).sources)
    try:
        _replace(place, text)
    except OSError as error:
        raise StorageError(
            f"cannot be written: {error.strerror or error}",
            where=str(file),
            remedy="check the permissions of the file and its folder",
        ) from error


def _replace(place: Path, text: str) -> None:
    """Put another text in the place of the file's, all of it or nothing; its mark of UTF-8 and its mode stay."""
    mark = b"\xef\xbb\xbf" if place.read_bytes().startswith(b"\xef\xbb\xbf") else b""
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(mark + text.encode())
            opened.flush()
            os.fsync(opened.fileno())
        Path(name).chmod(stat.S_IMODE(place.stat().st_mode))
        Path(name).replace(place)
    except OSError:
        with suppress(OSError):
            Path(name).unlink()
        raise
