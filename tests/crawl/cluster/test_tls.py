"""A cluster that speaks TLS: who has a certificate of its authority is heard, and what is wrong is one message."""

from __future__ import annotations

import asyncio
import re
import subprocess
from datetime import UTC, datetime

import pytest

from monitor.core.errors import CrawlError
from monitor.crawl.cluster.door import Credentials, DaskCluster
from monitor.crawl.cluster.orders import Run
from tests.crawl.cluster.machines import machines

RUN = Run("a service", datetime(2026, 11, 26, tzinfo=UTC))
EC = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-days", "2")


def openssl(folder, *arguments):
    subprocess.run(("openssl", *arguments), cwd=folder, check=True, capture_output=True, timeout=30)


def authority(folder, name):
    """An authority, and a certificate of it for all roles."""
    signing = ("-addext", "keyUsage=critical,keyCertSign,cRLSign")
    openssl(
        folder,
        "req",
        "-x509",
        *EC,
        "-subj",
        f"/CN={name}",
        *signing,
        "-keyout",
        f"{name}.key",
        "-out",
        f"{name}.pem",
    )
    openssl(
        folder,
        *("req", "-x509", *EC, "-subj", f"/CN={name} member", "-CA", f"{name}.pem", "-CAkey", f"{name}.key"),
        *("-addext", "basicConstraints=critical,CA:FALSE"),
        *("-keyout", f"{name}-member.key", "-out", f"{name}-member.pem"),
    )
    return Credentials(*(folder / f"{name}{part}" for part in (".pem", "-member.pem", "-member.key")))


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    return authority(tmp_path_factory.mktemp("ours"), "ours")


@pytest.fixture(scope="module")
def cluster(ours):
    tls = ("--tls-ca-file", ours.ca, "--tls-cert", ours.certificate, "--tls-key", ours.key)
    with machines(workers=1, tls=tuple(map(str, tls))) as one:
        yield one


def size_of(way):
    async def ask():
        try:
            await way.open(RUN)
            while not (size := await way.look()).workers:
                await asyncio.sleep(0.1)
            return size
        finally:
            await way.close()

    return asyncio.run(asyncio.wait_for(ask(), 60))


def test_whoever_has_a_certificate_of_its_authority_is_served(cluster, ours):
    assert size_of(DaskCluster(cluster.address, ours)).threads == 2


@pytest.mark.parametrize("wrong", ["another authority", "no certificate", "no TLS", "nobody there"])
def test_what_is_wrong_is_said_in_one_message(cluster, ours, wrong, tmp_path):
    way = {
        "another authority": lambda: DaskCluster(cluster.address, authority(tmp_path, "theirs")),
        "no certificate": lambda: DaskCluster(cluster.address),
        "no TLS": lambda: DaskCluster(cluster.address.replace("tls:", "tcp:")),
        "nobody there": lambda: DaskCluster("tcp://127.0.0.1:1"),
    }[wrong]()
    with pytest.raises(CrawlError) as refused:
        size_of(way)
    said = str(refused.value)
    assert said.startswith(f"{way._address}: the cluster cannot be used: ")
    assert "Traceback" not in said
    assert said.count("\n") == 1
    wanted = {
        "another authority": "ertificate",
        "no certificate": "tls://",
        "no TLS": "tcp://",
        "nobody there": "refused|Timed out trying to connect",  # by how far the last attempt came
    }
    assert re.search(wanted[wrong], said)
