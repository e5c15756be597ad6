"""The units: what stands in deploy/ is what is rendered, systemd takes it, and little is left open."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import click
import pytest

from monitor import units
from monitor.cli import EPILOG
from monitor.cli import tumen as group
from monitor.core.errors import ConfigError
from tests.bench.bench_units import ANALYZE, BARE, MINIFLUX, exposure, exposure_of

DEPLOY = Path(__file__).parents[1] / "deploy"
PROGRAM, CONFIG = Path("/opt/tumen/bin/tumen"), Path("/etc/tumen/tumen.yaml")
RENDERED = {
    "tumen.service": units.service(PROGRAM, CONFIG),
    "tumen-web.service": units.web(PROGRAM, CONFIG),
    "tumen-user.service": units.user_service(PROGRAM, CONFIG),
}
SHOWN = ("tumen.service", "tumen-web.service")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze reads units")


def settings(text):
    """All settings of a unit, as pairs."""
    return [tuple(line.split("=", 1)) for line in text.splitlines() if re.match(r"\w+=", line)]


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_shown_is_what_is_rendered(name):
    assert (DEPLOY / name).read_text(encoding="utf-8") == RENDERED[name]


@needs_systemd
@pytest.mark.parametrize("name", SHOWN)
def test_little_is_left_open(name):
    ours = exposure(DEPLOY / name)
    assert ours <= 1.3
    assert ours < exposure_of(MINIFLUX) < exposure_of(BARE)


@needs_systemd
def test_the_documented_exposure_is_about_what_is_measured():
    """Versions of systemd differ by some tenths."""
    text = (DEPLOY.parent / "docs" / "service.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| (.+?) \| (\d\.\d) \|$", text, flags=re.MULTILINE))
    for name in SHOWN:
        assert float(told[f"`{name}`"]) == pytest.approx(exposure(DEPLOY / name), abs=0.3)
    assert float(told["with the settings of Miniflux, another reader of feeds"]) == pytest.approx(
        exposure_of(MINIFLUX), abs=0.5
    )
    assert float(told["a unit that says nothing"]) == pytest.approx(exposure_of(BARE), abs=0.5)


def test_what_the_documentation_says_of_the_unit_is_so():
    text = (DEPLOY.parent / "docs" / "service.md").read_text(encoding="utf-8")
    said = dict(settings(RENDERED["tumen.service"]))
    assert (said["WatchdogSec"], said["RestartSec"]) == ("120", "30")
    assert said["MemoryMax"] == "1G"
    for name in ("TasksMax", "LimitNOFILE"):
        assert f"| `{name}=` | {said[name]} |" in text
    stays = dict(re.findall(r"^\| (\d) \| .* \| (yes|no)\b", text, flags=re.MULTILINE))
    assert {code for code, again in stays.items() if again == "no"} == set(
        said["RestartPreventExitStatus"].split()
    )


@needs_systemd
@pytest.mark.parametrize("render", [units.service, units.web, units.user_service])
@pytest.mark.parametrize("folder", ["plain", "my news & 100% “$HOME” \\ 한국"])
def test_systemd_finds_nothing_wrong(tmp_path, monkeypatch, render, folder):
    monkeypatch.setattr(units, "_HOMES", ())  # the folder of the tests may be in one
    program = tmp_path / "here & there 100%" / "tumen"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    unit = tmp_path / "tumen-here.service"
    unit.write_text(render(program, tmp_path / folder / "tumen.yaml"), encoding="utf-8")
    said = subprocess.run(
        [ANALYZE, "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
    )
    assert not [line for line in said.stderr.splitlines() if "tumen" in line], said.stderr


@pytest.mark.parametrize("name", RENDERED)
def test_the_commands_are_understood_and_nothing_is_left_to_fill_in(name):
    assert not re.search("@[A-Z]", RENDERED[name])
    for line in [value for key, value in settings(RENDERED[name]) if key in {"ExecStart", "ExecReload"}]:
        program, *words = shlex.split(line)
        assert program == str(PROGRAM)
        command = group
        while isinstance(command, click.Group):
            command = command.get_command(click.Context(command), words.pop(0))
        with command.make_context("tumen", words) as context:
            assert context.params["config"] == CONFIG


def test_what_ends_the_service_for_good_is_what_does_not_mend_itself():
    documented = set(re.findall(r"\b(\d) [a-z]", " ".join(EPILOG.split())))
    for name in ("tumen.service", "tumen-user.service"):
        codes = set(dict(settings(RENDERED[name]))["RestartPreventExitStatus"].split())
        assert codes == documented - {"0", "1", "3"}, "a full disk may have room again"


def test_both_services_keep_the_same_promises():
    """The unit of a user says what the other does, but for what only the manager of the machine can do."""
    machine, user = (settings(RENDERED[name]) for name in ("tumen.service", "tumen-user.service"))
    own = {"WorkingDirectory", "EnvironmentFile", "WantedBy"}
    assert {pair for pair in user if pair[0] not in own} <= set(machine)


def test_secrets_come_as_credentials():
    named = {"MAIL_PASSWORD": Path("/etc/tumen/mail 100%"), "WEB_PASSWORD": Path("/etc/tumen/web")}
    text = units.service(PROGRAM, CONFIG, credentials=named)
    assert [value for key, value in settings(text) if key == "LoadCredential"] == [
        "MAIL_PASSWORD:/etc/tumen/mail 100%%",
        "WEB_PASSWORD:/etc/tumen/web",
    ]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"program": Path("/home/kim/.local/bin/tumen")}, "no home folders"),
        ({"config": Path("/run/user/1000/tumen.yaml")}, "no home folders"),
        ({"state": Path("/srv/tumen")}, "cannot write there"),
        ({"program": Path("bin/tumen")}, "whole paths"),
        ({"program": Path("/opt/$HOME/tumen")}, "no program of such a name"),
        ({"config": Path("/etc/tumen\nExecStartPre=/bin/evil")}, "control characters"),
    ],
)
@pytest.mark.parametrize("render", [units.service, units.web])
def test_what_could_not_work_is_refused(render, given, says):
    with pytest.raises(ConfigError, match=says):
        render(**{"program": PROGRAM, "config": CONFIG, **given})


def test_the_unit_of_a_user_takes_home_folders_and_works_beside_the_configuration():
    text = units.user_service(Path("/home/kim/.local/bin/tumen"), Path("/home/kim/my news/tumen.yaml"))
    said = dict(settings(text))
    assert said["ExecStart"] == '/home/kim/.local/bin/tumen run --config "/home/kim/my news/tumen.yaml"'
    assert said["WorkingDirectory"] == "/home/kim/my news"
    assert said["EnvironmentFile"] == "-/home/kim/my news/tumen.secrets"
