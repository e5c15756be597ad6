"""What `tumen.yaml` may say about the address at which machines ask how the service is."""

from __future__ import annotations

import re

from pydantic import Field, field_validator

from monitor.config.values import Section
from monitor.core.hosts import Served
from monitor.documents import Refusal

_ADDRESS = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[\w.-]+)):(?P<port>\d{1,5})", re.ASCII)
_NAME = re.compile(r"[\w.-]+", re.ASCII)
_LAST_PORT = 65535


class HealthSettings(Section):
    """Where machines ask how the service is; see `monitor.endpoint`."""

    listen: str = Field(
        default="127.0.0.1:9469",
        description="The address and port at which /healthz, /readyz and /metrics are answered; port 0 takes any "
        "that is free.",
    )
    hosts: list[str] = Field(
        default=[],
        description="Names by which it may be asked besides localhost, as other machines know this one.",
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
