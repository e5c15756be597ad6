"""How a text limits a number, `more than`, `до`, `이상`, and which two numbers are the ends of a range.

The words are by language; one with languages behind a colon counts only in a text, or beside words, of these.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.core.numbers.eastern import COUNTERS
from monitor.core.statements import Bound
from monitor.core.text import UNSPACED, fold_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.core.numbers.sums import Sum

_BEFORE: Mapping[Bound, str] = {
    Bound.ABOUT: "about, around, some, roughly, approximately, an estimated, estimated, nearly, almost,"
    " close to, circa, ca, somewhere around, in the region of, as few as; rund, etwa, ungefähr, zirka,"
    " knapp, fast:de, beinahe, gut:de, an die, schätzungsweise, um die, gegen:de; ongeveer, zo'n, bijna,"
    " rond, rond de, naar schatting; omkring, cirka, ungefär, runt, nästan, uppskattningsvis, närmare,"
    " drygt:sv, knappt; rundt, om lag, omtrent, nesten, nærmere, anslagsvis; næsten, cirka, omtrent,"
    " godt:da, knap:da; environ, d'environ, près de, quelque, quelques, presque, à peu près, autour de, aux alentours"
    " de, de l'ordre de; unos, unas, cerca de, casi, alrededor de, aproximadamente, en torno a, sobre:es,"
    " más o menos; aproximadamente, quase, por volta de, perto de, uns:pt, umas:pt, à volta de; circa,"
    " quasi, intorno a, attorno a, pressoché, all'incirca; aproximativ, circa, aproape, vreo, în jur de;"
    " около, примерно, приблизительно, порядка, почти, где-то, ориентировочно; близько, приблизно, майже,"
    " орієнтовно, десь; około, ok, blisko, prawie, niemal, mniej więcej, jakieś, w przybliżeniu, z:pl;"
    " asi:cs, zhruba, přibližně, kolem, okolo, téměř, skoro, na:cs; noin, lähes, melkein, suunnilleen,"
    " arviolta; umbes, ligi, ligikaudu, peaaegu, ligemale, hinnanguliselt; apmēram, aptuveni, ap:lv,"
    " gandrīz, teju; apie:lt, maždaug, beveik, apytiksliai, arti:lt; yaklaşık, takriben, aşağı yukarı,"
    " neredeyse, tahminen; khoảng, gần, chừng, xấp xỉ, ước tính; نحو, حوالي, قرابة, زهاء, ما يقارب, تقريبا,"
    " ما يقرب من, بنحو, بحوالي, لنحو, حدود, حدود:fa, تقریبا, نزدیک به",
    Bound.AT_LEAST: "at least, no fewer than, no less than, not less than, not fewer than, a minimum of,"
    " minimum; mindestens, wenigstens, zumindest, nicht weniger als, minimum; minstens, ten minste, zeker,"
    " op zijn minst; minst, åtminstone; minst, i det minste; mindst, i hvert fald; au moins, d'au moins, au minimum,"
    " pas moins de; al menos, por lo menos, como mínimo, no menos de; pelo menos, ao menos, no mínimo, não"
    " menos de; almeno, non meno di; cel puţin; не менее, не меньше, по меньшей мере, как минимум, минимум,"
    " по крайней мере, не менее чем, не меньше чем; щонайменше, не менше, принаймні, як мінімум, не менш"
    " як, не менш ніж, не менше ніж, мінімум; co najmniej, przynajmniej, nie mniej niż, minimum; nejméně,"
    " alespoň, minimálně, přinejmenším, ne méně než; vähintään, ainakin; vähemalt; vismaz, ne mazāk kā, ne"
    " mazāk par; bent:lt, mažiausiai, ne mažiau kaip, ne mažiau nei; en az, asgari; ít nhất, tối thiểu,"
    " không dưới; ما لا يقل عن, على الأقل, لا يقل عن; حداقل, دست کم",
    Bound.MORE_THAN: "more than, over, above, upwards of, in excess of, well over, exceeding, exceeded,"
    " exceed, exceeds, greater than, surpassed, surpassing; mehr als, über, weit über, mehr denn; meer dan,"
    " ruim, over:nl, boven de; mer än, fler än, över, drygt; mer enn, flere enn, over; mere end, flere end,"
    " over; plus de, plus d', au-delà de, dépassé les, dépasse les, plus que; más de, más que, superior a,"
    " por encima de; mais de, acima de, mais do que, superior a; più di, oltre, più che, superiore a, oltre"
    " i, oltre le; peste, mai mult de, mai bine de; более, больше, свыше, более чем, больше чем; більше,"
    " понад, більше ніж, більш ніж, більш як, більше як; ponad, powyżej, więcej niż, przeszło; přes, více"
    " než, nad:cs, víc než, vyše; yli, enemmän kuin; üle:et, rohkem kui, enam kui; vairāk nekā, vairāk kā,"
    " vairāk par, virs:lv, pāri par; daugiau nei, daugiau kaip, daugiau negu, per:lt, virš; hơn, trên:vi,"
    " nhiều hơn; أكثر من, ما يزيد على, ما يزيد عن, يزيد عن, تجاوز, فاق, ما يفوق, أزيد من, بأكثر من; بیش از,"
    " بالغ بر, بیشتر از; übersteigt, überstieg, überschritt, überschritten; dépassé, dépasse, dépassent, dépassait;"
    " supera, superó, superan, superaron, superado; ultrapassa, ultrapassou, ultrapassam; supera, superano, superato;"
    " depăşit, depăşeşte; превысило, превысила, превысили, превысил, превышает, превышают; перевищила, перевищило,"
    " перевищили, перевищив, перевищує, перевищують; przekroczyła, przekroczyły, przekracza; překročil, překročily;"
    " ylitti; ületas; pārsniedz, pārsniedza, pārsniedzis; viršijo, viršija; vượt, vượt quá; تجاوزت, يتجاوز, تتجاوز",
    Bound.UP_TO: "up to, as many as, as much as, at most, no more than, not more than, a maximum of,"
    " maximum, up to as many as; bis zu, höchstens, maximal, bis, nicht mehr als; tot, tot wel, hoogstens,"
    " maximaal, ten hoogste, niet meer dan; upp till, uppemot, högst, maximalt, upp emot, inte fler än;"
    " opptil, inntil, opp til, opp mot, høyst, maksimalt; op til, indtil, op imod, højst, højest, op mod,"
    " maksimalt; jusqu'à, jusqu'a, au plus, pas plus de, au maximum; hasta, como máximo, no más de, a lo"
    " sumo; até:pt, no máximo, não mais de, não mais que; fino a, sino a, al massimo, non più di; până la,"
    " cel mult; до, не более, не больше, не более чем, максимум, вплоть до, аж до, не больше чем; до, не"
    " більше, щонайбільше, максимум, не більш як, не більше ніж, аж до; do:pl:cs, nawet, nawet do, co"
    " najwyżej, maksymalnie, nie więcej niż; až, až do, nejvýše, maximálně, nanejvýš, ne více než; jopa,"
    " enintään, korkeintaan, enimmillään; kuni, kõige rohkem, maksimaalselt, mitte rohkem kui; līdz, ne"
    " vairāk kā, ne vairāk par, maksimāli; iki:lt, ne daugiau kaip, daugiausia, ne daugiau nei; en fazla,"
    " en çok, azami; tối đa, lên tới, lên đến, tới:vi, không quá, đến:vi; ما يصل إلى, حتى, يصل إلى, بما يصل"
    " إلى, لا يزيد عن, كحد أقصى; حداکثر, تا",
    Bound.LESS_THAN: "less than, fewer than, under, below, lower than, just under, short of; weniger als,"
    " unter; minder dan, onder de; mindre än, färre än, under; mindre enn, færre enn, under; mindre end,"
    " færre end; moins de, moins d', moins que, inférieur à; menos de, menos que, por debajo de; menos de,"
    " abaixo de, menos do que; meno di, sotto i, sotto le, meno che; mai puţin de, sub:ro; менее, меньше,"
    " менее чем, меньше чем, ниже; менше, менш ніж, менше ніж, менш як, менше як; mniej niż, poniżej; méně"
    " než, pod:cs, míň než; alle:fi, vähemmän kuin; alla:et, vähem kui; mazāk nekā, mazāk par, mazāk kā,"
    " zem:lv; mažiau nei, mažiau kaip, mažiau negu; dưới, ít hơn, chưa đến, chưa tới; أقل من, دون, ما دون;"
    " کمتر از",
}
_BEFORE_UNSPACED: Mapping[Bound, str] = {
    Bound.ABOUT: "约 大约 大概 近 将近 接近 大致 およそ ほぼ 約 おおよそ 推定 약 대략 근 거의 얼추",
    Bound.AT_LEAST: "至少 最少 少なくとも 上 不少于 不下 不下于 최소 최소한 적어도",
    Bound.MORE_THAN: "超过 超 逾 超過 多于 突破 过 高于",
    Bound.UP_TO: "最多 多达 高达 最大 最大で 最高 至多 不超过 达到 최대 많게는 많아야",
    Bound.LESS_THAN: "不到 不足 少于 未满 低于",
}
_BEHIND: Mapping[Bound, str] = {
    Bound.ABOUT: "안팎|가량|정도|쯤|내외|左右|上下|前後|前后|近く|ほど|程度|くらい|ぐらい|規模|规模|不到一点",
    Bound.AT_LEAST: "이상|以上|또는 그 이상",
    Bound.MORE_THAN: "여|餘|余り|余|넘|을 넘|이 넘|초과|超|多|を超|を上回|超え|을 웃|이상을 초과",
    Bound.UP_TO: "이하|까지|以下|まで|以内",
    Bound.LESS_THAN: "미만|未満|未满|足らず|弱",
}
_BEHIND_WORDS: Mapping[Bound, str] = {
    Bound.ABOUT: "kadar, civarında, dolayında, or so, environ, circa, تقريبا, kadar:tr, лет назад:",
    Bound.AT_LEAST: "or more, oder mehr, ou plus, o más, или более, или больше, або більше, lub więcej, o"
    " più, ou mais, على الأقل, أو أكثر, au moins, al menos, almeno, mindestens, ve üzeri, ve üstü, or higher",
    Bound.MORE_THAN: "'den fazla, 'dan fazla, 'ten fazla, 'tan fazla, fazla, aşkın, 'i aşkın, 'yi aşkın, 'ı"
    " aşkın, 'u aşkın, 'den çok, 'dan çok, с лишним, с небольшим, и более",
    Bound.UP_TO: "at most, or fewer, or less, au plus, höchstens",
    Bound.LESS_THAN: "'den az, 'dan az, 'ten az, 'tan az, az:tr",
}
_LINKS = (
    "-|~|〜|～|—|–|to|bis|до|à|a|al|tot|till|til|do|až|ate|iki|ila|ile|kuni|lidz|den|toi|الى|تا|至|到|から|ないし"
    "|에서|부터|or|oder|или|або|чи|albo|lub|nebo|ou|o|of|eller|tai|vai|ar|arba|voi|veya|hoac|او|又は|または|或|또는|내지"
)
_ANDS = "and|und|et|y|e|и|і|та|й|i|a|en|och|og|ja|un|ir|ve|ile|va|و|si"
_OPENERS = (
    "between entre zwischen между між between miedzy mezi tra fra tussen mellan mellem mellom tarp starp بين"
    " giua intre ما vahel valilla"
)
_SPAN = re.compile(rf"\s?(?:{fold_text(_LINKS)})\s?")
_AND = re.compile(rf"\s(?:{fold_text(_ANDS)})\s|\sو")
OPENING = frozenset(fold_text(_OPENERS).split())
"""What stands before the lower end of a range."""
_WIDEST = 20  # how many times the lower end the upper one may be; beyond that they are two figures
_COUNTED = re.compile(rf"\s?(?:{COUNTERS})")
_LAST_WORDS = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*'?")
_SKIPPED = re.compile(
    r"(?:[$€£¥₩₽₴]|(?<![^\W_])(?:us|usd|eur|gbp|the|les|los|las|le|die|den|der|een|i|gli|some|'|\"|«|“|„))\s?\Z"
)
_NEAR = 40
_MOST_WORDS = 4


def _table(lists: Mapping[Bound, str]) -> dict[str, tuple[Bound, frozenset[str]]]:
    found: dict[str, tuple[Bound, frozenset[str]]] = {}
    for bound, words in lists.items():
        for entry in re.split("[,;]", words):
            phrase, *languages = fold_text(entry.strip()).split(":")
            found.setdefault(phrase, (bound, frozenset(languages)))
    return found


_PHRASES = _table(_BEFORE)
LIMITING = {phrase: bound for phrase, (bound, _) in _PHRASES.items()}
"""What limits the number behind it, and how."""
_PHRASES_BEHIND = _table(_BEHIND_WORDS)
_UNSPACED_BEFORE = sorted(
    ((fold_text(word), bound) for bound, words in _BEFORE_UNSPACED.items() for word in words.split()),
    key=lambda pair: -len(pair[0]),
)
_TAIL = re.compile("|".join(f"(?P<{bound.value}>{fold_text(words)})" for bound, words in _BEHIND.items()))
_PLUS = re.compile(r"\+(?!\d)")
_UNSPACED_END = re.compile(rf"[{UNSPACED}]\s?\Z")
_BEHIND_START = re.compile(r"\s?('?[^\W\d_]{1,12})(?:\s([^\W\d_]{1,12}))?(?:\s([^\W\d_]{1,12}))?(?![^\W\d_])")


def bound_of(text: str, number: Sum, spoken: str | None) -> tuple[Bound, int]:
    """How the words around the number limit it, and where the number ends with those that follow it."""
    behind, end = _behind(text, number.end, spoken, number.languages)
    if behind is not None and behind is not Bound.ABOUT:
        return behind, end
    before = _before(text, number.start, spoken, number.languages)
    if before is not None:
        return before, end
    if number.more:
        return Bound.MORE_THAN, end
    return behind or (Bound.ABOUT if number.rough else Bound.EXACT), end


def _before(text: str, start: int, spoken: str | None, beside: frozenset[str]) -> Bound | None:
    near = text[max(0, start - _NEAR) : start]
    for _ in range(2):
        if skipped := _SKIPPED.search(near):
            rest = near[: skipped.start()]
            if skipped.group().strip() == "some" and _last(rest, spoken, beside) is None:
                break
            near = rest
    return _last(near, spoken, beside)


def _last(near: str, spoken: str | None, beside: frozenset[str]) -> Bound | None:
    """The bound that the text before a number ends with, the longest phrase first."""
    if _UNSPACED_END.search(near):
        ending = near.rstrip()
        return next((bound for word, bound in _UNSPACED_BEFORE if ending.endswith(word)), None)
    words = [match.span() for match in _LAST_WORDS.finditer(near)][-_MOST_WORDS:]
    if not words or near[words[-1][1] :].strip(" .-"):
        return None
    for begin, _ in words:
        phrase = near[begin:].strip(" .-")
        if (known := _PHRASES.get(phrase)) and _holds(known[1], spoken, beside):
            return known[0]
    return None


def _holds(languages: frozenset[str], spoken: str | None, beside: frozenset[str]) -> bool:
    return not languages or spoken in languages or not languages.isdisjoint(beside)


def _behind(text: str, end: int, spoken: str | None, beside: frozenset[str]) -> tuple[Bound | None, int]:
    if _PLUS.match(text, end):
        return Bound.AT_LEAST, end + 1
    after = end
    for _ in range(2):  # 1만여 명 이상
        if text[after : after + 1] in {" ", ""}:
            after += 1
        if (tail := _TAIL.match(text, after)) and tail.lastgroup:
            return Bound(tail.lastgroup), end
        counted = _COUNTED.match(text, after)
        if counted is None:
            break
        after = counted.end()
    if words := _BEHIND_START.match(text, end):
        parts = [word for word in words.groups() if word]
        for count in range(len(parts), 0, -1):
            known = _PHRASES_BEHIND.get(" ".join(parts[:count]))
            if known and _holds(known[1], spoken, beside):
                return known[0], words.end(count)
    return None, end


def is_range(text: str, low: Sum, high: Sum) -> bool:
    """Whether the two numbers, the second of which follows the first, are the ends of a range."""
    between = text[low.end : high.start]
    if len(between) > _MOST_GAP:
        return False
    lower = lowest(low, high)
    if not lower < high.value:
        return False
    if _SPAN.fullmatch(_COUNTED.sub("", between, count=1) if _COUNTED.match(between) else between):
        return high.value <= _WIDEST * lower
    return _AND.fullmatch(between) is not None and _is_open(text, low.start)


_MOST_GAP = 8


def lowest(low: Sum, high: Sum) -> float:
    """The lower end: `10` of "10 to 12 thousand" is ten thousand."""
    if low.scale == 1 and high.scale > 1 and low.value * high.scale < high.value:
        return low.value * high.scale
    return low.value


def _is_open(text: str, start: int) -> bool:
    words = _LAST_WORDS.findall(text[max(0, start - _NEAR) : start])
    return bool(words) and (words[-1] in OPENING or any(word in OPENING for word in words[-3:]))
