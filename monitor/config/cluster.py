"""What `tumen.yaml` may say about a cluster: other machines that read the web for this service."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path  # noqa: TC003  pydantic reads annotations when it runs
from typing import Self

from pydantic import Field, ValidationError, field_validator, model_validator

from monitor.config.values import Section
from monitor.core.errors import InputError
from monitor.core.hosts import is_loopback
from monitor.documents import Refusal

_ADDRESS = re.compile(r"(?P<scheme>tcp|tls)://(?:\[[0-9A-Fa-f:.]+\]|[\w.-]+):(?P<port>\d{1,5})", re.ASCII)
_LAST_PORT = 65535


class Otherwise(StrEnum):
    """What happens while the cluster is away."""

    LOCAL = "local"  # this machine reads, with as many workers as `workers` says
    WAIT = "wait"  # nothing is read


class ClusterSettings(Section):
    """Other machines that read the web; see `monitor.crawl.cluster`."""

    address: str = Field(
        description="Where the scheduler of a Dask cluster listens: tls://host:port, or tcp://host:port where nobody "
        "else can reach it.",
        examples=["tls://scheduler.example.org:8786"],
    )
    ca: Path | None = Field(
        default=None,
        description="With tls://, the certificate by which the scheduler's is known, relative to the configuration "
        "file, in PEM.",
        examples=["cluster/ca.pem"],
    )
    certificate: Path | None = Field(
        default=None,
        description="With tls://, the certificate that is shown to the scheduler.",
        examples=["cluster/coordinator.pem"],
    )
    key: Path | None = Field(
        default=None, description="The key of that certificate.", examples=["cluster/coordinator.key"]
    )
    otherwise: Otherwise = Field(
        default=Otherwise.LOCAL,
        description="What happens while the cluster is away: local (this machine reads), or wait (nothing is read).",
    )

    @field_validator("address")
    @classmethod
    def _is_an_address(cls, address: str) -> str:
        found = _ADDRESS.fullmatch(address)
        if found is None or int(found["port"]) > _LAST_PORT:
            raise Refusal(
                "that is no address of a scheduler", "write it like tls://scheduler.example.org:8786"
            )
        return address

    @model_validator(mode="after")
    def _has_its_certificates(self) -> Self:
        files = {"ca": self.ca, "certificate": self.certificate, "key": self.key}
        given = [name for name, path in files.items() if path is not None]
        if self.address.startswith("tls:"):
            missing = [name for name in files if name not in given]
            if missing:
                raise Refusal(f"tls:// needs {' and '.join(missing)}", "docs/scaling.md makes them")
        elif given:
            raise Refusal(f"{' and '.join(given)} would have no effect with tcp://", "write tls://")
        return self

    def files(self, folder: Path) -> tuple[Path, Path, Path] | None:
        """Authority, certificate and key as absolute paths, None without TLS; `folder` is the configuration's."""
        given = (self.ca, self.certificate, self.key)
        found = [(folder / path).absolute() for path in given if path is not None]
        return (found[0], found[1], found[2]) if len(found) == len(given) else None

    @property
    def is_open(self) -> bool:
        """Whether what is sent there can be read on the way."""
        host = self.address.removeprefix("tcp://").rpartition(":")[0].strip("[]")
        return self.address.startswith("tcp:") and not is_loopback(host)


def at_address(given: ClusterSettings | None, address: str, where: str) -> ClusterSettings:
    """A cluster at another address, and as it was given for all else. Raises InputError, whose place is `where`."""
    before = given.model_dump(exclude={"address"}) if given else {}
    try:
        return ClusterSettings.model_validate(before | {"address": address})
    except ValidationError as error:
        refused = error.errors()[0].get("ctx", {}).get("error", error)
        remedy = getattr(refused, "remedy", "")
        raise InputError(str(refused), where=where, remedy=remedy) from None
