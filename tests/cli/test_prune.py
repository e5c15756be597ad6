"""What has been kept for long enough goes, by hand and by the running service, and whoever asks hears why."""

from __future__ import annotations

import asyncio
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from monitor import control
from monitor.config import keeping
from monitor.core.retention import Retention, RetentionClass
from monitor.jobs.keeper import Keeper
from monitor.jobs.pruning import Pruner
from monitor.store.capture_files import CaptureFiles
from monitor.store.database import check, open_history, rows
from monitor.store.lock import WriterLock
from monitor.store.notices import Notices
from monitor.store.pruning import Pruning, Space
from spiders.items import Article

URL = "https://herald.example/"
OLD = datetime.now(UTC) - timedelta(days=400)


@pytest.fixture
def now():
    return OLD


@pytest.fixture
def old_history(take_in, folder, now):
    """A history of long ago: one article that was told, and ten of the weather."""
    told = Article(
        f"{URL}strike", "A strike stops the port of Norwick", "1,200 dockers walked out.", "en", now
    )
    take_in(told, *(Article(f"{URL}{n}", f"Rain in Hull {n}", "Rain. " * 200, "en", now) for n in range(10)))
    return folder / "tumen.db"


@pytest.fixture
def looked_into(old_history):
    """What the history holds."""

    def look(sql):
        with closing(open_history(old_history)) as db:
            assert check(db) == ()
            return [tuple(row.values()) for row in rows(db, sql)]

    return look


ARTICLES = "SELECT url FROM articles ORDER BY id"


def test_a_dry_run_shows_what_would_go_and_changes_nothing(tumen, old_history):
    before = old_history.read_bytes()
    answer = tumen("prune", "--dry-run")
    assert (answer.code, answer.err) == (0, "")
    assert "articles that no rule matched" in answer.out
    assert "would go" in answer.out
    (found,) = tumen("prune", "--dry-run", "--json").rows
    assert {one["class"]: one["removed"] for one in found["pruned"]} == {"unmatched": 10, "entries": 11}
    assert found["pruned"][0]["freed"] > 10 * 1200
    assert old_history.read_bytes() == before


def test_what_is_old_goes_and_what_was_told_stays(tumen, looked_into):
    answer = tumen("prune")
    assert (answer.code, answer.err) == (0, "")
    assert "unmatched" in answer.out
    assert "removed" in answer.out
    assert "the history had" in answer.out
    assert answer.controls == set()
    assert looked_into(ARTICLES) == [(f"{URL}strike",)]
    assert tumen("prune").out.startswith("nothing has been kept for long enough")


def test_what_a_run_that_was_killed_left_of_captures_goes_with_the_next_one(tumen, folder, old_history):
    spool = CaptureFiles(folder / "tumen.db.captures").spool
    spool.mkdir(parents=True)
    left = spool / f"20250101T000000Z-{7:032x}.warc.gz"
    left.write_bytes(b"a page whose row is gone")
    assert tumen("prune").code == 0
    assert not left.exists()


def test_the_configuration_says_how_long_what_is_kept(tumen, write, looked_into):
    write("tumen.yaml", "packs: [../harbour]\nretention: {unmatched: forever, entries: forever}\n")
    (found,) = tumen("prune", "--json").rows
    assert found["pruned"] == []
    assert len(looked_into(ARTICLES)) == 11


def test_an_address_that_was_pruned_says_why(tumen, old_history, write):
    tumen("prune")
    answer = tumen("why", f"{URL}3")
    assert answer.code == 0
    assert "no_rule_matched" in answer.out
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    assert f"pruned on {today}: articles that no rule matched from before" in " ".join(answer.out.split())
    (found,) = tumen("why", f"{URL}3", "--json").rows
    assert found["entry"]["pruned"]["class"] == "unmatched"
    assert found["entry"]["pruned"]["why"] == "age"


def test_a_canonical_address_that_no_entry_has_says_why_too(tumen, old_history):
    with closing(open_history(old_history)) as db:
        db.execute("UPDATE entries SET url = url || '?from=feed' WHERE url LIKE '%/3'")
        db.conn.commit()
    tumen("prune")
    answer = tumen("why", f"{URL}3")
    assert (answer.code, answer.err) == (0, "")
    assert "pruned on" in answer.out
    (found,) = tumen("why", f"{URL}3", "--json").rows
    assert (found["known"], found["url"]) == (True, f"{URL}3")
    assert found["pruned"]["means"].startswith(RetentionClass.UNMATCHED.text)


def test_status_tells_how_large_the_file_is_and_what_went(tumen, old_history):
    (before,) = tumen("status", "--json").rows
    assert (before["pruned"], before["last_pruned"]) == ({}, None)
    assert before["size"] > 0
    tumen("prune")
    (after,) = tumen("status", "--json").rows
    assert after["pruned"] == {"unmatched": 10, "entries": 11}
    assert after["last_pruned"] is not None
    assert after["free"] == 0
    said = tumen("status").out
    assert "10 unmatched" in said
    assert " kB" in said


def test_the_running_service_prunes_by_itself_when_asked(tumen, old_history, looked_into):
    async def serve():
        with WriterLock(old_history), closing(open_history(old_history)) as db:
            pruner = Pruner(
                Pruning(db),
                Space(db),
                Retention(unmatched=timedelta(days=30), entries=None),
                Keeper(Notices(db), (), clock=lambda: datetime.now(UTC)),
                clock=lambda: datetime.now(UTC),
                is_busy=lambda: True,
                on_more=lambda: None,
            )
            async with control.listening(old_history, {"prune": pruner.prune}):
                asked = asyncio.create_task(asyncio.to_thread(tumen, "prune", "--json"))
                while not asked.done():
                    pruner.tick()
                    await asyncio.sleep(0.001)
                return await asked

    answer = asyncio.run(serve())
    (found,) = answer.rows
    assert found["pruned"][0]["removed"] == 10
    assert looked_into(ARTICLES) == [(f"{URL}strike",)]


def test_compacting_needs_the_service_to_be_stopped(tumen, old_history):
    with WriterLock(old_history):
        answer = tumen("prune", "--compact")
    assert answer.code == 6
    assert "stop it first" in answer.err


def test_an_old_file_is_told_how_to_become_smaller_and_does(tumen, old_history, looked_into):
    with closing(open_history(old_history)) as db:
        for pragma in ("auto_vacuum = NONE", "journal_mode = DELETE"):
            db.execute(f"PRAGMA {pragma}")
        db.execute("VACUUM")
    size = old_history.stat().st_size
    answer = tumen("prune")
    assert "tumen prune --compact" in answer.out
    assert old_history.stat().st_size == size
    answer = tumen("prune", "--compact")
    assert (answer.code, answer.err) == (0, "")
    assert "the history had" in answer.out
    assert old_history.stat().st_size < size
    assert looked_into(ARTICLES) == [(f"{URL}strike",)]


def test_a_limit_that_cannot_be_kept_is_a_finding(tumen, old_history, monkeypatch):

    monkeypatch.setattr(keeping, "_SMALLEST", 0)
    (old_history.parent / "tumen.yaml").write_text("packs: [../harbour]\nretention: {size: 0.001MB}\n")
    answer = tumen("prune")
    assert answer.code == 1
    assert "larger than its limit" in answer.err
    assert tumen("prune", "--dry-run").code == 0


def test_without_a_history_nothing_is_made(tumen, write, folder):
    write("tumen.yaml", "")
    for arguments in ((), ("--dry-run",), ("--compact",)):
        answer = tumen("prune", *arguments)
        assert answer.code == 3
        assert "no history here yet" in answer.err
    assert list(folder.glob("tumen.db*")) == []


def test_two_wishes_at_once_are_refused(tumen, write):
    write("tumen.yaml", "")
    assert tumen("prune", "--dry-run", "--compact").code == 2
