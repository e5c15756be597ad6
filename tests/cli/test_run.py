"""The program as a process: what stops it before it starts, and what closes its output."""

from __future__ import annotations

import os

from monitor.store.lock import WriterLock


def test_a_mistake_ends_the_service_before_it_starts(process, write):
    write("tumen.yaml", "chanels: {}\n")
    answer = process("run")
    assert answer.code == 2
    assert "did you mean channels?" in answer.err


def test_a_second_service_does_not_start(process, write, harbour, folder):
    write("tumen.yaml", "packs: [../harbour]\nsources: {names: [yonhap-en]}\n")
    with WriterLock(folder / "tumen.db"):
        answer = process("run")
    assert answer.code == 6
    assert "Traceback" not in answer.err
    assert "→" in answer.err
    assert answer.err.count("the user agent names no contact") == 1


def test_whoever_stops_reading_hears_no_complaint(process):
    reading, writing = os.pipe()
    os.close(reading)
    try:
        answer = process("sources", "list", "--all", "--json", stdout=writing)
        assert (answer.code, answer.err) == (0, "")
        answer = process("sources", "list", "--all", stdout=writing)
        assert (answer.code, answer.err) == (0, "")
    finally:
        os.close(writing)
