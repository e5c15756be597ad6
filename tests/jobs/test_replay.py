import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.core.errors import InputError
from monitor.jobs.replay import SOURCE, read_texts, replay
from spiders.items import Kind, Source

SENT = "North Korea sends 3,000 soldiers to Russia"
MORE = "North Korea sends 12,000 soldiers to Russia"


@pytest.fixture
def decide(make_ingestor, sources, clock):
    sources.sync([Source(SOURCE, "Replay", "replay:", Kind.FEED)], clock.now)

    def run(*rows):
        lines = [json.dumps(row) for row in rows]
        return replay(list(read_texts(lines, "x.jsonl")), make_ingestor(), clock.now)

    return run


def test_answers_stand_in_the_order_of_the_texts_and_decisions_in_that_of_publication(decide):
    late, early = decide(
        {"id": "late", "title": MORE, "published": "2026-11-20T10:00:00Z"},
        {"id": "early", "title": SENT, "published": "2026-11-19"},
    )
    assert (late["id"], late["alert"], early["id"], early["alert"]) == ("late", "update", "early", "new")
    assert late["story"] == early["story"]
    assert [(new["value"], new["before"]) for new in late["new"]] == [(12_000.0, 3_000.0)]


def test_texts_without_a_time_keep_their_place(decide):
    answers = decide(
        {"id": 1, "title": SENT, "published": "2026-11-19"},
        {"id": 2, "title": MORE},
        {"id": 3, "title": "Weather"},
    )
    assert [answer["reason"] for answer in answers] == ["new_story", "new_facts", "no_rule_matched"]
    assert answers[2] == {
        "id": 3, "relevant": False, "score": 0.0, "rules": [], "evidence": [], "facts": [],
        "story": None, "alert": None, "new": [], "reason": "no_rule_matched",
    }  # fmt: skip


def test_evidence_is_cut_from_the_text(decide):
    title, text = "북한군 러시아에", "Ｎｏｒｔｈ Korea 🪖 Russia\u200b!"
    (answer,) = decide({"id": "x", "title": title, "text": text})
    assert answer["evidence"]
    for piece in answer["evidence"]:
        assert piece["text"] == {"title": title, "body": text}[piece["field"]][piece["start"] : piece["end"]]


def test_lines_that_share_an_address_are_texts_of_their_own(decide):
    answers = decide(*({"id": n, "title": SENT, "url": "https://a.example/1"} for n in range(2)))
    assert [answer["id"] for answer in answers] == [0, 1]
    assert answers[1]["alert"] is None


@pytest.mark.parametrize(
    "published",
    [
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2024-10",
        "2024-W10",
        "yesterday",
        "",
        5,
        None,
        [],
        "1900-01-01",
        "2999-01-01",
    ],
)
def test_any_time_is_read_or_left_out(decide, published):
    (answer,) = decide({"id": 1, "title": SENT, "published": published})
    assert answer["alert"] == "new"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ('{"id": ' + "9" * 5000 + "}", "no JSON"),
        ("[1]", "no object with an id"),
        ("{}", "no object with an id"),
        ('{"id": null}', "no object with an id"),
        ('{"id": [1]}', "no object with an id"),
        ('{"id": 1, "title": 5}', "title is not text"),
        ('{"id": 1, "text": ["a"]}', "text is not text"),
        ('{"id": 1, "lang": 5}', "lang is not text"),
        ('{"id": 1, "url": {}}', "url is not text"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(line, says):
    with pytest.raises(InputError, match=says) as refused:
        list(read_texts(["", '{"id": 1}', line], "x.jsonl"))
    assert refused.value.where == "x.jsonl:3"


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda x: st.lists(x, max_size=2),
)
ROWS = st.fixed_dictionaries(
    {"id": JSON}, optional=dict.fromkeys(("title", "text", "lang", "url", "published"), JSON)
)


@given(st.one_of(ROWS.map(json.dumps), st.text(max_size=30)))
@example('{"id": "a", "title": "\\ud83d"}')
def test_any_line_gives_a_text_or_an_error_with_its_line(line):
    try:
        texts = list(read_texts([line], "x"))
    except InputError as refused:
        assert refused.where == "x:1"  # noqa: PT017  either may happen
    else:
        assert len(texts) <= 1


def test_half_a_surrogate_pair_is_no_text_but_no_trouble(decide):
    (answer,) = decide({"id": "\ud83d", "title": f"{SENT} \ud83d", "text": "북한\ud83d러시아"})
    assert answer["alert"] == "new"
