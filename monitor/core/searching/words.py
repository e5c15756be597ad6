"""The words under which an article stands in the index.

They are cut out of the folded text that the engine of the rules looks at, where that engine sees boundaries: runs of
letters and digits of scripts that write spaces; of the other scripts each sign, and each two that stand side by side.
"""

from __future__ import annotations

import re
import unicodedata
from importlib.metadata import version
from operator import add
from typing import TYPE_CHECKING

from monitor.core.text import LETTER, UNSPACED, fold_text, is_unspaced

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MADE_BY = f"1 unicode-{unicodedata.unidata_version} opencc-{version('opencc')}"
"""How the words are made: 1, raised with every change of this file or of the folding, and what folding relies on."""

LONGEST = 40
"""Letters of a word that are kept; who looks for more finds all words that begin so."""

_RUN = re.compile(f"{LETTER}+|[{UNSPACED}]+")
_SIGNS = re.compile(f"[{UNSPACED}]+")
_WORD = re.compile(f"{LETTER}+")
_SPACED_WORD = re.compile(r"[^\W_]+")  # the same where no sign of the other scripts stands, in half the time
_NAME = re.compile(r"[^\w-]")


def runs(folded: str) -> Iterator[tuple[int, str]]:
    """The runs of letters, and those of signs that no space divides, with their places in the folded text."""
    for match in _RUN.finditer(folded):
        yield match.start(), match.group()


def signs(run: str) -> Iterator[str]:
    """What a run of signs is found by: its pairs, or itself if it is a single one."""
    if len(run) == 1:
        yield run
    for at in range(len(run) - 1):
        yield run[at : at + 2]


def spaced_words(title: str, text: str) -> tuple[set[str], set[str]]:
    """The words of scripts that write spaces, and the signs and pairs of signs of the others."""
    whole = f"{fold_text(title)}\n{fold_text(text)}"
    found: set[str] = set()
    if whole.isascii() or not is_unspaced(whole):
        words = set(_SPACED_WORD.findall(whole))
    else:
        words = set(_WORD.findall(whole))
        runs = set(_SIGNS.findall(whole))
        found.update("".join(runs))
        for run in runs:
            found.update(map(add, run, run[1:]))
    for word in [word for word in words if len(word) > LONGEST]:
        words.remove(word)
        words.add(word[:LONGEST])
    return words, found


def language_word(language: str | None) -> str:
    """Under which word articles in the language stand; no word of a text holds its sign."""
    return f"lang={_NAME.sub('_', language or '')}"


def source_word(source: str) -> str:
    """Under which word the articles of a source stand. Two sources may share one."""
    return f"source={_NAME.sub('_', source)[:LONGEST]}"


def joined(words: Iterable[str]) -> str:
    """The words as the index takes them."""
    return " ".join(words)
