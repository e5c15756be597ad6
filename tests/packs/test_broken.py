"""Packs that are broken in one place: each gives one error that points to the place and says what to do.

In the tables `▸` marks the place to which the error must point.
"""

from __future__ import annotations

import re

import pytest

from monitor.core.errors import RuleError
from monitor.core.laboratory.proving import prove
from monitor.packs import load_pack
from tests.packs.conftest import FILES

HEAD, CONCEPTS, RULES = FILES
WHEN = FILES[RULES][FILES[RULES].index("when: ") : FILES[RULES].index("  must_fire")]
MACROS = FILES[HEAD][FILES[HEAD].index("macros:") : FILES[HEAD].index("must_not_fire")]
MANY = "{a|b|c|d|e|f|g|h|i|j|k|l|m|n|o}"

# What is replaced, by what; words of the cause; words of the remedy.
IN_HEAD = [
    ("name: borders\n", "", "name is missing", "add name"),
    ("name: borders", "▸nmae: borders", "unknown key nmae", "did you mean name?"),
    ("borders", "▸The Borders", "'The Borders' is no name", "small letters"),
    ("label: {en: Borders, de", "▸label: {fr: Frontières, de", "needs at least an English text", "{en: …}"),
    ("de: Grenzen", "▸jp: 境界", "'jp' is no code of a language", "did you mean ja?"),
    ("de: Grenzen", "de: ▸2024", "label.de: a text is expected here, not a number", "in quotes"),
    (MACROS, "▸macros: [dprk]\n", "macros: a mapping is expected here, not a list", "name: value"),
    ("close OR", "▸clsoe OR", "no concept or macro named clsoe", "did you mean close?"),
    ("close: dprk", "▸close: both OR dprk", "the macro close uses itself: close → both → close", "without"),
    ("close: dprk", "▸close: close OR dprk", "the macro close uses itself", "without"),
    ("close: dprk", "▸russia: dprk", "russia is a concept as well as a macro", "rename"),
    ("close: dprk", "▸Close: dprk", "'Close' is no name", "small letters"),
    (
        "close: dprk NEAR/5 russia",
        "▸close: [dprk, russia]",
        "macros.close: a text is expected here, not a list",
        "write",
    ),
    (
        "must_not_fire:\n  en: [Weather]",
        "▸must_not_fire: [Weather]",
        "must_not_fire: a mapping is expected here, not a list",
        "name: value",
    ),
    ("  en: [Weather]", "  en: ▸Weather", "must_not_fire.en: a list is expected here, not a text", "[a, b]"),
    ("en: [Weather]", "▸english: [Weather]", "'english' is no code of a language", "did you mean en?"),
    ("[Weather]", "[▸'']", "an example without a word", "remove it"),
    ("[Weather]", "[▸2024]", "must_not_fire.en.0: a text is expected here, not a number", "in quotes"),
]
YAML = [
    ("  close:", "▸\tclose:", "a tab stands where YAML takes only spaces", "spaces"),
    ("must_not_fire:", " ▸must_not_fire:", "the indentation differs from what stands above", "line it up"),
    ("  both: close", "   both▸: close", "a colon stands where no key can be", "indentation"),
    ("[Weather]", "▸[Weather", "this bracket is never closed", "]"),
    ("Grenzen}", "Grenzen", "the bracket of line 2 is still open", "add it"),
    ("[Weather]", "▸'Weather", "this quotation mark is never closed", "close it"),
    (
        "must_not_fire:",
        "▸name: more\nmust_not_fire:",
        "the key name stands twice (first in line 1)",
        "keep one",
    ),
    ("[Weather]", "▸&a [Weather]", "an anchor or alias", "write the value out"),
    ("[Weather]", "▸!set [Weather]", "a tag, which is not allowed", "write the value out"),
    ("close: dprk", "close: >- ▸dprk", "the text of a block begins in the line below", "begin it there"),
    ("close: dprk", "close: ▸- dprk", "a list or a key begins where none can be", "a line of its own"),
    ("must_not_fire:", "▸---\nmust_not_fire:", "a second document begins here", "remove"),
    ("must_not_fire:", "▸must_not_fire\n ", "a line without a colon", "key: value"),
    ("Weather", "▸@Weather", "a text cannot begin with @", "quotes"),
    ("Weather", '"Weather \\▸q"', "\\q means nothing between double quotes", "backslash"),
    ("Weather", "Wea▸\x07ther", "holds the sign U+0007", "remove"),
    ("[Weather]", "[Weather,▸, Sport]", "a value is missing before ,", "write it"),
    ("[Weather]", "[▸*weather*]", "a text cannot begin with * or &", "in quotes"),
    ("[Weather]", "[" * 28 + "▸[[[", "nested too deeply", "flatten"),
    ("close: dprk", 'close: "dprk" ▸OR dprk', "something follows a value that has ended", "in quotes"),
    ("close: dprk", "close: title▸: dprk", "a colon stands where no key can be", "in quotes"),
]

IN_CONCEPTS = [
    (
        "kind: actor\n  part_of",
        "kind: ▸actr\n  part_of",
        "takes actor, place, deed, unit",
        "did you mean actor?",
    ),
    ("  kind: actor\n  part_of", "  part_of", "kremlin.kind is missing", "add kind"),
    ("weight: 0.5", "weight: ▸heavy", "russia.weight: a number is expected here", "correct"),
    ("weight: 0.5", "weight: ▸11", "russia.weight: has to be 10 or less", "correct"),
    ("weight: 0.5", "▸wieght: 0.5", "unknown key russia.wieght", "did you mean weight?"),
    ("news: true", "news: ▸yes", "russia.news: true or false is expected here", "correct"),
    (
        "part_of: russia",
        "part_of: ▸rusia",
        "kremlin is part_of rusia, which is no concept",
        "did you mean russia?",
    ),
    ("part_of: russia", "part_of: ▸kremlin", "kremlin is part_of itself", "leave part_of out"),
    ("russia:\n", "▸The Russia:\n", "'The Russia' is no name", "small letters"),
    ("russia:\n", "▸2024:\n", "a text is expected here, not a number", "quotes"),
    ("names: {en: [Kremlin]}", "▸names: {}", "a concept needs at least one name", "{en: [a name]}"),
    ("names: {en: [Kremlin]}", "▸names: {en: []}", "a concept needs at least one name", "{en: [a name]}"),
    ("  names: {en: [Kremlin]}\n", "", "kremlin.names is missing", "add names"),
    ("{en: [Kremlin]}", "[Kremlin]", "kremlin.names: a mapping is expected here, not a list", "name: value"),
    ("{en: [Kremlin]}", "{en: ▸Kremlin}", "kremlin.names.en: a list is expected here, not a text", "[a, b]"),
    ("{en: [Kremlin]}", "{▸eng: [Kremlin]}", "'eng' is no code of a language", "did you mean en?"),
    (
        "{en: [Kremlin]}",
        "{en: [▸7]}",
        "kremlin.names.en.0: a text is expected here, not a number",
        "in quotes",
    ),
    (
        "{en: [Kremlin]}",
        "{en: [Kremlin, ▸Kremlin]}",
        "kremlin has the name 'Kremlin' twice under en",
        "remove one",
    ),
    ("only: [ko]", "only: [▸kp]", "'kp' is no code of a language", "did you mean ko?"),
    ("only: [ko]", "only: ▸ko", "only: a list is expected here, not a text", "[a, b]"),
    ("only: [ko]", "▸onyl: [ko]", "unknown key dprk.names.ko.0.onyl", "did you mean only?"),
    ("[북한산]", "[▸남한산]", "'남한산' does not hold the name '북한'", "longer word"),
    ("[북한산]", "[▸북한]", "the name '북한' would never count", "longer word"),
    ("[북한산]", "[북한산, ▸' ']", "not_inside of '북한' holds an empty word", "remove"),
    ("{term: 북한, not_inside", "▸{not_inside", "dprk.names.ko.0.term is missing", "add term"),
    ("[Kremlin]", "[▸Krem*lin]", "a star stands only at the end", "nordkorean*"),
    ("[Kremlin]", "[▸'*']", "a star stands only at the end", "nordkorean*"),
    ("[Kremlin]", "[▸'']", "kremlin has a name without a word", "remove it"),
    ("[Kremlin]", "[▸'= ']", "kremlin has a name without a word", "remove it"),
    ("[Kremlin]", "[▸—]", "without a letter, digit or sign", "write the words only"),
    ("[Kremlin]", "[▸'{Kremlin|Kreml']", "a brace or bar of '{Kremlin|Kreml' has no partner", "{a|b}"),
    ("[Kremlin]", "[▸'{a|{b|c}}']", "has no partner", "not nested"),
    ("[Kremlin]", f"[▸'{MANY}{MANY}']", "more than 200 spellings", "several names"),
    ("[Kremlin]", "[▸{Kremlin|Kreml}]", "a name with braces stands in quotes", 'write it like "{a|b}s"'),
    ("[Kremlin]", "[{Kremlin|Krem}▸s]", "expected a comma or ]", "in quotes"),
]
IN_RULES = [
    (
        "severity: high",
        "severity: ▸hihg",
        "ties.severity: takes low, normal, high or urgent",
        "did you mean high?",
    ),
    ("severity: high", "▸severty: high", "unknown key ties.severty", "did you mean severity?"),
    ("general: true", "general: ▸'true'", "ties.general: true or false is expected here", "correct"),
    ("tags: [diplomacy]", "tags: ▸diplomacy", "ties.tags: a list is expected here, not a text", "[a, b]"),
    (f"  {WHEN}", "", "ties.when is missing", "add when"),
    (WHEN, "when: ''\n", "the condition ends where a concept or word is expected", "complete it"),
    ("{en: [North Korea and", "{▸ua: [North Korea and", "'ua' is no code of a language", "did you mean uk?"),
    ("kremlin, dprk", "▸kremln, dprk", "there is no concept or macro named kremln", "did you mean kremlin?"),
    ("both AND", "both ▸and", "did not expect 'and' here", "AND in capitals"),
    ("both AND", "both ▸lead", "did not expect 'lead' here", "join conditions by AND or OR"),
    ('"arms deal*")', '"arms deal*"', "is never closed", "add the missing )"),
    ('"arms deal*")', '"arms deal*")▸)', "this parenthesis was never opened", "remove it"),
    (
        "NOT lang:de)",
        "NOT lang:de) OR▸",
        "the condition ends where a concept or word is expected",
        "complete it",
    ),
    (
        "both AND",
        "both AND ▸OR",
        "expected a concept, a word in quotes or a parenthesis, not 'OR'",
        "operator",
    ),
    ("both AND", "dprk ▸NEAR/0 russia AND", "NEAR/ takes a number of words from 1 to 99", "NEAR/5"),
    ("both AND", "dprk NEAR/5 ▸(russia AND kremlin) AND", "NEAR takes concepts and words", "SENTENCE(a, b)"),
    ("both AND", '▸"" AND', "an empty word matches nothing", "between the quotes"),
    ("both AND", "▸“arms” AND", "the quotation mark “", '"arms deal*"'),
    ('"arms deal*"', '▸"arms* dea*l"', "a star stands only at the end", "nordkorean*"),
    ("lang:de", "▸lang:German", "lang: takes an ISO 639-1 code", "did you mean lang:de?"),
    ("lang:de", "▸lang:dä", "lang: takes an ISO 639-1 code", "lang:de"),
    ("lang:de", "▸lang:xx", "lang: takes an ISO 639-1 code", "lang:de"),
    ("lang:de", "▸source:", "source: names no source", "source:yonhap-en"),
    ("both AND", "▸SENTENCE AND", "SENTENCE is followed by its parts in parentheses", "SENTENCE(a, b)"),
    ("both AND", "▸SUM(both, kremlin) AND", "SUM is followed by what it must reach", ">= 2"),
    ("both AND", "SUM(both, kremlin) >= ▸3 AND", "never reaches 3: its parts add up to 2", "lower it"),
    ("both AND", "SUM(▸0 both, kremlin) >= 1 AND", "a weight of 0 counts nothing", "remove the part"),
    ("both AND", "(" * 50 + "both" + ")" * 50 + " AND", "nested more than 40 levels deep", "macros"),
    (WHEN, "when: ▸NOT dprk\n", "ties can hold where none of its words stands", "a AND NOT b"),
    (
        WHEN,
        "when: >-\n    ▸dprk OR NOT\n    russia\n",
        "ties can hold where none of its words stands",
        "NOT b",
    ),
    (WHEN, "when: ▸lang:de AND source:wire\n", "ties can hold where none of its words stands", "word"),
    (WHEN, "when: ▸SENTENCE(NOT dprk, NOT russia)\n", "ties can hold where none of its words stands", "word"),
    (WHEN, "when: ▸SUM(2 NOT dprk, russia) >= 2\n", "ties can hold where none of its words stands", "word"),
]
TABLE = [
    (file, *row)
    for file, rows in ((HEAD, IN_HEAD), (HEAD, YAML), (CONCEPTS, IN_CONCEPTS), (RULES, IN_RULES))
    for row in rows
]


def spoil(folder, file, old, new):
    """Change a file of the pack; where the error must point, if the change says so."""
    text = FILES[file]
    assert text.count(old) >= 1, old
    before, mark, after = text.replace(old, new, 1).partition("▸")
    (folder / file).write_text(before + after, encoding="utf-8")
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return f"{folder / file}:{line}:{column}" if mark else None


def error_of(folder):
    with pytest.raises(RuleError) as refused:
        load_pack(folder)
    return refused.value


@pytest.mark.parametrize(
    ("file", "old", "new", "says", "remedy"), TABLE, ids=[f"{row[0]}: {row[3]}" for row in TABLE]
)
def test_what_is_wrong_is_one_error_with_place_cause_and_remedy(folder, tumen, file, old, new, says, remedy):
    where = spoil(folder, file, old, new)
    error = error_of(folder)
    assert says in error.message
    assert "\n" not in error.message  # one cause, one error
    assert remedy in error.remedy
    assert error.remedy
    assert re.fullmatch(rf"{re.escape(str(folder / file))}:\d+:\d+", error.where)
    assert where in {None, error.where}
    assert tumen("check", "--pack", folder) == (2, "", f"error: {error}\n")


def test_the_pack_that_is_spoilt_is_right(folder, tumen):
    assert prove(load_pack(folder)) == ()
    code, out, _ = tumen("check", "--pack", folder)
    assert (code, "1 rules" in out) == (0, True)


def test_there_are_more_than_forty_ways():
    assert len(TABLE) + len(FOLDERS) > 40


# What the folder lacks, or has too much of: what is done to it; where; what; what to do.
FOLDERS = [
    (lambda pack: (pack / HEAD).unlink(), "", "there is no pack.yaml in this folder", "tumen packs new"),
    (lambda pack: (pack / HEAD).rename(pack / "pack.yml"), "", "there is no pack.yaml", "rename pack.yml"),
    (lambda pack: (pack / HEAD).write_text(""), "pack.yaml:1:1", "the file is empty", "add name, label"),
    (
        lambda pack: (pack / HEAD).write_text("- name: a\n"),
        "pack.yaml:1:1",
        "a mapping is expected",
        "name: value",
    ),
    (
        lambda pack: (pack / HEAD).write_text("borders"),
        "pack.yaml:1:1",
        "a mapping is expected",
        "name: value",
    ),
    (lambda pack: (pack / RULES).write_text(""), "", "the pack has no rules", "add rules/NAME.yaml"),
    (lambda pack: (pack / RULES).unlink(), "", "the pack has no rules", "add rules/NAME.yaml"),
    (
        lambda pack: (pack / RULES).rename(pack / "rules/a.yml"),
        "rules/a.yml",
        "ends in .yml",
        "name it .yaml",
    ),
    (
        lambda pack: (pack / CONCEPTS).write_bytes(b"a: 1\nb: \xe9"),
        "concepts/names.yaml:2:4",
        "is not UTF-8",
        "save",
    ),
    (
        lambda pack: (pack / RULES).write_bytes(b"#" * 2**21),
        "rules/rules.yaml:1:1",
        "is larger than 1024 KiB",
        "split",
    ),
    (
        lambda pack: (pack / "rules/zz.yaml").write_text(FILES[RULES]),
        "rules/zz.yaml:1:1",
        "ties is defined twice, first at",
        "rename one",
    ),
    (
        lambda pack: (pack / "concepts/zz.yaml").write_text("\n" + FILES[CONCEPTS]),
        "concepts/zz.yaml:2:1",
        "dprk is defined twice, first at",
        "rename one",
    ),
    (lambda pack: (pack / "rules/zz.yaml").mkdir(), "rules/zz.yaml", "cannot be read", "check the path"),
]


@pytest.mark.parametrize(("change", "where", "says", "remedy"), FOLDERS, ids=[row[2] for row in FOLDERS])
def test_a_folder_that_is_no_pack_is_one_error_with_place_cause_and_remedy(
    folder, tumen, change, where, says, remedy
):
    change(folder)
    code, out, err = tumen("check", "--pack", folder)
    told, _, advice = err.partition("\n  → ")
    assert (code, out, told.count("\n")) == (2, "", 0)
    assert told.startswith(f"error: {folder / where}: ")
    assert says in told
    assert remedy in advice


def test_an_error_points_into_conditions_of_every_style(folder):
    for style in ("{}", "'{}'", '"{}"', "|\n    {}", ">-\n    {}", ">2\n    {}", "dprk OR\n    {}"):
        where = spoil(folder, RULES, WHEN, f"when: {style.format('dprk AND ▸nobody OR russia')}\n")
        assert error_of(folder).where == where, style


def test_concepts_may_share_a_name_and_name_each_other_in_any_order(folder):
    text = FILES[CONCEPTS].replace("[Kremlin]", "[Kremlin, Russia*]")
    (folder / CONCEPTS).write_text(text, encoding="utf-8")
    head = (
        FILES[HEAD]
        .replace("close OR title", "later OR close OR title")
        .replace("must_not_fire", "  later: kremlin NEAR/3 dprk\nmust_not_fire")
    )
    (folder / HEAD).write_text(head, encoding="utf-8")
    assert len(load_pack(folder).concepts["kremlin"].terms) == 2


def test_a_long_row_of_macros_is_refused_rather_than_followed(folder):
    row = "".join(f"  m{number}: m{number + 1} OR dprk\n" for number in range(3000)) + "  m3000: dprk\n"
    (folder / HEAD).write_text(FILES[HEAD].replace("must_not", row + "must_not"), encoding="utf-8")
    assert "macros use one another in a row" in error_of(folder).message
