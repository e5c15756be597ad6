from datetime import timedelta

import pytest

from monitor.core.errors import InputError
from monitor.core.models import Reason, Verdict
from monitor.store.feedback import Feedback
from monitor.store.history import History
from spiders.items import Article

URL = "https://yonhap-ko.example/1"


@pytest.fixture
def feedback(stocked):
    return Feedback(stocked)


@pytest.fixture
def quiet(stocked, ingest):
    """An article on which no rule fired, with a title that is not ASCII."""
    article = Article("https://yonhap-ko.example/7", "كوريا الشمالية 🪖 e\u0301", "نص", "ar")
    unmatched = {"matches": (), "facts": (), "alerts": (), "reason": Reason.NO_RULE_MATCHED}
    return History(stocked).ingest(ingest(7, article=article, **unmatched)).article


def test_what_is_said_about_an_alert_is_kept_with_its_text(feedback, ingest, now):
    key = feedback.add(Verdict.IRRELEVANT, alert=1, rule="troops", note="축구 ⚽", now=now)
    (said,) = feedback.list()
    assert (said.id, said.at, said.verdict, said.alert) == (key, now, Verdict.IRRELEVANT, 1)
    assert (said.pack, said.rule, said.note) == ("dprk-russia", "troops", "축구 ⚽")
    assert (said.article, said.url, said.source, said.language) == (1, URL, "yonhap-ko", "ko")
    assert (said.title, said.text) == (ingest(1).article.title, ingest(1).article.text)


@pytest.mark.parametrize("name", [1, "1", URL])
def test_an_article_is_named_by_number_or_address(feedback, name, now):
    feedback.add(Verdict.IRRELEVANT, article=name, now=now)
    assert [(said.article, said.rule, said.alert) for said in feedback.list()] == [(1, None, None)]


def test_a_missed_text_names_its_pack(feedback, quiet, now):
    feedback.add(Verdict.MISSED, article=quiet, pack="dprk-russia", rule="meetings", now=now)
    (said,) = feedback.list()
    assert (said.verdict, said.pack, said.rule, said.language) == (
        Verdict.MISSED,
        "dprk-russia",
        "meetings",
        "ar",
    )
    assert said.title == "كوريا الشمالية 🪖 e\u0301"
    with pytest.raises(InputError, match="which pack"):
        feedback.add(Verdict.MISSED, article=quiet, now=now)


def test_a_second_word_on_the_same_thing_replaces_the_first(feedback, now):
    later = now + timedelta(hours=1)
    feedback.add(Verdict.IRRELEVANT, article=1, rule="troops", now=now)
    feedback.add(Verdict.MISSED, article=1, rule="troops", now=later)
    feedback.add(Verdict.IRRELEVANT, article=1, now=later)
    feedback.add(Verdict.IRRELEVANT, article=1, note="again", now=later)
    assert [(said.verdict, said.rule, said.note) for said in feedback.list()] == [
        (Verdict.MISSED, "troops", ""),
        (Verdict.IRRELEVANT, None, "again"),
    ]


def test_it_is_about_the_text_that_was_read_not_about_a_later_one(stocked, feedback, ingest, now):
    feedback.add(Verdict.IRRELEVANT, alert=1, now=now)
    changed = ingest(1, article=Article(URL, "정정", "정정 보도"), story=1, read_at=now + timedelta(hours=1))
    History(stocked).ingest(changed)
    feedback.add(Verdict.IRRELEVANT, article=URL, now=now)
    assert [(said.revision, said.title) for said in feedback.list()] == [
        (1, ingest(1).article.title),
        (2, "정정"),
    ]


def test_lists_are_of_one_pack_or_article_or_since_a_time(feedback, quiet, now):
    later = now + timedelta(hours=1)
    feedback.add(Verdict.MISSED, article=quiet, pack="cables", now=now)
    feedback.add(Verdict.IRRELEVANT, article=1, now=later)
    assert [said.pack for said in feedback.list()] == ["cables", "dprk-russia"]
    assert [said.article for said in feedback.list(pack="cables")] == [quiet]
    assert [said.article for said in feedback.list(article=1)] == [1]
    assert [said.article for said in feedback.list(since=later)] == [1]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"alert": 99}, "no alert 99"),
        ({"article": "https://nowhere.example/"}, "no article is known as 'https://nowhere.example/'"),
        ({"article": 99}, "no article is known as 99"),
        ({}, "no article is known"),
        ({"article": "9" * 40}, "no article is known"),
        ({"article": 1, "rule": "football"}, "football did not fire"),
        ({"article": 1, "pack": "cables"}, "no rule of cables fired"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_says_what_to_do(feedback, given, says, now):
    with pytest.raises(InputError, match=says) as refused:
        feedback.add(Verdict.IRRELEVANT, now=now, **given)
    assert refused.value.remedy
    assert feedback.list() == ()
