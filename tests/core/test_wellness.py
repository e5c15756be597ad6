from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.models import SourceState
from monitor.core.notices import NoticeKind
from monitor.core.wellness import Condition, condition, is_lost, network_is_down, notices
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


@pytest.fixture
def on_trial(state, now):
    """An unverified source that has failed since its first look, by default long enough to be dropped."""

    def make(failures=20, days=7, **changes):
        failed = state("b", failures, "http_404")
        trial = replace(failed, failing_since=now - timedelta(days=days))
        return replace(trial, source=replace(failed.source, unverified=True), **changes)

    return make


def test_an_unverified_source_that_never_works_is_dropped_with_the_reason(on_trial, state, now):
    (told,) = notices([state("a"), on_trial()], network_was_down=False, now=now)
    assert (told.kind, told.subject) == (NoticeKind.SOURCE_DROPPED, "b")
    for part in ("20 looks", f"{now - timedelta(days=7):%Y-%m-%d}", "http_404", "tumen sources look b"):
        assert part in told.text


def test_an_unverified_source_gets_twenty_looks_and_a_week(on_trial, state, now):
    for early in (on_trial(failures=19), on_trial(days=6.9), on_trial(failing_since=None)):
        assert not is_lost(early, now)
        assert notices([state("a"), early], network_was_down=False, now=now) == ()


def test_a_source_that_worked_once_or_is_verified_is_never_dropped(on_trial, state, now):
    verified = replace(on_trial(), source=replace(on_trial().source, unverified=False))
    for proven in (verified, on_trial(last_ok=now - timedelta(days=300))):
        (told,) = notices([state("a"), proven], network_was_down=False, now=now)
        assert told.kind is NoticeKind.SOURCE_FAILING


def test_no_source_is_dropped_while_the_network_is_down_or_a_look_is_due(on_trial, state, now):
    cut_off = [state("a", 9, "dns"), on_trial(last_reason="dns")]
    assert [told.kind for told in notices(cut_off, network_was_down=False, now=now)] == [
        NoticeKind.NETWORK_DOWN
    ]
    assert notices([state("a"), on_trial(next_due=now)], network_was_down=False, now=now) == ()


def test_a_dropped_source_is_not_spoken_of_again(on_trial, state, now):
    dropped = on_trial(dropped_at=now, last_reason="dns")
    assert condition(dropped) is Condition.DROPPED
    assert notices([state("a"), dropped], network_was_down=False, now=now) == ()
    assert network_is_down(
        [state("a", 1, "dns"), state("c", 1, "dns"), replace(dropped, last_reason="http_404")]
    )
