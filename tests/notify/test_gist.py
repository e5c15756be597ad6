"""What a report is about, said to a reader who does not know its language."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.core.query import LEAD
from monitor.core.statements import Bound, Evidence, Fact, FactKind, Field, Novelty
from monitor.core.topic import Concept, ConceptKind
from monitor.notify.gist import gist
from monitor.notify.message import render, render_bundle

KINDS = {
    FactKind.FIGURE: ConceptKind.UNIT,
    FactKind.PLACE: ConceptKind.PLACE,
    FactKind.ACTOR: ConceptKind.ACTOR,
    FactKind.DEED: ConceptKind.DEED,
    FactKind.STANCE: ConceptKind.STANCE,
    FactKind.SUBJECT: ConceptKind.SUBJECT,
}


def fact(kind, concept, value=None, *, field=Field.TITLE, start=0, **more):
    return Fact(kind, concept, value, Evidence(field, start, start + 1, "x", concept), **more)


DEED = fact(FactKind.DEED, "deploy")
TROOPS = fact(FactKind.FIGURE, "soldiers", 12000.0, start=9, bound=Bound.ABOUT)
KURSK = fact(FactKind.PLACE, "kursk", start=20)
DPRK = fact(FactKind.ACTOR, "dprk")


@pytest.fixture
def german(german):
    """A reader whose pack knows the weights of concepts, a deed, actors and subjects as well."""
    pack = german.packs["dprk-russia"]
    more = [
        Concept("deploy", ConceptKind.DEED, {"en": "sends troops", "de": "entsendet Truppen"}, ()),
        Concept("lavrov", ConceptKind.ACTOR, {"en": "Lavrov", "de": "Lawrow"}, ()),
        Concept("war", ConceptKind.SUBJECT, {"en": "war", "de": "Krieg"}, (), weight=0.1),
        Concept("seoul", ConceptKind.ACTOR, {"en": "South Korea", "de": "Südkorea"}, (), weight=0.3),
        *(Concept(f"place{n}", ConceptKind.PLACE, {"en": f"place {n}"}, ()) for n in range(9)),
        *(Concept(f"subject{n}", ConceptKind.SUBJECT, {"en": f"subject {n}"}, ()) for n in range(9)),
        replace(pack.concepts["dprk"], weight=0.1),
    ]
    concepts = {**pack.concepts, **{concept.name: concept for concept in more}}
    return replace(german, packs={pack.name: replace(pack, concepts=concepts)})


@pytest.fixture
def said(desk, german):
    """The gist of a Korean report that states these facts, for a German."""

    def say(*facts, **changes):
        alert = desk.alert(desk.korean, (("북한", "dprk"),), facts=facts, **changes)
        return [piece.text for piece in gist(alert, german)]

    return say


def test_it_says_deed_figure_and_place_in_the_readers_words(said):
    assert said(KURSK, TROOPS, DPRK, DEED) == ["entsendet Truppen", "Soldaten: rund 12.000", "Kursk"]


def test_what_all_texts_of_the_topic_share_is_not_worth_a_word(said):
    assert said(DPRK, fact(FactKind.SUBJECT, "war")) == []


def test_a_light_concept_is_named_only_if_there_is_little_else(said):
    seoul = fact(FactKind.ACTOR, "seoul")
    assert said(seoul, KURSK) == ["Kursk", "Südkorea"]
    assert "Südkorea" not in said(seoul, KURSK, TROOPS, DEED)


def test_who_denies_comes_first_and_is_named(said):
    denial = fact(FactKind.STANCE, "denies", by="dprk", start=30)
    assert said(DEED, denial) == ["dementiert (Nordkorea)", "entsendet Truppen"]


def test_an_actor_who_speaks_is_named_once(said):
    assert said(fact(FactKind.ACTOR, "lavrov", by="lavrov")) == ["Lawrow"]


def test_a_denial_in_the_text_is_background(said):
    assert said(DEED, fact(FactKind.STANCE, "denies", by="dprk", field=Field.BODY)) == ["entsendet Truppen"]


def test_what_stands_below_the_lead_is_background(said):
    assert said(fact(FactKind.PLACE, "kursk", field=Field.BODY, start=LEAD)) == []
    assert said(fact(FactKind.PLACE, "kursk", field=Field.BODY, start=LEAD - 1)) == ["Kursk"]


def test_the_title_weighs_more_than_the_lead(said):
    lead = [fact(FactKind.PLACE, f"place{n}", field=Field.BODY, start=n) for n in range(2)]
    assert said(*lead, KURSK) == ["Kursk", "place 0"]


def test_an_update_says_what_the_figure_was_before(said):
    assert said(TROOPS, new=(Novelty(TROOPS, 10000.0),)) == ["Soldaten: rund 12.000, vorher 10.000"]


def test_a_number_is_one_figure_whatever_it_counts(said):
    both = (TROOPS, replace(TROOPS, concept="deploy"))
    assert len(said(*both)) == 1


def test_a_concept_that_the_pack_does_not_know_is_not_shown(said):
    assert said(fact(FactKind.PLACE, "nowhere")) == []


def test_dates_and_titles_are_no_part_of_it(said):
    assert said(fact(FactKind.DATE, ""), fact(FactKind.TITLE, "")) == []


def test_without_the_pack_there_are_no_names(desk, german):
    assert gist(desk.alert(desk.korean, facts=(KURSK,)), replace(german, packs={})) == ()


FACTS = st.lists(
    st.builds(
        fact,
        st.sampled_from(sorted(KINDS)),
        st.sampled_from(
            ["deploy", "kursk", "lavrov", "seoul", "soldiers", "denies", *(f"place{n}" for n in range(9))]
        ),
        st.none() | st.floats(allow_nan=False, allow_infinity=False, width=32),
        field=st.sampled_from(list(Field)),
        start=st.integers(0, 2 * LEAD),
    ),
    max_size=40,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # `said` keeps nothing
@given(FACTS)
def test_it_is_short_whatever_is_stated(said, facts):
    pieces = said(*facts)
    assert len(pieces) <= 6
    assert len(set(pieces)) == len(pieces)
    assert all(pieces)


def test_every_form_of_a_message_in_a_foreign_language_says_it(desk, german):
    alert = desk.alert(desk.korean, (("북한", "dprk"),), facts=(DEED, TROOPS, KURSK))
    message = render(alert, german)
    assert message.subject == f"entsendet Truppen, Soldaten: rund 12.000, Kursk — {desk.korean.title}"
    assert f"{desk.korean.title}\nentsendet Truppen · Soldaten: rund 12.000 · Kursk\n" in message.text
    assert message.short.startswith("entsendet Truppen · Soldaten: rund 12.000 · Kursk\n")
    for piece in ("entsendet Truppen", "Soldaten: rund 12.000", "Kursk"):
        assert f"<bdi>{piece}</bdi>" in message.html
    together = render_bundle([alert, replace(alert, id=43, story=8)], german)
    for form in (together.text, together.html, together.short):
        assert "Soldaten: rund 12.000" in form


def test_a_report_in_the_readers_own_language_speaks_for_itself(desk, german):
    message = render(desk.alert(facts=(DEED, TROOPS, KURSK)), german)
    assert message.subject == desk.german.title
    for form in (message.text, message.html, message.short):
        assert "entsendet Truppen" not in form


def test_a_subject_says_nothing_twice(desk, german):
    alert = desk.alert(
        desk.korean, (), kind=desk.update().kind, facts=(DEED, TROOPS, KURSK), new=(Novelty(TROOPS, 10000.0),)
    )
    assert render(alert, german).subject.startswith(
        "Update: Soldaten 10.000 → rund 12.000, entsendet Truppen, Kursk — "
    )


def test_a_single_word_needs_the_rule_beside_it(desk, german):
    message = render(desk.alert(desk.korean, (), facts=(KURSK,)), german)
    assert message.subject.startswith("Truppen für Russland, Kursk — ")
