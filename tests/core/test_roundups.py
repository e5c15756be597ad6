import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.matching import Matcher
from monitor.core.roundups import is_roundup
from spiders.items import Article

ROUNDUPS = {
    "en": """
        Live: Kim Jong Un arrives in Vladivostok
        LIVE | Russia and Ukraine exchange strikes
        🔴 LIVE – Summit in Pyongyang
        War in Ukraine – live
        Russia-Ukraine war live: envoy lands in Pyongyang; drones over Odesa
        Live updates: Typhoon reaches the coast
        Typhoon on the coast: live updates
        Election liveblog
        Cable cut minute by minute
        Ministers meet in Brussels – as it happened
        Ukraine war briefing: what we know on day 970
        Russia-Ukraine war: List of key events, day 970
        War in Ukraine, day 970: envoy in Pyongyang
        Tuesday Briefing
        Your Thursday Briefing: A bank fails
        Morning briefing: shells, storms and strikes
        Ukraine war at a glance
        Ukraine war latest: envoy lands in Pyongyang
        Week in review: a summit and a storm
        World news in brief
        European roundup: storms, strikes and a summit
        Asia news round-up
        Top stories of the day
        Five things to know for Friday
        Newsletter: the envoy and the storm
    """,
    "de": """
        Liveblog: ++ Kreml bestätigt Besuch ++
        Ukraine-Liveblog: Gesandter in Pjöngjang
        Krieg in der Ukraine im Liveticker
        Newsticker zum Krieg
        +++ Besuch in Pjöngjang +++ Sturm an der Küste +++ Streik der Bahn +++
        Krieg in der Ukraine: ++ Gesandter in Pjöngjang ++
        Nachrichten am Morgen: Sturm, Streik, Gipfel
        Die Lage am Abend
        Ukraine: Die Lage im Überblick
        Wochenrückblick: Gipfel und Sturm
        Kurz gemeldet: Sturm und Streik
        Was heute wichtig ist
        Krieg in der Ukraine, Tag 970
    """,
    "fr": """
        EN DIRECT - Guerre en Ukraine : un émissaire à Pyongyang
        Guerre en Ukraine, en direct : un émissaire à Pyongyang
        DIRECT. Un émissaire à Pyongyang
        Minute par minute : la tempête
        L'essentiel de l'actu : sommet, tempête, grève
        Guerre en Ukraine : le point sur la situation
        Revue de presse
    """,
    "es": """
        Guerra en Ucrania, en directo: un enviado en Pionyang
        EN VIVO | Un enviado en Pionyang
        Guerra de Ucrania, minuto a minuto
        Las noticias del día en dos minutos
        Resumen de noticias: cumbre, tormenta y huelga
        Última hora en directo de la cumbre
    """,
    "it": """
        Guerra in Ucraina in diretta: un inviato a Pyongyang
        DIRETTA/ Un inviato a Pyongyang
        Ucraina, minuto per minuto
        Le notizie delle 13
        Rassegna stampa del 25 ottobre
    """,
    "pt": """
        AO VIVO: enviado chega a Pyongyang
        Guerra na Ucrânia, minuto a minuto
        Resumo do dia: cimeira, tempestade e greve
    """,
    "pl": """
        Wojna w Ukrainie. Relacja na żywo
        NA ŻYWO: wysłannik w Pjongjangu
        Najważniejsze wydarzenia ostatnich godzin
        Podsumowanie dnia: szczyt, burza i strajk
        Pięć rzeczy, które warto wiedzieć 30 maja
    """,
    "cs": """
        ONLINE: Válka na Ukrajině
        ŽIVĚ: Vyslanec v Pchjongjangu
        Přehled zpráv: summit, bouře a stávka
    """,
    "ru": """
        Онлайн-трансляция: посланник в Пхеньяне
        Текстовая трансляция саммита
        Война на Украине. Онлайн
        Хроника дня: саммит и шторм
        Главное за день: саммит, шторм, забастовка
        Главное за неделю
        Что известно к утру 25 октября
        Дайджест новостей
        Итоги недели: саммит и шторм
        Что произошло за ночь
    """,
    "uk": """
        Головне за ніч: саміт, шторм, страйк
        Онлайн-трансляція: посланець у Пхеньяні
        Дайджест новин
        Війна, день 970-й
        НАЖИВО: саміт у Пхеньяні
    """,
    "ko": """
        [실시간] 특사 평양 도착
        [라이브] 특사 평양 도착
        [이 시각 주요 뉴스] 특사 평양 도착·태풍 상륙
        오늘의 주요뉴스
        [오늘의 국제뉴스] 정상회담…태풍
        [뉴스 브리핑] 정상회담과 태풍
        [해외 단신] 태풍 상륙
        중동 위기 실시간
    """,
    "ja": """
        【ライブ】特使が平壌に到着
        速報一覧
        けさのニュース5本
        今週の出来事まとめ
        国際ニュースまとめ
        海外短信：台風が上陸
    """,
    "zh": """
        直播：特使抵达平壤
        【直播】特使抵達平壤
        图文直播｜平壤峰会
        一周要闻：峰会与台风
        早报｜特使抵达平壤，台风登陆
        国际要闻速览
        滚动更新：特使抵达平壤
    """,
    "ar": """
        مباشر: مبعوث يصل إلى بيونغ يانغ
        الحرب في أوكرانيا لحظة بلحظة
        موجز الأخبار: قمة وعاصفة
        حصاد اليوم
        أبرز التطورات: مبعوث في بيونغ يانغ
    """,
    "tr": """
        CANLI | Temsilci Pyongyang'da
        Dakika dakika zirve
        Günün özeti: zirve ve fırtına
    """,
    "vi": """
        Trực tiếp: Đặc phái viên đến Bình Nhưỡng
        Điểm tin thế giới: hội nghị và bão
        Tin vắn quốc tế
    """,
    "others": """
        Liveblog oorlog in Oekraïne
        Direktrapport: Sändebudet i Pyongyang
        Hetki hetkeltä: Lähettiläs Pjongjangissa
        Percről percre: küldött Phenjanban
        Minut cu minut: trimisul la Phenian
        Λεπτό προς λεπτό η σύνοδος
        लाइव अपडेट: दूत प्योंगयांग पहुंचे
        زنده: فرستاده در پیونگ یانگ
        שידור חי: השליח בפיונגיאנג
    """,
}

SINGLE = {
    "en": """
        North Korea holds live-fire drill near the border
        LIVE ammunition found on cargo ship
        How North Koreans live: a defector's story
        Where the soldiers live: inside the barracks
        Watch live: Senator holds press briefing
        Saturday Night Live: Kim sketch angers Pyongyang
        Putin speaks live on television about North Korea
        Kim and Putin: what you need to know about the treaty
        Five takeaways from the Kim-Putin summit
        What we know about North Korean troops in Kursk
        On day 970 of the war envoy lands in Pyongyang
        Zakharova on North Korea at weekly briefing: 'It is our right'
        Kremlin's daily briefing moved to Friday
        Pentagon gives briefing on North Korean troops
        Police round up workers from North Korea
        Newsletter editor jailed in Moscow
        Reader's digest of treaties seized at border
        KCNA drops live coverage of parade
        North Korea's live broadcast of the launch fails
        Soldiers come to live in Kursk
        Kim's brief visit to Moscow
        Troops fight, live, on a screen in Pyongyang
        Day 3: Kim visits the spaceport
        North Korea bulletin names new minister
        Breaking: Kim meets Putin
        UPDATE 2-North Korea sends more troops to Russia
    """,
    "de": """
        +++ EILMELDUNG +++ Kim trifft Putin
        ++ Kim trifft Putin ++
        Kim spricht live im Fernsehen
        Lehrgang für C++ und C++ in Pjöngjang
        Das Abkommen im Überblick
        Der Tag, an dem Kim nach Moskau kam
        Kompakter Panzer für Nordkorea
        In Kürze, so Lawrow, kommt Kim
        Die Lage an der Front ist ernst
    """,
    "fr": """
        Poutine répond en direct à la télévision
        Vol direct entre Moscou et Pyongyang
        Zelensky fait le point sur la situation avec Macron
        Ce qu'il faut retenir du discours de Poutine
        Un ministre insulté en direct : il quitte le plateau
        Bref passage de Kim à Moscou
        En bref, rien n'a changé à Pyongyang
    """,
    "es": """
        Vuelo directo entre Moscú y Pionyang
        Putin responde en directo a los periodistas
        ÚLTIMA HORA: Kim llega a Moscú
        Las claves del tratado entre Moscú y Pionyang
        Soldados que viven en Kursk
        En breve, Kim viajará a Moscú
    """,
    "it": """
        Kim parla in diretta televisiva
        Ministro insultato in diretta: lascia lo studio
        Volo diretto tra Mosca e Pyongyang
        Breve visita di Kim a Mosca
    """,
    "pt": """
        Voo direto entre Moscovo e Pyongyang
        Putin fala ao vivo na televisão
        Em breve, cimeira em Moscovo
    """,
    "pl": """
        Putin przemawiał na żywo w telewizji
        PILNE: Kim w Moskwie
        Żywa amunicja na granicy
        Relacja: jeniec opowiada o froncie
        Najważniejsze informacje z raportu wywiadu
    """,
    "cs": """
        Kim vystoupil živě v televizi
        Online obchod s uniformami zavřel
        Přehled vojáků v Kurské oblasti zveřejněn
    """,
    "ru": """
        Переговоры прошли онлайн
        Онлайн-казино обманули вкладчиков из КНДР
        Итоги переговоров Путина и Ким Чен Ына
        Путин в прямом эфире рассказал о КНДР
        СРОЧНО: Ким Чен Ын прибыл в Москву
        Что известно о визите Лаврова в Пхеньян
        Хроникёр войны вернулся из Курска
        Сводка Минобороны: отражена атака
        В первый день войны он ушёл на фронт
    """,
    "uk": """
        Переговори пройшли онлайн
        Головне управління розвідки: солдати КНДР у Курську
        Підсумки переговорів Путіна і Кіма
        Що відомо про солдатів КНДР
    """,
    "ko": """
        김정은, 러시아 방문(종합2보)
        北, 러에 추가 파병 (종합)
        [속보] 김정은, 모스크바 도착
        한미일, 북한 미사일 정보 실시간 공유
        해외동포 라이브 공연 열려
        드론 영상 실시간 중계 장비 반입
        국방부 정례 브리핑서 파병 언급
        백악관 브리핑 "북러 무기거래 우려"
        이번 주 북한 방문하는 러 외무장관
        종합상사, 대북 제재 위반 혐의
    """,
    "ja": """
        【速報】金正恩氏がロシア到着
        政府、対策取りまとめへ
        ライブハウスで北朝鮮支援集会
        生中継で演説
        首脳会談の実現へ意見をまとめる
        5分で分かる露朝条約
    """,
    "zh": """
        网络直播带货冒充朝鲜商品
        快讯：金正恩抵达莫斯科
        联合早报：朝鲜向俄罗斯派兵
        北京晚报记者在平壤
        朝鲜滚动轴承出口俄罗斯
        世界新闻自由日声明谈朝鲜
        日本每日新闻报道朝鲜派兵
    """,
    "ar": """
        كيم يدعو إلى حوار مباشر مع موسكو
        بوتين وكيم يبحثان آخر التطورات
        عاجل: كيم يصل إلى موسكو
        رحلة مباشرة بين موسكو وبيونغ يانغ
    """,
    "tr": """
        SON DAKİKA: Kim Moskova'da
        Canlı mühimmat sınırda bulundu
        Putin canlı yayında konuştu
    """,
    "vi": """
        Nga và Triều Tiên đàm phán trực tiếp
        Đường bay trực tiếp Moskva - Bình Nhưỡng
        Theo bản tin của KCNA, ông Kim thăm Nga
    """,
    "nothing": """
        -
        :
        🔴
        +++
        2024
    """,
}


def titles(table):
    return [
        pytest.param(title.strip(), id=f"{language}-{title.strip()[:40]}")
        for language, several in table.items()
        for title in several.strip().splitlines()
    ]


@pytest.fixture(scope="module")
def judged(make_pack):
    matcher = Matcher([make_pack()])

    def judge(title="", text="", url="https://a.example/1"):
        (reading,) = matcher.read(Article(url, title, text))
        return is_roundup(reading)

    return judge


@pytest.mark.parametrize("title", titles(ROUNDUPS))
def test_a_title_announces_several_developments(judged, title):
    assert judged(title)


@pytest.mark.parametrize("title", titles(SINGLE))
def test_a_title_of_one_development_announces_no_others(judged, title):
    assert not judged(title)


def test_there_are_many_of_both_in_many_languages():
    for table in (ROUNDUPS, SINGLE):
        assert len(titles(table)) >= 80
        assert len(table) >= 14


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/world/live/2024/oct/25/ukraine-war", True),
        ("https://a.example/europe/live-news/ukraine-10-25/index.html", True),
        ("https://a.example/newsticker/ukraine-100.html", True),
        ("https://a.example/ausland/liveblog-ukraine-100.html", True),
        ("https://a.example/world/how-they-live", False),
        ("https://a.example/live", False),
        ("https://live.example/world/1", False),
        ("https://a.example/1?from=/live/", False),
        ("https://[broken/live/1", False),
        ("", False),
    ],
)
def test_the_section_of_a_site_tells(judged, url, expected):
    assert judged("Envoy lands in Pyongyang", url=url) == expected


STAMPED = {
    "colon": "12:45 {}\n12:30 {}\n12:05 {}\n11:58 {}",
    "behind a bullet": "• 12:45 – {}\n• 12:30 – {}\n• 12:05 – {}\n• 11:58 – {}",
    "in brackets": "[12:45] {}\n\n[12:30] {}\n\n[12:05] {}\n\n[11:58] {}",
    "on a line of its own": "12:45\n{}\n12:30\n{}\n12:05\n{}\n11:58\n{}",
    "German": "12.45 Uhr: {}\n12.30 Uhr: {}\n12.05 Uhr: {}\n9 Uhr: {}",
    "French": "12h45 - {}\n12h30 - {}\n12h05 - {}\n11h58 - {}",
    "English": "12.45pm BST {}\n12:30 p.m. {}\n11:05 am {}\n9am {}",
    "with a date": "25.10.2024 12:45 {}\n25.10.2024 12:30 {}\n25 Oct 2024, 12:05 {}\nOct 25, 2024 11:58 {}",
    "Japanese": "14時30分 {}\n14時5分 {}\n午後1時 {}\n午前11時58分 {}",
    "Chinese": "14时30分 {}\n14时05分 {}\n下午1时 {}\n上午11时58分 {}",
    "Korean": "오후 3시 20분 - {}\n오후 3시 5분 - {}\n오후 3시 - {}\n오후 2시 58분 - {}",
    "Arabic digits": "١٢:٤٥ {}\n١٢:٣٠ {}\n١٢:٠٥ {}\n١١:٥٨ {}",
    "full width": "１２：４５ {}\n１２：３０ {}\n１２：０５ {}\n１１：５８ {}",
}
NEWS = "Something happened somewhere, and somebody said a word about it"


@pytest.mark.parametrize("form", STAMPED)
def test_times_at_the_beginnings_of_lines_tell_of_a_live_blog(judged, form):
    text = STAMPED[form].format(*[NEWS] * 4)
    assert judged("Envoy in Pyongyang", text)
    without_the_last = text.strip().rsplit("\n", text.count("\n") // 3)[0]
    assert not judged("Envoy in Pyongyang", without_the_last)


@pytest.mark.parametrize(
    "text",
    [
        "12:45 a\n12:30 b\n12:05 c",  # three
        "12:45 a\n12:45 b\n12:45 c\n12:45 d",  # the same
        "25:23 a\n25:20 b\n30:28 c\n25:17 d",  # sets of volleyball
        "12.45 percent\n12.30 percent\n12.05 percent\n11.58 percent",
        "12:45% a\n12:30% b\n12:05% c\n11:58% d",
        "At noon he came.\nAt one he spoke, as 12:45 had been too early.\nHe left at 3:30.\nAll ended at 5:15.",
        "오후 3시쯤 왔다\n오후 4시경 갔다\n오후 5시께 왔다\n오후 6시쯤 갔다",
    ],
)
def test_numbers_and_passing_times_are_no_live_blog(judged, text):
    assert not judged("Envoy in Pyongyang", text)


def test_links_with_times_below_an_article_make_no_live_blog_of_it(judged):
    links = "12:45 Storm\n12:30 Strike\n12:05 Summit\n11:58 Cup"
    assert not judged("Envoy in Pyongyang", f"{NEWS}. " * 10 + f"\n{links}")
    assert judged("Envoy in Pyongyang", f"{NEWS}.\n{links}".replace("Storm", NEWS))


ITEMS = (
    "North Korea sent soldiers to Russia, a report of the ministry says, without further details.",
    "A storm has reached the coast; several thousand people had to leave their houses over night.",
    "The railway's staff will strike from Monday on, and the union expects that it will take long.",
    "The national team has won the cup after a long final, which was decided only in extra time.",
    "A bank has failed in the capital; savers were told that their deposits are safe as they are.",
)
DETAILS = tuple(
    f"The soldiers of North Korea {what}, which was reported by several agencies." for what in "abcde"
)


@pytest.mark.parametrize("sign", ["• ", "– ", "* ", "1. ", "2) ", "▶", "★ ", "■"])
def test_items_that_share_nothing_are_a_digest(judged, sign):
    assert judged("Envoy in Pyongyang", "\n".join(sign + item for item in ITEMS))
    assert not judged("Envoy in Pyongyang", "\n".join(sign + item for item in DETAILS))
    assert not judged("Envoy in Pyongyang", "\n".join(sign + item for item in ITEMS[:4]))


def test_items_without_the_topic_say_nothing_about_it(judged):
    assert not judged("North Korea", "\n".join(f"• {item}" for item in (*ITEMS[1:], ITEMS[1])))


def test_short_items_are_a_list_of_things(judged):
    assert not judged("Envoy", "North Korea sends\n• soldiers\n• shells\n• rockets\n• workers\n• food")


def test_what_belongs_to_the_sentence_before_is_one_development(judged):
    items = "\n".join(f"• {item}" for item in ITEMS)
    assert not judged("Envoy", f"The treaty of North Korea has these parts:\n{items}")
    assert judged("Envoy", f"These are the main developments:\n{items}")


def test_an_interview_with_dashes_is_no_digest(judged):
    asked = [item.replace(".", "?") if number % 2 else item for number, item in enumerate(ITEMS * 2)]
    assert not judged("Envoy", "\n".join(f"— {item}" for item in asked))


def test_a_digest_in_korean_has_denser_items(judged):
    items = (
        "북한이 러시아에 병력을 추가로 보냈다고 정보당국이 국회에서 밝혔다",
        "태풍이 남해안에 상륙해 주민 수천 가구가 밤사이 대피소로 몸을 피했다",
        "철도노조가 월요일부터 무기한 파업에 들어간다고 위원장이 전했다",
        "대표팀이 연장전까지 가는 접전 끝에 결승에서 우승컵을 들어 올렸다",
        "한 은행이 파산했으나 예금은 전액 보호된다고 금융당국이 알렸다",
    )
    assert judged("특사 평양 도착", "\n".join(f"▲ {item}" for item in items))


@pytest.mark.parametrize(
    "text",
    [
        "1:2" * 350_000,
        "12:45\n" * 170_000,
        "• \n" * 340_000,
        "1. " * 340_000,
        "\n" * 1_000_000,
        " " * 1_000_000,
        "- " * 500_000,
        "12." * 340_000,
        "+++ " * 250_000,
        "live " * 200_000,
        "실시간" * 340_000,
        "وَ" * 500_000,
    ],
    ids=lambda text: repr(text[:8]),
)
@pytest.mark.parametrize("field", ["title", "text"])
def test_a_million_characters_take_no_longer_than_they_must(make_pack, field, text):
    (reading,) = Matcher([make_pack()]).read(
        Article("https://a.example/1", **{"title": "", "text": "", field: text})
    )
    begun = time.process_time()
    is_roundup(reading)
    assert time.process_time() - begun < 20  # one that looks back at what it read would take hours


@given(st.text(), st.text(), st.text())
def test_it_answers_on_any_text(judged, title, text, url):
    assert judged(title, text, url) in {True, False}


@given(st.text(alphabet="0123456789:.h\n -•+[]|livedrktонлайн실시간 时午後シ\u0301\u200b🔴", max_size=400))
def test_it_answers_on_texts_full_of_signs(judged, text):
    assert judged(text, text) in {True, False}


@given(st.sampled_from(sorted(title.values[0] for title in titles(ROUNDUPS))))
def test_marks_that_are_not_read_hide_no_label(judged, title):
    assert judged(title.replace(" ", "\u200b "))
