import pytest

from monitor.core.notices import NoticeKind
from monitor.jobs.keeper import Keeper
from monitor.jobs.upkeep import Upkeep
from monitor.store.notices import Notices
from spiders.items import CrawlReport, Outcome


@pytest.fixture
def desk(db, sources, make_ingestor, clock, source):
    sources.sync([source("a"), source("b")], clock.now)

    class Desk:
        upkeep = Upkeep(sources, Keeper(Notices(db), (), clock=clock), make_ingestor(), clock)

        def look(self, name, reason=""):
            """Let a look at the source end with this reason, and a minute pass."""
            clock.forward(minutes=1)
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
    desk.upkeep = Upkeep(sources, Keeper(Notices(db), (), clock=clock), make_ingestor(), clock)
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
