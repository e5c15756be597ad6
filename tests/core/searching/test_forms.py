"""Forms of words are recognised in many languages, and strangers are not."""

import pytest

from monitor.core.searching.forms import possible_forms


@pytest.mark.parametrize(
    "forms",
    [
        "солдат солдата солдату солдатом солдате солдаты солдатов солдатам солдатами солдатах",
        "ракета ракеты ракете ракету ракетой ракет ракетам ракетами ракетах",
        "россия россии россию россией",
        "северная северной северную северный северного северному северным северном северные северных",
        "війська військо війську військом військами військах",
        "росія росії росію росією",
        "wojsko wojska wojsku wojskiem wojskach wojskom wojskami",
        "rosja rosji rosje",
        "polnocna polnocnej polnocny polnocnego",
        "soldat soldaten",
        "rakete raketen",
        "nordkoreanisch nordkoreanische nordkoreanischen nordkoreanischer",
        "missile missiles",
        "army armies",
        "soldado soldados",
        "soldato soldati",
        "truppa truppe",
        "coreen coreens coreenne coreennes",
        "navire navires",
        "vojak vojaka vojaku vojakem",
        "روسيا وروسيا لروسيا بروسيا",
        "صاروخ الصاروخ والصاروخ بصاروخ",
    ],
)
def test_each_form_leads_to_the_others(forms):
    words = forms.split()
    for word in words:
        missing = set(words) - possible_forms(word)
        assert not missing, f"{word} does not lead to {missing}"


@pytest.mark.parametrize(
    ("word", "stranger"),
    [
        ("корея", "корень"),
        ("партия", "партизан"),
        ("kim", "kimchi"),
        ("war", "ward"),
        ("general", "generation"),
        ("land", "landmark"),
        ("мир", "мирской"),
        ("putin", "put"),
    ],
)
def test_other_words_are_no_forms(word, stranger):
    assert stranger not in possible_forms(word)


@pytest.mark.parametrize("word", ["a", "я", "un", "2026", "t-34", "北韓", "ок"])
def test_what_has_no_forms_is_itself(word):
    assert possible_forms(word) == {word}
