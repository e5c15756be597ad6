"""Folding of text for comparison, and its division into sentences and words.

Folding makes texts comparable without losing the way back: every character of the folded text knows where it stood
in the original, so evidence can be cut out of the stored text.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any

from opencc import OpenCC

# Characters that are written but not read: soft hyphen, zero-width spaces and joiners, directional marks, Arabic
# vowel signs and tatweel.
_SILENT = (
    "\u00ad\u0640\u064b-\u065f\u0670\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"
)
# Characters that join the one before them: combining marks, kana voice marks, conjoining Hangul vowels and finals.
_JOINING = "\u0300-\u036f\u3099\u309a\uff9e\uff9f\u1160-\u11ff"
_NEVER_READ = re.compile(f"[{_SILENT}]")
_MARKS = re.compile("[\u0300-\u036f]")
_UNEVEN = re.compile(f"[{_SILENT}{_JOINING}]+")
_CLUSTER = re.compile(f"[^{_SILENT}{_JOINING}][{_JOINING}]*|[{_JOINING}]+")

_STRAIGHT = str.maketrans({**dict.fromkeys("’‘ʼ`´‛ʹ＇", "'"), **dict.fromkeys("‐‑‒–—―−－", "-")})
# Folded by meaning rather than by decomposition.
_ALIKE = _STRAIGHT | str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        "ё": "е", "ς": "σ", "ł": "l", "ø": "o", "đ": "d", "ı": "i", "ى": "ي", "ة": "ه",
    },
)  # fmt: skip

# Scripts that write no space between words, and Korean, whose particles stick to the word.
UNSPACED = (
    "\u0e00-\u0eff\u1100-\u11ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
)
SPACED = "\u0e00"
"""Every sign before this one belongs to a script that writes spaces."""
LETTER = f"[^\\W_{UNSPACED}]"
"""A letter or digit of a script that writes spaces, so that a word of it ends before a sign of any other."""
ENDING = re.compile(f"{LETTER}*")
"""The letters that a word goes on by."""
_HAS_UNSPACED = re.compile(f"[{UNSPACED}]")
# Two signs of such a script say about as much as one word.
_WORD = re.compile(f"[{UNSPACED}]{{1,2}}|[^\\W{UNSPACED}]+")

# Folding has made ！ and ？ narrow: before a sign of a script without spaces they end a sentence all the same. A run
# of marks is tried from its beginning only, so that a line of a hundred thousand dots takes linear time.
_SENTENCE_END = re.compile(
    r"(?<![.!?…؟])[.!?…؟]++[\"'»”’)\]]*+\s+"
    rf"|(?<![!?])[!?]++[」』”)]*+(?=[「『{UNSPACED}])|[。।۔]+[」』”)]*\s*|\n+"
)
_MARK = re.compile(r"[.!?…؟。।۔\n]")
_LAST_WORD = re.compile(r"\w+$")
# Short words with a dot that stand before names and figures, or between figures and what they count.
_SHORTENED = frozenset(
    {"тыс", "тис", "млн", "млрд", "tys", "tis", "mln", "mld", "mrd", "mio", "gen", "col", "sgt", "sen", "rep"}
    | {"gov", "prof", "mrs", "ген", "проф", "vs", "им", "ул", "пр", "св", "im", "tj", "np", "tsd", "tukst"}
)
_LONGEST_SHORTENED = max(map(len, _SHORTENED))

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_TONES = ("\u0300", "\u0301", "\u0303", "\u0309", "\u0323", "")  # of Vietnamese vowels
# What the code pages lack and their texts hold all the same: other spaces, hyphens and letters of foreign names.
_GUESTS = "\u2009\u202f\u2010\u2011\u2212\u2032" + "čćšžřěğışłńśęąőē"
_NO_CONTROLS = dict.fromkeys(range(127, 160))


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


class _Fold(dict[int, str]):
    """A translation table that works out each character the first time it is met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if "\ud800" <= char <= "\udfff":
            return self.setdefault(code, "\ufffd")  # half a surrogate pair: no text, as in the history
        if char == "İ":
            return self.setdefault(code, "i")  # its lower case is a letter with a mark
        folded = unicodedata.normalize("NFKC", char)
        folded = folded if len(folded) == 1 else char
        folded = (folded.lower() if len(folded.lower()) == 1 else folded).translate(_ALIKE)
        if _HAN.match(folded):
            simple = _simplifier().convert(_simplifier().convert(folded))  # one sign needs two steps
            folded = simple if len(simple) == 1 else folded
        apart = unicodedata.normalize("NFD", folded)
        if apart[0].isascii() and all(map(unicodedata.combining, apart[1:])):
            folded = apart[0]  # é -> e; Cyrillic й and kana が keep their marks, which change the letter
        self[code] = folded
        return folded


_FOLD = _Fold()


@dataclass(frozen=True)
class Folded:
    """A text made comparable.

    Attributes:
        text: the folded text.
        original: the text it was made of.
        offsets: for each folded character, and for the end, its place in the original; None where they are equal.
    """

    text: str
    original: str
    offsets: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original of `text[start:end]`, which is not empty: whole letters with their marks."""
        if self.offsets is None:
            return start, end
        # A letter whose parts did not compose is several characters that stand at one place.
        after = bisect_right(self.offsets, self.offsets[end - 1])
        return self.offsets[start], self.offsets[min(after, len(self.text))]

    @cached_property
    def sentences(self) -> tuple[int, ...]:
        """Where each sentence begins."""
        return tuple(_sentence_starts(self))

    @cached_property
    def words(self) -> tuple[int, ...]:
        """Where each word begins; two signs of a script without spaces count as a word."""
        return tuple([match.start() for match in _WORD.finditer(self.text)])

    def sentence_at(self, offset: int) -> int:
        """The number of the sentence in which the character stands, from 0."""
        return bisect_right(self.sentences, offset) - 1

    def word_at(self, offset: int) -> int:
        """The number of words that begin at or before the character."""
        return bisect_right(self.words, offset)


_LONG = 64  # characters of a text that is worth remembering
_LATELY = 4  # texts: a title and what stands below it, before and after they changed


def fold(text: str) -> Folded:
    """Fold case, width, Latin accents, apostrophes, hyphens and Chinese variants, and drop what is not read."""
    return _folded(text) if len(text) < _LONG else _remembered(text)


def _folded(text: str) -> Folded:
    if not _UNEVEN.search(text):
        return Folded(_fold_evenly(text), text)
    letters: list[str] = []
    offsets: list[int] = []
    done = 0
    for run in _UNEVEN.finditer(text):
        start = max(run.start() - 1, done)  # the letter that is joined
        letters.append(_fold_evenly(text[done:start]))
        offsets.extend(range(done, start))
        done = run.end()
        _fold_clusters(text, start, done, letters, offsets)
    letters.append(_fold_evenly(text[done:]))
    offsets.extend(range(done, len(text) + 1))
    return Folded("".join(letters), text, tuple(offsets))


# What an article says is asked for by its rules, its index and what was known of its page.
_remembered = lru_cache(_LATELY)(_folded)


def _fold_clusters(text: str, start: int, end: int, letters: list[str], offsets: list[int]) -> None:
    """Fold letters together with what joins them."""
    for cluster in _CLUSTER.finditer(text, start, end):
        # Half-width kana compose only after they were widened. What still is a mark after composing changes no
        # letter, like the stress marks of Russian dictionaries.
        composed = unicodedata.normalize("NFC", cluster.group().translate(_FOLD))
        composed = _MARKS.sub("", composed).translate(_FOLD)
        letters.append(composed)
        offsets.extend([cluster.start()] * len(composed))


def _fold_evenly(text: str) -> str:
    """Fold character by character."""
    if text.isascii():
        return text.lower().replace("`", "'")
    for letters, folded in _alphabets():
        try:
            return codecs.charmap_decode(codecs.charmap_encode(text, "strict", letters)[0], "strict", folded)[
                0
            ]
        except UnicodeEncodeError:
            continue
    return text.translate(_FOLD)


@cache
def _alphabets() -> tuple[tuple[Any, str], ...]:
    """Sets of 256 letters each, as a codec knows them, with what they fold to.

    Through them a text whose letters are all in one set is folded several times as fast as by a table.
    """
    pages = [
        bytes(range(256)).decode(f"cp{number}", "ignore") for number in (1252, 1251, 1250, 1257, 1253, 1256)
    ]
    toned = unicodedata.normalize(
        "NFC", "".join(f"{vowel}{tone}" for vowel in "aăâeêioôơuưy" for tone in _TONES)
    )
    pages.append(f"{pages[0][:128]}đĐ{toned}{toned.upper()}“”‘’–—…\xa0«»")
    found = []
    for page in pages:
        letters = [letter for letter in dict.fromkeys(page + _GUESTS) if letter in "\t\n\r" or letter >= " "]
        table = ("\0" + "".join(letters).translate(_NO_CONTROLS))[:256].ljust(256, "\ufffe")
        found.append((codecs.charmap_build(table), table.translate(_FOLD)))
    return tuple(found)


def fold_text(text: str) -> str:
    """The folded text alone."""
    return fold(text).text


def as_written(text: str) -> str:
    """The text as its author meant it, case and accents included: without what is not read, in one width.

    Apostrophes and hyphens are of one kind each.
    """
    return unicodedata.normalize("NFKC", _NEVER_READ.sub("", text)).translate(_STRAIGHT)


def width(text: str) -> int:
    """Columns that the text takes: Chinese and Japanese say in one character what others say in two or three."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def is_unspaced(text: str) -> bool:
    """Whether the text holds signs of a script that writes no spaces between words (Korean included)."""
    return _HAS_UNSPACED.search(text) is not None


def is_letter(sign: str) -> bool:
    """Whether one sign is a `LETTER`."""
    return sign.isalnum() and (sign < SPACED or not is_unspaced(sign))


def letter_end(text: str, at: int) -> int:
    """`at`, or further on if combining marks or joined parts of the letter before it follow."""
    while at < len(text) and (unicodedata.category(text[at]).startswith("M") or text[at] == "\u200d"):
        at += 1
    return at


def _sentence_starts(folded: Folded) -> list[int]:
    text = folded.text
    starts = [0]
    done = 0
    # Looking for the marks alone is several times as fast as trying the whole pattern at every character.
    for mark in _MARK.finditer(text):
        end = _SENTENCE_END.match(text, mark.start()) if mark.start() >= done else None
        if end is None:
            continue
        done = end.end()
        # A dot behind a long word, as most are, shortens nothing.
        before = text[max(0, mark.start() - _LONGEST_SHORTENED - 1) : mark.start()]
        is_long = len(before) > _LONGEST_SHORTENED and before.isalpha()
        if mark.group() == "." and not is_long and _is_abbreviation(folded, mark.start(), done):
            continue
        if done < len(text):
            starts.append(done)
    return starts


def _is_abbreviation(folded: Folded, dot: int, after: int) -> bool:
    """Whether the dot rather shortens a word (`Nr.`, `тыс.`) or counts (`8. Oktober`) than ends a sentence."""
    word = _LAST_WORD.search(folded.text, max(0, dot - 30), dot)
    if word is None or "\n" in folded.text[dot:after]:
        return False
    last = word.group()
    if last.isdigit():
        return len(last) < 4  # noqa: PLR2004  a year may end a sentence
    if last in _SHORTENED or len(last) == 1:
        return not is_unspaced(last)
    if len(last) > 2 or is_unspaced(last):  # noqa: PLR2004  "gab", "дал" end sentences
        return False
    # "Nr. 2", "ст. 5", "St. Petersburg" are no ends; "denied it. Russia", "griff an. Kim" are.
    if after == len(folded.text):
        return False
    written, following = (folded.original[folded.span(at, at + 1)[0]] for at in (word.start(), after))
    return not (written.islower() and following.isupper())
