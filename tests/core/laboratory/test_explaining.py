import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core import query as q
from monitor.core.conditions import satisfy
from monitor.core.grammar import parse
from monitor.core.laboratory.discounting import discounted
from monitor.core.laboratory.explaining import Explainer, explain
from monitor.core.laboratory.nearing import near_misses
from monitor.core.matching import Matcher
from monitor.core.query import Term
from monitor.core.reading import Origin
from monitor.core.topic import Concept, ConceptKind, Pack, Rule
from spiders.items import Article

APART = "North Korea met. It rained. It snowed. Then came Russia."
LONG = "x" * 395


def account(pack, title, text="", *, language=None, origin=None):
    article = Article("https://a.example/1", title, text, language)
    (reading,) = Matcher([pack]).read(article, origin or Origin())
    return explain(pack.rules[0], pack, reading)


@pytest.mark.parametrize(
    ("condition", "title", "text", "lacks"),
    [
        ("dprk", "weather", "", "no name of dprk stands in the text"),
        ('"tumen bridge"', "weather", "", 'no "tumen bridge" stands in the text'),
        ("dprk OR kursk", "weather", "", "nothing of dprk or kursk stands in the text"),
        ("dprk AND russia", "Russia", "", "no name of dprk stands in the text"),
        (
            "title:dprk",
            "weather",
            "In North Korea",
            "no name of dprk stands in the title, only 'North Korea' in the body, at character 3",
        ),
        (
            "lead:dprk",
            "weather",
            f"{LONG} 12345 North Korea",
            (
                "no name of dprk stands in the lead, "
                "only 'North Korea' in the body, at character 402; the lead ends at 400"
            ),
        ),
        (
            "body:dprk",
            "North Korea",
            "",
            "no name of dprk stands in the body, only 'North Korea' in the title",
        ),
        (
            "dprk NEAR/2 russia",
            "North Korea says it now also likes Russia",
            "",
            "dprk and russia stand 7 words apart at the nearest, 2 are allowed",
        ),
        ("dprk NEAR/2 russia", "North Korea", "", "no name of russia stands in the text"),
        (
            "dprk NEAR/9 russia",
            "North Korea",
            "Russia",
            "dprk and russia stand one in the title, one in the body, or in the same words",
        ),
        (
            "dprk NEAR/9 dprk",
            "North Korea",
            "",
            "dprk and dprk stand one in the title, one in the body, or in the same words",
        ),
        (
            "SENTENCE(dprk, russia)",
            "x",
            APART,
            "dprk and russia stand in no sentence together: 3 sentences away at the nearest",
        ),
        (
            "SENTENCE(dprk, russia)",
            "Russia",
            "North Korea",
            "dprk and russia stand in no sentence together: one in the title, one in the body",
        ),
        (
            "SENTENCE(dprk, russia, kursk)",
            "x",
            "Russia in Kursk. North Korea",
            "dprk, russia and kursk stand in no sentence together: russia and kursk do, dprk 1 sentence away",
        ),
        (
            "SENTENCE(dprk, NOT russia)",
            "x",
            "North Korea and Russia",
            "no sentence with dprk is without russia",
        ),
        ("SENTENCE(NOT dprk)", "North Korea", "", "no sentence is without dprk"),
        ("dprk AND NOT kursk", "North Korea in Kursk", "", "ruled out by 'Kursk' in the title"),
        ("dprk AND NOT lang:de", "North Korea", "", "the article is de"),
        ("dprk AND lang:fr", "North Korea", "", "the article is de, not fr"),
        ("dprk AND source:b", "North Korea", "", "the article is from a, not from b"),
        ("dprk AND NOT source:tagged", "North Korea", "", "the article is from tagged"),
        ("SUM(2 dprk, russia, -1 kursk) >= 3", "North Korea", "", "2 of 3: dprk 2, russia 0, kursk 0"),
        ("NOT NOT dprk", "weather", "", "no name of dprk stands in the text"),
    ],
)
def test_what_is_missing_is_said_in_words_with_its_measure(make_pack, condition, title, text, lacks):
    told = account(make_pack(condition), title, text, language="de", origin=Origin("a", ("tagged",)))
    assert (told.holds, told.evidence) == (False, ())
    # the names of dprk in this pack are listed under no language, so nothing is said about languages
    assert told.lacks == lacks


def test_what_holds_shows_its_words_and_lacks_nothing(make_pack):
    told = account(make_pack("SENTENCE(dprk, russia) AND NOT kursk"), "x", "North Korea and Russia.")
    assert (told.holds, told.lacks) == (True, "")
    assert [one.text for one in told.evidence] == ["North Korea", "Russia"]
    assert [part.condition for part in told.parts] == ["SENTENCE(dprk, russia)", "NOT kursk"]


def macro_pack(condition, **macros):
    concepts = {
        key: Concept(key, ConceptKind.SUBJECT, {"en": key}, (Term(key, "en"), Term(f"{key}x", "de")))
        for key in ("sun", "rain", "snow")
    }
    shared = {}
    for name, text in macros.items():
        shared[name] = parse(text, concepts, shared, str)
    rule = Rule("weather", {"en": "Weather"}, parse(condition, concepts, shared, str), condition)
    return Pack("test", {"en": "test"}, "0", concepts, (rule,))


def test_a_shared_condition_is_named_and_opened_one_level():
    pack = macro_pack("wet AND sun", cold="snow AND NOT sun", wet="rain AND cold")
    told = account(pack, "rain, sun")
    wet = told.parts[0]
    assert (wet.name, wet.condition) == ("wet", "wet")
    (inner,) = wet.parts
    assert inner.condition == "rain AND cold"
    assert (inner.parts[1].name, inner.parts[1].parts) == ("cold", ())
    assert inner.parts[1].lacks == "no name of snow stands in the text; ruled out by 'sun' in the title"


def test_a_shared_list_of_names_is_called_by_its_name():
    told = account(macro_pack("wet AND sun", wet="rain OR snow"), "sun")
    assert told.lacks == "nothing of wet stands in the text"


def test_a_shared_condition_that_rules_out_is_called_by_its_name():
    told = account(macro_pack("sun AND NOT wet", wet="rain OR snow"), "sun, snow")
    assert told.lacks == "ruled out by wet: 'snow' in the title"


def test_a_language_without_names_is_pointed_out():
    told = account(macro_pack("sun"), "soleil", language="fr")
    assert told.lacks == "no name of sun stands in the text (the pack has none in fr)"


def test_a_name_that_stands_but_does_not_count_is_pointed_out(make_pack):
    told = account(make_pack("dprk"), "북한산 등산")
    assert told.lacks == "no name of dprk stands in the text ('북한' stands inside 북한산)"


def test_names_that_do_not_count_tell_why():
    terms = (
        Term("=ROK", "en"),
        Term("fire", "en", only=("en",)),
        Term("北", "zh", not_inside=("北京", "台北")),
    )
    concept = Concept("x", ConceptKind.SUBJECT, {"en": "x"}, terms)
    pack = Pack("test", {"en": "test"}, "0", {"x": concept}, ())
    article = Article("u", "Rok feu fire", "台北 ROK 北", "fr")
    (reading,) = Matcher([pack]).read(article)
    assert [(one.evidence.text, one.why) for one in discounted(pack, reading)] == [
        ("Rok", "counts only as it is written in =ROK"),
        ("fire", "counts in en only, the article is fr"),
        ("北", "stands inside 台北"),
    ]


def test_a_near_miss_tells_all_that_was_missing_and_what_was_there(make_pack):
    pack = make_pack("dprk AND russia AND sends AND soldiers", "kursk AND shells", "kremlin")
    reading = Matcher([pack]).read(Article("u", "North Korea", "Soldiers wait. Russia sleeps."))[0]
    (miss,) = near_misses(pack, reading)
    assert (miss.rule.name, miss.share) == ("r0", 0.75)
    assert miss.words == "all there but: no name of sends stands in the text"
    assert [one.text for one in miss.evidence] == ["North Korea", "Soldiers", "Russia"]


def test_the_nearest_rules_come_first_and_firing_rules_are_none(make_pack):
    pack = make_pack("dprk", "dprk AND russia AND kursk", "dprk AND russia", "dprk AND NOT dprk")
    reading = Matcher([pack]).read(Article("u", "North Korea", ""))[0]
    assert [miss.rule.name for miss in near_misses(pack, reading)] == ["r2", "r3", "r1"]
    assert [miss.rule.name for miss in near_misses(pack, reading, most=1)] == ["r2"]


def test_of_alternatives_the_nearest_is_told(make_pack):
    pack = make_pack("(dprk AND russia AND kursk) OR (dprk AND soldiers)")
    reading = Matcher([pack]).read(Article("u", "North Korea", ""))[0]
    (miss,) = near_misses(pack, reading)
    assert miss.lacks == ("no name of soldiers stands in the text",)


NAMES = ("dprk", "russia", "kursk", "soldiers")
POINTS = st.recursive(
    st.sampled_from([*map(q.Named, NAMES), q.Word(Term("bridge"))]),
    lambda inner: st.lists(inner, min_size=1, max_size=3).map(tuple).map(q.AnyOf),
    max_leaves=3,
)
CONDITIONS = st.recursive(
    st.one_of(
        POINTS,
        st.builds(q.Near, POINTS, POINTS, st.integers(1, 9)),
        st.sampled_from(
            [q.Language("de"), q.Source("a"), q.Macro("both", q.AllOf((q.Named("dprk"), q.Named("russia"))))]
        ),
    ),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(tuple).map(q.AllOf),
        st.lists(inner, min_size=1, max_size=3).map(tuple).map(q.AnyOf),
        st.lists(inner, min_size=1, max_size=3).map(tuple).map(q.Sentence),
        inner.map(q.Not),
        st.builds(q.In, st.sampled_from(q.Scope), inner),
        st.lists(st.builds(q.Weighted, st.sampled_from([-1.0, 1.0, 2.0]), inner), min_size=1, max_size=3)
        .map(tuple)
        .map(lambda parts: q.AtLeast(1.0, parts)),
    ),
    max_leaves=8,
)
TEXTS = st.lists(
    st.sampled_from(
        ["North Korea", "Russia", "Kursk", "troops", "북한산", "a bridge", "it", ". ", "\n", "x" * 300]
    ),
    max_size=12,
).map(" ".join)


@given(CONDITIONS, TEXTS, TEXTS, st.sampled_from([None, "de", "ko"]))
def test_an_account_agrees_with_the_engine_and_always_has_words(make_pack, condition, title, text, language):
    pack = make_pack('dprk OR "bridge"')
    (reading,) = Matcher([pack]).read(Article("u", title, text, language))
    told = Explainer(pack, reading).account(condition)
    assert told.holds is (satisfy(condition, reading.view) is not None)
    assert bool(told.lacks) is not told.holds
    assert 0 <= told.share <= 1
    assert (told.share == 1 and told.have >= told.need) or not told.holds
