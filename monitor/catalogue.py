"""The declarations of sources: those shipped with Tumen, and the shape that a user's own ones have too."""

from __future__ import annotations

from dataclasses import asdict
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

from monitor.core.delivery.policy import Quiet
from monitor.core.errors import ConfigError
from monitor.documents import Clock, Hours, TimeZone, read_document, validate
from spiders.items import Kind, Source, host

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


class SourceDeclaration(BaseModel):
    """One source; the keys mean what they mean in `spiders.items.Source`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(
        pattern=r"^[a-z0-9][a-z0-9-]*$",
        description="The key of the source in configuration and history.",
        examples=["my-paper"],
    )
    title: str = Field(description="The outlet's name as a reader knows it.", examples=["My Paper"])
    url: str = Field(
        description="Where the source is looked at.",
        examples=["https://example.org/feed.xml"],
        json_schema_extra={"pattern": "^https?://."},
    )
    kind: Kind = Field(
        default=Kind.FEED, description="A feed, a news sitemap (or an index of them), or a page of links."
    )
    language: str | None = Field(
        default=None,
        pattern=r"^[a-z]{2,3}$",
        description="ISO 639-1 code of its articles; none if mixed.",
        examples=["en"],
    )
    country: str | None = Field(
        default=None, description="ISO 3166 code of the outlet, or EU, UN, INT.", examples=["KR"]
    )
    tags: list[str] = Field(
        default=[],
        description="Free words to choose sources by: wire, official, state-media, specialist …",
        examples=[["wire"]],
    )
    weight: int = Field(
        default=3,
        ge=1,
        le=5,
        description="How likely it is to break the topic; 5 is looked at most often.",
    )
    links: str | None = Field(
        default=None,
        description="For sections, which links are articles: a CSS selector, or a shell pattern for the link's "
        "address if it holds * and begins with http, / or *.",
        examples=["/news/*.html"],
    )
    enabled: bool = Field(
        default=True, description="false for sources that are shipped but must be chosen by name."
    )
    unverified: bool = Field(
        default=False,
        description="true if nobody has seen it work of late: it is dropped if it fails for a week and never did.",
    )
    note: str = Field(
        default="", description="Why it is disabled or needs care.", examples=["slow in the evening"]
    )
    times: list[Clock] = Field(
        default=[],
        description="Times of the day at which it is looked at; whenever something new is likely if left out.",
    )
    quiet: Hours | None = Field(
        default=None, description="Hours of the day in which it is not looked at.", examples=["01:00-05:00"]
    )
    timezone: TimeZone = Field(default="UTC", description="In which times and quiet are meant.")

    @field_validator("url")
    @classmethod
    def _is_web_address(cls, url: str) -> str:
        if not url.startswith(("http://", "https://")):
            raise ValueError("a source's address begins with http:// or https://")
        if not host(url):
            raise ValueError("a source's address names a host")
        if "@" in urlsplit(url).netloc:
            raise ValueError("a source's address holds no password: none is sent, and addresses are shown")
        return url

    def source(self) -> Source:
        """The declaration as the value that the rest of Tumen uses."""
        told = self.model_dump(include=set(SourceDeclaration.model_fields))
        quiet = (self.quiet.begin, self.quiet.end) if self.quiet else None
        return Source(
            **{**told, "tags": tuple(self.tags), "times": tuple(sorted(self.times)), "quiet": quiet}
        )


def declaration(source: Source) -> dict[str, Any]:
    """The source as a declaration in plain values, ready for YAML or JSON."""
    quiet = Quiet(*source.quiet) if source.quiet else None
    return SourceDeclaration.model_validate(asdict(source) | {"quiet": quiet}).model_dump(mode="json")


class CatalogueFile(BaseModel):
    """Sources that can be watched (spiders/catalogue/*.yaml)."""

    model_config = ConfigDict(extra="forbid")

    sources: list[SourceDeclaration] = Field(description="The sources.")


class SourceChoice(BaseModel):
    """The shipped sources that a topic needs, for configurations that choose none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    languages: list[str] = Field(default=[], description="Those in these languages; all if left out.")
    tags: list[str] = Field(default=[], description="Of them, those with one of these tags; all if left out.")
    names: list[str] = Field(default=[], description="These, too.")

    def wants(self, source: Source) -> bool:
        """Whether the source is among them."""
        if source.name in self.names:
            return True
        return (
            bool(self.languages or self.tags)
            and (not self.languages or source.language in self.languages)
            and (not self.tags or any(tag in self.tags for tag in source.tags))
        )


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
    return tuple(item.source() for item in validate(read_document(file), CatalogueFile).sources)
