"""What each service really gets, through Apprise and over a real connection."""

from __future__ import annotations

import asyncio
import json
from urllib.parse import parse_qs

import pytest
from apprise import Apprise
from apprise.plugins.discord import NotifyDiscord
from apprise.plugins.slack import NotifySlack
from apprise.plugins.telegram import NotifyTelegram

from monitor.notify.channels import Channel, Channels
from monitor.notify.message import render_bundle

URL = "https://www.example-zeitung.de/politik/soldaten-kursk?id=17"


@pytest.fixture
def told(web, monkeypatch):
    """Send a message to a service whose web address is ours, and give what arrived."""
    web.body = b"ok"
    here = web.url("200", "http")
    monkeypatch.setattr(NotifyDiscord, "notify_url", here)
    monkeypatch.setattr(NotifySlack, "webhook_url", here)
    monkeypatch.setattr("apprise.plugins.matrix.base.MATRIX_V1_WEBHOOK_PATH", "/200")
    monkeypatch.setattr(NotifyTelegram, "notify_url", f"{here}/bot")

    def send(url, message):
        channel = Channel("team", (url.replace("{here}", f"127.0.0.1:{web.port}"),))
        channels = Channels([channel], timeout=5.0)
        channels.load()
        asyncio.run(channels.send(channel.recipients[0], message, key="k"))
        body = web.requests[-1][2].decode()
        return json.loads(body) if body.startswith("{") else {k: v[0] for k, v in parse_qs(body).items()}

    return send


@pytest.fixture
def update(desk, german):
    return render_bundle([desk.update()], german)


DISCORD = "discord://123456789012345678/abcdefghijklmnopqrstuvwxyz"
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/"
TELEGRAM = "tgram://123456789:abcdefg_hijklmnop/12315544/"


def test_discord_gets_a_linked_title_and_bold_evidence_and_mentions_nobody(told, update):
    said = told(DISCORD, update)
    first, *rest = said["content"].splitlines()
    assert first.startswith("**[Update: Soldaten 10.000 → 12.000, Kursk — Seoul: ")
    assert first.endswith(f"](<{URL}>)** · example-zeitung.de")
    assert "• Soldaten: **10.000 → 12.000**" in rest[0]
    assert "**Nordkorea** hat" in said["content"]
    assert rest[-1].startswith("-# ")
    assert said["allowed_mentions"] == {"parse": []}


def test_who_asks_discord_for_a_ping_gets_it(told, update):
    said = told(f"{DISCORD}?ping=%3C%4012345%3E", update)
    assert "allowed_mentions" not in said
    assert "<@12345>" in said["content"]


def test_slack_gets_its_own_markup(told, update):
    (said,) = told(SLACK, update)["attachments"]
    first, *rest = said["text"].splitlines()
    assert first.startswith(f"*<{URL}|Update: Soldaten 10.000 → 12.000, Kursk — Seoul: ")
    assert first.endswith(">* · example-zeitung.de")
    assert "\u200b*Nordkorea*\u200b hat" in "\n".join(rest)
    assert "\\" not in said["text"]


def test_a_block_of_slack_holds_less(told, desk, german):
    many = [desk.update(id=number, story=number) for number in range(40)]
    channel = Channel("c", (f"{SLACK}?blocks=yes",))
    assert Channels([channel]).room(channel.recipients[0]) == 11
    said = told(f"{SLACK}?blocks=yes", render_bundle(many[:11], german))
    (text,) = [
        block["text"]["text"] for block in said["attachments"][0]["blocks"] if block["type"] == "section"
    ]
    assert len(text) <= 3000 + 11 * 4
    assert text.count(f"<{URL}|") == 11


@pytest.mark.parametrize("options", ["", "?format=markdown", "?format=text"])
def test_telegram_gets_the_little_html_that_it_knows(told, update, options):
    said = told(TELEGRAM + options, update)
    assert said["parse_mode"] == "HTML"
    assert said["text"].startswith(f'<b><a href="{URL}">Update: Soldaten 10.000 → 12.000, Kursk — ')
    assert "\r\n<b>Nordkorea</b> hat" in said["text"]


def test_matrix_gets_html(told, update):
    text = told(f"matrix://team:{'x' * 64}@{{here}}/?mode=matrix", update)["text"]
    assert f'<b><a href="{URL}">Update: Soldaten 10.000 → 12.000, Kursk — ' in text
    assert "<br>• Soldaten: <b>10.000 → 12.000</b><br>" in text
    assert f"</a></b> · {URL}<br>" in text, "a bridge that drops the markup keeps the address"


def test_a_bridge_of_matrix_that_shows_no_markup_gets_plain_lines(told, update):
    said = json.dumps(told(f"matrix://team:{'x' * 64}@{{here}}/?mode=slack", update))
    assert "**" not in said
    assert "&lt;b" not in said
    assert "soldaten-kursk?id=17" in said


def test_mattermost_gets_markdown(told, update):
    text = told("mmost://{here}/200/abcdefghijklmnopqrstuvwxyz", update)["text"]
    assert text.startswith("**[Update: Soldaten 10.000 → 12.000, Kursk — Seoul: ")
    assert f"](<{URL}>)** · example-zeitung.de\n" in text
    assert "**Nordkorea** hat" in text


def test_what_knows_no_markup_gets_plain_lines_with_the_link_last(told, update):
    said = told("json://{here}/200", update)
    assert said["title"].startswith("Update: Soldaten 10.000")
    assert said["message"].splitlines()[-1] == URL
    assert "**" not in said["message"]


@pytest.mark.parametrize(
    "url", [DISCORD, SLACK, TELEGRAM, "json://{here}/200", "mmost://{here}/200/" + "x" * 26]
)
def test_a_message_that_was_refused_goes_out_in_plain_words(told, desk, german, url):
    plain = render_bundle([desk.update()], german, plain=True)
    assert plain.html == ""
    said = json.dumps(told(url, plain), ensure_ascii=False)
    for sign in ("**", "<b>", "<a ", "](", "\\n*"):
        assert sign not in said.replace("\\\\", "")
    assert "soldaten-kursk?id=17" in said


@pytest.mark.parametrize("url", [DISCORD, SLACK, TELEGRAM])
def test_forty_alerts_never_leave_in_pieces(told, web, desk, german, url):
    channel = Channel("c", (url,))
    room = Channels([channel]).room(channel.recipients[0])
    told(url, render_bundle([desk.update(id=number, story=number) for number in range(room)], german))
    assert len(web.requests) == 1


def test_apprise_still_has_the_door_where_discord_is_told_to_mention_nobody():
    assert callable(Apprise.instantiate(DISCORD)._send)
