from pathlib import Path

import pytest
import yaml
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


def test_every_value_knows_its_line_and_column():
    document = parse("a: 1\nb:\n  - x\n  - y: 2\n")
    assert [document.where(path) for path in [("a",), ("b",), ("b", 0), ("b", 1, "y")]] == [
        f"tumen.yaml:{place}" for place in ("1:1", "2:1", "3:5", "4:5")
    ]
    assert document.where(("b", 1, "z", 5)) == "tumen.yaml:4:5"
    assert document.where(("nowhere",)) == "tumen.yaml:1:1"
    assert document.where_value(("a",)) == "tumen.yaml:1:4"
    assert document.where_value(("b",)) == "tumen.yaml:2:1"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: one two", {"o": "1:4", "t": "1:8"}),
        ("a: 'it''s two'", {"i": "1:5", "'": "1:7", "s": "1:9", "w": "1:12"}),
        (
            'a: "\\x41 \\"b\\" \\u00e9 c\\\n   d"',
            {"A": "1:5", "b": "1:12", "é": "1:16", "c": "1:23", "d": "2:4"},
        ),
        ("a: one\n  two\n\n  three", {"o": "1:4", "w": "2:4", "r": "4:5"}),
        ("a: >- # a remark\n  one\n  two\n\n    three\n", {"o": "2:3", "w": "3:4", "r": "5:7"}),
        ("a: |2\n   one\n  two\n", {"o": "2:4", "w": "3:4"}),
        ("a:\n- b: >\n    한국 👍🏽 e\u0301x\n", {}),
        ("a: [x, one]", {}),
    ],
)
def test_every_character_of_a_text_knows_its_place(text, found):
    document = parse(text)
    path = next(path for path, place in document.places.items() if place.scalar is not None)
    value, place = document.places[path].scalar, document.within(path)
    assert {letter: place(value.index(letter)) for letter in found} == {
        letter: f"tumen.yaml:{where}" for letter, where in found.items()
    }
    _assert_letters(text, value, place)


def _assert_letters(text, value, place):
    """Every letter of the value stands in the text where it is said to stand, and none before the last."""
    lines = text.split("\n")
    before = (0, 0)
    for offset, letter in enumerate(value):
        if letter.isalnum():
            line, column = map(int, place(offset).split(":")[1:])
            there = lines[line - 1][column - 1]
            assert there in {letter, "\\"}, (offset, letter)
            assert (line, column) > before
            before = (line, column)


@pytest.mark.parametrize("style", [None, "'", '"', "|", ">"])
@given(st.text(st.sampled_from("abcé한👍'\"\\:#- \t\n\xa0"), max_size=60), st.integers(4, 80))
def test_folding_hides_no_character(style, value, width):
    text = yaml.safe_dump({"k": [{"a": value}]}, default_style=style, width=width, allow_unicode=True)
    document = parse(text)
    assert document.value == {"k": [{"a": value}]}
    _assert_letters(text, value, document.within(("k", 0, "a")))


def test_a_text_ends_just_behind_its_last_character():
    document = parse("when: >-\n  a AND\n  b\nnext: x")
    assert document.within(("when",))(7) == "tumen.yaml:3:4"
    assert document.within(("when",))(99) == "tumen.yaml:3:4"
    assert document.within(("when",))(1) == "tumen.yaml:2:4"
    assert parse("when: ''").within(("when",))(0) == "tumen.yaml:1:7"


def test_within_what_is_no_text_all_is_in_one_place():
    document = parse("a: [1, 2]\nb: {c: d}")
    assert document.within(("b",))(5) == "tumen.yaml:2:1"
    assert document.within(("b", "nowhere"))(5) == "tumen.yaml:2:1"


@pytest.mark.parametrize(
    ("text", "says", "place"),
    [
        ("a: 1\nb: [1, 2", "no valid YAML", "2:4"),
        ("a: 1\na: 2", "stands twice (first in line 1)", "2:1"),
        ("x:\n  a: 1\n  a: 2", "stands twice (first in line 2)", "3:3"),
        ("a: &x 1\nb: *x", "anchor or alias", "1:4"),
        ("a: 1\nb: *x", "anchor or alias", "2:4"),
        ("a: !!python/object/apply:os.system [ls]", "a tag", "1:4"),
        ("a: 1\n---\nb: 2", "no valid YAML", "2:1"),
        ("? [a]\n: 1", "no valid YAML", "1:3"),
        ("a: 1\n\tb: 2", "no valid YAML", "2:1"),
        ("[" * 5000, "nested too deeply", "1:31"),
        ("{a: " * 5000, "nested too deeply", "1:121"),
        ("- " * 5000 + "x", "nested too deeply", "1:61"),
        ('a: 1\nb: "\\0"', "U+0000", "2:4"),
        ('a: 1\n"b\\x9b": 2', "U+009B", "2:1"),
        ('a: 1\nb: "\\ud83d"', "U+D83D", "2:4"),
        ('a: 1\nb: "\\U00110000"', "does not exist", "2:7"),
        ('a: 1\nb: "\\UFFFFFFFF"', "does not exist", "2:7"),
        ("a: 1\nb: \x07", "U+0007", "2:4"),
    ],
)
def test_what_cannot_be_read_is_refused_with_file_line_and_column(text, says, place):
    with pytest.raises(ConfigError) as refused:
        parse(text)
    assert says in refused.value.message
    assert refused.value.where == f"tumen.yaml:{place}"
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
def test_any_text_gives_a_document_or_an_error_with_file_line_and_column(text):
    try:
        parse(text)
    except ConfigError as refused:
        _assert_placed(refused)


@given(st.binary(max_size=200))
def test_any_bytes_give_a_document_or_an_error_with_file_line_and_column(tmp_path_factory, content):
    file = tmp_path_factory.getbasetemp() / "any.yaml"
    file.write_bytes(content)
    try:
        validate(read_document(file, RuleError, name="any.yaml"), Outer, RuleError)
    except RuleError as refused:
        _assert_placed(refused)


def _assert_placed(error):
    assert all(number.isdigit() for number in error.where.rsplit(":", 2)[1:]), error.where
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
        ("name: x\nnmae: y", "2:1", "unknown key nmae", "did you mean name?"),
        ("name: x\ncolour: y", "2:1", "unknown key colour", "remove it"),
        (
            "name: x\nitems:\n- colour: b\n- collour: c",
            "4:3",
            "unknown key items.1.collour",
            "did you mean colour?",
        ),
        (
            "name: x\nby_name:\n  one:\n    sise: 2",
            "4:5",
            "unknown key by_name.one.sise",
            "did you mean size?",
        ),
        ("timezone: x", "1:1", "name is missing", "add name: …"),
        ("name: x\nitems:\n- size: many", "3:9", "items.0.size", "correct"),
        ("- a", "1:1", "a mapping is expected here, not a list", "name: value"),
        ("just text", "1:1", "a mapping is expected here, not a text", "name: value"),
        ("1: 2\nname: x", "1:1", "a text as key is expected here, not a number", "in quotes"),
    ],
)
def test_each_problem_names_its_key_its_place_and_what_to_do(text, where, says, remedy):
    with pytest.raises(ConfigError) as refused:
        validate(parse(text), Outer)
    assert refused.value.where == f"tumen.yaml:{where}"
    assert says in refused.value.message
    assert remedy in refused.value.remedy


def test_every_problem_is_listed_in_one_error():
    with pytest.raises(ConfigError) as refused:
        validate(parse("name: x\nnmae: y\nitems:\n- size: many"), Outer)
    assert str(refused.value).splitlines() == [
        "tumen.yaml:2:1: unknown key nmae",
        "tumen.yaml:4:9: items.0.size: a whole number is expected here",
        "  → did you mean name?",
    ]


def test_a_misspelt_key_is_not_missing_as_well():
    with pytest.raises(ConfigError) as refused:
        validate(parse("nmae: y"), Outer)
    assert refused.value.message == "unknown key nmae"


def test_an_empty_document_without_what_it_needs_says_that_it_is_empty():
    with pytest.raises(ConfigError, match="the file is empty") as refused:
        validate(parse("# nothing yet"), Outer)
    assert (refused.value.where, refused.value.remedy) == ("tumen.yaml:1:1", "add name")


def test_an_empty_document_is_an_empty_mapping():
    class Anything(BaseModel):
        pass

    assert validate(parse(""), Anything) == Anything()
