"""The page about trouble holds every message that ends Tumen, and every finding of its doctor, as printed."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from monitor.core import errors
from monitor.core.checkup.faults import KNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
ENDING = {
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.MonitorError) and kind.exit_code in range(3, 7)
}
GAP = "…"
DOCTOR = ("monitor/core/checkup", "monitor/jobs/doctor")


def said(node: ast.expr, function: ast.AST) -> Iterator[str]:
    """What an expression says, with a gap for what is filled in; each of several ways to say it."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(part.value if isinstance(part, ast.Constant) else GAP for part in parts)
        case ast.IfExp(body=one, orelse=other):
            yield from said(one, function)
            yield from said(other, function)
        case ast.BinOp(left=left):
            yield from (text + GAP for text in said(left, function))
        case ast.Name(id=name):
            for inner in ast.walk(function):
                if isinstance(inner, ast.Assign) and any(
                    isinstance(target, ast.Name) and target.id == name for target in inner.targets
                ):
                    yield from said(inner.value, function)


def calls(path: Path) -> Iterator[tuple[str, ast.Call, ast.AST]]:
    """Each call of a plain name in a file, with the function around it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    for function in functions:
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                yield node.func.id, node, function


def messages(kinds: set[str]) -> dict[str, str]:
    """The file that raises an error of these kinds, by its message."""
    found = {}
    for path in sorted(ROOT.glob("monitor/**/*.py")):
        for name, call, function in calls(path):
            if name in kinds and call.args:
                for text in said(call.args[0], function):
                    found[squeezed(text)] = str(path.relative_to(ROOT))
    return found


def findings() -> set[str]:
    """What the doctor says where something is not well."""
    found = set()
    for room in DOCTOR:
        for path in ROOT.glob(f"{room}/**/*.py"):
            for name, call, function in calls(path):
                at = {"problem": 1, "warning": 1, "_bad": 0}.get(name)
                if at is not None and len(call.args) > at:
                    found |= {squeezed(text) for text in said(call.args[at], function)}
    return found - {GAP}


def squeezed(text: str) -> str:
    """With one gap where several meet, and none at the end."""
    return re.sub(rf"(?:{GAP}[\s,;.:%()-]*)+{GAP}", GAP, text).strip()


MESSAGES, FINDINGS = messages(ENDING), findings()


def quoted(heading: str) -> set[str]:
    """What stands between backticks in the first column of the tables below a heading."""
    section = re.search(rf"^## {heading}$(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert section, f"there is no section {heading}"
    cells = (line.split(" | ")[0] for line in section[1].splitlines() if line.startswith("| `"))
    return {text for cell in cells for text in re.findall(r"`([^`]+)`", cell)}


def test_the_messages_of_the_program_are_found():
    assert {"another Tumen (process …) is writing this history", "there is no history here yet"} <= set(
        MESSAGES
    )
    assert {"others may write it (…)", "there is none"} <= FINDINGS
    assert len(MESSAGES) > 25
    assert len(FINDINGS) > 25


@pytest.mark.parametrize("message", sorted(MESSAGES))
def test_every_message_that_ends_it_is_explained(message):
    assert message in quoted("Messages by exit code"), f"raised in {MESSAGES[message]}"


def test_every_message_that_is_explained_exists():
    assert quoted("Messages by exit code") - set(MESSAGES) == set()


def test_every_other_message_that_is_explained_exists():
    others = messages({"MonitorError", "NotRunning"})
    logged = "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("monitor/**/*.py"))
    for text in quoted("Other messages"):
        words = re.split(f"{GAP}|30", text)
        assert text in others or re.search('[^"]*'.join(map(re.escape, words)), logged), text


@pytest.mark.parametrize("finding", sorted(FINDINGS))
def test_every_finding_of_the_doctor_is_explained(finding):
    assert finding in quoted("What the doctor finds")


def test_every_finding_that_is_explained_exists():
    assert quoted("What the doctor finds") - FINDINGS == set()


def test_the_faults_that_are_known_are_listed():
    for fault in KNOWN:
        assert f"| {fault.package} |" in PAGE
        assert fault.source in PAGE
