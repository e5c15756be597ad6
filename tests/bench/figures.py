"""What a bench found: printed as tables, and kept for the documentation if asked.

A bench ends with one `Finding` and `report(finding, kept=...)`, so that the terminal, docs/measured/<name>.json and
the page that is made of these files say the same. `python -m tests.bench.figures` (`make figures`) writes that page.
"""

from __future__ import annotations

import json
import os
import platform
import re
import sys
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from cattrs.preconf.json import make_converter
from rich.console import Console
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[2]
MEASURED = ROOT / "docs" / "measured"
Value = float | int | str | None
_CONVERTER = make_converter(forbid_extra_keys=True)
_DIGITS = 6  # that are kept of a figure; the rest is noise
_NAME = re.compile(r"[a-z][a-z-]*")


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what was measured, a value for each column, and the limit that the last of them is held against.

    A value that is None stays empty. `better` says whether the limit is the most or the least that is wanted.
    """

    name: str
    values: tuple[Value, ...]
    unit: str = ""
    limit: float | None = None
    better: Literal["less", "more"] = "less"

    @property
    def ok(self) -> bool | None:
        """Whether the limit holds; None without one. Nothing measured is over the limit."""
        if self.limit is None:
            return None
        last = next((value for value in reversed(self.values) if isinstance(value, int | float)), None)
        if last is None:
            return False
        return last <= self.limit if self.better == "less" else last >= self.limit

    @property
    def wanted(self) -> str:
        """The limit in words, nothing without one."""
        if self.limit is None:
            return ""
        return f"{'at most' if self.better == 'less' else 'at least'} {told(self.limit)} {self.unit}".strip()

    @property
    def label(self) -> str:
        """The name with its unit."""
        return f"{self.name}, {self.unit}" if self.unit else self.name


def row(
    name: str,
    *values: Value,
    unit: str = "",
    limit: float | None = None,
    better: Literal["less", "more"] = "less",
) -> Row:
    """A line of a sheet, written short."""
    return Row(name, values, unit, limit, better)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: `columns` name the values of its rows; what is said below it is `note`."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing of numbers: at each of `places` (words, or numbers in ascending order) one value of each series.

    Attributes:
        title: what is shown.
        places: what stands below: kinds for bars, numbers or moments for lines.
        series: by its name, a value for each place; None leaves a gap.
        unit: of the values.
        limit: a line that they are held against.
        shape: bars beside each other, or lines.
        below: what the places are, with their unit.
    """

    title: str
    places: tuple[str | float, ...]
    series: dict[str, tuple[float | None, ...]]
    unit: str = ""
    limit: float | None = None
    shape: Literal["bars", "lines"] = "bars"
    below: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """All that one bench found.

    Attributes:
        name: of the file that it is kept in: small letters and hyphens.
        title: what was measured.
        sheets: the tables.
        plots: the drawings.
        figures: numbers by a name of their own, for what is computed from them (`tests/bench/cost_model.py`).
        note: how it was measured: rounds, sizes, what else is to be known.
    """

    name: str
    title: str
    sheets: tuple[Sheet, ...]
    plots: tuple[Plot, ...] = ()
    figures: dict[str, float] = field(default_factory=dict)
    note: str = ""

    @property
    def over(self) -> tuple[Row, ...]:
        """The lines whose limit does not hold."""
        return tuple(row for sheet in self.sheets for row in sheet.rows if row.ok is False)


@dataclass(frozen=True, slots=True)
class Machine:
    """Where it was measured, without names of hosts or paths; `memory` is in GB, `load` the average of a minute."""

    cpu: str
    cores: int
    memory: float
    python: str
    kernel: str
    load: float

    def __str__(self) -> str:
        cores = f"{self.cores} core{'' if self.cores == 1 else 's'}"
        known = (self.cpu, cores, f"{self.memory:g} GB", f"Python {self.python}", self.kernel)
        return ", ".join((*known, f"load {self.load:g}"))


@dataclass(frozen=True, slots=True)
class Kept:
    """A finding with what it takes to measure again; `on` is a day in UTC."""

    on: str
    command: str
    machine: Machine
    finding: Finding


def add_option(parser: ArgumentParser) -> None:
    """`--keep` for a bench."""
    parser.add_argument("--keep", action="store_true", help="Keep the figures for docs/speed.md.")


def report(finding: Finding, *, kept: bool = False) -> int:
    """Print the tables, and keep them if asked. 1 if a limit does not hold, which a bench may exit with."""
    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
    for sheet in finding.sheets:
        console.print(_table(sheet), *filter(None, (escape(sheet.note),)), "", sep="\n")
    console.print(*filter(None, (escape(finding.note), str(machine()))), sep="\n")
    if kept:
        console.print(f"kept in {keep(finding).relative_to(ROOT)}")
    return 1 if finding.over else 0


def keep(finding: Finding, folder: Path = MEASURED) -> Path:
    """Write a finding to docs/measured, with today's date, this machine and this program's command. The file."""
    if not _NAME.fullmatch(finding.name):
        raise ValueError(f"{finding.name!r} is no name for figures: small letters and hyphens")
    for sheet in finding.sheets:
        for each in sheet.rows:
            if len(each.values) > len(sheet.columns):
                raise ValueError(f"{each.name!r} has more values than there are columns")
    known = Kept(f"{datetime.now(UTC):%Y-%m-%d}", command(sys.argv, sys.modules), machine(), finding)
    file = folder / f"{finding.name}.json"
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(
        json.dumps(_rounded(asdict(known)), ensure_ascii=False, indent=1, allow_nan=False) + "\n",
        encoding="utf-8",
    )
    return file


def load(folder: Path = MEASURED) -> Mapping[str, Kept]:
    """What is kept, by name. Raises an error of cattrs for a file that is none."""
    texts = {file.stem: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.json"))}
    return {name: _CONVERTER.structure(json.loads(text), Kept) for name, text in texts.items()}


def machine() -> Machine:
    """The machine that this runs on."""
    with Path("/proc/cpuinfo").open(encoding="utf-8") as lines:
        model = next((line.partition(":")[2] for line in lines if line.startswith("model name")), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    release = re.match(r"\d+\.\d+", platform.release())
    return Machine(
        cpu=" ".join(re.sub(r"\((?:R|TM)\)", "", model).split()) or platform.machine(),
        cores=len(os.sched_getaffinity(0)),
        memory=round(memory),
        python=platform.python_version(),
        kernel=f"{platform.system()} {release[0] if release else ''}".strip(),
        load=round(os.getloadavg()[0], 1),
    )


def command(arguments: list[str], modules: Mapping[str, object]) -> str:
    """How this program was called, as somebody calls it in a checkout; a path of this machine is only its name."""
    spec = getattr(modules["__main__"], "__spec__", None)
    script = Path(arguments[0]).resolve()
    shown = script.relative_to(ROOT) if script.is_relative_to(ROOT) else script.name
    program = f"-m {spec.name.removesuffix('.__main__')}" if spec else str(shown)
    rest = (Path(each).name if each.startswith("/") else each for each in arguments[1:] if each != "--keep")
    return " ".join(("python", program, *rest))


def told(value: Value) -> str:
    """A value as it is read: as many digits as say something."""
    if value is None or isinstance(value, str):
        return value or ""
    size = abs(value)
    if isinstance(value, int) or value.is_integer() or size >= 100:
        return f"{value:,.0f}"
    if size < 0.001:
        return "under 0.001"
    if size < 0.1:
        return f"{value:.3f}".rstrip("0")
    return f"{value:.1f}" if size >= 10 else f"{value:.2f}"


def _table(sheet: Sheet) -> Table:
    table = Table(title=sheet.title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    table.add_column("")
    for column in sheet.columns:
        table.add_column(column, justify="right")
    table.add_column("")
    judged = {None: "", True: "[green]ok[/] ({})", False: "[red]over[/] ({})"}
    for each in sheet.rows:
        empty = ("",) * (len(sheet.columns) - len(each.values))
        cells = (escape(cell) for cell in (each.label, *map(told, each.values)))
        table.add_row(*cells, *empty, judged[each.ok].format(each.wanted))
    return table


def _rounded(value: object) -> object:
    """The same with as many digits of each fraction as mean something."""
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(one) for one in value]
    return float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value


if __name__ == "__main__":
    from tests.bench.figures_page import main

    main()
