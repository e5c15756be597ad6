"""What the YAML parser complains about, in words that say what to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import yaml


class Complaint(NamedTuple):
    """What is wrong with a text that should be YAML. Line and column count from 1."""

    message: str
    remedy: str
    line: int
    column: int


_QUOTE = 'put the whole text in quotes: "…"'
# What the parser says; whether it began to go wrong where the parser was, or where what it reads began; our words.
_KNOWN: tuple[tuple[str, bool, str, str], ...] = (
    (r"'\\t' that cannot start", False, "a tab stands where YAML takes only spaces", "indent with spaces"),
    (
        r"character '(.)' that cannot start",
        False,
        "a text cannot begin with {0} in YAML",
        _QUOTE,
    ),
    (
        "mapping values are not allowed",
        False,
        "a colon stands where no key can be",
        f"check the indentation; if the colon belongs to a text, {_QUOTE}",
    ),
    ("could not find expected ':'", True, "a line without a colon stands among keys", "write  key: value"),
    ("unexpected end of stream", True, "this quotation mark is never closed", "close it"),
    (
        r"expected ',' or '(.)', but got '<stream end>'",
        True,
        "this bracket is never closed",
        "add the missing {0}",
    ),
    (
        r"expected ',' or '(.)'",
        False,
        "expected a comma or {0}, because the bracket of line {line} is still open",
        "add it; a text with brackets, braces, commas or colons stands in quotes",
    ),
    (
        "expected <block end>, but found '<scalar>'",
        False,
        "something follows a value that has ended",
        f"check the indentation; if it belongs to a text that begins with a quotation mark or brace, {_QUOTE}",
    ),
    (
        "expected <block end>",
        False,
        "the indentation differs from what stands above",
        "line it up with its neighbours",
    ),
    (
        "expected alphabetic or numeric character",
        True,
        "a text cannot begin with * or & in YAML",
        _QUOTE,
    ),
    (
        "unknown escape character '(.)'",
        False,
        "\\{0} means nothing between double quotes",
        "write \\\\ for a backslash, or use 'single quotes'",
    ),
    (
        "expected chomping or indentation|expected a comment or a line break",
        False,
        "the text of a block begins in the line below | or >",
        "begin it there, indented",
    ),
    (
        "(?:sequence entries|mapping keys) are not allowed",
        False,
        "a list or a key begins where none can be",
        f"put it in a line of its own; if it belongs to a text, {_QUOTE}",
    ),
    ("found another document", False, "a second document begins here", "remove the line ---"),
    ("found unhashable key", False, "a list or mapping cannot be a key", "write a text before the colon"),
    (
        r"expected the node content, but found '<stream end>'",
        True,
        "this bracket is never closed",
        "close it",
    ),
    (
        r"expected the node content, but found '(.)'",
        False,
        "a value is missing before {0}",
        "write it, or remove the {0}",
    ),
)


def explain(problem: yaml.MarkedYAMLError) -> Complaint:
    """The parser's complaint in plain words."""
    said = problem.problem or ""
    for pattern, began, message, remedy in _KNOWN:
        if found := re.search(pattern, said, re.DOTALL):
            mark = (began and problem.context_mark) or problem.problem_mark or problem.context_mark
            line, column = _place(mark)
            opened, _ = _place(problem.context_mark)
            words = {"line": opened}
            return Complaint(
                message.format(*found.groups(), **words), remedy.format(*found.groups()), line, column
            )
    line, column = _place(problem.problem_mark or problem.context_mark)
    return Complaint(said, "mend this line", line, column)


def _place(mark: Any) -> tuple[int, int]:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
