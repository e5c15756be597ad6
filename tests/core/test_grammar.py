import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core import query as q
from monitor.core.errors import RuleError
from monitor.core.grammar import parse as read
from monitor.core.query import Term

CONCEPTS = ("dprk", "russia", "troops", "north-korea")
A, B, C = q.Named("dprk"), q.Named("russia"), q.Named("troops")


def parse(text, macros=None):
    return read(text, CONCEPTS, macros or {}, lambda offset: f"rules/a.yaml:3:{offset + 1}")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("dprk", A),
        ("north-korea AND dprk", q.AllOf((q.Named("north-korea"), A))),
        ("dprk AND russia OR troops", q.AnyOf((q.AllOf((A, B)), C))),
        ("dprk AND (russia OR troops)", q.AllOf((A, q.AnyOf((B, C))))),
        ("NOT dprk AND russia", q.AllOf((q.Not(A), B))),
        ("NOT NOT dprk", q.Not(q.Not(A))),
        ("dprk NEAR/5 russia", q.Near(A, B, 5)),
        ("dprk NEAR/5 russia NEAR/9 troops", q.Near(q.Near(A, B, 5), C, 9)),
        ("(dprk OR troops) NEAR/3 russia", q.Near(q.AnyOf((A, C)), B, 3)),
        ("SENTENCE(dprk, russia)", q.Sentence((A, B))),
        ("SENTENCE(dprk, NOT russia)", q.Sentence((A, q.Not(B)))),
        ("title:dprk", q.In(q.Scope.TITLE, A)),
        ("lead:(dprk AND russia)", q.In(q.Scope.LEAD, q.AllOf((A, B)))),
        ("body:SENTENCE(dprk, russia)", q.In(q.Scope.BODY, q.Sentence((A, B)))),
        ('"북한 군"', q.Word(Term("북한 군", where="rules/a.yaml:3:1"))),
        ("dprk\n  AND\trussia\n", q.AllOf((A, B))),
        ("lang:de AND dprk", q.AllOf((q.Language("de"), A))),
        ("dprk AND NOT source:kcna-en", q.AllOf((A, q.Not(q.Source("kcna-en"))))),
        ("source:1tv-ru OR source:관영", q.AnyOf((q.Source("1tv-ru"), q.Source("관영")))),
        (
            "SUM(2 dprk, russia OR troops, -0.5 title:troops) >= 1.5",
            q.AtLeast(
                1.5,
                (
                    q.Weighted(2, A),
                    q.Weighted(1, q.AnyOf((B, C))),
                    q.Weighted(-0.5, q.In(q.Scope.TITLE, C)),
                ),
            ),
        ),
        ("SUM(dprk) >= 1 AND russia", q.AllOf((q.AtLeast(1, (q.Weighted(1, A),)), B))),
    ],
)
def test_a_condition_is_read_as_its_grammar_says(text, tree):
    assert parse(text) == tree


def test_a_macro_stands_for_its_condition():
    both = q.AllOf((A, B))
    assert parse("both AND troops", {"both": both}) == q.AllOf((q.Macro("both", both), C))


@pytest.mark.parametrize(
    ("text", "says", "column"),
    [
        ("", "ends where", 1),
        ("dprk AND", "ends where", 9),
        ("dprk russia", "did not expect 'russia'", 6),
        ("dprk and russia", "did not expect 'and'", 6),
        ("(dprk", "never closed", 1),
        ("(dprk russia)", "expected AND, OR or ')'", 7),
        ("dprk)", "never opened", 5),
        ("AND dprk", "expected a concept", 1),
        ("dprk AND ?", "expected a concept", 10),
        ("SENTENCE dprk", "in parentheses", 1),
        ("SENTENCE(dprk", "never closed", 9),
        ("SENTENCE()", "expected a concept", 10),
        ('"', "begins nothing that ends", 1),
        ('dprk OR "kim', "begins nothing that ends", 9),
        ("dprk OR „kim“", "begins nothing that ends", 9),
        ("lang:", "ISO 639-1", 1),
        ("dprk AND lang:german", "ISO 639-1", 10),
        ("source:", "names no source", 1),
        ("SUM dprk", "in parentheses", 1),
        ("SUM(dprk)", "what it must reach", 1),
        ("SUM(dprk) >= ", "what it must reach", 1),
        ("SUM(dprk) >= 0", "more than 0", 14),
        ("SUM(dprk) >= -1", "more than 0", 14),
        ("SUM(dprk, -5 russia, 0.5 troops) >= 2", "never reaches 2: its parts add up to 1.5", 37),
        ("SUM(0 dprk) >= 2", "counts nothing", 5),
        ("SUM(99999 dprk) >= 2", "four digits", 5),
        ("SUM(٣ dprk) >= 2", "four digits", 5),
        ("SUM(dprk, 2 russia >= 2", "expected AND, OR or ')'", 20),
        ("2 dprk", "not '2'", 1),
        ('""', "empty word", 1),
        ('"="', "empty word", 1),
        ("title:", "ends where", 7),
        ("dprk NEAR/5 (russia AND troops)", "NEAR takes", 13),
        ("NOT (NOT dprk) NEAR/5 russia", "NEAR takes", 5),
        ("dprk NEAR/0 russia", "from 1 to 99", 6),
        ("dprk NEAR/ russia", "from 1 to 99", 6),
        ("dprk NEAR/100 russia", "from 1 to 99", 6),
        ("dprk NEAR/٥ russia", "from 1 to 99", 6),
        (f"dprk NEAR/{'9' * 5000} russia", "from 1 to 99", 6),
        ("(" * 41 + "dprk" + ")" * 41, "levels deep", 42),
        ("NOT " * 100_000 + "dprk", "levels deep", 165),
        ("dprk" + " NEAR/1 dprk" * 5000, "levels", 1),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_column(text, says, column):
    with pytest.raises(RuleError, match=re.escape(says)) as refused:
        parse(text)
    assert refused.value.where == f"rules/a.yaml:3:{column}"
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("rusia", "did you mean russia?"),
        ("dprk_", "did you mean dprk?"),
        ("xyz", '"quotes"'),
        ("botth", "did you mean both?"),
    ],
)
def test_an_unknown_name_gets_a_suggestion(name, remedy):
    with pytest.raises(RuleError, match=f"no concept or macro named {name}") as refused:
        parse(name, {"both": A})
    assert remedy in refused.value.remedy


@pytest.mark.parametrize(("text", "operator"), [("dprk near/5 russia", "NEAR"), ("dprk and russia", "AND")])
def test_a_small_operator_is_to_be_written_in_capitals(text, operator):
    with pytest.raises(RuleError, match="did not expect") as refused:
        parse(text)
    assert refused.value.remedy == f"write {operator} in capitals"


PIECES = st.sampled_from(
    [
        "dprk",
        "russia",
        "AND",
        "OR",
        "NOT",
        "(",
        ")",
        "SENTENCE(",
        ",",
        "title:",
        "lead:",
        "body:",
        "NEAR/3",
        "SUM(",
        "2",
        "-0.5",
        ">=",
        "lang:de",
        "source:x",
        "NEAR/",
        '"x"',
        '"',
        "both",
        "뭐",
        " ",
        "\n",
        "-",
        "?",
    ]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=30).map(" ".join))
def test_any_text_gives_a_condition_or_an_error_with_its_column(text):
    tree = parsed_or_refused(text)
    if isinstance(tree, RuleError):
        assert re.fullmatch(r"rules/a\.yaml:3:\d+", tree.where)
        assert tree.remedy
    else:
        assert all(isinstance(term, Term) for term in q.words(tree))


def parsed_or_refused(text, macros=None):
    try:
        return parse(text, macros or {"both": q.AllOf((A, B))})
    except RuleError as refused:
        return refused


def test_macros_over_macros_cannot_multiply_without_bound():
    macros = {"m0": A}
    for number in range(60):
        macros[f"m{number + 1}"] = made = parsed_or_refused(f"m{number} AND m{number}", macros)
        if isinstance(made, RuleError):
            break
    assert "more than 10000 parts" in str(made)
    assert number < 20


def test_macros_over_macros_cannot_nest_without_bound():
    macros = {"m0": A}
    for number in range(100):
        macros[f"m{number + 1}"] = made = parsed_or_refused("NOT " * 30 + f"m{number}", macros)
        if isinstance(made, RuleError):
            break
    assert "80 levels" in str(made)
    assert number < 5


def test_a_condition_tells_its_own_words():
    tree = parse('"a" AND NOT title:"b" OR SENTENCE("c", dprk) AND "d" NEAR/2 ("e" OR russia)')
    assert [term.text for term in q.words(tree)] == ["a", "b", "c", "d", "e"]
