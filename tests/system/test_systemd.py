"""The unit under a real systemd, in namespaces of its own: where that is there, and root runs the tests."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest
import yaml

from tests.system.desk import PATIENCE, repeated, told
from tests.system.processes import wait_until
from tests.system.town import report

ROOT = Path(__file__).parents[2]
SYSTEMD = Path("/lib/systemd/systemd")
BOOT = Path(__file__).with_name("machine.sh")
_JOIN = 'echo $$ >"$0/cgroup.procs" && exec "$@"'  # a group of its own, then the rest
SPACES = ("unshare", "--mount", "--pid", "--fork", "--uts", "--ipc", "--cgroup", "--kill-child")

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not SYSTEMD.exists(), reason="a systemd of its own needs the rights of root"
)


class Machine:
    """A small machine with systemd, Tumen installed and its unit."""

    def __init__(self, said: Path) -> None:
        mounts = (line.split() for line in Path("/proc/mounts").read_text().splitlines())
        self._groups = [
            Path(place) / f"tumen-{uuid4().hex[:8]}" for _, place, kind, *_ in mounts if kind == "cgroup2"
        ]
        self._said = said
        self._outside: subprocess.Popen[bytes] | None = None

    def boot(self) -> None:
        """Start it, or skip the test where that is not possible."""
        if not self._groups:
            pytest.skip("there is no second version of control groups")
        base = Path(sys.base_prefix)
        python = Path(sys.executable).resolve().name
        paths = map(str, (ROOT, base, sysconfig.get_path("purelib"), python))
        try:
            self._groups[0].mkdir()
            with self._said.open("wb") as said:
                self._outside = subprocess.Popen(
                    ["sh", "-c", _JOIN, str(self._groups[0]), *SPACES, "sh", str(BOOT), *paths],
                    stdout=said,
                    stderr=said,
                )
            wait_until(lambda: self.system("is-system-running") in {"running", "degraded"}, 30)
        except (OSError, AssertionError) as error:
            pytest.skip(
                f"no machine can be made here: {error}; {self._said.read_text(errors='replace')[-300:]}"
            )

    @property
    def init(self) -> int:
        """Its first process, as we see it."""
        (one,) = Path(f"/proc/{self._outside.pid}/task/{self._outside.pid}/children").read_text().split()
        return int(one)

    @property
    def root(self) -> Path:
        """Its files."""
        return Path(f"/proc/{self.init}/root")

    def inside(self, *words: str) -> subprocess.CompletedProcess[str]:
        enter = ("nsenter", "-t", str(self.init), "-m", "-p", "-u", "-i", "-C")
        return subprocess.run([*enter, *words], capture_output=True, text=True, check=False, timeout=PATIENCE)

    def system(self, *words: str) -> str:
        """What systemctl says."""
        with suppress(ValueError):
            done = self.inside("systemctl", *words)
            return (done.stdout or done.stderr).strip()
        return ""

    def shown(self, name: str) -> str:
        return self.system("show", "--value", "-p", name, "tumen")

    def halt(self) -> None:
        """End it, with all that runs in it."""
        if self._outside is not None:
            self._outside.kill()
            self._outside.wait()
        wait_until(self._is_swept, 20, "its control groups are gone")

    def _is_swept(self) -> bool:
        group = self._groups[0] if self._groups else None
        if group is None or not group.exists():
            return True
        for below in [*sorted(group.rglob("*/"), reverse=True), group]:
            with suppress(OSError):  # what ran in it takes a moment to go
                below.rmdir()
        return not group.exists()


@pytest.fixture
def machine(tmp_path):
    one = Machine(tmp_path / "said.txt")
    try:
        one.boot()
        yield one
    finally:
        one.halt()


def test_systemd_runs_the_unit_confined_restarts_a_hung_one_and_ends_it(machine, desk, small, inbox):
    desk.watch(small, inbox)
    settings = yaml.safe_load(desk.config.read_text(encoding="utf-8"))
    settings |= {"history": "/var/lib/tumen/tumen.db", "packs": ["/opt/source/tests/system/pack"]}
    (machine.root / "etc/tumen/tumen.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")

    assert machine.inside("systemctl", "start", "tumen").returncode == 0, said(machine)
    assert machine.shown("ActiveState") == "active"
    wait_until(
        lambda: machine.shown("StatusText") == "watching 3 sources; nothing waits to be sent", PATIENCE
    )
    wait_until(lambda: len(told(inbox)) == len(small.developments), PATIENCE, said(machine))
    first = machine.shown("MainPID")
    confined = machine.inside("cat", f"/proc/{first}/status").stdout
    assert "NoNewPrivs:\t1" in confined
    assert "Seccomp:\t2" in confined
    assert "Uid:\t0" not in confined
    assert machine.inside("systemctl", "reload", "tumen").returncode == 0, said(machine)

    machine.inside("kill", "-STOP", first)
    small.papers[0].publish(report("dredger"))
    wait_until(lambda: len(told(inbox)) == len(small.developments), PATIENCE, said(machine))
    assert machine.shown("MainPID") != first

    assert machine.inside("systemctl", "stop", "tumen").returncode == 0
    ends = (machine.root / "run/ended").read_text().splitlines()
    assert ends == ["watchdog KILL", "success 143"]
    assert not repeated(inbox)
    assert "Traceback" not in said(machine)


def said(machine):
    """The log of the service."""
    log = machine.root / "run/tumen.log"
    return log.read_text(encoding="utf-8") if log.exists() else ""
