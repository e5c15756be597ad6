"""`tumen evidence`: what is exported can be verified without Tumen, and what was exchanged is found."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from warcio.checker import Checker

from monitor.core.alerting import Freshness, Route
from monitor.core.delivery.deliveries import Recipient
from monitor.core.matching import Matcher
from monitor.core.models import Fetched, Pending
from monitor.jobs.capturing import Capturing
from monitor.jobs.ingest import Ingestor
from monitor.jobs.integrity import REMEDIES, FaultKind
from monitor.packs import load_pack
from monitor.store.capture_files import CaptureFiles
from monitor.store.columns import content_hash
from monitor.store.database import change, open_history, transaction
from monitor.store.history import History
from monitor.store.sources import Sources
from spiders.captures import Capture, CaptureFault, CaptureOptions
from spiders.capturing import capture
from spiders.fetch import Exchange
from spiders.items import Article, Entry, Kind, Source

URL = "https://herald.example/../../etc/passwd?x=$(reboot)"
TITLE = "../Strike in the port of Norwick\x1b[31m \u202e 파업"
TEXT = "Dock workers said that 300 dockers went on strike in the port of Norwick.\nПорт закрыт. 🚢"


@pytest.fixture
def files(folder):
    return CaptureFiles(folder / "tumen.db.captures")


@pytest.fixture
def read(folder, harbour, write, now, files):
    """Read versions of a page as the service would: each is captured, unless it is said why not."""
    write("tumen.yaml", "packs: [../harbour]\n")

    def run(*texts: str, fault: CaptureFault | None = None, url: str = URL) -> None:
        with closing(open_history(folder / "tumen.db")) as db:
            Sources(db).sync(
                [Source("herald", "The Herald", "https://herald.example/rss", Kind.FEED, "en")], now
            )
            route = Route("desk", (Recipient("desk", "anna"),))
            ingestor = Ingestor(
                History(db), Matcher([load_pack(harbour)]), (route,), Freshness(), capturing=Capturing(files)
            )
            ingestor.capturing.prepare(db)
            ingestor.remember(now)
            for number, text in enumerate(texts):
                at = now + timedelta(hours=number)
                body = f"<h1>{TITLE}</h1><p>{text}".encode()
                exchange = Exchange(at, url, (), (), 200, "HTTP/1.1", (("Content-Type", "text/html"),), body)
                kept = capture([exchange], CaptureOptions(str(files.spool), reserve=0))
                if fault:
                    kept = Capture(at, fault=fault, detail="No space left on device")
                article = Article(url, TITLE, text, "en", at)
                ingestor.take(
                    Pending(Entry(url), "herald", "en", at), article, at, Fetched(url, capture=kept)
                )

    return run


@pytest.fixture
def tamper(folder):
    """Change the history behind its back."""

    def run(sql, *parameters):
        with closing(open_history(folder / "tumen.db")) as db, transaction(db):
            assert change(db, sql, parameters)

    return run


def lying(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_an_article_is_exported_with_its_pages_versions_and_reasons(read, tumen, folder, files):
    read(TEXT, TEXT.replace("300", "450"))
    said = tumen("evidence", "1")
    assert said.code == 0, said.err
    assert "article 1 is in evidence-1: 8 files, 2 captures" in said.out
    place = folder / "evidence-1"
    archives = [f"captures/{path.name}" for path in sorted(files.folder.rglob("*.gz"))]
    expected = ["README.txt", "SHA256SUMS", *archives, "changes.txt", "metadata.json"]
    assert lying(place) == [*expected, "version-1.txt", "version-2.txt"]

    about = json.loads((place / "metadata.json").read_text(encoding="utf-8"))
    assert (about["article"], about["url"], about["source"], about["faults"]) == (1, URL, "herald", [])
    one, two = about["versions"]
    assert (one["number"], one["text"], two["number"]) == (1, "version-1.txt", 2)
    (rule,) = one["rules"]
    assert "port of Norwick" in [words["text"] for words in rule["evidence"]]
    assert [line["file"] for line in about["captures"]] == archives
    (first, *_) = sorted(about["alerts"], key=lambda alert: alert["id"])
    assert (first["kind"], first["deliveries"][0]["channel"]) == ("new", "desk")
    assert first["deliveries"][0]["state"] == "pending"
    changes = (place / "changes.txt").read_text(encoding="utf-8")
    assert "-Dock workers said that 300 dockers" in changes
    assert "+Dock workers said that 450 dockers" in changes


def test_whoever_receives_it_can_verify_it_without_tumen(read, tumen, folder, capsys):
    read(TEXT, TEXT.replace("300", "450"), f"{TEXT}\r\nLate.")
    tumen("evidence", "1", "--to", "case 7 증거")
    place = folder / "case 7 증거"
    summed = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=place, capture_output=True, check=False)
    assert summed.returncode == 0, summed.stderr
    assert summed.stdout.count(b": OK") == len(lying(place)) - 1
    archives = [str(path) for path in place.glob("captures/*.gz")]
    assert Checker(SimpleNamespace(inputs=archives, verbose=False)).process_all() == 0
    program = re.search(r"( {7}import.*?\n)\n", (place / "README.txt").read_text(encoding="utf-8"), re.DOTALL)
    lines = "\n".join(line[7:] for line in program[1].splitlines())
    run = subprocess.run([sys.executable, "-c", lines], cwd=place, capture_output=True, text=True, check=True)
    assert run.stdout == "1 True\n2 True\n3 True\n"

    (place / "version-1.txt").write_text("changed", encoding="utf-8")
    summed = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=place, capture_output=True, check=False)
    assert summed.returncode == 1


@pytest.mark.parametrize("what", ["1", URL, "alert:1"])
def test_an_article_is_named_by_number_address_or_alert(read, tumen, folder, what):
    read(TEXT)
    (row,) = tumen("evidence", what, "--json").rows
    assert row == {"article": 1, "folder": "evidence-1", "files": 6, "captures": 1, "faults": []}


def test_what_a_page_says_names_no_file_and_drives_no_terminal(read, tumen, folder):
    read(TEXT)
    before = set(lying(folder))
    said = tumen("evidence", "1")
    new = {name for name in set(lying(folder)) - before if not name.startswith("tumen.db-")}
    assert all(name.startswith("evidence-1/") for name in new)
    assert said.controls == set()


def test_a_folder_that_is_there_is_left_alone(read, tumen, folder):
    read(TEXT)
    (folder / "evidence-1").mkdir()
    said = tumen("evidence", "1")
    assert said.code == 3
    assert "there is something already" in said.err
    assert lying(folder / "evidence-1") == []
    assert tumen("evidence", "1", "--to", "none/there").code == 3
    assert not (folder / "none").exists()


@pytest.mark.parametrize("what", ["2", "alert:9", "https://herald.example/none", ""])
def test_an_article_that_is_not_known_is_an_error(read, tumen, what, folder):
    read(TEXT)
    assert tumen("evidence", what).code == 2
    assert not list(folder.glob("evidence-*"))


@pytest.mark.parametrize("words", [(), ("1", "--check"), ("--check", "--to", "x")])
def test_one_thing_is_asked_at_a_time(tumen, words):
    assert tumen("evidence", *words).code == 2


def test_a_page_that_could_not_be_kept_is_exported_with_the_reason(read, tumen, folder):
    read(TEXT, fault=CaptureFault.DISK_FULL)
    said = tumen("evidence", "1")
    assert said.code == 0
    assert "could not be kept" in said.out
    (line,) = json.loads((folder / "evidence-1" / "metadata.json").read_text())["captures"]
    assert (line["file"], line["fault"], line["detail"]) == (None, "disk_full", "No space left on device")
    said = tumen("evidence", "--check", "--json")
    assert said.rows[-1]["not_kept"] == 1
    assert said.code == 0


def test_all_holds_if_nothing_was_touched(read, tumen):
    read(TEXT, TEXT.replace("300", "450"))
    said = tumen("evidence", "--check")
    assert said.code == 0
    assert re.search(r"✓ 2 captures \(0\.0 MiB\), 2 versions: 0 faults", said.out)
    (row,) = tumen("evidence", "--check", "--json").rows
    assert (row["captures"], row["versions"], row["faults"], row["not_kept"]) == (2, 2, 0, 0)


def first(files):
    return min(files.folder.rglob("*.gz"))


def damage(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


FILES = {
    FaultKind.FILE_MISSING: Path.unlink,
    FaultKind.FILE_ALTERED: damage,
    FaultKind.FILE_UNREADABLE: lambda path: (path.unlink(), path.symlink_to("/proc/self/mem")),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_is_gone_or_another_is_found_and_still_exported(read, tumen, files, kind, folder):
    read(TEXT)
    name = first(files).name
    FILES[kind](first(files))
    said = tumen("evidence", "--check", "--json")
    assert said.code == 1
    fault, summary = said.rows
    assert (fault["fault"], fault["where"], fault["article"]) == (kind, name, 1)
    assert fault["remedy"] == REMEDIES[kind]
    assert summary["faults"] == 1
    said = tumen("evidence", "1")
    assert said.code == 1
    assert kind in said.out
    (noted,) = json.loads((folder / "evidence-1" / "metadata.json").read_text())["faults"]
    assert noted == fault


def test_a_file_of_nobody_is_found_but_not_what_waits_in_the_spool(read, tumen, files):
    read(TEXT)
    name = first(files).name.replace("20261125", "20251125")
    shutil.copy(first(files), files.spool / name)
    assert tumen("evidence", "--check").code == 0
    shutil.move(files.spool / name, first(files).parent / name)
    said = tumen("evidence", "--check", "--json")
    assert [row["fault"] for row in said.rows[:-1]] == ["file_unknown"]
    assert said.rows[0]["where"] == f"2026/11/{name}"


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("UPDATE revisions SET text = text || '!' WHERE number = 1", FaultKind.TEXT_ALTERED),
        ("UPDATE revisions SET title = 'Peace' WHERE number = 2", FaultKind.TEXT_ALTERED),
        (
            "UPDATE revisions SET read_at = '2020' || substr(read_at, 5) WHERE number = 1",
            FaultKind.CHAIN_BROKEN,
        ),
        ("UPDATE articles SET url = url || '#'", FaultKind.CHAIN_BROKEN),
        ("UPDATE revisions SET chain = upper(chain) WHERE number = 2", FaultKind.CHAIN_BROKEN),
        ("UPDATE revisions SET number = 3 WHERE number = 2", FaultKind.CHAIN_BROKEN),
        ("UPDATE captures SET payload = sha256", FaultKind.PAYLOAD_ALTERED),
        ("UPDATE captures SET sha256 = payload", FaultKind.FILE_ALTERED),
    ],
)
def test_a_history_that_was_changed_is_found(read, tumen, tamper, sql, kind):
    read(TEXT, TEXT.replace("300", "450"))
    tamper(sql)
    said = tumen("evidence", "--check", "--json")
    assert said.code == 1
    assert {row["fault"] for row in said.rows[:-1]} == {kind}
    shown = tumen("evidence", "--check")
    assert REMEDIES[kind] in shown.out


def test_a_version_that_was_exchanged_with_its_digest_breaks_the_chain(read, tumen, tamper):
    """Who changes a text and its hash must change every later seal as well."""
    read(TEXT, TEXT.replace("300", "450"))
    tamper("UPDATE revisions SET text = 'x', content_hash = ? WHERE number = 1", content_hash(TITLE, "x"))
    said = tumen("evidence", "--check", "--json")
    assert "chain_broken" in {row["fault"] for row in said.rows[:-1]}


def test_there_is_nothing_to_check_without_a_history(tumen, folder):
    said = tumen("evidence", "--check")
    assert said.code == 3
    assert "no history here yet" in said.err
