"""Where the words stand that rules relied on."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.marking import marked
from monitor.core.statements import Evidence, Field


def at(start, end, concept="dprk", text=""):
    return Evidence(Field.BODY, start, end, text, concept)


def shown(paragraphs):
    return [[(piece.text, *piece.concepts) for piece in paragraph] for paragraph in paragraphs]


def test_a_text_is_cut_where_evidence_begins_and_ends():
    assert shown(marked("Nordkorea schickt Soldaten", [at(18, 26, "troops"), at(0, 9)])) == [
        [("Nordkorea", "dprk"), (" schickt ",), ("Soldaten", "troops")]
    ]


def test_evidence_that_overlaps_is_shown_by_all_that_it_names_and_each_ends_once():
    ((first, second, third),) = marked(
        "Kim Jong Un", [at(0, 8, "kim"), at(4, 11, "family"), at(4, 11, "family")]
    )
    assert [first.concepts, second.concepts, third.concepts] == [("kim",), ("kim", "family"), ("family",)]
    assert [first.ending, second.ending, third.ending] == [(), ("kim",), ("family",)]


def test_lines_are_paragraphs_and_empty_ones_are_left_out():
    found = marked("Eins\n\n  \nZwei drei", [at(2, 11)])
    assert shown(found) == [[("Ei",), ("ns", "dprk")], [("Zw", "dprk"), ("ei drei",)]]
    assert [piece.ending for paragraph in found for piece in paragraph] == [(), (), ("dprk",), ()]


def test_marks_stay_with_their_letter():
    assert shown(marked("Coree\u0301", [at(0, 5)])) == [[("Coree\u0301", "dprk")]]


def test_evidence_beyond_the_text_is_cut_or_left_out():
    assert shown(marked("kurz", [at(2, 99), at(50, 60), at(-3, 1), at(3, 3)])) == [
        [("k", "dprk"), ("u",), ("rz", "dprk")]
    ]
    assert shown(marked("lang genug", [at(3, 8)], most=5)) == [[("lan",), ("g ", "dprk")]]
    assert marked("", [at(0, 1)]) == ()


spans = st.tuples(st.integers(-2, 40), st.integers(-2, 40), st.sampled_from("xyz"))


@given(text=st.text(alphabet="aé\n \u0301🪖\u202e한", max_size=30), many=st.lists(spans, max_size=8))
def test_nothing_of_the_text_is_lost_and_each_letter_knows_what_it_names(text, many):
    evidence = [at(start, end, concept) for start, end, concept in many]
    found = marked(text, evidence)
    lines = [line for line in text.split("\n") if line.strip()]
    assert ["".join(piece.text for piece in paragraph) for paragraph in found] == lines
    kept = [index for index, char in enumerate(text) if char != "\n"]
    kept = [index for index in kept if text[text.rfind("\n", 0, index) + 1 :].split("\n")[0].strip()]
    letters = [
        (char, set(piece.concepts)) for paragraph in found for piece in paragraph for char in piece.text
    ]
    for index, (char, concepts) in zip(kept, letters, strict=True):
        assert char == text[index]
        assert concepts >= {one.concept for one in evidence if one.start <= index < one.end}
