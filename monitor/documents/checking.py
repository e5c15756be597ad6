"""Whether a document is what a model asks for; and if not, what a person has to mend."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pydantic import BaseModel, RootModel, ValidationError

from monitor.core.errors import ConfigError, MonitorError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.documents.places import Document, Path

Model = TypeVar("Model", bound=BaseModel)

_NUMBER, _WHOLE = "a number is expected here", "a whole number is expected here"
_WORDS = {  # pydantic's kinds of errors, as a person would say them
    "bool_parsing": "true or false is expected here",
    "bool_type": "true or false is expected here",
    "float_parsing": _NUMBER,
    "float_type": _NUMBER,
    "finite_number": _NUMBER,
    "int_from_float": _WHOLE,
    "int_parsing": _WHOLE,
    "int_type": _WHOLE,
    "greater_than_equal": "has to be {ge:g} or more",
    "less_than_equal": "has to be {le:g} or less",
    "too_short": "needs at least {min_length}",
    "string_pattern_mismatch": "does not have the form {pattern}",
    "path_type": "a path is expected here",
}
_MAPPING = ("a mapping", "write lines like  name: value")
_EXPECTED = {  # the same where the kind of value is wrong: what is expected, and how it is written
    "string_type": ("a text", "write a text"),
    "invalid_key": ("a text as key", "put it in quotes"),
    "list_type": ("a list", "write it like [a, b], or in lines that begin with -"),
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
}


class Refusal(ValueError):  # pydantic lets only ValueErrors speak
    """What a model's own check finds wrong, and what to do about it."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class _Problem(NamedTuple):
    where: str
    text: str
    remedy: str


def validate(document: Document, model: type[Model], error: type[MonitorError] = ConfigError) -> Model:
    """The document as a model. Raises one error of the given kind that lists every problem with its place."""
    value = {} if document.value is None else document.value
    try:
        return model.model_validate(value)
    except ValidationError as problem:
        details = problem.errors(include_url=False)
        if document.value is None:
            wanted = ", ".join(str(detail["loc"][-1]) for detail in details)
            raise error("the file is empty", where=document.where(), remedy=f"add {wanted}") from None
        first, *others = _problems(document, model, details)
        message = "\n".join([first.text, *(f"{other.where}: {other.text}" for other in others)])
        raise error(message, where=first.where, remedy=first.remedy) from None


def _problems(document: Document, model: type[BaseModel], details: Iterable[Any]) -> list[_Problem]:
    """What to mend, in the order of the file: one problem for each cause."""
    found: dict[tuple[Path, bool], _Problem] = {}
    missing: list[tuple[Path, Any]] = []
    meant: set[Path] = set()
    for detail in details:
        path = _path(document, detail["loc"])
        if detail["type"] == "missing":
            missing.append((path, detail["loc"][-1]))
        elif detail["type"] == "extra_forbidden":
            problem, near = _unknown_key(document, model, path, str(detail["loc"][-1]))
            found[path, True] = problem
            meant.update((*path[:-1], key) for key in near)
        else:  # each branch of a union complains; the first is what people write most
            is_key = detail["type"] == "invalid_key" or detail["loc"][-1:] == ("[key]",)
            found.setdefault((path, is_key), _wrong_value(document, path, detail, is_key=is_key))
    for around, name in missing:
        path = (*around, name)
        if path not in meant:  # else it is there, misspelt
            problem = _Problem(document.where(around), f"{_key(path)} is missing", f"add {name}: …")
            found[path, False] = problem
    return sorted(found.values(), key=lambda problem: _line_and_column(problem.where))


def _unknown_key(
    document: Document, model: type[BaseModel], path: Path, name: str
) -> tuple[_Problem, list[str]]:
    near = get_close_matches(name, _known_keys(model, path[:-1]), n=1)
    remedy = f"did you mean {near[0]}?" if near else "remove it, or see the documentation for the known keys"
    return _Problem(document.where(path), f"unknown key {_key(path) or name}", remedy), near


def _wrong_value(document: Document, path: Path, detail: Any, *, is_key: bool) -> _Problem:
    message, remedy = _said(detail)
    key = _key(path)
    where = document.where(path) if is_key else document.where_value(path)
    return _Problem(where, message if is_key or not key else f"{key}: {message}", remedy)


def _said(detail: Any) -> tuple[str, str]:
    """What pydantic found, in words; never with the value, which may be a secret."""
    kind, context = detail["type"], detail.get("ctx", {})
    if isinstance(refused := context.get("error"), ValueError):
        return str(refused), getattr(refused, "remedy", "") or "correct the value"
    if kind in {"enum", "literal_error"}:
        known = re.findall(r"'([^']*)'", context["expected"])
        listed = f"{', '.join(known[:-1])} or {known[-1]}"
        return f"takes {listed}", suggestion(str(detail["input"]).lower(), known) or "correct the value"
    if kind in _EXPECTED:
        thing, remedy = _EXPECTED[kind]
        given = _kind_of(detail["input"])
        in_quotes = kind == "string_type" and given in {"a number", "true or false"}
        return f"{thing} is expected here, not {given}", "put it in quotes" if in_quotes else remedy
    words = _WORDS[kind].format_map(context) if kind in _WORDS else str(detail["msg"])
    return words, "correct the value"


def suggestion(given: str, known: Iterable[str]) -> str:
    """`did you mean …?` if a known word is almost the given one, else nothing."""
    near = get_close_matches(given, list(known), n=1)
    return f"did you mean {near[0]}?" if near else ""


def _kind_of(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, list) else "a number"


def _path(document: Document, steps: Sequence[str | int]) -> Path:
    """The steps that lead somewhere in the document; pydantic adds branches of unions and names of checks."""
    path: Path = ()
    for step in steps:
        for known in ((*path, step), (*path, str(step))):
            if known in document.places:
                path = known
                break
    return path


def _key(path: Path) -> str:
    return ".".join(map(str, path))


def _line_and_column(where: str) -> tuple[int, ...]:
    return tuple(map(int, where.rsplit(":", 2)[1:]))


def _known_keys(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that may stand at the path."""
    models = _models_in(model)
    for step in path:
        # Numbers of list items, and keys of mappings that take any, lead no deeper.
        fields = [found.model_fields[str(step)] for found in models if str(step) in found.model_fields]
        if fields:
            models = [inner for field in fields for inner in _models_in(field.annotation)]
    return [name for found in models for name, field in found.model_fields.items() if not field.exclude]


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, RootModel):
        return _models_in(annotation.model_fields["root"].annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in getattr(annotation, "__args__", ()) for model in _models_in(inner)]
