"""Numbers as news writes them: `10.000`, `10 тыс.`, `1만2천`, `1万2000`, `1.2 million`.

The multiplying words are those of the languages that news on any topic comes in; nothing here depends on a topic.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.core.text import fold_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_WORDS: Mapping[float, str] = {
    1e3: "thousand tausend mille mila mil тыс тысяча тысячи тысяч тис тисяча тисячі тисяч tys tysiąc tysiące"
    " tysięcy tisíc tisíce bin nghìn ngàn duizend mii ألف آلاف الف",
    1e6: "million millions millionen mio mln млн миллион миллиона миллионов мільйон мільйони мільйонів"
    " millón millones milione milioni milion miliony milionów milión miliónů milyon triệu milhão milhões miljoen"
    " milioane مليون ملايين",
    1e9: "billion billions bn milliarde milliarden mrd milliard milliards mld млрд миллиард миллиарда"
    " миллиардов мільярд мільярди мільярдів miliardo miliardi miliard miliardy miliardów milyar tỷ miljard"
    " miliarde مليار مليارات",
}
_MULTIPLIERS = {fold_text(word): factor for factor, words in _WORDS.items() for word in words.split()}

# "a million": the singular alone, since "millions" says nothing exact.
_ONE = "one a an eine einer eines un une una uno um jeden один одного"
_SINGLE = re.compile(
    rf"(?<!\w)(?:{'|'.join(_ONE.split())})\s(million|milliarde|billion|milliard|millon|milione|milhao|milion"
    r"|миллион|миллиона|мільйон|миллиард|мільярд)(?!\w)"
)

# Chinese, Japanese and Korean count in powers of ten up to a thousand, and above in powers of ten thousand.
_SMALL = {"십": 10, "백": 100, "천": 1000, "十": 10, "百": 100, "千": 1000}
_LARGE = {"만": 1e4, "万": 1e4, "萬": 1e4, "억": 1e8, "億": 1e8, "亿": 1e8, "조": 1e12, "兆": 1e12}
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}

_PLAIN = r"\d{1,3}(?:(?P<sep>[.,'\s])\d{3})(?:(?P=sep)\d{3})*(?![\d])|\d+(?:[.,]\d{1,2})?(?![.,]?\d)"
_SIGNS = "".join(_SMALL) + "".join(_LARGE)
_EASTERN = rf"(?<![\d.,])(?:\d[\d,.]*\s?[{_SIGNS}]+\s?)+(?:\d[\d,]*)?|[{''.join(_DIGITS)}{_SIGNS}]{{2,}}"
# Not within a name (KN-23), a version or an address (1.2.3.4).
_NUMBER = re.compile(rf"(?:{_EASTERN})|(?<![\w.,])(?<![^\W\d]-)(?:{_PLAIN})")
_MOST_DIGITS = 15  # longer rows of digits are keys and noise, and no float keeps them
_AFTER = re.compile(r"[\s-]?([^\W\d_]+)\.?")
_EASTERN_PART = re.compile(rf"(\d[\d,.]*)|([{''.join(_DIGITS)}])|([{_SIGNS}])")
_YEARS = range(1900, 2101)


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a folded text and what it amounts to."""

    value: float
    start: int
    end: int


def numbers(text: str) -> Iterator[Number]:
    """Every number of a folded text that may count something; bare years are left out."""
    for match in _SINGLE.finditer(text):
        yield Number(_MULTIPLIERS[match.group(1)], match.start(), match.end())
    for match in _NUMBER.finditer(text):
        surface = match.group().rstrip()
        if sum(map(str.isdigit, surface)) > _MOST_DIGITS:
            continue
        start, end = match.start(), match.start() + len(surface)
        if any(sign in _SMALL or sign in _LARGE or sign in _DIGITS for sign in surface):
            value = _eastern(surface)
        else:
            value = _plain(surface)
            if (word := _AFTER.match(text, end)) and (factor := _MULTIPLIERS.get(word.group(1))):
                value, end = value * factor, word.end()
            elif surface.isdigit() and int(surface) in _YEARS and len(surface) == 4:  # noqa: PLR2004  a year
                continue
        if value > 0:
            yield Number(value, start, end)


def _plain(surface: str) -> float:
    """`10.000`, `10,000`, `10 000` and `1.5`: three digits behind the mark make it a separator."""
    digits = "".join(str(unicodedata.digit(char)) if char.isdigit() else char for char in surface)
    if re.fullmatch(r"\d{1,3}(?:[.,'\s]\d{3})+", digits):
        return float(re.sub(r"\D", "", digits))
    return float(digits.replace(",", "."))


def _eastern(surface: str) -> float:
    """`1만2천`, `1万2000`, `3億5000万`, `一万二千`."""
    total = section = current = 0.0
    pending = False  # a digit waits for its power of ten
    for digits, sign, power in _EASTERN_PART.findall(surface):
        if digits:
            current, pending = _plain(digits.rstrip(".,")), True
        elif sign:
            current, pending = float(_DIGITS[sign]), True
        elif power in _SMALL:
            section += (current if pending else 1) * _SMALL[power]
            current, pending = 0.0, False
        else:
            total += ((section + current) or 1) * _LARGE[power]
            section, current, pending = 0.0, 0.0, False
    return total + section + current
