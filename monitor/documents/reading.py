"""From the text of a YAML file to a document, or to one error with its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from monitor.core.errors import ConfigError, MonitorError
from monitor.documents.complaints import explain
from monitor.documents.places import Document, Path, Place

if TYPE_CHECKING:
    from collections.abc import Iterator
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
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")  # escapes can name them
_PLAIN_ESCAPE = re.compile(r"\\[nt\"\\]")


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


def read_document(file: Traversable, error: type[MonitorError] = ConfigError, *, name: str = "") -> Document:
    """Read a YAML file.

    Args:
        file: the file.
        error: the kind of error to raise.
        name: how messages call the file; its path by default.

    Raises:
        MonitorError: of the given kind, with file, line and column, if it cannot be read.
    """
    name = name or str(file)
    return parse_document(read_text(file, name, error), name, error)


def read_text(file: Traversable, name: str, error: type[MonitorError] = ConfigError) -> str:
    """The text of a file that should be YAML; see `read_document`."""
    try:
        with file.open("rb") as opened:
            raw = opened.read(MAX_SIZE + 1)
    except (OSError, ValueError) as problem:  # ValueError: a path that no system can have
        reason = getattr(problem, "strerror", None) or str(problem)
        raise error(
            f"cannot be read: {reason}", where=name, remedy="check the path and its permissions"
        ) from None
    if len(raw) > MAX_SIZE:
        raise error(f"is larger than {MAX_SIZE // 1024} KiB", where=f"{name}:1:1", remedy="split it")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        before = raw[: problem.start].decode(errors="replace")
        raise error("is not UTF-8 text", where=_end_of(before, name), remedy="save it as UTF-8") from None


def parse_document(text: str, name: str, error: type[MonitorError] = ConfigError) -> Document:
    """Read YAML from a string; see `read_document`."""
    text = text.removeprefix("\ufeff")
    places: dict[Path, Place] = {}
    loader: Any = None  # of one class or the other
    try:
        if _is_ordinary(text):
            loader = _QuickLoader(text)
        else:
            _refuse_tokens(text, name, error)
            loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            return Document(name, None, {}, text)
        _index(node, (), places, name, error)
        value = loader.construct_document(node)
    except yaml.MarkedYAMLError as problem:
        said = explain(problem)
        where = f"{name}:{said.line}:{said.column}"
        raise error(f"is no valid YAML: {said.message}", where=where, remedy=said.remedy) from None
    except yaml.reader.ReaderError as problem:
        sign = f"U+{problem.character:04X}"  # a number, as we give it text
        where = _end_of(text[: problem.position], name)
        raise error(f"holds the sign {sign}", where=where, remedy="remove it") from None
    finally:
        if loader is not None:
            loader.dispose()
    return Document(name, value, places, text)


def _end_of(text: str, name: str) -> str:
    """`file:line:column` of what follows the text."""
    return f"{name}:{text.count(chr(10)) + 1}:{len(text) - text.rfind(chr(10))}"


def _is_ordinary(text: str) -> bool:
    """Whether libyaml reads the text without complaint and finds nothing that is to be refused.

    Odd escapes are left to the careful reader, too: the two differ in what they let through.
    """
    if "\\" in _PLAIN_ESCAPE.sub("", text) or _UNREADABLE.search(text):
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
        where = f"{name}:{token.start_mark.line + 1}:{token.start_mark.column + 1}"
        if depth > _MAX_DEPTH:
            raise error("is nested too deeply", where=where, remedy="flatten it")
        if isinstance(token, yaml.ScalarToken) and (found := _UNREADABLE.search(token.value)):
            sign = f"U+{ord(found.group()):04X}"
            raise error(f"holds the sign {sign}", where=where, remedy="remove it")
        if isinstance(token, yaml.AliasToken | yaml.AnchorToken | yaml.TagToken):
            kind = "a tag" if isinstance(token, yaml.TagToken) else "an anchor or alias"
            raise error(
                f"holds {kind}, which is not allowed here",
                where=where,
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
            where=f"{name}:{loader.line + 1}:{loader.column + 1}",
            remedy="write the character itself",
        ) from None
    finally:
        loader.dispose()


def _index(
    node: yaml.Node, path: Path, places: dict[Path, Place], name: str, error: type[MonitorError]
) -> None:
    """Note the place of every value; refuse duplicate keys."""
    places[path] = _place(node, node)
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            _index(item, (*path, number), places, name, error)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*path, str(key.value))
            if inner in places:
                raise error(
                    f"the key {key.value} stands twice (first in line {places[inner].entry[0]})",
                    where=f"{name}:{key.start_mark.line + 1}:{key.start_mark.column + 1}",
                    remedy="keep one of them",
                )
            _index(value, inner, places, name, error)
            places[inner] = _place(key, value)


def _place(entry: yaml.Node, value: yaml.Node) -> Place:
    first, start, end = entry.start_mark, value.start_mark, value.end_mark
    return Place(
        entry=(first.line + 1, first.column + 1),
        value=(start.line + 1, start.column + 1),
        start=start.index,
        end=end.index,
        style=getattr(value, "style", None) or "",
        scalar=value.value if isinstance(value, yaml.ScalarNode) else None,
    )
