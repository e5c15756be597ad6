"""No test reaches another machine: the proof that what forbids it works, here and in the processes of the tests."""

from __future__ import annotations

import errno
import socket
import subprocess
import sys

import pytest

ELSEWHERE = "192.0.2.1"  # reserved for documentation, RFC 5737: nobody is there


@pytest.fixture
def tried(escapes):
    """What was written down within this test, which is then forgotten."""
    before = escapes.read_text() if escapes.exists() else ""

    def read() -> str:
        return escapes.read_text().removeprefix(before) if escapes.exists() else ""

    yield read
    if before:
        escapes.write_text(before)
    else:
        escapes.unlink(missing_ok=True)


def test_a_connection_to_another_machine_is_refused_and_written_down(tried):
    with socket.socket() as one, pytest.raises(OSError) as caught:
        one.connect((ELSEWHERE, 80))
    assert caught.value.errno == errno.ENETUNREACH
    assert ELSEWHERE in tried()


def test_a_child_process_is_confined_as_well(tried):
    code = f"import socket; socket.create_connection(('{ELSEWHERE}', 80), 1)"
    ended = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=False)
    assert "stay on this machine" in ended.stderr
    assert ELSEWHERE in tried()


def test_no_name_is_looked_up_but_that_of_this_machine(tried):
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("example.org", 80)
    assert socket.getaddrinfo("localhost", 80)
    assert socket.getaddrinfo("0x7f000001", 80)[0][4][0] == "127.0.0.1"
    assert tried() == ""
