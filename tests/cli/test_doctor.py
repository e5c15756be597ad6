"""`tumen doctor`: everything that is wrong with an installation, and it dies of none of it."""

from __future__ import annotations

from contextlib import closing

import pytest

from monitor.store.database import open_history
from tests.crawl.site import Site
from tests.mailbox import open_inbox

CHECKS = [
    "configuration",
    "python",
    "versions",
    "memory",
    "open files",
    "time zones",
    "clock",
    "file system",
    "space",
    "permissions",
    "integrity",
    "service",
]


@pytest.fixture
def site():
    with closing(Site()) as one:
        yield one


@pytest.fixture
def configure(write, harbour, folder, site):
    """A configuration with a source and a mail server on this machine, that only its owner may read."""

    def save(port, more=""):
        file = write(
            "tumen.yaml",
            f"""\
packs: [../harbour]
channels: {{desk: {{url: "mailto://me:s3cret@127.0.0.1:{port}/?from=a@example.org&to=b@example.org"}}}}
sources:
  shipped: false
  own: [{{name: herald, title: Herald, url: "{site.url("/feed")}", kind: feed}}]
crawl: {{allow_private: [127.0.0.1]}}
{more}
""",
        )
        file.chmod(0o600)

    return save


def grades(answer):
    found = {}
    for row in answer.rows:
        found.setdefault(row["check"], []).append(row["severity"])
    return found


def test_each_part_is_looked_at_and_nothing_is_changed_or_sent(tumen, configure, folder, site):
    with open_inbox() as box:
        configure(box.port)
        open_history(folder / "tumen.db").close()
        before = (folder / "tumen.db").read_bytes()
        answer = tumen("doctor", "--json")
        assert box.letters == []
    found = grades(answer)
    assert list(found) == [*CHECKS, "backup", "names", "channels"], (
        "a server without a certificate is no finding"
    )
    assert found["channels"] == ["ok"]
    assert found["service"] == ["warning"]
    assert "s3cret" not in answer.out + answer.err
    assert (folder / "tumen.db").read_bytes() == before
    assert set(site.counts) <= {"/"}, "one HEAD for the time"
    assert answer.code == int(any("problem" in grades for grades in found.values()))


def test_people_see_what_is_wrong_and_what_to_do(tumen, configure, folder):
    configure(9)
    (folder / "tumen.yaml").chmod(0o644)
    answer = tumen("doctor")
    assert answer.code == 1
    lines = answer.out.splitlines()
    assert any(line.startswith("✗ channels") and "127.0.0.1:9: cannot be reached" in line for line in lines)
    assert any(line.startswith("✗ permissions") and "tumen.yaml" in line for line in lines)
    assert "  → chmod o= tumen.yaml" in lines
    assert "problems" in lines[-1]
    assert not answer.controls


def test_offline_nothing_is_asked_of_other_machines(tumen, configure, site):
    configure(9)
    found = grades(tumen("doctor", "--offline", "--json"))
    assert set(found) == set(CHECKS)
    assert site.connections == 0


def test_a_broken_configuration_is_one_finding_among_others(tumen, write):
    write("tumen.yaml", "chanels: {}\n")
    answer = tumen("doctor", "--offline", "--json")
    assert answer.code == 1
    first = answer.rows[0]
    assert (first["check"], first["severity"]) == ("configuration", "problem")
    assert first["where"].startswith("tumen.yaml:1")
    assert "channels" in first["remedy"]
    assert set(grades(answer)) == set(CHECKS)


def test_without_a_configuration_the_machine_is_looked_at_all_the_same(tumen):
    found = grades(tumen("doctor", "--offline", "--json"))
    assert found["configuration"] == ["problem"]
    assert set(found) == set(CHECKS)


def test_a_damaged_history_is_a_finding_and_is_left_as_it_is(tumen, configure, folder):
    configure(9)
    (folder / "tumen.db").write_bytes(b"Dear diary, " * 1000)
    answer = tumen("doctor", "--offline", "--full", "--json")
    assert answer.code == 1
    found = grades(answer)
    assert found["integrity"] == found["evidence"] == ["problem"]
    assert (folder / "tumen.db").read_bytes() == b"Dear diary, " * 1000


def test_a_secret_from_elsewhere_is_no_secret_in_the_file(tumen, write, harbour, monkeypatch):
    monkeypatch.setenv("DESK", "json://127.0.0.1:9/s3cret")
    write("tumen.yaml", "packs: [../harbour]\nchannels: {desk: {url: '${DESK}'}}\n").chmod(0o644)
    assert grades(tumen("doctor", "--offline", "--json"))["permissions"][0] != "problem"
