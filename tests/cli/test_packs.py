"""`tumen packs`: which there are, how to start one, and what editors check them with."""

from __future__ import annotations

import json

import pytest

from monitor.schemas import NAMES


def test_the_shipped_packs_are_listed_without_a_configuration(tumen):
    answer = tumen("packs", "list", "--json")
    rows = {row["pack"]: row for row in answer.rows}
    assert (answer.code, answer.err) == (0, "")
    row = rows["dprk-russia"]
    assert set(row) == {
        "pack",
        "version",
        "label",
        "concepts",
        "terms",
        "rules",
        "languages",
        "examples",
        "where",
    }
    assert row["terms"] > row["concepts"] > row["rules"] > 0
    assert {"en", "ko", "ru", "zh"} <= set(row["languages"])
    assert len(row["version"]) == 12


def test_the_packs_of_the_configuration_are_listed_too(tumen, write, harbour):
    write("tumen.yaml", "packs: [../harbour]\n")
    answer = tumen("packs", "list")
    assert answer.code == 0
    assert [line.split()[0] for line in answer.out.splitlines()][-1] == "harbour"
    assert "dprk-russia" in answer.out


def test_a_broken_pack_does_not_hide_the_others(tumen, write, harbour):
    (harbour / "pack.yaml").write_text("nmae: harbour")
    write("tumen.yaml", "packs: [../harbour]\n")
    answer = tumen("packs", "list", "--json")
    assert answer.code == 2
    assert "dprk-russia" in {row["pack"] for row in answer.rows}
    assert "pack.yaml:1:1: unknown key nmae" in answer.err


def test_a_configuration_that_is_named_must_be_there(tumen):
    assert tumen("packs", "list", "-c", "nowhere.yaml").code == 2


def test_a_new_pack_is_green_and_says_what_to_do_next(tumen, folder):
    answer = tumen("packs", "new", "my-topic2")
    assert (answer.code, answer.err) == (0, "")
    assert "tumen check --pack my-topic2" in answer.out
    assert "packs: [my-topic2]" in answer.out
    assert sorted(file.name for file in folder.glob("my-topic2/.schema/*")) == [
        "concepts.json",
        "pack.json",
        "rules.json",
    ]
    (summary,) = tumen("check", "--pack", "my-topic2", "--json").rows
    assert (summary["pack"], summary["failing"]) == ("my-topic2", 0)
    assert summary["examples"] >= 10


def test_a_new_pack_goes_where_it_is_told(tumen, folder):
    answer = tumen("packs", "new", "mine", "--folder", "내 주제/mine")
    assert answer.code == 0
    assert '--pack "내 주제/mine"' in answer.out
    assert (folder / "내 주제/mine/pack.yaml").is_file()


def test_no_pack_is_overwritten(tumen):
    assert tumen("packs", "new", "mine").code == 0
    answer = tumen("packs", "new", "mine")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "error: mine: is there already\n  → choose another name or --folder\n"


def test_a_place_that_cannot_be_written_ends_with_3(tumen, write):
    write("file", "")
    assert tumen("packs", "new", "mine", "--folder", "file/mine").code == 3


@pytest.mark.parametrize("kind", NAMES)
def test_schemas_are_printed(tumen, kind):
    answer = tumen("packs", "schema", kind)
    assert answer.code == 0
    assert json.loads(answer.out)["title"] == f"Tumen: {kind}"


def test_without_a_name_the_schema_is_that_of_a_pack(tumen):
    assert tumen("packs", "schema").out == tumen("packs", "schema", "pack").out
