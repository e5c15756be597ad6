"""What follow-ups report has a word in every language, and words that only look like one are none."""

import pytest

from monitor.core.matching import Matcher
from monitor.packs import load_pack, shipped
from spiders.items import Article

FOLLOW_UPS = {
    "walk_out": {
        "en": "North Korean loggers in Russia refuse to work",
        "de": "Nordkoreanische Holzfäller in Russland streiken",
        "fr": "Grève des bûcherons nord-coréens en Russie",
        "es": "Huelga de leñadores norcoreanos en Rusia",
        "it": "Sciopero dei boscaioli nordcoreani in Russia",
        "pl": "Strajk drwali z Korei Północnej w Rosji",
        "ru": "Лесорубы из КНДР бастуют в России",
        "uk": "Лісоруби з КНДР страйкують у Росії",
        "ko": "러시아 벌목장 북한 노동자들 파업",
        "ja": "ロシアの北朝鮮労働者がストライキ",
        "zh": "在俄朝鲜伐木工人罢工",
        "vi": "Công nhân Triều Tiên ở Nga đình công",
        "ar": "إضراب عمال كوريين شماليين في روسيا",
        "pt": "Greve de lenhadores norte-coreanos na Rússia",
        "cs": "Stávka severokorejských dřevorubců v Rusku",
    },
    "destroy": {
        "en": "Russian warehouse of North Korean rockets blows up",
        "de": "Russisches Lager mit nordkoreanischen Raketen explodiert",
        "fr": "Un entrepôt russe de roquettes nord-coréennes détruit",
        "es": "Una explosión destruye un almacén ruso de cohetes norcoreanos",
        "it": "Distrutto un magazzino russo di razzi nordcoreani",
        "pl": "Wybuch w rosyjskim magazynie rakiet z Korei Północnej",
        "ru": "В России взорвался склад ракет из КНДР",
        "uk": "У Росії знищено склад ракет із КНДР",
        "ko": "러시아 내 북한제 로켓 창고 폭발",
        "ja": "ロシアの北朝鮮製ロケット倉庫が爆発",
        "zh": "俄境内朝制火箭弹仓库爆炸",
        "vi": "Kho tên lửa Triều Tiên ở Nga nổ tung",
        "ar": "انفجار مستودع صواريخ كورية شمالية في روسيا",
        "pt": "Explosão destrói depósito russo de foguetes norte-coreanos",
        "cs": "V Rusku vybuchl sklad severokorejských raket",
    },
    "orbit": {
        "en": "North Korea launches a satellite with Russian help",
        "de": "Nordkorea bringt mit russischer Hilfe einen Satelliten in die Umlaufbahn",
        "fr": "La Corée du Nord lance un satellite avec l'aide russe",
        "es": "Corea del Norte lanza un satélite con ayuda rusa",
        "it": "La Corea del Nord lancia un satellite con l'aiuto russo",
        "pl": "Korea Północna wystrzeliła satelitę z pomocą Rosji",
        "ru": "КНДР запустила спутник с помощью России",
        "uk": "КНДР запустила супутник за допомогою Росії",
        "ko": "북한, 러시아 도움으로 위성 발사",
        "ja": "北朝鮮、ロシアの支援で衛星打ち上げ",
        "zh": "朝鲜在俄帮助下发射卫星",
        "vi": "Triều Tiên phóng vệ tinh nhờ Nga",
        "ar": "كوريا الشمالية تطلق قمرا صناعيا بمساعدة روسيا",
    },
    "suspend": {
        "en": "North Korea closes rail bridge to Russia",
        "de": "Nordkorea schließt die Grenze zu Russland",
        "fr": "La Corée du Nord ferme le pont vers la Russie : fermeture sans date",
        "es": "Corea del Norte cierra el puente con Rusia",
        "it": "La Corea del Nord chiude il ponte con la Russia",
        "pl": "Korea Północna zamknęła most do Rosji",
        "ru": "КНДР закрыла мост в Россию",
        "uk": "КНДР закрила міст до Росії",
        "ko": "북한, 러시아행 철교 폐쇄",
        "ja": "北朝鮮、ロシアとの鉄橋を閉鎖",
        "zh": "朝鲜关闭通往俄罗斯的铁路桥",
        "vi": "Triều Tiên đóng cửa cầu sang Nga",
        "ar": "كوريا الشمالية أغلقت الجسر مع روسيا",
        "pt": "Coreia do Norte fecha ponte com a Rússia",
    },
    "detain": {
        "en": "Freighter with North Korean coal for Russia impounded",
        "de": "Frachter mit nordkoreanischer Kohle für Russland festgesetzt",
        "fr": "Un cargo de charbon nord-coréen arraisonné près de la Russie",
        "es": "Apresan un carguero con carbón norcoreano rumbo a Rusia",
        "it": "Confiscato carbone nordcoreano diretto in Russia",
        "pl": "Konfiskata węgla z Korei Północnej płynącego do Rosji",
        "ru": "Груз угля из КНДР для России изъят",
        "uk": "Вантаж вугілля з КНДР для Росії вилучено",
        "ko": "러시아행 북한 석탄 압수",
        "ja": "ロシア向け北朝鮮産石炭を没収",
        "zh": "运往俄罗斯的朝鲜煤炭被没收",
        "vi": "Tịch thu than Triều Tiên chở sang Nga",
        "ar": "مصادرة فحم كوري شمالي متجه إلى روسيا",
        "pt": "Carvão norte-coreano para a Rússia é apreendido",
    },
    "fire": {
        "en": "North Korean troops open fire on border post",
        "de": "Nordkoreaner eröffnen das Feuer auf Grenzposten",
        "fr": "Des Nord-Coréens ouvrent le feu sur un poste frontière",
        "es": "Norcoreanos abren fuego contra un puesto fronterizo",
        "it": "I nordcoreani aprono il fuoco su un posto di frontiera",
        "pl": "Żołnierze Korei Północnej otworzyli ogień",
        "ru": "Солдаты КНДР открыли огонь по погранзаставе",
        "uk": "Солдати КНДР відкрили вогонь по заставі",
        "ko": "북한군, 국경 초소에 발포",
        "ja": "北朝鮮兵が国境の哨所に発砲",
        "zh": "朝军向边境哨所开火",
    },
    "train": {"en": "North Korean officers train soldiers for Russia: they train pilots"},
    "denies": {
        "uk": "Москва спростовує прибуття солдатів із КНДР",
        "es": "Moscú desmentía el envío norcoreano",
    },
    "prisoner_exchange": {
        "en": "Ukraine frees captured North Korean prisoners",
        "de": "Freilassung von Nordkoreanern im Gespräch",
        "fr": "Kiev veut libérer des prisonniers nord-coréens",
        "es": "Kiev liberará a los prisioneros norcoreanos: prisioneros canjeados",
        "it": "Kiev libera i prigionieri nordcoreani",
        "pl": "Kolejna wymiana: Kijów oddał jeńców z Korei Północnej",
        "ru": "Киев освободил пленных из КНДР",
        "uk": "Київ звільнив полонених із КНДР",
        "ko": "우크라, 북한군 포로 석방",
        "ja": "ウクライナ、北朝鮮兵の捕虜解放",
        "zh": "乌克兰释放战俘，其中有朝鲜士兵",
    },
}
OTHERWISE = [
    ("mortars_tanks", "en", "Think tank counts North Korean trains in Russia"),
    ("missile_wreckage", "pl", "Fragmenty listu Putina do Kima"),
    ("treaty", "pl", "Sojusznik Rosji odwiedził Pjongjang"),
    ("letter", "ko", "전문가 “북한, 러시아에 기울어”"),
    ("letter", "en", "Putin greets Kim in Vladivostok"),
    ("fire", "ru", "Делегация из КНДР прилетела в Москву"),
    ("fire", "ko", "러시아 기술진, 북한 발사장 도착"),
    ("fire", "ja", "ロシアの技術者、北朝鮮の発射場に"),
    ("fire", "zh", "俄技术人员抵达朝鲜发射场"),
    ("orbit", "ko", "서해위성발사장에 러시아 기술자"),
    ("suspend", "en", "Putin and Kim meet behind closed doors"),
    ("suspend", "fr", "Une ferme russe accueille des Nord-Coréens"),
    ("destroy", "en", "North Korean destroyer built with Russian parts"),
    ("destroy", "de", "Hunderte Nordkoreaner in Russland"),
    ("destroy", "pl", "Pierwsza wizyta Rosjan od wybuchu pandemii"),
    ("destroy", "cs", "Rusko a KLDR zkoumají exploataci ložisek"),
    ("vessels", "zh", "俄罗斯只与朝鲜合作"),
    ("train", "en", "Kim's armoured train crosses into Russia"),
    ("russian_foreign_ministry", "ru", "Глава МИД РФ прилетел в Пхеньян"),
    ("zakharova", "ru", "Главу МИД России встретили в Пхеньяне"),
    ("repatriation", "pl", "Rosja i Korea Północna proponują wymianę handlową"),
]
KEYS = [(concept, language) for concept, lines in FOLLOW_UPS.items() for language in lines]


@pytest.fixture(scope="module")
def named():
    matcher = Matcher([load_pack(shipped("dprk-russia"))])

    def concepts(title, language):
        (reading,) = matcher.read(Article("https://news.example/1", title, "", language))
        return reading.keys

    return concepts


@pytest.mark.parametrize(("concept", "language"), KEYS)
def test_what_a_follow_up_reports_has_a_word(concept, language, named):
    assert concept in named(FOLLOW_UPS[concept][language], language)


@pytest.mark.parametrize(("concept", "language", "title"), OTHERWISE)
def test_a_word_that_means_something_else_is_none(concept, language, title, named):
    assert concept not in named(title, language)
