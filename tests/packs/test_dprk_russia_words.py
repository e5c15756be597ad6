"""The pack has a word, in every language, for what tells one development of its topic from another."""

import pytest

from monitor.core.matching import Matcher
from monitor.packs import load_pack, shipped
from spiders.items import Article

# What each development is about, and how it is headlined.
DEVELOPMENTS = {
    ("labour_export", "drone_factory"): {
        "en": "North Korean workers to assemble Shahed drones at Russian plant",
        "de": "Nordkoreanische Arbeiter sollen in russischer Drohnenfabrik anfangen",
        "fr": "Des ouvriers nord-coréens attendus dans une usine de drones russe",
        "es": "Obreros norcoreanos irán a una fábrica de drones rusa",
        "it": "Operai nordcoreani in una fabbrica di droni russa",
        "pl": "Robotnicy z Korei Północnej trafią do fabryki dronów w Rosji",
        "ru": "Рабочих из КНДР наймут на завод беспилотников в России",
        "uk": "Робітників із КНДР чекають на заводі безпілотників у Росії",
        "ko": "북한 노동자, 러시아 드론 공장으로",
        "ja": "北朝鮮の労働者、ロシアのドローン工場へ",
        "zh": "朝鲜工人将进入俄罗斯无人机工厂",
        "vi": "Lao động Triều Tiên sẽ tới nhà máy drone ở Nga",
    },
    ("bridge", "border_river"): {
        "en": "Russia and North Korea join halves of bridge over the Tumen River",
        "de": "Brücke am Tumen verbindet Russland und Nordkorea",
        "fr": "Un pont sur le Tumen relie la Russie à la Corée du Nord",
        "es": "Un puente sobre el río Tumen une Rusia y Corea del Norte",
        "it": "Un ponte sul Tumen unisce Russia e Corea del Nord",
        "pl": "Most na rzece Tumen połączył Rosję i Koreę Północną",
        "ru": "Мост через Туманную соединил Россию и КНДР",
        "uk": "Міст через річку Туманну з'єднав Росію та КНДР",
        "ko": "두만강 대교 북·러 상판 연결",
        "ja": "豆満江に架橋、ロシアと北朝鮮つながる",
        "zh": "图们江大桥在俄朝之间合龙",
    },
    ("direct_flights",): {
        "en": "Direct flights between Moscow and Pyongyang take off",
        "de": "Direktflüge zwischen Moskau und Pjöngjang beginnen",
        "fr": "Les vols directs entre Moscou et Pyongyang commencent",
        "es": "Comienzan los vuelos directos entre Moscú y Pyongyang",
        "it": "Al via i voli diretti tra Mosca e Pyongyang",
        "pl": "Ruszają bezpośrednie loty z Moskwy do Pjongjangu",
        "ru": "Между Москвой и Пхеньяном открыты прямые рейсы",
        "uk": "Між Москвою і Пхеньяном відкрили прямі рейси",
        "ko": "모스크바-평양 직항 운항 시작",
        "ja": "モスクワと平壌を結ぶ直行便が始まる",
        "zh": "莫斯科与平壤开通直航",
        "vi": "Mở đường bay thẳng Moskva - Bình Nhưỡng",
        "cs": "Mezi Moskvou a Pchjongjangem začínají přímé lety",
        "pt": "Começam os voos diretos entre Moscou e Pyongyang",
    },
    ("gifts",): {
        "en": "Putin gives Kim a limousine",
        "de": "Putin schenkt Kim eine Limousine",
        "fr": "Poutine a offert une limousine à Kim",
        "es": "Putin regala una limusina a Kim",
        "it": "Putin regala una limousine a Kim",
        "pl": "Putin podarował Kimowi limuzynę",
        "ru": "Путин подарил Ким Чен Ыну лимузин",
        "uk": "Путін подарував Кім Чен Ину лімузин",
        "ko": "푸틴, 김정은에 승용차 선물",
        "ja": "プーチン氏、金正恩氏に高級車を贈呈",
        "zh": "普京向金正恩赠送豪华轿车",
        "vi": "Ông Putin tặng xe cho ông Kim Jong Un, món quà đắt giá",
    },
    ("zelensky", "prisoner_exchange"): {
        "en": "Zelensky offers Kim a prisoner exchange",
        "de": "Selenskyj bietet Kim einen Gefangenenaustausch an",
        "fr": "Zelensky propose à Kim un échange de prisonniers",
        "es": "Zelenski propone a Kim un canje de prisioneros",
        "it": "Zelensky propone a Kim uno scambio di prigionieri",
        "pl": "Zełenski proponuje Kimowi wymianę jeńców",
        "ru": "Зеленский предложил Ким Чен Ыну обмен пленными",
        "uk": "Зеленський пропонує Кім Чен Ину обмін полоненими",
        "ko": "젤렌스키, 김정은에 포로 교환 제안",
        "ja": "ゼレンスキー氏、金正恩氏に捕虜交換を提案",
        "zh": "泽连斯基向金正恩提议交换战俘",
        "vi": "Ông Zelensky đề nghị ông Kim trao đổi tù binh",
    },
    ("shoigu", "demining"): {
        "en": "Shoigu: Pyongyang will send sappers",
        "de": "Schoigu kündigt nordkoreanische Minenräumer an",
        "fr": "Choïgou annonce des sapeurs nord-coréens",
        "es": "Shoigú anuncia zapadores norcoreanos",
        "it": "Shoigu annuncia sminatori nordcoreani",
        "pl": "Szojgu zapowiada saperów z Korei Północnej",
        "ru": "Шойгу рассказал о саперах из КНДР",
        "uk": "Шойгу розповів про саперів із КНДР",
        "ko": "쇼이구 “북한 공병 온다”",
        "ja": "ショイグ氏「北朝鮮の工兵が来る」",
        "zh": "紹伊古：朝鲜将派工兵",
        "vi": "Ông Shoigu: công binh Triều Tiên sẽ đến",
        "cs": "Šojgu: ženisté z KLDR odminují pole",
    },
    ("warship",): {
        "en": "Kim's new destroyer shows Russian help",
        "de": "Kims neuer Zerstörer trägt russische Handschrift",
        "fr": "Le nouveau destroyer de Kim, une aide russe ?",
        "es": "El nuevo destructor de Kim apunta a ayuda rusa",
        "it": "Il nuovo cacciatorpediniere di Kim, c'è l'aiuto russo",
        "pl": "Nowy niszczyciel Kima z rosyjską pomocą",
        "ru": "Новый эсминец КНДР строили с помощью России",
        "uk": "Новий есмінець КНДР будували з допомогою Росії",
        "ko": "북한 새 구축함에 러시아 기술",
        "ja": "北朝鮮の新駆逐艦にロシアの技術",
        "zh": "朝鲜新驱逐舰疑有俄罗斯技术",
        "vi": "Tàu khu trục mới của Triều Tiên có công nghệ Nga",
    },
    ("medals",): {
        "en": "Moscow hands medals to North Korean soldiers",
        "de": "Moskau verleiht Nordkoreanern Medaillen",
        "fr": "Moscou remet des médailles à des Nord-Coréens",
        "es": "Moscú entrega medallas a norcoreanos",
        "it": "Mosca consegna medaglie ai nordcoreani",
        "pl": "Moskwa wręcza medale żołnierzom Kima",
        "ru": "Бойцам из КНДР вручены медали России",
        "uk": "Бійцям із КНДР вручили російські медалі",
        "ko": "러, 북한군에 훈장 수여",
        "ja": "ロシア、北朝鮮兵に勲章",
        "zh": "俄罗斯为朝鲜士兵授勋",
        "vi": "Nga trao huân chương cho lính Triều Tiên",
    },
    ("armoured_train",): {
        "en": "Kim's armoured train crosses into Russia",
        "de": "Kims Panzerzug rollt nach Russland",
        "fr": "Le train blindé de Kim entre en Russie",
        "es": "El tren blindado de Kim entra en Rusia",
        "it": "Il treno blindato di Kim entra in Russia",
        "pl": "Pociąg pancerny Kima wjechał do Rosji",
        "ru": "Бронепоезд Ким Чен Ына въехал в Россию",
        "uk": "Бронепотяг Кім Чен Ина заїхав до Росії",
        "ko": "김정은 전용열차, 러시아 진입",
        "ja": "金正恩氏の専用列車、ロシア入り",
        "zh": "金正恩专列驶入俄罗斯",
        "vi": "Đoàn tàu bọc thép của ông Kim vào Nga",
        "ar": "القطار المصفح لزعيم كوريا الشمالية يدخل روسيا",
    },
    ("veto",): {
        "en": "Russia's veto ends watch over North Korea",
        "de": "Russlands Veto beendet die Aufsicht über Nordkorea",
        "fr": "Le veto russe met fin à la surveillance de Pyongyang",
        "es": "El veto ruso pone fin a la vigilancia de Pyongyang",
        "it": "Il veto russo chiude la vigilanza su Pyongyang",
        "pl": "Weto Rosji kończy nadzór nad Koreą Północną",
        "ru": "Вето России прекратило надзор за КНДР",
        "uk": "Вето Росії припинило нагляд за КНДР",
        "ko": "러 거부권에 대북 감시 끝났다",
        "ja": "ロシアの拒否権で北朝鮮の監視が終わる",
        "zh": "俄罗斯否决，对朝监督告终",
        "vi": "Nga phủ quyết, việc giám sát Triều Tiên chấm dứt",
    },
    ("spy_satellite",): {
        "en": "Russian engineers behind Pyongyang's spy satellite",
        "de": "Russische Hilfe für Nordkoreas Spionagesatelliten",
        "fr": "Une aide russe pour le satellite espion nord-coréen",
        "es": "Ayuda rusa para el satélite espía norcoreano",
        "it": "Aiuto russo per il satellite spia nordcoreano",
        "pl": "Rosyjska pomoc przy satelicie szpiegowskim Kima",
        "ru": "Россия помогла КНДР со спутником-шпионом",
        "uk": "Росія допомогла КНДР із супутником-шпигуном",
        "ko": "러, 북한 정찰위성 도왔다",
        "ja": "ロシア、北朝鮮の偵察衛星を支援",
        "zh": "俄罗斯协助朝鲜侦察卫星",
        "vi": "Nga giúp Triều Tiên làm vệ tinh do thám",
    },
    ("oil_supply",): {
        "en": "Russian fuel reaches North Korea above the cap",
        "de": "Russischer Treibstoff für Nordkorea über der Grenze",
        "fr": "Du carburant russe livré à Pyongyang au-delà du plafond",
        "es": "Combustible ruso llega a Pyongyang por encima del tope",
        "it": "Carburante russo a Pyongyang oltre il tetto",
        "pl": "Rosyjskie paliwo płynie do Korei Północnej",
        "ru": "Россия поставила КНДР топливо сверх квоты",
        "uk": "Росія поставила КНДР пальне понад квоту",
        "ko": "러, 북한에 정제유 상한 넘겨 공급",
        "ja": "ロシア、北朝鮮に上限超す石油",
        "zh": "俄罗斯向朝鲜超额供应燃油",
        "vi": "Nga cấp nhiên liệu cho Triều Tiên vượt hạn mức",
    },
    ("tourism", "kalma"): {
        "en": "Russian tourists try the new resort of Wonsan",
        "de": "Russische Touristen in Wonsan",
        "fr": "Des touristes russes à Wonsan",
        "es": "Turistas rusos en Wonsan",
        "it": "Turisti russi a Wonsan",
        "pl": "Rosyjscy turyści w Wonsan",
        "ru": "Российские туристы отдохнули в Вонсане",
        "uk": "Російські туристи у Вонсані",
        "ko": "러시아 관광객, 원산갈마 찾았다",
        "ja": "ロシアの観光客、元山へ",
        "zh": "俄罗斯游客赴元山",
        "vi": "Du khách Nga tới Wonsan",
    },
    ("wounded_treated",): {
        "en": "Wounded North Koreans fill Russian hospital",
        "de": "Verwundete Nordkoreaner in russischem Krankenhaus",
        "fr": "Des Nord-Coréens blessés dans un hôpital russe",
        "es": "Norcoreanos heridos en un hospital ruso",
        "it": "Nordcoreani feriti in un ospedale russo",
        "pl": "Ranni Koreańczycy w rosyjskim szpitalu",
        "ru": "Раненые солдаты КНДР в российском госпитале",
        "uk": "Поранені солдати КНДР у російському шпиталі",
        "ko": "북한 부상병, 러시아 병원에",
        "ja": "北朝鮮の負傷兵、ロシアの病院に",
        "zh": "朝鲜伤兵在俄罗斯医院",
        "vi": "Thương binh Triều Tiên trong bệnh viện Nga",
    },
    ("victory_day", "parade"): {
        "en": "North Korean officers watch the Victory Day parade",
        "de": "Nordkoreaner bei der Parade zum Tag des Sieges",
        "fr": "Des Nord-Coréens au défilé du 9 mai",
        "es": "Norcoreanos en el desfile del Día de la Victoria",
        "it": "Nordcoreani alla parata del 9 maggio",
        "pl": "Koreańczycy na paradzie w Dzień Zwycięstwa",
        "ru": "Военные КНДР на параде 9 мая",
        "uk": "Військові КНДР на параді 9 травня",
        "ko": "북한군, 러시아 전승절 열병식에",
        "ja": "北朝鮮軍人、対独戦勝記念日のパレードに",
        "zh": "朝鲜军官观看胜利日阅兵",
        "vi": "Sĩ quan Triều Tiên dự duyệt binh Ngày Chiến thắng",
    },
    ("missile_wreckage",): {
        "en": "Wreckage of a Pyongyang missile found in Kharkiv",
        "de": "Trümmer einer Rakete aus Pjöngjang entdeckt",
        "fr": "Des débris d'un missile nord-coréen retrouvés",
        "es": "Hallados fragmentos de un misil norcoreano",
        "it": "Trovati rottami di un missile nordcoreano",
        "pl": "Znaleziono szczątki rakiety z Korei Północnej",
        "ru": "Найдены обломки ракеты из КНДР",
        "uk": "Знайшли уламки ракети з КНДР",
        "ko": "북한 미사일 잔해 발견",
        "ja": "北朝鮮ミサイルの残骸見つかる",
        "zh": "发现朝鲜导弹残骸",
        "vi": "Tìm thấy mảnh vỡ tên lửa Triều Tiên",
    },
}
HEADLINES = [(about, lang, text) for about, told in DEVELOPMENTS.items() for lang, text in told.items()]

# Words that look like a name of the concept, and are another word.
OTHERS = [
    ("commander_killed", "en", "Attorney General speaks of the general public"),
    ("kim_order", "en", "In order to save fuel"),
    ("religion", "en", "A new book on Churchill"),
    ("trade_turnover", "en", "An important day"),
    ("covid", "en", "The coronation of the king"),
    ("food_supply", "en", "They make it work"),
    ("ferry", "en", "A cruise missile was shot down"),
    ("security_council", "en", "National Security Council spokesman"),
    ("tourism", "de", "Der Fall findet Beachtung"),
    ("suicide", "de", "Neun Millionen Granaten"),
    ("message", "it", "La carta d'identità"),
    ("song_art", "pl", "Nowa choroba"),
    ("horses_dogs", "ru", "Медведев выступил"),
    ("energy_power", "ru", "Переговоры в секторе Газа"),
    ("seafood", "ko", "푸틴이 김정은에게 말했다"),
    ("desertion", "ko", "이탈리아 총리"),
    ("horses_dogs", "ko", "전사자 명단"),
    ("food_supply", "ja", "コメントを出した"),
    ("seafood", "ja", "メカニズムを説明"),
    ("party_congress", "zh", "俄罗斯安全会议秘书"),
    ("oil_supply", "vi", "Ở đâu"),
    ("invitation", "vi", "Vũ khí mới"),
]
SPOKEN_FOR = [
    ("kremlin", "russia"),
    ("peskov", "russia"),
    ("kozhemyako", "russia"),
    ("choe_son_hui", "dprk"),
    ("dprk_state_media", "dprk"),
    ("white_house", "usa"),
    ("nis", "south_korea"),
    ("jcs", "south_korea"),
    ("hur", "ukraine"),
    ("ccd", "ukraine"),
    ("rutte", "nato"),
    ("guterres", "un"),
]


@pytest.fixture(scope="module")
def pack():
    return load_pack(shipped("dprk-russia"))


@pytest.fixture(scope="module")
def concepts_in(pack):
    matcher = Matcher([pack])

    def find(text, language):
        (reading,) = matcher.read(Article("https://a.example/1", text, "", language=language))
        return set(reading.keys)

    return find


@pytest.mark.parametrize(("about", "language", "headline"), HEADLINES)
def test_what_a_development_is_about_is_found_in_every_language(about, language, headline, concepts_in):
    assert set(about) <= concepts_in(headline, language)


@pytest.mark.parametrize("about", DEVELOPMENTS, ids=" ".join)
def test_no_other_development_is_about_the_same(about, concepts_in):
    others = [(language, text) for other, language, text in HEADLINES if other != about]
    assert [text for language, text in others if set(about) <= concepts_in(text, language)] == []


def test_the_headlines_are_many_and_of_twelve_languages():
    languages = {language for _, language, _ in HEADLINES}
    assert len(HEADLINES) >= 150
    assert languages >= {"en", "de", "fr", "es", "it", "pl", "ru", "uk", "ko", "ja", "zh", "vi"}


@pytest.mark.parametrize(("concept", "language", "text"), OTHERS)
def test_another_word_is_not_taken_for_a_name(concept, language, text, pack, concepts_in):
    assert concept in pack.concepts
    assert concept not in concepts_in(text, language)


@pytest.mark.parametrize(("voice", "state"), SPOKEN_FOR)
def test_a_voice_of_a_state_is_official_and_speaks_for_it(voice, state, pack):
    concept = pack.concepts[voice]
    assert (concept.official, concept.part_of) == (True, state)
    assert pack.concepts[state].official


@pytest.mark.parametrize("voice", ["tass", "yonhap", "reuters", "nhk", "csis", "isw", "north_38", "brics"])
def test_media_and_think_tanks_are_no_official_voices(voice, pack):
    assert not pack.concepts[voice].official
