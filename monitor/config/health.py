"""What `tumen.yaml` may say about the address at which machines ask how the service is."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field, field_validator

from monitor.config.values import Fixed, Section
from monitor.core.hosts import Served
from monitor.documents import Refusal

_ADDRESS = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[\w.-]+)):(?P<port>\d{1,5})", re.ASCII)
_NAME = re.compile(r"[\w.-]+", re.ASCII)
_LAST_PORT = 65535


class HealthSettings(Section):
    """Where machines ask how the service is; see `monitor.endpoint`."""

    listen: Annotated[str, Fixed()] = Field(
        default="127.0.0.1:9469",
        description="The address and port at which /healthz, /readyz and /metrics are answered; port 0 takes any "
        "that is free, and 0.0.0.0:9469 is all addresses of this machine.",
    )
    hosts: Annotated[list[str], Fixed()] = Field(
        default=[],
        description="Names by which it may be asked besides localhost and that address: those by which other "
        "machines know this one.",
        examples=["[tumen.example.org]"],
    )

    @field_validator("listen")
    @classmethod
    def _is_an_address(cls, listen: str) -> str:
        found = _ADDRESS.fullmatch(listen)
        if found is None or int(found["port"]) > _LAST_PORT:
            raise Refusal("that is no address with a port", "write it like 127.0.0.1:9469 or '[::1]:9469'")
        return listen

    @field_validator("hosts")
    @classmethod
    def _are_names(cls, hosts: list[str]) -> list[str]:
        for host in hosts:
            if not _NAME.fullmatch(host):
                raise Refusal(f"{host!r} is no host", "write it like tumen.example.org, without a port")
        return [host.lower() for host in hosts]

    @property
    def served(self) -> Served:
        """The address, and by which names it may be asked."""
        host, _, _ = self.listen.rpartition(":")
        return Served(host.strip("[]"), frozenset(self.hosts))

    @property
    def port(self) -> int:
        """The port, 0 for any."""
        return int(self.listen.rpartition(":")[2])
