from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from monitor.core.errors import ConfigError, RuleError
from monitor.documents import MAX_SIZE, parse_document, read_document, validate


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")

    colour: str = "red"
    size: int = 1


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    timezone: str = "UTC"
    items: list[Inner] = []
    by_name: dict[str, Inner] = {}


def parse(text):
    return parse_document(text, "tumen.yaml")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: no", {"a": "no"}),
        ("a: yes\nb: on\nc: off", {"a": "yes", "b": "on", "c": "off"}),
        ("a: 12:30", {"a": "12:30"}),
        ("a: 010", {"a": "010"}),
        ("a: 1_000", {"a": "1_000"}),
        ("a: 0x1f", {"a": "0x1f"}),
        ("a: 1e3", {"a": "1e3"}),
        ("a: .inf", {"a": ".inf"}),
        ("a: 2026-11-25", {"a": "2026-11-25"}),
        (
            "a: -7\nb: 1.5\nc: true\nd: null\ne: ~\nf:",
            {"a": -7, "b": 1.5, "c": True, "d": None, "e": None, "f": None},
        ),
        ("<<: {a: 1}", {"<<": {"a": 1}}),
        ("a: '북한 🇰🇵'", {"a": "북한 🇰🇵"}),
        ("\ufeffa: 1", {"a": 1}),
        ("", None),
        ("# only a remark", None),
    ],
)
def test_yaml_means_what_it_says(text, value):
    assert parse(text).value == value


def test_every_value_knows_its_line():
    document = parse("a: 1\nb:\n  - x\n  - y: 2\n")
    assert [document.where(path) for path in [("a",), ("b",), ("b", 0), ("b", 1, "y")]] == [
        f"tumen.yaml:{line}" for line in (1, 2, 3, 4)
    ]
    assert document.where(("b", 1, "z", 5)) == "tumen.yaml:4"
    assert document.where(("nowhere",)) == "tumen.yaml:1"


@pytest.mark.parametrize(
    ("text", "says", "line"),
    [
        ("a: 1\nb: [1, 2", "no valid YAML", 2),
        ("a: 1\na: 2", "stands twice (first in line 1)", 2),
        ("x:\n  a: 1\n  a: 2", "stands twice (first in line 2)", 3),
        ("a: &x 1\nb: *x", "anchor or alias", 1),
        ("a: 1\nb: *x", "anchor or alias", 2),
        ("a: !!python/object/apply:os.system [ls]", "a tag", 1),
        ("a: 1\n---\nb: 2", "no valid YAML", 2),
        ("? [a]\n: 1", "no valid YAML", 1),
        ("a: 1\n\tb: 2", "no valid YAML", 2),
        ("[" * 5000, "nested too deeply", 1),
        ("{a: " * 5000, "nested too deeply", 1),
        ("- " * 5000 + "x", "nested too deeply", 1),
        ('a: 1\nb: "\\0"', "U+0000", 2),
        ('a: 1\nb: "\\ud83d"', "U+D83D", 2),
        ('a: 1\nb: "\\U00110000"', "does not exist", 2),
        ('a: 1\nb: "\\UFFFFFFFF"', "does not exist", 2),
        ("a: 1\nb: \x07", "U+0007", 2),
    ],
)
def test_what_cannot_be_read_is_refused_with_file_and_line(text, says, line):
    with pytest.raises(ConfigError) as refused:
        parse(text)
    assert says in refused.value.message
    assert f"{refused.value.where}:".startswith(f"tumen.yaml:{line}:")
    assert refused.value.remedy


PIECES = st.sampled_from(
    [
        "a:",
        " ",
        "\n",
        "- ",
        "[",
        "]",
        "{",
        "}",
        ",",
        "&a",
        "*a",
        "!t",
        '"',
        "'",
        "|",
        ">",
        "?",
        ":",
        "#",
        "---",
        "...",
        "\t",
        "\\x",
        "\\u",
        "%YAML 9",
        "@",
        "`",
        "12",
        "null",
        "북",
    ]
)


@given(st.one_of(st.text(), st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=40).map("".join)))
@example("\ud800")
@example('"\\')
@example("? ")
@example("1: a\n1: b")
def test_any_text_gives_a_document_or_an_error_with_file_and_line(text):
    try:
        parse(text)
    except ConfigError as refused:
        _assert_placed(refused)


@given(st.binary(max_size=200))
def test_any_bytes_give_a_document_or_an_error_with_file_and_line(tmp_path_factory, content):
    file = tmp_path_factory.getbasetemp() / "any.yaml"
    file.write_bytes(content)
    try:
        validate(read_document(file, RuleError, name="any.yaml"), Outer, RuleError)
    except RuleError as refused:
        _assert_placed(refused)


def _assert_placed(error):
    assert error.where.rpartition(":")[2].isdigit(), error.where
    assert error.message


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: None, "No such file"),
        (lambda path: path.mkdir(), "directory"),
        (lambda path: path.write_bytes(b"a: 1\n\xff"), "not UTF-8"),
        (lambda path: path.write_bytes(b"#" * (MAX_SIZE + 1)), "larger than 1024 KiB"),
    ],
    ids=["absent", "directory", "latin-1", "large"],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path, make, says):
    file = tmp_path / "tumen.yaml"
    make(file)
    with pytest.raises(ConfigError, match=says) as refused:
        read_document(file)
    assert refused.value.where.startswith(str(file))


def test_a_path_that_no_system_can_have_is_refused():
    with pytest.raises(ConfigError, match="cannot be read"):
        read_document(Path("a\0b"))


def test_a_file_with_a_byte_order_mark_is_read(tmp_path):
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbfname: x")
    assert read_document(tmp_path / "a.yaml").value == {"name": "x"}


@pytest.mark.parametrize(
    ("text", "where", "says", "remedy"),
    [
        ("name: x\nnmae: y", 2, "unknown key nmae", "did you mean name?"),
        ("name: x\ncolour: y", 2, "unknown key colour", "remove it"),
        (
            "name: x\nitems:\n- colour: b\n- collour: c",
            4,
            "unknown key items.1.collour",
            "did you mean colour?",
        ),
        ("name: x\nby_name:\n  one:\n    sise: 2", 4, "unknown key by_name.one.sise", "did you mean size?"),
        ("timezone: x", 1, "name is missing", "add name: …"),
        ("name: x\nitems:\n- size: many", 3, "items.0.size", "correct"),
        ("- a", 1, "dictionary", "correct"),
        ("just text", 1, "dictionary", "correct"),
        ("1: 2\nname: x", 1, "", ""),
    ],
)
def test_each_problem_names_its_key_its_line_and_what_to_do(text, where, says, remedy):
    with pytest.raises(ConfigError) as refused:
        validate(parse(text), Outer)
    assert refused.value.where == f"tumen.yaml:{where}"
    assert says in refused.value.message
    assert remedy in refused.value.remedy


def test_every_problem_is_listed_in_one_error():
    with pytest.raises(ConfigError) as refused:
        validate(parse("name: x\nnmae: y\nitems:\n- size: many"), Outer)
    assert set(str(refused.value).splitlines()[:2]) == {
        "tumen.yaml:4: items.0.size: Input should be a valid integer, unable to parse string as an integer",
        "tumen.yaml:2: unknown key nmae",
    }


def test_an_empty_document_is_an_empty_mapping():
    class Anything(BaseModel):
        pass

    assert validate(parse(""), Anything) == Anything()
