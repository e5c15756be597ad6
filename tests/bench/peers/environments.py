"""The peers, each in an environment of its own under `.peers`: `python -m tests.bench.peers.environments`.

Nothing of them comes into the project's environment or its pins. One that cannot be installed is left out, and the
bench says so.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from importlib.metadata import distributions
from pathlib import Path

PLACE = Path(__file__).resolve().parents[3] / ".peers"
PINS = {
    "news-please": ("news-please==1.6.16", "newspaper4k==0.9.6"),  # which is its reader of pages
    "newspaper4k": ("newspaper4k[robotstxt]==0.9.6",),
    "changedetection.io": ("changedetection.io==0.60.10",),
}
_PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")
_MARK = "installed.txt"


def version(peer: str) -> str | None:
    """The version that is installed, None if the peer is not there as it is pinned."""
    mark = PLACE / peer / _MARK
    if not mark.is_file() or mark.read_text(encoding="utf-8").split() != list(PINS[peer]):
        return None
    found = distributions(path=[str(path) for path in (PLACE / peer).glob("lib/python*/site-packages")])
    return next((each.version for each in found if each.name == peer), None)


def install(peer: str) -> bool:
    """Install a peer from the package index unless it is there; whether it is there now."""
    if version(peer):
        return True
    place = PLACE / peer
    venv.create(place, clear=True, with_pip=True)
    if subprocess.run([place / "bin" / "python", *_PIP, *PINS[peer]], check=False).returncode:
        return False
    (place / _MARK).write_text("\n".join(PINS[peer]) + "\n", encoding="utf-8")
    return True


def main() -> None:
    """Install all; what fails is told."""
    for peer in PINS:
        sys.stderr.write(f"{peer}: {'is there' if version(peer) else 'is being installed'}\n")
        if not install(peer):
            sys.stderr.write(f"{peer} cannot be installed, and is left out\n")


if __name__ == "__main__":
    main()
