"""What readers say about decisions: that something told was irrelevant, or that an article was missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.core.errors import MonitorError
from monitor.core.models import Verdict
from monitor.jobs.inbox import inbox_file, keep
from monitor.jobs.inquiry import judgements
from monitor.jobs.overview import add_feedback
from monitor.web.actions.fields import chosen, number, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.web.asking import Ask

_SAID = {Verdict.IRRELEVANT: "that it is irrelevant", Verdict.MISSED: "that it was missed"}


def feedback(ask: Ask, form: Mapping[str, str]) -> str:
    """Keep a verdict on an alert or article, and the text as an example of its pack, as `tumen feedback` does."""
    verdict = Verdict(chosen(form, "verdict", list(Verdict)) or Verdict.IRRELEVANT)
    pack = chosen(form, "pack", ask.site.packs) or None
    rules = [rule.name for one in ask.site.packs.values() if pack in (None, one.name) for rule in one.rules]
    key = add_feedback(
        ask.site.history,
        verdict,
        ask.now,
        article=number(form, "article"),
        alert=number(form, "alert"),
        pack=pack,
        rule=chosen(form, "rule", rules) or None,
        note=text(form, "note"),
    )
    said = f"Kept {_SAID[verdict]}."
    if ask.site.folder is None:
        return said
    known = next(one for one in judgements(ask.site.history) if one.id == key)
    try:
        keep(inbox_file(ask.site.folder, known.pack), known)
    except MonitorError as error:  # the verdict itself is kept all the same
        return f"{said} It is no example of the pack yet: {error.message}."
    return f"{said} Its text is an example in inbox/{known.pack}.yaml; `tumen feedback` shows which edits would help."
