"""The service does all of its work within what its unit allows.

systemd is not asked for it: a wrapper sets the same filter of system calls. So this shows that nothing is missing,
and also where `test_systemd` cannot run.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.system.desk import TUMEN
from tests.system.test_kills import check_all_was_told

UNIT = Path(__file__).parents[2] / "deploy" / "tumen.service"
DEBIAN = "/usr/bin/python3"
CONFINED = (DEBIAN, str(Path(__file__).with_name("confined.py")), str(UNIT))


def can_confine() -> bool:
    asked = [DEBIAN, "-c", "import seccomp"]
    return bool(
        shutil.which(DEBIAN)
        and shutil.which("systemd-analyze")
        and not subprocess.run(asked, capture_output=True, check=False).returncode
    )


pytestmark = pytest.mark.skipif(
    not can_confine(), reason="python3-seccomp and systemd-analyze set the filter"
)

REFUSED = {
    "memory that is written and run": "import mmap; mmap.mmap(-1, 4096, prot=7)",
    "a socket of the kernel": "import socket; socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    "another priority": "import os; os.nice(1)",
    "another owner": "import os; os.chown('/tmp', 1, 1)",
    "another root": "import os; os.chroot('/')",
}


@pytest.mark.parametrize("code", REFUSED.values(), ids=REFUSED)
def test_the_unit_refuses(code):
    free = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    kept = subprocess.run([*CONFINED, sys.executable, "-c", code], capture_output=True, check=False)
    assert kept.returncode == 1
    assert b"PermissionError" in kept.stderr, kept.stderr
    assert free.returncode == 0 or b"PermissionError" in free.stderr


def test_the_service_watches_reads_keeps_and_tells_within_its_unit(desk, small, inbox):
    desk.watch(small, inbox)
    service = desk.start(program=(*CONFINED, *TUMEN, "run", "--config"))
    desk.wait_for(lambda: desk.has_read(len(small.pieces)), service)
    status = desk.tumen("status", "-c", str(desk.config))
    assert status.returncode == 0, status.stderr
    assert desk.stop(service) == 143
    check_all_was_told(desk, small, inbox)
    assert "Traceback" not in desk.said()
    assert "not permitted" not in desk.said()
