"""What the files of a pack may say. The descriptions of the keys reach editors through the JSON Schemas."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    RootModel,
    Tag,
    WithJsonSchema,
    model_validator,
)

from monitor.catalogue import SourceChoice  # noqa: TC001  pydantic reads annotations when it runs
from monitor.core.languages import ANY, is_language, likely_language
from monitor.core.topic import ConceptKind, Severity
from monitor.documents import Refusal

_NAME = r"^[a-z][a-z0-9_-]*$"


def is_name(name: str) -> bool:
    """Whether packs, concepts, macros and rules may be called so."""
    return re.fullmatch(_NAME, name) is not None


def _is_name(name: str) -> str:
    if not is_name(name):
        raise Refusal(f"{name!r} is no name", "use small letters, digits, - and _, and begin with a letter")
    return name


def _is_language(code: str) -> str:
    if not is_language(code):
        meant = likely_language(code)
        remedy = f"did you mean {meant}?" if meant else "use a code of ISO 639-1, like en, ko or uk"
        raise Refusal(f"{code!r} is no code of a language", remedy)
    return code


def _has_english(labels: dict[str, str]) -> dict[str, str]:
    if not labels.get("en", "").strip():
        raise Refusal("a label needs at least an English text", "write it like {en: …}")
    return labels


def _has_a_name(names: dict[str, list[Any]]) -> dict[str, list[Any]]:
    if not any(names.values()):
        raise Refusal("a concept needs at least one name", "write it like {en: [a name]}")
    return names


Name = Annotated[str, AfterValidator(_is_name), WithJsonSchema({"type": "string", "pattern": _NAME})]
Language = Annotated[
    str, AfterValidator(_is_language), WithJsonSchema({"type": "string", "pattern": "^[a-z]{2,3}$"})
]
LanguageOrAny = Annotated[
    str,
    AfterValidator(lambda code: code if code == ANY else _is_language(code)),
    WithJsonSchema({"type": "string", "pattern": "^[a-z]{2,3}$"}),
]
Labels = Annotated[
    dict[Language, str],
    AfterValidator(_has_english),
    Field(
        description="What a reader calls it, by language (ISO 639-1). English is required.",
        json_schema_extra={"required": ["en"]},
    ),
]
Condition = Annotated[
    str,
    Field(
        description='A condition over concepts, macros and "words": AND, OR, NOT, a NEAR/5 b, SENTENCE(a, b), '
        "title:a, lead:a, body:a, lang:de, source:name, SUM(2 a, b, -1 c) >= 2.",
        json_schema_extra={"minLength": 1},
    ),
]
_Term = Annotated[
    str,
    Field(
        description="A name: words in any case. A star ends a word after its stem, {a|b} is either, a leading = asks "
        "for exactly this case. Put it in quotes if it holds braces or begins with * or =.",
        json_schema_extra={"pattern": r"^[^*]"},
    ),
]
_Examples = dict[LanguageOrAny, list[str]]


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class NameDeclaration(_Declared):
    """A name of a concept, with where it does not count."""

    term: _Term
    not_inside: list[str] = Field(
        default=[], description="Longer words in which it does not count: 북한산 for 북한."
    )
    only: list[Language] = Field(
        default=[], description="The languages of the articles in which it counts; all if left out."
    )

    @model_validator(mode="before")
    @classmethod
    def _is_no_alternation(cls, given: Any) -> Any:
        if isinstance(given, dict) and None in given.values():  # so YAML reads {a|b}
            raise Refusal("a name with braces stands in quotes", 'write it like "{a|b}s"')
        return given


# Told apart before they are read, so that what is wrong with one is not said of the other, too.
NameOrText = Annotated[
    Annotated[_Term, Tag("text")] | Annotated[NameDeclaration, Tag("mapping")],
    Discriminator(lambda given: "mapping" if isinstance(given, dict | NameDeclaration) else "text"),
]


class ConceptDeclaration(_Declared):
    """A thing with its names in every language."""

    label: Labels
    kind: ConceptKind = Field(
        strict=False,
        description="Its part in a statement: actor, place, deed, unit (what figures count), stance (how something "
        "is said) or subject.",
    )
    weight: float = Field(
        default=1.0,
        ge=0,
        le=10,
        description="How much it says about which development a text reports: 0.1 for what all texts share.",
    )
    part_of: str = Field(
        default="",
        description="For actors, the concept they speak for: the Kremlin for Russia. For units, the whole they are "
        "counted in: people for soldiers.",
    )
    news: bool = Field(
        default=False,
        description="A text that states it is worth an update by itself: a denial, a confirmation.",
    )
    official: bool = Field(
        default=False,
        description="For actors, that they speak for a state or an alliance: a ministry, a spokesman, an agency.",
    )
    names: Annotated[dict[LanguageOrAny, list[NameOrText]], AfterValidator(_has_a_name)] = Field(
        description="Its names, by language. Every name is tried on every text, whatever its language.",
        json_schema_extra={"minProperties": 1},
    )


class RuleDeclaration(_Declared):
    """A condition, and what to do with the articles on which it holds."""

    label: Labels
    when: Condition
    severity: Severity = Field(
        default=Severity.NORMAL,
        strict=False,
        description="How urgent a match is; channels ask for at_least one.",
    )
    general: bool = Field(
        default=False,
        description="It catches broadly: more specific rules of the same severity are named before it.",
    )
    tags: list[str] = Field(default=[], description="Free words to route by.")
    must_fire: _Examples = Field(
        default={},
        description="Texts of your own on which it fires, by language. Of several lines, the first is the headline.",
    )
    must_not_fire: _Examples = Field(
        default={}, description="Texts of your own on which it does not fire, by language."
    )


class PackFile(_Declared):
    """The head of a topic pack (pack.yaml)."""

    name: Name = Field(description="What configuration and history call the pack.")
    label: Labels
    sources: SourceChoice | None = Field(
        default=None,
        description="The shipped sources that are watched for it, if the configuration does not choose; all if left "
        "out.",
    )
    skim: bool = Field(
        default=False,
        description="Articles are not fetched if title and teaser, as their source lists them, name nothing of the "
        "pack.",
    )
    macros: dict[Name, Condition] = Field(
        default={}, description="Conditions that several rules share, by name, in any order."
    )
    must_not_fire: _Examples = Field(
        default={}, description="Texts of your own on which no rule of the pack fires, by language."
    )


class ConceptsFile(RootModel[dict[Name, ConceptDeclaration]]):
    """Concepts of a topic pack (concepts/*.yaml), by name."""


class RulesFile(RootModel[dict[Name, RuleDeclaration]]):
    """Rules of a topic pack (rules/*.yaml), by name."""
