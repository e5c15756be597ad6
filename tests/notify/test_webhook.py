"""Webhooks: one signed document per message, the same at every attempt, and readable by any program."""

from __future__ import annotations

import base64
import json
import re
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.delivery.bundling import MOST
from monitor.core.errors import DeliveryError, Fault
from monitor.core.statements import Fact, FactKind, Newness, Novelty
from monitor.notify.channels import Channel, Channels
from monitor.notify.message import render, render_bundle, render_notice
from monitor.notify.webhook import Webhook, read_secrets, sign, webhook_id, write
from tests.notify.conftest import GERMAN, body_evidence, german_update, make_alert, voice_of
from tests.notify.sending import send

PAGE = (Path(__file__).parents[2] / "docs" / "channels.md").read_text(encoding="utf-8")
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BERLIN = voice_of("de", "Europe/Berlin")


def block(language):
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
    return found


@pytest.fixture(scope="module")
def verify():
    """The function that the documentation gives to receivers."""
    names = {}
    exec(compile(block("python"), "docs/channels.md", "exec"), names)
    return names["verify"]


@pytest.fixture
def message(desk, german):
    return render(desk.update(), german)


def refused(url, message, **options):
    with pytest.raises(DeliveryError) as caught:
        send(url, message, **options)
    return caught.value


def wrong(url):
    (error,) = Channels([Channel("team", (url,))]).validate()
    return error


def test_the_signature_is_that_of_the_specification():
    (key,) = read_secrets(SECRET)
    said = sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert said == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_receiver_can_verify_what_it_got_and_nothing_else(web, message, verify):
    send(web.url(f"200?secret={SECRET}", "webhook"), message)
    ((method, _, body),) = web.requests
    headers = {name.lower(): value for name, value in web.headers[0].items()}
    assert method == "POST"
    assert headers["content-type"] == "application/json"
    assert verify(headers, body, SECRET)
    assert not verify(headers, body + b" ", SECRET)
    assert not verify(headers, body, f"whsec_{base64.b64encode(b'another secret, as long').decode()}")
    assert not verify({**headers, "webhook-id": "another"}, body, SECRET)
    late = f"{int(time.time()) - 600}"
    resigned = sign(*read_secrets(SECRET), headers["webhook-id"], int(late), body)
    assert not verify({**headers, "webhook-timestamp": late, "webhook-signature": resigned}, body, SECRET)


def test_a_receiver_that_changes_its_secret_accepts_the_old_and_the_new(web, message, verify):
    successor = f"whsec_{base64.b64encode(b'n' * 32).decode()}"
    send(web.url(f"200?secret={SECRET},{successor}", "webhook"), message)
    headers = {name.lower(): value for name, value in web.headers[0].items()}
    assert verify(headers, web.requests[0][2], SECRET)
    assert verify(headers, web.requests[0][2], successor)


def test_a_webhook_without_a_secret_is_not_signed(web, message):
    send(web.url("200", "webhook"), message)
    assert "webhook-signature" not in {name.lower() for name in web.headers[0]}


@pytest.mark.parametrize(
    "secret",
    ["short", "whsec_", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", f"{SECRET},", "whsec_%20%ff"],
)
def test_an_unsound_secret_is_refused_before_anything_starts_and_not_repeated(secret):
    error = wrong(f"webhooks://hooks.example.org/in?secret={secret}")
    assert "secret= that is none" in error.message
    assert "24 to 64" in error.remedy
    assert secret not in f"{error}".replace("write whsec_", "")


@given(st.binary(min_size=24, max_size=64), st.booleans())
def test_every_secret_survives_the_url(key, escaped):
    secret = f"whsec_{base64.b64encode(key).decode()}"
    parts = Webhook.parse_url(
        f"webhooks://example.org/?secret={quote(secret, safe='') if escaped else secret}"
    )
    assert Webhook(**parts).keys == (key,)


def test_the_example_of_the_documentation_is_what_arrives(web):
    update = german_update()
    told = replace(update, facts=tuple(item.fact for item in update.new))
    send(web.url("200", "webhook"), render(told, BERLIN))
    arrived, shown = json.loads(web.requests[0][2]), json.loads(block("json"))
    assert arrived["text"].startswith(shown.pop("text").rstrip("…"))
    assert arrived == {**shown, "text": arrived["text"]}


def test_every_field_is_explained(message):
    said = json.loads(write(message, "k"))
    (alert,) = said["alerts"]
    for name in (*said, *alert, *alert["story"], *alert["new"][0]):
        assert f"`{name}`" in PAGE, name


def test_a_digest_has_all_its_alerts_and_a_notice_has_none(desk, german):
    digest = json.loads(write(render_bundle([desk.alert(id=1), desk.update(id=2)], german), "k"))
    assert (digest["type"], [alert["id"] for alert in digest["alerts"]]) == ("digest", [1, 2])
    notice = json.loads(write(render_notice("A source fails", ["It is gone."], german), "k"))
    assert (notice["type"], notice["subject"], notice["alerts"]) == ("notice", "A source fails", [])


def test_a_webhook_can_hold_as_many_alerts_as_leave_together(web):
    channel = Channel("team", (web.url("200", "webhook"),))
    assert Channels([channel]).room(channel.recipients[0]) == MOST


TEXTS = st.text(st.characters(exclude_categories=()), max_size=40)  # lone surrogates included
FIGURES = st.none() | st.floats()


@given(TEXTS, TEXTS, TEXTS, FIGURES, FIGURES)
def test_whatever_a_page_says_the_document_is_sound(title, text, url, value, before):
    article = replace(GERMAN, title=title, text=f"{text} {GERMAN.text}", url=f"https://example.org/{url}")
    (where,) = body_evidence(article, ("12.000 Soldaten", "soldiers"))
    fact = Fact(FactKind.FIGURE, "soldiers", value, where)
    alert = make_alert(article, (), new=(Novelty(fact, before, Newness.CHANGED, text),), story_title=text)
    content = write(render(alert, BERLIN), "k").decode("utf-8")
    said = json.loads(content, parse_constant=pytest.fail)
    assert "\n" not in said["alerts"][0]["title"]
    assert not re.search(r"\s", said["alerts"][0]["url"])


def test_an_attempt_that_is_repeated_is_the_same_to_the_byte(web, message):
    for key in ("a", "a", "b"):
        send(web.url("200", "webhook"), message, key=key)
    first, again, other = [headers["webhook-id"] for headers in web.headers]
    assert first == again == json.loads(web.requests[0][2])["id"] == webhook_id("a")
    assert other != first
    assert web.requests[0] == web.requests[1]


def test_json_xml_and_form_have_the_same_id(web, message):
    for schema in ("webhook", "json", "xml", "form"):
        send(web.url("200", schema), message)
    ids = {
        value for headers in web.headers for name, value in headers.items() if name.lower() == "webhook-id"
    }
    assert ids == {webhook_id("key-1")}


@pytest.mark.parametrize("status", ["200", "201", "202", "204"])
def test_only_2xx_is_success(web, message, status):
    send(web.url(status, "webhook"), message)
    assert len(web.requests) == 1


@pytest.mark.parametrize(
    ("path", "reason", "fault", "retry_after"),
    [
        ("302", "http_302", Fault.CHANNEL, None),
        ("304", "http_304", Fault.CHANNEL, None),
        ("400", "http_400", Fault.MESSAGE, None),
        ("403", "http_403", Fault.CHANNEL, None),
        ("410", "http_410", Fault.CHANNEL, None),
        ("413", "http_413", Fault.MESSAGE, None),
        ("429/40", "http_429", Fault.PASSING, 40.0),
        ("503/Wed, 21 Oct 2015 07:28:00 GMT", "http_503", Fault.PASSING, 0.0),
        ("hang", "unknown", Fault.PASSING, None),
        ("trickle", "unknown", Fault.PASSING, None),
        ("drop", "unknown", Fault.PASSING, None),
    ],
)
def test_whatever_else_it_answers_has_a_meaning(web, message, path, reason, fault, retry_after):
    error = refused(web.url(path.replace(" ", "%20"), "webhook"), message, timeout=0.6)
    assert (error.reason, error.fault, error.retry_after) == (reason, fault, retry_after)
    assert len(web.requests) == 1


def test_the_url_may_add_headers_and_a_login_but_change_none_of_ours(web, message):
    url = web.url("200?+X-Team=ops&+webhook-id=forged&+Webhook-Timestamp=0&method=GET&-q=1", "webhook")
    send(url.replace("://", "://anna:pw@"), message)
    headers = {name.lower(): value for name, value in web.headers[0].items()}
    assert headers["x-team"] == "ops"
    assert headers["authorization"].startswith("Basic ")
    assert headers["webhook-id"] == webhook_id("key-1")
    assert headers["webhook-timestamp"] != "0"
    assert web.requests[0][:2] == ("POST", "/200?q=1")


def test_a_webhook_is_described_by_its_host_alone():
    channel = Channel("team", (f"webhooks://anna:pw@hooks.example.org:8443/token?secret={SECRET}",))
    assert Channels([channel]).describe(channel.recipients[0]) == "Webhook at hooks.example.org:8443"


@pytest.mark.parametrize("schema", ["webhook", "json"])
def test_an_answer_that_never_ends_is_not_waited_for(web, message, schema):
    send(web.url("endless", schema), message)


def test_an_update_names_what_was_told_before():
    (figure, place) = json.loads(write(render(german_update(), BERLIN), "k"))["alerts"][0]["new"]
    assert (figure["value"], figure["before"], figure["words"]) == (12000, 10000, "12.000 Soldaten")
    assert (place["concept"], place["value"]) == ("kursk", None)
