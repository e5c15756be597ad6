from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.core import query as q
from monitor.core.grammar import parse
from monitor.core.matching import Matcher
from monitor.core.prefilter import Prefilter
from monitor.core.reading import Origin
from monitor.core.statements import Field
from monitor.core.topic import Rule
from monitor.core.witnesses import key_of, needs
from spiders.items import Article

NAMES = ("dprk", "russia", "kremlin", "kursk", "soldiers", "denies")
POINTS = st.one_of(
    st.sampled_from([q.Named(name) for name in NAMES]),
    st.sampled_from(["북한", "tumen bridge", "send*"]).map(lambda text: q.Word(q.Term(text))),
)
EITHER = st.lists(POINTS, min_size=2, max_size=3).map(tuple).map(q.AnyOf)
CONDITIONS = st.recursive(
    st.one_of(
        POINTS,
        EITHER,
        st.builds(q.Near, st.one_of(POINTS, EITHER), POINTS, st.integers(1, 9)),
        st.sampled_from(["de", "ko"]).map(q.Language),
        st.sampled_from(["kcna", "wire"]).map(q.Source),
    ),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(tuple).map(q.AllOf),
        st.lists(inner, min_size=2, max_size=3).map(tuple).map(q.AnyOf),
        st.lists(inner, min_size=1, max_size=3).map(tuple).map(q.Sentence),
        inner.map(q.Not),
        inner.map(lambda part: q.Macro(q.written(part), part)),
        st.builds(q.In, st.sampled_from(q.Scope), inner),
        st.builds(
            q.AtLeast,
            st.sampled_from([0.5, 1.0, 2.0, 3.0]),
            st.lists(
                st.builds(q.Weighted, st.sampled_from([2.0, 1.0, -1.0]), inner), min_size=1, max_size=3
            ).map(tuple),
        ),
    ),
    max_leaves=8,
)
NAMED = [
    "North Korea",
    "북한",
    "북한산",
    "Russia",
    "Russland",
    "Кремль",
    "Kursk",
    "troops",
    "denied",
    "sends",
    "Tumen Bridge",
]
OTHERS = ["the", "of", ". ", "。", "\n", "—", "🪖", "\u0301", "12,000"]
TEXTS = st.lists(st.sampled_from([*NAMED, *OTHERS]), max_size=25).map(" ".join)
ARTICLES = st.builds(Article, st.just("u"), TEXTS, TEXTS, language=st.sampled_from([None, "de", "ko"]))
ORIGINS = st.sampled_from([Origin(), Origin("kcna", ("state-media",)), Origin("yonhap", ("wire",))])


def holds(query, hits, reading):  # noqa: C901, PLR0911  one for each node
    """The hits by which a condition holds, or None: its meaning, written down without any thought of speed."""
    match query:
        case q.Named() | q.Word():
            return {hit for hit in hits if hit.key == key_of(query)} or None
        case q.Macro(_, part):
            return holds(part, hits, reading)
        case q.AllOf(parts):
            found = [holds(part, hits, reading) for part in parts]
            return None if None in found else set().union(*found)
        case q.AnyOf(parts):
            found = [held for part in parts if (held := holds(part, hits, reading)) is not None]
            return set().union(*found) if found else None
        case q.Not(part):
            return set() if holds(part, hits, reading) is None else None
        case q.In(scope, part):
            inside = {
                q.Scope.TITLE: lambda hit: hit.field is Field.TITLE,
                q.Scope.BODY: lambda hit: hit.field is Field.BODY,
                q.Scope.LEAD: lambda hit: hit.field is Field.TITLE or hit.start < q.LEAD,
            }[scope]
            return holds(part, {hit for hit in hits if inside(hit)}, reading)
        case q.Sentence(parts):
            sentences = {(hit.field, hit.sentence) for hit in hits}
            found = [
                held
                for where in sentences
                if (
                    held := holds(
                        q.AllOf(parts), {hit for hit in hits if (hit.field, hit.sentence) == where}, reading
                    )
                )
                is not None
            ]
            return set().union(*found) if found else None
        case q.Near(left, right, words):
            close = {
                frozenset((one, other))
                for one in holds(left, hits, reading) or ()
                for other in holds(right, hits, reading) or ()
                if one.field is other.field
                and abs(one.word - other.word) <= words
                and (one.end <= other.start or other.end <= one.start)
            }
            return set().union(*close) or None
        case q.AtLeast(least, weighted):
            found = [
                (one.weight, held) for one in weighted if (held := holds(one.part, hits, reading)) is not None
            ]
            if round(sum(weight for weight, _ in found), 3) < least:
                return None
            return set().union(*(held for weight, held in found if weight > 0))
        case q.Language(code):
            return set() if reading.article.language == code else None
        case q.Source(name):
            return set() if name in {reading.origin.source, *reading.origin.tags} else None


@settings(max_examples=400)
@given(st.lists(CONDITIONS, min_size=1, max_size=5), ARTICLES, ORIGINS)
@example(
    [q.AtLeast(2, (q.Weighted(2, q.Named("dprk")), q.Weighted(2, q.Not(q.Named("russia")))))],
    Article("u", "x", ""),
    Origin(),
)
def test_the_prefilter_never_changes_an_answer(make_pack, conditions, article, origin):
    rules = [Rule(f"r{number}", {"en": "r"}, query, "") for number, query in enumerate(conditions)]
    pack = replace(make_pack(), rules=tuple(rules))
    matcher = Matcher([pack])
    (reading,) = readings = matcher.read(article, origin)
    fired = {match.rule: match for match in matcher.matches(readings)}
    for rule in rules:
        held = holds(rule.query, set(reading.hits), reading)
        assert (held is not None) is (rule.name in fired), q.written(rule.query)
        if held is not None:
            assert set(fired[rule.name].evidence) <= set(map(reading.evidence, held))
            assert {piece.concept for piece in fired[rule.name].evidence} == {hit.key for hit in held}


@given(CONDITIONS, ARTICLES, ORIGINS)
def test_where_a_condition_holds_one_word_of_each_group_stands(make_pack, condition, article, origin):
    pack = replace(make_pack(), rules=(Rule("r", {"en": "r"}, condition, ""),))
    (reading,) = Matcher([pack]).read(article, origin)
    if holds(condition, set(reading.hits), reading) is not None:
        assert all(not reading.keys.isdisjoint(group) for group in needs(condition))


def test_a_rule_waits_for_its_rarest_words_only():
    texts = ["dprk AND russia", "dprk AND kursk", "dprk AND (soldiers OR denies)", "NOT dprk"]
    prefilter = Prefilter([parse(text, NAMES, {}, str) for text in texts])
    assert list(prefilter.candidates({"dprk": 1}.keys())) == [3]
    assert list(prefilter.candidates({"dprk": 1, "denies": 1}.keys())) == [2, 3]
    assert list(prefilter.candidates({"kursk": 1, "russia": 1}.keys())) == [3]
