"""A silence keeps back what it names, while it lasts, and nothing else."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.delivery.silencing import Silence, Subject, silenced

NOW = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
SUBJECT = Subject("desk", "borders", frozenset({"troops", "ties"}), 7, "yonhap-ko", "ko")
NAMES = {
    "channel": "desk",
    "pack": "borders",
    "rule": "ties",
    "story": 7,
    "source": "yonhap-ko",
    "language": "ko",
}


def silence(begins=-1, ends=1, number=1, **names):
    """From and until when, in hours from now."""
    return Silence(number, "anna", "known", NOW + begins * HOUR, NOW + ends * HOUR, **names)


def test_one_that_names_nothing_covers_everything():
    assert silence().covers(SUBJECT)


def test_this_page_names_whatever_a_silence_can_name():
    assert {field.name for field in fields(Silence)} - set(NAMES) == {
        "id",
        "owner",
        "reason",
        "begins",
        "ends",
    }


@pytest.mark.parametrize("name", NAMES)
def test_what_it_names_must_be_true_of_the_alert(name):
    assert silence(**{name: NAMES[name]}).covers(SUBJECT)
    other = 8 if name == "story" else "another"
    assert not silence(**{name: other}).covers(SUBJECT)
    assert not silence(**(NAMES | {name: other})).covers(SUBJECT)


def test_an_alert_without_language_is_covered_by_no_language():
    assert not silence(language="ko").covers(replace(SUBJECT, language=""))


def test_it_holds_from_its_begin_until_just_before_its_end():
    one = silence(begins=0, ends=1)
    held = [one.is_active(NOW + hours * HOUR) for hours in (-0.001, 0, 0.999, 1)]
    assert held == [False, True, True, False]


silences = st.builds(
    silence,
    begins=st.integers(-3, 3),
    ends=st.integers(-3, 3),
    number=st.integers(1, 99),
    channel=st.sampled_from(["", "", "desk", "chat"]),
    rule=st.sampled_from(["", "", "ties", "other"]),
    story=st.sampled_from([None, None, 7, 8]),
)


@given(st.lists(silences, max_size=9))
def test_of_those_that_hold_and_cover_it_the_longest_counts(found):
    names = [
        one
        for one in found
        if one.begins <= NOW < one.ends and one.channel != "chat" and one.rule != "other" and one.story != 8
    ]
    one = silenced(SUBJECT, found, NOW)
    assert (one is None) is (not names)
    assert one is None or (one in names and one.ends == max(other.ends for other in names))
