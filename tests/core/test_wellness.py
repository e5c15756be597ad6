from datetime import timedelta

import pytest

from monitor.core.models import SourceState
from monitor.core.notices import NoticeKind
from monitor.core.wellness import Condition, condition, network_is_down, notices
from spiders.items import Kind, Source


@pytest.fixture
def state(now):
    def make(name="a", failures=0, reason="", *, looked=True, noticed=False):
        return SourceState(
            Source(name, name, f"https://{name}.example/rss", Kind.FEED),
            next_due=now + timedelta(minutes=20),
            failures=failures,
            looked_at=now if looked else None,
            last_ok=None if failures else now,
            last_reason=reason,
            noticed=noticed,
        )

    return make


@pytest.mark.parametrize(
    ("failures", "looked", "is_"),
    [
        (0, False, Condition.NEW),
        (0, True, Condition.OK),
        (1, True, Condition.SHAKY),
        (2, True, Condition.SHAKY),
        (3, True, Condition.FAILING),
    ],
)
def test_a_source_is_failing_after_three_bad_looks_in_a_row(state, failures, looked, is_):
    assert condition(state(failures=failures, reason="dns" if failures else "", looked=looked)) is is_


def test_the_network_is_down_when_no_source_can_be_reached(state):
    assert network_is_down([state("a", 1, "dns"), state("b", 1, "unreachable"), state("c", looked=False)])


@pytest.mark.parametrize(
    "others",
    [[], [("b", 0, "")], [("b", 1, "http_500")], [("b", 1, "timeout")]],
    ids=["alone", "ok", "answers", "slow"],
)
def test_the_network_is_not_blamed_without_proof(state, others):
    assert not network_is_down([state("a", 9, "dns"), *(state(*other) for other in others)])


def test_a_network_that_is_down_is_told_once_and_no_source_is_blamed(state, now):
    down = [state("a", 9, "dns"), state("b", 9, "dns")]
    (first,) = notices(down, network_was_down=False, now=now)
    assert first.kind is NoticeKind.NETWORK_DOWN
    assert "2 sources" in first.text
    assert notices(down, network_was_down=True, now=now) == ()


def test_the_end_of_a_network_failure_is_told(state, now):
    (back,) = notices([state("a"), state("b", 9, "dns")], network_was_down=True, now=now)
    assert back.kind is NoticeKind.NETWORK_BACK


def test_a_source_is_not_blamed_while_a_look_is_due(state, now):
    well, failing = state("a"), state("b", 9, "dns")
    assert notices([well, failing], network_was_down=False, now=now)
    assert notices([well, failing], network_was_down=False, now=failing.next_due) == ()


def test_a_failing_source_is_told_once_with_reason_and_next_look(state, now):
    well = state("b")
    (told,) = notices([state("a", 3, "http_503"), well], network_was_down=False, now=now)
    assert (told.kind, told.subject) == (NoticeKind.SOURCE_FAILING, "a")
    assert "http_503" in told.text
    assert "never well so far" in told.text
    assert "20 min" in told.text
    assert notices([state("a", 4, "http_503", noticed=True), well], network_was_down=False, now=now) == ()


def test_a_source_that_is_well_again_is_told_if_its_trouble_was(state, now):
    (back,) = notices([state("a", noticed=True)], network_was_down=False, now=now)
    assert (back.kind, back.subject) == (NoticeKind.SOURCE_BACK, "a")
    assert notices([state("a")], network_was_down=False, now=now) == ()
