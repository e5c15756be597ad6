"""A machine's translation helps a reader, and never keeps a message from leaving."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from monitor.notify.message import render, render_bundle
from monitor.notify.translation import Translation, Translator


class Server:
    """A LibreTranslate on loopback; `status` and `body` are what it answers, `way` is how it misbehaves."""

    def __init__(self):
        self.asked = []
        self.status, self.body, self.way = 200, None, ""
        self.released = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                server.asked.append((self.path, question))
                getattr(server, server.way or "plain")(self, question)

            def log_message(self, *args):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.host = f"127.0.0.1:{self.http.server_address[1]}"
        self.url = f"http://{self.host}/"
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def plain(self, handler, question):
        text = f"[{question['target']}] {question['q'][:40]}"
        body = json.dumps({"translatedText": text}).encode() if self.body is None else self.body
        handler.send_response(self.status)
        if self.status == 302:
            handler.send_header("Location", "/elsewhere")
        handler.end_headers()
        handler.wfile.write(body)

    def hang(self, handler, question):
        self.released.wait(30)

    def trickle(self, handler, question):
        handler.send_response(200)
        handler.end_headers()
        while not self.released.wait(0.02):
            handler.wfile.write(b" ")

    def drop(self, handler, question):
        handler.connection.close()

    def close(self):
        self.released.set()
        self.http.shutdown()
        self.thread.join()
        self.http.server_close()


@pytest.fixture
def server():
    server = Server()
    yield server
    server.close()


@pytest.fixture
def hours():
    """A clock that a test turns."""
    return [0.0]


@pytest.fixture
def translator(server, hours):
    return Translator(server.url, key="s3cret", timeout=0.4, clock=lambda: hours[0] * 3600 + time.monotonic())


@pytest.fixture
def korean(desk):
    return desk.alert(desk.korean, (("북한", "dprk"),))


def asked(translator, alerts, voice):
    return asyncio.run(translator.translate(alerts, voice))


def test_title_and_lead_are_translated_into_the_readers_language(translator, server, korean, german):
    found = asked(translator, [korean], german)
    title = f"[de] {korean.article.title[:40]}"
    assert found[korean.id].title == title
    assert found[korean.id].lead.startswith("[de] 국가정보원은 25일")
    assert found[korean.id].host == server.host
    assert [path for path, _ in server.asked] == ["/translate"] * 2
    assert server.asked[0][1] == {
        "q": korean.article.title,
        "source": "ko",
        "target": "de",
        "format": "text",
        "api_key": "s3cret",
    }


def test_nothing_is_sent_of_reports_in_the_readers_own_language(translator, server, desk, german, korean):
    unknown = replace(korean, article=replace(korean.article, language=None))
    assert asked(translator, [desk.alert(), unknown], german) == {}
    assert server.asked == []


def test_ten_recipients_cost_one_translation(translator, server, korean, german):
    async def all_at_once():
        return await asyncio.gather(*(translator.translate([korean], german) for _ in range(10)))

    found = asyncio.run(all_at_once())
    assert len({one[korean.id] for one in found}) == 1
    assert len(server.asked) == 2


def test_a_text_that_comes_back_as_it_was_is_no_translation(translator, server, korean, german):
    server.body = json.dumps({"translatedText": korean.article.title}).encode()
    (found,) = asked(translator, [korean], german).values()
    assert found.title == ""


FAULTS = {
    "an error": {"status": 500},
    "a refusal": {"status": 403},
    "languages it does not know": {"status": 400},
    "a redirect": {"status": 302},
    "a page": {"body": b"<!doctype html><p>translatedText"},
    "nothing": {"body": b""},
    "another JSON": {"body": b'["translatedText"]'},
    "a number": {"body": b'{"translatedText": 7}'},
    "deep JSON": {"body": b"[" * 60_000},
    "no UTF-8": {"body": b'{"translatedText": "\xff\xfe"}'},
    "a flood": {"body": b'{"translatedText": "' + b"x" * 5_000_000 + b'"}'},
    "silence": {"way": "hang"},
    "a trickle": {"way": "trickle"},
    "a broken line": {"way": "drop"},
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_costs_the_translation_and_a_moment_but_no_message(
    translator, server, hours, korean, german, fault, caplog
):
    for name, value in fault.items():
        setattr(server, name, value)
    began = time.monotonic()
    with caplog.at_level(logging.WARNING, "tumen.translation"):
        assert asked(translator, [korean], german) == {}
        assert time.monotonic() - began < 2
        assert len(server.asked) == 1
        assert asked(translator, [korean], german) == {}
        assert len(server.asked) == 1, "it is left alone for a while"
        hours[0] += 1
        assert asked(translator, [korean], german) == {}
    (line,) = caplog.messages
    assert server.host in line
    assert "s3cret" not in line


def test_it_is_asked_again_after_a_pause(translator, server, hours, korean, german):
    server.status = 503
    assert asked(translator, [korean], german) == {}
    server.status = 200
    hours[0] += 0.05
    assert asked(translator, [korean], german) == {}
    hours[0] += 0.05
    assert korean.id in asked(translator, [korean], german)


def test_languages_that_it_does_not_know_do_not_stop_the_others(translator, server, korean, german, english):
    server.status = 400
    assert asked(translator, [korean], german) == {}
    server.status = 200
    assert asked(translator, [korean], german) == {}
    assert korean.id in asked(translator, [korean], english)


def test_a_server_that_is_not_there_is_no_trouble(korean, german, caplog):
    assert asked(Translator("http://127.0.0.1:1", timeout=1), [korean], german) == {}
    assert "cannot be reached" in caplog.text


def test_a_hostile_translation_stays_text(translator, server, korean, german):
    server.body = json.dumps(
        {"translatedText": "<script>x</script>\r\nBcc: a@b\x1b[31m\u202e \ud83d @everyone " + "가" * 5000}
    ).encode()
    found = asked(translator, [korean], german)
    message = render(korean, german, found[korean.id])
    for form in (message.subject, message.text, message.html, message.short):
        form.encode()
        assert "\x1b" not in form
        assert "\u202e" not in form
    assert "<script>" not in message.html
    assert "@everyone" not in message.short
    assert len(message.text) < 4500


MADE = Translation(
    "Geheimdienst: 12.000 Soldaten verlegt", "Der Geheimdienst teilte mit …", "translate.example"
)


def test_it_stands_below_the_original_and_is_marked(korean, german):
    message = render(korean, german, MADE)
    order = [
        korean.article.title,
        "국가정보원은",
        "Maschinell übersetzt (translate.example)",
        MADE.title,
        MADE.lead,
    ]
    places = [message.text.index(part) for part in order]
    assert places == sorted(places)
    for part in order[2:]:
        assert part in message.html
    assert korean.article.title in message.subject
    assert MADE.title not in message.subject
    lines = message.short.splitlines()
    assert lines[:3] == [MADE.title, MADE.lead, "Maschinell übersetzt (translate.example)"]
    assert lines[-1] == korean.article.url


def test_a_digest_shows_each_where_it_belongs(desk, korean, german):
    other = desk.alert(desk.arabic, (), id=43, story=8)
    message = render_bundle([korean, other], german, {korean.id: MADE})
    for form in (message.text, message.html):
        assert form.count(MADE.title) == 1
        assert "Maschinell übersetzt (translate.example)" in form
