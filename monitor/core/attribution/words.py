"""How languages say who states something, and that somebody does not: the same words whatever the topic.

Every entry is a list with semicolons; a star stands for any ending of a single word. The words are folded when they
are used. Codes are of ISO 639-1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Verbs of saying, whose subject is who says it.
SAID: Mapping[str, str] = {
    "en": "said; say; says; saying; told; tells; tell; announced; announces; stated; states; reported;"
    " reports; claimed;"
    " claims; claim; declared; declares; estimated; estimates; reckons; believes; puts; counts; added;"
    " revealed;"
    " reveals; wrote; writes; argues; insists; insisted; disclosed; briefed; noted; assessed; assesses",
    "de": "sagt; sagte; sagten; sagen; erklärt; erklärte; erklärten; teilt mit; teilte; teilten; meldet;"
    " meldete;"
    " meldeten; berichtet; berichtete; berichteten; gab bekannt; gibt; behauptet; behauptete; schätzt;"
    " schätzte;"
    " schreibt; schrieb; betont; betonte; verkündete; verkündet; spricht; beziffert; geht davon aus; rechnet",
    "fr": "dit; disent; déclare; déclaré; annonce; annoncé; affirme; affirmé; affirment; indique;"
    " indiqué; indiquent;"
    " assure; assuré; précise; précisé; estime; estimé; rapporte; rapporté; chiffre; soutient; évalue; explique;"
    " expliqué",
    "es": "dice; dicen; dijo; dijeron; afirma; afirmó; afirman; anuncia; anunció; declara; declaró;"
    " asegura; aseguró;"
    " informa; informó; señala; señaló; cifra; cifró; estima; estimó; indica; indicó; sostiene; sostuvo;"
    " explicó",
    "it": "dice; dicono; ha detto; afferma; affermato; annuncia; annunciato; dichiara; dichiarato;"
    " sostiene; riferisce;"
    " riferito; stima; spiega; comunica; comunicato; rende noto; reso noto; fa sapere; calcola; parla; parlano",
    "pt": "diz; dizem; disse; disseram; afirma; afirmou; anuncia; anunciou; declara; declarou; informa;"
    " informou;"
    " estima; estimou; garante; garantiu; relatou",
    "nl": "zegt; zeggen; zei; zeiden; meldt; melden; meldde; verklaart; verklaarde; aldus; stelt; schat;"
    " schatte;"
    " bericht; berichtte",
    "pl": "mówi; powiedział*; oświadcz*; poinform*; informuje; informują; twierdzi; twierdzą; podał;"
    " podała; podało;"
    " podaje; przekaz*; ogłosi*; stwierdz*; ocenia; ocenił*; szacuje; pisze; napisał*",
    "cs": "říká; řekl*; uvedl*; uvádí; oznámil*; oznamuje; tvrdí; sdělil*; prohlásil*; informoval*; odhaduje",
    "ru": "говорит; говорят; сказал*; сообщ*; заяв*; утвержда*; рассказ*; отмет*; подчеркн*; объяв*;"
    " написал*; пишет;"
    " оцени*; считает; считают; уточни*; назва*; докладыва*; передае*; указал*",
    "uk": "каже; кажуть; сказа*; повідом*; заяв*; стверджу*; розпов*; зазнач*; наголос*; оголо*;"
    " написа*; пише; оціни*;"
    " вважа*; уточни*; розкри*; назва*; назива*; інформу*",
    "ro": "spune; spun; spus; declară; declarat; anunță; anunțat; afirmă; afirmat; susține; transmis",
    "tr": "dedi; diyor; açıkladı; açıklıyor; bildirdi; bildiriyor; söyledi; söylüyor; duyurdu; belirtti;"
    " iddia etti;"
    " öne sürdü; ifade etti",
    "vi": "nói; cho biết; tuyên bố; thông báo; cho hay; khẳng định; cho rằng; tiết lộ; ước tính",
    "ar": "قال; قالت; يقول; تقول; وقال; وقالت; أعلن; أعلنت; وأعلن; وأعلنت; صرح; صرحت; ذكر; ذكرت; أفاد;"
    " أفادت; أضاف; كشف;"
    " كشفت; قدر; قدرت; زعم; زعمت",
    "sv": "säger; sade; sa; uppger; uppgav; meddelar; meddelade; skriver; rapporterar; hävdar; uppskattar",
    "da": "siger; sagde; oplyser; oplyste; meddeler; meddelte; skriver; hævder; anslår",
    "no": "sier; sa; opplyser; opplyste; melder; meldte; skriver; hevder; anslår",
    "fi": "sanoo; sanoi; kertoo; kertoi; ilmoittaa; ilmoitti; väittää; arvioi",
    "et": "ütles; ütleb; teatas; teatab; väidab; väitis; hindab; sõnul",
    "lv": "sacīja; saka; teica; paziņoja; paziņo; ziņo; apgalvo; lēš",
    "lt": "sakė; sako; teigia; teigė; pranešė; praneša; pareiškė; skelbia",
}  # fmt: skip

# What stands before the one who says it.
ACCORDING: Mapping[str, str] = {
    "en": "according to; citing; cited by; quoting; in the words of; as per; attributed to",
    "de": "laut; nach angaben; nach den worten; nach worten; nach einschätzung;"
    " nach erkenntnissen; gemäß;"
    " unter berufung auf; nach informationen",
    "fr": "selon; d'après; à en croire; aux dires de; de source",
    "es": "según; de acuerdo con; conforme a; a juicio de",
    "it": "secondo; stando a; a detta di; a detta del; a detta della",
    "pt": "segundo; de acordo com; conforme",
    "nl": "volgens; naar eigen zeggen van",
    "pl": "według; zdaniem; jak podaje; jak podał; jak podała; w ocenie; na podstawie danych;"
    " powołując się na",
    "cs": "podle; dle",
    "ru": "по данным; по словам; по информации; по сведениям; по оценке; по оценкам; по версии; по мнению;"
    " согласно данным; со ссылкой на",
    "uk": "за даними; за словами; за інформацією; за оцінкою; за оцінками; за версією; на думку;"
    " згідно з; з посиланням на",
    "ro": "potrivit; conform",
    "vi": "theo; dẫn lời; dẫn nguồn",
    "ar": "حسب; بحسب; وفقا ل; وفق; وفقا; نقلا عن; استنادا إلى",
    "sv": "enligt", "da": "ifølge; ifolge", "no": "ifølge; ifolge",
    "lv": "saskaņā ar", "lt": "anot; pasak",
}  # fmt: skip

# What stands behind the one who says it.
AFTER: Mapping[str, str] = {
    "de": "zufolge",
    "tr": "göre; e göre; a göre; ye göre; ya göre; nin açıklamasına göre",
    "fi": "mukaan",
    "et": "sõnul; andmetel; väitel",
    "lv": "teiktā; vārdiem",
    "lt": "teigimu; duomenimis; žodžiais",
}

# Who takes a stance that is told in the passive: "denied by Moscow".
BY: Mapping[str, str] = {
    "en": "by", "de": "von; vom; durch; seitens", "fr": "par", "es": "por", "it": "da; dal; dalla; dall",
    "pt": "por; pela; pelo", "nl": "door", "pl": "przez; ze strony", "cs": "ze strony", "ru": "со стороны",
    "uk": "з боку", "ro": "de către", "sv": "av", "da": "af", "no": "av", "vi": "bởi", "ar": "من قبل",
}  # fmt: skip

# What denies the word that follows it.
NOT: Mapping[str, str] = {
    "en": "not; t; cannot; never; no; nor; neither; without; unable to; yet to; declined to;"
    " declines to; refused to;"
    " refuses to; refusing to; fails to; failed to; nobody; none; hardly",
    "de": "nicht; kein; keine; keinen; keiner; keinerlei; nie; niemand; ohne; weder; noch nicht",
    "fr": "pas; sans; aucun; aucune; ni; jamais; refuse de; refusé de",
    "es": "no; sin; ni; nunca; tampoco; ningún; ninguna; nadie",
    "it": "non; senza; nessun; nessuna; nessuno; mai; né",
    "pt": "não; sem; nem; nunca; nenhum; nenhuma",
    "nl": "niet; geen; zonder; nooit; noch",
    "pl": "nie; bez; ani; nigdy; brak",
    "cs": "ne; bez; ani; žádné; nikdo",
    "ru": "не; без; ни; нет; отказа*; никто",
    "uk": "не; без; ні; немає; нема; відмов*; ніхто",
    "ro": "nu; n; fără; nici",
    "tr": "değil; henüz",
    "vi": "không; chưa; chẳng; từ chối",
    "ar": "لم; لا; لن; ما; غير; دون; عدم; ليس; رفض; رفضت",
    "sv": "inte; ej; ingen; inget; utan; varken", "da": "ikke; ingen; intet; uden; hverken",
    "no": "ikke; ingen; uten; verken",
    "fi": "ei; eivät; eikä; ilman", "et": "ei; pole; ega", "lv": "nav; bez", "lt": "nėra; be",
}  # fmt: skip
# The same where it stands behind the verb.
NOT_BEHIND: Mapping[str, str] = {
    "de": "nicht", "nl": "niet", "sv": "inte", "da": "ikke", "no": "ikke", "fr": "pas", "tr": "değil;"
    " edilmedi; etmedi",
}  # fmt: skip
ONLY = (
    "only; just; nur; seulement; solo; sólo; soltanto; só; apenas; alleen; tylko; jen; только; лише;"
    " тільки; doar;"
    " yalnız; bara; kun; bare"
)
"""Behind a "not", these make it say more rather than the contrary: "not only confirmed"."""

THAT = (
    "that; dass; daß; que; qu; che; dat; że; že; что; що; că; rằng; إن; أن; بأن; att; at; että; et; ka; kad; how; if;"
    " ob; si; wie; как; як; jak; hvor"
)
"""What begins what is said, behind a verb of saying."""

# What stands before an actor of whom something is told: "shells from North Korea: 20,000 containers".
ABOUT = (
    "from; with; into; over; about; against; aus; nach; über; gegen; mit; für; pour; avec; contre; vers;"
    " sur; para; con;"
    " contra; sobre; contro; verso; dla; przez; для; про; над; против; проти; från; uit; voor"
)
