"""Packs run over the stored history or a file, and compared before one is deployed."""

from __future__ import annotations

import shutil

import pytest

from spiders.items import Article

URL = "https://herald.example/"
LINES = [
    {
        "id": "a",
        "title": "A strike stops the port of Norwick",
        "lang": "en",
        "published": "2026-11-20",
        "label": "relevant",
    },
    {
        "id": "b",
        "title": "The port of Norwick is quiet",
        "lang": "en",
        "published": "2026-11-21",
        "label": "relevant",
    },
    {
        "id": "c",
        "title": "Fire \x1b[31min the port of Norwick",
        "published": "2026-11-22",
        "label": "not_relevant",
    },
    {"id": "d", "title": "Rain", "published": "2026-11-23"},
]


@pytest.fixture
def run(tumen):
    def call(*arguments):
        answer = tumen("rules", *arguments)
        assert answer.controls == set()
        assert "Traceback" not in answer.err
        return answer

    return call


@pytest.fixture
def history(take_in, now):
    take_in(
        Article(f"{URL}1", "A strike stops the port of Norwick", "", "en", now),
        Article(f"{URL}2", "Strike in the port of Norwick goes on", "", "en", now),
        Article(f"{URL}3", "The port of Norwick is quiet", "", "en", now),
    )


@pytest.fixture
def edited(harbour, folder):
    """The same pack in another folder, which catches quiet ports and misses strikes."""
    shutil.copytree(harbour, folder / "edited")
    rules = folder / "edited" / "rules" / "harbour.yaml"
    rules.write_text(rules.read_text().replace("port AND (strike OR", 'port AND ("quiet" OR'))
    return folder / "edited"


def test_the_history_is_counted(run, history):
    answer = run("backtest")
    assert (answer.code, answer.err) == (0, "")
    assert "harbour" in answer.out
    assert "3 texts, 2026-11-25 to 2026-11-25" in answer.out
    assert "fires on 2 texts; 1 alert: 1 new" in answer.out
    assert "harbour              2      2      1   en 2" in answer.out
    assert "2026-11-25 herald A strike stops the port of Norwick" in answer.out
    assert "2026-11-25           2      1" in answer.out


def test_a_file_with_labels_gives_precision_and_recall(run, write, harbour):
    write("texts.jsonl", LINES)
    answer = run("backtest", "texts.jsonl", "--pack", harbour)
    assert answer.code == 0
    assert "precision 0.500, recall 0.500 of 3 labelled texts: 1 right, 1 wrong, 1 missed" in answer.out
    assert "wrong: c" in answer.out
    assert "missed: b" in answer.out
    (row,) = run("backtest", "texts.jsonl", "--pack", harbour, "--json").rows
    assert (row["texts"], row["matched"], row["alerts"]) == (4, 2, {"new": 2})
    assert (row["precision"], row["recall"], row["wrong"], row["missed"]) == (0.5, 0.5, ["c"], ["b"])
    assert row["rules"]["harbour"]["matches"] == 2
    assert row["days"]["2026-11-20"] == {"matched": 1, "alerts": 1}


def test_a_time_can_be_chosen(run, write, harbour):
    write("texts.jsonl", LINES)
    chosen = run(
        "backtest",
        "texts.jsonl",
        "--pack",
        harbour,
        "--since",
        "2026-11-21",
        "--until",
        "2026-11-23",
        "--json",
    )
    assert chosen.rows[0]["texts"] == 2
    assert run("backtest", "texts.jsonl", "--pack", harbour, "--since", "100000d").code == 2
    assert (
        run("backtest", "texts.jsonl", "--pack", harbour, "--since", "36500d", "--json").rows[0]["texts"] == 4
    )


def test_times_in_the_wrong_order_are_refused(run, write, harbour):
    write("texts.jsonl", LINES)
    answer = run("backtest", "texts.jsonl", "--pack", harbour, "--since", "1d", "--until", "2d")
    assert (answer.code, answer.out) == (2, "")
    assert "no time lies between --since and --until" in answer.err


@pytest.mark.parametrize("text", ["yesterday", "30", "-3d", "2026-13-01", "９d", "9999999999999d"])
def test_a_time_that_is_none_is_refused(run, write, harbour, text):
    write("texts.jsonl", LINES)
    answer = run("backtest", "texts.jsonl", "--pack", harbour, f"--since={text}")
    assert answer.code == 2
    assert "is no time; write 30d, 2026-11-01" in answer.err


def test_without_a_history_it_says_what_to_do(run, write, harbour):
    write("tumen.yaml", "packs: [../harbour]\n")
    answer = run("backtest")
    assert answer.code == 3
    assert "there is no history here yet" in answer.err


def test_file_and_history_together_are_refused(run, write, harbour, history, folder):
    write("texts.jsonl", LINES)
    assert run("backtest", "texts.jsonl", "--db", folder / "tumen.db").code == 2


def test_another_history_that_is_not_there_is_an_error(run, harbour):
    answer = run("backtest", "--db", "nowhere.db", "--pack", harbour)
    assert answer.code == 3
    assert "nowhere.db: there is no history here yet" in answer.err


def test_another_history_can_be_named(run, history, folder, harbour):
    (folder / "tumen.yaml").unlink()
    (folder / "tumen.db").rename(folder / "other.db")
    assert run("backtest", "--db", "other.db", "--pack", harbour, "--json").rows[0]["texts"] == 3


def test_each_alert_that_changes_is_listed_with_why(run, history, edited):
    answer = run("diff", "running", "edited")
    assert answer.code == 0
    assert "+1 alert, −1; 0 told by another rule" in answer.out
    assert "fires on 2, now on 1" in answer.out
    gained, _, lost = answer.out.partition("− A strike stops")
    assert "+ The port of Norwick is quiet" in gained
    assert 'port port of Norwick · "quiet"' in gained
    assert "2026-11-25 06:32 · herald · en · 3" in gained
    assert "harbour: lacks: nothing of" in lost


def test_json_has_a_line_for_each_change(run, history, edited):
    gained, lost = sorted(run("diff", "running", "edited", "--json").rows, key=lambda row: row["change"])
    assert (gained["change"], gained["id"], gained["before"]) == ("gained", 3, None)
    assert gained["after"]["matches"][0]["evidence"]
    assert (lost["change"], lost["id"], lost["after"]) == ("lost", 1, None)
    assert lost["before"]["alert"] == "new"
    assert lost["why"]


def test_a_lost_alert_can_end_with_1(run, history, edited):
    assert run("diff", "running", "edited", "--fail-on-lost").code == 1
    assert run("diff", "running", "../harbour", "--fail-on-lost").code == 0


def test_a_pack_differs_in_nothing_from_itself(run, history, harbour):
    answer = run("diff", harbour, harbour)
    assert "+0 alerts, −0; 0 told by another rule (the two are the same)" in answer.out


def test_an_alert_that_became_a_repeat_says_so(run, history, edited):
    lost = [row for row in run("diff", "edited", "running", "--json").rows if row["change"] == "lost"]
    assert [row["id"] for row in lost] == [3]


def test_packs_are_compared_on_a_file_too(run, write, edited, harbour):
    write("texts.jsonl", LINES)
    answer = run("diff", harbour, "edited", "texts.jsonl")
    assert "+1 alert, −1; 0 told by another rule" in answer.out


def test_a_service_that_judges_by_another_version_is_told(run, history, edited, monkeypatch):
    monkeypatch.setattr("monitor.jobs.overview.version_in_use", lambda path, pack: "0123456789ab")
    answer = run("diff", "running", "edited")
    assert answer.code == 0
    assert "note: the service still judges by 0123456789ab" in answer.err


def test_running_needs_a_pack_of_the_same_name(run, write, edited):
    write("tumen.yaml", "packs: [dprk-russia]\n")
    answer = run("diff", "running", "edited")
    assert answer.code == 2
    assert "the configuration has no pack named harbour" in answer.err
