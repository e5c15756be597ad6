"""What machines hear of a whole service."""

from __future__ import annotations

import json
import shutil
import socket
import sqlite3
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.system.desk import PACK, PATIENCE, told

LISTENS, LOOPBACK = "0A", "0100007F"
linux = pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")


class Asked:
    """The address of a running service."""

    def __init__(self, desk):
        self._desk = desk

    def says(self, path):
        status, body = self._desk.ask(path)
        said = json.loads(body)
        return status, said["status"], [reason["kind"] for reason in said["reasons"]]

    def samples(self):
        """Every sample by name and labels."""
        status, body = self._desk.ask("/metrics")
        assert status == 200
        return {
            (sample.name, *sorted(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(body.decode())
            for sample in family.samples
        }


def listening(service):
    """The addresses at which a process waits for others, as `/proc/net/tcp` writes them."""
    sockets, found = set(), set()
    for link in Path(f"/proc/{service.pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # it was closed meanwhile
            sockets.add(str(link.readlink()))
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{service.pid}/net/{table}").read_text(encoding="ascii").splitlines()[1:]:
            _, here, _, state, *rest = line.split()
            if state == LISTENS and f"socket:[{rest[5]}]" in sockets:
                found.add(here.partition(":")[0])
    return found


@pytest.fixture
def asked(desk):
    return Asked(desk)


def total(samples, name, **labels):
    return sum(
        value
        for (named, *pairs), value in samples.items()
        if named == name and labels.items() <= dict(pairs).items()
    )


def test_a_service_says_how_it_is_and_what_it_did(desk, small, inbox, asked):
    desk.watch(small, inbox, health={"listen": "127.0.0.1:0"})
    service = desk.start("--upkeep", "0.2")
    desk.wait_for(lambda: desk.has_read(len(small.pieces)), service)
    assert asked.says("/healthz") == (200, "ok", [])
    assert asked.says("/readyz") == (200, "ok", [])

    samples = asked.samples()
    (stored,) = desk.rows("SELECT count(*) AS many FROM articles")
    assert total(samples, "tumen_articles_stored_total") == stored["many"] == len(small.pieces)
    assert total(samples, "tumen_alerts_total") == len(desk.alerts())
    assert total(samples, "tumen_pages_read_total", outcome="ok") >= len(small.pieces)
    assert total(samples, "tumen_notifications_total", channel="desk") >= len(told(inbox))
    assert total(samples, "tumen_detect_to_send_seconds_count") == len(desk.alerts())
    for paper in small.papers:
        assert total(samples, "tumen_source_fetch_total", source=paper.source["name"], outcome="ok") >= 1
        assert total(samples, "tumen_source_state", source=paper.source["name"], state="ok") == 1
    assert total(samples, "tumen_ready") == 1
    assert total(samples, "tumen_cycle_duration_seconds_count", tick="watch") >= 1
    assert total(samples, "tumen_config_last_reload_successful") == 1
    assert total(samples, "tumen_build_info", sqlite=sqlite3.sqlite_version) == 1
    assert desk.stop(service) == 143


def test_a_refused_edit_is_told(desk, small, inbox, asked):
    pack = shutil.copytree(PACK, desk.folder / "harbour")
    desk.watch(small, inbox, packs=["harbour"], health={"listen": "127.0.0.1:0"})
    service = desk.start("--upkeep", "0.2")
    desk.wait_for(lambda: total(asked.samples(), "tumen_config_last_reload_successful") == 1, service)
    rule = pack / "rules" / "harbour.yaml"
    sound = rule.read_text(encoding="utf-8")
    rule.write_text(sound.replace("port AND", "prot AND"), encoding="utf-8")
    desk.wait_for(lambda: total(asked.samples(), "tumen_config_last_reload_successful") == 0, service)
    rule.write_text(sound, encoding="utf-8")
    desk.wait_for(lambda: total(asked.samples(), "tumen_config_last_reload_successful") == 1, service)
    assert desk.stop(service) == 143


@linux
@pytest.mark.parametrize(("health", "places"), [(None, set()), ({"listen": "127.0.0.1:0"}, {LOOPBACK})])
def test_nothing_listens_beyond_what_is_configured(desk, small, inbox, health, places):
    desk.watch(small, inbox, **({"health": health} if health else {}))
    service = desk.start("--upkeep", "0.2")
    desk.wait_for(lambda: desk.has_read(1), service)
    assert listening(service) == places
    assert desk.stop(service) == 143


def test_a_place_that_is_taken_is_told_before_anything_starts(desk, small, inbox):
    with socket.create_server(("127.0.0.1", 0)) as other:
        desk.watch(small, inbox, health={"listen": f"127.0.0.1:{other.getsockname()[1]}"})
        service = desk.serve()
        assert service.wait(timeout=PATIENCE) == 2
    assert "nothing can listen here: Address already in use" in desk.said()
    assert "Traceback" not in desk.said()
    assert not desk.history.exists()
