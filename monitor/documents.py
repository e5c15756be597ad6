"""Reading YAML that people write, so that every message about it can name file and line.

Aliases, tags, duplicate keys and large files are refused: none is needed to configure Tumen, and each hides or
multiplies content (a few hundred bytes of aliases can expand to gigabytes).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from pydantic import BaseModel, RootModel, ValidationError

from monitor.core.errors import ConfigError, MonitorError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable

MAX_SIZE = 1024 * 1024
_MAX_DEPTH = 30
_OPENING = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
_CLOSING = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")  # escapes can name them

Path = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


class _Loader(yaml.SafeLoader):
    """YAML with the scalars of JSON only: `no` is a language, `12:30` a time of day and neither needs quotes."""

    yaml_implicit_resolvers = {}  # noqa: RUF012  PyYAML extends this very dictionary


class _QuickLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # not in every PyYAML
    """The same by libyaml, several times as fast, but with poorer messages."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012


for _class in (_Loader, _QuickLoader):
    for _tag, _shape, _first in (
        ("bool", r"^(true|false)$", "tf"),
        ("null", r"^(null|~|)$", ["n", "~", ""]),
        ("int", r"^-?(0|[1-9]\d{0,17})$", "-0123456789"),
        ("float", r"^-?\d{1,17}\.\d{1,17}$", "-0123456789"),
    ):
        _class.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_shape), list(_first))


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file as plain values, with the line of each."""

    name: str
    value: Any
    lines: Mapping[Path, int]

    def where(self, path: Path = ()) -> str:
        """`file:line` of the value at the path, or of the nearest value around it that exists."""
        while path and path not in self.lines:
            path = path[:-1]
        return f"{self.name}:{self.lines.get(path, 1)}"


def read_document(file: Traversable, error: type[MonitorError] = ConfigError, *, name: str = "") -> Document:
    """Read a YAML file.

    Args:
        file: the file.
        error: the kind of error to raise.
        name: how messages call the file; its path by default.

    Raises:
        MonitorError: of the given kind, with file and line, if it cannot be read.
    """
    name = name or str(file)
    try:
        with file.open("rb") as opened:
            raw = opened.read(MAX_SIZE + 1)
    except (OSError, ValueError) as problem:  # ValueError: a path that no system can have
        reason = getattr(problem, "strerror", None) or str(problem)
        raise error(
            f"cannot be read: {reason}", where=name, remedy="check the path and its permissions"
        ) from None
    if len(raw) > MAX_SIZE:
        raise error(f"is larger than {MAX_SIZE // 1024} KiB", where=f"{name}:1", remedy="split it")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = raw[: problem.start].count(b"\n") + 1
        raise error("is not UTF-8 text", where=f"{name}:{line}", remedy="save it as UTF-8") from None
    return parse_document(text, name, error)


def parse_document(text: str, name: str, error: type[MonitorError] = ConfigError) -> Document:
    """Read YAML from a string; see `read_document`."""
    lines: dict[Path, int] = {}
    loader: Any = None  # of one class or the other
    try:
        if _is_ordinary(text):
            loader = _QuickLoader(text)
        else:
            _refuse_tokens(text, name, error)
            loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            return Document(name, None, {})
        _index(node, (), lines, name, error)
        value = loader.construct_document(node)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        line = mark.line + 1 if mark else 1
        raise error(
            f"is no valid YAML: {problem.problem}", where=f"{name}:{line}", remedy="mend this line"
        ) from None
    except yaml.reader.ReaderError as problem:
        line = text.count("\n", 0, problem.position) + 1
        sign = f"U+{problem.character:04X}"  # a number, as we give it text
        raise error(f"holds the sign {sign}", where=f"{name}:{line}", remedy="remove it") from None
    finally:
        if loader is not None:
            loader.dispose()
    return Document(name, value, lines)


def validate(document: Document, model: type[Model], error: type[MonitorError] = ConfigError) -> Model:
    """The document as a model. Raises one error of the given kind that lists every problem with its line."""
    value = {} if document.value is None else document.value
    try:
        return model.model_validate(value)
    except ValidationError as problem:
        found = [_problem(document, model, detail) for detail in problem.errors()]
        first, *others = found
        message = "\n".join([first[1], *(f"{where}: {text}" for where, text, _ in others)])
        raise error(message, where=first[0], remedy=first[2]) from None


def _problem(document: Document, model: type[BaseModel], detail: Any) -> tuple[str, str, str]:
    """Where a problem is, what it is, and what to do."""
    path: Path = tuple(detail["loc"])
    key = ".".join(map(str, path))
    where = document.where(path)
    if detail["type"] == "extra_forbidden":
        near = get_close_matches(str(path[-1]), _known_keys(model, path[:-1]), n=1)
        remedy = (
            f"did you mean {near[0]}?" if near else "remove it, or see the documentation for the known keys"
        )
        return where, f"unknown key {key}", remedy
    if detail["type"] == "missing":
        return where, f"{key} is missing", f"add {path[-1]}: …"
    message = str(detail["msg"]).removeprefix("Value error, ")
    return where, f"{key}: {message}" if key else message, "correct the value"


def _known_keys(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that may stand at the path."""
    models = _models_in(model)
    for step in path:
        # Numbers of list items, and keys of mappings that take any, lead no deeper.
        fields = [found.model_fields[step] for found in models if step in found.model_fields]
        if fields:
            models = [inner for field in fields for inner in _models_in(field.annotation)]
    return [name for found in models for name, field in found.model_fields.items() if not field.exclude]


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, RootModel):
        return _models_in(annotation.model_fields["root"].annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in getattr(annotation, "__args__", ()) for model in _models_in(inner)]


def _is_ordinary(text: str) -> bool:
    """Whether libyaml reads the text without complaint and finds nothing that is to be refused.

    Escapes are left to the careful reader, too: the two differ in what they let through.
    """
    if "\\" in text or _UNREADABLE.search(text):
        return False
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_QuickLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            anchored = getattr(event, "anchor", None) is not None  # an alias has one, too
            if anchored or getattr(event, "tag", None) is not None or depth > _MAX_DEPTH // 2:
                return False
    except (yaml.YAMLError, ValueError):
        return False
    return True


def _refuse_tokens(text: str, name: str, error: type[MonitorError]) -> None:
    """Refuse what we do not want to read, before anything is built of it."""
    depth = 0
    for token in _scan(text, name, error):
        depth += isinstance(token, _OPENING) - isinstance(token, _CLOSING)
        where = f"{name}:{token.start_mark.line + 1}"
        if depth > _MAX_DEPTH:
            raise error("is nested too deeply", where=where, remedy="flatten it")
        if isinstance(token, yaml.ScalarToken) and (found := _UNREADABLE.search(token.value)):
            sign = f"U+{ord(found.group()):04X}"
            raise error(f"holds the sign {sign}", where=where, remedy="remove it")
        if isinstance(token, yaml.AliasToken | yaml.AnchorToken | yaml.TagToken):
            kind = "a tag" if isinstance(token, yaml.TagToken) else "an anchor or alias"
            raise error(
                f"holds {kind}, which is not allowed here",
                where=f"{name}:{token.start_mark.line + 1}",
                remedy="write the value out, or put it in quotes if it begins with *, & or !",
            )


def _scan(text: str, name: str, error: type[MonitorError]) -> Iterator[yaml.Token]:
    loader = _Loader(text)
    try:
        while loader.check_token():
            yield loader.get_token()  # type: ignore[no-untyped-call]  # missing in the stubs
    except (ValueError, OverflowError):  # "\\UFFFFFFFF" asks for a character that does not exist
        raise error(
            "names a character that does not exist",
            where=f"{name}:{loader.line + 1}",
            remedy="write the character itself",
        ) from None
    finally:
        loader.dispose()


def _index(node: yaml.Node, path: Path, lines: dict[Path, int], name: str, error: type[MonitorError]) -> None:
    """Note the line of every value; refuse duplicate keys."""
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            _index(item, (*path, number), lines, name, error)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*path, str(key.value))
            if inner in lines:
                raise error(
                    f"the key {key.value} stands twice (first in line {lines[inner]})",
                    where=f"{name}:{key.start_mark.line + 1}",
                    remedy="keep one of them",
                )
            _index(value, inner, lines, name, error)
            lines[inner] = key.start_mark.line + 1
