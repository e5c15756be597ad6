"""A text is tried on rules: what fires, by which words, and what the others lack."""

from __future__ import annotations

import re

import pytest

from tests.cli.conftest import ROOT

STRIKE = "A strike stops all work in the port of Norwick"


@pytest.fixture
def trying(tumen, harbour):
    def run(*arguments, **options):
        answer = tumen("rules", "try", *arguments, "--pack", harbour, **options)
        assert answer.controls == set()
        assert "Traceback" not in answer.err
        return answer

    return run


def test_the_words_that_a_rule_relied_on_are_marked(trying):
    answer = trying(STRIKE)
    assert (answer.code, answer.err) == (0, "")
    assert "A «strike»[strike] stops all work in the «port of Norwick»[port]" in answer.out
    assert "✓ harbour  The port of Norwick · high · harbour" in answer.out


def test_what_almost_fired_is_told_with_what_was_missing(trying):
    answer = trying("The port of Norwick is quiet")
    assert answer.code == 0
    assert "No rule of harbour fires." in answer.out
    assert "○ harbour" in answer.out
    assert "strike" in answer.out.partition("○ harbour")[2]
    assert "stands: port port of Norwick" in answer.out


def test_figures_are_shown(trying):
    assert "1,200 dockers: 1,200 dockers" in trying("1,200 dockers strike in the port of Norwick").out


def test_each_condition_of_a_rule_can_be_seen(trying):
    answer = trying("The port of Norwick is quiet", "--rule", "harbour")
    tree = answer.out.partition("harbour: harbour")[2].splitlines()
    assert any(line.strip().startswith("✓ port") for line in tree)
    assert any(line.strip().startswith("✗ strike OR ferry") for line in tree)


def test_a_rule_that_does_not_exist_is_told_with_those_that_do(trying):
    answer = trying(STRIKE, "--rule", "troops")
    assert answer.code == 2
    assert "there are: harbour" in answer.err


def test_json_has_a_line_for_each_text_and_pack(trying):
    (row,) = trying(STRIKE, "--json", "--lang", "en").rows
    assert (row["pack"], row["language"], row["title"]) == ("harbour", "en", STRIKE)
    (match,) = row["matches"]
    assert (match["rule"], match["severity"]) == ("harbour", "high")
    for piece in match["evidence"]:
        assert STRIKE[piece["start"] : piece["end"]] == piece["text"]
    (row,) = trying("The port of Norwick is quiet", "--json", "--rule", "harbour").rows
    assert row["matches"] == []
    assert row["near_misses"][0]["rule"] == "harbour"
    assert row["account"]["holds"] is False


def test_a_text_of_several_lines_is_a_headline_with_a_body(trying):
    (row,) = trying("News\nA strike stops the port of Norwick.", "--json").rows
    assert row["title"] == "News"
    assert {piece["field"] for piece in row["matches"][0]["evidence"]} == {"body"}


def test_a_title_makes_the_rest_a_body(trying):
    (row,) = trying("A strike stops the port of Norwick.", "--title", "News", "--json").rows
    assert (row["title"], len(row["matches"])) == ("News", 1)


def test_files_and_standard_input_are_read(trying, write):
    write("text.txt", f"\ufeff{STRIKE}\n")
    rain = {"id": 2, "title": "Weather in Hull", "text": "It\u2028rains"}
    write("texts.jsonl", [{"id": 1, "title": STRIKE, "lang": "en"}, rain])
    write(
        "page.html",
        f"<html lang=en><title>x</title><article><h1>{STRIKE}</h1><p>{'It rains. ' * 40}</article>",
    )
    assert "✓ harbour" in trying("text.txt").out
    assert [len(row["matches"]) for row in trying("texts.jsonl", "--json").rows] == [1, 0]
    assert trying("page.html", "--json").rows[0]["matches"]
    assert "✓ harbour" in trying("-", stdin=STRIKE).out


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("nowhere.txt", None, "there is no such file"),
        ("../harbour", None, "is a folder"),
        ("empty.txt", b" \n", "is empty"),
        ("file:///etc/hostname", None, "is no address of the web"),
        ("", None, "there is no text"),
        ("odd.txt", b"\xff\xfe\xff", "is not UTF-8 text"),
        ("bad.jsonl", b"{]", "is no JSON"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(trying, write, name, content, says):
    if content is not None:
        write(name, content)
    answer = trying(name)
    assert answer.code == 2
    assert says in answer.err


def test_a_folder_that_is_called_like_a_file_is_no_text(trying, tmp_path):
    folder = tmp_path / "notes.txt"
    folder.mkdir()
    answer = trying(str(folder))
    assert (answer.code, answer.out) == (2, "")
    assert "is a folder" in answer.err


@pytest.mark.parametrize(
    ("code", "remedy"), [("EN", "did you mean en?"), ("", "ISO 639-1"), ("q!", "ISO 639-1")]
)
def test_a_language_that_is_none_is_refused(trying, code, remedy):
    answer = trying(STRIKE, "--lang", code)
    assert (answer.code, answer.out) == (2, "")
    assert remedy in answer.err


def test_a_whole_text_on_its_first_line_is_shown_around_its_evidence(trying):
    answer = trying("-", stdin=f"{'rain ' * 9000}{STRIKE}{' rain' * 9000}")
    assert answer.code == 0
    assert "«strike»[strike]" in answer.out
    assert len(answer.out) < 3000


def test_a_page_that_may_not_be_read_ends_with_1(trying):
    answer = trying("http://127.0.0.1:9/")
    assert (answer.code, answer.out) == (1, "")
    assert "blocked_private_address" in answer.err


@pytest.mark.parametrize(
    "text",
    [
        "북한, 러시아에 병력 파병",
        "كوريا الشمالية ترسل جنودا إلى روسيا",
        "朝鲜向俄罗斯派兵",
        "🇰🇵 North Korea sends troops to Russia 🪖",
    ],
    ids=["ko", "ar", "zh", "emoji"],
)
def test_evidence_is_marked_in_every_script(tumen, text):
    answer = tumen("rules", "try", text, "--pack", "dprk-russia")
    assert answer.code == 0
    assert "[dprk]" in answer.out.splitlines()[0]
    assert answer.out.splitlines()[0].count("«") >= 2


def test_hostile_signs_reach_no_terminal(trying):
    answer = trying("\u202eA strike\x1b[31m in the port of Norwick\x07\x9b")
    assert answer.code == 0
    assert "«strike»[strike]" in answer.out


def test_a_terminal_shows_evidence_in_colour(tumen, harbour, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    answer = tumen("rules", "try", STRIKE, "--pack", harbour)
    assert "«" not in answer.out
    assert re.search(r"\x1b\[1;3\dmstrike\x1b\[0m", answer.out)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "«strike»[strike]" in tumen("rules", "try", STRIKE, "--pack", harbour).out


def test_markup_of_a_text_is_only_text(trying):
    assert "[bold]A «strike»[strike][/bold]" in trying("[bold]A strike[/bold] in Norwick harbour").out


def test_without_a_pack_or_configuration_all_shipped_packs_are_tried(tumen):
    packs = {row["pack"] for row in tumen("rules", "try", STRIKE, "--json").rows}
    assert packs == {folder.parent.name for folder in ROOT.glob("rules/*/pack.yaml")}


def test_the_packs_of_the_configuration_come_first(tumen, write, harbour):
    write("tumen.yaml", "packs: [../harbour]\n")
    assert [row["pack"] for row in tumen("rules", "try", STRIKE, "--json").rows] == ["harbour"]
