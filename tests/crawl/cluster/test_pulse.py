"""Whoever gives no sign of life for a while is silent, by our clock, until he gives one."""

from __future__ import annotations

from monitor.crawl.cluster.pulse import SILENT_AFTER, Pulse


def test_who_gives_no_new_sign_is_silent_until_he_does():
    pulse = Pulse()
    assert pulse.silent({"a": 1000.0, "b": 1000.0}, 0.0) == set()
    assert pulse.silent({"a": 1000.0, "b": 1010.0}, SILENT_AFTER) == set()
    assert pulse.silent({"a": 1000.0, "b": 1020.0}, SILENT_AFTER + 1) == {"a"}
    assert pulse.silent({"a": 1021.0, "b": 1020.0}, SILENT_AFTER + 2) == set()


def test_whoever_looks_seldom_calls_nobody_silent_who_gave_signs_meanwhile():
    pulse = Pulse()
    pulse.silent({"a": 1000.0}, 0.0)
    assert pulse.silent({"a": 1500.0}, 500.0) == set()


def test_signs_may_be_of_a_clock_that_was_set_back():
    pulse = Pulse()
    pulse.silent({"a": 1000.0}, 0.0)
    assert pulse.silent({"a": 400.0}, SILENT_AFTER + 1) == set()


def test_who_has_gone_and_comes_back_is_new():
    pulse = Pulse()
    pulse.silent({"a": 1000.0}, 0.0)
    pulse.silent({}, 5.0)
    assert pulse.silent({"a": 1000.0}, SILENT_AFTER + 5) == set()
