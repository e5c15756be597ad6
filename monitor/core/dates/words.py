"""How languages name days and periods, where Unicode's common locale data, as Babel carries it, does not say.

Every entry is a list with semicolons; the phrases are folded when they are used. Codes are of ISO 639-1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Days before or after the day of publication: -2, -1, 0, 1, 2.
DAYS: Mapping[str, tuple[str, str, str, str, str]] = {
    "en": ("day before yesterday", "yesterday", "today; tonight", "tomorrow", "day after tomorrow"),
    "de": ("vorgestern", "gestern; gestrigen", "heute; heutigen", "morgen früh; morgigen", "übermorgen"),
    "fr": ("avant-hier", "hier", "aujourd'hui", "demain", "après-demain"),
    "es": ("anteayer; antier", "ayer", "hoy", "", "pasado mañana"),
    "it": ("l'altro ieri; altroieri", "ieri", "oggi", "domani", "dopodomani"),
    "pt": ("anteontem", "ontem", "hoje", "amanhã", "depois de amanhã"),
    "nl": ("eergisteren", "gisteren", "vandaag", "morgen", "overmorgen"),
    "pl": ("przedwczoraj", "wczoraj", "dziś; dzisiaj", "jutro", "pojutrze"),
    "cs": ("předevčírem", "včera", "dnes", "zítra", "pozítří"),
    "ru": ("позавчера", "вчера", "сегодня", "завтра", "послезавтра"),
    "uk": ("позавчора", "вчора; учора", "сьогодні", "завтра", "післязавтра"),
    "ro": ("alaltăieri", "ieri", "astăzi; azi", "mâine", "poimâine"),
    "tr": ("evvelsi gün", "dün", "bugün", "yarın", ""),
    "vi": ("hôm kia", "hôm qua; tối qua", "hôm nay; sáng nay; chiều nay; tối nay", "ngày mai", "ngày kia"),
    "ar": ("أول أمس; أول من أمس", "أمس; الأمس; البارحة", "اليوم", "غدا; الغد", "بعد غد"),
    "sv": ("i förrgår", "igår; i går", "idag; i dag", "imorgon; i morgon", "i övermorgon"),
    "da": ("i forgårs", "i går; igår", "i dag; idag", "i morgen; imorgen", "i overmorgen"),
    "no": ("i forgårs", "i går; igår", "i dag; idag", "i morgen; imorgen", "i overmorgen"),
    "fi": ("toissapäivänä", "eilen", "tänään", "huomenna", "ylihuomenna"),
    "et": ("üleeile", "eile", "täna", "homme", "ülehomme"),
    "lv": ("aizvakar", "vakar", "šodien", "rīt", "parīt"),
    "lt": ("užvakar", "vakar", "šiandien", "rytoj", "poryt"),
}

# The last, the present and the next week, month and year.
WEEKS: Mapping[str, tuple[str, str, str]] = {
    "en": ("last week", "this week", "next week"),
    "de": ("letzte Woche; letzter Woche; vergangene Woche; vergangener Woche; vorige Woche; Vorwoche",
           "diese Woche; dieser Woche", "nächste Woche; nächster Woche; kommende Woche; kommender Woche"),
    "fr": ("semaine dernière; semaine passée", "cette semaine", "semaine prochaine"),
    "es": ("semana pasada; pasada semana", "esta semana", "próxima semana; semana que viene; semana próxima"),
    "it": ("settimana scorsa; scorsa settimana", "questa settimana", "prossima settimana; settimana prossima"),
    "pt": ("semana passada", "esta semana; nesta semana", "próxima semana; semana que vem"),
    "nl": ("vorige week; afgelopen week", "deze week", "volgende week"),
    "pl": ("zeszłym tygodniu; ubiegłym tygodniu; minionym tygodniu", "tym tygodniu", "przyszłym tygodniu"),
    "cs": ("minulý týden; minulém týdnu", "tento týden; tomto týdnu", "příští týden; příštím týdnu"),
    "ru": ("прошлой неделе; минувшей неделе", "этой неделе; нынешней неделе", "следующей неделе; будущей неделе"),
    "uk": ("минулого тижня; минулому тижні", "цього тижня; цьому тижні", "наступного тижня; наступному тижні"),
    "ro": ("săptămâna trecută", "săptămâna aceasta; această săptămână", "săptămâna viitoare"),
    "tr": ("geçen hafta", "bu hafta", "gelecek hafta; önümüzdeki hafta; haftaya"),
    "vi": ("tuần trước; tuần qua", "tuần này", "tuần tới; tuần sau"),
    "ar": ("الأسبوع الماضي", "هذا الأسبوع; الأسبوع الجاري; الأسبوع الحالي", "الأسبوع المقبل; الأسبوع القادم"),
    "sv": ("förra veckan", "denna vecka; den här veckan; i veckan", "nästa vecka"),
    "da": ("sidste uge", "denne uge", "næste uge"),
    "no": ("forrige uke", "denne uken", "neste uke"),
    "fi": ("viime viikolla", "tällä viikolla", "ensi viikolla"),
    "et": ("eelmisel nädalal", "sel nädalal", "järgmisel nädalal"),
    "lv": ("pagājušajā nedēļā; pagājušonedēļ", "šajā nedēļā; šonedēļ", "nākamajā nedēļā; nākamnedēļ"),
    "lt": ("praėjusią savaitę", "šią savaitę", "kitą savaitę"),
}  # fmt: skip
MONTHS: Mapping[str, tuple[str, str, str]] = {
    "en": ("last month", "this month", "next month"),
    "de": ("letzten Monat; vergangenen Monat; vorigen Monat; Vormonat", "diesen Monat; diesem Monat",
           "nächsten Monat; kommenden Monat"),
    "fr": ("mois dernier", "ce mois-ci", "mois prochain"),
    "es": ("mes pasado; pasado mes", "este mes", "próximo mes; mes que viene"),
    "it": ("mese scorso; scorso mese", "questo mese", "prossimo mese; mese prossimo"),
    "pt": ("mês passado", "este mês; neste mês", "próximo mês; mês que vem"),
    "nl": ("vorige maand; afgelopen maand", "deze maand", "volgende maand"),
    "pl": ("zeszłym miesiącu; ubiegłym miesiącu", "tym miesiącu", "przyszłym miesiącu"),
    "cs": ("minulý měsíc; minulém měsíci", "tento měsíc; tomto měsíci", "příští měsíc; příštím měsíci"),
    "ru": ("прошлом месяце; минувшем месяце", "этом месяце", "следующем месяце"),
    "uk": ("минулого місяця; минулому місяці", "цього місяця", "наступного місяця"),
    "ro": ("luna trecută", "luna aceasta; această lună", "luna viitoare"),
    "tr": ("geçen ay", "bu ay", "gelecek ay; önümüzdeki ay"),
    "vi": ("tháng trước", "tháng này", "tháng tới; tháng sau"),
    "ar": ("الشهر الماضي", "هذا الشهر; الشهر الجاري", "الشهر المقبل; الشهر القادم"),
    "sv": ("förra månaden", "denna månad", "nästa månad"),
    "da": ("sidste måned", "denne måned", "næste måned"),
    "no": ("forrige måned", "denne måneden", "neste måned"),
    "fi": ("viime kuussa", "tässä kuussa", "ensi kuussa"),
    "et": ("eelmisel kuul", "sel kuul", "järgmisel kuul"),
    "lv": ("pagājušajā mēnesī", "šajā mēnesī", "nākamajā mēnesī"),
    "lt": ("praėjusį mėnesį", "šį mėnesį", "kitą mėnesį"),
}  # fmt: skip
YEARS: Mapping[str, tuple[str, str, str]] = {
    "en": ("last year", "this year", "next year"),
    "de": ("letztes Jahr; letzten Jahr; letzten Jahres; vergangenen Jahr; vergangenen Jahres; Vorjahr",
           "dieses Jahr; diesem Jahr; heuer; dieses Jahres",
           "nächstes Jahr; nächsten Jahr; nächsten Jahres; kommendes Jahr; kommenden Jahr; kommenden Jahres"),
    "fr": ("année dernière; l'an dernier; l'an passé", "cette année", "année prochaine; l'an prochain"),
    "es": ("año pasado; pasado año", "este año", "próximo año; año que viene"),
    "it": ("anno scorso; scorso anno", "quest'anno", "prossimo anno; anno prossimo"),
    "pt": ("ano passado", "este ano; neste ano", "próximo ano; ano que vem"),
    "nl": ("vorig jaar; afgelopen jaar", "dit jaar", "volgend jaar"),
    "pl": ("zeszłym roku; ubiegłym roku; zeszłego roku; ubiegłego roku", "tym roku; bieżącego roku; tego roku",
           "przyszłym roku; przyszłego roku"),
    "cs": ("loni; minulý rok; minulém roce; loňského roku", "letos; tento rok; letošního roku",
           "příští rok; příštím roce; příštího roku"),
    "ru": ("прошлом году; прошлого года", "этом году; нынешнем году; этого года",
           "следующем году; будущем году; следующего года"),
    "uk": ("минулого року; минулому році; торік", "цього року; цьому році", "наступного року; наступному році"),
    "ro": ("anul trecut", "anul acesta; acest an", "anul viitor"),
    "tr": ("geçen yıl; geçen sene", "bu yıl; bu sene", "gelecek yıl; önümüzdeki yıl; seneye"),
    "vi": ("năm ngoái; năm trước", "năm nay", "năm tới; năm sau"),
    "ar": ("العام الماضي; السنة الماضية", "هذا العام; العام الجاري; العام الحالي", "العام المقبل; العام القادم"),
    "sv": ("förra året; i fjol", "i år", "nästa år"),
    "da": ("sidste år", "i år", "næste år"),
    "no": ("i fjor", "i år", "neste år"),
    "fi": ("viime vuonna", "tänä vuonna", "ensi vuonna"),
    "et": ("eelmisel aastal; mullu", "sel aastal; tänavu", "järgmisel aastal"),
    "lv": ("pagājušajā gadā; pērn", "šogad", "nākamgad; nākamajā gadā"),
    "lt": ("pernai; praėjusiais metais", "šiemet; šiais metais", "kitais metais; kitąmet"),
}  # fmt: skip

# What stands before or behind a weekday and says which one: the last, the present, the next.
WHICH: Mapping[str, tuple[str, str, str]] = {
    "en": ("last; past", "this", "next; coming"),
    "de": ("letzten; vergangenen; vorigen; letztem", "diesen; diesem", "nächsten; kommenden; nächstem"),
    "fr": ("dernier", "ce", "prochain"),
    "es": ("pasado", "este", "próximo"),
    "it": ("scorso; scorsa", "questo; questa", "prossimo; prossima"),
    "pt": ("passada; passado; última; último", "esta; este", "próxima; próximo"),
    "nl": ("afgelopen; vorige", "deze", "volgende; komende"),
    "pl": ("zeszły; ubiegły; miniony; zeszłą; ubiegłą; minioną", "ten; tę",
           "przyszły; najbliższy; przyszłą; najbliższą"),
    "cs": ("minulý; minulou; uplynulý", "tento; tuto", "příští; nadcházející"),
    "ru": ("прошлый; прошлую; прошлое; минувший; минувшую", "этот; эту; это",
           "следующий; следующую; ближайший; ближайшую"),
    "uk": ("минулого; минулої; минулий; минулу", "цей; цю; цього", "наступного; наступної; наступний; наступну"),
    "ro": ("trecut; trecută; trecuta", "această; acest", "viitoare; viitor"),
    "tr": ("geçen; geçtiğimiz", "bu", "gelecek; önümüzdeki"),
    "vi": ("trước; tuần trước", "này; tuần này", "tới; tuần tới"),
    "ar": ("الماضي", "هذا", "المقبل; القادم"),
    "sv": ("förra", "denna", "nästa"),
    "fi": ("viime", "tänä", "ensi"),
}  # fmt: skip

# Case forms of months that are neither those of a date nor of a calendar: "in October".
MONTH_FORMS: Mapping[str, str] = {
    "en": "; ; ; ; ; ; ; ; sept; ; ;",
    "ru": "январе/январю; феврале/февралю; марте/марту; апреле/апрелю; мае/маю; июне/июню; июле/июлю; "
    " августе/августу; сентябре/сентябрю; октябре/октябрю; ноябре/ноябрю; декабре/декабрю",
    "uk": "січні; лютому; березні; квітні; травні; червні; липні; серпні; вересні; жовтні; листопаді; грудні",
    "pl": "styczniu; lutym; marcu; kwietniu; maju; czerwcu; lipcu; sierpniu; wrześniu; październiku; listopadzie;"
    " grudniu",
    "cs": "lednu; únoru; březnu; dubnu; květnu; červnu; červenci; srpnu; září; říjnu; listopadu; prosinci",
    "fi": "tammikuussa; helmikuussa; maaliskuussa; huhtikuussa; toukokuussa; kesäkuussa; heinäkuussa; elokuussa;"
    " syyskuussa; lokakuussa; marraskuussa; joulukuussa",
    "et": "jaanuaris; veebruaris; märtsis; aprillis; mais; juunis; juulis; augustis; septembris; oktoobris; "
    " novembris; detsembris",
    "lv": "janvārī; februārī; martā; aprīlī; maijā; jūnijā; jūlijā; augustā; septembrī; oktobrī; novembrī; decembrī",
    "lt": "sausį; vasarį; kovą; balandį; gegužę; birželį; liepą; rugpjūtį; rugsėjį; spalį; lapkritį; gruodį",
    "ar": "كانون الثاني; شباط; آذار; نيسان; أيار; حزيران; تموز; آب; أيلول; تشرين الأول; تشرين الثاني; كانون الأول",
}  # fmt: skip
# The same for weekdays, from Monday.
DAY_FORMS: Mapping[str, str] = {
    "ru": "; ; среду; ; пятницу; субботу;",
    "uk": "понеділка; вівторка; середу; четверга; п'ятницю; суботу; неділю",
    "pl": "; ; środę; ; ; sobotę; niedzielę",
    "cs": "; ; středu; ; ; sobotu; neděli",
    "ar": "الإثنين; ; الاربعاء; ; ; ;",
    "sv": "måndagen; tisdagen; onsdagen; torsdagen; fredagen; lördagen; söndagen",
    "fi": "maanantaina; tiistaina; keskiviikkona; torstaina; perjantaina; lauantaina; sunnuntaina",
    "et": "esmaspäeval; teisipäeval; kolmapäeval; neljapäeval; reedel; laupäeval; pühapäeval",
    "lt": "pirmadienį; antradienį; trečiadienį; ketvirtadienį; penktadienį; šeštadienį; sekmadienį",
    "lv": "pirmdien; otrdien; trešdien; ceturtdien; piektdien; sestdien; svētdien",
}
NO_DAYS = frozenset({"среда", "ned", "thu"})
"""Names of weekdays that mostly mean something else: surroundings."""

UNSURE = frozenset({"hier", "morgen", "homme", "rit", "loni", "azi", "dun"})
"""Words that another language uses for something else, so that they are not read in a text of unknown language."""

# What stands before a month without a day: anything that says "in", and what says that it is ahead.
IN: Mapping[str, str] = {
    "en": "in; since; during; early; late; mid; of; from; after; before; last",
    "de": "im; seit; ab; anfang; ende; mitte; vom; nach; vor",
    "fr": "en; depuis; dès; début; fin; mi; de; d; mois de; mois d",
    "es": "en; desde; de; a principios de; finales de; mediados de",
    "it": "in; a; ad; da; di; dal; nel",
    "pt": "em; desde; de",
    "nl": "in; sinds; vanaf; begin; eind; half",
    "pl": "w; we; od; początku; końcu; koniec",
    "cs": "v; ve; od; začátkem; koncem; počátkem",
    "ru": "в; во; с; начале; конце; середине",
    "uk": "у; в; з; із; початку; кінці; наприкінці",
    "ro": "în; din; luna",
    "tr": "",
    "vi": "",
    "ar": "في; منذ; خلال; شهر",
    "sv": "i; sedan; under; från", "da": "i; siden; fra", "no": "i; siden; fra",
    "fi": "", "et": "", "lv": "", "lt": "",
}  # fmt: skip
BY: Mapping[str, str] = {
    "en": "by; until; till; next",
    "de": "bis; bis zum; bis ende; bis anfang",
    "fr": "d'ici; jusqu'en; jusqu'à; avant; d'ici à; d'ici fin",
    "es": "para; hasta; antes de",
    "it": "entro; fino a",
    "pt": "até",
    "nl": "tot; tegen",
    "pl": "do; do końca",
    "cs": "do; do konce",
    "ru": "до; к; до конца",
    "uk": "до; до кінця",
    "ro": "până în",
    "ar": "بحلول; حتى",
    "sv": "till; före", "da": "inden; til", "no": "innen; til",
}  # fmt: skip
# What makes four digits a year: words before it, and words behind it.
YEAR_AFTER: Mapping[str, str] = {
    "en": "in; since; by; until; during; early; late; mid; end of",
    "de": "jahr; jahre; seit; bis; anfang; ende; mitte; in; jahres",
    "fr": "en; depuis; année; l'an; d'ici; fin; début",
    "es": "en; desde; año; para; finales de; principios de",
    "it": "nel; dal; anno; del; entro il; fine",
    "pt": "em; desde; ano; até",
    "nl": "in; sinds; jaar; eind; begin",
    "cs": "roce; rok; roku",
    "ro": "în; din; anul",
    "vi": "năm",
    "ar": "عام; سنة; العام",
    "sv": "år; sedan", "da": "i; siden", "no": "i; siden",
    "fi": "vuonna; vuoden; vuoteen; vuodesta",
}  # fmt: skip
YEAR_BEFORE: Mapping[str, str] = {
    "pl": "roku; roku; r; rok",
    "ru": "году; год; года; г; гг",
    "uk": "року; році; рік; р; рр",
    "tr": "yılında; yılı; yılının; yılına; da; de; te; ta",
    "et": "aasta; aastal; aastaks", "lv": "gadā; gada; gads", "lt": "metais; m; metų",
}  # fmt: skip

# What may stand between the number of a day, its month and its year, in any language.
LINKS = (
    "of; de; del; d; l; di; do; dello; st; nd; rd; th; er; го; м; ngày; năm; m; gada; من; den; г; року; года"
)
RANGE = "and; to; und; bis; et; au; y; al; e; и; по; і; й; та; do; a; i; en; tot; و; đến; och; ja"
BEFORE_DAY = "ngày; hôm; sáng; chiều; tối; đêm"
"""Vietnamese words before a day that is written 23/10."""

# Words that say that what the sentence names is still ahead.
AHEAD: Mapping[str, str] = {
    "en": "will; plans; plan; planned; expected; scheduled; set to; to visit; to meet; to send; to hold; to arrive;"
    " to sign; to travel; upcoming; due to",
    "de": "wird; werden; soll; sollen; plant; planen; geplant; erwartet; will; wollen; bevorstehenden",
    "fr": "devrait; devraient; doit; doivent; prévoit; prévu; prévue; aura; sera; seront; va; vont; attendu",
    "es": "prevé; previsto; prevista; planea; será; se espera; tendrá; viajará; visitará; va a; enviará",
    "it": "sarà; previsto; prevista; prevede; si terrà; dovrebbe; dovrebbero; andrà; visiterà; arriverà",
    "pt": "vai; deve; previsto; prevista; planeja; planeia; será; terá; visitará",
    "nl": "zal; zullen; zou; plant; gepland; verwacht; gaat",
    "pl": "będzie; będą; planuje; planują; ma się; planowana; planowany; zaplanowano; odbędzie; przybędzie",
    "cs": "bude; budou; plánuje; má se; plánovaná; uskuteční; přijede",
    "ru": "будет; будут; планирует; планируют; планируется; намерен; намерена; запланирован; запланирована;"
    " состоится; пройдет; прибудет; посетит; намечен; намечена; ожидается",
    "uk": "буде; будуть; планує; планують; планується; має намір; заплановано; відбудеться; прибуде; відвідає",
    "ro": "va; vor; urmează",
    "tr": "planlıyor; bekleniyor; olacak; edecek; gidecek; gerçekleşecek; yapılacak",
    "vi": "sẽ; dự kiến; kế hoạch; sắp",
    "ar": "سوف; المقرر; يعتزم; تعتزم; المتوقع; سيزور; ستعقد",
    "sv": "ska; planerar; väntas; kommer att", "da": "vil; skal; planlægger; ventes", "no": "vil; skal; planlegger",
    "fi": "aikoo; suunnittelee", "et": "plaanib; kavatseb", "lv": "plāno", "lt": "planuoja; ketina",
}  # fmt: skip

# Hours by which the day begins earlier than in Greenwich where most texts of the language are written.
HOURS: Mapping[str, int] = {
    "ko": 9,
    "ja": 9,
    "zh": 8,
    "vi": 7,
    "ru": 3,
    "uk": 2,
    "tr": 3,
    "ar": 3,
    "pl": 1,
    "de": 1,
}
ANYWHERE = 12
"""The same for texts that may be written anywhere: such days may have begun already."""
