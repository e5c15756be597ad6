"""What leaves next for a recipient: silences, holds and the choice of a bundle, written into the ledger.

All of it happens within the transaction of a claim.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from monitor.core.delivery.bundling import MANY, Bundle, Occasion, choose, key_of
from monitor.core.delivery.deliveries import Hold
from monitor.core.delivery.policy import HOUR, Road, holds
from monitor.core.delivery.silencing import Subject, silenced
from monitor.store.alerts import read_alert
from monitor.store.columns import read_time
from monitor.store.database import change, rows
from monitor.store.deliveries import lost_of, read_delivery, read_notice, read_recipient, waiting_of
from monitor.store.history import rules_of
from monitor.store.restored import last_restore, was_told_perhaps
from monitor.store.silences import active_silences

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from monitor.core.delivery.bundling import Choice, Lost
    from monitor.core.delivery.deliveries import Delivery, Recipient
    from monitor.core.delivery.policy import Held, Policy
    from monitor.store.database import Database

_LOST_AT_ONCE = 20  # undelivered alerts that one message speaks of; the next one has the others


def take(
    db: Database,
    recipient: Recipient,
    policy: Policy,
    room: Callable[[Recipient], int],
    *,
    now: datetime,
    until: datetime,
) -> Bundle | None:
    """Claim what leaves next for a recipient with nothing on its way; None if nothing may leave yet."""
    found = _unsilenced(db, recipient, rows(db, _WAITING, (recipient.channel, recipient.key)), now)
    items = [waiting_of(row, now) for row in found]
    due = {item.bundle for item in items if item.due and item.bundle}
    gather = any(item.due and item.gathers for item in items)
    concerned = [
        item for item in items if item.due or item.held or item.bundle in due or (gather and item.gathers)
    ]
    road = _road(db, recipient, now)
    held = holds(concerned, policy, road, now)
    for key, hold in held.items():
        _hold(db, key, hold)
    # What was held and never tried is judged anew: its former time does not count.
    ready = [
        replace(item, due=item.due or (item.held is not None and not item.attempts))
        for item in concerned
        if item.id not in held
    ]
    if not any(item.due for item in ready):
        return None
    most = room(recipient) if len(ready) >= MANY or any(item.held for item in ready) else 1
    choice = choose(ready, most, policy.at_once, probe=road.parked)
    keys = {item.bundle for item in ready if item.id in choice.ids}
    return _claim(db, choice, keys.pop() if choice.occasion is Occasion.AGAIN else "", now, until)


def _claim(db: Database, choice: Choice, key: str, now: datetime, until: datetime) -> Bundle:
    deliveries = tuple(read_delivery(db, key) for key in choice.ids)
    is_repeated, key = bool(key), key or key_of(deliveries)
    lost = _lost(db, deliveries, key, is_repeated=is_repeated)
    for delivery in deliveries:
        change(db, _CLAIM, (until, now, key, choice.occasion, delivery.id))
    alerts = tuple(read_alert(db, item.alert) for item in deliveries if item.alert is not None)
    notices = tuple(read_notice(db, item.notice) for item in deliveries if item.notice is not None)
    claimed = tuple(read_delivery(db, delivery.id) for delivery in deliveries)
    return Bundle(
        key, choice.occasion, claimed, alerts, notices, lost, plain=any(item.plain for item in deliveries)
    )


def _lost(db: Database, deliveries: Sequence[Delivery], key: str, *, is_repeated: bool) -> tuple[Lost, ...]:
    """What did not reach the recipient and is said in this message; when it is repeated, what was said in it."""
    to = deliveries[0].recipient
    if not is_repeated:
        change(db, _TELL_LOST, (key, to.channel, to.key, _LOST_AT_ONCE))
    return tuple(map(lost_of, rows(db, _LOST, (to.channel, to.key, key))))


def _unsilenced(
    db: Database, recipient: Recipient, found: Sequence[Mapping[str, Any]], now: datetime
) -> list[Mapping[str, Any]]:
    """What no silence covers and no restore keeps back; the rest is suppressed, unless it may have arrived."""
    silences, restore = active_silences(db, now), last_restore(db)
    left = []
    for row in found:
        # A message that may have arrived is repeated as it was, and whoever replayed it wants to hear it.
        spared = row["bundle"] or row["notice"] is not None or row["silence"] is not None
        silence = None if spared or not silences else silenced(_subject(db, recipient, row), silences, now)
        if silence is not None:
            change(db, _SUPPRESS, (silence.id, row["id"]))
        elif restore is not None and not spared and was_told_perhaps(db, restore, row):
            change(db, _SUPPRESS, (restore.id, row["id"]))
        else:
            left.append(row)
    return left


def _subject(db: Database, recipient: Recipient, row: Mapping[str, Any]) -> Subject:
    return Subject(
        channel=recipient.channel,
        pack=row["pack"],
        rules=frozenset(name for name, _ in rules_of(db, row["revision"], row["pack"])),
        story=row["story"],
        source=row["source"],
        language=row["language"] or "",
    )


def _road(db: Database, recipient: Recipient, now: datetime) -> Road:
    state = read_recipient(db, recipient)
    found = rows(db, _LEFT, (recipient.channel, recipient.key, now - HOUR))
    left = {read_time(row["sent_at"]) for row in found}
    if state.last_sent_at is not None:
        left.add(state.last_sent_at)
    # What left in the future left by a clock that was wrong: nothing waits until that time comes.
    past = sorted(moment for moment in left if moment <= now)
    return Road(tuple(past), state.blocked_until, parked=state.parked_since is not None)


def _hold(db: Database, delivery_id: int, held: Held) -> None:
    """Keep why it waits, unless it waits for longer already.

    Its time to be told runs from when it may leave, so no policy lets it expire.
    """
    delivery = read_delivery(db, delivery_id)
    if held.until <= delivery.not_before:
        return
    expires = delivery.expires
    if held.why not in (Hold.PARKED, Hold.ASKED_TO_WAIT):
        lasts = expires - (delivery.not_before if delivery.held else delivery.created_at)
        expires = max(expires, held.until + lasts)
    change(
        db,
        "UPDATE deliveries SET not_before = ?, held = ?, expires = ? WHERE id = ?",
        (held.until, held.why, expires, delivery_id),
    )


# Everything that waits for one recipient.
_WAITING = """
    SELECT deliveries.*, ifnull(alerts.severity, notices.severity) AS severity, ifnull(alerts.late, 0) AS late,
        alerts.pack, alerts.revision, alerts.story, articles.source, articles.language
    FROM deliveries
    LEFT JOIN alerts ON alerts.id = deliveries.alert
    LEFT JOIN articles ON articles.id = alerts.article
    LEFT JOIN notices ON notices.id = deliveries.notice
    WHERE channel = ? AND recipient = ? AND state = 'pending' ORDER BY deliveries.created_at, deliveries.id
"""
_CLAIM = """
    UPDATE deliveries SET state = 'claimed', lease_until = ?, claimed_at = ?, attempts = attempts + 1, bundle = ?,
        occasion = ?
    WHERE id = ?
"""
_SUPPRESS = "UPDATE deliveries SET state = 'suppressed', silence = ? WHERE id = ?"
_TELL_LOST = """
    UPDATE deliveries SET told_lost = ? WHERE id IN (
        SELECT id FROM deliveries
        WHERE channel = ? AND recipient = ? AND state IN ('dead', 'expired') AND told_lost = '' AND alert IS NOT NULL
        ORDER BY created_at, id LIMIT ?
    )
"""
_LOST = """
    SELECT deliveries.*, revisions.title, articles.url FROM deliveries
    JOIN alerts ON alerts.id = deliveries.alert
    JOIN articles ON articles.id = alerts.article
    JOIN revisions ON revisions.id = alerts.revision
    WHERE channel = ? AND recipient = ? AND told_lost = ? AND state IN ('dead', 'expired')
    ORDER BY deliveries.created_at, deliveries.id
"""
# One moment for each message: what left together was recorded together.
_LEFT = """
    SELECT DISTINCT sent_at FROM deliveries
    WHERE channel = ? AND recipient = ? AND state = 'sent' AND sent_at > ?
"""
