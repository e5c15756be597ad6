"""The pages of the documentation that show what was measured; the text around the tables is written.

What stands between `<!-- measured: road -->` and `<!-- end of measured -->` comes from docs/measured/road.json, with
its drawings beside it; `<!-- measured: cost -->` is computed from several of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.bench import cost_model
from tests.bench.figures import MEASURED, ROOT, load, told
from tests.bench.plots import svg

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.bench.figures import Kept, Row, Sheet

PAGES = tuple(ROOT / "docs" / name for name in ("speed.md", "scaling.md"))
_MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
COMPUTED = "cost"  # what no bench has measured
MARKED = re.compile(r"(<!-- measured: ([\w-]+) -->\n)(.*?)(<!-- end of measured -->)", re.DOTALL)


def page(text: str, kept: Mapping[str, Kept]) -> str:
    """The page with its tables made anew."""

    def section(found: re.Match[str]) -> str:
        made = _computed(kept) if found[2] == COMPUTED else _section(kept.get(found[2]))
        return "".join((found[1], "\n", *made, "\n", found[4]))

    return MARKED.sub(section, text)


def drawings(kept: Mapping[str, Kept]) -> Mapping[str, str]:
    """All drawings, by the names of their files."""
    return {
        _drawing(name, number): svg(plot)
        for name, one in kept.items()
        for number, plot in enumerate(one.finding.plots, start=1)
    }


def main() -> None:
    """Write the pages and drawings."""
    kept = load()
    for file in PAGES:
        file.write_text(page(file.read_text(encoding="utf-8"), kept), encoding="utf-8")
    made = drawings(kept)
    for file in _drawn():
        if file.name not in made:
            file.unlink()
    for name, text in made.items():
        (MEASURED / name).write_text(text, encoding="utf-8")


def _section(kept: Kept | None) -> Iterator[str]:
    """What is known of one bench, in paragraphs."""
    if kept is None:
        yield "Not measured yet.\n"
        return
    found = kept.finding
    yield f"{found.title}, by {_command(kept.command)}, on {kept.on}; {kept.machine}.\n"
    for sheet in found.sheets:
        yield "\n" + "\n".join(table(sheet)) + "\n"
        if sheet.note:
            yield f"\n{sheet.note}\n"
    for number, plot in enumerate(found.plots, start=1):
        yield f"\n![{plot.title}](measured/{_drawing(found.name, number)})\n"
    if found.note:
        yield f"\n{found.note}\n"


def _computed(kept: Mapping[str, Kept]) -> Iterator[str]:
    """What is computed from all that is known, in paragraphs."""
    try:
        known = cost_model.costs(kept)
    except cost_model.Missing as missing:
        yield f"Not computed yet; nothing has measured: {missing}.\n"
        return
    yield f"{cost_model.basis(kept)}\n"
    for minutes in cost_model.INTERVALS:
        yield "\n" + "\n".join(table(cost_model.needs(known, minutes))) + "\n"
    yield "\n" + "\n".join(table(cost_model.limits(known))) + "\n"
    yield f"\n{cost_model.first(known)}\n"


def _command(command: str) -> str:
    """The command, after the target of make that has it."""
    program = " ".join(command.split(" ")[: 3 if command.startswith("python -m ") else 2])
    found = re.search(rf"^([a-z-]+):.*\n(?:\t.*\n)*?\t.*/{re.escape(program)}\b", _MAKEFILE, re.MULTILINE)
    return f"`make {found[1]}` (`{command}`)" if found else f"`{command}`"


def table(sheet: Sheet) -> Iterator[str]:
    """A sheet in Markdown; its title is the head of the first column."""
    judged = any(each.limit is not None for each in sheet.rows)
    yield _line(sheet.title, *sheet.columns, *(["wanted"] if judged else []))
    yield "|---|" + "--:|" * len(sheet.columns) + ("---|" if judged else "")
    for each in sheet.rows:
        empty = ("",) * (len(sheet.columns) - len(each.values))
        yield _line(each.label, *map(told, each.values), *empty, *([_judged(each)] if judged else []))


def _judged(row: Row) -> str:
    return {None: "", True: f"ok ({row.wanted})", False: f"**over** ({row.wanted})"}[row.ok]


def _line(*cells: str) -> str:
    escaped = (" ".join(cell.replace("|", "\\|").split()) for cell in cells)
    return "|" + "|".join(f" {cell} " if cell else " " for cell in escaped) + "|"


def _drawing(name: str, number: int) -> str:
    return f"{name}-{number}.svg"


def _drawn() -> list[Path]:
    return sorted(MEASURED.glob("*.svg"))
