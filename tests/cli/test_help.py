"""What the command line says about itself, and what it loads to say it."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys

import click
import pytest

from monitor import __version__
from monitor.cli import tumen as group
from tests.cli.conftest import ROOT

HEAVY = {
    "scrapy",
    "twisted",
    "apprise",
    "pydantic",
    "sqlite_utils",
    "lxml",
    "trafilatura",
    "feedparser",
    "rich",
}


def leaves(command: click.Command, path: tuple[str, ...] = ()):
    """Every command below this one, with the words that call it."""
    if not isinstance(command, click.Group):
        yield path, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        yield from leaves(command.get_command(context, name), (*path, name))


COMMANDS = dict(leaves(group))


def understand(words: list[str]) -> None:
    """Read a command line as the program would, without doing anything."""
    command, rest = group, words
    while isinstance(command, click.Group):
        command, rest = command.get_command(click.Context(command), rest[0]), rest[1:]
    _, left, _ = command.make_parser(click.Context(command)).parse_args(args=rest)
    assert left == []


def loaded(*arguments: str) -> set[str]:
    """The packages that are loaded once the command has ended, in a process of its own."""
    program = (
        "import sys; from monitor.cli import main\n"
        "try: main()\n"
        "finally: print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return set(done.stderr.split())


def test_the_list_of_commands_is_quick_to_load():
    assert loaded("--help") & HEAVY == set()


def test_a_list_of_sources_loads_no_crawler_and_no_messengers():
    assert loaded("sources", "list", "--all", "--json") & {"scrapy", "twisted", "apprise", "lxml"} == set()


# What takes memory where it is not used: the crawler and its parsers are in a process of their own, as are the web
# pages; tables are for people, figures for whom `health` tells, and further machines for whom has a cluster.
NOT_OF_THE_SERVICE = {
    *(
        "scrapy",
        "twisted",
        "lxml",
        "trafilatura",
        "feedparser",
        "htmldate",
        "justext",
        "dateparser",
        "warcio",
    ),
    *(
        "datasette",
        "uvicorn",
        "starlette",
        "rich",
        "prometheus_client",
        "distributed",
        "simplemma",
        "wordfreq",
    ),
}


def test_a_service_that_watches_has_loaded_nothing_that_others_do_for_it(tmp_path):
    config = tmp_path / "tumen.yaml"
    config.write_text(
        "sources: {shipped: false, own: [{name: a, title: A, url: 'http://127.0.0.1:9/feed.xml'}]}\n"
        "channels: {desk: {url: json://127.0.0.1:9/}}\n"
    )
    program = (
        "import logging, os, signal, sys\n"
        "def seen(record):\n"
        "    if record.msg.startswith('watching;'):\n"
        "        print(*sys.modules, flush=True)\n"
        "        os.kill(os.getpid(), signal.SIGTERM)\n"
        "    return True\n"
        "logging.getLogger('tumen').addFilter(seen)\n"
        f"sys.argv = ['tumen', 'run', '--config', {str(config)!r}]\n"
        "from monitor.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 143, done.stderr
    assert "monitor.publish" not in done.stdout  # reports are written once a week
    used = {name.partition(".")[0] for name in done.stdout.split()}
    assert "apscheduler" in used
    assert used & NOT_OF_THE_SERVICE == set()


def test_every_command_is_listed_with_a_sentence(tumen):
    answer = tumen("--help")
    assert answer.code == 0
    told = dict(
        line.split(None, 1) for line in answer.out.splitlines() if line.startswith("  ") and line[2:3].strip()
    )
    for name in group.list_commands(click.Context(group)):
        assert told[name][0].isupper()
    assert answer.controls == set()


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_and_each_option(tumen, words):
    answer = tumen(*words, "-h")
    assert answer.code == 0
    assert answer.out.startswith(f"Usage: tumen {' '.join(words)} ")
    assert "\\b" not in answer.out
    for option in COMMANDS[words].params:
        if isinstance(option, click.Option):
            assert option.help, f"{option.opts} of {words} is not explained"
            assert option.opts[0] in answer.out


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_shows_an_example_that_it_would_understand(tumen, words):
    shown = re.split(r"^ *Examples?$", tumen(*words, "-h").out, flags=re.MULTILINE)
    assert len(shown) == 2, f"{words} has no example"
    examples = [line.split(" #")[0] for line in shown[1].splitlines() if "tumen " in line]
    assert examples
    for example in examples:
        called = re.search(r"tumen ([^)|<>]+)", example)[1].strip()
        understand(shlex.split(called))


@pytest.mark.parametrize("words", [words for words in COMMANDS if words[-1] in {"list", "preview", "status"}])
def test_every_list_has_json(words):
    assert "--json" in {name for option in COMMANDS[words].params for name in option.opts}


def test_the_version_is_told(tumen):
    assert tumen("--version").out == f"tumen, version {__version__}\n"


def test_without_a_command_the_commands_are_shown(tumen):
    answer = tumen()
    assert answer.code == 2
    assert "demo" in answer.err + answer.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("dance",),
        ("sources", "dance"),
        ("status", "--dance"),
        ("alerts", "list", "--limit", "many"),
        ("extract",),
    ],
    ids=" ".join,
)
def test_a_mistyped_command_ends_with_2_and_leads_to_the_help(tumen, arguments):
    answer = tumen(*arguments)
    assert answer.code == 2
    assert answer.out == ""
    assert "--help" in answer.err or "-h" in answer.err
    assert "Traceback" not in answer.err
