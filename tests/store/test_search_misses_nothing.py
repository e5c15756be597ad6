"""Whatever the engine of the rules finds, the index lets through: over texts and conditions of all scripts."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.core import query as q
from monitor.core.errors import RuleError
from monitor.core.models import Ingest, Reason
from monitor.core.reading import Origin
from monitor.core.searching.asking import Question
from monitor.core.searching.seeking import Seeker
from monitor.core.topic import Concept, ConceptKind
from monitor.store.database import open_history
from monitor.store.history import History
from monitor.store.search import Search
from monitor.store.sources import Sources
from spiders.items import Article, Kind, Source

NOW = datetime(2026, 11, 26, tzinfo=UTC)
# Few letters, so that texts and terms meet; with all that folds, joins, parts and is written without spaces.
SIGNS = "abAä é \u0301 l'’ 1,0.$_ ЁеЙй русс 北朝鮮鲜 韓한국ㄱ ロｼｱﾞ กา ع ال رة भा \u00ad\u200b -–\n\t"
LETTERS = st.sampled_from(sorted(set(SIGNS)))
FILTERS = st.one_of(
    st.sampled_from(["ko", "ru"]).map(q.Language),
    st.sampled_from(["tass-ru", "yonhap.ko", "wire", "nobody"]).map(q.Source),
)


def articles_of(letters):
    """A few articles that are written with these letters only, so that much of them meets."""
    texts = st.text(letters, max_size=20)
    languages, sources = st.sampled_from(["ko", "ru", None]), st.sampled_from(["tass-ru", "yonhap.ko"])
    return st.lists(st.tuples(texts, texts, languages, sources), min_size=1, max_size=4)


def terms(words):
    """Some words, perhaps with stars, alternatives, their case, and longer words in which they do not count."""
    starred = st.tuples(words, st.sampled_from(["", "", "*"])).map("".join)
    either = st.tuples(starred, words).map(lambda two: f"{{{two[0]}|{two[1]}}}")
    several = st.lists(st.one_of(starred, starred, either), min_size=1, max_size=2)
    return st.builds(
        lambda sign, joint, parts, inside: q.Term(sign + joint.join(parts), not_inside=inside),
        st.sampled_from(["", "", "="]),
        st.sampled_from([" ", " ", "-"]),
        several,
        st.sampled_from([(), (), ("ab",)]),
    )


def conditions(words):
    """Conditions of every kind."""
    points = st.one_of(terms(words).map(q.Word), st.just(q.Named("thing")))

    def larger(parts):
        several = st.lists(parts, min_size=1, max_size=3).map(tuple)
        weighted = st.builds(q.Weighted, st.sampled_from([-1.0, 0.5, 1.0, 2.0]), parts)
        summed = st.lists(weighted, min_size=1, max_size=3).map(tuple)
        return st.one_of(
            several.map(q.AllOf),
            several.map(q.AnyOf),
            several.map(q.Sentence),
            parts.map(q.Not),
            st.builds(q.Near, points, points, st.integers(1, 3)),
            st.builds(q.In, st.sampled_from(list(q.Scope)), parts),
            st.builds(lambda part: q.Macro("shared", part), parts),
            st.builds(q.AtLeast, st.sampled_from([0.5, 1.0, 2.5]), summed),
        )

    return st.recursive(st.one_of(points, points, FILTERS), larger, max_leaves=4)


@st.composite
def cases(draw):
    """Articles, conditions over what stands in them, and the name of a thing."""
    letters = st.sampled_from(draw(st.lists(LETTERS, min_size=2, max_size=5)))
    articles, words = draw(articles_of(letters)), st.text(letters, min_size=1, max_size=4)
    return articles, draw(st.lists(conditions(words), min_size=10, max_size=20)), draw(terms(words))


SOURCES = [
    Source(name, name, f"https://{name}.example", Kind.FEED, tags=("wire",))
    for name in ("tass-ru", "yonhap.ko")
]


def seekers(wanted, concepts):
    """Those of the conditions that can be read."""
    for condition in wanted:
        with suppress(RuleError):
            yield Seeker(Question(condition, concepts=concepts))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(cases())
def test_what_the_engine_finds_is_found(case):
    articles, wanted, name = case
    concepts = {"thing": Concept("thing", ConceptKind.ACTOR, {"en": "Thing"}, (name,))}
    db = open_history(None)
    Sources(db).sync(SOURCES, NOW)
    history, stored = History(db), {}
    for number, (title, text, language, source) in enumerate(articles):
        article = Article(f"https://a.example/{number}", title, text, language)
        item = Ingest(article.url, source, article, NOW, Reason.NO_RULE_MATCHED)
        stored[history.ingest(item).article] = (article, Origin(source, ("wire",)))
    search = Search(db)
    for seeker in seekers(wanted, concepts):
        keys = [key for (key,) in search._keys(seeker.question, None)]
        assert {key for key, one in stored.items() if seeker.hits(*one) is not None} <= set(keys)
        assert keys == sorted(set(keys), reverse=True)
    db.close()


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("xab北", "ab北"),  # letters beside a sign without spaces may belong to a longer word
        ("北abx", "北ab"),
        ("x北ab北x", "北ab北"),
        ("ab_北", "ab"),
        ("北韓-러시아", "韓-러"),
        ("김정은", "김 정은"),
        ("가각", "가"),  # composed of what is joined
        ("l’onu", "l'onu"),
        ("kn–23x", "kn-23*"),
        ("x" * 60, "x" * 50 + "*"),
        ("x" * 60, "x" * 60),
        ("x" * 40 + "y", "x" * 40 + "*"),
        ("भारत", "भारत"),
        ("u.s. army", "u.s."),
        ("Straße", "straß*"),
        ("ﾛｼｱ", "ロシ"),
    ],
)
def test_what_stands_at_the_rims_of_words_is_found(text, term):
    db = open_history(None)
    article = Article("https://a.example/", text, "")
    History(db).ingest(Ingest(article.url, "a", article, NOW, Reason.NO_RULE_MATCHED))
    question = Question(q.Word(q.Term(term)))
    assert Seeker(question).hits(article, Origin()) is not None, "the engine finds it"
    assert [key for (key,) in Search(db)._keys(question, None)] == [1]
    db.close()
