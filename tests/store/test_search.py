"""What is searched is found: in any script, newest first, and nothing that the rules would not find."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.errors import InputError, RuleError
from monitor.core.query import Term
from monitor.core.searching.names import Names
from monitor.core.topic import Concept, ConceptKind, Pack
from monitor.store import indexing
from monitor.store.database import transaction
from monitor.store.history import History
from monitor.store.search import Search
from monitor.store.sources import Sources
from spiders.items import Article

NOW = datetime(2026, 11, 26, tzinfo=UTC)
SHOIGU = Concept(
    "shoigu",
    ConceptKind.ACTOR,
    {"en": "Sergei Shoigu"},
    (Term("Shoigu", "en"), Term("Шойгу", "ru"), Term("绍伊古", "zh"), Term("쇼이구", "ko")),
)
NAMES = Names([Pack("p", {"en": "P"}, "1", {"shoigu": SHOIGU}, ())])


@pytest.fixture
def tell(db, ingest):
    """Stores texts, each a minute after the one before; returns their keys."""
    history = History(db)
    told = []

    def store(*texts, **changes):
        keys = []
        for text in texts:
            title, _, body = text.partition("⏎")
            url = changes.pop("url", f"https://outlet.example/{len(told)}")
            told.append(url)
            language = changes.get("language", "en")
            item = ingest(
                entry=url,
                source=changes.get("source", "yonhap-ko"),
                article=Article(url, title, body, language, NOW),
                read_at=NOW + timedelta(minutes=len(told)),
                matches=changes.get("matches", ()),
                facts=(),
                alerts=(),
                story=changes.get("story"),
            )
            keys.append(history.ingest(item).article)
        return keys

    return store


@pytest.fixture
def find(db):
    def ask(text, **options):
        return Search(db, NAMES).find(text, NOW, **options)

    return ask


def keys(answer):
    return [hit.article for hit in answer.hits]


def marked(pieces):
    return "".join(f"[{piece.text}]" if piece.is_hit else piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("asked", "found", "other"),
    [
        ("북한", "북한군이 온다", "북쪽의 한국"),
        ("러조", "북러조약", "러시아"),
        ("朝鲜", "朝鮮半島", "朝日新聞"),
        ("核", "反核运动", "运动"),
        ("ロシア", "在ロシア", "ロシヤ"),
        ("солдат", "с солдатами", "солёный"),
        ("Soldat", "die Soldaten", "der Sold"),
        ("wojsko", "o wojsku", "wojna"),
        ("Corée", "en COREE", "la Corse"),
        ("soldado", "los soldados", "soldadura"),
        ("ทหาร", "นายทหารเกาหลี", "ทะเล"),
        ("روسيا", "من روسيا وبروسيا", "سوريا"),
        ("KN-23", "a kn 23 flew", "KN-230"),
        ('"arms deal"', "an arms deal", "a deal of arms"),
        ("arms deal", "a deal of arms", "arms"),
        ("nordkorean*", "nordkoreanische", "südkoreanisch"),
        ("Shoigu", "绍伊古抵达", "绍兴"),
        ("=ROK", "the ROK army", "they rok"),
    ],
)
def test_words_of_all_scripts_are_found_in_their_forms(tell, find, asked, found, other):
    (wanted, _) = tell(found, other)
    assert keys(find(asked)) == [wanted]


def test_quoted_words_are_found_as_they_stand(tell, find):
    tell("солдаты", "绍伊古")
    (exact,) = tell("солдат Shoigu")
    assert keys(find('"солдат"')) == keys(find('"Shoigu"')) == [exact]


def test_the_answer_names_what_else_was_looked_for(tell, find):
    tell("Шойгу")
    (also,) = find("shoigu arrives").also
    assert (also.typed, also.concept, also.names) == ("shoigu", "shoigu", ("Шойгу", "绍伊古", "쇼이구"))
    assert find('"shoigu"').also == ()


def test_the_newest_come_first_and_an_answer_goes_on_where_it_ended(tell, find):
    first, *others = tell(*(f"Rain {number}" for number in range(5)))
    answer = find("rain", limit=2)
    seen = keys(answer)
    while answer.older:
        answer = find("rain", limit=2, older_than=answer.older)
        seen += keys(answer)
    assert seen == [*reversed(others), first]


def test_the_best_come_first_if_asked(tell, find):
    (best, *_) = tell("Rain and wind⏎Rain, wind, rain", "Weather⏎Rain then wind", "Weather⏎wind, no rain")
    answer = find("rain wind", best=True)
    assert keys(answer)[0] == best
    assert answer.older is None
    assert [hit.score for hit in answer.hits] == sorted((hit.score for hit in answer.hits), reverse=True)


def test_an_answer_says_that_it_was_cut(tell, find):
    (rare, *_) = tell("Rain fell", *["Sun"] * 10)
    answer = find("NOT sun", most_texts=4)
    assert (keys(answer), answer.texts, answer.is_cut) == ([], 4, True)
    answer = find("NOT sun", older_than=answer.older)
    assert (keys(answer), answer.is_cut, answer.older) == ([rare], False, None)


def test_only_the_newest_text_of_an_article_is_searched(tell, find):
    (article,) = tell("Rain", url="https://outlet.example/a")
    tell("Sun", url="https://outlet.example/a")
    assert keys(find("sun")) == [article]
    assert keys(find("rain")) == []


def test_limits_of_time_language_source_and_story(db, source, tell, find, ingest):
    Sources(db).sync([source("tass-ru", tags=("state",)), source("yonhap-ko", tags=("wire",))], NOW)
    (early,) = tell("Rain", source="tass-ru", language="ru")
    (late,) = tell("Rain", language="ko")
    (told,) = tell("Rain", matches=ingest().matches)
    minute = NOW + timedelta(minutes=2)
    assert keys(find(f"rain before:{minute:%Y-%m-%dT%H:%M}")) == [early]
    assert keys(find(f"after:{minute:%Y-%m-%dT%H:%M} rain")) == [told, late]
    assert keys(find("rain after:2030")) == []
    assert keys(find("lang:ru")) == keys(find("source:tass-ru")) == keys(find("rain source:state")) == [early]
    assert keys(find("rain source:nobody")) == []
    assert keys(find("story:1")) == keys(find("rain story:1")) == [told]
    assert keys(find("before:2030")) == [told, late, early]
    with pytest.raises(InputError, match="there is no story 7"):
        find("story:7")


def test_mistakes_name_their_column(find):
    with pytest.raises(RuleError) as told:
        find("rain after:soon")
    assert str(told.value).startswith("column 6: after: takes a day")


def test_what_was_found_is_marked_in_title_and_text(tell, find):
    tell("Шойгу едет⏎" + "Слова. " * 60 + "\nСергей Шойгу\nприбыл. " + "Слова. " * 60)
    (hit,) = find("shoigu").hits
    assert marked(hit.title) == "[Шойгу] едет"
    assert " Сергей [Шойгу] прибыл. " in marked(hit.snippet)
    assert marked(hit.snippet)[0] == marked(hit.snippet)[-1] == "…"


def test_a_search_without_words_lists_the_newest(tell, find):
    shown = tell("Rain", "Sun")
    assert keys(find("")) == shown[::-1]


def test_while_the_index_is_made_anew_everything_is_found(db, tell, find):
    shown = tell("Rain 1", "Rain 2", "Sun", "Rain 3")
    with transaction(db):
        indexing.empty(db)
        indexing.fill(db, limit=1)
    assert keys(find("rain")) == [shown[3], shown[1], shown[0]]
    assert keys(find("rain sun")) == []
