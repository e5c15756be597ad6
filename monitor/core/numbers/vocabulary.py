"""What a language's words of number are, and how its compounds are put together."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING

from monitor.core.text import fold_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Part(Enum):
    """What a word does to the number that it stands in."""

    ADD = auto()  # twenty, five, двести
    HUNDRED = auto()  # two *hundred*
    SCALE = auto()  # two *thousand*
    SET = auto()  # two *dozen*, une *vingtaine*
    HALF = auto()  # *half* a million, два с *половиной*
    TENFOLD = auto()  # hai *mươi*


@dataclass(frozen=True, slots=True)
class Sense:
    """What a word means in one language.

    Attributes:
        language: the language.
        part: what it does.
        value: how much it stands for.
        alone: whether it counts once where no number stands before it: `тысяча`, `mille`, but no `thousand`.
        doubtful: whether it is a common word of another language, or another word of its own, so that it counts only
            in a text of its language, or beside other words of number.
        attached: whether it is joined to the word before it by a letter: Arabic `وعشرون`.
        written: how it must be written, if folding makes it another word: Vietnamese `sáu`, not `sau`.
    """

    language: str
    part: Part
    value: float
    alone: bool = False
    doubtful: bool = False
    attached: bool = False
    written: str = ""


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The words of number of a language, as written; spellings of one word are divided by `/`.

    A `~` behind a word says that it is doubtful (see `Sense`), and a dot stands for a word that is left out, because
    it is the article, too.

    Attributes:
        language: ISO 639-1.
        small: one, two, three … nineteen, in order.
        tens: twenty, thirty … ninety.
        hundreds: hundred; then two hundred … nine hundred, where these are words of their own.
        scales: thousand and above, by value.
        sets: words of more than one that take an article: dozen.
        alone: of these, the words that mean one hundred, one thousand … by themselves.
        half: a half.
        more: any other words, by value.
        tenfold: a word that makes tens of the number before it.
        and_: what may stand between the words of one number.
        one: the articles that may stand before a hundred, a thousand or a dozen.
        atoms: parts of compounds that are no words: `ein=1`; one with an `x` multiplies what stands before it.
        plain: whether compounds are put together of all words, or of the atoms alone.
        teens: whether eleven is `ten one`.
        tones: whether its doubtful words must be written with their marks.
        attached: a letter that joins a word to the one before.
    """

    language: str = field(kw_only=False)
    small: str
    tens: str
    hundreds: str
    scales: Mapping[float, str]
    sets: Mapping[float, str] = field(default_factory=dict)
    alone: str = ""
    half: str = ""
    more: Mapping[float, str] = field(default_factory=dict)
    tenfold: str = ""
    and_: str = ""
    one: str = ""
    atoms: str = ""
    plain: bool = False
    teens: bool = False
    tones: bool = False
    attached: str = ""

    def words(self) -> Iterator[tuple[str, Sense]]:
        """Every word, folded, with what it means."""
        alone = set(self.alone.replace("~", "").split("/"))
        hundreds = self.hundreds.split()
        listed = [
            *((Part.ADD, value, word) for value, word in enumerate(self.small.split(), 1)),
            *((Part.ADD, 10 * tens, word) for tens, word in enumerate(self.tens.split(), 2)),
            *((Part.HUNDRED, 100, word) for word in hundreds[:1]),
            *((Part.ADD, 100 * number, word) for number, word in enumerate(hundreds[1:], 2)),
            *((Part.SCALE, scale, word) for scale, word in self.scales.items()),
            *((Part.SET, value, word) for value, word in self.sets.items()),
            *((Part.ADD, value, word) for value, word in self.more.items()),
            (Part.HALF, 0.5, self.half),
            (Part.TENFOLD, 10, self.tenfold),
        ]
        for part, value, spellings in listed:
            for spelling in filter(None, spellings.split("/")):
                word = spelling.rstrip("~")
                if word != ".":
                    doubtful = spelling.endswith("~")
                    written = word if self.tones and doubtful else ""
                    yield (
                        fold_text(word),
                        Sense(self.language, part, value, word in alone, doubtful, written=written),
                    )

    def pieces(self) -> dict[str, Sense]:
        """The parts of compounds, folded; none if the language writes its numbers apart."""
        if not self.atoms:
            return {}
        found = {}
        if self.plain:
            found = {word: sense for word, sense in self.words() if sense.value <= 1000}  # noqa: PLR2004  so far
        for atom in self.atoms.split():
            spellings, value = atom.split("=")
            part = _ATOMS.get(value, Part.ADD)
            for spelling in spellings.split("/"):
                found[fold_text(spelling)] = Sense(self.language, part, float(value.rstrip("x")))
        return found

    @property
    def joints(self) -> frozenset[str]:
        """What may stand between two words of one number, folded."""
        ands = [fold_text(word) for word in self.and_.split("/") if word]
        spaced = {f"{gap}{word}{gap}" for word in ands for gap in " -"}
        articles = {fold_text(word) for word in self.one.split("/") if word}
        halves = {f" {word} {article} " for word in ands for article in articles}
        return frozenset({" ", "-", *spaced, *halves, *(f" {article} " for article in articles)})

    @property
    def one_more(self) -> re.Pattern[str]:
        """How one is added to tens or hundreds, where it is an article, too."""
        ands, ones = (fold_text(words).replace("/", "|") for words in (self.and_, self.one))
        return re.compile(
            rf"[\s-](?:{ands})[\s-](?:{ones})(?![^\W_])"
            if ands and ones and self.small.startswith(".")
            else r"(?!)"
        )


_ATOMS = {
    "1000000x": Part.SCALE,
    "10x": Part.TENFOLD,
    "100": Part.HUNDRED,
    "100x": Part.HUNDRED,
    "1000": Part.SCALE,
    "1000x": Part.SCALE,
}
