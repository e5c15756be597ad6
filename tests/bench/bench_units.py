"""How exposed units of systemd leave the machine, by `systemd-analyze security`: 0 is best, 10 is worst."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
ANALYZE = shutil.which("systemd-analyze")

# What a plain unit says, and what Miniflux publishes for its own: only the settings that count here.
BARE: dict[str, str] = {}
MINIFLUX = dict.fromkeys(
    (
        "NoNewPrivileges",
        "PrivateDevices",
        "ProtectControlGroups",
        "ProtectHome",
        "ProtectKernelModules",
        "ProtectKernelTunables",
        "RestrictRealtime",
    ),
    "yes",
) | {
    "User": "miniflux",
    "ProtectSystem": "strict",
    "ReadWritePaths": "/run",
    "AmbientCapabilities": "CAP_NET_BIND_SERVICE",
}


def exposure(unit: Path) -> float:
    """The overall level of a unit file, without asking a running systemd."""
    done = subprocess.run(
        [str(ANALYZE), "security", "--offline=true", "--no-pager", str(unit)],
        capture_output=True,
        text=True,
        check=True,
    )
    found = re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)
    assert found, done.stdout
    return float(found[1])


def exposure_of(settings: dict[str, str]) -> float:
    """The overall level of a service with these settings."""
    lines = "".join(f"{name}={value}\n" for name, value in settings.items())
    with tempfile.TemporaryDirectory() as folder:
        unit = Path(folder) / "other.service"
        unit.write_text(f"[Service]\nExecStart=/bin/true\n{lines}", encoding="utf-8")
        return exposure(unit)


def main() -> None:
    if ANALYZE is None:
        sys.exit("systemd-analyze is not there")
    print("exposure, 0 to 10")
    for unit in sorted((ROOT / "deploy").rglob("*.service")):
        print(f"{exposure(unit):5.1f}  {unit.relative_to(ROOT)}")
    print(f"{exposure_of(MINIFLUX):5.1f}  with the settings of Miniflux")
    print(f"{exposure_of(BARE):5.1f}  a unit that says nothing")


if __name__ == "__main__":
    main()
