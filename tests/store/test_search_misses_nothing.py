"""Whatever the engine of the rules finds, the index lets through: over texts and conditions of all scripts."""

from contextlib import suppress
from datetime import UTC, datetime

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
TEXTS = st.text(LETTERS, max_size=25)
WORDS = st.text(LETTERS, min_size=1, max_size=4)


@st.composite
def terms(draw):
    """Some words, perhaps with stars, alternatives, their case, and longer words in which they do not count."""
    words = [draw(WORDS) + draw(st.sampled_from(["", "", "*"])) for _ in range(draw(st.integers(1, 2)))]
    if draw(st.booleans()):
        words[0] = f"{{{words[0]}|{draw(WORDS)}}}"
    text = draw(st.sampled_from(["", "", "="])) + draw(st.sampled_from([" ", " ", "-"])).join(words)
    return q.Term(text, not_inside=draw(st.sampled_from([(), (), ("ab",)])))


POINTS = st.one_of(terms().map(q.Word), st.just(q.Named("thing")))
LEAVES = st.one_of(
    POINTS,
    st.sampled_from(["ko", "ru"]).map(q.Language),
    st.sampled_from(["tass-ru", "yonhap.ko", "wire", "nobody"]).map(q.Source),
)


def larger(parts):
    several = st.lists(parts, min_size=1, max_size=3).map(tuple)
    weighted = st.builds(q.Weighted, st.sampled_from([-1.0, 0.5, 1.0, 2.0]), parts)
    return st.one_of(
        several.map(q.AllOf),
        several.map(q.AnyOf),
        several.map(q.Sentence),
        parts.map(q.Not),
        st.builds(q.Near, POINTS, POINTS, st.integers(1, 3)),
        st.builds(q.In, st.sampled_from(list(q.Scope)), parts),
        st.builds(lambda part: q.Macro("shared", part), parts),
        st.builds(
            q.AtLeast, st.sampled_from([0.5, 1.0, 2.5]), st.lists(weighted, min_size=1, max_size=3).map(tuple)
        ),
    )


CONDITIONS = st.recursive(LEAVES, larger, max_leaves=5)
ARTICLES = st.lists(
    st.tuples(TEXTS, TEXTS, st.sampled_from(["ko", "ru", None]), st.sampled_from(["tass-ru", "yonhap.ko"])),
    min_size=1,
    max_size=4,
)


SOURCES = [
    Source(name, name, f"https://{name}.example", Kind.FEED, tags=("wire",))
    for name in ("tass-ru", "yonhap.ko")
]


def seekers(conditions, concepts):
    """Those of the conditions that can be read."""
    for condition in conditions:
        with suppress(RuleError):
            yield Seeker(Question(condition, concepts=concepts))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(ARTICLES, st.lists(CONDITIONS, min_size=10, max_size=20), terms())
def test_what_the_engine_finds_is_found(articles, conditions, name):
    concepts = {"thing": Concept("thing", ConceptKind.ACTOR, {"en": "Thing"}, (name,))}
    db = open_history(None)
    Sources(db).sync(SOURCES, NOW)
    history, stored = History(db), {}
    for number, (title, text, language, source) in enumerate(articles):
        article = Article(f"https://a.example/{number}", title, text, language)
        item = Ingest(article.url, source, article, NOW, Reason.NO_RULE_MATCHED)
        stored[history.ingest(item).article] = (article, Origin(source, ("wire",)))
    search = Search(db)
    for seeker in seekers(conditions, concepts):
        keys = [key for (key,) in search._keys(seeker.question, None)]
        assert {key for key, one in stored.items() if seeker.hits(*one) is not None} <= set(keys)
        assert keys == sorted(set(keys), reverse=True)
    db.close()
