"""What the documentation shows of a cluster: the page, its commands, and how options are told apart."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

ROOT = Path(__file__).parents[2]
CLUSTER = ROOT / "deploy" / "cluster"
DASK = CLUSTER / "dask.yaml"
PAGE = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The blocks of code in a language, lines that go on joined."""
    found = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return [block.replace("\\\n", " ") for block in found]


CERTIFICATES = next(block for block in blocks("sh") if block.startswith("openssl "))
BY_HAND = {
    shlex.split(line)[1]: shlex.split(line)[2:]
    for block in blocks("sh")
    for line in block.splitlines()
    if line.startswith("dask ")
}


def options(words: list[str]) -> dict[str, str]:
    """The options of a command with their values."""
    joined = " ".join(word.replace("=", " ", 1) for word in words if not word.startswith(("tls://", "${")))
    return dict(re.findall(r"(--[\w-]+)(?: (?!--)(\S+))?", joined))
