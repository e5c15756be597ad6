"""Versions with faults that matter are named, and those without are not."""

from __future__ import annotations

import pytest

from monitor.core.checkup import Grade
from monitor.core.checkup.faults import KNOWN, judge_versions


@pytest.mark.parametrize(
    ("version", "faulty"),
    [
        ("3.7.0", True),
        ("3.40.1", True),
        ("3.44.5", True),
        ("3.44.6", False),
        ("3.44.7", False),
        ("3.45.0", True),
        ("3.50.6", True),
        ("3.50.7", False),
        ("3.51.2", True),
        ("3.51.3", False),
        ("3.53.0", False),
    ],
)
def test_the_fault_of_resetting_the_log_is_known_by_version(version, faulty):
    found = judge_versions({"sqlite": version}, {})
    assert [one.grade for one in found] == [Grade.WARNING if faulty else Grade.OK]
    if faulty:
        assert version in found[0].says
        assert "3.51.3" in found[0].remedy


def test_a_package_that_is_missing_or_too_old_is_a_problem():
    found = judge_versions(
        {"click": "8.0", "rich": "14.1"}, {"click": ">=8.2", "rich": ">=14", "lxml": ">=6"}
    )
    assert [(one.grade, one.where) for one in found] == [(Grade.PROBLEM, "click"), (Grade.PROBLEM, "lxml")]
    assert "8.0" in found[0].says
    assert ">=8.2" in found[0].says


@pytest.mark.parametrize("fault", KNOWN, ids=lambda fault: fault.package)
def test_every_known_fault_says_what_it_means_what_to_do_and_who_says_so(fault):
    assert fault.fault
    assert fault.remedy
    assert fault.source.startswith("https://")
    assert not fault.is_in("99.0")
