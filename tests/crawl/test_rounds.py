from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.crawl.rounds import Loss, Rounds, Try
from spiders.items import Look, Outcome, Read

NAMES = "abcdefghij"


def tasks(names: str):
    return tuple(Look(name, f"https://{name}.example/") for name in names)


def ids(following):
    return "".join(task.id for task in following.tasks)


def test_a_job_without_a_loss_is_one_round():
    rounds = Rounds(tasks("abc"))
    assert ids(rounds.next()) == "abc"
    assert rounds.next() is None


def test_a_known_suspect_is_tried_alone_and_the_others_go_first():
    rounds = Rounds(tasks("abcd"))
    assert rounds.lost(rounds.next(), "bcd", Loss(suspects=frozenset("b"))) == ()
    first, second = rounds.next(), rounds.next()
    assert (first.how, ids(first)) == (Try.SHARED, "cd")
    assert (second.how, ids(second)) == (Try.ALONE, "b")
    (report,) = rounds.lost(second, "b", Loss(suspects=frozenset("b"), why="it was ended by SIGSEGV"))
    assert (report.task, report.outcome, report.reason) == ("b", Outcome.FAILED, "worker_lost")
    assert "SIGSEGV" in report.detail
    assert rounds.next() is None


def test_unknown_suspects_are_tried_together_and_then_alone():
    rounds = Rounds(tasks("abcd"))
    rounds.lost(rounds.next(), "abcd", Loss(suspects=frozenset("abc")))
    assert ids(rounds.next()) == "d"
    together = rounds.next()
    assert (together.how, ids(together)) == (Try.TOGETHER, "abc")
    rounds.lost(together, "abc", Loss(suspects=frozenset("abc")))
    alone = [rounds.next() for _ in "abc"]
    assert [(one.how, ids(one)) for one in alone] == [(Try.ALONE, name) for name in "abc"]


def test_a_task_over_its_deadline_is_reported_and_the_others_are_tried_again():
    rounds = Rounds((*tasks("ab"), Read("c", "https://c.example/", deadline=2.5)))
    (report,) = rounds.lost(rounds.next(), "abc", Loss(overdue=frozenset("c")))
    assert (report.task, report.reason) == ("c", "deadline")
    assert "2.5 seconds" in report.detail
    assert (again := rounds.next()).how is Try.SHARED
    assert ids(again) == "ab"


def test_a_loss_that_another_job_caused_costs_nothing():
    rounds = Rounds(tasks("ab"), most_losses=0)
    for _ in range(20):
        assert rounds.lost(rounds.next(), "ab", Loss(ours=False)) == ()
    assert ids(rounds.next()) == "ab"


@given(
    st.sets(st.sampled_from(NAMES), min_size=1),
    st.sets(st.sampled_from(NAMES)),
    st.sets(st.sampled_from(NAMES)),
    st.booleans(),
    st.integers(2, 40),
)
def test_every_task_is_reported_once_and_only_the_guilty_fail(names, killers, hanging, known, most_losses):
    """Play a job against a worker in which `killers` kill and `hanging` hang, the first of them in each round."""
    names = "".join(sorted(names))
    rounds = Rounds(tasks(names), most_losses=most_losses)
    reported, lost = {}, 0
    while following := rounds.next():
        running = ids(following)
        bad = next((n for n, name in enumerate(running) if name in killers | hanging), len(running))
        for name in running[:bad]:
            assert name not in reported
            reported[name] = "ok"
        if bad == len(running):
            continue
        lost += 1
        left = running[bad:]
        culprit = frozenset(left[0])
        loss = (
            Loss(overdue=culprit)
            if left[0] in hanging
            else Loss(suspects=culprit if known else frozenset(left))
        )
        for report in rounds.lost(following, left, loss):
            assert report.task not in reported
            reported[report.task] = report.reason
    assert set(reported) == set(names)
    assert lost <= most_losses + 1
    failed = {name for name, reason in reported.items() if reason != "ok"}
    assert (killers | hanging) & set(names) <= failed
    if lost <= most_losses:
        assert failed == (killers | hanging) & set(names)
