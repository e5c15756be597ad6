"""The container: what its files promise, as far as no builder is needed to see it."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from monitor.config import parse_settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
OURS = yaml.safe_load((DEPLOY / "compose" / "tumen.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]


def instructions() -> list[tuple[str, str]]:
    """The Containerfile: each word with what follows it, on one line."""
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    lines = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))
    joined = re.sub(r"\\\n\s*", " ", lines).splitlines()
    return [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in joined if line.strip()]


FILE = instructions()
LAST = FILE[max(n for n, (word, _) in enumerate(FILE) if word == "FROM") :]  # the stage that is the image


def said(word: str, among=FILE) -> list[str]:
    return [rest for each, rest in among if each == word]


# The image


def test_every_stage_begins_with_one_base_that_has_a_version():
    (base,) = [value for value in said("ARG") if value.startswith("PYTHON=")]
    assert re.fullmatch(r"PYTHON=[\w./-]+:3\.\d+-slim-\w+", base)
    assert {each.partition(" AS ")[0] for each in said("FROM")} == {"${PYTHON}"}


def test_nothing_comes_from_the_web_without_its_checksum():
    assert said("ADD") == []
    for number, run in enumerate(said("RUN")):
        if "curl" in run and "apt-get" not in run:
            assert run.index("curl") < run.index("sha256sum --check"), f"RUN {number}"
    (checksum,) = [value for value in said("ARG") if value.startswith("SQLITE_SHA256=")]
    assert re.fullmatch(r"[0-9a-f]{64}", checksum.partition("=")[2])


def test_it_runs_as_a_number_that_is_not_root():
    (user,) = said("USER", LAST)
    assert all(int(part) > 0 for part in user.split(":"))
    behind = [word for word, _ in LAST[LAST.index(("USER", user)) :]]
    assert not {"RUN", "COPY"} & set(behind)


def test_it_has_no_builder_in_it():
    assert not [run for run in said("RUN", LAST) if re.search(r"apt-get|pip|gcc|curl", run)]


def test_what_is_copied_exists_and_is_all_that_the_wheel_carries():
    copied = {part for each in said("COPY") if not each.startswith("--from") for part in each.split()[:-1]}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    pins = {"requirements.txt", "requirements-scale.txt"}
    needed = {*packages, "pyproject.toml", *pins, project["project"]["readme"], "LICENSE"}
    assert copied == needed
    let_in = (ROOT / ".containerignore").read_text(encoding="utf-8").splitlines()
    assert {line.removeprefix("!") for line in let_in if line.startswith("!")} == needed
    assert "*" in let_in
    for name in copied:
        assert (ROOT / name).exists()


def test_nothing_is_installed_that_has_no_hash():
    installs = [run for run in said("RUN") if "pip install" in run]
    assert ["--require-hashes" in run or "--no-deps" in run for run in installs] == [True, True]


def test_stages_that_are_copied_from_exist():
    stages = {each.partition(" AS ")[2] for each in said("FROM")}
    for each in said("COPY"):
        if found := re.match(r"--from=(\w+) ", each):
            assert found[1] in stages


@pytest.mark.parametrize(
    ("version", "sound"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 46, 1), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 54, 1), True),
    ],
    ids=str,
)
def test_an_image_whose_sqlite_may_damage_a_history_is_not_built(version, sound):
    (run,) = [each for each in said("RUN", LAST) if "sqlite3" in each]
    code = shlex.split(run[run.index("python3") :])[2]
    told = f"import sqlite3; sqlite3.sqlite_version_info = {version!r}\n{code}"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=False)
    assert (done.returncode == 0) is sound, done.stderr
    assert sound or "may damage a history" in done.stderr


def test_its_health_is_asked_where_the_configuration_answers():
    (check,) = said("HEALTHCHECK", LAST)
    program = json.loads(check[check.index("[") :])
    assert program[0] == "python3"
    compile(program[2], "healthcheck", "exec")
    port = OURS["health"]["listen"].rpartition(":")[2]
    assert f"http://127.0.0.1:{port}/healthz" in program[2]


def test_a_linter_of_container_files_finds_nothing():
    beside = Path(sys.executable).parent
    hadolint = shutil.which("hadolint", path=str(beside)) or shutil.which("hadolint")
    if hadolint is None:
        pytest.skip("hadolint is not installed")
    done = subprocess.run(
        [hadolint, "--no-color", DEPLOY / "Containerfile"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


# Compose


def test_every_service_is_confined():
    for name, service in SERVICES.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["mem_limit"], name
        assert not {"privileged", "network_mode", "pid", "cap_add"} & set(service), name


def test_only_this_machine_reaches_what_is_published():
    ports = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert len(ports) == 3
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_image_is_built_here_or_has_a_version():
    for name, service in SERVICES.items():
        if build := service.get("build"):
            assert (DEPLOY / build["context"] / build["dockerfile"]).is_file()
        else:
            assert re.fullmatch(r"[\w./-]+:v?\d+\.\d+[\w.]*", service["image"]), name


def test_what_is_mounted_and_waited_for_exists():
    for service in SERVICES.values():
        for mount in service.get("volumes", ()):
            source = mount.split(":")[0]
            if source.startswith("."):
                assert (DEPLOY / source).is_file(), f"there is no {source}"
                assert mount.endswith(":ro")
            else:
                assert source in COMPOSE["volumes"]
        assert set(service.get("depends_on", ())) <= set(SERVICES)


def test_its_configuration_is_valid_and_keeps_all_in_the_volume():
    settings = parse_settings(yaml.safe_dump(OURS), DEPLOY, {"WEB_PASSWORD": "s3cr3t-Pa55-word"})
    (kept,) = [mount.split(":")[1] for mount in SERVICES["tumen"]["volumes"] if mount.startswith("history:")]
    assert str(settings.history_path.parent) == kept in said("VOLUME", LAST)
    host = re.search(r"//([^:]+):", OURS["channels"]["me"]["url"])[1]
    assert host in SERVICES


def test_prometheus_asks_the_service_by_a_name_that_it_answers_to():
    scraped = yaml.safe_load((DEPLOY / "compose" / "prometheus.yml").read_text(encoding="utf-8"))
    mounted = {Path(mount.split(":")[0]).name for mount in SERVICES["prometheus"]["volumes"]}
    assert set(scraped["rule_files"]) <= mounted
    ((target,),) = [each["targets"] for job in scraped["scrape_configs"] for each in job["static_configs"]]
    host, _, port = target.partition(":")
    assert host in SERVICES
    assert host in OURS["health"]["hosts"]
    assert OURS["health"]["listen"] == f"0.0.0.0:{port}"
