"""Numbers in digits: `10.000`, `10,000`, `10 000`, `1.5`, `500K`, and digits that are no number."""

from __future__ import annotations

import re
import unicodedata

from monitor.core.text import LETTER

_YEARS = range(1900, 2101)
MOST_DIGITS = 15  # longer rows of digits are keys and noise, and no float keeps them

# Not within a name (KN-23), a version or an address (1.2.3.4), a time (10:30), a date (5/10) or a telephone number
# (+82 2). Arabic joins short words to a number.
PLAIN = (
    rf"(?:(?<![.,:/+#§№_])(?<!{LETTER})|(?<=[وبلف]))(?<![^\W\d]-)(?<![^\W\d]\.)"
    r"(?:\d{1,3}(?P<sep>[.,'٬\s])\d{3}(?:(?P=sep)\d{3})*(?:[.,]\d{1,2})?|\d+(?:[.,٫]\d{1,2})?)(?![.,:/]?\d)"
)
_GROUPED = re.compile(r"\d{1,3}(?:([.,'٬\s])\d{3})(?:\1\d{3})*(?:([.,])\d{1,2})?")
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{3}){3}")
_SUFFIX = re.compile(r"(k|m|mm|mn|bn|b)(?![^\W_])")
_SUFFIXES = {"k": 1e3, "m": 1e6, "mm": 1e6, "mn": 1e6, "bn": 1e9, "b": 1e9}


def plain_value(surface: str) -> float:
    """`10.000`, `10,000`, `10 000` and `1.5`: three digits behind the mark make it a separator."""
    digits = "".join(str(unicodedata.digit(char)) if char.isdigit() else char for char in surface)
    digits = digits.replace("٫", ".")
    if grouped := _GROUPED.fullmatch(digits):
        mark = grouped.group(2)
        whole, _, rest = digits.rpartition(mark) if mark else (digits, "", "")
        return float(re.sub(r"\D", "", whole) + (f".{rest}" if rest else ""))
    return float(digits.replace(",", "."))


def is_no_number(surface: str) -> bool:
    """Whether the digits rather are a year, a key, an address or the number of a telephone or a room."""
    digits = sum(map(str.isdigit, surface))
    if digits > MOST_DIGITS or _ADDRESS.fullmatch(surface):
        return True
    return surface[0] == "0" and digits > 1 and surface[1] not in ".,٫"


def is_year(surface: str) -> bool:
    """Whether the digits may be a year."""
    return len(surface) == 4 and surface.isdigit() and int(surface) in _YEARS  # noqa: PLR2004  digits of a year


def suffix(text: str, original: str, end: int, *, money: bool) -> tuple[float, int]:
    """The factor of a letter that is glued to the digits, `500K` or `$540m`, and where it ends.

    Args:
        text: the folded text.
        original: the letter as written.
        end: where the digits end.
        money: whether a currency stands before them; elsewhere an `m` rather is a metre.
    """
    match = _SUFFIX.match(text, end)
    if match is None:
        return 1, end
    letters = match.group()
    if letters in {"m", "b", "mm"} and not money and not original.isupper():
        return 1, end
    return _SUFFIXES[letters], match.end()
