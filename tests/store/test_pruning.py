"""What goes when it is old, what stays all the same, and what is left of what went."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.delivery.notices import Notice, NoticeKind
from monitor.core.delivery.silencing import Silence
from monitor.core.errors import InputError
from monitor.core.models import Fetched, Reason, Verdict
from monitor.core.retention import Cut, PruneReason, Retention, RetentionClass, by_age
from monitor.core.sources.wellness import FAILURES
from monitor.store.archive import Archive
from monitor.store.capture_files import CaptureFiles
from monitor.store.database import check, rows, transaction
from monitor.store.feedback import Feedback
from monitor.store.history import History
from monitor.store.indexing import catch_up
from monitor.store.ledger import Ledger
from monitor.store.notices import Notices
from monitor.store.pruning import BEGIN, Pruning
from monitor.store.regrouping import Regrouping
from monitor.store.silences import Silences
from monitor.store.sources import Sources
from monitor.store.wellness import Wellness
from spiders.captures import Capture
from spiders.items import CrawlReport, Outcome

DAY = timedelta(days=1)
URL = "https://yonhap-ko.example/{}"
EVERYTHING = Retention(**{each.value: 30 * DAY for each in RetentionClass})


def prune(db, retention, now, *, most=3, files=None):
    """A whole run in small slices; how many were removed of each class."""
    pruning, removed = Pruning(db, files), {}
    for cut in by_age(retention, now):
        place = BEGIN
        while place is not None:
            done = pruning.prune(cut, place, most=most, begun=now, now=now)
            place = done.next
            if done.removed:
                removed[cut.what] = removed.get(cut.what, 0) + done.removed
            assert check(db) == ()
    return removed


def count(db, table):
    return rows(db, f"SELECT count(*) AS many FROM {table}")[0]["many"]


def test_old_texts_that_no_rule_matched_go_and_young_ones_stay(declared, off_topic, now):
    for number in range(1, 8):
        History(declared).ingest(off_topic(number, read_at=now - number * 20 * DAY))
    assert prune(declared, Retention(entries=None), now) == {RetentionClass.UNMATCHED: 3}
    assert [row["url"] for row in rows(declared, "SELECT url FROM articles ORDER BY id")] == [
        URL.format(number) for number in range(1, 5)
    ]
    assert count(declared, "revisions") == 4
    assert count(declared, "entries") == 7


def test_a_pruned_article_is_known_by_both_of_its_addresses(declared, off_topic, now):
    listed = "https://yonhap-ko.example/redirect?to=1"
    History(declared).ingest(off_topic(1, entry=listed, read_at=now - 200 * DAY))
    History(declared).ingest(off_topic(2, read_at=now - 200 * DAY))
    prune(declared, Retention(), now)
    history = History(declared)
    for url in (URL.format(1), URL.format(2), listed):
        assert history.was_pruned(url)
    assert not history.was_pruned(URL.format(3))
    assert [row["url"] for row in rows(declared, "SELECT url FROM tombstones")] == [URL.format(1)]


def test_an_entry_says_when_and_why_its_article_was_pruned(declared, off_topic, now):
    History(declared).ingest(off_topic(1, read_at=now - 200 * DAY))
    prune(declared, Retention(), now)
    entry = Archive(declared).entry(URL.format(1))
    assert (entry.article, entry.reason) == (None, Reason.NO_RULE_MATCHED)
    assert (entry.pruned.what, entry.pruned.why) == (RetentionClass.UNMATCHED, PruneReason.AGE)
    assert entry.pruned.ended_at == now
    assert entry.pruned.before == now - 90 * DAY
    assert Archive(declared).entry("https://yonhap-ko.example/other") is None


def test_what_leads_to_a_pruned_article_is_ended_and_nothing_is_stored_of_it(declared, off_topic, now):
    History(declared).ingest(off_topic(1, read_at=now - 200 * DAY))
    prune(declared, Retention(), now)
    again = off_topic(1, entry="https://tass-ru.example/1", source="tass-ru", reason=Reason.PRUNED)
    stored = History(declared).ingest(again)
    assert (stored.article, stored.is_new, stored.alerts) == (None, False, ())
    assert count(declared, "articles") == 0
    entry = Archive(declared).entry("https://tass-ru.example/1")
    assert (entry.state, entry.reason, entry.pruned) == ("read", Reason.PRUNED, None)


def test_an_article_that_changed_lately_stays(declared, off_topic, now):
    first = off_topic(1, read_at=now - 200 * DAY)
    History(declared).ingest(first)
    changed = replace(first, article=replace(first.article, text="later"), read_at=now - DAY)
    History(declared).ingest(changed)
    assert prune(declared, Retention(entries=None), now) == {}
    assert count(declared, "revisions") == 2


def test_what_a_reader_judged_stays(declared, off_topic, ingest, now):
    key = History(declared).ingest(off_topic(1, read_at=now - 200 * DAY)).article
    Feedback(declared).add(Verdict.MISSED, article=key, pack="dprk-russia", rule="troops", now=now)
    assert RetentionClass.UNMATCHED not in prune(declared, EVERYTHING, now)
    (said,) = Feedback(declared).list()
    assert "날씨" in said.text


def told(db, ingest, now, *numbers, age=200 * DAY):
    """Articles on topic of one story each; the first two receivers took them."""
    keys = [History(db).ingest(ingest(number, read_at=now - age)) for number in numbers]
    db.execute("UPDATE deliveries SET state = 'sent'")
    return keys


def test_what_was_told_stays_with_its_article_whatever_goes_else(declared, ingest, now):
    told(declared, ingest, now, 1)
    usual = replace(EVERYTHING, alerts=None)
    assert prune(declared, usual, now) == {RetentionClass.ENTRIES: 1}
    (line,) = History(declared).alerts(limit=9)
    assert line.title == "북한군 1만2천명 러시아 파병"
    assert Archive(declared).record(1).matches


def test_old_alerts_go_with_their_deliveries_and_then_their_articles(declared, ingest, now):
    told(declared, ingest, now, 1, 2)
    told(declared, ingest, now, 3, age=10 * DAY)
    removed = prune(declared, EVERYTHING, now)
    assert removed[RetentionClass.ALERTS] == 2
    assert removed[RetentionClass.MATCHED] == 4  # two articles, and the stories that nothing is left of
    for table in ("alerts", "articles", "stories", "matches", "evidence"):
        assert count(declared, table) == 1, table
    assert (count(declared, "deliveries"), count(declared, "facts")) == (2, 2)


def test_a_number_that_was_pruned_is_never_given_again(declared, ingest, now):
    told(declared, ingest, now, 1, 2)
    prune(declared, EVERYTHING, now)
    assert count(declared, "articles") == count(declared, "alerts") == count(declared, "stories") == 0
    stored = History(declared).ingest(ingest(3, read_at=now))
    assert (stored.article, stored.story, stored.alerts) == (3, 3, (3,))
    assert min(row["id"] for row in rows(declared, "SELECT id FROM deliveries")) == 5


def test_an_alert_that_somebody_still_waits_for_stays(declared, ingest, now):
    History(declared).ingest(ingest(1, read_at=now - 200 * DAY))
    declared.execute("UPDATE deliveries SET state = 'sent' WHERE id = 1")
    assert RetentionClass.ALERTS not in prune(declared, EVERYTHING, now)
    declared.execute("UPDATE deliveries SET state = 'expired'")
    assert prune(declared, EVERYTHING, now)[RetentionClass.ALERTS] == 1


def test_an_article_whose_alert_was_pruned_is_not_taken_in_again(declared, ingest, now):
    told(declared, ingest, now, 1)
    only_alerts = replace(EVERYTHING, matched=None)
    assert prune(declared, only_alerts, now)[RetentionClass.ALERTS] == 1
    assert count(declared, "articles") == 1
    assert History(declared).was_pruned(URL.format(1))


def test_what_a_reader_said_about_an_alert_outlives_it(declared, ingest, now):
    (key,) = told(declared, ingest, now, 1)
    Feedback(declared).add(Verdict.IRRELEVANT, alert=key.alerts[0], now=now)
    prune(declared, EVERYTHING, now)
    (said,) = Feedback(declared).list()
    assert (said.alert, said.article) == (None, key.article)
    assert count(declared, "articles") == 1


def test_a_story_that_goes_on_keeps_all_that_was_told_of_it(declared, ingest, now):
    (key,) = told(declared, ingest, now, 1)
    History(declared).ingest(ingest(2, story=key.story, read_at=now - 5 * DAY, alerts=()))
    before = History(declared).remembered(now - 14 * DAY)
    assert {one.told for one in before} == {("chat", "mail"), ()}
    prune(declared, EVERYTHING, now)
    assert History(declared).remembered(now - 14 * DAY) == before


def test_a_story_that_people_edited_or_silenced_stays_as_a_line(declared, ingest, now):
    told(declared, ingest, now, 1, 2, 3)
    Regrouping(declared).merge(2, 1, now=now - 150 * DAY)
    Silences(declared).add(Silence(0, "anna", "busy", now, now + DAY, story=3), now)
    prune(declared, EVERYTHING, now)
    assert count(declared, "articles") == 0
    assert [row["id"] for row in rows(declared, "SELECT id FROM stories")] == [1, 2, 3]


def test_a_source_is_judged_after_pruning_as_before(declared, look, now):
    sources = Sources(declared)
    late = now + 300 * DAY
    for day in range(0, 300, 7):
        at = now + day * DAY
        report = look(URL.format(day), URL.format(day + 1))
        sources.save_look("yonhap-ko", report, next_due=at, now=at, baseline_before=None)
    for number in range(FAILURES + 5):  # one that has failed for so long that its good looks are old
        at = now + number * DAY
        failed = CrawlReport("t", Outcome.FAILED, reason="dns")
        report = look("https://tass-ru.example/1") if number < 2 else failed
        sources.save_look("tass-ru", report, next_due=at, now=at, baseline_before=None)
    before = {name: Wellness(declared).record(name, late) for name in ("yonhap-ko", "tass-ru")}
    harvests = Wellness(declared).harvests(late)
    removed = prune(declared, EVERYTHING, late)
    assert removed[RetentionClass.LOOKS] > 40
    assert {name: Wellness(declared).record(name, late) for name in before} == before
    assert Wellness(declared).harvests(late) == harvests


def test_visits_gaps_notices_and_robots_go_with_the_looks(declared, ingest, now):
    (key,) = told(declared, ingest, now, 1)
    old, young = "2026-01-01T00:00:00.000000Z", "2026-11-20T00:00:00.000000Z"
    for at in (old, young):
        declared["visits"].insert(
            {"article": key.article, "host": "a", "visited_at": at, "outcome": "ok", "revised": 0, "size": 1}
        )
        for page in (None, "https://yonhap-ko.example/rss?paged=2"):
            declared["gaps"].insert({"source": "yonhap-ko", "since": at, "at": at, "page": page})
        declared["robots"].insert({"place": at, "text": "User-agent: *", "read_at": at})
    notice = Notice(NoticeKind.STARTED, "", "Tumen has started")
    to = (ingest().alerts[0].recipients[0],)
    for at in (now - 200 * DAY, now - 199 * DAY, now - DAY):
        Notices(declared).tell(notice, to, at, lasts=DAY)
    declared.execute("UPDATE deliveries SET state = 'sent' WHERE notice = 1")
    declared.execute("INSERT INTO attempts (delivery, bundle, begun_at, ended_at, outcome) "
                     "SELECT id, 'x', created_at, created_at, 'sent' FROM deliveries WHERE notice = 1")  # fmt: skip
    prune(declared, replace(Retention(entries=None), looks=30 * DAY), now)
    assert [row["visited_at"] for row in rows(declared, "SELECT visited_at FROM visits")] == [young]
    assert [(row["at"], bool(row["page"])) for row in rows(declared, "SELECT at, page FROM gaps")] == [
        (old, True),  # its archive is still to be searched
        (young, False),
        (young, True),
    ]
    assert [row["place"] for row in rows(declared, "SELECT place FROM robots")] == [young]
    assert [row["id"] for row in rows(declared, "SELECT id FROM notices ORDER BY id")] == [2, 3]
    assert count(declared, "attempts") == 0


def test_entries_lose_their_words_and_keep_their_addresses(declared, look, off_topic, now):
    sources = Sources(declared)
    urls = [URL.format(number) for number in (1, 2, 3)]
    sources.save_look("yonhap-ko", look(*urls), next_due=now, now=now - 200 * DAY, baseline_before=None)
    History(declared).ingest(off_topic(1, read_at=now - 199 * DAY))
    sources.reading_failed(urls[1], reason="dns", detail="no such name", now=now - DAY, retry_at=None)
    published = [row["published"] for row in rows(declared, "SELECT published FROM entries ORDER BY id")]
    assert prune(declared, Retention(unmatched=None), now) == {RetentionClass.ENTRIES: 1}
    found = rows(declared, "SELECT * FROM entries ORDER BY id")
    assert [row["url"] for row in found] == urls
    assert [bool(row["title"]) for row in found] == [False, True, True]  # the second ended lately
    assert [row["published"] for row in found] == published
    assert sources.unlisted("yonhap-ko", look(*urls)) == ()
    assert prune(declared, Retention(unmatched=None), now) == {}, "there is nothing more to take from it"


def test_captures_of_an_article_go_together_with_their_files(declared, ingest, now, tmp_path):
    files = CaptureFiles(tmp_path / "captures")
    names = [f"20260{month}25T063000Z-" + f"{month}" * 32 + ".warc.gz" for month in (1, 2, 3)]
    ages = {1: 300 * DAY, 2: 300 * DAY, 3: 10 * DAY}
    for month, name in enumerate(names, 1):
        files.place_of(name).parent.mkdir(parents=True)
        files.place_of(name).write_bytes(b"WARC/1.1")
        capture = Capture(now - ages[month], name, 8, "a" * 64, "b" * 64)
        number = min(month, 2)  # the second and third are of one article
        item = ingest(number, fetched=Fetched(URL.format(number), capture=capture), alerts=())
        text = replace(item.article, text=f"{item.article.text} {month}")
        History(declared).ingest(replace(item, article=text, read_at=now - ages[month], story=None))
    files.spool.mkdir()
    removed = prune(declared, EVERYTHING, now, files=files)
    assert removed[RetentionClass.CAPTURES] == 1
    assert [files.find(name) is not None for name in names] == [False, True, True]
    assert [row["file"] for row in rows(declared, "SELECT file FROM captures ORDER BY id")] == names[1:]
    assert [row["url"] for row in rows(declared, "SELECT url FROM articles")] == [URL.format(2)]


def test_a_captured_page_keeps_its_article(declared, ingest, now):
    name = "20260125T063000Z-" + "1" * 32 + ".warc.gz"
    capture = Capture(now, name, 8, "a" * 64, "b" * 64)
    item = ingest(1, fetched=Fetched(URL.format(1), capture=capture), alerts=(), read_at=now - 300 * DAY)
    History(declared).ingest(item)
    assert RetentionClass.MATCHED not in prune(declared, replace(EVERYTHING, captures=None), now)
    assert count(declared, "articles") == 1


def test_each_run_is_recorded_by_class(declared, off_topic, now):
    pruning = Pruning(declared)
    assert pruning.lines(limit=9) == ()
    for number in range(1, 11):
        History(declared).ingest(off_topic(number, read_at=now - 200 * DAY))
    prune(declared, Retention(entries=None), now)
    (line,) = pruning.lines(limit=9)
    assert (line.what, line.removed, line.begun_at) == (RetentionClass.UNMATCHED, 10, now)
    assert pruning.totals() == {RetentionClass.UNMATCHED: 10}
    History(declared).ingest(off_topic(11, read_at=now - 200 * DAY))
    prune(declared, Retention(entries=None), now + DAY)
    assert [line.removed for line in pruning.lines(limit=9)] == [1, 10]


@pytest.mark.parametrize("most", [1, 4, 1000])
def test_a_survey_tells_what_pruning_would_remove(declared, off_topic, ingest, now, most, contents):
    for number in range(1, 30):
        made = ingest if number % 5 == 0 else off_topic
        History(declared).ingest(made(number, read_at=now - number * 10 * DAY))
    before = contents(declared)
    (cut, *_) = by_age(Retention(looks=None, entries=None), now)
    tally = Pruning(declared).survey(cut)
    assert contents(declared) == before
    assert prune(declared, Retention(looks=None, entries=None), now, most=most) == {cut.what: tally.many}
    assert tally.many == 16
    assert tally.size > 16 * 400


def test_slices_are_as_small_as_they_are_asked_to_be(declared, off_topic, now):
    for number in range(20):
        History(declared).ingest(off_topic(number, read_at=now - 200 * DAY))
    cut = Cut(RetentionClass.UNMATCHED, PruneReason.SIZE, now, now)
    done = Pruning(declared).prune(cut, BEGIN, most=7, begun=now, now=now)
    assert (done.removed, count(declared, "articles")) == (7, 13)
    assert done.next is not None


def test_the_ledger_goes_on_after_pruning(declared, ingest, now):
    told(declared, ingest, now, 1)
    History(declared).ingest(ingest(2, read_at=now))
    prune(declared, EVERYTHING, now)
    bundles = Ledger(declared).claim(now, lease=timedelta(minutes=1), limit=9)
    assert {bundle.alerts[0].id for bundle in bundles} == {2}


def test_what_was_pruned_is_found_no_more(declared, off_topic, now):
    for number in (1, 7):
        History(declared).ingest(off_topic(number, read_at=now - number * 20 * DAY))
    with transaction(declared):
        catch_up(declared)
    prune(declared, Retention(entries=None), now)
    declared.execute("CREATE VIRTUAL TABLE temp.held USING fts5vocab (main, search, instance)")
    assert {article for (article,) in declared.execute("SELECT doc FROM temp.held")} == {1}


def test_the_number_of_a_pruned_article_says_when_and_why(declared, off_topic, now):
    with pytest.raises(InputError, match=r"^there is no article 1\n"):
        Archive(declared).record(1)
    History(declared).ingest(off_topic(1, read_at=now - 200 * DAY))
    prune(declared, Retention(), now)
    with pytest.raises(InputError, match=rf"article 1 was pruned on {now:%Y-%m-%d}: .* long enough"):
        Archive(declared).record(1)
    for never in (0, -1, 2):
        with pytest.raises(InputError, match=f"^there is no article {never}\n"):
            Archive(declared).record(never)


def test_after_several_runs_only_the_address_tells_which_it_was(declared, off_topic, now):
    for number in (1, 2):
        History(declared).ingest(off_topic(number, read_at=now - 200 * DAY))
        prune(declared, Retention(), now + number * DAY)
    with pytest.raises(InputError, match=r"^article 1 was pruned\n.*its address say when"):
        Archive(declared).record(1)
