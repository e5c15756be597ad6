"""What is new, by the way in which it is new."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from monitor.core.models import AlertKind, Reason
from monitor.core.statements import Bound, Evidence, Fact, FactKind, Field, Newness, Novelty, Period
from monitor.notify.message import render, render_bundle
from monitor.notify.news import tell
from monitor.notify.voice import _phrases

PACK = "dprk-russia"
WORDS = Evidence(Field.TITLE, 0, 8, "rund 12.000 Soldaten", "soldiers")
FIGURE = Fact(FactKind.FIGURE, "soldiers", 12000.0, WORDS)


def place(**changes):
    return replace(Fact(FactKind.PLACE, "kursk", None, replace(WORDS, text="Kursk")), **changes)


def text_of(item, desk, voice):
    """How the plain text of a mail says it."""
    text = render(desk.update(new=(item,)), voice).text
    return next(line[2:] for line in text.splitlines() if line.startswith("- "))


def test_a_figure_says_what_it_was_how_it_is_bounded_and_who_says_so(desk, german):
    item = Novelty(replace(FIGURE, by="dprk", bound=Bound.MORE_THAN), 10000.0)
    assert text_of(item, desk, german) == "Soldaten: 10.000 → über 12.000 · Nordkorea (rund 12.000 Soldaten)"
    assert tell(item, PACK, german).brief == "Soldaten 10.000 → über 12.000 (Nordkorea)"


@pytest.mark.parametrize(
    ("bound", "most", "german_words", "english_words"),
    [
        (Bound.EXACT, None, "12.000", "12,000"),
        (Bound.ABOUT, None, "rund 12.000", "about 12,000"),
        (Bound.AT_LEAST, None, "mindestens 12.000", "at least 12,000"),
        (Bound.MORE_THAN, None, "über 12.000", "more than 12,000"),
        (Bound.UP_TO, None, "bis zu 12.000", "up to 12,000"),
        (Bound.LESS_THAN, None, "weniger als 12.000", "fewer than 12,000"),
        (Bound.EXACT, 15000.0, "12.000–15.000", "12,000–15,000"),
        (Bound.ABOUT, 15000.0, "rund 12.000–15.000", "about 12,000–15,000"),
    ],
)
def test_a_figure_keeps_its_limits(german, english, bound, most, german_words, english_words):
    fact = replace(FIGURE, bound=bound, most=most)
    assert german.figure(fact) == german_words
    assert english.figure(fact) == english_words


def test_every_language_has_words_for_every_limit_and_a_range(desk):
    for language in _phrases():
        voice = desk.voice(language, "UTC")
        said = {voice.figure(replace(FIGURE, bound=bound)) for bound in Bound}
        assert len(said) == len(Bound), language
        assert all(voice.number(12000) in words for words in said), language
        both = voice.figure(replace(FIGURE, most=15000.0))
        assert both.index(voice.number(12000)) < both.index(voice.number(15000)), language


def test_a_stance_names_who_takes_it(desk, german):
    denial = Fact(FactKind.STANCE, "denies", None, replace(WORDS, text="haltlos"), by="dprk")
    assert text_of(Novelty(denial, kind=Newness.STANCE), desk, german) == "dementiert: Nordkorea (haltlos)"
    nobody = Novelty(replace(denial, by=""), kind=Newness.STANCE)
    assert text_of(nobody, desk, german) == "Haltung: dementiert (haltlos)"


def test_the_first_official_voice_is_named(desk, german):
    actor = Fact(FactKind.ACTOR, "dprk", None, replace(WORDS, text="Pjöngjang"))
    item = Novelty(actor, kind=Newness.OFFICIAL)
    assert text_of(item, desk, german) == "Äußert sich erstmals: Nordkorea (Pjöngjang)"
    figure = Novelty(replace(FIGURE, by="dprk"), kind=Newness.OFFICIAL)
    assert tell(figure, PACK, german).value == "Nordkorea"
    assert tell(figure, PACK, german).brief == "Nordkorea: Soldaten 12.000"


@pytest.mark.parametrize(
    ("kind", "newness", "label"),
    [
        (FactKind.PLACE, Newness.PLACE, "Neuer Ort"),
        (FactKind.ACTOR, Newness.ACTOR, "Neuer Akteur"),
        (FactKind.DEED, Newness.DEED, "Neue Handlung"),
        (FactKind.SUBJECT, Newness.SUBJECT, "Neues Thema"),
    ],
)
def test_what_was_not_heard_of_before_is_called_new(desk, german, kind, newness, label):
    assert text_of(Novelty(place(kind=kind), kind=newness), desk, german) == f"{label}: Kursk"


def test_a_changed_headline_shows_the_old_one_struck_out(desk, german):
    title = Fact(FactKind.TITLE, "", None, replace(WORDS, text="Nordkorea schickt 12.000 Mann"))
    item = Novelty(title, kind=Newness.CHANGED, instead="Nordkorea <schickt>\n10.000 Mann")
    assert (
        text_of(item, desk, german)
        == "Überschrift geändert: Nordkorea <schickt> 10.000 Mann → Nordkorea schickt 12.000 Mann"
    )
    message = render(desk.update(new=(item,), reason=Reason.CHANGED), german)
    assert "<bdi>Nordkorea &lt;schickt&gt; 10.000 Mann</bdi></s> → <strong>" in message.html
    assert "• Überschrift geändert: Nordkorea <schickt> 10.000 Mann → Nordkorea schickt" in message.short
    assert message.subject.startswith("Update: Überschrift geändert — ")
    assert "Diese Seite wurde geändert" in message.text


def test_a_changed_figure_says_both(desk, german):
    known = Novelty(FIGURE, 10000.0, Newness.CHANGED, "10.000 Soldaten")
    assert (
        text_of(known, desk, german) == "Seither geändert (Soldaten): 10.000 → 12.000 (rund 12.000 Soldaten)"
    )
    words_only = Novelty(FIGURE, None, Newness.CHANGED, "zehntausend Mann")
    assert text_of(words_only, desk, german).startswith(
        "Seither geändert (Soldaten): zehntausend Mann → 12.000"
    )
    assert tell(words_only, PACK, german).brief == "Soldaten zehntausend Mann → 12.000"


def test_anything_else_that_changed_says_both(desk, german):
    item = Novelty(place(), kind=Newness.CHANGED, instead="Belgorod")
    assert text_of(item, desk, german) == "Seither geändert: Belgorod → Kursk"


def test_a_date_is_said_in_the_readers_way(desk, german, english):
    day = Fact(FactKind.DATE, "", None, WORDS, period=Period(date(2026, 11, 25), date(2026, 11, 25)))
    days = replace(day, period=Period(date(2026, 12, 1), date(2026, 12, 3)))
    assert tell(Novelty(day), PACK, german).value == "25. Nov. 2026"
    assert tell(Novelty(days), PACK, german).value == "1.–3. Dez. 2026"
    assert "1–3 Dec 2026" in tell(Novelty(days), PACK, english).value.replace("\u2009", "")
    assert tell(Novelty(replace(day, period=None)), PACK, german).value == "rund 12.000 Soldaten"


def test_headlines_do_not_turn_the_arrow_between_them_for_an_arabic_reader(desk):
    arabic = desk.voice("ar", "Asia/Dubai")
    title = Fact(FactKind.TITLE, "", None, replace(WORDS, text="New headline"))
    item = Novelty(title, kind=Newness.CHANGED, instead="Old headline")
    assert "\u2068Old headline\u2069 ← \u2068New headline\u2069" in text_of(item, desk, arabic)


@pytest.mark.parametrize("language", sorted(_phrases()))
def test_every_way_of_being_new_can_be_told_in_every_language(desk, language):
    voice = desk.voice(language, "UTC")
    new = tuple(
        Novelty(replace(FIGURE, kind=kind), 1.0, newness, "old") for newness in Newness for kind in FactKind
    )
    for item in new:
        told = tell(item, PACK, voice)
        assert told.label
        assert told.brief
    assert render_bundle([desk.update(new=new), desk.update(id=2, story=9)], voice).text


def test_the_spread_counts_outlets_and_languages_and_says_since_when(desk, german, english):
    since = datetime(2026, 10, 23, 12, 5, tzinfo=UTC)
    alert = desk.update(outlets=14, since=since)
    told = "14 Medien in 3 Sprachen (Koreanisch, Englisch, Deutsch), seit 23. Okt., 14:05 MESZ"
    message = render(alert, german)
    for form in (message.text, message.html, message.short):
        assert told in form
    assert (
        "14 outlets in 3 languages (Korean, English, German), since 23 Oct, 14:05 CEST"
        in render(alert, english).text
    )


def test_the_year_is_named_if_it_is_another(desk, german):
    alert = desk.update(since=datetime(2025, 12, 31, 12, 0, tzinfo=UTC))
    assert "seit 31. Dez. 2025, 13:00 MEZ" in render(alert, german).text


def test_the_only_report_has_no_spread(desk, german):
    alert = desk.alert(since=datetime(2026, 11, 25, tzinfo=UTC))
    assert "Medium" not in render(alert, german).text


def test_one_language_is_not_counted_and_many_are_not_all_named(desk, german):
    one = desk.alert(outlets=2, languages=("de",), since=None)
    assert "\n2 Medien\n" in render(one, german).text
    many = desk.update(outlets=30, languages=("ko", "en", "de", "ru", "uk", "ja", "zh", "fr", "es", "pl"))
    assert "Japanisch, Chinesisch, Französisch …)" in render(many, german).text


@pytest.mark.parametrize("language", sorted(_phrases()))
def test_every_language_tells_the_spread(desk, language):
    voice = desk.voice(language, "Europe/Berlin")
    for outlets in (1, 2, 3, 5, 11, 21, 100):
        alert = desk.update(outlets=outlets, since=datetime(2026, 10, 23, tzinfo=UTC), kind=AlertKind.UPDATE)
        assert "{" not in render(alert, voice).text
