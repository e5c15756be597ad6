"""The files of the cluster say the same everywhere, confine it, and hold what Dask and Tumen understand."""

from __future__ import annotations

import re
import shlex
import subprocess
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from monitor.config import parse_settings
from tests.bench.bench_units import ANALYZE, exposure
from tests.deploy.shown import BY_HAND, CLUSTER, DASK, PAGE, ROOT, blocks, options

DEPLOY = ROOT / "deploy"
UNITS = ("tumen-scheduler.service", "tumen-worker.service")
COMPOSE = yaml.safe_load((DEPLOY / "compose.cluster.yaml").read_text(encoding="utf-8"))
WHOLE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze reads units")


# Dask


def leaves(tree, path=()):
    """What is set, by the path of its keys."""
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key), value


def test_dask_knows_every_key_and_none_says_what_is_so_anyway():
    known = dict(leaves(yaml.safe_load((files("distributed") / "distributed.yaml").read_text())))
    for path, value in leaves(yaml.safe_load(DASK.read_text(encoding="utf-8"))):
        assert path in known, f"{'.'.join(path)} is no key of Dask's"
        pinned = path[-1] in {"preload", "worker-ttl"}  # whatever others say
        assert pinned or known[path] != value, f"{'.'.join(path)} is so anyway"


# The commands are the same everywhere


def started(unit):
    (line,) = settings(CLUSTER / unit)["ExecStart"]
    return shlex.split(line)


def settings(unit):
    """The settings of a unit, each with its values in order."""
    text = unit.read_text(encoding="utf-8").replace("\\\n", " ")
    pairs = [line.split("=", 1) for line in text.splitlines() if re.match(r"\w+=", line)]
    return {name: [value for other, value in pairs if other == name] for name, _ in pairs}


@pytest.mark.parametrize("role", ["scheduler", "worker"])
def test_by_hand_under_systemd_and_in_containers_the_same_is_said(role):
    hand, unit = options(BY_HAND[role]), options(started(f"tumen-{role}.service")[2:])
    container = options(COMPOSE["services"][role]["command"][1:])
    assert set(hand) == set(unit) == set(container)
    own = {"--dashboard-address", "--local-directory"}
    for name in set(hand) - own:
        assert Path(hand[name]).name == Path(unit[name]).name == Path(container[name]).name, name
    for said in (hand, unit, container):
        assert said["--dashboard-address"].startswith("127.0.0.1:")
    assert COMPOSE["services"][role]["command"][0] == started(f"tumen-{role}.service")[1] == role


# Units


@needs_systemd
@pytest.mark.parametrize("name", UNITS)
def test_little_is_left_open(name):
    assert exposure(CLUSTER / name) <= 1.3


@needs_systemd
@pytest.mark.parametrize("name", UNITS)
def test_systemd_finds_nothing_wrong(name, tmp_path):
    unit = tmp_path / name
    unit.write_text((CLUSTER / name).read_text(encoding="utf-8").replace("/opt/tumen/bin", "/bin/true /bin"))
    said = subprocess.run(
        [ANALYZE, "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
    )
    assert not [line for line in said.stderr.splitlines() if "tumen" in line], said.stderr


@pytest.mark.parametrize("name", UNITS)
def test_they_are_as_confined_as_the_service_but_for_what_dask_asks_of_the_machine(name):
    ours, service = settings(CLUSTER / name), settings(DEPLOY / "tumen.service")
    walls = set(service) & {
        key
        for key in service
        if key.startswith(("Protect", "Private", "Restrict", "Memory", "System", "Cap"))
    }
    assert "ProcSubset" in service
    assert "ProcSubset" not in ours
    for key in walls - {"MemoryMax", "SystemCallFilter", "RestartPreventExitStatus", "Restart", "RestartSec"}:
        assert ours[key] == service[key], key
    assert set(ours["SystemCallFilter"]) <= set(service["SystemCallFilter"])


def test_the_service_gets_what_it_needs_for_a_cluster():
    more = settings(CLUSTER / "coordinator.conf")
    assert more["ProcSubset"] == ["all"]
    (credential,) = more["LoadCredential"]
    assert f"/run/credentials/tumen.service/{credential.partition(':')[0]}" in PAGE


# Containers


def test_containers_of_the_cluster_are_confined():
    for name in ("scheduler", "worker"):
        service = COMPOSE["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["mem_limit"]
        assert not {"privileged", "network_mode", "pid", "cap_add", "ports"} & set(service)


def test_all_that_is_tumen_has_the_image_with_the_extra():
    ours = {name for name, service in WHOLE["services"].items() if service.get("build")}
    for name in ours | {"scheduler", "worker"}:
        assert COMPOSE["services"][name]["build"]["args"] == {"REQUIREMENTS": "requirements-scale.txt"}
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]
    assert any(name.startswith("distributed") for name in extras["scale"])


def test_what_is_mounted_exists_or_is_made_by_the_commands(certificates):
    for name, service in COMPOSE["services"].items():
        for mount in service["volumes"]:
            source, target, mode = mount.split(":")
            place = DEPLOY / source
            made = certificates / place.name if place.parent.name == "certificates" else place
            assert made.is_file(), f"{name}: there is no {source}"
            assert (place.name, mode) == (Path(target).name, "ro")
        keys = [mount for mount in service["volumes"] if ".key:" in mount]
        assert len(keys) <= 1, "nobody has the key of another"
        assert not any("ca.key" in mount for mount in service["volumes"])


@pytest.mark.parametrize(
    "text",
    [
        (CLUSTER / "tumen.yaml").read_text("utf-8"),
        *blocks("yaml"),
    ],
)
def test_every_configuration_shown_is_valid(text, tmp_path):
    cluster = parse_settings(text, tmp_path, {"WEB_PASSWORD": "s3cr3t-Pa55-word"}).crawl.cluster
    assert (cluster.ca.name, cluster.certificate.name, cluster.key.name) == (
        "ca.pem",
        "coordinator.pem",
        "coordinator.key",
    )


def test_the_scheduler_waits_for_longer_than_workers():
    for_all = yaml.safe_load(DASK.read_text(encoding="utf-8"))["distributed"]["comm"]["timeouts"]["tcp"]
    name = "DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP"
    (unit,) = [each for each in settings(CLUSTER / UNITS[0])["Environment"] if each.startswith(name)]
    assert unit == f"{name}={COMPOSE['services']['scheduler']['environment'][name]}"
    assert int(unit.partition("=")[2].removesuffix("s")) >= 2 * int(for_all.removesuffix("s"))


def test_its_configuration_is_the_other_one_with_the_cluster():
    with_cluster = yaml.safe_load((CLUSTER / "tumen.yaml").read_text(encoding="utf-8"))
    cluster = with_cluster.pop("crawl")["cluster"]
    assert with_cluster == yaml.safe_load((DEPLOY / "compose" / "tumen.yaml").read_text(encoding="utf-8"))
    mounted = {mount.split(":")[1] for mount in COMPOSE["services"]["tumen"]["volumes"]}
    assert {cluster["ca"], cluster["certificate"], cluster["key"]} < mounted
    assert cluster["address"] in COMPOSE["services"]["worker"]["command"]
