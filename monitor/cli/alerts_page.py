"""An alert on one screen: the message, and what became of it on each way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.core.delivery.deliveries import DeliveryState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.cli.laboratory.sheet import Sheet
    from monitor.core.delivery.deliveries import Recipient
    from monitor.notify.message import Message
    from monitor.notify.voice import Voice
    from monitor.store.history import AlertLine
    from monitor.store.outcomes import AttemptLine, DeliveryLine


def show_alert(
    sheet: Sheet,
    message: Message,
    alert: AlertLine,
    attempts: Mapping[Recipient, Sequence[AttemptLine]],
    voice: Voice,
) -> None:
    """The page of an alert; times in the voice's zone."""
    sheet.say(message.subject, style="bold")
    sheet.gap()
    for said in message.text.rstrip().split("\n"):
        sheet.say(said)
    sheet.gap()
    sheet.say("What became of it", style="bold")
    if not alert.deliveries:
        sheet.say("no channel wanted it", indent=2)
    for line in alert.deliveries:
        sheet.say(f"{line.channel} ({line.recipient.key[:6]}): {stand(line, voice)}", indent=2, hang=4)
        for number, attempt in enumerate(attempts.get(line.recipient, ()), start=1):
            said = f": {attempt.error}" if attempt.error else ""
            text = f"{number}. {voice.moment(attempt.begun_at)}  {attempt.outcome}{said}"
            sheet.say(text, indent=4, hang=4, style="dim")


def stand(line: DeliveryLine, voice: Voice | None = None) -> str:
    """Where a delivery stands, in a few words; with a voice, also since or until when."""
    word = line.state.value
    until = f" until {voice.moment(line.not_before)}" if voice else ""
    match line.state:
        case DeliveryState.SENT:
            at = f" {voice.moment(line.sent_at)}" if voice and line.sent_at else ""
            return f"{word}{at}"
        case DeliveryState.PENDING if line.waits_for:
            return f"{word} ({line.waits_for.value}{until})"
        case DeliveryState.PENDING if line.last_error:
            return f"{word} ({line.last_error}; again{until.replace(' until', ' at')})"
        case DeliveryState.SUPPRESSED:
            return f"{word} (silence {line.silence})"
    return f"{word} ({line.last_error})" if line.last_error else word


def describe(alert: AlertLine) -> dict[str, object]:
    """An alert and its deliveries for a program."""
    return {
        "id": alert.id,
        "kind": alert.kind.value,
        "reason": alert.reason.value,
        "severity": alert.severity.value,
        "rules": list(alert.rules),
        "story": alert.story,
        "story_title": alert.story_title,
        "title": alert.title,
        "url": alert.url,
        "source": alert.source,
        "language": alert.language,
        "published": alert.published.isoformat() if alert.published else None,
        "created_at": alert.created_at.isoformat(),
        "late": alert.late,
        "deliveries": [delivery_row(line) for line in alert.deliveries],
    }


def delivery_row(line: DeliveryLine) -> dict[str, object]:
    """A delivery for a program."""
    waits = line.state is DeliveryState.PENDING
    return {
        "channel": line.channel,
        "state": line.state.value,
        "attempts": line.attempts,
        "sent_at": line.sent_at.isoformat() if line.sent_at else None,
        "last_error": line.last_error,
        "waits_for": line.waits_for.value if line.waits_for else None,
        "not_before": line.not_before.isoformat() if waits else None,
        "may_have_arrived": line.unknown,
        "silence": line.silence,
        "message": line.message or None,
        "occasion": line.occasion or None,
    }


def attempt_rows(attempts: Mapping[Recipient, Sequence[AttemptLine]]) -> list[dict[str, object]]:
    """The attempts for a program, way by way."""
    return [
        {
            "channel": recipient.channel,
            "begun_at": attempt.begun_at.isoformat(),
            "ended_at": attempt.ended_at.isoformat(),
            "outcome": attempt.outcome,
            "error": attempt.error,
        }
        for recipient, lines in attempts.items()
        for attempt in lines
    ]
