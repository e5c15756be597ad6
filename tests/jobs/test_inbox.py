"""What readers said becomes examples in a file that a person edits too."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.core.errors import InputError, StorageError
from monitor.core.models import Verdict
from monitor.jobs.inbox import as_cases, example_of, inbox_file, keep, read_wishes
from monitor.store.feedback import Judgement

SAID = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


def judgement(**changes):
    given = {
        "id": 1,
        "at": SAID,
        "verdict": Verdict.IRRELEVANT,
        "article": 12,
        "revision": 30,
        "alert": 7,
        "pack": "borders",
        "rule": None,
        "note": "",
        "url": "https://a.example/1",
        "source": "a",
        "language": "ko",
        "title": "북한산 등산객",
        "text": "서울에서 열린 행사.\n둘째 줄.",
    }
    return Judgement(**given | changes)


@pytest.fixture
def file(tmp_path):
    return inbox_file(tmp_path, "borders")


def test_an_inbox_lies_beside_the_configuration(tmp_path, file):
    assert file == tmp_path / "inbox" / "borders.yaml"
    assert read_wishes(file) == ()


def test_a_text_becomes_an_example_with_its_origin(file):
    assert keep(file, judgement(note="a mountain")) is True
    (wish,) = read_wishes(file)
    assert (wish.rule, wish.must_fire, wish.example.language) == (None, False, "ko")
    assert wish.example.text == "북한산 등산객\n서울에서 열린 행사. 둘째 줄."
    text = file.read_text(encoding="utf-8")
    assert "# article 12 · alert 7 · https://a.example/1 · 2026-11-26 · a mountain\n" in text
    assert text.startswith("# What readers said about borders.")


def test_what_was_missed_must_fire(file):
    keep(file, judgement(verdict=Verdict.MISSED, rule="ties", alert=None, language=None))
    (wish,) = read_wishes(file)
    assert (wish.rule, wish.must_fire, wish.example.language) == ("ties", True, "any")
    assert "alert" not in file.read_text(encoding="utf-8").splitlines()[-4]


def test_the_same_is_kept_once(file):
    assert keep(file, judgement()) is True
    assert keep(file, judgement(id=2, note="again")) is False
    assert keep(file, judgement(verdict=Verdict.MISSED)) is True
    assert len(read_wishes(file)) == 2


def test_what_a_person_wrote_stays_as_it_is(file):
    keep(file, judgement())
    edited = file.read_text(encoding="utf-8").replace(
        "- must_not_fire:", "# my own remark\n- must_not_fire:   "
    )
    file.write_text(edited, encoding="utf-8")
    file.chmod(0o600)
    keep(file, judgement(title="other"))
    assert file.read_text(encoding="utf-8").startswith(edited.rstrip())
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(read_wishes(file)) == 2
    assert [path.name for path in file.parent.iterdir()] == ["borders.yaml"]


def test_an_emptied_inbox_is_filled_again(file):
    keep(file, judgement())
    file.write_text("# nothing waits\n", encoding="utf-8")
    assert read_wishes(file) == ()
    keep(file, judgement())
    assert len(read_wishes(file)) == 1


@pytest.mark.parametrize("content", ["a: b\n", "- [\n", "- must_fire: [x]\n", "- {rule: 5}\n"])
def test_a_broken_inbox_is_refused_and_left_alone(file, content):
    file.parent.mkdir()
    file.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        keep(file, judgement())
    assert refused.value.where.startswith(f"{file}:")
    assert file.read_text(encoding="utf-8") == content


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "inbox").write_text("a file")
    with pytest.raises(StorageError, match="cannot be written"):
        keep(inbox_file(tmp_path, "borders"), judgement())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.text(), st.text(), st.text(), st.sampled_from(["en", "no", "x: y", "zh-Hant", None]))
def test_no_sign_of_a_text_breaks_the_file(tmp_path, title, text, note, language):
    file = inbox_file(tmp_path, "borders")
    file.unlink(missing_ok=True)
    said = judgement(title=title, text=text, note=note, url=f"https://a.example/{title}", language=language)
    keep(file, said)
    keep(file, judgement(title="북한"))
    first, second = read_wishes(file)
    assert first.example.text == example_of(said).text
    assert second.example.text.startswith("북한")
    assert len(yaml.safe_load(file.read_text(encoding="utf-8"))) == 2


def test_a_long_text_is_cut_to_its_lead(file):
    keep(file, judgement(text="word " * 1000))
    (wish,) = read_wishes(file)
    assert len(wish.example.text) < 450


def test_wishes_become_cases_of_the_pack(file, pack):
    keep(file, judgement(rule="ties"))
    keep(file, judgement(rule="gone", verdict=Verdict.MISSED))
    named, general = as_cases(read_wishes(file), pack)
    assert (named.rules, named.general, named.must_fire) == (pack.rules[:1], False, False)
    assert (general.rules, general.general, general.must_fire) == (pack.rules, True, True)
