"""Numbers in Chinese, Japanese and Korean: `1만2천`, `1万2000`, `一万二千人`, `이천 명`, `두 척`.

They count in powers of ten up to a thousand, and above in powers of ten thousand. A numeral without any Arabic digit
is read only where a word that counts things follows, or where it can be nothing else: 一 and 이 are in every other
sentence.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from monitor.core.numbers.digits import plain_value

SMALL = {"십": 10, "백": 100, "천": 1000, "十": 10, "百": 100, "千": 1000}
LARGE = {"만": 1e4, "万": 1e4, "萬": 1e4, "억": 1e8, "億": 1e8, "亿": 1e8, "조": 1e12, "兆": 1e12}
_HAN = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_HANGUL = {sign: value for value, sign in enumerate("영일이삼사오육칠팔구")}
_ONES = _HAN | _HANGUL
_NATIVE_TENS = {
    "열": 10, "스물": 20, "스무": 20, "서른": 30, "마흔": 40, "쉰": 50, "예순": 60, "일흔": 70, "여든": 80,
    "아흔": 90,
}  # fmt: skip
_NATIVE = {"한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9}

COUNTERS = (
    "명|사람|인분|인|척|대|발|기|개|문|정|량|톤|마리|자루|달러"
    "|人|名|位|艘|只|隻|枚|发|発|辆|両|架|门|門|座|台|条|本|根|吨|件|箱|桶|匹|个|個|颗|挺"
)
"""What stands between a number and the thing: each kind of thing is counted by a word of its own."""

_POWERS = "".join(SMALL) + "".join(LARGE)
_ODD = "여余餘多"  # "and a little more", within a number or behind it
MIXED = rf"\d[\d,.]*\s?[{_ODD}]?\s?[{_POWERS}]+(?:\s?\d[\d,.]*\s?[{_ODD}]?[{_POWERS}]+)*(?:\s?\d[\d,]*)?"
HAN = f"[{''.join(_HAN)}十百千万萬億亿兆]+[{_ODD}]?[万萬億亿]?"
_HANGUL_SIGNS = f"[{''.join(_HANGUL)}십백천만억]"
HANGUL = f"(?<![가-힣]){_HANGUL_SIGNS}{{1,12}}(?:\\s{_HANGUL_SIGNS}{{1,12}}){{0,3}}(?=여?\\s?(?:{COUNTERS}))"
NATIVE = (
    rf"(?<![가-힣])(?:(?:{'|'.join(_NATIVE_TENS)})(?:{'|'.join(_NATIVE)})?|{'|'.join(_NATIVE)})"
    rf"(?=여?\s?(?:{COUNTERS}))"
)
_PART = re.compile(rf"(\d[\d,.]*)|([{''.join(_ONES)}])|([{_POWERS}])")
_COUNTED = re.compile(rf"[{_ODD}]?\s?(?:{COUNTERS})")
_VAGUE = frozenset("数數几幾何第若")  # some thousands, the eleventh


class Eastern(NamedTuple):
    """A numeral: what it amounts to, where it ends, the last power of ten in it, and whether it says "and more"."""

    value: float
    end: int
    scale: float
    more: bool


def read(text: str, start: int, end: int) -> Eastern | None:
    """What stands there, which one of the patterns has found; None if it is no number, or not a certain one."""
    surface = text[start:end]
    before = text[start - 1] if start else ""
    if before in _VAGUE:
        return None
    if surface[0] in "열스서마쉰예일여아한두세네다육칠팔" and (native := _native(surface)):
        return Eastern(native, end, 1, more=False)
    if not surface[0].isdigit() and not _is_certain(text, surface, end):
        return None
    return _sum(surface, end)


def _is_certain(text: str, surface: str, end: int) -> bool:
    if len(surface) > 1 and any(sign in _POWERS for sign in surface) and surface != "万一":
        return True
    return _COUNTED.match(text, end) is not None


def _native(surface: str) -> int:
    tens = next((word for word in _NATIVE_TENS if surface.startswith(word)), "")
    rest = surface.removeprefix(tens)
    if rest and rest not in _NATIVE:
        return 0
    return _NATIVE_TENS.get(tens, 0) + _NATIVE.get(rest, 0)


def _sum(surface: str, end: int) -> Eastern | None:
    total = section = current = 0.0
    pending = False  # a digit waits for its power of ten
    last = 1.0
    for part in _PART.finditer(surface):
        digits, sign, power = part.groups()
        if digits:
            current = plain_value(digits.rstrip(".,"))
            if current >= last > 1:  # another number follows: "2천 2025"
                return Eastern(total + section, end - len(surface) + part.start(), last, more=False)
            pending = True
        elif sign:
            if pending:
                return None  # 二〇二五, 三四百: a year, or "three to four hundred"
            current, pending = float(_ONES[sign]), sign not in "零〇"
        elif power in SMALL:
            section += (current if pending else 1) * SMALL[power]
            current, pending, last = 0.0, False, SMALL[power]
        else:
            total += ((section + current) or 1) * LARGE[power]
            section, current, pending, last = 0.0, 0.0, False, LARGE[power]
    value = total + section + current
    return Eastern(value, end, last if not pending else 1, more=surface[-1] in _ODD or _has_odd(surface))


def _has_odd(surface: str) -> bool:
    return any(sign in surface for sign in _ODD)
