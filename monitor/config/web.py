"""What `tumen.yaml` may say about the web pages: where they are, and who may see them."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, field_validator

from monitor.config.values import Section
from monitor.documents import Refusal, TimeZone

_HOST = re.compile(r"[\w.-]+|\[?[0-9A-Fa-f:.]+\]?")
_SHORTEST = 12  # characters of a password that many can try


class WebSettings(Section):
    """The history as web pages; see `monitor.web`."""

    host: str = Field(
        default="127.0.0.1",
        description="The address at which the pages are served; 0.0.0.0 is all of this machine's.",
    )
    port: int = Field(default=8001, ge=0, le=65535, description="The port; 0 takes any that is free.")
    hosts: list[str] = Field(
        default=[],
        description="Names by which browsers may ask for the pages besides localhost: that of a proxy before them, "
        "or of this machine.",
        examples=[["news.example.org"]],
    )
    password: SecretStr = Field(
        default=SecretStr(""),
        description="With it, whoever wants to change something has to log in, and whoever wants to read as well "
        "unless only this machine can reach the pages; ${NAME} as for url of a channel. At least 12 characters.",
        examples=["${TUMEN_PASSWORD}"],
    )
    language: str = Field(default="en", description="Of numbers, dates and the names of things.")
    timezone: TimeZone = Field(default="UTC", description="In which times are shown.")

    @field_validator("host")
    @classmethod
    def _is_a_host(cls, host: str) -> str:
        if not _HOST.fullmatch(host):
            raise Refusal("that is no host", "write it like 127.0.0.1, and the port as port")
        return host.strip("[]")

    @field_validator("hosts")
    @classmethod
    def _are_hosts(cls, hosts: list[str]) -> list[str]:
        for host in hosts:
            if not _HOST.fullmatch(host):
                raise Refusal(f"{host!r} is no host", "write it like news.example.org, without https://")
        return [host.strip("[]").lower() for host in hosts]

    @field_validator("password")
    @classmethod
    def _is_long(cls, password: SecretStr) -> SecretStr:
        if 0 < len(password.get_secret_value()) < _SHORTEST:
            raise Refusal(f"a password has at least {_SHORTEST} characters", "choose a longer one")
        return password

    @property
    def zone(self) -> ZoneInfo:
        """The time zone as an object."""
        return ZoneInfo(self.timezone)
