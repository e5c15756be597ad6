"""What a message says, in whatever language the article and its reader speak."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from monitor.core.models import Reason
from monitor.core.statements import Evidence, FactKind, Field
from monitor.core.topic import Severity
from monitor.notify.message import render, render_notice
from monitor.notify.voice import Voice, _phrases


class Page(HTMLParser):
    """The elements and the visible text of a page; complains about elements that are not closed."""

    def __init__(self, html):
        super().__init__()
        self.open, self.found, self.text, self.marked = [], [], [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text.append(data)
        if self.open and self.open[-1] == "mark":
            self.marked.append(data)

    def tags(self, name):
        return [attrs for tag, attrs in self.found if tag == name]


def test_a_first_report_is_named_by_its_title_alone(desk, german):
    assert (
        render(desk.alert(), german).subject
        == "Seoul: Nordkorea verlegt Tausende Soldaten in die Region Kursk"
    )


def test_an_update_says_in_its_subject_what_is_new(desk, german, english):
    title = desk.german.title
    assert render(desk.update(), german).subject == f"Update: Soldaten 10.000 → 12.000, Kursk — {title}"
    assert render(desk.update(), english).subject == f"Update: soldiers 10,000 → 12,000, Kursk — {title}"


def test_a_figure_without_a_predecessor_stands_alone(desk, english):
    alert = desk.update(new=(desk.figure(desk.german, "12.000 Soldaten", 12000.0),))
    assert "soldiers 12,000 —" in render(alert, english).subject
    assert "- soldiers: 12,000 (12.000 Soldaten)" in render(alert, english).text


def test_an_urgent_alert_says_so_first(desk, german):
    message = render(desk.alert(severity=Severity.URGENT), german)
    assert message.subject.startswith("Dringend: Seoul")
    assert message.urgent


def test_a_title_in_a_foreign_language_is_introduced_by_its_rule_and_its_language_is_named(desk, english):
    message = render(desk.alert(desk.korean, (("북한", "dprk"),)), english)
    assert message.subject == f"Troops sent to Russia — {desk.korean.title}"
    for form in (message.text, message.html, message.short):
        assert "Korean" in form
    assert "Korean" not in render(desk.alert(), desk.voice("ko", "Asia/Seoul")).text


def test_what_is_new_comes_first_and_the_reasons_come_last(desk, german):
    text = render(desk.update(), german).text
    order = [
        "Das ist neu",
        "10.000 → 12.000",
        desk.german.title,
        "nach Angaben",
        desk.german.url,
        "Warum Sie",
    ]
    assert [text.index(part) for part in order] == sorted(text.index(part) for part in order)


def test_it_says_why_it_fired(desk, german):
    text = render(desk.update(), german).text
    assert "Diese Entwicklung kennen Sie schon" in text
    assert "Regel: Truppen für Russland" in text
    assert "5 Medien in 3 Sprachen (Koreanisch, Englisch, Deutsch)" in text
    assert "Soldaten · 12.000 Soldaten" in text
    assert "Entwicklung: Seoul meldet Truppenverlegung" in text


def test_words_in_a_foreign_script_are_explained(desk, german):
    assert "북한 – Nordkorea" in render(desk.alert(desk.korean, (("북한", "dprk"),)), german).text


def test_new_statements_of_each_kind_are_named(desk, english):
    new = tuple(
        desk.statement(desk.german, "Moskau", "denies", kind)
        for kind in FactKind
        if kind is not FactKind.FIGURE
    )
    text = render(desk.update(new=new), english).text
    for label in ("New place: denies", "New actor: denies", "New action: denies", "Stance: denies"):
        assert label in text


def test_time_is_given_in_the_readers_zone(desk, german, english):
    assert "25. Nov. 2026, 14:05 MEZ" in render(desk.alert(), german).text
    assert "25 Nov 2026, 14:05 CET" in render(desk.alert(), english).text
    assert "2026년 11월 25일 22:05 KST" in render(desk.alert(), desk.voice("ko", "Asia/Seoul")).text
    assert "16:05 MSK" in render(desk.alert(), desk.voice("ru", "Europe/Moscow")).text


def test_a_date_without_time_of_day_is_not_moved_between_zones(desk):
    article = replace(desk.german, published=datetime(2026, 11, 25, tzinfo=UTC), day_only=True)
    text = render(desk.alert(article), desk.voice("en", "America/New_York")).text
    assert "25 Nov 2026\n" in text


def test_an_article_without_a_time_says_when_it_was_found(desk, english):
    assert (
        "found 25 Nov 2026, 14:07 CET"
        in render(desk.alert(replace(desk.german, published=None)), english).text
    )


def test_a_late_alert_is_labelled(desk, english):
    message = render(desk.alert(late=True), english)
    assert message.text.startswith("New · Late · North Korea and Russia")
    for form in (message.text, message.html, message.short):
        assert "found it only now" in form


def test_the_page_marks_evidence_and_links_with_the_host_visible(desk, german):
    page = Page(render(desk.update(), german).html)
    assert page.marked == ["Nordkorea", "Soldaten", "Kursk", "Nordkorea", "12.000 Soldaten", "Russland"]
    assert {attrs["href"] for attrs in page.tags("a")} == {desk.german.url}
    assert "Lesen bei example-zeitung.de" in "".join(page.text)


def test_the_page_loads_nothing_from_anywhere(desk, german):
    html = render(desk.update(), german).html
    page = Page(html)
    assert not {"img", "link", "script", "iframe", "object", "form"} & {tag for tag, _ in page.found}
    assert "url(" not in html
    assert "@import" not in html
    assert not [attrs for _, attrs in page.found if "src" in attrs]


def test_the_page_is_of_moderate_size_and_knows_the_dark(desk, german):
    html = render(desk.update(), german).html
    assert len(html.encode()) < 20_000  # some mail programs cut what is longer than 102 kB
    assert "prefers-color-scheme: dark" in html
    assert "max-width: 600px" in html


def test_an_arabic_reader_gets_the_frame_from_right_to_left(desk):
    alert = desk.alert(
        desk.arabic,
        (("كوريا الشمالية", "dprk"),),
        kind=desk.update().kind,
        reason=Reason.NEW_FACTS,
        new=(desk.figure(desk.arabic, "12000 جندي", 12000.0, 10000.0),),
    )
    message = render(alert, desk.voice("ar", "Asia/Dubai"))
    page = Page(message.html)
    assert page.tags("html")[0] == {"lang": "ar", "dir": "rtl"}
    assert "10,000 ← 12,000" in message.text


def test_an_arabic_title_does_not_reorder_a_german_subject(desk, german):
    message = render(desk.alert(desk.arabic, (("كورسك", "kursk"),)), german)
    assert message.subject == f"Truppen für Russland — \u2068{desk.arabic.title}\u2069"
    assert 'dir="auto"' in message.html


def test_a_chat_gets_few_lines_and_the_link_last(desk, german):
    lines = render(desk.update(), german).short.splitlines()
    assert lines[0] == "• Soldaten: 10.000 → 12.000"
    assert lines[-1] == desk.german.url
    assert len(lines) <= 6


@pytest.mark.parametrize("limit", [80, 120, 160, 300, 1000])
def test_a_chat_message_is_shortened_around_its_link(desk, german, limit):
    fitted = render(desk.update(), german).brief(limit)
    assert len(fitted) <= limit
    assert fitted.endswith(desk.german.url)


def test_a_limit_below_the_link_still_gives_something(desk, german):
    assert 0 < len(render(desk.update(), german).brief(20)) <= 20


def test_messages_on_one_story_share_a_thread(desk, german):
    first, second = render(desk.alert(), german), render(desk.update(id=43), german)
    assert first.thread == second.thread != ""
    assert render(desk.alert(story=8), german).thread != first.thread
    assert render(desk.alert(story_title="Another history"), german).thread != first.thread


def test_rendering_is_repeatable(desk, german):
    assert render(desk.update(), german) == render(desk.update(), german)


def test_a_pack_that_was_removed_leaves_the_names_as_they_are(desk, german):
    message = render(desk.update(), replace(german, packs={}))
    assert "Regel: troops" in message.text
    assert "soldiers 10.000 → 12.000" in message.subject


def test_an_article_without_text_still_makes_a_message(desk, german):
    article = replace(desk.german, text="", title="")
    message = render(desk.alert(article, evidence=()), german)
    assert message.subject == "example-zeitung.de"
    assert message.short
    assert "Lesen bei" in message.html


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "http://[", "", "ftp://example.org/a"]
)
def test_only_web_addresses_become_links(desk, german, url):
    message = render(desk.alert(replace(desk.german, url=url)), german)
    assert Page(message.html).tags("a") == []
    assert "javascript" not in message.short


HOSTILE = {
    "markup": '<script>alert(1)</script><img src=x onerror="y">"><b>',
    "template": "{{ 7 * 7 }} {% raw %} ${x}",
    "line ends": "Truppen\r\nBcc: everyone@example.org\n\nX: y",
    "escapes": "\x1b[31mred\x1b[0m \x00\x07\x9b31m \x1b]0;title\x07",
    "overrides": "ab\u202eevil\u202c \u2066x\u2069 \ufeff",
    "surrogate": "half \ud83d of an emoji",
    "long": "Truppen " * 625,
    "long without spaces": "가" * 5000,
    "zalgo": "T" + "\u0301" * 3000 + "ruppen",
    "emoji": "👩‍👩‍👧‍👦🇰🇵🇷🇺 " * 200,
    "combining": "é" * 3000,
    "mentions": "@everyone @here <@12345> <!channel> [click](https://evil.example) @room",
}


@pytest.mark.parametrize("title", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_title_stays_text(desk, german, title):
    article = replace(desk.german, title=title, text=f"{title}\n{title} 12.000 Soldaten")
    alert = desk.update(article=article, evidence=(), source=title, story_title=title + "x")
    message = render(alert, german)
    page = Page(message.html)
    assert not {"script", "img", "b"} & {tag for tag, _ in page.found}
    for form in (message.subject, message.text, message.html, message.short):
        form.encode()
        controls = {char for char in form if ord(char) < 32 or 0x7F <= ord(char) < 0xA0} - {"\n"}
        assert controls == set()
        assert not any(override in form for override in "\u202a\u202b\u202d\u202e\u2066\u2067")
    assert "\n" not in message.subject
    assert len(message.subject) < 300
    assert len(message.text) < 4000
    assert "{{ 7" in message.text or "49" not in message.text


def test_mentions_and_masked_links_are_harmless_in_a_chat(desk, german):
    article = replace(desk.german, title="T", text=HOSTILE["mentions"])
    said = render(desk.alert(article, evidence=()), german).short
    for trigger in ("@everyone", "@here", "@room", "<@", "<!", "](http"):
        assert trigger not in said
    assert "everyone" in said


def test_a_mention_in_a_title_is_harmless_too(desk, german):
    article = replace(desk.german, title="@everyone <!channel> look")
    message = render(desk.alert(article, evidence=()), german)
    assert "everyone" in message.chat_title
    assert "@everyone" not in message.chat_title
    assert "<!" not in message.chat_title


def test_evidence_beyond_the_text_does_no_harm(desk, german):
    odd = (
        Evidence(Field.TITLE, 500, 900, "x", "dprk"),
        Evidence(Field.BODY, 10**6, 10**6 + 5, "y", "dprk"),
        Evidence(Field.BODY, 5, 5, "", "russia"),
    )
    assert desk.german.title in render(desk.alert(evidence=odd), german).text


def test_a_notice_is_told_in_the_callers_words(german):
    message = render_notice(
        "Quelle x\r\nantwortet nicht", ["Seit 12:10 <503>.", "Tumen fragt weiter."], german
    )
    assert message.subject == "Quelle x antwortet nicht"
    assert "Seit 12:10 <503>." in message.text
    assert "Seit 12:10 &lt;503&gt;." in message.html
    assert message.short == "Seit 12:10 <503>.\nTumen fragt weiter."
    Page(message.html)


def test_a_notice_without_sentences_is_not_empty(german):
    assert render_notice("Start", [], german).short == "Start"


def test_every_language_has_every_phrase_with_the_same_blanks():
    table = _phrases()
    assert {"de", "en", "ko", "ru", "uk", "ja", "zh", "fr", "es", "pl", "it", "ar"} <= set(table)

    def blanks(phrases):
        return {
            key: set(re.findall(r"{\w+}", text)) for key, text in phrases.items() if isinstance(text, str)
        }

    for language, phrases in table.items():
        assert phrases.keys() == table["en"].keys(), language
        assert blanks(phrases) == blanks(table["en"]), language


@pytest.mark.parametrize(
    "language", ["de", "en", "ko", "ru", "uk", "ja", "zh", "fr", "es", "pl", "it", "ar", "pt-BR", "xx"]
)
def test_every_language_gives_a_whole_message(desk, language):
    message = render(desk.update(late=True), desk.voice(language, "Europe/Berlin"))
    assert message.subject
    Page(message.html)


def test_numbers_follow_the_reader(desk):
    said = {code: desk.voice(code, "UTC").number(12000.5) for code in ("en", "de", "ko", "pl")}
    assert said == {"en": "12,000.5", "de": "12.000,5", "ko": "12,000.5", "pl": "12\xa0000,5"}
    assert desk.voice("de", "UTC").number(10000.0) == "10.000"


@pytest.mark.parametrize("value", [1e15, 1e38, 1.7e308, -1e300, float("inf")])
def test_a_number_of_any_size_can_be_said(desk, value):
    assert 0 < len(desk.voice("de", "UTC").number(value)) < 25


def test_a_zone_without_a_name_is_given_as_offset(desk):
    assert "UTC+04" in desk.voice("en", "Asia/Dubai").moment(
        datetime(2026, 1, 1, tzinfo=UTC)
    ) or "GST" in desk.voice("en", "Asia/Dubai").moment(datetime(2026, 1, 1, tzinfo=UTC))
    assert isinstance(desk.voice("en", "UTC"), Voice)
