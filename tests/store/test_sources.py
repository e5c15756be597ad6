from dataclasses import replace
from datetime import time, timedelta

import pytest

from monitor.core.models import EntryState, Pending, Reason
from monitor.core.sources.rhythm import Habits, Rhythm
from monitor.store import sources as module
from monitor.store.coverage import coverage
from monitor.store.database import check, rows
from monitor.store.sources import Sources
from spiders.items import CrawlReport, Entry, Outcome, Validators


@pytest.fixture
def sources(db, source, now):
    """A store of sources that knows two of them."""
    made = Sources(db)
    made.sync([source(), source("tass-ru", title="ТАСС", language="ru", tags=())], now)
    return made


@pytest.fixture
def save(sources, now):
    def save(report, name="yonhap-ko", *, at=now, baseline_before=None):
        return sources.save_look(
            name, report, next_due=at + timedelta(minutes=5), now=at, baseline_before=baseline_before
        )

    return save


def state_of(sources, name="yonhap-ko"):
    return next(state for state in sources.states() if state.source.name == name)


def urls(pending):
    return [one.entry.url for one in pending]


def entry_states(db):
    return {row["url"]: (row["state"], row["reason"]) for row in rows(db, "SELECT * FROM entries")}


def test_declared_sources_come_back_as_declared_and_are_due_now(sources, source, now):
    state = state_of(sources)
    assert state.source == source()
    assert state.next_due == now
    assert urls_due(sources, now) == ["tass-ru", "yonhap-ko"]
    assert urls_due(sources, now - timedelta(seconds=1)) == []


def urls_due(sources, at, limit=10):
    return [state.source.name for state in sources.due(at, limit)]


def test_a_second_sync_changes_nothing_but_the_declaration(sources, source, save, look, now):
    save(look("https://a.example/1"))
    before = state_of(sources)
    renamed = source(title="Yonhap", weight=1)
    sources.sync([renamed, source("tass-ru")], now + timedelta(hours=1))
    assert state_of(sources) == replace(before, source=renamed)


def test_a_vanished_source_retires_and_comes_back_with_a_new_baseline(sources, source, save, look, now, db):
    save(look("https://a.example/1"))
    sources.sync([source("tass-ru")], now)
    assert [state.source.name for state in sources.states()] == ["tass-ru"]
    assert urls_due(sources, now + timedelta(days=1)) == ["tass-ru"]
    later = now + timedelta(days=30)
    sources.sync([source(), source("tass-ru")], later)
    assert state_of(sources).next_due == later
    assert state_of(sources).entries_seen == 1
    old = look("https://a.example/1", "https://a.example/2", "https://a.example/3")
    assert save(old, at=later, baseline_before=later - timedelta(days=1)) == ()
    assert check(db) == ()


def test_a_changed_address_forgets_the_validators_and_is_due_now(sources, source, save, look, now):
    save(look())
    assert state_of(sources).validators != Validators()
    moved, later = source(url="https://new.example/feed"), now + timedelta(minutes=1)
    sources.sync([moved, source("tass-ru")], later)
    assert state_of(sources).validators == Validators()
    assert state_of(sources).next_due == later


def test_the_longest_overdue_source_comes_first(sources, save, look, now):
    save(look(), "tass-ru")
    assert urls_due(sources, now + timedelta(hours=1)) == ["yonhap-ko", "tass-ru"]
    assert urls_due(sources, now + timedelta(hours=1), limit=1) == ["yonhap-ko"]
    save(look())
    assert sources.next_due() == now + timedelta(minutes=5)


def test_a_source_can_be_made_due_at_once(sources, save, look, source, now):
    save(look())
    assert sources.look_now("yonhap-ko", now) == 1
    assert "yonhap-ko" in urls_due(sources, now)
    assert sources.look_now("nobody", now) == 0
    sources.sync([source("tass-ru")], now)
    assert sources.look_now("yonhap-ko", now) == 0


@pytest.fixture
def dropped(sources, source, save, now):
    """An unverified source that was given up, beside another that is due as well."""
    sources.sync([source(unverified=True), source("tass-ru")], now)
    save(CrawlReport("t", Outcome.FAILED, reason="http_404"))
    sources.drop("yonhap-ko", now)
    return state_of(sources)


def test_a_dropped_source_is_never_due_and_stays_known(dropped, sources, source, now, db):
    later = now + timedelta(days=900)
    assert (dropped.dropped_at, dropped.last_reason) == (now, "http_404")
    assert urls_due(sources, later) == ["tass-ru"]
    assert sources.next_due() == now, "the other one's"
    assert coverage(db, now).watched == 1
    sources.sync([source(unverified=True), source("tass-ru")], later)
    assert state_of(sources) == dropped


@pytest.mark.parametrize("changes", [{}, {"unverified": True, "url": "https://new.example/rss"}])
def test_a_dropped_source_that_is_vouched_for_or_moves_is_new_again(dropped, sources, source, now, changes):
    assert dropped.failures == 1
    sources.sync([source(**changes), source("tass-ru")], now)
    back = state_of(sources)
    assert (back.dropped_at, back.failures, back.failing_since, back.last_reason) == (None, 0, None, "")
    assert "yonhap-ko" in urls_due(sources, now)


def test_whoever_looks_at_a_dropped_source_takes_it_up_again(dropped, sources, now):
    assert dropped.failing_since == now
    assert sources.look_now("yonhap-ko", now) == 1
    back = state_of(sources)
    assert (back.dropped_at, back.failing_since) == (None, None)
    assert "yonhap-ko" in urls_due(sources, now)


def test_without_sources_nothing_is_due(db, now):
    assert Sources(db).next_due() is None
    assert Sources(db).due(now, 10) == ()


def test_a_first_look_is_the_baseline(save, db, now, sources):
    entries = (
        Entry("https://a.example/old", published=now - timedelta(days=2)),
        Entry("https://a.example/fresh", published=now - timedelta(hours=2)),
        Entry("https://a.example/undated", title="제목"),
    )
    report = CrawlReport("t", Outcome.OK, entries=entries)
    found = save(report, baseline_before=now - timedelta(hours=24))
    assert found == tuple(
        Pending(entry, "yonhap-ko", "ko", found_at=now, first_look=True) for entry in entries[1:]
    )
    assert entry_states(db) == {
        "https://a.example/old": (EntryState.SKIPPED, Reason.BASELINE),
        "https://a.example/fresh": (EntryState.TO_READ, ""),
        "https://a.example/undated": (EntryState.TO_READ, ""),
    }
    assert state_of(sources).entries_seen == 3


def test_after_the_first_look_old_dates_are_read_too(save, look, now):
    save(look())
    late = Entry("https://a.example/late", published=now - timedelta(days=9))
    (found,) = save(CrawlReport("t", Outcome.OK, entries=(late,)), baseline_before=now - timedelta(hours=24))
    assert found.entry == late
    assert not found.first_look


def test_a_failed_first_look_leaves_the_baseline_to_the_next(save, look, now):
    save(CrawlReport("t", Outcome.FAILED, reason="dns"))
    (found,) = save(look("https://a.example/1"))
    assert found.first_look


def test_known_entries_are_not_new_again(save, look, sources, now):
    assert len(save(look("https://a.example/1", "https://a.example/2"))) == 2
    later = now + timedelta(minutes=5)
    found = save(look("https://a.example/2", "https://a.example/3", "https://a.example/3"), at=later)
    assert urls(found) == ["https://a.example/3"]
    assert state_of(sources).entries_seen == 3


def test_an_entry_known_from_another_source_is_only_linked(save, look, sources, db, now):
    save(look("https://a.example/1"))
    for _ in range(2):
        assert save(look("https://a.example/1"), "tass-ru", at=now + timedelta(hours=1)) == ()
    links = rows(db, "SELECT source FROM entry_sources ORDER BY source")
    assert [link["source"] for link in links] == ["tass-ru", "yonhap-ko"]
    assert state_of(sources, "tass-ru").entries_seen == 1


def test_a_look_leaves_a_row_that_says_how_it_went(save, look, db):
    save(look("https://a.example/1", "https://a.example/2"))
    save(look("https://a.example/2", "https://a.example/3"))
    save(CrawlReport("t", Outcome.FAILED, reason="http_404", detail="Not found", status=404, seconds=0.5))
    looks = rows(db, "SELECT outcome, reason, detail, status, entries, new FROM looks ORDER BY id")
    assert [tuple(row.values()) for row in looks] == [
        ("ok", "", "", 200, 2, 2),
        ("ok", "", "", 200, 2, 1),
        ("failed", "http_404", "Not found", 404, 0, 0),
    ]


def test_failures_are_counted_until_a_look_succeeds(save, look, sources, now):
    save(look())
    validators = state_of(sources).validators
    for number in (1, 2):
        save(CrawlReport("t", Outcome.FAILED, reason="timeout", detail="20 s", validators=Validators("x")))
        assert (state_of(sources).failures, state_of(sources).failing_since) == (number, now)
    troubled = state_of(sources)
    assert (troubled.last_reason, troubled.last_detail) == ("timeout", "20 s")
    assert (troubled.last_ok, troubled.looked_at) == (now, now)
    assert troubled.validators == validators

    save(CrawlReport("t", Outcome.UNCHANGED, status=304), at=now + timedelta(hours=1))
    well = state_of(sources)
    assert (well.failures, well.last_reason) == (0, "")
    assert well.failing_since is None
    assert well.last_ok == now + timedelta(hours=1)
    assert well.validators == validators


def test_entries_are_read_oldest_first_and_the_future_does_not_wait(save, sources, now):
    entries = (
        Entry("https://a.example/future", published=now + timedelta(days=400)),
        Entry("https://a.example/undated"),
        Entry("https://a.example/older", published=now - timedelta(hours=3)),
    )
    save(CrawlReport("t", Outcome.OK, entries=entries))
    assert urls(sources.to_read(now, 10)) == [
        "https://a.example/older",
        "https://a.example/future",
        "https://a.example/undated",
    ]
    assert urls(sources.to_read(now, 1)) == ["https://a.example/older"]


def test_what_is_to_be_read_comes_back_as_it_was_found(save, look, sources, now):
    found = save(look("https://a.example/1", "https://a.example/2"))
    assert sources.to_read(now, 10) == found


def test_hosts_in_use_are_left_out_and_none_crowds_out_the_others(save, look, sources, now):
    save(look(*(f"https://a.example/{number}" for number in range(5)), "https://B.example:8443/1"))
    assert urls(sources.to_read(now, 10, exclude_hosts=["a.example"])) == ["https://B.example:8443/1"]
    assert sources.to_read(now, 10, exclude_hosts=["a.example", "b.example:8443"]) == ()
    assert urls(sources.to_read(now, 10, per_host=2)) == [
        "https://a.example/0",
        "https://a.example/1",
        "https://B.example:8443/1",
    ]


def test_a_failed_reading_is_tried_again_at_its_time_and_then_given_up(save, look, sources, db, now):
    (found,) = save(look("https://a.example/1"))
    url, again = found.entry.url, now + timedelta(minutes=10)
    sources.reading_failed(url, reason="timeout", detail="20 s", now=now, retry_at=again)
    assert sources.to_read(again - timedelta(seconds=1), 10) == ()
    assert sources.to_read(again, 10) == (replace(found, attempts=1),)
    sources.reading_failed(url, reason="http_410", detail="Gone", now=again, retry_at=None)
    assert sources.to_read(again + timedelta(days=9), 10) == ()
    assert entry_states(db) == {url: (EntryState.FAILED, "http_410")}
    sources.reading_failed(url, reason="late", detail="", now=again, retry_at=again)
    assert entry_states(db) == {url: (EntryState.FAILED, "http_410")}


def test_a_thousand_entries_of_which_most_are_known_cost_few_statements(save, look, sources, db):
    known = [f"https://a.example/{number}" for number in range(990)]
    save(look(*known))
    statements = []
    db.conn.set_trace_callback(statements.append)
    found = save(look(*known, *(f"https://a.example/new{number}" for number in range(10))))
    db.conn.set_trace_callback(None)
    assert len(found) == 10
    assert sum(not statement.startswith("--") for statement in statements) < 300
    assert check(db) == ()


def test_hostile_addresses_and_texts_are_stored_without_a_crash(save, sources, now, db):
    entries = (
        Entry("http://[broken/\x00", title="\ud800 nul \x00"),
        Entry("", title="'); DROP TABLE entries; --"),
        Entry("https://a.example/" + "x" * 10_000, summary="مرحبا 👩‍👩‍👧‍👦 e\u0301"),
    )
    report = CrawlReport("t", Outcome.OK, entries=entries)
    assert len(save(report)) == 3
    assert save(report) == ()
    assert len(sources.to_read(now, 10)) == 3
    assert sources.to_read(now, 10)[0].entry.title == "\ufffd nul \x00"


def test_a_lone_surrogate_in_an_address_is_the_same_entry_at_every_look(save, db):
    report = CrawlReport(
        "t", Outcome.OK, entries=(Entry("http://a.example/\ud800"), Entry("http://a.example/\ufffd"))
    )
    assert len(save(report)) == 1
    assert save(report) == ()


def test_what_looks_taught_survives_a_restart(sources, look, now, db):
    rhythm = Rhythm(now - timedelta(days=40), now, tuple(n / 8 for n in range(168)), 0.25, 1.5)
    habits = Habits(rhythm, 3600.0, now + timedelta(minutes=5))
    sources.save_look("yonhap-ko", look(), next_due=now, now=now, baseline_before=None, habits=habits)
    assert state_of(Sources(db)).habits == habits
    sources.save_look("yonhap-ko", look(), next_due=now, now=now, baseline_before=None)
    assert state_of(Sources(db)).habits == habits


def test_a_source_that_moved_is_learned_anew(sources, source, look, now):
    habits = Habits(Rhythm(now, now), 3600.0, now)
    sources.save_look("yonhap-ko", look(), next_due=now, now=now, baseline_before=None, habits=habits)
    sources.sync([source(url="https://new.example/rss")], now)
    assert state_of(sources).habits == Habits()


def test_a_declaration_with_times_comes_back_as_declared(sources, source, now):
    timed = source(times=(time(7), time(19, 30)), quiet=(time(23), time(5)), timezone="Asia/Seoul")
    sources.sync([timed], now)
    assert state_of(sources).source == timed


def test_unlisted_is_what_this_source_has_not_listed_before(sources, save, look):
    save(look("https://a.example/1"))
    save(look("https://a.example/2"), "tass-ru")
    both = look("https://a.example/1", "https://a.example/2", "https://a.example/3")
    assert [entry.url for entry in sources.unlisted("yonhap-ko", both)] == [
        "https://a.example/2",
        "https://a.example/3",
    ]
    assert sources.unlisted("yonhap-ko", look("https://a.example/9", outcome=Outcome.FAILED)) == ()


def test_looks_are_hastened_but_never_put_off(sources, save, look, now):
    save(look("https://a.example/1"))
    sources.hasten("yonhap-ko", now + timedelta(minutes=1))
    assert state_of(sources).next_due == now + timedelta(minutes=1)
    sources.hasten("yonhap-ko", now + timedelta(hours=1))
    assert state_of(sources).next_due == now + timedelta(minutes=1)


def test_of_very_many_new_sources_the_heaviest_are_due_first(db, sources, source, now):
    light = [source(f"s{number}", weight=1) for number in range(1_100)]
    sources.sync([*light, source("heavy", weight=5)], now)
    assert state_of(sources, "heavy").next_due == now
    assert len(sources.due(now, 9_999)) == 1_001
    assert len(sources.due(now + timedelta(seconds=2), 9_999)) == 1_101


def test_a_sync_writes_only_what_is_declared_differently(db, sources, source, now):
    sources.sync([source(), source("tass-ru")], now)
    before = db.conn.total_changes
    sources.sync([source(), source("tass-ru")], now + timedelta(hours=1))
    assert db.conn.total_changes == before


@pytest.fixture
def crowded(sources, db, save, now, monkeypatch):
    """Of the oldest entries that wait, all are of one host; then come others."""
    monkeypatch.setattr("monitor.store.sources._OLDEST", 0)
    save(CrawlReport("t", Outcome.OK))
    long = [Entry(f"https://long.example/{n}", published=now - timedelta(hours=9)) for n in range(60)]
    late = [Entry(f"https://other.example/{n}", published=now) for n in range(2)]
    save(CrawlReport("t", Outcome.OK, entries=(*long, *late)))
    return sources


def test_what_waits_longest_hides_nothing_behind_it(crowded, now):
    found = crowded.to_read(now, 5, per_host=3)
    assert [one.entry.url.split("/")[2] for one in found] == ["long.example"] * 3 + ["other.example"] * 2
    assert len(crowded.to_read(now, 5, exclude_hosts=["long.example"])) == 2
    assert len(crowded.to_read(now, 5)) == 5


def test_however_many_wait_the_oldest_are_found_by_an_index(crowded, db):
    question = f"EXPLAIN QUERY PLAN {module._TO_READ}"
    plan = [row["detail"] for row in rows(db, question, ("", "[]", 9, 9, 90))]
    assert any("SCAN entries USING INDEX entries_to_read" in step for step in plan), plan
