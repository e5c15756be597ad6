import gc
import tracemalloc
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.errors import RuleError
from monitor.core.query import Term
from monitor.core.terms import TermFinder
from monitor.core.text import fold


def found(term, text, *, not_inside=()):
    """The pieces of the original text at which the term is found."""
    folded = fold(text)
    spans = TermFinder([(0, Term(term, not_inside=not_inside))]).find(folded).get(0, [])
    places = sorted(folded.span(*span) for span in spans)
    return [text[start:end] for start, end in places]


@pytest.mark.parametrize(
    ("term", "text", "hits"),
    [
        ("kim", "Kim met KIM and Kimchi", ["Kim", "KIM"]),
        ("korea*", "Korea, Koreans; Prekorea", ["Korea", "Koreans"]),
        (
            "north korea*",
            "North  Koreans, North-Korea, north\nkorea, Northkorea",
            ["North  Koreans", "North-Korea", "north\nkorea"],
        ),
        ("северн* коре*", "Северной Корее, Северная\u00a0Корея", ["Северной Корее", "Северная\u00a0Корея"]),
        ("коре*", "Коре\u0301я", ["Коре\u0301я"]),
        ("coree", "CORÉE, Core\u0301e", ["CORÉE", "Core\u0301e"]),
        ("북한", "북한군이 북한에", ["북한", "북한"]),
        ("북한", unicodedata.normalize("NFD", "북한군"), [unicodedata.normalize("NFD", "북한")]),
        ("북한", "북\u200b한", ["북\u200b한"]),
        ("김 정은", "김정은 김 정은", ["김정은", "김 정은"]),
        ("北朝鮮", "在日北朝鮮人", ["北朝鮮"]),
        ("ガン", "ｶﾞﾝ", ["ｶﾞﾝ"]),
        ("russia", "Ｒｕｓｓｉａ", ["Ｒｕｓｓｉａ"]),
        ("روسيا", "في رُوسِيَا اليوم", ["رُوسِيَا"]),
        ("l'onu", "L’ONU", ["L’ONU"]),
        ("den{y|ies|ied}", "deny denies denied denier", ["deny", "denies", "denied"]),
        ("{north|south} korea", "North Korea South Korea East Korea", ["North Korea", "South Korea"]),
        ("kn-23", "KN-23 KN–23 KN 23 KN-230 KN23", ["KN-23", "KN–23", "KN 23"]),
        ("kn-23", "再用KN-23导弹, KN-23을", ["KN-23", "KN-23"]),
        ("north korea*", "the North\n\n–  Koreans’ row", ["North\n\n–  Koreans"]),
        ("nato*", "NATO가 NATOs北約", ["NATO", "NATOs"]),
        ("korea", "#north_korea", ["korea"]),
        ("c++", "we like C++ here", ["C++"]),
        ("🇰🇵", "flag 🇰🇵!", ["🇰🇵"]),
        ("istanbul", "İSTANBUL İstanbul", ["İSTANBUL", "İstanbul"]),
    ],
)
def test_a_term_is_found_as_a_reader_would_find_it(term, text, hits):
    assert found(term, text) == hits


@pytest.mark.parametrize(
    ("term", "text", "hits"),
    [
        ("=ROK", "ROK rok Rok ＲＯＫ R\u00adOK", ["ROK", "ＲＯＫ", "R\u00adOK"]),
        ("=ＲＯＫ", "ROK rok", ["ROK"]),
        ("=L'Aquila", "L’Aquila l’aquila", ["L’Aquila"]),
        ("=North-Korea", "North–Korea north–korea", ["North–Korea"]),
        ("=ТАСС", "ТАСС тасс", ["ТАСС"]),
        ("=Élysée", "Élysée E\u0301lyse\u0301e élysée Elysee", ["Élysée", "E\u0301lyse\u0301e"]),
        ("=US*", "USA usa", ["USA"]),
    ],
)
def test_a_leading_equals_sign_asks_for_exactly_this_case(term, text, hits):
    assert found(term, text) == hits


@pytest.mark.parametrize(
    ("term", "longer", "text", "hits"),
    [
        ("북한", ("북한산",), "북한산 북한", ["북한"]),
        ("북한", ("북한산",), "북한 산 북한군", ["북한", "북한"]),
        ("朝鮮", ("朝鮮日報", "北朝鮮"), "北朝鮮と朝鮮日報と朝鮮", ["朝鮮"]),
        ("kim", ("Kim Kardashian",), "Kim Kardashian met Kim", ["Kim"]),
        ("aa", ("aaa",), "aa aaa", ["aa"]),
    ],
)
def test_a_hit_inside_a_longer_word_does_not_count(term, longer, text, hits):
    assert found(term, text, not_inside=longer) == hits


@pytest.mark.parametrize(
    "term",
    [
        "",
        "=",
        "*",
        "a *",
        "a*b",
        "*a",
        "{",
        "a}",
        "{a|{b}}",
        "a|b",
        "{a|}",
        "\u200b",
        "\u200b*",
        "a \u200b",
        "- - -",
        "a -*",
        "\u00ad",
        "{a|b|c}" * 6,
    ],
)
def test_a_term_that_cannot_be_used_is_refused_with_its_place(term):
    with pytest.raises(RuleError) as refused:
        TermFinder([(0, Term(term, where="concepts/a.yaml:7"))])
    assert refused.value.where == "concepts/a.yaml:7"
    assert refused.value.remedy


@pytest.mark.parametrize("longer", ["", " ", "\u200b"])
def test_an_empty_longer_word_is_refused_rather_than_hiding_every_hit(longer):
    with pytest.raises(RuleError, match="empty word"):
        TermFinder([(0, Term("북한", not_inside=(longer,), where="a.yaml:1"))])


@given(st.text())
def test_any_term_is_found_or_refused(term):
    try:
        finder = TermFinder([(0, Term(term, where="a.yaml:1"))])
    except RuleError:
        return
    finder.find(fold(f"some text {term} 北朝鮮 북한군"))


WORDS = st.text(st.characters(categories=["Lu", "Ll", "Lo"]), min_size=1, max_size=6)


@given(st.lists(WORDS, min_size=1, max_size=3), st.text(max_size=20), st.text(max_size=20))
def test_a_plain_term_is_found_wherever_it_stands_alone(words, before, after):
    term = " ".join(words)
    try:
        finder = TermFinder([(0, Term(term, where="a.yaml:1"))])
    except RuleError:
        return
    text = f"{before} . {term} . {after}"
    folded = fold(text)
    for first, last in (hits := finder.find(folded).get(0, [])):
        start, end = folded.span(first, last)
        assert fold(text[start:end]).text == folded.text[first:last]
    assert hits


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "text",
    [
        "a " * 50_000,
        "a" * 100_000,
        "a-" * 50_000,
        "a  -" * 25_000,
        "a\n" * 50_000,
        "-" * 100_000,
        "aa aa- " * 14_000,
        "북" * 100_000,
    ],
)
@pytest.mark.parametrize(
    "term",
    [
        " ".join(["a*"] * 20) + " x",
        " ".join(["{a|aa}*"] * 3) + " x",
        "북* " * 20 + "x",
        "a- " * 20 + "x",
        "- a",
    ],
)
def test_hostile_text_is_searched_in_linear_time(term, text):
    try:
        finder = TermFinder([(0, Term(term, where="a.yaml:1"))])
    except RuleError:
        return
    hits = finder.find(fold(text)).get(0, [])
    assert len(hits) <= len(text) * 8


def test_terms_are_told_apart_by_their_position():
    finder = TermFinder(list(enumerate([Term("kim"), Term("kim jong un"), Term("북한")])))
    assert finder.find(fold("kim jong un 북한")) == {0: [(0, 3)], 1: [(0, 11)], 2: [(12, 14)]}


def test_many_names_of_a_thing_take_little_memory():
    names = [(0, Term(f"name{number} of it")) for number in range(5_000)]
    TermFinder(names[:10])
    tracemalloc.start()
    finder = TermFinder(names)
    gc.collect()
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert finder.find(fold("name17 of it")) == {0: [(0, 12)]}
    assert kept < 20 * len(names)  # bytes; the automaton takes what it needs beside them


def test_no_terms_find_nothing():
    assert TermFinder([]).find(fold("anything")) == {}
