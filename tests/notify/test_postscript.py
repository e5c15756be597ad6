"""The end of a message: what did not arrive, what was looked at; and messages without alerts or without a page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.delivery.bundling import Coverage, Lost, Silent
from monitor.core.delivery.deliveries import DeliveryState
from monitor.notify.message import render_bundle, render_notice
from monitor.notify.voice import _phrases

NOW = datetime(2026, 11, 25, 13, 5, tzinfo=UTC)
SEEN = Coverage(
    NOW - timedelta(days=1),
    48,
    50,
    (Silent("Rodong", NOW - timedelta(days=3)), Silent("ТАСС", None)),
    1204,
    13,
)


def lost(number, title="Granaten für Russland", state=DeliveryState.EXPIRED):
    return Lost(number, title, state, NOW - timedelta(hours=60 - number), f"https://a.example/{number}")


def test_what_did_not_arrive_is_listed_with_the_reason_and_the_command_that_shows_it(desk, german):
    missed = [lost(17), lost(23, "Soldaten <b>x</b> @everyone", DeliveryState.DEAD)]
    message = render_bundle([desk.update()], german, lost=missed)
    assert (
        "\nNicht bei Ihnen angekommen\n- Granaten für Russland\n"
        "  23. Nov. 2026, 19:05 MEZ · zu alt, als wieder gesendet werden konnte · tumen alerts show 17\n"
    ) in message.text
    assert "endgültig abgelehnt · tumen alerts show 23" in message.text
    assert "Soldaten &lt;b&gt;x&lt;/b&gt; @everyone" in message.html
    assert "tumen alerts show 23" in message.html
    said = message.short.splitlines()[-2]
    assert said.startswith(
        "Nicht bei Ihnen angekommen: 2 Meldungen — Granaten für Russland; Soldaten <b>x</b> @"
    )
    assert "@everyone" not in said


def test_many_lost_alerts_are_counted(desk, english):
    message = render_bundle([desk.update()], english, lost=[lost(number) for number in range(25)])
    assert message.text.count("tumen alerts show") == 20
    assert "  and 5 more\n" in message.text
    assert "and 5 more" in message.html
    assert "25 alerts — Granaten für Russland; Granaten für Russland and 23 more" in message.short


def test_a_digest_says_what_was_looked_at(desk, english):
    message = render_bundle([desk.update(), desk.alert(id=2, story=9)], english, coverage=SEEN)
    for said in (
        "Sources checked since 24 Nov 2026, 14:05 CET: 48 of 50.",
        "Silent: Rodong (since 22 Nov 2026, 14:05 CET), ТАСС (never answered).",
        "Articles read: 1,204, of these on topic: 13.",
    ):
        for form in (message.text, message.html, message.short):
            assert said in form
    assert "due at the same time" not in message.text, "it comes at its time, not because of its alerts"


def test_no_more_than_five_silent_sources_are_named(desk, english):
    silent = tuple(Silent(f"Source {number}", None) for number in range(8))
    text = render_bundle([desk.update()], english, coverage=replace(SEEN, silent=silent)).text
    assert "Source 4 (never answered) and 3 more." in text
    assert "Source 5" not in text


def test_when_all_is_seen_no_silence_is_spoken_of(desk, english):
    assert "Silent" not in render_bundle([desk.update()], english, coverage=replace(SEEN, silent=())).text


@pytest.mark.parametrize("language", sorted(_phrases()))
def test_a_digest_comes_even_if_nothing_happened(desk, language):
    voice = desk.voice(language, "Europe/Berlin")
    message = render_bundle([], voice, coverage=SEEN, lost=[lost(1)])
    nothing = _phrases()[language]["nothing_new"]
    assert message.subject.startswith(f"{nothing} — ")
    for form in (message.text, message.html, message.short):
        assert nothing in form
        assert "Rodong" in form
        assert "Granaten" in form
    assert "{" not in message.text
    assert message.thread == ""
    assert not message.urgent


def test_a_notice_may_be_urgent_and_may_say_what_was_looked_at(german):
    message = render_notice(
        "Der Kanal schweigt", ["Versuch `tumen channels test`."], german, urgent=True, coverage=SEEN
    )
    assert message.subject == "Dringend: Der Kanal schweigt"
    assert message.urgent
    assert "<code>tumen channels test</code>." in message.html
    assert "Versuch `tumen channels test`." in message.text
    for form in (message.text, message.html, message.short):
        assert "48 von 50" in form
    assert not render_notice("Start", [], german).urgent


def test_a_message_that_was_refused_leaves_in_short_plain_text(desk, german):
    full = render_bundle([desk.update()], german, lost=[lost(1)])
    plain = render_bundle([desk.update()], german, lost=[lost(1)], plain=True)
    assert plain.html == ""
    assert plain.subject == full.subject
    assert plain.thread == full.thread
    assert plain.text.startswith(full.subject)
    assert desk.german.url in plain.text
    assert "Nicht bei Ihnen angekommen" in plain.text
    assert len(plain.text) < len(full.text)
    many = [desk.update(id=number, story=number) for number in range(40)]
    several = render_bundle(many, german, plain=True)
    assert several.text.count(desk.german.url) == 40
    assert len(several.text) < 4500


def test_an_arabic_reader_sees_each_name_and_time_in_its_own_direction(desk):
    text = render_bundle([], desk.voice("ar", "Asia/Dubai"), coverage=SEEN).text
    assert "\u2068Rodong\u2069" in text
    assert "\u2069: 48" in text
