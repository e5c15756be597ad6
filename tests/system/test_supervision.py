"""Under a service manager: it hears that the service is ready, how it is, and that it ends; a hang ends in a restart.

F32: a loop that hangs is started anew within two intervals of the watchdog, nothing is lost, and nothing told twice.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from monitor.jobs.steps import Step
from tests.system import processes
from tests.system.desk import PATIENCE, repeated
from tests.system.processes import wait_until
from tests.system.supervisor import Supervisor
from tests.system.test_kills import check_all_was_told
from tests.system.town import report

WATCHDOG = 3.0  # seconds


def settled(desk, town, supervisor, times=1):
    """Wait until the service is ready (again), and has read and told everything."""
    wait_until(
        lambda: supervisor.ready(times) and desk.has_read(len(town.pieces)), PATIENCE, "all is told and quiet"
    )


def test_the_manager_hears_of_begin_work_and_end_and_children_do_not_know_it(desk, small, inbox):
    desk.watch(small, inbox)
    with Supervisor(desk, desk.serve, WATCHDOG) as supervisor:
        settled(desk, small, supervisor)
        assert supervisor.said[0].startswith("EXTEND_TIMEOUT_USEC="), "the history may be large"
        assert supervisor.said.index("READY=1") == 1, "not before it watches"
        assert supervisor.said[2].startswith("STATUS=watching 3 sources; ")
        fed = supervisor.said.count("WATCHDOG=1")
        wait_until(lambda: supervisor.said.count("WATCHDOG=1") >= fed + 3, PATIENCE, "it is fed on and on")
        wait_until(lambda: "STATUS=watching 3 sources; nothing waits to be sent" in supervisor.said, PATIENCE)
        children = set(processes.marked(desk.mark)) - {supervisor.service.pid}
        assert children, "the crawl worker is there"
        known = [Path(f"/proc/{pid}/environ").read_bytes() for pid in children]
        assert not any(b"NOTIFY_SOCKET" in one or b"WATCHDOG" in one for one in known)
        assert desk.stop(supervisor.service) == 143
        wait_until(lambda: "STOPPING=1" in supervisor.said, PATIENCE)
        assert not supervisor.killed


def test_a_process_that_stands_still_is_started_anew_and_what_came_meanwhile_is_told(desk, small, inbox):
    desk.watch(small, inbox)
    with Supervisor(desk, desk.serve, WATCHDOG) as supervisor:
        settled(desk, small, supervisor)
        hung, before = time.monotonic(), supervisor.service
        os.kill(before.pid, signal.SIGSTOP)
        small.papers[0].publish(report("dredger"))
        settled(desk, small, supervisor, times=2)
        check_restarted(supervisor, hung)
        assert before.returncode == -signal.SIGKILL
        assert desk.stop(supervisor.service) == 143
    check_all_was_told(desk, small, inbox)
    assert not repeated(inbox)


@pytest.mark.parametrize(("step", "nth"), [(Step.PAGE_READ, 3), (Step.ARTICLE_STORED, 2), (Step.CLAIMED, 2)])
def test_a_loop_that_hangs_is_started_anew_and_nothing_is_lost_or_told_twice(step, nth, desk, small, inbox):
    desk.watch(small, inbox)
    with Supervisor(desk, lambda: desk.start("--hang-at", step, "--nth", str(nth)), WATCHDOG) as supervisor:
        wait_until(desk.has_struck, PATIENCE, "it hangs")
        hung = time.monotonic()
        on_its_way = desk.in_flight()  # its mail goes out all the same, and nobody is left to note that
        settled(desk, small, supervisor, times=2)
        check_restarted(supervisor, hung)
        assert desk.died_at() == step
        assert desk.stop(supervisor.service) == 143
    check_all_was_told(desk, small, inbox)
    assert repeated(inbox) <= on_its_way


def test_a_tick_that_fails_by_a_bug_for_ever_is_no_progress(desk, small, inbox):
    desk.watch(small, inbox)
    with Supervisor(desk, lambda: desk.start("--break", "deliver"), WATCHDOG) as supervisor:
        settled(desk, small, supervisor, times=2)
        assert len(supervisor.killed) == 1
        assert "STATUS=standing still: deliver" in supervisor.said
        assert desk.stop(supervisor.service) == 143
    assert "deliver stands still; the service manager is not told that all is well" in desk.log.read_text()
    check_all_was_told(desk, small, inbox)
    assert not repeated(inbox)


def check_restarted(supervisor, hung):
    """It was killed once, within two intervals after it hung; the rest of the time is the manager's own."""
    (killed,) = supervisor.killed
    assert killed - hung < 2 * WATCHDOG
