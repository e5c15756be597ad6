import gc
import tracemalloc
from datetime import UTC, date, datetime, timedelta

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.dates import dates
from monitor.core.dates.lexicon import lexicon
from monitor.core.dates.resolving import Today
from monitor.core.statements import Period
from monitor.core.text import fold

PUBLISHED = datetime(2024, 10, 25, 9, tzinfo=UTC)  # a Friday
ALL = 10_000


def named(text, language, published=PUBLISHED):
    """What the text names: words, first and last day."""
    folded = fold(text)
    return [
        (text[slice(*folded.span(one.start, one.end))], one.period.first, one.period.last)
        for one in dates(folded, language, published, ALL)
    ]


def period(text):
    """`2024-10-23`, `2024-10-23/25`, `2024-10` or `2026` as days."""
    first, _, last = text.partition("/")
    parts = [int(part) for part in first.split("-")]
    if len(parts) == 1:
        return date(parts[0], 1, 1), date(parts[0], 12, 31)
    if len(parts) == 2:
        after = date(parts[0] + parts[1] // 12, parts[1] % 12 + 1, 1)
        return date(*parts, 1), after - timedelta(days=1)
    begin = date(*parts)
    if len(last) > 2:
        return begin, date.fromisoformat(last)
    return begin, begin.replace(day=int(last)) if last else begin


LAST_WEEK, THIS_WEEK, NEXT_WEEK = "2024-10-14/20", "2024-10-21/27", "2024-10-28/2024-11-03"
FORMS = {
    "en": """
        On 23 October 2024 it began = 2024-10-23
        On October 23, 2024, it began = 2024-10-23
        On Oct. 23 it began = 2024-10-23
        the 23rd of October = 2024-10-23
        since Sept. 3 = 2024-09-03
        from October 23-25 = 2024-10-23/25
        between 23 and 25 October = 2024-10-23/25
        in October 2024 = 2024-10
        it ended in May = 2024-05
        ready by December = 2024-12
        a visit in 2026 = 2026
        he left yesterday = 2024-10-24
        the day before yesterday = 2024-10-23
        it starts tomorrow = 2024-10-26
        on Wednesday he said = 2024-10-23
        last Monday = 2024-10-21
        next Monday = 2024-10-28
        He will arrive on Wednesday = 2024-10-30
        last week = LAST_WEEK
        later this week = THIS_WEEK
        next month = 2024-11
        last year = 2023
        dated 2024-10-31 = 2024-10-31
        at 2024-10-31T10:00Z = 2024-10-31
        dated 31/10/2024 = 2024-10-31
        dated 10/31/2024 = 2024-10-31
        in October last year = 2023-10
        It said on Wednesday that Kim will visit Moscow = 2024-10-23
        On Wednesday Kim will visit Moscow = 2024-10-30
        signed on 19 June = 2024-06-19
        due on 1 March = 2025-03-01""",
    "de": """
        am 23. Oktober 2024 = 2024-10-23
        am 23. Oktober = 2024-10-23
        vom 23. bis 25. Oktober = 2024-10-23/25
        am 31.10.2024 = 2024-10-31
        am 3.4.2024 = 2024-04-03
        im Oktober 2024 = 2024-10
        seit September = 2024-09
        bis Dezember = 2024-12
        im Jahr 2026 = 2026
        wie gestern bekannt wurde = 2024-10-24
        vorgestern = 2024-10-23
        am Mittwoch = 2024-10-23
        letzten Montag = 2024-10-21
        nächsten Montag = 2024-10-28
        im Oktober letzten Jahres = 2023-10
        vergangene Woche = LAST_WEEK
        im nächsten Monat = 2024-11
        Er soll am Montag eintreffen = 2024-10-28""",
    "fr": """
        le 1er novembre = 2024-11-01
        le 23 octobre 2024 = 2024-10-23
        en août = 2024-08
        d'ici décembre = 2024-12
        en 2026 = 2026
        arrivé hier soir = 2024-10-24
        la semaine dernière = LAST_WEEK
        lundi dernier = 2024-10-21
        mercredi = 2024-10-23
        en octobre de l'année dernière = 2023-10
        Le chantier lancé mercredi doit durer = 2024-10-23
        l'année dernière = 2023""",
    "es": """
        el 23 de octubre de 2024 = 2024-10-23
        el 23 de octubre = 2024-10-23
        llegaron ayer = 2024-10-24
        el próximo lunes = 2024-10-28
        la semana pasada = LAST_WEEK
        en septiembre = 2024-09
        el miércoles = 2024-10-23""",
    "it": """
        il 23 ottobre 2024 = 2024-10-23
        il 23 ottobre = 2024-10-23
        partiti ieri = 2024-10-24
        lunedì scorso = 2024-10-21
        entro dicembre = 2024-12
        la settimana scorsa = LAST_WEEK""",
    "pt": """
        em 23 de outubro de 2024 = 2024-10-23
        chegaram ontem = 2024-10-24
        na semana passada = LAST_WEEK
        na segunda-feira = 2024-10-21
        em março = 2024-03""",
    "nl": """
        op 23 oktober 2024 = 2024-10-23
        sinds september = 2024-09
        eergisteren = 2024-10-23
        vorige week = LAST_WEEK
        op woensdag = 2024-10-23""",
    "pl": """
        23 października 2024 r. = 2024-10-23
        w październiku = 2024-10
        do grudnia = 2024-12
        wczoraj wieczorem = 2024-10-24
        w środę = 2024-10-23
        w 2026 roku = 2026
        w zeszłym tygodniu = LAST_WEEK
        5 listopada = 2024-11-05""",
    "cs": """
        23. října 2024 = 2024-10-23
        31. 10. 2024 = 2024-10-31
        ve středu = 2024-10-23
        v roce 2026 = 2026
        příští týden = NEXT_WEEK
        5. listopadu = 2024-11-05""",
    "ru": """
        23 октября 2024 года = 2024-10-23
        с 23 по 25 октября = 2024-10-23/25
        Прибыли 23 октября = 2024-10-23
        в октябре = 2024-10
        к декабрю = 2024-12
        в 2026 году = 2026
        позавчера = 2024-10-23
        в среду = 2024-10-23
        23 октября прошлого года = 2023-10-23
        на прошлой неделе = LAST_WEEK
        в следующем месяце = 2024-11
        31.10.2024 = 2024-10-31
        Визит состоится во вторник = 2024-10-29""",
    "uk": """
        23 жовтня 2024 року = 2024-10-23
        Прибули 23 жовтня = 2024-10-23
        у жовтні = 2024-10
        до грудня = 2024-12
        учора = 2024-10-24
        у п’ятницю = 2024-10-25
        минулого тижня = LAST_WEEK
        у 2026 році = 2026
        23 жо\u0301втня = 2024-10-23""",
    "ro": """
        pe 23 octombrie 2024 = 2024-10-23
        săptămâna trecută = LAST_WEEK""",
    "tr": """
        23 Ekim 2024'te = 2024-10-23
        dün akşam = 2024-10-24
        geçen hafta = LAST_WEEK
        2026 yılında = 2026
        gelecek ay = 2024-11""",
    "vi": """
        ngày 23 tháng 10 năm 2024 = 2024-10-23
        sáng 23/10 = 2024-10-23
        hôm qua = 2024-10-24
        tuần trước = LAST_WEEK
        tháng 12 = 2024-12
        năm 2026 = 2026
        thứ Hai = 2024-10-21""",
    "ar": """
        في 23 أكتوبر 2024 = 2024-10-23
        في ٢٣ تشرين الأول = 2024-10-23
        وصلوا أمس = 2024-10-24
        الأسبوع الماضي = LAST_WEEK
        عام 2026 = 2026
        الشهر المقبل = 2024-11""",
    "ko": """
        2024년 10월 23일 = 2024-10-23
        10월 23일 = 2024-10-23
        10월 23~25일 = 2024-10-23/25
        국방부는 23일 밝혔다 = 2024-10-23
        국방부는 28일 밝혔다 = 2024-09-28
        28일 방문할 예정이다 = 2024-10-28
        2024년 10월 = 2024-10
        12월까지 = 2024-12
        어제 밝혔다 = 2024-10-24
        지난주 월요일 = 2024-10-14
        지난 월요일 = 2024-10-21
        지난달 8일 = 2024-09-08
        다음 달 = 2024-11
        지난해 = 2023
        지난해 10월 = 2023-10
        국정원은 24일 북한이 파병할 계획이라고 밝혔다 = 2024-10-24
        수요일 = 2024-10-23""",
    "ja": """
        2024年10月23日 = 2024-10-23
        １０月２３日 = 2024-10-23
        防衛省は23日発表した = 2024-10-23
        来月8日に訪問する = 2024-11-08
        昨日 = 2024-10-24
        先週 = LAST_WEEK
        去年 = 2023
        昨年9月 = 2023-09
        水曜日 = 2024-10-23
        31日に訪問する予定だ = 2024-10-31
        2026年 = 2026""",
    "zh": """
        2024年10月23日 = 2024-10-23
        二〇二四年十月二十三日 = 2024-10-23
        10月23號 = 2024-10-23
        昨天 = 2024-10-24
        上周五 = 2024-10-18
        下週三 = 2024-10-30
        上個月 = 2024-09
        下个月 = 2024-11
        明年 = 2025
        23日，国防部表示 = 2024-10-23
        星期三 = 2024-10-23""",
    "sv": """
        den 23 oktober = 2024-10-23
        i går kväll = 2024-10-24
        nästa vecka = NEXT_WEEK
        på onsdagen = 2024-10-23""",
    "fi": """
        23. lokakuuta 2024 = 2024-10-23
        eilen = 2024-10-24
        keskiviikkona = 2024-10-23""",
    "no": """
        23. oktober 2024 = 2024-10-23
        neste uke = NEXT_WEEK""",
    "lv": """
        piektdien = 2024-10-25
        šonedēļ = THIS_WEEK""",
}
WEEKS = {"LAST_WEEK": LAST_WEEK, "THIS_WEEK": THIS_WEEK, "NEXT_WEEK": NEXT_WEEK}
CASES = [
    (language, *line.strip().split(" = "))
    for language, lines in FORMS.items()
    for line in lines.strip().splitlines()
]


def test_the_table_of_forms_is_as_wide_as_the_news():
    assert len(CASES) >= 120
    assert len(FORMS) >= 12


@pytest.mark.parametrize(("language", "text", "days"), CASES)
def test_a_text_names_a_day_or_a_period(language, text, days):
    assert [found[1:] for found in named(text, language)] == [period(WEEKS.get(days, days))]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "He may fire 5 shells and march 3 miles"),
        ("en", "on 05/06/2024"),  # English writes both orders
        ("en", "October 23,000 shells"),
        ("en", "version 10.31.2024.7"),
        ("en", "12,000 troops and 2,026 tanks"),
        ("en", "KN-23 and 2026 tanks"),
        ("en", "31 February 2024"),
        ("en", "2024-13-45 and 99.99.2024"),
        ("de", "In Morgen und in Tagen"),
        ("de", "Der Preis stieg auf 12.50 Euro"),
        ("fr", "Il y a sept soldats"),
        ("es", "el mar y 12 mares"),
        ("it", "3 set vinti a 2"),
        ("ru", "окружающая среда"),
        ("ko", "23일간의 훈련"),
        ("ko", "훈련 23일째"),
        ("ko", "3개월 동안 국내일"),
        ("ja", "3日間の訓練"),
        ("ja", "3か月"),
        ("zh", "3个月"),
        ("zh", "今日俄罗斯"),
        ("zh", "99日"),
        ("ar", "12 جنديا"),
        (None, "hier morgen"),
    ],
)
def test_other_words_and_numbers_are_no_dates(language, text):
    assert named(text, language) == []


def test_without_a_time_of_publication_only_what_names_its_year_is_read():
    text = "Yesterday, on 23 October, in October 2024, next week, on 2024-10-31, in May, in 2026 and 31.10.24"
    assert [words for words, *_ in named(text, "en", None)] == ["October 2024", "2024-10-31", "2026"]
    assert named("昨日、10月23日、23日", "ja", None) == []


def test_a_text_of_unknown_language_is_read_as_far_as_its_words_are_clear():
    assert [days[1] for days in named("23 October; 23 жовтня; 10월 24일; 5 listopada", None)] == [
        date(2024, 10, 23),
        date(2024, 10, 23),
        date(2024, 10, 24),
        date(2024, 11, 5),
    ]


def test_a_language_that_only_babel_knows_has_its_months():
    assert [days[1] for days in named("23 października", "hsb")] == []
    assert [days[1] for days in named("2024. október 23., 23 octubre", "hu")] == [date(2024, 10, 23)]


def test_reading_a_text_leaves_the_tables_of_babel_as_they_were():
    lexicon.cache_clear()
    for language in ("zh", "it", "de", "ko", "pl"):
        named("12", language)
    assert Locale.parse("de").text_direction == "ltr"
    assert {month for month in lexicon("it").names if not month.isascii()} == set()


def test_a_weekday_beside_its_date_is_named_once():
    assert [words for words, *_ in named("On Tuesday, October 22, he said", "en")] == ["October 22"]


def test_the_day_is_the_one_of_the_place_where_the_language_is_written():
    evening = datetime(2024, 10, 22, 20, tzinfo=UTC)  # the 23rd in Seoul
    assert named("오늘 밤", "ko", evening)[0][1] == date(2024, 10, 23)
    assert named("국방부는 23일", "ko", evening)[0][1] == date(2024, 10, 23)


def test_a_day_that_no_month_nearby_has_is_looked_for_further_back():
    march = datetime(2023, 3, 5, tzinfo=UTC)
    assert named("30일", "ko", march)[0][1] == date(2023, 1, 30)


def test_a_page_is_read_up_to_the_given_place():
    assert dates(fold("x" * 50 + " 23 October 2024"), "en", PUBLISHED, 40) == ()


@pytest.mark.parametrize("year", [1, 2, 9998, 9999])
def test_years_at_the_ends_of_the_calendar_do_no_harm(year):
    published = datetime(year, 6, 15, tzinfo=UTC)
    for language, text, _ in CASES:
        named(text, language, published)


def test_the_nearest_year_is_meant():
    new_year = Today(date(2025, 1, 2))
    assert new_year.day_and_month(12, 30, None, ahead=False) == Period(date(2024, 12, 30), date(2024, 12, 30))
    assert new_year.day_and_month(12, 30, None, ahead=True) == Period(date(2025, 12, 30), date(2025, 12, 30))


def test_the_tables_of_a_language_are_made_once():
    assert lexicon("uk") is lexicon("uk")


PIECES = st.sampled_from(
    [text for _, text, _ in CASES]
    + [
        "23 ",
        "октября ",
        "월",
        "日",
        "2024",
        "-",
        ".",
        "/",
        " of ",
        "é\u0301",
        "🪖",
        "٢٣ ",
        "\u200b",
        "Oct. ",
        "\ud800",
    ]
)


@given(
    st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=12).map("".join),
    st.sampled_from([None, *FORMS, "xx", "tlh"]),
    st.one_of(st.none(), st.datetimes(timezones=st.just(UTC))),
)
def test_every_date_stands_within_the_text_and_none_overlaps_another(text, language, published):
    folded = fold(text)
    done = 0
    for one in dates(folded, language, published, ALL):
        assert done <= one.start < one.end <= len(folded.text)
        assert one.period.first <= one.period.last
        done = one.end


@pytest.mark.parametrize("language", ["en", "vi", "ko", None])
@pytest.mark.parametrize(
    "piece",
    [
        "23 ",
        "23-",
        "1.1.",
        "October ",
        "23 of ",
        "will on Tuesday ",
        "1월",
        "지난주 ",
        "十",
        "tháng 1 ",
        "/",
        "за ",
    ],
)
def test_a_hostile_text_is_read_in_linear_time(piece, language):
    folded = fold(piece * (60_000 // len(piece)))
    dates(
        folded, language, PUBLISHED, 10**9
    )  # the timeout of a test is the judge: quadratic time takes minutes


def test_a_language_leaves_its_names_in_memory_and_no_more():
    lexicon("en")  # and what all languages are built upon
    lexicon.cache_clear()
    gc.collect()
    tracemalloc.start()
    for language in ("de", "ru", "fr", "pl"):
        assert lexicon(language).names
    gc.collect()
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 4 * 200_000  # bytes; Babel's tables take a megabyte each
