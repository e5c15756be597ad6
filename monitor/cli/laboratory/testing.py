"""`tumen rules test`."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.laboratory.sheet import Sheet, evidence_row
from monitor.cli.options import as_json, config_file, ending, packs_of, settings_if_any
from monitor.cli.output import counted, print_json
from monitor.cli.progress import progress
from monitor.core.laboratory.proving import Prover, cases, lacking
from monitor.core.matching import apply
from monitor.jobs.inbox import as_cases, inbox_file, read_wishes
from monitor.notify.excerpt import one_line, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from monitor.config import Settings
    from monitor.core.laboratory.proving import Case
    from monitor.core.topic import Pack, Rule

_SHOWN = 4  # rules that are explained for one example: a text on which any rule should fire may lack them all


@dataclass(frozen=True, slots=True)
class _Result:
    """One example: the rules that do not do what it asks. `wish`: it waits in the inbox."""

    pack: Pack
    case: Case
    wrong: tuple[Rule, ...]
    wish: bool = False

    @property
    def says(self) -> str:
        """What is asked, and the text."""
        return f"{self.case.name} [{self.case.example.language}] {one_line(self.case.example.text)}"


@click.command(
    "test",
    epilog=ending(
        "0 all hold",
        "1 an example fails",
        "2 a pack is wrong",
        examples=["tumen rules test", "tumen rules test dprk-russia -k troops"],
    ),
)
@click.argument("packs", nargs=-1, metavar="[PACK]…")
@click.option(
    "-k",
    "words",
    metavar="WORDS",
    default="",
    help="Only examples in whose rule, language or text all words stand.",
)
@config_file
@as_json
def test_rules(packs: tuple[str, ...], words: str, config: Path, *, as_json: bool) -> None:
    """Run the examples of packs.

    They are texts on which a rule must fire, or must not. A failing example is shown with what its rule lacked, or by
    which words it fired. Examples in a pack's inbox (see `tumen feedback`) are wishes: shown, but no failure. `pytest
    rules/` runs the same examples.
    """
    settings = settings_if_any(config)
    began = time.monotonic()
    results = [
        result
        for pack in packs_of(packs, settings)
        for result in _run(pack, settings, words.casefold().split())
    ]
    seconds = time.monotonic() - began
    if as_json:
        packs_met = {result.pack.name: result.pack for result in results}
        provers = {name: Prover(pack) for name, pack in packs_met.items()}
        for result in results:
            print_json(_row(result, provers[result.pack.name]))
    else:
        _show(Sheet(), results)
    if not results:
        click.echo("no example has all these words" if words else "there are no examples", err=True)
    failing = sum(bool(result.wrong) for result in results if not result.wish)
    summary = _summary([result for result in results if not result.wish], failing, seconds)
    click.echo(summary, err=as_json)
    raise click.exceptions.Exit(1 if failing else 0)


def _run(pack: Pack, settings: Settings | None, words: Sequence[str]) -> Iterable[_Result]:
    prover = Prover(pack)
    wishes = read_wishes(inbox_file(settings.folder, pack.name)) if settings else ()
    chosen = [
        (case, wish)
        for found, wish in ((cases(pack), False), (as_cases(wishes, pack), True))
        for case in found
        if all(word in _haystack(case) for word in words)
    ]
    for case, wish in progress(chosen, len(chosen), pack.name):
        yield _Result(pack, case, prover.wrong(case), wish)


def _haystack(case: Case) -> str:
    return f"{case.name} {case.example.language} {case.example.text}".casefold()


def _show(sheet: Sheet, results: Sequence[_Result]) -> None:
    for pack in {result.pack.name: result.pack for result in results}.values():
        mine = [result for result in results if result.pack is pack]
        sheet.say(f"{pack.name} {pack.version}", style="bold")
        for name in dict.fromkeys(_subject(result) for result in mine if not result.wish):
            _show_rule(sheet, name, [r for r in mine if not r.wish and _subject(r) == name])
        prover = Prover(pack)
        for result in mine:
            if result.wrong and not result.wish:
                _show_failure(sheet, result, prover)
        _show_wishes(sheet, [result for result in mine if result.wish])
        sheet.gap()


def _subject(result: _Result) -> str:
    return "any rule" if result.case.general else result.case.rules[0].name


def _show_rule(sheet: Sheet, name: str, results: Sequence[_Result]) -> None:
    failing = sum(bool(result.wrong) for result in results)
    marks = "".join("✗" if result.wrong else "·" for result in results)
    languages = len({result.case.example.language for result in results})
    told = f"{len(results)} in {counted(languages, 'language')}" + (f", {failing} failing" if failing else "")
    sheet.say(f"{'✗' if failing else '✓'} {name:<14} {told:<24} {marks}", style="red" if failing else "")


def _show_failure(sheet: Sheet, result: _Result, prover: Prover) -> None:
    sheet.gap()
    sheet.say(f"✗ {result.case.example.where}", style="red")
    sheet.say(result.says, indent=2, style="bold")
    reading = prover.read(result.case.example)
    for rule in result.wrong[:_SHOWN]:
        if result.case.must_fire:
            sheet.say(f"{rule.name}: {lacking(rule, prover.pack, reading)}", indent=2, hang=2)
        elif (match := apply(rule, prover.pack, reading)) is not None:
            sheet.match(match, rule.label("en"), indent=2)


def _show_wishes(sheet: Sheet, wishes: Sequence[_Result]) -> None:
    if not wishes:
        return
    holding = sum(not wish.wrong for wish in wishes)
    sheet.gap()
    told = "wish" if len(wishes) == 1 else "wishes"
    sheet.say(f"inbox: {len(wishes)} {told}, {holding} {'holds' if holding == 1 else 'hold'}", style="bold")
    for wish in wishes:
        sheet.say(f"{'○' if wish.wrong else '✓'} {shorten(wish.says, 200)}")
        sheet.say(wish.case.example.where, indent=2, style="dim")


def _summary(results: Sequence[_Result], failing: int, seconds: float) -> str:
    rules = {(result.pack.name, rule.name) for result in results for rule in result.case.rules}
    languages = {result.case.example.language for result in results}
    return (
        f"{counted(len(results), 'example')}, {counted(len(rules), 'rule')}, "
        f"{counted(len(languages), 'language')}, {failing} failing ({seconds:.1f} s)"
    )


def _row(result: _Result, prover: Prover) -> dict[str, Any]:
    reading = prover.read(result.case.example)
    wrong = []
    for rule in result.wrong[:_SHOWN]:
        match = apply(rule, result.pack, reading)
        evidence = list(map(evidence_row, match.evidence)) if match else []
        lacks = "" if match else lacking(rule, result.pack, reading)
        wrong.append({"rule": rule.name, "lacks": lacks, "evidence": evidence})
    return {
        "pack": result.pack.name,
        "rule": None if result.case.general else result.case.rules[0].name,
        "must_fire": result.case.must_fire,
        "language": result.case.example.language,
        "text": result.case.example.text,
        "where": result.case.example.where,
        "holds": not result.wrong,
        "wish": result.wish,
        "wrong": wrong,
    }
