"""Many checks at once: one that hangs or breaks costs the others nothing."""

from __future__ import annotations

import threading

from monitor.core.checkup import Grade, ok
from monitor.core.errors import StorageError
from monitor.jobs.doctor import examine


def test_a_check_that_hangs_is_a_finding_and_the_others_are_heard():
    never = threading.Event()
    found = dict(
        examine(
            {"slow": lambda: [ok("slow", str(never.wait()))], "quick": lambda: [ok("quick", "fine")]},
            seconds=0.2,
        )
    )
    never.set()
    assert [one.says for one in found["quick"]] == ["fine"]
    (late,) = found["slow"]
    assert (late.grade, late.says) == (Grade.WARNING, "there was no answer within 0.2 s")
    assert late.remedy


def test_what_breaks_is_a_finding_with_its_place_and_remedy(tmp_path):
    def refused():
        yield ok("refused", "so far so good")
        raise StorageError("no", where="/srv", remedy="do so")

    def missing():
        yield ok("missing", (tmp_path / "none").read_text())

    def buggy():
        raise RuntimeError("oh")

    found = dict(examine({"refused": refused, "missing": missing, "buggy": buggy}))
    assert [(one.grade, one.says, one.where, one.remedy) for one in found["refused"]] == [
        (Grade.OK, "so far so good", "", ""),
        (Grade.PROBLEM, "no", "/srv", "do so"),
    ]
    (one,) = found["missing"]
    assert (one.grade, one.where) == (Grade.PROBLEM, str(tmp_path / "none"))
    (one,) = found["buggy"]
    assert "RuntimeError: oh" in one.says
