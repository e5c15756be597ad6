import pytest

from monitor.core.delivery.notices import NoticeKind
from monitor.jobs.keeper import Keeper
from monitor.jobs.upkeep import Upkeep
from monitor.store.notices import Notices
from monitor.store.wellness import Wellness
from spiders.items import CrawlReport, Outcome


@pytest.fixture
def desk(db, sources, make_ingestor, clock, source):
    sources.sync([source("a"), source("b")], clock.now)

    class Desk:
        upkeep = Upkeep(sources, Wellness(db), Keeper(Notices(db), (), clock=clock), make_ingestor(), clock)

        def look(self, name, reason="", **later):
            """Let a look at the source end with this reason, and a minute (or more) pass."""
            clock.forward(**(later or {"minutes": 1}))
            outcome = Outcome.FAILED if reason else Outcome.UNCHANGED
            report = CrawlReport("t", outcome, reason, f"it said {reason}" if reason else "")
            later = clock.now.replace(year=2027)
            sources.save_look(name, report, next_due=later, now=clock.now, baseline_before=None)

        def said(self):
            return [(notice.kind, notice.subject) for notice in self.upkeep.tick()]

    return Desk()


def test_a_network_that_is_down_is_said_once_and_its_end_once(desk, db, sources, clock):
    for _ in range(4):
        desk.look("a", "dns")
        desk.look("b", "unreachable")
    assert desk.said() == [(NoticeKind.NETWORK_DOWN, "")]
    assert desk.said() == []
    assert list(Notices(db).standing()) == ["network"]
    desk.look("a")
    assert desk.said() == [(NoticeKind.NETWORK_BACK, "")]
    assert Notices(db).standing() == {}
    assert [state.source.name for state in sources.due(clock.now, 9)] == ["b"]
    assert desk.said() == []


def test_a_restart_does_not_say_it_again(desk, db, sources, make_ingestor, clock):
    desk.look("a", "dns")
    desk.look("b", "dns")
    assert desk.said() == [(NoticeKind.NETWORK_DOWN, "")]
    desk.upkeep = Upkeep(sources, Wellness(db), Keeper(Notices(db), (), clock=clock), make_ingestor(), clock)
    assert desk.said() == []


def test_a_failing_source_is_said_once_and_its_recovery_once(desk, caplog):
    desk.look("b")
    for _ in range(2):
        desk.look("a", "http_503")
    assert desk.said() == []
    desk.look("a", "http_503")
    assert desk.said() == [(NoticeKind.SOURCE_FAILING, "a")]
    assert desk.said() == []
    desk.look("a", "http_503")
    assert desk.said() == []
    desk.look("a")
    assert desk.said() == [(NoticeKind.SOURCE_BACK, "a")]
    assert desk.said() == []


def test_a_single_bad_look_is_no_news(desk):
    desk.look("b")
    desk.look("a", "timeout")
    assert desk.said() == []
    desk.look("a")
    assert desk.said() == []


@pytest.fixture
def trial(desk, sources, source, clock):
    """A source that nobody has seen work, beside a good one: its looks fail every nine hours."""
    sources.sync([source("a", unverified=True), source("b")], clock.now)

    def fail(times, reason="http_404"):
        said = []
        for _ in range(times):
            desk.look("a", reason, hours=9)
            said += desk.said()
        return said

    desk.look("b")
    return fail


def test_an_unverified_source_is_dropped_once_and_not_looked_at_again(trial, desk, sources, clock, caplog):
    assert trial(19) == []
    assert trial(2) == [(NoticeKind.SOURCE_DROPPED, "a")]
    assert "a is dropped" in caplog.text
    assert desk.said() == []
    later = clock.now.replace(year=2030)
    assert [state.source.name for state in sources.due(later, 9)] == ["b"]


def test_a_long_time_without_a_network_drops_no_source(trial, desk, sources, clock):
    desk.look("b", "unreachable")
    assert trial(30, "dns") == [(NoticeKind.NETWORK_DOWN, "")]
    desk.look("b")
    assert desk.said() == [(NoticeKind.NETWORK_BACK, "")]
    assert [state.source.name for state in sources.due(clock.now, 9)] == ["a"]
    assert trial(1) == []
    assert trial(18) == []
    assert trial(1) == [(NoticeKind.SOURCE_DROPPED, "a")]


def test_trouble_that_was_told_ends_when_its_source_is_dropped(trial, desk, sources, source, db, clock):
    sources.sync([source("a"), source("b")], clock.now)
    assert trial(20) == [(NoticeKind.SOURCE_FAILING, "a")]
    sources.sync([source("a", unverified=True), source("b")], clock.now)
    assert trial(1) == [(NoticeKind.SOURCE_DROPPED, "a")]
    assert Notices(db).standing() == {}


def test_of_many_sources_some_are_judged_now_and_the_others_soon(db, sources, make_ingestor, clock, source):
    names = [f"s{number:03}" for number in range(120)]
    sources.sync([source(name) for name in names], clock.now)
    report = CrawlReport("t", Outcome.UNCHANGED)
    for name in names:
        sources.save_look(name, report, next_due=clock.now, now=clock.now, baseline_before=None)
    failed = CrawlReport("t", Outcome.FAILED, "timeout")
    for name in names[:60]:  # not judged while another look is due
        sources.save_look(name, failed, next_due=clock.now, now=clock.now, baseline_before=None)
    more, wellness = [], Wellness(db)
    upkeep = Upkeep(
        sources,
        wellness,
        Keeper(Notices(db), (), clock=clock),
        make_ingestor(),
        clock,
        on_more=lambda: more.append(1),
    )
    left = []
    for _ in range(3):
        upkeep.tick()
        left.append(len(wellness.unjudged(999)))
    assert left == [120, 80, 60]
    assert len(more) == 2


def test_while_one_source_answers_the_network_is_there(desk, db, sources, source, clock):
    sources.sync([source("a"), source("b"), source("c"), source("new", weight=1)], clock.now)
    for name in "abc":
        desk.look(name, "dns")
    reach = Wellness(db).reach()
    assert (reach.is_lost, reach.looked_at, reach.latest, reach.heaviest) == (True, 3, clock.now, "a")
    desk.look("b", "http_503")
    assert not Wellness(db).reach().is_lost
    sources.drop("b", clock.now)
    assert Wellness(db).reach().looked_at == 2
    sources.sync([source("a"), source("b"), source("new")], clock.now)
    assert not Wellness(db).reach().is_lost


def test_what_was_said_of_a_source_that_is_no_longer_declared_ends(desk, db, sources, source, clock):
    desk.look("b")
    for _ in range(3):
        desk.look("a", "http_503")
    assert desk.said() == [(NoticeKind.SOURCE_FAILING, "a")]
    sources.sync([source("b")], clock.now)
    assert desk.said() == [(NoticeKind.SOURCE_BACK, "a")]
    assert Notices(db).standing() == {}
