"""What was heard is held against what is expected."""

import pytest

from monitor.demo.script import Expect, load
from monitor.demo.verdict import judge

BY_ID = {article.id: article for article in load()}


def expecting(*kinds):
    return [article for article in load() if article.expect in kinds]


def test_hearing_exactly_what_is_expected_is_good():
    verdict = judge(expecting(Expect.NEW, Expect.UPDATE))
    assert verdict.is_good
    assert len(verdict.told) == len(expecting(Expect.NEW))
    assert (verdict.missed, verdict.updates_missed, verdict.repeats) == ((), (), ())


def test_hearing_nothing_misses_everything():
    verdict = judge([])
    assert not verdict.is_good
    assert len(verdict.missed) == len(expecting(Expect.NEW))
    assert len(verdict.updates_missed) == len(expecting(Expect.UPDATE))


@pytest.mark.parametrize("kind", [Expect.NONE, Expect.BASELINE])
def test_hearing_of_something_off_topic_or_old_is_a_false_alarm(kind):
    (alarm, *_) = expecting(kind)
    verdict = judge([*expecting(Expect.NEW), alarm])
    assert verdict.false_alarms == (alarm,)
    assert not verdict.is_good


def test_hearing_an_article_twice_is_said():
    first = BY_ID["oil-en-first"]
    assert judge([first, first]).twice == (first,)


def test_a_copy_after_the_first_report_is_a_repeat():
    first, copy = BY_ID["oil-en-first"], BY_ID["oil-es-copy"]
    assert judge([first, copy]).repeats == (copy,)


def test_a_copy_that_was_read_first_opens_the_development():
    copy = BY_ID["oil-es-copy"]
    verdict = judge([copy])
    assert verdict.told == ("oil",)
    assert verdict.repeats == ()
