"""The declarations of sources: those shipped with Tumen, and the shape that a user's own ones have too."""

from __future__ import annotations

from dataclasses import asdict
from importlib import resources
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from monitor.core.errors import ConfigError
from monitor.documents import read_document, validate
from spiders.items import Kind, Source, host

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


class SourceDeclaration(BaseModel):
    """One source as written in YAML; the fields mean what they mean in `spiders.items.Source`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str
    url: str
    kind: Kind = Kind.FEED
    language: str | None = Field(default=None, pattern=r"^[a-z]{2,3}$")
    country: str | None = None
    tags: list[str] = []
    weight: int = Field(default=3, ge=1, le=5)
    links: str | None = None
    enabled: bool = True
    note: str = ""

    @field_validator("url")
    @classmethod
    def _is_web_address(cls, url: str) -> str:
        if not url.startswith(("http://", "https://")):
            raise ValueError("a source's address begins with http:// or https://")
        if not host(url):
            raise ValueError("a source's address names a host")
        return url

    def source(self) -> Source:
        """The declaration as the value that the rest of Tumen uses."""
        return Source(**{**self.model_dump(), "tags": tuple(self.tags)})


def declaration(source: Source) -> dict[str, Any]:
    """The source as a declaration in plain values, ready for YAML or JSON."""
    return SourceDeclaration.model_validate(asdict(source)).model_dump(mode="json")


class _Catalogue(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sources: list[SourceDeclaration]


def shipped_sources() -> tuple[Source, ...]:
    """Every source that comes with Tumen, in the order of its files.

    Raises:
        ConfigError: if a declaration is wrong or a name stands twice.
    """
    folder = resources.files("spiders").joinpath("catalogue")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name)
    found: dict[str, Source] = {}
    for file in files:
        for source in read_sources(file):
            if source.name in found:
                raise ConfigError(f"the source {source.name} is declared twice", where=str(file))
            found[source.name] = source
    return tuple(found.values())


def read_sources(file: Traversable) -> tuple[Source, ...]:
    """The sources of one YAML file. Raises ConfigError with file and line."""
    return tuple(item.source() for item in validate(read_document(file), _Catalogue).sources)
