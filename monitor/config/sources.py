"""What `tumen.yaml` may say of the sources that are watched."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  pydantic reads annotations when it runs
from typing import TYPE_CHECKING, Self

from pydantic import Field, PrivateAttr, field_validator, model_validator

from monitor.config.listing import Listed, Listing
from monitor.config.own import OwnSource  # noqa: TC001  pydantic reads annotations when it runs
from monitor.config.values import Section
from monitor.documents import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from spiders.items import Access, Source


class SourceSettings(Section):
    """Which sources are watched."""

    shipped: bool = Field(default=True, description="Whether the sources that come with Tumen are used.")
    languages: list[str] = Field(
        default=[],
        description="Only shipped ones in these languages; all if left out.",
        examples=[["en", "ko"]],
    )
    tags: list[str] = Field(
        default=[],
        description="Only shipped ones with one of these tags (wire, official, state-media, specialist …); all if "
        "left out.",
        examples=[["wire", "official"]],
    )
    at_least: int = Field(
        default=1, ge=1, le=5, description="Only shipped ones of at least this weight for the topic."
    )
    names: list[str] = Field(
        default=[],
        description="Only these shipped ones, also if they are off by default; instead of languages, tags, at_least "
        "and without.",
        examples=[["yonhap-en", "tass-en"]],
    )
    also: list[str] = Field(
        default=[],
        description="Shipped ones that are watched besides, also those that are off by default.",
        examples=[["rodong-en"]],
    )
    without: list[str] = Field(
        default=[], description="Shipped ones that are left out.", examples=[["tass-en"]]
    )
    own: list[OwnSource] = Field(default=[], description="Declarations of your own.")
    files: list[Path] = Field(
        default=[],
        description="Files with more of them, relative to the configuration file: each is a list as that of own.",
        examples=[["sources/asia.yaml", "sources/europe.yaml"]],
    )
    _listing: Listing = PrivateAttr(default_factory=Listing)

    @property
    def chooses(self) -> bool:
        """Whether it says by itself which shipped sources are wanted."""
        return bool(self.model_fields_set & {"languages", "tags", "at_least", "names"})

    @property
    def listed(self) -> tuple[Listed, ...]:
        """What `files` hold, as `Listing` has read them. Raises ConfigError with file and line."""
        return self._listing.files

    @property
    def declared(self) -> tuple[Source, ...]:
        """All sources of the user's own, those of `own` first. Raises ConfigError as `listed` does."""
        own = (declaration.source() for declaration in self.own)
        return (*own, *(source for file in self.listed for source in file.sources))

    @property
    def access(self) -> dict[str, Access]:
        """How those are asked that need more than an address, by name. Raises ConfigError as `listed` does."""
        own = {one.name: access for one in self.own if (access := one.access()) is not None}
        return own | {name: access for file in self.listed for name, access in file.access.items()}

    @property
    def places(self) -> Iterator[str]:
        """Where each of `declared` stands, in the same order."""
        yield from self._listing.own or ("sources: own" for _ in self.own)
        for file in self.listed:
            yield from file.places

    def beside(self, listing: Listing) -> Self:
        """The same with what its files hold."""
        settings = self.model_copy()
        settings._listing = listing  # noqa: SLF001  it is of this class
        return settings

    def behind(self) -> Mapping[str, object]:
        """What `files` hold."""
        return {"files": self._listing}

    @field_validator("files")
    @classmethod
    def _are_several(cls, files: list[Path]) -> list[Path]:
        if twice := [file for number, file in enumerate(files) if file in files[:number]]:
            raise Refusal(f"the file {twice[0]} is named twice", "leave it out once")
        return files

    @model_validator(mode="after")
    def _is_one_choice(self) -> Self:
        others = self.model_fields_set & {"languages", "tags", "at_least", "without"}
        if self.names and others:
            remedy = "give them as also, if they are to be watched besides"
            raise Refusal(
                f"names are the whole choice: {', '.join(sorted(others))} would have no effect", remedy
            )
        return self
