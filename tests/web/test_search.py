"""Searching in the browser."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def published(press, article):
    press.publish(
        article(),
        article(2, title="러시아 항구 파업 <b>", text="북한 노동자", language="ko"),
        article(3, title="Забастовка в порту", text="Солдаты охраняют склады.", language="ru"),
    )


def found(browser, **query):
    return [hit["article"] for hit in browser.get("/search.json", params=query).json()["answer"]["hits"]]


def test_without_a_question_the_page_explains_itself(browser):
    answer = browser.get("/search")
    assert answer.status_code == 200
    assert "inflected forms" in answer.text


@pytest.mark.parametrize(
    ("words", "articles"), [("dockers", [1]), ("북한", [2]), ("солдат", [3]), ("nothing", [])]
)
def test_words_are_found(browser, words, articles):
    assert found(browser, q=words) == articles


def test_what_was_found_is_marked_and_escaped(browser):
    text = browser.get("/search", params={"q": "파업"}).text
    assert "<mark>파업</mark> &lt;b&gt;" in text
    assert 'lang="ko"' in text


def test_the_newest_stand_first_unless_the_best_are_wanted(browser):
    assert found(browser, q="lang:ru OR lang:en OR lang:ko") == [3, 2, 1]
    assert browser.get("/search", params={"q": "port", "sort": "best"}).status_code == 200


def test_the_form_narrows_all_of_the_words(browser):
    assert found(browser, q="dockers OR 북한 OR солдат", language="ko") == [2]
    assert found(browser, q="dockers OR 북한", after="2026-11-26") == []
    assert found(browser, q="dockers OR 북한", before="2026-11-26", language="en") == [1]
    assert found(browser, language="ru") == [3]


def test_a_mistake_is_explained_and_the_question_kept(browser):
    answer = browser.get("/search", params={"q": '(dockers AND "'})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert "column" in answer.text
    assert 'value="(dockers AND &#34;"' in answer.text


def test_a_question_that_is_markup_is_only_text(browser):
    answer = browser.get("/search", params={"q": '"><script>alert(1)</script>'})
    assert "<script>alert" not in answer.text


def test_the_page_goes_on_with_older_articles(browser, press, article):
    press.publish(
        *(article(number, title=f"Crane {number} in the port of Norwick") for number in range(10, 40))
    )
    first = browser.get("/search.json", params={"q": "crane"}).json()["answer"]
    rest = browser.get("/search.json", params={"q": "crane", "older": first["older"]}).json()["answer"]
    keys = [hit["article"] for hit in (*first["hits"], *rest["hits"])]
    assert len(keys) == 30
    assert keys == sorted(keys, reverse=True)


@pytest.mark.parametrize(
    "query", [{"q": "x" * 1001}, {"q": "a", "older": "x"}, {"q": "a", "language": "z z"}]
)
def test_what_cannot_be_asked_is_refused(browser, query):
    assert browser.get("/search", params=query).status_code == 400
