"""What alerts show of the pack is named in the languages that Tumen speaks."""

import pytest

from monitor.core.topic import ConceptKind
from monitor.packs import load_pack, shipped

LANGUAGES = ("en", "de", "ko", "ru", "uk", "ja", "zh", "fr", "es", "pl", "it", "ar")
SHOWN = {ConceptKind.UNIT, ConceptKind.STANCE, ConceptKind.DEED}
ACTORS = {
    "dprk",
    "russia",
    "usa",
    "south_korea",
    "ukraine",
    "japan",
    "china",
    "nato",
    "un",
    "eu",
    "kim_jong_un",
    "putin",
}


@pytest.fixture(scope="module")
def concepts():
    return load_pack(shipped("dprk-russia")).concepts


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_alerts_show_has_a_label_in_the_readers_language(language, concepts):
    shown = {name for name, concept in concepts.items() if concept.kind in SHOWN} | ACTORS
    assert sorted(name for name in shown if language not in concepts[name].labels) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_of_them_have_the_same_label(language, concepts):
    shown = [concept for concept in concepts.values() if concept.kind in SHOWN]
    labels = [concept.labels[language] for concept in shown]
    assert sorted({label for label in labels if labels.count(label) > 1}) == []
