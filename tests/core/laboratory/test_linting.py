from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core import query as q
from monitor.core.conditions import satisfy
from monitor.core.grammar import parse
from monitor.core.laboratory.implying import implies
from monitor.core.laboratory.linting import CODES, Level, Lexicon, Tally, catches, lint
from monitor.core.laboratory.linting.languages import languages_of
from monitor.core.matching import Matcher
from monitor.core.query import Term
from monitor.core.text import fold_text
from monitor.core.topic import Concept, ConceptKind, Example, Pack, Rule, Severity
from spiders.items import Article

LANGUAGES = ("en", "de", "pl")


def concept(name, *terms, kind=ConceptKind.SUBJECT):
    return Concept(name, kind, {"en": name}, tuple(terms))


def named(name, kind=ConceptKind.SUBJECT):
    """A concept with a name in each language."""
    return concept(name, *(Term(f"{name}{code}", code) for code in LANGUAGES), kind=kind)


def pack_of(*concepts, macros=None, **conditions):
    """A pack whose rules have examples enough."""
    known = {one.name: one for one in concepts}
    shared = {}
    for name, text in (macros or {}).items():
        shared[name] = parse(text, known, shared, str)
    rules = tuple(
        Rule(
            name,
            {"en": name},
            parse(text, known, shared, str),
            text,
            Severity.HIGH,
            must_fire=tuple(Example("x", code) for code in "abcdef"),
            must_not_fire=(Example("y", "en"),),
            where=f"rules/a.yaml:{number}:1",
        )
        for number, (name, text) in enumerate(conditions.items(), 1)
    )
    macro_places = dict.fromkeys(macros or {}, "pack.yaml:1:1")
    return Pack("test", {"en": "test"}, "0", known, rules, macros=macro_places)


def found(pack, *args, code, **kwargs):
    findings = [finding for finding in lint(pack, *args, **kwargs) if finding.code == code]
    assert set(findings) <= set(lint(pack, *args, **kwargs))
    return findings


def messages(*args, **kwargs):
    return [finding.message for finding in found(*args, **kwargs)]


WORDS = {
    "en": {
        "most": 1e-3,
        "war": 2e-4,
        "soldier": 3e-5,
        "soldiers": 4e-5,
        "bridge": 2e-5,
        "sold": 5e-5,
        "solder": 1e-6,
    },
    "de": {"war": 3e-3, "waffe": 1e-5, "waffen": 3e-5, "waffel": 2e-6, "Krieg": 1e-4, "Straße": 1e-5},
    "pl": {"most": 5e-5, "wojna": 1e-4, "przyjaciel": 1e-4, "przyjść": 2e-5},
}


def test_a_star_catches_the_most_frequent_words_of_each_language():
    caught = catches(Term("sol*", "en"), Lexicon(WORDS))
    assert [(one.word, one.language) for one in caught] == [
        ("sold", "en"),
        ("soldiers", "en"),
        ("soldier", "en"),
        ("solder", "en"),
    ]
    assert [one.word for one in catches(Term("sol*", "en"), Lexicon(WORDS), most=1)] == ["sold"]


def test_words_are_caught_whatever_their_case_and_accents():
    assert [one.word for one in catches(Term("STRAß*"), Lexicon(WORDS))] == ["Straße"]
    assert [one.word for one in catches(Term("przyjs*"), Lexicon(WORDS))] == ["przyjść"]
    assert [one.word for one in catches(Term("{waff|krie}*"), Lexicon(WORDS))] == [
        "Krieg",
        "waffen",
        "waffe",
        "waffel",
    ]


def test_words_of_the_history_are_caught_with_their_counts():
    lexicon = Lexicon({"en": {"shell": 1e-5}}, {"en": {"shell": 3, "shelled": 2}, "": {"shellx": 1}})
    assert [(one.word, one.language, one.seen) for one in catches(Term("shell*"), lexicon)] == [
        ("shell", "en", 3),
        ("shelled", "en", 2),
        ("shellx", "", 1),
    ]


def test_only_the_languages_in_which_a_name_counts_are_searched_and_only_for_stars():
    assert catches(Term("wa*", only=("pl",)), Lexicon(WORDS)) == ()
    assert {one.language for one in catches(Term("w*", only=("pl",)), Lexicon(WORDS))} == {"pl"}
    assert catches(Term("war"), Lexicon(WORDS)) == ()
    assert catches(Term("북한*"), Lexicon({"ko": {"북한산": 1e-5}})) == ()


@given(
    st.dictionaries(st.text(min_size=1, max_size=6), st.floats(1e-7, 1e-3), max_size=30),
    st.text("abé북ß", max_size=3),
)
def test_a_stem_catches_the_words_that_begin_with_it(words, stem):
    known = [word for word in words if "\n" not in word]
    lexicon = Lexicon({"xx": words})
    caught = [catch.word for catch in lexicon.starting(fold_text(stem), "xx")]
    assert sorted(caught) == sorted(word for word in known if fold_text(word).startswith(fold_text(stem)))
    for word in known:
        assert word in [catch.word for catch in lexicon.find(fold_text(word), "xx")]


def lemma(word, language):
    return {"soldiers": "soldier", "waffen": "waffe", "przyjść": "przyjść"}.get(word, word)


def test_a_short_stem_that_catches_other_words_is_noted():
    words = {
        "en": {
            "banks": 5e-5,
            "bank": 5e-5,
            "banker": 3e-5,
            "banquet": 1e-5,
            "banksia": 2e-5,
            "bankrupt": 2e-5,
        }
    }
    pack = pack_of(concept("money", Term("bank*", "en", where="c.yaml:1:2")), r="money")
    (finding,) = found(
        pack, Lexicon(words), code="short-stem", lemma=lambda word, _: "bank" if word == "banks" else word
    )
    assert finding.message == "bank* (money) also catches 3 words other than bank: banker, bankrupt, banksia"
    assert (finding.level, finding.where) == (Level.NOTE, "c.yaml:1:2")


def test_a_stem_that_catches_very_many_words_is_warned_of():
    words = {"pl": {f"przy{sign}a": 1e-5 for sign in "abcdefghijklmn"}}
    pack = pack_of(concept("visit", Term("przy*", "pl")), r="visit")
    (finding,) = found(pack, Lexicon(words), code="wide-stem", lemma=lambda word, _: word)
    assert "also catches 13 words" in finding.message


def test_forms_and_compounds_of_one_word_are_no_strangers():
    words = {
        "de": {
            "waffe": 1e-5,
            "waffen": 3e-5,
            "waffenruhe": 1e-5,
            "waffenstillstand": 1e-5,
            "waffenlager": 1e-5,
        }
    }
    pack = pack_of(concept("arms", Term("waffe*", "de")), r="arms")
    assert found(pack, Lexicon(words), code="short-stem", lemma=lemma) == []


def test_a_slip_in_a_stem_is_noticed():
    words = Lexicon({"en": {"soldier": 1e-4, "munition": 1e-4}})
    pack = pack_of(concept("a", Term("soldeir*", "en"), Term("muniton*", "en"), Term("ammo*", "en")), r="a")
    remedies = [finding.remedy for finding in found(pack, words, code="catches-nothing")]
    assert remedies == ["did you mean soldier*?", "did you mean munition*?"]


def test_a_word_that_another_language_uses_often_is_a_false_friend():
    pack = pack_of(
        concept("bridge", Term("bridge", "en"), Term("most", "pl", where="c.yaml:2:1"), Term("Brücke", "de")),
        concept("war", Term("war", "en", only=("en",)), Term("wojna", "pl"), Term("Krieg", "de")),
        r="bridge AND war",
    )
    (finding,) = found(pack, Lexicon(WORDS), code="false-friend")
    assert (
        finding.message == "most (bridge, pl: 50 in a million) is a frequent word in en (1000 in a million)"
    )
    assert finding.remedy == "write {term: most, only: [pl]}"


def test_a_name_said_twice_or_found_by_another_is_noticed():
    pack = pack_of(
        concept(
            "korea",
            Term("Korea", "en", where="c.yaml:1:1"),
            Term("KOREA", "en", where="c.yaml:1:9"),
            Term("=Korea", "en", where="c.yaml:1:20"),
            Term("Korean*", "en", where="c.yaml:1:30"),
            Term("Koreans", "en", where="c.yaml:1:40"),
            Term("Korea", "de", where="c.yaml:2:1"),
        ),
        r="korea",
    )
    assert messages(pack, code="said-twice") == ["korea has KOREA twice in en, first at c.yaml:1:1"]
    (covered,) = messages(pack, code="covered-name")
    assert "Koreans (korea: Korean*)" in covered
    assert "(korea: Koreans)" not in covered


def test_a_name_is_not_covered_by_one_that_counts_less_often():
    terms = (
        Term("북한", "ko", not_inside=("북한산",)),
        Term("북한산성", "ko"),
        Term("war", "en", only=("en",)),
        Term("war x", "en"),
    )
    assert found(pack_of(concept("a", *terms), r="a"), code="covered-name") == []


def test_a_country_inside_the_name_of_another_is_noticed():
    pack = pack_of(
        concept("russia", Term("俄罗斯", "zh", where="c.yaml:1:1"), kind=ConceptKind.ACTOR),
        concept("belarus", Term("白俄罗斯", "zh"), kind=ConceptKind.ACTOR),
        r="russia OR belarus",
    )
    (finding,) = found(pack, code="hidden-name")
    assert finding.remedy == "write {term: 俄罗斯, not_inside: [白俄罗斯]}"
    healed = replace(pack.concepts["russia"], terms=(Term("俄罗斯", "zh", not_inside=("白俄罗斯",)),))
    assert found(replace(pack, concepts={**pack.concepts, "russia": healed}), code="hidden-name") == []


def test_what_no_rule_uses_is_noticed():
    pack = pack_of(
        named("sun"),
        replace(named("moon"), weight=0),
        named("tides"),
        replace(named("who", ConceptKind.ACTOR), weight=0),
        macros={"lit": "sun", "dark": "moon"},
        r="lit",
    )
    assert messages(pack, code="unused-concept") == ["no rule uses the concept moon, and it has no weight"]
    assert messages(pack, code="unused-macro") == ["no rule uses the macro dark"]


def test_rules_without_examples_are_noticed():
    pack = pack_of(named("sun"), r="sun")
    bare = replace(pack, rules=(replace(pack.rules[0], must_fire=(), must_not_fire=()),))
    assert {"no-must-fire", "no-must-not-fire"} <= {finding.code for finding in lint(bare)}
    few = replace(pack, rules=(replace(pack.rules[0], must_fire=(Example("sunen", "en"),)),))
    (finding,) = found(few, code="few-languages", languages=2)
    assert finding.remedy == "add examples in 1 more"


def test_a_rule_that_cannot_fire_in_a_language_of_the_pack_is_a_hole():
    half = concept("rain", Term("rain", "en"), Term("Regen", "de"))
    pack = pack_of(named("sun"), named("moon"), half, r="sun AND rain", s="moon OR rain")
    (finding,) = found(pack, code="hole")
    assert finding.message == "r cannot fire in pl: no pl name of rain"
    assert finding.where == "rules/a.yaml:1:1"


def test_a_name_that_is_a_word_of_the_other_language_fills_the_hole():
    half = concept("rain", Term("rain", "en"), Term("Kursk", "de"))
    pack = pack_of(named("sun"), named("moon"), half, r="sun AND rain", s="moon")
    assert found(pack, code="hole") != []
    assert found(pack, Lexicon({"pl": {"kursk": 1e-6}}), code="hole") == []


def test_a_concept_that_only_one_language_lacks_is_noted():
    half = concept("rain", Term("rain", "en"), Term("Regen", "de"))
    (finding,) = found(
        pack_of(named("sun"), named("moon"), half, r="sun AND moon OR rain"), code="missing-names"
    )
    assert finding.message == "other languages have names of these, pl has none: rain"


def test_a_language_with_a_few_names_only_is_none_of_the_pack():
    pack = pack_of(
        named("sun"),
        named("moon"),
        concept("rain", Term("rain", "en"), Term("yağmur", "tr")),
        r="sun AND moon OR rain",
    )
    assert languages_of(pack) == ("de", "en", "pl")


def test_a_rule_implied_by_another_is_noticed_unless_that_is_general():
    pack = pack_of(named("sun"), named("moon"), narrow="title:sun AND moon", wide="sun")
    assert messages(pack, code="implied-rule") == ["wide holds wherever narrow does"]
    general = replace(pack, rules=(pack.rules[0], replace(pack.rules[1], general=True)))
    assert found(general, code="implied-rule") == []
    urgent = replace(pack, rules=(replace(pack.rules[0], severity=Severity.URGENT), pack.rules[1]))
    assert found(urgent, code="implied-rule") == []


def tally_of(pack, *titles, times=1):
    tally, matcher = Tally(pack), Matcher([pack])
    for number, title in enumerate(titles * times):
        tally.add(number, matcher.read(Article("u", title, "", "en"))[0])
    return tally


def test_a_history_is_counted():
    pack = pack_of(named("sun"), named("moon"), r="sun", s="moon")
    tally = tally_of(pack, "sunen sunen", "sunde", "x")
    assert (tally.articles, tally.rules) == (3, {"r": {0, 1}, "s": set()})
    assert tally.words["en"]["sunen"] == 2
    assert tally.terms["sun", Term("sunen", "en")] == 1


def test_what_a_long_history_never_met_is_noted():
    pack = pack_of(
        concept("sun", Term("sun", "en"), Term("sol", "en"), Term("Sonne", "de")),
        named("moon"),
        r="sun",
        s="moon",
    )
    tally = tally_of(pack, "sun", times=2000)
    assert messages(pack, None, tally, code="silent-rule") == ["s fired on none of 2000 stored articles"]
    assert "1 of 3 names of sun stand in none of 2000 stored articles: sol" in messages(
        pack, None, tally, code="silent-name"
    )
    assert found(pack, None, tally_of(pack, "sun"), code="silent-rule") == []


def test_a_rule_that_never_fires_alone_is_noted():
    pack = pack_of(named("sun"), named("moon"), r="sun AND moon", s="sun OR lang:de AND moon")
    tally = tally_of(pack, "sunen moonen", "sunen", times=10)
    assert (
        messages(pack, None, tally, code="covered-rule") + messages(pack, None, tally, code="implied-rule")
        != []
    )


def test_findings_come_in_order_of_place_and_have_documented_codes():
    pack = pack_of(named("sun"), named("moon"), r="sun", s="sun", t="moon")
    findings = lint(pack)
    assert list(findings) == sorted(findings, key=lambda finding: finding.place)
    assert {finding.code for finding in findings} <= set(CODES)


CONCEPTS = ("sun", "moon", "rain")


@pytest.mark.parametrize(
    ("narrow", "wide", "seen"),
    [
        ("sun AND moon", "sun", True),
        ("sun", "sun OR moon", True),
        ("sun", "sun AND moon", False),
        ("title:sun", "lead:sun", True),
        ("lead:sun", "title:sun", False),
        ("title:sun", "sun", True),
        ("title:(NOT sun)", "NOT sun", False),
        ("NOT sun", "title:(NOT sun)", False),
        ("sun NEAR/3 moon", "sun NEAR/5 moon", True),
        ("sun NEAR/5 moon", "sun NEAR/3 moon", False),
        ("sun NEAR/3 moon", "sun AND moon", True),
        ("SENTENCE(sun, moon)", "sun AND moon", True),
        ("SENTENCE(sun, NOT moon)", "NOT moon", False),
        ("SENTENCE(sun, moon, rain)", "SENTENCE(moon, sun)", True),
        ("NOT (sun OR moon)", "NOT sun", True),
        ("sun AND NOT moon", "sun AND NOT title:moon", True),
        ("sun AND moon OR sun AND rain", "sun", True),
        ("lang:de AND sun", "lang:de", True),
        ("SUM(2 sun, moon) >= 2", "SUM(2 sun, moon) >= 2", True),
    ],
)
def test_one_condition_is_seen_to_imply_another(narrow, wide, seen):
    assert implies(parse(narrow, CONCEPTS, {}, str), parse(wide, CONCEPTS, {}, str)) is seen


POINTS = st.sampled_from([q.Named(name) for name in CONCEPTS])
CONDITIONS = st.recursive(
    st.one_of(POINTS, st.builds(q.Near, POINTS, POINTS, st.integers(1, 4)), st.just(q.Language("de"))),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(tuple).map(q.AllOf),
        st.lists(inner, min_size=1, max_size=3).map(tuple).map(q.AnyOf),
        st.lists(inner, min_size=1, max_size=2).map(tuple).map(q.Sentence),
        inner.map(q.Not),
        st.builds(q.In, st.sampled_from(q.Scope), inner),
        inner.map(lambda part: q.Macro(q.written(part), part)),
    ),
    max_leaves=4,
)
TEXTS = st.lists(st.sampled_from(["sunen", "moonen", "rainen", "it", ". ", "x" * 300]), max_size=6).map(
    " ".join
)


@given(CONDITIONS, CONDITIONS, TEXTS, TEXTS)
def test_what_is_implied_holds(narrow, wide, title, text):
    if implies(narrow, wide):
        pack = pack_of(*map(named, CONCEPTS), r="sun")
        view = Matcher([pack]).read(Article("u", title, text, "de"))[0].view
        fresh = Matcher([pack]).read(Article("u", title, text, "de"))[0].view
        assert satisfy(narrow, view) is None or satisfy(wide, fresh) is not None
