"""`tumen rules lint`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.laboratory.sheet import Sheet
from monitor.cli.options import as_json, config_file, ending, packs_of, settings_if_any
from monitor.cli.output import console, counted, print_json
from monitor.cli.progress import progress
from monitor.core.laboratory.linting import LEFT_OUT, Level, Lexicon, Tally, catches, lint
from monitor.core.matching import Matcher
from monitor.core.query import Term
from monitor.core.spelling import spellings
from monitor.jobs.laboratory import stored_samples
from monitor.jobs.wordlists import HOW_TO_GET, are_installed, lemmatiser, word_lists

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from monitor.config import Settings
    from monitor.core.laboratory.linting import Finding
    from monitor.core.topic import Pack

_STYLES = {Level.WARNING: "yellow", Level.NOTE: "dim"}


@click.command(
    "lint",
    epilog=ending(
        "0 no warnings",
        "1 warnings",
        "2 a pack is wrong",
        "3 there is no such history",
        examples=['tumen rules lint dprk-russia --expand "коре*"'],
    ),
)
@click.argument("packs", nargs=-1, metavar="[PACK]…")
@click.option(
    "--db",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A history.  [default: that of the configuration, if there is one]",
)
@click.option(
    "--words/--no-words", default=True, help="Hold names against the common words of their languages."
)
@click.option("--expand", metavar="TERM", help="Only show the most frequent words that this term catches.")
@click.option("--verbose", "-v", is_flag=True, help="Also show what each star of the packs catches most.")
@config_file
@as_json
def lint_rules(
    packs: tuple[str, ...],
    db: Path | None,
    expand: str | None,
    config: Path,
    *,
    words: bool,
    verbose: bool,
    as_json: bool,
) -> None:
    """Look for mistakes in packs that examples do not show.

    Stems that catch unrelated words, names that can never be found, languages in which a rule cannot fire, rules that
    another covers, rules without examples; with a history, also what never fires. Checks that need word lists or a
    history are left out where there are none, and named at the end. docs/laboratory.md lists all checks.
    """
    if expand is not None:
        tuple(spellings(Term(expand, where="--expand")))  # a mistake is told before anything is read
    settings = settings_if_any(config)
    loaded = packs_of(packs, settings)
    history = _history(db, settings)
    listed = _word_lists(loaded) if words and are_installed() else None
    if expand is not None:
        tally = _tally(loaded[0], history) if history else None
        _show_catches(Term(expand), _lexicon(listed, tally), as_json=as_json)
        return
    warnings = 0
    for pack in loaded:
        tally = _tally(pack, history) if history else None
        lexicon = _lexicon(listed, tally)
        with console(error=True).status(f"checking {pack.name}"):
            findings = lint(pack, lexicon, tally, lemma=lemmatiser() if listed else None)
        warnings += sum(finding.level is Level.WARNING for finding in findings)
        if as_json:
            for finding in findings:
                print_json(_row(pack, finding))
        else:
            _show(Sheet(), pack, findings)
            for term in _stars(pack) if verbose else ():
                _show_catches(term, lexicon, as_json=False)
    _say_left_out(lexicon=listed is not None, tally=history is not None)
    raise click.exceptions.Exit(1 if warnings else 0)


def _history(db: Path | None, settings: Settings | None) -> Path | None:
    """The history to learn from, if there is one; one that was asked for must be there."""
    if db is not None:
        return db
    path = settings.history_path if settings else None
    return path if path is not None and path.exists() else None


def _word_lists(packs: Sequence[Pack]) -> dict[str, Mapping[str, float]]:
    languages = {
        term.language for pack in packs for concept in pack.concepts.values() for term in concept.terms
    }
    with console(error=True).status(f"reading the words of {counted(len(languages), 'language')}"):
        return word_lists(sorted(languages))


def _tally(pack: Pack, path: Path) -> Tally:
    tally, matcher = Tally(pack), Matcher([pack])
    with stored_samples(path) as (samples, total):
        for number, sample in enumerate(progress(samples, total, f"{pack.name} on {path.name}")):
            tally.add(number, matcher.read(sample.article, sample.origin)[0])
    return tally


def _show(sheet: Sheet, pack: Pack, findings: Sequence[Finding]) -> None:
    by_level = [sum(finding.level is level for finding in findings) for level in Level]
    said = ", ".join(counted(many, level.value) for many, level in zip(by_level, Level, strict=True))
    by_file: dict[str, list[Finding]] = {}
    for finding in findings:
        by_file.setdefault(_parts(finding.where)[0], []).append(finding)
    for file, found in by_file.items():
        sheet.say(_near(file), style="bold")
        for finding in found:
            place = _parts(finding.where)[1]
            sheet.say(
                f"{place:<9} {finding.level.value}  {finding.code}", indent=2, style=_STYLES[finding.level]
            )
            sheet.say(finding.message, indent=12)
            sheet.say(f"→ {finding.remedy}", indent=12, hang=2)
        sheet.gap()
    sheet.say(f"{pack.name} {pack.version}: {said}", style="bold")


def _say_left_out(*, lexicon: bool, tally: bool) -> None:
    """Which checks were not made, and how to have them made."""
    wanted = {"lexicon": not (lexicon or tally), "tally": not tally, "lemma": not lexicon}
    ways = {"tally": "name a history with --db", "lexicon": HOW_TO_GET, "lemma": HOW_TO_GET}
    for name, is_missing in wanted.items():
        if is_missing and name in LEFT_OUT:
            way = "leave out --no-words" if name != "tally" and are_installed() else ways[name]
            click.echo(f"left out: {LEFT_OUT[name]} ({way})", err=True)


def _lexicon(listed: Mapping[str, Mapping[str, float]] | None, tally: Tally | None) -> Lexicon | None:
    """All words that are known, None if there are none."""
    if listed is None and tally is None:
        return None
    return Lexicon(listed or {}, tally.words if tally else {})


def _show_catches(term: Term, lexicon: Lexicon | None, *, as_json: bool) -> None:
    """The words that a term catches, most frequent first, by language."""
    found = catches(term, lexicon) if lexicon else ()
    if as_json:
        for one in found:
            row = {"term": term.text, "word": one.word, "language": one.language}
            print_json(row | {"frequency": one.frequency, "seen": one.seen})
        return
    sheet = Sheet()
    nothing = "catches no known word" if lexicon else f"there are no words to hold it against ({HOW_TO_GET})"
    sheet.say(term.text if found else f"{term.text}  {nothing}", style="bold")
    for language in dict.fromkeys(one.language for one in found):
        words = " ".join(one.word for one in found if one.language == language)
        sheet.say(f"{language or '?':<4}{words}", indent=2, hang=4)


def _stars(pack: Pack) -> Iterator[Term]:
    for concept in pack.concepts.values():
        yield from (term for term in concept.terms if "*" in term.text)


def _parts(where: str) -> tuple[str, str]:
    """File, and line with column."""
    file, _, place = where.partition(".yaml:")
    return (f"{file}.yaml", place) if place else (where, "")


def _near(file: str) -> str:
    """The file as seen from here, if it lies below."""
    path = Path(file)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else file


def _row(pack: Pack, finding: Finding) -> dict[str, Any]:
    return {
        "pack": pack.name,
        "code": finding.code,
        "level": finding.level.value,
        "where": finding.where,
        "message": finding.message,
        "remedy": finding.remedy,
    }
