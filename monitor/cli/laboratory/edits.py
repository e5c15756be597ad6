"""Edits of rules with what they would do, on screen."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from monitor.cli.output import counted
from monitor.core.query import written
from monitor.notify.excerpt import one_line, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.cli.laboratory.sheet import Sheet
    from monitor.core.topic import Pack, Rule
    from monitor.jobs.laboratory import Sample
    from monitor.jobs.proposing import Effect

_FIRST, _OTHERS = 3, 1  # edits of the rule that leads, and of each other one
_NAMED = 3  # texts that an edit would lose or gain
_TITLE = 90  # characters of a title
_KEPT = 4  # words of a condition on either side of what an edit changed
_TOKEN = re.compile(r'(?:SENTENCE|SUM|\w+:)?\(|"[^"]*"|[^\s(),]+|[),]')


def show_edits(sheet: Sheet, pack: Pack, effects: Sequence[Effect], aim: str) -> None:
    """The best edits of each rule, and how to try one."""
    names = list(dict.fromkeys(effect.proposal.rule.name for effect in effects))
    first = names[0]
    for name in names:
        rule = pack.rule(name)
        sheet.gap()
        sheet.say(f"Edits of {name} that would {aim}  ({rule.where if rule else ''})", style="bold")
        mine = [effect for effect in effects if effect.proposal.rule.name == name]
        for number, effect in enumerate(mine[: _FIRST if name == first else _OTHERS], start=1):
            _show_edit(sheet, number, effect, rule)
    sheet.gap()
    sheet.say(
        "`--rule NAME` shows more edits of one rule. Put one into a copy of the pack, and see all that it changes:"
    )
    sheet.say(f"tumen rules diff running my-packs/{pack.name}", indent=2)


def _show_edit(sheet: Sheet, number: int, effect: Effect, rule: Rule | None) -> None:
    sheet.say(f"{number}. {effect.proposal.says}: {_measured(effect)}", indent=2, hang=3)
    before = written(rule.query) if rule else ""
    sheet.say(f"when: {changed(before, effect.proposal.condition)}", indent=5, hang=2, style="dim")
    for word, samples in (("−", effect.lost), ("+", effect.gained)):
        for sample in samples[:_NAMED]:
            title = sample.article.title or sample.article.text[:_TITLE]
            sheet.line(f"{word} {sample.id} {shorten(one_line(title), _TITLE)}", indent=5, style="dim")


def changed(before: str, after: str) -> str:
    """The condition after an edit, with what stayed as it was cut down to its ends."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    shown: list[str] = []
    for kind, _, _, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        part = new[start:end]
        if kind == "equal" and len(part) > 2 * _KEPT:
            part = [*part[:_KEPT], "…", *part[-_KEPT:]]
        shown += part
    return re.sub(r"(?<=[(]) | (?=[),])", "", " ".join(shown))


def _measured(effect: Effect) -> str:
    said = []
    if effect.lost:
        said.append(f"loses {counted(len(effect.lost), 'other')}, {effect.silenced} of them silenced")
    if effect.gained:
        said.append(
            f"gains {counted(len(effect.gained), 'other')}, {effect.heard} of them told by no rule now"
        )
    return "; ".join(said) or "changes nothing else"


def edit_row(effect: Effect) -> dict[str, Any]:
    """An edit as JSON: the numbers of the texts that it would lose and gain."""
    return {
        "rule": effect.proposal.rule.name,
        "says": effect.proposal.says,
        "when": effect.proposal.condition,
        "lost": _ids(effect.lost),
        "silenced": effect.silenced,
        "gained": _ids(effect.gained),
        "heard": effect.heard,
    }


def _ids(samples: Sequence[Sample]) -> list[int | str]:
    return [sample.id for sample in samples]
