"""Lets pytest run the examples of topic packs: `pytest rules/`.

It is loaded by every pytest that finds Tumen installed, so nothing else of Tumen is imported until a pack is met.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.core.laboratory.proving import Case, Prover

_LONGEST = 60  # characters of a text in the name of its example


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A pack is a folder with `pack.yaml` and `rules/`."""
    if file_path.name == "pack.yaml" and (file_path.parent / "rules").is_dir():
        collected: pytest.Collector = PackFile.from_parent(parent, path=file_path)
        return collected
    return None


class PackFile(pytest.File):
    """A topic pack with its examples."""

    def collect(self) -> Iterator[pytest.Item]:
        """One item for each example. Raises CollectError, with file, line and column, if the pack is broken."""
        from monitor.core.errors import MonitorError  # noqa: PLC0415  not before a pack is met
        from monitor.core.laboratory.proving import Prover, cases  # noqa: PLC0415
        from monitor.packs import load_pack  # noqa: PLC0415

        try:
            pack = load_pack(self.path.parent)
        except MonitorError as error:
            raise self.CollectError(str(error)) from None
        prover = Prover(pack)
        numbers: dict[str, int] = {}
        for case in cases(pack):
            key = f"{case.name} [{case.example.language}"
            numbers[key] = numbers.get(key, 0) + 1
            name = f"{key} {numbers[key]}] {_words(case.example.text)}"
            yield Example.from_parent(self, name=name, prover=prover, case=case)


class Example(pytest.Item):
    """A text on which rules must fire, or must not."""

    def __init__(self, *, prover: Prover, case: Case, **names: Any) -> None:
        super().__init__(**names)
        self.prover = prover
        self.case = case

    def runtest(self) -> None:
        """Try it."""
        if wrong := self.prover.wrong(self.case):
            raise ExampleFails(self.prover, self.case, [rule.name for rule in wrong])

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What the rules lacked, or by which words they fired; a traceback only for a mistake of Tumen's own."""
        if isinstance(excinfo.value, ExampleFails):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the example stands."""
        file, line, _ = self.case.example.where.rsplit(":", 2)
        return Path(file), int(line) - 1, self.name


class ExampleFails(Exception):
    """An example does not do what it asks."""

    def __init__(self, prover: Prover, case: Case, wrong: list[str]) -> None:
        super().__init__()
        self._prover, self._case, self._wrong = prover, case, wrong

    def __str__(self) -> str:
        from monitor.core.laboratory.proving import lacking  # noqa: PLC0415
        from monitor.core.matching import apply  # noqa: PLC0415  not before it is needed

        case, pack = self._case, self._prover.pack
        reading = self._prover.read(case.example)
        lines = [case.example.where, f"  {case.name}: {_words(case.example.text, 1000)}"]
        for rule in case.rules:
            if rule.name in self._wrong:
                match = apply(rule, pack, reading)
                words = ", ".join(f"{one.concept} {one.text!r}" for one in match.evidence) if match else ""
                lines.append(
                    f"  {rule.name}: {f'fires by {words}' if match else lacking(rule, pack, reading)}"
                )
        return "\n".join(lines)


def _words(text: str, longest: int = _LONGEST) -> str:
    """The beginning of a text on one line, without signs that act on a terminal."""
    line = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(line.split())[:longest]
