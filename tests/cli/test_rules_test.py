"""The examples of packs, run like tests."""

from __future__ import annotations

import pytest

from monitor.cli.laboratory import testing as laboratory
from monitor.core.laboratory.proving import Prover


@pytest.fixture
def testing(tumen, harbour):
    def run(*arguments):
        answer = tumen("rules", "test", harbour, *arguments)
        assert answer.controls == set()
        return answer

    return run


@pytest.fixture
def broken(harbour):
    """The pack with a must_fire that does not, and a must_not_fire that does."""
    rules = harbour / "rules" / "harbour.yaml"
    text = rules.read_text().replace("A strike stops all work in the", "All work stops in the")
    rules.write_text(text.replace("work in Hull", "work in Norwick harbour"))
    return rules


def line_of(file, text):
    return next(number for number, line in enumerate(file.read_text().splitlines(), 1) if text in line)


def test_all_examples_hold(testing):
    answer = testing()
    assert answer.code == 0
    assert answer.out.splitlines()[-1].startswith("3 examples, 1 rule, 1 language, 0 failing (")
    assert "✓ harbour" in answer.out
    assert "✓ any rule" in answer.out


def test_a_failure_tells_what_was_missing(testing, broken):
    answer = testing()
    assert answer.code == 1
    where = f"✗ {broken}:{line_of(broken, 'All work')}:"
    assert where in answer.out
    said = answer.out.partition(where)[2]
    assert "harbour must fire [en] All work stops in the port of Norwick" in said
    assert "nothing of strike" in said
    assert "2 failing" in answer.out.splitlines()[-1]


def test_a_failure_tells_by_which_words_a_rule_fired(testing, broken):
    said = testing().out.partition(f"✗ {broken}:{line_of(broken, 'Norwick harbour')}:")[2]
    assert "harbour must not fire [en]" in said
    assert "strike strike · port Norwick harbour" in " ".join(said.split())


def test_json_has_a_line_for_each_example(testing, broken):
    answer = testing("--json")
    assert answer.code == 1
    assert [row["holds"] for row in answer.rows] == [False, False, True]
    must, must_not, general = answer.rows
    assert (must["must_fire"], must["rule"], must["language"]) == (True, "harbour", "en")
    assert must["wrong"][0]["lacks"]
    assert [piece["concept"] for piece in must_not["wrong"][0]["evidence"]] == ["strike", "port"]
    assert (general["rule"], general["wrong"]) == (None, [])
    assert "2 failing" in answer.err


def test_json_reads_a_pack_no_more_often_than_a_table_does(testing, monkeypatch):
    made = []
    monkeypatch.setattr(laboratory, "Prover", lambda pack: made.append(pack) or Prover(pack))
    assert len(testing("--json").rows) > 2
    assert len(made) == 2


def test_examples_can_be_chosen_by_words(testing, broken):
    answer = testing("-k", "NORWICK wine")
    assert (answer.code, answer.out.splitlines()[-1][:9]) == (0, "1 example")
    answer = testing("-k", "zebra")
    assert answer.code == 0
    assert "no example has all these words" in answer.err


def test_wishes_are_shown_and_are_no_failure(tumen, write, harbour):
    write("tumen.yaml", "packs: [../harbour]\n")
    write(
        "inbox/harbour.yaml",
        "- must_not_fire: {en: [A strike in the port of Norwick]}\n"
        "- must_fire: {en: [A fire in the port of Norwick]}\n"
        "- rule: gone\n  must_fire: {any: [Nothing]}\n",
    )
    answer = tumen("rules", "test")
    assert answer.code == 0
    assert "inbox: 3 wishes, 1 holds" in answer.out
    assert "○ any rule must not fire [en] A strike in the port of Norwick" in answer.out
    assert "✓ any rule must fire [en] A fire in the port of Norwick" in answer.out
    assert "3 examples" in answer.out.splitlines()[-1]
    wishes = [row for row in tumen("rules", "test", "--json").rows if row["wish"]]
    assert [row["holds"] for row in wishes] == [False, True, False]


def test_a_broken_inbox_is_named_with_its_place(tumen, write, harbour):
    write("tumen.yaml", "packs: [../harbour]\n")
    write("inbox/harbour.yaml", "- must_fires: {en: [x]}\n")
    answer = tumen("rules", "test")
    assert answer.code == 2
    assert "inbox/harbour.yaml:1:3" in answer.err
    assert "must_fire" in answer.err


def test_a_broken_pack_ends_with_2(tumen, harbour):
    (harbour / "pack.yaml").write_text("name: harbour\n")
    answer = tumen("rules", "test", harbour)
    assert answer.code == 2
    assert "pack.yaml:1:1" in answer.err
