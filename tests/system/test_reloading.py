"""Packs are edited under a running service."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import termios

import pytest

from monitor.core.models import Verdict
from monitor.jobs import overview
from tests.system.desk import PACK, TUMEN, repeated, told
from tests.system.town import ago, other, report

BAKERY = "bakery:\n  kind: subject\n  label: {en: bakery}\n  names: {en: [baker*]}\n"
OPENS = "bakeries:\n  label: {en: Bakeries}\n  when: 'title: bakery'\n  must_fire: {en: [A bakery opens]}\n"


@pytest.fixture
def pack(desk):
    """A pack beside the configuration."""
    return shutil.copytree(PACK, desk.folder / "harbour")


def test_an_edited_pack_is_taken_up_and_a_broken_one_is_not(desk, small, inbox, pack):
    paper = small.papers[0]
    desk.watch(small, inbox, packs=["harbour"])
    service = desk.start("--upkeep", "0.2")
    desk.wait_for(lambda: desk.has_read(len(small.pieces)), service)
    assert not any("other" in url for url in told(inbox))

    (pack / "concepts" / "bakery.yaml").write_text(BAKERY, encoding="utf-8")
    (pack / "rules" / "bakery.yaml").write_text(OPENS, encoding="utf-8")
    desk.wait_for(lambda: "2 rules" in desk.said(), service, "the new rule is in use")
    (status,) = desk.lines("status")
    version = status["packs"]["harbour"]
    paper.publish(other(3))
    desk.wait_for(lambda: paper.url(other(3)) in told(inbox), service, "the new rule tells")

    rule = pack / "rules" / "harbour.yaml"
    sound = rule.read_text(encoding="utf-8")
    rule.write_text(sound.replace("port AND", "prot AND"), encoding="utf-8")
    desk.wait_for(lambda: "is refused" in desk.said(), service)
    (status,) = desk.lines("status")
    assert status["packs"] == {"harbour": version}
    (trouble,) = status["standing_notices"]
    assert f"{rule}:4:9: " in trouble
    assert "did you mean port?" in trouble
    paper.publish(report("sale"))
    desk.wait_for(lambda: paper.url(report("sale")) in told(inbox), service, "the old rules still tell")
    asked = desk.tumen("packs", "reload", "--config", str(desk.config))
    assert asked.returncode == 2, asked.stdout + asked.stderr
    assert f"{rule}:4:9: " in asked.stderr

    rule.write_text(sound, encoding="utf-8")
    desk.wait_for(lambda: "is in use again" in desk.said(), service)
    service.send_signal(signal.SIGHUP)
    desk.wait_for(lambda: "the configuration is in use already" in desk.said(), service)
    (status,) = desk.lines("status")
    assert status["standing_notices"] == []
    assert desk.tumen("packs", "reload", "--config", str(desk.config)).returncode == 0
    said = overview.add_feedback(desk.history, Verdict.IRRELEVANT, ago(), article=paper.url(other(3)))
    assert desk.stop(service) == 143
    assert not repeated(inbox)
    assert desk.rows("SELECT id, pack, rule FROM feedback") == [{"id": said, "pack": "harbour", "rule": None}]
    found = {
        row["rule"]: row["version"] for row in desk.rows("SELECT rule, version FROM matches ORDER BY id")
    }
    assert found == {"harbour": version, "bakeries": version}


def test_the_service_ends_with_the_terminal_it_was_started_in(desk, small, inbox):
    desk.watch(small, inbox)
    ours, theirs = os.openpty()

    def take_terminal():
        os.setsid()
        fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)

    with desk.log.open("ab") as log:
        service = subprocess.Popen(
            [*TUMEN, "run", "--config", str(desk.config)],
            stdin=theirs,
            stdout=log,
            stderr=log,
            cwd=desk.folder,
            env=desk._environment(),
            preexec_fn=take_terminal,  # noqa: PLW1509  it makes two calls to the system and takes no lock
        )
    desk._started.append(service)
    os.close(theirs)
    desk.wait_for(lambda: desk.has_read(1), service)
    service.send_signal(signal.SIGHUP)
    desk.wait_for(lambda: "is in use already" in desk.said(), service, "the terminal is there, so it goes on")
    os.close(ours)
    assert service.wait(timeout=5) == 129
