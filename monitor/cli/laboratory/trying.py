"""`tumen rules try`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from monitor.cli.laboratory.sheet import Sheet, account_row, evidence_row, fact_row, match_row, miss_row
from monitor.cli.laboratory.subjects import articles_of
from monitor.cli.options import as_json, config_file, pack_names, packs_of, settings_if_any
from monitor.cli.output import print_json
from monitor.core.discounting import discounted
from monitor.core.errors import InputError
from monitor.core.explaining import explain
from monitor.core.facts import facts
from monitor.core.matching import Matcher
from monitor.core.nearing import near_misses
from monitor.core.reading import Origin

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from monitor.core.models import Match
    from monitor.core.reading import Reading
    from monitor.core.topic import Pack, Rule
    from spiders.items import Article


@click.command("try")
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
    r"""Show which rules fire on a text, by which words, and what the others lack.

    TEXT is a headline, or a headline and a body on further lines; `-` reads it from standard input. FILE is a .txt, a
    saved .html page, or .jsonl with {"id", "title", "text"} on each line. A URL is read from the web with the guards
    of the running service. Nothing is stored.

    \b
    Exit codes: 0 shown    1 the page cannot be read    2 a pack or file is wrong
    \b
    Example
      tumen rules try "Nordkorea schickt Soldaten nach Russland" --lang de
    """
    settings = settings_if_any(config)
    loaded = packs_of(packs, settings)
    rule = _rule(loaded, rule_name) if rule_name else None
    matcher = Matcher(loaded)
    for number, article in enumerate(articles_of(what, settings, title=title, language=language)):
        readings = matcher.read(article, Origin(source))
        matches = matcher.matches(readings)
        if as_json:
            for pack, reading in zip(loaded, readings, strict=True):
                print_json(_row(pack, reading, matches, rule))
            continue
        sheet = Sheet()
        if number:
            sheet.gap()
        _show(sheet, article, readings, matches, loaded)
        if rule is not None:
            for pack, reading in zip(loaded, readings, strict=True):
                if rule in pack.rules:
                    sheet.gap()
                    sheet.say(f"{pack.name}: {rule.name}", style="bold")
                    sheet.account(explain(rule, pack, reading))


def _show(
    sheet: Sheet,
    article: Article,
    readings: Sequence[Reading],
    matches: Sequence[Match],
    packs: Sequence[Pack],
) -> None:
    misses = [
        miss for pack, reading in zip(packs, readings, strict=True) for miss in near_misses(pack, reading)
    ]
    shown = [piece for match in matches for piece in match.evidence]
    shown = shown or [piece for miss in misses for piece in miss.evidence]
    sheet.article(article, shown, (article.language, article.url))
    sheet.gap()
    if not matches:
        sheet.say(f"No rule of {', '.join(pack.name for pack in packs)} fires.")
    for pack, reading in zip(packs, readings, strict=True):
        rules = {rule.name: rule for rule in pack.rules}
        fired = [match for match in matches if match.pack == pack.name]
        for match in fired:
            sheet.match(match, rules[match.rule].label("en"))
        if fired and (stated := facts(reading, pack)):
            sheet.gap()
            sheet.say("It states", style="bold")
            sheet.facts(stated, pack)
        _show_misses(sheet, pack, reading)


def _show_misses(sheet: Sheet, pack: Pack, reading: Reading) -> None:
    misses = near_misses(pack, reading)
    if misses:
        sheet.gap()
        sheet.say("Almost", style="bold")
    for miss in misses:
        sheet.miss(miss)
    for one in discounted(pack, reading):
        sheet.say(f"{one.evidence.text} does not count as {one.key}: {one.why}", indent=2)


def _rule(packs: Sequence[Pack], name: str) -> Rule:
    rules = {rule.name: rule for pack in packs for rule in pack.rules}
    if name not in rules:
        raise InputError(f"there is no rule {name}", where="--rule", remedy=f"there are: {', '.join(rules)}")
    return rules[name]


def _row(pack: Pack, reading: Reading, matches: Sequence[Match], rule: Rule | None) -> dict[str, Any]:
    fired = [match for match in matches if match.pack == pack.name]
    row: dict[str, Any] = {
        "pack": pack.name,
        "version": pack.version,
        "url": reading.article.url,
        "title": reading.article.title,
        "language": reading.article.language,
        "matches": list(map(match_row, fired)),
        "near_misses": list(map(miss_row, near_misses(pack, reading))),
        "discounted": [
            {"concept": one.key, "why": one.why} | evidence_row(one.evidence)
            for one in discounted(pack, reading)
        ],
        "facts": list(map(fact_row, facts(reading, pack))) if fired else [],
    }
    if rule in pack.rules and rule is not None:
        row["account"] = account_row(explain(rule, pack, reading))
    return row
