"""What the history recorded about an article, and what the packs say about it now, on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.cli.laboratory.sheet import rule_label
from monitor.cli.output import counted
from monitor.core.laboratory.opinion import relied_on, standings
from monitor.core.meanings import MEANS, STATES
from monitor.core.statements import FactKind
from monitor.notify.excerpt import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitor.cli.laboratory.sheet import Sheet
    from monitor.core.laboratory.opinion import Opinion
    from monitor.core.models import Alert, Match
    from monitor.core.statements import Novelty
    from monitor.core.topic import Pack
    from monitor.store.archive import EntryLine, Record
    from monitor.store.history import AlertLine
    from monitor.store.pruning import PruningLine
    from spiders.items import Article


def show_record(sheet: Sheet, record: Record, alerts: Sequence[Alert], now: Sequence[Opinion]) -> None:
    """All that was recorded, then what differs now."""
    text, known = record.text, {one.pack.name: one.pack for one in now}
    published = f"published {moment(text.article.published)}" if text.article.published else "without a date"
    about = (text.source, text.article.language, published, text.article.url)
    sheet.article(text.article, relied_on(record.matches, now), about)
    number = f"text {len(record.revisions)} of this article" if len(record.revisions) > 1 else ""
    read = (f"article {text.id}", f"read {moment(text.read_at)}", number)
    sheet.say(" · ".join(filter(None, read)), style="dim")
    if record.gone_at is not None:
        sheet.say(f"the page is gone since {moment(record.gone_at)}", style="yellow")
    sheet.gap()
    sheet.say(f"{text.reason.value}  {MEANS[text.reason]}", style="bold")
    for pack_name, version in dict.fromkeys((match.pack, match.version) for match in record.matches):
        sheet.say(f"by {pack_name} {version}", style="dim")
    for match in record.matches:
        sheet.match(match, rule_label(known.get(match.pack), match.rule))
    for pack in known.values():
        stated = [fact for fact in record.facts if fact.concept in pack.concepts]
        if stated and pack.name in {match.pack for match in record.matches}:
            sheet.gap()
            sheet.say("It states", style="bold")
            sheet.facts(stated, pack)
    _show_story(sheet, record)
    for line, alert in zip(record.alerts, alerts, strict=True):
        _show_alert(sheet, line, alert, known.get(alert.pack))
    for judgement in record.feedback:
        rule_name = f" by {judgement.rule}" if judgement.rule else ""
        note = f": {one_line(judgement.note)}" if judgement.note else ""
        sheet.gap()
        sheet.say(f"A reader said on {moment(judgement.at)}: {judgement.verdict.value}{rule_name}{note}")
    _show_now(sheet, now, record.matches)


def show_entry(sheet: Sheet, entry: EntryLine) -> None:
    """What became of an address that was not read."""
    sheet.say(one_line(entry.title) or "(no title)", style="bold")
    sheet.say(f"{entry.source} · found {moment(entry.found_at)} · {one_line(entry.url)}", style="dim")
    sheet.gap()
    sheet.say(f"{entry.state.value}  {STATES[entry.state]}", style="bold")
    if entry.reason:
        detail = f": {one_line(entry.detail)}" if entry.detail else ""
        sheet.say(f"{entry.reason}{detail}", indent=2)
    if entry.pruned is not None:
        sheet.say(_pruned(entry.pruned), indent=2)
    if entry.attempts:
        again = f", again after {moment(entry.not_before)}" if entry.not_before else ""
        sheet.say(f"{counted(entry.attempts, 'attempt')} failed{again}", indent=2)
    sheet.say(f"To read it now: tumen rules try {one_line(entry.url)}", indent=2)


def show_pruned(sheet: Sheet, url: str, pruned: PruningLine) -> None:
    """An article of which only its address is left."""
    sheet.say(one_line(url), style="bold")
    sheet.say(_pruned(pruned), indent=2)


def show_new(sheet: Sheet, article: Article, now: Sequence[Opinion]) -> None:
    """An article that the history does not know."""
    published = f"published {moment(article.published)}" if article.published else ""
    sheet.article(article, relied_on((), now), (article.language, published, article.url))
    sheet.gap()
    sheet.say("not in the history; read now", style="bold")
    if not any(one.matches for one in now):
        sheet.say("no rule of any pack fires")
    _show_now(sheet, now, ())


def _pruned(pruned: PruningLine) -> str:
    return f"pruned on {pruned.ended_at:%Y-%m-%d}: {pruned.because}"


def _show_story(sheet: Sheet, record: Record) -> None:
    if (story := record.story) is None:
        return
    spread = (
        counted(story.articles, "article"),
        counted(story.outlets, "outlet"),
        ", ".join(story.languages),
    )
    sheet.gap()
    sheet.say(f"Story {story.id}  {one_line(story.title)}", style="bold")
    sheet.say(f"since {moment(story.opened_at)} · {' · '.join(spread)}", indent=2)


def _show_alert(sheet: Sheet, line: AlertLine, alert: Alert, pack: Pack | None) -> None:
    late = ", late" if line.late else ""
    about = f"{line.kind.value}{late} · {line.severity.value} · {moment(line.created_at)}"
    sheet.gap()
    sheet.say(f"Alert {line.id}  {about}", style="bold")
    for new in alert.new:
        sheet.say(f"new: {_novelty(new, pack)}", indent=2)
    for delivery in line.deliveries:
        at = f" {moment(delivery.sent_at)}" if delivery.sent_at else ""
        tried = f", {counted(delivery.attempts, 'attempt')}" if delivery.attempts != 1 else ""
        error = f": {one_line(delivery.last_error)}" if delivery.last_error else ""
        sheet.say(f"{delivery.channel}: {delivery.state.value}{at}{tried}{error}", indent=2)


def _novelty(new: Novelty, pack: Pack | None) -> str:
    concept = pack.concepts.get(new.fact.concept) if pack else None
    label = concept.label("en") if concept else new.fact.concept
    if new.fact.kind is not FactKind.FIGURE or new.fact.value is None:
        return f"{label}, by {new.fact.by}" if new.fact.by else label
    before = f", told before: {new.before:,.10g}" if new.before is not None else ""
    return f"{new.fact.value:,.10g} {label}{before}"


def _show_now(sheet: Sheet, now: Sequence[Opinion], then: Sequence[Match]) -> None:
    """What the packs say as they are now, where they changed or where nothing fired."""
    for one in standings(then, now):
        pack = one.opinion.pack
        if one.was or one.fires:
            sheet.gap()
            said = one.difference or "the same rules fire"
            sheet.say(f"{pack.name} as it is now, {pack.version}: {said}", style="bold")
        for match in one.added:
            sheet.match(match, rule_label(pack, match.rule))
        if one.misses and not one.was:
            sheet.gap()
            sheet.say(f"Nearest rules of {pack.name} {pack.version}", style="bold")
        for miss in one.misses:
            sheet.miss(miss)


def moment(at: datetime | None) -> str:
    """A time in UTC, to the minute."""
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "at an unknown time"
