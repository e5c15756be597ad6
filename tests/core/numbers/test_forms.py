"""What news writes, with the figure that stands in it; and numbers that count nothing."""

import importlib.util
import sys
from pathlib import Path

import pytest

PATH = Path(__file__).parents[2] / "bench" / "number_forms.py"
SPEC = importlib.util.spec_from_file_location("number_forms", PATH)
number_forms = importlib.util.module_from_spec(SPEC)
sys.modules["number_forms"] = number_forms
SPEC.loader.exec_module(number_forms)


@pytest.mark.parametrize("form", number_forms.forms(), ids=lambda form: f"{form.language}: {form.text}")
def test_a_figure_is_read_with_its_unit_and_its_bound(form):
    found = [
        (fact.concept, fact.value, fact.most, fact.bound)
        for fact in number_forms.stated(form.text, form.language)
    ]
    assert found == [(form.unit, form.value, form.most, form.bound)]


@pytest.mark.parametrize(("language", "text"), number_forms.non_figures())
def test_what_counts_nothing_is_no_figure(language, text):
    assert number_forms.stated(text, language) == ()


def test_there_are_enough_of_them():
    right, forms, taken, others = number_forms.score()
    assert (right, taken) == (forms, 0)
    assert forms >= 500
    assert others >= 200
    assert len({form.language for form in number_forms.forms()}) >= 23
