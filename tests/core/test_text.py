import codecs
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.core import text as text_room
from monitor.core.text import as_written, fold, fold_text, is_unspaced

# What hides in hostile and honest text: marks, joiners, jamo, half- and full-width letters, lone surrogates.
PIECES = st.sampled_from(
    [
        *"aZéßİıŁ ё Йй.!?-’",
        "e\u0301",
        "и\u0306",
        "I\u0307",
        "\u0301",
        "\u200b",
        "\u00ad",
        "\u202e",
        "\ufeff",
        "Ｒｕｓｓｉａ",
        "北朝鮮",
        "북한군",
        unicodedata.normalize("NFD", "북한군"),
        "\u1161",
        "ｶﾞﾝ",
        "ﾞ",
        "か\u3099",
        "🇰🇵",
        "👩‍🚀",
        "مُحَمَّد",
        "كتـــاب",
        "\ud83d",
        "\U0010ffff",
        "\x00",
        "\n",
    ]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=6))).map("".join)


@given(TEXTS)
@example("x\u1161y")
@example("か\u3099\u3099b")
def test_every_piece_of_folded_text_is_the_fold_of_its_place_in_the_original(text):
    folded = fold(text)
    assert folded.original == text
    for start in range(len(folded.text)):
        for end in range(start + 1, min(start + 4, len(folded.text)) + 1):
            first, last = folded.span(start, end)
            assert 0 <= first < last <= len(text)
            assert folded.text[start:end] in fold_text(text[first:last])


@given(TEXTS)
def test_places_in_the_original_follow_the_order_of_the_folded_text(text):
    folded = fold(text)
    places = [folded.span(at, at + 1) for at in range(len(folded.text))]
    assert places == sorted(places)


@given(TEXTS)
def test_folding_what_is_folded_changes_nothing(text):
    assert fold_text(fold_text(text)) == fold_text(text)


@given(TEXTS)
def test_composed_and_decomposed_text_fold_alike(text):
    assert fold_text(unicodedata.normalize("NFD", text)) == fold_text(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("NORTH Korea", "north korea"),
        ("Ｒｕｓｓｉａ", "russia"),
        ("Corée du Nord", "coree du nord"),
        ("Coréia", "coreia"),
        ("İSTANBUL ıssız", "istanbul issiz"),
        ("Żołnierze Łódź", "zolnierze lodz"),
        ("Северная Коре́я", "северная корея"),
        ("ещё", "еще"),
        ("Україна", "україна"),
        ("Й", "й"),
        ("Zelen\u00adskyj", "zelenskyj"),
        ("북\u200b한", "북한"),
        (unicodedata.normalize("NFD", "북한군"), "북한군"),
        ("ﾛｼｱ ｶﾞﾝ", "ロシア ガン"),
        ("rock’n’roll", "rock'n'roll"),
        ("North–Korea", "north-korea"),
        ("كُورِيَا", "كوريا"),
        ("أوكرانيا", "اوكرانيا"),
        ("a\ud83db", "a\ufffdb"),
        ("ΟΔΟΣ", "οδοσ"),
        ("朝鮮與俄羅斯簽署條約", "朝鲜与俄罗斯签署条约"),
        ("北朝鮮が発射", "北朝鲜が発射"),
        ("`DPRK`", "'dprk'"),
        ("", ""),
    ],
)
def test_what_reads_alike_folds_alike(written, folded):
    assert fold_text(written) == folded


def test_the_short_way_folds_every_letter_as_the_table_does():
    letters = [chr(code) for code in range(0x80, 0x3000)]
    by_alphabet = [
        letter for letter in letters if any(knows(one, letter) for one, _ in text_room._alphabets())
    ]
    assert len(by_alphabet) > 500
    for letter in letters:
        assert text_room._fold_evenly(letter) == letter.translate(text_room._FOLD)


def knows(alphabet, letter):
    try:
        return codecs.charmap_encode(letter, "strict", alphabet)[1] == 1
    except UnicodeEncodeError:
        return False


@pytest.mark.parametrize(
    "text",
    [
        "„Ärger“ – naïve Œuvre‑Sammlung… 5 € für Łukasz",
        "«Ещё» – в Кремле… №5",
        "Україна — їжак, ґанок",
        "Żołnierze z Korei Północnej",
        "Aizsargā Latviju, Lietuvą",
        "Η Αθήνα",
        "وصل الرئيس، اليوم",
        "Triều Tiên gửi quân đội đến Nga – “lần đầu”",
        "a\x01é",
    ],
)
def test_whole_texts_fold_alike_on_every_way(text):
    assert fold_text(text) == text.translate(text_room._FOLD)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Kim arrived on Monday. Putin met him! Why? Nobody knows.", 4),
        ("Herr Kim kam am 8. Oktober an. Er traf Nr. 2 der Partei.", 2),
        ("Ким приехал. Путин встретил его. Что дальше?", 3),
        ("Він прибув у січні 2025. Його зустріли!", 2),
        ("북한이 파병했다. 러시아는 부인했다.", 2),
        ("北朝鮮が派兵した。ロシアは否定した。", 2),
        ("派兵だ！ロシアは否定。本当か？不明だ", 4),
        ("朝鲜派兵。俄罗斯否认！", 2),
        ("وصل كيم. هل نفى الكرملين؟ لا أحد يعرف.", 3),
        ("« Non. » Le Kremlin nie. Kim arrive.", 3),
        ("He said “Yes.” Then he left.", 2),
        ("One line\nanother line", 2),
        ("उत्तर कोरिया ने सैनिक भेजे। रूस ने इनकार किया।", 2),
        ("", 1),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text, count):
    assert len(fold(text).sentences) == count


@pytest.mark.parametrize(
    "dot",
    [
        "10. Oktober",
        "St. Petersburg",
        "ст. 5",
        "U.S. Army",
        "3.5 million",
        "a.b.c",
        "12 тыс. солдат",
        "5 Mio. Euro",
        "Kim vs. Putin",
        "Gen. Kim",
        "ok. 12",
    ],
)
def test_a_dot_that_shortens_or_counts_ends_no_sentence(dot):
    assert len(fold(f"Er sah {dot} gestern").sentences) == 1


@given(TEXTS)
def test_each_character_stands_in_a_sentence_and_sentences_ascend(text):
    folded = fold(text)
    numbers = [folded.sentence_at(at) for at in range(len(folded.text))]
    assert numbers == sorted(numbers)
    assert all(0 <= number < len(folded.sentences) for number in numbers)


@given(TEXTS)
def test_words_ascend(text):
    folded = fold(text)
    numbers = [folded.word_at(at) for at in range(len(folded.text))]
    assert numbers == sorted(numbers)


def test_two_signs_of_a_script_without_spaces_count_as_a_word():
    assert len(fold("北朝鮮がロシアに").words) == 4
    assert len(fold("North Korea sends troops").words) == 4


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "hostile", [".", "!", "?", '."', "!)", "…", "?!", "。", ". ", "\n", "'", "1.", "\u0301", "\u200b"]
)
def test_dividing_hostile_text_takes_linear_time(hostile):
    folded = fold(hostile * 200_000)
    assert len(folded.sentences) >= 1
    assert len(folded.words) >= 0


@pytest.mark.parametrize(
    ("text", "unspaced"), [("北韓", True), ("북한", True), ("ไทย", True), ("Корея", False), ("", False)]
)
def test_scripts_without_spaces_are_known(text, unspaced):
    assert is_unspaced(text) is unspaced


def test_what_is_written_keeps_case_and_accents():
    assert as_written("Ｄ\u00adＰＲＫ L’Élysée") == "DPRK L'Élysée"
