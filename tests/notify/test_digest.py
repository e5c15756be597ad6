"""A message about several alerts: everything is told, in the reader's words, and every link survives."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from monitor.core.delivery.bundling import MOST
from monitor.core.topic import Concept, ConceptKind, Rule, Severity
from monitor.notify.channels import Channel, Channels
from monitor.notify.message import render, render_bundle


class Links(HTMLParser):
    """The addresses that a page links to, in their order, and whether all its elements are closed."""

    def __init__(self, html):
        super().__init__()
        self.found, self.open = [], []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "br"):
            self.open.append(tag)
        if tag == "a":
            self.found.append(dict(attrs)["href"])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture
def many(desk):
    """Alerts on stories of their own, each published an hour before the one ahead of it."""

    def make(count, **changes):
        alerts = []
        for number in range(count):
            original = (desk.german, desk.korean, desk.arabic)[number % 3]
            published = desk.german.published - timedelta(hours=number)
            url = f"https://www.example-zeitung.de/politik/{number:03d}/{'x' * 60}"
            article = replace(original, url=url, published=published)
            title = article.title
            values = {"id": number, "story": number, "story_title": title, **changes}
            alerts.append(desk.alert(article, (("Nordkorea", "dprk"), ("북한", "dprk")), **values))
        return alerts

    return make


def test_one_alert_is_told_as_ever(desk, german):
    assert render_bundle([desk.update()], german) == render(desk.update(), german)


@pytest.mark.parametrize(
    ("language", "count", "heading"),
    [
        ("en", 7, "7 alerts"),
        ("de", 7, "7 Meldungen"),
        ("ru", 21, "21 сообщение"),
        ("uk", 22, "22 повідомлення"),
        ("pl", 7, "7 powiadomień"),
        ("ja", 7, "通知7件"),
        ("ar", 11, "11 تنبيهًا"),
    ],
)
def test_the_subject_counts_in_the_readers_language(desk, many, language, count, heading):
    alerts, voice = many(count), desk.voice(language, "UTC")
    subject = render_bundle(alerts, voice).subject
    assert subject.startswith(f"{heading}: ")
    assert subject.endswith(" …")
    assert alerts[-1].article.title in subject, "the earliest"
    assert subject == render_bundle(alerts[::-1], voice).subject, "the order of the claim does not matter"


def test_every_alert_is_told_with_what_is_new_outlet_time_link_and_lead(desk, german):
    update = desk.update(story=9)
    message = render_bundle([desk.alert(id=1, late=True), update], german)
    assert message.subject == f"2 Meldungen: {desk.german.title} …"
    assert "Verspätet · Beispielzeitung · 25. Nov. 2026, 14:05 MEZ" in message.text
    assert "- Soldaten: 10.000 → 12.000 (12.000 Soldaten)" in message.text
    assert "*Nordkorea* hat nach Angaben" not in message.text.partition("————")[0]
    assert message.text.count(desk.german.url) == 2
    assert message.text.count("Truppen für Russland · Meldung") == 2
    assert "Moskau äußerte sich" not in message.text, "one line of the lead, not all of it"
    assert Links(message.html).found == [desk.german.url] * 4
    assert message.thread == ""


def test_a_story_stays_together_and_in_its_thread(desk, german):
    later = replace(
        desk.german, published=desk.german.published + timedelta(hours=2), url="https://a.example/2"
    )
    other = replace(
        desk.german, published=desk.german.published + timedelta(hours=1), url="https://a.example/1"
    )
    mixed = [desk.alert(later, id=3), desk.alert(other, id=2, story=8), desk.alert(id=1)]
    text = render_bundle(mixed, german).text
    assert text.index(desk.german.url) < text.index(later.url) < text.index(other.url)
    together = render_bundle([mixed[0], mixed[2]], german)
    assert together.thread == render(desk.alert(), german).thread


def test_one_urgent_alert_makes_the_message_urgent(desk, german, many):
    message = render_bundle([*many(6), desk.alert(id=99, story=99, severity=Severity.URGENT)], german)
    assert message.urgent
    assert message.subject.startswith(f"Dringend: 7 Meldungen: {desk.german.title}")


@pytest.mark.parametrize("limit", [700, 2000, 4096, 100_000])
def test_a_chat_gets_every_link_however_small_its_room(german, many, limit):
    alerts = many(max(1, min(MOST, limit // 240 - 1)))
    said = render_bundle(alerts, german).brief(limit)
    assert len(said) <= limit
    assert all(alert.article.url in said.splitlines() for alert in alerts)


def test_a_limit_that_is_absurd_is_kept_all_the_same(german, many):
    assert len(render_bundle(many(20), german).brief(50)) <= 50


@pytest.mark.parametrize(
    ("url", "room"),
    [
        ("mailto://mail.example/?from=a@example.org&to=b@example.org", MOST),
        ("json://127.0.0.1:9/hook", MOST),
        ("tgram://123456789:abcdefg_hijklmnop/12315544/", 16),
        ("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js", 7),
    ],
)
def test_a_message_holds_what_its_service_can_show(url, room):
    channel = Channel("c", (url,))
    assert Channels([channel]).room(channel.recipients[0]) == room


def test_the_largest_message_is_not_cut_by_mail_programs(many, german):
    html = render_bundle(many(MOST, late=True), german).html
    assert len(html.encode()) < 102_000
    assert len(Links(html).found) == 2 * MOST


def test_a_digest_that_would_be_cut_leaves_out_the_leads_but_no_alert(desk, german):
    long = replace(desk.german, title=desk.german.title * 3)
    news = desk.update().new * 5
    alerts = [desk.update(id=n, story=n, article=long, new=news, source="o" * 80) for n in range(MOST)]
    message = render_bundle(alerts, german)
    assert len(message.html.encode()) < 102_000
    assert Links(message.html).found == [desk.german.url] * MOST
    assert "nach Angaben des südkoreanischen" not in message.html
    assert message.html.count("example-zeitung.de</bdi>") == MOST, (
        "the host of each link is shown all the same"
    )
    assert "nach Angaben des südkoreanischen" in message.text


def test_hostile_titles_stay_text(desk, german, many):
    title = "<script>alert(1)</script>\r\nBcc: x@example.org \u202e{{ 7 * 7 }} @everyone"
    alerts = [replace(one, source=title, article=replace(one.article, title=title)) for one in many(6)]
    message = render_bundle(alerts, german)
    assert "<script" not in message.html
    assert "\n" not in message.subject
    assert "\u202e" not in message.html + message.text + message.short
    assert "@everyone" not in message.short + message.chat_title


@pytest.mark.parametrize(
    "language", ["de", "en", "ko", "ru", "uk", "ja", "zh", "fr", "es", "pl", "it", "ar", "xx"]
)
def test_every_language_gives_a_whole_digest(desk, many, language):
    message = render_bundle(
        [*many(6, late=True), desk.update(story=77)], desk.voice(language, "Europe/Berlin")
    )
    Links(message.html)
    assert message.text
    assert message.html.count("<h2") == 7


def test_several_rules_share_a_row(desk, german):
    pack = desk.voice("de", "UTC").packs["dprk-russia"]
    second = Rule("arms", {"en": "Arms", "de": "Waffen"}, None, "")
    voice = replace(german, packs={pack.name: replace(pack, rules=(*pack.rules, second))})
    message = render(desk.alert(rules=("troops", "arms")), voice)
    assert "- Regeln: Truppen für Russland · Waffen\n" in message.text
    assert message.html.count("Truppen für Russland · Waffen") == 1
    assert "- Regel: Truppen für Russland\n" in render(desk.alert(), voice).text


def test_a_long_list_of_words_is_cut(desk, german):
    names = [f"concept-{number}" for number in range(11)]
    pack = desk.voice("de", "UTC").packs["dprk-russia"]
    concepts = {name: Concept(name, ConceptKind.SUBJECT, {"en": name.title()}, ()) for name in names}
    voice = replace(german, packs={pack.name: replace(pack, concepts=concepts)})
    words = desk.evidence(desk.german, *(("Soldaten", name) for name in names))
    message = render(desk.alert(evidence=words), voice)
    assert "Concept-7" in message.text
    assert "Concept-8" not in message.text
    assert "  +3\n" in message.text
    assert ">+3<" in message.html
