"""Mistakes in packs that examples do not show, each with its place and what to do."""

from __future__ import annotations

import pytest

from monitor.jobs import wordlists
from spiders.items import Article

HAS_LISTS = pytest.mark.skipif(not wordlists.are_installed(), reason="the extra `lab` is not installed")


@pytest.fixture
def lint(tumen, harbour):
    def run(*arguments, words=False):
        answer = tumen("rules", "lint", *arguments, *(() if words else ("--no-words",)))
        assert answer.controls == set()
        assert "Traceback" not in answer.err
        return answer

    return run


@pytest.fixture
def twice(harbour):
    """The pack with the same name twice in a concept."""
    file = harbour / "concepts" / "harbour.yaml"
    file.write_text(file.read_text().replace("names: {en: [crane*]}", "names: {en: [crane*, cranes]}"))
    line = next(n for n, text in enumerate(file.read_text().splitlines(), 1) if "cranes" in text)
    return file, line


def test_findings_stand_under_their_file_with_line_column_and_remedy(lint, harbour, twice):
    file, line = twice
    answer = lint(harbour)
    assert str(file) in answer.out
    said = answer.out.partition(str(file))[2]
    assert f"  {line}:" in said
    assert "covered-name" in said
    assert "→ " in said
    assert answer.out.splitlines()[-1].startswith("harbour ")


def test_json_has_a_line_for_each_finding(lint, harbour, twice):
    rows = lint(harbour, "--json").rows
    (found,) = (row for row in rows if row["code"] == "covered-name")
    assert found["pack"] == "harbour"
    assert found["where"].startswith(f"{twice[0]}:{twice[1]}:")
    assert found["level"] == "note"
    assert found["message"]
    assert found["remedy"]


def test_warnings_end_with_1_and_notes_do_not(lint, harbour):
    rows = lint(harbour, "--json").rows
    assert lint(harbour).code == int(any(row["level"] == "warning" for row in rows))
    rules = harbour / "rules" / "harbour.yaml"
    rules.write_text(rules.read_text().partition("  must_fire:")[0])
    answer = lint(harbour)
    assert "no-must-fire" in answer.out
    assert answer.code == 1


def test_what_is_left_out_is_named_with_the_way_to_have_it(lint, harbour, monkeypatch):
    answer = lint(harbour)
    assert "left out: names and rules that the history never met (name a history with --db)" in answer.err
    monkeypatch.setattr("monitor.cli.laboratory.linting.are_installed", lambda: False)
    answer = lint(harbour, words=True)
    assert answer.err.count("pip install 'tumen[lab]'") == 2


def test_a_history_says_what_never_fires(lint, take_in, now):
    take_in(
        *(
            Article(f"https://a.example/{n}", f"Strike {n} in Norwick harbour", "", "en", now)
            for n in range(3)
        )
    )
    answer = lint()
    assert answer.code in {0, 1}
    assert "history never met" not in answer.err


@HAS_LISTS
def test_a_star_is_expanded_over_the_common_words_of_its_language(lint, harbour):
    answer = lint(harbour, "--expand", "strike*", words=True)
    assert answer.code == 0
    assert answer.out.splitlines()[0] == "strike*"
    assert "strikes" in answer.out
    rows = lint(harbour, "--expand", "strike*", "--json", words=True).rows
    assert {"strike", "strikes"} <= {row["word"] for row in rows}
    assert all(row["frequency"] > 0 for row in rows)
    assert "catches no known word" in lint(harbour, "--expand", "zzxq*", words=True).out


@HAS_LISTS
def test_each_star_of_a_pack_can_be_seen(lint, harbour):
    answer = lint(harbour, "-v", words=True)
    assert "smuggl*" in answer.out.splitlines()
    assert "smuggling" in answer.out


def test_without_words_nothing_can_be_expanded(lint, harbour):
    assert "there are no words to hold it against" in lint(harbour, "--expand", "strike*").out


@pytest.mark.parametrize(
    ("term", "says"), [("{a|b", "has no partner"), ("", "without a word"), ("*", "after its stem")]
)
def test_a_term_that_is_none_is_an_error_before_anything_is_read(lint, term, says):
    answer = lint("nowhere", "--expand", term, words=True)
    assert answer.code == 2
    assert "--expand: " in answer.err
    assert says in answer.err


def test_a_history_that_is_not_there_is_an_error(lint, harbour):
    answer = lint(harbour, "--db", "nowhere.db")
    assert answer.code == 3
    assert "nowhere.db: there is no history here yet" in answer.err
