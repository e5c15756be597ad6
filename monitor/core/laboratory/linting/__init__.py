"""The linter: what in a pack deserves a look, found in its words and rules, in word lists, and in the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.core.laboratory.linting import languages as spoken
from monitor.core.laboratory.linting import names, rules, stems
from monitor.core.laboratory.linting.findings import CODES, Finding, Level
from monitor.core.laboratory.linting.lexicon import Catch, Lexicon, catches
from monitor.core.laboratory.linting.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from monitor.core.topic import Pack

__all__ = ["CODES", "LEFT_OUT", "Catch", "Finding", "Level", "Lexicon", "Tally", "catches", "lint"]

LEFT_OUT = {
    "lexicon": "wildcards that catch nothing, and names that are frequent words of another language",
    "lemma": "wildcards that catch many unrelated words",
    "tally": "names and rules that the history never met",
}


def lint(
    pack: Pack,
    lexicon: Lexicon | None = None,
    tally: Tally | None = None,
    *,
    lemma: Callable[[str, str], str] | None = None,
    languages: int = 6,
) -> tuple[Finding, ...]:
    """Everything in a pack that deserves a look, in order of place.

    Args:
        pack: the pack.
        lexicon: words of whole languages and of the history; without it some checks are left out (`LEFT_OUT`).
        tally: what the pack did on the history; the same.
        lemma: the dictionary form of a word of a language (ISO 639-1), the word itself if it is not known; the same.
        languages: in how many languages the examples of a rule should be.
    """
    found = _findings(pack, lexicon, tally, lemma, languages)
    return tuple(sorted(dict.fromkeys(found), key=lambda finding: finding.place))


def _findings(
    pack: Pack,
    lexicon: Lexicon | None,
    tally: Tally | None,
    lemma: Callable[[str, str], str] | None,
    languages: int,
) -> Iterator[Finding]:
    yield from names.said_twice(pack)
    yield from names.covered(pack)
    yield from names.hidden(pack)
    yield from rules.unused(pack)
    yield from rules.unproven(pack, languages)
    yield from rules.covered_rules(pack, tally)
    yield from spoken.holes(pack, lexicon)
    if tally is not None:
        yield from rules.idle(pack, tally)
    if lexicon is not None:
        yield from stems.empty(pack, lexicon)
        yield from stems.false_friends(pack, lexicon, spoken.languages_of(pack))
        if lemma is not None:
            yield from stems.wide(pack, lexicon, lemma)
