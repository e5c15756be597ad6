"""Reading topic packs: a folder of YAML becomes a `Pack`, or one clear error with file and line.

pack.yaml            name, label, macros, must_not_fire
concepts/*.yaml      concepts by name
rules/*.yaml         rules by name
"""

from __future__ import annotations

import hashlib
import re
from importlib import resources
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, RootModel, field_validator

from monitor.core import query as q
from monitor.core.errors import RuleError
from monitor.core.matching import Matcher
from monitor.core.topic import Concept, ConceptKind, Example, Pack, Rule, Severity, Term
from monitor.documents import Document, read_document, validate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable
    from pathlib import Path

_NAME = r"^[a-z][a-z0-9_-]*$"
Labels = dict[str, str]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Labelled(_Model):
    label: Labels

    @field_validator("label")
    @classmethod
    def _has_english(cls, label: Labels) -> Labels:
        if not label.get("en"):
            raise ValueError("a label needs at least an English text: {en: …}")
        return label


class _Name(_Model):
    term: str
    not_inside: list[str] = []


class _Concept(_Labelled):
    kind: ConceptKind = Field(strict=False)
    weight: float = Field(default=1.0, ge=0, le=10)
    part_of: str = ""
    news: bool = False
    names: dict[str, list[str | _Name]]


class _Rule(_Labelled):
    when: str
    severity: Severity = Field(default=Severity.NORMAL, strict=False)
    tags: list[str] = []
    must_fire: dict[str, list[str]] = {}
    must_not_fire: dict[str, list[str]] = {}


class _Head(_Labelled):
    name: str = Field(pattern=_NAME)
    macros: dict[str, str] = {}
    must_not_fire: dict[str, list[str]] = {}


class _Concepts(RootModel[dict[str, _Concept]]):
    pass


class _Rules(RootModel[dict[str, _Rule]]):
    pass


def shipped(name: str) -> Traversable | None:
    """The folder of a pack that comes with Tumen, or None."""
    folder = resources.files("rules").joinpath(name)
    return folder if _is_pack(folder) else None


def _is_pack(folder: Traversable) -> bool:
    try:
        return folder.joinpath("pack.yaml").is_file()
    except OSError:  # a name too long, or a folder that we may not enter
        return False


def find_pack(name: str, beside: Path) -> Traversable:
    """The folder of a pack: a path relative to `beside`, or the name of a shipped one.

    Raises:
        RuleError: if there is neither.
    """
    own = beside / name
    if _is_pack(own):
        return own
    if "/" not in name and (folder := shipped(name)) is not None:
        return folder
    known = ", ".join(sorted(item.name for item in resources.files("rules").iterdir() if shipped(item.name)))
    raise RuleError(
        f"there is no pack {name}", where=str(own), remedy=f"shipped packs: {known}; or give a folder"
    )


def load_pack(folder: Traversable) -> Pack:
    """Read and check a pack.

    Raises:
        RuleError: with file, line, cause and remedy.
    """
    head_file = read_document(folder.joinpath("pack.yaml"), RuleError)
    head = validate(head_file, _Head, RuleError)
    concepts = _concepts(folder)
    macros = _macros(head, head_file, concepts)
    rules = tuple(_rules(folder, concepts, macros))
    if not rules:
        raise RuleError("the pack has no rules", where=str(folder), remedy="add rules/NAME.yaml with a rule")
    pack = Pack(
        name=head.name,
        labels=head.label,
        version=_version(folder),
        concepts=concepts,
        rules=rules,
        must_not_fire=_examples(head.must_not_fire, head_file, ("must_not_fire",)),
        where=str(folder),
    )
    Matcher([pack])  # compiles every term, so a broken one is reported here, with its line
    return pack


def _concepts(folder: Traversable) -> dict[str, Concept]:
    concepts: dict[str, Concept] = {}
    seen: dict[str, str] = {}
    parts: dict[str, str] = {}
    for file in _yaml_files(folder.joinpath("concepts")):
        document = read_document(file, RuleError)
        for name, concept in validate(document, _Concepts, RuleError).root.items():
            _check_name(name, document.where((name,)), seen)
            terms = tuple(_terms(name, concept, document))
            concepts[name] = Concept(
                name, concept.kind, concept.label, terms, concept.weight, concept.part_of, concept.news
            )
            parts[name] = document.where((name, "part_of"))
    for name, where in parts.items():
        whole = concepts[name].part_of
        if whole and whole not in concepts:
            raise RuleError(
                f"{name} is part_of {whole}, which is no concept",
                where=where,
                remedy="name a concept of this pack",
            )
    return concepts


def _terms(concept: str, given: _Concept, document: Document) -> Iterator[Term]:
    for language, names in given.names.items():
        for number, name in enumerate(names):
            where = document.where((concept, "names", language, number))
            if isinstance(name, str):
                yield Term(name, language, where=where)
            else:
                yield Term(name.term, language, tuple(name.not_inside), where)


def _macros(head: _Head, document: Document, concepts: Mapping[str, Concept]) -> dict[str, q.Query]:
    macros: dict[str, q.Query] = {}
    seen: dict[str, str] = {}
    for name, text in head.macros.items():
        where = document.where(("macros", name))
        _check_name(name, where, seen)
        if name in concepts:
            raise RuleError(f"{name} is a concept as well as a macro", where=where, remedy="rename the macro")
        macros[name] = q.parse(text, concepts, macros, where)
    return macros


def _rules(
    folder: Traversable, concepts: Mapping[str, Concept], macros: Mapping[str, q.Query]
) -> Iterator[Rule]:
    seen: dict[str, str] = {}
    for file in _yaml_files(folder.joinpath("rules")):
        document = read_document(file, RuleError)
        for name, rule in validate(document, _Rules, RuleError).root.items():
            where = document.where((name,))
            _check_name(name, where, seen)
            yield Rule(
                name=name,
                labels=rule.label,
                query=q.parse(rule.when, concepts, macros, document.where((name, "when"))),
                source=rule.when.strip(),
                severity=rule.severity,
                tags=tuple(rule.tags),
                must_fire=_examples(rule.must_fire, document, (name, "must_fire")),
                must_not_fire=_examples(rule.must_not_fire, document, (name, "must_not_fire")),
                where=where,
            )


def _examples(
    texts: Mapping[str, list[str]], document: Document, path: tuple[str, ...]
) -> tuple[Example, ...]:
    return tuple(
        Example(text, language, document.where((*path, language, number)))
        for language, listed in texts.items()
        for number, text in enumerate(listed)
    )


def _check_name(name: str, where: str, seen: dict[str, str]) -> None:
    if not re.fullmatch(_NAME, name):
        raise RuleError(f"{name!r} is no name", where=where, remedy="use small letters, digits, - and _")
    if name in seen:
        raise RuleError(f"{name} is defined twice, first at {seen[name]}", where=where, remedy="rename one")
    seen[name] = where


def _yaml_files(folder: Traversable) -> list[Traversable]:
    if not folder.is_dir():
        return []
    return sorted(
        (file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name
    )


def _version(folder: Traversable) -> str:
    """A digest of every file of the pack."""
    digest = hashlib.sha256()
    parts = [folder.joinpath("concepts"), folder.joinpath("rules")]
    for file in [folder.joinpath("pack.yaml"), *(file for part in parts for file in _yaml_files(part))]:
        content = file.read_bytes()
        digest.update(f"{file.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:12]
