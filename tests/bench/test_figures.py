"""What the documentation says was measured is what was measured: it comes from the files, and from nowhere else."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pytest

from tests.bench.figures import (
    MEASURED,
    Finding,
    Kept,
    Plot,
    Sheet,
    command,
    keep,
    load,
    machine,
    report,
    row,
    told,
)
from tests.bench.figures_page import MARKED, PAGES, drawings, page, table

LOOKS = Sheet(
    "CPU of a look",
    ("parent", "worker", "together"),
    (
        row("unchanged", 0.91, 2.2, 3.1123456789, unit="ms", limit=4),
        row("changed | all", 1.0, 20, 21.0, unit="ms", limit=4),
        row("looks", 6000),
        row("looks a second", None, None, 99.5, limit=100, better="more"),
    ),
    note="Start-up apart.",
)
BARS = Plot("CPU of a look", ("unchanged", "changed"), {"parent": (0.9, 1.0), "worker": (2.2, None)}, "ms", 4)
LINE = Plot("Looks", (1, 2, 4), {"a second": (10.0, 19.5, 39.0)}, shape="lines", below="workers")
FOUND = Finding("looks", "What a look costs", (LOOKS,), (BARS, LINE), {"look_ms": 3.1}, "Three rounds.")


@pytest.fixture
def kept(tmp_path):
    keep(FOUND, tmp_path)
    return load(tmp_path)


# The documentation


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_the_pages_say_what_the_files_say(file):
    text = file.read_text(encoding="utf-8")
    assert text == page(text, load()), "run `make figures`"


@pytest.mark.parametrize(("file", "since"), [*zip(PAGES, ("# Speed", "## What it costs"), strict=True)])
def test_no_figure_stands_outside_of_what_was_measured(file, since):
    text = file.read_text(encoding="utf-8")
    written = MARKED.sub("", text[text.index(since) :])
    typed = re.findall(r".*\d.*", re.sub(r"`[^`\n]*`|^\d\. ", "", written, flags=re.MULTILINE))
    assert typed == [], "figures come from docs/measured"


def test_the_drawings_are_those_of_the_files():
    drawn = {file.name: file.read_text(encoding="utf-8") for file in MEASURED.glob("*.svg")}
    assert drawn == drawings(load()), "run `make figures`"


def test_everything_that_is_kept_is_shown():
    shown = {found[2] for file in PAGES for found in MARKED.finditer(file.read_text(encoding="utf-8"))}
    assert set(load()) <= shown


def test_nothing_kept_tells_of_a_machine_more_than_what_it_is():
    for file in MEASURED.glob("*.json"):
        assert not re.search(r'[ "](/\w+){2}|://|\\\\', file.read_text(encoding="utf-8")), file.name


def test_a_figure_that_is_typed_in_does_not_stay(kept):
    made = page("<!-- measured: looks -->\n<!-- end of measured -->\n", kept)
    assert "3.11" in made
    typed = made.replace("3.11", "2.11")
    assert page(typed, kept) == made != typed


# Keeping


def test_what_is_kept_comes_back(kept):
    found = kept["looks"].finding
    assert found.figures == FOUND.figures
    assert found.plots == FOUND.plots
    assert found.sheets[0].rows[0].values == (0.91, 2.2, 3.11235)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", kept["looks"].on)
    assert kept["looks"].machine.cores == machine().cores >= 1


@pytest.mark.parametrize("name", ["Looks", "a/b", "", "1"])
def test_a_name_that_is_none_is_refused(name, tmp_path):
    with pytest.raises(ValueError, match="no name"):
        keep(replace(FOUND, name=name), tmp_path)


def test_what_is_no_number_is_not_kept(tmp_path):
    with pytest.raises(ValueError, match="JSON"):
        keep(replace(FOUND, figures={"look_ms": float("nan")}), tmp_path)
    assert load(tmp_path) == {}


def test_a_file_that_says_more_than_is_known_is_refused(tmp_path):
    file = keep(FOUND, tmp_path)
    file.write_text(json.dumps(json.loads(file.read_text()) | {"more": 1}))
    with pytest.raises(Exception, match="Kept"):
        load(tmp_path)


def test_a_command_is_told_as_it_is_called_in_a_checkout():
    module = {"__main__": SimpleNamespace(__spec__=SimpleNamespace(name="tests.bench.bench_road"))}
    told = command(["/here/tests/bench/bench_road.py", "--rounds", "3", "--keep", "/here/a.db"], module)
    assert told == "python -m tests.bench.bench_road --rounds 3 a.db"
    assert "/" not in command(["/elsewhere/program.py"], {"__main__": SimpleNamespace()})


def test_a_command_of_make_is_named():
    kept = load_one("python -m tests.bench.figures --all")
    assert "by `make figures` (`python -m tests.bench.figures --all`), on" in kept
    assert "by `python -m tests.bench.other`, on" in load_one("python -m tests.bench.other")


def load_one(command):
    kept = {"looks": Kept("2026-11-26", command, machine(), FOUND)}
    return page("<!-- measured: looks -->\n<!-- end of measured -->\n", kept)


# Tables


def test_limits_are_held_against_the_last_value():
    assert [each.ok for each in LOOKS.rows] == [True, False, None, False]
    assert [each.wanted for each in LOOKS.rows] == ["at most 4 ms", "at most 4 ms", "", "at least 100"]
    assert [each.name for each in FOUND.over] == ["changed | all", "looks a second"]
    assert row("nothing was measured", None, limit=1).ok is False


def test_the_terminal_and_the_page_say_the_same(capsys):
    assert report(FOUND) == 1
    printed = " ".join(capsys.readouterr().out.split())
    for line in list(table(LOOKS))[2:]:
        cells = [cell.strip().replace("**", "") for cell in line.replace("\\|", "\0").split("|")]
        assert " ".join(filter(None, cells)).replace("\0", "|") in printed
    assert "Start-up apart. " in printed
    assert "Three rounds. " in printed


def test_within_its_limits_a_bench_ends_well():
    assert report(replace(FOUND, sheets=(replace(LOOKS, rows=LOOKS.rows[:1]),))) == 0


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, ""),
        ("3-4", "3-4"),
        (0, "0"),
        (12_345, "12,345"),
        (12_345.6, "12,346"),
        (99.64, "99.6"),
        (3.116, "3.12"),
        (0.0123, "0.012"),
        (0.1 / 3000, "under 0.001"),
        (0.0, "0"),
        (4.0, "4"),
    ],
)
def test_figures_have_the_digits_that_say_something(value, said):
    assert told(value) == said


# Drawings


@pytest.mark.parametrize("plot", [BARS, LINE, replace(LINE, series={}), replace(BARS, limit=None)])
def test_a_drawing_can_be_read_and_says_its_numbers(plot, kept):
    made = drawings({"one": replace(kept["looks"], finding=replace(FOUND, plots=(plot,)))})["one-1.svg"]
    root = ET.fromstring(made)
    assert root.get("width") == "560"
    said = root.find("{http://www.w3.org/2000/svg}desc").text
    for name, values in plot.series.items():
        assert f"{name}: {', '.join(told(value) or '-' for value in values)}" in said
    assert "prefers-color-scheme: dark" in made
    assert len(root.findall(".//{http://www.w3.org/2000/svg}circle")) == (3 if plot is LINE else 0)
