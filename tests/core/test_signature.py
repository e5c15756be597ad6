import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.facts import facts
from monitor.core.signature import Rarity, alike, contained, sign

TEXT = (
    "The soldiers crossed the border at night and were met by officers who gave them uniforms. "
    "Trains took them west within two days, a railway worker said, in wagons without windows. "
    "Nobody at the station would tell where they were heading or for how long."
)
KOREAN = (
    "병사들은 밤에 국경을 넘었고 장교들이 군복을 나눠 주었다. 이틀 안에 창문 없는 열차가 그들을 서쪽으로 "
    "데려갔다고 철도 노동자가 말했다. 역에서는 아무도 어디로, 얼마나 오래 가는지 말하지 않았다. "
    "주민들은 불빛이 꺼진 열차를 여러 번 보았다."
)


@pytest.fixture(scope="session")
def signed(make_pack, reading):
    pack = make_pack()

    def make(title, text="", rarity=lambda _: 1.0):
        read = reading(pack, title, text)
        return sign(read, facts(read, pack), pack, rarity)

    return make


def test_the_same_statement_is_alike_in_every_language(signed):
    english = signed("North Korea sends 12,000 troops to Kursk")
    russian = signed("КНДР отправила 12 тыс. солдат в Курск")
    assert alike(english.features, russian.features) > 0.95


def test_what_stands_in_the_title_says_most(signed):
    features = signed("Troops", "Shells for Kursk.").features
    assert features["soldiers"] > features["shells"] > 0


def test_what_stands_far_below_is_background(signed):
    assert "kursk" not in signed("Troops", "x " * 1_000 + "Kursk").features


def test_what_is_rare_says_more(signed):
    features = signed("Troops in Kursk", rarity=lambda key: 4.0 if key == "kursk" else 1.0).features
    assert features["kursk"] == pytest.approx(2 * features["soldiers"])


def test_figures_that_are_rounded_alike_are_one_feature_whatever_they_count(signed):
    one, other = signed("12,000 troops"), signed("12,040 shells")
    assert set(one.features) & set(other.features) == {"=1.2e+04"}


def test_small_numbers_and_stances_identify_nothing(signed):
    assert set(signed("Russia denies: 20 soldiers").features) == {"russia", "soldiers"}


def test_a_text_that_states_nothing_is_like_nothing(signed):
    nothing = signed("")
    assert alike(nothing.features, signed("Troops").features) == 0.0


@given(st.text(max_size=300), st.text(max_size=3_000))
def test_every_text_has_a_signature_of_length_one_or_nothing(signed, title, text):
    signature = signed(title, text)
    length = alike(signature.features, signature.features)
    assert length == pytest.approx(1.0) or not signature.features


@pytest.mark.parametrize("text", [TEXT, KOREAN], ids=["English", "Korean"])
def test_a_part_of_a_text_is_contained_in_it(signed, text):
    whole = signed("One", text + " More was not known of it on Friday.")
    part = signed("Two", text[: len(text) * 2 // 3])
    assert list(contained(part.shingles, [whole.shingles])) > [0.9]


@pytest.mark.parametrize(
    ("one", "other"), [(TEXT, KOREAN), ("", TEXT), ("Troops", "Troops"), (TEXT[:60], TEXT)]
)
def test_other_texts_and_ones_too_short_to_tell_are_no_copies(signed, one, other):
    assert list(contained(signed("", one).shingles, [signed("", other).shingles])) < [0.1]


def test_rarity_falls_with_every_article_and_rises_when_they_are_forgotten():
    rarity = Rarity({})
    before = rarity("kursk")
    for _ in range(50):
        rarity.add(("kursk",))
    assert 0 < rarity("kursk") < before < rarity("sinpo")
    for _ in range(50):
        rarity.remove(("kursk",))
    assert rarity("kursk") == before


def test_what_all_examples_of_a_pack_share_is_common_from_the_first_article():
    rarity = Rarity({"russia": 1.0, "kursk": 0.05})
    assert rarity("russia") < 0.3 < rarity("kursk") < rarity("sinpo")
