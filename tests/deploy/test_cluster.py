"""The cluster as it is documented: the commands make its certificates and start it, and it lets in nobody else."""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import ssl
import subprocess
import sys
import time
import tomllib
from importlib.resources import files
from pathlib import Path
from urllib.request import urlopen

import pytest
import yaml
from distributed import Client, Security

from tests.bench.bench_units import ANALYZE, exposure
from tests.system.test_confinement import CONFINED, can_confine

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
CLUSTER = DEPLOY / "cluster"
DASK = CLUSTER / "dask.yaml"
UNITS = ("tumen-scheduler.service", "tumen-worker.service")
COMPOSE = yaml.safe_load((DEPLOY / "compose.cluster.yaml").read_text(encoding="utf-8"))
WHOLE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
PAGE = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
SHOWN = [
    block.replace("\\\n", " ") for block in re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
]
CERTIFICATES = next(block for block in SHOWN if block.startswith("openssl "))
BY_HAND = {
    shlex.split(line)[1]: shlex.split(line)[2:]
    for block in SHOWN
    for line in block.splitlines()
    if line.startswith("dask ")
}
BIN = Path(sys.executable).parent
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
        pinned = path[-1] in {"preload", "allowed-failures", "worker-ttl", "tcp"}  # whatever others say
        assert pinned or known[path] != value, f"{'.'.join(path)} is so anyway"


# The commands are the same everywhere


def options(words):
    """The options of a command with their values."""
    joined = " ".join(word.replace("=", " ", 1) for word in words if not word.startswith(("tls://", "${")))
    return dict(re.findall(r"(--[\w-]+)(?: (?!--)(\S+))?", joined))


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


def test_its_configuration_is_the_other_one_with_the_cluster():
    with_cluster = yaml.safe_load((CLUSTER / "tumen.yaml").read_text(encoding="utf-8"))
    cluster = with_cluster.pop("crawl")["cluster"]
    assert with_cluster == yaml.safe_load((DEPLOY / "compose" / "tumen.yaml").read_text(encoding="utf-8"))
    mounted = {mount.split(":")[1] for mount in COMPOSE["services"]["tumen"]["volumes"]}
    assert {cluster["ca"], cluster["certificate"], cluster["key"]} < mounted
    assert cluster["address"] in COMPOSE["services"]["worker"]["command"]


# The real thing


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """The folder in which the documented commands have made all certificates."""
    folder = tmp_path_factory.mktemp("certificates")
    subprocess.run(["sh", "-e", "-c", CERTIFICATES], cwd=folder, check=True, capture_output=True)
    return folder


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_for(port):
    """Wait until somebody listens there."""
    for _ in range(1200):
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("it did not start")


@pytest.fixture(scope="module")
def cluster(certificates):
    """A scheduler and a worker, by the documented commands; ports, programs and what they said."""
    ports = {"8786": free_port(), "8787": free_port(), "8788": free_port()}
    (certificates / "dask.yaml").write_text(DASK.read_text(encoding="utf-8"))
    clean = {key: value for key, value in os.environ.items() if not key.startswith("DASK_")}
    environment = clean | {"DASK_CONFIG": "dask.yaml", "HOME": str(certificates), "PYTHONPATH": str(ROOT)}
    programs = {}
    for role, words in BY_HAND.items():
        told = [re.sub(r"\b878\d$", lambda found: str(ports[found[0]]), word) for word in words]
        told = [str(certificates) if word == "/tmp" else word for word in told]
        log = (certificates / f"{role}.log").open("wb")
        unit = str(CLUSTER / f"tumen-{role}.service")
        walls = [*CONFINED[:-1], unit] if can_confine() else []
        programs[role] = subprocess.Popen(
            [*walls, str(BIN / "dask"), role, *told],
            cwd=certificates,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    for port in ports.values():
        wait_for(port)
    yield ports, programs, certificates
    for program in programs.values():
        if program.poll() is None:
            os.killpg(program.pid, signal.SIGKILL)
        program.wait()


def security(folder, name="coordinator"):
    paths = {"tls_client_cert": str(folder / f"{name}.pem"), "tls_client_key": str(folder / f"{name}.key")}
    return Security(tls_ca_file=str(folder / "ca.pem"), require_encryption=True, **paths)


def asks_with(context, port):
    """Whether the scheduler answers who shows this."""
    with (
        socket.create_connection(("127.0.0.1", port), timeout=5) as plain,
        context.wrap_socket(plain) as connection,
    ):
        return bool(connection.recv(1))  # with TLS 1.3 the refusal comes with the first answer


def answer(connection):
    try:
        return connection.recv(64)
    except ConnectionError:
        return b""


def client_context(folder):
    context = ssl.create_default_context(cafile=str(folder / "ca.pem"))
    context.check_hostname = False
    return context


def test_whoever_has_a_certificate_has_work_done(cluster):
    ports, _, folder = cluster
    with Client(f"tls://127.0.0.1:{ports['8786']}", security=security(folder), timeout="60s") as client:
        assert client.get_executor(retries=3, pure=False).submit(sum, [1, 2]).result(timeout=60) == 3
        (worker,) = client.scheduler_info()["workers"].values()
        assert worker["nthreads"] == int(options(BY_HAND["worker"])["--nthreads"])
        assert worker["memory_limit"] == 0
        assert urlopen(f"http://127.0.0.1:{ports['8787']}/health", timeout=5).read() == b"ok"


def test_nobody_gets_in_without_one(cluster):
    ports, _, folder = cluster
    other = ssl.create_default_context()
    other.check_hostname, other.verify_mode = False, ssl.CERT_NONE
    own = folder / "own"
    own.mkdir()
    subprocess.run(["sh", "-e", "-c", CERTIFICATES], cwd=own, check=True, capture_output=True)
    stranger = ssl.create_default_context()
    stranger.check_hostname, stranger.verify_mode = False, ssl.CERT_NONE
    stranger.load_cert_chain(own / "coordinator.pem", own / "coordinator.key")
    for port in (ports["8786"], ports["8788"]):
        for context in (client_context(folder), other, stranger):
            with pytest.raises((ssl.SSLError, ConnectionError)):
                asks_with(context, port)
        friend = client_context(folder)
        friend.load_cert_chain(folder / "coordinator.pem", folder / "coordinator.key")
        assert asks_with(friend, port)


def test_nothing_of_it_answers_other_machines_without_encryption(cluster):
    ports, _, _ = cluster
    with pytest.raises(OSError, match="404"):
        urlopen(f"http://127.0.0.1:{ports['8787']}/info/main/workers.html", timeout=5)
    with socket.create_connection(("127.0.0.1", ports["8786"]), timeout=5) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert not answer(plain).startswith(b"HTTP/")


def test_a_worker_ends_when_its_scheduler_is_gone(cluster):
    _, programs, folder = cluster
    os.killpg(programs["scheduler"].pid, signal.SIGKILL)
    programs["worker"].wait(timeout=60)
    said = (folder / "worker.log").read_text(encoding="utf-8")
    assert "not permitted" not in said
