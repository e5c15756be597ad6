from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.delivery.notices import NoticeKind
from monitor.core.sources.catchup import Gap
from monitor.core.sources.state import Condition, Diagnosis, SourceState
from monitor.core.sources.wellness import Record, View, diagnose, is_lost, may_differ
from monitor.core.sources.wellness.habits import Shape, elsewhere
from monitor.core.sources.wellness.silence import arrivals
from monitor.core.sources.wellness.telling import (
    Reach,
    can_be_judged,
    closed_gap_notice,
    network_notice,
    probe,
    source_notice,
)
from spiders.items import CrawlReport, Kind, Outcome, Source

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
USUAL = Shape(entries=20, titled=20, dated=20, teased=18, moments=20)
PAST = (USUAL,) * 3


@pytest.fixture
def state(now):
    def make(name="a", failures=0, reason="", *, looked=True, kind=Kind.FEED, weight=3):
        return SourceState(
            Source(name, name, f"https://{name}.example/rss", kind, weight=weight),
            next_due=now + timedelta(minutes=20),
            failures=failures,
            looked_at=now if looked else None,
            last_ok=None if failures else now,
            last_reason=reason,
        )

    return make


def failed(*reasons):
    """The record of a source whose last looks, the latest first, failed for these reasons (empty: ended well)."""
    return Record(reasons, views=(View(USUAL),) if "" in reasons else ())


def seen(*shapes, past=PAST, landed="", **changes):
    """The record of a source whose last looks, the latest first, listed this."""
    return Record(("",) * len(shapes), tuple(View(shape, landed) for shape in shapes), past, **changes)


@pytest.mark.parametrize(
    ("failures", "reasons", "is_"),
    [
        (1, ("dns",), Condition.NEW),
        (1, ("dns", "", ""), Condition.OK),
        (2, ("dns", "dns", ""), Condition.OK),
        (3, ("dns", "timeout", "dns"), Condition.FAILING),
        (3, ("no_entries", "no_entries", "no_entries"), Condition.EMPTY),
        (3, ("no_entries", "no_entries", "http_500"), Condition.FAILING),
        (3, ("robots", "robots", "robots"), Condition.DISALLOWED),
    ],
)
def test_three_bad_looks_in_a_row_decide_by_their_reasons(state, now, failures, reasons, is_):
    assert diagnose(state(failures=failures, reason=reasons[0]), failed(*reasons), now).condition is is_


def test_a_source_that_was_never_looked_at_is_new(state, now):
    assert diagnose(state(looked=False), Record(), now) == Diagnosis(Condition.NEW)


def test_a_failing_source_says_the_reason_since_when_and_when_it_is_looked_at_again(state, now):
    text = diagnose(state("a", 3, "http_503"), failed(*["http_503"] * 3), now).text
    for part in (
        "http_503",
        "never well so far",
        f"next look {now + timedelta(minutes=20):%Y-%m-%d %H:%M} UTC",
    ):
        assert part in text


def test_an_empty_news_sitemap_is_no_news_on_a_quiet_day(state, now):
    sitemap = state(failures=3, reason="no_entries", kind=Kind.SITEMAP)
    daily = [now - timedelta(days=day) for day in range(2, 60)]
    quiet = replace(failed(*["no_entries"] * 3), views=(View(USUAL),), arrivals=arrivals(daily))
    assert diagnose(sitemap, quiet, now).condition is Condition.OK
    silent = replace(quiet, arrivals=arrivals([day - timedelta(days=9) for day in daily]))
    assert diagnose(sitemap, silent, now).condition is Condition.EMPTY


@pytest.mark.parametrize(
    ("changes", "is_", "says"),
    [
        ({}, Condition.OK, ""),
        ({"teased": 9}, Condition.SHAPE_CHANGED, "9 of 20 entries have a teaser, usually 90%"),
        ({"teased": 10}, Condition.OK, ""),
        ({"titled": 0}, Condition.SHAPE_CHANGED, "0 of 20 entries have a title"),
        ({"dated": 10, "moments": 10}, Condition.SHAPE_CHANGED, "10 of 20 entries have a date"),
        ({"dated": 0, "moments": 0}, Condition.DATES_WRONG, "none of 20 entries has a date"),
        ({"moments": 1}, Condition.DATES_WRONG, "all 20 dates are the same"),
        ({"ahead": 11}, Condition.DATES_WRONG, "11 of 20 dates lie in the future"),
        ({"ahead": 10}, Condition.OK, ""),
        (dict.fromkeys(("entries", "titled", "dated", "teased", "moments"), 5), Condition.SHAPE_CHANGED, "5 entries"),
        (dict.fromkeys(("entries", "titled", "dated", "teased", "moments"), 6), Condition.OK, ""),
    ],
)  # fmt: skip
def test_what_two_looks_lack_of_what_is_usual_is_said(state, now, changes, is_, says):
    odd = replace(USUAL, **changes)
    diagnosis = diagnose(state(), seen(odd, odd), now)
    assert diagnosis.condition is is_
    assert says in diagnosis.text
    assert diagnose(state(), seen(odd, USUAL), now).condition is Condition.OK, "once is no news"
    assert diagnose(state(), seen(odd), now).condition is Condition.OK, "once is no news"


def test_what_a_source_never_had_is_not_missed(state, now):
    bare = Shape(entries=20, titled=20)
    assert diagnose(state(), seen(bare, bare, past=(bare,) * 14), now).condition is Condition.OK
    assert diagnose(state(), seen(bare, bare, past=(USUAL,) * 2), now).condition is Condition.OK, (
        "it has no habit yet"
    )


def test_dates_in_the_future_are_wrong_from_the_first_day(state, now):
    ahead = replace(USUAL, ahead=20)
    assert diagnose(state(), seen(ahead, ahead, past=()), now).condition is Condition.DATES_WRONG


def test_a_short_sitemap_and_a_list_of_two_say_nothing(state, now):
    short = Shape(entries=3, titled=3, dated=3, teased=3, moments=3)
    assert diagnose(state(kind=Kind.SITEMAP), seen(short, short), now).condition is Condition.OK
    two, few = Shape(entries=2), replace(USUAL, entries=4)
    assert diagnose(state(), seen(two, two, past=(few,) * 3), now).condition is Condition.OK


def test_another_site_is_not_the_source(state, now):
    diagnosis = diagnose(state(), seen(USUAL, USUAL, landed="casino.example"), now)
    assert (diagnosis.condition, diagnosis.text) == (
        Condition.REDIRECTED_ELSEWHERE,
        "leads to casino.example",
    )
    assert elsewhere("https://www.news.example/rss", "https://feeds.news.example:444/x") == ""
    assert elsewhere("https://news.co.uk/rss", "https://www.other.co.uk/") == "other.co.uk"
    assert elsewhere("https://news.example/rss", "") == "", "no address is known"


def test_a_gap_that_its_archive_does_not_close_is_held_against_a_source(state, now):
    gap = Gap(1, "a", "https://a.example/rss", Kind.FEED, None, now - timedelta(hours=1), now, None, 2, 5)
    diagnosis = diagnose(state(), seen(USUAL, USUAL, gaps=(gap,)), now)
    assert diagnosis.condition is Condition.POSSIBLE_GAP
    assert "5 found on 2 pages of its archive, and more may be missing" in diagnosis.text
    closed = replace(gap, closed=True)
    assert diagnose(state(), seen(USUAL, USUAL, gaps=(closed,)), now).condition is Condition.OK
    assert "the other 5" in closed_gap_notice(closed).text


def test_every_trouble_has_a_notice_of_its_name_and_a_remedy():
    for condition in Condition:
        if condition.is_trouble:
            notice = source_notice("a", Diagnosis(condition, "is so"))
            assert (notice.kind, notice.details) == (f"source_{condition}", (condition.remedy("a"),))
            assert notice.kind.is_trouble
            assert condition.remedy("a")
    assert source_notice("a", Diagnosis(Condition.OK)).kind is NoticeKind.SOURCE_BACK


LOST = Reach(any_reached=False, looked_at=2, latest=NOON, heaviest="b")


def test_the_network_is_down_when_no_source_can_be_reached():
    assert LOST.is_lost


def test_the_network_is_not_blamed_without_proof():
    assert not Reach().is_lost
    assert not replace(LOST, looked_at=1).is_lost
    assert not Reach(any_reached=False).is_lost


def test_a_network_that_is_down_is_told_once_and_its_end_once():
    told = network_notice(LOST, was_down=False)
    assert told.kind is NoticeKind.NETWORK_DOWN
    assert "2 sources" in told.text
    assert network_notice(LOST, was_down=True) is None
    assert network_notice(Reach(), was_down=True).kind is NoticeKind.NETWORK_BACK
    assert network_notice(Reach(), was_down=False) is None


def test_while_the_network_is_down_a_source_is_tried_every_five_minutes():
    assert probe(LOST, NOON + timedelta(minutes=4)) is None
    assert probe(LOST, NOON + timedelta(minutes=5)) == "b"
    assert probe(LOST, NOON - timedelta(hours=1)) == "b", "the clock was set back"


def test_a_source_is_not_judged_while_a_look_is_due(state, now):
    failing = state("b", 9, "dns")
    assert can_be_judged(failing, now)
    assert not can_be_judged(failing, failing.next_due)
    assert can_be_judged(state("a"), failing.next_due)


@pytest.fixture
def on_trial(state, now):
    """An unverified source that has failed since its first look, by default long enough to be dropped."""

    def make(failures=20, days=7, **changes):
        failed = state("b", failures, "http_404")
        trial = replace(failed, failing_since=now - timedelta(days=days))
        return replace(trial, source=replace(failed.source, unverified=True), **changes)

    return make


NOT_FOUND = failed(*["http_404"] * 3)


def test_an_unverified_source_that_never_works_is_dropped_with_the_reason(on_trial, now):
    diagnosis = diagnose(on_trial(), NOT_FOUND, now)
    assert diagnosis.condition is Condition.DROPPED
    for part in ("20 looks", f"{now - timedelta(days=7):%Y-%m-%d}", "http_404", "tumen sources look b"):
        assert part in diagnosis.text
    notice = source_notice("b", diagnosis)
    assert (notice.kind, notice.details) == (NoticeKind.SOURCE_DROPPED, ())


def test_an_unverified_source_gets_twenty_looks_and_a_week(on_trial, now):
    for early in (on_trial(failures=19), on_trial(days=6.9), on_trial(failing_since=None)):
        assert not is_lost(early, now)
        assert diagnose(early, NOT_FOUND, now).condition is Condition.FAILING


def test_a_source_that_worked_once_or_is_verified_is_never_dropped(on_trial, now):
    verified = replace(on_trial(), source=replace(on_trial().source, unverified=False))
    for proven in (verified, on_trial(last_ok=now - timedelta(days=300))):
        assert diagnose(proven, NOT_FOUND, now).condition is Condition.FAILING


def test_a_dropped_source_stays_dropped(on_trial, now):
    dropped = on_trial(dropped_at=now, last_reason="dns")
    assert diagnose(dropped, NOT_FOUND, now).condition is Condition.DROPPED


@pytest.fixture
def routine():
    """Whether a look may change how a source is judged: by default the fourth in a row that found nothing changed."""

    def ask(outcome=Outcome.UNCHANGED, landed="", **changes):
        usual = {
            "condition": Condition.OK,
            "unchanged": 3,
            "failures": 0,
            "before": NOON,
            "now": NOON + timedelta(minutes=15),
        }
        return not may_differ(CrawlReport("t", outcome), landed, **usual | changes)

    return ask


def test_one_more_look_that_found_nothing_changed_is_routine_for_the_rest_of_the_hour(routine):
    assert routine()
    assert not routine(now=NOON + timedelta(hours=1))
    assert not routine(now=NOON + timedelta(days=1))


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": Outcome.OK},
        {"outcome": Outcome.FAILED},
        {"landed": "other.example"},
        {"condition": Condition.SILENT},
        {"condition": Condition.NEW},
        {"unchanged": 1},
        {"failures": 1},
        {"before": None},
    ],
    ids=str,
)
def test_every_other_look_may_change_how_its_source_is_judged(routine, changes):
    assert not routine(**changes)
