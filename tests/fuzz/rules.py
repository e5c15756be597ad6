"""Conditions made of all that conditions are made of, in any order, and what they find in texts of their words."""

from __future__ import annotations

import re

from hypothesis import strategies as st

from monitor.core import query as q
from monitor.core.errors import RuleError
from monitor.core.grammar import parse
from monitor.core.matching import Matcher
from monitor.core.query import Term
from monitor.core.statements import Field
from monitor.core.topic import Concept, ConceptKind, Pack, Rule, Severity
from spiders.items import Article

_NAMES = {
    "dprk": ("north korea*", "северн* коре*", "북한", "=DPRK"),
    "russia": ("russia*", "росси*", "ロシア", "روسيا"),
    "port": ("port of {nor|sud}wick", "hafen*"),
}
CONCEPTS = {
    name: Concept(name, ConceptKind.ACTOR, {"en": name}, tuple(map(Term, terms)))
    for name, terms in _NAMES.items()
}
_BOTH = q.AllOf((q.Named("dprk"), q.Named("port")))
_WHERE = "rules/a.yaml:3:"
_SIGNS = """
dprk russia port both AND OR NOT ( ) , SENTENCE( title: lead: body: lang:de source:kcna NEAR/5 NEAR/0 NEAR/-1 SUM( 2
0.5 -1 ) >= >=1.5 1e999 "north~korea*" "" "*" "{a|" "=DPRK" "a~b~c" " and / : =
"""
_WORDS = [sign.replace("~", " ") for sign in _SIGNS.split()]
_PIECES = st.sampled_from([*_WORDS, '"north korea*"', "(" * 300, "NOT " * 300, "\u200b"]) | st.text(
    max_size=4
)
_SOUND = st.recursive(
    st.sampled_from(["dprk", "russia", "port", "both", '"north korea*"', "lang:en", "source:kcna"]),
    lambda inner: st.one_of(
        st.builds(
            "({} {} {})".format, inner, st.sampled_from(["AND", "OR", "AND NOT", "NEAR/3", "NEAR/40"]), inner
        ),
        st.builds("{}({})".format, st.sampled_from(["title:", "lead:", "body:", "NOT "]), inner),
        st.builds("SENTENCE({}, {})".format, inner, inner),
        st.builds("SUM({:g} {}, {}) >= {:g}".format, st.floats(-9, 9), inner, inner, st.floats(-9, 9)),
    ),
    max_leaves=12,
)
_BROKEN = st.builds(lambda sound, at, put: sound[:at] + put + sound[at:], _SOUND, st.integers(0, 60), _PIECES)
CONDITIONS = st.one_of(_SOUND, _BROKEN, st.lists(_PIECES, max_size=40).map(" ".join))
_TEXTS = """
North~Korea Северная~Корея 북한 북한산 ロシア Ｒｕｓｓｉａ Russia DPRK port~of~Norwick Hafen . 。 İ ﬁ ß é
"""
_SAID = st.lists(
    st.sampled_from(
        [said.replace("~", " ") for said in _TEXTS.split()] + list("\n\u0301\u200d\u202e\x00\ud800")
    )
    | st.text(max_size=6),
    max_size=30,
).map(" ".join)
RULES = st.tuples(CONDITIONS, _SAID, _SAID)


def match_any_rule(given: tuple[str, str, str]) -> str:
    """It is a condition whose evidence stands where it says, or an error with its column."""
    text, title, body = given
    matcher = _matcher(text)
    if isinstance(matcher, RuleError):
        place = re.fullmatch(rf"{_WHERE}(\d+)", matcher.where)
        assert place, matcher.where
        assert 1 <= int(place[1]) <= len(text) + 1
        assert matcher.message
        assert matcher.remedy
        return "refused"
    article = Article("https://a.example/1", title, body, "en")
    found = matcher.matches(matcher.read(article))
    for one in (one for match in found for one in match.evidence):
        said = article.title if one.field is Field.TITLE else article.text
        assert 0 <= one.start < one.end <= len(said)
        assert said[one.start : one.end] == one.text
    return "matched" if found else "nothing"


def _matcher(text: str) -> Matcher | RuleError:
    try:
        tree = parse(text, CONCEPTS, {"both": _BOTH}, lambda at: f"{_WHERE}{at + 1}")
        rule = Rule("r", {"en": "r"}, tree, text, Severity.HIGH)
        return Matcher([Pack("test", {"en": "test"}, "0" * 12, CONCEPTS, (rule,))])
    except RuleError as refused:
        return refused
