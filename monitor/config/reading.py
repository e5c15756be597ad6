"""From `tumen.yaml` and the environment to settings."""

from __future__ import annotations

import logging
import os
import re
from dataclasses import replace
from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from weakref import WeakValueDictionary

from monitor.config.declared import Settings
from monitor.config.listing import Listed, Listing, listed
from monitor.config.renaming import RENAMED, up_to_date
from monitor.config.secret import value_of
from monitor.core.errors import ConfigError
from monitor.documents import Document, parse_document, read_document, read_text, validate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from monitor.config.renaming import Renamed

DEFAULT_FILE = "tumen.yaml"
_OWN = ("sources", "own")
_known: WeakValueDictionary[tuple[str, bytes], Listed] = WeakValueDictionary()  # of configurations in use
_log = logging.getLogger("tumen.config")
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
# Parts of an address that a sign of the secret itself would end: an @ or / of a password, whose rest would be shown
# as the host, or an & of a parameter. What stands before the secret and what behind it tells which part it is.
_PARTS = (
    (re.compile("://[^/?#]*$"), re.compile("[^/?#]*@")),  # user or password
    (re.compile("://.*[?&][^?&=#]*=$"), re.compile("[&#]|$")),  # all of a parameter's value
)


def load_settings(file: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the configuration. The log names the keys in it that have another name by now.

    Raises:
        ConfigError: with file and line, if it cannot be read or says something that cannot be.
    """
    if not os.path.lexists(file):  # unlike Path.exists it answers for every path
        raise ConfigError(
            "there is no configuration here",
            where=str(file),
            remedy="`tumen init` writes one; or name a file with --config",
        )
    return _settings(read_document(file), file.parent, environment)


def history_of(file: Path, environment: Mapping[str, str] = os.environ) -> Path:
    """Where the history of a configuration lies, whatever else is wrong with it; the default if that cannot be read.

    Whoever runs a command may lack the secrets that the service has.
    """
    try:
        document = read_document(file)
        value = document.value["history"] if isinstance(document.value, dict) else None
        named = _fill(value, ("history",), document, environment)
    except (ConfigError, KeyError):
        named = None
    default = str(Settings.model_fields["history"].default)
    return (file.parent / (named if isinstance(named, str) else default)).absolute()


def parse_settings(
    text: str, folder: Path, environment: Mapping[str, str], renamed: Iterable[Renamed] = RENAMED
) -> Settings:
    """The configuration from a string; see `load_settings`."""
    return _settings(parse_document(text, DEFAULT_FILE), folder, environment, renamed)


def _settings(
    document: Document, folder: Path, environment: Mapping[str, str], renamed: Iterable[Renamed] = RENAMED
) -> Settings:
    if isinstance(document.value, dict) and "folder" in document.value:
        raise ConfigError("unknown key folder", where=document.where(("folder",)), remedy="remove it")
    document, warnings = up_to_date(document, renamed)
    for warning in warnings:
        _log.warning("%s", warning)
    filled = replace(document, value=_fill(document.value, (), document, environment))
    settings = validate(filled, Settings)
    listing = Listing(
        [folder / file for file in settings.sources.files],
        partial(_read_listed, environment=environment, renamed=tuple(renamed)),
        own=[document.where((*_OWN, number, "name")) for number in range(len(settings.sources.own))],
    )
    return settings.model_copy(update={"folder": folder, "sources": settings.sources.beside(listing)})


def _read_listed(file: Path, environment: Mapping[str, str], renamed: Iterable[Renamed]) -> Listed:
    """What a file of sources declares. One that is as it was when last read is not parsed again."""
    text = read_text(file, str(file))
    key = (str(file), blake2b(text.encode()).digest())
    if (found := _known.get(key)) is not None:
        return found
    document = parse_document(text, str(file))
    within = [
        replace(one, old=one.old[len(_OWN) :], new=one.new[len(_OWN) :])
        for one in renamed
        if one.old[: len(_OWN)] == one.new[: len(_OWN)] == _OWN
    ]
    if within:
        document, warnings = up_to_date(document, within)
        for warning in warnings:
            _log.warning("%s", warning)
    filled = replace(document, value=_fill(document.value, (), document, environment))
    found = listed(file, filled, document.value)
    if "${" not in text:  # what stands for it may be another the next time
        _known[key] = found
    return found


def _fill(value: Any, path: tuple[str | int, ...], document: Document, environment: Mapping[str, str]) -> Any:
    """The value with every `${NAME}` replaced by what it stands for, encoded where an address asks for it."""
    if isinstance(value, dict):
        return {key: _fill(item, (*path, key), document, environment) for key, item in value.items()}
    if isinstance(value, list):
        return [_fill(item, (*path, number), document, environment) for number, item in enumerate(value)]
    if not isinstance(value, str):
        return value

    def found(match: re.Match[str]) -> str:
        secret = value_of(match.group(1), environment, where=document.where(path))
        before, behind = value[: match.start()], value[match.end() :]
        is_part = any(begin.search(before) and end.match(behind) for begin, end in _PARTS)
        return quote(secret, safe="") if is_part else secret

    return _VARIABLE.sub(found, value)
