import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core import query as q
from monitor.core.conditions import satisfy
from monitor.core.matching import Matcher, apply
from monitor.core.statements import Field
from monitor.core.witnesses import needs
from spiders.items import Article


def fires(pack, title, text=""):
    (reading,) = Matcher([pack]).read(Article("https://a.example/", title, text))
    return apply(pack.rules[0], pack, reading) is not None


@pytest.mark.parametrize(
    ("condition", "title", "text", "holds"),
    [
        ("dprk AND russia", "North Korea and Russia", "", True),
        ("dprk AND russia", "North Korea", "Russia", True),
        ("dprk AND russia", "North Korea", "", False),
        ("dprk OR russia", "Russia", "", True),
        ("dprk AND NOT russia", "North Korea", "Russia", False),
        ("dprk AND NOT russia", "North Korea", "", True),
        ("NOT dprk", "weather", "", True),
        ("title:dprk", "weather", "North Korea", False),
        ("body:dprk", "North Korea", "", False),
        ("lead:dprk", "x", "a" * 380 + " North Korea", True),
        ("lead:dprk", "x", "a" * 400 + " North Korea", False),
        ("SENTENCE(dprk, russia)", "x", "North Korea acts. Russia waits.", False),
        ("SENTENCE(dprk, russia)", "x", "North Korea and Russia act.", True),
        ("SENTENCE(dprk, russia)", "North Korea", "Russia", False),
        ("SENTENCE(dprk, NOT russia)", "x", "North Korea acts. Russia waits.", True),
        ("SENTENCE(dprk, NOT russia)", "x", "North Korea and Russia act.", False),
        ("SENTENCE(dprk, russia)", "x", "北朝鮮が派兵。ロシアは否定", False),
        ("SENTENCE(dprk, russia)", "x", "北朝鮮がロシアに派兵。", True),
        ("dprk NEAR/3 russia", "North Korea helps Russia", "", True),
        ("dprk NEAR/2 russia", "North Korea helps Russia", "", False),
        ("dprk NEAR/3 russia", "Russia and North Korea", "", True),
        ("dprk NEAR/9 russia", "North Korea", "Russia", False),
        ("dprk NEAR/9 dprk", "North Korea", "", False),
        ("dprk NEAR/9 dprk", "North Korea and North Korea", "", True),
        ('"tumen bridge" AND russia', "Tumen-Bridge to Russia", "", True),
        ("dprk", "=DPRK", "", True),
        ("dprk", "dprk", "", False),
        ("dprk", "북한산 등산", "", False),
        ("dprk", "북한군", "", True),
        ("NOT (dprk OR russia) AND kursk", "Kursk", "", True),
    ],
)
def test_a_condition_holds_where_its_words_stand(make_pack, condition, title, text, holds):
    assert fires(make_pack(condition), title, text) is holds


TEXTS = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "North Korea",
                "Русси",
                "Россия",
                "북한",
                "북한산",
                "러시아",
                "ロシア",
                "Ｒｕｓｓｉａ",
                "DPRK",
                "Ku\u0301rsk",
                ". ",
                "。",
                "\n",
                "\u200b",
                "🪖",
                unicodedata.normalize("NFD", "북한"),
                "\u0301",
                "ﾛｼｱ",
                "رُوسِيَا",
                "a\ud83d",
                "12,000 troops",
            ]
        ),
        st.text(max_size=5),
    ),
    max_size=25,
).map(lambda pieces: " ".join(pieces) if len(pieces) % 2 else "".join(pieces))


@given(TEXTS, TEXTS)
def test_every_evidence_is_cut_from_the_article(make_pack, title, text):
    article = Article("https://a.example/", title, text)
    matcher = Matcher(
        [make_pack("dprk OR russia OR kursk OR soldiers", "dprk NEAR/9 russia", "SENTENCE(dprk, russia)")]
    )
    for match in matcher.matches(matcher.read(article)):
        for piece in match.evidence:
            source = article.title if piece.field is Field.TITLE else article.text
            assert piece.text == source[piece.start : piece.end]
            assert piece.text


CONDITIONS = st.recursive(
    st.sampled_from([q.Named(name) for name in ("dprk", "russia", "kursk", "soldiers")]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(tuple).map(q.AllOf),
        st.lists(inner, min_size=1, max_size=3).map(tuple).map(q.AnyOf),
        st.lists(inner, min_size=1, max_size=3).map(tuple).map(q.Sentence),
        inner.map(q.Not),
        st.builds(q.In, st.sampled_from(q.Scope), inner),
    ),
    max_leaves=8,
)


@given(CONDITIONS, TEXTS)
def test_what_holds_was_possible_and_a_condition_or_its_opposite_holds(make_pack, reading, condition, text):
    view = reading(make_pack(), "North Korea", text).view
    held = satisfy(condition, view)
    if held is not None:
        assert all(map(view.has_any, needs(condition)))
        assert set(held) <= set(view.hits)
    assert (held is None) is not (satisfy(q.Not(condition), view) is None)


def test_evidence_is_short_and_in_order_of_place(make_pack):
    pack = make_pack("dprk AND russia")
    matcher = Matcher([pack])
    (match,) = matcher.matches(
        matcher.read(Article("u", "Russia, North Korea", "Russia. " * 10 + "North Korea"))
    )
    assert [(piece.field, piece.concept) for piece in match.evidence] == [
        (Field.TITLE, "russia"),
        (Field.TITLE, "dprk"),
        (Field.BODY, "russia"),
        (Field.BODY, "russia"),
        (Field.BODY, "dprk"),
    ]


def test_words_in_the_title_weigh_more_than_in_the_body(make_pack):
    matcher = Matcher([make_pack("dprk AND russia")])
    (above,) = matcher.matches(matcher.read(Article("u", "North Korea, Russia", "")))
    (below,) = matcher.matches(matcher.read(Article("u", "weather", "North Korea, Russia")))
    assert (above.score, below.score) == (2.0, 1.0)


def test_each_pack_reads_for_itself(make_pack):
    one, other = make_pack("dprk", name="one"), make_pack("russia", "kursk", name="other")
    matcher = Matcher([one, other])
    matches = matcher.matches(matcher.read(Article("u", "Russia in Kursk", "")))
    assert [(match.pack, match.rule) for match in matches] == [("other", "r0"), ("other", "r1")]


def test_a_bare_not_matches_without_evidence(make_pack):
    matcher = Matcher([make_pack("NOT dprk")])
    (match,) = matcher.matches(matcher.read(Article("u", "weather", "")))
    assert (match.evidence, match.score) == ((), 0.0)
