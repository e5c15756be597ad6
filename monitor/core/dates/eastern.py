"""Days and periods in Chinese, Japanese and Korean: "10월 23일", "2024年10月", "先月23日", "지난주 월요일"."""

from __future__ import annotations

import re
from functools import cache, partial
from typing import TYPE_CHECKING

from monitor.core.dates.resolving import YEARS, days_of, month_of, year_of
from monitor.core.text import fold_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from monitor.core.dates.resolving import Today
    from monitor.core.statements import Period

    Found = tuple[int, int, Period]

# The words as they are written; they are folded when they are used. By unit and by how many units away.
_DAYS = {
    -2: "그제 그저께 엊그제 一昨日 おととい 前天 前日の",
    -1: "어제 전날밤 昨日 昨天 昨夜 昨晚 昨晩 きのう",
    0: "오늘 금일 今日 本日 今天 今夜 今晚 今朝",
    1: "내일 明日 明天 あした あす",
    2: "모레 明後日 あさって 后天",
}
_WEEKS = {
    -1: "지난주 지난_주 전주 先週 上周 上星期 上个星期 上個星期 上週 上礼拜",
    0: "이번주 이번_주 금주 今週 本周 本週 这周 這週 这星期 本星期 这个星期",
    1: "다음주 다음_주 내주 来週 下周 下週 下星期 下个星期",
}
_MONTHS = {
    -1: "지난달 지난_달 전달 先月 上月 上个月 上個月",
    0: "이달 이번달 이번_달 금월 今月 本月 这个月 這個月 同月",
    1: "다음달 다음_달 내달 来月 下月 下个月 下個月",
}
_YEARS = {
    -1: "작년 지난해 昨年 去年",
    0: "올해 금년 今年 本年",
    1: "내년 来年 明年",
}
_AHEAD = "예정|계획|방침|(?:할|될|열릴|갈) 것|앞두고|추진|予定|方針|見通し|計画|将|拟|计划|即将|预定"
# Where a sentence tells what was said, the day is the one on which it was.
_TOLD = "밝혔|말했|전했|보도|발표했|보고했|설명했|表示|称|说|宣布|报道|指出|明らか|述べ|発表|伝え|語|報じ"
_WEEKDAYS = "월화수목금토일", "月火水木金土日", "一二三四五六日"
_DIGITS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0}
_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_YEAR = r"(?:\d{4}|[〇零一二三四五六七八九]{4})"

# What makes a number of days out of 23일, or another word out of 日.
_NO_DAY = (
    r"(?!\s?(?:간(?!\w*부)|동안|째|만에|이내|이상|이후로|연속|평균|당\b|여\b|차\b|치\b|[전후뒤](?!\w))|间|目|ぶり|以[内上下]|後|后|前"
    r"|内|本|连|余|あまり|元)"
)


@cache
def _pattern() -> re.Pattern[str]:
    months, weeks = _choice(_MONTHS), _choice(_WEEKS)
    weekday = (
        r"(?:(?P<wko>[월화수목금토일])요일|(?P<wja>[月火水木金土日])曜"
        r"|(?:星期|礼拜|周)(?P<wzh>[一二三四五六日天]))"
    )
    # Looking at the first sign alone is several times as fast as trying every word at every sign.
    begins = "".join({word[0] for table in (_DAYS, _WEEKS, _MONTHS, _YEARS) for word in _words(table)})
    return re.compile(
        rf"(?=[\d{begins}〇零一二三四五六七八九十월화수목금토일月火水木金土日星礼周이지다上本这下])(?:"
        rf"(?<!\d)(?<!\d[.,:/])(?P<y>{_YEAR})\s?(?:年|년)(?:도|度|(?:\s?(?P<ym>{_N})\s?(?:月|월)"
        rf"(?:\s?(?P<yd>{_N})(?:\s?(?:日|일)?\s?[-~]\s?(?P<yl>{_N}))?\s?(?:日|号|일))?))?"
        rf"|(?<![\d个箇ヶか一二三四五六七八九十])(?<!\d[.,:/])(?P<m>{_N})\s?(?:月|월)(?!间|曜|요일)"
        rf"(?:\s?(?P<d>{_N})(?:\s?(?:日|일)?\s?[-~]\s?(?P<l>{_N}))?\s?(?:日|号|일))?"
        rf"|(?P<rm>{months})(?:\s?의?の?\s?(?P<rd>{_N})\s?(?:日|号|일){_NO_DAY})?"
        rf"|(?:(?P<rw>{weeks})\s?の?)?{weekday}|(?P<lz>[上本这下])个?(?:周|星期|礼拜)(?P<lzd>[一二三四五六日天])"
        rf"|(?P<lw>이번|지난|다음|上|本|这|下)\s?(?:个)?(?:(?P<lwko>[월화수목금토일])요일)"
        rf"|(?P<w>{weeks})|(?P<yr>{_choice(_YEARS)})(?:\s?(?P<yrm>{_N})\s?(?:月|월)(?:\s?(?P<yrd>{_N})\s?(?:日|号|일))?)?|(?P<rel>{_choice(_DAYS)})"
        rf"|(?<![\d第제약约每만월月一二三四五六七八九十])(?<!\d[.,:/])(?P<day>\d{{1,2}})\s?(?:日|일){_NO_DAY})"
    )


@cache
def _shifts() -> dict[str, tuple[str, int]]:
    return {
        fold_text(word).replace("_", ""): (unit, shift)
        for unit, table in (("day", _DAYS), ("week", _WEEKS), ("month", _MONTHS), ("year", _YEARS))
        for shift, words in table.items()
        for word in words.split()
    }


_folded = cache(fold_text)


def _words(table: dict[int, str]) -> set[str]:
    return {fold_text(word) for words in table.values() for word in words.split()}


def _choice(table: dict[int, str]) -> str:
    ordered = sorted(_words(table), key=len, reverse=True)
    # Korean words begin at the beginning of a word: 내일 is no part of 국내일.
    return "|".join(
        f"(?<![가-힣]){re.escape(word).replace('_', ' ?')}(?!날)" if "가" <= word[0] <= "힣" else
        f"{re.escape(word)}(?!俄罗斯|头条|美国新闻)"
        for word in ordered
    )  # fmt: skip


def eastern(text: str, today: Today | None, sentence: Callable[[int], str]) -> Iterator[Found]:
    """Every name of a day or period in a folded text, from left to right.

    Args:
        text: folded.
        today: the day of publication, None if unknown.
        sentence: the sentence in which the character at an offset stands.
    """
    for match in _pattern().finditer(text):
        if match["y"]:
            found = _with_year(match)
        else:
            ahead = partial(_is_ahead, sentence, match.start())
            found = _without_year(match, today, ahead) if today else None
        if found:
            yield match.start(), match.end(), found


def _is_ahead(sentence: Callable[[int], str], offset: int) -> bool:
    text = sentence(offset)
    return bool(re.search(_folded(_AHEAD), text)) and not re.search(_folded(_TOLD), text)


def _without_year(match: re.Match[str], today: Today, ahead: Callable[[], bool]) -> Period | None:
    if match["m"]:
        month, first, last = _value(match["m"]), match["d"], match["l"]
        if first is None:
            return today.month(month, ahead=ahead())
        return today.day_and_month(month, _value(first), _value(last) if last else None, ahead=ahead())
    if match["day"]:
        return today.day_of_month(int(match["day"]), None, ahead=ahead())
    if match["yrm"] or match["rd"]:
        return _beside(match, today)
    if name := match["rm"] or match["w"] or match["yr"] or match["rel"]:
        return today.shifted(*_shift(name))
    return _weekday(match, today, ahead)


def _beside(match: re.Match[str], today: Today) -> Period | None:
    """A day of the last, this or the next month; a month of the last, this or the next year, or a day of it."""
    if match["rd"]:
        return today.day_of_month(_value(match["rd"]), _shift(match["rm"])[1], ahead=False)
    year, month = today.shifted(*_shift(match["yr"])).first.year, _value(match["yrm"])
    return days_of(year, month, _value(match["yrd"])) if match["yrd"] else month_of(year, month)


def _with_year(match: re.Match[str]) -> Period | None:
    year = _year(match["y"])
    if year not in YEARS:
        return None
    if match["ym"] is None:
        return year_of(year)
    month = _value(match["ym"])
    if match["yd"] is None:
        return month_of(year, month)
    return days_of(year, month, _value(match["yd"]), _value(match["yl"]) if match["yl"] else None)


def _weekday(match: re.Match[str], today: Today, ahead: Callable[[], bool]) -> Period:
    if match["lzd"]:
        sign = match["lzd"].replace("天", "日")
        return today.weekday_of_week(_WEEKDAYS[2].index(sign), {"上": -1, "下": 1}.get(match["lz"], 0))
    if match["lwko"]:
        shift = {"지난": -1, "이번": 0, "다음": 1}.get(match["lw"], 0)
        return today.weekday(_WEEKDAYS[0].index(match["lwko"]), shift, ahead=False)
    sign = match["wko"] or match["wja"] or match["wzh"].replace("天", "日")
    number = next(week.index(sign) for week in _WEEKDAYS if sign in week)
    if match["rw"]:
        return today.weekday_of_week(number, _shift(match["rw"])[1])
    return today.weekday(number, None, ahead=ahead())


def _shift(word: str) -> tuple[str, int]:
    return _shifts()[word.replace(" ", "")]


def _year(digits: str) -> int:
    return int(digits) if digits.isdecimal() else int("".join(str(_DIGITS[sign]) for sign in digits))


def _value(digits: str) -> int:
    """The number of a day or month: 23, 二十三, 十."""
    if digits.isdecimal():
        return int(digits)
    tens, ten, ones = digits.rpartition("十")
    if not ten:
        return int("".join(str(_DIGITS[sign]) for sign in digits))
    return (_DIGITS.get(tens[-1:], 1) if tens else 1) * 10 + (_DIGITS.get(ones[:1], 0) if ones else 0)
