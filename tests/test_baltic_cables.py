"""A second topic, in the languages of another sea: the engine knows neither of the two."""

import json
from datetime import UTC, datetime

import pytest

from monitor import app
from monitor.core.facts import facts
from monitor.core.matching import Matcher
from monitor.core.statements import FactKind
from monitor.jobs.replay import read_texts, replay
from monitor.packs import load_pack, shipped
from spiders.items import Article

NOW = datetime(2026, 11, 26, tzinfo=UTC)
SHORES = {"en", "de", "fi", "sv", "et", "lv", "lt", "pl", "ru"}
CABLES = [
    ("en", "Finland detains tanker after data cables are cut in the Gulf of Finland", "damage"),
    ("fi", "Suomi pysäytti aluksen, Suomenlahden merikaapelit poikki", "ship_held"),
    ("et", "Laevaomanik eitab, et tanker lõhkus Estlinki", "denials"),
    ("lv", "Baltijas jūrā pie Liepājas bojāts optiskais kabelis", "damage"),
    ("lt", "Teismas nagrinėja Baltijos jūroje nutrauktų kabelių bylą", "court"),
    ("ru", "Подозреваемого в подрыве «Северных потоков» выдали Германии", "nord_stream"),
]
TROOPS = [
    ("en", "North Korea sends another brigade of soldiers to Russia", "troops"),
    ("ko", "북한, 러시아에 병력 추가 파병", "troops"),
    ("ru", "КНДР и Россия подписали договор", "treaty"),
]
NEITHER = [
    ("en", "Subsea cables cut in the Red Sea slow the internet in India", ""),
    ("en", "Russia and Finland exchange notes on a border crossing", ""),
    ("lt", "Aludarė Baltijos pajūryje verda alus", ""),
]


@pytest.fixture(scope="module")
def packs():
    return {name: load_pack(shipped(name)) for name in ("baltic-cables", "dprk-russia")}


@pytest.fixture(scope="module")
def matchers(packs):
    """One for each pack, and one for both."""
    return [*(Matcher([pack]) for pack in packs.values()), Matcher(list(packs.values()))]


@pytest.fixture
def decide():
    """Texts taken in one after another, as the running service would."""

    def run(*rows, packs=("baltic-cables",)):
        texts = list(read_texts(map(json.dumps, rows), "texts.jsonl"))
        with app.replaying(packs, None, NOW) as ingestor:
            return replay(texts, ingestor, NOW)

    return run


def fired(matcher, language, title):
    return {
        (match.pack, match.rule) for match in matcher.matches(matcher.read(Article("", title, "", language)))
    }


def test_every_rule_has_a_name_and_examples_in_the_languages_of_the_shores(packs):
    for rule in packs["baltic-cables"].rules:
        assert set(rule.labels) >= SHORES, rule.name
        assert len({example.language for example in rule.must_fire}) >= 6, rule.name
        assert len({example.language for example in rule.must_not_fire}) >= 6, rule.name


@pytest.mark.parametrize(("language", "title", "rule"), [*CABLES, *TROOPS, *NEITHER])
def test_two_packs_in_one_matcher_answer_as_each_alone(matchers, language, title, rule):
    cables, troops, both = (fired(matcher, language, title) for matcher in matchers)
    assert both == cables | troops
    assert {pack for pack, _ in both} <= {
        "baltic-cables" if (language, title, rule) in CABLES else "dprk-russia"
    }
    assert rule in {name for _, name in both} or not (rule or both)


def test_a_ship_of_one_shore_is_no_beer_of_the_next(matchers):
    def sails(language):
        (reading,) = matchers[0].read(Article("", "Alus Läänemerel", "", language))
        return "ships" in reading.found

    assert all(map(sails, ("fi", "et", None)))  # a text of an unknown language may be of any
    assert not any(map(sails, ("lt", "lv")))


def test_reports_in_two_languages_are_one_development_and_a_higher_figure_is_news(decide):
    first, same, more = decide(
        {
            "id": "en",
            "lang": "en",
            "title": "Finland detains tanker after 12 cables are cut in the Gulf of Finland",
            "text": "Police suspect that the crew dragged an anchor over the seabed for hours.",
            "published": "2026-11-20T06:00:00Z",
        },
        {
            "id": "fi",
            "lang": "fi",
            "title": "Suomi pysäytti tankkerin, 12 kaapelia poikki Suomenlahdella",
            "text": "Poliisi epäilee, että miehistö raahasi ankkuria pitkin merenpohjaa.",
            "published": "2026-11-20T07:00:00Z",
        },
        {
            "id": "et",
            "lang": "et",
            "title": "Soome pidas kinni tankeri, Soome lahel katkes 15 kaablit",
            "text": "Politsei kahtlustab, et meeskond lohistas ankrut mööda merepõhja.",
            "published": "2026-11-20T08:00:00Z",
        },
    )
    assert (first["alert"], same["alert"], more["alert"]) == ("new", None, "update")
    assert first["story"] == same["story"] == more["story"]
    assert (first["reason"], same["reason"]) == ("new_story", "repeat")
    assert [(fact["concept"], fact["value"]) for fact in same["facts"] if fact["kind"] == "figure"] == [
        ("cables", 12.0)
    ]
    assert [(new["concept"], new["value"], new["before"]) for new in more["new"]] == [("cables", 15.0, 12.0)]


@pytest.mark.parametrize(
    ("language", "title", "figure"),
    [
        ("sv", "Skuggflottan, 14 fartyg stoppade söder om Gotland", ("ships", 14.0)),
        ("ru", "Танкер повредил 11 кабелей в Финском заливе", ("cables", 11.0)),
        ("et", "650-megavatine kaabel Soome lahel katkes", ("megawatts", 650.0)),
        ("de", "Reparatur der Kabel in der Ostsee kostet 60 Millionen Euro", ("euros", 60_000_000.0)),
    ],
)
def test_a_figure_counts_what_stands_beside_it(packs, matchers, language, title, figure):
    (reading,) = matchers[0].read(Article("", title, "", language))
    stated = facts(reading, packs["baltic-cables"])
    assert {(fact.concept, fact.value) for fact in stated if fact.kind is FactKind.FIGURE} == {figure}


@pytest.mark.parametrize(
    ("language", "title", "stance", "by"),
    [
        (
            "de",
            "Reederei des Tankers bestreitet Sabotage an Kabeln im Finnischen Meerbusen",
            "denies",
            "owner",
        ),
        ("en", "Owner of Eagle S denies that the tanker cut cables on purpose", "denies", "owner"),
        ("en", "Kremlin denies any part in damage to Baltic Sea cables", "denies", "russia"),
        ("fi", "Varustamo kiistää aluksen katkaisseen merikaapelin", "denies", "owner"),
        (
            "pl",
            "Prokuratura postawiła zarzuty kapitanowi za zerwanie kabli na Bałtyku",
            "charges",
            "prosecutors",
        ),
        ("sv", "Åklagaren väcker åtal mot kaptenen efter kabelbrottet i Östersjön", "charges", "prosecutors"),
        (
            "ru",
            "Прокуратура предъявила обвинение капитану за обрыв кабелей на Балтике",
            "charges",
            "prosecutors",
        ),
    ],
)
def test_who_denies_and_who_charges_is_told(packs, matchers, language, title, stance, by):
    (reading,) = matchers[0].read(Article("", title, "", language))
    assert (stance, by) in {(fact.concept, fact.by) for fact in facts(reading, packs["baltic-cables"])}


def test_two_topics_share_no_story(decide):
    cables, troops = decide(
        {"id": "cables", "title": CABLES[0][1], "published": "2026-11-20T06:00:00Z"},
        {"id": "troops", "title": TROOPS[0][1], "published": "2026-11-20T06:30:00Z"},
        packs=("baltic-cables", "dprk-russia"),
    )
    assert cables["story"] != troops["story"]
    assert {"troops"} <= set(troops["rules"])
    assert "damage" in cables["rules"]
