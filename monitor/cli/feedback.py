"""`tumen feedback`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from monitor.app import utc_now
from monitor.cli.laboratory.edits import edit_row, show_edits
from monitor.cli.laboratory.material import Moment, material
from monitor.cli.laboratory.sheet import Sheet, rule_label
from monitor.cli.options import as_json, config_file, ending, packs_of, settings_if_any
from monitor.cli.output import counted, print_json, print_table
from monitor.cli.progress import progress
from monitor.config import Settings
from monitor.core.errors import InputError
from monitor.core.laboratory.nearing import near_misses
from monitor.core.matching import Matcher
from monitor.core.models import Verdict
from monitor.core.reading import Origin
from monitor.jobs.inbox import inbox_file, keep
from monitor.jobs.inquiry import judgements
from monitor.jobs.overview import add_feedback
from monitor.jobs.proposing import Effects, proposals
from monitor.notify.excerpt import one_line
from spiders.items import Article

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from monitor.core.reading import Reading
    from monitor.core.topic import Pack
    from monitor.jobs.proposing import Effect
    from monitor.store.feedback import Judgement

_ALERT = re.compile(r"(?:alert:)?([0-9]{1,18})", re.ASCII)


@click.command(
    epilog=ending(
        "0 kept",
        "2 there is no such alert or article",
        "3 it cannot be written",
        examples=[
            'tumen feedback 12 irrelevant --note "a film about the war"',
            "tumen feedback https://example.org/news/1 missed --rule troops",
            "tumen feedback list",
        ],
    )
)
@click.argument("what", metavar="ALERT|article:NUMBER|URL|list")
@click.argument("verdict", required=False, type=click.Choice([verdict.value for verdict in Verdict]))
@click.option("--pack", help="The topic, if it is not clear.")
@click.option("--rule", help="The rule that is wrong, or that should have fired.")
@click.option("--note", default="", help="Why, in your own words.")
@click.option(
    "--since",
    type=Moment(),
    metavar="30d|DATE",
    default="90d",
    show_default=True,
    help="Measure edits on texts read since this time.",
)
@config_file
@as_json
def feedback(  # noqa: PLR0913  click passes each option
    what: str,
    verdict: str | None,
    pack: str | None,
    rule: str | None,
    note: str,
    since: datetime,
    config: Path,
    *,
    as_json: bool,
) -> None:
    """Say that something told was irrelevant, or that an article was missed, and see what edits would do.

    ALERT is a number of `tumen alerts list`. What you say is kept in the history, and the text becomes an example in
    the pack's inbox: inbox/PACK.yaml beside the configuration. Then edits of the rule are shown that would have
    decided otherwise, each measured on the history: what else it would silence or tell. `list` shows what was said.
    """
    settings = settings_if_any(config) or Settings()
    if what == "list" and verdict is None:
        _list(judgements(settings.history_path), as_json=as_json)
        return
    if verdict is None:
        raise click.UsageError("say irrelevant or missed")
    packs = {one.name: one for one in packs_of((), settings)}
    _check(packs, pack, rule)
    known = _store(settings, what, Verdict(verdict), {"pack": pack, "rule": rule, "note": note})
    file = inbox_file(settings.folder, known.pack)
    added = keep(file, known)
    topic = packs.get(known.pack)
    reading = _read(known, topic) if topic else None
    effects = _effects(known, topic, reading, settings, since) if topic and reading else []
    if as_json:
        print_json(_judgement_row(known) | {"inbox": str(file), "edits": list(map(edit_row, effects))})
        return
    sheet = Sheet()
    sheet.say(f"{known.verdict.value}: {one_line(known.title)}", style="bold")
    sheet.say(f"{known.pack} · {file}" + ("" if added else " has it already"), style="dim")
    sheet.gap()
    if topic and reading:
        _show(sheet, known, topic, reading, effects)
    else:
        sheet.say(f"The configuration has no pack {known.pack} any more, so no edits were tried.")


def _check(packs: Mapping[str, Pack], pack: str | None, rule: str | None) -> None:
    """What is named exists. Raises InputError."""
    if pack is not None and pack not in packs:
        raise InputError(
            f"the configuration has no pack {pack}", where="--pack", remedy=f"it has: {', '.join(packs)}"
        )
    rules = [one.name for known in packs.values() if pack in (None, known.name) for one in known.rules]
    if rule is not None and rule not in rules:
        raise InputError(f"there is no rule {rule}", where="--rule", remedy=f"there are: {', '.join(rules)}")


def _store(settings: Settings, what: str, verdict: Verdict, more: dict[str, Any]) -> Judgement:
    if alert := _ALERT.fullmatch(what):
        more["alert"] = int(alert.group(1))
    else:
        more["article"] = what.removeprefix("article:")
    number = add_feedback(settings.history_path, verdict, utc_now(), **more)
    return next(one for one in judgements(settings.history_path) if one.id == number)


def _read(known: Judgement, pack: Pack) -> Reading:
    article = Article(known.url, known.title, known.text, known.language)
    return Matcher([pack]).read(article, Origin(known.source))[0]


def _effects(
    known: Judgement, pack: Pack, reading: Reading, settings: Settings, since: datetime
) -> list[Effect]:
    edits = proposals(known.verdict, pack, reading, known.rule)
    effects = Effects(pack, edits, known.article)
    if edits:
        with material(None, None, settings, since, None).open() as (samples, total):
            for sample in progress(samples, total, f"trying {counted(len(edits), 'edit')}"):
                effects.add(sample)
    return effects.best()


def _show(sheet: Sheet, known: Judgement, pack: Pack, reading: Reading, effects: Sequence[Effect]) -> None:
    matches = Matcher([pack]).matches((reading,))
    for match in matches:
        sheet.match(match, rule_label(pack, match.rule))
    if known.verdict is Verdict.MISSED:
        for miss in near_misses(pack, reading):
            sheet.miss(miss)
    elif not matches:
        sheet.say(f"no rule of {pack.name} fires on it any more")
    if effects:
        show_edits(
            sheet, pack, effects, "have told it" if known.verdict is Verdict.MISSED else "keep it quiet"
        )
    else:
        sheet.say("No small edit would change that and keep every example.")


def _list(known: Sequence[Judgement], *, as_json: bool) -> None:
    if as_json:
        for one in known:
            print_json(_judgement_row(one))
    elif known:
        print_table(
            ("said", "article", "alert", "verdict", "pack", "rule", "title", "note"),
            (
                (
                    f"{one.at:%Y-%m-%d}",
                    one.article,
                    one.alert,
                    one.verdict.value,
                    one.pack,
                    one.rule,
                    one.title,
                    one.note,
                )
                for one in known
            ),
        )
    else:
        click.echo("no feedback yet")


def _judgement_row(known: Judgement) -> dict[str, Any]:
    return {
        "id": known.id,
        "at": known.at.isoformat(),
        "verdict": known.verdict.value,
        "article": known.article,
        "alert": known.alert,
        "pack": known.pack,
        "rule": known.rule,
        "note": known.note,
        "url": known.url,
        "title": known.title,
        "language": known.language,
    }
