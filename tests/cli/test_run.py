"""The program as a process: what stops it before it starts, and what closes its output."""

from __future__ import annotations

import os

import pytest

from monitor.store.lock import WriterLock


def test_a_mistake_ends_the_service_before_it_starts(process, write):
    write("tumen.yaml", "chanels: {}\n")
    answer = process("run")
    assert answer.code == 2
    assert "did you mean channels?" in answer.err


def test_a_history_whose_directory_is_missing_is_not_begun(process, write, harbour):
    write("tumen.yaml", "packs: [../harbour]\nsources: {names: [yonhap-en]}\nhistory: unmounted/tumen.db\n")
    answer = process("run")
    assert answer.code == 3
    assert "unmounted: there is no such directory\n  → create or mount it" in answer.err


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


INTERRUPTED_IMPORT = """
import os, signal, sys

module = sys.argv.pop()

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == module:
            os.kill(os.getpid(), signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job would ignore it
sys.meta_path.insert(0, Interrupting())
from monitor.__main__ import main
main()
"""


@pytest.mark.parametrize(
    "module", ["click", "monitor.core.errors", "opencc", "monitor.cli.search", "monitor.store.database"]
)
def test_an_interrupt_while_modules_are_loaded_is_no_complaint(module, process, folder):
    answer = process("search", "port", module, program=INTERRUPTED_IMPORT)
    assert (answer.code, answer.out, answer.err) == (130, "", "")
