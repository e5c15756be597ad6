import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.numbers import numbers
from monitor.core.statements import Bound
from monitor.core.text import fold


def values(text):
    return [number.value for number in numbers(fold(text))]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12 soldiers", 12),
        ("10,000 soldiers", 10_000),
        ("10.000 Soldaten", 10_000),
        ("10 000 soldats", 10_000),
        ("10\u00a0000 soldats", 10_000),
        ("10\u202f000 soldats", 10_000),
        ("10'000 Soldaten", 10_000),
        ("10’000 Soldaten", 10_000),
        ("1,234,567 shells", 1_234_567),
        ("1.234.567 Granaten", 1_234_567),
        ("1 234 567 снарядов", 1_234_567),
        ("1.5 tonnes", 1.5),
        ("1,5 Tonnen", 1.5),
        ("12 thousand troops", 12_000),
        ("12-thousand troops", 12_000),
        ("1.2 million shells", 1_200_000),
        ("1.2 mln", 1_200_000),
        ("2 billion dollars", 2e9),
        ("a million shells", 1e6),
        ("one million shells", 1e6),
        ("zwölf tausend", 12_000),
        ("1,2 Millionen Granaten", 1_200_000),
        ("3 Mio. Euro", 3e6),
        ("2 Milliarden Euro", 2e9),
        ("2 Mrd. Euro", 2e9),
        ("eine Million Granaten", 1e6),
        ("10 тыс. солдат", 10_000),
        ("10 тысяч солдат", 10_000),
        ("1,5 тысячи солдат", 1_500),
        ("2 млн снарядов", 2e6),
        ("2,5 млрд рублей", 2.5e9),
        ("1 миллион снарядов", 1e6),
        ("один миллион снарядов", 1e6),
        ("12 тис. солдатів", 12_000),
        ("12 тисяч солдатів", 12_000),
        ("2 мільйони", 2e6),
        ("3 мільярди", 3e9),
        ("10 mille soldats", 10_000),
        ("1,2 million d'obus", 1_200_000),
        ("2 milliards", 2e9),
        ("un million d'obus", 1e6),
        ("12 mil soldados", 12_000),
        ("2 millones de obuses", 2e6),
        ("un millón", 1e6),
        ("3 milhões", 3e6),
        ("2 mila soldati", 2_000),
        ("1 milione", 1e6),
        ("2 miliardi", 2e9),
        ("10 tys. żołnierzy", 10_000),
        ("10 tysięcy żołnierzy", 10_000),
        ("2 mln pocisków", 2e6),
        ("3 miliardy", 3e9),
        ("10 tisíc vojáků", 10_000),
        ("10 bin asker", 10_000),
        ("2 milyon mermi", 2e6),
        ("10 nghìn binh sĩ", 10_000),
        ("2 triệu", 2e6),
        ("10 duizend soldaten", 10_000),
        ("1만2천명", 12_000),
        ("1만 2천명", 12_000),
        ("1만2000명", 12_000),
        ("1만2,000명", 12_000),
        ("3천명", 3_000),
        ("500명", 500),
        ("1백만발", 1_000_000),
        ("2억 달러", 2e8),
        ("1万2000人", 12_000),
        ("1万人", 10_000),
        ("１万２０００人", 12_000),
        ("一万二千人", 12_000),
        ("三千名士兵", 3_000),
        ("1.2万名士兵", 12_000),
        ("3億5000万", 350_000_000),
        ("12億", 1_200_000_000),
        ("两万人", 20_000),
        ("١٢ جندي", 12),
        ("١٠٠٠٠ جندي", 10_000),
        ("10 آلاف جندي", 10_000),
        ("2 مليون", 2e6),
    ],
)
def test_a_figure_of_the_news_has_its_value(text, value):
    assert values(text) == [pytest.approx(value)]


@pytest.mark.parametrize(
    "text",
    [
        "no figure",
        "in 2025",
        "2024 год",
        "올해",
        "millions of shells",
        "KN-23",
        "K2",
        "a9 b8x",
        "0 losses",
        "v1.2.3",
        "1.2.3.4",
        "北朝鮮",
        "",
    ],
)
def test_what_counts_nothing_is_no_figure(text):
    assert values(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10 ships and 20 tanks", [10, 20]),
        ("from Oslo 10, to Bergen 12", [10, 12]),
        ("10, 20", [10, 20]),
        ("2500 of them", [2500]),
    ],
)
def test_several_figures_are_told_apart(text, expected):
    assert values(text) == expected


@given(
    st.text(
        alphabet=st.one_of(
            st.sampled_from("0123456789.,' -만천백억万千百十億兆一二〇两 milnмлнтыс٠١٢²½①Ⅳ๑"), st.characters()
        )
    )
)
def test_any_text_gives_positive_numbers_at_their_places(text):
    folded = fold(text)
    for number in numbers(folded):
        assert 0 < number.value < float("inf")
        assert 0 <= number.start < number.end <= len(folded.text)


HOSTILE = [
    "1",
    "1,",
    "1,000",
    "1.",
    "万",
    "1万",
    "一",
    "1 ",
    "1'000'",
    "a million ",
    "zehn",
    "만 ",
    "10-",
    "10 to ",
]
HOSTILE += [
    "half a ",
    "و",
    "وعشرون ",
    "$",
    "5 de ",
    "1여만",
    "十多",
    "one thousand million ",
    "1,1만",
    "1 тысяча ",
    "-",
]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_figures_are_read_in_linear_time(hostile):
    assert len(list(numbers(fold(hostile * (100_000 // len(hostile)))))) <= 100_000


@pytest.mark.parametrize(
    ("text", "bound", "value", "most"),
    [
        ("more than nine million rounds", Bound.MORE_THAN, 9e6, None),
        ("до 12 тысяч военных", Bound.UP_TO, 12_000, None),
        ("between 10,000 and 12,000", Bound.EXACT, 10_000, 12_000),
        ("de 10 000 à 12 000", Bound.EXACT, 10_000, 12_000),
        ("1.5万~2万人", Bound.EXACT, 15_000, 20_000),
        ("10-12 тыс.", Bound.EXACT, 10_000, 12_000),
        ("some 10 to 12 thousand", Bound.ABOUT, 10_000, 12_000),
        ("1만2천여명", Bound.MORE_THAN, 12_000, None),
        ("10,000+", Bound.AT_LEAST, 10_000, None),
        ("une vingtaine", Bound.ABOUT, 20, None),
        ("in 1999 or 2005", Bound.EXACT, None, None),
        ("more than 2012 of them", Bound.MORE_THAN, 2012, None),
        ("from 900 to 1,2 million", Bound.EXACT, 900, None),
    ],
)
def test_a_number_has_its_bound_and_its_range(text, bound, value, most):
    found = [(number.bound, number.value, number.most) for number in numbers(fold(text))]
    assert found[:1] == ([] if value is None else [(bound, value, most)])


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("fire soldater", "no", [4]),
        ("fire soldiers", "en", []),
        ("to skibe", "da", [2]),
        ("to ships", "en", []),
        ("to tusen", None, [2000]),
        ("bin asker", "tr", [1000]),
        ("bin Laden", "de", []),
        ("sáu binh sĩ", "vi", [6]),
        ("10 ngày sau", "vi", [10]),
        ("ten sailors", None, [10]),
        ("ten statek", "pl", []),
        ("3 billion", "en", [3e9]),
        ("3 Billionen", "de", [3e12]),
        ("fire soldater", "nb", [4]),
    ],
)
def test_a_word_of_several_languages_counts_where_its_language_is_written(text, language, expected):
    assert [number.value for number in numbers(fold(text), language)] == expected
