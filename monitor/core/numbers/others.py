"""What numbers measure, name or order rather than count: hours, percents, kilometres, ages, days of a month, corps.

The lists are by language. A star stands for any ending.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.core.text import SPACED, fold_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Behind a number: time, length, weight, shares, degrees; then what is counted, but is no thing of interest.
_BEHIND: Mapping[str, str] = {
    "any": "km km² m mm cm kg g kw kwh mw gw mhz ghz hz kb mb gb tb hp mph kph kmh kt nm fps am pm h min"
    " sec kms pct mi ft",
    "en": "hour* minute minutes second seconds day days week* month* year* decade* centur* percent"
    " percentage per kilomet* miles mile metre* meter* millimet* centimet* feet foot inch* degree* knots"
    " kilogram* kilo kilos hectare* acre* litre* liter* calib* o'clock times time fold points point"
    " countries country nations nation states sides parties regions villages cities brigade* division*"
    " battalion* regiment* companies january february march april may june july august september october"
    " november december corps waves wave batches batch attacks strikes meetings members ministers leaders"
    " sources cases others january jan feb mar apr jun jul aug sep sept oct nov dec",
    "de": "stunde* minute* sekunde* tag tage tagen tags woche* monat* jahr* jahrzehnt* prozent* kilomet*"
    " meter metern millimet* zentimet* meile* grad kilogramm* hektar uhr mal staat* länder* land brigade*"
    " division* bataillon* regiment* januar februar märz april mai juni juli august september oktober"
    " november dezember korps jährig* seiten punkte* armee* angriffe* wellen",
    "nl": "uur uren minuten minuut seconden dag dagen week weken maand* jaar jaren procent kilomet* meter"
    " meters millimeter graden keer maal landen brigade* divisie* bataljon* januari februari maart april"
    " mei juni juli augustus september oktober november december decenni*",
    "sv": "timm* minut* sekund* dag dagar dagars dygn vecka veckor månad* år års årig* procent kilomet*"
    " meter meters mil grader gånger länder januari februari mars april maj juni juli augusti september"
    " oktober november december brigad* bataljon* decenni*",
    "no": "time timer minutt* sekund* dag dager døgn uke uker måned* år års årig* prosent kilomet* meter"
    " grader ganger land januar februar mars april mai juni juli august september oktober november desember"
    " brigade* bataljon*",
    "da": "time timer minut* sekund* dag dage døgn uge uger måned* år års årig* procent kilomet* meter"
    " grader gange lande januar februar marts april maj juni juli august september oktober november"
    " december brigade* bataljon*",
    "fr": "heure* minute* seconde* jour jours journée* semaine* mois an ans année* décennie* siècle* pour"
    " kilomèt* mètre* mètres millimèt* degré* fois pays états brigade* division* bataillon* régiment*"
    " janvier février mars avril mai juin juillet août septembre octobre novembre décembre points",
    "es": "hora horas minuto* segundo segundos día días semana* mes meses año años década* siglo* por"
    " kilómetr* metro metros milímetr* grados veces países brigada* división divisiones batallon* batallón"
    " regimiento* enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
    " puntos",
    "pt": "hora horas minuto* segundo segundos dia dias semana* mês meses ano anos década* por quilômetr*"
    " quilómetr* metros milímetr* graus vezes países brigada* divisão divisões batalh* janeiro fevereiro"
    " março abril maio junho julho agosto setembro outubro novembro dezembro",
    "it": "ora ore minuti minuto secondi giorno giorni settiman* mese mesi anno anni decenni* secol* per"
    " chilometr* metri millimetr* gradi volte paesi brigat* divisioni divisione battaglion* gennaio"
    " febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre punti",
    "ro": "oră ore minute secunde zi zile săptămân* lună luni an ani deceni* la kilomet* metri grade ori"
    " țări",
    "ru": "час часа часов часам часами минут* секунд* день дня дней дням днями сутки суток недел* месяц*"
    " год года году годом годов лет летн* летию десятилет* век века процент* километр* км метр метра метров"
    " миллиметр* мм сантиметр* см градус* раз раза стран страны государств* бригад* дивизи* батальон* полк"
    " полка полков корпус* арми* миля мил* января февраля марта апреля мая июня июля августа сентября"
    " октября ноября декабря балл* кг килограмм* летний летняя летнего область области регион* сторон*"
    " групп* атак* калибр*",
    "uk": "година години годин годинам хвилин* секунд* день дня дні днів доба доби діб тиж* місяц* рік року"
    " роки років річн* десятиліт* відсот* процент* кілометр* км метр метра метри метрів міліметр* мм см"
    " градус* раз рази разів країн* держав* бригад* дивізі* батальйон* полк полку полків корпус* армі*"
    " січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня кг калібр*"
    " атак* груп*",
    "pl": "godzin* minut* sekund* dzień dnia dni dób doby tydzień tygodn* miesiąc* miesięc* rok roku lata"
    " lat latek letni* dekad* procent* kilometr* metr metry metrów milimetr* stopni* razy raz kraje krajów"
    " państw* brygad* dywizj* batalion* pułk* korpus* stycznia lutego marca kwietnia maja czerwca lipca"
    " sierpnia września października listopada grudnia punkt* atak*",
    "cs": "hodin* minut* sekund* den dne dny dní dnů týden týdn* měsíc* rok roku roky let letý letá letech"
    " dekád* procent* kilometr* metr metrů metry milimetr* stupň* krát zemí země států brigád* diviz*"
    " prapor* ledna února března dubna května června července srpna září října listopadu prosince",
    "fi": "tunti tuntia tunnin minuut* sekun* päivä päivää päivän viikko viikkoa viikon kuukau* kuukaut*"
    " vuosi vuotta vuoden vuotia* prosent* kilomet* metri metriä metrin astet* kertaa maata maan valtiota"
    " prikaat* pataljoon* tammikuu* helmikuu* maaliskuu* huhtikuu* toukokuu* kesäkuu* heinäkuu* elokuu*"
    " syyskuu* lokakuu* marraskuu* joulukuu*",
    "et": "tund tundi tunni minut* sekund* päev päeva nädal* kuu kuud aasta aastat aastane aastase protsen*"
    " kilomeet* meeter meetrit kraadi korda riiki riigi brigaad* pataljon* jaanuar* veebruar* märts*"
    " aprill* mai juuni* juuli* august* septemb* oktoob* novemb* detsemb*",
    "lv": "stund* minūt* sekund* diena dienas dienu dienām nedēļ* mēneš* mēnes* gads gada gadi gadus gadu"
    " gadiem gadīg* procent* kilometr* metri metru metrus grād* reizes reizi valst* brigād* bataljon*"
    " janvār* februār* mart* aprīl* maij* jūnij* jūlij* august* septembr* oktobr* novembr* decembr*",
    "lt": "valand* minut* sekund* diena dieną dienos dienų dienas savait* mėnes* metai metus metų metams"
    " metis metini* procent* kilometr* metrai metrų laipsni* kartus kartų šalys šalių šalis valstyb*"
    " brigad* batalion* sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio"
    " lapkričio gruodžio",
    "tr": "saat* dakika* saniye* gün günü günlük gündür hafta* ay aylık ayda yıl yılı yıllık yıldır yaş*"
    " yüzde kilometre* metre* milimetre* derece* kez kere ülke* tugay* tabur* ocak şubat mart nisan mayıs"
    " haziran temmuz ağustos eylül ekim kasım aralık",
    "vi": "giờ phút giây ngày tuần tháng năm tuổi phần km mét milimét độ lần nước quốc lữ tiểu",
    "ar": "ساعة ساعات ساعه دقيقة دقائق ثانية ثوان يوم يوما أيام اسبوع أسبوع أسابيع أسبوعا شهر شهرا أشهر"
    " شهور سنة سنوات عام عاما أعوام عقد عقود بالمئة بالمائة بالمائه كيلومتر* كيلومترا متر مترا أمتار ملم"
    " ملليمتر مليمتر درجة درجات مرة مرات دولة دول لواء ألوية كتيبة كتائب يناير فبراير مارس أبريل إبريل مايو"
    " يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر كانون شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين",
    "fa": "ساعت دقیقه ثانیه روز روزه هفته ماه سال ساله درصد کیلومتر متر بار کشور تیپ گردان",
}
_UNSPACED_BEHIND = (
    "시간|분(?!의)|초(?!소)|일(?!본|반)|월|년|시(?!민)|개월|주(?!민)|세(?!력)|살|킬로|퍼센트|프로|도(?!착)|미터|밀리"
    "|차(?!량)|번|회|호|위|개국|개 국가|중대|부|조(?!종)|항|배|곳|형|㎜|㎞|급"
    "|時間|时间|時|时|分|秒|日|月|年|週|周|歳|岁|才|キロ|小时|天|公里|个月|ヶ月|か月|カ月|パーセント|度|メートル|ミリ|毫米"
    "|米(?!ドル|元|国)|回|次|号|位数|番|階|国|カ国|か国|ヶ国|个国|批|条|项|項|倍|割|年代|世紀|世纪|届|型|級|级|点|多年|余年|多天"
    "|公斤|层|方面"
)
# Corps, divisions … are numbered rather than counted, even where a pack knows them as soldiers.
_UNSPACED_RANKS = "군단|사단|여단|연대|대대|軍団|军团|師団|师团|师|旅|連隊|团|大隊|营|军(?![人士官])"
# Before a number: names of makes, and words that say which one rather than how many.
_BEFORE = (
    "nr nº num number numbers номер номери article articles artikel articolo artículo artigo статья статьи"
    " статье стаття статті paragraph section chapter page pages seite seiten стр resolution resolutions"
    " résolution resolución risoluzione резолюция резолюции резолюцию резолюцией резолюція резолюції"
    " rezolucja rezolucji law flight рейс vol vuelo flug lot route highway autobahn трасса channel kanal"
    " room zimmer unit boeing боинг airbus эйрбас mig миг kn kh tos btr bmp type typ тип model modell модель"
    " mk hwasong хвасон hwaseong хвасонг pukguksong taepodong nodong shahed шахед geran герань iskander"
    " искандер kalibr калибр grad javelin himars patriot kinzhal lancet covid windows iphone android version"
    " versione версия wersja agenda psalm step phase stage level category kategorie категория aged age"
    " возрасте віці alter agé aged wieku edad grade lesson tháng ngày năm số lúc điều quyết numero número"
    " numéro numer číslo decree постановление указ приказ закон zone room line tel phone fax catch gate"
    " platform hill height высота высоту meridian parallel class klasse yüzde бригада brigade regiment"
    " battalion"
)
_MONTHS_BEFORE = (
    "january february march april june july august september october november december jan feb mar apr jun"
    " jul aug sep sept oct nov dec day tag"
)
_WARS_BEFORE = "war wars weltkrieg mondiale мировой світовой світової мировая guerre guerra wojny group"
" gruppe"
_WARS = 7
_DAYS = 31
_UNSPACED_BEFORE = (
    "第",
    "제",
    "화성",
    "화성-",
    "火星",
    "火星-",
    "午前",
    "午後",
    "오전",
    "오후",
    "上午",
    "下午",
    "아파트",
    "ナンバー",
)

VAGUE = frozenset(
    fold_text(
        "por per pour several few many some various couple dozens hundreds mehrere einige viele wenige paar"
        " dutzende hunderte plusieurs quelques varios varias algunos algunas pocos cuantos vários várias"
        " alguns algumas parecchi parecchie alcuni alcune diversi diverse qualche enkele enige meerdere paar"
        " flera några par flere noen nogle adskillige muutama muutaman useita useaa mitu mõni paar vairāki"
        " vairākus dažus daži keli kelis kelių keletas birkaç несколько несколькими нескольких пару многие"
        " кілька декілька кількох kilka kilku parę několik pár câțiva câteva vài mấy hàng عدة بضعة بضع عده"
        " چند چندین"
    ).split()
)
"""Words that make "a hundred" or "a thousand" behind them vague."""

_NEXT = re.compile(r"[\s-]?([^\W\d_]{1,30})")
_OF = frozenset({"de", "of"})
_LAST = re.compile(r"([^\W\d_]+|[№#§/])[.\s:-]{0,2}\Z")
_SIGN = re.compile(r"\s?[%‰°‐′″]|\s?º")
_EASTERN = re.compile(rf"\s?(?:{_UNSPACED_BEHIND})")
_RANK = re.compile(rf"\s?(?:{_UNSPACED_RANKS})")
_TWO = 2  # letters by which stems are found


def _sort(words: Iterable[str]) -> tuple[frozenset[str], Mapping[str, tuple[str, ...]]]:
    """Whole words, and stems by their first letters."""
    stems: dict[str, tuple[str, ...]] = {}
    whole = set()
    for word in words:
        if word.endswith("*"):
            key = word[:_TWO]
            stems[key] = (*stems.get(key, ()), word.removesuffix("*"))
        else:
            whole.add(word)
    return frozenset(whole), stems


_WHOLE, _STEMS = _sort(fold_text(" ".join(_BEHIND.values())).split())
_NAMING = frozenset(fold_text(_BEFORE).split())
_LIMITED = dict.fromkeys(_MONTHS_BEFORE.split(), _DAYS) | dict.fromkeys(
    fold_text(_WARS_BEFORE).split(), _WARS
)


def measures(text: str, end: int) -> bool:
    """Whether what stands behind a number makes it a measure, a date, a rank or the number of something else."""
    if _SIGN.match(text, end):
        return True
    if (word := _NEXT.match(text, end)) and word.group(1) < SPACED:
        first = word.group(1)
        if first in _OF and (month := _NEXT.match(text, word.end())):  # 5 de octubre
            first = month.group(1)
        return first in _WHOLE or first.startswith(_STEMS.get(first[:_TWO], ("\0",)))
    return _EASTERN.match(text, end) is not None


def ranks(text: str, end: int) -> bool:
    """Whether what stands behind a number in digits makes it the number of a corps or a brigade."""
    return _RANK.match(text, end) is not None


def names(text: str, start: int, value: float) -> bool:
    """Whether what stands before a number makes it a name: Boeing 737, article 5, 第11."""
    before = text[max(0, start - 20) : start]
    if before.endswith(_UNSPACED_BEFORE):
        return True
    word = _LAST.search(before)
    if word is None:
        return False
    last = word.group(1)
    return last in _NAMING or last in "№#§/" or value <= _LIMITED.get(last, 0) or before.endswith("no. ")


def refers_back(text: str, start: int) -> bool:
    """Whether a small number stands behind "the" or "these", so that it says who rather than how many."""
    word = _LAST.search(text, max(0, start - 20), start)
    return word is not None and word.group(1) in _DEFINITE


_DEFINITE = frozenset(
    fold_text(
        "the these those both all their his its les ces leurs ses los las estos estas esos ambos os as estes"
        " estas i le gli questi queste die diese dieser dieses diesen beide beiden alle de deze die beide"
        " dessa dessa båda disse begge эти этих обе оба обоих все всех ці цих обидва обох те tych oba obu"
        " obie ti tyto těchto oba obě nämä näiden need nende šie šių šių abu abi šie šo bu hai-cả"
    ).split()
)
