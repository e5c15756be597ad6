"""A new pack works from the first moment."""

from __future__ import annotations

import json
import re
from importlib import resources

import pytest
import yaml
from jsonschema import Draft202012Validator

from monitor.core.errors import InputError, StorageError
from monitor.core.laboratory.proving import prove
from monitor.packs import load_pack, start_pack

SCHEMAS = {"pack.json": "{}\n"}


def test_a_new_pack_proves_itself(tmp_path):
    files = start_pack("new-topic", tmp_path / "deep" / "새 주제", SCHEMAS)
    pack = load_pack(tmp_path / "deep" / "새 주제")
    assert pack.name == "new-topic"
    assert prove(pack) == ()
    assert {example.language for rule in pack.rules for example in rule.must_fire} == {"en", "de", "ko"}
    assert {file.name for file in files} == {"pack.yaml", "names.yaml", "rules.yaml"}
    assert all(file.is_file() for file in files)


def test_its_files_lead_editors_to_their_schemas(tmp_path):
    schemas = {f"{kind}.json": f'{{"title": "{kind}"}}' for kind in ("pack", "concepts", "rules")}
    for file, kind in zip(
        start_pack("a", tmp_path / "a", schemas), ("pack", "concepts", "rules"), strict=True
    ):
        line = file.read_text(encoding="utf-8").splitlines()[0]
        path = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", line).group(1)
        assert json.loads((file.parent / path).read_text(encoding="utf-8"))["title"] == kind


def test_its_files_hold_to_the_shipped_schemas():
    from monitor.schemas import schema  # noqa: PLC0415  the only test of this file that needs it

    template = resources.files("monitor.packs").joinpath("template")
    for file, kind in (
        ("pack.yaml", "pack"),
        ("concepts/names.yaml", "concepts"),
        ("rules/rules.yaml", "rules"),
    ):
        content = yaml.safe_load(template.joinpath(file).read_text(encoding="utf-8"))
        assert [error.message for error in Draft202012Validator(schema(kind)).iter_errors(content)] == []


@pytest.mark.parametrize("name", ["", "New", "a/b", "..", "-a", "1a", "a b", "주제", "a\n", "a" * 5000 + "!"])
def test_what_is_no_name_starts_no_pack(tmp_path, name):
    with pytest.raises(InputError, match="is no name for a pack") as refused:
        start_pack(name, tmp_path / "x", SCHEMAS)
    assert refused.value.remedy
    assert not (tmp_path / "x").exists()


def test_a_shipped_name_is_taken(tmp_path):
    with pytest.raises(InputError, match="a pack named dprk-russia comes with Tumen"):
        start_pack("dprk-russia", tmp_path / "x", SCHEMAS)


@pytest.mark.parametrize("there", ["folder", "file", "link"])
def test_nothing_is_overwritten(tmp_path, there):
    place = tmp_path / "mine"
    {
        "folder": place.mkdir,
        "file": lambda: place.write_text("mine"),
        "link": lambda: place.symlink_to(tmp_path / "nowhere"),
    }[there]()
    with pytest.raises(InputError, match="is there already") as refused:
        start_pack("mine", place, SCHEMAS)
    assert refused.value.where == str(place)
    assert not list(tmp_path.glob("mine/*"))


def test_where_nothing_can_be_written_it_says_so(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be written") as refused:
        start_pack("mine", tmp_path / "file" / "mine", SCHEMAS)
    assert str(tmp_path / "file") in refused.value.where
