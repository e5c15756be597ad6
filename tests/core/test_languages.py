import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.languages import is_language, likely_language


@pytest.mark.parametrize("code", ["en", "ko", "uk", "zh", "no", "nb", "kr", "ckb"])
def test_codes_of_languages_are_known(code):
    assert is_language(code)


@pytest.mark.parametrize(
    "code", ["", "any", "jp", "ua", "EN", "eng", "xx", "xxx", "zh-Hant", "english", "e", "北"]
)
def test_other_words_are_no_codes(code):
    assert not is_language(code)


@pytest.mark.parametrize(
    ("given_code", "meant"),
    [
        ("jp", "ja"),
        ("cn", "zh"),
        ("ua", "uk"),
        ("KR", "kr"),
        ("kp", "ko"),
        ("cz", "cs"),
        ("eng", "en"),
        ("deu", "de"),
        ("German", "de"),
        ("zh-Hant", "zh"),
        ("zh_TW", "zh"),
        ("DE", "de"),
        ("xx", ""),
        ("", ""),
        ("북", ""),
    ],
)
def test_a_code_that_is_almost_right_leads_to_the_right_one(given_code, meant):
    assert likely_language(given_code) == meant


@given(st.text(max_size=8))
def test_what_is_suggested_is_a_language(code):
    meant = likely_language(code)
    assert meant == "" or is_language(meant)
