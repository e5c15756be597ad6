"""The cluster as it is documented: the commands start it, it reads, and it lets in nobody else."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest
from distributed import Client, Security

from monitor.crawl import LocalCrawler
from monitor.crawl.cluster.crawler import ClusterCrawler
from monitor.crawl.cluster.door import Credentials, DaskCluster
from spiders.items import CrawlJob, Outcome, Read, WorkerOptions
from tests.crawl.site import Reply, article, site
from tests.deploy.shown import BY_HAND, CERTIFICATES, CLUSTER, DASK, ROOT, options
from tests.system.test_confinement import CONFINED, can_confine

BIN = Path(sys.executable).parent


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


def test_a_worker_reads_the_web_within_its_unit(cluster):
    ports, programs, folder = cluster
    credentials = Credentials(*(folder / name for name in ("ca.pem", "coordinator.pem", "coordinator.key")))
    with site() as there:
        options = WorkerOptions(allow_private=(there.host,), delay=0.1, timeout=5.0)
        way = DaskCluster(f"tls://127.0.0.1:{ports['8786']}", credentials)
        crawler = ClusterCrawler(way, LocalCrawler(options), options, coordinator="t", otherwise_local=False)
        page = Read("page", there.put("/1", Reply(article("A page"))))

        async def scenario():
            crawler.begin()
            try:
                async with asyncio.timeout(60):
                    while crawler.standing.size is None:
                        await asyncio.sleep(0.02)
                    return [report async for report in crawler.run(CrawlJob("job", (page,)))]
            finally:
                await crawler.close()

        (report,) = asyncio.run(scenario())
        assert (report.outcome, report.article.title) == (Outcome.OK, "A page")
    assert programs["worker"].poll() is None


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
