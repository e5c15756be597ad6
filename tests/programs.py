"""Programs of the tests that people run by hand as well, run here in small."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[1]

SCRAPY = ("sh", "-c", '"$0" -m scrapy "$@"; exit $?', sys.executable)
"""Scrapy's own command, to be followed by its arguments.

By a shell: Scrapy ends where a process has ever taken too much memory, and the kernel counts that of the process that
starts it, here a large one of tests, for its own.
"""


def said(module: str, *words: str) -> dict[str, Any]:
    """What `python -m module … --json` printed. Fails with all that it said if it did not end well."""
    done = subprocess.run(
        [sys.executable, "-m", module, *words, "--json"],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found
