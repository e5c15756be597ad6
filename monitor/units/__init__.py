"""Units of systemd for Tumen as it is installed: text in, text out.

The templates beside this file hold `@NAME@` where a machine's own paths stand. `deploy/` shows them for /opt/tumen.
"""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

STATE = Path("/var/lib/tumen")
_STATES = Path("/var/lib")
_HOMES = tuple(map(Path, ("/home", "/root", "/run/user")))
_UNTOUCHED = re.compile(r"[\w/.@+:,=-]+", re.ASCII)
_NOT_IN_COMMANDS = frozenset("\\\"'$")
_PLACE = re.compile(r"@([A-Z_]+)@")


def service(
    program: Path, config: Path, *, state: Path = STATE, credentials: Mapping[str, Path] | None = None
) -> str:
    """The unit of the service, for the manager of the whole machine.

    Args:
        program: the command `tumen`.
        config: the configuration, readable for everybody.
        state: where the history is kept, below /var/lib; systemd makes it.
        credentials: secrets as the configuration names them, and the files that hold them.

    Raises:
        ConfigError: with these paths the service could not start.
    """
    _refuse_unreachable(program, config, state)
    text = _render("tumen.service", program, config, state)
    lines = "".join(f"LoadCredential={name}:{_escaped(path)}\n" for name, path in (credentials or {}).items())
    return re.sub(r"(?m)^# LoadCredential=.*\n", lambda example: lines or example[0], text)


def user_service(program: Path, config: Path) -> str:
    """The unit of the service, for the manager of a user; it works in the folder of the configuration.

    Raises:
        ConfigError: a unit cannot name such paths.
    """
    return _render("tumen-user.service", program, config, config.parent)


def web(program: Path, config: Path, *, state: Path = STATE) -> str:
    """The unit of the pages beside `service`, for which the history is read-only.

    Raises:
        ConfigError: with these paths the pages could not be served.
    """
    _refuse_unreachable(program, config, state)
    return _render("tumen-web.service", program, config, state)


def _render(template: str, program: Path, config: Path, state: Path) -> str:
    name = _escaped(state).removeprefix(f"{_STATES}/")
    places = {
        "EXEC": _command(program),
        "CONFIGURED": _word(config),
        "PROGRAM": str(program),
        "CONFIG": str(config),
        "STATE": _escaped(state),
        "STATE_NAME": name,
        "PRIVATE": f"{_STATES}/private/{name}",  # where systemd keeps it for a user that exists only while it runs
        "SECRETS": _escaped(config.with_name("tumen.secrets")),
    }
    text = (files("monitor.units") / template).read_text(encoding="utf-8")
    return _PLACE.sub(lambda found: places[found[1]], text)


def _refuse_unreachable(program: Path, config: Path, state: Path) -> None:
    """Refuse what the units of the machine hide from the service."""
    for path in (program, config):
        if any(home in path.parents for home in _HOMES):
            raise ConfigError(
                "a service of the machine sees no home folders",
                where=str(path),
                remedy="install it into /opt/tumen, configure it in /etc/tumen, or take the unit of a user",
            )
    if _STATES not in state.parents:
        raise ConfigError(
            "a service of the machine cannot write there",
            where=str(state),
            remedy=f"keep the history below {_STATES}, or take the unit of a user",
        )


def _escaped(path: Path) -> str:
    """A path as most settings take it: as it is, but for what systemd would put in place of %."""
    if not path.is_absolute() or not str(path).isprintable():
        raise ConfigError("a unit names whole paths without control characters", where=ascii(str(path)))
    return str(path).replace("%", "%%")


def _command(program: Path) -> str:
    """A path as the first word of a command line, which systemd reads more strictly."""
    if set(str(program)) & _NOT_IN_COMMANDS:
        raise ConfigError("systemd starts no program of such a name", where=str(program), remedy="move Tumen")
    return _word(program)


def _word(path: Path) -> str:
    """A path as a word of a command line."""
    text = _escaped(path)
    if _UNTOUCHED.fullmatch(text):
        return text
    quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{quoted}"'
