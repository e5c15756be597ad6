"""The index of words: what is written is what is indexed, and it goes in step with the texts."""

import sqlite3

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.core.searching.words import MADE_BY, joined, language_word, source_word, spaced_words
from monitor.store import indexing
from monitor.store.database import open_history, transaction
from monitor.store.history import History
from monitor.store.ingesting import store
from spiders.items import Article

LETTERS = st.characters(exclude_categories=("Cs",))
SCRIPTS = st.sampled_from(
    "abäß éXЯёй русс 한국 조선 北韓朝鮮 俄罗斯 ロシア ｶﾞ กขค़ भारत עבר عرب ١٢ -_.,'’\n\t\0=|\"*"
)
TEXTS = st.text(st.one_of(SCRIPTS, LETTERS), max_size=60)


def held(db):
    """The words in the index, each with the articles in which it stands."""
    db.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.held USING fts5vocab (main, search, instance)")
    found = {}
    for word, article in db.execute("SELECT term, doc FROM temp.held"):
        found.setdefault(word, set()).add(article)
    return found


def catch_up(db):
    with transaction(db):
        indexing.catch_up(db)


def expected(db):
    """The words that the newest texts have, each with the articles in which it stands."""
    found = {}
    newest = "SELECT * FROM revisions ORDER BY article, number"
    texts = {row["article"]: row for row in db.query(newest)}
    for article in db.query("SELECT * FROM articles"):
        if row := texts.get(article["id"]):
            spaced, signs = spaced_words(row["title"], row["text"])
            filters = {language_word(article["language"]), source_word(article["source"])}
            for word in spaced | signs | filters:
                found.setdefault(word, set()).add(article["id"])
    return found


@given(TEXTS, TEXTS)
def test_what_is_written_is_what_is_indexed(title, text):
    spaced, signs = spaced_words(title, text)
    words = spaced | signs | {language_word("de"), source_word("tass-ru")}
    db = sqlite3.connect(":memory:")
    made = open_history(None)
    (sql,) = next(made.execute("SELECT sql FROM sqlite_master WHERE name = 'search'"))
    made.close()
    db.execute(sql)
    db.execute("INSERT INTO search (rowid, words) VALUES (1, ?)", (joined(words),))
    db.execute("CREATE VIRTUAL TABLE held USING fts5vocab (search, instance)")
    assert {word for (word,) in db.execute("SELECT term FROM held")} == words
    for word in words:
        assert db.execute("SELECT rowid FROM search WHERE search MATCH ?", (f'"{word}"',)).fetchall() == [
            (1,)
        ]
    db.execute("INSERT INTO search (search, rowid, words) VALUES ('delete', 1, ?)", (joined(words),))
    assert db.execute("SELECT term FROM held").fetchall() == []
    db.close()


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(["revise", "remove"]), st.booleans(), st.integers(1, 3), TEXTS, TEXTS),
        max_size=8,
    )
)
def test_the_index_goes_in_step_with_ingests_revisions_and_what_is_forgotten(ingest, steps):
    db = open_history(None)
    history = History(db)
    for step, waits, number, title, text in steps:
        url = f"https://yonhap-ko.example/{number}"
        if step == "revise":
            history.ingest(
                ingest(number, article=Article(url, title, text, "ko"), matches=(), facts=(), alerts=())
            )
        else:
            with transaction(db):
                for row in db.query("SELECT id FROM articles WHERE url = ?", (url,)):
                    indexing.take_out(db, row["id"])
                    db.execute("DELETE FROM revisions WHERE article = ?", (row["id"],))
                    db.execute("UPDATE entries SET article = NULL WHERE article = ?", (row["id"],))
                    db.execute("DELETE FROM articles WHERE id = ?", (row["id"],))
        if not waits:
            catch_up(db)
            assert held(db) == expected(db)
    db.execute("INSERT INTO search (search) VALUES ('integrity-check')")
    db.close()


def many(history, ingest, numbers):
    for number in numbers:
        history.ingest(ingest(number))


def test_an_index_made_in_another_way_is_made_anew_from_the_newest_down(path, db, ingest):
    many(History(db), ingest, range(1, 6))
    db.execute("UPDATE search_state SET made_by = 'another way'")
    db.conn.commit()
    db.close()
    db = open_history(path)
    assert held(db) == {}
    many(History(db), ingest, [6])
    catch_up(db)
    with transaction(db):
        assert indexing.fill(db, limit=2) == 2
    assert {article for found in held(db).values() for article in found} == {4, 5, 6}
    History(db).ingest(ingest(1, article=Article("https://yonhap-ko.example/1", "새", "글", "ko")))
    History(db).ingest(ingest(5, article=Article("https://yonhap-ko.example/5", "새", "글", "ko")))
    filled = 1
    while filled:
        with transaction(db):
            filled = indexing.fill(db, limit=2)
    assert held(db) == expected(db)
    (state,) = db.query("SELECT * FROM search_state")
    assert state == {"id": 1, "made_by": MADE_BY, "covered_from": 0, "covered_to": 6}
    db.close()


def test_new_articles_are_put_in_together_and_a_revision_of_one_that_waits_waits_too(db, ingest):
    history = History(db)
    many(history, ingest, range(1, indexing.TOGETHER))
    history.ingest(ingest(1, article=Article("https://yonhap-ko.example/1", "새", "글", "ko")))
    assert held(db) == {}
    many(history, ingest, [indexing.TOGETHER])
    assert held(db) == expected(db)
    history.ingest(ingest(2, article=Article("https://yonhap-ko.example/2", "새", "글", "ko")))
    assert held(db) == expected(db)


def test_words_of_a_change_that_was_undone_are_stored_with_the_next(db, ingest):
    history = History(db)
    lost = ingest(1, article=Article("https://yonhap-ko.example/1", "seltenes", "wort", "de"))

    def break_off():
        with transaction(db):
            store(db, lost)
            indexing.catch_up(db)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    history.ingest(lost)
    catch_up(db)
    assert {word for (word,) in db.execute("SELECT word FROM search_words")} == {"seltenes", "wort"}
