"""`tumen rules try`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from monitor.cli.laboratory.sheet import (
    Sheet,
    account_row,
    evidence_row,
    fact_row,
    match_row,
    miss_row,
    rule_label,
)
from monitor.cli.laboratory.subjects import articles_of
from monitor.cli.options import as_json, config_file, ending, pack_names, packs_of, settings_if_any
from monitor.cli.output import print_json
from monitor.core.errors import InputError
from monitor.core.facts import facts
from monitor.core.laboratory.discounting import discounted
from monitor.core.laboratory.explaining import explain
from monitor.core.laboratory.opinion import opinions, relied_on
from monitor.core.languages import is_language, likely_language
from monitor.core.matching import Matcher
from monitor.core.reading import Origin
from monitor.notify.excerpt import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from monitor.core.laboratory.opinion import Opinion
    from monitor.core.topic import Pack, Rule
    from spiders.items import Article

_BESIDE, _INSTEAD = 2, 3  # rules that almost fired, where others did and where none did


@click.command(
    "try",
    epilog=ending(
        "0 shown",
        "1 the page cannot be read",
        "2 a pack or file is wrong",
        examples=['tumen rules try "Nordkorea schickt Soldaten nach Russland" --lang de'],
    ),
)
@click.argument("what", metavar="TEXT|FILE|URL")
@pack_names
@click.option(
    "--rule", "rule_name", metavar="RULE", help="Show every condition of this rule, and whether it holds."
)
@click.option("--title", help="The headline; without it, the first line of a text is.")
@click.option("--lang", "language", help="Language of the text (ISO 639-1), for what asks for it.")
@click.option("--source", default="", help="Name of the source, for conditions that ask for it.")
@config_file
@as_json
def try_rules(  # noqa: PLR0913  click passes each option
    what: str,
    packs: tuple[str, ...],
    rule_name: str | None,
    title: str | None,
    language: str | None,
    source: str,
    config: Path,
    *,
    as_json: bool,
) -> None:
    """Show what fires on a text, and what almost did.

    The words that a rule relied on are marked, and the nearest others say what they lack. TEXT is a headline, or a
    headline and a body on further lines; `-` reads it from standard input. FILE is a .txt, a saved .html page, or
    .jsonl with {"id", "title", "text"} on each line. A URL is read from the web with the guards of the running
    service. Nothing is stored.
    """
    if language is not None:
        _check_language(language)
    settings = settings_if_any(config)
    loaded = packs_of(packs, settings)
    rule = _rule(loaded, rule_name) if rule_name else None
    matcher = Matcher(loaded)
    for number, article in enumerate(articles_of(what, settings, title=title, language=language)):
        said = opinions(matcher, article, Origin(source))
        if as_json:
            for one in said:
                print_json(_row(one, rule))
            continue
        sheet = Sheet()
        if number:
            sheet.gap()
        _show(sheet, article, said, rule)


def _show(sheet: Sheet, article: Article, said: Sequence[Opinion], rule: Rule | None) -> None:
    sheet.article(article, relied_on((), said), (article.language, article.url))
    sheet.gap()
    if not any(one.matches for one in said):
        sheet.say(f"No rule of {', '.join(one.pack.name for one in said)} fires.")
    for one in said:
        for match in one.matches:
            sheet.match(match, rule_label(one.pack, match.rule))
        if one.matches and (stated := facts(one.reading, one.pack)):
            sheet.gap()
            sheet.say("It states", style="bold")
            sheet.facts(stated, one.pack)
    for one in said:
        _show_misses(sheet, one)
        if rule is not None and rule in one.pack.rules:
            sheet.gap()
            sheet.say(f"{one.pack.name}: {rule.name}", style="bold")
            sheet.account(explain(rule, one.pack, one.reading))


def _show_misses(sheet: Sheet, one: Opinion) -> None:
    misses = one.misses(_BESIDE if one.matches else _INSTEAD)
    if misses:
        sheet.gap()
        sheet.say(f"Almost, of {one.pack.name}", style="bold")
    for miss in misses:
        sheet.miss(miss)
    passed_over = (
        f"{one_line(name.evidence.text)} does not count as {name.key}: {name.why}"
        for name in discounted(one.pack, one.reading)
        if name.key not in one.reading.keys  # where another name counts, it makes no difference
    )
    for said in dict.fromkeys(passed_over):
        sheet.say(said, indent=2)


def _check_language(code: str) -> None:
    if not is_language(code):
        meant = likely_language(code)
        remedy = f"did you mean {meant}?" if meant else "use a code of ISO 639-1, like en, ko or uk"
        raise InputError(f"{code!r} is no code of a language", where="--lang", remedy=remedy)


def _rule(packs: Sequence[Pack], name: str) -> Rule:
    rules = {rule.name: rule for pack in packs for rule in pack.rules}
    if name not in rules:
        raise InputError(f"there is no rule {name}", where="--rule", remedy=f"there are: {', '.join(rules)}")
    return rules[name]


def _row(one: Opinion, rule: Rule | None) -> dict[str, Any]:
    article = one.reading.article
    row: dict[str, Any] = {
        "pack": one.pack.name,
        "version": one.pack.version,
        "url": article.url,
        "title": article.title,
        "language": article.language,
        "matches": list(map(match_row, one.matches)),
        "near_misses": list(map(miss_row, one.misses())),
        "discounted": [
            {"why": name.why} | evidence_row(name.evidence) | {"concept": name.key}
            for name in discounted(one.pack, one.reading)
        ],
        "facts": list(map(fact_row, facts(one.reading, one.pack))) if one.matches else [],
    }
    if rule is not None and rule in one.pack.rules:
        row["account"] = account_row(explain(rule, one.pack, one.reading))
    return row
