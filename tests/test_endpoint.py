"""The address at which machines ask, over real sockets on loopback."""

from __future__ import annotations

import http.client
import logging
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

import pytest

from monitor import endpoint
from monitor.core.errors import ConfigError
from monitor.core.hosts import Served
from monitor.endpoint import Answer, listening

PATIENCE = 30  # seconds; a busy machine takes its time
HERE = Served("127.0.0.1", frozenset({"tumen"}))


class Asked:
    """What is answered; an answer waits while `gate` is closed."""

    def __init__(self):
        self.calls = 0
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Event()

    def __call__(self):
        self.calls += 1
        self.entered.set()
        assert self.gate.wait(PATIENCE)
        return Answer("grüß dich\n".encode())


@pytest.fixture
def asked():
    return Asked()


@pytest.fixture
def port(asked):
    def fail():
        raise ZeroDivisionError("a secret of ours")

    unwell = Answer(b"{}", "application/json", HTTPStatus.SERVICE_UNAVAILABLE)
    with listening(HERE, 0, {"/well": asked, "/unwell": lambda: unwell, "/bug": fail}) as found:
        yield found
        asked.gate.set()


def ask(port, path="/well", method="GET", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    return answer, answer.read()


def send(port, request):
    """What the server says to these bytes until it hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(request)
        with connection.makefile("rb") as answer:
            return answer.read()


def test_a_question_is_answered(port):
    answer, body = ask(port)
    assert (answer.status, body) == (200, "grüß dich\n".encode())
    assert answer.getheader("Content-Type") == "text/plain; charset=utf-8"
    assert answer.getheader("Cache-Control") == "no-store"
    answer, body = ask(port, "/unwell?verbose=1")
    assert (answer.status, body, answer.getheader("Content-Type")) == (503, b"{}", "application/json")


def test_a_head_has_the_length_and_no_body(port):
    answer, body = ask(port, method="HEAD")
    assert (answer.status, body, answer.getheader("Content-Length")) == (200, b"", "12")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get"])
def test_nothing_can_be_done_but_to_ask(port, asked, method):
    answer, _ = ask(port, method=method)
    assert (answer.status, answer.getheader("Allow")) == (405, "GET, HEAD")
    assert not asked.calls


def test_another_path_is_not_there(port):
    answer, body = ask(port, "/etc/passwd")
    assert answer.status == 404
    assert b"/well" in body


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1", "[::1]:9469", "TUMEN:9469"])
def test_it_is_known_by_its_names(port, host):
    assert ask(port, Host=host)[0].status == 200


@pytest.mark.parametrize("host", ["evil.example", "tumen.evil.example", "", "127.0.0.1, evil.example"])
def test_a_stranger_whose_name_was_made_to_lead_here_is_refused(port, asked, host):
    assert ask(port, Host=host)[0].status == 421
    assert not asked.calls


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /well HTTP/1.1\r\nHost: tumen\r\nHost: tumen\r\n\r\n", b"421"),
        (b"GET /well HTTP/1.0\r\n\r\n", b"421"),
        (b"GET http://evil.example/well HTTP/1.1\r\nHost: tumen\r\n\r\n", b"404"),
        (b"GET /well\r\n\r\n", b"400"),
        (b"\xff\x00\r\n\r\n", b"400"),
        (b"GET /well HTTP/2.0\r\nHost: tumen\r\n\r\n", b"505"),
        (b"GET /well HTTP/1.1\r\nHost: tumen\r\n" + b"A: b\r\n" * 110 + b"\r\n", b"400"),
        (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: tumen\r\n\r\n", b"431"),
    ],
)
def test_what_is_no_decent_request_is_refused_in_one_line(port, request_, status):
    said = send(port, request_)
    assert said.startswith(b"HTTP/1.1 " + status)
    assert b"Traceback" not in said


def test_a_connection_has_one_answer(port):
    said = send(port, b"GET /well HTTP/1.1\r\nHost: tumen\r\n\r\n" * 2)
    assert said.count(b"HTTP/1.1 200") == 1


def test_a_bug_shows_nothing_of_us_and_ends_nothing(port, caplog):
    answer, body = ask(port, "/bug")
    assert answer.status == 500
    assert b"secret" not in body
    assert "a secret of ours" in caplog.text
    assert ask(port)[0].status == 200


def test_a_slow_answer_keeps_only_those_waiting_who_asked_for_it(port, asked):
    asked.gate.clear()
    with ThreadPoolExecutor(8) as crowd:
        answers = [crowd.submit(ask, port) for _ in range(8)]
        assert asked.entered.wait(PATIENCE)
        assert ask(port, "/unwell")[0].status == 503, "others are answered meanwhile"
        asked.gate.set()
        assert [answer.result()[0].status for answer in answers] == [200] * 8


def test_a_caller_who_takes_too_long_is_hung_up_on(monkeypatch, asked):
    monkeypatch.setattr(endpoint, "_PATIENCE", 0.1)
    with listening(HERE, 0, {"/well": asked}) as port:
        assert send(port, b"GET /well HTTP/1.1\r\n") == b""


def test_an_answer_that_takes_too_long_is_not_waited_for_and_a_crowd_shares_it(monkeypatch, asked):
    monkeypatch.setattr(endpoint, "_THOUGHT", 0.1)
    asked.gate.clear()
    with listening(HERE, 0, {"/well": asked}) as port:
        assert [ask(port)[0].status for _ in range(3)] == [503] * 3
        asked.gate.set()
    assert asked.calls == 1


def test_more_callers_than_it_listens_to_do_not_pile_up(monkeypatch, asked):
    monkeypatch.setattr(endpoint, "_MOST_CALLERS", 2)
    with listening(HERE, 0, {"/well": asked}) as port:
        quiet = [socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) for _ in range(2)]
        for one in quiet:
            one.sendall(b"GET ")
        refused = send(port, b"")
        for one in quiet:
            one.close()
    assert refused == b""


def test_it_listens_no_longer_than_it_should(asked):
    with listening(HERE, 0, {"/well": asked}) as port:
        assert ask(port)[0].status == 200
    with pytest.raises(ConnectionRefusedError):
        ask(port)


def test_a_place_that_is_taken_is_named():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with (
            pytest.raises(ConfigError, match="nothing can listen here: Address already in use") as refused,
            listening(HERE, port, {}),
        ):
            pass
    assert refused.value.where == f"health, 127.0.0.1 port {port}"


@pytest.mark.parametrize(("host", "warns"), [("0.0.0.0", True), ("127.0.0.1", False)])
def test_whoever_lets_others_ask_is_warned(caplog, host, warns):
    with caplog.at_level(logging.INFO, "tumen.health"), listening(Served(host), 0, {}):
        pass
    assert ("other machines can read" in caplog.text) is warns
