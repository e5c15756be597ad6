"""`tumen web` as a person meets it: a real server, and what stops it before it starts."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager

import pytest

from tests.cli.conftest import ROOT

HARBOUR = "packs: [../harbour]\n"


@contextmanager
def served(*arguments, command="web"):
    """A server, once it says where it is."""
    program = "from monitor.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", program, command, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"},
        text=True,
    )
    try:
        said = ""
        while "http://" not in said:
            line = process.stderr.readline()
            assert line, said
            said += line
        yield process, re.search(r"http://\S+:\d+/", said)[0]
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def ask(address, **headers):
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=60) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


def test_the_history_is_served_until_a_signal_comes(take_in, folder):
    take_in()
    with served("--port", 0) as (process, address):
        status, headers, text = ask(address)
        assert status == 200
        assert "Nothing was told yet" in text
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert "server" not in headers
        assert ask(f"{address}history/articles.json")[0] == 200
        assert ask(address, Host="evil.example")[0] == 421
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130


def test_it_ends_with_who_started_it(folder, write, harbour):
    write("tumen.yaml", HARBOUR)
    with served("--port", 0, "--until-hung-up") as (process, address):
        assert "Nothing was found yet" in ask(address)[2]
        process.stdin.close()
        assert process.wait(60) == 0


def test_a_history_that_comes_later_is_shown(take_in, folder, write, harbour):
    write("tumen.yaml", HARBOUR)
    with served("--port", 0) as (_, address):
        assert ask(f"{address}history")[0] == 404
        take_in()
        assert "Nothing was told yet" in ask(address)[2]
        assert ask(f"{address}history")[0] == 200


@pytest.mark.parametrize("options", [("--host", "0.0.0.0"), ("--host", "192.168.1.5")])
def test_nothing_is_served_to_others_without_a_password(tumen, write, harbour, options):
    write("tumen.yaml", HARBOUR)
    for command in (("web", *options), ("run", "--web")):
        if command[0] == "run":
            write(
                "tumen.yaml",
                f"{HARBOUR}web: {{hosts: [news.example.org]}}\nsources: {{names: [yonhap-en]}}\n",
            )
        answer = tumen(*command)
        assert answer.code == 2
        assert "give web: a password" in answer.err


def test_a_port_that_is_taken_is_said(tumen, write, harbour):
    write("tumen.yaml", HARBOUR)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        answer = tumen("web", "--port", taken.getsockname()[1])
    assert answer.code == 2
    assert "nothing can be served here" in answer.err


@pytest.mark.parametrize(
    ("web", "says"),
    [
        ("{host: 'http://x'}", "that is no host"),
        ("{hosts: ['https://x.example']}", "is no host"),
        ("{password: short}", "at least 12 characters"),
        ("{port: 70000}", "port"),
        ("{timezone: Berlin}", "is no time zone"),
    ],
)
def test_mistakes_are_said_where_they_are(tumen, write, web, says):
    write("tumen.yaml", f"web: {web}\n")
    answer = tumen("web")
    assert answer.code == 2
    assert says in answer.err
    assert "short" not in answer.err.replace("shorten", "")
