import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.errors import RuleError
from monitor.core.laboratory.proving import prove
from monitor.core.query import Term
from monitor.core.topic import ConceptKind, Severity
from monitor.packs import find_pack, load_pack

PACK = """\
name: borders
label: {en: Borders}
macros: {both: dprk AND russia}
must_not_fire: {en: [Weather]}
"""
CONCEPTS = """\
dprk:
  kind: actor
  label: {en: North Korea, ko: 북한}
  names:
    en: [north korea*]
    ko: [{term: 북한, not_inside: [북한산]}]
russia:
  kind: actor
  label: {en: Russia}
  weight: 0.5
  names: {en: [russia*]}
kremlin-staff:
  kind: actor
  label: {en: Kremlin}
  part_of: russia
  news: true
  names: {en: [kremlin]}
"""
RULES = """\
ties:
  label: {en: Ties}
  when: both OR kremlin-staff NEAR/5 "kim"
  severity: high
  tags: [a]
  must_fire: {en: [North Korea and Russia]}
  must_not_fire: {ko: [북한산]}
"""


@pytest.fixture
def write(tmp_path):
    """A pack on disk, with some of its files changed."""

    def make(pack=PACK, concepts=CONCEPTS, rules=RULES):
        folder = tmp_path / "borders"
        shutil.rmtree(folder, ignore_errors=True)
        for name, text in (("pack.yaml", pack), ("concepts/all.yaml", concepts), ("rules/all.yaml", rules)):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        return folder

    return make


def test_a_folder_becomes_a_pack(write):
    pack = load_pack(write())
    assert (pack.name, pack.label("de"), sorted(pack.concepts)) == (
        "borders",
        "Borders",
        ["dprk", "kremlin-staff", "russia"],
    )
    dprk = pack.concepts["dprk"]
    assert (dprk.kind, dprk.label("ko"), dprk.weight) == (ConceptKind.ACTOR, "북한", 1.0)
    assert dprk.terms[1] == Term("북한", "ko", ("북한산",), dprk.terms[1].where)
    assert dprk.terms[1].where.endswith("concepts/all.yaml:6:17")
    (rule,) = pack.rules
    assert (rule.name, rule.severity, rule.tags) == ("ties", Severity.HIGH, ("a",))
    assert rule.where.endswith("rules/all.yaml:1:1")
    assert rule.must_fire[0].where.endswith("rules/all.yaml:6:20")
    assert pack.news == {"kremlin-staff"}
    assert prove(pack) == ()


def test_the_version_says_which_text_a_pack_was_read_from(write):
    first = load_pack(write()).version
    assert load_pack(write()).version == first
    assert load_pack(write(rules=RULES + "# a remark\n")).version != first
    assert len(first) == 12


@pytest.mark.parametrize(
    ("file", "old", "new", "where", "says", "remedy"),
    [
        (
            "rules",
            "both OR",
            "bohh OR",
            "rules/all.yaml:3:9",
            "no concept or macro named bohh",
            "did you mean both?",
        ),
        (
            "rules",
            "both OR",
            "both AND OR",
            "rules/all.yaml:3:18",
            "expected a concept, a word",
            "between two",
        ),
        ("rules", "severity: high", "severity: loud", "rules/all.yaml:4:13", "takes low, normal", "correct"),
        (
            "rules",
            "severity: high",
            "severty: high",
            "rules/all.yaml:4:3",
            "unknown key ties.severty",
            "did you mean severity?",
        ),
        ("rules", "{en: Ties}", "{de: Bande}", "rules/all.yaml:2:3", "at least an English text", "{en: …}"),
        ("rules", "ties:", "The Ties:", "rules/all.yaml:1:1", "is no name", "small letters"),
        ("rules", '"kim"', '"k*m"', "rules/all.yaml:3:38", "a star stands only at the end", "nordkorean"),
        ("rules", RULES, "{}", "borders", "has no rules", "add rules"),
        ("rules", RULES, "", "borders", "has no rules", "add rules"),
        (
            "concepts",
            "[north korea*]",
            "['north {korea']",
            "concepts/all.yaml:5:10",
            "has no partner",
            "{a|b}",
        ),
        ("concepts", "[북한산]", "['']", "concepts/all.yaml:6:34", "empty word", "remove"),
        (
            "concepts",
            "part_of: russia",
            "part_of: rusia",
            "concepts/all.yaml:15:12",
            "which is no concept",
            "did you mean russia?",
        ),
        (
            "concepts",
            "kind: actor",
            "kind: actr",
            "concepts/all.yaml:2:9",
            "takes actor, place",
            "did you mean actor?",
        ),
        ("concepts", "weight: 0.5", "weight: .nan", "concepts/all.yaml:10:11", "weight", "correct"),
        ("concepts", "weight: 0.5", "weight: -1", "concepts/all.yaml:10:11", "weight", "correct"),
        ("concepts", "russia:\n", "dprk:\n", "concepts/all.yaml:7:1", "stands twice", "keep one"),
        (
            "concepts",
            "[north korea*]",
            "[north korea*, 1]",
            "concepts/all.yaml:5:24",
            "names.en.1",
            "in quotes",
        ),
        ("pack", "name: borders", "name: The Borders", "pack.yaml:1:7", "is no name", "small letters"),
        (
            "pack",
            "dprk AND russia",
            "dprk AND both",
            "pack.yaml:3:10",
            "the macro both uses itself",
            "without",
        ),
        ("pack", "{both:", "{dprk:", "pack.yaml:3:10", "a concept as well as a macro", "rename"),
        ("pack", "{both:", "{AND:", "pack.yaml:3:10", "is no name", "small letters"),
        ("pack", "name: borders\n", "", "pack.yaml:1:1", "name is missing", "add name"),
        ("pack", PACK, "[", "pack.yaml:1:2", "this bracket is never closed", "close it"),
        ("pack", "Borders}", "Borders", "pack.yaml:3:7", "the bracket of line 2 is still open", "add it"),
    ],
)
def test_what_cannot_be_is_refused_with_file_line_and_remedy(write, file, old, new, where, says, remedy):
    text = {"pack": PACK, "concepts": CONCEPTS, "rules": RULES}[file]
    assert old in text
    folder = write(**{file: text.replace(old, new, 1)})
    with pytest.raises(RuleError) as refused:
        load_pack(folder)
    assert says in refused.value.message
    assert refused.value.where.endswith(where)
    assert remedy in refused.value.remedy


def test_names_are_unique_across_files(write):
    folder = write()
    (folder / "rules/more.yaml").write_text(RULES, encoding="utf-8")
    with pytest.raises(RuleError, match=r"ties is defined twice, first at .*rules/all\.yaml:1:1") as refused:
        load_pack(folder)
    assert refused.value.where.endswith("rules/more.yaml:1:1")


def test_other_files_of_a_pack_are_left_alone(write):
    folder = write()
    (folder / "rules/notes.txt").write_bytes(b"\xff")
    (folder / "README.md").write_bytes(b"\xff")
    assert load_pack(folder).name == "borders"


def test_a_pack_is_found_by_name_or_folder(write):
    folder = write()
    assert find_pack("borders", folder.parent) == folder
    assert find_pack("./borders", folder.parent) == folder
    assert find_pack(str(folder), Path()) == folder
    assert load_pack(find_pack("dprk-russia", folder.parent)).name == "dprk-russia"


@pytest.mark.parametrize("name", ["nowhere", "", "..", "../rules", "dprk-russia/concepts", "/", "a" * 5000])
def test_a_pack_that_is_not_there_names_those_that_are(tmp_path, name):
    with pytest.raises(RuleError, match="there is no pack") as refused:
        find_pack(name, tmp_path)
    assert "dprk-russia" in refused.value.remedy


@settings(max_examples=40)
@given(
    st.sampled_from(["pack.yaml", "concepts/all.yaml", "rules/all.yaml"]),
    st.one_of(st.binary(max_size=80), st.text(max_size=40).map(str.encode)),
)
def test_any_bytes_give_a_pack_or_an_error_with_its_file(tmp_path_factory, file, content):
    folder = tmp_path_factory.getbasetemp() / "any-pack"
    for name, text in (("pack.yaml", PACK), ("concepts/all.yaml", CONCEPTS), ("rules/all.yaml", RULES)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content if name == file else text.encode())
    try:
        load_pack(folder)
    except RuleError as refused:
        assert str(folder) in refused.where  # noqa: PT017  either may happen


@settings(max_examples=40)
@given(st.text(max_size=30), st.text(max_size=30))
def test_any_term_and_condition_give_a_pack_or_an_error_with_file_line_and_column(
    tmp_path_factory, term, condition
):
    import yaml  # noqa: PLC0415  only this test writes YAML

    folder = tmp_path_factory.getbasetemp() / "any-terms"
    concepts = {"dprk": {"kind": "actor", "label": {"en": "x"}, "names": {"en": [term]}}}
    rules = {"r": {"label": {"en": "x"}, "when": f"dprk OR {condition}"}}
    head = {"name": "any", "label": {"en": "any"}}
    for name, value in (("pack.yaml", head), ("concepts/a.yaml", concepts), ("rules/a.yaml", rules)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(yaml.safe_dump(value, allow_unicode=True), encoding="utf-8")
    try:
        load_pack(folder)
    except RuleError as refused:
        assert all(number.isdigit() for number in refused.where.rsplit(":", 2)[1:]), refused.where  # noqa: PT017  either may happen
