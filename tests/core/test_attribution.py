from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.attribution import Speakers
from monitor.core.facts import facts
from monitor.core.grammar import parse
from monitor.core.matching import Matcher
from monitor.core.query import Term
from monitor.core.statements import FactKind, Field
from monitor.core.topic import Concept, ConceptKind, Pack, Rule, Severity
from spiders.items import Article

STATES = {
    "dprk": """North Korea*; Pyongyang; nordkorean*; Nordkorea; nord-coréen*; norcorean*; Pionyang; nordcorean*;
        Korei Północnej; КНДР; 北朝鮮; 朝鲜; 북한; norte-coreano*; Coreia do Norte; Noord-Koreaanse; Triều Tiên;
        Kuzey Kore*; كوريا الشمالية; كوري شمالي; severokorejsk*""",
    "russia": """Russia*; Moscow; Moskova; Russland*; Moskau; Russie; Moscou; Rusia; Moscú; Mosca; Rosji; Moskwa;
        Росси*; Росії; Москва; 러시아; ロシア; 俄罗斯; Rússia; Moscovo; Rusland; Nga; Moskva; Rusya*; روسيا; موسكو;
        Rusku; Ryssland""",
    "ukraine": "Ukrain*; Kyiv; ウクライナ; 乌克兰",
    "south_korea": "South Korea*; Seoul; Seúl; Сеуле; 韓国; 韩国; 한국",
    "nato": "NATO; НАТО; l'Otan; 北约; الناتو",
    "pentagon": "Pentagon",
}
PEOPLE = {
    "kremlin": ("russia", "Kremlin; Kreml; Cremlino; Кремл*; 크렘린궁; 克里姆林宫"),
    "kim_yo_jong": ("dprk", "Kim Yo Jong"),
    "hur": ("ukraine", "Budanov; Budanow; Буданов; ГУР; HUR"),
    "zelensky": (
        "ukraine",
        "Zelensk*; Selenskyj; Zełensk*; Zelenski; Зеленськ*; Зеленск*; 젤렌스키; 泽连斯基; زيلينسكي",
    ),
    "nis": ("south_korea", "South Korean spy agency; 국정원; 国家情報院; 国家情报院; 韩国情报机构"),
}
UNITS = {
    "soldiers": """soldier*; troops; Soldat*; soldats; soldados; soldati; żołnierz*; солдат*; військових; 병력; 兵士;
        士兵; binh sĩ; asker; جندي; vojáků; soldaten; soldater""",
    "shells": "Granaten; Container; shells",
}
STANCES = {
    "denies": """den{y|ies|ied}; dementiert; dément; niega; smentisce; zaprzecza; опроверг*; заперечує; 부인; 否定;
        否认; yalanla*""",
    "confirms": """confirm*; bestätig*; potwierdz*; подтверд*; підтверд*; 확인; 確認; 证实; confirmou; xác nhận; تؤكد;
        confermato; bevestig*; doğrula*; bekräft*; confirme""",
    "plans": "plan*; готує; prepared",
}


def terms(names):
    return tuple(Term(name.strip()) for name in names.split(";"))


def concept(name, kind, names, part_of=""):
    return Concept(name, kind, {"en": name}, terms(names), part_of=part_of)


@pytest.fixture(scope="module")
def pack():
    concepts = {
        **{name: concept(name, ConceptKind.ACTOR, names) for name, names in STATES.items()},
        **{name: concept(name, ConceptKind.ACTOR, names, of) for name, (of, names) in PEOPLE.items()},
        **{name: concept(name, ConceptKind.UNIT, names) for name, names in UNITS.items()},
        **{name: concept(name, ConceptKind.STANCE, names) for name, names in STANCES.items()},
    }
    query = parse("soldiers", concepts, {}, lambda _: "test")
    rules = (Rule("r", {"en": "r"}, query, "soldiers", Severity.HIGH),)
    return Pack("test", {"en": "test"}, "0123456789ab", concepts, rules)


@pytest.fixture(scope="module")
def read(pack):
    matcher = Matcher([pack])

    def read(title, text="", language=None):
        published = datetime(2024, 10, 25, 9, tzinfo=UTC)
        (reading,) = matcher.read(Article("https://a.example/1", title, text, language, published))
        return reading

    return read


@pytest.fixture(scope="module")
def state(pack, read):
    """What is stated, as pairs of what (`figure` or a stance) and who says so."""

    def state(title, text="", language=None):
        return {
            ("figure" if fact.kind is FactKind.FIGURE else fact.concept, fact.by)
            for fact in facts(read(title, text, language), pack)
            if fact.kind in {FactKind.FIGURE, FactKind.STANCE}
        }

    return state


SAYINGS = {
    "en": """
        Ukraine's military intelligence chief Budanov said 12,000 North Korean soldiers are in Russia = figure by hur
        Some 12,000 North Korean soldiers are in Russia, Budanov said = figure by hur
        Some 12,000 North Korean soldiers are in Russia, said Zelensky = figure by zelensky
        According to NATO, 12,000 North Korean soldiers are in Russia = figure by nato
        12,000 North Korean soldiers are in Russia, according to the South Korean spy agency = figure by nis
        Budanov: Russia has 12,000 North Korean soldiers = figure by hur
        Russia has 12,000 North Korean soldiers - Zelensky = figure by zelensky
        12,000 North Korean soldiers are in Russia = figure by nobody
        North Korean soldiers said 300 troops had died = figure by nobody
        Pyongyang denies sending troops to Russia = denies by dprk
        Despite reports from Seoul, Moscow denies that North Korean troops are there = denies by russia
        Seoul confirmed and Moscow denied the presence of North Korean troops = denies by russia
        Reports on North Korean troops were denied by Moscow = denies by russia
        Kim Yo Jong, the leader's powerful sister, denied that North Korea sent arms to Russia = denies by kim_yo_jong
        First confirmation from NATO: North Korean units stand in Russia = confirms by nato
        The Pentagon could not confirm that North Korean troops are in Russia = no confirms
        Seoul did not immediately confirm the report on North Korea and Russia = no confirms
        Moscow neither confirmed nor denied that North Korean troops are in Russia = no denies
        Seoul not only confirmed the North Korean troops in Russia = confirms by south_korea
        Zelensky said North Korea plans to send troops to Russia = plans by dprk
        North Korean troops are in Russia, confirms Seoul = confirms by south_korea
        Some 12,000 North Korean soldiers are being prepared for the war, Kyiv says = plans by dprk""",
    "de": """
        Laut Selenskyj sind 12.000 nordkoreanische Soldaten in Russland = figure by zelensky
        Nach Angaben von Budanow sind 12.000 nordkoreanische Soldaten in Russland = figure by hur
        In Russland sind 12.000 nordkoreanische Soldaten, sagte Selenskyj = figure by zelensky
        In Russland sind NATO-Angaben zufolge 12.000 nordkoreanische Soldaten = figure by nato
        Selenskyj: 12.000 nordkoreanische Soldaten in Russland = figure by zelensky
        Moskau bestätigte den Einsatz nordkoreanischer Soldaten nicht = no confirms
        Der Kreml dementiert den Einsatz nordkoreanischer Soldaten in Russland = denies by kremlin
        Granaten aus Nordkorea: 20.000 Container für Russlands Armee = figure by nobody
        Nordkoreanische Soldaten sind in Russland, bestätigt die NATO = confirms by nato""",
    "fr": """
        Selon Zelensky, 12.000 soldats nord-coréens sont en Russie = figure by zelensky
        Douze mille hommes: 12.000 soldats nord-coréens sont en Russie, a déclaré l'Otan = figure by nato
        Moscou n'a pas confirmé la présence de soldats nord-coréens en Russie = no confirms
        Le Kremlin dément la présence de soldats nord-coréens en Russie = denies by kremlin""",
    "es": """
        Según Zelenski, hay 12.000 soldados norcoreanos en Rusia = figure by zelensky
        Hay 12.000 soldados norcoreanos en Rusia, dijo Zelenski = figure by zelensky
        Moscú no confirmó la presencia de soldados norcoreanos en Rusia = no confirms
        Pionyang niega el envío de soldados norcoreanos a Rusia = denies by dprk""",
    "it": """
        Secondo Zelensky ci sono 12.000 soldati nordcoreani in Russia = figure by zelensky
        Zelensky: in Russia 12.000 soldati nordcoreani = figure by zelensky
        Mosca non ha confermato la presenza di soldati nordcoreani in Russia = no confirms
        Il Cremlino smentisce la presenza di soldati nordcoreani in Russia = denies by kremlin""",
    "pl": """
        Według Zełenskiego w Rosji jest 12 tys. żołnierzy z Korei Północnej = figure by zelensky
        W Rosji jest 12 tys. żołnierzy z Korei Północnej, powiedział Zełenski = figure by zelensky
        W Rosji jest 12 tys. żołnierzy z Korei Północnej - NATO = figure by nato
        Moskwa nie potwierdziła obecności żołnierzy z Korei Północnej = no confirms
        Kreml zaprzecza obecności żołnierzy z Korei Północnej = denies by kremlin""",
    "ru": """
        По данным ГУР, в России находятся 12 тыс. солдат КНДР = figure by hur
        В России находятся 12 тыс. солдат КНДР, заявил Зеленский = figure by zelensky
        Буданов: в России 12 тыс. солдат КНДР = figure by hur
        В России 12 тыс. солдат КНДР — Буданов = figure by hur
        В Сеуле сообщили, что в России 12 тыс. солдат КНДР = figure by south_korea
        В Кремле не подтвердили присутствие солдат КНДР = no confirms
        Москва опровергла присутствие солдат КНДР в Курской области = denies by russia""",
    "uk": """
        За даними ГУР, у Росії 12 тис. солдатів КНДР = figure by hur
        За словами Зеленського, у Росії 12 тис. солдатів КНДР = figure by zelensky
        У Росії 12 тис. солдатів КНДР – Буданов = figure by hur
        Буданов: КНДР готує для Росії вже 12 тисяч військових = figure by hur
        У Росії 12 тис. солдатів КНДР, повідомив Зеленський = figure by zelensky
        Москва не підтвердила присутність солдатів КНДР = no confirms
        Кремль заперечує присутність солдатів КНДР = denies by kremlin""",
    "ko": """
        국정원에 따르면 북한군 병력 1만2천명이 러시아에 있다 = figure by nis
        국정원은 북한군 병력 1만2천명이 러시아에 있다고 밝혔다 = figure by nis
        젤렌스키 대통령은 러시아에 북한군 병력 1만2천명이 있다고 말했다 = figure by zelensky
        국정원 “러시아에 북한군 병력 1만2천명” = figure by nis
        러시아에 북한군 병력 1만2천명이 있다고 국정원이 밝혔다 = figure by nis
        러시아에 북한군 병력 1만2천명 = figure by nobody
        러시아는 북한군 파병을 확인하지 않았다 = no confirms
        북한군 파병은 아직 확인되지 않았다고 국정원이 밝혔다 = no confirms
        러시아, 북한군 파병 부인 = denies by russia
        크렘린궁은 북한군 파병을 부인했다 = denies by kremlin""",
    "ja": """
        ウクライナによると、ロシアに北朝鮮の兵士1万2000人がいる = figure by ukraine
        NATOは、ロシアに北朝鮮の兵士1万2000人がいると明らかにした = figure by nato
        韓国の国家情報院は北朝鮮の兵士1万2000人がロシアにいると発表した = figure by nis
        北朝鮮の兵士1万2000人がロシアにいる = figure by nobody
        ロシアは北朝鮮の派兵を確認していない = no confirms
        ロシアは北朝鮮の派兵を否定した = denies by russia""",
    "zh": """
        据韩国国家情报院，朝鲜1.2万名士兵在俄罗斯 = figure by nis
        泽连斯基表示，俄罗斯有1.2万名朝鲜士兵 = figure by zelensky
        北约称俄罗斯有1.2万名朝鲜士兵 = figure by nato
        韩国情报机构：朝鲜向俄罗斯派出1.2万名士兵 = figure by nis
        俄罗斯未证实朝鲜派兵 = no confirms
        克里姆林宫否认朝鲜出兵俄罗斯：“纯属假消息” = denies by kremlin""",
    "pt": """
        Segundo Zelensky, há 12 mil soldados norte-coreanos na Rússia = figure by zelensky
        Moscovo não confirmou a presença de soldados da Coreia do Norte = no confirms""",
    "nl": """
        Volgens de NATO zijn er 12.000 Noord-Koreaanse soldaten in Rusland = figure by nato""",
    "vi": """
        Theo NATO, 12.000 binh sĩ Triều Tiên đang ở Nga = figure by nato
        Moskva không xác nhận binh sĩ Triều Tiên ở Nga = no confirms""",
    "tr": """
        NATO'ya göre Rusya'da 12.000 Kuzey Koreli asker var = figure by nato""",
    "ar": """
        قال زيلينسكي إن 12 ألف جندي كوري شمالي في روسيا = figure by zelensky
        بحسب الناتو يوجد 12 ألف جندي كوري شمالي في روسيا = figure by nato
        موسكو لم تؤكد وجود جنود من كوريا الشمالية = no confirms""",
    "cs": """
        Podle NATO je v Rusku 12 tisíc severokorejských vojáků = figure by nato""",
    "sv": """
        Enligt NATO finns 12 000 nordkoreanska soldater i Ryssland = figure by nato""",
}
CASES = [
    (language, *line.strip().split(" = "))
    for language, lines in SAYINGS.items()
    for line in lines.strip().splitlines()
]


def test_the_table_of_sayings_is_as_wide_as_the_news():
    assert len(CASES) >= 80
    assert len(SAYINGS) >= 12


@pytest.mark.parametrize(("language", "title", "expected"), CASES)
def test_who_says_what_a_headline_states(state, language, title, expected):
    what, _, who = expected.partition(" by ")
    stated = state(title, language=language)
    if what.startswith("no "):
        assert what[3:] not in {stated_what for stated_what, _ in stated}
    else:
        assert (what, "" if who == "nobody" else who) in stated


IN_TEXTS = [
    case for case in CASES if not any(mark in case[1] for mark in (": ", "：", " - ", " – ", " — ", "“"))
]


@pytest.mark.parametrize(("language", "text", "expected"), IN_TEXTS)
def test_a_text_of_unknown_language_says_so_as_well(state, language, text, expected):
    what, _, who = expected.partition(" by ")
    stated = state("", "One. " + text)
    if what.startswith("no "):
        assert what[3:] not in {stated_what for stated_what, _ in stated}
    else:
        assert (what, "" if who == "nobody" else who) in stated


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("de", "Granaten aus Nordkorea: 20.000 Container für Russlands Armee"),
        ("en", "North Korean troops: 12,000 soldiers seen"),
        ("en", "Russia and Ukraine: 12,000 soldiers seen"),
        ("en", "Shells from Russia - 12,000 soldiers seen"),
        ("en", "What the deal between the generals means for Russia: 12,000 soldiers"),
    ],
)
def test_a_heading_is_no_speaker(state, language, title):
    assert {who for what, who in state(title, language=language) if what == "figure"} == {""}


def test_a_figure_of_the_headline_has_the_speaker_that_the_text_names(state):
    assert state("12,000 soldiers seen", "Some 12,000 soldiers were seen, NATO said.") == {("figure", "nato")}


def test_a_speaker_in_another_sentence_says_nothing_about_the_figure(state):
    assert state("", "NATO said so. Some 12,000 soldiers were seen. Moscow said no.") == {("figure", "")}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "He said Russia had lost 300 soldiers"),
        ("en", "Reports indicate that Russia had lost 300 soldiers"),
        ("es", "Afirmó que Rusia perdió 300 soldados"),
        ("de", "Er sagte, Russland habe 300 Soldaten verloren"),
    ],
)
def test_of_whom_something_is_said_does_not_say_it(state, language, text):
    assert state("", text, language) == {("figure", "")}


def test_the_nearest_speaker_says_it(state):
    text = "NATO said in the morning that 12,000 soldiers came; 300 soldiers died, Zelensky said"
    assert state("", text, "en") == {("figure", "nato"), ("figure", "zelensky")}


@pytest.mark.parametrize(
    ("language", "title", "is_taken"),
    [
        ("en", "NATO did not confirm the soldiers", False),
        ("en", "NATO didn’t confirm the soldiers", False),
        ("en", "NATO declined to confirm the soldiers", False),
        ("en", "NATO, not Moscow, confirmed the soldiers", True),
        ("en", "No soldiers seen, NATO confirms", True),
        ("de", "Keine Bestätigung der Nato über Soldaten", False),
        ("de", "Die Nato bestätigte nicht nur die Soldaten", True),
        ("fr", "l'Otan ne confirme pas les soldats", False),
        ("it", "NATO: soldati non confermato", False),
        ("nl", "NATO bevestigt soldaten niet", False),
        ("tr", "NATO asker haberini doğrulamadı", False),
        ("tr", "NATO asker haberini doğruladı", True),
        ("tr", "Moskova asker haberini yalanlamadı", False),
        ("sv", "NATO bekräftar inte soldater", False),
        ("ko", "한국, 병력 확인 못했다", False),
        ("ko", "한국, 병력 미확인", False),
        ("ko", "한국, 병력 확인", True),
        ("ja", "NATO、兵士を確認できず", False),
        ("ja", "NATO、兵士は未確認", False),
        ("ja", "NATO、兵士を確認した", True),
        ("zh", "北约无法证实士兵", False),
        ("zh", "北约证实士兵", True),
        ("ru", "НАТО не подтверждает данные о солдатах", False),
        ("ru", "НАТО не только подтвердило данные о солдатах", True),
    ],
)
def test_what_is_said_not_to_be_confirmed_is_not_confirmed(state, language, title, is_taken):
    assert any(what in {"confirms", "denies"} for what, _ in state(title, language=language)) is is_taken


PIECES = st.sampled_from(
    [title for _, title, _ in CASES]
    + [
        "said ",
        "NATO ",
        ", ",
        ": ",
        " - ",
        "12,000 soldiers ",
        "“",
        "은 ",
        "は",
        "밝혔다",
        "confirmed ",
        "not ",
        ". ",
    ]
)


@given(
    st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=10).map("".join),
    st.text(max_size=30),
    st.booleans(),
)
def test_whoever_speaks_is_an_actor_of_the_text(pack, read, title, text, is_english):
    reading = read(title, text, "en" if is_english else None)
    speakers = Speakers(reading, pack)
    named = {hit.key for hit in reading.hits}
    for hit in reading.hits:
        assert isinstance(speakers.is_negated(hit), bool)
        for actor in (speakers.of_stance(hit), speakers.of_figure(hit.field, hit.start, hit.end)):
            assert actor is None or (actor.kind is ConceptKind.ACTOR and actor.name in named)


@pytest.mark.parametrize(
    "piece",
    [
        "NATO said ",
        "confirmed ",
        "NATO confirmed ",
        "according to ",
        "NATO, ",
        "5 soldiers ",
        "한국은 ",
        "밝혔다",
        "北约称",
        ", said ",
    ],
)
@pytest.mark.parametrize("field", Field)
def test_a_hostile_text_is_read_in_linear_time(pack, read, piece, field):
    words = piece * (40_000 // len(piece))
    reading = read(words if field is Field.TITLE else "", words if field is Field.BODY else "")
    speakers = Speakers(reading, pack)
    for hit in reading.hits:
        speakers.of_figure(field, hit.start, hit.end), speakers.of_stance(hit), speakers.is_negated(hit)
    # the timeout of a test is the judge: quadratic time takes minutes
